"""Rules between tables; each kind of breach on a whole warehouse is in test_breaches."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS
from pipeline.store import removals
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import relations
from pipeline.upkeep.breaches import breaches
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL

NEXT = DAY + timedelta(1)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A story on one day, a copy of it on the next."""
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    deliver(desk, DAY, POOL[0])
    deliver(desk, NEXT, POOL[1])
    for day in (DAY, NEXT):
        run_day(desk, day)
    return desk.warehouse


def test_the_articles_of_a_retired_day_are_known_by_their_places(warehouse: Warehouse) -> None:
    ids = relations.Keys(warehouse).of("articles", DAY)
    warehouse.storage.delete(warehouse.path(ARTICLES, DAY))

    assert len(ids)
    assert ids.equals(relations.Keys(warehouse).of("articles", DAY))


def test_a_day_that_nothing_is_known_of_has_no_keys(warehouse: Warehouse) -> None:
    keys = relations.Keys(warehouse)

    assert not len(keys.of("stories", DAY - timedelta(1)))
    assert not len(keys.members(DAY - timedelta(1)))
    assert not keys.may_lack(DAY)


def test_ids_that_lead_to_a_removed_day_are_no_breach(warehouse: Warehouse) -> None:
    """Those that lead to a day that somebody deleted are."""
    for contract in (ARTICLES, MEMBERSHIPS):
        shutil.rmtree(Path(warehouse.storage.uri) / contract.name / f"day={DAY}")
    lost = {(one.table, one.rule) for one in breaches(warehouse, [NEXT])}
    assert {(LINKS.name, "other_id: in articles"), (MEMBERSHIPS.name, "copy_id: in articles")} <= lost

    removals.change(warehouse.storage, lambda known: known | {Removal(Target.DAY, str(DAY))})
    assert [] == list(breaches(warehouse, [NEXT]))
