"""What the web and a careless hand deliver: each is an article or a reject with a reason, and no row is lost."""

import gzip
import json
import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import hostile_files
from benchmarks.hostile import BROKEN, make_row
from pipeline.extract.batch import Caps, extract
from pipeline.landing import files, read
from pipeline.landing.compressed import uncompressed
from pipeline.model.internal_tables import EXTRACTED, RAW
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from tests.delivered import chunked, record, reply
from tests.pages import CAPS as USUAL
from tests.pages import STORY, page

DAY = date(2026, 3, 5)
CAPS = replace(USUAL, max_cpu_seconds=20)


def outcomes(zone: Path, caps: Caps = CAPS) -> dict[str, str]:
    """What became of every raw document of the zone: `article`, or the reason; every one of them once."""
    storage = LocalStorage(zone)
    tables = list(read.read_raw(storage, files.list_files(storage, DAY), caps.max_document_bytes))
    rows = [row for t in tables for row in EXTRACTED.conform(extract(t, day=DAY, caps=caps)).to_pylist()]
    assert [row["raw_ref"] for row in rows] == [ref for t in tables for ref in t["raw_ref"].to_pylist()]
    assert all((row["text"] is None) == (row["reason"] is not None) for row in rows)
    return {row["raw_ref"].split("/", 1)[1]: row["reason"] or "article" for row in rows}


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One day with everything that has ever gone wrong."""
    root = tmp_path_factory.mktemp("landing")
    day = root / "day=2026-03-05"
    day.mkdir()
    for name, content in HOSTILE.items():
        (day / name).write_bytes(content)
    secret = root.parent / f"{root.name}-secret.html"
    secret.write_bytes(page())
    (day / "link-out.html").symlink_to(secret)
    return root


LINKS = "".join(f'<a href="/{n}">An interesting link number {n}</a> ' for n in range(100_000))
JSON_LINES = [
    json.dumps({"url": "https://x.example/a", "html": page().decode()}).encode(),
    b'{"url": "https://x.example/b", "html": "<p>cut off',
    b"\xff\xfe not json at all \x00",
    json.dumps({"url": "https://x.example/" + "c" * 10_000, "html": page(STORY[::-1]).decode()}).encode(),
    json.dumps({"url": 7, "title": ["x"], "published_at": "2999-01-01", "text": "\n".join(STORY)}).encode(),
    json.dumps({"url": "https://x.example/d"}).encode(),
    b"null",
]
WARC = b"".join(
    record("response", reply(chunked(page([f"{n} {line}" for line in STORY])), "Transfer-Encoding: chunked"))
    for n in range(3)
)

HOSTILE = {
    "good.html": page(),
    "nul-ridden.html": page().replace(b"e", b"e\0\0"),
    "large.html": page(STORY * 40_000),
    "nested.html": page(wrap=("<div>" * 100_000, "</div>" * 100_000)),
    "unclosed.html": page(wrap=("<b><i><div>" * 100_000, "")),
    "png.html": b"\x89PNG\r\n\x1a\n" + os.urandom(20_000),
    "noise.html": os.urandom(1_000_000),
    "empty.html": b"",
    "cut.html.gz": gzip.compress(os.urandom(9_000))[:5_000],
    "lines.jsonl": b"\n".join(JSON_LINES),
    "cut.jsonl.gz": gzip.compress(b"\n".join(JSON_LINES[:1] * 3) + os.urandom(9_000).hex().encode())[:-4_000],
    "cut.warc": WARC[:-60],
    "bad-utf8.html": page().replace(b"council", b"coun\xe9\xff\xc3cil"),
    "links.html": page(after=f"<div>{LINKS}</div>"),
    "links-only.html": f"<html><body>{LINKS[:900_000]}</body></html>".encode(),
    "attributes.html": page(before="<p " + " ".join(f'a{n}="{n}"' for n in range(100_000)) + ">x</p>"),
    "long-attribute.html": page(before=f'<p title="{"x" * 9_000_000}">x</p>'),
    "script.html": page(head="<script>" + "if (a < b && c > d) {}\n" * 100_000 + "</script>"),
    "one-line.html": page(["word " * 1_000_000]),
    "one-word.html": page(["w" * 3_000_000]),
    "entities.html": page(["&amp;&#x1F600;&nosuch;" * 100_000]),
    "table.html": page(after="<table>" + "<tr><td>1</td><td>2</td></tr>" * 20_000 + "</table>"),
    "spans.html": page(["".join(f"<span>word {n}</span> " for n in range(9_000))]),
    "comment.html": page(before="<!--" * 50_000),
    "cdata.html": page(before="<![CDATA[" * 50_000),
    "data.html": b'{"not": "a page"}',
    "feed.html": b'<?xml version="1.0"?><rss><channel><item><title>t</title></item></channel></rss>',
    "unknown.doc": b"\xd0\xcf\x11\xe0",
    "text.txt": "\n".join(STORY).encode(),
    "binary.txt": os.urandom(20_000),
    "regex.html": page(
        before="<p>" + "a" * 50_000 + "@" * 50_000 + "</p>", head=f"<title>{'-|' * 20_000}</title>"
    ),
    "ld.html": page(
        head='<script type="application/ld+json">{"articleBody": "' + '\\"a' * 90_000 + '"}</script>'
    ),
    "deep-ld.html": page(head='<script type="application/ld+json">' + '{"a":[' * 90_000 + "</script>"),
}


def test_each_is_an_article_or_a_reject_with_its_reason(zone: Path) -> None:
    found = outcomes(zone)

    assert found == dict.fromkeys(found, "article") | {
        "png.html#0": Reject.NOT_A_PAGE,
        "noise.html#0": Reject.NOT_A_PAGE,
        "data.html#0": Reject.NOT_A_PAGE,
        "feed.html#0": Reject.NOT_A_PAGE,
        "binary.txt#0": Reject.NOT_A_PAGE,
        "large.html#0": Reject.TOO_LARGE,
        "attributes.html#0": Reject.TOO_COMPLEX,
        "nested.html#0": Reject.TOO_COMPLEX,
        "unclosed.html#0": Reject.TOO_COMPLEX,
        "empty.html#0": Reject.NO_TEXT,
        "cut.html.gz#0": Reject.TRUNCATED,
        "lines.jsonl#1": Reject.BAD_RECORD,
        "lines.jsonl#2": Reject.BAD_RECORD,
        "lines.jsonl#5": Reject.BAD_RECORD,
        "lines.jsonl#6": Reject.BAD_RECORD,
        "cut.jsonl.gz#2": Reject.TRUNCATED,
        "cut.warc#2": Reject.TRUNCATED,
        "unknown.doc#0": Reject.UNKNOWN_FORMAT,
        "link-out.html#0": Reject.OUTSIDE_LANDING,
    }
    assert set(HOSTILE) <= {ref.split("#")[0] for ref in found}


LARGE = {"max_nodes": 10**9, "max_document_bytes": 10**9}  # caps that let the longest page through


def raw(*bodies: bytes) -> pa.Table:
    return RAW.table([{"raw_ref": f"{n}#0", "media": "html", "body": b} for n, b in enumerate(bodies)])


@pytest.mark.parametrize(
    ("costly", "caps", "reason"),
    [
        (page(after=LINKS * 6), replace(CAPS, max_cpu_seconds=1.5, **LARGE), Reject.TIMEOUT),
        (HOSTILE["long-attribute.html"], replace(CAPS, max_memory_mb=20), Reject.MEMORY),
    ],
    ids=["time", "memory"],
)
def test_a_page_that_eats_time_or_memory_costs_itself(costly: bytes, caps: Caps, reason: Reject) -> None:
    """Within the caps that count nodes no page is known to hang, so these are pages that are only long, and low caps.

    The page of links takes five times its cap, the others a twentieth: the cap strikes whatever the load. A thread of its own has a
    child of its own, whose heap has no room that an earlier page left.
    """
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(extract, raw(page(), costly, page(STORY[1:])), day=DAY, caps=caps).result()

    assert found["reason"].to_pylist() == [None, reason, None]


def test_what_linked_data_spells_but_utf8_cannot_does_not_end_the_run() -> None:
    linked = '<script type="application/ld+json">{"headline": "a\\\\ud800", "author": {"name": "B\\\\udc00"}}</script>'

    (row,) = extract(raw(page(head=linked)), day=DAY, caps=CAPS).to_pylist()

    assert row["reason"] is None


@pytest.mark.parametrize(
    "junk", ["\x01", "\x0b", "\x1f", "&#1;", "&#x1F;", "&#0;", "&#31", "\ufffe", "\uffff", "&#xFFFF;"]
)
def test_what_xml_has_no_place_for_is_left_out(junk: str) -> None:
    """In texts, tails, attributes and names, and however it is written."""
    story = [line.replace(" ", f" {junk}", 1) for line in STORY]
    mad = f"<aside>x</aside>{junk}<p class='{junk}'>{junk}<b>{junk}</b>{junk}</p><nav></nav>{junk}".encode()

    (row,) = extract(
        raw(page(story).replace(b"<article>", b"<article>" + mad)), day=DAY, caps=CAPS
    ).to_pylist()

    assert set(STORY) <= set(row["text"].split("\n"))


def test_tables_in_tables_are_read_in_time() -> None:
    """1,900 of them; the time that trafilatura takes grows with the cube of the depth.

    The cap is a hundred times what they take now, and a fraction of what they would take.
    """
    body = page(after="<table>" * 1_900 + "x")

    (row,) = extract(raw(body), day=DAY, caps=replace(CAPS, max_cpu_seconds=10)).to_pylist()

    assert row["reason"] is None


@pytest.mark.parametrize(
    "mad",
    [
        "<nav>x</nav><script>1</script><footer>y</footer><blockquote class=twitter-tweet>q</blockquote>"
        * 20_000,
        "<a rel=author>x y</a><b itemprop=author>x</b>" * 40_000,
        "<a href=/x><p>The headline of another article here</p></a>" * 30_000,
        "<h1 class=lead>The council voted on Tuesday</h1>" * 60_000,
    ],
    ids=["sides", "authors", "links", "headings"],
)
def test_very_many_of_what_is_looked_for_are_read_in_time(mad: str) -> None:
    """The union of two searches that find 40,000 elements each takes libxml2 half a minute.

    The cap is twenty times what they take now.
    """
    (row,) = extract(raw(page(after=mad)), day=DAY, caps=replace(CAPS, max_cpu_seconds=10)).to_pylist()

    assert row["reason"] is None


@given(st.randoms(use_true_random=False), st.integers(1, 8))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_mad_pages_are_texts_or_rejects_and_break_nothing(dice: Any, n_documents: int) -> None:
    rows = [make_row(dice) | {"raw_ref": f"{n}#0"} for n in range(n_documents)]

    found = EXTRACTED.conform(extract(RAW.table(rows), day=DAY, caps=CAPS))

    assert found["raw_ref"].to_pylist() == [row["raw_ref"] for row in rows]
    assert not Counter(found["reason"].to_pylist()).keys() & set(BROKEN)


def test_mad_pages_come_out_the_same_however_they_are_batched() -> None:
    table = RAW.table([make_row(random.Random(n)) | {"raw_ref": f"{n}#0"} for n in range(50)])

    whole = extract(table, day=DAY, caps=CAPS)
    parts = [extract(table.slice(n, 7), day=DAY, caps=CAPS) for n in range(0, 50, 7)]

    assert pa.concat_tables(parts).to_pylist() == whole.to_pylist()


def test_damaged_files_of_every_format_are_accounted_for() -> None:
    """A sample, the same each time; `python -m benchmarks.hostile_files` runs two thousand."""
    report = hostile_files.run(12 * len(hostile_files.FORMATS), seed=1)

    assert [] == report.faults
    assert 100 < report.outcomes["article"]
    assert {Reject.UNREADABLE, Reject.TRUNCATED, Reject.BAD_RECORD} <= set(report.outcomes)


def test_every_format_that_is_read_is_damaged() -> None:
    assert read._READERS.keys() - {".htm", ".wet"} == {
        uncompressed(ending) for ending in hostile_files.FORMATS
    }
