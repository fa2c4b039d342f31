"""Pages that are drawn by scripts: streamed pieces, and markup in a value."""

import json

import pytest

from pipeline.extract import page_state
from tests.pages import RELATED, STORY, TITLE, run_one, tree_of

MARKUP = "".join(f"<p>{line}</p>" for line in STORY)
PAGE = f"<html lang=en><head><title>{TITLE}</title></head><body><div id=app></div>%s</body></html>"
STATE = {
    "props": {"page": {"title": TITLE, "body": f"<div>{MARKUP}</div>", "notice": "<p>One</p><p>Two</p>"}}
}


@pytest.mark.parametrize(
    "script",
    [
        '<script id="state" type="application/json">' + json.dumps(STATE) + "</script>",
        "<script>window.__STATE__ = " + json.dumps(STATE).replace("<", "\\u003c") + ";</script>",
        "<script>push([1," + json.dumps("a:" + json.dumps(STATE)).replace("<", "\\u003C") + "])</script>",
        "<script>push([1," + json.dumps(MARKUP) + "])</script>",
    ],
    ids=["json", "escaped", "value in a string", "a string alone"],
)
def test_an_article_that_only_a_script_has_is_read(script: str) -> None:
    row = run_one((PAGE % script).encode())

    assert row["text"].split("\n") == STORY


@pytest.mark.parametrize(
    "script",
    [
        "<script>var x = "
        + json.dumps("<p>We use cookies.</p><p>They are good for you.</p>" * 9)
        + "</script>",
        '<script>var x = "<p>council approves budget</p>"</script>',
        '<script>var x = "<p>council approves budget \\q</p><p></p>"</script>',
        "<script>" * 99,
        "<script " * 99,
    ],
    ids=["of something else", "one paragraph", "no JSON", "unclosed", "torn"],
)
def test_other_strings_are_no_article(script: str) -> None:
    assert page_state.markup(PAGE % script, [TITLE]) == ""
    assert run_one((PAGE % script).encode())["reason"] == "no_text"


def test_a_page_that_shows_its_text_is_read_as_it_is_shown() -> None:
    shown = "".join(f"<p>{line} And so on, as it was said on that long night.</p>" for line in RELATED)
    script = f"<script>var x = {json.dumps(STATE)}</script>"

    assert RELATED[0] in run_one((PAGE % f"<article>{shown}</article>{script}").encode())["text"]


def test_streamed_pieces_are_read_where_scripts_put_them() -> None:
    """As React streams a page: a template in the place of each piece, the piece itself hidden at the end."""
    place = '<template id="B:0"></template><p>Loading</p>'
    inner = "".join(f"<p>{line}</p>" for line in STORY[:2])
    pieces = f'<div hidden id="S:0"><div>{inner}<template id="P:1"></template></div></div>'
    pieces += f'<div hidden id="S:1"><div>{MARKUP.removeprefix(inner)}</div></div>'
    page = (
        PAGE % f"<main><article><h1>{TITLE}</h1>{place}</article></main><footer><p>End</p></footer>{pieces}"
    )
    tree = tree_of(page.encode())

    assert page_state.put_in_place(tree)
    text = tree.text_content()
    places = [text.index(words) for words in (TITLE, *STORY, "End")[1:]]
    assert places == sorted(places)
    assert not tree.xpath("//div[@hidden]")
    assert [line for line in STORY if line not in run_one(page.encode())["text"]] == []


@pytest.mark.parametrize(
    "body",
    ['<div hidden id="S:0">x</div>', '<div hidden id="S:0"><template id="B:0"></template></div>', "<p>x</p>"],
)
def test_pieces_without_a_place_stay_where_they_are(body: str) -> None:
    tree = tree_of(f"<html><body>{body}</body></html>".encode())
    before = tree.text_content()

    page_state.put_in_place(tree)

    assert tree.text_content() == before
