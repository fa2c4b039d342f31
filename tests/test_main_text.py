"""trafilatura's reading in fewer steps."""

from typing import Any

import pytest
import trafilatura
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from trafilatura.settings import Document, Extractor

from pipeline.extract import main_text
from tests.test_name_tests import pages as named_pages

OPTIONS = Extractor(output_format="python", fast=True, recall=True, comments=False, formatting=False)
SENTENCE = "The ferry of the northern islands sank in the harbour on a calm morning, and nobody was hurt. "
LINKS = "<a href='/a'>Ferries of the north</a> <a href='/b'>Weather</a> <a href='/c'>All of the sport</a> "

_WORDS = st.sampled_from(
    (
        *(SENTENCE, SENTENCE * 3, f"<p>{SENTENCE}</p>", f"<p>{SENTENCE * 2}</p><p>{SENTENCE}</p>", LINKS),
        *(
            f"<p>{LINKS}</p>",
            f"<ul><li>{LINKS}</li><li><p>{LINKS}</p></li></ul>",
            f"<div>{LINKS}</div>",
            "<br>",
        ),
        *(
            f"<table><tr><th>Ships</th><td>{LINKS * 4}</td></tr></table>",
            "Short. ",
            f"<h2>{SENTENCE[:30]}</h2>",
        ),
        *(
            f"<blockquote>{SENTENCE}<p>Quoted.</p></blockquote>",
            "<pre>a\n  b</pre>",
            f"<span>{SENTENCE}</span>",
        ),
        *(
            "<p>Read <b>all</b> of <a href='/d'>it</a> here.</p>",
            f"<form>{SENTENCE}</form>",
            "<img src='a.jpg'>",
        ),
    )
)
_BOXES = st.sampled_from(
    (
        *(
            "article",
            "div",
            "div class='post-content'",
            "section class='story'",
            "div class='comments'",
            "main",
        ),
        *("div id='share-bar'", "div class='related'", "ol class='comment-list'", "div class='caption'", "p"),
        *(
            "div class='infinite-scroll'",
            "aside",
            "div style='display:none'",
            "div class='elementor-share-buttons'",
        ),
    )
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Pages of boxes with names, in one another, with texts and links between them."""
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 8))):
        box, inner = draw(_BOXES), "".join(draw(st.lists(_WORDS, max_size=5)))
        around = "".join(parts[-1:]) if parts and draw(st.booleans()) else ""
        parts[-1:] = [] if around else parts[-1:]
        parts.append(
            f"<{box}>{inner}{around}{draw(_WORDS)}</{box.split()[0]}>{draw(st.sampled_from(['', 'Tail. ']))}"
        )
    return f"<html><head><title>x</title></head><body>{''.join(parts)}</body></html>"


def whole(tree: Any, options: Extractor = OPTIONS) -> str:
    found = trafilatura.bare_extraction(tree, options=options)
    return (found.text or "") if isinstance(found, Document) else ""


@settings(max_examples=300)
@given(page=pages())
def test_a_reading_is_that_of_trafilatura_and_leaves_the_tree_as_it_was(page: str) -> None:
    tree = html.document_fromstring(page)
    wanted, before = whole(tree), html.tostring(tree)

    assert main_text.text_of(tree, OPTIONS) == wanted
    assert html.tostring(tree) == before


@settings(max_examples=60)
@given(page=named_pages())
def test_a_reading_of_boxes_with_any_names_is_that_of_trafilatura(page: Any) -> None:
    for element in page.iter():
        element.text = SENTENCE
    tree = html.document_fromstring(html.tostring(page))

    assert main_text.text_of(tree, OPTIONS) == whole(tree)


@settings(max_examples=60)
@given(page=pages())
def test_a_thorough_reading_is_that_of_trafilatura(page: str) -> None:
    options = Extractor(output_format="python", comments=False, formatting=False)
    tree = html.document_fromstring(page)

    assert main_text.thorough_text_of(tree, options) == whole(tree, options)


@pytest.mark.parametrize(
    "page", ["<p>x</p>", "<html><body></body></html>", f"<div>{LINKS}</div>", "<p>  </p>tail"]
)
def test_a_page_without_a_text_gives_none(page: str) -> None:
    tree = html.document_fromstring(page)

    assert main_text.text_of(tree, OPTIONS) == whole(tree)


def test_posts_of_a_forum_that_says_so_are_no_comments() -> None:
    stated = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    posts = f"<div class='comments'><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p></div>"
    texts = [
        main_text.text_of(html.document_fromstring(f"<body>{top}{posts}</body>"), OPTIONS)
        for top in ("", stated)
    ]

    assert [SENTENCE.strip() in text for text in texts] == [False, True]


def test_trafilatura_has_its_own_functions_again_after_a_reading() -> None:
    def theirs() -> list[Any]:
        modules = main_text.main_extractor, main_text.external, main_text.core
        return [dict(vars(module)) for module in modules] + [list(main_text.MANUALLY_CLEANED)]

    own, tree = theirs(), html.document_fromstring(f"<article><p>{SENTENCE * 5}</p></article>")
    main_text.text_of(tree, OPTIONS)
    main_text.thorough_text_of(tree, OPTIONS)

    assert theirs() == own
