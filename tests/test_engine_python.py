"""Steps in another environment: what they return and what they raise is as if they had run here."""

import sys
from pathlib import Path

import pytest

from pipeline.app.engine_python import call_task
from pipeline.model.errors import MissingInputError, NewsfoldError

SEEDS = Path(__file__).parents[1] / "seeds"
SEED_DAY = "2026-03-05"


@pytest.fixture(params=[False, True], ids=["here", "apart"])
def is_apart(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setenv("NEWSFOLD_LANDING", str(SEEDS))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("PYTHONPATH", str(SEEDS.parent))
    if request.param:
        monkeypatch.setenv("NEWSFOLD_PYTHON", sys.executable)
    return bool(request.param)


def test_a_step_returns_what_it_returns(is_apart: bool) -> None:
    assert [{"batch": 0, "of": 1}] == call_task("plan_batches", SEED_DAY, 4)


def test_a_step_raises_what_it_raises(is_apart: bool) -> None:
    """With its type, by which a scheduler decides whether to try again."""
    with pytest.raises(MissingInputError, match="no runs for 2026-03-05"):
        call_task("write_report", SEED_DAY)


def test_a_python_that_dies_is_an_error(
    is_apart: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_PYTHON", "/bin/false")

    with pytest.raises(NewsfoldError, match="plan_batches: /bin/false ended with 1"):
        call_task("plan_batches", SEED_DAY, 4)
