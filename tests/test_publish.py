"""Publication: what is put where, in which order, and what is refused before anything is."""

import resource
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.day import publish, run
from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.publish import conserve, publish_day
from pipeline.day.result import Day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.errors import ConservationError, OvertakenError, PublishError
from pipeline.model.tables import ARTICLES, PUBLISHED, RUNS
from pipeline.store import layout
from pipeline.store.ahead import Ahead
from tests.conftest import DAY, deliver, make_desk, published, published_and_state
from tests.topics import TOPICS, document


@pytest.fixture
def made(desk: WorkDesk) -> Day:
    """A day of two articles and a reject that was made, not published."""
    deliver(desk, DAY, document("flood"), document("merger"), {"text": "too short"})
    return run.cluster_day(desk, DAY)


def test_the_articles_of_a_day_stand_before_its_stories_and_the_run_comes_last(
    desk: WorkDesk, made: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that whoever finds a story finds its articles, and a run that broke off is known by the row it lacks."""
    order: list[str] = []
    real = type(desk.warehouse).publish

    def noting(self: Any, contract: Any, *rest: Any, **named: Any) -> Any:
        order.append(contract.name)
        return real(self, contract, *rest, **named)

    monkeypatch.setattr(type(desk.warehouse), "publish", noting)

    publish_day(desk, made)

    assert "articles" == order[0]
    assert order.index("memberships") < order.index("stories") < order.index("runs") == len(order) - 1


def test_a_day_whose_files_are_made_ahead_has_the_bytes_of_one_whose_files_are_made_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of large tables they are made ahead; those that stand as they are to be are not made at all."""
    begun, write = list[str](), Ahead.write
    monkeypatch.setattr(Ahead, "write", lambda self, c, rows: begun.append(c.name) or write(self, c, rows))
    made = []
    for name, least in (("in_turn", publish.LEAST_BYTES), ("ahead", 0)):
        monkeypatch.setattr(publish, "LEAST_BYTES", least)
        begun.clear()
        desk = make_desk(tmp_path, EmbeddedEngine(2), name)
        for topics in (["flood"], ["flood", "merger"]):
            deliver(desk, DAY, *map(document, topics))
            run.run_day(desk, DAY)
        made.append(published_and_state(tmp_path / name))
    n_begun = len(begun)
    run.run_day(desk, DAY)

    assert made[0] == made[1]
    assert {"articles", "signatures", "members", "memberships"} <= set(begun)
    assert n_begun == len(begun)


def test_a_day_with_a_row_too_few_is_not_published(made: Day) -> None:
    conserve(made, 3)

    with pytest.raises(
        ConservationError, match=f"day {DAY}: 4 raw documents became 2 articles and 1 rejects"
    ):
        conserve(made, 4)


def test_a_day_with_an_article_without_a_place_is_not_published(made: Day) -> None:
    made.tables.memberships = made.tables.memberships.slice(1)

    with pytest.raises(ConservationError, match="2 articles have 1 memberships"):
        conserve(made, 3)


def test_a_day_that_was_made_by_another_recipe_is_not_published(desk: WorkDesk, made: Day) -> None:
    other = replace(desk, settings=desk.settings.model_copy(update={"story_threshold": 0.9}))

    with pytest.raises(PublishError, match=f"day {DAY} was made with other settings"):
        publish_day(other, made)

    assert [] == [c.name for c in PUBLISHED if desk.warehouse.has(c, DAY)]


def test_a_day_that_another_run_published_meanwhile_is_not_replaced(desk: WorkDesk, made: Day) -> None:
    """The other run read what has been delivered since."""
    deliver(desk, DAY, document("telescope"), name="late.jsonl")
    run.run_day(desk, DAY)
    before = published(desk.warehouse.storage.uri)

    with pytest.raises(OvertakenError):
        publish_day(desk, made)

    assert before == published(desk.warehouse.storage.uri)
    assert 3 == desk.warehouse.read(ARTICLES, DAY).num_rows
    assert desk.warehouse.has(RUNS, DAY)


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    deliver(desk, DAY, document("flood"), document("merger"))
    run.run_day(desk, DAY)
    before = published(desk.warehouse.storage.uri)

    again = run.run_day(desk, DAY)

    assert () == again.changed
    assert before == published(desk.warehouse.storage.uri)


def test_a_second_run_writes_no_file_that_stays(desk: Desk) -> None:
    """Neither a table nor a manifest is replaced by itself, not those of a day on which a story began either."""
    next_day = DAY + timedelta(1)
    deliver(desk, DAY, document("flood"), document("merger"))
    deliver(desk, next_day, document("flood", 2), document("telescope"))
    for day in (DAY, next_day):
        run.run_day(desk, day)
    root = Path(desk.warehouse.storage.uri)

    def files() -> dict[Path, tuple[int, int]]:
        found = [p for p in root.rglob("*") if p.is_file() and "locks" not in p.parts]
        return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in found}

    before = files()
    for day in (next_day, DAY):
        run.run_day(desk, day)

    assert before == files()


@pytest.mark.parametrize("n_bytes", [100, 3_000, 8_000])
def test_a_disk_that_is_full_is_a_clear_error_and_the_next_run_makes_the_day(
    tmp_path: Path, n_bytes: int
) -> None:
    """A limit on the size of files stands for the disk, so that the run ends at another table each time."""
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    long = [document(t, url=f"https://{t}.example/", text=" ".join([TOPICS[t]] * 40)) for t in TOPICS]
    deliver(desk, DAY, document("flood", url="https://first.example/"))
    run.run_day(desk, DAY)
    deliver(desk, DAY, *long)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    try:
        with pytest.raises(PublishError, match=r"cannot write .*: File too large"):
            run.run_day(desk, DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    run.run_day(desk, DAY)

    clean = make_desk(tmp_path, EmbeddedEngine(1), "clean")
    run.run_day(clean, DAY)
    assert published(clean.warehouse.storage.uri) == published(desk.warehouse.storage.uri)
    assert [] == [one.what for one in desk.warehouse.storage.leftovers(0) if layout.LOCKS not in one.what]


def test_published_files_are_plain_parquet(desk: Desk) -> None:
    """A reader that knows nothing of newsfold reads the table, with the day as a column."""
    deliver(desk, DAY, document("flood"))
    run.run_day(desk, DAY)

    found = pq.read_table(f"{desk.warehouse.storage.uri}/stories")

    assert [str(DAY)] == [str(d) for d in found["day"].to_pylist()]
