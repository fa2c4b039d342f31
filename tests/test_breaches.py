"""Breaches of the contract: each kind is named with table, day, rule and a key, and none is invented."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.day.run import run_day
from pipeline.model.contract import Contract
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import prefix_of
from pipeline.model.tables import (
    ADDITIONS,
    ARTICLES,
    FLOWS,
    LINKS,
    MEMBERSHIPS,
    REJECTS,
    REVISIONS,
    RUNS,
    STORIES,
)
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import repair, status
from pipeline.upkeep.breaches import Breach, breaches
from tests.breached import Rows, every, of_first, of_last, rewrite
from tests.command import records
from tests.damaged import copied
from tests.world import DAYS, POOL, World, be_quick

GHOST = f"{prefix_of(DAYS[1])}{'f' * 24}"  # an id that nothing has, and that sorts last in its day
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> World:
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch)
        world = World(tmp_path_factory.mktemp("clean") / "world")
        for day, documents in zip(
            DAYS, ([0, 5, 8, 11], [1, 2, 6, 10, 12, 14, 7], [3, 9, 13, 15, 19, 10]), strict=False
        ):
            world.put(day, "a.jsonl", documents)
            run_day(world.desk(), day)
        return world


@pytest.fixture
def world(clean: World, tmp_path: Path) -> World:
    return copied(clean.root, tmp_path)


def store(world: World) -> Warehouse:
    return Warehouse(LocalStorage(world.root / "warehouse"))


def test_a_warehouse_as_runs_make_it_has_none(clean: World) -> None:
    n_seen = []

    assert [] == list(breaches(store(clean), (), lambda n, of: n_seen.append((n, of))))
    assert [(1, 3), (2, 3), (3, 3)] == n_seen
    for contract in (ARTICLES, LINKS, MEMBERSHIPS, STORIES, FLOWS, REJECTS, ADDITIONS):
        assert any(store(clean).read(contract, day).num_rows for day in DAYS[:3]), f"{contract.name} has rows"


@pytest.mark.parametrize("version", [0, 1])
def test_what_an_earlier_contract_wrote_is_held_to_what_it_has(tmp_path: Path, version: int) -> None:
    shutil.copytree(FIXTURES / f"warehouse-{version}", tmp_path / "warehouse")

    assert [] == list(breaches(Warehouse(LocalStorage(tmp_path / "warehouse"))))


class Injected(NamedTuple):
    contract: Contract
    rule: str
    change: Callable[[Rows], object]
    types: dict[str, pa.DataType] = {}  # noqa: RUF012 - nobody changes it


def _swap(rows: Rows) -> None:
    rows[0], rows[1] = rows[1], rows[0]


def _twice(rows: Rows) -> None:
    rows.insert(1, dict(rows[0]))


def _ghost_member(row: dict[str, Any]) -> list[str]:
    return [*row["members"][:-1], GHOST] if len(row["members"]) > 1 else [GHOST]


KINDS = {
    "a row twice": Injected(LINKS, "article_id, other_id: key", _twice),
    "rows in another order": Injected(ARTICLES, "in_order", _swap),
    "a null": Injected(ARTICLES, "text: not_null", of_first(text=None)),
    "another type": Injected(ARTICLES, "readable", every(), {"word_count": pa.int64()}),
    "a day of another partition": Injected(
        MEMBERSHIPS, "ingest_date: of_its_day", of_first(ingest_date=DAYS[0])
    ),
    "a story of another partition": Injected(STORIES, "first_date: of_its_day", of_first(first_date=DAYS[4])),
    "an id of another day": Injected(
        ADDITIONS, "article_id: of_its_day", of_first(article_id=lambda row: "20200101" + row["article_id"][8:])
    ),
    "an unknown kind": Injected(MEMBERSHIPS, "kind: values", of_first(kind="twin")),
    "an unknown reason": Injected(REJECTS, "reason: values", of_first(reason="dull")),
    "an unknown precision": Injected(ARTICLES, "published_precision: values", of_first(published_precision="hour", published_at=datetime(2026, 3, 5))),  # noqa: DTZ001
    "a share above one": Injected(LINKS, "jaccard: bounds", of_first(jaccard=1.5)),
    "a share that is no number": Injected(LINKS, "containment: bounds", of_first(containment=float("nan"))),
    "a count below zero": Injected(ARTICLES, "word_count: bounds", of_first(word_count=-1)),
    "a digest of other signs": Injected(ARTICLES, "text_digest: pattern", of_first(text_digest="ABC")),
    "a precision without a time": Injected(ARTICLES, "precision", of_first(published_at=None, published_precision="day")),
    "a place of no article": Injected(MEMBERSHIPS, "article_id: in articles", of_last(article_id=GHOST)),
    "a copy of nothing": Injected(MEMBERSHIPS, "copy_id: in articles", of_last(copy_id=GHOST)),
    "a match with nothing": Injected(MEMBERSHIPS, "matched_id: in articles", of_first(matched_id=GHOST)),
    "a place in no story": Injected(MEMBERSHIPS, "story_id: in stories", of_first(story_id=GHOST)),
    "an article without a place": Injected(MEMBERSHIPS, "every_article", lambda rows: rows.pop()),
    "an origin that is a copy": Injected(MEMBERSHIPS, "own_origin", every(kind=lambda row: "near" if row["kind"] in {"origin", "report"} else row["kind"])),
    "another outlet than its article has": Injected(MEMBERSHIPS, "repeated", of_first(outlet_id="nobody")),
    "a link from nothing": Injected(LINKS, "article_id: in articles", of_last(article_id=GHOST)),
    "a link to nothing": Injected(LINKS, "other_id: in articles", of_first(other_id=GHOST)),
    "a link far back to nothing": Injected(LINKS, "other_id: in articles", of_first(other_id="20260220" + "0" * 24)),
    "an accepted link without a kind": Injected(LINKS, "kind_if_accepted", every(kind=None)),
    "a revision of nothing": Injected(REVISIONS, "previous_id: in articles", of_first(previous_id=GHOST)),
    "a flow from nothing": Injected(FLOWS, "from_article_id: in articles", of_first(from_article_id=GHOST)),
    "a flow to nothing": Injected(FLOWS, "to_article_id: in articles", of_first(to_article_id=GHOST)),
    "an addition to no story": Injected(ADDITIONS, "story_id: in stories", of_first(story_id=GHOST)),
    "a member that is not there": Injected(STORIES, "members: in articles", of_first(members=_ghost_member)),
    "a story without itself": Injected(STORIES, "begins_with_itself", every(members=lambda row: row["members"][1:], n_articles=lambda row: row["n_articles"] - 1)),
    "a canonical that is not there": Injected(STORIES, "canonical_id: in articles", of_first(canonical_id=GHOST)),
    "a newsroom without evidence": Injected(STORIES, "newsrooms.article_id: in articles", of_first(newsrooms=[{"newsroom": "n", "article_id": GHOST}])),
    "newsrooms that are not counted": Injected(STORIES, "newsrooms_counted", of_first(n_newsrooms=99)),
    "a wrong number of articles": Injected(STORIES, "counted", of_first(n_articles=99)),
    "a story that ends before it begins": Injected(STORIES, "in_time", of_first(last_date=DAYS[0] - timedelta(9))),
    "a number of rows that is not there": Injected(RUNS, "n_compared: counted", every(n_compared=99)),
    "documents that were lost": Injected(RUNS, "conserved", every(n_raw=99)),
    "reasons that are not there": Injected(RUNS, "reasons", every(rejects_by_reason=[])),
    "faults that are not listed": Injected(RUNS, "n_stage_faults: counted", every(n_stage_faults=3)),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_breach_is_named(world: World, kind: str) -> None:
    injected, warehouse = KINDS[kind], store(world)
    day = next(d for d in (DAYS[1], DAYS[2], DAYS[0]) if warehouse.read(injected.contract, d).num_rows)
    rewrite(warehouse, injected.contract, day, injected.change, **injected.types)

    found = {(one.table, one.day, one.rule): one for one in breaches(store(world), [day])}

    assert (injected.contract.name, day, injected.rule) in found, sorted(found)
    one = found[injected.contract.name, day, injected.rule]
    assert one.detail or (one.n_rows and one.example)
    assert one.meaning.endswith(".")
    assert not {rule for *_, rule in found} & {"digest", "there"}
    if injected.contract in {LINKS, REJECTS, REVISIONS, FLOWS}:  # nothing else refers to these
        assert {(injected.contract.name, day), ("runs", day)} >= {(t, d) for t, d, _ in found}


def test_a_file_that_is_not_as_its_manifest_says_is_named(world: World) -> None:
    warehouse = store(world)
    path = world.root / "warehouse" / warehouse.path(STORIES, DAYS[1])
    path.write_bytes(path.read_bytes()[:-40])
    (world.root / "warehouse" / "_meta/manifests/links" / f"day={DAYS[0]}.json").unlink()

    found = {(one.table, one.day, one.rule) for one in breaches(store(world))}

    assert {
        ("stories", DAYS[1], "readable"),
        ("stories", DAYS[1], "digest"),
        ("links", DAYS[0], "digest"),
    } <= found


@pytest.mark.parametrize(("name", "who"), [("memberships", "memberships"), ("runs", "runs")])
def test_a_table_that_is_lost_is_named(world: World, name: str, who: str) -> None:
    shutil.rmtree(world.root / "warehouse" / name / f"day={DAYS[1]}")

    assert (who, DAYS[1], "there") in {(one.table, one.day, one.rule) for one in breaches(store(world))}


def test_a_file_of_a_later_contract_is_named(world: World) -> None:
    from tests.breached import pq

    warehouse = store(world)
    path = world.root / "warehouse" / warehouse.path(FLOWS, DAYS[1])
    table = pq.read_table(path, partitioning=None)
    path.unlink()
    pq.write_table(table.replace_schema_metadata({"newsfold.contract_version": "99"}), path)

    (one,) = (one for one in breaches(store(world), [DAYS[1]]) if one.rule == "readable")
    assert "contract version 99" in one.detail


def test_days_can_be_chosen_and_one_that_is_not_there_is_refused(world: World) -> None:
    rewrite(store(world), RUNS, DAYS[1], every(n_raw=99))

    assert [] == list(breaches(store(world), [DAYS[0]]))
    assert {DAYS[1]} == {one.day for one in breaches(store(world), [DAYS[1]])}
    assert list(breaches(store(world), [DAYS[1]])) == list(breaches(store(world), [DAYS[1], DAYS[1]]))
    with pytest.raises(MissingInputError, match="2020-01-01"):
        list(breaches(store(world), [date(2020, 1, 1)]))


def test_a_repair_mends_what_was_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `verify` finds: a row that somebody changed in the file, behind the manifest's back."""
    be_quick(monkeypatch)
    before = store(world).manifest(LINKS, DAYS[1])
    rewrite(store(world), LINKS, DAYS[1], of_first(jaccard=1.5))
    assert before is not None
    store(world).note(LINKS, DAYS[1], before)
    assert {"digest", "jaccard: bounds"} == {one.rule for one in breaches(store(world))}

    list(repair.repair(world.desk(), [one.day for one in status.status(world.desk()) if one.is_due]))

    assert [] == list(breaches(store(world)))


