"""The file of outlets is read wherever it stands, and it counts by its content."""

from pathlib import Path

import pytest

from pipeline.model.errors import SettingsError
from pipeline.settings import load
from pipeline.store import outlets_file


def test_a_file_beside_the_command_and_one_by_its_whole_path_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "houses.csv").write_bytes(b"domain\n")
    monkeypatch.chdir(tmp_path)

    assert outlets_file.read("houses.csv") == outlets_file.read(str(tmp_path / "houses.csv")) == b"domain\n"


@pytest.mark.parametrize("name", ["gone.csv", "gone/houses.csv", ""])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        outlets_file.read(f"{tmp_path}/{name}")


def test_the_digest_follows_the_content_not_the_place(tmp_path: Path) -> None:
    """That of the settings does not follow it: less is made again after an edit of the file."""
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("domain\na.example\n")
    other.write_text("domain\na.example\n")
    before = load(outlets=str(one)).outlets_digest()

    assert before == load(outlets=str(other)).outlets_digest()
    other.write_text("domain\nb.example\n")
    assert before != load(outlets=str(other)).outlets_digest()
    assert before != load().outlets_digest()
    assert load(outlets=str(one)).results_digest() == load().results_digest()
