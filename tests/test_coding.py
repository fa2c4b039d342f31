"""Bodies out of their codings, and no further than they may go."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.harvest.coding import OFFERED, CutError, TooLargeError, decoded

RAW_DEFLATE = "deflate (bare)"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    RAW_DEFLATE: lambda body: zlib.compress(body)[2:-4],
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def _name(coding: str) -> str:
    return coding.partition(" ")[0]


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=100_000))
def test_what_was_packed_comes_out_as_it_was(body: bytes) -> None:
    for coding, pack in PACKED.items():
        assert body == decoded(pack(body), _name(coding), 100_000)


def test_every_coding_that_is_offered_can_be_unpacked() -> None:
    assert set(OFFERED.split(", ")) <= {_name(coding) for coding in PACKED}


@pytest.mark.parametrize("coding", PACKED)
def test_a_bomb_costs_no_more_than_the_cap(coding: str) -> None:
    bomb = PACKED[coding](bytes(20 << 20))
    with pytest.raises(TooLargeError):
        decoded(bomb, _name(coding), 1 << 20)
    assert bytes(1 << 20) == decoded(bomb, _name(coding), 1 << 20, cut=True)


@pytest.mark.parametrize("coding", PACKED)
def test_a_body_that_breaks_off_is_no_body(coding: str) -> None:
    whole = PACKED[coding](b"<p>Some text of a page.</p>" * 100)
    for n_missing in (1, 3, len(whole) // 2):
        with pytest.raises(CutError):
            decoded(whole[:-n_missing], _name(coding), 1 << 20)


@pytest.mark.parametrize("coding", ["gzip", "deflate, gzip", "br", "zstd", "identity", "unheard-of", ""])
def test_what_is_not_coded_as_its_field_says_is_taken_as_it_stands(coding: str) -> None:
    if "deflate" not in coding:
        assert b"<p>plain</p>" == decoded(b"<p>plain</p>", coding, 100)


def test_codings_are_undone_last_first_and_members_and_frames_are_joined() -> None:
    body = b"<p>text</p>"
    assert body == decoded(brotli.compress(gzip.compress(body)), "gzip, br", 100)
    assert body * 2 == decoded(gzip.compress(body) * 2, "gzip", 100)
    assert body * 2 == decoded(zstandard.compress(body) * 2, "zstd", 100)
    assert body == decoded(gzip.compress(body) + bytes(100), "gzip", 100)
    with pytest.raises(TooLargeError):
        decoded(b"", "gzip, gzip, gzip, gzip", 100)


@pytest.mark.parametrize(
    ("coding", "member"), [("gzip", gzip.compress(b"", mtime=0)), ("zstd", zstandard.compress(b""))]
)
def test_a_body_of_many_members_is_no_body(coding: str, member: bytes) -> None:
    """At each of them the rest is copied: ten megabytes of them would take minutes."""
    with pytest.raises(CutError, match="more than 1000"):
        decoded(2000 * member, coding, 1 << 20)
