"""Try newsfold's DAGs in an Airflow on this machine: `make airflow`, or `python -m deploy.local_airflow --help`.

Starts scheduler, DAG processor, triggerer and API server under one parent, all on 127.0.0.1, with the DAGs of this
checkout unpaused. Ctrl-C ends it. Variables that are set in the environment win over those set here. If the environment names
neither landing zone nor warehouse, the sample articles are delivered into their own folder, demo/.

`. airflow_home/environment.sh` lets a shell use this Airflow's command line.
"""

import json
import logging
import os
import secrets
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pipeline.app import demo
from pipeline.store.uris import open_storage

log = logging.getLogger(__name__)


_ROOT = Path(__file__).resolve().parents[1]
_DATABASE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


def main(
    home: Annotated[Path, typer.Option(help="The folder for Airflow's files.")] = _ROOT / "airflow_home",
    database: Annotated[
        str,
        typer.Option(
            help="An SQLAlchemy URL, such as postgresql+psycopg2://user:password@host/name.  [default: SQLite]"
        ),
    ] = "",
    port: Annotated[int, typer.Option(help="The port of the web interface.")] = 8080,
) -> None:
    """Start Airflow, print how to log in, and run until interrupted."""
    home = home.resolve()
    login = home / "passwords.json"
    home.mkdir(parents=True, exist_ok=True)
    if not login.exists():
        _write_private(login, json.dumps({"admin": secrets.token_urlsafe(9)}))
    password = json.loads(login.read_text())["admin"]
    if samples := _places(os.environ):
        demo.deliver(open_storage(samples["NEWSFOLD_LANDING"]))
    env = environment(home, database, port)
    keep_environment(env, home)
    typer.echo(
        f"Airflow will be at http://127.0.0.1:{port} in about a minute. Log in as admin with {password}"
    )
    sys.exit(_supervise(env))


def keep_environment(env: Mapping[str, str], home: Path) -> None:
    """Write Airflow's variables and newsfold's, for a shell to read that knows none of them."""
    ours = sorted(name for name in env if name.startswith(("AIRFLOW", "NEWSFOLD_")) or name == "PATH")
    lines = [f"export {name}={shlex.quote(env[name])}\n" for name in ours]
    _write_private(home / "environment.sh", "".join(lines))


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text)


def environment(home: Path, database: str, port: int) -> dict[str, str]:
    """The environment of Airflow: defaults, then this process's environment, then what must be as given here."""
    url = f"http://127.0.0.1:{port}"
    said = {name: value for name, value in os.environ.items() if name != _DATABASE}
    return {
        **_places(os.environ),
        "AIRFLOW__CORE__PARALLELISM": "4",  # with 32, SQLite fails with "database is locked"; four tasks keep two processors busy
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",  # seconds until a new DAG file is seen; the default is 300
        # What a killed scheduler or task was doing goes on after a minute or two; with the defaults, after five.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "90",
        **said,
        "AIRFLOW_HOME": str(home),
        # By a command, so that tasks, for which Airflow blocks the URL itself, can still start `airflow db clean`.
        f"{_DATABASE}_CMD": f"printf %s {shlex.quote(database or f'sqlite:///{home}/airflow.db')}",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__DAGS_FOLDER": str(_ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(_ROOT / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def _places(said: Mapping[str, str]) -> dict[str, str]:
    """Landing zone and warehouse of the samples if the environment names neither, else nothing: the two are never mixed with the user's."""
    names = ("NEWSFOLD_LANDING", "NEWSFOLD_WAREHOUSE")
    if any(name in said or f"AIRFLOW_VAR_{name}" in said for name in names):
        return {}
    return dict(zip(names, (str(_ROOT / demo.LANDING), str(_ROOT / demo.WAREHOUSE)), strict=True))


def _supervise(env: dict[str, str]) -> int:
    """Run `deploy.standalone` and end it cleanly on an interrupt; a second interrupt kills it at once.

    An interrupt from the terminal reaches every process of the group. Airflow's scheduler then waits forever for its idle
    workers. So Airflow gets a session of its own, and only its parent is interrupted.
    """
    # In the background of a script, interrupts are ignored, and Airflow would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-m", "deploy.standalone"]
    running = subprocess.Popen(command, env=env, cwd=_ROOT, start_new_session=True)  # noqa: S603 - our own module
    asked: list[int] = []

    def end(name: int, _frame: object) -> None:
        if asked:
            os.killpg(running.pid, signal.SIGKILL)
        elif running.poll() is None:
            running.send_signal(signal.SIGINT)
        asked.append(name)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    return running.wait()


if __name__ == "__main__":
    typer.run(main)
