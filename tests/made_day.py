"""Published tables of a made-up day, as large and as hostile as asked: what the explorer reads, without a run."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.explorer.snapshot import Library, Snapshot
from pipeline.model.contract import Contract, Row
from pipeline.model.kinds import Kind
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS, STORIES
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

DAY = date(2026, 3, 5)
LONG = "\"'&<\U0001f4f0" * 40_000  # each sign is longer as HTML than as text
_AT = datetime(2026, 3, 5, 8, tzinfo=UTC)


def snapshot(root: Path, sizes: list[int], word: str = "", *, titled: bool = True) -> Snapshot:
    """A day whose stories have so many articles each: in turn a text of its own and three copies. `word` stands in all that articles say."""
    warehouse = Warehouse(LocalStorage(root))
    stories = [_story(n, size, word) for n, size in enumerate(sizes)]
    members = [row for story in stories for row in _members(story)]
    articles = [_article(one["article_id"], n, word) for n, one in enumerate(members)]
    if not titled:
        articles = [{**one, "title": None} for one in articles]
    run = {"ingest_date": DAY, "n_raw": len(articles), "n_articles": len(articles)}
    for contract, rows in (
        (ARTICLES, articles),
        (MEMBERSHIPS, members),
        (STORIES, stories),
        (RUNS, [_filled(RUNS, run)]),
    ):
        warehouse.publish(contract, DAY, contract.table(rows))
    files = {
        (contract.name, DAY): entry
        for contract in (ARTICLES, MEMBERSHIPS, STORIES, RUNS)
        for entry in warehouse.storage.walk(layout.table(contract))
    }
    return Snapshot(Library(warehouse), files, {}, "0" * 16, {})


def _id(story: int, n: int) -> str:
    return f"{DAY:%Y%m%d}{story:012x}{n:012x}"


def _story(n: int, size: int, word: str) -> Row:
    said = f"Story {n} {word}"
    return _filled(
        STORIES,
        {
            "story_id": _id(n, 0),
            "canonical_id": _id(n, 0),
            "title": said,
            "lead": said,
            "label": said,
            "keywords": [said] * 8,
            "members": [_id(n, k) for k in range(size)],
            "n_articles": size,
            "n_copy_groups": -(-size // 4),
            "n_newsrooms": -(-size // 4),
            "first_date": DAY,
            "last_date": DAY,
        },
    )


def _members(story: Row) -> Iterator[Row]:
    ids: list[str] = story["members"]
    for k, one in enumerate(ids):
        kind = Kind.ORIGIN if k == 0 else Kind.NEAR if k % 4 else Kind.REPORT
        place = {"article_id": one, "story_id": ids[0], "copy_id": ids[k - k % 4], "kind": str(kind)}
        yield _filled(MEMBERSHIPS, {**place, "ingest_date": DAY, "story_score": 0.5 if k else None})


def _article(article_id: str, n: int, word: str) -> Row:
    return _filled(
        ARTICLES,
        {
            "article_id": article_id,
            "ingest_date": DAY,
            "title": f"Article {n} {word}",
            "outlet": f"Outlet {n % 900} {word}",
            "url": f"https://paper.example/{n}?{'&' * min(len(word), 1_900)}",
            "lead": f"The harbour office & crew closed quay {n}.",
            "text": f"The harbour office closed quay {n}. {word}\n" * 3,
            "published_at": _AT,
        },
    )


def _filled(contract: Contract, known: Row) -> Row:
    """A row of a table; what is not known is null or, where it must not be null, nothing."""
    return {c.name: known.get(c.name, None if c.nullable else _nothing(c.type)) for c in contract.columns}


def _nothing(kind: pa.DataType) -> Any:
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        return []
    if pa.types.is_string(kind):
        return ""
    if pa.types.is_boolean(kind):
        return False
    if pa.types.is_date(kind):
        return DAY
    return _AT if pa.types.is_timestamp(kind) else 0
