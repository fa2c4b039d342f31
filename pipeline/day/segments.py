"""The stored segments of a day: extracted documents, kept so that nothing is parsed twice.

A segment says in its metadata which landing files it covers, in which version, by which rules it was made, and the keys of the
removals that took documents out of it. So no segment holds what a removed document says.

Where a document became an article that stands, a segment has no text of its own (`kept_texts`): its reader takes it from there.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, partial
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.clean import removed
from pipeline.clean.removed import Removals
from pipeline.day import inputs, kept_texts
from pipeline.day.documents import NAMED_BY
from pipeline.model.arrow import Array, ChunkedArray, both, equals, filled, find, is_in, n_true, texts
from pipeline.model.days import days_among
from pipeline.model.errors import InputChangedError, NewsfoldError
from pipeline.model.internal_tables import EXTRACTED
from pipeline.model.raw_refs import paths_of, spelt
from pipeline.model.tables import ARTICLES
from pipeline.store import damage, layout, parquet, spill
from pipeline.store.storage import Entry, Storage

log = logging.getLogger(__name__)

_COVERS, _DIGEST = b"newsfold.covers", b"newsfold.digest"
_STORED = b"newsfold.stored"  # the digest of the rows of a segment some of whose texts are in `articles`
_ROWS_AT_ONCE = 2_000  # 6 MB of texts
_UNSHARED = (OSError, NewsfoldError, pa.ArrowException, ValueError, KeyError)  # sharing only saves room


def days_stored(storage: Storage) -> list[date]:
    """The days that have stored segments, oldest first."""
    return days_among(storage.folders(layout.EXTRACTED))


def segments_of(storage: Storage, day: date) -> Iterator[Entry]:
    """The stored segments of a day."""
    folder = layout.in_day(layout.EXTRACTED, day)
    return (entry for entry in storage.walk(folder) if entry.path.rpartition("/")[0] == folder)


def by_day(storage: Storage) -> dict[date, list[Entry]]:
    """The stored segments of all days, in one listing."""
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in storage.walk(layout.EXTRACTED):
        folder = entry.path.rpartition("/")[0]
        for day in days_among([folder.removeprefix(f"{layout.EXTRACTED}/")]):
            found[day].append(entry)
    return found


def refuse_damaged(storage: Storage, day: date, segment: Entry) -> None:
    """Read all of a segment; raises DamagedError where it is not as it was written. (Articles that have its texts are looked at themselves.)"""
    with damage.named(storage, segment.path), storage.open(segment.path, segment.version) as handle:
        covered = (_stored(handle).schema.metadata or {}).get(_COVERS, b"")
        if layout.extracted_part(day, _key_of(covered)) != segment.path:
            raise ValueError("it does not say what its name says")


@dataclass(frozen=True)
class Texts:
    """The texts of the day's articles as they stand, read once, if a segment has some of its texts there."""

    storage: Storage
    day: date

    @cached_property
    def articles(self) -> pa.Table:
        """Raises ValueError where they are not there."""
        return self._read(["raw_ref", "text"])

    @cached_property
    def digests(self) -> pa.Table:
        """The same, without reading a text."""
        return self._read(["raw_ref", "text_digest"])

    def of(self, documents: Array) -> pa.Table:
        """Those of these documents: all others are never in memory together."""
        return self._read(["raw_ref", "text"], pc.is_in(pc.field("raw_ref"), value_set=documents))

    def _read(self, columns: list[str], where: pc.Expression | None = None) -> pa.Table:
        try:
            with self.storage.open(layout.partition(ARTICLES, self.day)) as handle:
                return parquet.read(handle, columns, where)
        except FileNotFoundError as error:
            raise ValueError(f"the articles of {self.day} that have its texts are not there") from error


def _stored(handle: BinaryIO) -> pa.Table:
    """The rows of a segment as they stand there; raises ValueError where they are not those that were written."""
    rows = spill.gathered(parquet.schema(handle), parquet.pieces(handle, _ROWS_AT_ONCE))
    _refuse_others(rows, _STORED if kept_texts.PLACES in rows.column_names else _DIGEST)
    return rows


