"""docker-compose.yml: it is valid, it is safe by default, and what can run without Docker does run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.composed import BIN, COMPOSE, ROOT, SERVICES, TEXT, made_secrets, store
from tests.live_airflow import free_port


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    return made_secrets()


def test_it_is_valid_by_the_compose_schema() -> None:
    checked = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "ok -- validation done\n") == (checked.returncode, checked.stdout)


def test_every_service_comes_back_and_says_whether_it_is_well() -> None:
    lasting = {name: s for name, s in SERVICES.items() if name not in {"airflow-init", "spark"}}

    assert {"unless-stopped"} == {s["restart"] for s in lasting.values()}
    assert {"no"} == {s["restart"] for name, s in SERVICES.items() if name not in lasting}
    assert set() == {name for name, s in lasting.items() if "healthcheck" not in s}


def test_every_port_is_on_this_machine_only() -> None:
    ports = [port for s in SERVICES.values() for port in s.get("ports", [])]

    assert 3 == len(ports)
    assert [] == [port for port in ports if not port.startswith("127.0.0.1:")]


def test_our_services_run_without_rights_they_do_not_need() -> None:
    ours = [s for s in SERVICES.values() if s["image"].startswith("newsfold")]

    assert 8 == len(ours)
    assert {("50000:0", ("ALL",), ("no-new-privileges:true",))} == {
        (s["user"], tuple(s["cap_drop"]), tuple(s["security_opt"])) for s in ours
    }


def test_every_service_has_an_init_process_and_limits_and_logs_that_do_not_grow_for_ever() -> None:
    assert {True} == {s["init"] for s in SERVICES.values()}
    assert set() == {n for n, s in SERVICES.items() if not ({"mem_limit", "pids_limit"} <= s.keys())}
    assert {("10m", "5")} == {
        (s["logging"]["options"]["max-size"], s["logging"]["options"]["max-file"]) for s in SERVICES.values()
    }


def test_each_image_of_ours_is_built_once_and_pulled_by_nobody() -> None:
    """Five builds of one tag would race, and a registry might have an image of that name."""
    ours = {n: s for n, s in SERVICES.items() if s["image"].startswith("newsfold")}
    builders = [s["image"] for s in ours.values() if "build" in s]

    assert ["newsfold-spark:local", "newsfold:local"] == sorted(builders)
    assert {"never"} == {s["pull_policy"] for s in ours.values() if "build" not in s}
    assert set() == {n for n, s in ours.items() if "build" in s and "pull_policy" in s}


def test_the_dags_run_by_themselves_unless_somebody_says_otherwise() -> None:
    asked = SERVICES["dag-processor"]["environment"]["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"]

    assert "${DAGS_ARE_PAUSED:-False}" == asked


def test_the_database_is_asked_by_tcp_which_answers_only_when_it_is_set_up() -> None:
    assert "--host=127.0.0.1" in SERVICES["postgres"]["healthcheck"]["test"]


def test_what_a_killed_scheduler_was_doing_goes_on_within_two_minutes() -> None:
    said = SERVICES["scheduler"]["environment"]

    for name in ("ORPHANED_TASKS_CHECK_INTERVAL", "TASK_INSTANCE_HEARTBEAT_TIMEOUT"):
        assert 30 <= int(said[f"AIRFLOW__SCHEDULER__{name}"]) <= 90


SECRETS = {
    "postgres": {"postgres_password"},
    "airflow-init": {"fernet_key", "postgres_password", "admin_password"},
    "api-server": {"fernet_key", "postgres_password", "api_secret_key", "jwt_secret"},
    "scheduler": {"fernet_key", "postgres_password", "api_secret_key", "jwt_secret"},
    "dag-processor": {"fernet_key", "postgres_password"},
    "triggerer": {"fernet_key", "postgres_password", "api_secret_key"},
}
OF_THE_STORE = {"seaweedfs", "airflow-init", "api-server", "scheduler", "spark-worker", "spark"}


def test_a_service_gets_the_secrets_that_it_needs_as_files_and_no_others() -> None:
    """An environment is inherited by every process and shown by `docker inspect`. Only S3 clients look for their keys there."""
    assert {n: set(s["secrets"]) for n, s in SERVICES.items() if "secrets" in s} == SECRETS
    assert set().union(*SECRETS.values()) == set(COMPOSE["secrets"])
    assert set(COMPOSE["secrets"]) == {s["environment"].lower() for s in COMPOSE["secrets"].values()}
    for name, service in SERVICES.items():
        environment = " ".join(map(str, service.get("environment", {}).values()))
        shown = set(re.findall(r"\$\{(\w*(?:KEY|SECRET|PASSWORD)\w*)", environment))
        read = set(re.findall(r"/run/secrets/(\w+)", environment))

        assert ({"S3_ACCESS_KEY", "S3_SECRET_KEY"} if name in OF_THE_STORE else set()) == shown, name
        assert read == SECRETS.get(name, set()), name


def test_no_secret_stands_in_the_file_and_each_one_asked_for_is_made(secrets: dict[str, str]) -> None:
    """Each secret is required, and so are the places of the data: without `.env`, compose stops and says what to do."""
    asked = set(re.findall(r"\$\{(\w+):\?run make env\}", TEXT))
    asked |= {s["environment"] for s in COMPOSE["secrets"].values()}
    places = set(re.findall(r"\$\{(\w+):\?say in \.env where [a-z ]+\}", TEXT))

    assert {"NEWSFOLD_LANDING", "NEWSFOLD_WAREHOUSE"} == places
    assert set(secrets) == asked | places
    assert [] == re.findall(r"s3://", TEXT)
    assert [] == re.findall(r"^ *\w*(?:PASSWORD|SECRET|KEY): *[^$ ].*", TEXT, re.MULTILINE)
    assert all(len(value) >= 16 for value in secrets.values())


def test_secrets_are_made_anew_each_time(secrets: dict[str, str]) -> None:
    from typer.testing import CliRunner

    from deploy.compose import app

    again = dict(line.split("=", 1) for line in CliRunner().invoke(app, ["env"]).stdout.splitlines())

    assert {"NEWSFOLD_LANDING", "NEWSFOLD_WAREHOUSE"} == {n for n, v in secrets.items() if again[n] == v}


def test_what_is_waited_for_is_there_and_can_be_waited_for() -> None:
    """Health is waited for only where it is checked, and an end only where something ends."""
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            ends = SERVICES[other]["restart"] == "no"

            assert ("service_completed_successfully" if ends else "service_healthy") == how["condition"], name
            assert ends or "healthcheck" in SERVICES[other]


def test_every_volume_that_is_used_is_declared() -> None:
    used = {v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if not v.startswith(".")}

    assert set(COMPOSE["volumes"]) == used


def test_the_commands_of_airflows_services_are_commands_of_airflow() -> None:
    """The image's entry point is `airflow`; its own parser is asked for each command and each health check."""
    from airflow.cli.cli_parser import get_parser

    asked = [
        s["command"] for n, s in SERVICES.items() if s["image"] == "newsfold:local" and n != "airflow-init"
    ]
    scripts = [SERVICES["airflow-init"]["command"][0], *(_check(n) for n in ("dag-processor", "triggerer"))]
    lines = [line for script in scripts for line in script.splitlines() if line.startswith("airflow ")]
    asked += [_words(line)[1:] for line in lines]

    assert 8 == len(asked)
    for words in asked:
        assert callable(get_parser().parse_args(words).func)


