"""Asking the index of a day: it finds what plain Python finds, whatever is asked, and says so where it is damaged."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model.errors import DamagedError
from pipeline.search import ask
from pipeline.search.ask import DayIndex
from pipeline.search.hits import Tally, Wanted
from pipeline.search.query import parse
from tests.searched import SCRIPTS, article, holds, identifier, indexed

ALL = Wanted()
_HOSTILE = [
    '"', "'", '"" OR 1=1 --', "title:x", "text : ferry", "{title} : ferry", "^ferry", "fer*", "ferry*", "NEAR(ferry aground)",
    "ferry NOT aground", "ferry OR nothing", "(ferry", "ferry)", "- + ferry", "ferry\0aground", "\0", "words MATCH x", "rank", ";DROP TABLE words;",
    "ferry AND", "AND", '"ferry" "', "col:*", "a\u0300", "\ud800", "\u202eferry", "%", "_", "东京", "\U0001f600", "*" * 50,
]  # fmt: skip
ROWS = [
    *(article(n, text, script) for n, (script, (text, _, _)) in enumerate(SCRIPTS.items())),
    article(50, "The ferry ran aground off Landego in fog. Nothing else.", "Ferry aground"),
    article(
        51,
        "A ferry again: the rudder did not answer. Ferry, ferry.",
        "Rudder",
        outlet="Herald",
        language="en",
    ),
    article(52, "rank title text words x 1 OR AND NOT NEAR", None, domain="herald", language="EN"),
    article(53, "", "Only a headline with a ferry"),
    article(54, "w" * 60_000 + " ferry", "w" * 60_000),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> DayIndex:
    return indexed(tmp_path_factory.mktemp("index"), ROWS)


def found(index: DayIndex, query: str, wanted: Wanted = ALL, **how: Any) -> set[str]:
    return (
        {hit.article_id for hit in index.hits(parse(query), wanted, **how)} if parse(query).phrases else set()
    )


def expected(query: str) -> set[str]:
    return {row["article_id"] for row in ROWS if holds(row, query)}


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_every_script_is_found_by_its_words(index: DayIndex, script: str) -> None:
    own = ROWS[list(SCRIPTS).index(script)]["article_id"]
    _, words, others = SCRIPTS[script]

    assert [] == [word for word in words if own not in found(index, word)]
    assert [] == [word for word in others if own in found(index, word)]


@pytest.mark.parametrize("query", _HOSTILE)
def test_a_hostile_query_is_words_like_others(index: DayIndex, query: str) -> None:
    assert expected(query) == found(index, query) == found(index, query, wide=True)


_PIECES = st.sampled_from(
    [
        *_HOSTILE,
        *(word for _, some, more in SCRIPTS.values() for word in (*some, *more)),
        "ferry",
        "aground",
        "the",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=4).map(" ".join)))
def test_any_query_finds_what_plain_python_finds(index: DayIndex, query: str) -> None:
    assert expected(query) == found(index, query)
    assert expected(query) == found(index, query, wide=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.lists(st.text(st.sampled_from("ab東京都서울กำ1 \"'-"), max_size=12), max_size=5),
    st.text(st.sampled_from('ab東京都서울กำ1 "-'), max_size=6),
)
def test_any_text_is_found_by_what_plain_python_finds_in_it(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    rows = [article(n, text) for n, text in enumerate(texts)]
    index = indexed(tmp_path_factory.mktemp("one"), rows)

    assert {row["article_id"] for row in rows if holds(row, query)} == found(index, query)


def test_a_query_of_a_thousand_characters_is_answered(index: DayIndex) -> None:
    assert not found(index, " ".join(f"{n:x}" for n in range(300))[:1_000])
    assert not found(index, '"' + "a " * 400 + '"')


def test_filters_leave_articles_of_an_outlet_or_a_language(index: DayIndex) -> None:
    assert {identifier(51)} == found(index, "ferry", Wanted(outlet="HERALD"))
    assert {identifier(52)} == found(index, "rank", Wanted(outlet="Herald"))
    assert {identifier(51)} == found(index, "ferry", Wanted(language="EN"))
    assert not found(index, "ferry", Wanted(outlet="' OR 1=1 --"))
    assert Tally(len(ROWS), (4,), 1) == index.tally(parse("ferry"), Wanted(language="en"))


def test_a_tally_counts_articles_by_phrase(index: DayIndex) -> None:
    assert Tally(len(ROWS), (1, 4), 1) == index.tally(parse("aground ferry"), ALL)
    assert Tally(len(ROWS), (0, 4), 0) == index.tally(parse("absent ferry"), ALL)


def test_the_headline_and_more_of_the_words_come_first(index: DayIndex) -> None:
    ranked = [hit.article_id for hit in index.hits(parse("ferry"), ALL)]

    assert {identifier(53), identifier(50)} == set(ranked[:2])
    assert [identifier(54)] == ranked[3:]
    wide = [hit.article_id for hit in index.hits(parse("ferry"), ALL, wide=True)]
    assert {identifier(53), identifier(50)} == set(wide[:2])
    assert [identifier(51), identifier(54)] == wide[2:], "the others in order of id"


def test_of_one_rank_the_first_id_comes_first_and_no_more_than_the_most_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "MOST_HITS", 2)
    monkeypatch.setattr(ask, "MOST_RANKED", 3)
    index = indexed(tmp_path, [article(n, "same words") for n in range(6)])

    assert [identifier(n) for n in range(3)] == [hit.article_id for hit in index.hits(parse("words"), ALL)]
    assert 2 == len(index.hits(parse("words"), ALL, wide=True))
    assert 6 == index.tally(parse("words"), ALL).n_hits


@pytest.mark.parametrize("data", [b"", b"garbage" * 100, b"SQLite format 3\0" + b"\0" * 5_000])
def test_what_is_no_index_is_damaged(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(data)
    with pytest.raises(DamagedError, match="search index is damaged"):
        DayIndex(path)
    with pytest.raises(DamagedError):
        DayIndex(tmp_path / "absent.db")


def test_an_index_that_is_cut_short_or_has_other_bytes_is_damaged_or_right(tmp_path: Path) -> None:
    """A flipped bit that SQLite doesn't see may change what is found; nothing else than DamagedError is raised."""
    indexed(tmp_path, ROWS)
    whole = (tmp_path / "index.db").read_bytes()
    n_damaged = 0
    for at in range(100, len(whole), len(whole) // 60):
        (tmp_path / "index.db").write_bytes(whole[:at] + bytes(512) + whole[at + 512 :])
        try:
            index = DayIndex(tmp_path / "index.db")
            index.hits(parse("ferry"), ALL)
            index.shown(identifier(50))
        except DamagedError:
            n_damaged += 1
    assert n_damaged
    (tmp_path / "index.db").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedError):
        DayIndex(tmp_path / "index.db").hits(parse("ferry"), ALL)


def test_an_index_is_not_changed_by_asking(tmp_path: Path) -> None:
    index = indexed(tmp_path, ROWS)
    before = (tmp_path / "index.db").read_bytes()
    index.hits(parse("ferry"), ALL)

    assert before == (tmp_path / "index.db").read_bytes()
    assert ["index.db"] == [path.name for path in tmp_path.iterdir()]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._database.execute("DELETE FROM articles")
