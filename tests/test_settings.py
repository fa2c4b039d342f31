"""Settings: where they come from, what is refused, what their digest says."""

import re
from itertools import chain
from pathlib import Path

import pytest

from pipeline import settings
from pipeline.day import desk
from pipeline.day.desk import open_desk
from pipeline.model.errors import SettingsError
from pipeline.settings import load, unknown_variables
from pipeline.store.local import LocalStorage
from pipeline.store.uris import open_storage

ROOT = Path(__file__).parents[1]


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

    for name in ("--window-days: ", "--landing: ", "--engine: "):
        assert name in str(refused.value)


@pytest.mark.parametrize("name", ["landing", "warehouse"])
def test_an_empty_place_is_refused_and_so_is_none_at_all(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NEWSFOLD_WAREHOUSE=` is a variable of a script that was not set; as a path it would be the working directory."""
    assert "" == getattr(load(), name)
    monkeypatch.setenv(f"NEWSFOLD_{name.upper()}", "")

    for value in (None, "", " "):
        with pytest.raises(
            SettingsError,
            match=rf"^(--{name}|NEWSFOLD_{name.upper()}): .*empty; unset NEWSFOLD_{name.upper()}",
        ):
            load(**{name: value})
    with pytest.raises(SettingsError, match="not given"):
        open_storage("")


def test_a_byte_order_mark_and_ends_of_lines_of_windows_do_no_harm() -> None:
    """Some editors write them unasked."""
    Path("newsfold.toml").write_bytes(b"\xef\xbb\xbfwindow_days = 3\r\nworkers = 2\r\n")
    assert (3, 2) == (load().window_days, load().workers)

    Path("newsfold.toml").write_bytes(b"\xef\xbb\xbfwindow_days = 0\r\n")
    with pytest.raises(SettingsError, match=r"newsfold\.toml:1: window_days: .*got 0"):
        load()


def test_an_unknown_name_in_the_file_is_refused() -> None:
    """A misspelt setting is not silently a default."""
    Path("newsfold.toml").write_text("windw_days = 3\n")

    with pytest.raises(SettingsError, match="windw_days"):
        load()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("# mine\nworkers = 2\nwindw_days = 3\n", "newsfold.toml:3: windw_days: .*did you mean window_days?"),
        ("Story-Threshold = 0.3\n", "newsfold.toml:1: Story-Threshold: .*did you mean story_threshold?"),
        ("banana = 3\n", "newsfold.toml:1: banana: there is no such setting$"),
        ("\n'window_days' = 0\n", "newsfold.toml:2: window_days: .*got 0"),
        ("workers = 2\n[newsfold]\nwindow_days = 3\n", "newsfold.toml:2: newsfold: .*leave .newsfold. out"),
        ("workers = 2\nlanding = \n", "newsfold.toml:2: Invalid value$"),
        ("workers = 2\n\nworkers = 3\n", "newsfold.toml:3: Cannot overwrite a value$"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(written: str, says: str) -> None:
    """With the name that was meant, where one is like it."""
    Path("newsfold.toml").write_text(written)

    with pytest.raises(SettingsError, match=says):
        load()


def test_a_file_that_is_no_text_is_named_with_its_line() -> None:
    Path("newsfold.toml").write_bytes(b"workers = 2\nlanding = '\xff'\n")

    with pytest.raises(SettingsError, match=r"newsfold\.toml:2: not UTF-8"):
        load()


def test_a_folder_of_the_name_of_the_file_is_refused() -> None:
    Path("newsfold.toml").mkdir()

    with pytest.raises(SettingsError, match=r"newsfold\.toml is a folder"):
        load()


def test_what_won_is_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad value of an option, of a variable and of the file."""
    Path("newsfold.toml").write_text("window_days = 0\n")
    for flags, variable, says in (
        ({"window_days": 91}, "92", "^--window-days: .*got 91"),
        ({}, "92", "^NEWSFOLD_WINDOW_DAYS: .*got '92'"),
    ):
        monkeypatch.setenv("NEWSFOLD_WINDOW_DAYS", variable)
        with pytest.raises(SettingsError, match=says):
            load(**flags)


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
    assert "did you mean NEWSFOLD_STORY_THRESHOLD?" in told[0]


def test_a_name_like_no_other_is_told_without_a_guess() -> None:
    """What all names begin with makes none of them alike."""
    assert ["NEWSFOLD_BANANA is not a setting: ignored"] == unknown_variables({"NEWSFOLD_BANANA": ""})


def test_variables_are_known_in_small_letters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read that way as well."""
    monkeypatch.setenv("newsfold_window_days", "3")

    assert 3 == load().window_days
    assert [] == unknown_variables({"newsfold_window_days": "3"})
    assert 1 == len(unknown_variables({"newsfold_windw_days": "3"}))


def test_every_variable_that_the_project_names_is_known() -> None:
    """Those of the scheduler's side, of tests and of benchmarks among them."""
    folders = ("pipeline", "dags", "plugins", "benchmarks", "docs", "tests")
    files = chain(
        *((ROOT / f).rglob("*.[pm][yd]") for f in folders), [ROOT / "Makefile", ROOT / "docker-compose.yml"]
    )
    misspelling = {Path(__file__).name, "test_cli.py", "test_dags_failures.py"}
    texts = [f.read_text() for f in files if f.name not in misspelling]
    names = set(re.findall(r"(?<!AIRFLOW_CONN_)NEWSFOLD_[A-Z][A-Z_]+[A-Z]", "\n".join(texts)))

    assert {"NEWSFOLD_POOL", "NEWSFOLD_SEED", "NEWSFOLD_DATA"} < names
    assert [] == unknown_variables(dict.fromkeys(names, ""))


def test_every_variable_beside_the_settings_is_read_somewhere() -> None:
    """One that nothing reads would be passed over without a word."""
    code = "\n".join(
        f.read_text()
        for folder in ("pipeline", "dags", "deploy", "tests", "benchmarks")
        for f in (ROOT / folder).rglob("*.py")
        if f.name not in {"settings.py", Path(__file__).name}
    )
    beside = {*settings._AIRFLOW, *settings._DEVELOPMENT}
    by_name = set(re.findall(r"\bchosen\(\"(\w+)\"", code))  # the DAGs' choices are read by their names

    assert {n for n in beside if f"NEWSFOLD_{n}" not in code and n.lower() not in by_name} == set()


def test_the_storage_of_the_warehouse_has_the_lease_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease is no result: the digest stays."""
    asked = []
    monkeypatch.setattr(desk, "open_storage", lambda *given: asked.append(given) or LocalStorage("x"))
    monkeypatch.setenv("NEWSFOLD_LEASE_SECONDS", "5")
    chosen = load(landing="in", warehouse="out")

    open_desk(chosen)

    assert [("in",), ("out", 5.0)] == asked
    assert chosen.results_digest() == load(lease_seconds=7).results_digest()


def test_languages_is_true_or_false_and_counts_only_when_it_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that were made before there was the setting keep their digest."""
    before = load().results_digest()
    assert before == load(languages=False).results_digest()
    assert before != load(languages=True).results_digest()
    monkeypatch.setenv("NEWSFOLD_LANGUAGES", "true")
    assert load().languages

    assert (0.24, 0.266) == (load(languages=False).least_story_score, load().least_story_score)
    monkeypatch.setenv("NEWSFOLD_LANGUAGES", "en,de")
    with pytest.raises(SettingsError, match="NEWSFOLD_LANGUAGES"):
        load()
