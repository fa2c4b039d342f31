"""A step of `app.tasks` in another environment: a scheduler's need not have what an engine needs.

Airflow's Spark provider brings pyspark-client, which owns the same folder as pyspark: the two cannot be installed together.
With `NEWSFOLD_PYTHON` set, the steps that need an engine run under that Python; all else stays as it is.
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

log = logging.getLogger(__name__)


def call(step: str, *args: Any) -> Any:
    """What the function `step` of `app.tasks` returns or raises; arguments and results are plain values."""
    python = os.environ.get("NEWSFOLD_PYTHON")
    if not python:
        from pipeline.app import tasks

        return getattr(tasks, step)(*args)
    with TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        command = [python, "-m", "pipeline.app.other_python", step, json.dumps(args), str(answer)]
        status = subprocess.run(command, check=False).returncode  # noqa: S603 - the operator's own Python
        if not answer.exists():
            raise errors.NewsfoldError(f"{step}: {python} ended with {status}; its log says why")
        found = json.loads(answer.read_text())
    if "raised" in found:
        raise getattr(errors, found["raised"], errors.NewsfoldError)(found["message"])
    return found["returned"]


def main() -> None:
    """Run a step and write down what came of it: what it returned, or the error that it raised on purpose."""
    import logging

    from pipeline.app import tasks

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    step, args, answer = sys.argv[1:]
    try:
        found = {"returned": getattr(tasks, step)(*json.loads(args))}
    except errors.NewsfoldError as error:
        found = {"raised": type(error).__name__, "message": str(error)}
    Path(answer).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
