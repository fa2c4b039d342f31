"""Pages of our own writing, and how the tests have them read."""

import json
from datetime import date
from typing import Any

import pyarrow as pa
from lxml import html

from pipeline.day.extract import caps_of
from pipeline.extract import described
from pipeline.extract.batch import Caps, extract
from pipeline.extract.stated import read_stated
from pipeline.model.internal_tables import EXTRACTED, RAW
from pipeline.settings import load

DAY = date(2026, 3, 5)
CAPS = caps_of(load())

# One story in eight paragraphs, of our own writing.
STORY = [
    "The town council of Marlow Bay approved a new budget on Tuesday night after a debate that lasted nearly six hours.",
    "Most of the money, some twelve million in all, will be spent on the repair of roads and on two primary schools.",
    "Mayor Ines Fischer said that she would sign the budget on Thursday, and thanked the members of both parties.",
    "“We have waited for this for four years, and so have the children who sit under a leaking roof,” she said.",
    "The opposition had asked for more buses in the evening, a wish that the council turned down by seven votes to six.",
    "Its leader, Paul Okafor, called the decision short-sighted and said that people without a car had been forgotten.",
    "The library will open on Saturdays again from May, which was one of the demands that residents had made last year.",
    "Work on the first of the roads, the one along the harbour, is expected to start in the second week of April.",
]

TITLE = "Council approves budget"

WHOLE = [TITLE, *STORY]  # a headline is furniture, which is not taken out here

MENU = (
    "<nav><ul>"
    + "".join(f"<li><a href=/{s}>{s}</a></li>" for s in ("News", "Sport", "Weather", "Shop"))
    + "</ul></nav>"
)

RELATED = [f"Ten things that nobody had told you about holidays in the mountains, part {n}" for n in range(5)]


def page(
    paragraphs: list[str] = STORY,
    before: str = "",
    after: str = "",
    head: str = "",
    wrap: tuple[str, str] = ("", ""),
) -> bytes:
    inner = "\n".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!DOCTYPE html><html lang=en><head><title>Council approves budget</title>{head}</head><body>{MENU}"
        f"{wrap[0]}<article><h1>Council approves budget</h1>{before}<div class=content>{inner}</div>{after}</article>{wrap[1]}"
        f"<footer>© The Bay Herald, all rights reserved</footer></body></html>"
    ).encode()


def tree_of(content: bytes) -> Any:
    return html.document_fromstring(content.decode())


def raw(*rows: dict[str, Any]) -> pa.Table:
    whole = [{"raw_ref": f"day=2026-03-05/{n}.html#0", "media": "html"} | row for n, row in enumerate(rows)]
    return RAW.table(whole)


def run(*rows: dict[str, Any], caps: Caps = CAPS, extractor: str = "trafilatura") -> list[dict[str, Any]]:
    table = extract(raw(*rows), day=DAY, caps=caps, extractor=extractor)
    return EXTRACTED.conform(table).to_pylist()


def run_one(content: bytes, **options: Any) -> dict[str, Any]:
    (row,) = run({"body": content}, **options)
    return row


HEADLINE = "Northern bridge in Aldmoor closes after cracks were found"

URL = "https://www.example.com/news/bridge-1"


def parsed(head: str = "", body: str = "<p>Text.</p>", linked_data: Any = None, lang: str = "en") -> Any:
    data = (
        f'<script type="application/ld+json">{json.dumps(linked_data)}</script>'
        if linked_data is not None
        else ""
    )
    return html.document_fromstring(
        f'<html lang="{lang}"><head>{head}{data}</head><body>{body}</body></html>'
    )


def describe(tree: Any, **hints: Any) -> described.Description:
    return described.describe_page(tree, read_stated(tree), {"url": URL, **hints}, DAY)


def meta(**contents: str) -> str:
    return "".join(f'<meta property="{k.replace("__", ":")}" content="{v}">' for k, v in contents.items())


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Northern bridge to close",
    "datePublished": "2026-03-04T23:30:00+01:00",
    "dateModified": "2026-03-05T08:00:00+01:00",
    "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}],
    "publisher": {"@type": "Organization", "name": "Example Report"},
    "isAccessibleForFree": True,
}
