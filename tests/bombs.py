"""Small files of every format that unpack, parse or repeat to very much."""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.delivered import HTML, record, reply

MEGABYTE = 1_000_000
MOST_BYTES = 5 * MEGABYTE  # of a document, for whoever reads these
LINE = 15 * MEGABYTE  # not yet too long for a line of JSON then
TEXT = "The harbour closed on Friday, and the ferries stayed in port."


def times(piece: bytes, n_bytes: int = 10 * MEGABYTE) -> bytes:
    return piece * (n_bytes // len(piece))


def gzipped(piece: bytes) -> bytes:
    """Members of 10 MB: as good as one, and made in no time."""
    return gzip.compress(times(piece), 9) * n_members(piece)


def n_members(piece: bytes) -> int:
    """A gigabyte; less of what gives many rows, as each of them costs time."""
    return 10 if piece in ROWS else 100


def framed(writer: str, piece: bytes) -> bytes:
    from fastwarc import stream_io

    sink = io.BytesIO()
    packer = getattr(stream_io, writer)(sink)
    packer.write(times(piece))
    packer.finish()
    packer.flush()
    return sink.getvalue() * n_members(piece)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzipped,
    ".zst": lambda piece: framed("ZstdWriter", piece),
    ".lz4": lambda piece: framed("Lz4Writer", piece),
}


def brotli(n_bytes: int) -> bytes:
    return bytes(pa.compress(b"x" * n_bytes, codec="brotli", asbytes=True))


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def http(body: bytes, *headers: str) -> bytes:
    return record("response", reply(body, HTML, *headers))


ROWS = (b"{}\n", b'{"text":"a"}\n', b"1,\n", b'["', b"WARC/1.0\r\nA: b\r\n\r\n")
CONTENTS = {
    "page.html": b"<p>",
    "page.txt": b"x ",
    "empty.jsonl": b"{}\n",
    "blank.ndjson": b"\n",
    "short.jsonl": b'{"text":"a"}\n',
    "line.jsonl": b"x",
    "brackets.json": b"[",
    "numbers.json": b"1,\n",
    "objects.json": b"{},",
    "string.json": b'["',
    "headers.warc": b"WARC/1.0\r\nA: b\r\n\r\n",
    "nothing.warc": b"x",
    "blank.wet": b"\r\n",
}


