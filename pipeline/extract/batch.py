"""Raw documents to text and what they say about themselves.

The result for a document is a function of its bytes and of what was delivered with them. Each is parsed in a
child process under caps; the caps that decide (bytes, nodes, depth) are the same on every machine.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.extract.sandbox import Failure, Limits, guard, to_ipc
from pipeline.model.arrow import ChunkedArray, both, equals
from pipeline.model.contract import Row
from pipeline.model.internal_tables import EXTRACTED, RAW

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caps:
    """What one document may have (bytes, nodes, depth) and its parser may use (CPU time, memory): settings of these names."""

    max_document_bytes: int
    max_nodes: int
    max_depth: int
    max_cpu_seconds: float
    max_memory_mb: int


def limits_of(caps: Caps) -> Limits:
    """What a parser may use for one document, or for texts that are handed over together."""
    return Limits(caps.max_cpu_seconds, caps.max_memory_mb * 1_000_000)


# Texts are handed over together, since a message for each costs half as much as reading it. All of them take less time than one
# document may. A page is worth a message of its own.
_LEAST_LIGHT, _LIGHT_BYTES = 32, 4_000_000

Reader = Callable[[pa.Table], list[Any]]  # jobs -> for each a list of rows, or a Failure
DECLARED = "declared_language"  # by its page, in a row whose language is left to be told


def extract(raw: pa.Table, *, day: date, caps: Caps, extractor: str = "trafilatura") -> pa.Table:
    """RAW to EXTRACTED, one row for each row.

    A row that was rejected before stays one. Documents with the same body are parsed once. `extractor` is
    `trafilatura` or, 1.5 times faster and less exact, `resiliparse`.
    """
    raw = RAW.conform(raw).combine_chunks()

    def read(function: str, jobs: pa.Table) -> list[Any]:
        reading = guard(f"pipeline.extract.{function}", limits_of(caps))
        return reading.run(jobs, day=day, caps=caps, extractor=extractor)

    if _is_light(raw):
        (made,) = read("light:read_light", pa.table({"raw": [to_ipc(raw).to_pybytes()]}))
        if (rows := with_languages(made)) is not None:
            return rows

    def read_each(jobs: pa.Table) -> list[Any]:
        results = read("document:read_untold", jobs)
        return results if put_languages(results) else read("document:read_document", jobs)

    return extract_with(read_each, raw)


def _is_light(raw: pa.Table) -> bool:
    """Whether there are many texts and no page, and few bytes of them: one that fails costs that all are read again, one by one."""
    if raw.num_rows < _LEAST_LIGHT or raw["body"].nbytes > _LIGHT_BYTES:
        return False
    is_text = pc.or_kleene(equals(raw["media"], "text"), raw["body"].is_null())
    return pc.all(is_text, skip_nulls=False).as_py() is True


def with_languages(made: object) -> pa.Table | None:
    """What a child made of texts that were handed over together: EXTRACTED, and the languages of texts that have none yet. These are
    told together, in this process: a child loads no compiled loops. None where either failed, so that each text is read by itself.
    """
    if not isinstance(made, bytes):
        return None
    rows = pa.ipc.open_stream(made).read_all()
    is_asked = both(rows["text"].is_valid(), rows["language"].is_null())
    told = _languages_of(rows["text"].filter(is_asked).to_pylist())
    if told is None:
        return None
    languages = pc.replace_with_mask(
        rows["language"].combine_chunks(), is_asked.combine_chunks(), pa.array(told, pa.string())
    )
    return EXTRACTED.conform(rows.set_column(rows.column_names.index("language"), "language", languages))


def put_languages(results: Iterable[list[Row] | Failure]) -> bool:
    """Put the languages into the rows of documents for which they are left to be told; whether they could be told."""
    read = (result for result in results if not isinstance(result, Failure))
    rows = [row for result in read for row in result if DECLARED in row]
    told = _languages_of([row["text"] for row in rows], [row.pop(DECLARED) for row in rows])
    for row, language in zip(rows, told or (), strict=False):
        row["language"] = language
    return told is not None


def _languages_of(texts: list[Any], declared: list[str | None] | None = None) -> list[str | None] | None:
    from pipeline.extract.languages import identify_all  # not above: children load this module

    if not texts:
        return []
    try:
        return identify_all(texts, *([declared] if declared else []))
    except Exception as error:  # noqa: BLE001 - whatever it is, it costs one document: a child tells of which
        log.warning(
            "languages of %d texts are told one by one: %s: %s", len(texts), type(error).__name__, error
        )
        return None


def extract_with(read: Reader, raw: pa.Table) -> pa.Table:
    """RAW to EXTRACTED, as `read` reads a document."""
    rows = raw.drop_columns("body").to_pylist()
    bodies = _body_digests(raw["body"])
    groups: dict[object, list[int]] = {}
    for n, row in enumerate(rows):
        if row["reason"] is None:
            groups.setdefault((bodies[n], row["media"], row["charset"]), []).append(n)
    results = read(_jobs(raw, rows, list(groups.values())))
    found: dict[int, Row] = {}
    for same, result in zip(groups.values(), results, strict=True):
        found |= zip(same, _parts(result, len(same)), strict=True)
    return EXTRACTED.table([_extracted(row, bodies[n], found.get(n)) for n, row in enumerate(rows)])


def raw_digests(raw: pa.Table) -> list[str]:
    """What EXTRACTED calls raw_digest, for each row of RAW, before anything is parsed."""
    rows = raw.drop_columns("body").to_pylist()
    return [_digest(row, body) for row, body in zip(rows, _body_digests(raw["body"]), strict=True)]


def _body_digests(bodies: ChunkedArray) -> list[bytes]:
    """BLAKE2b of each body, without copying it."""
    return [hashlib.blake2b(body.as_buffer() or b"", digest_size=16).digest() for body in bodies]


def _jobs(raw: pa.Table, rows: list[Row], groups: list[list[int]]) -> pa.Table:
    """One row for each group of equal documents: what is the same, and the hints of each."""
    firsts = raw.select(["body", "media", "charset"]).take(pa.array([same[0] for same in groups], pa.int64()))
    hints = pa.array(
        [[{name: rows[n][name] for name in _HINTS} for n in same] for same in groups], _HINTS_TYPE
    )
    return firsts.append_column("hints", hints)


_HINTS = ("url", "title", "outlet", "published_at", "published_precision", "fetched_at", "authors")
_HINTS_TYPE = pa.list_(pa.struct([RAW.schema.field(name) for name in _HINTS]))


def _parts(result: list[Row] | Failure, n: int) -> list[Row]:
    if isinstance(result, Failure):
        return [{"reason": result.reason, "detail": result.detail}] * n
    return result


def _extracted(row: Row, body: bytes, found: Row | None) -> Row:
    fixed = {
        "raw_ref": row["raw_ref"],
        "raw_digest": _digest(row, body),
        "url": row["url"],
        "authors": [],
        "dropped": [],
        "fetched_at": row["fetched_at"],
        "is_paywalled": False,
        "is_cut": row["is_cut"],
        "record_key": _record_key(row),
    }
    if found is None:
        return {**fixed, "stage": "read", "reason": row["reason"], "detail": row["detail"]}
    return {**fixed, **found, "stage": "extract" if found.get("reason") else None}


def _record_key(row: Row) -> str | None:
    """What tells a record without an address from others of its file."""
    if row["given_id"] is None and row["outlet"] is None:
        return None
    return f"{row['given_id'] or ''}\n{row['outlet'] or ''}"


def _digest(row: Row, body: bytes) -> str:
    """Of the body and of everything delivered with it; where it was delivered is not part of a document."""
    delivered = [row[name] for name in ("media", "charset", *_HINTS, "reason", "detail")]
    delivered += ["is_cut"] if row["is_cut"] else []
    delivered += [row["given_id"]] if row["given_id"] else []
    # Not `repr`, which spells what this Python's tables of Unicode do not know.
    return hashlib.blake2b(ascii(delivered).encode() + body, digest_size=16).hexdigest()
