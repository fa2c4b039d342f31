"""Who took texts from whom, day by day."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import read
from pipeline.app import terminal
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.explain.explain import explain
from pipeline.model.errors import MissingInputError
from pipeline.model.tables import ARTICLES, FLOWS, RUNS
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import DAY, deliver, make_desk, published
from tests.test_judge import FLOOD

Row = dict[str, Any]


def copy(outlet: str, at: str, *more: str, day: int = 0) -> Row:
    return {
        "url": f"https://{outlet.lower()[-3:]}.example/flood",
        "text": "\n".join([*FLOOD, *more]),
        "title": "River Lenne floods Altena",
        "outlet": outlet,
        "published_at": f"{DAY + timedelta(day)}T{at}:00Z",
    }


def after(desk: WorkDesk, n_days: int, *documents: Row) -> list[tuple[Any, ...]]:
    """Run the day so many days later; from whom its outlets took texts."""
    day = DAY + timedelta(n_days)
    deliver(desk, day, *documents)
    row = run_day(desk, day).row
    found = desk.warehouse.read(FLOWS, day).to_pylist()
    assert row["n_flows"] == len(found)
    return [(r["from_name"], r["to_outlet"], r["lag_minutes"], r["confidence"]) for r in found]


def test_takers_of_a_day_and_of_later_days_are_told(desk: WorkDesk) -> None:
    assert [("Post", "Echo", 60, "earlier")] == after(desk, 0, copy("Post", "09:00"), copy("Echo", "10:00"))
    assert [("Post", "Globe", 1440, "earlier")] == after(desk, 1, copy("Globe", "09:00", day=1))


def test_a_credit_goes_before_the_times(desk: WorkDesk) -> None:
    """The line is furniture, and no part of the article's text."""
    credit = "This article first appeared in The Post."

    assert [("Post", "Echo", -60, "stated")] == after(
        desk, 0, copy("Post", "10:00"), copy("Echo", "09:00", credit)
    )


def test_a_source_that_is_delivered_after_its_takers_turns_the_flow(desk: WorkDesk) -> None:
    assert [] == after(desk, 0, copy("Echo", "10:00"))
    assert [("Post", "Echo", 60, "earlier")] == after(desk, 1, copy("Post", "09:00"))


def test_a_page_that_is_fetched_again_takes_nothing(desk: WorkDesk) -> None:
    after(desk, 0, copy("Post", "09:00"), copy("Echo", "10:00"))

    assert [] == after(desk, 1, copy("Echo", "10:00"))


def test_the_network_names_what_was_taken_and_its_edges_are_csv(
    desk: WorkDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    after(desk, 0, copy("Post", "09:00"), copy("Echo, Inc", "10:00"), copy("=Globe", "09:00"))
    found = read.network_of(desk.warehouse, [], 5)

    assert ["River Lenne floods Altena"] == [one["title"] for one in found["taken"]]
    terminal.edges(found)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("from,from_kind,to,n_texts,")
    assert sum('"Echo, Inc"' in line for line in lines) == 1
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
    terminal.network(found)
    assert "River Lenne" in capsys.readouterr().out


def test_a_network_of_no_table_says_what_to_run(desk: WorkDesk) -> None:
    with pytest.raises(MissingInputError, match="run or repair"):
        read.network_of(desk.warehouse, [], 5)


def test_a_day_that_was_made_before_flows_is_read_as_it_is_and_repaired(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    after(desk, 0, copy("Post", "09:00"), copy("Echo", "10:00"))
    after(desk, 1, copy("Globe", "09:00", day=1))
    expected = published(tmp_path / "warehouse")
    _as_before_flows(tmp_path / "warehouse")

    found = status.status(desk)
    assert [State.STALE] * 2 == [one.state for one in found]
    assert all((Why.INPUT.of("rules/flows"),) == one.reasons for one in found)
    assert 2 == sum(desk.warehouse.read(RUNS, DAY + timedelta(n)).num_rows for n in (0, 1))

    list(repair.repair(desk, [DAY, DAY + timedelta(1)]))
    assert expected == published(tmp_path / "warehouse")


def _as_before_flows(warehouse: Path) -> None:
    """Take away what an earlier version did not write: the table, and the rules in the manifests."""
    for file in sorted(warehouse.rglob("*")):
        if file.is_file() and "flows" in file.parts:
            file.unlink()
    for manifest in warehouse.rglob("_meta/manifests/**/*.json"):
        said = json.loads(manifest.read_text())
        if "rules/flows" in said.get("inputs", {}):
            del said["inputs"]["rules/flows"]
            del said["check"]  # earlier versions wrote none
            manifest.write_text(json.dumps(said))


def test_an_explanation_says_from_whom_a_text_was_taken(desk: WorkDesk) -> None:
    """By the latest day that knows: the one on which the source's own article came."""
    after(desk, 0, copy("Echo", "10:00"), copy("Globe", "11:00"))
    (globe,) = (row["to_article_id"] for row in desk.warehouse.read(FLOWS, DAY).to_pylist())
    assert "Echo" == explain(desk.warehouse, desk.settings, globe)["taken_from"]["from_name"]
    after(desk, 1, copy("Post", "09:00"))

    found = explain(desk.warehouse, desk.settings, globe)["taken_from"]

    assert ("Post", "outlet", 120, "earlier") == tuple(
        found[n] for n in ("from_name", "from_kind", "lag_minutes", "confidence")
    )
    (source,) = desk.warehouse.read(ARTICLES, DAY + timedelta(1))["article_id"].to_pylist()
    assert "taken_from" not in explain(desk.warehouse, desk.settings, source)
