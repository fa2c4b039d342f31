"""What the example of a consumer writes about a day, beside the tables."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.app import tasks
from pipeline.app.cli import app
from pipeline.model.errors import InputChangedError
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import PUBLISHED
from pipeline.store import layout, notes, removals
from pipeline.store.local import LocalStorage
from pipeline.upkeep import retention, takedown
from tests.conftest import published
from tests.scheduled import DAY, NEXT, deliver, make, places, text

Act = Callable[[Path], None]


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


def remove(root: Path) -> None:
    storage = LocalStorage(root / "warehouse")
    removals.change(storage, lambda known: {*known, Removal(Target.OUTLET, "feed.example")})


def strike(root: Path) -> None:
    """What was on the list before is taken out, and pages are swept away."""
    desk = tasks._work_desk()
    listed = removals.read(desk.warehouse.storage)
    takedown.strike(desk, listed, DAY)
    takedown.sweep(desk.warehouse.storage, listed)


def retire(root: Path) -> None:
    desk = tasks._desk()
    notes.mark(desk.warehouse, NEXT)
    for one in retention.texts_before(desk.warehouse, NEXT, 14):
        one.remove()


def close(root: Path) -> None:
    """The day is retired, and its texts go later."""
    notes.mark(tasks._desk().warehouse, NEXT)


@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [(None, remove), (remove, strike), (None, retire), (None, close), (close, retire)],
)
@pytest.mark.parametrize(
    ("write", "path", "makes"),
    [
        (tasks.write_page, layout.page(DAY), "pipeline.explorer.day_file.day_file"),
        (tasks.write_report, layout.report(DAY), "pipeline.app.tasks.read.largest_stories"),
    ],
)
def test_a_page_does_not_stay_when_something_is_removed_or_retired_while_it_is_made(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: Act | None,
    meanwhile: Act,
    write: Callable[[str], str | None],
    path: str,
    makes: str,
) -> None:
    deliver(root, DAY, text(1))
    make(DAY)
    if before:
        before(root)
    with monkeypatch.context() as patch:
        made = resolve_name(makes.replace(".day_file.", ".day_file:").replace(".tasks.", ".tasks:"))

        def late(*arguments: Any) -> Any:
            found = made(*arguments)
            meanwhile(root)
            return found

        patch.setattr(makes, late)
        with pytest.raises(InputChangedError, match=path):
            write(str(DAY))
    assert not (root / "warehouse" / path).exists()

    write(str(DAY))
    assert (root / "warehouse" / path).exists()


def test_a_page_stays_when_another_day_is_published_meanwhile(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(root, DAY, text(1))
    deliver(root, NEXT, text(2))
    make(DAY)
    told = tasks.read.largest_stories

    def late(*arguments: Any) -> Any:
        make(NEXT)
        return told(*arguments)

    monkeypatch.setattr(tasks.read, "largest_stories", late)
    assert f"# {DAY}" in Path(tasks.write_report(str(DAY))).read_text()


def test_a_worker_without_the_explorer_writes_the_report_and_says_what_it_misses(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(root, DAY, text(1))
    make(DAY)
    monkeypatch.setattr(
        "pipeline.explorer", importlib.import_module("pipeline.explorer")
    )  # it comes back whole
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
