"""A day that news_stories publishes while its documents still come."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import read
from tests.dag_runs import deliver, run_dag, states, text

DAY = "2026-05-02"


def _is_complete(places: Path) -> list[bool]:
    found: list[bool] = read.table("runs", str(places / "warehouse"))["is_complete"].to_pylist()
    return found


def test_nobody_is_told_of_a_day_that_is_not_complete_unless_that_is_asked_for(
    dag_file: Any, places: Path
) -> None:
    """Complete, it is announced, also where nothing came since."""
    deliver(places, DAY, text(1))
    first = states(run_dag(dag_file, DAY, so_far=True))
    assert ("success", "skipped", [False]) == (first["publish"], first["tell"], _is_complete(places))
    deliver(places, DAY, text(1), text(2))
    asked = states(run_dag(dag_file, DAY, so_far=True, tell_so_far=True))
    assert ("success", [False]) == (asked["tell"], _is_complete(places))
    done = states(run_dag(dag_file, DAY))

    assert ("success", [True]) == (done["tell"], _is_complete(places))


def test_a_day_that_has_not_begun_is_refused_and_today_is_not(dag_file: Any) -> None:
    import pendulum
    from airflow.sdk.exceptions import AirflowFailException
    from newsfold_airflow import decide_day

    class Run:
        run_type, logical_date = "manual", None

    today = str(pendulum.now("UTC").date())
    assert dag_file.dags
    assert today == decide_day(Run(), today, so_far=True)
    with pytest.raises(AirflowFailException, match="not over yet"):
        decide_day(Run(), today)
    with pytest.raises(AirflowFailException, match="has not begun yet"):
        decide_day(Run(), "2062-01-01", so_far=True)
