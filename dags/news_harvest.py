"""## news_harvest

Every hour, fetches what is new at the sources into the landing zone. Documents go to the UTC day on which they are fetched, whatever run
fetched them: a run that is tried again after midnight writes to the new day, and no past day can be harvested.

Name the sources' file with `NEWSFOLD_SOURCES` in the workers' environment; without it, the runs skip. `news_stories` waits until the last
harvest of its day has ended.

A source that is not well fails no run: it is in the task's log, in the run's note, and in the event that each run adds to the asset
`newsfold_harvest`, with counts and why. `newsfold sources health` and the explorer's page Health have the same.
"""

import logging
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Asset, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException
from newsfold_airflow import DEFAULTS, deployment, measure

log = logging.getLogger(__name__)

HARVEST = Asset(name="newsfold_harvest", uri="x-newsfold://harvest", group="newsfold")


@task(multiple_outputs=False, outlets=[HARVEST])
def fetch(*, outlet_events: Any = None) -> dict[str, Any]:
    """Harvest what is due, and say which sources are not well."""
    from pipeline.app import tasks
    from pipeline.app.engine_python import call_task

    with deployment():
        if tasks.sources_file() is None:
            raise AirflowSkipException("NEWSFOLD_SOURCES is not set: nothing is harvested here")
        done = call_task("harvest")
    measure("harvest", done["counts"])
    for outlet, found in done["unwell"].items():
        log.warning("source %s is %s: %s", outlet, found["health"], found["why"])
    outlet_events[HARVEST].extra = {name: done[name] for name in ("counts", "unwell", "summary")}
    return done


@dag(
    dag_id="news_harvest",
    schedule=CronTriggerTimetable("0 * * * *", timezone="UTC"),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    allowed_run_types=[
        "scheduled",
        "manual",
    ],  # what was published on a past day can't be fetched on it any more
    tags=["news"],
    doc_md=__doc__,
    default_args=DEFAULTS,
)
def news_harvest() -> None:
    fetch()


news_harvest()
