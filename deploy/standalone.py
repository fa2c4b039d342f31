"""`airflow standalone` without its log servers.

They would listen on every interface of the machine, on fixed ports, and Airflow has no setting for that. The API server reads the
same files, since all of this Airflow is on one machine.
"""

from typing import Any

from airflow import configuration
from airflow.cli.commands import standalone_command


class Quiet(standalone_command.SubCommand):
    """A component of Airflow, told to serve no logs."""

    def __init__(self, parent: Any, name: str, command: list[str], env: dict[str, str]) -> None:
        serves_logs = name in {"scheduler", "triggerer"}
        super().__init__(parent, name, [*command, *(["--skip-serve-logs"] if serves_logs else [])], env)


def main() -> None:
    """Run all components until interrupted. They share the secrets of `airflow.cfg`, so it is there before they are."""
    configuration.write_default_airflow_configuration_if_needed()
    standalone_command.SubCommand = Quiet
    standalone_command.StandaloneCommand().run()


if __name__ == "__main__":
    main()
