"""What newsfold's DAGs share: where the data is, which errors are retried, what is logged, counted and announced."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule, get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

log = logging.getLogger(__name__)

STORIES = Asset(name="newsfold_stories", uri="x-newsfold://stories", group="newsfold")

# A retry cannot fix these errors. Transient ones (another run published first, a full disk, a killed worker) are retried.
# They are named by path, because the pipeline is not imported when a DAG is parsed.
FAIL_AT_ONCE = ExceptionRetryPolicy(
    rules=[
        # Another run replaced what this one was reading. It is a MissingInputError, so its rule must come first.
        RetryRule(exception="pipeline.model.errors.InputChangedError", action=RetryAction.DEFAULT),
        RetryRule(
            exception=[
                *(
                    f"pipeline.model.errors.{name}"
                    for name in (
                        "SettingsError",
                        "ContractError",
                        "ConservationError",
                        "MissingInputError",
                        "HeldError",
                    )
                ),
                "airflow.providers.standard.exceptions.HITLTimeoutError",  # nobody answered: the next night asks again
            ],
            action=RetryAction.FAIL,
            reason="a retry cannot fix it",
        ),
    ]
)

# Tasks that need much memory and CPU use this pool, so that a deployment can limit them.
POOL = os.environ.get("NEWSFOLD_POOL", "default_pool")


def say_why(context: Any) -> None:
    """Log in one line which task of which run failed and why, and count the failure."""
    from airflow.sdk.observability.stats import incr

    task, run = context["ti"], context["dag_run"]
    reason = context.get("exception") or context.get("reason") or "its process ended"
    log.error(
        "failed dag=%s task=%s run=%s try=%s: %s",
        task.dag_id,
        task.task_id,
        run.run_id,
        task.try_number,
        reason,
    )
    incr("newsfold.failures", tags={"dag_id": task.dag_id, "task_id": task.task_id})


DEFAULTS = {
    "retries": 3,
    "retry_delay": timedelta(seconds=float(os.environ.get("NEWSFOLD_RETRY_SECONDS", "30"))),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=2),
    "retry_policy": FAIL_AT_ONCE,
    "on_failure_callback": say_why,
}


def today() -> str:
    """Today's date in UTC. Tasks get it as an argument: they have no clock."""
    return str(pendulum.now("UTC").date())


def decide_day(run: Any, asked: str | None) -> str:
    """The day that a run is for. Fails unless that is exactly one whole UTC day that is over."""
    from pipeline.model.days import FIRST, LAST

    by_hand = run.run_type == "manual"
    if by_hand and run.logical_date and run.logical_date.time() == pendulum.time(0):
        raise AirflowFailException(
            f"this run has the logical date of the scheduled run of {run.logical_date:%Y-%m-%d}, which Airflow would "
            "then never start: delete this run, and trigger again without a logical date"
        )
    if by_hand != bool(asked):
        raise AirflowFailException(
            "a run triggered by hand needs the parameter day: trigger again with one"
            if by_hand
            else "the parameter day is for runs triggered by hand only: this run has its own day"
        )
    start = pendulum.parse(asked, tz="UTC") if asked else run.data_interval_start
    end = start.add(days=1) if asked else run.data_interval_end
    if start is None or end is None:
        raise AirflowFailException("this run has no data interval")
    if end - start != timedelta(days=1) or start.time() != pendulum.time(0):
        raise AirflowFailException(f"a run is for one whole UTC day, not {start} to {end}")
    if not FIRST <= start.date() <= LAST:
        raise AirflowFailException(
            f"{start:%Y-%m-%d} is out of range: days go from {FIRST.year} to {LAST.year}"
        )
    if end > pendulum.now("UTC"):
        raise AirflowFailException(f"{start:%Y-%m-%d} is not over yet")
    return f"{start:%Y-%m-%d}"


def accept_window(day: str, unsettled: list[dict[str, str]]) -> None:
    """Log which earlier days of the window are not fresh; fail if the run was told to."""
    if not unsettled:
        return
    found = f"day={day} earlier days are not fresh: " + ", ".join(
        f"{e['day']} {e['state']}" for e in unsettled
    )
    if chosen("window", "go_on") == "fail":
        raise AirflowFailException(found)
    log.warning("%s; going on: news_repair runs the day again when they are", found)


