"""Pages that change, day by day."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import revisions
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.contract import Contract
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, REVISIONS, RUNS, STORIES
from pipeline.revisions import trace
from pipeline.text import pages
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import DAY, deliver, make_desk, published
from tests.test_judge import COMET, FLOOD

Row = dict[str, Any]
PAGE = "https://post.example/flood-in-altena"


def page(toll: int, *more: str, url: str = PAGE, outlet: str = "Post", **fields: Any) -> Row:
    text = "\n".join([FLOOD[0].replace("12", str(toll)), *FLOOD[1:], *more])
    return {"url": url, "text": text, "title": f"River Lenne: {toll} dead", "outlet": outlet, **fields}


def rows(desk: WorkDesk, contract: Contract, day: date = DAY) -> list[Row]:
    found: list[Row] = desk.warehouse.read(contract, day).to_pylist()
    return found


def after(desk: WorkDesk, n_days: int, *documents: Row) -> Row:
    """Run the day so many days later with these documents; the row of its run."""
    deliver(desk, DAY + timedelta(n_days), *documents)
    return run_day(desk, DAY + timedelta(n_days)).row


def story(desk: WorkDesk) -> Row:
    (found,) = rows(desk, STORIES)
    return found


def test_a_page_that_changes_confirms_nothing_and_its_latest_version_is_read(desk: WorkDesk) -> None:
    counted = [after(desk, n, page(toll)) for n, toll in enumerate((12, 19, 31))]

    assert [0, 1, 1] == [row["n_revisions"] for row in counted]
    assert [1, 0, 0] == [row["n_copy_groups"] for row in counted]
    told = story(desk)
    assert (1, 0, 1, 1) == tuple(told[n] for n in ("n_articles", "n_copies", "n_copy_groups", "n_outlets"))
    assert (f"{DAY + timedelta(2):%Y%m%d}", "River Lenne: 31 dead") == (
        told["canonical_id"][:8],
        told["title"],
    )
    (last,) = rows(desk, REVISIONS, DAY + timedelta(2))
    assert (2, ["19"], ["31"], rows(desk, ARTICLES)[0]["article_id"]) == tuple(
        last[n] for n in ("number", "numbers_from", "numbers_to", "first_id")
    )


def test_every_later_capture_names_its_link(desk: WorkDesk) -> None:
    after(desk, 0, page(12))
    after(desk, 1, page(19))

    (place,), (link,) = rows(desk, MEMBERSHIPS, DAY + timedelta(1)), rows(desk, LINKS, DAY + timedelta(1))
    assert (place["article_id"], place["matched_id"]) == (link["article_id"], link["other_id"])
    assert ("revision", True, "same page, text revised") == (link["kind"], link["accepted"], link["reason"])


def test_versions_of_one_day_are_one_article_too(desk: WorkDesk) -> None:
    """A report or a copy before: the same address with another text."""
    fetched = [f"{DAY}T{hour:02}:00:00Z" for hour in (9, 7, 12)]
    row = after(desk, 0, *(page(n, fetched_at=at) for n, at in zip((19, 12, 31), fetched, strict=True)))

    assert (3, 2, 1, 1) == tuple(row[n] for n in ("n_articles", "n_revisions", "n_copy_groups", "n_stories"))
    assert "River Lenne: 31 dead" == story(desk)["title"]
    assert [1, 2] == sorted(r["number"] for r in rows(desk, REVISIONS))


def test_the_same_page_and_text_twice_in_a_day_is_a_refetch(desk: WorkDesk) -> None:
    """A share bar more makes another document, and no other text."""
    more = page(12)
    more["text"] += "\nShare on Facebook"
    row = after(desk, 0, page(12), more)

    assert (2, 1, 0) == tuple(row[n] for n in ("n_articles", "n_refetch", "n_exact"))


def test_a_copy_of_a_later_version_is_a_copy_and_no_text_of_its_own(desk: WorkDesk) -> None:
    """Though it has little in common with the first version, which was a brief."""
    more = [f"{s} That is what witnesses told this paper on the evening of the flood." for s in COMET] * 1
    long = [
        f"In hour {n} of the flood the gauge at bridge {n} of the valley stood {n} feet higher."
        for n in range(40)
    ]
    after(desk, 0, page(12))
    after(desk, 1, page(31, *more, *long))
    row = after(desk, 2, page(31, *more, *long, url="https://echo.example/lenne", outlet="Echo"))

    assert (0, 1) == (row["n_copy_groups"], row["n_exact"])
    told = story(desk)
    assert (2, 1, 1, 2) == tuple(told[n] for n in ("n_articles", "n_copies", "n_copy_groups", "n_outlets"))
    assert PAGE == told["canonical_url"]


def test_another_slug_with_the_same_number_is_the_same_page(desk: WorkDesk) -> None:
    after(desk, 0, page(12, url="https://post.example/12-dead-471123"))
    row = after(desk, 1, page(19, url="https://post.example/19-dead-471123"))

    assert (1, 0) == (row["n_revisions"], row["n_copy_groups"])


def test_of_the_window_only_addresses_that_may_be_of_a_page_of_the_day_are_looked_at(
    desk: WorkDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(
        desk,
        0,
        page(12),
        *({"url": f"https://post.example/{n}", "text": text} for n, text in enumerate(COMET, 1)),
    )
    asked = list[str]()
    monkeypatch.setattr(revisions, "page_of", lambda address: asked.append(address) or pages.page_of(address))

    row = after(desk, 1, page(19))

    assert (1, [PAGE, PAGE]) == (row["n_revisions"], asked)


def test_an_address_that_is_used_again_is_a_text_of_its_own(desk: WorkDesk) -> None:
    after(desk, 0, page(12))
    row = after(
        desk, 1, {"url": PAGE, "text": "\n".join(COMET), "title": "Water on a comet", "outlet": "Post"}
    )

    assert (0, 0, 1) == tuple(row[n] for n in ("n_revisions", "n_refetch", "n_copy_groups"))


def test_after_the_window_a_capture_is_a_new_origin(tmp_path: Path) -> None:
    """The window of two days has the second version, which is one of a text that is gone."""
    desk = make_desk(tmp_path, EmbeddedEngine(1), window_days=2)
    after(desk, 0, page(12))
    after(desk, 2, page(19))
    row = after(desk, 4, page(31))

    assert (0, 1) == (row["n_revisions"], row["n_copy_groups"])
    assert 1 == after(desk, 5, page(40))["n_revisions"]


def test_a_version_keeps_the_group_and_story_of_a_first_one_that_is_a_copy_of_an_older_text(
    tmp_path: Path,
) -> None:
    """The group's origin is older than the window; the page's first capture is not."""
    desk = make_desk(tmp_path, EmbeddedEngine(1), window_days=2)
    echo = {"url": "https://echo.example/lenne-in-flood", "outlet": "Echo"}
    after(desk, 0, page(12))
    after(desk, 2, page(12, **echo))
    after(desk, 4, page(19, **echo))

    (place,), first = rows(desk, MEMBERSHIPS, DAY + timedelta(4)), rows(desk, ARTICLES)[0]["article_id"]
    assert ("revision", first, first) == (place["kind"], place["copy_id"], place["story_id"])


def test_a_page_that_can_not_be_traced_is_articles_of_their_own(
    desk: WorkDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bad page costs itself: its captures are compared as any texts are, and the other pages are traced."""
    real = trace._capture

    def raising(row: Row) -> Any:
        if "99" in row["title"]:
            raise ValueError
        return real(row)

    monkeypatch.setattr(trace, "_capture", raising)
    other = "https://echo.example/lenne-in-flood"
    after(desk, 0, page(12), page(98, url=other, outlet="Echo"))
    row = after(desk, 1, page(19), page(99, url=other, outlet="Echo"))

    assert (1, 2, 1) == tuple(row[n] for n in ("n_revisions", "n_articles", "n_stage_faults"))


