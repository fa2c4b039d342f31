"""The day's extracted documents, parsed once.

Extraction is nearly all of a run's work and a function of one document alone, so its result is kept: in segments
under `_meta/state/extracted/day=…/`, each of which says in its metadata which landing files it covers, in which
version, and by which rules it was made. A file that a segment covers is not read again; of a file that has grown,
documents that some segment has are read but not parsed again.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.day import accounts, inputs
from pipeline.day.desk import WorkDesk
from pipeline.engines.engine import Engine
from pipeline.extract.batch import Caps, extract, raw_digests
from pipeline.landing import read
from pipeline.landing.files import pack
from pipeline.model.arrow import ChunkedArray, both, equals, filled, is_in, texts
from pipeline.model.contract import VERSION
from pipeline.model.days import days_among, folder_of
from pipeline.model.errors import InputChangedError, NewsfoldError
from pipeline.model.internal_tables import EXTRACTED, RAW
from pipeline.model.kinds import Reject
from pipeline.model.raw_refs import paths_of, spelt
from pipeline.model.tables import RUNS
from pipeline.settings import Settings
from pipeline.store import damage, layout, parquet
from pipeline.store.storage import Entry, Storage
from pipeline.store.warehouse import Warehouse

log = logging.getLogger(__name__)


def extract_day(desk: WorkDesk, day: date, files: Sequence[Entry]) -> pa.Table:
    """The files' raw documents, extracted; files that were extracted before and have not changed are not read."""
    extracted = extract_files(desk.landing, desk.warehouse, desk.engine, desk.settings, day, files)
    log.info("extracted day=%s files=%d raw=%d", day, len(files), extracted.num_rows)
    return extracted


_COVERS, _DIGEST = b"newsfold.covers", b"newsfold.digest"
_CAPS = (Reject.TIMEOUT, Reject.MEMORY)
_MACHINE = (*_CAPS, Reject.MACHINE_FAULT)
_READINGS = 3  # of a file that the storage fails to give; between them lies the reading of all others
LOST = (
    OSError,
    NewsfoldError,
    pa.ArrowException,
    ValueError,
    KeyError,
)  # what a segment raises that can't be read


def extract_files(
    landing: Storage,
    warehouse: Warehouse,
    engine: Engine[Any],
    settings: Settings,
    day: date,
    files: Sequence[Entry],
) -> pa.Table:
    """EXTRACTED rows of the files in the order of their key, from the segments that cover them and, for the rest, from the files.

    Raises InputChangedError when a file is replaced while it is read.
    """
    rules, wanted, found = rules_of(settings), {file_version(f) for f in files}, [EXTRACTED.empty()]
    segments = _segments(warehouse.storage, day, rules)
    for segment, covered in segments.items():
        rows = _of_files(warehouse.storage, segment, covered.files & wanted)
        if rows is not None:
            found.append(rows)
            wanted -= covered.files
    new = [f for f in files if file_version(f) in wanted]
    if new:
        lasting = accounts.given_up(warehouse.manifest(RUNS, day), caps_of_machine(settings))
        parsed = _parsed_before(warehouse.storage, segments, new, lasting)
        found.append(_read_and_extract(landing, engine, settings, day, new, parsed))
        _refuse_changed(landing, day, new)
        _keep(warehouse.storage, day, found[-1], new, rules)
    return EXTRACTED.arrange(pa.concat_tables(found))


def days_stored(storage: Storage) -> list[date]:
    """The days that have stored segments, oldest first."""
    return days_among(storage.folders(layout.EXTRACTED))


def segments_of(storage: Storage, day: date) -> Iterator[Entry]:
    """The stored segments of a day."""
    folder = layout.in_day(layout.EXTRACTED, day)
    return (entry for entry in storage.walk(folder) if entry.path.rpartition("/")[0] == folder)


def every_segment(storage: Storage) -> dict[date, list[Entry]]:
    """The stored segments of all days, in one listing."""
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in storage.walk(layout.EXTRACTED):
        folder = entry.path.rpartition("/")[0]
        for day in days_among([folder.removeprefix(f"{layout.EXTRACTED}/")]):
            found[day].append(entry)
    return found


def refuse_damaged(storage: Storage, day: date, segment: Entry) -> None:
    """Read all of a segment; raises DamagedError where it is not as it was written."""
    with damage.named(storage, segment.path), storage.open(segment.path, segment.version) as handle:
        covered = (_whole(handle).schema.metadata or {}).get(_COVERS, b"")
        if layout.extracted_part(day, _key_of(covered)) != segment.path:
            raise ValueError("it does not say what its name says")


def _whole(handle: BinaryIO) -> pa.Table:
    """The rows of a segment; raises ValueError where they are not those that were written. Earlier versions kept no digest."""
    rows = parquet.read(handle)
    digest = (rows.schema.metadata or {}).get(_DIGEST)
    if digest is not None and digest.decode("ascii", "replace") != parquet.digest(rows):
        raise ValueError("its rows are not those that were written")
    return rows


