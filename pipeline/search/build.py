"""Build the search indexes of published days, each from the day's articles and their places."""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pipeline.model.errors import InputChangedError
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.search import file, files
from pipeline.store import layout, notes
from pipeline.store.manifest import digest_of
from pipeline.store.view import View
from pipeline.store.warehouse import MISSING, Warehouse

log = logging.getLogger(__name__)

_ORDER = ARTICLES, MEMBERSHIPS


class Outcome(StrEnum):
    BUILT = "built"
    FITS = "fits"  # it stands there as it should
    NOT_WHOLE = "not whole"  # it is being replaced, or its run broke off: there is nothing to build from
    RETIRED = "its texts were retired"  # likewise


@dataclass(frozen=True)
class Built:
    """What became of the index of one day."""

    day: date
    outcome: Outcome
    n_articles: int = 0
    size_bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def build(
    warehouse: Warehouse, days: Sequence[date] | None = None, *, rebuild: bool = False
) -> Iterator[Built]:
    """See to it that each of these published days, or every one, has an index that fits it; with `rebuild`, build also those that fit.

    The same day gives the same bytes, with one version of SQLite.
    """
    storage = warehouse.storage
    if days is None:
        days = warehouse.days(ARTICLES)
        for day in files.standing(storage).keys() - set(days):
            files.drop(storage, day)
    for day in days:
        try:
            yield _build(warehouse, day, rebuild=rebuild)
        except InputChangedError as error:
            log.warning("no search index of %s: %s", day, error)
            yield Built(day, Outcome.NOT_WHOLE)


def _build(warehouse: Warehouse, day: date, *, rebuild: bool) -> Built:
    view = View(warehouse, [(contract, day) for contract in _ORDER])
    digests = [view.digest(contract, day) for contract in _ORDER]
    if day < notes.retired_before(warehouse):
        return Built(day, Outcome.RETIRED)
    if MISSING in digests:
        return Built(day, Outcome.NOT_WHOLE)
    made = files.made_from(*digests)
    standing = files.fitting(files.standing(warehouse.storage, [day]).get(day, []), made)
    if standing and not rebuild:
        files.drop(warehouse.storage, day, made)
        return Built(day, Outcome.FITS, size_bytes=standing.size_bytes)
    articles = _articles(view, day)
    with tempfile.TemporaryDirectory(prefix="newsfold-search-") as folder:
        path = file.write(articles, Path(folder))
        _put(warehouse, day, path, digests)
        return Built(day, Outcome.BUILT, articles.num_rows, path.stat().st_size)


def _articles(view: View, day: date) -> pa.Table:
    """The articles with their stories, in order of id; raises InputChangedError where one has no place."""
    articles = view.read(ARTICLES, day, file.INDEXED)
    places = view.read(MEMBERSHIPS, day, ["article_id", "story_id"])
    if articles["article_id"] != places["article_id"]:
        raise InputChangedError(f"{day}: its articles and memberships are of two runs")
    return articles.append_column("story_id", places["story_id"])


def _put(warehouse: Warehouse, day: date, path: Path, digests: Sequence[str]) -> None:
    """Put the index in its place, if the day is still what it was made from: nobody replaces a day while its lock is held, so an index never
    says what was taken out of the day.
    """
    storage = warehouse.storage
    with path.open("rb") as source:
        target = layout.search_index(day, files.made_from(*digests), digest_of(source))

    def fill(sink: BinaryIO) -> None:
        with path.open("rb") as source:
            shutil.copyfileobj(source, sink, 1 << 20)

    with storage.lock(layout.run_lock(day)):
        if digests != [warehouse.digest(contract, day) for contract in _ORDER]:
            raise InputChangedError(f"{day} was replaced meanwhile")
        storage.replace(target, fill)
        if day < notes.retired_before(warehouse):  # retirement marks, then looks for what to remove
            storage.delete(target)
            raise InputChangedError(f"{day} was retired meanwhile")
        for entry in files.standing(storage, [day]).get(day, []):
            if entry.path != target:
                storage.delete(entry.path)