def test_a_day_that_was_made_before_revisions_were_looked_for_is_read_as_it_is_and_repaired(
    tmp_path: Path,
) -> None:
    """It lacks nothing that its run was to make: it is stale, not incomplete."""
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    after(desk, 0, page(12))
    after(desk, 1, page(19))
    expected = published(tmp_path / "warehouse")
    _as_before_revisions(tmp_path / "warehouse")

    found = status.status(desk)
    assert [State.STALE] * 2 == [one.state for one in found]
    assert all((Why.INPUT.of("rules/revisions"),) == one.reasons for one in found)
    assert 2 == sum(len(rows(desk, RUNS, DAY + timedelta(n))) for n in (0, 1))

    list(repair.repair(desk, [DAY, DAY + timedelta(1)]))
    assert expected == published(tmp_path / "warehouse")


def _as_before_revisions(warehouse: Path) -> None:
    """Take away what an earlier version did not write: the table, and the rules in the manifests."""
    for file in sorted(warehouse.rglob("*")):
        if file.is_file() and "revisions" in file.parts:
            file.unlink()
    for manifest in warehouse.rglob("_meta/manifests/**/*.json"):
        said = json.loads(manifest.read_text())
        if "rules/revisions" in said.get("inputs", {}):
            del said["inputs"]["rules/revisions"]
            del said["check"]  # earlier versions wrote none
            manifest.write_text(json.dumps(said))


ECHO = {"url": "https://echo.example/flood", "outlet": "Echo"}


@pytest.mark.parametrize(
    ("delivered", "gone"),
    [
        ([page(12), page(19)], 0),
        ([page(12), page(19), page(25)], 1),
        ([page(12), page(12, **ECHO)], 0),
    ],
    ids=["the first capture", "one between", "the origin of its copy group"],
)
def test_a_day_runs_whichever_earlier_document_of_its_page_is_gone(
    desk: WorkDesk, tmp_path: Path, delivered: list[Row], gone: int
) -> None:
    """Days that name the document are stale until a repair, and a day after them is run before that."""
    for n, document in enumerate(delivered):
        after(desk, n, document)
    shutil.rmtree(tmp_path / f"landing/day={DAY + timedelta(gone)}")
    run_day(desk, DAY + timedelta(gone))

    last = {name: delivered[-1][name] for name in ("url", "outlet")}
    assert 1 == after(desk, len(delivered), page(31, **last))["n_articles"]

    days = [DAY + timedelta(n) for n in range(len(delivered) + 1)]
    list(repair.repair(desk, days, empty=True))
    expected = published(tmp_path / "warehouse")
    shutil.rmtree(tmp_path / "warehouse")
    for day in days:
        run_day(desk, day)
    assert expected == published(tmp_path / "warehouse")
