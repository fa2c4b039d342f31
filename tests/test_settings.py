"""Settings: where they come from, what is refused, what their digest says."""

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import load, unknown_variables


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSFOLD_WINDOW_DAYS", "NEWSFOLD_LANDING", "NEWSFOLD_WAREHOUSE", "NEWSFOLD_WORKERS"):
        monkeypatch.delenv(name, raising=False)


def test_a_flag_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("newsfold.toml").write_text("window_days = 3\nlanding = 'from-file'\nwarehouse = 'from-file'\n")
    monkeypatch.setenv("NEWSFOLD_WINDOW_DAYS", "5")
    monkeypatch.setenv("NEWSFOLD_LANDING", "from-environment")

    found = load(window_days=7)

    assert (7, "from-environment", "from-file") == (found.window_days, found.landing, found.warehouse)


def test_bad_values_are_named_all_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load(window_days=0, landing="ftp://host/news", engine="abacus")

    for name in ("window_days", "landing", "engine"):
        assert name in str(refused.value)


def test_an_unknown_name_in_the_file_is_refused() -> None:
    """A misspelt setting is not silently a default."""
    Path("newsfold.toml").write_text("windw_days = 3\n")

    with pytest.raises(SettingsError, match="windw_days"):
        load()


def test_the_digest_is_of_what_changes_results() -> None:
    assert load(workers=1).results_digest() == load(workers=8, warehouse="elsewhere").results_digest()
    assert load(window_days=13).results_digest() != load(window_days=14).results_digest()


def test_true_is_no_number() -> None:
    """`window_days = true` would be a window of one day."""
    Path("newsfold.toml").write_text("window_days = true\n")

    with pytest.raises(SettingsError, match="window_days"):
        load()


def test_a_misspelt_variable_is_told_with_the_name_that_was_meant() -> None:
    told = unknown_variables({"NEWSFOLD_STORY_TRESHOLD": "0.3", "NEWSFOLD_WORKERS": "2", "PATH": ""})

    assert 1 == len(told)
    assert "NEWSFOLD_STORY_TRESHOLD" in told[0]
    assert "NEWSFOLD_STORY_THRESHOLD is" in told[0]
