"""What a scheduler calls: safe to run again, beside itself, and after what it staged is gone."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.app import tasks
from pipeline.day import desk
from pipeline.day.desk import open_desk
from pipeline.model.errors import HeldError, MissingInputError
from pipeline.model.tables import PUBLISHED, REJECTS
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.upkeep.reasons import Why
from tests.conftest import published
from tests.scheduled import DAY, NEXT, TODAY, deliver, make, places, state, text
from tests.world import Disk


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return places(tmp_path, monkeypatch)


def test_an_empty_day_has_no_batches_and_is_published(root: Path) -> None:
    assert [] == tasks.plan_batches(str(DAY), 4)
    assert 0 == make(DAY)["counts"]["n_raw"]
    assert len(PUBLISHED) == len(published(root / "warehouse"))


def test_a_run_names_folders_that_are_meant_for_a_day(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Who delivers there looks into the log of the day."""
    (root / "landing" / "day=20260305").mkdir(parents=True)

    tasks.begin(str(DAY))

    assert "day=20260305: a day's folder is named day=YYYY-MM-DD" in caplog.text


def test_there_are_no_more_batches_than_files_and_than_the_bytes_are_worth(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        deliver(root, DAY, text(n), name=f"feed{n}")

    assert 1 == len(tasks.plan_batches(str(DAY), 4))
    monkeypatch.setattr(tasks, "_BATCH_BYTES", 100)
    assert [{"batch": n, "of": 3} for n in range(3)] == tasks.plan_batches(str(DAY), 4)
    assert 2 == len(tasks.plan_batches(str(DAY), 2))


def test_a_file_that_the_machine_does_not_give_is_tried_by_each_task_and_once_by_each_repair(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is given meanwhile is published with the row marked; repairs say why they run the day, and one that reads the file ends it."""
    path = f"day={DAY}/feed0.jsonl"
    faults = {path: (100, 0)}
    monkeypatch.setattr(
        desk,
        "open_storage",
        lambda uri, *_: Disk(uri, faults) if uri.endswith("landing") else LocalStorage(uri),
    )
    for n in range(2):
        deliver(root, DAY, text(n), name=f"feed{n}")

    assert {"n_raw": 2, "n_rejects": 1} == {
        name: n for name, n in make(DAY)["counts"].items() if name in {"n_raw", "n_rejects"}
    }
    assert 100 - 2 * 3 == faults[path][0]  # three readings by `clean_batch`, three by `cluster`

    for n_left in (91, 88):
        assert [("run", [str(Why.FAULTY.of())])] == [
            (s["action"], s["reasons"]) for s in tasks.plan_repair(TODAY)
        ]
        assert [[]] == [done["changed"] for done in tasks.repair([str(DAY)], TODAY)]
        assert n_left == faults[path][0]

    faults.clear()
    (done,) = tasks.repair([str(DAY)], TODAY)
    assert {"articles", "rejects", "runs"} <= set(done["changed"])
    assert [] == tasks.plan_repair(TODAY)
    assert 0 == open_desk(load()).warehouse.read(REJECTS, DAY).num_rows


def test_batches_cover_every_file_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_BATCH_BYTES", 100)
    for n in range(5):
        deliver(root, DAY, text(n), name=f"feed{n}")

    made = [tasks.clean_batch(str(DAY), **share) for share in tasks.plan_batches(str(DAY), 3)]

    assert (5, 5) == (sum(m["files"] for m in made), sum(m["raw"] for m in made))


def test_a_second_run_changes_nothing_and_gives_the_same_digest(root: Path) -> None:
    deliver(root, DAY, text(1), text(2))
    first, before = make(DAY), published(root / "warehouse")

    second = make(DAY)

    assert [] == second["changed"]
    assert {**first, "changed": []} == second
    assert before == published(root / "warehouse")


def test_a_day_that_another_run_published_meanwhile_is_taken_as_it_is(root: Path) -> None:
    deliver(root, DAY, text(1))
    staged = [tasks.cluster(str(DAY))["key"] for _ in range(2)]
    first = tasks.publish(str(DAY), staged[0])

    second = tasks.publish(str(DAY), staged[1])

    assert [] == second["changed"]
    assert first["digest"] == second["digest"]


def test_a_staged_day_that_is_gone_is_made_again(root: Path) -> None:
    """A gate may hold a day back for longer than staged files are kept."""
    deliver(root, DAY, text(1))

    done = tasks.publish(str(DAY), f"{DAY}-0123456789abcdef")

    assert 1 == done["counts"]["n_articles"]
    assert "articles" in done["changed"]


def test_a_staged_day_that_another_run_overtook_is_made_again(root: Path) -> None:
    """Late documents came, and a run that saw them has published: what was staged before must not replace it."""
    deliver(root, DAY, text(1))
    late = tasks.cluster(str(DAY))["key"]
    deliver(root, DAY, text(1), text(2))
    make(DAY)

    done = tasks.publish(str(DAY), late)

    assert 2 == done["counts"]["n_articles"]


def test_nothing_stays_staged(root: Path) -> None:
    deliver(root, DAY, text(1))
    make(DAY)

    assert [] == [path for path in (root / "warehouse" / "_meta" / "staging").rglob("*") if path.is_file()]


def test_a_later_day_that_adds_to_a_story_leaves_the_digest_of_the_day(root: Path) -> None:
    """What was announced of a day stays true when its stories grow."""
    deliver(root, DAY, text(1))
    first = make(DAY)
    deliver(root, NEXT, text(1) + " A boat came back.")
    second = make(NEXT)

    assert f"stories/{DAY}" in second["changed"]
    assert first["digest"] == make(DAY)["digest"]


def test_a_day_that_read_other_input_and_gave_the_same_rows_keeps_its_digest(root: Path) -> None:
    """A late page of the day before changes `runs.inputs` alone: what readers see of this day stays."""
    deliver(root, DAY, text(1))
    deliver(root, NEXT, text(2))
    make(DAY)
    first = make(NEXT)
    deliver(root, DAY, text(1), text(3))
    make(DAY)

    second = make(NEXT)

    assert ["runs"] == second["changed"]
    assert first["digest"] == second["digest"]


def test_a_day_made_by_other_settings_has_another_digest_even_with_the_same_rows(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`runs` says by which settings, and readers see that."""
    deliver(root, DAY, text(1))
    first = make(DAY)
    monkeypatch.setenv("NEWSFOLD_STORY_THRESHOLD", "0.25")

    second = make(DAY)

    assert {k: t["digest"] for k, t in first["tables"].items() if k != "runs"} == {
        k: t["digest"] for k, t in second["tables"].items() if k != "runs"
    }
    assert first["digest"] != second["digest"]


def test_a_repair_leaves_days_alone_that_other_runs_are_making(root: Path) -> None:
    deliver(root, DAY, text(1))
    deliver(root, NEXT, text(2))

    done = tasks.repair([str(DAY), str(NEXT)], TODAY, False, [str(DAY)])

    assert [str(NEXT)] == [day["day"] for day in done]
    assert "missing" == state(DAY)[0]
    assert [str(DAY), str(NEXT)] == [day["day"] for day in tasks.repair([], TODAY)]


def test_the_earlier_days_that_are_missing_or_stale_are_named(root: Path) -> None:
    for n, day in enumerate(
        [DAY - timedelta(days=40), DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]
    ):
        deliver(root, day, text(n))
    make(DAY - timedelta(days=1))

    assert [
        {"day": "2026-03-03", "state": "missing"},
    ] == tasks.begin(str(DAY))


def test_a_day_like_the_weeks_before_is_not_unusual_and_one_with_nothing_is(root: Path) -> None:
    for n in range(7):
        deliver(root, DAY - timedelta(days=n + 1), text(n), text(n + 100))
        make(DAY - timedelta(days=n + 1))
    deliver(root, DAY, text(50), text(60))

    assert [] == tasks.judge(str(DAY), tasks.cluster(str(DAY))["counts"])
    (finding,) = tasks.judge(str(DAY), dict.fromkeys(tasks.cluster(str(DAY))["counts"], 0))
    assert finding.startswith("raw documents: 0, expected 1 to 4")


def test_the_counts_of_a_staged_day_are_those_of_its_run(root: Path) -> None:
    deliver(root, DAY, text(1), text(1) + " More.", text(2), "Too short.")
    counts = tasks.cluster(str(DAY))["counts"]

    assert counts == {name: value for name, value in make(DAY)["counts"].items() if name in counts}
    assert (4, 1, 1) == (
        counts["n_raw"],
        counts["n_rejects"],
        sum(counts[f"n_{k}"] for k in ("exact", "near", "expanded")),
    )


def test_a_repair_runs_what_is_missing_and_returns_what_it_published(root: Path) -> None:
    deliver(root, DAY, text(1))
    deliver(root, NEXT, text(1))
    make(NEXT)
    plan = tasks.plan_repair(TODAY)

    done = tasks.repair([step["day"] for step in plan], TODAY)

    assert [(str(DAY), "missing", "run"), (str(NEXT), "fresh", "if changed")] == [
        (step["day"], step["state"], step["action"]) for step in plan
    ]
    assert [str(DAY), str(NEXT)] == [day["day"] for day in done]
    assert [] == tasks.plan_repair(TODAY)


def test_what_a_task_returns_goes_through_json(root: Path) -> None:
    deliver(root, DAY, text(1))
    make(DAY)
    deliver(root, NEXT, text(1))

    for value in (
        tasks.plan_repair(TODAY),
        tasks.repair([str(NEXT)], TODAY),
        tasks.survey(TODAY),
        tasks.clean_up(24, TODAY),
    ):
        assert value == json.loads(json.dumps(value))


def test_a_survey_counts_days_rows_and_states(root: Path) -> None:
    deliver(root, DAY, text(1), text(2))
    make(DAY)
    deliver(root, NEXT, text(3))

    found = tasks.survey(TODAY)

    assert {"fresh": 1, "missing": 1, "held": 0} == found["days"]
    assert (1, 2) == (found["tables"]["articles"]["days"], found["tables"]["articles"]["rows"])
    assert found["tables"]["articles"]["bytes"] > 1000


def test_an_empty_day_whose_run_began_and_failed_is_known(root: Path) -> None:
    deliver(root, DAY, text(1))
    make(DAY)

    tasks.begin(str(NEXT))

    assert ("missing", "a run of it began and published nothing") == state(NEXT)
    make(NEXT)
    assert ("fresh", "") == state(NEXT)


def test_days_that_are_not_over_are_named_and_left_alone(root: Path) -> None:
    """The day of today is delivered by and by, and one of 2062 by a slip."""
    for day in (DAY, date.fromisoformat(TODAY), date(2062, 3, 5)):
        deliver(root, day, text(1))
    plan = tasks.plan_repair(TODAY)

    assert [(str(DAY), "run"), (TODAY, "keep"), ("2062-03-05", "keep")] == [
        (s["day"], s["action"]) for s in plan
    ]
    assert ["is not over yet"] == plan[1]["reasons"]
    assert [str(DAY)] == [done["day"] for done in tasks.repair([str(DAY)], TODAY)]
    assert {"fresh": 1, "held": 0} == tasks.survey(TODAY)["days"]


@pytest.mark.parametrize(
    "step",
    [
        lambda: tasks.begin(str(DAY)),
        lambda: tasks.cluster(str(DAY)),
        lambda: tasks.plan_repair(TODAY),
        lambda: tasks.repair([], TODAY),
    ],
)
def test_a_landing_zone_that_is_not_there_ends_every_step(root: Path, step: Callable[[], object]) -> None:
    """It is no day without news."""
    (root / "landing").rmdir()

    with pytest.raises(MissingInputError, match="no such folder"):
        step()
    assert {} == published(root / "warehouse")
    assert not (root / "warehouse" / "_meta" / "begun").exists()


def test_a_day_that_a_person_asks_for_must_be_delivered(root: Path) -> None:
    """The schedule's need not be."""
    with pytest.raises(MissingInputError, match=f"nothing was delivered for {DAY}"):
        tasks.begin(str(DAY), True)
    assert [] == tasks.plan_repair(TODAY)
    assert [] == tasks.begin(str(DAY), False)


def test_texts_of_most_days_are_not_retired_without_consent(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_WINDOW_DAYS", "1")
    monkeypatch.setenv("NEWSFOLD_KEEP_DAYS", "3")
    for n in range(4):
        deliver(root, DAY + timedelta(days=n), text(n))
        make(DAY + timedelta(days=n))
    before = published(root / "warehouse")

    with pytest.raises(
        HeldError, match=r"the texts of 1 of 4 days would be removed.* newsfold retire --most --keep-days 3"
    ):
        tasks.retire(TODAY)
    assert before == published(root / "warehouse")
    for n in (4, 5):
        deliver(root, DAY + timedelta(days=n), text(n))
        make(DAY + timedelta(days=n))
    monkeypatch.setenv("NEWSFOLD_KEEP_DAYS", "5")
    assert 0 < tasks.retire(TODAY)["files"]


def test_search_indexes_are_built_once_for_each_day(root: Path) -> None:
    for n in range(2):
        deliver(root, DAY + timedelta(days=n), text(n))
        make(DAY + timedelta(days=n))

    assert {"built": 2} == tasks.build_search_indexes()
    assert {"fits": 2} == tasks.build_search_indexes()
