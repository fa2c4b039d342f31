"""What can happen to a warehouse: runs, kills, late files, faults, changed settings; by name, for sequences of them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial

import pyarrow as pa
import pytest
from hypothesis import strategies as st

from pipeline.day import inputs, landing_zone
from pipeline.day import publish as publishing
from pipeline.day.desk import Desk
from pipeline.day.run import cluster_day, run_day
from pipeline.model import versions
from pipeline.model.contract import Contract
from pipeline.model.errors import HeldError, MissingInputError, PublishError, SettingsError
from pipeline.model.tables import ARTICLES, REJECTS, RUNS, STORIES
from pipeline.search.build import build
from pipeline.store import layout
from pipeline.store.manifest import Manifest
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import gate, gc, repair, status
from tests import broken, damaged, takedowns
from tests.conftest import everything, published
from tests.world import AFTER_A_GAP, DAYS, NOT_OVER, POOL, TODAY, Killed, Stage, World

FOR_EVER = 10**9
CHOICES: dict[str, list[float]] = {
    "story_threshold": [0.2, 0.9],
    "copy_threshold": [0.3, 0.9],
    "min_words": [4, 40],
    "window_days": [1, 3],
}
OUTLETS = [
    "",
    "domain,outlet,owner\npost.example,Echo,north\nherald.example,herald,north\n",
    "domain,outlet,is_agency,kind\nherald.example,Herald Wire,true,\npost.example,,,repost\n",
]
days = st.sampled_from([*DAYS, AFTER_A_GAP])
names = st.sampled_from(["a.jsonl", "b.jsonl"])
documents = st.integers(0, len(POOL) - 1)
captures = st.sampled_from([0, 14, 15, 16, 17, 1])  # of one page of the pool, and a copy of it elsewhere
steps = st.integers(1, 300)  # a run of a small day does 100 to 250 operations
delivered = st.lists(documents, max_size=3)
withdrawals = st.tuples(
    st.just("withdraw"),
    st.integers(0, len(DAYS) - 3),
    st.tuples(captures, captures, captures),
    st.integers(0, 1),
)
index_damage = st.tuples(
    st.just("damage"), st.just(damaged.INDEX), days, st.sampled_from(sorted(damaged.DAMAGES))
)
actions = st.one_of(
    st.tuples(st.just("put"), days, names, st.lists(documents, min_size=1, max_size=4)),
    st.tuples(st.just("put"), days, names, st.lists(documents, min_size=1, max_size=4)),
    st.tuples(st.just("grow"), days, names, documents),
    st.tuples(st.just("remove"), days, names),
    st.tuples(st.just("run"), days),
    st.tuples(st.just("run"), days),
    withdrawals,
    st.tuples(st.just("killed run"), days, steps),
    st.tuples(st.just("backfill"), st.booleans()),
    st.tuples(st.just("two at once"), days, days, steps),
    st.tuples(st.just("repair beside a run"), days, steps),
    st.tuples(
        st.just("put while running"), days, steps, days, names, st.lists(documents, min_size=1, max_size=3)
    ),
    st.tuples(st.just("late publisher"), days, days),
    st.tuples(st.just("run by command"), days),
    st.tuples(st.just("index")),
    st.tuples(st.just("repair")),
    st.tuples(st.just("repair")),
    takedowns.changes,
    takedowns.changes,
    broken.changes,
    st.tuples(st.just("consent"), days),
    st.tuples(
        st.just("empty folder"), days, st.sampled_from(["", "_SUCCESS", ".a.jsonl", "folder/", "a.jsonl"])
    ),
    st.tuples(st.just("lose landing"), st.booleans()),
    st.tuples(st.just("find landing")),
    st.tuples(st.just("put"), st.sampled_from(NOT_OVER), names, st.lists(documents, min_size=1, max_size=2)),
    st.tuples(st.just("killed repair"), steps),
    st.tuples(st.just("setting"), st.sampled_from(sorted(CHOICES)), st.sampled_from([0, 1])),
    st.tuples(st.just("outlets"), st.integers(0, len(OUTLETS) - 1)),
    st.tuples(
        st.just("rules"),
        st.sampled_from(["copies", "revisions", "stories", "flows", "additions", "clean"]),
        st.sampled_from([1, 2]),
    ),
    st.tuples(st.just("gc")),
    st.tuples(st.just("gc beside a run"), days, steps),
    st.tuples(
        st.just("fail"), days, names, st.sampled_from([1, 2, 3, 4, 7, FOR_EVER]), st.sampled_from([0, 1, 400])
    ),
    st.tuples(st.just("mend")),
    st.tuples(st.just("wrong landing"), days, st.sampled_from(["run", "repair"])),
    st.tuples(st.just("move"), st.integers(1, 12)),  # to note it takes about eight operations
    st.tuples(st.just("damage"), damaged.files, days, st.sampled_from(sorted(damaged.DAMAGES))),
    st.tuples(st.just("damage"), damaged.files, days, st.sampled_from(sorted(damaged.DAMAGES))),
    st.tuples(st.just("rot"), damaged.files, days, st.floats(0, 1, exclude_max=True), st.integers(0, 7)),
    st.tuples(st.just("verify")),
    st.tuples(st.just("copy")),
    st.tuples(st.just("back up")),
    st.tuples(st.just("restore")),
    st.tuples(st.just("lose"), st.sampled_from((*inputs.OWN, STORIES)), days, st.booleans()),
)


def known_days(desk: Desk) -> list[date]:
    """The days that there are and that are over."""
    return [day for day in repair.days_between(desk, None, None) if day < TODAY]


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
    for day in sorted(known_days(world.desk()), reverse=not forwards):
        run_day(world.desk(), day)


def repair_all(world: World) -> None:
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
    kept = [day for day in [*DAYS, AFTER_A_GAP] if day != but and not takedowns.is_gone(world, day)]
    before = {day: _standing(desk, day) for day in kept}
    gone = {day: takedowns.named_in(world, day) for day in kept}
    yield
    recipe = inputs.recipe(desk.settings)
    for day, (run, were, n_raw) in before.items():
        ids = were - gone[day]
        _, after, n_after = _standing(desk, day)
        # Of a day whose last article is removed nothing stands for an instant: articles are replaced before rejects.
        assert n_after or not n_raw or (were and not ids), f"{day}: emptied"
        if run is None or all(run.inputs.get(name) == value for name, value in recipe.items()):
            assert len(ids - after) < 2 or len(ids - after) <= len(ids) / 2, f"{day}: lost {ids - after}"
        elif run.notes["counts"]["n_raw"] == n_raw:
            assert n_raw - n_after < 2 or n_after >= n_raw / 2, (
                f"{day}: lost {n_raw - n_after} of {n_raw} documents"
            )


def _standing(desk: Desk, day: date) -> tuple[Manifest | None, set[str], int]:
    """The manifest of the day's run, its articles, and how many rows they and the rejects are."""
    warehouse = desk.warehouse
    found = {c: _rows(warehouse, c, day) for c in (ARTICLES, REJECTS)}
    n_rows = sum(table.num_rows for table in found.values())
    return warehouse.manifest(RUNS, day), set(found[ARTICLES]["article_id"].to_pylist()), n_rows


