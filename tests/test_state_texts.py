"""Articles that a page has only as a list of paragraphs in a value for its scripts, or in a page within it."""

import html
import json
from typing import Any

import pytest

from pipeline.extract import state_texts
from tests.pages import RELATED, STORY, TITLE, run_one

PAGE = f"<html lang=en><head><title>{TITLE}</title></head><body><div id=app></div>%s</body></html>"
LISTS: dict[str, list[Any]] = {
    "strings": STORY,
    "objects": [{"id": n, "type": "p", "text": line} for n, line in enumerate(STORY)],
    "objects with markup": [{"kind": "text", "data": {"html": f"<p>{line}</p>"}} for line in STORY],
    "spans": [{"_type": "block", "children": [{"text": line[:30]}, {"text": line[30:]}]} for line in STORY],
    "elements": [["$", "p", None, {"children": [line[:30], ["$", "b", None, {"children": line[30:]}]]}] for line in STORY],
}  # fmt: skip


def state(lines: list[Any]) -> dict[str, Any]:
    teasers = [{"title": line, "text": f"{line} {n}, as nobody in the whole town would have guessed. " * 9} for n, line in enumerate(RELATED)]  # fmt: skip
    return {"props": {"story": {"headline": TITLE, "parts": lines}, "more": teasers}}


def scripts(value: Any) -> dict[str, str]:
    text = json.dumps(value)
    return {
        "a value": f'<script id="__NEXT_DATA__" type="application/json">{text}</script>',
        "an assignment": f"<script>window.a=1;window.__STATE__ = {text};(function(){{}})()</script>",
        "a parsed string": f"<script>window.__STATE__=JSON.parse({json.dumps(text)})</script>",
        "a stream": f"<script>self.push([1,{json.dumps('5:' + text)}])</script>",
    }


@pytest.mark.parametrize("lines", LISTS.values(), ids=list(LISTS))
@pytest.mark.parametrize("how", list(scripts(None)))
@pytest.mark.parametrize("heading", ["", f"<h1>{TITLE}</h1>"], ids=["empty", "with a headline"])
def test_a_list_of_paragraphs_that_only_a_script_has_is_the_text(
    lines: list[Any], how: str, heading: str
) -> None:
    row = run_one((PAGE % (heading + scripts(state(lines))[how])).encode())

    assert row["text"].split("\n") == STORY
    assert row["extractor"] == "page state"


def test_one_text_with_breaks_of_lines_is_a_list_too() -> None:
    script = scripts({"title": TITLE, "text": "\n\n".join(STORY)})["a value"]

    assert run_one((PAGE % script).encode())["text"].split("\n") == STORY


@pytest.mark.parametrize("script", ["[" * 9_999, '{"a":' * 9_999, "=[" * 9_999, "=" + "[" * 300 + "]" * 300])
def test_torn_and_deep_values_hold_nothing(script: str) -> None:
    assert list(state_texts.find(script, [TITLE])) == []


def test_what_is_about_something_else_is_not_the_text() -> None:
    teasers = {"more": state([])["props"]["more"]}

    assert run_one((PAGE % scripts(teasers)["a value"]).encode())["reason"] == "no_text"


@pytest.mark.parametrize(
    "around", ["%s", "<html><body>%s</body></html>", "<!doctype html><h1>Council</h1>%s"]
)
def test_a_page_within_a_frame_is_the_text_of_a_page_without_one(around: str) -> None:
    inner = html.escape(around % "".join(f"<p>{line}</p>" for line in STORY))

    text = run_one((PAGE % f'<iframe title=story srcdoc="{inner}"></iframe>').encode())["text"]

    assert [line for line in text.split("\n") if line != "Council"] == STORY


def test_a_frame_with_something_else_is_not_the_text() -> None:
    offer = html.escape(f"<p>{RELATED[0]} and what they cost, if you book them in the next three days.</p>")
    story = "".join(f"<p>{line}</p>" for line in STORY)

    page = PAGE % f'<article>{story}<iframe srcdoc="{offer}"></iframe></article>'

    assert run_one(page.encode())["text"].split("\n") == STORY


def test_another_article_in_a_frame_stays_there() -> None:
    other = html.escape(
        "".join(f"<p>{line}, as nobody in the whole town would ever have thought.</p>" for line in RELATED)
    )
    story = "".join(f"<p>{line}</p>" for line in STORY)

    page = PAGE % f'<article>{story}</article><iframe srcdoc="{other}"></iframe>'

    assert run_one(page.encode())["text"].split("\n") == STORY
