"""The commands of docs/operations.md and docs/consumers.md run as they stand there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from tests.composed import SERVICES
from tests.conftest import deliver, make_desk
from tests.dag_runs import ROOT
from tests.world import POOL

pytestmark = pytest.mark.xdist_group("dags")

_PAGES = ("operations.md", "consumers.md")
_PROGRAMS = ("newsfold", "airflow", "make", "docker", "export", ".")
_MENTIONED = {"newsfold run --day", "airflow tasks clear -t"}  # names of an option in a sentence


def pages() -> str:
    """The pages without fenced blocks, and without the runbook whose commands `test_runbook` runs in a shell."""
    text = "\n".join((ROOT / "docs" / page).read_text() for page in _PAGES)
    text, n_runbooks = re.subn(r"^## Back up.*?(?=^## )", "", text, flags=re.DOTALL | re.MULTILINE)
    assert 1 == n_runbooks
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def commands(first: str) -> list[str]:
    """The command lines of the pages that begin with a word: indented blocks, and code in a text that is a whole command."""
    text = pages()
    joined = re.sub(r"\\\n\s+", "", text)
    blocks = [line.strip() for line in re.findall(r"^ {4}(\S.*)$", joined, re.MULTILINE)]
    spans = re.findall(r"`((?:newsfold|airflow) [a-z]+ [^`]*)`", text)
    found = dict.fromkeys([*blocks, *spans])
    return [line for line in found if line.split()[0] == first and "…" not in line and line not in _MENTIONED]


def words(line: str) -> list[str]:
    """The words of a command, as far as it is one of ours: not where a shell puts its output."""
    found = shlex.split(line, comments=True)
    return list(takewhile(lambda word: word not in {">", "|", ";", "&&"}, found))


def test_every_block_of_commands_begins_with_a_program_that_a_test_here_knows() -> None:
    text = pages()
    lines = re.findall(r"(?<=\n\n) {4}(\S.*)$", text, re.MULTILINE)
    shown = ("newsfold:", "<warehouse>/")  # what a command says, and what a path looks like

    assert [] == [line for line in lines if line.split()[0] not in _PROGRAMS and not line.startswith(shown)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A week that was delivered, and made but for its last day, in a warehouse where the pages have it; and a part of today."""
    root = tmp_path_factory.mktemp("operations")
    desk = make_desk(root, EmbeddedEngine(1))
    for n in range(7):
        day = date(2026, 3, 1) + timedelta(days=n)
        deliver(desk, day, POOL[n])
        if n < 6:
            run_day(desk, day)
    deliver(desk, datetime.now(UTC).date(), POOL[0])
    return root


def article_of(place: Path) -> str:
    """One of the day that the pages name; none where they have removed it."""
    found = sorted(place.glob("warehouse/articles/day=2026-03-05/*.parquet"))
    return str(pq.read_table(found[0])["article_id"][0]) if found else ""


# `status` and `repair --dry-run` say by their code what they found; the rest must do what it says.
_TELLING = {"status": {0, 3}, "repair": {0, 3}}


@pytest.mark.parametrize("line", commands("newsfold"))
def test_a_command_of_newsfold_does_what_the_page_says(line: str, place: Path) -> None:
    """In the order of the page, on one warehouse; a new place of the documents is a copy of the old one."""
    moved = place / "new" / "landing"
    if "--landing-moved" in line and not moved.exists():
        moved.parent.mkdir()
        (place / "landing").rename(moved)
    if "trial" in line:  # some days with another setting, in a warehouse of their own
        shutil.copytree(place / "warehouse", place / "trial")
    named = {"/new/landing": str(moved), "20260305a1b2": article_of(place), "N": "0"}
    asked = [named.get(word, word) for word in words(line)[1:]]
    environment = os.environ | {"NEWSFOLD_WAREHOUSE": str(place / "warehouse"), "NEWSFOLD_WORKERS": "1"}
    environment.pop("NEWSFOLD_LANDING", None)
    said = subprocess.run(
        [sys.executable, "-m", "pipeline", *asked],
        env=environment | {"PYTHONPATH": str(ROOT)},
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode in _TELLING.get(asked[0], {0}), said.stderr


@pytest.fixture
def airflow_says(dag_file: Any) -> Callable[[list[str]], Any]:
    """Airflow's command line in this process, on the tests' database, which knows the DAGs."""
    from airflow.cli.cli_parser import get_parser

    def run(asked: list[str]) -> Any:
        parsed = get_parser().parse_args(asked)
        return parsed.func(parsed)

    run(["dags", "reserialize"])
    return run


@pytest.mark.parametrize("line", [c for c in commands("airflow") if "backfill" not in c])
def test_a_command_of_airflow_does_what_the_page_says(line: str, airflow_says: Any) -> None:
    airflow_says(words(line)[1:])


def test_the_backfill_of_the_page_makes_runs_for_its_days(airflow_says: Any) -> None:
    from airflow.models.backfill import BackfillDagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    (line,) = [c for c in commands("airflow") if "backfill create" in c]
    airflow_says(words(line)[1:])

    with create_session() as session:
        days = {str(found.logical_date.date()) for found in session.scalars(select(BackfillDagRun))}
    assert {f"2026-03-0{n}" for n in range(1, 8)} == days


def test_the_connection_of_the_page_leads_to_services_that_apprise_knows() -> None:
    import apprise

    (line,) = [c for c in commands("airflow") if "newsfold_notify" in c]
    config = json.loads(words(line)[-1])["config"]

    assert ["slack", "mailtos"] == [apprise.Apprise.instantiate(c["path"]).secure_protocol for c in config]


@pytest.mark.parametrize("line", commands("docker"))
def test_a_command_of_docker_names_services_and_profiles_of_the_file(line: str) -> None:
    """Nobody has an engine here: what such a line runs in a service is looked at by the other tests."""
    asked = words(line)[2:]
    profiles = {p for s in SERVICES.values() for p in s.get("profiles", [])}
    named = [asked[n + 1] for n, word in enumerate(asked) if word == "--profile"]
    inside = next((n for n, word in enumerate(asked) if word in {"exec", "run"}), None)

    assert set(named) <= profiles
    assert "up" in asked or inside is not None
    if inside is not None:
        service = next(word for word in asked[inside + 1 :] if not word.startswith("-"))
        assert service in SERVICES
        assert asked[asked.index(service) + 1] in {"airflow", "newsfold"}


@pytest.mark.parametrize("line", commands("make"))
def test_a_target_of_make_is_there(line: str) -> None:
    made = subprocess.run([*words(line), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert 0 == made.returncode, made.stderr


def test_a_shell_that_reads_the_environment_of_make_airflow_uses_its_airflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is set in that shell: `airflow` is found, with its home and its database, also where `make` was given them."""
    from deploy import local_airflow

    home = tmp_path / "air flow"
    home.mkdir()
    monkeypatch.setenv("AIRFLOW_HOME", str(home))
    local_airflow.keep_environment(local_airflow.environment(home, "", 8080), home)
    ask = f". '{home}/environment.sh'; echo $AIRFLOW_HOME; airflow config get-value database sql_alchemy_conn"
    said = subprocess.run(
        ["env", "-i", "HOME=/nowhere", "/bin/sh", "-c", ask], capture_output=True, text=True, check=False
    )

    assert [str(home), f"sqlite:///{home}/airflow.db"] == said.stdout.strip().splitlines()
    assert 0o600 == (home / "environment.sh").stat().st_mode & 0o777
    assert (home / "environment.sh").name in (ROOT / "docs" / "operations.md").read_text()
