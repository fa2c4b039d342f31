"""What docker-compose.yml says, and its commands as the images run them: their user, environment, secrets and read-only places.

Nothing here needs Docker. Paths of an image become folders of one stage folder; hosts and ports become ports of loopback.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.live_airflow import free_port

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def made_secrets() -> dict[str, str]:
    """What `make env` writes."""
    made = subprocess.run(
        [sys.executable, "-m", "deploy.compose", "env"], check=True, capture_output=True, cwd=ROOT
    )
    return dict(line.split("=", 1) for line in made.stdout.decode().splitlines())


class Stage:
    """One image of ours, unpacked: what its Dockerfile copies and makes, owned by its user; the rest is root's."""

    def __init__(self, folder: Path, target: str, given: dict[str, str]) -> None:
        self.folder, self.given = folder, given
        self.recipe = DOCKERFILE.split(f" AS {target}\n")[1].split("\nFROM ")[0]
        self.ports = {name: free_port() for name in ("postgres", "s3", "api", "health", "master", "pages")}
        self.home = folder / "home"
        self.more: dict[
            str, str
        ] = {}  # variables that a test adds, for a machine that is smaller than a cluster
        self._unpack()

    def _unpack(self) -> None:
        """The package lies where only root may write, as in the image's environment of Python."""
        shutil.copytree(ROOT / "pipeline", self.folder / "site" / "pipeline", ignore=_NO_CACHES)
        made = re.findall(r"mkdir -p ((?:/opt\S+ ?)+)", self.recipe)
        owned = [self.here(path) for line in made for path in line.split()]
        for source, target in re.findall(r"^COPY --chown=50000:0 (\S+) (\S+)$", self.recipe, re.MULTILINE):
            shutil.copytree(ROOT / source, self.here(target), ignore=_NO_CACHES)
        for path in [self.home, *map(Path, owned)]:
            path.mkdir(parents=True, exist_ok=True)
        secrets = self.folder / "secrets"
        secrets.mkdir()
        for name, secret in COMPOSE["secrets"].items():
            (secrets / name).write_text(self.given[secret["environment"]])
        if os.geteuid() == 0:
            tops = [self.folder / "opt", self.home]
            subprocess.run(["chown", "-R", "50000:0", *filter(Path.exists, tops)], check=True)

    def here(self, text: str) -> str:
        """The same text with this machine's paths, hosts and ports."""
        places = {
            "/opt/newsfold/bin": str(BIN),
            "/opt/": f"{self.folder}/opt/",
            "/run/secrets": str(self.folder / "secrets"),
            "@postgres/": f"@127.0.0.1:{self.ports['postgres']}/",
            "seaweedfs:8333": f"127.0.0.1:{self.ports['s3']}",
            "api-server:8080": f"127.0.0.1:{self.ports['api']}",
            "127.0.0.1:8080": f"127.0.0.1:{self.ports['api']}",
            "127.0.0.1:8974": f"127.0.0.1:{self.ports['health']}",
            "spark-master": "127.0.0.1",
            "7077": str(self.ports["master"]),
            "/8081": f"/{self.ports['pages']}",
        }
        return re.sub("|".join(map(re.escape, places)), lambda found: places[found[0]], text)

    def environment(self, name: str) -> dict[str, str]:
        """The variables of the image, then those of the service; nothing of this process."""
        of_image = dict(re.findall(r"^(?:ENV| {3}) (\w+)=(\S+)", self.recipe, re.MULTILINE))
        found = {**of_image, **SERVICES[name].get("environment", {})}
        found = {key: self.here(self._filled(str(value))) for key, value in found.items()}
        system = "/usr/local/bin:/usr/bin:/bin"
        found["PATH"] = found["PATH"].replace("$PATH", system)
        # The image has the package in its Python, and ports of its own.
        return (
            found
            | {
                "HOME": str(self.home),
                "HOSTNAME": socket.gethostname(),  # which Docker sets to the name that the container has for itself
                "PYTHONPATH": str(self.folder / "site"),
                "AIRFLOW__API__HOST": "127.0.0.1",
                "AIRFLOW__API__PORT": str(self.ports["api"]),
                "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(self.ports["health"]),
                "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
                "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
                **self.more,
            }
        )

    def _filled(self, text: str) -> str:
        """A value as compose fills it in."""

        def value(found: re.Match[str]) -> str:
            return self.given.get(found[1]) or (found[3] if found[2] == ":-" else "")

        return re.sub(r"(?<!\$)\$\{(\w+)(:[-?])([^}]*)\}", value, text).replace("$$", "$")

    def words(self, name: str) -> list[str]:
        """The command of a service behind the entry point of its image."""
        service = SERVICES[name]
        entry = service.get("entrypoint") or re.findall(r'^ENTRYPOINT \["(\w+)"\]', self.recipe, re.MULTILINE)
        words = [self.here(self._filled(str(word))) for word in [*entry, *service["command"]]]
        pages = {"8080": str(free_port()), "8081": str(self.ports["pages"])}  # of Spark's master and worker
        return [pages.get(word, word) for word in words]

    def check(self, name: str) -> list[str]:
        """The health check of a service."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        words = [self.here(self._filled(word)) for word in words]
        return words if kind == "CMD" else ["/bin/sh", "-c", *words]

    def start(self, words: list[str], name: str, **how: Any) -> subprocess.Popen[bytes]:
        """Run words in the container of a service: its user, its variables, its working folder."""
        folder = self.here(re.findall(r"^WORKDIR (\S+)$", self.recipe, re.MULTILINE)[-1])
        return subprocess.Popen(
            [*_as_user(self.folder), *words],
            env=self.environment(name),
            cwd=folder,
            start_new_session=True,
            **how,
        )

    def is_well(self, name: str) -> bool:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return self.start(self.check(name), name, **quiet).wait() == 0


_NO_CACHES = shutil.ignore_patterns("__pycache__")


_IN_A_MOUNT = 'mount --bind "$0" /etc/passwd && exec "$@"'


@cache
def _as_user(folder: Path) -> tuple[str, ...]:
    """What runs a command as the user of the images, without capabilities. Who is not root can only be themselves.

    The user's name is known to the command alone, as if the image's own list of users were there. Where the interpreter lies in a
    folder that is closed to others, the user may read everything; it still writes only what is its own.
    """
    if os.geteuid() != 0:
        return ()
    users = folder / "passwd"
    users.write_text(f"{Path('/etc/passwd').read_text()}newsfold:x:50000:0::{folder / 'home'}:/bin/bash\n")
    named = ("unshare", "--mount", "/bin/sh", "-c", _IN_A_MOUNT, str(users))
    plain = (*named, "setpriv", "--reuid=50000", "--regid=0", "--clear-groups", "--no-new-privs")
    closed = (*plain, "--bounding-set=-all")
    if subprocess.run([*closed, "/bin/sh", "-c", f"test -x {sys.executable}"], check=False).returncode == 0:
        return closed
    reads = "dac_read_search"
    bounds = (f"--inh-caps=-all,+{reads}", f"--ambient-caps=-all,+{reads}", f"--bounding-set=-all,+{reads}")
    return (*plain, *bounds)


@contextmanager
def stage(target: str, **given: str) -> Iterator[Stage]:
    """An image that is unpacked where every user may read, and is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="newsfold-image-"))
    folder.chmod(0o755)
    try:
        yield Stage(folder, target, {**made_secrets(), **given})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def store(folder: Path, secrets: dict[str, str], port: int) -> Iterator[str]:
    """The compose file's own S3 command, on ports of loopback; yields its address."""
    for _ in range(3):  # a port that was free may be taken before the server binds it
        server = _store_process(folder, secrets, port)
        try:
            if _is_healthy(server, f"http://127.0.0.1:{port}{_health_path()}"):
                yield f"http://127.0.0.1:{port}"
                return
        finally:
            server.kill()
            server.wait()
    raise AssertionError((folder / "log").read_text()[-3000:])


def _store_process(folder: Path, secrets: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    words = [
        w.replace("/data", str(folder)).replace("seaweedfs", "127.0.0.1")
        for w in SERVICES["seaweedfs"]["command"]
    ]
    words = [w.replace("8333", str(port)).replace("0.0.0.0", "127.0.0.1") for w in words]  # noqa: S104 - it is taken out
    words += [f"-{part}.port={free_port()}" for part in ("master", "volume", "filer")]
    words += [f"-{part}.port.grpc={free_port()}" for part in ("master", "volume", "filer", "s3")]
    words += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": secrets["S3_ACCESS_KEY"],
        "AWS_SECRET_ACCESS_KEY": secrets["S3_SECRET_KEY"],
    }
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([BIN / "weed", *words], stdout=log, stderr=log, env=environment, cwd=folder)


def _is_healthy(server: subprocess.Popen[bytes], url: str) -> bool:
    """Whether the server says that it is well within a minute; false if it ended or kept silent."""
    import httpx

    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(url).is_success:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    return False


def _health_path() -> str:
    found = re.search(r":8333(/\w+)", SERVICES["seaweedfs"]["healthcheck"]["test"][1])
    assert found
    return found[1]
