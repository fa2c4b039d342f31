"""What is a page, how complex it may be, and what is no page."""

import gzip
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.batch import Caps
from pipeline.extract.tree import _long_pieces
from pipeline.model.kinds import Reject
from tests.pages import (
    CAPS,
    STORY,
    WHOLE,
    page,
    run_one,
)


@pytest.mark.parametrize(
    ("content", "caps", "reason"),
    [
        (page(), replace(CAPS, max_document_bytes=500), Reject.TOO_LARGE),
        (page(STORY * 40), replace(CAPS, max_nodes=200), Reject.TOO_COMPLEX),
        (b"<b><i>" * 3000 + b"text", replace(CAPS, max_nodes=200), Reject.TOO_COMPLEX),
        (page(wrap=("<div>" * 300, "</div>" * 300)), replace(CAPS, max_depth=200), Reject.TOO_COMPLEX),
        (page(wrap=("<div>" * 5000, "</div>" * 5000)), CAPS, Reject.TOO_COMPLEX),
        (page(wrap=("<div>" * 5000, "</div>" * 5000)), replace(CAPS, max_depth=100_000), Reject.TOO_COMPLEX),
        (page(STORY * 2000, wrap=("<div>" * 300, "</div>" * 300)), CAPS, Reject.TOO_COMPLEX),
    ],
)
def test_a_document_above_a_cap_is_a_reject(content: bytes, caps: Caps, reason: Reject) -> None:
    assert run_one(content, caps=caps)["reason"] == reason


@pytest.mark.parametrize("depth", [100, 260, 1000, 1900])
def test_a_deeply_nested_page_keeps_its_text(depth: int) -> None:
    """The parser's own default would lose all text below 255 levels without saying so."""
    row = run_one(page(wrap=("<div>" * depth, "</div>" * depth)))

    assert row["text"].split("\n") == WHOLE


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
        b"GIF89a" + bytes(100),
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + bytes(range(256)),
        gzip.compress(page()),
        bytes(range(256)) * 40,
        b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>A</title></item></channel></rss>',
        b'<!-- made by x --><feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<urlset xmlns="x"><url><loc>http://x/</loc></url></urlset>',
        b'<rdf:RDF xmlns:rdf="x"><item/></rdf:RDF>',
        b"<svg xmlns='x'><text>Hello</text></svg>",
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        b'{"error": "not found", "items": [1, 2, 3]}',
        b'[{"a": "<b>text</b>"}]',
    ],
)
def test_what_is_no_page_is_a_reject_and_not_a_text(content: bytes) -> None:
    row = run_one(content)

    assert (row["stage"], row["reason"]) == ("extract", Reject.NOT_A_PAGE)
    assert row["text"] is None


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + page(),
        b"\xef\xbb\xbf\r\n\r\n" + page(),
        b"<!-- cached --><!-- twice -->" + page(),
        page().replace(b"<!DOCTYPE html>", b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "http://w3/">'),
        page().replace(b"<!DOCTYPE html><html lang=en>", b"").replace(b"</html>", b""),
        page() + b"\x00\x01\x02" * 10,
        page().replace(b" ", b"\0 "),
        page().decode().encode("utf-16"),
        page().replace(b"</p>", b""),
        page()[:-300],
    ],
)
def test_a_page_with_oddities_is_still_a_page(content: bytes) -> None:
    row = run_one(content)

    assert row["reason"] is None
    assert row["text"].split("\n")[:6] == WHOLE[:6]


@given(
    st.lists(
        st.sampled_from(["<", "<<", "a", "b" * 3_999, "c" * 4_000, "d" * 4_001, "e" * 9_000]), max_size=12
    )
)
def test_long_stretches_without_a_tag_are_found_in_leaps(parts: list[str]) -> None:
    """The same as by splitting."""
    text = "".join(parts)

    long = [piece for piece in _long_pieces(text) if len(piece) > 4_000]

    assert long == [piece for piece in text.split("<") if len(piece) > 4_000]
