"""Airflow as its users run it: `make airflow` on a PostgreSQL of its own, driven through its REST API, against the command line.

One Airflow serves all the tests of this module; each test has days of its own, farther apart than a window reaches. The
module takes minutes: `make soak-airflow` runs it.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.tables import PUBLISHED
from tests.command import records
from tests.conftest import published
from tests.live_airflow import Airflow, airflow, postgres_programs, wait

ROOT = Path(__file__).parents[1]
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
LONG = 300

pytestmark = [
    pytest.mark.soak,  # PostgreSQL and a whole Airflow are started: minutes
    pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL's server is not installed"),
    pytest.mark.xdist_group("airflow"),
]


class World:
    """A landing zone, the warehouse that Airflow fills, and what the command line makes of the same days."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.landing, self.warehouse = folder, folder / "landing", folder / "warehouse"
        self.orders = folder / "kill"
        self.orders.mkdir()

    def deliver(self, day: date, *bodies: str, name: str = "feed") -> None:
        there = self.landing / f"day={day}"
        there.mkdir(parents=True, exist_ok=True)
        rows = [
            {"url": f"https://{name}.example/{day}/{n}", "title": b[:40], "text": b}
            for n, b in enumerate(bodies)
        ]
        (there / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))

    def deliver_week(self, days: list[date]) -> None:
        """Reports that go on from day to day, so that each day depends on the ones before: new texts, and yesterday's again."""
        for n, day in enumerate(days):
            self.deliver(day, text(n), text(n - 1) + " More was said later in the day.", text(100 + n))

    def by_command(self, days: list[date]) -> dict[str, bytes]:
        """What `newsfold run --from --to --empty` publishes: the schedule publishes empty days, too."""
        target = self.folder / f"cli-{days[0]}"
        command = [
            sys.executable,
            "-m",
            "pipeline",
            "run",
            "-q",
            "--landing",
            self.landing,
            "--warehouse",
            target,
        ]
        subprocess.run(
            [*command, "--from", str(days[0]), "--to", str(days[-1]), "--empty"],
            check=True,
            cwd=ROOT,
            capture_output=True,
        )
        return published(target)

    def by_airflow(self, days: list[date]) -> dict[str, bytes]:
        names = {f"day={day}" for day in days}
        return {path: data for path, data in published(self.warehouse).items() if path.split("/")[1] in names}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def service(world: World) -> Iterator[Airflow]:
    """Airflow, its DAGs unpaused but for the nightly repair."""
    world.deliver_week(span(YESTERDAY, 3))
    lineage = {"type": "file", "log_file_path": str(world.folder / "lineage.json"), "append": True}
    environment = {
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(lineage),
        "NEWSFOLD_TEST_KILL": str(world.orders),
        "PYTHONPATH": f"{ROOT}/tests/killer:{ROOT}",
    }
    with airflow(world.folder, world.landing, world.warehouse, **environment) as running:
        running.unpause("news_stories", "story_report")
        yield running


def span(last: date, n_days: int) -> list[date]:
    return [last - timedelta(days=n) for n in range(n_days)][::-1]


def text(n: int) -> str:
    """A report of its own: words that no other has, and some that its neighbours have too."""
    own = " ".join(f"person{n}x{i} visited place{n}x{i} and signed paper{n}x{i}." for i in range(12))
    return (
        f"The harbour council of Northport met again about dike {n // 3}. {own} The mayor thanked everybody."
    )


def tries(service: Airflow, run: str) -> dict[str, int]:
    return {task["task_id"]: task["try_number"] for task in service.tasks("news_stories", run)}


def announced(service: Airflow, days: list[date]) -> Counter[str]:
    """How often each day was announced."""
    wanted = {str(day) for day in days}
    return Counter(e["partition_key"] for e in service.events() if e["partition_key"] in wanted)


def test_scheduled_and_backfilled_days_are_what_the_command_line_makes(
    service: Airflow, world: World
) -> None:
    """Yesterday comes first, by the schedule; a backfill then makes the days before it, and yesterday again."""
    days = span(YESTERDAY, 3)
    (scheduled,) = wait(lambda: service.runs("news_stories"), 60, "a scheduled run")
    run = scheduled["dag_run_id"]
    assert "success" == service.settled("news_stories", run, LONG)
    note = service.call("GET", f"/dags/news_stories/dagRuns/{run}")["note"]
    assert f"day {YESTERDAY}: 3 raw, 0 rejects, 3 articles" in note

    service.backfilled(service.backfill(str(days[0]), str(days[-1])), LONG)

    assert world.by_command(days) == world.by_airflow(days)
    assert {"backfill": 3} == Counter(run["run_type"] for run in service.quiet("news_stories", 60))


