"""What a person has removed from the model world, and taken back; and whether anything of it is left."""

from contextlib import suppress
from datetime import date

import pyarrow.parquet as pq
from hypothesis import strategies as st

from pipeline.clean import removed
from pipeline.day.desk import Desk
from pipeline.day.run import run_day
from pipeline.model.errors import MissingInputError
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.search import files
from pipeline.store import removals
from pipeline.text.urls import canonicalise
from pipeline.upkeep import removing, takedown
from tests.world import AFTER_A_GAP, DAYS, POOL, World

_days = st.sampled_from([*DAYS, AFTER_A_GAP])
_addresses = sorted({canonicalise(document["url"]) or "" for document in POOL if "url" in document})
_removals = st.one_of(
    st.builds(Removal, st.just(Target.ADDRESS), st.sampled_from(_addresses)),
    st.builds(
        Removal,
        st.just(Target.OUTLET),
        st.sampled_from(["Echo", "post.example", "courier", "herald.example"]),
    ),
    st.builds(Removal, st.just(Target.DAY), _days.map(str)),
)
changes = st.one_of(
    st.tuples(st.just("take down"), _removals),
    st.tuples(st.just("take down an article"), _days, st.integers(0, 5)),
    st.tuples(st.just("take down while running"), _days, st.integers(1, 300), _removals),
    st.tuples(st.just("take back"), st.integers(0, 5)),
)


def take_down(world: World, removal: Removal) -> None:
    """Somebody has something removed for good; it stays in the landing zone."""
    removals.change(world.desk().warehouse.storage, lambda listed: {*listed, removal})


def take_down_an_article(world: World, day: date, n: int) -> None:
    """One that is published, and the same text at the same address on other days."""
    warehouse = world.desk().warehouse
    with suppress(MissingInputError):
        ids = warehouse.read(ARTICLES, day, ["article_id"])["article_id"].to_pylist()
        if ids:
            take_down(world, *removing.removals_of(warehouse, [ids[n % len(ids)]]))


def take_down_while_running(world: World, day: date, n: int, removal: Removal) -> None:
    with suppress(MissingInputError):  # it is the day itself
        run_day(world.desk(n, lambda: take_down(world, removal)), day)


def take_back(world: World, n: int) -> None:
    listed = listed_in(world)
    if listed:
        gone = listed[n % len(listed)]
        removals.change(world.desk().warehouse.storage, lambda known: known - {gone})


ACTIONS = {
    "take down": take_down,
    "take down an article": take_down_an_article,
    "take down while running": take_down_while_running,
    "take back": take_back,
}


def listed_in(world: World) -> tuple[Removal, ...]:
    """What is removed now."""
    return removals.read(world.desk().warehouse.storage)


def repeat_in(world: World, desk: Desk) -> None:
    """Remove the same from another warehouse."""
    removals.change(desk.warehouse.storage, lambda _: listed_in(world))


def named_in(world: World, day: date) -> set[str]:
    """The published articles of a day that are to go."""
    warehouse = world.desk().warehouse
    return set(takedown.named_in(warehouse, listed_in(world), day)["article_id"].to_pylist())


def is_gone(world: World, day: date) -> bool:
    return removed.is_day_removed(listed_in(world), day)


def check_nothing_is_left(world: World, known: list[date]) -> None:
    """No published article, no state, and no extracted document is one that was removed."""
    listed = listed_in(world)
    assert not [day for day in known if named_in(world, day)]
    root = world.root / "warehouse"
    whole = {r.value for r in listed if r.target is Target.DAY}
    assert not [
        p for day in whole for p in root.rglob(f"day={day}*") if p.is_file() and "stories" not in p.parts
    ]
    for path in root.glob("_meta/state/extracted/day=*/*.parquet"):
        day = date.fromisoformat(path.parent.name.removeprefix("day="))
        assert not any(removed.named_documents(pq.read_table(path), listed, day)), path
    warehouse = world.desk().warehouse
    for day, entries in files.standing(warehouse.storage).items():
        made = files.made_from(warehouse.digest(ARTICLES, day), warehouse.digest(MEMBERSHIPS, day))
        assert {made} == {files.name_of(entry).made_from for entry in entries}, (
            "an index of what is not published"
        )
