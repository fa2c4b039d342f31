"""Later captures of a page: which are revisions of which, in what order, and what each changed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter

import numpy as np
import pyarrow as pa

from pipeline.model.contract import Row
from pipeline.model.internal_tables import PAGES, TRACED
from pipeline.model.kinds import REVISED, Capture, Kind
from pipeline.revisions.differences import NO_DIFFERENCES, Differences
from pipeline.revisions.judge import REASONS, SAID, Version, judge
from pipeline.revisions.sentences import is_correction

_LOOK_BACK = 3  # whole captures: a page shows another article or an error in between now and then
_END = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)

Place = tuple[dt.date, dt.datetime, dt.datetime, str]


@dataclass
class _Capture:
    """One capture of a page and, once it is known, what it is a version of."""

    article_id: str
    day: dt.date
    fetched_at: dt.datetime | None
    modified_at: dt.datetime | None
    place: Place
    version: Version
    is_new: bool
    first_id: str
    capture: Capture | None = None
    previous: "_Capture | None" = None
    differences: Differences = NO_DIFFERENCES


def trace(captures: pa.Table) -> pa.Table:
    """PAGES, all captures of a page together, to TRACED: the day's captures that are later ones of an article in the window.

    A capture is compared with the whole captures before it, the latest first. One that shows the article of none of them is no
    later capture: it begins, or joins, as any other article does. Captures are in the order of day, time of fetching, time of
    the last change and raw_ref; those of one day that neither time orders have no `version`.
    """
    rows = sorted(PAGES.conform(captures).to_pylist(), key=itemgetter("page"))
    found: list[Row] = []
    for _, group in groupby(rows, itemgetter("page")):
        page = sorted(map(_capture, group), key=attrgetter("place"))
        _follow_each(page)
        numbers = _numbers(page)
        found += [_row(one, numbers.get(one.article_id)) for one in page if one.previous]
    return _with_figures(found)


def place_of(capture: Row) -> Place:
    """By what captures of one page are put in order, of a row of PAGES or ARTICLES; within a day those without a time come last."""
    times = capture["fetched_at"] or _END, capture["modified_at"] or _END
    return capture["ingest_date"], *times, capture["raw_ref"]


def _capture(row: Row) -> _Capture:
    is_new = row["first_id"] is None
    return _Capture(
        article_id=row["article_id"],
        day=row["ingest_date"],
        fetched_at=row["fetched_at"],
        modified_at=row["modified_at"],
        place=place_of(row),
        version=Version(*(row[name] for name in SAID)),
        is_new=is_new,
        first_id=row["article_id"] if is_new else row["first_id"],
        capture=Capture(row["capture"]) if row["capture"] else None,
    )


def _follow_each(page: Sequence[_Capture]) -> None:
    """Make each new capture of a page, in their order, a version of what an earlier one shows, if one shows the same article."""
    whole: list[_Capture] = []
    for one in page:
        if one.is_new:
            _follow(one, whole[: -_LOOK_BACK - 1 : -1])
        if one.capture is not Capture.PARTIAL:
            whole.append(one)


def _follow(one: _Capture, before: Sequence[_Capture]) -> None:
    for previous in before:
        capture, differences = judge(previous.version, one.version)
        if capture:
            one.first_id, one.previous = previous.first_id, previous
            one.capture, one.differences = capture, differences
            return


def _numbers(page: Sequence[_Capture]) -> dict[str, int]:
    """By article_id, how many revisions there are up to each whole capture; without those that another of the day may follow."""
    found: dict[str, int] = {}
    whole = sorted((one for one in page if one.capture is not Capture.PARTIAL), key=attrgetter("first_id"))
    for _, group in groupby(whole, attrgetter("first_id")):
        versions = list(group)  # in the page's order, which sorting keeps
        texts, n_revised = _Texts(versions), 0
        for one in versions:
            n_revised += one.capture in REVISED
            if not texts.are_tied(one):
                found[one.article_id] = n_revised
    return found


class _Texts:
    """The texts of each day by their times: one look says whether a capture has its place among others by raw_ref alone.

    raw_ref says where captures lie, not when they were taken.
    """

    def __init__(self, captures: Sequence[_Capture]) -> None:
        self._by: dict[tuple[object, ...], set[str]] = {}
        for one in captures:
            for key in (
                (one.day, one.fetched_at is None),
                (one.day, one.fetched_at, "any"),
                (one.day, one.fetched_at, one.modified_at),
            ):
                self._by.setdefault(key, set()).add(one.version.text)

    def are_tied(self, one: _Capture) -> bool:
        """Whether neither time orders a capture and another of its day with another text."""
        if self._has_other(
            one, (one.day, one.fetched_at is not None)
        ):  # one has a time of fetching, the other has none
            return True
        if one.modified_at is None:
            return self._has_other(one, (one.day, one.fetched_at, "any"))
        return any(self._has_other(one, (one.day, one.fetched_at, at)) for at in (None, one.modified_at))

    def _has_other(self, one: _Capture, key: tuple[object, ...]) -> bool:
        texts = self._by.get(key, set())
        return len(texts) > (one.version.text in texts)


def _row(one: _Capture, number: int | None) -> Row:
    """TRACED but for the figures, and the two texts that they are of."""
    if one.previous is None or one.capture is None:
        raise ValueError(one.article_id)
    is_revision, found = one.capture in REVISED, one.differences
    if not is_revision:
        found = NO_DIFFERENCES
    numbers, names = found.numbers(), found.names()
    added = [found.later[j] for j in found.added]
    changed = sorted(found.changed, key=itemgetter(1))
    correction = next(filter(is_correction, added), None)
    return {
        "article_id": one.article_id,
        "other_id": one.previous.article_id,
        "first_id": one.first_id,
        "kind": str(Kind.REVISION if is_revision else Kind.REFETCH),
        "capture": str(one.capture),
        "version": number,
        "reason": str(REASONS[one.capture]),
        "n_added": len(added),
        "n_removed": len(found.removed),
        "n_changed": len(changed),
        "added": added,
        "removed": [found.earlier[i] for i in found.removed],
        "changed_from": [found.earlier[i] for i, _ in changed],
        "changed_to": [found.later[j] for _, j in changed],
        "numbers_from": numbers[0],
        "numbers_to": numbers[1],
        "names_from": names[0],
        "names_to": names[1],
        "is_correction": correction is not None,
        "correction": correction,
        "is_minor": found.is_minor,
        "is_rewritten": one.capture is Capture.REWRITTEN,
        "texts": (one.version.text, one.previous.version.text),
    }


def _with_figures(rows: list[Row]) -> pa.Table:
    """TRACED: what the two texts of each row share, by their shingles, as in links."""
    if not rows:
        return TRACED.empty()
    from pipeline.kernels import comparing, reading

    texts = pa.array([text for row in rows for text in row.pop("texts")], pa.string())
    read = reading.read_all(texts, np.arange(len(texts)))
    later, earlier = np.arange(0, len(texts), 2), np.arange(1, len(texts), 2)
    shared, sizes = comparing.compare(read, later, earlier).shared, np.diff(read.shingles.ends)
    every = sizes[later] + sizes[earlier] - shared
    figures = {"jaccard": shared / np.maximum(every, 1)}
    figures["containment"] = shared / np.maximum(sizes[later], 1)
    figures["containment_other"] = shared / np.maximum(sizes[earlier], 1)
    for name, values in figures.items():
        for row, value in zip(rows, values.tolist(), strict=True):
            row[name] = value
    return TRACED.table(rows)
