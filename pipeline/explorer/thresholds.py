"""What other thresholds would give, from stored links and scores, and the pairs nearest to the line, to read and to judge.

A stored pair keeps its figures, so near copies can be counted in both directions. A report keeps its score in the story that it
joined: how many would leave at a higher threshold is known. What would join at a lower one is not stored: that takes a trial run.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.explorer import links
from pipeline.explorer.models import Member
from pipeline.explorer.overviews import AtThreshold, Thresholds
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.story import ABOUT, PLACE
from pipeline.model.arrow import ChunkedArray
from pipeline.model.contract import Row
from pipeline.model.ids import day_of
from pipeline.model.kinds import Kind, Reason
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS

_STEPS = 11
_COPY_STEP, _STORY_STEP = 0.05, 0.02
_PLACE = ["article_id", *PLACE]


def thresholds(
    snapshot: Snapshot, days: Sequence[date], copy_threshold: float, story_threshold: float, limit: int
) -> Thresholds:
    """Of these days; figures of a day that is being replaced are left out."""
    pairs = pa.concat_tables(
        [LINKS.empty().select(links.COLUMNS), *snapshot.scan(LINKS, days, links.COLUMNS)]
    )
    near = pairs.filter((pc.field("kind") == Kind.NEAR) & (pc.field("reason") == Reason.SHINGLES))
    low = pairs.filter(~pc.field("accepted") & (pc.field("reason") == Reason.LITTLE))
    places = pa.concat_tables([MEMBERSHIPS.empty().select(_PLACE), *snapshot.scan(MEMBERSHIPS, days, _PLACE)])
    reports = places.filter(pc.field("kind") == Kind.REPORT)
    pair = (("article_id", "ascending"), ("other_id", "ascending"))
    accepted = _first(near, limit, ("jaccard", "ascending"), *pair)
    refused = _first(low, limit, ("jaccard", "descending"), *pair)
    weakest = _first(reports, limit, ("story_score", "ascending"), pair[0])
    figures = pa.concat_tables([near, low])["jaccard"]
    return Thresholds(
        publication=snapshot.publication,
        first=min(days, default=None),
        last=max(days, default=None),
        copy_threshold=copy_threshold,
        story_threshold=story_threshold,
        copies=_counts(figures, copy_threshold, _COPY_STEP, below=True),
        reports=_counts(reports["story_score"], story_threshold, _STORY_STEP, below=False),
        n_stories=places.filter(pc.field("kind") == Kind.ORIGIN).num_rows,
        accepted=links.titled(snapshot, accepted),
        refused=links.titled(snapshot, refused),
        weakest=_members(snapshot, weakest),
        left_out=sorted(snapshot.torn),
    )


def _first(table: pa.Table, limit: int, *keys: tuple[str, Any]) -> list[Row]:
    """The first rows in an order that ends in ids."""
    if not table.num_rows:
        return []
    options = pc.SelectKOptions(limit, list(keys))
    chosen: Any = pc.call_function("select_k_unstable", [table.select([name for name, _ in keys])], options)
    rows: list[Row] = table.take(chosen).to_pylist()
    return rows


def _counts(figures: ChunkedArray, current: float, step: float, *, below: bool) -> list[AtThreshold]:
    """How many figures reach each of some thresholds around the current one."""
    half = _STEPS // 2 if below else 1
    lines = [round(current + (n - half) * step, 6) for n in range(_STEPS)]
    if not below:
        lines = lines[1:]
    numbers = np.asarray(figures, float)
    counts = [int((numbers >= at).sum()) for at in lines]
    return [
        AtThreshold(threshold=at, n=n, is_current=abs(at - current) < step / 10)
        for at, n in zip(lines, counts, strict=True)
        if 0 < at <= 1
    ]


def _members(snapshot: Snapshot, rows: Sequence[Row]) -> list[Member]:
    """Reports, the least sure of their story first."""
    about = snapshot.rows(ARTICLES, [row["article_id"] for row in rows], ABOUT)
    found = []
    for row in rows:
        said = about.get(row["article_id"], {})
        found.append(
            Member(
                article_id=row["article_id"],
                day=day_of(row["article_id"]),
                **{
                    n: said.get(n)
                    for n in ("title", "lead", "url", "published_at", "published_precision", "language")
                },
                outlet=said.get("outlet") or said.get("domain"),
                **{name: row[name] for name in PLACE},
                adds=[],
                is_weakest=False,
                is_canonical=False,
            )
        )
    return found
