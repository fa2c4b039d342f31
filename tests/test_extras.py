"""What is missing is named with the command that installs it here."""

import json
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model import extras
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


class Installed:
    """A distribution as pip notes it."""

    def __init__(self, url: str | None, *, editable: bool = False) -> None:
        said = {"url": url, "dir_info": {"editable": editable}}
        self.noted = json.dumps(said) if url else None

    def read_text(self, name: str) -> str | None:
        return self.noted if name == "direct_url.json" else None


@pytest.mark.parametrize(
    ("url", "editable", "words"),
    [
        (ROOT.as_uri(), True, ["-e", f"{ROOT}[s3]"]),
        (ROOT.as_uri(), False, [f"{ROOT}[s3]"]),
        ("file:///src/that/has/gone", False, ["newsfold[s3]"]),
        (
            "https://git.example/newsfold.tar.gz",
            False,
            ["newsfold[s3] @ https://git.example/newsfold.tar.gz"],
        ),
        (None, False, ["newsfold[s3]"]),
    ],
)
def test_an_extra_comes_from_where_newsfold_came_from(
    monkeypatch: pytest.MonkeyPatch, url: str | None, editable: bool, words: list[str]
) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda _: Installed(url, editable=editable))

    assert [sys.executable, "-m", "pip", "install", *words] == shlex.split(extras.install_command("s3"))


def test_a_folder_with_blanks_is_one_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    noted = Installed((tmp_path / "a b").as_uri(), editable=True)
    monkeypatch.setattr(metadata, "distribution", lambda _: noted)

    assert shlex.split(extras.install_command("s3"))[-1] == f"{tmp_path}/a b[s3]"


def test_a_checkout_that_nobody_installed_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "distribution", missing)

    assert ["-e", f"{ROOT}[spark]"] == shlex.split(extras.install_command("spark"))[-2:]


@pytest.mark.parametrize(
    ("package", "words", "extra"),
    [
        ("boto3", ["status", "--warehouse", "s3://news/warehouse", "--landing", "s3://news/landing"], "s3"),
        ("fastapi", ["serve", "--warehouse", "warehouse"], "explorer"),
        (
            "jinja2",
            ["page", "--warehouse", "warehouse", "--day", "2026-03-05", "--out", "day.html"],
            "explorer",
        ),
        ("mcp", ["mcp", "--warehouse", "warehouse"], "mcp"),
        ("pyiceberg", ["export-iceberg", "--warehouse", "warehouse"], "iceberg"),
        (
            "pyspark",
            ["run", "--engine", "spark", "--warehouse", "warehouse", "--landing", "landing"],
            "spark",
        ),
    ],
)
def test_a_command_that_misses_a_package_names_the_command_that_works_here(
    tmp_path: Path, package: str, words: list[str], extra: str
) -> None:
    """Where newsfold is on no index, `pip install newsfold[…]` would not work."""
    there = make_desk(tmp_path, EmbeddedEngine(1))
    deliver(there, DAY, POOL[0])
    run_day(there, DAY)
    without = f"import sys; sys.modules[{package!r}] = None; sys.argv[0] = 'newsfold'\nfrom pipeline.app.cli import main\nmain()"
    command = [sys.executable, "-c", without, *words]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert 2 == said.returncode, said.stderr
    assert f"[{extra}]" in said.stderr
    assert "-m pip install" in said.stderr
    assert extra in EXTRAS


@pytest.mark.parametrize("page", ["README.md", "docs/spark.md", "docs/consumers.md", "docs/operations.md"])
def test_no_page_asks_an_index_for_newsfold(page: str) -> None:
    assert "newsfold[" not in (ROOT / page).read_text()
