"""The authors of a page are people, as far as it names any."""

import pytest

from pipeline.extract.authors import names_in
from pipeline.extract.plaintext import read_text
from tests.pages import (
    ARTICLE,
    DAY,
    STORY,
    describe,
    parsed,
)


def test_people_are_authors_rather_than_the_outlet() -> None:
    """Linked data often name the outlet only, where the page marks a name as the author's."""
    outlet = {**ARTICLE, "author": {"@type": "Organization", "name": "Example Report"}}
    byline = '<p>By <a rel="author" href="/doe">Jane Doe</a> and <a rel="author" href="/roe">John Roe</a></p>'
    teaser = '<div><div><p>More by <a rel="author" href="/poe">Ann Poe</a></p></div></div>'

    assert describe(parsed(linked_data=outlet, body=f"<div>{byline}</div>{teaser}")).authors == (
        "Jane Doe",
        "John Roe",
    )
    assert describe(parsed('<meta name="author" content="Jane Doe (jd)">', linked_data=outlet)).authors == (
        "Jane Doe",
    )
    assert describe(parsed(linked_data=outlet)).authors == ("Example Report",)


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Von Jana Muster, Karl Beispiel", ("Jana Muster", "Karl Beispiel")),
        ("https://example.com/jane", ()),
        ("https://www.facebook.com/jane.doe", ()),
        ("jane@example.com", ()),
        ("jane@example.com (Jane Doe)", ("Jane Doe",)),
        ("Jane Doe &lt;jane@example.com&gt;", ("Jane Doe",)),
        ("Jane Doe @janedoe", ("Jane Doe",)),
        ("mailto:jane", ()),
        ("admin", ()),
        ("Staff Writer", ()),
        ("Political Correspondent", ()),
        ("Die Redaktion", ()),
        ("編集部", ()),
        ("Jane Doe, Jr.", ("Jane Doe, Jr.",)),
        ("Jane Doe, Political Correspondent", ("Jane Doe",)),
        ("Jane Doe - Staff Writer", ("Jane Doe",)),
        ("Reporter – Jane Doe", ("Jane Doe",)),
        ("Jane Doe (jd)", ("Jane Doe",)),
        ("Jane Doe (Berlin), John Roe (AP)", ("Jane Doe", "John Roe")),
        ("(Image: Wire Pictures)", ()),
        ("Written by Jane Doe &amp; John Roe", ("Jane Doe", "John Roe")),
        ("Jana Muster und Karl Beispiel", ("Jana Muster", "Karl Beispiel")),
        ("Jana Muster / Karl Beispiel", ("Jana Muster", "Karl Beispiel")),
        ("Jane Doe @janedoe Follow", ("Jane Doe",)),
        ("Follow Jane Doe", ("Jane Doe",)),
        ("Jana Muster • Folgen", ("Jana Muster",)),
        ("Jana Muster Suivre", ("Jana Muster",)),
        ("By Jane Doe and John Roe | Staff", ("Jane Doe", "John Roe")),
        ("By Jane Doe AND John Roe with Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("Jane Doe + John Roe", ("Jane Doe", "John Roe")),
        ("Von Jana Muster, Berlin", ("Jana Muster",)),
        ("Von Jana Muster, Berlin, und Karl Beispiel, Wien", ("Jana Muster", "Karl Beispiel")),
        ("By Jane Doe in New York", ("Jane Doe",)),
        ("By Jane Doe, New York", ("Jane Doe",)),
        ("By Jane Doe, in New York", ("Jane Doe",)),
        ("Jane Doe, Tel Aviv, and John Roe, Mexico City", ("Jane Doe", "John Roe")),
        ("Jane Doe, Washington, D.C.", ("Jane Doe",)),
        ("Von Jana Muster, Bad Beispiel", ("Jana Muster",)),
        ("Jane Doe | Berlin", ("Jane Doe",)),
        ("Jane Doe [Berlin]", ("Jane Doe",)),
        ("Jane Doe&lt;br/&gt;John Roe", ("Jane Doe", "John Roe")),
        (
            "&lt;ul&gt;&lt;li&gt;Jane Doe&lt;/li&gt;&lt;li&gt;John Roe&lt;/li&gt;&lt;/ul&gt;",
            ("Jane Doe", "John Roe"),
        ),
        ("Jana Muster und dpa", ("Jana Muster", "dpa")),
        ("Jane Doe and Reuters", ("Jane Doe", "Reuters")),
        ("Jane Doe • San Francisco", ("Jane Doe",)),
        ("Jane Doe | John Roe", ("Jane Doe", "John Roe")),
        ("Jane West, North Star Wire, Ann East", ("Jane West", "Ann East")),
        ("By Jane Doe For The Daily Bell", ("Jane Doe",)),
        ("By Jane Doe, special to the Bell", ("Jane Doe",)),
        ("By Jane Doe, Reuters", ("Jane Doe", "Reuters")),
        ("By Jane Doe March 4, 2026", ("Jane Doe",)),
        ("Written by Jane Doe on March 4, 2026", ("Jane Doe",)),
        ("By Jane Doe Published March 4, 2026 | Updated March 5", ("Jane Doe",)),
        ("By Jane Doe, Updated 3 hours ago", ("Jane Doe",)),
        ("By Jane Doe • 5 min read", ("Jane Doe",)),
        ("By Jane Doe Senior Political Reporter", ("Jane Doe",)),
        ("Ein Kommentar von Jana Muster", ("Jana Muster",)),
        ("Автор: Анна Петрова", ("Анна Петрова",)),
        ("山田太郎、鈴木花子", ("山田太郎", "鈴木花子")),
        ("山田太郎記者", ("山田太郎",)),
        ("김철수 기자", ("김철수",)),
        ("记者：张三", ("张三",)),
        ("Doe, Jane", ("Jane Doe",)),
        ("Doe, Jane; Roe, John", ("Jane Doe", "John Roe")),
        ("AFP, Reuters", ("AFP", "Reuters")),
        ("Jane\u202e Doe\u009b\u2066", ("Jane Doe",)),
        ("&amp;lt;b&amp;gt;Jane Doe&amp;lt;/b&amp;gt;", ("Jane Doe",)),
        ("سارا\u200cجان احمدی", ("سارا\u200cجان احمدی",)),
    ],
)
def test_a_byline_is_names(stated: str | None, names: tuple[str, ...]) -> None:
    """Without "by", roles, addresses, accounts and what is invisible; with the joiners of a name."""
    assert names == describe(parsed(f'<meta name="author" content="{stated}">')).authors


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "name": {"@type": "Person", "name": "Jane Doe"}}, ("Jane Doe",)),
        ({"@type": "Person", "givenName": "Jane", "familyName": "Doe"}, ("Jane Doe",)),
        ({"@id": "https://example.com/#jane"}, ("Jane Doe",)),
        ("https://example.com/#jane", ("Jane Doe",)),
        ([{"name": "Jane Doe and John Roe"}], ("Jane Doe", "John Roe")),
        ([{"name": "Jane Doe"}, {"@type": "Organization", "name": "Example Report"}], ("Jane Doe",)),
        ([{"name": "https://example.com/jane"}, {"name": "John Roe"}], ("John Roe",)),
        ({"name": "https://example.com/jane"}, ()),
        ("[{'name': 'Jane Doe', 'url': None}, {'name': 'John Roe'}]", ("Jane Doe", "John Roe")),
        ("['Jane Doe', 'John Roe']", ("Jane Doe", "John Roe")),
    ],
)
def test_linked_data_name_authors_in_many_ways(author: object, names: tuple[str, ...]) -> None:
    """As objects in objects, in parts, behind a reference into the graph, beside the outlet."""
    jane = {"@type": "Person", "@id": "https://example.com/#jane", "name": "Jane Doe"}
    graph = {"@context": "https://schema.org", "@graph": [{**ARTICLE, "author": author}, jane]}

    assert names == describe(parsed(linked_data=graph)).authors


