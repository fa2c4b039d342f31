"""Newsrooms and agencies through whole days: what a document states before furniture goes, and what an edit of the file of outlets changes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.contract import Contract
from pipeline.model.errors import SettingsError
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, STORIES
from pipeline.settings import load
from pipeline.upkeep import repair
from pipeline.upkeep.status import State, status
from tests.conftest import DAY, deliver, make_desk
from tests.test_judge import FLOOD

Row = dict[str, Any]


@pytest.fixture
def desk(tmp_path: Path) -> WorkDesk:
    return make_desk(tmp_path, EmbeddedEngine(1))


def page(host: str, *more: str) -> Row:
    return {
        "url": f"https://{host}/river-lenne-12-dead",
        "text": "\n".join([*FLOOD, *more]),
        "title": "River Lenne",
    }


def with_file(desk: WorkDesk, path: Path, content: str) -> WorkDesk:
    path.write_text(content)
    kept = {name: getattr(desk.settings, name) for name in ("landing", "warehouse")}
    return replace(desk, settings=load(**kept, outlets=str(path)))


def by_domain(desk: WorkDesk, contract: Contract, name: str) -> dict[str, Any]:
    articles = {r["article_id"]: r["domain"] for r in desk.warehouse.read(ARTICLES, DAY).to_pylist()}
    rows = desk.warehouse.read(contract, DAY).to_pylist()
    return {articles[row["article_id"]]: row[name] for row in rows}


def counts(desk: WorkDesk) -> tuple[int, ...]:
    (story,) = desk.warehouse.read(STORIES, DAY).to_pylist()
    return tuple(story[name] for name in ("n_newsrooms", "n_agencies", "n_sources", "n_outlets"))


def test_a_sign_that_goes_with_the_furniture_was_read_and_reaches_the_silent_copy(desk: WorkDesk) -> None:
    deliver(desk, DAY, page("post.example", "© 2026 AFP"), page("herald.example"))
    run_day(desk, DAY)

    assert "AFP" not in "".join(desk.warehouse.read(ARTICLES, DAY)["text"].to_pylist())
    assert {"post.example": "AFP", "herald.example": None} == by_domain(desk, ARTICLES, "agency")
    assert {"post.example": "AFP", "herald.example": "AFP"} == by_domain(desk, MEMBERSHIPS, "agency")
    assert (0, 1, 1, 2) == counts(desk)


def test_an_agency_supplies_its_copies_and_its_own_page_states_none(desk: WorkDesk) -> None:
    deliver(desk, DAY, page("apnews.com", "Copyright 2026 The Associated Press."), page("herald.example"))
    run_day(desk, DAY)

    assert {"apnews.com": None, "herald.example": None} == by_domain(desk, ARTICLES, "agency")
    assert {"apnews.com": "AP", "herald.example": "AP"} == by_domain(desk, MEMBERSHIPS, "agency")


def test_an_edit_of_the_file_makes_the_day_stale_and_moves_no_id(desk: WorkDesk, tmp_path: Path) -> None:
    file = tmp_path / "houses.csv"
    first = with_file(desk, file, "domain,kind\npost.example,repost\n")
    deliver(first, DAY, page("post.example"), page("herald.example"))
    run_day(first, DAY)
    before = by_domain(first, MEMBERSHIPS, "copy_id")
    assert State.FRESH is status(first)[0].state

    again = with_file(desk, file, "domain,outlet,is_agency\npost.example,Post Wire,true\n")
    assert State.STALE is status(again)[0].state
    list(repair.repair(again, [DAY]))

    assert State.FRESH is status(again)[0].state
    assert before == by_domain(again, MEMBERSHIPS, "copy_id")
    assert (0, 1, 1, 2) == counts(again)
    assert {"post.example": "Post Wire", "herald.example": "herald.example"} == by_domain(
        again, ARTICLES, "outlet_id"
    )


def test_a_bad_file_stops_the_run_before_it_reads_a_document(desk: WorkDesk, tmp_path: Path) -> None:
    bad = with_file(desk, tmp_path / "houses.csv", "domain\nno domain\n")
    deliver(bad, DAY, page("post.example"))

    with pytest.raises(SettingsError, match=r"houses\.csv, line 2: 'no domain' is no domain"):
        run_day(bad, DAY)
