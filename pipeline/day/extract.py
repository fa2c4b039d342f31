"""The day's extracted documents, parsed once.

Extraction is nearly all of a run's work and a function of one document alone, so its result is kept: in segments
under `_meta/state/extracted/day=…/`, each of which says in its metadata which landing files it covers, in which
version, and by which rules it was made. A file that a segment covers is not read again; of a file that has grown,
documents that some segment has are read but not parsed again.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean import removed
from pipeline.clean.removed import Removals
from pipeline.day import accounts, inputs, read_apart, segments
from pipeline.day.desk import WorkDesk
from pipeline.day.documents import Documents
from pipeline.day.segments import Covers, Texts
from pipeline.engines.engine import Engine
from pipeline.extract.batch import Caps, extract, raw_digests
from pipeline.landing import read, spans
from pipeline.landing.files import pack
from pipeline.model.arrow import ChunkedArray, both, equals, filled, is_in, n_true, texts
from pipeline.model.contract import VERSION
from pipeline.model.days import folder_of
from pipeline.model.errors import InputChangedError
from pipeline.model.internal_tables import EXTRACTED, RAW
from pipeline.model.kinds import Reject
from pipeline.model.raw_refs import paths_of, spelt
from pipeline.model.tables import RUNS
from pipeline.settings import Settings
from pipeline.store import removals
from pipeline.store.storage import Entry, Storage
from pipeline.store.warehouse import Warehouse

log = logging.getLogger(__name__)


def extract_day(desk: WorkDesk, day: date, files: Sequence[Entry]) -> pa.Table:
    """The files' raw documents, extracted; files that were extracted before and have not changed are not read."""
    extracted = extract_files(desk.landing, desk.warehouse, desk.engine, desk.settings, day, files)
    log.info("extracted day=%s files=%d raw=%d", day, len(files), extracted.num_rows)
    return extracted


def documents_of(desk: WorkDesk, day: date, files: Sequence[Entry]) -> Documents:
    """What `extract_day` gives. Where one stored segment has these documents and no others, it is read when a stage asks for it."""
    standing = None
    if not removals.read(desk.warehouse.storage):
        wanted = {segments.file_version(f) for f in files}
        standing = segments.sole_segment(desk.warehouse.storage, day, rules_of(desk.settings), wanted)
    if standing is None:
        return Documents.at_hand(extract_day(desk, day, files))
    names, digest = standing
    log.info("extracted before day=%s files=%d raw=%d", day, len(files), names.num_rows)
    return Documents(names, digest, partial(extract_day, desk, day, files))


_CAPS = (Reject.TIMEOUT, Reject.MEMORY)
_MACHINE = (*_CAPS, Reject.MACHINE_FAULT)
_READINGS = 3  # of a file that the storage fails to give; between them lies the reading of all others


def extract_files(
    landing: Storage,
    warehouse: Warehouse,
    engine: Engine[Any],
    settings: Settings,
    day: date,
    files: Sequence[Entry],
) -> pa.Table:
    """EXTRACTED rows of the files in the order of their key, from the segments that cover them and, for the rest, from the files.

    A document that was removed is a row that says so, here and in the segments: nothing else of it is kept. Raises InputChangedError
    when a file is replaced while it is read.
    """
    rules, wanted, found = rules_of(settings), {segments.file_version(f) for f in files}, [EXTRACTED.empty()]
    listed = removals.read(warehouse.storage)
    stored, kept = _stored(warehouse.storage, day, rules, listed), Texts(warehouse.storage, day)
    for segment, covered in stored.items():
        rows = segments.of_files(warehouse.storage, segment, covered.files & wanted, kept)
        if rows is not None:
            found.append(rows)
            wanted -= covered.files
    new = [f for f in files if segments.file_version(f) in wanted]
    if new:
        lasting = accounts.given_up(warehouse.manifest(RUNS, day), caps_of_machine(settings))
        parsed = _parsed_before(warehouse.storage, stored, new, lasting, kept)
        rows = _read_and_extract(landing, engine, settings, day, new, parsed)
        found.append(removed.take_out(rows, listed, day))
        _refuse_changed(landing, day, new)
        _keep(warehouse.storage, day, found[-1], new, rules)
    return EXTRACTED.arrange(removed.without_keys(pa.concat_tables(found)))


def _stored(storage: Storage, day: date, rules: str, listed: Removals) -> dict[str, Covers]:
    """The day's segments that were made by these rules, as the list of removals says, with what each covers."""
    found = segments.every_segment(storage, day, rules)
    if not listed and not any(covered.removals for covered in found.values()):
        return found
    segments.honour(storage, day, listed)
    return segments.every_segment(storage, day, rules)


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


