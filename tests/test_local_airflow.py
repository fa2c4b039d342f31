"""`make airflow`: components that share their secrets, and no log server that everybody could reach."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

# What `airflow standalone` does when its components would start: say what they would be, and whether their file of secrets is there.
_SAY = """
import os
from airflow.cli.commands import standalone_command
from deploy import standalone

def say(self):
    text = open(os.environ["AIRFLOW_HOME"] + "/airflow.cfg").read()
    print("jwt_secret = " in text)
    for name in ("scheduler", "dag-processor", "api-server", "triggerer"):
        print(*standalone_command.SubCommand(self, name, [name], {}).command)

standalone_command.StandaloneCommand.run = say
standalone.main()
"""


def test_components_share_a_file_of_secrets_and_serve_no_logs(tmp_path: Path) -> None:
    environment = os.environ | {"AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", _SAY], env=environment, capture_output=True, text=True, check=True
    )

    assert [
        "True",
        "scheduler --skip-serve-logs",
        "dag-processor",
        "api-server",
        "triggerer --skip-serve-logs",
    ] == said.stdout.splitlines()[-5:]