def _whole(handle: BinaryIO, texts: Texts) -> pa.Table:
    """The rows of a segment with their texts; raises ValueError where they are not those that were extracted."""
    rows = parquet.read(handle)
    if kept_texts.PLACES in rows.column_names:
        whole = kept_texts.restored(rows, texts.articles) if kept_texts.n_shared(rows) else rows
        rows = whole.select(EXTRACTED.names).replace_schema_metadata(rows.schema.metadata)
    _refuse_others(rows, _DIGEST)
    return rows


def _refuse_others(rows: pa.Table, name: bytes) -> None:
    """Raise ValueError unless the rows have the digest that the segment says. Earlier versions kept none."""
    digest = (rows.schema.metadata or {}).get(name)
    if digest is not None and digest.decode("ascii", "replace") != parquet.digest(rows):
        raise ValueError("its rows are not those that were written")


@dataclass(frozen=True)
class Covers:
    """The files, with their versions, of which a segment has every document, and those of which it has some."""

    files: set[str]
    partly: set[str]
    removals: bool = False  # whether documents were taken out of it

    @property
    def paths(self) -> set[str]:
        return set(map(path_of, self.files | self.partly))


def covers(storage: Storage, segment: str, rules: str) -> Covers:
    """What a segment covers; nothing when it was made by other rules, is not there any more, or cannot be read."""
    with damage.skipped(partial(_warn_of_lost, storage, segment)), storage.open(segment) as handle:
        return covered_by(head_of(handle), rules)
    return Covers(set(), set())


def head_of(segment: BinaryIO) -> bytes:
    """What a segment says of itself: `covered_by` reads it."""
    return (pq.read_schema(segment).metadata or {}).get(_COVERS, b"{}")


def covered_by(head: bytes, rules: str) -> Covers:
    """What a segment with this head covers; nothing when it was made by other rules. Raises ValueError or KeyError when it is damaged."""
    found = json.loads(head)
    if found.get("rules") != rules:
        return Covers(set(), set())
    return Covers(set(found["files"]), set(found["partly"]), bool(found.get("removals")))


def file_version(file: Entry) -> str:
    """A file in its version."""
    return f"{file.path}|{file.version}"


def _key_of(covered: bytes) -> str:
    """The key of the segment that covers this."""
    return hashlib.blake2b(covered, digest_size=8).hexdigest()


def path_of(file_version: str) -> str:
    return file_version.rsplit("|", 1)[0]


def every_segment(storage: Storage, day: date, rules: str) -> dict[str, Covers]:
    """The stored segments of a day that were made by these rules, with what each covers."""
    found = {e.path: covers(storage, e.path, rules) for e in sorted(segments_of(storage, day))}
    return {path: covered for path, covered in found.items() if covered.paths}


def read_segment(storage: Storage, segment: str, texts: Texts) -> pa.Table | None:
    """The rows of a segment; None where it is lost."""
    with damage.skipped(partial(_warn_of_lost, storage, segment)), storage.open(segment) as handle:
        return EXTRACTED.conform(_whole(handle, texts))
    return None


def sole_segment(storage: Storage, day: date, rules: str, versions: set[str]) -> tuple[pa.Table, str] | None:
    """The rows of the one segment that has all documents of these files and no others, with the columns NAMED_BY, and the digest of
    all its columns. None where there is no such segment, or where another covers some of these files, too.
    """
    found = [(s, c) for s, c in every_segment(storage, day, rules).items() if (c.files | c.partly) & versions]
    if len(found) != 1 or found[0][1] != Covers(versions, set()):
        return None
    with damage.skipped(), storage.open(found[0][0]) as handle:  # `read_segment` says what is lost
        rows = parquet.read(handle, NAMED_BY)
        said = rows.schema.metadata or {}
        return rows.replace_schema_metadata(None), said[_DIGEST].decode()
    return None


def _warn_of_lost(storage: Storage, segment: str, error: Exception) -> None:
    if not isinstance(error, FileNotFoundError):  # cleaned away since it was listed
        log.warning("%s: %s cannot be read and is made again: %s", storage.uri, segment, error)


