"""A file that is one page or one text."""

import gzip
import os
from pathlib import Path

import pytest

from pipeline.model.internal_tables import RAW
from pipeline.model.kinds import Reject
from tests.delivered import (
    FOLDER,
    PAGE,
    outcome,
    peak_bytes,
    put,
    read,
    read_one,
)


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("a.html", "html"),
        ("A.HTM", "html"),
        ("a.txt", "text"),
        ("a.html.gz", "html"),
        ("sub/a.txt.gz", "text"),
    ],
)
def test_one_file_is_one_document(zone: Path, name: str, media: str) -> None:
    row = read_one(zone, name, gzip.compress(PAGE) if name.endswith(".gz") else PAGE)

    expected = {"raw_ref": f"{FOLDER}/{name}#0", "media": media, "body": PAGE}
    assert row == dict.fromkeys(RAW.names) | expected


def test_gzip_of_several_members_and_with_padding_is_read_whole(zone: Path) -> None:
    row = read_one(zone, "a.html.gz", gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 100)

    assert row["body"] == b"one two"


def test_an_empty_file_is_an_empty_document(zone: Path) -> None:
    put(zone, "a.html", b"")
    put(zone, "b.html.gz", b"")
    put(zone, "c.jsonl", b"")

    assert outcome(read(zone)) == [("0", b""), ("0", b"")]


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.html.gz"])
def test_a_document_that_is_too_large_is_a_reject(zone: Path, name: str) -> None:
    content = gzip.compress(b"x" * 1001) if name.endswith(".gz") else b"x" * 1001

    assert read_one(zone, name, content, max_bytes=1000)["reason"] == Reject.TOO_LARGE


def test_a_document_of_just_the_largest_size_is_read(zone: Path) -> None:
    assert read_one(zone, "a.html", b"x" * 1000, max_bytes=1000)["reason"] is None


def test_a_gzip_bomb_is_not_unpacked(zone: Path) -> None:
    """300 MB of zeros in 300 kB are a reject, and never in memory."""
    put(zone, "a.html.gz", gzip.compress(bytes(300_000_000), 1))

    rows, peak = peak_bytes(lambda: read(zone))

    assert outcome(rows) == [("0", Reject.TOO_LARGE)]
    assert peak < 20_000_000


def test_a_gzip_of_which_the_middle_is_broken_is_a_reject(zone: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(5000)))
    packed[10:40] = b"\xff" * 30

    assert read_one(zone, "a.html.gz", bytes(packed))["reason"] == Reject.UNREADABLE


def test_a_page_whose_gzip_breaks_off_is_a_reject(zone: Path) -> None:
    packed = gzip.compress(os.urandom(5000))

    assert read_one(zone, "a.html.gz", packed[:2000])["reason"] == Reject.TRUNCATED
