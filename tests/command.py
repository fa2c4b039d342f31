"""newsfold as a command, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def records(printed: str) -> list[Any]:
    """What `--json` printed: a record a line, each valid JSON."""
    return [json.loads(line, parse_constant=_no_number) for line in printed.splitlines()]


def _no_number(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


def newsfold(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *arguments]
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=cwd, env=found, capture_output=True, text=True, check=False, timeout=300
    )