def _parsed_before(
    storage: Storage, stored: dict[str, Covers], files: list[Entry], lasting: set[str], kept: Texts
) -> pa.Table:
    """Rows of the segments that cover the files in another version, or partly. Of documents that a cap struck, those that are given up
    (`lasting`, by raw_digest), and only where no segment has more of them.
    """
    paths = {f.path for f in files}
    earlier = [segment for segment, covered in stored.items() if paths & covered.paths]
    rows = pa.concat_tables(
        [
            EXTRACTED.empty(),
            *(rows for p in earlier if (rows := segments.read_segment(storage, p, kept)) is not None),
        ]
    )
    rows = rows.filter(pc.invert(removed.is_removed(rows)))  # nothing of these is kept
    capped, is_lasting = is_struck(rows), is_in(rows["raw_digest"], pa.array(sorted(lasting), pa.string()))
    return pa.concat_tables([rows.filter(pc.invert(capped)), rows.filter(both(capped, is_lasting))])


def _read_and_extract(
    landing: Storage, engine: Engine[Any], settings: Settings, day: date, files: list[Entry], parsed: pa.Table
) -> pa.Table:
    """EXTRACTED rows of the files. Those that the storage failed to give are read again, a few times, for what is not parsed yet."""
    # Where some are parsed already, each record is looked up among these, so this process must read it.
    apart = not parsed.num_rows and any(map(spans.may_have, files))
    made = (
        _extract_apart(landing, engine, settings, day, files)
        if apart
        else _extract(landing, engine, settings, day, files, parsed)
    )
    rows = EXTRACTED.arrange(made)
    for _ in range(_READINGS if apart else _READINGS - 1):  # what can't be cut into spans is read once more
        failed = segments.files_among(rows, _is_unread(rows))
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
    """EXTRACTED rows of the files; documents that are among those parsed before are taken from there."""
    parse = partial(extract, **_rules(settings, day))
    stage = partial(_parse_new, parse=parse, parsed=parsed) if parsed.num_rows else parse
    return _mapped(read.read_raw, landing, engine, settings, files, stage)


def _extract_apart(
    landing: Storage, engine: Engine[Any], settings: Settings, day: date, files: list[Entry]
) -> pa.Table:
    """EXTRACTED rows of the files; large ones are read in the processes that parse their documents, if they can be cut into spans."""
    stage = partial(read_apart.extract, **_rules(settings, day), columns=settings.columns)
    return _mapped(read.read_spans, landing, engine, settings, files, stage)


def _rules(settings: Settings, day: date) -> dict[str, Any]:
    return {"day": day, "caps": caps_of(settings), "extractor": settings.extractor}


def _mapped(
    reader: Callable[..., Iterator[pa.Table]],
    landing: Storage,
    engine: Engine[Any],
    settings: Settings,
    files: list[Entry],
    stage: Callable[[pa.Table], pa.Table],
) -> pa.Table:
    pieces = pack(files, max(1, len(files) // 256))
    bounds = {"max_document_bytes": settings.max_document_bytes, "columns": settings.columns}
    raw = engine.read(pieces, partial(reader, landing, **bounds), RAW)
    return engine.collect(engine.map(stage, raw, EXTRACTED))


def _parse_new(raw: pa.Table, parse: Any, parsed: pa.Table) -> pa.Table:
    """Parse the documents that are not among those parsed before; take the others from there, under their new names."""
    digests = pa.array(raw_digests(raw), pa.string())
    at = pc.index_in(digests, value_set=parsed["raw_digest"].combine_chunks())
    known = raw["raw_ref"].filter(at.is_valid())
    rows = parsed.take(at.drop_null()).set_column(0, EXTRACTED.schema.field("raw_ref"), known)
    return pa.concat_tables([parse(raw.filter(at.is_null())), EXTRACTED.conform(rows)])


def _refuse_changed(landing: Storage, day: date, files: list[Entry]) -> None:
    standing = {segments.file_version(f) for f in landing.walk(folder_of(day))}
    for file in files:
        if segments.file_version(file) not in standing:
            raise InputChangedError(f"{landing.uri}: {file.path} was replaced while it was being read")


def _keep(storage: Storage, day: date, rows: pa.Table, files: list[Entry], rules: str) -> None:
    """Store a segment without what the machine failed to read; the next run tries that again, and what a cap struck, until it
    is given up.
    """
    of_machine = is_struck(rows)
    struck = segments.files_among(rows, of_machine)
    whole = sorted(segments.file_version(f) for f in files if spelt(f.path) not in struck)
    partly = sorted(segments.file_version(f) for f in files if spelt(f.path) in struck)
    faults = _is_fault(rows)
    kept = EXTRACTED.arrange(rows.filter(pc.invert(faults)) if n_true(faults) else rows)
    segments.write(
        storage, day, kept, segments.covering({"rules": rules, "files": whole, "partly": partly}, kept)
    )
