"""Compared pairs, with the headlines of both."""

from collections.abc import Sequence
from typing import Any

from pipeline.explorer.models import LinkLine
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.contract import Row
from pipeline.model.tables import ARTICLES, LINKS

COLUMNS = [name for name in LINKS.names if name != "rule_version"]


def titled(snapshot: Snapshot, rows: Sequence[Row]) -> list[LinkLine]:
    """Rows of LINKS in their order."""
    ids = sorted({row[side] for row in rows for side in ("article_id", "other_id")})
    about = snapshot.rows(ARTICLES, ids, ["title"])
    titles: dict[str, Any] = {one: row["title"] for one, row in about.items()}
    return [
        LinkLine(
            **{name: row[name] for name in COLUMNS},
            title=titles.get(row["article_id"]),
            other_title=titles.get(row["other_id"]),
        )
        for row in rows
    ]
