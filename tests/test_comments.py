"""Readers' comments that are longer than the article."""

import pytest

from tests.pages import STORY, TITLE
from tests.test_paragraphs import HEADING, each, p, text_of

SAID = [
    f"I have lived on street number {n} of this town for thirty years and nobody has ever mended a single road there, whatever they promised."
    for n in range(6)
]
NAMES = ("discussion", "responses", "kommentare", "comentarios", "disqus_thread", "postComments", "leser-kommentare", "reacties", "viafoura", "feedback", "talkbacks", "комментарии", "コメント", "تعليقات")  # fmt: skip


def boxes(name: str) -> list[str]:
    articles = "".join(
        f"<article class=post><b>reader {n}</b>{p(one)}</article>" for n, one in enumerate(SAID)
    )
    items = "".join(f"<li><b>reader {n}</b>{p(one)}</li>" for n, one in enumerate(SAID))
    return [
        f"<section class='{name}'><h2>What readers say</h2>{articles}</section>",
        f"<div id='{name}'><div class=list>{articles}</div></div>",
        f"<ul class='{name} open-list'>{items}</ul>",
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", range(3))
@pytest.mark.parametrize("lines", [STORY, STORY[:3]], ids=["a long article", "a short one"])
def test_comments_go_whatever_their_box_is_called_and_the_article_stays(
    name: str, n: int, lines: list[str]
) -> None:
    within = f"<main><article>{HEADING}{p(*lines)}</article>{boxes(name)[n]}</main>"
    beside = f"<div>{HEADING}<div class=story>{p(*lines)}</div>{boxes(name)[n]}</div>"

    for body in (within, beside):
        assert [line for line in text_of(body) if line != TITLE] == lines


@pytest.mark.parametrize("mark", ["itemprop=comment", "itemtype=https://schema.org/Comment", "class=comment"])
def test_comments_without_a_box_go_by_what_each_is_called(mark: str) -> None:
    said = each(f"div {mark}", *map(p, SAID))

    assert text_of(f"<article>{HEADING}{p(*STORY[:3])}</article>{said}") == [TITLE, *STORY[:3]]


@pytest.mark.parametrize("name", ["opinions", "forum", "response", "letters", "reactions"])  # fmt: skip
def test_a_part_of_the_article_with_such_a_name_stays(name: str) -> None:
    part = f"<div class={name}><h2>What they say</h2>{p(*STORY[4:])}</div>"

    assert STORY[-1] in text_of(f"<article>{HEADING}{p(*STORY[:4])}{part}</article>")


def test_where_comments_are_all_that_a_page_has_they_are_its_text() -> None:
    assert text_of(f"{HEADING}{boxes('discussion')[0]}")[-1] == SAID[-1]
