"""
Stories: which articles tell of one event. Days in order, never revised.

A day's articles and the stories that are still open are joined nearest first, as long as their mean likeness
(average link: the cosine of their terms, over all pairs, damped by the silence between the two) reaches the
threshold. Judging against the story as a whole keeps it from growing into its neighbours. What is left joins
below the threshold, down to half of it, where one story stands out from the next ten by a factor. Two open stories
are never joined: an id once given stays. `docs/decisions/0002-joining-a-story.md` has the measurements.

Average link: Sokal and Michener 1958; it needs only the sum of a story's vectors, so a story costs one vector.
"""

import datetime as dt
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import TEXT, Kind
from pipeline.errors import ContractError

CANDIDATES = 60  # stories and articles that one is compared with, the likeliest by its weightiest terms
PROBE_TERMS = 40  # which are this many: what two reports of one event share is among them
STAND_OUT = 6.0  # a best story this many times as near as the next ten on average stands out
NEXT = 10
LEAST = 0.5  # of the threshold: nearer than that every member is to its story
DECIMALS = 6  # scores are rounded before they are compared or kept: no last bit decides

PLACED = pa.schema(
    [
        pa.field("article_id", TEXT, nullable=False),
        pa.field("story_id", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("matched_id", TEXT),
        pa.field("story_score", pa.float64()),
        pa.field("continues_id", TEXT),
    ]
)
_DAY_MICROSECONDS = 86_400_000_000


@dataclass(frozen=True)
class _Articles:
    """Articles in time order; a row of `terms` (scipy CSR) is one article's vector."""

    ids: list[str]
    delivered: Any  # days since 1970
    published: Any  # days since 1970, NaN when unknown
    terms: Any


@dataclass
class _Group:
    """Articles that are one story so far: the sum of their vectors, their number, when they appeared."""

    columns: Any
    sums: Any
    size: int
    rows: list[int]  # of today's articles
    story: str | None = None  # the open story, if it is one
    near: dict[int, float] = field(default_factory=dict)  # how near the other groups are, by their number


def assign_stories(
    newcomers: pa.Table,
    window: pa.Table,
    memory: pa.Table,
    memberships: pa.Table,
    *,
    day: dt.date,
    threshold: float,
    window_days: int,
) -> pa.Table:
    """
    Place each of a day's copy-group origins in a story: TERMS x 3, MEMBERSHIPS -> PLACED.

    `window` holds the origins of the days whose stories are still open, `memory` those of the days before, which
    are asked only what a new story continues; `memberships` says which story each of both belongs to.
    `threshold` is the mean likeness (0 to 1) that joins; the likeness falls by a factor e in `window_days` of silence.
    Raises ContractError when an origin has no membership.
    """
    today, past, old = _aligned([newcomers, window, memory])
    story_of = dict(zip(memberships["article_id"].to_pylist(), memberships["story_id"].to_pylist(), strict=True))
    lost = [i for i in past.ids + old.ids if i not in story_of]
    if lost:
        raise ContractError(f"day {day}: {len(lost)} rows of terms have no row in memberships, the first is {lost[0]}")
    past_story = [story_of[i] for i in past.ids]
    groups = _Joining(today, past, past_story, threshold, float(window_days)).groups()
    rows = [row for group in groups for row in _placed(group, today, past, past_story, float(window_days))]
    _continue(rows, groups, today, old, [story_of[i] for i in old.ids], set(past_story), threshold)
    return pa.Table.from_pylist(sorted(rows, key=lambda r: r["article_id"]), schema=PLACED)


def explain_story(
    article_id: str,
    weighed: pa.Table,
    memberships: pa.Table,
    names: dict[int, str],
    *,
    window_days: int = 14,
    n_terms: int = 12,
) -> dict[str, Any]:
    """
    Why an article is in its story and not in the next-best one.

    `weighed` (TERMS) and `memberships` are those of the article's window and day; `names` comes from
    `terms.name_terms` of its text. A term's weight is its part of the score: they add up to it.
    """
    story_of = dict(zip(memberships["article_id"].to_pylist(), memberships["story_id"].to_pylist(), strict=True))
    own = weighed.filter(pc.equal(weighed["article_id"], article_id))
    rest = weighed.filter(pc.not_equal(weighed["article_id"], article_id))
    article, others = _aligned([own, rest])
    stories = [story_of.get(i, i) for i in others.ids]
    mine = _likeness_to(article, others, [s == story_of[article_id] for s in stories], window_days, names, n_terms)
    scores = (others.terms @ article.terms.T).toarray().ravel()
    near = {stories[n] for n in np.argsort(-scores, kind="stable")[:200].tolist() if scores[n] > 0} - {story_of[article_id]}
    others_best = max(
        (
            _likeness_to(article, others, [s == story for s in stories], window_days, names, n_terms)
            | {"story_id": story}
            for story in sorted(near)
        ),
        key=lambda found: found["score"],
        default=None,
    )
    return {"story_id": story_of[article_id]} | mine | {"next_best": others_best}


def _likeness_to(
    article: _Articles, others: _Articles, member: Sequence[bool], window_days: int, names: dict[int, str], n_terms: int
) -> dict[str, Any]:
    rows = np.flatnonzero(np.array(member, dtype=bool))
    if not len(rows):
        return {"score": 0.0, "likeness": 0.0, "time_factor": 1.0, "n_compared": 0, "shared_terms": []}
    mean = np.asarray(others.terms[rows].sum(axis=0)).ravel() / len(rows)
    parts = article.terms.multiply(mean).tocoo()
    factor = float(
        _damping(_silence(_span(article, [0]), np.array([_span(others, rows)])), float(window_days))[0]
    )
    vocabulary = article.vocabulary  # type: ignore[attr-defined]
    shared = sorted(zip((-parts.data * factor).tolist(), vocabulary[parts.col].tolist(), strict=True))[:n_terms]
    return {
        "score": round(float(parts.data.sum()) * factor, DECIMALS),
        "likeness": round(float(parts.data.sum()), DECIMALS),
        "time_factor": round(factor, DECIMALS),
        "n_compared": len(rows),
        "shared_terms": [{"term": names.get(h, f"{h:x}"), "weight": round(-w, DECIMALS)} for w, h in shared if w < 0],
    }
