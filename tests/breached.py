"""A warehouse whose rows break its contract in one place, while its manifests know the files as they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.model.contract import Contract, form_of
from pipeline.store import parquet
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import digest_of
from pipeline.store.warehouse import Warehouse

Rows = list[dict[str, Any]]


def rewrite(
    warehouse: Warehouse,
    contract: Contract,
    day: date,
    change: Callable[[Rows], object],
    **types: pa.DataType,
) -> None:
    """Write a partition again with rows that `change` changed in place, and `types` for some columns."""
    assert isinstance(warehouse.storage, LocalStorage)
    path = warehouse.storage.root / warehouse.path(contract, day)
    found = pq.read_table(path, partitioning=None)
    rows = found.to_pylist()
    change(rows)
    fields = [f.with_nullable(True).with_type(types.get(f.name, f.type)) for f in found.schema]
    table = pa.Table.from_pylist(rows, schema=pa.schema(fields, found.schema.metadata))
    path.unlink()
    pq.write_table(table, path, row_group_size=2)
    manifest = warehouse.manifest(contract, day)
    assert manifest is not None
    with path.open("rb") as source:
        of_bytes = digest_of(source)
    said = {"digest": parquet.digest(table), "form": form_of(table.schema), "n_rows": len(rows)}
    version = warehouse.version(contract, day)
    warehouse.note(contract, day, replace(manifest, version=version, bytes_digest=of_bytes, **said))


def every(**values: Any) -> Callable[[Rows], object]:
    """Set columns of each row; a value may be a function of the row."""
    return lambda rows: [
        row.update({name: value(row) if callable(value) else value for name, value in values.items()})
        for row in rows
    ]


def of_first(**values: Any) -> Callable[[Rows], object]:
    """Set columns of the first row."""
    return lambda rows: every(**values)(rows[:1])


def of_last(**values: Any) -> Callable[[Rows], object]:
    """Set columns of the last row: an id there that sorts last leaves the order as it is."""
    return lambda rows: every(**values)(rows[-1:])
