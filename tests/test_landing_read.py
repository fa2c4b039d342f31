"""Files of all formats become raw documents and rejects, whatever the machine does meanwhile."""

import errno
import gzip
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pytest
from fastwarc.stream_io import Lz4Writer, ZstdWriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.files import list_files, pack
from pipeline.landing.read import _READERS, read_raw
from pipeline.model.errors import PublishError
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry
from tests.delivered import (
    DAY,
    FOLDER,
    HTML,
    PAGE,
    every_kind,
    lines,
    peak_bytes,
    put,
    read,
    read_one,
    record,
    reply,
)
from tests.world import Breaking


@pytest.mark.parametrize("name", ["a.arc", "a.pdf", "a.html.bz2", "noending", "a.xml", "a.parquet.gz", "gz"])
def test_a_file_with_another_ending_is_a_reject(zone: Path, name: str) -> None:
    row = read_one(zone, name, PAGE)

    assert (row["raw_ref"], row["reason"]) == (f"{FOLDER}/{name}#0", Reject.UNKNOWN_FORMAT)


@pytest.mark.parametrize("ending", ["", ".gz", ".zst", ".zstd", ".lz4", ".GZ"])
@pytest.mark.parametrize("form", [".html", ".htm", ".txt", ".json", ".jsonl", ".ndjson", ".warc", ".wet"])
def test_every_format_may_be_compressed_in_every_way(zone: Path, form: str, ending: str) -> None:
    writers = {".gz": gzip.compress, ".zst": _packed(ZstdWriter), ".zstd": _packed(ZstdWriter), ".lz4": _packed(Lz4Writer)}  # fmt: skip
    content = {"html": PAGE, "htm": PAGE, "txt": b"The council met.", "warc": record("response", reply(PAGE, HTML)), "wet": record("response", reply(PAGE, HTML))}  # fmt: skip
    plain = content.get(form[1:], lines({"text": "The council met."}))

    row = read_one(zone, f"a{form}{ending}", writers.get(ending.lower(), bytes)(plain))

    assert row["reason"] is None
    assert b"The council met." in row["body"]
    assert row["media"] == ("html" if form in {".html", ".htm", ".warc", ".wet"} else "text")


def _packed(writer: Any) -> Callable[[bytes], bytes]:
    def pack(content: bytes) -> bytes:
        packed = io.BytesIO()
        with writer(packed) as stream:
            stream.write(content)
        return packed.getvalue()

    return pack


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("name", ["a.html", "a.jsonl", "a.warc"])
def test_what_is_packed_is_told_by_its_bytes(zone: Path, name: str, is_packed: bool) -> None:
    """A crawler that unpacks a body and keeps its name, and one that does the opposite."""
    content = {
        "a.html": PAGE,
        "a.jsonl": lines({"html": PAGE.decode()}),
        "a.warc": record("response", reply(PAGE, HTML)),
    }[name]

    row = read_one(zone, name, gzip.compress(content)) if is_packed else read_one(zone, f"{name}.gz", content)

    assert PAGE == row["body"]


class Failing(LocalStorage):
    """Gives so many bytes of each file; then comes the error or, without one, what looks like the end."""

    def __init__(self, root: Path, after: int, error: Exception | None) -> None:
        super().__init__(root)
        self.after, self.error = after, error

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        if self.error and not self.after:
            raise self.error
        return io.BufferedReader(Breaking(super().open(path, version), self.after, self.error))


ERRORS = [
    PermissionError(errno.EACCES, os.strerror(errno.EACCES), "a"),
    FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "a"),
    PublishError("s3://news: the store does not answer for a: 500"),
    ValueError("what no storage should raise"),
    *(OSError(n, os.strerror(n), "a") for n in (errno.EIO, errno.ESTALE, errno.EMFILE, errno.ETIMEDOUT)),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__ + str(getattr(e, "errno", "")))
def test_a_file_that_the_storage_does_not_give_is_the_machines_fault(zone: Path, error: Exception) -> None:
    put(zone, "a.html", PAGE)
    storage = Failing(zone, 0, error)

    (row,) = pa.concat_tables(read_raw(storage, list_files(storage, DAY), 1000)).to_pylist()

    assert (row["raw_ref"], row["reason"]) == (f"{FOLDER}/a.html#0", Reject.MACHINE_FAULT)
    assert row["detail"] == f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"


