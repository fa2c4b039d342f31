"""Published tables as Iceberg tables, for readers that want one snapshot of many days, or yesterday's.

    <warehouse>/_meta/iceberg/catalog.db                                       the SQL catalog (SQLite)
    <warehouse>/_meta/iceberg/data/<table>/day=YYYY-MM-DD/<digest>-<version>.parquet   hard links to published files
    <warehouse>/_meta/iceberg/tables/<table>/                                Iceberg's own metadata

A published file is replaced, never written into: a hard link keeps what it was, at no cost as long as it stands.
Each export makes at most one snapshot a table; in it, days whose rows changed are replaced and the others stay. The journals (`changes`,
`harvest`) are left out: of the first Iceberg has its own, its snapshots; the second is about sources, not news.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.model.contract import Contract
from pipeline.model.days import days_among
from pipeline.model.errors import ContractError, MissingInputError, PublishError, SettingsError
from pipeline.model.extras import install_command
from pipeline.model.tables import PUBLISHED
from pipeline.store import layout, parquet
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

NAME = "newsfold"  # of the catalog, and of the namespace in it


@dataclass(frozen=True)
class Exported:
    """What an export did to one table: the days that it replaced, and the snapshot that now is the current one."""

    table: str
    days: tuple[date, ...]
    n_files: int
    snapshot: int | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "table": f"{NAME}.{self.table}",
            "days": list(self.days),
            "files": self.n_files,
            "snapshot": self.snapshot,
        }


def catalog_uri(warehouse: Warehouse) -> str:
    """Where the catalog is, as `load_catalog(…, type="sql", uri=…)` takes it."""
    return f"sqlite:///{_root(warehouse) / layout.ICEBERG / 'catalog.db'}"


def export(warehouse: Warehouse) -> list[Exported]:
    """Bring the Iceberg tables up to date with the published ones; days that have not changed are left alone.

    Raises SettingsError without pyiceberg or for a warehouse in a bucket, MissingInputError when nothing is published.
    """
    root = _root(warehouse)
    if not any(warehouse.days(contract) for contract in PUBLISHED):
        raise MissingInputError(f"{warehouse.storage.uri}: nothing is published there")
    with warehouse.storage.lock("iceberg/export"):
        catalog = _catalog(warehouse)
        return [_export(catalog, warehouse, root, contract) for contract in PUBLISHED]


def _root(warehouse: Warehouse) -> Path:
    if not isinstance(warehouse.storage, LocalStorage):
        raise SettingsError(f"{warehouse.storage.uri}: export-iceberg knows folders only, not buckets")
    return warehouse.storage.root


def _catalog(warehouse: Warehouse) -> Any:
    try:
        from pyiceberg.catalog.sql import SqlCatalog
    except ImportError:
        raise SettingsError(f"export-iceberg needs pyiceberg: {install_command('iceberg')}") from None
    folder = _root(warehouse) / layout.ICEBERG
    folder.mkdir(parents=True, exist_ok=True)
    catalog = SqlCatalog(NAME, uri=catalog_uri(warehouse), warehouse=_uri(folder))
    catalog.create_namespace_if_not_exists(NAME)
    return catalog


def _export(catalog: Any, warehouse: Warehouse, root: Path, contract: Contract) -> Exported:
    table = _table(catalog, root, contract)
    standing = {_day(f.file_path): f for f in _files(table)}
    wanted = {d: p for d in warehouse.days(contract) if (p := _frozen(warehouse, root, contract, d))}
    new = {d: p for d, p in wanted.items() if d not in standing or standing[d].file_path != p}
    old = [f for d, f in standing.items() if d in new or d not in wanted]
    if new or old:
        _replace(table, contract, old, [new[d] for d in sorted(new)])
    snapshot = table.current_snapshot()
    days = sorted({*new, *(_day(f.file_path) for f in old)})
    return Exported(contract.name, tuple(days), len(wanted), snapshot.snapshot_id if snapshot else None)


def _table(catalog: Any, root: Path, contract: Contract) -> Any:
    """The Iceberg table, made when it is not there; columns that the contract has meanwhile are added."""
    location = _uri(root / layout.ICEBERG / "tables" / contract.name)
    name = f"{NAME}.{contract.name}"
    if not catalog.table_exists(name):
        return _create(catalog, name, location, contract)
    table = catalog.load_table(name)
    if table.location() != location:
        raise PublishError(
            f"{root}: its Iceberg catalog was made for {table.location()}; a catalog names whole paths. "
            f"Remove {root / layout.ICEBERG} and export again"
        )
    if set(contract.names) - {field.name for field in table.schema().fields}:
        with table.update_schema() as update:
            update.union_by_name(contract.schema)
    return table


def _create(catalog: Any, name: str, location: str, contract: Contract) -> Any:
    from pyiceberg.transforms import IdentityTransform

    table = catalog.create_table(name, contract.schema, location)
    if column := next((c for c in ("first_date", "ingest_date") if c in contract.names), None):
        with table.update_spec() as update:
            update.add_field(column, IdentityTransform(), "day")
    mapping = (
        table.schema().name_mapping.model_dump_json()
    )  # the files give ids to columns, not to what is in them
    with table.transaction() as change:
        change.set_properties({"schema.name-mapping.default": mapping})
    return table


def _uri(path: Path) -> str:
    return f"file://{path}"  # not as_uri(): pyiceberg takes an escaped `=` or blank for part of the name


def _files(table: Any) -> list[Any]:
    return [task.file for task in table.scan().plan_files()]


def _day(path: str) -> date:
    return days_among([Path(path).parent.name])[0]


def _frozen(warehouse: Warehouse, root: Path, contract: Contract, day: date) -> str | None:
    """A link to the published file as it stands now, under a name that says what is in it; None for a day without rows.

    A day without a file, which a run that was killed leaves, is one without rows.
    """
    if not warehouse.has(contract, day):
        return None
    folder = root / layout.in_day(f"{layout.ICEBERG}/data/{contract.name}", day)
    folder.mkdir(parents=True, exist_ok=True)
    link = root / layout.new_staged()  # `gc` looks there
    link.parent.mkdir(parents=True, exist_ok=True)
    try:
        _link(root / warehouse.path(contract, day), link)
        n_rows, name = _identity(warehouse, contract, day, link)
        if not n_rows:
            return None
        frozen = folder / f"{name}.parquet"
        with suppress(FileExistsError):
            frozen.hardlink_to(link)
        return _uri(frozen)
    finally:
        link.unlink(missing_ok=True)


def _link(source: Path, link: Path) -> None:
    try:
        link.hardlink_to(source)
    except OSError as error:  # a file system without them
        if isinstance(error, FileNotFoundError):
            raise
        shutil.copyfile(source, link)
        with link.open("rb") as copied:
            os.fsync(copied.fileno())


def _identity(warehouse: Warehouse, contract: Contract, day: date, link: Path) -> tuple[int, str]:
    """How many rows a link's file has, and a name for them: their digest and the contract's version that wrote them."""
    manifest, root = warehouse.manifest(contract, day), _root(warehouse)
    if manifest and manifest.version == warehouse.storage.version(link.relative_to(root).as_posix()):
        return manifest.n_rows, f"{manifest.digest}-{manifest.contract_version}"
    with link.open("rb") as source:
        rows = parquet.read(source)
    return rows.num_rows, f"{parquet.digest(rows)}-{parquet.contract_version(rows.schema)}"


def _replace(table: Any, contract: Contract, old: list[Any], new: list[str]) -> None:
    """Take files out of a table and put others in, as one snapshot."""
    from pyiceberg.io.pyarrow import parquet_file_to_data_file

    try:
        with table.transaction() as change, change.update_snapshot().overwrite() as snapshot:
            for file in old:
                snapshot.delete_data_file(file)
            for path in new:
                snapshot.append_data_file(parquet_file_to_data_file(table.io, table.metadata, path))
    except (ValueError, pa.ArrowInvalid) as error:
        raise ContractError(
            f"table {contract.name}: {error}; `newsfold repair` writes days of an earlier version again"
        ) from error
