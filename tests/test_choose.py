"""Which engine the settings give."""

import re
import sys

import pytest

from pipeline.engines.choose import open_engine
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.errors import SettingsError
from pipeline.model.extras import install_command
from pipeline.settings import load
from tests.test_engine import NUMBERS, double, numbers


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    for name in ("session", "spark"):
        monkeypatch.delitem(sys.modules, f"pipeline.engines.{name}", raising=False)

    with pytest.raises(SettingsError, match=re.escape(install_command("spark"))):
        open_engine(load(engine="spark"))


def test_one_machine_is_what_is_chosen_unless_something_else_is_named() -> None:
    """With as many workers as the settings say, and it tells of its pieces whom it is to tell."""
    told: list[tuple[str, int]] = []
    engine = open_engine(load(workers=3), lambda table, rows: told.append((table, rows)))

    engine.collect(engine.map(double, engine.load(numbers(5)), NUMBERS))

    assert isinstance(engine, EmbeddedEngine)
    assert (3, [("numbers", 5)]) == (engine.workers, told)
    assert load().n_workers == open_engine(load()).workers
