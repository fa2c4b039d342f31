"""The notebook of docs/examples, run by a kernel as Jupyter runs it, on a day of made-up articles."""

import base64
import json
import struct
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from tests.command import ROOT
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL

NOTEBOOK = ROOT / "docs" / "examples" / "a_day_of_news.ipynb"
PICTURES = ("volume", "largest", "copies", "diagram")


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The cells of code with what they gave out; the kernel is given a last one that tells what is in the pictures."""
    root = tmp_path_factory.mktemp("notebook")
    desk = make_desk(root, EmbeddedEngine(1))
    hours = [POOL[n] | {"published_at": f"2026-03-05T{7 + n:02}:30:00Z"} for n in range(6)]
    deliver(desk, DAY, *hours, *POOL[6:10])
    run_day(desk, DAY)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    told = f"import json; print(json.dumps([[t.axes[0].get_title(), len(t.axes[0].get_children())] for t in ({', '.join(PICTURES)})]))"
    notebook.cells.append(nbformat.v4.new_code_cell(told))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
            patch.setenv(name, str(root / name))
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(root)}}
        ).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _pictures(cell: dict[str, Any]) -> list[bytes]:
    shown = (output.get("data", {}) for output in cell["outputs"])
    return [base64.b64decode(data["image/png"]) for data in shown if "image/png" in data]


def test_the_notebook_shows_its_four_pictures(cells: list[dict[str, Any]]) -> None:
    """Volume by hour, the largest stories, copies by outlet, who took texts from whom: each of some size, with something in it."""
    found = [picture for cell in cells for picture in _pictures(cell)]

    assert len(PICTURES) == len(found)
    for picture in found:
        width, height = struct.unpack(">II", picture[16:24])
        assert width > 500
        assert height > 200
        assert len(picture) > 5_000
    told = json.loads(cells[-1]["outputs"][0]["text"])
    titles = (
        "Articles published by hour",
        "Largest stories",
        "Articles by outlet",
        "Who took texts from whom",
    )
    for (title, n_drawn), expected in zip(told, titles, strict=True):
        assert title.startswith(expected)
        assert str(DAY) in title
        assert n_drawn > 12  # an empty picture has ten to twelve parts


def test_no_cell_warns(cells: list[dict[str, Any]]) -> None:
    assert [] == [o for cell in cells for o in cell["outputs"] if o.get("name") == "stderr"]


def test_the_notebook_is_kept_without_outputs() -> None:
    kept = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in kept if cell["cell_type"] == "code"]

    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in kept}) == len(kept)
