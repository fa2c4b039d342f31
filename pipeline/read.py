"""For consumers: read published tables while they are being replaced.

    from pipeline import read
    stories = read.table("stories", "warehouse", first=date(2026, 3, 1))   # one Arrow table
    frame = read.retrying(polars.read_parquet, "warehouse/stories/day=*/part-0.parquet")

A day is one file that is replaced at once, so a reader sees the old day or the new one. Some readers open a file
twice, and fail loudly when it is replaced in between: what they need is to be asked again.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa

from pipeline.contracts import ARTICLES, BY_NAME, PUBLISHED, SIGNATURES, Contract
from pipeline.errors import MissingInputError
from pipeline.store.storage import open_storage
from pipeline.store.warehouse import Warehouse

Result = TypeVar("Result")
_PAUSE_SECONDS = 0.05


def retrying(function: Callable[..., Result], *arguments: Any, attempts: int = 5, **named: Any) -> Result:
    """Call any reader, and call it again when it fails, `attempts` times in all; the last failure is raised.

    A replacement takes an instant, so that waiting a little is enough.
    """
    for attempt in range(attempts - 1):
        try:
            return function(*arguments, **named)
        except (KeyboardInterrupt, SystemExit, MissingInputError):
            raise
        except BaseException:  # noqa: BLE001 - every reader fails in its own way; Polars' panics are not Exceptions
            time.sleep(_PAUSE_SECONDS * 2**attempt)
    return function(*arguments, **named)


def table(
    name: str,
    warehouse: str,
    first: date | None = None,
    last: date | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """The rows of a published table from `first` to `last`, with the partition's `day` as the last column.

    `warehouse` is a folder or `s3://bucket/prefix`. Each day is consistent in itself. Raises MissingInputError when
    there is no such table.
    """
    contract, store = _published(name), Warehouse(open_storage(warehouse))
    days = [d for d in store.days(contract) if (first is None or first <= d) and (last is None or d <= last)]
    wanted = list(columns) if columns else contract.names
    parts = [contract.empty().select(wanted).append_column("day", pa.array([], pa.date32()))]
    for day in filter(
        partial(store.has, contract), days
    ):  # a run that was killed leaves a folder without a file
        rows = retrying(store.read, contract, day, wanted)
        parts.append(rows.append_column("day", pa.array([day] * rows.num_rows, pa.date32())))
    return pa.concat_tables(parts).replace_schema_metadata(contract.schema.metadata)


def signatures(warehouse: str, day: date) -> dict[str, Any]:
    """The MinHash signatures of a day's articles as datasketch objects by article_id, for its LSH indexes.

    They were made with `scheme="affine32"`, seed 1 and 128 permutations; where none are stored (any more), they
    are computed from the texts.
    """
    from datasketch import MinHash

    store = Warehouse(open_storage(warehouse))
    rows = retrying(_signed, store, day)
    return {
        article: MinHash(hashvalues=_minima(signature), seed=1, scheme="affine32", hashfunc=_hash)
        for article, signature in zip(
            rows["article_id"].to_pylist(), rows["signature"].to_pylist(), strict=True
        )
    }


def index(warehouse: str, days: Sequence[date], threshold: float = 0.5) -> Any:
    """A datasketch `MinHashLSH` of the articles of some days by article_id, to be asked with any of `signatures`.

    Its bands are the pipeline's for the threshold 0.5, so that it proposes what a run proposes; else datasketch's own.
    """
    from datasketch import MinHashLSH

    from pipeline import minhash

    params = (minhash.BANDS, minhash.ROWS) if threshold == minhash.LIKENESS else None
    found = MinHashLSH(threshold=threshold, num_perm=minhash.PERMUTATIONS, params=params)
    for day in days:
        for article, signature in signatures(warehouse, day).items():
            found.insert(article, signature)
    return found


def _published(name: str) -> Contract:
    contract = BY_NAME.get(name)
    if contract not in PUBLISHED:
        raise MissingInputError(
            f"no published table {name!r}; there are {', '.join(c.name for c in PUBLISHED)}"
        )
    return contract


def _signed(store: Warehouse, day: date) -> pa.Table:
    from pipeline import derived, minhash
    from pipeline.faults import Guarded

    standing = store.standing(ARTICLES, day)
    fits = derived.fitting(store, SIGNATURES, day, derived.ties(SIGNATURES, {"articles": standing.digest}))
    if fits:
        return store.read(SIGNATURES, day, version=fits)
    return Guarded(minhash.sign, SIGNATURES)(store.read(ARTICLES, day, ["article_id", "text"]))


def _minima(signature: bytes) -> Any:
    import numpy as np

    return np.frombuffer(signature, "<u4").copy()


def _hash(shingle: Any) -> int:
    from pipeline import tokens

    return tokens.shingle_hash(shingle)
