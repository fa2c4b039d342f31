"""What newsfold's DAGs share: where the data is, which errors are retried, what is logged, counted and announced."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import (
    Asset,
    BaseNotifier,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    get_current_context,
)
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

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
POOL = os.environ.get("NEWSFOLD_POOL") or "default_pool"

_FIRST_WAIT = 30.0
_LONGEST_WAIT = timedelta(minutes=10)


def _first_wait() -> timedelta:
    """How long a task waits before its second try. A bad value must not take all DAGs away: it is named, and the default holds."""
    said = os.environ.get("NEWSFOLD_RETRY_SECONDS") or _FIRST_WAIT
    try:
        seconds = float(said)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_WAIT.total_seconds():  # neither is NaN
        log.warning(
            "NEWSFOLD_RETRY_SECONDS is %r, not a number of seconds from 0 to %d: tasks wait %d seconds",
            said,
            _LONGEST_WAIT.total_seconds(),
            _FIRST_WAIT,
        )
        seconds = _FIRST_WAIT
    return timedelta(seconds=seconds)


def say_why(context: Any) -> None:
    """Log in one line which task of which run failed and why, count the failure, and keep the reason for the run's note."""
    from airflow.sdk.observability.stats import incr

    task, run = context["ti"], context["dag_run"]
    reason = _reason(context)
    log.error(
        "failed dag=%s task=%s run=%s try=%s: %s",
        task.dag_id,
        task.task_id,
        run.run_id,
        task.try_number,
        reason,
    )
    incr("newsfold.failures", tags={"dag_id": task.dag_id, "task_id": task.task_id})
    if isinstance(context.get("exception"), BaseException):
        # Else the task's process is gone, and its DAG processor, which runs this then, can't write an XCom.
        task.xcom_push(key="failure", value=reason)


def _reason(context: Any) -> str:
    """Why a task or a run failed, in one line of at most 500 characters."""
    found = context.get("exception") or context.get("reason") or "its process ended"
    named = isinstance(found, BaseException) and not isinstance(found, AirflowFailException)
    words = f"{type(found).__name__}: {found}" if named else str(found)
    return " ".join(words.split())[:500]


def tell_people(title: str, text: str) -> None:
    """Send a message by the connection `newsfold_notify`: mail, Slack, a webhook, or what else Apprise knows. Without it, do nothing.

    What can't be sent is logged. It makes no task fail.
    """
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        Connection.get("newsfold_notify")
        from airflow.providers.apprise.hooks.apprise import AppriseHook

        AppriseHook("newsfold_notify").notify(title=title, body=text)
    except AirflowNotFoundException:
        return
    except Exception:  # whatever a service, its library or a wrong address raises
        log.exception("connection newsfold_notify: the message was not sent")


def tell_failure(context: Any) -> None:
    """Tell people which task failed for good, why, and where its log is."""
    task = context["ti"]
    tell_people(f"{task.dag_id}: {task.task_id} failed", f"{_reason(context)}\n\n{task.log_url}")


def tell_timeout(context: Any) -> None:
    """Tell people of a run that took too long: Airflow ends it, and none of its tasks has failed."""
    if context.get("reason") == "timed_out":
        run = context["dag_run"]
        tell_people(
            f"{run.dag_id}: a run took too long", f"{run.run_id} was ended. Clear its tasks to go on."
        )


class Question(BaseNotifier):
    """Tells people that a run waits for their answer."""

    def notify(self, context: Any) -> None:
        task = context["task"]
        tell_people(f"{task.dag_id} asks: {task.subject}", f"{task.body}\n\n{context['ti'].log_url}")


DEFAULTS = {
    "retries": 3,
    "retry_delay": _first_wait(),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": _LONGEST_WAIT,
    "execution_timeout": timedelta(hours=2),
    "retry_policy": FAIL_AT_ONCE,
    "on_failure_callback": [say_why, tell_failure],
}


def today() -> str:
    """Today's date in UTC. Tasks get it as an argument: they have no clock."""
    return str(pendulum.now("UTC").date())


def decide_day(run: Any, asked: str | None, *, so_far: bool = False) -> str:
    """The day that a run is for. Fails unless that is exactly one whole UTC day that is over or, with `so_far`, that has begun."""
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
    if so_far and not by_hand:
        raise AirflowFailException("the parameter so_far is for runs triggered by hand only")
    if (start if so_far else end) > pendulum.now("UTC"):
        raise AirflowFailException(f"{start:%Y-%m-%d} {'has not begun' if so_far else 'is not over'} yet")
    return f"{start:%Y-%m-%d}"


def accept_window(day: str, unsettled: list[dict[str, str]]) -> None:
    """Log which earlier days of the window are not fresh; fail if the run was told to."""
    if not unsettled:
        return
    found = f"day={day} earlier days are not fresh: " + ", ".join(
        f"{e['day']} {e['state']}" for e in unsettled
    )
    if chosen("window") == "fail":
        raise AirflowFailException(found)
    log.warning("%s; going on: news_repair runs the day again when they are", found)


