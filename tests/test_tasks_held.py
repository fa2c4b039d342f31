"""What a scheduler's tasks do with a day that is held back until somebody decides."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.app import tasks
from pipeline.model.errors import HeldError
from tests.conftest import published
from tests.scheduled import DAY, NEXT, TODAY, deliver, hold, make, places, state, text


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return places(tmp_path, monkeypatch)


def test_a_day_that_is_held_back_says_so_and_no_repair_publishes_it(root: Path) -> None:
    deliver(root, DAY, text(1))
    hold(DAY, "raw documents: 1, expected 5 to 20")
    (step,) = tasks.plan_repair(TODAY)

    assert ("missing", "held back: raw documents: 1, expected 5 to 20") == state(DAY)
    assert "keep" == step["action"]
    assert [] == tasks.repair([], TODAY)
    assert {"missing": 1, "held": 1} == tasks.survey(TODAY)["days"]


def test_a_held_day_is_no_fresh_day_to_the_days_after_it(root: Path) -> None:
    deliver(root, DAY, text(1))
    hold(DAY, "copies: 99%")

    assert [{"day": str(DAY), "state": "missing"}] == tasks.begin(str(NEXT))


def test_a_held_day_that_is_published_after_all_is_held_no_longer(root: Path) -> None:
    """By whoever decides: the run whose gate was passed, or the command line."""
    deliver(root, DAY, text(1))
    hold(DAY, "copies: 99%")
    make(DAY)

    assert ("fresh", "") == state(DAY)
    assert {"fresh": 1, "held": 0} == tasks.survey(TODAY)["days"]


def test_late_documents_of_a_held_day_wait_with_it_and_what_was_published_stands(root: Path) -> None:
    deliver(root, DAY, text(1))
    make(DAY)
    before = published(root / "warehouse")
    deliver(root, DAY, text(1), text(2))
    hold(DAY, "copies: 99%")

    assert [] == tasks.repair([], TODAY)
    assert before == published(root / "warehouse")
    assert ("stale", "held back: copies: 99%") == state(DAY)


def test_a_repair_that_is_to_stop_holds_back_an_unusual_day_that_nobody_has_judged(root: Path) -> None:
    """A night in which news_stories did not come to the gate does not go round it."""
    for n in range(7):
        deliver(root, DAY - timedelta(days=n + 1), text(n), text(n + 100))
        make(DAY - timedelta(days=n + 1))
    deliver(root, DAY, *map(text, range(200, 210)))

    assert [] == [done for done in tasks.repair([], TODAY, stop_unusual=True) if done["day"] == str(DAY)]
    assert (
        "missing",
        "held back: raw documents: 10, expected 1 to 4 from 7 earlier days",
    ) == state(DAY)
    deliver(root, NEXT, text(300), text(301))
    assert [str(NEXT)] == [done["day"] for done in tasks.repair([], TODAY, stop_unusual=True)]


def test_a_run_that_would_lose_most_of_a_day_is_held_back_until_somebody_passes_the_gate(root: Path) -> None:
    """The landing zone was mounted by half. Publishing without the gate's word is refused, with it just this day goes on."""
    deliver(root, DAY, *map(text, range(30)))
    make(DAY)
    before = published(root / "warehouse")
    deliver(root, DAY, text(0))
    staged = tasks.cluster(str(DAY))

    assert ["29 of 30 published articles would be lost; the day would then have 1 article"] == staged["lost"]
    with pytest.raises(HeldError, match=f"newsfold repair --held --day {DAY}"):
        tasks.publish(str(DAY), staged["key"])
    assert before == published(root / "warehouse")
    assert f"newsfold repair --held --day {DAY}" in tasks.hold(str(DAY), staged["key"], [], staged["lost"])
    assert [] == tasks.repair([], TODAY)
    assert before == published(root / "warehouse")
    assert 1 == tasks.publish(str(DAY), staged["key"], allowed=True)["counts"]["n_articles"]
    assert ("fresh", "") == state(DAY)


def test_passing_the_gate_is_consent_to_what_it_held_back_and_to_nothing_else(root: Path) -> None:
    """What was staged has gone, and the day that is made in its place loses other articles."""
    deliver(root, DAY, *map(text, range(30)))
    make(DAY)
    deliver(root, DAY, text(0))
    staged = tasks.cluster(str(DAY))
    tasks.hold(str(DAY), staged["key"], [], staged["lost"])
    deliver(root, DAY, text(77))

    with pytest.raises(HeldError, match="30 of 30 published articles would be lost"):
        tasks.publish(str(DAY), f"{DAY}-0123456789abcdef", allowed=True)


def test_a_gate_that_found_nothing_consents_to_no_loss(root: Path) -> None:
    """Marked as success before it ran: there is nothing that somebody could have consented to."""
    deliver(root, DAY, *map(text, range(30)))
    make(DAY)
    deliver(root, DAY, text(0))

    with pytest.raises(HeldError):
        tasks.publish(str(DAY), tasks.cluster(str(DAY))["key"], allowed=True)
