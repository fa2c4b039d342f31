"""The canonical article of a story: the one to read, and why."""

from collections.abc import Collection

from pipeline.model.contract import Row
from pipeline.model.kinds import Kind, Precision
from pipeline.text import urls

_Rank = tuple[bool, bool, int, bool]


def choose(rows: list[Row], revised: Collection[str] = ()) -> tuple[Row, str]:
    """The article to read, and why in words.

    A complete text, no teaser, with headline, address and outlet, from the agency that wrote it, else the earliest. `rows` are
    the story's members in their order; those that were `revised` have later versions, which are what is read: the first one may be
    a part of a fuller text.
    """
    fuller = {row["copy_id"] for row in rows if row["kind"] == Kind.EXPANDED}
    ranks = [_rank(row, set() if row["article_id"] in revised else fuller) for row in rows]
    best = min(ranks)
    chosen = _origin_of(rows[ranks.index(best)], rows, revised)
    if len(rows) == 1:
        return chosen, "the only article"
    rivals = [row for row, rank in zip(rows, ranks, strict=True) if rank == best and row is not chosen]
    return chosen, ", ".join(_reasons(chosen, best, ranks, rivals))


def _origin_of(chosen: Row, rows: list[Row], revised: Collection[str]) -> Row:
    """The origin of its copy group if that was revised: a copy of one of its versions does not stand for the latest."""
    if chosen["copy_id"] not in revised:
        return chosen
    return next((row for row in rows if row["article_id"] == chosen["copy_id"]), chosen)


def _reasons(chosen: Row, best: _Rank, ranks: list[_Rank], rivals: list[Row]) -> list[str]:
    is_part, is_stub, n_missing, _ = best
    reasons = []
    if not is_part and not is_stub and any(part or stub for part, stub, _, _ in ranks):
        reasons.append("complete text")
    if any(rank[:2] == best[:2] and rank[2] > n_missing for rank in ranks):
        reasons.append("with headline, address and outlet" if not n_missing else "best described")
    if agency := chosen["supplier"]:
        reasons.append(f"agency text ({agency})")
    if rivals or not reasons:
        reasons.append("earliest" if _is_known_earliest(chosen, rivals) else "first by day and id")
    return reasons


def _is_known_earliest(chosen: Row, rivals: list[Row]) -> bool:
    """Whether its time of publication put it first: a date without an hour is before no other of that date."""
    at = chosen["published_at"]
    if at is None or chosen["published_precision"] != Precision.DAY:
        return at is not None
    return all(row["published_at"] is None or row["published_at"].date() != at.date() for row in rivals)


def _rank(row: Row, fuller: set[str]) -> _Rank:
    n_missing = [row["title"], row["canonical_url"], outlet_of(row)].count(None)
    return is_part(row, fuller), row["is_stub"], n_missing, not row["supplier"]


def is_part(row: Row, fuller: set[str]) -> bool:
    """Whether an article is less than the whole text: an excerpt, or a brief that a fuller text of its copy group followed."""
    return row["kind"] == Kind.EXCERPT or (row["kind"] != Kind.EXPANDED and row["copy_id"] in fuller)


def outlet_of(row: Row) -> str | None:
    """The publisher's name or, without one, the host of the address; null when neither is known."""
    if row["outlet"]:
        return str(row["outlet"])
    host = urls.domain_of(row["canonical_url"])
    return host.removeprefix("www.") if host else None
