"""A real Airflow for tests and benchmarks: `make airflow` over a PostgreSQL of its own, both on free ports of loopback."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).parents[1]
TERMINAL = {"success", "failed"}
_SCHEDULER = [str(Path(sys.executable).parent / "airflow"), "scheduler"]


def postgres_programs() -> Path | None:
    """Where PostgreSQL's server programs are: Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own, its log in `folder`; yields a connection as Airflow wants it."""
    programs, port = postgres_programs(), free_port()
    assert programs, "PostgreSQL is not installed"
    data = Path(
        tempfile.mkdtemp(prefix="newsfold-postgres-")
    )  # beside the test's folder, which only its owner may enter
    user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    subprocess.run(
        [*user, programs / "initdb", "-D", data, "-U", "airflow", "--auth=trust", "--no-sync"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen(
            [*user, programs / "postgres", "-D", data, "-p", str(port), *options],
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )
    try:
        wait(lambda: _answers(port), 30, "PostgreSQL")
        yield f"postgresql+psycopg2://airflow@127.0.0.1:{port}/postgres"
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(30)
        shutil.rmtree(data)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait(done: Callable[[], Any], seconds: float, what: str, every: float = 0.5) -> Any:
    """What `done` returns once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < deadline, f"{what}: nothing after {seconds} s"
        time.sleep(every)
    return found


class Airflow:
    """A running Airflow, through its REST API."""

    def __init__(self, home: Path, port: int, server: subprocess.Popen[bytes]) -> None:
        self.home, self.port, self.server = home, port, server
        self.environment: dict[str, str] = {}
        self.schedulers: list[
            subprocess.Popen[bytes]
        ] = []  # those that took the place of one that was killed
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def log_in(self) -> None:
        password = json.loads((self.home / "passwords.json").read_text())["admin"]
        reply = self.http.post("/auth/token", json={"username": "admin", "password": password})
        reply.raise_for_status()
        self.http.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"

    def call(self, method: str, path: str, **json_body: Any) -> Any:
        reply = self.http.request(method, f"/api/v2{path}", json=json_body or None)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else None

    def processes(self) -> list[psutil.Process]:
        """All processes of this Airflow: those that `make airflow` started, and the schedulers that took the place of killed ones."""
        own = [p for root in (self.server, *self.schedulers) for p in _tree(root.pid)]
        return [process for process in own if process.pid != self.server.pid]

    def restart_scheduler(self) -> None:
        """Kill the scheduler with all that it started, as when its machine is gone; start another, which stays."""
        forks = {p.pid: p for p in self.processes() if _words(p)[1:3] == _SCHEDULER}
        (scheduler,) = [
            p for p in forks.values() if p.ppid() not in forks and p.status() != psutil.STATUS_ZOMBIE
        ]
        for process in _tree(scheduler.pid):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        again = f". {self.home}/environment.sh; exec airflow scheduler --skip-serve-logs"
        with (self.home / "scheduler.log").open("wb") as log:
            self.schedulers.append(
                subprocess.Popen(["/bin/sh", "-c", again], stdout=log, stderr=log, env=self.environment)
            )

    def is_healthy(self) -> bool:
        try:
            parts = self.http.get("/api/v2/monitor/health").json()
        except (httpx.HTTPError, ValueError):
            return False
        return all(
            parts[name]["status"] == "healthy" for name in ("metadatabase", "scheduler", "dag_processor")
        )

    def unpause(self, *dags: str) -> None:
        for dag in dags:
            self.call("PATCH", f"/dags/{dag}", is_paused=False)

    def trigger(self, dag: str, **conf: Any) -> str:
        return str(self.call("POST", f"/dags/{dag}/dagRuns", logical_date=None, conf=conf)["dag_run_id"])

    def backfill(self, first: str, last: str, reprocess: str = "completed", **more: Any) -> int:
        """Start a backfill of `news_stories` as the command line does; returns its id."""
        asked = {"dag_id": "news_stories", "from_date": f"{first}T00:00:00Z", "to_date": f"{last}T00:00:00Z"}
        asked |= {"reprocess_behavior": reprocess, "max_active_runs": 1, "run_backwards": False, **more}
        return int(self.call("POST", "/backfills", **asked)["id"])

    def backfilled(self, backfill: int, seconds: float) -> None:
        """Wait until a backfill is over; Airflow says so up to half a minute late."""
        wait(
            lambda: self.call("GET", f"/backfills/{backfill}")["completed_at"],
            seconds,
            f"backfill {backfill}",
        )

    def runs(self, dag: str) -> list[dict[str, Any]]:
        found = self.call("GET", f"/dags/{dag}/dagRuns?limit=100&order_by=start_date")
        return list(found["dag_runs"])

    def settled(self, dag: str, run: str, seconds: float = 120) -> str:
        """The state in which a run ended."""
        path = f"/dags/{dag}/dagRuns/{run}"
        return str(
            wait(lambda: (s := self.call("GET", path)["state"]) in TERMINAL and s, seconds, f"{dag} {run}")
        )

    def quiet(self, dag: str, seconds: float) -> list[dict[str, Any]]:
        """All runs of a DAG, once none is queued or running."""

        def over() -> list[dict[str, Any]]:
            found = self.runs(dag)
            return found if {run["state"] for run in found} <= TERMINAL else []

        return list(wait(over, seconds, dag))

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        return list(self.call("GET", f"/dags/{dag}/dagRuns/{run}/taskInstances?limit=100")["task_instances"])

    def events(self) -> list[dict[str, Any]]:
        """The asset events of published days, oldest first."""
        found = self.call("GET", "/assets/events?limit=100&order_by=timestamp")["asset_events"]
        return [event for event in found if event["name"] == "newsfold_stories"]


def _tree(root: int) -> list[psutil.Process]:
    """A process with all that it started; nothing once it has ended."""
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _words(process: psutil.Process) -> list[str]:
    """The command line of a process; none of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def airflow(
    folder: Path, landing: Path | str, warehouse: Path | str, **environment: str
) -> Iterator[Airflow]:
    """Airflow as `make airflow` starts it, on PostgreSQL; it is healthy when this yields, its DAGs are read and paused."""
    home, port = folder / "airflow", free_port()
    with postgres(folder) as database:
        env = os.environ | {
            "NEWSFOLD_LANDING": str(landing),
            "NEWSFOLD_WAREHOUSE": str(warehouse),
            "NEWSFOLD_WORKERS": "1",
            "NEWSFOLD_RETRY_SECONDS": "1",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            **environment,
        }
        env.pop("MAKEFLAGS", None)
        given = [f"AIRFLOW_HOME={home}", f"AIRFLOW_PORT={port}", f"AIRFLOW_DB={database}"]
        # The environment is there, or nothing would run this: its recipe is left alone.
        venv = Path(sys.executable).parents[1]
        given += [f"VENV={venv}"]
        command = ["make", "--silent", "--directory", str(ROOT), "-o", f"{venv}/.airflow", "airflow", *given]
        with (folder / "airflow.log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)
        service = Airflow(home, port, server)
        service.environment = env
        try:
            wait(lambda: server.poll() is not None or service.is_healthy(), 300, "Airflow")
            assert server.poll() is None, (folder / "airflow.log").read_text()[-2000:]
            service.log_in()
            wait(lambda: len(service.call("GET", "/dags")["dags"]) == 5, 120, "DAGs")
            yield service
        finally:
            for scheduler in service.schedulers:
                scheduler.terminate()
                scheduler.wait(60)
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; a second one when the first does not help."""
    for seconds in (60, 10):
        os.killpg(server.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return
    os.killpg(server.pid, signal.SIGKILL)