def test_the_command_names_breaches_and_ends_with_5(world: World) -> None:
    """In words, or as JSON lines; 0 where there is none."""
    rewrite(store(world), RUNS, DAYS[1], every(n_raw=99))
    command = ["verify", "--contract", "--quiet", "--warehouse", str(world.root / "warehouse")]

    shown = CliRunner().invoke(app, [*command, "--day", str(DAYS[1])])
    assert 5 == shown.exit_code
    conserved = f"runs of {DAYS[1]}: conserved: 1 row, first {DAYS[1]} (n_raw is n_articles + n_rejects.)"
    assert conserved in shown.output
    assert "1 day read: 2 breaches of the contract; newsfold repair" in shown.output
    shown = CliRunner().invoke(app, [*command, "--day", str(DAYS[1]), "--json"])
    assert {"conserved", "n_raw: counted"} == {one["rule"] for one in records(shown.output)}
    assert all(one["meaning"].endswith(".") for one in records(shown.output))
    shown = CliRunner().invoke(app, [*command, "--day", str(DAYS[0])])
    assert (0, "1 day read: all keep the contract") == (shown.exit_code, shown.output.strip())


def _generated(tmp: Path, days: list[list[int]]) -> list[Breach]:
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch)
        world = World(tmp / "world")
        for n, documents in enumerate(days):
            world.put(DAYS[0] + timedelta(n), "a.jsonl", documents)
            run_day(world.desk(), DAYS[0] + timedelta(n))
        return list(breaches(store(world)))


DELIVERIES = st.lists(st.integers(0, len(POOL) - 1), max_size=9, unique=True)


@settings(max_examples=6)
@given(st.lists(DELIVERIES, min_size=1, max_size=4))
def test_none_is_invented(tmp_path_factory: pytest.TempPathFactory, days: list[list[int]]) -> None:
    assert [] == _generated(tmp_path_factory.mktemp("generated"), days)


@pytest.mark.long
@settings(max_examples=100)
@given(st.lists(DELIVERIES, min_size=10, max_size=10))
def test_none_is_invented_on_a_thousand_days(
    tmp_path_factory: pytest.TempPathFactory, days: list[list[int]]
) -> None:
    tmp = tmp_path_factory.mktemp("generated")
    assert [] == _generated(tmp, days)
    shutil.rmtree(tmp)
