"""`newsfold serve`: it listens on this machine alone, or asks for a token; it says where it is."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.app.serve_commands import access_of
from pipeline.model.errors import SettingsError
from tests.explored import FIRST, Explored


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_no_token(host: str) -> None:
    access = access_of(host, [], None)

    assert access.token is None
    assert access.admits_host("localhost:8765")
    assert not access.admits_host("news.example")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "news.example"])  # noqa: S104 - it is refused
def test_other_machines_need_a_token(host: str) -> None:
    with pytest.raises(SettingsError, match="--token-file"):
        access_of(host, [], None)
    access = access_of(host, ["News.example"], "x" * 20)
    assert access.admits_host("news.example:443")
    assert not access.admits_host("other.example")


def test_a_short_token_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("short")

    said = CliRunner().invoke(app, ["serve", "--warehouse", "w", "--token-file", str(file)])

    assert isinstance(said.exception, SettingsError)


def test_a_token_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xff\xfe" * 20)

    said = CliRunner().invoke(app, ["serve", "--warehouse", "w", "--token-file", str(file)])

    assert isinstance(said.exception, SettingsError)
    assert "UTF-8" in str(said.exception)


def test_it_serves_the_warehouse_where_it_says_until_it_is_interrupted(explored: Explored) -> None:
    warehouse = explored.library.warehouse.storage.uri
    command = [sys.executable, "-m", "pipeline", "serve", "--warehouse", warehouse, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            lines = iter(server.stderr.readline, "")  # type: ignore[union-attr]
            line = next(line for line in lines if "http://" in line)
            address = re.search(r"http://127\.0\.0\.1:\d+/", line)
            assert address, line
            answer = httpx.get(f"{address[0]}days/{FIRST}", timeout=60)
            assert 200 == answer.status_code
            assert "uvicorn" not in answer.headers.get("server", "")
            taken = address[0].rsplit(":", 1)[1].strip("/")
            again = subprocess.run([*command[:-1], taken], capture_output=True, text=True, check=False)
            assert (2, True) == (again.returncode, "give another" in again.stderr)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    assert server.returncode in {0, 130, -signal.SIGINT}
