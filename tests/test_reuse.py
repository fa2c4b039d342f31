"""State of past days that is stored, and what happens when it does not fit what a run reads."""

import shutil
from pathlib import Path

import pytest

from pipeline.copies import candidates
from pipeline.day import run
from pipeline.model.contract import Contract
from pipeline.model.internal_tables import SIGNATURES, TERMS
from pipeline.stories import terms
from tests.conftest import published
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """One day that was run; a second, with copies and a follow-up of the first, that was not."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[1], "a.jsonl", [1, 2, 12, 13])
    run.run_day(world.desk(), DAYS[0])
    return world


def second_day(world: World) -> dict[str, bytes]:
    run.run_day(world.desk(), DAYS[1])
    return {path: data for path, data in published(world.root / "warehouse").items() if str(DAYS[1]) in path}


@pytest.fixture
def expected(world: World) -> dict[str, bytes]:
    shutil.copytree(world.root / "warehouse", world.root / "kept")
    found = second_day(world)
    shutil.rmtree(world.root / "warehouse")
    (world.root / "kept").rename(world.root / "warehouse")
    return found


@pytest.mark.parametrize("contract", [SIGNATURES, TERMS], ids=lambda c: c.name)
def test_state_of_other_rows_is_not_used(
    world: World, expected: dict[str, bytes], contract: Contract
) -> None:
    """A run that broke off has left new articles beside old state: the state is made again."""
    warehouse = world.desk().warehouse
    warehouse.publish(contract, DAYS[0], contract.empty(), {"articles": "of another run"})

    assert expected == second_day(world)


@pytest.mark.parametrize("contract", [SIGNATURES, TERMS], ids=lambda c: c.name)
def test_state_without_its_manifest_is_not_used(
    world: World, expected: dict[str, bytes], contract: Contract
) -> None:
    """A crash between the file and its manifest: the manifest is about another file."""
    warehouse = world.desk().warehouse
    manifest = warehouse.manifest(contract, DAYS[0])
    assert manifest is not None
    warehouse.publish(contract, DAYS[0], contract.empty(), manifest.inputs)
    warehouse.note(contract, DAYS[0], manifest)

    assert expected == second_day(world)


@pytest.mark.parametrize("contract", [SIGNATURES, TERMS], ids=lambda c: c.name)
def test_state_that_is_gone_is_made_again(
    world: World, expected: dict[str, bytes], contract: Contract
) -> None:
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(contract, DAYS[0]))

    assert expected == second_day(world)


@pytest.mark.parametrize("contract", [SIGNATURES, TERMS], ids=lambda c: c.name)
def test_state_that_fits_is_used(world: World, expected: dict[str, bytes], contract: Contract) -> None:
    """Else the tests above would pass without any state being read."""
    warehouse = world.desk().warehouse
    manifest = warehouse.manifest(contract, DAYS[0])
    assert manifest is not None
    warehouse.publish(contract, DAYS[0], contract.empty(), manifest.inputs)

    assert expected != second_day(world)


def test_a_day_that_is_paired_in_parts_gives_the_same_bytes(
    world: World, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day too large for memory: its buckets, and those of its window, are gone through part by part."""
    monkeypatch.setattr(candidates, "PART_ARTICLES", 1)
    monkeypatch.setattr(candidates, "WINDOW_ARTICLES", 1)

    assert expected == second_day(world)


def test_a_window_is_gone_through_as_many_days_together_as_have_so_many_articles() -> None:
    """One at least, however large; in their order."""
    assert [["a", "b"], ["c"], ["d", "e"]] == list(
        candidates.batches([("a", 2), ("b", 3), ("c", 9), ("d", 1), ("e", 4)], 5)
    )
    assert [] == list(candidates.batches([], 5))


def test_a_large_day_is_gone_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "PART_ARTICLES", 10)

    assert [1, 1, 2, 3] == [candidates.n_parts(n) for n in (0, 10, 11, 21)]


def test_what_was_weighed_before_is_not_weighed_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that is run again after a change elsewhere: its articles are the same, so their terms are."""
    weighed: list[int] = []
    real = terms.weigh
    monkeypatch.setattr(terms, "weigh", lambda articles: weighed.append(articles.num_rows) or real(articles))

    again = run.run_day(world.desk(), DAYS[0])

    assert ((), 0) == (again.changed, sum(weighed))


@pytest.mark.parametrize("contract", [SIGNATURES, TERMS], ids=lambda c: c.name)
def test_state_that_is_cleaned_away_while_a_run_looks_at_it_is_made_again(
    world: World, expected: dict[str, bytes], contract: Contract
) -> None:
    """At every step of the run, as a `gc` beside it may do it."""
    path = world.desk().warehouse.path(contract, DAYS[0])
    shutil.copytree(world.root / "warehouse", world.root / "kept")
    for n in range(20, 110, 3):
        shutil.rmtree(world.root / "warehouse")
        shutil.copytree(world.root / "kept", world.root / "warehouse")
        run.run_day(world.desk(n, lambda: world.desk().warehouse.storage.delete(path)), DAYS[1])
        found = {p: data for p, data in published(world.root / "warehouse").items() if str(DAYS[1]) in p}

        assert expected == found, n
