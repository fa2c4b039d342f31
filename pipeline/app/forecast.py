"""What a run of a day would read and replace, from listings and state alone: nothing is parsed, nothing is written."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import extract, segments
from pipeline.day.desk import Desk
from pipeline.landing.files import list_files
from pipeline.model.arrow import n_true
from pipeline.model.contract import Contract
from pipeline.model.raw_refs import paths_of, spelt
from pipeline.model.tables import ARTICLES, REJECTS
from pipeline.store.storage import Entry

# Uncompressed pages as crawls have them: 60 kB of HTML a page, 25 ms of one processor each. A guess within a factor of three.
_BYTES_A_CPU_SECOND = 2_400_000


def forecast(desk: Desk, days: Sequence[date]) -> Iterator[dict[str, Any]]:
    """One record a day: its files and bytes, those that were not parsed before, the published rows, and those whose file is gone.

    `cpu_seconds` is what parsing takes on this kind of material; what follows it takes about a tenth more.
    """
    for day in days:
        files = list_files(desk.landing, day)
        new = _not_parsed(desk, day, files)
        n_new_bytes = sum(f.size_bytes for f in new)
        names = {spelt(f.path) for f in files}
        kept, gone = zip(*(_rows(desk, c, day, names) for c in (ARTICLES, REJECTS)), strict=True)
        yield {
            "day": day,
            "n_files": len(files),
            "bytes": sum(f.size_bytes for f in files),
            "n_new_files": len(new),
            "new_bytes": n_new_bytes,
            "n_published": sum(kept) + sum(gone),
            "n_articles_gone": gone[0],
            "n_rejects_gone": gone[1],
            "cpu_seconds": round(n_new_bytes / _BYTES_A_CPU_SECOND, 1),
        }


def _not_parsed(desk: Desk, day: date, files: list[Entry]) -> list[Entry]:
    """The files that no stored segment covers in this version."""
    rules, storage = extract.rules_of(desk.settings), desk.warehouse.storage
    stored = [entry.path for entry in segments.segments_of(storage, day)]
    covered = set[str]().union(*(segments.covers(storage, segment, rules).files for segment in stored))
    return [f for f in files if segments.file_version(f) not in covered]


def _rows(desk: Desk, contract: Contract, day: date, names: set[str]) -> tuple[int, int]:
    """How many published rows are of a file that is there, and how many of one that is gone."""
    known = pa.array(sorted(names), pa.string())
    for table in desk.warehouse.scan(contract, [day], ["raw_ref"]):
        paths = paths_of(table["raw_ref"])
        n_kept = n_true(pc.is_in(paths, value_set=known))
        return n_kept, len(paths) - n_kept
    return 0, 0  # the day is not published, or the table is damaged