def _check(name: str) -> str:
    return str(SERVICES[name]["healthcheck"]["test"][1])


def _words(line: str) -> list[str]:
    import shlex

    return shlex.split(line.replace("$${HOSTNAME}", "host"))


@pytest.mark.services
def test_the_store_starts_closed_and_the_init_step_fills_it(tmp_path: Path, secrets: dict[str, str]) -> None:
    """The store's command and the first line of the init script, as they stand in the file; the second time changes nothing."""
    import httpx

    (line, *_) = [li for li in SERVICES["airflow-init"]["command"][0].splitlines() if "deploy.compose" in li]
    (tmp_path / "data").mkdir()
    (tmp_path / "admin_password").write_text(secrets["ADMIN_PASSWORD"])
    with store(tmp_path / "data", secrets, free_port()) as url:
        environment = os.environ | {
            "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": secrets["S3_ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": secrets["S3_SECRET_KEY"],
            "NEWSFOLD_LANDING": secrets["NEWSFOLD_LANDING"],
            "NEWSFOLD_WAREHOUSE": secrets["NEWSFOLD_WAREHOUSE"],
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(tmp_path / "passwords.json"),
            "ADMIN_PASSWORD_FILE": str(tmp_path / "admin_password"),
        }
        for _ in range(2):
            subprocess.run([sys.executable, *line.split()[1:]], check=True, cwd=ROOT, env=environment)
        own = environment | {
            "NEWSFOLD_LANDING": "s3://news/landing",
            "NEWSFOLD_WAREHOUSE": "s3://news/tables",
        }
        subprocess.run([sys.executable, *line.split()[1:]], check=True, cwd=ROOT, env=own)
        run = [sys.executable, "-m", "pipeline", "run", "--json"]
        made = subprocess.run(run, check=True, cwd=ROOT, env=environment, capture_output=True)
        nothing = subprocess.run(run, check=False, cwd=ROOT, env=own, capture_output=True, text=True)

        assert 403 == httpx.get(f"{url}/newsfold").status_code
        assert {"admin": secrets["ADMIN_PASSWORD"]} == json.loads((tmp_path / "passwords.json").read_text())
        assert 5 == json.loads(made.stdout)["n_raw"]
        # No sample went into a landing zone of somebody's own.
        assert "s3://news/landing: nothing there" in nothing.stderr


@pytest.mark.parametrize(("kind", "other"), [("airflow", "spark"), ("spark", "airflow")])
def test_an_image_installs_what_the_tests_run_with_and_no_tools_of_theirs(kind: str, other: str) -> None:
    lock, engine = f"requirements-{kind}.lock", {"airflow": "apache-airflow", "spark": "pyspark"}
    installed = _pins(ROOT / lock)
    names = {pin.split("==")[0] for pin in installed}

    assert f"--require-hashes -r {lock}\n" in (ROOT / "Dockerfile").read_text()
    assert installed <= _pins(ROOT / "requirements-dev.lock")
    assert {engine[kind], "boto3", "trafilatura"} <= names
    assert set() == {"pytest", "mypy", engine[other]} & names


def test_each_image_is_a_target_of_the_dockerfile() -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))

    assert {"airflow", "spark"} == {s["build"]["target"] for s in SERVICES.values() if "build" in s}
    assert {"airflow", "spark"} <= targets
    assert (ROOT / "Dockerfile").read_text().rindex("AS airflow") > (ROOT / "Dockerfile").read_text().rindex(
        "AS spark"
    )  # the last target is the default


def _pins(lock: Path) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", lock.read_text(), re.MULTILINE))


def test_the_image_is_built_from_files_that_are_there() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?:--chown=\S+ )?(?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    sent = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }

    assert sent == {name for names in copied for name in names.split()}
    assert [] == [name for name in sent if not (ROOT / name).exists()]
    assert 2 == dockerfile.count("USER 50000:0")


def test_the_image_finds_the_modules_that_its_commands_run() -> None:
    """`python -m deploy.compose` looks in the working folder of the image: the folder is copied there, with its package."""
    dockerfile = (ROOT / "Dockerfile").read_text().split(" AS airflow\n")[1]
    working_folder = re.findall(r"^WORKDIR (\S+)$", dockerfile, re.MULTILINE)[-1]
    copied = re.findall(r"^COPY --chown=50000:0 (\S+) (\S+)$", dockerfile, re.MULTILINE)
    run = set(re.findall(r"python -m (\w+)\.(\w+)", SERVICES["airflow-init"]["command"][0]))

    assert {("deploy", "compose")} == run
    for package, module in run:
        assert (package, f"{working_folder}/{package}") in copied
        assert (ROOT / package / "__init__.py").is_file()
        assert (ROOT / package / f"{module}.py").is_file()
