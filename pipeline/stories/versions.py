"""Which version of an article to read: the latest whole one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.model.contract import Row
from pipeline.model.kinds import Capture, Kind


class Shown(NamedTuple):
    """What a story shows of the article that was chosen: the version to read, the capture whose headline is the latest (None where
    it has none), and what is to be said of them.
    """

    version: Row
    headed: Row | None
    reasons: list[str]


def latest(article: Row, captures: Sequence[Row]) -> Shown:
    """The latest whole version of an article, under its latest headline.

    `article` and `captures` are rows of MEMBERS; `captures` are later captures of this page and of others. One that nothing
    orders is not the latest, unless it holds all of what would be shown, and more. A teaser is no whole version of a text.
    """
    by_id = {row["article_id"]: row for row in captures}
    chains = [chain for row in captures if (chain := _chain(row, article, by_id))]
    whole = [chain for chain in chains if _is_whole(chain[0], article)]
    ordered = [chain for chain in whole if chain[0]["version"] is not None]
    newest = max(ordered, key=_place, default=[article])
    shown = next(row for row in newest if row["kind"] != Kind.REFETCH)
    reasons = []
    if shown is not article:
        reasons.append("in its latest version")
    unordered = [c[0] for c in whole if c[0]["version"] is None and c[0]["capture"] == Capture.FULLER]
    if fuller := [row for row in unordered if row["matched_id"] == shown["article_id"]]:
        shown = min(fuller, key=lambda row: str(row["article_id"]))
        newest, reasons = [shown, *newest], ["in a fuller version"]
    if any(row["capture"] == Capture.REWRITTEN for row in newest):
        reasons.append("rewritten")
    headed = next((row for row in newest if row["title"]), None)
    return Shown(shown, headed, reasons)


def _is_whole(row: Row, article: Row) -> bool:
    """Whether a capture shows all of the article. What has as many words as the first version is no teaser, whatever it looks like."""
    if row["capture"] == Capture.PARTIAL:
        return False
    return not row["is_stub"] or bool(article["is_stub"]) or row["word_count"] >= article["word_count"]


def revised(captures: Sequence[Row]) -> set[str]:
    """The articles that later captures are revisions of, by their ids."""
    by_id = {row["article_id"]: row for row in captures}
    found = set()
    for row in captures:
        if row["kind"] == Kind.REVISION:
            first = row["matched_id"]
            while first in by_id:
                first = by_id[first]["matched_id"]
            found.add(first)
    return found


def _chain(row: Row, article: Row, by_id: Mapping[str, Row]) -> list[Row]:
    """From a capture back to the article that it is a version of; empty where that is another one."""
    found = [row]
    while (before := by_id.get(found[-1]["matched_id"])) is not None:
        found.append(before)
    return [*found, article] if found[-1]["matched_id"] == article["article_id"] else []


def _place(chain: Sequence[Row]) -> tuple[object, ...]:
    return chain[0]["ingest_date"], chain[0]["version"], len(chain), chain[0]["article_id"]
