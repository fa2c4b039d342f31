"""Find stories by words, over many days: from the index of each day that has a fitting one, else from its texts."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol, Self, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from cachetools import LRUCache

from pipeline.model.arrow import texts
from pipeline.model.contract import Contract, Row
from pipeline.model.errors import DamagedError
from pipeline.model.ids import day_of
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, STORIES
from pipeline.search import files, hits
from pipeline.search.ask import DayIndex
from pipeline.search.file import INDEXED
from pipeline.search.hits import MOST_RANKED, Best, Hit, Tally, Wanted
from pipeline.search.query import Query
from pipeline.search.scan import DayScan
from pipeline.search.shelf import Shelf
from pipeline.store.storage import Entry, Storage
from pipeline.store.warehouse import MISSING

_AT_ONCE = 4  # days: SQLite works beside Python
_KEPT = 200_000  # articles in scans of earlier answers, which the next page asks for again
_ALL = Wanted()

Result = TypeVar("Result")
Passing = Callable[
    [], AbstractContextManager[None]
]  # lets in as many as may work at once; raises where no place becomes free


class Pinned(Protocol):
    """A warehouse at one moment."""

    def digest(self, contract: Contract, day: date) -> str:
        """The digest of a table's day, or MISSING."""
        ...

    def read(
        self,
        contract: Contract,
        day: date,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """Rows of a day, none where the table has no such day."""
        ...


@dataclass(frozen=True)
class Found:
    """The stories that have the words, best first. `scanned` are the days that were read through, since no index fits them.

    With `is_wide`, so many articles have the words that not all of them were ranked.
    """

    stories: list[Best] = field(default_factory=list)
    n_articles: int = 0
    scanned: tuple[date, ...] = ()
    is_wide: bool = False


class _Place:
    """The place of one answer among those that read texts: taken by its first scan, and left when the answer is made.

    A refusal stands for the whole answer, so that its other days do not wait again.
    """

    def __init__(self, passing: Passing) -> None:
        self._passing, self._lock, self._held = passing, threading.Lock(), ExitStack()
        self._is_taken = False
        self._refusal: Exception | None = None

    def take(self) -> None:
        with self._lock:
            if self._refusal:
                raise self._refusal
            if not self._is_taken:
                try:
                    self._held.enter_context(self._passing())
                except Exception as refusal:
                    self._refusal = refusal
                    raise
                self._is_taken = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()


@dataclass(frozen=True)
class _Asked:
    pinned: Pinned
    query: Query
    wanted: Wanted
    indexes: dict[date, Entry]
    place: _Place
    scanned: set[date] = field(default_factory=set)


class Searcher:
    """Answers queries over one warehouse; safe for many threads."""

    def __init__(self, storage: Storage, folder: Path | None = None) -> None:
        """`folder` is where the storage is on this machine, if it is: its indexes are opened where they stand."""
        self._storage, self._shelf = storage, Shelf(storage, folder)
        self._scans: LRUCache[tuple[object, ...], DayScan] = LRUCache(
            _KEPT, getsizeof=lambda scan: 1 + scan.size
        )
        self._scanning = threading.Lock()

    def find(
        self,
        pinned: Pinned,
        days: Sequence[date],
        query: Query,
        wanted: Wanted = _ALL,
        passing: Passing = nullcontext,
    ) -> Found:
        """What a query finds on these days. Where texts must be read, it waits for a place of `passing`, and raises what that raises."""
        if not query.phrases or not days:
            return Found()
        asked = _Asked(pinned, query, wanted, self._fitting(pinned, days), _Place(passing))
        with asked.place, ThreadPoolExecutor(_AT_ONCE) as pool:
            tallies = dict(zip(days, pool.map(partial(self._tally, asked), days), strict=True))
            n_hits = sum(tally.n_hits for tally in tallies.values())
            is_wide = n_hits > MOST_RANKED
            some = [day for day in days if tallies[day].n_hits]
            found = dict(zip(some, pool.map(partial(self._hits, asked, is_wide), some), strict=True))
        best = hits.best_of(found, hits.scales(tallies))
        return Found(best, n_hits, tuple(sorted(asked.scanned)), is_wide)

    def shown(self, pinned: Pinned, article_ids: Sequence[str]) -> dict[str, Row]:
        """What is shown of articles (file.SHOWN), by id; of one whose text was retired there is nothing."""
        by_day: dict[date, list[str]] = defaultdict(list)
        for one in article_ids:
            by_day[day_of(one)].append(one)
        indexes = self._fitting(pinned, list(by_day))
        return {
            one: row
            for day in by_day
            for one, row in self._shown_of(pinned, day, by_day[day], indexes.get(day))
        }

    def _shown_of(
        self, pinned: Pinned, day: date, article_ids: Sequence[str], entry: Entry | None
    ) -> list[tuple[str, Row]]:
        if entry and (index := self._shelf.get(entry)):
            try:
                return [(one, row) for one in article_ids if (row := index.shown(one))]
            except DamagedError as error:
                self._shelf.pass_over(entry, error)
        found = pinned.read(ARTICLES, day, INDEXED, pc.field("article_id").isin(article_ids))
        return [(row["article_id"], row) for row in found.to_pylist()]

    def _fitting(self, pinned: Pinned, days: Sequence[date]) -> dict[date, Entry]:
        """The indexes that fit."""
        standing = files.standing(self._storage)
        self._shelf.keep(entry for entries in standing.values() for entry in entries)
        fitting = {day: files.fitting(standing.get(day, []), _made_from(pinned, day)) for day in days}
        return {day: entry for day, entry in fitting.items() if entry}

    def _tally(self, asked: _Asked, day: date) -> Tally:
        return self._ask(
            asked, day, lambda index: index.tally(asked.query, asked.wanted), lambda scan: scan.tally()
        )

    def _hits(self, asked: _Asked, is_wide: bool, day: date) -> list[Hit]:
        return self._ask(
            asked,
            day,
            lambda index: index.hits(asked.query, asked.wanted, wide=is_wide),
            lambda scan: scan.hits(wide=is_wide),
        )

    def _ask(
        self,
        asked: _Asked,
        day: date,
        of_index: Callable[[DayIndex], Result],
        of_scan: Callable[[DayScan], Result],
    ) -> Result:
        """What the day's index says; without one that can be read, what a scan does."""
        entry = asked.indexes.get(day)
        index = self._shelf.get(entry) if entry else None
        if entry and index:
            try:
                return of_index(index)
            except DamagedError as error:
                self._shelf.pass_over(entry, error)
        return of_scan(self._scan(asked, day))

    def _scan(self, asked: _Asked, day: date) -> DayScan:
        """One at a time: each takes a processor."""
        key = _made_from(asked.pinned, day), day, asked.query, asked.wanted
        if key not in self._scans:
            asked.place.take()
        with self._scanning:
            if key not in self._scans:
                articles, stories = _texts_of(asked.pinned, day)
                scan = DayScan(articles, stories, asked.query, asked.wanted)
                if scan.size >= _KEPT:
                    return scan
                self._scans[key] = scan
            if asked.pinned.digest(ARTICLES, day) != MISSING:
                asked.scanned.add(day)
            return self._scans[key]


def _made_from(pinned: Pinned, day: date) -> str:
    return files.made_from(pinned.digest(ARTICLES, day), pinned.digest(MEMBERSHIPS, day))


def _texts_of(pinned: Pinned, day: date) -> tuple[pa.Table, dict[str, str]]:
    """The articles of a day, and the story of each. Of a day whose texts were retired, headline and lead of its stories' canonical articles."""
    if pinned.digest(ARTICLES, day) != MISSING:
        places = pinned.read(MEMBERSHIPS, day, ["article_id", "story_id"])
        stories = dict(zip(texts(places["article_id"]), texts(places["story_id"]), strict=True))
        return pinned.read(ARTICLES, day, INDEXED), stories
    left = pinned.read(STORIES, day, ["canonical_id", "story_id", "title", "lead"])
    known = {"article_id": left["canonical_id"], "title": left["title"], "text": left["lead"]}
    nothing = pa.nulls(left.num_rows, pa.string())
    columns = [known.get(name, nothing) for name in INDEXED]
    stories = dict(zip(texts(left["canonical_id"]), texts(left["story_id"]), strict=True))
    return pa.table(columns, names=INDEXED), stories
