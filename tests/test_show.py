"""One story, or one article, as published."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.app.show import show
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.tables import ARTICLES
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests import story_texts as texts
from tests.command import records
from tests.placed import day

TOLD = {
    "first": (2, texts.QUAKE_A1),
    "second": (3, texts.QUAKE_A2),
    "copy": (3, texts.QUAKE_A1),
    "far": (3, texts.MATCH_A1),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A warehouse of two days, and the ids of its articles by name."""
    root = tmp_path_factory.mktemp("show")
    for name, (n, (title, text)) in TOLD.items():
        folder = root / "landing" / f"day={day(n)}"
        folder.mkdir(parents=True, exist_ok=True)
        row = {"url": f"https://{name}.example/a-1", "outlet": name, "title": title, "text": text}
        (folder / f"{name}.jsonl").write_text(json.dumps(row))
    where = ["--landing", str(root / "landing"), "--warehouse", str(root / "warehouse")]
    done = CliRunner().invoke(app, ["run", "-q", *where])
    assert 0 == done.exit_code, done.output
    store = Warehouse(LocalStorage(root / "warehouse"))
    rows = [row for table in store.scan(ARTICLES, store.days(ARTICLES)) for row in table.to_pylist()]
    return root / "warehouse", {row["outlet"]: row["article_id"] for row in rows}


def test_a_story_is_shown_with_its_articles_in_order(made: tuple[Path, dict[str, str]]) -> None:
    """Of all days; each with its outlet, headline and place."""
    path, ids = made
    found = show(Warehouse(LocalStorage(path)), ids["first"][:14].upper())

    assert (ids["first"], 3) == (found["story"]["story_id"], found["story"]["n_articles"])
    assert [ids["first"], *sorted((ids["second"], ids["copy"]))] == [
        one["article_id"] for one in found["articles"]
    ]
    places = {one["outlet"]: one["kind"] for one in found["articles"]}
    assert {"first": "origin", "second": "report", "copy": "exact"} == places
    assert texts.QUAKE_A1[0] == found["articles"][0]["title"]


def test_the_timeline_of_a_story_is_printed(made: tuple[Path, dict[str, str]]) -> None:
    """Date, article and sentence, a line each, after the articles; the report says more than the first article did."""
    path, ids = made
    timeline = show(Warehouse(LocalStorage(path)), ids["first"])["timeline"]
    shown = CliRunner().invoke(app, ["show", ids["first"], "--warehouse", str(path)]).output

    lines = [f"{one['date']}  {one['article_id'][:16]}  {one['sentence']}" for one in timeline]
    assert lines == shown.splitlines()[-len(lines) :]
    assert [ids["first"], *[ids["second"]] * 3] == [one["article_id"] for one in timeline]
    assert texts.QUAKE_A1[1].startswith(timeline[0]["sentence"])
    assert all(one["sentence"] in texts.QUAKE_A2[1] for one in timeline[1:])


def test_an_article_is_shown_with_its_text(made: tuple[Path, dict[str, str]]) -> None:
    """One that begins a story, too, if that is asked for."""
    path, ids = made
    store = Warehouse(LocalStorage(path))
    second, first = show(store, ids["second"]), show(store, ids["first"], as_article=True)

    assert ("second", ids["first"]) == (second["article"]["outlet"], second["place"]["story_id"])
    assert second["text"].split()[:5] == texts.QUAKE_A2[1].split()[:5]
    assert ids["first"] == first["article"]["article_id"]


@pytest.mark.parametrize(
    ("identifier", "error", "says"),
    [
        ("hello", SettingsError, "is no article_id"),
        ("20260304ffffffff", MissingInputError, "no article 20260304ffffffff"),
        ("20990101aa", MissingInputError, "no article 20990101aa"),
    ],
)
def test_what_is_not_there_is_said(
    made: tuple[Path, dict[str, str]], identifier: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        show(Warehouse(LocalStorage(made[0])), identifier)


def test_digits_that_name_several_are_too_few(made: tuple[Path, dict[str, str]]) -> None:
    with pytest.raises(
        MissingInputError, match="3 articles of 2026-03-05 begin with 20260305; give more digits"
    ):
        show(Warehouse(LocalStorage(made[0])), "20260305", as_article=True)


def test_the_command_shows_both(made: tuple[Path, dict[str, str]]) -> None:
    path, ids = made
    for name, more, part in (("first", (), "n_copies: 1"), ("first", ("--article",), texts.QUAKE_A1[1][:40])):
        shown, told = (
            CliRunner().invoke(app, ["show", ids[name], "--warehouse", str(path), *more, *as_json])
            for as_json in ((), ("--json",))
        )
        assert (0, 0) == (shown.exit_code, told.exit_code), shown.output + told.output
        assert part in shown.output
        assert 1 == len(records(told.output))
