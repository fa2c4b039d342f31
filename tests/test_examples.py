"""The notebook of docs/examples, cell by cell in one namespace as Jupyter runs it, on a day of made-up articles."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from tests.command import ROOT
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL

NOTEBOOK = ROOT / "docs" / "examples" / "a_day_of_news.ipynb"


@pytest.fixture
def cells() -> list[dict[str, Any]]:
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]  # type: ignore[no-any-return]


@pytest.fixture
def drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The names that the notebook leaves."""
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    hours = [POOL[n] | {"published_at": f"2026-03-05T{7 + n:02}:30:00Z"} for n in range(6)]
    deliver(desk, DAY, *hours, *POOL[6:10])
    run_day(desk, DAY)
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), names)  # noqa: S102 - our own page
    yield names
    plt.close("all")


def test_the_notebook_draws_its_four_pictures(drawn: dict[str, Any], tmp_path: Path) -> None:
    assert drawn["day"] == DAY
    assert drawn["timed"]
    assert drawn["stories"]
    assert drawn["edges"]
    for name in ("volume", "largest", "copies", "diagram"):
        drawn[name].savefig(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 5_000
        assert drawn[name].axes[0].has_data()


def test_the_notebook_is_kept_without_outputs(cells: list[dict[str, Any]]) -> None:
    code = [cell for cell in cells if cell["cell_type"] == "code"]

    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)
