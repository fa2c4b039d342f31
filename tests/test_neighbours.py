"""Several articles on a page: the page's own is read, and no other."""

import json

import pytest

from pipeline.extract import neighbours
from tests.pages import STORY, run_one, tree_of

TITLE = "Council approves budget after a long debate"
NEXT_TITLE = "Heating fails again at the Lindenhof school"
NEXT = [
    "Pupils at the Lindenhof school were sent home on Wednesday after the heating had failed for the third time.",
    "The district blames a boiler whose maker has gone bankrupt, so that nobody can supply the valve that breaks.",
    "Parents have collected four hundred signatures for a letter that asks for heaters until a new one is built.",
    "Lessons are to be held by video until Monday, and the examinations of this week move to the gymnasium.",
]
LONG = [f"{line} It was case number {n} of a list that the paper keeps." for n, line in enumerate(NEXT * 4)]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def article(title: str, lines: list[str], heading: str = "h1", name: str = "story") -> str:
    head = f"<{heading}>{title}</{heading}><p class=byline>By Ines Otto</p>"
    return f"<article class={name}><header>{head}</header><div class=body>{paragraphs(lines)}</div></article>"


def page(inner: str, *stated: object) -> bytes:
    data = f'<script type="application/ld+json">{json.dumps(list(stated))}</script>' if stated else ""
    head = f"<title>{TITLE} | The Herald</title>{data}"
    return (
        f"<!DOCTYPE html><html lang=en><head>{head}</head><body><main>{inner}</main></body></html>".encode()
    )


def statement(title: str, lines: list[str]) -> dict[str, str]:
    return {"@type": "NewsArticle", "headline": title, "articleBody": " ".join(lines)}


def entries(tag: str, n_entries: int = 6) -> tuple[str, list[str]]:
    lines = [LONG[n : n + 2] for n in range(0, 2 * n_entries, 2)]
    marked = [
        f"<{tag} class=entry><h3>1{n}:15 Update</h3>{paragraphs(own)}</{tag}>" for n, own in enumerate(lines)
    ]
    return "".join(marked), [line for own in lines for line in own]


@pytest.mark.parametrize("other", [NEXT, LONG], ids=["shorter", "longer"])
@pytest.mark.parametrize("heading", ["h1", "h2"])
@pytest.mark.parametrize("stated", [[], [statement(TITLE, STORY)]], ids=["nothing stated", "lead stated"])
@pytest.mark.parametrize(
    "layout",
    [
        "{own}{other}",
        "<section class=scroll>{own}</section><section class=scroll>{other}</section>",
        "{own}<div id=more>{other}</div>",
    ],
)
def test_an_article_that_follows_is_not_the_pages(
    other: list[str], heading: str, stated: list[object], layout: str
) -> None:
    inner = layout.format(own=article(TITLE, STORY), other=article(NEXT_TITLE, other, heading))

    text = run_one(page(inner, *stated))["text"]

    assert [line for line in STORY if line not in text] == []
    assert [line for line in (NEXT_TITLE, *other) if line in text] == []


def test_the_title_tells_which_article_is_the_pages_own_when_another_stands_first() -> None:
    text = run_one(page(article(NEXT_TITLE, NEXT) + article(TITLE, STORY)))["text"]

    assert [line for line in STORY if line not in text] == []
    assert NEXT[0] not in text


def test_boxes_beside_the_own_one_with_a_headline_of_first_rank_are_other_articles() -> None:
    own = f"<div class=story><h1>{TITLE}</h1>{paragraphs(STORY)}</div>"
    other = f"<div class=story><h1>{NEXT_TITLE}</h1>{paragraphs(LONG)}</div>"

    text = run_one(page(own + other))["text"]

    assert STORY[-1] in text
    assert LONG[0] not in text


def test_beside_an_article_without_a_headline_those_with_a_linked_one_are_others() -> None:
    own = f"<h1>{TITLE}</h1><article>{paragraphs(STORY)}</article>"
    other = f"<article><h2><a href=/heating>{NEXT_TITLE}</a></h2>{paragraphs(LONG)}</article>"

    text = run_one(page(own + other))["text"]

    assert STORY[-1] in text
    assert LONG[0] not in text


def test_what_is_stated_settles_that_the_rest_is_anothers() -> None:
    """A second reading that has more is not asked for when the first has all that the page states."""
    own = f"<div class=story><h1>{TITLE}</h1>{paragraphs(STORY)}</div>"
    other = f"<div class=story><h2>{NEXT_TITLE}</h2>{paragraphs(LONG)}</div>"

    text = run_one(page(own + other, statement(TITLE, STORY)))["text"]

    assert STORY[-1] in text
    assert LONG[0] not in text


@pytest.mark.parametrize(
    "layout",
    [
        "<h1>{title}</h1><div class=feed>{entries}</div>",
        "<article class=live><h1>{title}</h1>{lead}{entries}</article>",
        "<article class=intro><h1>{title}</h1>{lead}</article><section>{entries}</section>",
    ],
)
@pytest.mark.parametrize("tag", ["article", "div"])
def test_the_entries_of_a_live_blog_are_its_text(layout: str, tag: str) -> None:
    marked, lines = entries(tag)
    inner = layout.format(title=TITLE, lead=paragraphs(STORY[:3]), entries=marked)
    if "<div class=feed>" in inner and tag == "div":
        inner = inner.replace("<p>", "<p> ")

    text = run_one(page(inner))["text"]

    assert [line for line in lines if line not in text] == []


def test_a_stated_live_blog_keeps_entries_that_are_marked_up_as_its_lead_is() -> None:
    marked = "".join(article(f"Update number {n}", LONG[4 * n : 4 * n + 4], "h2") for n in range(3))
    live = {"@type": "LiveBlogPosting", "headline": TITLE}
    tree = tree_of(page(article(TITLE, STORY) + marked))

    assert LONG[8] in run_one(page(article(TITLE, STORY) + marked, live))["text"]
    assert neighbours.drop(tree, [TITLE])  # where none is stated, these are other articles


def test_sections_and_questions_under_one_headline_are_one_article() -> None:
    parts = [STORY[:3], STORY[3:6], STORY[6:]]
    sections = "".join(
        f"<article><h2>What comes {n}?</h2>{paragraphs(p)}</article>" for n, p in enumerate(parts)
    )

    text = run_one(page(f"<h1>{TITLE}</h1>{sections}"))["text"]

    assert [line for line in STORY if line not in text] == []


def test_a_page_with_one_article_is_left_as_it_is() -> None:
    tree = tree_of(page(article(TITLE, STORY)))

    assert not neighbours.drop(tree, [TITLE])
    assert not neighbours.drop(tree_of(b"<html><body><p>no headline</p></body></html>"), [])