def test_delivered_authors_count_where_a_page_names_none() -> None:
    """And before what a text says."""
    assert describe(parsed(), authors=["By Jane Doe"]).authors == ("Jane Doe",)
    assert describe(parsed(linked_data=ARTICLE), authors=["Ann Poe"]).authors == ("Jane Doe", "John Roe")

    found, _ = read_text("By John Roe\n\n" + "\n".join(STORY), {"authors": ["Doe, Jane", "Ann Poe"]}, DAY)
    assert found.authors == ("Jane Doe", "Ann Poe")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('<p class="byline">By <b>Jane Doe</b> and John Roe</p>', ("Jane Doe", "John Roe")),
        ('<div class="article__author-name">Jane Doe</div>', ("Jane Doe",)),
        ('<span class="Author">Author: Jane Doe</span>', ("Jane Doe",)),
        ('<div class="authors"><a>Jane Doe</a>, <a>John Roe</a></div>', ("Jane Doe", "John Roe")),
        ('<p class="byline">By Jane Doe</p><aside><div><p class="byline">Ann Poe</p></div></aside>', ("Jane Doe",)),
        ('<p class="byline">Our platform for health care</p>', ()),
        ('<p class="authority">Jane Doe</p><p class="author-bio">Jane Doe writes</p>', ()),
        (f'<p class="author">{"Jane Doe has written for us for years. " * 5}</p>', ()),
    ],
)  # fmt: skip
def test_a_byline_is_found_by_its_class_where_nothing_states_people(
    body: str, names: tuple[str, ...]
) -> None:
    outlet = {**ARTICLE, "author": {"@type": "Organization", "name": "Example Report"}}

    assert describe(parsed(body=f"<div>{body}</div>")).authors == names
    assert describe(parsed(body=f"<div>{body}</div>", linked_data=outlet)).authors == (
        names or ("Example Report",)
    )
    assert describe(parsed(body=body, linked_data=ARTICLE)).authors == ("Jane Doe", "John Roe")


