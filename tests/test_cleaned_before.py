"""A late file has its own documents cleaned, and those of outlets in which other lines are furniture now."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.clean import articles
from pipeline.day import run
from pipeline.model.tables import ARTICLES
from tests.conftest import published_and_state
from tests.world import DAYS, POOL, World, be_quick

HABIT = "Listen to our evening programme on the radio tonight"
TEXTS = (
    "The mayor of Altena opened the new bridge over the river on Tuesday before three hundred guests.",
    "Prices of firewood rose by a fifth in October, the chamber of agriculture in Hagen said.",
    "A rare comet can be seen before sunrise this week, according to the observatory of Bochum.",
    "The choir of Siegen sang in Madrid and came home with the second prize of the jury.",
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    return World(tmp_path)


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents are cleaned, call by call."""
    found: list[int] = []
    real = articles.clean

    def clean(rows: Any, **more: Any) -> Any:
        found.append(rows.num_rows)
        return real(rows, **more)

    monkeypatch.setattr(articles, "clean", clean)
    return found


def pooled(monkeypatch: pytest.MonkeyPatch) -> int:
    """Documents of one outlet that share a line, and one of another outlet, at the end of the pool; returns the place of the first."""
    own = [{"text": f"{text}\n{HABIT}", "title": text[:20], "outlet": "Radio"} for text in TEXTS]
    own.append({"text": TEXTS[0] + " It is made of wood.", "title": "Bridge", "outlet": "Herald"})
    monkeypatch.setattr("tests.world.POOL", [*POOL, *own])
    return len(POOL)


def test_an_outlet_in_which_a_line_becomes_furniture_is_cleaned_again(
    world: World, cleaned: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line stands in a third article now; the article of the other outlet, and the reject, stay as they are."""
    first = pooled(monkeypatch)
    world.put(DAYS[0], "a.jsonl", [first, first + 1, first + 4, 10])
    run.run_day(world.desk(), DAYS[0])
    before = world.desk().warehouse.read(ARTICLES, DAYS[0])["text"].to_pylist()
    world.put(DAYS[0], "late.jsonl", [first + 2])
    cleaned.clear()
    run.run_day(world.desk(), DAYS[0])
    after = world.desk().warehouse.read(ARTICLES, DAYS[0])["text"].to_pylist()

    assert [3] == cleaned
    assert (2, 0) == tuple(sum(HABIT in text for text in texts) for texts in (before, after))
    assert whole(world) == published_and_state(world.root / "warehouse")


def test_a_document_that_went_has_all_cleaned_again(world: World, cleaned: list[int]) -> None:
    """What it left behind in the lines of its outlet is not known."""
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[0], "b.jsonl", [8])
    run.run_day(world.desk(), DAYS[0])
    world.remove(DAYS[0], "b.jsonl")
    world.put(DAYS[0], "c.jsonl", [13])
    cleaned.clear()
    run.run_day(world.desk(), DAYS[0])

    assert [3] == cleaned
    assert whole(world) == published_and_state(world.root / "warehouse")


def test_a_document_that_is_delivered_again_in_a_file_before_is_the_article(world: World) -> None:
    """Of equal documents the one with the smallest raw_ref is the article, whichever came first."""
    world.put(DAYS[0], "b.jsonl", [0, 5])
    run.run_day(world.desk(), DAYS[0])
    for name in ("a.jsonl", "c.jsonl"):
        world.put(DAYS[0], name, [5])
        run.run_day(world.desk(), DAYS[0])

    assert whole(world) == published_and_state(world.root / "warehouse")


def whole(world: World) -> dict[str, bytes]:
    """What one run over all files gives."""
    run.run_day(world.desk(warehouse="beside"), DAYS[0])
    return published_and_state(world.root / "beside")
