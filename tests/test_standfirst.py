"""The paragraph between the headline and the text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import standfirst

FIRST = (
    "The ferry stays where it is, and the bridge will be closed for two years. What that means for the town."
)
TEXT = "The council voted on Tuesday to close the bridge.\nTraffic will be led over the ferry."


def page(inside: str, described: str = "") -> Any:
    meta = f'<meta name="description" content="{described}">'
    return html.document_fromstring(
        f"<html><head>{meta}</head><body><article><header><h1>Bridge closes</h1>{inside}</header></article></body></html>"
    )


def put(inside: str, described: str = "", text: str = TEXT) -> str:
    return standfirst.put_before(text, standfirst.find(page(inside, described)))


@pytest.mark.parametrize("described", [FIRST, FIRST[:75] + "…", f"&quot;{FIRST}&quot;"])
@pytest.mark.parametrize(
    "inside", [f"<p>{FIRST}</p>", f"<div class=x>\n   {FIRST}</div>", f"<h2>{FIRST}</h2>"]
)
def test_what_the_page_says_it_is_about_is_the_first_paragraph(inside: str, described: str) -> None:
    """Descriptions are cut short and quoted."""
    assert put(inside, described) == f"{FIRST}\n{TEXT}"


@pytest.mark.parametrize(
    "name", ["article__lead", "standfirst", "ArticleHeaderDek", "post-excerpt", "sub-title"]
)
def test_a_paragraph_behind_the_headline_that_is_called_so_is_it(name: str) -> None:
    assert put(f'<p class="{name}">{FIRST}</p>') == f"{FIRST}\n{TEXT}"


@pytest.mark.parametrize(
    "inside",
    [
        f"<p>{FIRST}</p>",  # neither described nor named
        f'<figure><p class="lead">{FIRST}</p></figure>',
        f'<div class="lead-image"><p>{FIRST}</p><p class="caption">A ferry</p></div>',
        f'<a href="/other"><p class="intro">{FIRST}</p></a>',
        f'<p class="leadership">{FIRST}</p>',
        '<p class="lead">Too short to tell.</p>',
    ],
)
def test_anything_else_stays_out(inside: str) -> None:
    assert put(inside) == TEXT


def test_it_is_not_put_in_twice() -> None:
    text = f"{FIRST}\n{TEXT}"
    assert put(f"<p>{FIRST}</p>", FIRST, text) == text


def test_it_stands_behind_a_headline_and_before_the_first_sentence() -> None:
    text = f"Bridge closes\nBy Ines Fischer\n{TEXT}"
    assert put(f"<p>{FIRST}</p>", FIRST, text) == f"Bridge closes\nBy Ines Fischer\n{FIRST}\n{TEXT}"


def test_with_all_its_sentences() -> None:
    """A description often gives the first sentence only."""
    rest = "The mayor calls it a hard choice."
    inside = f'<div class="preamble"><p>{FIRST}</p><p>{rest}</p></div>'
    assert put(inside, FIRST) == f"{FIRST} {rest}\n{TEXT}"


def test_a_page_without_text_stays_one() -> None:
    assert put(f"<p>{FIRST}</p>", FIRST, "") == ""


@given(
    st.lists(st.sampled_from([FIRST, "One line", TEXT, "", "Ends."]), max_size=6),
    st.sampled_from([FIRST, ""]),
)
def test_only_one_line_is_added(lines: list[str], described: str) -> None:
    """Every line that was there stays, in its order."""
    text = "\n".join(lines)
    before, after = text.split("\n"), put(f"<p>{FIRST}</p>", described, text).split("\n")
    assert len(after) - len(before) in {0, 1}
    assert [line for line in after if line != FIRST] == [line for line in before if line != FIRST]


def test_a_page_that_repeats_its_description_gives_no_more_candidates_than_others() -> None:
    """Each candidate is searched for in the whole text, so a page of 20,000 would cost 20,000 searches."""
    few, many = (page("".join(f"<p>{FIRST} {n}</p>" for n in range(size)), FIRST) for size in (100, 2_000))
    assert 0 < len(standfirst.find(few)) == len(standfirst.find(many)) < 100
