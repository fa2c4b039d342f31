"""Spark as it runs elsewhere, on this machine: a Connect server, and a standalone cluster of a master and workers.

Everything is started from PySpark's own files, listens on the loopback address, and is ended by its process id.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
DEFAULTS = {
    "spark.driver.memory": "1g",
    "spark.executor.memory": "700m",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.showConsoleProgress": "false",
    "spark.ui.enabled": "false",
}
QUIET = "rootLogger.level = error\nrootLogger.appenderRef.stderr.ref = stderr\nappender.stderr.type = Console\nappender.stderr.name = stderr\nappender.stderr.target = SYSTEM_ERR\nappender.stderr.layout.type = PatternLayout\n"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process that is to use Spark with little memory, quietly, on the loopback address. What is stated as
    empty is left to Spark.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} {value}" for name, value in (DEFAULTS | more).items() if value]
    (folder / "spark-defaults.conf").write_text("\n".join(lines))
    (folder / "log4j2.properties").write_text(QUIET)
    return {
        **os.environ,
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "NEWSFOLD_NEAR_MB": "0",  # small days are to go to Spark, too
        "PYTHONWARNINGS": "ignore::FutureWarning",
    }


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """A Spark Connect server on local[2]; yields its URL."""
    port = free_port()
    options = {
        "spark.connect.grpc.binding.port": str(port),
        "spark.connect.grpc.binding.address": "127.0.0.1",
    }
    command = [
        "spark-submit",
        "--master",
        "local[2]",
        "--class",
        "org.apache.spark.sql.connect.service.SparkConnectServer",
    ]
    env = environment(folder / "conf", **options) | {
        "SPARK_DAEMON_MEMORY": "1g"
    }  # which is its memory, not the driver's
    with _process([*command, "spark-internal"], folder, env):
        wait_for(lambda: _listens(port), 240)
        yield f"sc://127.0.0.1:{port}"


@dataclass(frozen=True)
class Cluster:
    """A standalone cluster: the master's URL, and the processes of its workers."""

    master: str
    workers: list["subprocess.Popen[bytes]"]

    def executors(self) -> list[int]:
        """The process ids of the executors."""
        return [child for worker in self.workers for child in children(worker.pid)]

    def kill_worker(self) -> None:
        """Kill one worker and its executors at once."""
        worker = self.workers[0]
        for pid in [worker.pid, *children(worker.pid)]:
            os.kill(pid, signal.SIGKILL)


@contextmanager
def standalone(folder: Path, n_workers: int = 2) -> Iterator[Cluster]:
    """A master and workers with one core each."""
    port, env = free_port(), environment(folder / "conf")
    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as running:

        def start(name: str, *options: str) -> "subprocess.Popen[bytes]":
            command = [
                "spark-class",
                f"org.apache.spark.deploy.{name}",
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                *options,
            ]
            return running.enter_context(_process(command, folder, env))

        start("master.Master", "--port", str(port))
        wait_for(lambda: _listens(port), 240)
        options = ("--cores", "1", "--memory", "900m", "--work-dir", str(folder / "work"), master)
        workers = [start("worker.Worker", *options) for _ in range(n_workers)]
        wait_for(lambda: (folder / "log").read_text().count("Successfully registered") >= n_workers, 240)
        yield Cluster(master, workers)


def running_jobs(ui_port: int) -> list[str]:
    """The descriptions of the jobs that a driver runs now, as its own pages tell them."""
    try:
        (application,) = _ask(ui_port, "applications")
        return [
            job.get("description", "")
            for job in _ask(ui_port, f"applications/{application['id']}/jobs?status=running")
        ]
    except (OSError, ValueError):
        return []


def wait_for(is_so: Callable[[], Any], seconds: float) -> None:
    """Wait until it is so; raises TimeoutError."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except FileNotFoundError:
        return []


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process, of those that it started, and of those of them that have ended; 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    own = sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(cpu_seconds, children(pid)))


@contextmanager
def _process(command: list[str], folder: Path, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    import pyspark

    home = Path(pyspark.__file__).parent
    (folder / "conf/log4j2.properties").write_text(QUIET.replace("error", "info", 1))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [str(home / "bin" / command[0]), *command[1:]], env=env, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        ended = [process.pid, *children(process.pid)]
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pid in ended[1:]:
            _kill(pid)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _ask(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}", timeout=5) as answer:
        return json.load(answer)
