"""The runbook for backups: its commands, as they are written, in a shell."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import ROOT, newsfold
from tests.conftest import published

DAY = "2026-03-05"


def commands(heading: str) -> str:
    """The commands of a section of the page, without those of the sections below it."""
    page = (ROOT / "docs/operations.md").read_text()
    section = re.split(r"\n#+ ", page.partition(f"\n{heading}\n")[2])[0]
    lines = re.findall(r"^    (.+)$", section, re.MULTILINE)
    assert lines, heading
    return "\n".join(lines)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Landing zone and warehouse as the page has them, and newsfold on the path."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/newsfold"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n')
    program.chmod(0o755)
    landing = tmp_path / f"landing/day={DAY}"
    landing.mkdir(parents=True)
    for page in sorted((ROOT / f"seeds/day={DAY}").iterdir()):
        (landing / page.name).write_bytes(page.read_bytes())
    done = newsfold(
        "run", "-q", "--landing", str(tmp_path / "landing"), "--warehouse", str(tmp_path / "warehouse")
    )
    assert 0 == done.returncode, done.stderr
    return tmp_path


def typed(place: Path, script: str) -> subprocess.CompletedProcess[str]:
    """What a person types in that folder, one command after another; the first that fails ends it."""
    environment = os.environ | {
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "NEWSFOLD_WAREHOUSE": str(place / "warehouse"),
        "BACKUP": str(place / "backup"),
    }
    return subprocess.run(
        ["bash", "-euc", script],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.long
def test_a_warehouse_is_backed_up_lost_and_restored(place: Path) -> None:
    """Documents that came after the backup are in it afterwards; nothing else is made again."""
    done = typed(place, commands("## Back up and restore"))
    assert 0 == done.returncode, done.stderr
    assert "all are whole" in done.stdout
    backup = published(place / "backup/warehouse")
    assert backup == published(place / "warehouse")

    late = place / f"landing/day={DAY}/late.txt"
    late.write_text(
        "The ferry across the Lenne did not run on Thursday, because the landing stage was under water again."
    )
    (place / f"warehouse/articles/day={DAY}/part-0.parquet").write_bytes(b"")
    done = typed(place, commands("### Restore a warehouse"))
    assert 0 == done.returncode, done.stderr
    assert "all are whole" in done.stdout
    assert "1 of 1 day to run" in done.stdout
    assert "fresh" in done.stdout
    assert backup.keys() == published(place / "warehouse").keys()
    assert not (place / "warehouse.old").exists()


def test_one_file_is_taken_from_the_backup(place: Path) -> None:
    """The raw documents are gone, so a repair could not make it."""
    before = published(place / "warehouse")
    assert 0 == typed(place, commands("## Back up and restore")).returncode
    (place / f"warehouse/articles/day={DAY}/part-0.parquet").write_bytes(b"PAR1")
    for page in (place / f"landing/day={DAY}").iterdir():
        page.unlink()
    found = typed(place, "newsfold verify")
    assert 5 == found.returncode
    assert f"damaged  articles of {DAY}" in found.stdout

    done = typed(place, commands("### Restore one file"))
    assert 0 == done.returncode, done.stderr
    assert "all are whole" in done.stdout
    assert before == published(place / "warehouse")
