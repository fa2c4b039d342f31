"""Any order, then repair, equals in order."""

import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.day import inputs, landing_zone
from pipeline.day import publish as publishing
from pipeline.day import run as running
from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.result import Day, RunReport
from pipeline.day.run import cluster_day, run_day
from pipeline.model import versions
from pipeline.model.contract import Contract
from pipeline.model.errors import HeldError, MissingInputError, PublishError, SettingsError
from pipeline.model.kinds import COPIES, Reject
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, REJECTS, RUNS, STORIES
from pipeline.store import layout, notes
from pipeline.store.warehouse import Manifest
from pipeline.upkeep import gate, gc, quality, repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import everything, published
from tests.world import AFTER_A_GAP, DAYS, NOT_OVER, POOL, TODAY, Killed, Stage, World, be_quick

SEQUENCES = int(os.environ.get("NEWSFOLD_SEQUENCES", "200"))
SEED = int(os.environ.get("NEWSFOLD_SEED", "1"))
SHARDS = 8  # so that the sequences spread over workers

FOR_EVER = 10**9

CHOICES: dict[str, list[float]] = {
    "story_threshold": [0.2, 0.9],
    "copy_threshold": [0.3, 0.9],
    "min_words": [4, 40],
    "window_days": [1, 3],
}
days = st.sampled_from([*DAYS, AFTER_A_GAP])
names = st.sampled_from(["a.jsonl", "b.jsonl"])
documents = st.integers(0, len(POOL) - 1)
steps = st.integers(1, 300)  # a run of a small day does 100 to 250 operations
delivered = st.lists(documents, max_size=3)
actions = st.one_of(
    st.tuples(st.just("put"), days, names, st.lists(documents, min_size=1, max_size=4)),
    st.tuples(st.just("put"), days, names, st.lists(documents, min_size=1, max_size=4)),
    st.tuples(st.just("grow"), days, names, documents),
    st.tuples(st.just("remove"), days, names),
    st.tuples(st.just("run"), days),
    st.tuples(st.just("run"), days),
    st.tuples(st.just("killed run"), days, steps),
    st.tuples(st.just("backfill"), st.booleans()),
    st.tuples(st.just("two at once"), days, days, steps),
    st.tuples(st.just("repair beside a run"), days, steps),
    st.tuples(
        st.just("put while running"), days, steps, days, names, st.lists(documents, min_size=1, max_size=3)
    ),
    st.tuples(st.just("late publisher"), days, days),
    st.tuples(st.just("run by command"), days),
    st.tuples(st.just("repair")),
    st.tuples(st.just("repair")),
    st.tuples(st.just("consent"), days),
    st.tuples(
        st.just("empty folder"), days, st.sampled_from(["", "_SUCCESS", ".a.jsonl", "folder/", "a.jsonl"])
    ),
    st.tuples(st.just("lose landing"), st.booleans()),
    st.tuples(st.just("find landing")),
    st.tuples(st.just("put"), st.sampled_from(NOT_OVER), names, st.lists(documents, min_size=1, max_size=2)),
    st.tuples(st.just("killed repair"), steps),
    st.tuples(st.just("setting"), st.sampled_from(sorted(CHOICES)), st.sampled_from([0, 1])),
    st.tuples(st.just("rules"), st.sampled_from(["copies", "stories", "clean"]), st.sampled_from([1, 2])),
    st.tuples(st.just("gc")),
    st.tuples(st.just("gc beside a run"), days, steps),
    st.tuples(
        st.just("fail"), days, names, st.sampled_from([1, 2, 3, 4, 7, FOR_EVER]), st.sampled_from([0, 1, 400])
    ),
    st.tuples(st.just("mend")),
    st.tuples(st.just("wrong landing"), days, st.sampled_from(["run", "repair"])),
    st.tuples(st.just("move"), st.integers(1, 12)),  # to note it takes about eight operations
    st.tuples(st.just("lose"), st.sampled_from((*inputs.OWN, STORIES)), days, st.booleans()),
)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse without child processes, and trust the machine not to lose power."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))


