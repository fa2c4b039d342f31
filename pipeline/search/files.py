"""Where the search index of a day stands, and whether it fits what is published.

Its name says what it was made from, and the digest of its bytes: what does not fit is told by listing a folder, and nobody reads it. An index
follows from published tables, so it may go at any time.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pipeline.model.days import days_among
from pipeline.search import words
from pipeline.store import layout
from pipeline.store.manifest import digest_of
from pipeline.store.storage import Entry, Storage
from pipeline.text import scripts

_FORM = "index 1"  # changes with what `file` writes


class Name(NamedTuple):
    """What the name of an index says: what it was made from, and the digest of its bytes."""

    made_from: str
    digest: str


def made_from(articles: str, memberships: str) -> str:
    """16 hex digits that name what an index is made from: the digests of two tables of its day, and how words are cut."""
    said = f"{articles}\n{memberships}\n{_FORM}\n{words.FORM}\n{scripts.tables()}"
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def name_of(entry: Entry) -> Name:
    made, _, digest = entry.path.rpartition("/")[2].removesuffix(".db").partition("-")
    return Name(made, digest)


def standing(storage: Storage, days: Iterable[date] | None = None) -> dict[date, list[Entry]]:
    """The indexes that stand there, of all days or of some, by day; of one day in order of their names."""
    tops = [layout.SEARCH] if days is None else [layout.in_day(layout.SEARCH, day) for day in days]
    found: dict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entry for top in tops for entry in storage.walk(top)):
        for day in days_among([entry.path.removeprefix(f"{layout.SEARCH}/").partition("/")[0]]):
            found[day].append(entry)
    return dict(found)


def fitting(entries: Iterable[Entry], made: str) -> Entry | None:
    """The index that was made from this."""
    return next((entry for entry in entries if name_of(entry).made_from == made), None)


def drop(storage: Storage, day: date, kept: str = "") -> None:
    """Remove the indexes of a day but those that were made from `kept`: they may say what is not published any more."""
    for entry in standing(storage, [day]).get(day, []):
        if name_of(entry).made_from != kept:
            storage.delete(entry.path)


def is_whole(storage: Storage, entry: Entry) -> bool:
    """Whether an index has the bytes that were written; raises FileNotFoundError where it went meanwhile."""
    with storage.open(entry.path) as source:
        return digest_of(source) == name_of(entry).digest