def _rows(warehouse: Warehouse, contract: Contract, day: date) -> pa.Table:
    try:
        return warehouse.read(contract, day)
    except MissingInputError:  # or damaged: what it had is lost already
        return contract.empty()


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
            with suppress(MissingInputError):  # the day may be one that was removed
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


def _withdraw(world: World, first: int, delivered: tuple[int, ...], gone: int) -> None:
    """A page is fetched on three days, and one of its documents taken back before the third day runs: the second may still name it."""
    name, three = "d.jsonl", DAYS[first : first + 3]
    if world.is_lost:
        return
    for day, document in zip(three, delivered, strict=True):
        world.put(day, name, [document])
    for day in three[:2]:
        _run(world, day)
    world.remove(three[gone], name)
    _run(world, three[gone])
    _run(world, three[2])


def _setting(world: World, name: str, choice: int) -> None:
    world.settings[name] = CHOICES[name][choice]


def _outlets(world: World, choice: int) -> None:
    """The outlets' file is edited, or there is none any more."""
    world.settings.pop("outlets", None)
    if OUTLETS[choice]:
        (path := world.root / "outlets.csv").write_text(OUTLETS[choice])
        world.settings["outlets"] = str(path)


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


ACTIONS: dict[str, Callable[..., object]] = {
    "put": World.put,
    "grow": World.grow,
    "fail": World.fail,
    "mend": World.mend,
    "index": lambda world: list(build(world.desk().warehouse)),
    "remove": World.remove,
    "run": _run,
    "withdraw": _withdraw,
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
    "repair": repair_all,
    "killed repair": _killed_repair,
    "setting": _setting,
    "outlets": _outlets,
    "gc": _gc,
    "gc beside a run": lambda world, day, n: run_day(world.desk(n, lambda: _gc(world, 3600)), day),
    "lose": _lose,
    "damage": damaged.damage,
    "rot": damaged.rot,
    "verify": damaged.read_again,
    "copy": damaged.copy,
    "back up": damaged.back_up,
    "restore": damaged.restore,
    "wrong landing": _wrong_landing,
    **takedowns.ACTIONS,
    **broken.ACTIONS,
    "move": _move,
    "rules": lambda _world, stage, number: versions.RULES.update({stage: number}),
}