def scratch(name: str) -> Path:
    """A folder in memory where there is one: what is tested is the order of things, not the disk."""
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - removed below
    return base / f"newsfold-{os.getpid()}-{name}"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_order_then_repair_equals_in_order(
    fast: None, shard: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was run, re-run, killed, delivered late, removed and changed: repair gives what one clean pass gives, and takes
    nothing away that somebody has not consented to.
    """
    monkeypatch.setattr(quality, "LEAST_LOST", 2)  # the days of this world are small

    @seed(SEED * 1000 + shard)
    @settings(
        max_examples=max(1, SEQUENCES // SHARDS),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.tuples(*[delivered] * len(DAYS)), st.lists(actions, min_size=3, max_size=12))
    def sequence(at_first: tuple[list[int], ...], todo: list[tuple[Any, ...]]) -> None:
        world = World(root)
        versions.RULES.update(dict.fromkeys(versions.RULES, 1))
        for day, documents_of_day in zip(DAYS, at_first, strict=True):
            if documents_of_day:
                world.put(day, "a.jsonl", documents_of_day)
        for name, *arguments in todo:
            ACTIONS[name](world, *arguments)
        _repair_and_compare(world)

    root = scratch(str(shard))
    try:
        sequence()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _repair_and_compare(world: World) -> None:
    world.find_landing()
    _repair(world)
    before = published(world.root / "warehouse")
    _repair(world)
    assert world.faults or before == published(world.root / "warehouse")

    desk = world.desk()
    known = _known(desk)
    _consent_to_all(desk, known)
    _check_what_is_left(desk, known)
    world.mend()
    _consent_to_all(desk, known)
    after = published(world.root / "warehouse")
    _check_promises(desk, known, after)
    list(repair.repair(desk, known, today=TODAY, empty=True))

    assert after == published(world.root / "warehouse")
    assert _in_order(world, known) == after


def _check_what_is_left(desk: Desk, known: list[date]) -> None:
    """On a machine that goes on failing, a day is stale for that alone, exactly when a row of it says so."""
    for found in status.status(desk, known):
        reasons = desk.warehouse.read(REJECTS, found.day)["reason"].to_pylist()
        assert ((Why.FAULTY.of(),) if Reject.MACHINE_FAULT in reasons else ()) == found.reasons


def _consent_to_all(desk: WorkDesk, known: list[date]) -> None:
    """Publish what is held back; a day that another one changed since it was held is held again, and asked for again."""
    for _ in range(len(known) + 1):
        list(repair.repair(desk, known, today=TODAY, empty=True, held=True))
        if not notes.held(desk.warehouse):
            break


def _known(desk: Desk) -> list[date]:
    """The days that there are and that are over."""
    return [day for day in repair.days_between(desk, None, None) if day < TODAY]


def _in_order(world: World, known: list[date]) -> dict[str, bytes]:
    """What one pass over the days gives in a warehouse of its own."""
    shutil.rmtree(world.root / "clean", ignore_errors=True)
    desk = world.desk(warehouse="clean")
    for day in known:
        run_day(desk, day)
    return published(world.root / "clean")


def _check_promises(desk: Desk, known: list[date], files: dict[str, bytes]) -> None:
    assert {State.FRESH} <= {s.state for s in status.status(desk, known)} | {State.FRESH} == {State.FRESH}
    assert [p for p in files if not re.fullmatch(r"[a-z]+/day=\d{4}-\d\d-\d\d/part-0\.parquet", p)] == []
    ids: set[str] = set()
    told: list[str] = []
    for day in known:
        row = desk.warehouse.read(RUNS, day).to_pylist()[0]
        articles = desk.warehouse.read(ARTICLES, day)["article_id"].to_pylist()
        rejects = desk.warehouse.read(REJECTS, day).num_rows
        assert (row["n_raw"], row["n_articles"]) == (len(articles) + rejects, len(articles))
        places = desk.warehouse.read(MEMBERSHIPS, day).to_pylist()
        assert articles == [place["article_id"] for place in places]
        pairs = desk.warehouse.read(LINKS, day).to_pylist()
        accepted = {(link["article_id"], link["other_id"]) for link in pairs if link["accepted"]}
        joined = {(p["article_id"], p["matched_id"]) for p in places if p["kind"] in COPIES}
        assert joined <= accepted
        ids |= set(articles)
        told += [m for s in desk.warehouse.read(STORIES, day)["members"].to_pylist() for m in s]
    assert len(told) == len(set(told))
    assert set(told) <= ids


# --- what can happen -----------------------------------------------------------------------------------------


def _others(world: World, day: date) -> dict[str, bytes]:
    """Published files that a run of the day has no business with."""
    files = published(world.root / "warehouse")
    return {p: b for p, b in files.items() if f"day={day}" not in p and not p.startswith("stories/")}


def _run(world: World, day: date) -> None:
    before = _others(world, day)
    run_day(world.desk(), day)

    assert before == _others(world, day)


def _killed_run(world: World, day: date, n: int) -> None:
    with _Killing() as kill:
        run_day(world.desk(n, kill), day)


def _killed_repair(world: World, n: int) -> None:
    with _taking_nothing_away(world), _Killing() as kill:
        desk = world.desk(3 * n, kill)
        list(repair.repair(desk, repair.days_between(desk, None, None), today=TODAY))


class _Killing:
    def __enter__(self) -> Callable[[], None]:
        return self.kill

    def kill(self) -> None:
        raise Killed

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is Killed


def _backfill(world: World, forwards: bool) -> None:
    for day in sorted(_known(world.desk()), reverse=not forwards):
        run_day(world.desk(), day)


def _repair(world: World) -> None:
    desk = world.desk()
    with _taking_nothing_away(world):
        list(repair.repair(desk, repair.days_between(desk, None, None), today=TODAY))


def _consent(world: World, day: date) -> None:
    """What was held back is published, as it was held back: of the other days nothing goes."""
    with _taking_nothing_away(world, but=day):
        list(repair.repair(world.desk(), [day], today=TODAY, held=True))


def _run_by_command(world: World, day: date) -> None:
    """What the command line does: it asks before it makes a day empty or takes most of it away."""
    before, desk = _others(world, day), world.desk()
    with _taking_nothing_away(world), suppress(MissingInputError, HeldError):
        status.refuse_lost(desk)
        for one in status.days_to_make(desk, [day]):
            run_day(desk, one, partial(gate.admit, desk))

    assert before == _others(world, day)


@contextmanager
def _taking_nothing_away(world: World, but: date | None = None) -> Iterator[None]:
    """Nobody consented, so no day loses its last document, more than half of its articles or, with a setting, of its documents."""
    desk = world.desk()
    before = {day: _standing(desk, day) for day in [*DAYS, AFTER_A_GAP] if day != but}
    yield
    recipe = inputs.recipe(desk.settings)
    for day, (run, ids, n_raw) in before.items():
        _, after, n_after = _standing(desk, day)
        assert n_after or not n_raw, f"{day}: emptied"
        if run is None or all(run.inputs.get(name) == value for name, value in recipe.items()):
            assert len(ids - after) < 2 or len(ids - after) <= len(ids) / 2, f"{day}: lost {ids - after}"
        elif run.notes["counts"]["n_raw"] == n_raw:
            assert n_raw - n_after < 2 or n_after >= n_raw / 2, (
                f"{day}: lost {n_raw - n_after} of {n_raw} documents"
            )


def _standing(desk: Desk, day: date) -> tuple[Manifest | None, set[str], int]:
    """The manifest of the day's run, its articles, and how many rows they and the rejects are."""
    warehouse = desk.warehouse
    found = {c: warehouse.read(c, day) if warehouse.has(c, day) else c.empty() for c in (ARTICLES, REJECTS)}
    n_rows = sum(table.num_rows for table in found.values())
    return warehouse.manifest(RUNS, day), set(found[ARTICLES]["article_id"].to_pylist()), n_rows


def _two_at_once(world: World, day: date, other: date, n: int) -> None:
    failed = _at_once(world, n, lambda desk: run_day(desk, day), other)

    assert len(failed) <= (day == other)


def _repair_beside_a_run(world: World, other: date, n: int) -> None:
    """A repair leaves to another run what that one was faster to publish; the run may be told that it was slower."""
    failed = _at_once(
        world,
        3 * n,
        lambda desk: list(repair.repair(desk, repair.days_between(desk, None, None), today=TODAY)),
        other,
    )

    assert len(failed) <= 1


def _at_once(world: World, n: int, first: Callable[[Desk], object], other: date) -> list[BaseException]:
    """While one is at its n-th step a run begins beside it, and runs to its end or until it has to wait."""
    failed: list[BaseException] = []
    second = world.desk()
    stage = second.warehouse.storage
    assert isinstance(stage, Stage)

    def run_second() -> None:
        try:
            run_day(second, other)
        except PublishError as error:
            failed.append(error)
        finally:
            stage.blocked.set()

    thread = threading.Thread(target=run_second)

    def begin() -> None:
        thread.start()
        stage.blocked.wait(60)

    try:
        first(world.desk(n, begin))
    except PublishError as error:
        failed.append(error)
    if thread.ident is not None:
        thread.join(60)

    assert not thread.is_alive()
    return failed


def _put_while_running(world: World, day: date, n: int, at: date, name: str, delivered: list[int]) -> None:
    run_day(world.desk(n, lambda: world.put(at, name, delivered)), day)


def _late_publisher(world: World, day: date, other: date) -> None:
    """A run that began first publishes last: it replaces nothing that came after it began."""
    late = cluster_day(world.desk(), day)
    world.put(day, "c.jsonl", [0, 5])
    run_day(world.desk(), other)
    before = published(world.root / "warehouse")
    try:
        publishing.publish_day(world.desk(), late)
    except PublishError:
        assert before == published(world.root / "warehouse")
        assert day == other


def _setting(world: World, name: str, choice: int) -> None:
    world.settings[name] = CHOICES[name][choice]


def _gc(world: World, min_age_seconds: float = 0) -> None:
    """What may go goes; without a least age, what a writer is at goes too."""
    before, desk = published(world.root / "warehouse"), world.desk()
    with suppress(MissingInputError):  # no document anywhere
        found = gc.leftovers(desk.landing, desk.warehouse, desk.settings, min_age_seconds, TODAY)
        for one in list(found):
            one.remove()

    assert before == published(world.root / "warehouse")


def _lose(world: World, contract: Contract, day: date, is_manifest: bool) -> None:
    """A file of a table is gone, or the manifest beside it."""
    warehouse = world.desk().warehouse
    manifest = f"_meta/manifests/{contract.name}/day={day}.json"
    warehouse.storage.delete(manifest if is_manifest else warehouse.path(contract, day))


def _wrong_landing(world: World, day: date, command: str) -> None:
    """A landing zone that is not the warehouse's own has another document for the day: whatever would read it changes nothing."""
    root, desk = world.root / "warehouse", world.desk(landing="elsewhere")
    if not (root / layout.LANDING).exists():  # nothing was made yet, so any would be its own
        return
    world.put(day, "a.jsonl", [2, 7], landing="elsewhere")
    before = everything(root)

    with pytest.raises(SettingsError, match="is made from"):
        landing_zone.resolve(desk.settings)
    with suppress(SettingsError):  # a repair may find nothing that it would have to run
        if command == "repair":
            list(repair.repair(desk, repair.days_between(desk, None, None), empty=True))
        else:
            pytest.fail(f"ran: {run_day(desk, day)}")
    assert before == everything(root)


def _move(world: World, n: int) -> None:
    """The landing zone is elsewhere, and who says so is killed on the way and says it again."""
    has_files = any(path.is_file() for path in (world.root / world.landing).rglob("*"))
    if world.is_lost or not has_files:  # what is not there has not moved
        return
    world.move()
    with _Killing() as kill:
        desk = world.desk(n, kill)
        landing_zone.claim(desk.warehouse.storage, desk.landing, moved=True)
    landing_zone.claim(world.desk().warehouse.storage, desk.landing, moved=True)


ACTIONS: dict[str, Callable[..., None]] = {
    "put": World.put,
    "grow": World.grow,
    "fail": World.fail,
    "mend": World.mend,
    "remove": World.remove,
    "run": _run,
    "killed run": _killed_run,
    "backfill": _backfill,
    "two at once": _two_at_once,
    "repair beside a run": _repair_beside_a_run,
    "put while running": _put_while_running,
    "late publisher": _late_publisher,
    "run by command": _run_by_command,
    "consent": _consent,
    "empty folder": World.empty,
    "lose landing": World.lose_landing,
    "find landing": World.find_landing,
    "repair": _repair,
    "killed repair": _killed_repair,
    "setting": _setting,
    "gc": _gc,
    "gc beside a run": lambda world, day, n: run_day(world.desk(n, lambda: _gc(world, 3600)), day),
    "lose": _lose,
    "wrong landing": _wrong_landing,
    "move": _move,
    "rules": lambda _world, stage, number: versions.RULES.update({stage: number}),
}


# --- what repair does and does not ---------------------------------------------------------------------------


@pytest.fixture
def world(fast: None, tmp_path: Path) -> World:
    """Five days that were run in order, each with texts that have nothing to do with the others'."""
    world = World(tmp_path)
    for day, delivered in zip(DAYS, [[0], [5], [8], [3], [6]], strict=True):
        world.put(day, "a.jsonl", delivered)
        run_day(world.desk(), day)
    return world


def _invoke(world: World, *arguments: str) -> Any:
    places = ["--landing", str(world.root / "landing"), "--warehouse", str(world.root / "warehouse")]
    return CliRunner().invoke(
        app, [*arguments, *places], env={"NEWSFOLD_WINDOW_DAYS": "2", "NEWSFOLD_MIN_WORDS": "4"}
    )


def test_nothing_is_run_when_all_is_fresh(world: World) -> None:
    assert [] == list(repair.repair(world.desk(), DAYS))
    assert [] == repair.plan(world.desk(), DAYS)


def test_a_touched_file_with_the_same_content_stops_the_repair_at_its_day(world: World) -> None:
    """The re-run gives the same rows, so no later day is stale."""
    world.put(DAYS[0], "a.jsonl", [0])
    before = published(world.root / "warehouse")

    assert [DAYS[0]] == [found.day for found, _ in repair.repair(world.desk(), DAYS)]
    assert before == published(world.root / "warehouse")


def test_only_days_that_read_the_changed_one_are_run(world: World) -> None:
    """A late file on the second day: the first is not touched, the others have it in their two windows."""
    world.put(DAYS[1], "late.jsonl", [9])

    assert DAYS[1:] == [found.day for found, _ in repair.repair(world.desk(), DAYS)]


def test_stories_that_began_before_are_written_where_they_changed_and_only_there(world: World) -> None:
    """A late copy of the first day's text: that day's stories have a new member, no others' file is touched."""
    storage = world.desk().warehouse.storage
    before = {e.path: e.version for e in storage.walk("stories")}
    world.put(DAYS[1], "late.jsonl", [1])

    list(repair.repair(world.desk(), DAYS))

    after = {e.path: e.version for e in storage.walk("stories")}
    assert [f"stories/day={DAYS[0]}/part-0.parquet"] == sorted(p for p in after if before[p] != after[p])


def test_a_late_reject_makes_only_those_days_stale_that_read_its_lines(world: World) -> None:
    """It changes no article, so that days which read no more than articles and memberships of its day stay fresh."""
    world.put(DAYS[1], "late.jsonl", [10])

    assert DAYS[4] not in [found.day for found, _ in repair.repair(world.desk(), DAYS)]


def test_the_plan_says_what_and_why(world: World) -> None:
    world.put(DAYS[2], "late.jsonl", [9])
    world.put(DAYS[4], "late.jsonl", [1])

    plan = repair.plan(world.desk(), DAYS)

    assert [(DAYS[2], "run"), (DAYS[3], "if changed"), (DAYS[4], "run")] == [(s.day, s.action) for s in plan]
    assert ((Why.RAW_DOCUMENTS.of(),), (Why.READS.of(DAYS[2]),)) == (plan[0].reasons, plan[1].reasons)


def test_a_repair_leaves_a_day_to_a_run_that_was_faster(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so, goes on with the other days, and nothing of the faster one's is lost."""
    world.put(DAYS[4], "late.jsonl", [9])
    publish = running.publish_day

    def slowly(desk: Desk, made: Day) -> RunReport:
        monkeypatch.setattr(running, "publish_day", publish)
        world.put(DAYS[4], "later.jsonl", [7])
        run_day(world.desk(), DAYS[4])
        return publish(desk, made)

    monkeypatch.setattr(running, "publish_day", slowly)

    assert [] == list(repair.repair(world.desk(), DAYS))

    assert f"day={DAYS[4]} was left to another run" in caplog.text
    assert {State.FRESH} == {s.state for s in status.status(world.desk())}
    assert 3 == world.desk().warehouse.read(ARTICLES, DAYS[4]).num_rows


def test_a_range_is_repaired_alone(world: World) -> None:
    for day in DAYS[1:4]:
        world.put(day, "late.jsonl", [9])

    done = [
        found.day
        for found, _ in repair.repair(world.desk(), repair.days_between(world.desk(), DAYS[2], DAYS[2]))
    ]

    assert [DAYS[2]] == done


def test_the_command_plans_and_repairs(world: World) -> None:
    """A dry run says 3 when there is something to do and changes nothing; afterwards it says 0."""
    world.put(DAYS[4], "late.jsonl", [9])
    before = published(world.root / "warehouse")

    dry = _invoke(world, "repair", "--dry-run", "--json")
    assert (3, [str(DAYS[4])]) == (dry.exit_code, [step["day"] for step in json.loads(dry.stdout)]), (
        dry.output
    )
    assert before == published(world.root / "warehouse")

    done = _invoke(world, "repair")
    assert 0 == done.exit_code, done.output
    assert f"{DAYS[4]}  stale" in done.output
    assert 0 == _invoke(world, "repair", "--dry-run").exit_code
