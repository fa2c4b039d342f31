"""What reports add, day by day."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.app.show import show
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.tables import ADDITIONS, RUNS
from pipeline.stories import additions
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests import story_texts as texts
from tests.conftest import DAY, deliver, make_desk, published

Row = dict[str, Any]
SCHOOL = "The Huancarama primary school lost its roof, teacher Wilber Quispe said."
TOLL = "Doctors at the Honorio clinic counted 173 injured."


def told(outlet: str, text: tuple[str, str], *more: str, hour: int = 9, day: int = 0) -> Row:
    return {
        "url": f"https://{outlet.lower()}.example/quake",
        "title": text[0],
        "text": "\n".join([*text[1].replace(". ", ".\n").split("\n"), *more]),
        "outlet": outlet,
        "published_at": f"{DAY + timedelta(day)}T{hour:02}:00:00Z",
    }


def after(desk: WorkDesk, n_days: int, *documents: Row) -> list[Row]:
    """Run the day so many days later with these documents; its additions."""
    day = DAY + timedelta(n_days)
    deliver(desk, day, *documents)
    run_day(desk, day)
    return rows(desk, day)


def rows(desk: WorkDesk, day: date) -> list[Row]:
    found: list[Row] = desk.warehouse.read(ADDITIONS, day).to_pylist()
    return found


def test_a_report_is_compared_with_what_earlier_days_said(desk: WorkDesk) -> None:
    """Its own day's articles and those of the window; the first article of a story is no report."""
    assert [] == after(desk, 0, told("Post", texts.QUAKE_A1, SCHOOL))
    (row,) = after(desk, 1, told("Echo", texts.QUAKE_A2, SCHOOL, TOLL, day=1))

    assert TOLL in row["adds"]
    assert SCHOOL not in row["adds"]
    assert 0 < row["new_share"] < 1


def test_a_copy_of_a_later_day_says_what_it_has_more(desk: WorkDesk) -> None:
    after(desk, 0, told("Post", texts.QUAKE_A1))
    after(desk, 1, told("Star", texts.QUAKE_A1, SCHOOL, day=1))
    (row,) = after(desk, 2, told("Echo", texts.QUAKE_A2, SCHOOL, TOLL, day=2))

    assert SCHOOL not in row["adds"]
    assert TOLL in row["adds"]


def test_the_window_ends_what_is_remembered(tmp_path: Path) -> None:
    """A story may go on longer than that: what its first day said is new again."""
    desk = make_desk(tmp_path, EmbeddedEngine(1), window_days=1)
    after(desk, 0, told("Post", texts.QUAKE_A1, SCHOOL, hour=23))
    after(desk, 1, told("Echo", texts.QUAKE_A2, hour=23, day=1))
    (row,) = after(desk, 2, told("Globe", texts.QUAKE_A1, SCHOOL, TOLL, hour=0, day=2))

    assert SCHOOL in row["adds"]


def test_a_story_is_shown_as_its_facts_came_in(desk: WorkDesk) -> None:
    """How it begins, then what each report adds: date, article, sentence."""
    after(desk, 0, told("Post", texts.QUAKE_A1))
    (row,) = after(desk, 1, told("Echo", texts.QUAKE_A2, TOLL, day=1))

    found = show(desk.warehouse, row["story_id"])["timeline"]

    first, *later = found
    assert (DAY, row["story_id"]) == (first["date"], first["article_id"])
    assert first["sentence"].startswith("A strong earthquake struck southern Peru")
    assert [(DAY + timedelta(1), row["article_id"], sentence) for sentence in row["adds"]] == [
        tuple(one[name] for name in ("date", "article_id", "sentence")) for one in later
    ]


def test_an_article_that_raises_costs_itself(desk: WorkDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other report of its story is told of, and the fault is listed."""
    after(desk, 0, told("Post", texts.QUAKE_A1), told("Star", texts.MATCH_A1))
    real = additions._read

    def raising(row: Row, books: Any) -> Any:
        if "Quispe" in row["text"]:
            raise ValueError
        return real(row, books)

    monkeypatch.setattr(additions, "_read", raising)
    found = after(
        desk, 1, told("Echo", texts.QUAKE_A2, SCHOOL, day=1), told("Globe", texts.MATCH_A2, TOLL, day=1)
    )

    assert [[TOLL]] == [[s for s in row["adds"] if s == TOLL] for row in found]
    (run,) = desk.warehouse.read(RUNS, DAY + timedelta(1)).to_pylist()
    assert ["detect"] == [fault["stage"] for fault in run["stage_faults"]]


def test_late_documents_change_what_later_reports_add_and_a_repair_says_so(tmp_path: Path) -> None:
    """As if all had come in order."""
    days = [[told("Post", texts.QUAKE_A1)], [told("Echo", texts.QUAKE_A2, SCHOOL, TOLL, day=1)]]
    late = [*days[0], told("Star", texts.QUAKE_A1, SCHOOL)]
    for name, first in (("late", days[0]), ("order", late)):
        desk = make_desk(tmp_path / name, EmbeddedEngine(1))
        for n, documents in enumerate([first, days[1]]):
            after(desk, n, *documents)
    desk = make_desk(tmp_path / "late", EmbeddedEngine(1))
    assert SCHOOL in rows(desk, DAY + timedelta(1))[0]["adds"]

    deliver(desk, DAY, *late)
    list(repair.repair(desk, [DAY, DAY + timedelta(1)]))

    assert SCHOOL not in rows(desk, DAY + timedelta(1))[0]["adds"]
    assert published(tmp_path / "order" / "warehouse") == published(tmp_path / "late" / "warehouse")


def test_a_day_that_was_made_before_additions_is_read_as_it_is_and_repaired(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    after(desk, 0, told("Post", texts.QUAKE_A1))
    (row,) = after(desk, 1, told("Echo", texts.QUAKE_A2, TOLL, day=1))
    expected = published(tmp_path / "warehouse")
    _as_before_additions(tmp_path / "warehouse")

    found = status.status(desk)
    assert [State.STALE] * 2 == [one.state for one in found]
    assert all((Why.INPUT.of("rules/additions"),) == one.reasons for one in found)
    assert [row["story_id"]] == [
        one["article_id"] for one in show(desk.warehouse, row["story_id"])["timeline"]
    ]

    list(repair.repair(desk, [DAY, DAY + timedelta(1)]))
    assert expected == published(tmp_path / "warehouse")


def _as_before_additions(warehouse: Path) -> None:
    """Take away what an earlier version did not write: the table, and the rules in the manifests."""
    for file in sorted(warehouse.rglob("*")):
        if file.is_file() and "additions" in file.parts:
            file.unlink()
    for manifest in warehouse.rglob("_meta/manifests/**/*.json"):
        said = json.loads(manifest.read_text())
        if "rules/additions" in said.get("inputs", {}):
            del said["inputs"]["rules/additions"], said["check"]
            manifest.write_text(json.dumps(said))
