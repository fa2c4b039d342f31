"""## news_maintenance

Once a week: takes away what crashed runs left and state that no run reads again (never a published table); with
`NEWSFOLD_KEEP_DAYS`, the texts of older days too, for good; then says what is in the warehouse: days, rows and bytes of each
table, and how many days are fresh, stale, missing or held back.
"""

from typing import Any

import pendulum
from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from newsfold_airflow import DEFAULTS, deployment, measure, today


@dag(
    dag_id="news_maintenance",
    schedule=CronTriggerTimetable("0 5 * * 0", timezone="UTC"),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    tags=["news"],
    doc_md=__doc__,
    params={
        "older_than_hours": Param(
            24, type="number", minimum=1, description="Leave alone what a run may still be at."
        ),
    },
    default_args=DEFAULTS,
)
def news_maintenance() -> None:
    @task(multiple_outputs=False)
    def clean_up() -> dict[str, int]:
        from pipeline.app import tasks

        with deployment():
            gone = tasks.clean_up(get_current_context()["params"]["older_than_hours"], today())
        measure("gc", gone)
        return gone

    @task(multiple_outputs=False, trigger_rule="all_done")
    def retire() -> dict[str, int]:
        """Takes away texts older than `NEWSFOLD_KEEP_DAYS` for good; nothing unless that is set."""
        from pipeline.app import tasks

        with deployment():
            gone = tasks.retire(today())
        measure("retired", gone)
        return gone

    @task(multiple_outputs=False, trigger_rule="all_done")
    def survey() -> dict[str, Any]:
        from pipeline.app import tasks

        with deployment():
            found = tasks.survey(today())
        measure("days", found["days"])
        for name, sizes in found["tables"].items():
            measure(f"tables.{name}", sizes)
        return found

    clean_up() >> retire() >> survey()


news_maintenance()
