"""Stories: which articles tell of one event, decided in time order and never revised.

Each newcomer is compared with every active story as a whole: the mean, over the story's members in the window,
of the cosine of their terms damped by the time between them. Comparing with the whole is what keeps a story from
growing into its neighbours: an article that resembles one member only stays outside.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import TEXT, Kind

TIME_SIGMA_DAYS = 7.0
CANDIDATES = 50  # nearest members looked at; a story that is the best has one among them
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


@dataclass(frozen=True)
class _Articles:
    """Articles in time order, their terms as rows of a sparse matrix."""

    ids: list[str]
    delivered: Any  # days since 1970
    published: Any  # days since 1970 as float, NaN when unknown
    terms: Any  # scipy CSR, float64, columns shared by all the articles of one call


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
    A newcomer joins the story that it is nearest to when the score is at least `threshold`.
    """
    today, past, old = _aligned([newcomers, window, memory])
    story_of = dict(zip(memberships["article_id"].to_pylist(), memberships["story_id"].to_pylist(), strict=True))
    everyone = _joined(past, today)
    near = _nearest(today, everyone)
    stories: dict[str, list[int]] = {}
    place: list[str] = [story_of[i] for i in past.ids]
    for row, story in enumerate(place):
        stories.setdefault(story, []).append(row)
    rows = []
    for number, article_id in enumerate(today.ids):
        row = len(past.ids) + number
        candidates = sorted({place[m] for m in near[number] if m < row})
        scored = sorted(((-_score(everyone, row, stories[s])[0], s) for s in candidates))
        if scored and -scored[0][0] >= threshold:
            score, story = -scored[0][0], scored[0][1]
            best = _score(everyone, row, stories[story])[1]
            rows.append(
                {"kind": Kind.REPORT, "story_id": story, "matched_id": everyone.ids[best], "story_score": score}
            )
        else:
            story = article_id
            rows.append({"kind": Kind.ORIGIN, "story_id": story})
        place.append(story)
        stories.setdefault(story, []).append(row)
        rows[-1]["article_id"] = article_id
    _continue(rows, today, old, story_of, set(place), threshold)
    return pa.Table.from_pylist(rows, schema=PLACED)


def _continue(rows, today, old, story_of, active, threshold) -> None:
    stories: dict[str, list[int]] = {}
    for row, article_id in enumerate(old.ids):
        if story_of[article_id] not in active:
            stories.setdefault(story_of[article_id], []).append(row)
    if not stories:
        return
    near = _nearest(today, old)
    for number, row in enumerate(rows):
        if row["kind"] != Kind.ORIGIN:
            continue
        candidates = {story_of[old.ids[m]] for m in near[number]} & stories.keys()
        scored = []
        for s in sorted(candidates):
            cos = (old.terms[stories[s]] @ today.terms[[number]].T).toarray().ravel()
            scored.append((-round(float(cos.mean()), DECIMALS), s))
        if scored and -min(scored)[0] >= threshold:
            row["continues_id"] = min(scored)[1]


def _score(everyone: _Articles, row: int, members: list[int]) -> tuple[float, int]:
    cos = (everyone.terms[members] @ everyone.terms[[row]].T).toarray().ravel()
    scores = cos * _time_factor(everyone, row, np.array(members))
    return round(float(scores.mean()), DECIMALS), members[int(np.argmax(np.round(scores, DECIMALS)))]


def _time_factor(everyone: _Articles, row: int, members: Any) -> Any:
    """Gaussian in the time between two articles: by publication where both are known, else by delivery."""
    gap = everyone.published[row] - everyone.published[members]
    gap = np.where(np.isnan(gap), everyone.delivered[row] - everyone.delivered[members], gap)
    return np.exp(-0.5 * (gap / TIME_SIGMA_DAYS) ** 2)


def _nearest(today: _Articles, others: _Articles) -> list[list[int]]:
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415

    product = sp_matmul_topn(today.terms, others.terms.T.tocsr(), top_n=CANDIDATES, threshold=0.02, sort=True)
    return [product.indices[a:b].tolist() for a, b in zip(product.indptr, product.indptr[1:], strict=False)]


def _joined(first: _Articles, second: _Articles) -> _Articles:
    from scipy.sparse import vstack  # noqa: PLC0415

    return _Articles(
        first.ids + second.ids,
        np.concatenate([first.delivered, second.delivered]),
        np.concatenate([first.published, second.published]),
        vstack([first.terms, second.terms], format="csr"),
    )


def _aligned(tables: list[pa.Table]) -> list[_Articles]:
    tables = [_in_time_order(t) for t in tables]
    vocabulary = np.unique(np.concatenate([_flat(t["terms"]) for t in tables]))
    return [_articles(t, vocabulary) for t in tables]


def _in_time_order(table: pa.Table) -> pa.Table:
    end_of_day = pc.add(pc.cast(table["ingest_date"], pa.timestamp("us", tz="UTC")), dt.timedelta(days=1))
    at = pc.coalesce(table["published_at"], end_of_day)
    return table.append_column("at", at).sort_by([("at", "ascending"), ("article_id", "ascending")]).combine_chunks()


def _articles(table: pa.Table, vocabulary: Any) -> _Articles:
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    columns = np.searchsorted(vocabulary, _flat(table["terms"]))
    offsets = np.concatenate([[0], np.cumsum(pc.list_value_length(table["terms"]).to_numpy())])
    weights = _flat(table["weights"]).astype(np.float64)
    published = pc.cast(table["published_at"], pa.int64()).to_numpy(zero_copy_only=False).astype(np.float64)
    return _Articles(
        table["article_id"].to_pylist(),
        pc.cast(pc.cast(table["ingest_date"], pa.int32()), pa.int64()).to_numpy(),
        published / 86_400e6,
        csr_matrix((weights, columns, offsets), shape=(table.num_rows, len(vocabulary))),
    )


def _flat(lists: pa.ChunkedArray) -> Any:
    return pc.list_flatten(lists).to_numpy()
