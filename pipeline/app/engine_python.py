"""The Python that has the engine: tasks that need an engine run there when a scheduler's own Python does not have it.

Airflow's Spark provider brings pyspark-client, which owns the same folder as pyspark: the two cannot be installed together.
With `NEWSFOLD_PYTHON` set, `call_task` runs a task under that Python. Without it, the task runs in this process.
"""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.model import errors


def call_task(name: str, *args: Any) -> Any:
    """Run the function `name` of `app.tasks`: returns what it returns, raises what it raises. All values are plain data."""
    python = os.environ.get("NEWSFOLD_PYTHON")
    if not python:
        from pipeline.app import tasks

        return getattr(tasks, name)(*args)
    with TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        command = [python, "-m", "pipeline.app.engine_python", name, json.dumps(args), str(answer)]
        status = subprocess.run(command, check=False).returncode  # noqa: S603 - the operator's own Python
        if not answer.exists():
            raise errors.NewsfoldError(f"{name}: {python} ended with {status}; its log says why")
        found = json.loads(answer.read_text())
    if "raised" in found:
        raise getattr(errors, found["raised"], errors.NewsfoldError)(found["message"])
    return found["returned"]


def main() -> None:
    """Run one task in this process and write its result, or the error that it raised on purpose, to a file."""
    from pipeline.app import tasks

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    name, args, answer = sys.argv[1:]
    try:
        found = {"returned": getattr(tasks, name)(*json.loads(args))}
    except errors.NewsfoldError as error:
        found = {"raised": type(error).__name__, "message": str(error)}
    Path(answer).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