def of_files(storage: Storage, segment: str, versions: set[str], texts: Texts) -> pa.Table | None:
    rows = read_segment(storage, segment, texts) if versions else None
    paths = pa.array(sorted(spelt(path_of(v)) for v in versions), pa.string())
    if rows is None:
        return None
    chosen = pc.is_in(paths_of(rows["raw_ref"]), value_set=paths)
    return rows if n_true(chosen) == rows.num_rows else rows.filter(chosen)  # else all texts are copied


def files_among(rows: pa.Table, of_interest: ChunkedArray) -> set[str]:
    return set(texts(paths_of(rows.filter(of_interest)["raw_ref"])))


def write(storage: Storage, day: date, rows: pa.Table, covered: bytes) -> str:
    """Store a segment; returns its path."""
    rows = EXTRACTED.arrange(rows)
    path = layout.extracted_part(day, _key_of(covered))
    _store(storage, path, rows, {_COVERS: covered, _DIGEST: parquet.digest(rows).encode()})
    return path


def _store(
    storage: Storage, path: str, rows: pa.Table, said: dict[bytes, bytes], expected: str | None = None
) -> None:
    if kept_texts.PLACES in rows.column_names:
        said = said | {_STORED: parquet.digest(rows).encode()}

    def fill(sink: BinaryIO) -> None:
        table = rows.replace_schema_metadata(said)
        pq.write_table(table, sink, compression="zstd", write_page_checksum=True)

    storage.replace(path, fill, expected)


# --- texts that are kept once -----------------------------------------------------------------------------------


class Shared(NamedTuple):
    """A segment and its rows (SHARED) as they are to be: without texts that the day's articles have."""

    entry: Entry
    rows: pa.Table
    said: dict[bytes, bytes]


def share_texts(storage: Storage, shared: Iterable[Shared]) -> None:
    """Put segments in place that are `without_texts`. Their articles must stand, and who publishes them holds the day's lock."""
    for one in shared:
        with suppress(*_UNSHARED):
            _store(storage, one.entry.path, one.rows, one.said, one.entry.version)


def without_texts(storage: Storage, day: date, articles: pa.Table) -> list[Shared]:
    """The day's segments that have texts which are in its articles, too, as `share_texts` is to write them. Nothing is written here."""
    told, found = articles.select(["raw_ref", "text"]), list[Shared]()
    for entry in sorted(segments_of(storage, day)):
        with suppress(*_UNSHARED), storage.open(entry.path, entry.version) as handle:
            seen = parquet.read(handle, [n for n in ("raw_ref", kept_texts.PLACES) if n in _names(handle)])
            lacking = seen.filter(pc.invert(kept_texts.is_shared(seen)))
            if not pc.any(is_in(lacking["raw_ref"], told["raw_ref"].combine_chunks())).as_py():
                continue
            handle.seek(0)
            rows = _stored(handle)  # what is damaged is not written again under a digest of its own
            made = kept_texts.shared(rows, told)
            if kept_texts.n_shared(made) > kept_texts.n_shared(rows):
                found.append(Shared(entry, made, rows.schema.metadata))
    return found


def take_back_texts(storage: Storage, day: date, articles: pa.Table) -> None:
    """Write into the day's segments the texts that stand in published articles, and not in those that will replace them.

    Raises where a text could not be written: then the articles must stay, for it may be nowhere else.
    """
    standing = Texts(storage, day)
    differing = cache(lambda: _differing(standing.digests, articles))  # once for all segments, if one asks
    leaving = cache(lambda: standing.of(differing()))

    def take_back(entry: Entry) -> None:
        with storage.open(entry.path, entry.version) as handle:
            if kept_texts.PLACES not in _names(handle):
                return
            seen = parquet.read(handle, ["raw_ref", kept_texts.PLACES])
            mine = seen.filter(kept_texts.is_shared(seen))["raw_ref"]
            going = mine.filter(is_in(mine, differing())).combine_chunks()
            if len(going):
                handle.seek(0)
                rows = _stored(handle)
                made = kept_texts.restored(rows, leaving(), going)
                _store(storage, entry.path, made, rows.schema.metadata, entry.version)

    for entry in sorted(segments_of(storage, day)):
        with damage.skipped():
            damage.twice(partial(take_back, entry))