def heed(day: str, unusual: list[str]) -> list[str]:
    """Log and count what is unusual about the day; returns what is to hold the day back."""
    from airflow.sdk.observability.stats import incr

    for finding in unusual:
        log.warning("unusual day=%s %s", day, finding)
        incr("newsfold.unusual")
    return unusual if chosen("quality") == "stop" else []


_CHOICES = {"quality": ("warn", "stop"), "window": ("go_on", "fail")}  # the first is the default


def chosen(name: str) -> str:
    """A choice: the run's parameter, else the environment's `NEWSFOLD_<NAME>`, else Airflow's variable `newsfold_<name>`, else the default.

    A word that is no choice is refused, wherever it was said: a gate that is misspelt must not stand open.
    """
    from airflow.sdk import Variable

    places = {
        f"parameter {name}": get_current_context()["params"].get(name),
        f"NEWSFOLD_{name.upper()}": os.environ.get(f"NEWSFOLD_{name.upper()}"),
    }
    place, said = next(((place, said) for place, said in places.items() if said), (None, None))
    if not said:
        place, said = f"variable newsfold_{name}", Variable.get(f"newsfold_{name}", default=None)
    if said and said not in _CHOICES[name]:
        raise AirflowFailException(f"{place} is {said!r}: say {' or '.join(_CHOICES[name])}")
    return said or _CHOICES[name][0]


def check_choices() -> None:
    """Refuse a misspelt choice, or the misspelt name of one, before any work is done; name other unknown variables."""
    from pipeline.settings import unknown_variables

    for name in _CHOICES:
        chosen(name)
    for line in unknown_variables(os.environ):
        log.warning(line)
        if line.endswith(tuple(f"NEWSFOLD_{name.upper()}?" for name in _CHOICES)):
            raise AirflowFailException(line)


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


def announce(done: dict[str, Any], outlet_events: Any) -> None:
    """Add an event for the day to the asset, with its counts, digests, paths and quality; skip a version that was announced before.

    The asset's state keeps, for each day of each warehouse, the digest that was announced last. Airflow adds the event when the task
    has succeeded, so the mark is made in two steps: here it says who announces, and `confirm` says that it was done. Between the two
    the announcing task's own state tells which it was.
    """
    context = get_current_context()
    marks, key = context["asset_state_store"][STORIES], _key(done)
    last = marks.get(key)
    if last and last["digest"] == done["digest"] and (last.get("told") or _has_told(context["ti"], last)):
        raise AirflowSkipException(f"day={done['day']} was announced as it is")
    from pipeline.app import watch_tasks

    with deployment():
        quality = watch_tasks.quality(done["day"])
    marks.set(key, _mark(context["ti"], done))
    outlet_events[STORIES].add_partitions(done["day"])
    outlet_events[STORIES].extra = {**done, "quality": quality}
    log.info("announced day=%s digest=%s", done["day"], done["digest"])


def confirm(context: Any) -> None:
    """Mark the day as announced: called when `tell` has succeeded, which is when its event stands."""
    done = context["task"].op_kwargs["done"]
    mark = {**_mark(context["ti"], done), "told": True}
    context["asset_state_store"][STORIES].set(_key(done), mark)


def _key(done: dict[str, Any]) -> str:
    return f"{done['day']} in {done['warehouse']}"


def _mark(task: Any, done: dict[str, Any]) -> dict[str, Any]:
    by = {"dag_id": task.dag_id, "run_id": task.run_id, "task_id": task.task_id, "map_index": task.map_index}
    return {"digest": done["digest"], "by": by, "told": False}


def _has_told(task: Any, mark: dict[str, Any]) -> bool:
    """Whether the task that left this mark unconfirmed has announced the day; raises, to be tried again, while it may still do so."""
    by = mark["by"]
    if by == _mark(task, mark)["by"]:
        return False  # an earlier try of this task, which ended before the event was added
    found = task.get_task_states(
        dag_id=by["dag_id"], map_index=by["map_index"], task_ids=[by["task_id"]], run_ids=[by["run_id"]]
    )
    state = next(iter(found.get(by["run_id"], {}).values()), None)
    if state in {"scheduled", "queued", "running", "restarting", "up_for_retry", "up_for_reschedule"}:
        raise AirflowException(f"{by['run_id']} of {by['dag_id']} is announcing the day")
    return bool(state == "success")


def days_in_work(task: Any, days: Iterable[str]) -> list[str]:
    """Those of the days for which a run of news_stories is queued or running, by schedule or backfill: they are left to it."""
    asked = {"dag_id": "news_stories", "states": ["queued", "running"]}
    if not task.get_dr_count(**asked):
        return []
    return [day for day in days if task.get_dr_count(**asked, logical_dates=[pendulum.parse(day, tz="UTC")])]


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
