"""Ctrl-C is one line and exit code 130, wherever it falls."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.app import interrupt
from tests.command import ROOT, newsfold

LINE = "newsfold: interrupted; what is published stays, and the next run does the rest\n"


def started(command: list[str], point: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in a process group of its own, as a shell starts it, that is interrupted at a point."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'tests/interrupter'}:{ROOT}", **more}
    environment["INTERRUPT_AT"] = point
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        start_new_session=True,
    )


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    """Twenty documents, where to put their tables."""
    folder = tmp_path / "landing" / "day=2026-03-05"
    folder.mkdir(parents=True)
    rows = [
        {
            "url": f"https://bay.example/{n}",
            "text": f"The bridge number {n} was closed by the city on Monday.",
        }
        for n in range(20)
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return ["--landing", str(tmp_path / "landing"), "--warehouse", str(tmp_path / "warehouse")]


@pytest.mark.long
@pytest.mark.parametrize(
    "point",
    [
        "import pipeline.app.cli 1",
        "import typer 3",
        "import pydantic_settings 1",
        "import pyarrow 1",
        "import numba 1",
        "import rich.console 1",
        "subprocess.Popen sandbox 1",  # before the child that parses starts
        "subprocess.Popen sandbox 3",
        "os.rename articles/ 1",
        "os.rename memberships/ 3",
    ],
)
def test_an_interrupt_is_one_line_at_any_moment(point: str, place: list[str]) -> None:
    """While it is imported, while a worker parses, while tables are put in their places; once, and in a fury."""
    done = started([sys.executable, "-m", "pipeline", "run", "-q", *place], point)

    assert (interrupt.EXIT, LINE) == (done.returncode, done.stderr)


@pytest.mark.long
def test_the_next_run_does_the_rest(place: list[str]) -> None:
    """Whoever held a lock has given it back."""
    assert (
        130
        == started([sys.executable, "-m", "pipeline", "run", "-q", *place], "os.rename links/ 1").returncode
    )

    again = newsfold("run", "--json", *place)

    assert 0 == again.returncode, again.stderr
    assert 20 == json.loads(again.stdout)["n_raw"]


def test_what_does_not_end_is_ended() -> None:
    """A piece of work that passes over the interrupt does not keep the process."""
    code = """
import os, signal
from pipeline.app import interrupt

def deaf():
    while True:
        try:
            os.killpg(0, signal.SIGINT) if not interrupt._is_unwinding() else signal.pause()
        except BaseException:
            pass

interrupt.guarded(deaf)
"""
    done = started([sys.executable, "-c", code], "never at 0")

    assert (interrupt.EXIT, LINE) == (done.returncode, done.stderr)


@pytest.mark.long
def test_a_process_that_is_to_ignore_interrupts_does(place: list[str]) -> None:
    """What `nohup` and a script's `&` ask for."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = started([sys.executable, "-m", "pipeline", "run", "-q", *place], "import pyarrow 1")
    finally:
        signal.signal(signal.SIGINT, before)

    assert 0 == done.returncode, done.stderr