def test_each_published_day_is_announced_with_its_counts_and_its_consumer_runs_once(
    service: Airflow, world: World
) -> None:
    days = span(YESTERDAY, 3)
    first = [e for e in service.events() if e["partition_key"] == str(days[0])]
    reports = service.quiet("story_report", 120)

    assert 1 == len(first)
    assert (3, len(PUBLISHED)) == (
        first[0]["extra"]["counts"]["n_articles"],
        len(first[0]["extra"]["tables"]),
    )
    # Yesterday was published twice: before the days that it depends on were there, and after.
    assert announced(service, days) == Counter(run["partition_key"] for run in reports)
    assert {str(days[0]): 1, str(days[1]): 1, str(days[2]): 2} == announced(service, days)
    assert f"# {days[0]}" in (world.warehouse / "_meta" / "reports" / f"{days[0]}.md").read_text()


def test_publication_names_what_it_reads_and_writes_to_openlineage(service: Airflow, world: World) -> None:
    """One input, the landing zone, and a dataset for each published table, without the day in its name."""
    log = world.folder / "lineage.json"

    def published_days() -> list[dict[str, Any]]:
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [
            e for e in events if e["job"]["name"] == "news_stories.publish" and e["eventType"] == "COMPLETE"
        ]

    done = wait(published_days, LONG, "a publication")

    assert {str(world.landing)} == {"/" + found["name"] for e in done for found in e["inputs"]}
    assert {str(world.warehouse / table.name) for table in PUBLISHED} == {
        "/" + found["name"] for e in done for found in e["outputs"]
    }


def test_a_killed_publication_is_tried_again_and_nothing_is_torn(service: Airflow, world: World) -> None:
    """The task dies with some tables in place and others not."""
    days = span(YESTERDAY - timedelta(days=100), 1)
    world.deliver_week(days)
    (world.orders / "publish").write_text(f"warehouse/memberships/day={days[0]}/")

    run = service.trigger("news_stories", day=str(days[0]))

    assert "success" == service.settled("news_stories", run, LONG)
    assert [] == list(world.orders.iterdir())
    assert 2 == tries(service, run)["publish"]
    assert world.by_command(days) == world.by_airflow(days)
    assert {str(days[0]): 1} == announced(service, days)


def test_overlapping_runs_of_a_day_give_one_result_and_one_announcement(
    service: Airflow, world: World
) -> None:
    """Two runs by hand and a backfill of one day, all at once."""
    days = span(YESTERDAY - timedelta(days=200), 1)
    world.deliver_week(days)

    runs = [service.trigger("news_stories", day=str(days[0])) for _ in range(2)]
    service.backfilled(service.backfill(str(days[0]), str(days[0])), LONG)

    assert ["success", "success"] == [service.settled("news_stories", run, LONG) for run in runs]
    assert {"success", "failed"} >= {r["state"] for r in service.quiet("news_stories", LONG)}
    assert world.by_command(days) == world.by_airflow(days)
    assert {str(days[0]): 1} == announced(service, days)


def test_nothing_listens_elsewhere_than_on_this_machine(service: Airflow) -> None:
    """No log server, no health check: one port of one address."""
    listening = {
        (found.laddr.ip, found.laddr.port)
        for process in service.processes()
        for found in process.net_connections(kind="inet")
        if found.status == "LISTEN"
    }

    assert {("127.0.0.1", service.port)} == listening


def test_the_log_of_a_task_is_shown_without_a_log_server(service: Airflow, world: World) -> None:
    def done() -> list[str]:
        return [r["dag_run_id"] for r in service.runs("news_stories") if r["state"] == "success"]

    run = wait(done, LONG, "a run that has ended")[0]
    log = service.http.get(f"/api/v2/dags/news_stories/dagRuns/{run}/taskInstances/publish/logs/1").text

    assert "published day=" in log


def test_a_consumer_that_was_paused_catches_up(service: Airflow, world: World) -> None:
    """Airflow keeps no event for it; a run without a partition key writes what is missing."""
    days = span(YESTERDAY - timedelta(days=150), 1)
    world.deliver_week(days)
    page = world.warehouse / "_meta" / "reports" / f"{days[0]}.md"
    service.call("PATCH", "/dags/story_report", is_paused=True)
    run = service.trigger("news_stories", day=str(days[0]))
    assert "success" == service.settled("news_stories", run, LONG)

    service.unpause("story_report")
    assert "success" == service.settled("story_report", service.trigger("story_report"), LONG)

    assert f"# {days[0]}" in page.read_text()
    assert [] == [r for r in service.runs("story_report") if r["partition_key"] == str(days[0])]


def test_a_scheduler_that_was_killed_goes_on_when_it_is_back(service: Airflow, world: World) -> None:
    """With Airflow's defaults, its tasks would stay `running` for five minutes."""
    days = span(YESTERDAY - timedelta(days=170), 1)
    world.deliver_week(days)
    run = service.trigger("news_stories", day=str(days[0]))
    wait(lambda: "running" in {t["state"] for t in service.tasks("news_stories", run)}, LONG, "a task")

    service.restart_scheduler()

    assert "success" == service.settled("news_stories", run, 240)
    assert world.by_command(days) == world.by_airflow(days)
    assert {str(days[0]): 1} == announced(service, days)


