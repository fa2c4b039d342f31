"""A folder to start from."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, create_model
from typer.testing import CliRunner

from pipeline import settings
from pipeline.app import scaffold
from pipeline.app.cli import app
from pipeline.settings import Settings
from pipeline.store import outlets_file
from pipeline.text.outlets import Outlets
from tests.command import records


def uncommented(text: str) -> dict[str, object]:
    """What the file says with every setting in force."""
    return tomllib.loads(
        "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.split("\n"))
    )


@given(
    st.recursive(
        st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
        lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    )
)
def test_a_default_of_any_kind_is_read_again(default: object) -> None:
    """Truths, numbers, texts in any letters, lists and filled tables; one that is not set has no line to uncomment."""
    fields = {"one": (Any, Field(default, description="One")), "none": (Any, Field(None, description="None"))}
    made = {"filled": (Any, Field(default_factory=lambda: default, description="Made"))}
    text = scaffold.settings_file(create_model("Drawn", **fields, **made))

    assert {"one": default, "filled": default} == uncommented(text)
    assert "# none: not set" in text


def test_the_settings_file_is_valid_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names every setting; with the places, all are the defaults, and so with each line that is commented out."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"NEWSFOLD_{name.upper()}", raising=False)
    plain = settings.load()
    scaffold.write(tmp_path)
    text = Path("newsfold.toml").read_text()

    assert {"landing", "warehouse"} == tomllib.loads(text).keys()
    assert plain.model_copy(update={"landing": "landing", "warehouse": "warehouse"}) == settings.load()
    found = uncommented(text)
    assert set(Settings.model_fields) == found.keys()
    assert (
        plain.results_digest()
        == Settings(**{**found, "outlets": "outlets.csv"}).model_copy(update={"outlets": ""}).results_digest()
    )


def test_the_file_of_outlets_can_be_filled(tmp_path: Path) -> None:
    scaffold.write(tmp_path)
    path = tmp_path / "outlets.csv"
    assert Outlets() == Outlets.parse(outlets_file.read(str(path)), "outlets.csv")
    path.write_text(path.read_text() + "bay.example,Bay Herald,bay-group,,,\n")

    assert (
        "Bay Herald" == Outlets.parse(outlets_file.read(str(path)), "outlets.csv").by_domain["bay.example"].id
    )


def test_what_is_there_stays(tmp_path: Path) -> None:
    """Begun twice, in a folder that has something, or that is not there yet."""
    there = tmp_path / "new" / "place"
    first = CliRunner().invoke(app, ["init", str(there), "--json"])
    (there / "newsfold.toml").write_text("workers = 2\n")
    (there / "outlets.csv").unlink()
    again = CliRunner().invoke(app, ["init", str(there), "--json"])

    assert [True, True, True] == [row["written"] for row in records(first.output)]
    assert [False, False, True] == [row["written"] for row in records(again.output)]
    assert "workers = 2\n" == (there / "newsfold.toml").read_text()
    assert "left as it is" in CliRunner().invoke(app, ["init", str(there)]).output


def test_a_day_runs_in_a_folder_that_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an option; the note in the landing zone is no document."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSFOLD_WAREHOUSE", raising=False)
    assert 0 == CliRunner().invoke(app, ["init"]).exit_code
    (tmp_path / "landing/day=2026-03-05").mkdir()
    (tmp_path / "landing/day=2026-03-05/a.txt").write_text(
        "The bridge over the river was closed by the city on Monday for repairs."
    )

    done = CliRunner().invoke(app, ["run", "--json"])

    assert [("2026-03-05", 1)] == [(row["day"], row["n_raw"]) for row in records(done.stdout)], done.output
