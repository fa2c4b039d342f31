"""What fails says why and to whom; what is misspelt does not stand open; what can be tried again is."""

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.dag_runs import ROOT, deliver, note, parsed, repair, run_dag, text

pytestmark = pytest.mark.xdist_group("dags")

SEED_DAY = date(2026, 3, 5)


def test_the_note_of_a_run_says_its_counts_and_where_it_failed(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.app import tasks as bodies

    monkeypatch.setenv("NEWSFOLD_LANDING", str(ROOT / "seeds"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    assert note(run_dag(dag_file, str(SEED_DAY))).startswith(
        f"day {SEED_DAY}: 5 raw, 0 rejects, 5 articles, "
    )

    monkeypatch.setattr(bodies, "judge", lambda *_: ["copies: 99.0%, where 10.0% to 40.0% would follow"])
    failed = note(run_dag(dag_file, str(SEED_DAY), quality="stop"))
    assert failed.startswith(f"day {SEED_DAY}: 5 raw, ")
    assert (
        "; failed: quality: day=2026-03-05 is held back: copies: 99.0%, where 10.0% to 40.0% would follow; "
        in failed
    )


def test_every_task_is_tried_again_and_ends_at_some_time_and_says_why_it_failed(dag_file: Any) -> None:
    tasks = [task for dag in dag_file.dags.values() for task in dag.tasks]

    assert [] == [t.task_id for t in tasks if not t.on_failure_callback]
    assert ["freshness"] == [
        t.task_id for t in tasks if t.retries < 1
    ]  # a day that is late is not there a minute later
    assert ["approve"] == [
        t.task_id for t in tasks if not t.execution_timeout
    ]  # it waits for a person, for 20 hours


def test_what_another_run_brought_about_is_tried_again(dag_file: Any) -> None:
    from airflow.sdk import RetryAction

    from pipeline.model import errors
    from pipeline.model.errors import InputChangedError

    policy = dag_file.dags["news_stories"].task_dict["cluster"].retry_policy

    for error in (errors.PublishError, errors.OvertakenError, InputChangedError):
        assert RetryAction.FAIL != policy.evaluate(error("no"), try_number=1, max_tries=3).action


def test_a_question_that_nobody_answered_is_not_asked_again_the_same_night(dag_file: Any) -> None:
    from airflow.providers.standard.exceptions import HITLTimeoutError
    from airflow.sdk import RetryAction

    policy = dag_file.dags["news_repair"].task_dict["approve"].retry_policy

    assert RetryAction.FAIL == policy.evaluate(HITLTimeoutError("no"), try_number=1, max_tries=3).action


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NEWSFOLD_QUALITY", "stopp", "NEWSFOLD_QUALITY is 'stopp': say warn or stop"),
        ("NEWSFOLD_QUALITY", "Stop", "NEWSFOLD_QUALITY is 'Stop': say warn or stop"),
        ("NEWSFOLD_QUALITY", "true", "NEWSFOLD_QUALITY is 'true': say warn or stop"),
        ("NEWSFOLD_WINDOW", "go-on", "NEWSFOLD_WINDOW is 'go-on': say go_on or fail"),
        ("AIRFLOW_VAR_NEWSFOLD_QUALITY", "halt", "variable newsfold_quality is 'halt': say warn or stop"),
        (
            "NEWSFOLD_QUALTY",
            "stop",
            "NEWSFOLD_QUALTY is not a setting: ignored; did you mean NEWSFOLD_QUALITY?",
        ),
    ],
)
def test_a_choice_that_is_misspelt_stops_runs_and_repairs_and_is_named(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    deliver(places, "2026-05-02", text(1))

    run, repaired = run_dag(dag_file, "2026-05-02"), repair(dag_file)

    assert ("failed", "failed") == (run.state, repaired.state)
    assert said in note(run)
    assert not (places / "warehouse").exists()


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "1e9", " "])
def test_a_wait_that_is_none_is_named_and_takes_no_dag_away(
    dag_file: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    import sys

    monkeypatch.setenv("NEWSFOLD_RETRY_SECONDS", value)
    monkeypatch.delitem(sys.modules, "newsfold_airflow")
    with caplog.at_level(logging.WARNING):
        bag = parsed()

    assert ({}, 5) == (bag.import_errors, len(bag.dags))
    assert timedelta(seconds=30) == bag.dags["news_stories"].task_dict["clean"].retry_delay
    assert f"NEWSFOLD_RETRY_SECONDS is {value!r}, not a number of seconds from 0 to 600" in caplog.text


@pytest.mark.parametrize(("value", "seconds"), [("0", 0), ("1.5", 1.5), ("", 30)])
def test_a_wait_is_taken_as_it_is_given(
    dag_file: Any, monkeypatch: pytest.MonkeyPatch, value: str, seconds: float
) -> None:
    import sys

    monkeypatch.setenv("NEWSFOLD_RETRY_SECONDS", value)
    monkeypatch.delitem(sys.modules, "newsfold_airflow")

    assert timedelta(seconds=seconds) == parsed().dags["news_stories"].task_dict["clean"].retry_delay


def test_a_pool_without_a_name_is_the_default_pool(dag_file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setenv("NEWSFOLD_POOL", "")
    monkeypatch.delitem(sys.modules, "newsfold_airflow")

    assert "default_pool" == parsed().dags["news_stories"].task_dict["clean"].pool


def test_a_batch_is_labelled_by_its_place_among_all(dag_file: Any, places: Path) -> None:
    deliver(places, "2026-05-04", text(1))

    run = run_dag(dag_file, "2026-05-04")

    (clean,) = [task for task in run.get_task_instances() if task.task_id == "clean"]
    assert "1 of 1" == clean.rendered_map_index


def test_a_run_by_hand_needs_a_day_and_its_form_says_so(dag_file: Any) -> None:
    """The form marks a field that may not be null; runs by schedule need a default that is valid."""
    day = dag_file.dags["news_stories"].params.get_param("day")

    assert "string" == day.schema["type"]
    assert "" == day.resolve()
    assert "2026-03-05" == day.resolve("2026-03-05")
    for wrong in (None, "5 March", "2026-3-5"):
        with pytest.raises(Exception, match=r"Param|valid"):
            day.resolve(wrong)


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What a webhook was sent; the connection `newsfold_notify` leads to it."""
    got: list[dict[str, Any]] = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        connect(monkeypatch, f"json://127.0.0.1:{server.server_port}/news")
        yield got
        server.shutdown()


def connect(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    stored = {"conn_type": "apprise", "extra": {"config": {"path": url}}}
    monkeypatch.setenv("AIRFLOW_CONN_NEWSFOLD_NOTIFY", json.dumps(stored))


def test_people_are_told_which_task_failed_and_why_and_where_to_look(
    dag_file: Any, places: Path, inbox: list[dict[str, Any]]
) -> None:
    run_dag(dag_file, "2062-01-01")

    (sent,) = inbox
    assert "news_stories: interval failed" == sent["title"]
    assert "2062-01-01 is not over yet" in sent["message"]
    assert "/dags/news_stories/runs/" in sent["message"]


def test_words_of_a_document_are_no_template(
    dag_file: Any, places: Path, inbox: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.app import tasks as bodies

    monkeypatch.setattr(bodies, "judge", lambda *_: ["outlet {{ ti }} {% endif %}"])
    deliver(places, "2026-05-06", text(1))

    assert "failed" == run_dag(dag_file, "2026-05-06", quality="stop").state
    assert "outlet {{ ti }} {% endif %}" in inbox[0]["message"]


def test_people_are_told_when_a_repair_asks_and_what(
    dag_file: Any, places: Path, inbox: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question counts the days and does not say that any of them was made before."""
    for n in range(2):
        deliver(places, f"2026-05-0{8 + n}", text(n))
    approve = dag_file.dags["news_repair"].task_dict["approve"]
    assert ["Question"] == [type(one).__name__ for one in approve.notifiers]

    context = {
        "ti": type("Task", (), {"log_url": "http://127.0.0.1/x"}),
        "task": type("Task", (), {"dag_id": "news_repair", "subject": "Run 2 days?", "body": "- 2026-05-08"}),
    }
    approve.notifiers[0](context)

    assert "again" not in approve.subject
    assert "news_repair asks: Run 2 days?" == inbox[0]["title"]
    assert "- 2026-05-08" in inbox[0]["message"]


@pytest.mark.parametrize(("reason", "n"), [("timed_out", 1), ("task_failure", 0)])
def test_people_are_told_of_a_run_that_airflow_ended_and_of_no_failed_run_twice(
    dag_file: Any, inbox: list[dict[str, Any]], reason: str, n: int
) -> None:
    (callback,) = _list(dag_file.dags["news_stories"].on_failure_callback)
    run = type("Run", (), {"dag_id": "news_stories", "run_id": "scheduled__1"})

    callback({"reason": reason, "dag_run": run})

    assert n == len(inbox)


def _list(one_or_more: Any) -> list[Any]:
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


@pytest.mark.parametrize("url", ["json://127.0.0.1:1/nobody-listens", "no-such-service://x"])
def test_a_message_that_can_not_be_sent_changes_nothing_else(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    connect(monkeypatch, url)

    run = run_dag(dag_file, "2062-01-01")

    assert "failed" == run.state
    assert "not over yet" in note(run)


def test_without_a_connection_nobody_is_told(dag_file: Any, places: Path) -> None:
    assert "not over yet" in note(run_dag(dag_file, "2062-01-01"))
