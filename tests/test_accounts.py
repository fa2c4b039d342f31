"""What came of a source on a day."""

from datetime import timedelta
from pathlib import Path

from pipeline.harvest.accounts import Accounts, day_of
from pipeline.harvest.clock import spelt
from pipeline.harvest.journal import Journal
from pipeline.harvest.pages import Page
from pipeline.harvest.state import State
from pipeline.store.local import LocalStorage
from tests.harvesting import NOW

DAY = NOW.date()


def open_state(folder: Path) -> State:
    return State(LocalStorage(str(folder)), Journal(folder / "journal"))


def test_a_day_adds_up_over_its_runs(tmp_path: Path) -> None:
    for hour in range(3):
        state = open_state(tmp_path)
        accounts, now = Accounts(state), NOW + timedelta(hours=hour)
        for outcome in ("fetched", "duplicate", "failed:503", "failed:timeout", "refused:robots"):
            accounts.note_outcome("A", outcome, now, n_bytes=10)
        accounts.note_page(
            Page("x", "A", published_at=spelt(now - timedelta(minutes=hour)), precision="minute"), now
        )
        accounts.count("A", now, n_no_page=1)
        state.save()

    row = Accounts(open_state(tmp_path)).row("A", DAY, ["ok", "failing", "moved"])
    assert (3, 3, 6, 3) == (row["n_fetched"], row["n_duplicate"], row["n_failed"], row["n_refused"])
    assert (150, 3, 60) == (row["n_bytes"], row["n_no_page"], row["median_lag_seconds"])
    assert {"outcome": "failed:503", "n": 3} in row["outcomes"]
    assert NOW + timedelta(hours=2) == row["last_new_at"] == row["last_success_at"]
    assert "failing" == row["health"], "the worst of its listings"


def test_each_day_counts_for_itself_and_old_ones_go(tmp_path: Path) -> None:
    accounts = Accounts(open_state(tmp_path))
    for days in range(6):
        accounts.note_outcome("A", "fetched", NOW + timedelta(days=days))
    assert {} == accounts.of("A", DAY)
    assert 1 == accounts.row("A", DAY + timedelta(days=5), [])["n_fetched"]


def test_a_date_without_a_time_has_no_lag(tmp_path: Path) -> None:
    accounts = Accounts(open_state(tmp_path))
    accounts.note_page(Page("x", "A", published_at=spelt(NOW - timedelta(hours=12)), precision="day"), NOW)
    row = accounts.row("A", DAY, [])
    assert row["median_lag_seconds"] is None
    assert "ok" == row["health"]
    assert DAY == day_of(NOW)
