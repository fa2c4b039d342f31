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
from pipeline.model.tables import ARTICLES, FLOWS, MEMBERSHIPS, STORIES
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


def linked_page(host: str, canonical: str) -> Row:
    """A page of the text that names an address of another site as its canonical one."""
    paragraphs = "".join(f"<p>{line}</p>" for line in FLOOD)
    head = f'<title>River Lenne</title><link rel="canonical" href="{canonical}">'
    html = f"<html><head>{head}</head><body><article><h1>River Lenne</h1>{paragraphs}</article></body></html>"
    return {"url": f"https://{host}/river-lenne-12-dead", "html": html}


def flows(desk: WorkDesk) -> list[tuple[str, ...]]:
    rows = desk.warehouse.read(FLOWS, DAY).to_pylist()
    return [(row["from_name"], row["from_kind"], row["to_outlet"], row["confidence"]) for row in rows]


def test_a_canonical_address_on_another_site_credits_its_newsroom_which_has_no_article(
    desk: WorkDesk,
) -> None:
    deliver(desk, DAY, linked_page("herald.com", "https://www.post.com/2026/river-lenne"), page("echo.com"))
    run_day(desk, DAY)

    (story,) = desk.warehouse.read(STORIES, DAY).to_pylist()
    assert ["post.com"] == [n["newsroom"] for n in story["newsrooms"]]
    assert (1, 0, 1, 2) == counts(desk)
    assert {
        ("post.com", "outlet", "herald.com", "stated"),
        ("post.com", "outlet", "echo.com", "unclear"),
    } == {*flows(desk)}
    assert {"herald.com": "herald.com", "echo.com": "echo.com"} == by_domain(desk, ARTICLES, "domain")


def test_a_canonical_address_of_an_agency_states_the_agency(desk: WorkDesk) -> None:
    deliver(desk, DAY, linked_page("herald.com", "https://www.reuters.com/world/river-lenne"))
    run_day(desk, DAY)

    assert {"herald.com": "Reuters"} == by_domain(desk, ARTICLES, "agency")
    assert (0, 1, 1, 1) == counts(desk)
    assert [("Reuters", "agency", "herald.com", "stated")] == flows(desk)


def test_a_credited_outlet_counts_by_the_file_and_once(desk: WorkDesk, tmp_path: Path) -> None:
    """An edit that says whose it is makes it a newsroom; without the file it is a source that is not known."""
    deliver(desk, DAY, page("herald.com", "This article first appeared in The Post."))
    run_day(desk, DAY)
    assert (0, 0, 1, 1) == counts(desk)

    again = with_file(
        desk, tmp_path / "houses.csv", "domain,outlet,owner\npost.com,The Post,north\nherald.com,,south\n"
    )
    list(repair.repair(again, [DAY]))

    (story,) = again.warehouse.read(STORIES, DAY).to_pylist()
    assert ["north"] == [n["newsroom"] for n in story["newsrooms"]]
    assert (1, 0, 1, 1) == counts(again)
