"""What a page states in linked data and metadata, whole or broken."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from pipeline.extract.stated import article_body, read_stated
from tests.pages import (
    ARTICLE,
    URL,
    describe,
    parsed,
)


def test_linked_data_say_it_all() -> None:
    """Title, authors in their order, outlet, and the moment of publication in UTC."""
    found = describe(parsed(linked_data=ARTICLE))

    assert found.title == "Northern bridge to close"
    assert found.authors == ("Jane Doe", "John Roe")
    assert found.outlet == "Example Report"
    assert found.published_at == datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    assert found.published_at_source == "page"
    assert found.canonical_url == "https://example.com/news/bridge-1"
    assert found.domain == "example.com"
    assert found.declared_language == "en"
    assert found.is_paywalled is False


@pytest.mark.parametrize(
    "wrap",
    [
        lambda a: [a],
        lambda a: {"@graph": [{"@type": "WebSite", "name": "x"}, a]},
        lambda a: {"@type": "WebPage", "mainEntity": a},
        lambda a: [{"@type": "BreadcrumbList"}, [a]],
        lambda a: a | {"@type": ["Article", "NewsArticle"]},
    ],
)
def test_linked_data_are_found_at_any_depth(wrap: Any) -> None:
    """Lists, graphs, pages around the article."""
    assert describe(parsed(linked_data=wrap(ARTICLE))).title == "Northern bridge to close"


def test_of_several_articles_the_pages_own_counts() -> None:
    """Pages describe the articles that they link to, too."""
    others = [
        {**ARTICLE, "headline": f"Other {n}", "url": f"https://www.example.com/o-{n}"} for n in range(3)
    ]
    own = {**ARTICLE, "headline": "Own", "url": URL, "datePublished": "2026-03-01"}

    found = describe(parsed(linked_data=[*others, own]))

    assert found.title == "Own"
    assert found.published_at == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04",}',
        '<!-- {"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04"}\n//]]>',
        '{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04"};',
        '{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04","x":"a\tb\nc"}',
        '{"@type":"NewsArticle","description":"a "quote" in it","headline":"Northern bridge to close","datePublished":"2026-03-04"}',
    ],
)
def test_broken_linked_data_are_mended(broken: str) -> None:
    """Stray commas, comments, CDATA, semicolons, control characters; of what is beyond repair, the strings that matter."""
    tree = html.document_fromstring(
        f'<html><script type="application/ld+json">{broken}</script><p>x</p></html>'
    )
    found = describe(tree)

    assert found.title == "Northern bridge to close"
    assert found.published_at == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"author":"' + "a,b and " * 100_000,
        '"headline":"' * 50_000,
        "{" + '"name" : ' * 100_000,
    ],
)
def test_hostile_linked_data_cost_their_size(bomb: str) -> None:
    """No recursion, no pattern that backtracks."""
    tree = html.document_fromstring(
        f'<html><script type="application/ld+json">{bomb}</script><p>x</p></html>'
    )

    assert describe(tree).published_at is None


def body_of(*nodes: Any) -> tuple[str, str]:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    tree = html.document_fromstring(f"<html><title>Own</title><h1>Own</h1>{scripts}<p>x</p></html>")
    return article_body(read_stated(tree))


OWN = {"@type": "NewsArticle", "headline": "Own", "datePublished": "2026-03-01"}
OTHER = {"@type": "NewsArticle", "headline": "Other", "articleBody": "Of the other, and far longer."}


def test_an_article_body_may_be_a_list_of_paragraphs() -> None:
    assert body_of({**OWN, "articleBody": ["One.", None, "Two."]}) == ("One.\nTwo.", "")


def test_of_several_article_bodies_the_own_articles_counts() -> None:
    """However long those of the articles beside it are; and none, where only these are stated."""
    own = {**OWN, "articleBody": "Of the own."}

    assert body_of(OTHER, own) == ("Of the own.", "")
    assert body_of([OTHER, OTHER, own]) == ("Of the own.", "")
    assert body_of(OWN, {**OTHER, "articleBody": "a"}, OTHER) == ("", "")
    assert body_of(OWN, {"@type": "WebPage", "articleBody": "short"}, {"articleBody": "longer"}) == (
        "longer",
        "",
    )
    assert body_of({"articleBody": 7}, {"articleBody": None}, {"articleBody": [8]}) == ("", "")


def test_the_entries_of_a_live_blog_are_apart_from_its_body() -> None:
    entries = [{"@type": "BlogPosting", "headline": str(n), "articleBody": f"Entry {n}."} for n in range(3)]
    live = {"@type": "LiveBlogPosting", "headline": "Own", "liveBlogUpdate": entries}

    assert body_of(live) == ("", "Entry 0.\nEntry 1.\nEntry 2.")
    assert body_of({**live, "articleBody": "Lead."}) == ("Lead.", "Entry 0.\nEntry 1.\nEntry 2.")
