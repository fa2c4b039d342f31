"""What the example of a consumer writes about a day, beside the tables."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app import tasks
from pipeline.app.cli import app
from pipeline.model.tables import PUBLISHED
from tests.conftest import published
from tests.scheduled import DAY, deliver, make, places, text


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return places(tmp_path, monkeypatch)


def test_a_report_is_written_beside_the_tables(root: Path) -> None:
    deliver(root, DAY, text(1))
    make(DAY)

    page = Path(tasks.write_report(str(DAY))).read_text()

    assert f"# {DAY}" in page
    assert "- articles: 1" in page
    assert len(PUBLISHED) == len(published(root / "warehouse"))


def test_the_page_of_a_day_is_what_the_command_writes_and_the_report_leads_to_it(root: Path) -> None:
    deliver(root, DAY, text(1))
    make(DAY)
    assert ".html" not in Path(tasks.write_report(str(DAY))).read_text()

    page = Path(tasks.write_page(str(DAY)) or "")

    out = root / "day.html"
    command = ["page", "--warehouse", str(root / "warehouse"), "--day", str(DAY), "--out", str(out)]
    assert 0 == CliRunner().invoke(app, command).exit_code
    assert out.read_bytes() == page.read_bytes()
    assert f"({page.name})" in Path(tasks.write_report(str(DAY))).read_text()
    assert len(PUBLISHED) == len(published(root / "warehouse"))


def test_a_worker_without_the_explorer_writes_the_report_and_says_what_it_misses(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(root, DAY, text(1))
    make(DAY)
    for name in [n for n in sys.modules if n.startswith("pipeline.explorer")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)

    assert tasks.write_page(str(DAY)) is None
    assert "[explorer]" in caplog.text
    assert f"# {DAY}" in Path(tasks.write_report(str(DAY))).read_text()


def test_a_report_tells_how_many_sources_a_story_has_and_whose_texts_were_taken(root: Path) -> None:
    for outlet in ("post", "echo", "globe"):
        deliver(root, DAY, text(1), name=outlet)
    make(DAY)

    page = Path(tasks.write_report(str(DAY))).read_text()

    assert " (3 articles, 3 outlets, 1 newsrooms, 0 agencies, 1 sources)\n" in page
    assert ".example: 1 texts, taken 2 times by 2 outlets" in page