def test_a_run_by_hand_that_would_hide_a_scheduled_run_is_refused(service: Airflow, world: World) -> None:
    """With a logical date of the schedule it would take the place of the run of that day."""
    asked = {"logical_date": f"{YESTERDAY + timedelta(days=1)}T00:00:00Z", "conf": {"day": "2026-01-05"}}
    body = asked | {"dag_run_id": "hides"}
    run = service.http.post("/api/v2/dags/news_stories/dagRuns", json=body)
    # Airflow itself refuses where the scheduled run exists already.
    if run.status_code != 409:
        assert "failed" == service.settled("news_stories", "hides", LONG)
    assert not (world.warehouse / "runs" / "day=2026-01-05").exists()


@pytest.mark.soak
def test_a_week_made_again_changes_no_byte_and_announces_nothing(service: Airflow, world: World) -> None:
    days = span(YESTERDAY - timedelta(days=300), 7)
    world.deliver_week([d for d in days if d != days[4]])  # one empty day

    service.backfilled(service.backfill(str(days[0]), str(days[-1])), 3 * LONG)
    first, told = world.by_airflow(days), announced(service, days)
    service.backfilled(service.backfill(str(days[0]), str(days[-1])), 3 * LONG)

    assert world.by_command(days) == first == world.by_airflow(days)
    assert len(PUBLISHED) == len([path for path in first if f"day={days[4]}" in path])
    assert dict.fromkeys(map(str, days), 1) == told == announced(service, days)


@pytest.mark.soak
def test_a_week_made_backwards_and_repaired_is_a_week_made_in_order(service: Airflow, world: World) -> None:
    """Seven days are more than may be run without asking when the limit is three."""
    days = span(YESTERDAY - timedelta(days=400), 7)
    service.unpause("news_repair")
    service.quiet(
        "news_repair", LONG
    )  # the night's own run, which Airflow makes up for, would ask about these days
    world.deliver_week(days)

    service.backfilled(service.backfill(str(days[0]), str(days[-1]), run_backwards=True), 3 * LONG)
    assert world.by_command(days) != world.by_airflow(days)
    run = service.trigger("news_repair", approve_above=3)
    task = f"/dags/news_repair/dagRuns/{run}/taskInstances/approve"
    # Not as soon as the question is there: an answer in the second before the task waits is lost, and it asks again.
    wait(lambda: service.call("GET", task)["state"] == "awaiting_input", LONG, "the question")
    service.call("PATCH", f"{task}/-1/hitlDetails", chosen_options=["Approve"], params_input={})

    assert "success" == service.settled("news_repair", run, LONG)
    assert world.by_command(days) == world.by_airflow(days)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("task", "file", "days_ago"),
    [
        ("clean", "_meta/state/extracted/day={}/", 500),
        ("cluster", "memberships.parquet", 600),
        ("publish", "warehouse/stories/day={}/", 700),
        ("publish", "_meta/manifests/runs/day={}", 800),
    ],
)
def test_a_killed_task_is_tried_again(
    service: Airflow, world: World, task: str, file: str, days_ago: int
) -> None:
    days = span(YESTERDAY - timedelta(days=days_ago), 1)
    world.deliver_week(days)
    (world.orders / task).write_text(file.format(days[0]))

    run = service.trigger("news_stories", day=str(days[0]))

    assert "success" == service.settled("news_stories", run, LONG)
    assert 2 == tries(service, run)[task]
    assert world.by_command(days) == world.by_airflow(days)
    assert {str(days[0]): 1} == announced(service, days)


def status(world: World) -> list[dict[str, Any]]:
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "status",
        "--json",
        "--landing",
        world.landing,
        "--warehouse",
        world.warehouse,
    ]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in {0, 3}, done.stderr
    return records(done.stdout)


@pytest.mark.soak
def test_a_day_that_failed_in_a_backfill_is_named_as_a_hole(service: Airflow, world: World) -> None:
    """Airflow says that the backfill is complete all the same; the day's state says what is missing."""
    days = span(YESTERDAY - timedelta(days=900), 3)
    world.deliver_week(days)
    for n in range(4):  # the first try and the three after it
        (world.orders / f"hole-{n}").write_text(f"warehouse/articles/day={days[1]}/")

    service.backfilled(service.backfill(str(days[0]), str(days[-1])), 3 * LONG)

    states = {row["day"]: row["state"] for row in status(world) if row["day"] in set(map(str, days))}
    assert {str(days[0]): "fresh", str(days[1]): "missing", str(days[2]): "fresh"} == states
    # The day after was made without it: making the hole good makes that day stale, and the range is made again in order.
    service.backfilled(service.backfill(str(days[1]), str(days[-1])), 3 * LONG)
    assert world.by_command(days) == world.by_airflow(days)
