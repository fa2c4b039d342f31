"""What a run makes of a day before anything is published, and what it reports afterwards."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.day.documents import Documents, no_documents
from pipeline.day.window_texts import WindowTexts
from pipeline.engines.engine import doing
from pipeline.engines.faults import Fault
from pipeline.model.internal_tables import LINES, MEMBERS, SIGNATURES, TERMS, TRACED
from pipeline.model.tables import ADDITIONS, ARTICLES, FLOWS, LINKS, MEMBERSHIPS, REJECTS, REVISIONS
from pipeline.store import spill

if TYPE_CHECKING:
    from pipeline.day.last_run import LastRun

_RSS_PER_MB = 1 << (20 if sys.platform == "darwin" else 10)  # macOS counts in bytes, Linux in kB

# By the table whose manifest keeps their faults: the stages that know a document by its raw_ref.
STAGES = {LINES.name: ("outline", "count_lines"), ARTICLES.name: ("clean", "encode_headlines")}


@dataclass
class DayTables:
    """The tables of a day, each under the name of its contract; one that is not made yet has no rows.

    The row of `runs` is not among them: it is counted when the day is published.
    """

    articles: pa.Table = field(default_factory=ARTICLES.empty)
    rejects: pa.Table = field(default_factory=REJECTS.empty)
    links: pa.Table = field(default_factory=LINKS.empty)
    revisions: pa.Table = field(default_factory=REVISIONS.empty)
    flows: pa.Table = field(default_factory=FLOWS.empty)
    additions: pa.Table = field(default_factory=ADDITIONS.empty)
    lines: pa.Table = field(default_factory=LINES.empty)
    signatures: pa.Table = field(default_factory=SIGNATURES.empty)
    terms: pa.Table = field(default_factory=TERMS.empty)
    memberships: pa.Table = field(default_factory=MEMBERSHIPS.empty)
    members: pa.Table = field(default_factory=MEMBERS.empty)

    def by_name(self) -> dict[str, pa.Table]:
        """Each table by the name of its contract, for what works on all of them."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass
class Day:
    """Everything that a run makes of a day before any of it is published.

    What it was made from is said in the words of `day/inputs.py`; `listing` is a digest of the landing files' versions.
    """

    day: date
    listing: str
    inputs: dict[str, str] = field(default_factory=dict)
    recipe: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)  # by table
    fingerprints: dict[str, str] = field(
        default_factory=dict
    )  # by table: of what it is made from, outlets left out
    capped: list[str] = field(
        default_factory=list
    )  # raw_digests of documents that a cap of the machine struck
    caps: str = ""  # the caps and rules by which they were tried
    removals: str = ""  # digest of the list of removals that was honoured (model.removal)
    so_far: bool = False  # whether more documents are to come, as who asked for the run said
    last: "LastRun | None" = None  # where this run differs from it in the day's documents alone
    faults: set[Fault] = field(default_factory=set)
    tables: DayTables = field(default_factory=DayTables)
    extracted: Documents = field(default_factory=no_documents)  # until it is cleaned
    traced: pa.Table = field(default_factory=TRACED.empty)  # the later captures of pages
    window_texts: WindowTexts = field(default_factory=WindowTexts)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)  # of this process, by the end of a stage
    # Tables by their names, as they are since `shelve` looked at them
    _aside: dict[str, pa.Table] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """A stage within a stage counts for itself alone."""
        begun, name, before = (
            time.perf_counter(),
            doing.set(f"{stage} {self.day}"),
            sum(self.seconds.values()),
        )
        yield
        doing.reset(name)
        self.shelve()
        spill.give_back()
        inner = sum(self.seconds.values()) - before
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begun - inner
        self.peak_mb[stage] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_PER_MB

    def release_extracted(self) -> Documents:
        """Hand over the extracted documents: a day's texts are most of its memory, which is free once their reader drops them."""
        extracted, self.extracted = self.extracted, no_documents()
        return extracted

    def shelve(self) -> None:
        """Move large tables to disk, each once: there they take no memory but while they are read."""
        for name, table in self.tables.by_name().items():
            if self._aside.get(name) is not table:
                self._aside[name] = spill.aside(table)
                setattr(self.tables, name, self._aside[name])


@dataclass(frozen=True)
class RunReport:
    """What a run did: the row of `runs`, the seconds of each stage, and the tables whose files it touched."""

    day: date
    row: dict[str, Any]
    seconds: dict[str, float]
    peak_mb: dict[str, float]
    changed: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        measured = {"seconds": self.seconds, "peak_mb": self.peak_mb}
        return {"day": self.day, **self.row, **measured, "changed": list(self.changed)}
