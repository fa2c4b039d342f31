"""What a reader sees of a story: headline, keywords, label."""

import pytest

from pipeline.stories.headline import headline, keywords_of, label_of
from tests.test_summary import Row, member, origin


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([origin(), member("b")], "a"),
        ([origin(title=None), member("b", kind="excerpt", copy_id="a"), member("c")], "c"),
        ([origin(title=None), member("b", is_stub=True), member("c")], "c"),
        ([origin(title=None), member("b", language="de"), member("c")], "c"),
        ([origin(title=None), member("b", title="Evening news"), member("c", title="Lisbon ferry strike ends")], "c"),
        ([origin(title=None), member("b", title="The B"), member("c", language="pt", title="Fim da greve")], "c"),
        ([origin(title=None), member("b"), member("c")], "b"),
        ([origin(title=None), member("b", title=None)], None),
    ],
    ids=[
        "the canonical article's", "no excerpt's", "no teaser's", "in the canonical article's language",
        "with most keywords", "not the outlet's name", "the earliest of equals", "none if no member has one",
    ],
)  # fmt: skip
def test_a_story_has_the_best_headline_of_its_members(rows: list[Row], expected: str | None) -> None:
    found = headline(rows, rows[0], ["ferry", "Lisbon"])

    assert expected == (found["article_id"] if found else None)


def test_keywords_are_what_the_texts_share() -> None:
    """A term of all texts stands before a weightier one of a single text; spelling does not part them."""
    rows = [
        origin(keywords=["Arequipa", "Salcedo", "adobe"]),
        member("b", keywords=["Lima", "AREQUIPA", "Salcedo"]),
        member("c", keywords=["Arequipa"]),
    ]

    assert ["Arequipa", "Salcedo"] == keywords_of(rows)[:2]


def test_a_keyword_is_spelt_as_most_texts_spell_it_and_with_fewer_capitals_if_as_many_do() -> None:
    rows = [origin(keywords=["Strike", "FERRY"]), member("b", keywords=["strike", "Ferry"])]

    assert ["strike", "Ferry"] == keywords_of(rows)


def test_who_reports_is_no_keyword() -> None:
    """Neither an outlet's name, with or without its article, nor its host, nor an agency; a word of its name may be one."""
    rows = [
        origin(outlet="The Lisbon Courier", keywords=["Lisbon Courier", "Lisbon", "Reuters"]),
        member("b", outlet=None, canonical_url="https://www.diario.example/x", keywords=["diario", "ferry"]),
    ]

    assert ["Lisbon", "ferry"] == keywords_of(rows)


@pytest.mark.parametrize(
    ("title", "keywords", "expected"),
    [
        ("Ferry strike ends in Lisbon", [], "Ferry strike ends in Lisbon"),
        ("Crews of Lisbon ferries vote to end their strike after nine days", ["ferries", "Lisbon", "strike"], "Lisbon ferries strike"),
        ("Crews vote to end the stoppage after nine days of talks", ["ferry", "Rita Sousa"], "ferry Rita Sousa"),
        (None, ["ferry", "Lisbon"], "ferry Lisbon"),
        ("リスボンのフェリー乗組員がストライキを終了", ["フェリー", "ストライキ"], "フェリー ストライキ"),
        (None, [], None),
    ],
    ids=["a short headline", "words of a long one", "keywords beside it", "no headline", "no spaces", "nothing"],
)  # fmt: skip
def test_a_label_says_in_three_to_six_words_what_a_story_is_about(
    title: str | None, keywords: list[str], expected: str | None
) -> None:
    assert expected == label_of(title, keywords, [origin(keywords=keywords)])