def heed(day: str, unusual: list[str]) -> list[str]:
    """Log and count what is unusual about the day; returns what is to hold the day back."""
    from airflow.sdk.observability.stats import incr

    for finding in unusual:
        log.warning("unusual day=%s %s", day, finding)
        incr("newsfold.unusual")
    return unusual if chosen("quality", "warn") == "stop" else []


def chosen(name: str, default: str) -> str:
    """A choice: the run's parameter, else the environment's `NEWSFOLD_<NAME>`, else Airflow's variable `newsfold_<name>`, else `default`."""
    from airflow.sdk import Variable

    asked = get_current_context()["params"].get(name) or os.environ.get(f"NEWSFOLD_{name.upper()}")
    return asked or Variable.get(f"newsfold_{name}", default=default)


@contextmanager
def deployment() -> Iterator[None]:
    """While a task works, fill the gaps of the worker's environment with what Airflow has.

    That is the variables `newsfold_landing` and `newsfold_warehouse`, and the connection `newsfold_s3`.
    """
    added = {name: value for name, value in _from_airflow() if value and name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _from_airflow() -> Iterable[tuple[str, str | None]]:
    from airflow.sdk import Variable

    places = []
    for name in ("landing", "warehouse"):
        places.append(
            os.environ.get(f"NEWSFOLD_{name.upper()}") or Variable.get(f"newsfold_{name}", default=None)
        )
        yield f"NEWSFOLD_{name.upper()}", places[-1]
    if any((place or "").startswith("s3://") for place in places) and "AWS_ACCESS_KEY_ID" not in os.environ:
        yield from _from_connection()


def _from_connection() -> Iterable[tuple[str, str | None]]:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = Connection.get("newsfold_s3")
    except AirflowNotFoundException:  # the machine may have a role instead
        return
    extra = found.extra_dejson
    yield "AWS_ACCESS_KEY_ID", found.login
    yield "AWS_SECRET_ACCESS_KEY", found.password
    yield "AWS_ENDPOINT_URL", extra.get("endpoint_url")
    yield "AWS_DEFAULT_REGION", extra.get("region_name")


def announce(done: dict[str, Any], outlet_events: Any, inlet_events: Any) -> None:
    """Add an event for the day to the asset, with its counts, digests and paths; skip a version that was announced before.

    The asset's state keeps the digest announced last for each day of each warehouse. It is written before the event, which Airflow adds
    when the task has succeeded. So the event is looked up too: a task that died in between announces again.
    """
    day, told = done["day"], {name: done[name] for name in ("digest", "warehouse")}
    state = get_current_context()["asset_state_store"][STORIES]
    key = f"{day} in {done['warehouse']}"
    last = state.get(key)
    if last and last["digest"] == done["digest"]:
        since = inlet_events[STORIES].after(last["since"]).limit(1000)
        if any(e.partition_key == day and told.items() <= (e.extra or {}).items() for e in since):
            raise AirflowSkipException(f"day={day} was announced as it is")
    # The clock of the API server, which stamps the event, may be behind this machine's.
    begun = pendulum.now("UTC").subtract(minutes=10).isoformat()
    state.set(key, {"digest": done["digest"], "since": begun})
    outlet_events[STORIES].add_partitions(day)
    outlet_events[STORIES].extra = done
    log.info("announced day=%s digest=%s", day, done["digest"])


def measure(group: str, values: dict[str, int]) -> None:
    """Send gauges `newsfold.<group>.<name>` by StatsD or OpenTelemetry, as Airflow is configured (section [metrics])."""
    from airflow.sdk.observability.stats import gauge

    for name, value in values.items():
        gauge(f"newsfold.{group}.{name.removeprefix('n_')}", value)


def trace(inputs: Iterable[str], outputs: Iterable[str]) -> None:
    """Tell OpenLineage what the task reads and writes: its provider takes that from inlets and outlets. A folder is a dataset."""
    from airflow.providers.common.compat.lineage.entities import File

    def files(uris: Iterable[str]) -> list[File]:
        return [File(url=uri if "://" in uri else f"file://{os.path.abspath(uri)}") for uri in uris]  # noqa: PTH100 - a string is wanted

    task = get_current_context()["task"]
    task.inlets = [*task.inlets, *files(inputs)]
    task.outlets = [*task.outlets, *files(outputs)]
