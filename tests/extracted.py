"""Documents as extraction leaves them, and how the tests have them cleaned."""

from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.clean import articles, habits
from pipeline.model.internal_tables import EXTRACTED

DAY = date(2026, 3, 5)

PITCH = "The Northern Report belongs to its readers and to nobody else in the whole wide world."


def sentence(topic: str, n: int) -> str:
    return f"The {topic} number {n} was discussed on Tuesday by {n + 3} members of the council in {topic} street."


def body(topic: str, n_sentences: int = 6) -> list[str]:
    return [sentence(topic, n) for n in range(n_sentences)]


def document(raw_ref: str, lines: list[str], **fields: Any) -> dict[str, Any]:
    row = {
        "raw_ref": raw_ref,
        "raw_digest": "0" * 32,
        "authors": [],
        "dropped": [],
        "is_paywalled": False,
        "extractor": "text",
    }
    return {**row, "text": "\n".join(lines), **fields}


def outlet_of(topics: str, *furniture: str, outlet: str = "Northern Report") -> list[dict[str, Any]]:
    return [document(f"{t}.txt#0", [*body(t), *furniture], outlet=outlet) for t in topics.split()]


def run(documents: list[dict[str, Any]], *earlier: pa.Table, min_words: int = 8) -> dict[str, dict[str, Any]]:
    extracted = EXTRACTED.table(documents)
    recurring = habits.recurring(habits.count_lines(habits.outline(extracted)), earlier)
    rows = articles.clean(extracted, recurring=recurring, day=DAY, min_words=min_words).to_pylist()
    return {row["raw_ref"]: row for row in rows}


def lines_of(documents: list[dict[str, Any]]) -> pa.Table:
    return habits.count_lines(habits.outline(EXTRACTED.table(documents)))


def text_of(row: dict[str, Any]) -> list[str]:
    return str(row["text"]).split("\n")
