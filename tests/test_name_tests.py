"""trafilatura's searches for boxes, replaced by quicker ones."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from trafilatura import xpaths

from pipeline.extract import name_tests

SEARCHES = {
    f"{name} {n}": expression
    for name, value in vars(xpaths).items()
    if isinstance(value, list)
    for n, expression in enumerate(value)
    if isinstance(expression, etree.XPath) and "re:test" in expression.path
}
QUICK = [name for name, expression in SEARCHES.items() if name_tests.quickened(expression.path)]

# Of whole names, parts and edges, so that each kind of test meets both.
_PARTS = st.sampled_from(
    (
        *("comments", "comment-list", "Comments", "respond", "share", "nav", "Navigation", "bar", "menu"),
        *("post-content", "article", "entry-content", "hide", "hidden", "-hide-", "ad", "ad-", "tags"),
        *("cookie", "author", "byline", "story", "primary", "content-main", "main-content", "page-content"),
        *("text", "infinite-scroll", "mvp-post-add-box", "x"),
    )
)
_NAMES = st.lists(_PARTS, max_size=3).map(" ".join)
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "id", "role", "style", "itemprop", "aria-hidden", "data-component"]),
    st.one_of(
        _NAMES,
        st.sampled_from(["true", "navigation", "articleBody", "display: none", "", "MostPopularStories"]),
    ),
    max_size=4,
)
_TAGS = st.sampled_from(
    ["div", "section", "p", "span", "ul", "list", "aside", "article", "main", "h1", "a", "item"]
)


@st.composite
def pages(draw: st.DrawFn) -> Any:
    """A tree of nested elements with such names, in any order of their attributes."""
    root = html.Element("body")
    places = [root]
    for _ in range(draw(st.integers(1, 12))):
        element = html.Element(draw(_TAGS))
        for name, value in draw(_ATTRIBUTES).items():
            element.set(name, value)
        draw(st.sampled_from(places)).append(element)
        places.append(element)
    return root


def test_the_searches_of_a_reading_are_replaced() -> None:
    """Should trafilatura write them otherwise one day, this says that the gain is gone."""
    assert {
        "BODY_XPATH 0",
        "BODY_XPATH 2",
        "BODY_XPATH 3",
        "OVERALL_DISCARD_XPATH 0",
        "OVERALL_DISCARD_XPATH 1",
    } <= set(QUICK)
    assert {"RAW_TREE_PRUNE_XPATH 0", "REMOVE_COMMENTS_AND_LISTS_XPATH 0"} <= set(QUICK)


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=40)
@given(page=pages())
def test_a_search_finds_what_the_expression_finds(name: str, page: Any) -> None:
    expression = SEARCHES[name]
    search = name_tests.quickened(expression.path)
    assert search is not None
    wanted, found = expression(page), search(page)
    if expression.path.rstrip(" \n)").endswith("[1]"):
        wanted, found = wanted[:1], found[:1]  # the first is all that is used

    assert found == wanted


@pytest.mark.parametrize(
    "path",
    [
        ".//div[re:test(@class, 'menu')]",
        ".//*[re:test(@class, 'menu')]/..",
        ".//*[re:test(@class, 'menu|')]",  # it holds without a class, too
        ".//*[re:test(@class, 'menu') and @id]",
        ".//*[re:test(., 'menu')]",
    ],
)
def test_an_expression_that_is_not_known_is_not_replaced(path: str) -> None:
    assert name_tests.quickened(path) is None


def test_trafilatura_has_its_own_expressions_again_after_a_reading_that_failed() -> None:
    own = list(xpaths.OVERALL_DISCARD_XPATH)

    with suppress(ValueError), name_tests.quick():
        within = list(xpaths.OVERALL_DISCARD_XPATH)
        raise ValueError

    assert within != own
    assert own == xpaths.OVERALL_DISCARD_XPATH
