"""One raw document: whether it is a page or a plain text, which headline it has, and where its text comes from."""

import html
import json

import pytest

from pipeline.model.kinds import Reject
from tests.pages import (
    HEADLINE,
    MENU,
    RELATED,
    STORY,
    TITLE,
    WHOLE,
    page,
    run,
    run_one,
)


def test_a_plain_text_is_read_as_one() -> None:
    (row,) = run({"body": "\n\n".join(STORY).encode(), "media": "text"})

    assert row["text"].split("\n")[-3:] == STORY[-3:]
    assert row["extractor"] == "text"


def test_a_page_without_any_markup_is_a_plain_text() -> None:
    row = run_one("\n\n".join(STORY).encode())

    assert (row["extractor"], row["reason"]) == ("text", None)


@pytest.mark.parametrize(
    "content", [b"", b" \n ", b"<html></html>", b"<html><body><p> </p></body></html>", b"<!-- x -->", b"\0\0"]
)
def test_a_page_without_text_is_a_reject(content: bytes) -> None:
    assert run_one(content)["reason"] == Reject.NO_TEXT


def test_lines_that_the_page_shows_not_to_be_its_text_are_told() -> None:
    """Whoever asks what was taken out of an article sees them."""
    after = f"<div><p>Sign up for our letter</p></div><p><a href=/r>{RELATED[0]}</a></p>"

    (row,) = run({"body": page(after=after)})

    assert row["text"].split("\n") == WHOLE
    assert set(row["dropped"]) <= {"Sign up for our letter", RELATED[0]}
    assert row["dropped"]


def test_the_paragraph_under_the_headline_of_a_news_page_comes_first() -> None:
    """Extractors take it for a part of the page's head."""
    first = "Roads and schools get most of the money, buses get none."
    about = f'<meta name="description" content="{first}">'
    news = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}"}}</script>'
    wrap = (f"<header><p>{first}</p></header>", "")

    assert run_one(page(head=about + news, wrap=wrap))["text"].split("\n") == [TITLE, first, *STORY]
    assert run_one(page(head=about, wrap=wrap))["text"].split("\n") == WHOLE  # written for search engines


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{HEADLINE}</h1>",
        f"<article><h1>{HEADLINE}</h1></article>",
        f"<article><header><h1>{HEADLINE}</h1></header></article>",
        f"<p>{HEADLINE}</p>",
    ],
)
def test_a_page_that_is_a_headline_has_it_as_its_text(body: str, extractor: str) -> None:
    """And as its title."""
    content = f"<html><head><title>{HEADLINE}</title></head><body>{MENU}{body}</body></html>"

    row = run_one(content.encode(), extractor=extractor)

    assert (row["title"], row["text"], row["reason"]) == (HEADLINE, HEADLINE, None)


@pytest.mark.parametrize(
    ("media", "content", "text"),
    [
        ("text", HEADLINE, HEADLINE),
        ("text", "Share", f"{HEADLINE}\nShare"),
        ("text", "By Jane Doe", f"{HEADLINE}\nBy Jane Doe"),
        ("text", " ", HEADLINE),
        ("html", "<!-- empty -->", HEADLINE),
        ("html", "<p></p>", HEADLINE),
        ("html", "<img src=a.jpg>", HEADLINE),
        ("html", f"<html><head><title>Bay Herald</title></head><body>{MENU}</body></html>", HEADLINE),
    ],
)
def test_a_document_that_is_empty_but_came_with_a_headline_has_it_as_its_text(
    media: str, content: str, text: str
) -> None:
    """The title of an empty page may be the site's."""
    (row,) = run({"body": content.encode(), "media": media, "title": HEADLINE})

    assert (row["text"], row["reason"]) == (text, None)


def test_a_text_that_only_labels_its_headline_has_it_as_its_text() -> None:
    (row,) = run({"body": f"Title: {HEADLINE}\nDate: 2026-03-05".encode(), "media": "text"})

    assert (row["title"], row["text"]) == (HEADLINE, HEADLINE)


def test_the_title_of_a_page_without_text_is_no_headline() -> None:
    """Nothing came with it, and nobody sees it: a script would have drawn the page."""
    shell = f"<html><head><title>{HEADLINE}</title></head><body><div id=root></div></body></html>"

    assert run_one(shell.encode())["reason"] == Reject.NO_TEXT


WHOLE_PAGE = f"<!DOCTYPE html><html><head><title>Council approves budget</title></head><body>{MENU}<article>{''.join(f'<p>{p}</p>' for p in STORY)}</article></body></html>"


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text", WHOLE_PAGE),
        ("text", '<?xml version="1.0"?>\n' + WHOLE_PAGE),
        ("html", f"<![CDATA[{WHOLE_PAGE}]]>"),
        ("html", html.escape("".join(f"<p>{p}</p>" for p in STORY))),
        ("text", html.escape(html.escape("".join(f"<p>{p}</p>" for p in STORY)))),
        ("text", f"<![CDATA[{'<br>'.join(STORY)}]]>"),
        ("text", "\n\n".join(html.escape(p) for p in STORY)),
    ],
)
def test_html_where_a_text_belongs_and_the_other_way_round(media: str, body: str) -> None:
    """A page in a text's place, in CDATA, escaped once or twice: the same article."""
    (row,) = run({"body": body.encode(), "media": media, "title": "Council approves budget"})

    assert [line for line in row["text"].split("\n") if line != "Council approves budget"] == STORY


@pytest.mark.parametrize("line_break", [r"\n\n", r"\r\n", "\n"])
def test_breaks_of_lines_that_were_written_once_too_often_part_paragraphs(line_break: str) -> None:
    stated = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": line_break.join(STORY)})
    script = f'<html lang=en><title>{TITLE}</title><body><script type="application/ld+json">{stated}</script>'
    escaped = page().decode().replace("\n", r"\n").replace("<html", r"\n<html").replace('"', r"\"")

    assert run_one(script.encode())["text"].split("\n") == STORY
    assert run_one(line_break.join(STORY).encode())["text"].split("\n") == STORY
    assert run_one(escaped.encode())["text"].split("\n") == WHOLE
