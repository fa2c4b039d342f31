"""How two warehouses of the same documents differ."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.app.differ import diff
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import prefix_of
from pipeline.model.tables import MEMBERSHIPS
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.command import records

DAY = date(2026, 3, 5)


def made(
    root: Path, stories: list[list[str]], copies: dict[str, str] | None = None, day: date = DAY
) -> Warehouse:
    """A warehouse with one day whose articles, named by letters, are in these stories."""
    warehouse = Warehouse(LocalStorage(root))
    rows = [
        {
            "article_id": named(one, day),
            "ingest_date": day,
            "kind": "origin",
            "story_id": named(story[0], day),
            "copy_id": named((copies or {}).get(one, one), day),
        }
        for story in stories
        for one in story
    ]
    warehouse.publish(MEMBERSHIPS, day, MEMBERSHIPS.table(rows))
    return warehouse


def named(letter: str, day: date = DAY) -> str:
    return prefix_of(day) + f"{ord(letter):02x}" * 12


def told(one: Warehouse, other: Warehouse, *days: date) -> list[tuple[str, ...]]:
    """Each difference, with the letters of the articles that it is about."""
    return [
        (
            row["what"],
            *(chr(int(str(v)[8:10], 16)) for n, v in row.items() if n in {"story_id", "article_id"}),
        )
        for row in diff(one, other, days)
    ]


def test_two_alike_differ_in_nothing(tmp_path: Path) -> None:
    one, other = (made(tmp_path / name, [["a", "b"], ["c"]]) for name in "xy")

    assert [("total",)] == told(one, other)
    (total,) = diff(one, other, [])
    assert (3, 0, 0) == (total["n_articles"], total["split"], total["move"])


def test_a_story_that_splits_there_joins_here(tmp_path: Path) -> None:
    """Those that left are named: the part with most of its articles is the story."""
    whole = made(tmp_path / "x", [["a", "b", "c", "d"]])
    parted = made(tmp_path / "y", [["a"], ["b", "c", "d"]])

    assert [("split", "a"), ("move", "a"), ("total",)] == told(whole, parted)
    assert [("join", "a"), ("total",)] == told(parted, whole)
    split, *_ = diff(whole, parted, [])
    assert [(named("b"), 3), (named("a"), 1)] == [
        (one["story_id"], one["n_articles"]) for one in split["in_b"]
    ]


def test_another_id_of_a_story_is_no_difference(tmp_path: Path) -> None:
    """Stories are their articles."""
    one, other = made(tmp_path / "x", [["a", "b"]]), made(tmp_path / "y", [["b", "a"]])

    assert [("total",)] == told(one, other)


def test_an_article_that_changes_its_story_moves(tmp_path: Path) -> None:
    one = made(tmp_path / "x", [["a", "b", "c"], ["d", "e"]])
    other = made(tmp_path / "y", [["a", "b"], ["c", "d", "e"]])

    assert [("split", "a"), ("join", "c"), ("move", "c"), ("total",)] == told(one, other)


def test_copies_and_absent_articles_are_told(tmp_path: Path) -> None:
    one = made(tmp_path / "x", [["a", "b", "c"]], {"b": "a"})
    other = made(tmp_path / "y", [["a", "b", "d"]])

    assert [("copy", "b"), ("only_in_a", "c"), ("only_in_b", "d"), ("total",)] == told(one, other)


def test_days_are_chosen_and_a_place_without_any_is_refused(tmp_path: Path) -> None:
    one, other = made(tmp_path / "x", [["a", "b"]]), made(tmp_path / "y", [["a"], ["b"]])
    made(tmp_path / "x", [["e"]], day=DAY + timedelta(1))

    assert [("only_in_a", "e"), ("total",)] == told(one, other, DAY + timedelta(1))
    with pytest.raises(MissingInputError, match="no published memberships"):
        list(diff(one, Warehouse(LocalStorage(tmp_path / "z")), []))


def test_a_day_that_neither_has_is_no_day_without_differences(tmp_path: Path) -> None:
    """It is named, also beside one that is there; a day that one of them has is told."""
    one, other = (made(tmp_path / name, [["a", "b"]]) for name in "xy")
    absent = DAY + timedelta(4)

    with pytest.raises(MissingInputError, match=f"{absent}: not published in .*x or .*y"):
        list(diff(one, other, [DAY, absent]))
    where = ["diff", str(tmp_path / "x"), str(tmp_path / "y"), "--json"]
    named, across = (
        CliRunner().invoke(app, [*where, *days])
        for days in (["--day", str(absent)], ["--from", str(DAY), "--to", str(absent)])
    )
    assert isinstance(named.exception, MissingInputError)
    assert [("total", 2)] == [(row["what"], row["n_articles"]) for row in records(across.stdout)]
