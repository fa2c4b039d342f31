"""Who takes texts from whom: the network of some days."""

from collections.abc import Sequence
from datetime import date

from pipeline.explorer.models import Count
from pipeline.explorer.overviews import Flows
from pipeline.explorer.snapshot import Snapshot
from pipeline.flows.network import network
from pipeline.model.contract import Row
from pipeline.model.tables import ARTICLES, FLOWS

_COLUMNS = FLOWS.names
_EDGES = 200


def flows(snapshot: Snapshot, days: Sequence[date], limit: int) -> Flows:
    """Of these days; the largest sources, texts and edges first."""
    found = network(rows_of(snapshot, days), limit)
    ids = [one["article_id"] for one in found["taken"]]
    titles = {one: row["title"] for one, row in snapshot.rows(ARTICLES, ids, ["title"]).items()}
    return Flows(
        publication=snapshot.publication,
        first=min(days, default=None),
        last=max(days, default=None),
        n_flows=found["n_flows"],
        sources=found["sources"],
        edges=found["edges"][:_EDGES],
        n_edges=len(found["edges"]),
        lags=[Count(name=one["lag"], n=one["n_taken"]) for one in found["lags"]],
        taken=[one | {"title": titles.get(one["article_id"])} for one in found["taken"]],
        left_out=sorted(snapshot.torn),
    )


def rows_of(snapshot: Snapshot, days: Sequence[date]) -> list[Row]:
    return [row for table in snapshot.scan(FLOWS, days, _COLUMNS) for row in table.to_pylist()]
