"""An HTTP reply as a crawler kept it."""

import gzip
import io
import zlib

import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.http_reply import breaks_off, parse, type_of
from tests.delivered import chunked, reply

PAGE = b"<html><body>" + b"<p>The library of Northbridge lends tools, too.</p>" * 200 + b"</body></html>"
TYPE = "Content-Type: text/html"


class Kept(io.BytesIO):
    """What a writer that closes its sink has written."""

    def close(self) -> None:
        """Stay open."""


def packed(writer: type, content: bytes) -> bytes:
    sink = Kept()
    with writer(sink) as coder:
        while content:
            content = content[coder.write(content) :]
    return sink.getvalue()


def bare(content: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(content) + coder.flush()


CODED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    " deflate ": bare,
    "br": lambda content: packed(BrotliWriter, content),
    "zstd": lambda content: packed(ZstdWriter, content),
    "identity": bytes,
    "": bytes,
    "gzip, gzip": lambda content: gzip.compress(gzip.compress(content)),
    "deflate, gzip": lambda content: gzip.compress(zlib.compress(content)),
    "gzip, br": lambda content: packed(BrotliWriter, gzip.compress(content)),
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_is_taken_out_of_every_coding(coding: str, is_chunked: bool) -> None:
    content = CODED[coding](PAGE)
    fields = [TYPE, f"Content-Encoding: {coding}", *(["Transfer-Encoding: chunked"] if is_chunked else [])]

    found = parse(reply(chunked(content) if is_chunked else content, *fields), 10**6)

    assert found
    assert (PAGE, False, None) == found.body


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "unheard-of", "chunked"])
def test_a_body_that_is_not_coded_as_its_header_says_is_taken_as_it_stands(coding: str) -> None:
    name = "Transfer-Encoding" if coding == "chunked" else "Content-Encoding"

    for page in (PAGE, "<html>Мост закрыт</html>".encode("cp1251"), "<html>橋</html>".encode("utf-16")):
        found = parse(reply(page, TYPE, f"{name}: {coding}"), 10**6)
        assert found
        assert (page, False, None) == found.body


def test_a_packed_body_of_which_nobody_says_so_is_unpacked() -> None:
    found = parse(reply(gzip.compress(PAGE), TYPE), 10**6)

    assert found
    assert PAGE == found.body.content


@pytest.mark.parametrize("coding", ["compress", "br", "gzip", "deflate", "zstd", "dcb"])
def test_a_body_in_a_coding_that_cannot_be_undone_names_it(coding: str) -> None:
    body = b"\x1f\x9d\x90" + bytes(n * 37 % 256 for n in range(3_000))

    found = parse(reply(body, TYPE, f"Content-Encoding: {coding}"), 10**6)

    assert found
    assert coding == found.body.coding


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "br"])
def test_of_a_body_that_breaks_off_there_is_what_decodes(coding: str) -> None:
    page = b"".join(b"<p>%d: %d is a number.</p>" % (n, n * n * 7_919) for n in range(9_000))
    content = CODED[coding](page)

    found = parse(reply(content[: len(content) * 2 // 3], TYPE, f"Content-Encoding: {coding}"), 10**7)

    assert found
    assert found.body.is_cut
    assert page.startswith(found.body.content)
    assert coding in {"zstd", "br"} or len(page) // 2 < len(found.body.content)


@pytest.mark.parametrize("n_bytes", [30, 100, 9_000])
def test_of_chunks_that_break_off_there_is_what_came(n_bytes: int) -> None:
    body = b"".join(chunked(PAGE[n : n + 50])[:-5] for n in range(0, len(PAGE), 50))

    found = parse(reply(body[:n_bytes], TYPE, "Transfer-Encoding: chunked"), 10**6)

    assert found
    assert found.body.is_cut
    assert PAGE.startswith(found.body.content)
    assert len(found.body.content) > n_bytes // 2


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("blank", [b" ", b"", b"\t", b" \t   \t "])
def test_blanks_and_ends_of_line_of_a_header_are_no_matter(end: bytes, blank: bytes) -> None:
    """The header may be long, too: cookies and policies of security make it so."""
    head = end.join(
        [
            b"HTTP/1.1 200 OK",
            b"Set-Cookie:" + blank + b"x" * 100_000,
            b"Content-Type:" + blank + b'text/html;  charset="Windows-1252"',
        ]
    )

    found = parse(head + end + end + PAGE, 10**6)

    assert found
    assert (200, "text/html", "windows-1252", PAGE) == (*found[:3], found.body.content)


def test_a_page_without_a_header_is_a_page() -> None:
    found = parse(b"\r\n<html>\r\n\r\n<p>A\r\n\r\nB", 10**6)

    assert found
    assert (None, None, None, b"\r\n<html>\r\n\r\n<p>A\r\n\r\nB") == (*found[:3], found.body.content)


def test_the_beginning_of_a_header_is_no_reply() -> None:
    assert breaks_off(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht")
    assert parse(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht", 10**6) is None


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_body_that_swells_is_unpacked_only_so_far(coding: str) -> None:
    found = parse(reply(CODED[coding](bytes(50_000_000)), TYPE, f"Content-Encoding: {coding}"), 1_000)

    assert found
    assert 1_001 == len(found.body.content)


def test_a_media_type_has_no_parameters() -> None:
    assert ["text/html", None, None] == list(map(type_of, (" Text/HTML ; charset=x", " ", None)))


@given(
    st.binary(max_size=300),
    st.lists(st.sampled_from(["gzip", "br", "zstd", "deflate", "chunked", "x"]), max_size=4),
)
def test_whatever_a_body_is_the_reply_has_one(body: bytes, codings: list[str]) -> None:
    names = ", ".join(codings)
    found = parse(reply(body, f"Content-Encoding: {names}", f"Transfer-Encoding: {names}"), 100)

    assert found
    assert len(found.body.content) <= 101
