"""A day's extracted documents: what tells them apart is at hand, their texts are read where a stage asks for them.

A day of which nothing is new asks for none: the digest of all rows, which the stored segment says of itself, shows that what was
published follows from them.
"""

from collections.abc import Callable

import pyarrow as pa

from pipeline.model.errors import InputChangedError
from pipeline.model.internal_tables import EXTRACTED
from pipeline.store import parquet, spill

NAMED_BY = ["raw_ref", "raw_digest", "reason"]


class Documents:
    """EXTRACTED of a day in the order of its key: `names` has the columns of NAMED_BY, `digest` is that of all rows."""

    def __init__(self, names: pa.Table, digest: str, rows: pa.Table | Callable[[], pa.Table]) -> None:
        self.names, self.digest, self._rows = names, digest, rows

    @classmethod
    def at_hand(cls, rows: pa.Table) -> "Documents":
        """Documents that have been read; many are put aside, since most of a day's memory is their texts."""
        return cls(rows.select(NAMED_BY), parquet.digest(rows), spill.aside(rows))

    def rows(self) -> pa.Table:
        """All columns. Raises InputChangedError where other documents stand there by now."""
        if not isinstance(self._rows, pa.Table):
            self._rows = self._rows()
            if parquet.digest(self._rows) != self.digest:
                raise InputChangedError("the extracted documents were replaced while a run was at work")
        return self._rows


def no_documents() -> Documents:
    """Those of a day that has none."""
    return Documents.at_hand(EXTRACTED.empty())
