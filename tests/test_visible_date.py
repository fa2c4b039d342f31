"""The date that a reader sees: which of several on a page, and whose a place on it is."""

import pytest
from lxml import html

from pipeline.extract.stated import read_stated
from pipeline.extract.visible_date import is_of_others, visible_date
from pipeline.text import dates
from pipeline.text.written_dates import Written

LATER = "<p>The old bridge fell on 5 May 2019 in a storm.</p>"


def seen(body: str, title: str = "", *, month_first: bool | None = None) -> str | None:
    """The day of the visible date of a page with a headline."""
    tree = html.document_fromstring(f"<html><head>{title}</head><body>{body}</body></html>")
    written = visible_date(tree, read_stated(tree), month_first)
    return written and str(written.when.date())


def lines(n: int) -> str:
    return "<p>One more line.</p>" * n


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Bridge</h1>{LATER}<p>Published: 4 March 2026</p>",
        f"<h1>Bridge</h1>{LATER}<span>Published</span> <b>4 March 2026</b>",
        f"<h1>Bridge</h1>{LATER}<p>By Jane Doe, 4 March 2026</p>",
        f"<h1>Bridge</h1><p>4 March 2026</p>{LATER}",
        f"<p>4 March 2026</p><h1>Bridge</h1>{LATER}",
        "<h1>Bridge</h1><p>Updated: 5 March 2026</p><p>Published: 4 March 2026</p>",
        "<h1>Bridge</h1><p>4 March 2026</p><p>Updated: 5 March 2026</p>",
        "<h1>Bridge</h1><p>By Jane Doe<br>March 4, 2026 | Updated March 5, 2026</p>",
        "<h1>Bridge</h1><p>Updated March 5, 2026 | By Jane Doe | March 4, 2026</p>",
    ],
)
def test_a_labelled_date_goes_first_then_a_short_line_beside_the_heading_then_any(body: str) -> None:
    assert seen(body) == "2026-03-04"


def test_far_from_the_heading_a_line_that_is_a_date_is_another_articles() -> None:
    """There it is worth no more than one in a sentence, and what was labelled is still worth more."""
    far = f"<h1>Bridge</h1>{LATER}{lines(20)}"

    assert seen(f"{far}<p>4 March 2026</p>") == "2019-05-05"
    assert seen(f"{far}<p>Published: 4 March 2026</p>") == "2026-03-04"


def test_the_headline_is_no_line_and_the_pages_title_comes_last() -> None:
    title = "<title>What changed since 4 March 2020</title>"

    assert seen("<h1>What the flood of 5 May 2019 changed</h1><p>It rained.</p>") is None
    assert seen("<h1>Bridge</h1><p>It rained.</p>", title) == "2020-03-04"
    assert seen(f"<h1>Bridge</h1>{LATER}", title) == "2019-05-05"
    assert seen(f"<h1>Bridge</h1>{LATER}", "<title>Bridge | News | 04.03.2026</title>") == "2026-03-04"


def test_lines_beyond_a_date_that_no_other_can_outdo_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    find = dates.find

    def counted(text: str, *, month_first: bool | None = None) -> Written | None:
        read.append(text)
        return find(text, month_first=month_first)

    monkeypatch.setattr(dates, "find", counted)
    assert seen(f"<h1>Bridge</h1><p>Published: 4 March 2026</p>{lines(100)}") == "2026-03-04"
    assert read.count("One more line.") == 0
    assert seen(f"<h1>Bridge</h1>{lines(20)}<p>4 March 2026</p>{lines(100)}") == "2026-03-04"
    assert read.count("One more line.") < 100


def test_figures_are_read_as_the_pages_language_writes_them() -> None:
    body = "<h1>Bridge</h1><p>03/05/2026</p>"

    assert [seen(body, month_first=first) for first in (True, False, None)] == [
        "2026-03-05",
        "2026-05-03",
        None,
    ]


@pytest.mark.parametrize(
    "around",
    [
        "<div class=comments>",
        "<ol class='comment-list'>",
        "<div itemprop=comment>",
        "<div itemtype='https://schema.org/Comment'>",
        "<section id=disqus_thread>",
        "<div class=related-articles>",
        "<div class='most-read'>",
        "<aside>",
        "<nav>",
    ],
)
def test_what_readers_say_and_what_leads_to_other_articles_is_of_others(around: str) -> None:
    tree = html.document_fromstring(
        f"<html><body><h1>Bridge</h1><p>It rained.</p>{around}<div><p>4 March 2026</p></div></body></html>"
    )
    own, other = tree.iter("p")

    assert (is_of_others(own), is_of_others(other)) == (False, True)


@pytest.mark.parametrize("name", ["comments-open single", "comment-count", "commentary", "unrelated-to"])
def test_names_that_only_speak_of_comments_tell_nothing(name: str) -> None:
    tree = html.document_fromstring(
        f"<html><body><div class='{name}'><p>4 March 2026</p></div></body></html>"
    )

    assert not any(map(is_of_others, tree.iter("p")))


def test_what_wraps_the_headline_is_the_articles_whatever_its_name() -> None:
    tree = html.document_fromstring(
        "<html><body><div class=comments><h1>Bridge</h1><p>4 March 2026</p></div></body></html>"
    )

    assert not any(map(is_of_others, tree.iter("p")))
