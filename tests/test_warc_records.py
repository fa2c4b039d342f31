"""The records of a WARC file after a bad one: nothing but the bad one is lost, and what is lost is counted."""

import gzip
import io
import itertools
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.stream_io import Lz4Writer, ZstdWriter

from pipeline.landing.compressed import pieces_of
from pipeline.landing.warc_records import records_of
from pipeline.model.kinds import Reject
from tests.delivered import HTML, outcome, peak_bytes, put, read, record, reply

LONG = b"<html><body>" + b"<p>The harbour was closed for the night.</p>" * 30 + b"</body></html>"


def page(n: int) -> bytes:
    return LONG.replace(b"harbour", b"harbour %d" % n)


def capture(n: int) -> bytes:
    return record("response", reply(page(n), HTML))


def with_length(whole: bytes, says: Callable[[int], object]) -> bytes:
    return re.sub(rb"(?<=\r\nContent-Length: )\d+", lambda m: str(says(int(m[0]))).encode(), whole, count=1)


def noise(n_bytes: int) -> bytes:
    return random.Random(n_bytes).randbytes(n_bytes).hex().encode()


def frames(writer: type, *blocks: bytes) -> bytes:
    sink = io.BytesIO()
    packed = writer(sink)
    for block in blocks:
        packed.write(block)
        packed.finish()
    packed.flush()
    return sink.getvalue()


def each_member(*blocks: bytes) -> bytes:
    return b"".join(map(gzip.compress, blocks))


