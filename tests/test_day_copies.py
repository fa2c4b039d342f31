"""Copies of the day: signatures that are stored, that are missing, and that are replaced while a run reads them."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.copies import signatures
from pipeline.day import copies, inputs, run
from pipeline.day.result import Day
from pipeline.model.errors import InputChangedError
from pipeline.model.internal_tables import CANDIDATES, SIGNATURES
from pipeline.model.tables import ARTICLES, LINKS
from pipeline.store.view import View
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two days that were run: a text and its copy on the next day."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[1], "a.jsonl", [1, 12])
    for day in DAYS[:2]:
        run.run_day(world.desk(), day)
    return world


@pytest.fixture
def signed(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles are signed, call by call."""
    found: list[int] = []
    sign = signatures.sign
    monkeypatch.setattr(
        signatures, "sign", lambda articles: found.append(articles.num_rows) or sign(articles)
    )
    return found


def view(world: World) -> View:
    desk = world.desk()
    return inputs.view(desk.warehouse, desk.settings, DAYS[2])


def frames(world: World, pinned: View) -> list[tuple[Any, int]]:
    return copies.window_signatures(pinned, world.desk().engine, DAYS[:2])


def lose(world: World) -> None:
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(SIGNATURES, DAYS[0]))


def test_stored_signatures_of_a_window_are_read_and_nothing_is_signed(
    world: World, signed: list[int]
) -> None:
    found = frames(world, view(world))

    assert [3, 2] == [n for _, n in found]
    assert [3, 2] == [world.desk().engine.collect(frame).num_rows for frame, _ in found]
    assert [] == signed


def test_a_day_of_the_window_that_is_not_published_has_no_signatures(world: World) -> None:
    desk = world.desk()
    pinned = inputs.view(desk.warehouse, desk.settings, DAYS[3])

    assert [2] == [n for _, n in copies.window_signatures(pinned, desk.engine, DAYS[1:3])]


def test_signatures_that_are_missing_are_made_once_however_often_they_are_read(
    world: World, signed: list[int]
) -> None:
    """A run reads a day of its window once for each part of the buckets."""
    desk = world.desk()
    stored = desk.warehouse.read(SIGNATURES, DAYS[0])
    lose(world)

    (frame, n), _ = frames(world, view(world))

    assert [stored, stored] == [SIGNATURES.arrange(desk.engine.collect(frame)) for _ in range(2)]
    assert (3, [3]) == (n, signed)


def test_signatures_that_go_while_a_run_reads_them_are_no_empty_window(world: World) -> None:
    """The run begins again; without an error it would find no copies of that day."""
    (frame, _), _ = frames(world, view(world))
    desk = world.desk()
    lose(world)

    with pytest.raises(InputChangedError, match="went while it was being read"):
        desk.engine.collect(desk.engine.map(lambda rows: rows, frame, SIGNATURES))


@pytest.mark.parametrize("is_stored", [True, False])
def test_of_named_articles_only_those_are_signed(world: World, signed: list[int], is_stored: bool) -> None:
    named = world.desk().warehouse.read(ARTICLES, DAYS[0])["article_id"][:1].combine_chunks()
    if not is_stored:
        lose(world)

    found = copies.signatures_of(view(world), world.desk().engine, DAYS[0], named)

    assert named.to_pylist() == found["article_id"].to_pylist()
    assert ([] if is_stored else [1]) == signed


def test_a_copy_of_yesterdays_text_is_paired_and_linked_with_it(world: World) -> None:
    """And with nothing else: a day's pairs are those of its own articles."""
    desk, day = world.desk(), DAYS[1]
    pinned = inputs.view(desk.warehouse, desk.settings, day)
    made = Day(day, "")
    made.tables.articles = desk.warehouse.read(ARTICLES, day)
    copies.sign_day(desk, made)

    candidates = copies.pair_day(desk, pinned, made)
    placed = copies.place_copies(desk, pinned, made, candidates)

    assert desk.warehouse.read(LINKS, day) == made.tables.links
    (copy,) = [row for row in placed.to_pylist() if row["kind"] == "exact"]
    assert {(copy["article_id"], copy["copy_id"])} == {
        tuple(pair.values()) for pair in CANDIDATES.conform(candidates).to_pylist()
    }
    assert set(made.tables.articles["article_id"].to_pylist()) == set(placed["article_id"].to_pylist())