def test_a_statement_of_any_length_ends() -> None:
    """Were it read as a whole, a million letters without a space would take days."""
    assert names_in("a" * 1_000_000) == ()
    assert names_in("Jane Doe, " * 100_000)[:1] == ("Jane Doe",)


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Jane Doe<br>March 4, 2026 | Updated March 5, 2026</p>",
        "<div><span>Von</span> <b>Jane Doe</b></div>",
        "<address>By <a href=/doe>Jane Doe</a></address>",
        "<p>News</p><p>Par Jane Doe, Lyon</p>",
    ],
)
def test_a_line_below_the_headline_that_says_who_wrote_it_is_a_byline(line: str) -> None:
    assert describe(parsed(body=f"<h1>Bridge to close</h1>{line}<p>{STORY[0]}</p>")).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "line", ["By the end of May", "By popular demand", "By Friday it was over.", "Von der Brücke", "By"]
)
def test_other_lines_that_begin_so_name_nobody(line: str) -> None:
    assert describe(parsed(body=f"<h1>Bridge to close</h1><p>{line}</p><p>{STORY[0]}</p>")).authors == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane Doe | Example Report", ("Jane Doe",)),
        ("By Jane Doe, Example Report", ("Jane Doe",)),
        ("Jane Doe / Example Report", ("Jane Doe",)),
        ("Example Report", ("Example Report",)),
    ],
)
def test_the_outlet_is_no_author_beside_a_person_in_a_byline_either(
    line: str, names: tuple[str, ...]
) -> None:
    head = '<meta property="og:site_name" content="Example Report">'

    assert describe(parsed(head, body=f'<p class="byline">{line}</p>')).authors == names
