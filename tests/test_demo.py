"""What a new user does first: the samples, then the README's commands with documents of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from deploy import local_airflow
from pipeline.app import demo
from pipeline.model.days import span
from pipeline.model.errors import MissingInputError
from pipeline.store.local import LocalStorage
from tests.command import newsfold, records
from tests.conftest import published
from tests.test_landing_zone import noted

ROOT = Path(__file__).parents[1]


def test_the_samples_are_made_in_a_folder_of_their_own(tmp_path: Path) -> None:
    """Whatever the settings of the place name as landing zone and warehouse."""
    (tmp_path / "newsfold.toml").write_text("landing = 'mine'\nwarehouse = 'tables'\n")

    first = newsfold("demo", "-q", cwd=tmp_path)
    before = published(tmp_path / "demo" / "warehouse")
    again = newsfold("demo", "--json", cwd=tmp_path)

    assert (0, 0) == (first.returncode, again.returncode), first.stderr + again.stderr
    assert "stories --warehouse demo/warehouse\n" in first.stdout
    assert (5, []) == (json.loads(again.stdout)["n_raw"], json.loads(again.stdout)["changed"])
    assert before == published(tmp_path / "demo" / "warehouse")
    assert {"demo", "newsfold.toml"} == {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "demo" / "landing").as_uri() == noted(tmp_path / "demo" / "warehouse")


def test_the_samples_never_go_into_a_warehouse_that_is_made_from_elsewhere(tmp_path: Path) -> None:
    """Not even into one that stands where theirs would."""
    folder = tmp_path / "mine" / "day=2026-03-05"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("The bridge over the river was closed by the city on Monday for repairs.")
    place = ("--landing", "mine", "--warehouse", "demo/warehouse")
    assert 0 == newsfold("run", "-q", *place, cwd=tmp_path).returncode
    before = published(tmp_path / "demo" / "warehouse")

    found = newsfold("demo", cwd=tmp_path)

    assert 2 == found.returncode
    assert "demo/warehouse is made from" in found.stderr
    assert not (tmp_path / "demo" / "landing").exists()
    assert before == published(tmp_path / "demo" / "warehouse")


def test_samples_that_are_not_there_are_missed_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_SEEDS", tmp_path / "seeds")

    with pytest.raises(MissingInputError, match="the sample articles are missing"):
        demo.deliver(LocalStorage(tmp_path / "landing"))


def test_the_package_has_the_samples() -> None:
    """By a link to the folder that the tests read, which a build follows; every image copies both ends of it."""
    assert (ROOT / "seeds").resolve() == demo._SEEDS.resolve()
    assert [ROOT / "pipeline"] == [
        folder for folder in demo._SEEDS.parents if (folder / "settings.py").exists()
    ]
    assert 2 == (ROOT / "Dockerfile").read_text().count("COPY pipeline ./pipeline\nCOPY seeds ./seeds\n")


def test_make_runs_the_samples_and_clears_away_no_warehouse_but_theirs() -> None:
    made = {
        target: subprocess.run(
            ["make", "--dry-run", "--no-print-directory", "-o", ".venv/.run", target],
            cwd=ROOT, check=True, capture_output=True, text=True, env=os.environ | {"MAKEFLAGS": ""},
        ).stdout.splitlines()[-1]
        for target in ("run", "clean")
    }  # fmt: skip

    assert ".venv/bin/newsfold demo" == made["run"]
    assert "rm -rf .venv .venv-3.1[1-3] demo" == made["clean"]


@pytest.mark.parametrize(
    "said",
    [
        "NEWSFOLD_LANDING",
        "NEWSFOLD_WAREHOUSE",
        "AIRFLOW_VAR_NEWSFOLD_LANDING",
        "AIRFLOW_VAR_NEWSFOLD_WAREHOUSE",
    ],
)
def test_airflow_on_this_machine_never_sets_the_samples_beside_a_place_of_the_users(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANDING", "WAREHOUSE"):
        monkeypatch.delenv(f"NEWSFOLD_{name}", raising=False)
    alone = local_airflow.environment(tmp_path, "", 8080)
    monkeypatch.setenv(said, "/mine")
    beside = local_airflow.environment(tmp_path, "", 8080)

    places = [alone["NEWSFOLD_LANDING"], alone["NEWSFOLD_WAREHOUSE"]]
    assert [str(ROOT / "demo" / "landing"), str(ROOT / "demo" / "warehouse")] == places
    assert {"/mine"} == {
        v for n, v in beside.items() if n.endswith(("NEWSFOLD_LANDING", "NEWSFOLD_WAREHOUSE"))
    }


@pytest.mark.long
def test_the_commands_of_the_readme_run_as_they_stand_and_keep_what_they_made(tmp_path: Path) -> None:
    """In order, by a shell, with a week of documents: each ends well, and the days stay those of the landing zone."""
    for day in span(date(2026, 3, 1), date(2026, 3, 7)):
        folder = tmp_path / "landing" / f"day={day}"
        folder.mkdir(parents=True)
        for n in range(7):
            (folder / f"{n}.txt").write_text(
                f"Ferry {n} to Altena left on {day} with {n + 11} cars and {n} dogs on board."
            )
    block = next(b for b in re.split(r"\n\n(?=\S)", (ROOT / "README.md").read_text()) if "newsfold run" in b)
    lines = [line.strip() for line in block.splitlines() if line.startswith("    ")]
    first = f'articles=$(python -c \'import pyarrow.parquet as p; print(p.read_table("{tmp_path}/warehouse/articles/day=2026-03-05")["article_id"][0])\')'
    script = "\n".join(
        ["set -e", *lines[:1], first, *(li.replace("20260305a1b2c3d4", "$articles") for li in lines[1:])]
    )
    bin_ = tmp_path / ".venv" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "newsfold").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n')
    (bin_ / "newsfold").chmod(0o755)
    named = {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    bare = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFOLD_")}

    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", script],
        cwd=tmp_path, env=bare | named, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert 10 < len(lines)
    assert 0 == done.returncode, done.stderr
    days = records(newsfold("status", "--json", "--warehouse", str(tmp_path / "warehouse")).stdout)
    assert [("fresh", 7)] * 7 == [(day["state"], day["n_raw"]) for day in days]