@dataclass(frozen=True)
class Covers:
    """The files, with their versions, of which a segment has every document, and those of which it has some."""

    files: set[str]
    partly: set[str]

    @property
    def paths(self) -> set[str]:
        return set(map(_path_of, self.files | self.partly))


def covers(storage: Storage, segment: str, rules: str) -> Covers:
    """What a segment covers; nothing when it was made by other rules, is not there any more, or cannot be read."""
    try:
        with storage.open(segment) as handle:
            return covered_by(head_of(handle), rules)
    except LOST as error:
        _warn_of_lost(storage, segment, error)
    return Covers(set(), set())


def head_of(segment: BinaryIO) -> bytes:
    """What a segment says of itself: `covered_by` reads it."""
    return (pq.read_schema(segment).metadata or {}).get(_COVERS, b"{}")


def covered_by(head: bytes, rules: str) -> Covers:
    """What a segment with this head covers; nothing when it was made by other rules. Raises ValueError or KeyError when it is damaged."""
    found = json.loads(head)
    if found.get("rules") != rules:
        return Covers(set(), set())
    return Covers(set(found["files"]), set(found["partly"]))


def caps_of(settings: Settings) -> Caps:
    """The caps that the settings name."""
    return Caps(**{f.name: getattr(settings, f.name) for f in fields(Caps)})


def rules_of(settings: Settings) -> str:
    """What an extraction depends on besides the document: rules, extractor and caps, as text."""
    caps = (settings.max_document_bytes, settings.max_nodes, settings.max_depth)
    names = f"; columns {settings.columns}" if settings.columns else ""
    return f"{inputs.of_rules('extract')}; {settings.extractor}; caps {caps}; contract {VERSION}{names}"


def caps_of_machine(settings: Settings) -> str:
    """What decides, besides the document and the machine, whether a cap of the machine strikes: a digest of rules and caps."""
    caps = {"cpu": str(settings.max_cpu_seconds), "memory": str(settings.max_memory_mb)}
    return inputs.of_mapping({"rules": rules_of(settings), **caps})


def capped_among(extracted: pa.Table) -> list[str]:
    """The documents that a cap of the machine struck, by raw_digest."""
    struck = extracted.filter(is_in(extracted["reason"], pa.array(_CAPS)))
    return sorted(set(texts(struck["raw_digest"])))


def file_version(file: Entry) -> str:
    """A file in its version."""
    return f"{file.path}|{file.version}"


def _key_of(covered: bytes) -> str:
    """The key of the segment that covers this."""
    return hashlib.blake2b(covered, digest_size=8).hexdigest()


def _path_of(file_version: str) -> str:
    return file_version.rsplit("|", 1)[0]


def _segments(storage: Storage, day: date, rules: str) -> dict[str, Covers]:
    """The stored segments of a day that were made by these rules, with what each covers."""
    found = {e.path: covers(storage, e.path, rules) for e in sorted(segments_of(storage, day))}
    return {path: covered for path, covered in found.items() if covered.paths}


def _read_segment(storage: Storage, segment: str) -> pa.Table | None:
    try:
        with storage.open(segment) as handle:
            return EXTRACTED.conform(_whole(handle))
    except LOST as error:
        _warn_of_lost(storage, segment, error)
        return None


def _warn_of_lost(storage: Storage, segment: str, error: Exception) -> None:
    if not isinstance(error, FileNotFoundError):  # cleaned away since it was listed
        log.warning("%s: %s cannot be read and is made again: %s", storage.uri, segment, error)


def _of_files(storage: Storage, segment: str, versions: set[str]) -> pa.Table | None:
    rows = _read_segment(storage, segment) if versions else None
    paths = pa.array(sorted(spelt(_path_of(v)) for v in versions), pa.string())
    return None if rows is None else rows.filter(pc.is_in(paths_of(rows["raw_ref"]), value_set=paths))


def _parsed_before(
    storage: Storage, segments: dict[str, Covers], files: list[Entry], lasting: set[str]
) -> pa.Table:
    """Rows of the segments that cover the files in another version, or partly. Of documents that a cap struck, those that are given up
    (`lasting`, by raw_digest), and only where no segment has more of them.
    """
    paths = {f.path for f in files}
    earlier = [segment for segment, covered in segments.items() if paths & covered.paths]
    rows = pa.concat_tables(
        [EXTRACTED.empty(), *(rows for p in earlier if (rows := _read_segment(storage, p)) is not None)]
    )
    capped, is_lasting = is_struck(rows), is_in(rows["raw_digest"], pa.array(sorted(lasting), pa.string()))
    return pa.concat_tables([rows.filter(pc.invert(capped)), rows.filter(both(capped, is_lasting))])


