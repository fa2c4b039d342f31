"""Whatever the way in, what is said about an article has no control characters and nothing that turns the direction of text."""

import html
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.batch import extract
from pipeline.extract.document import read_document
from pipeline.landing.read import read_raw
from pipeline.landing.record import from_fields
from pipeline.store.local import LocalStorage
from tests.pages import CAPS, DAY, STORY

CONTROLS = [chr(n) for n in (*range(1, 9), *range(14, 32), *range(127, 160))]
TURNING = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
HINTS = ("url", "title", "outlet", "authors", "published_at", "fetched_at")
ODD = "".join(c for c in [*CONTROLS, *TURNING] if c != "\x85")  # which is the end of a line
JOINED = "می\u200cشود a\u200db \u200eleft\u200f"
TITLE, OUTLET, AUTHOR = f"Bridge{ODD} closed {JOINED}", f"The Bay{ODD} Herald {JOINED}", f"Jane{ODD} Doe"
URL = f"https://example.com/bridge{ODD}-1"
FIELDS = {
    "url": URL,
    "title": TITLE,
    "outlet": OUTLET,
    "authors": [{"name": AUTHOR}],
    "text": "\n".join(STORY),
}


def as_json_lines(folder: Path) -> None:
    (folder / "a.jsonl").write_text(json.dumps(FIELDS))


def as_parquet(folder: Path) -> None:
    pq.write_table(pa.Table.from_pylist([FIELDS]), folder / "a.parquet")


def as_feed(folder: Path) -> None:
    """Fields that are escaped once more, as feeds have them."""
    escaped = {name: html.escape(str(value)) for name, value in FIELDS.items() if name != "authors"}
    escaped["text"] = "".join(f"<p>{line}</p>" for line in STORY)
    (folder / "a.jsonl").write_text(json.dumps(escaped | {"author": html.escape(AUTHOR)}))


def page() -> str:
    data = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "author": {"name": AUTHOR},
        "publisher": {"name": OUTLET},
    }
    return (
        f'<html><head><link rel="canonical" href="{URL}"><script type="application/ld+json">{json.dumps(data)}</script>'
        f"</head><body><article>{''.join(f'<p>{line}</p>' for line in STORY)}</article></body></html>"
    )


def as_page(folder: Path) -> None:
    (folder / "a.html").write_text(page())


def as_capture(folder: Path) -> None:
    """The address of a WARC's header is what a server made of it."""
    reply = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page()}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-03-05T06:00:00Z\r\n"
        f"WARC-Target-URI: {URL}\r\nContent-Type: application/http\r\nContent-Length: {len(reply)}\r\n\r\n"
    )
    (folder / "a.warc").write_bytes(head.encode() + reply + b"\r\n\r\n")


@pytest.mark.parametrize("deliver", [as_json_lines, as_parquet, as_feed, as_page, as_capture])
def test_no_control_comes_in(deliver: Any, tmp_path: Path) -> None:
    """Joiners and marks of direction, which belong to words, do."""
    deliver(tmp_path)
    storage = LocalStorage(tmp_path)
    (raw,) = read_raw(storage, list(storage.walk("")), 1_000_000)

    (row,) = extract(raw, day=DAY, caps=CAPS).to_pylist()

    assert row["reason"] is None
    assert f"Bridge closed {JOINED}" == row["title"]
    assert f"The Bay Herald {JOINED}" == row["outlet"]
    assert ["Jane Doe"] == row["authors"]
    assert ("https://example.com/bridge-1",) * 2 == (row["url"], row["canonical_url"])
    assert row["text"].split("\n") == STORY


def test_a_rejects_address_has_none_either(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"url": URL, "html": "<p></p>"}))
    storage = LocalStorage(tmp_path)
    (raw,) = read_raw(storage, list(storage.walk("")), 1_000_000)

    (row,) = extract(raw, day=DAY, caps=CAPS).to_pylist()

    assert ("no_text", "https://example.com/bridge-1") == (row["reason"], row["url"])


WORDS = st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=60)
PIECES = st.sampled_from(
    [ODD, "&#27;[31m", "&amp;#8238;", "<b>", "&lt;i&gt;", "\x9b", "\u202e\u2066", "&#x9b;", "]]>", "By "]
)
FIELD = st.lists(WORDS | PIECES, max_size=4).map("".join)


@given(
    st.fixed_dictionaries(
        {"url": FIELD.map("https://example.com/".__add__) | FIELD, "title": FIELD, "outlet": FIELD},
        optional={"authors": st.lists(FIELD | st.fixed_dictionaries({"name": FIELD}), max_size=3) | FIELD},
    ),
    st.sampled_from(["html", "text"]),
)
def test_whatever_is_delivered_or_stated_none_comes_in(fields: dict[str, Any], media: str) -> None:
    """In any field, however it is spelled; a page states what a record has beside it."""
    stated = {"headline": fields["title"], "author": fields.get("authors"), "publisher": fields["outlet"]}
    script = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **stated})}</script>'
    body = (
        f"<html><head>{script}</head><body><p>{STORY[0]}</p></body></html>" if media == "html" else STORY[0]
    )
    row = from_fields(0, {**fields, media: body}, 1_000_000)
    delivered = {name: row.get(name) for name in HINTS}
    job = {"body": row["body"], "media": media, "charset": "utf-8", "hints": [delivered]}

    (found,) = read_document(job, day=DAY, caps=CAPS, extractor="trafilatura")

    said = [found[name] for name in ("url", "canonical_url", "outlet", "title")] + list(found["authors"])
    for text in filter(None, said):
        assert not set(text) & {*CONTROLS, *TURNING, "\0", "\t", "\n", "\r"}, text
