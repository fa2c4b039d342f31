"""Paragraphs that are a link as a whole: which of them are text."""

import pytest
from lxml import html

from pipeline.extract import linked
from tests.pages import RELATED, STORY, TITLE
from tests.test_paragraphs import HEADING, p, text_of

LINKED = (
    "On Friday the two clerks told the council that the books had been wrong since the spring of last year."
)


@pytest.mark.parametrize(
    "block",
    [
        f"<p><a href=/x>{LINKED}</a></p>",
        f"<p><strong><a href=/x>{LINKED}</a></strong></p>",
        f"<p><a href=/x><b>{LINKED}</b> </a></p>",
        f"<p><a href=/x>{LINKED[:50]}</a><a href=/y>{LINKED[50:]}</a></p>",
        f"<div><a href=/x>{LINKED}</a></div>",
        f"<div><div><p><a href=/x>{LINKED}</a></p></div></div>",
        f"<a href=/x><p>{LINKED}</p></a>",
    ],
)
@pytest.mark.parametrize("at", [1, 4])
def test_a_sentence_that_is_a_link_as_a_whole_is_text(block: str, at: int) -> None:
    found = text_of(f"<article>{HEADING}{p(*STORY[:at])}{block}{p(*STORY[at:])}</article>")

    assert found == [TITLE, *STORY[:at], LINKED, *STORY[at:]]


def test_headlines_that_are_links_are_not_and_neither_are_teasers_in_a_box() -> None:
    teasers = "".join(f"<p><a href=/{n}>{line}.</a></p>" for n, line in enumerate(RELATED))
    body = f"{p(*STORY[:4])}<p><a href=/t>{RELATED[0]}</a></p>{p(*STORY[4:])}"

    assert text_of(f"<article>{HEADING}{body}</article><div>{teasers}</div>") == [TITLE, *STORY]


def unlinked(body: str) -> str:
    """The links that are left on a page with a paragraph before and two behind."""
    tree = html.document_fromstring(
        f"<html><body><article><p>{STORY[0]}</p>{body}{p(*STORY[1:3])}</article></body></html>"
    )
    linked.unlink(tree)
    return "".join(link.text_content() for link in tree.iter("a"))


def test_the_words_stay_and_the_link_goes() -> None:
    assert unlinked(f"<p><a href=/x>{LINKED}</a></p>") == ""


@pytest.mark.parametrize(
    "line",
    [
        "The two clerks told it all.",
        LINKED.removesuffix("."),
        LINKED.replace(".", "?"),
    ],
)
def test_a_short_line_and_one_without_a_full_stop_say_what_is_behind_the_link(line: str) -> None:
    assert unlinked(f"<p><a href=/x>{line}</a></p>") == line


def test_a_link_within_a_sentence_stays() -> None:
    assert unlinked(f"<p>{LINKED[:60]}<a href=/x>{LINKED[60:]}</a></p>") == LINKED[60:]


def test_a_block_of_a_link_and_something_else_stays() -> None:
    assert unlinked(f"<div><a href=/x>{LINKED}</a><img src=/y.jpg></div>") == LINKED


def test_among_fewer_than_two_plain_paragraphs_a_linked_sentence_is_a_teaser() -> None:
    tree = html.document_fromstring(
        f"<html><body><p>{STORY[0]}</p><p><a href=/x>{LINKED}</a></p></body></html>"
    )
    linked.unlink(tree)

    assert [LINKED] == [link.text for link in tree.iter("a")]
