"""## story_report

An example of a consumer. It runs once for each day that `news_stories` or `news_repair` publishes, and writes two pages about
the day beside the tables: counts and headlines (`_meta/reports/YYYY-MM-DD.md`), and the day as one file to look at or to mail
(`YYYY-MM-DD.html`, as `newsfold page` makes it). The day is the partition of the asset event that started the run.

Airflow keeps no event for a DAG that is paused. To catch up, trigger this DAG without a partition key: it then writes every page that
is missing or is about another version of its day.
"""

from airflow.sdk import PartitionedAssetTimetable, dag, get_current_context, task
from newsfold_airflow import DEFAULTS, STORIES, deployment


@dag(
    dag_id="story_report",
    schedule=PartitionedAssetTimetable(assets=STORIES),
    catchup=False,
    max_active_runs=2,
    tags=["news", "example"],
    doc_md=__doc__,
    default_args=DEFAULTS,
)
def story_report() -> None:
    @task(inlets=[STORIES])
    def report() -> list[str]:
        """The days that pages were written about."""
        from pipeline.app import tasks

        with deployment():
            day = get_current_context()["dag_run"].partition_key
            days = [day] if day else tasks.days_to_report()
            for each in days:
                # The report names the version, which says that the day is done, so it comes last.
                tasks.write_page(each)
                tasks.write_report(each)
            return days

    report()


story_report()
