"""Every command of docker-compose.yml that an image of ours runs, with the user, the environment and the places that it has there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.clusters import environment
from tests.composed import ROOT, Stage, stage, store
from tests.live_airflow import postgres, postgres_programs, wait

AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer")


@contextmanager
def running(there: Stage, names: tuple[str, ...], folder: Path) -> Iterator[None]:
    """The services, each started when the one before it is well by its own health check."""
    started = []
    try:
        for name in names:
            log = folder / f"{name}.log"
            with log.open("wb") as sink:
                started.append(there.start(there.words(name), name, stdout=sink, stderr=sink))
            wait(partial(there.is_well, name), 240, f"{name}, whose log is {log}", every=2)
        yield
    finally:
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.soak
@pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL's server is not installed")
def test_the_services_start_and_make_the_sample_day_by_themselves(tmp_path: Path) -> None:
    """From `make env` to a published day: nobody unpauses a DAG, sets a path or writes outside what is the user's own."""
    (tmp_path / "store").mkdir()
    with stage("airflow") as there, postgres(tmp_path) as address:
        port = int(address.rsplit(":", 1)[1].split("/")[0])
        there.ports["postgres"] = port
        _create_database(port)
        check = [word.replace("--dbname", f"--port={port} --dbname") for word in there.check("postgres")]
        assert 0 == subprocess.run(" ".join(check), shell=True, check=False).returncode  # noqa: S602 - our own words
        with store(tmp_path / "store", there.given, there.ports["s3"]):
            assert 0 == there.start(there.words("airflow-init"), "airflow-init").wait()
            with running(there, AIRFLOW, tmp_path):
                api = httpx.Client(base_url=f"http://127.0.0.1:{there.ports['api']}", timeout=60)
                login = {"username": "admin", "password": there.given["ADMIN_PASSWORD"]}
                token = api.post("/auth/token", json=login).json()["access_token"]
                api.headers["Authorization"] = f"Bearer {token}"
                wait(lambda: "success" in _states(api, "news_repair"), 400, "a repair", every=3)
                events = api.get("/api/v2/assets/events?limit=100").json()["asset_events"]
    assert "2026-03-05" in {event["partition_key"] for event in events}


def _states(api: httpx.Client, dag: str) -> set[str]:
    return {run["state"] for run in api.get(f"/api/v2/dags/{dag}/dagRuns").json()["dag_runs"]}


def _create_database(port: int) -> None:
    programs = postgres_programs()
    assert programs
    command = [programs / "createdb", "--host=127.0.0.1", f"--port={port}", "--username=airflow", "airflow"]
    subprocess.run(command, check=True)


@pytest.mark.cluster
def test_the_spark_profile_makes_the_sample_day(tmp_path: Path) -> None:
    """Master, worker and driver; what Spark writes lies where their user may write."""
    (tmp_path / "store").mkdir()
    with stage("spark") as there, store(tmp_path / "store", there.given, there.ports["s3"]) as url:
        keys = {"AWS_ACCESS_KEY_ID": there.given["S3_ACCESS_KEY"]}
        keys |= {"AWS_SECRET_ACCESS_KEY": there.given["S3_SECRET_KEY"], "AWS_ENDPOINT_URL": url}
        for name in ("NEWSFOLD_LANDING", "NEWSFOLD_WAREHOUSE"):
            keys[name] = there.given[name]
        keys["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"] = str(tmp_path / "passwords.json")
        keys["ADMIN_PASSWORD_FILE"] = str(there.folder / "secrets" / "admin_password")
        fill = [sys.executable, "-m", "deploy.compose", "init"]
        subprocess.run(
            fill, check=True, cwd=ROOT, env=os.environ | keys | {"AWS_DEFAULT_REGION": "us-east-1"}
        )
        small = environment(there.folder / "conf")
        there.more = {
            name: small[name]
            for name in ("SPARK_CONF_DIR", "SPARK_LOCAL_IP", "SPARK_DAEMON_MEMORY", "NEWSFOLD_NEAR_MB")
        }
        there.given |= {"SPARK_WORKER_CORES": "1", "SPARK_WORKER_MEMORY": "900m"}
        with running(there, ("spark-master", "spark-worker"), tmp_path):
            driver = there.start([*there.words("spark"), "--json"], "spark", stdout=subprocess.PIPE)
            told, _ = driver.communicate(timeout=400)
        made = [path.name for path in Path(there.here("/opt/spark/work")).iterdir()]
    assert 0 == driver.returncode
    assert 5 == json.loads(told)["n_raw"]
    assert made  # the worker's folders of the applications that it ran