def _read_and_extract(
    landing: Storage, engine: Engine[Any], settings: Settings, day: date, files: list[Entry], parsed: pa.Table
) -> pa.Table:
    """EXTRACTED rows of the files. Those that the storage failed to give are read again, a few times, for what is not parsed yet."""
    rows = EXTRACTED.arrange(_extract(landing, engine, settings, day, files, parsed))
    for _ in range(_READINGS - 1):
        failed = _files_of(rows, _is_unread(rows))
        if not (again := [f for f in files if spelt(f.path) in failed]):
            break
        is_of_failed = pc.is_in(paths_of(rows["raw_ref"]), value_set=pa.array(sorted(failed), pa.string()))
        known = rows.filter(pc.and_not(is_of_failed, is_struck(rows)))
        more = _extract(landing, engine, settings, day, again, pa.concat_tables([parsed, known]))
        rows = EXTRACTED.arrange(pa.concat_tables([rows.filter(pc.invert(is_of_failed)), more]))
    _warn_of_faults(day, rows)
    return rows


def _is_unread(rows: pa.Table) -> ChunkedArray:
    """Whether the storage failed to give a file from here on. (What a parser met was tried again where it was parsed.)"""
    return both(_is_fault(rows), filled(equals(rows["stage"], "read"), False))


def _is_fault(rows: pa.Table) -> ChunkedArray:
    return filled(equals(rows["reason"], Reject.MACHINE_FAULT), False)


def is_struck(rows: pa.Table) -> ChunkedArray:
    """Whether the outcome of a document depends on the machine: a cap struck, or the machine failed."""
    return is_in(rows["reason"], pa.array(_MACHINE))


def _files_of(rows: pa.Table, of_interest: ChunkedArray) -> set[str]:
    return set(texts(paths_of(rows.filter(of_interest)["raw_ref"])))


def _warn_of_faults(day: date, rows: pa.Table) -> None:
    struck = rows.filter(_is_fault(rows))
    if struck.num_rows:
        first = struck.slice(0, 1).to_pylist()[0]
        log.warning(
            "day=%s: the machine failed to read %d documents, the first is %s (%s); the day stays stale until a run reads them",
            day,
            struck.num_rows,
            first["raw_ref"],
            first["detail"],
        )


def _extract(
    landing: Storage, engine: Engine[Any], settings: Settings, day: date, files: list[Entry], parsed: pa.Table
) -> pa.Table:
    reader = partial(
        read.read_raw, landing, max_document_bytes=settings.max_document_bytes, columns=settings.columns
    )
    pieces = pack(files, max(1, len(files) // 256))
    raw = engine.read(pieces, reader, RAW)
    parse = partial(extract, day=day, caps=caps_of(settings), extractor=settings.extractor)
    stage = partial(_parse_new, parse=parse, parsed=parsed) if parsed.num_rows else parse
    return engine.collect(engine.map(stage, raw, EXTRACTED))


def _parse_new(raw: pa.Table, parse: Any, parsed: pa.Table) -> pa.Table:
    """Parse the documents that are not among those parsed before; take the others from there, under their new names."""
    digests = pa.array(raw_digests(raw), pa.string())
    at = pc.index_in(digests, value_set=parsed["raw_digest"].combine_chunks())
    known = raw["raw_ref"].filter(at.is_valid())
    rows = parsed.take(at.drop_null()).set_column(0, EXTRACTED.schema.field("raw_ref"), known)
    return pa.concat_tables([parse(raw.filter(at.is_null())), EXTRACTED.conform(rows)])


def _refuse_changed(landing: Storage, day: date, files: list[Entry]) -> None:
    standing = {file_version(f) for f in landing.walk(folder_of(day))}
    for file in files:
        if file_version(file) not in standing:
            raise InputChangedError(f"{landing.uri}: {file.path} was replaced while it was being read")


def _keep(storage: Storage, day: date, rows: pa.Table, files: list[Entry], rules: str) -> None:
    """Store a segment without what the machine failed to read; the next run tries that again, and what a cap struck, until it
    is given up.
    """
    of_machine = is_struck(rows)
    struck = _files_of(rows, of_machine)
    whole = sorted(file_version(f) for f in files if spelt(f.path) not in struck)
    partly = sorted(file_version(f) for f in files if spelt(f.path) in struck)
    covered = json.dumps({"rules": rules, "files": whole, "partly": partly}).encode()
    kept = EXTRACTED.arrange(rows.filter(pc.invert(_is_fault(rows))))
    table = kept.replace_schema_metadata({_COVERS: covered, _DIGEST: parquet.digest(kept).encode()})
    storage.replace(
        layout.extracted_part(day, _key_of(covered)),
        lambda sink: pq.write_table(table, sink, compression="zstd", write_page_checksum=True),
    )
