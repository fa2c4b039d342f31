"""Answers that can be given again: publications by name, and what changed since one."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from pipeline.day.run import run_day
from pipeline.explorer.publications import Publications, day_publication
from pipeline.explorer.snapshot import Library, Snapshot
from pipeline.explorer.story import story_page
from pipeline.model.errors import InputChangedError, MissingInputError, SettingsError
from pipeline.model.tables import ARTICLES, RUNS, STORIES
from pipeline.upkeep import takedown
from tests import takedowns
from tests.explored import FIRST, HOSTILE, SECOND, Explored, copied, opened
from tests.world import World, be_quick


def name(snapshot: Snapshot) -> str:
    return snapshot.publication


def n_articles(snapshot: Snapshot) -> int:
    return sum(snapshot.read(ARTICLES, day).num_rows for day in snapshot.days(ARTICLES))


@pytest.fixture
def world(explored: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    return copied(explored, tmp_path / "world")


def of(world: World) -> tuple[Library, Publications]:
    library = opened(world).library
    return library, Publications(library)


def test_an_answer_is_given_again_until_a_file_that_it_needs_is_replaced(world: World) -> None:
    library, publications = of(world)
    first, n = publications.answer(name), publications.answer(n_articles)
    assert n == publications.answer(n_articles, first)

    world.put(SECOND, "late.jsonl", [9])
    run_day(world.desk(), SECOND)
    library.snapshot(anew=True)
    assert first != publications.answer(name)
    assert first == publications.answer(name, first), "it needs no file"
    with pytest.raises(MissingInputError, match=f"{first} can't be read any more"):
        publications.answer(n_articles, first)
    with pytest.raises(MissingInputError, match=f"{first} can't be read any more"):
        publications.answer(lambda snapshot: snapshot.read(ARTICLES, SECOND, ["raw_ref"]), first)


def titles(snapshot: Snapshot) -> list[str]:
    """As lists read them, and small tables."""
    slim = snapshot.scan(ARTICLES, snapshot.days(ARTICLES), ["article_id", "title"])
    small = (snapshot.read(ARTICLES, day, ["title"]) for day in snapshot.days(ARTICLES))
    return [title for table in (*slim, *small) for title in table["title"].to_pylist()]


def test_an_earlier_publication_never_shows_what_was_removed(world: World) -> None:
    """Nothing that an earlier answer has left in memory does: not columns for lists, not small tables, not stories."""
    library, publications = of(world)
    first, before = publications.answer(name), publications.answer(titles)
    rows = library.snapshot().read(ARTICLES, FIRST).to_pylist()
    stories = library.snapshot().read(STORIES, FIRST)["story_id"].to_pylist()
    for one in stories:
        publications.answer(partial(story_page, story_id=one, threshold=0.5))
    takedowns.take_down_an_article(world, FIRST, 0)
    takedown.strike(world.desk(), takedowns.listed_in(world), FIRST)
    library.snapshot(anew=True)

    assert rows[0]["article_id"] not in publications.answer(ids)
    assert len(before) > len(publications.answer(titles))
    for ask in (titles, ids, *(partial(story_page, story_id=one, threshold=0.5) for one in stories)):
        with pytest.raises(MissingInputError, match=f"{first} can't be read any more"):
            publications.answer(ask, first)


def ids(snapshot: Snapshot) -> list[str]:
    return [
        one
        for day in snapshot.days(ARTICLES)
        for one in snapshot.slim(ARTICLES, day, ["article_id"])["article_id"].to_pylist()
    ]


def test_a_publication_that_comes_again_is_read_from_the_files_of_today(world: World) -> None:
    library, publications = of(world)
    first, n = publications.answer(name), publications.answer(n_articles)
    for path in sorted((world.root / "warehouse" / ARTICLES.name).rglob("*.parquet")):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    library.snapshot(anew=True)

    assert first == publications.answer(name)
    assert n == publications.answer(n_articles, first)


def test_an_unknown_publication_is_told_with_the_newest(world: World) -> None:
    _, publications = of(world)
    newest = publications.answer(name)
    with pytest.raises(MissingInputError, match=f"is not known here.*the newest is {newest}"):
        publications.answer(name, "0" * 16)
    assert newest == Publications(opened(world).library).answer(name, newest), (
        "another process knows the newest"
    )


def test_a_busy_day_is_asked_for_again(world: World) -> None:
    _, publications = of(world)
    asked: list[str] = []

    def ask(snapshot: Snapshot) -> str:
        asked.append(snapshot.publication)
        if len(asked) < 3:
            raise InputChangedError("replaced")
        return snapshot.publication

    assert publications.answer(ask) == asked[-1]
    assert 3 == len(asked)


def test_what_changed_are_the_days_that_differ(world: World) -> None:
    library, publications = of(world)
    first = publications.answer(name)
    every = publications.changes(None, None, None)
    known = {one.day: one.day_publication or "" for one in every.days}
    assert [(day, "new") for day in (FIRST, SECOND, HOSTILE)] == [(one.day, one.change) for one in every.days]
    assert [HOSTILE] == [one.day for one in publications.changes(None, None, HOSTILE).days]
    assert [] == publications.changes(first, None, None).days
    assert [] == publications.changes(None, known, None).days

    world.put(HOSTILE, "late.jsonl", [8])
    run_day(world.desk(), HOSTILE)
    library.snapshot(anew=True)
    since = publications.changes(first, None, None)
    again = publications.changes(None, {**known, date(2020, 1, 1): "0" * 16}, None)
    partly = publications.changes(None, {FIRST: known[FIRST]}, None)

    assert (HOSTILE, "changed") in {(one.day, one.change) for one in since.days}
    assert "articles" in next(one.tables for one in since.days if one.day == HOSTILE)
    assert {one.day for one in since.days} == {one.day for one in again.days if one.change == "changed"}
    assert [(date(2020, 1, 1), "gone")] == [
        (one.day, one.change) for one in again.days if one.change == "gone"
    ]
    assert {SECOND, HOSTILE} <= {one.day for one in partly.days if one.change == "new"}
    assert first == since.since


def test_a_day_that_is_being_replaced_is_neither_gone_nor_new(world: World) -> None:
    """Its run row is away meanwhile; then it comes back as it was, or with more."""
    library, publications = of(world)
    first = publications.answer(name)
    known = {one.day: one.day_publication or "" for one in publications.changes(None, None, None).days}
    path = world.root / "warehouse" / library.warehouse.path(RUNS, SECOND)
    path.rename(world.root / "away")
    library.snapshot(anew=True)
    torn = publications.answer(name)

    for found in (publications.changes(first, None, None), publications.changes(None, known, None)):
        assert ([], [SECOND]) == (found.days, found.left_out)

    (world.root / "away").rename(path)
    library.snapshot(anew=True)
    assert [] == publications.changes(first, None, None).days
    assert [(SECOND, "changed")] == [
        (one.day, one.change) for one in publications.changes(torn, None, None).days
    ]
    world.put(SECOND, "late.jsonl", [9])
    run_day(world.desk(), SECOND)
    library.snapshot(anew=True)
    for found in (publications.changes(first, None, None), publications.changes(None, known, None)):
        assert "changed" == next(one.change for one in found.days if one.day == SECOND)


def test_a_publication_and_known_days_are_not_given_together(world: World) -> None:
    _, publications = of(world)
    with pytest.raises(SettingsError, match="not both"):
        publications.changes(publications.answer(name), {FIRST: "0" * 16}, None)


def test_a_day_is_named_by_its_tables_whatever_their_order() -> None:
    assert day_publication({"a": "1", "b": "2"}) == day_publication({"b": "2", "a": "1"})
    assert day_publication({"a": "1"}) != day_publication({"a": "2"})