LINES: dict[str, Callable[[], bytes]] = {
    "wide": lambda: json.dumps({"text": "😀" + "x" * LINE}, ensure_ascii=False).encode(),
    "escapes": lambda: b'{"text":"' + b"\\u4e00" * (LINE // 6) + b'"}',
    "nested": lambda: b'{"a":' * 190_000,
    "values": lambda: b'{"text":"a","more":[' + b",".join([b"[]"] * 4_000_000) + b"]}",
    "many values": lambda: b'{"text":"a","more":[' + b",".join([b"{}"] * 195_000) + b"]}",
    "names": lambda: b"{" + b",".join(b'"%d%s":1' % (n, b"k" * 60) for n in range(195_000)) + b"}",
    "records": lambda: b'{"articles":[' + b",".join([b'{"text":"a"}'] * 95_000) + b"]}",
    "paragraphs": lambda: json.dumps({"text": ["😀" + "x" * 60] * 190_000}, ensure_ascii=False).encode(),
    "figures": lambda: b'{"text":"a","id":' + b"9" * LINE + b"}",
    "authors": lambda: json.dumps({"text": TEXT, "authors": "Ann Doe, " * 1_500_000}).encode(),
    "utf-16": lambda: json.dumps({"text": "x" * (LINE // 2)}).encode("utf-16"),
    "unclosed": lambda: b'{"text":"\xff' + b"<script <" * 300_000 + b'"}',
}

WARCS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: http(gzipped(b"x"), "Content-Encoding: gzip"),
    "unsaid gzip": lambda: http(gzipped(b"x")),
    "deflate": lambda: http(zlib.compress(b"x" * (250 * MEGABYTE), 9), "Content-Encoding: deflate"),
    "brotli": lambda: http(brotli(250 * MEGABYTE), "Content-Encoding: br"),
    "zstd": lambda: http(PACKED[".zst"](b"x"), "Content-Encoding: zstd"),
    "twice": lambda: http(gzip.compress(gzipped(b"x")), "Content-Encoding: gzip, gzip"),
    "often": lambda: http(gzip.compress(b"x" * 1_000), "Content-Encoding: " + ", ".join(["gzip"] * 200_000)),
    "fields": lambda: http(b"x", *(f"X-{n}: y" for n in range(500_000))),
    "chunks": lambda: http(b"1\r\nx\r\n" * 2_000_000, "Transfer-Encoding: chunked"),
    "length": lambda: http(b"x").replace(b"Content-Length: ", b"Content-Length: 99999999999"),
    "bodies": lambda: http(brotli(4 * MEGABYTE), "Content-Encoding: br") * 400,
}

TABLES: dict[str, Callable[[], bytes]] = {
    "repeats": lambda: parquet({"text": ["t" * 4 * MEGABYTE] * 120}),
    "nulls": lambda: parquet({"text": pa.nulls(5_000_000, pa.string())}),
    "page": lambda: parquet(
        {"text": pa.array(["x" * MEGABYTE] * 600, pa.large_string())},
        compression="zstd",
        use_dictionary=False,
        data_page_size=10**10,
    ),
    "brotli": lambda: parquet(
        {"text": pa.array(["x" * MEGABYTE] * 250, pa.large_string())},
        compression="brotli",
        use_dictionary=False,
        data_page_size=10**10,
    ),
    "lists": lambda: parquet({"text": [["x"] * 3_000_000] * 3}),
    "long list": lambda: parquet({"authors": [["Ann"] * 9_000_000], "text": [TEXT]}),
    "maps": lambda: parquet(
        {"text": pa.array([[("a", "x")] * 10] * 100_000, pa.map_(pa.string(), pa.string()))}
    ),
    "shared": lambda: parquet(
        {"text": ["t" * 4 * MEGABYTE] * 120},
        use_dictionary=False,
        column_encoding={"text": "DELTA_BYTE_ARRAY"},
    ),
    "columns": lambda: parquet({name: ["t" * 4 * MEGABYTE] * 64 for name in ("text", "title", "url")}),
    "objects": lambda: parquet({"html": [{"content": "t" * 4 * MEGABYTE}] * 120}),
    "row groups": lambda: parquet({"text": [TEXT] * 2_000}, row_group_size=1),
}

FRAMES: dict[str, Callable[[], bytes]] = {  # that say how much they unpack to, and lie
    "window.html.zst": lambda: b"\x28\xb5\x2f\xfd\x00\xb0" + b"\x02\x00\x00x" + bytes(20),
    "content.jsonl.zst": lambda: b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 7 + b"\x00" + b"\x02\x00\x00x",
}


def _once(make: Callable[[], bytes], form: bytes) -> bytes:
    return gzip.compress(form % make(), 1)


BOMBS: dict[str, Callable[[], bytes]] = {
    **{f"{name}.gz": partial(gzipped, content) for name, content in CONTENTS.items()},
    **{
        f"{name}{ending}": partial(PACKED[ending], CONTENTS[name])
        for name in ("page.html", "line.jsonl", "nothing.warc", "empty.jsonl")
        for ending in (".zst", ".lz4")
    },
    **{f"{name}.jsonl.gz": partial(_once, make, b"%b") for name, make in LINES.items()},
    **{f"{name}.json.gz": partial(_once, make, b"[%b]") for name, make in LINES.items()},
    **{f"{name}.warc.gz": partial(_once, make, b"%b") for name, make in WARCS.items()},
    **{f"{name}.parquet": make for name, make in TABLES.items()},
    **FRAMES,
}