@pytest.mark.parametrize(
    "error", [None, OSError(errno.EIO, os.strerror(errno.EIO))], ids=["short", "failing"]
)
def test_wherever_a_reading_breaks_off_the_rest_of_the_file_is_the_machines_fault(
    zone: Path, error: Exception | None
) -> None:
    """Of every format: what came before is as ever, and nothing is taken for broken content or for all there is."""
    whole = read(zone) if list(every_kind(zone)) else []
    sizes = {e.path: e.size_bytes for e in list_files(LocalStorage(zone), DAY)}

    for after in range(0, max(sizes.values()), 7):
        storage = Failing(zone, after, error)
        files = [e for e in list_files(storage, DAY) if after < e.size_bytes]
        rows = pa.concat_tables(read_raw(storage, files, 10**6)).to_pylist()
        for entry in files:
            *before, last = [row for row in rows if row["raw_ref"].startswith(f"{entry.path}#")]
            assert last["reason"] == Reject.MACHINE_FAULT, (entry.path, after, last)
            assert all(row in whole for row in before)


def test_a_landing_zone_that_does_not_answer_at_all_is_a_broken_run(zone: Path) -> None:
    """No single file is to blame: nothing is made of a day whose store has gone."""
    put(zone, "a.html", PAGE)
    files = list_files(LocalStorage(zone), DAY)

    with pytest.raises(PublishError, match="the store does not answer"):
        list(read_raw(Gone(zone, 0, ERRORS[2]), files, 1000))


class Gone(Failing):
    def folders(self, folder: str) -> list[str]:
        raise PublishError(f"{self.uri}: the store does not answer for {folder}")


def test_want_of_memory_is_the_machines_fault(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Iterator[dict[str, object]]:
        raise pa.ArrowMemoryError("malloc of size 1000 failed")

    monkeypatch.setitem(_READERS, ".parquet", full)

    assert read_one(zone, "a.parquet", b"")["reason"] == Reject.MACHINE_FAULT


def test_a_name_that_is_not_utf8_is_spelt_out(zone: Path) -> None:
    put(zone, os.fsdecode(b"caf\xe9.html"), PAGE)

    assert [row["raw_ref"] for row in read(zone)] == [f"{FOLDER}/caf\\xe9.html#0"]


@pytest.mark.long
def test_a_large_file_is_read_in_bounded_memory_and_bounded_tables(zone: Path) -> None:
    """20,000 documents of 5 kB, 100 MB unpacked."""
    path = put(zone, "a.jsonl.gz", b"")
    with gzip.open(path, "wb", 1) as sink:
        for n in range(20_000):
            sink.write(lines({"url": f"http://x/{n}", "text": f"{n} " * 1000}))
    storage = LocalStorage(zone)

    def measure() -> list[tuple[int, int]]:
        return [(t.num_rows, t.nbytes) for t in read_raw(storage, list_files(storage, DAY), 10**6)]

    sizes, peak = peak_bytes(measure)

    assert sum(rows for rows, _ in sizes) == 20_000
    assert max(rows for rows, _ in sizes) == 256
    assert peak < 40_000_000


def test_a_table_holds_32_megabytes_and_not_more(zone: Path) -> None:
    put(zone, "a.jsonl", lines(*({"text": "x" * 4_000_000} for _ in range(10))))
    storage = LocalStorage(zone)

    tables = read_raw(storage, list_files(storage, DAY), 10**7)

    assert [t.num_rows for t in tables] == [8, 2]


@given(st.data())
def test_damaged_bytes_never_end_a_run(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever bytes of whatever file are cut, changed or put in, rows come out, each with a body or a reason."""
    zone = tmp_path_factory.mktemp("zone")
    for path in every_kind(zone):
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(0, 3))):
            at = data.draw(st.integers(0, len(content)))
            content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
        path.write_bytes(content)

    rows = read(zone)

    assert all((row["body"] is None) == (row["reason"] is not None) for row in rows)
    assert len({row["raw_ref"] for row in rows}) == len(rows)


def test_files_in_any_order_and_any_parts_give_the_same_rows(zone: Path) -> None:
    list(every_kind(zone))
    storage = LocalStorage(zone)
    files = list_files(storage, DAY)

    def rows_of(parts: list[list[Entry]]) -> list[dict[str, Any]]:
        tables = [t for part in parts for t in read_raw(storage, part, 10**6)]
        return pa.concat_tables(tables).sort_by("raw_ref").to_pylist()

    assert rows_of([files]) == rows_of([files[::-1]]) == rows_of(pack(files, 3))
