"""From raw documents to texts: one row each, the same however they are batched."""

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pytest

from pipeline.extract import batch
from pipeline.extract.batch import extract
from pipeline.extract.sandbox import Failure, Guard
from pipeline.model.kinds import Reject
from tests.pages import (
    CAPS,
    DAY,
    STORY,
    WHOLE,
    page,
    raw,
    run,
    run_one,
)


def test_a_page_becomes_its_text_with_one_paragraph_a_line() -> None:
    row = run_one(page())

    assert row["text"].split("\n") == WHOLE
    assert (row["stage"], row["reason"], row["detail"]) == (None, None, None)
    assert row["extractor"] == f"trafilatura {version('trafilatura')}"
    assert row["title"] == "Council approves budget"
    assert row["language"] == "en"


def test_what_came_with_a_document_goes_on() -> None:
    fetched = datetime(2026, 3, 5, 12, tzinfo=UTC)

    (row,) = run(
        {"body": page(), "url": "https://bay.example/a", "outlet": "The Bay Herald", "fetched_at": fetched}
    )

    assert (row["url"], row["outlet"], row["fetched_at"]) == (
        "https://bay.example/a",
        "The Bay Herald",
        fetched,
    )


def test_every_raw_row_gives_one_row_in_its_place() -> None:
    """Rejects of the reading pass through; a bad document does not move its neighbours."""
    bad = {"body": None, "media": None, "reason": Reject.TRUNCATED, "detail": "cut"}

    rows = run({"body": page()}, bad, {"body": b"\x89PNG\r\n"}, {"body": b""}, {"body": page(STORY[::-1])})

    assert [r["raw_ref"] for r in rows] == [f"day=2026-03-05/{n}.html#0" for n in range(5)]
    ends = [
        (None, None),
        ("read", "truncated"),
        ("extract", "not_a_page"),
        ("extract", "no_text"),
        (None, None),
    ]
    assert [(r["stage"], r["reason"]) for r in rows] == ends
    assert [bool(r["text"]) for r in rows] == [True, False, False, False, True]
    assert rows[1]["detail"] == "cut"


def test_no_rows_give_no_rows() -> None:
    assert run() == []


def test_the_digest_is_of_the_document_and_of_what_came_with_it_but_not_of_where_it_lay() -> None:
    same, other_url, other_body = (
        {"body": page()},
        {"body": page(), "url": "http://x/"},
        {"body": page(STORY[1:])},
    )

    digests = [row["raw_digest"] for row in run(same, same, other_url, other_body)]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert {len(d) for d in digests} == {32}


def test_documents_with_the_same_body_share_the_text_and_keep_their_own_hints() -> None:
    one, two = run({"body": page(), "outlet": "One"}, {"body": page(), "outlet": "Two"})

    assert one["text"] == two["text"]
    assert (one["outlet"], two["outlet"]) == ("One", "Two")


def test_the_result_does_not_depend_on_order_or_batches() -> None:
    rows = [
        {"body": page()},
        {"body": page(STORY[2:]), "url": "http://x/a"},
        {"body": b"", "raw_ref": "empty#0"},
        {"body": page(), "title": "Another headline"},
        {"body": page(STORY[:3]), "charset": "utf-8"},
    ]
    table = raw(*rows)

    def extracted(*parts: pa.Table) -> list[dict[str, Any]]:
        return (
            pa.concat_tables([extract(p, day=DAY, caps=CAPS) for p in parts]).sort_by("raw_ref").to_pylist()
        )

    whole = extracted(table)
    assert extracted(table.take(pa.array([4, 2, 0, 3, 1]))) == whole
    assert extracted(*(table.slice(n, 1) for n in range(5))) == whole


_TEXTS = 40  # more than are handed over one by one


def _texts(*bad: dict[str, Any]) -> pa.Table:
    """Texts without markup; one of them is there twice."""
    plain = "\n\n".join(STORY)
    rows = [{"body": f"{n} {plain}".encode(), "media": "text", "title": f"No. {n}"} for n in range(_TEXTS)]
    return raw(*rows, rows[0], *bad)


def _functions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    called: list[str] = []
    known = batch.guard

    def noting(function: str, limits: Any) -> Any:
        called.append(function.rpartition(":")[2])
        return known(function, limits)

    monkeypatch.setattr(batch, "guard", noting)
    return called


def test_many_texts_are_handed_over_together_and_are_what_they_are_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called, texts = _functions(monkeypatch), _texts({"body": b"", "media": "text"}, _NO_BODY)

    together = extract(texts, day=DAY, caps=CAPS)
    assert ["read_light"] == called

    alone = [extract(texts.slice(n, 1), day=DAY, caps=CAPS) for n in range(len(texts))]
    assert pa.concat_tables(alone).equals(together)
    assert {"read_light", "read_untold"} == set(called)


def test_where_reading_them_together_fails_texts_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reason: the rows are the same."""
    together, called = extract(_texts(), day=DAY, caps=CAPS), _functions(monkeypatch)
    monkeypatch.setattr(Guard, "run", _failing_together(Guard.run))

    assert together.equals(extract(_texts(), day=DAY, caps=CAPS))
    assert ["read_light", "read_untold"] == called


def _failing_together(run: Any) -> Any:
    def running(guard: Any, table: pa.Table, **arguments: object) -> list[Any]:
        if "raw" in table.column_names:
            return [Failure(Reject.TIMEOUT, "more than it may take")]
        found: list[Any] = run(guard, table, **arguments)
        return found

    return running


def test_pages_have_a_message_each(monkeypatch: pytest.MonkeyPatch) -> None:
    called = _functions(monkeypatch)

    extract(_texts({"body": page()}), day=DAY, caps=CAPS)

    assert ["read_untold"] == called


def test_pages_whose_languages_cannot_be_told_together_are_read_again_each_with_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = raw(
        {"body": page()}, {"body": page().replace(b"<html", b"<html lang=en", 1)}, {"body": b""}, _NO_BODY
    )
    together, called = extract(pages, day=DAY, caps=CAPS), _functions(monkeypatch)
    assert together["language"].to_pylist()[:2] == ["en", "en"]

    monkeypatch.setattr("pipeline.extract.languages.identify_all", lambda *_: 1 / 0)

    assert together.equals(extract(pages, day=DAY, caps=CAPS))
    assert ["read_untold", "read_document"] == called


_NO_BODY = {"body": None, "media": None, "reason": Reject.TRUNCATED, "detail": "cut"}
