"""Files of a landing zone, and what is read from them."""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.landing.files import list_files
from pipeline.landing.read import read_raw
from pipeline.model.internal_tables import RAW
from pipeline.store.local import LocalStorage

DAY = date(2026, 3, 5)

FOLDER = "day=2026-03-05"

PAGE = b"<html><body><p>The council met.</p></body></html>"


def put(zone: Path, name: str, content: bytes, folder: str = FOLDER) -> Path:
    path = zone / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read(zone: Path, max_bytes: int = 1_000_000) -> list[dict[str, Any]]:
    storage = LocalStorage(zone)
    tables = read_raw(storage, list_files(storage, DAY), max_bytes)
    return [row for table in tables for row in RAW.conform(table).to_pylist()]


def read_one(zone: Path, name: str, content: bytes, max_bytes: int = 1_000_000) -> dict[str, Any]:
    put(zone, name, content)
    (row,) = read(zone, max_bytes)
    return row


def outcome(rows: Iterable[dict[str, Any]]) -> list[tuple[str, object]]:
    """What became of each record, by its number: its body, or the reason."""
    return [(row["raw_ref"].split("#")[1], row["reason"] or row["body"]) for row in rows]


def peak_bytes(run: Callable[[], Any]) -> tuple[Any, int]:
    tracemalloc.start()
    try:
        return run(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(r).encode() + b"\n" for r in records)


def record(
    kind: str, block: bytes, uri: str = "http://x/", type_: str = "application/http; msgtype=response"
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2026-03-05T10:11:12Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {type_}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


HTML = "Content-Type: text/html; charset=ISO-8859-2"


def every_kind(zone: Path) -> Iterator[Path]:
    yield put(zone, "a.html", PAGE)
    yield put(zone, "b.jsonl.gz", gzip.compress(lines({"text": "A"}, {"html": "<p>B"})))
    yield put(
        zone,
        "c.warc.gz",
        gzip.compress(record("response", reply(gzip.compress(PAGE), HTML, "Content-Encoding: gzip"))),
    )
    path = put(zone, "d.parquet", b"")
    pq.write_table(pa.table({"text": ["a", "b"]}), path)
    yield path