def _names(handle: BinaryIO) -> list[str]:
    """The columns of a segment."""
    names: list[str] = pq.read_schema(handle).names
    handle.seek(0)
    return names


def _differing(before: pa.Table, after: pa.Table) -> Array:
    """Which of the documents that have an article have another one, or none, after a change."""
    digests = after["text_digest"].take(find(before["raw_ref"], after["raw_ref"]))
    same = filled(equals(before["text_digest"], digests), False)
    found: Array = before["raw_ref"].filter(pc.invert(same)).combine_chunks()
    return found


# --- documents that were removed --------------------------------------------------------------------------------


def honour(storage: Storage, day: date, listed: Removals) -> None:
    """Take out of a day's segments what documents say that are removed by now, and make them forget that of which the removal was
    taken back: it is read again. Segments that are lost go.
    """
    for entry in sorted(segments_of(storage, day)):
        try:
            again = damage.twice(partial(_by_list, storage, entry.path, day, listed))
        except Exception as error:
            if isinstance(error, InputChangedError) or not damage.is_lost(error):
                raise
            if listed:  # nobody can tell what is in it
                storage.delete(entry.path)
            continue
        if again is not None:
            table, covered = again
            path = write(storage, day, table, covered)
            if path != entry.path:
                storage.delete(entry.path)


def removed_documents(
    storage: Storage, day: date, files: Sequence[Entry], listed: Removals, rules: str
) -> str | None:
    """What `inputs.of_removed` gives for the day's documents, if the segments tell: None where they lack some of the files, or are not as
    the list says.
    """
    current, known, kept = {file_version(f) for f in files}, set[str](), Texts(storage, day)
    found = [EXTRACTED.empty()]
    for entry in sorted(segments_of(storage, day)):
        as_listed = False
        with damage.skipped():
            as_listed = _by_list(storage, entry.path, day, listed) is None
        if not as_listed:
            return None
        covered = covers(storage, entry.path, rules)
        mine = (covered.files | covered.partly) & current
        if covered.removals and (rows := of_files(storage, entry.path, mine - known, kept)) is not None:
            found.append(rows)
        known |= mine
    return inputs.of_removed(pa.concat_tables(found)) if known >= current else None


def _by_list(storage: Storage, segment: str, day: date, listed: Removals) -> tuple[pa.Table, bytes] | None:
    """The rows of a segment, and what it covers, as the list says; None where it is so already."""
    with storage.open(segment) as handle:
        said = head_of(handle)
        covered, keys = json.loads(said), {one.key for one in listed}
        stale = set(covered.get("removals", ())) - keys
        if not stale and not listed:
            return None
        kept, columns = Texts(storage, day), removed.asked_of(listed, day)
        handle.seek(0)
        asked = _whole(handle, kept).select(columns) if "text" in columns else parquet.read(handle, columns)
        if not stale and not any(removed.named_documents(asked, listed, day)):
            return None
        handle.seek(0)
        rows = EXTRACTED.conform(_whole(handle, kept))
    taken_back = both(removed.is_removed(rows), is_in(rows["detail"], pa.array(sorted(stale), pa.string())))
    gone, left = (
        files_among(rows, taken_back),
        removed.take_out(rows.filter(pc.invert(taken_back)), listed, day),
    )
    partly = {f for f in covered.get("files", ()) if spelt(path_of(f)) in gone}
    covered["files"] = sorted(set(covered.get("files", ())) - partly)
    covered["partly"] = sorted(set(covered.get("partly", ())) | partly)
    return left, covering(covered, left)


def covering(covered: dict[str, Any], rows: pa.Table) -> bytes:
    """What a segment of these rows says that it covers; with the keys of the removals that took documents out of it, if any did."""
    said = {name: value for name, value in covered.items() if name != "removals"}
    keys = sorted(set(texts(rows.filter(removed.is_removed(rows))["detail"])))
    return json.dumps(said | ({"removals": keys} if keys else {})).encode()
