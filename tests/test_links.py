"""Lines that are links to other articles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import links

TEASER = "Ferry owner denies talks with the city"
BODY = ["The council voted on Tuesday to close the bridge.", "Traffic will be led over the ferry."]


def page(link: str) -> Any:
    return html.document_fromstring(f"<html><body><p>{BODY[0]}</p>{link}<p>{BODY[1]}</p></body></html>")


def without(link: str, *lines: str) -> list[str]:
    texts = links.Linked(page(link))
    return links.without_linked("\n".join([BODY[0], *lines, BODY[1]]), texts).split("\n")


@pytest.mark.parametrize(
    "line", [TEASER, "Ferry: " + TEASER, "A ferry again? " + TEASER, TEASER.upper(), f"“{TEASER}”"]
)
def test_a_line_that_is_a_link_to_another_page_goes(line: str) -> None:
    """Also behind a kicker, in another case, within quotation marks."""
    assert without(f'<a href="/ferry-1"><b>{TEASER}</b></a>', line) == BODY


def test_the_headline_in_a_box_that_is_one_link_goes() -> None:
    box = f'<a href="/ferry-1"><span>Traffic</span><h3>{TEASER}</h3><time>4 March</time></a>'
    assert without(box, TEASER) == BODY


@pytest.mark.parametrize("href", ["#ferry", "javascript:void(0)", "mailto:a@example.com"])
def test_a_link_within_the_page_says_nothing(href: str) -> None:
    """Tables of contents name the headings of the text."""
    assert TEASER in without(f'<a href="{href}">{TEASER}</a>', TEASER)


@pytest.mark.parametrize(
    "sentence",
    [
        TEASER + ".",
        "नौका के मालिक ने नगर के साथ किसी भी बातचीत से इनकार किया।",
        "کشتی کے مالک نے شہر کے ساتھ کسی بھی بات چیت سے انکار کیا۔",
        "渡し船の持ち主は市との話し合いを否定した。",
    ],
)
def test_a_linked_sentence_stays(sentence: str) -> None:
    """It may be the text's, in any script."""
    assert sentence in without(f'<a href="/ferry-1">{sentence}</a>', sentence)


def test_links_that_a_colon_announces_stay() -> None:
    """There the text speaks of them."""
    assert TEASER in without(f'<a href="/ferry-1">{TEASER}</a>', "The reports of the day are these:", TEASER)


def test_a_linked_name_stays() -> None:
    """Two words are linked within sentences, too."""
    assert "Jane Doe" in without('<a href="/jane">Jane Doe</a>', "Jane Doe")


def test_the_tree_is_only_read() -> None:
    """The text is taken out of it afterwards."""
    tree = page(f'<a href="/ferry-1">{TEASER}</a>')
    before = html.tostring(tree)

    links.Linked(tree)

    assert before == html.tostring(tree)


@given(st.text(max_size=200), st.frozensets(st.text(max_size=20)))
def test_only_whole_lines_go(text: str, texts: frozenset[str]) -> None:
    """What is left are lines of the text, in order."""
    lines = iter(text.split("\n"))

    assert all(line in lines for line in links.without_linked(text, texts).split("\n") if line)
