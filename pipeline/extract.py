"""Raw documents to text and what they say about themselves.

The result for a document is a function of its bytes and of what was delivered with them. Each is parsed in a
child process under caps; the caps that decide (bytes, nodes, depth) are the same on every machine.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.contracts import EXTRACTED, RAW
from pipeline.guard import Failure, Limits, guard

Row = dict[str, Any]

_HINTS = ("url", "title", "outlet", "published_at", "fetched_at")


@dataclass(frozen=True)
class Caps:
    """What one document may have (bytes, nodes, depth) and its parser may use (CPU time, memory)."""

    max_document_bytes: int = 20_000_000
    max_nodes: int = 200_000
    max_depth: int = 2_000
    max_cpu_seconds: float = 60
    max_memory_mb: int = 2_048


def extract(raw: pa.Table, *, day: date, caps: Caps, extractor: str = "trafilatura") -> pa.Table:
    """RAW to EXTRACTED, one row for each row.

    A row that was rejected before stays one. Documents with the same body are parsed once. `extractor` is
    `trafilatura` or, ten times faster and less exact, `resiliparse`.
    """
    rows = RAW.conform(raw).to_pylist()
    groups: dict[object, list[Row]] = {}
    for row in rows:
        if row["reason"] is None:
            groups.setdefault((row["body"], row["media"], row["charset"]), []).append(row)
    jobs = pa.Table.from_pylist([_job(same) for same in groups.values()], schema=_JOB)
    limits = Limits(caps.max_cpu_seconds, caps.max_memory_mb * 1_000_000)
    results = guard("pipeline.pages:read_document", limits).run(jobs, day=day, caps=caps, extractor=extractor)
    found = {
        row["raw_ref"]: part
        for same, result in zip(groups.values(), results, strict=True)
        for row, part in zip(same, _parts(result, len(same)), strict=True)
    }
    return EXTRACTED.table([_extracted(row, found.get(row["raw_ref"])) for row in rows])


_JOB = pa.schema(
    [
        *(RAW.schema.field(n) for n in ("body", "media", "charset")),
        pa.field("hints", pa.list_(pa.struct([RAW.schema.field(n) for n in _HINTS]))),
    ]
)


def _job(same: list[Row]) -> Row:
    return {
        **{n: same[0][n] for n in ("body", "media", "charset")},
        "hints": [{n: r[n] for n in _HINTS} for r in same],
    }


def _parts(result: list[Row] | Failure, n: int) -> list[Row]:
    if isinstance(result, Failure):
        return [{"reason": result.reason, "detail": result.detail}] * n
    return result


def _extracted(row: Row, found: Row | None) -> Row:
    fixed = {
        "raw_ref": row["raw_ref"],
        "raw_digest": _digest(row),
        "fetched_at": row["fetched_at"],
        "authors": [],
        "is_paywalled": False,
        "url": row["url"],
    }
    if found is None:
        return {**fixed, "stage": "read", "reason": row["reason"], "detail": row["detail"]}
    stage = "extract" if found.get("reason") else None
    return {**fixed, **found, "stage": stage}


def _digest(row: Row) -> str:
    """Of the body and of everything delivered with it; the path is not part of the document."""
    digest = hashlib.blake2b(digest_size=16)
    for name in ("media", "charset", *_HINTS, "reason", "detail", "body"):
        value = row[name]
        data = value if isinstance(value, bytes) else str(value).encode()
        digest.update(f"{name} {type(value).__name__} {len(data)} ".encode())
        digest.update(data)
    return digest.hexdigest()
