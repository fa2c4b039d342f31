"""Stories of the day: what becomes of articles that a stage could not place."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.day import stories
from pipeline.day.run import run_day
from pipeline.model.contract import Contract
from pipeline.model.errors import DamagedError
from pipeline.model.internal_tables import TERMS
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, OF_ARTICLE, STORIES
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse
from tests.conftest import DAY, deliver, make_desk
from tests.sharded import ShardedEngine
from tests.world import DAYS, POOL, World


@pytest.fixture
def placed() -> pa.Table:
    return pa.table({"article_id": ["a"], "copy_id": ["a0"], "kind": ["near"], "score": [0.5]})


def test_an_article_without_a_place_is_the_origin_of_a_group_of_its_own(placed: pa.Table) -> None:
    """It has no figures: nothing was compared."""
    every = pa.chunked_array([["a", "b"], ["c"]])

    rows = stories.alone(placed, every, "copy_id").to_pylist()

    assert placed.to_pylist() == rows[:1]
    assert [{"article_id": i, "copy_id": i, "kind": "origin", "score": None} for i in ("b", "c")] == rows[1:]


def test_where_every_article_has_a_place_nothing_is_added(placed: pa.Table) -> None:
    assert placed is stories.alone(placed, pa.chunked_array([["a"]]), "copy_id")


def test_a_copy_is_in_the_saga_of_its_origin() -> None:
    """Of an earlier day, too; where that day names none, the story is its own saga."""
    copies = {"article_id": ["new", "copy", "late", "later"], "copy_id": ["new", "new", "old", "ancient"]}
    copies |= {"kind": ["origin", "exact", "near", "near"], "matched_id": [None, "new", "old", "ancient"]}
    others = ("jaccard", "containment", "capture", "version", "agency")
    nulls = {name: pa.nulls(4, MEMBERSHIPS.schema.field(name).type) for name in others}
    placed = pa.table(copies | nulls)
    joined = pa.table(
        {"article_id": ["new"], "story_id": ["new"], "kind": ["origin"], "saga_id": ["a"]}
        | {name: pa.nulls(1, kind) for name, kind in (("matched_id", pa.string()), ("continues_id", pa.string()), ("story_score", pa.float64()))}
    )  # fmt: skip
    earlier = pa.table(
        {"article_id": ["old", "ancient"], "story_id": ["s", "ancient"], "saga_id": pa.array(["b", None])}
    )

    rows = stories.memberships_of(placed, joined, earlier, dt.date(2026, 3, 5)).to_pylist()

    assert ["a", "a", "b", "ancient"] == [row["saga_id"] for row in rows]


def test_memberships_say_of_each_article_what_almost_every_query_joins_for(tmp_path: Path) -> None:
    """Outlet and publication, as `articles` has them, also where nothing is known of them."""
    desk = make_desk(tmp_path, ShardedEngine())
    dated = POOL[0] | {"published_at": "2026-03-04T08:00:00Z"}
    deliver(desk, DAY, dated, *POOL[5:9], POOL[12] | {"published_at": "2026-03-04"})
    run_day(desk, DAY)

    articles = desk.warehouse.read(ARTICLES, DAY, ["article_id", *OF_ARTICLE])
    places = desk.warehouse.read(MEMBERSHIPS, DAY, ["article_id", *OF_ARTICLE])

    assert articles.equals(places)
    assert {"second", "day", None} == set(places["published_precision"].to_pylist())
    assert None in places["published_at"].to_pylist()


@pytest.mark.parametrize("delivered", ["https://post.example/flood?utm_source=feed#top", None])
def test_the_link_of_an_article_is_the_one_that_was_delivered(tmp_path: Path, delivered: str | None) -> None:
    """Not the canonical one, which identifies it; without one it is what the page states."""
    desk = make_desk(tmp_path, ShardedEngine())
    stated = "https://post.example/flood"
    body = "".join(f"<p>{line}</p>" for line in POOL[0]["text"].splitlines())
    page = f'<html><head><link rel="canonical" href="{stated}"></head><body><article>{body}</article></body></html>'
    deliver(desk, DAY, {"html": page} | ({"url": delivered} if delivered else {}))
    run_day(desk, DAY)

    (article,) = desk.warehouse.read(ARTICLES, DAY, ["url", "canonical_url"]).to_pylist()
    (story,) = desk.warehouse.read(STORIES, DAY, ["url"]).to_pylist()

    assert {"url": delivered or stated, "canonical_url": stated} == article
    assert story["url"] == article["url"]


@pytest.mark.parametrize("where", [0.0, 0.6, 1.0])
def test_terms_that_cannot_be_read_any_further_are_made_from_there_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: float
) -> None:
    """A window comes some rows at a time: each row once, whatever is damaged, and the same rows."""
    monkeypatch.setattr("pipeline.day.reuse.PIECE_ROWS", 1)
    desk = make_desk(tmp_path, ShardedEngine())
    deliver(desk, DAY, *POOL[:9])
    run_day(desk, DAY)
    names = [(contract, DAY) for contract in (ARTICLES, MEMBERSHIPS)]
    whole = desk.warehouse.read(TERMS, DAY)
    of_warehouse, failing = Warehouse.pieces, round(where * whole.num_rows)

    def damaged(
        self: Warehouse, contract: Contract, day: dt.date, version: str, n_rows: int
    ) -> Iterator[pa.Table]:
        for n, piece in enumerate(of_warehouse(self, contract, day, version, n_rows)):
            if n == failing:
                raise DamagedError("cut short")
            yield piece

    monkeypatch.setattr(Warehouse, "pieces", damaged)
    pieces = list(stories.window_terms(View(desk.warehouse, names), desk.engine, [DAY], languages=False))

    assert whole.num_rows > 2
    assert whole.equals(pa.concat_tables(pieces))


def test_two_texts_of_everyday_words_under_one_headline_in_two_languages_are_one_story(
    tmp_path: Path,
) -> None:
    """No word of theirs has any weight, so all that joins them is that the headlines mean the same."""
    world = World(tmp_path)
    world.settings |= {"languages": True}
    words = {
        "en": (
            "We are here and they are not",
            "It is what it is, and we have it all. You can not have it all, but we can. They were there and she was not. We are here and they are not.",
        ),
        "de": (
            "Wir sind hier und sie nicht",
            "Es ist so, wie es ist, und wir haben alles. Sie können das nicht haben, aber wir können es. Er war da und sie war nicht da. Wir sind hier und sie nicht.",
        ),
    }
    (folder := world.root / "landing" / f"day={DAYS[0]}").mkdir()
    for language, (title, text) in words.items():
        document = {"title": title, "text": text, "language": language, "outlet": language}
        (folder / f"{language}.jsonl").write_text(json.dumps(document))

    run_day(world.desk(), DAYS[0])

    assert [0, 0] == pc.list_value_length(world.desk().warehouse.read(TERMS, DAYS[0])["terms"]).to_pylist()
    assert 1 == len(set(world.desk().warehouse.read(MEMBERSHIPS, DAYS[0])["story_id"].to_pylist()))