PACKED: dict[str, Callable[..., bytes]] = {
    "a.warc": lambda *blocks: b"".join(blocks),
    "a.warc.gz": each_member,
    "b.warc.gz": lambda *blocks: gzip.compress(b"".join(blocks)),
    "a.warc.zst": lambda *blocks: frames(ZstdWriter, *blocks),
    "a.warc.lz4": lambda *blocks: frames(Lz4Writer, *blocks),
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("too_few", [1, 3, 7, 400, "all"])
def test_a_record_that_says_it_is_shorter_than_it_is_is_read_to_its_end(
    zone: Path, name: str, too_few: int | str
) -> None:
    bad = with_length(capture(1), lambda n: 0 if too_few == "all" else n - int(too_few))
    put(zone, name, PACKED[name](capture(0), bad, capture(2), bad))

    rows = read(zone)

    assert [("0", page(0)), ("1", page(1)), ("2", page(2)), ("3", page(1))] == outcome(rows)
    assert not any(row["is_cut"] for row in rows)


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("too_many", [1, 2, 4, 5, 100, 2_000, 900_000, 10**12])
def test_a_record_that_says_it_is_longer_than_it_is_ends_where_the_next_begins(
    zone: Path, name: str, too_many: int
) -> None:
    """Perhaps the crawler did not write all of it: it is marked where that can be."""
    bad = with_length(capture(1), lambda n: n + too_many)
    put(zone, name, PACKED[name](capture(0), bad, capture(2), capture(3)))

    rows = read(zone)

    assert [page(n) for n in range(4)] == [row["body"].rstrip() for row in rows]
    assert [None, True if too_many > 4 else None, None, None] == [row["is_cut"] for row in rows]


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("says", ["", "x", "-5", "1e3", "9" * 30, "12 bytes", "٣"])
def test_a_length_that_is_no_number_does_not_count(zone: Path, name: str, says: str) -> None:
    put(zone, name, PACKED[name](capture(0), with_length(capture(1), lambda _: says), capture(2)))

    assert [("0", page(0)), ("1", page(1)), ("2", page(2))] == outcome(read(zone))


def test_a_record_without_a_length_ends_where_the_next_begins(zone: Path) -> None:
    bad = re.sub(rb"Content-Length: \d+\r\n", b"", capture(1))
    put(zone, "a.warc", capture(0) + bad + capture(2))

    assert [page(0), page(1), page(2)] == [row["body"] for row in read(zone)]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n", b"\n\n", b"\r\n" * 3, b"\n" * 5_000])
def test_any_number_of_blank_lines_may_stand_between_records(zone: Path, between: bytes) -> None:
    put(zone, "a.warc", between.join(capture(n).removesuffix(b"\r\n\r\n") for n in range(3)))

    assert [(f"{n}", page(n)) for n in range(3)] == outcome(read(zone))


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize(
    "junk", [b"\0\1junk, junk\r\n" * 50, b"WARC/1.0", b"WARC/1.0\r\n\r\n", b"x" * 3_000_000]
)
def test_junk_between_records_is_one_reject(zone: Path, name: str, junk: bytes) -> None:
    put(zone, name, PACKED[name](capture(0), junk, capture(1)))

    rows = read(zone)

    assert [page(0), None, page(1)] == [row["body"] for row in rows]
    assert rows[1]["reason"] in {Reject.UNREADABLE, Reject.TRUNCATED}


def test_a_header_that_breaks_off_before_the_next_record_costs_itself(zone: Path) -> None:
    head = capture(1).partition(b"\r\n\r\n")[0]
    for n_bytes in range(len("WARC/1.0\r\nW"), len(head)):
        put(zone, "a.warc", capture(0) + head[:n_bytes] + b"\r\n" + capture(2))

        found = outcome(read(zone))
        assert ("0", page(0)) == found[0]
        assert ("2", page(2)) == found[-1], head[:n_bytes]
        assert found[1][1] in {Reject.TRUNCATED, Reject.UNREADABLE}


def test_a_header_of_many_fields_is_read_and_one_without_an_end_costs_itself(zone: Path) -> None:
    long = capture(1).replace(b"WARC-Date", b"WARC-Note: " + b"x" * 100_000 + b"\r\nWARC-Date")
    endless = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Note: " + b"x" * 2_000_000 + b"\r\n\r\n"
    put(zone, "a.warc", long + endless + capture(2))

    assert [("0", page(1)), ("1", Reject.BAD_RECORD), ("2", page(2))] == outcome(read(zone))


@pytest.mark.parametrize("version", [b"0.17", b"0.18", b"1.0", b"1.1"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_every_version_is_read_with_either_end_of_line(zone: Path, version: bytes, end: bytes) -> None:
    whole = capture(0).replace(b"WARC/1.0", b"WARC/" + version)
    head, _, rest = whole.partition(b"\r\n\r\n")
    put(zone, "a.warc", (head.replace(b"\r\n", end) + end + end + rest) * 2)

    assert [("0", page(0)), ("1", page(0))] == outcome(read(zone))


def damaged(packed: bytes, at: float, n_bytes: int = 8) -> bytes:
    middle = int(len(packed) * at)
    return (
        packed[:middle]
        + bytes(b ^ 0x5A for b in packed[middle : middle + n_bytes])
        + packed[middle + n_bytes :]
    )


@pytest.mark.parametrize(
    ("name", "at"),
    [*itertools.product(["a.warc.gz", "a.warc.zst"], [0.0, 0.1, 0.5, 0.9]), ("a.warc.lz4", 0.0)],
)
def test_a_damaged_member_costs_the_record_in_it(zone: Path, name: str, at: float) -> None:
    """Be it at its beginning, inside, or in its check sum; two of them, one after the other, cost both."""
    blocks = [record("response", reply(noise(20_000 + n), HTML)) for n in range(5)]
    members = [PACKED[name](block) for block in blocks]
    members[1], members[3] = damaged(members[1], at), damaged(members[3], at)
    put(zone, name, b"".join(members))

    rows = read(zone)

    bodies = [block.partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2][:-4] for block in blocks]
    assert [bodies[0], bodies[2], bodies[4]] == [row["body"] for row in rows if row["body"]]
    assert [Reject.UNREADABLE] * 2 == [row["reason"] for row in rows if row["reason"]]


def test_a_member_whose_check_sum_is_wrong_gives_no_document(zone: Path) -> None:
    members = [gzip.compress(capture(n)) for n in range(3)]
    members[1] = members[1][:-6] + b"\0\0" + members[1][-4:]
    put(zone, "a.warc.gz", b"".join(members))

    rows = read(zone)

    assert [page(0), None, page(2)] == [row["body"] for row in rows]
    assert "broken gzip" in rows[1]["detail"]


def test_a_member_that_was_never_finished_costs_the_record_in_it(zone: Path) -> None:
    """A crawler that was killed, and went on in the same file."""
    members = [gzip.compress(record("response", reply(noise(9_000 + n), HTML))) for n in range(3)]
    for n_bytes in (5, 12, 100, 5_000, len(members[1]) - 3):
        put(zone, "a.warc.gz", members[0] + members[1][:n_bytes] + members[2])

        reasons = [row["reason"] for row in read(zone)]
        assert [None, Reject.UNREADABLE, None] == reasons


def test_one_flipped_bit_anywhere_costs_no_other_record(zone: Path) -> None:
    members = [gzip.compress(capture(n)) for n in range(3)]
    whole = [page(0), page(1), page(2)]
    for at in range(0, len(members[1]), 3):
        bad = bytearray(members[1])
        bad[at] ^= 1 << at % 8
        put(zone, "a.warc.gz", members[0] + bytes(bad) + members[2])

        rows = read(zone)
        assert {whole[0], whole[2]} <= {row["body"] for row in rows}, at
        assert all(row["body"] in {None, *whole} for row in rows), at


def test_an_endless_block_is_not_held_in_memory(zone: Path) -> None:
    """200 MB of zeros in a record that says so, and in one that says less, are two rejects."""
    head = with_length(record("response", b""), lambda _: 200_000_000).removesuffix(b"\r\n\r\n")
    bad = with_length(head, lambda _: 100)
    packed = gzip.compress(head + bytes(200_000_000) + b"\r\n\r\n", 1)
    put(
        zone,
        "a.warc.gz",
        packed + gzip.compress(bad + b"x" * 200_000_000 + b"\r\n\r\n", 1) + gzip.compress(capture(0)),
    )

    rows, peak = peak_bytes(lambda: read(zone))

    assert [("0", Reject.TOO_LARGE), ("1", Reject.TOO_LARGE), ("2", page(0))] == outcome(rows)
    assert peak < 20_000_000


class Counting(io.BytesIO):
    n_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.n_read += len(found)
        return found


@pytest.mark.parametrize(
    "content",
    [
        b"".join(with_length(capture(n), lambda _: 10**15) for n in range(3_000)),
        b"".join(with_length(record("request", b"x" * 50), lambda _: 10**5) for _ in range(20_000)),
        each_member(*map(capture, range(300)))[::-1],
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff\0\x0f\0\xf0\xff"
        * 200_000,  # members in what the ones before them store
        b"".join(damaged(gzip.compress(capture(n)), 0.5) for n in range(2_000)),
        b"WARC/1.0\r\na: b" * 100_000,
        b"\r\n" * 3_000_000,
    ],
    ids=["longer", "shorter", "reversed", "nested", "damaged", "headless", "blank"],
)
def test_a_file_is_read_at_most_a_few_times_however_it_is_damaged(content: bytes) -> None:
    stream = Counting(content)

    n_found = sum(1 for _ in records_of(pieces_of(stream), 10**6))

    assert n_found <= len(content)
    assert stream.n_read < 4 * len(content) + 4 * (1 << 26)
