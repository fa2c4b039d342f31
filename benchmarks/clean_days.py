"""Breaches of the contract that `verify --contract` reports although there are none: it checks days just as newsfold leaves them.

    python -m benchmarks.clean_days --days 1000 [--seed 1]

It makes small warehouses of ten days from the tests' texts, lets everything happen to them that newsfold itself does or that somebody does
to their files (late documents, repairs under other rules and outlets, killed and concurrent runs, removals, retirements, backups that
are restored, copies), repairs them, publishes one more day "so far", and asks. It prints how many days it asked about, what
happened to them, and each finding. The exit code is 1 if there is one.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.day.run import run_day
from pipeline.model import versions
from pipeline.model.errors import MissingInputError
from pipeline.upkeep import breaches, repair, retention
from tests import takedowns
from tests.actions import ACTIONS, OUTLETS, known_days
from tests.test_repair_sequences import scratch
from tests.world import FIRST, POOL, TODAY, World, be_quick

_N_DAYS = 10  # of a warehouse; one more is published so far
_N_EVENTS = 7
_DAYS = [FIRST + timedelta(n) for n in range(_N_DAYS)]
Event = Callable[[World, random.Random], object]


def _some(draw: random.Random, least: int, most: int) -> list[int]:
    return draw.sample(range(len(POOL)), draw.randint(least, most))


def _late(world: World, draw: random.Random) -> None:
    day = draw.choice(_DAYS)
    world.put(day, f"late-{draw.random()}.jsonl", _some(draw, 1, 3))
    run_day(world.desk(), day)


def _withdrawn(world: World, draw: random.Random) -> None:
    """A file is not delivered any more."""
    world.remove(draw.choice(_DAYS), "a.jsonl")


def _rules(_: World, draw: random.Random) -> None:
    versions.RULES[draw.choice(["copies", "revisions", "stories", "flows", "additions", "clean"])] += 1


def _removal(world: World, draw: random.Random) -> None:
    """Of an article and what is at its address; now and then of a whole day."""
    day = draw.choice(_DAYS)
    if draw.random() < 0.8:
        takedowns.take_down_an_article(world, day, draw.randrange(5))
    else:
        takedowns.take_down(world, takedowns.Removal(takedowns.Target.DAY, str(day)))


def _retirement(world: World, draw: random.Random) -> None:
    """Of days that are in order: one that is stale when its texts go keeps ids that lead nowhere, and that is a breach."""
    _repaired(world)
    desk = world.desk()
    first = retention.due(desk.warehouse, desk.settings, draw.randint(6, 9), _DAYS[-1] + timedelta(1))
    retention.retire(desk.warehouse, first, desk.settings.window_days)


EVENTS: dict[str, Event] = {
    "late document": _late,
    "withdrawn file": _withdrawn,
    "repair": lambda world, _: _repaired(world),
    "outlets' file": lambda world, draw: ACTIONS["outlets"](world, draw.randrange(len(OUTLETS))),
    "other rules": _rules,
    "removal": _removal,
    "removal taken back": lambda world, draw: takedowns.take_back(world, draw.randrange(5)),
    "retirement": _retirement,
    "killed run": lambda world, draw: ACTIONS["killed run"](world, draw.choice(_DAYS), draw.randint(1, 300)),
    "two runs at once": lambda world, draw: ACTIONS["two at once"](world, *draw.sample(_DAYS, 2), draw.randint(1, 300)),
    "backup": lambda world, _: ACTIONS["back up"](world),
    "restored copy": lambda world, _: ACTIONS["restore"](world),
    "copy": lambda world, _: ACTIONS["copy"](world),
}  # fmt: skip


def _repaired(world: World) -> None:
    """All that is due is run, with somebody's consent; what can't be made again stays as it is."""
    days = sorted(known_days(world.desk()))
    list(repair.repair(world.desk(), days, today=TODAY, held=True, empty=True))


def _happens(world: World, name: str, draw: random.Random) -> None:
    with suppress(MissingInputError):  # of a day that was removed or retired: it is refused
        EVENTS[name](world, draw)


def _ask(world: World, days: list[date] | None = None) -> tuple[int, list[breaches.Breach]]:
    read: list[int] = []
    found = list(breaches.breaches(world.desk().warehouse, days or (), lambda n, _: read.append(n)))
    return len(read), found


def warehouse(root: Path, draw: random.Random, happened: Counter[str]) -> tuple[int, list[breaches.Breach]]:
    """How many days of one warehouse were asked about, and what was found."""
    versions.RULES.update(dict.fromkeys(versions.RULES, 1))
    world = World(root)
    for day in _DAYS:
        if documents := _some(draw, 0, 6):
            world.put(day, "a.jsonl", documents)
            run_day(world.desk(), day)
    for _ in range(_N_EVENTS):
        name = draw.choice(list(EVENTS))
        _happens(world, name, draw)
        happened[name] += 1
    _repaired(world)
    n, found = _ask(world)
    unfinished = _DAYS[-1] + timedelta(1)
    world.put(unfinished, "a.jsonl", _some(draw, 1, 6))
    run_day(world.desk(), unfinished, so_far=True)
    happened["day so far"] += 1
    n_more, more = _ask(world, [unfinished])
    return n + n_more, [*found, *more, *_ask(world)[1]]


def main() -> None:
    """Make and ask about warehouses until so many days were asked about."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    happened, n_days, n_warehouses, n_found = Counter[str](), 0, 0, 0
    with pytest.MonkeyPatch.context() as patch, scratch("clean") as root:
        be_quick(patch)
        patch.setattr(versions, "RULES", dict(versions.RULES))
        while n_days < chosen.days:
            draw = random.Random(f"{chosen.seed} {n_warehouses}")  # noqa: S311 - to be repeated
            n, found = warehouse(root, draw, happened)
            n_days, n_warehouses, n_found = n_days + n, n_warehouses + 1, n_found + len(found)
            for one in dict.fromkeys(found):
                print(f"warehouse {n_warehouses}: {one}", flush=True)
            print(f"{n_days:,} days of {n_warehouses:,} warehouses, {n_found} findings", file=sys.stderr)
    for name, times in sorted(happened.items()):
        print(f"{name:<20} {times:>5}")
    print(f"{n_days:,} clean days of {n_warehouses:,} warehouses: {n_found} breaches invented")
    raise SystemExit(bool(n_found))


if __name__ == "__main__":
    main()
