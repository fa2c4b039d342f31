"""Whether a harvest is at work."""

from datetime import timedelta
from pathlib import Path

from pipeline.harvest.clock import Clock
from pipeline.harvest.running import is_at_work, noted
from pipeline.store.local import LocalStorage
from tests.harvesting import NOW

DAY = NOW.date()


def test_a_day_waits_for_a_harvest_that_began_on_it_and_no_later_one(tmp_path: Path) -> None:
    storage = LocalStorage(str(tmp_path))
    assert not is_at_work(storage, DAY, NOW)
    with noted(storage, Clock(NOW)):
        assert is_at_work(storage, DAY, NOW + timedelta(hours=1))
        assert not is_at_work(storage, DAY - timedelta(days=1), NOW)
    assert not is_at_work(storage, DAY, NOW)


def test_a_harvest_that_was_killed_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    storage = LocalStorage(str(tmp_path))
    with noted(storage, Clock(NOW)):
        assert not is_at_work(storage, DAY, NOW + timedelta(hours=4))
    (tmp_path / "_meta/harvest/at-work.json").write_text("none")
    assert not is_at_work(storage, DAY, NOW)
