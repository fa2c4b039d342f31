"""What a command takes: CPU seconds and memory of its process and of those that it waits for.

Linux counts the memory of whoever starts a process as that process's own, as long as it needs less. A benchmark that holds a
corpus would be measured in place of a small run, so a small process starts the command.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

_STARTER = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


class Taken(NamedTuple):
    """The exit code, CPU seconds, and the peak memory of the largest process in MB."""

    code: int
    cpu_seconds: float
    peak_mb: float


def run(
    command: Sequence[str],
    cwd: Path,
    log: IO[bytes] | int | None = None,
    env: Mapping[str, str] | None = None,
) -> Taken:
    """Run a command to its end; its errors and progress go to `log`, or to where those of this process go."""
    starter = [sys.executable, "-I", "-S", "-c", _STARTER, *command]
    told = subprocess.run(starter, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=log, check=True)
    return Taken(*json.loads(told.stdout))
