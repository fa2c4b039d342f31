"""Stories: which articles tell of one event. Days in order, never revised.

A day's articles and the stories that are still open are joined nearest first, as long as their mean likeness
(average link: the cosine of their terms, over all pairs, damped by the silence between the two) reaches the
threshold. Judging against the story as a whole keeps it from growing into its neighbours. What is left joins
below the threshold, down to half of it, where one story stands out from the next ten by a factor. Two open stories
are never joined: an id once given stays. `docs/decisions/0002-joining-a-story.md` has the measurements.

Average link: Sokal and Michener 1958; it needs only the sum of a story's vectors, so a story costs one vector.
"""

import datetime as dt
import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import TEXT, Kind
from pipeline.errors import ContractError

CANDIDATES = 50  # stories and articles that one is compared with, the likeliest by its weightiest terms
PROBE_TERMS = 40  # which are this many: what two reports of one event share is among them
STAND_OUT = 6.0  # a best story this many times as near as the next ten on average stands out
NEXT = 10
ORDINARY = 0.035  # how near articles of different events are to each other, where fewer than ten are known
FADE = 1.5  # windows of silence after which a likeness has fallen by a factor e
LEAST = 0.5  # of the threshold: nearer than that every member is to its story
EXPLAINED_TERMS = 12
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
Row = dict[str, Any]
_DAY_MICROSECONDS = 86_400_000_000


@dataclass(frozen=True)
class _Articles:
    """Articles in time order; a row of `terms` (scipy CSR) is one article's vector."""

    ids: list[str]
    delivered: Any  # days since 1970
    published: Any  # days since 1970, NaN when unknown
    terms: Any
    hashes: Any  # what the columns of `terms` stand for


@dataclass
class _Group:
    """Articles that are one story so far: the sum of their vectors, their number, when they appeared."""

    columns: Any
    sums: Any
    size: int
    rows: list[int]  # of today's articles
    story: str | None = None  # the open story, if it is one
    near: dict[int, float] = field(default_factory=dict)  # how near other groups are, by their number
    background: float = 0.0  # how near the next ten are on average


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
    """Place each of a day's copy-group origins in a story: TERMS x 3, MEMBERSHIPS -> PLACED.

    `window` holds the origins of the days whose stories are still open, `memory` those of the days before, which
    are asked only what a new story continues; `memberships` says which story each of both belongs to.
    `threshold` is the mean likeness (0 to 1) that joins; a likeness fades with silence.
    Raises ContractError when an origin has no membership.
    """
    today, past, old = _aligned([newcomers, window, memory])
    story_of = dict(
        zip(memberships["article_id"].to_pylist(), memberships["story_id"].to_pylist(), strict=True)
    )
    lost = [i for i in past.ids + old.ids if i not in story_of]
    if lost:
        raise ContractError(
            f"day {day}: {len(lost)} rows of terms have no row in memberships, the first is {lost[0]}"
        )
    past_story = [story_of[i] for i in past.ids]
    open_stories = _by_story(past_story)
    groups = _Joining(today, past, open_stories, threshold, float(window_days)).groups()
    floor = LEAST * threshold
    rows = [
        row
        for group in groups
        for row in _placed(
            group, today, past, open_stories.get(group.story or "", []), floor, float(window_days)
        )
    ]
    closed = _by_story([story_of[i] for i in old.ids])
    _continue(rows, today, old, {s: m for s, m in closed.items() if s not in open_stories}, threshold)
    return pa.Table.from_pylist(sorted(rows, key=lambda r: r["article_id"]), schema=PLACED)


def explain_story(
    article_id: str,
    weighed: pa.Table,
    memberships: pa.Table,
    names: dict[int, str],
    *,
    window_days: int = 14,
) -> Row:
    """Why an article is in its story and not in the next-best one.

    `weighed` (TERMS) and `memberships` are those of the article's window and day; `names` comes from
    `terms.name_terms` of its text. A term's weight is its part of the score: they add up to it.
    """
    story_of = dict(
        zip(memberships["article_id"].to_pylist(), memberships["story_id"].to_pylist(), strict=True)
    )
    own = weighed.filter(pc.equal(weighed["article_id"], article_id))
    rest = weighed.filter(pc.not_equal(weighed["article_id"], article_id))
    article, others = _aligned([own, rest])
    stories = np.array([story_of.get(i, i) for i in others.ids], dtype=object)
    mine = story_of[article_id]
    scores = (others.terms @ article.terms.T).toarray().ravel()
    nearest = [n for n in np.argsort(-scores, kind="stable")[:200].tolist() if scores[n] > 0]
    found = [
        {"story_id": story} | _likeness(article, others, np.flatnonzero(stories == story), window_days, names)
        for story in sorted({mine} | {stories[n] for n in nearest})
    ]
    found.sort(key=lambda f: (f["story_id"] != mine, -f["score"]))
    return found[0] | {"next_best": found[1] if len(found) > 1 else None}


def _likeness(
    article: _Articles, others: _Articles, rows: Any, window_days: int, names: dict[int, str]
) -> Row:
    parts = article.terms.multiply(others.terms[rows].sum(axis=0) / max(1, len(rows))).tocoo()
    factor = float(_damping(_silence(_span(article, [0]), _span(others, rows)), float(window_days)))
    strongest = np.lexsort((parts.col, -parts.data))[:EXPLAINED_TERMS].tolist()
    return {
        "score": round(float(parts.data.sum()) * factor, DECIMALS),
        "likeness": round(float(parts.data.sum()), DECIMALS),
        "time_factor": round(factor, DECIMALS),
        "n_compared": len(rows),
        "shared_terms": [
            {
                "term": names.get(h := int(article.hashes[parts.col[n]]), f"#{h:x}"),
                "weight": round(float(parts.data[n]) * factor, DECIMALS),
            }
            for n in strongest
        ],
    }


class _Joining:
    """One day's agglomeration. Groups have numbers: open stories first, then articles in time order, then unions."""

    def __init__(
        self,
        today: _Articles,
        past: _Articles,
        open_stories: dict[str, list[int]],
        threshold: float,
        days: float,
    ) -> None:
        self.threshold, self.days = threshold, days
        self.members, means = open_stories, _means(past, open_stories)
        n = len(self.members) + len(today.ids)
        self.spans = np.full((n + len(today.ids), 4), np.nan)
        self.all: list[_Group | None] = []
        for story, rows, (columns, values) in zip(
            self.members, self.members.values(), _slices(means), strict=True
        ):
            self.spans[len(self.all)] = _span(past, rows)
            self.all.append(_Group(columns, values * len(rows), len(rows), [], story))
        for row, (columns, values) in enumerate(_slices(today.terms)):
            self.spans[len(self.all)] = _span(today, [row])
            self.all.append(_Group(columns, values, 1, [row]))
        self.scratch = np.zeros(today.terms.shape[1])
        self.heap: list[tuple[float, int, int]] = []
        self._meet(today, means)

    def groups(self) -> list[_Group]:
        """The stories that today's articles are in: what they joined, or began."""
        while self.heap:
            _, a, b = heapq.heappop(self.heap)
            if self.all[a] and self.all[b]:
                self._push(self._join(a, b), self.threshold)
        self._join_outstanding()
        return [group for group in self.all if group and group.rows]

    def _meet(self, today: _Articles, means: Any) -> None:
        """Score every article with its candidates, exactly."""
        first = len(self.members)
        for row, candidates in enumerate(_candidates(today.terms, means)):
            number = first + row
            others = [c for c in candidates if c != number]
            unknown = [c for c in others if c not in self._group(number).near]
            self._score(number, unknown)
        for number in range(first, len(self.all)):
            self._push(number, self.threshold, before=number)

    def _score(self, number: int, others: list[int]) -> None:
        """Write into both how near `number` is to each of `others`."""
        group = self._group(number)
        self.scratch[group.columns] = group.sums
        found = [self._group(o) for o in others]
        dots = _dots(self.scratch, [o.columns for o in found], [o.sums for o in found])
        self.scratch[group.columns] = 0.0
        means = dots / (group.size * np.array([o.size for o in found], dtype=float))
        factors = _damping(_silence(self.spans[number], self.spans[others]), self.days)
        for other, o, score in zip(others, found, np.round(means * factors, DECIMALS).tolist(), strict=True):
            group.near[other] = o.near[number] = score

    def _push(self, number: int, least: float, before: int | None = None) -> None:
        for other, score in self._group(number).near.items():
            if score >= least and (before is None or other < before):
                heapq.heappush(self.heap, (-score, min(number, other), max(number, other)))

    def _join(self, a: int, b: int) -> int:
        """Make one group of two; its number is new."""
        one, two = self._group(a), self._group(b)
        columns = np.union1d(one.columns, two.columns)
        self.scratch[one.columns] = one.sums
        self.scratch[two.columns] += two.sums
        union = _Group(
            columns,
            self.scratch[columns].copy(),
            one.size + two.size,
            one.rows + two.rows,
            one.story or two.story,
        )
        self.scratch[columns] = 0.0
        union.background = max(one.background, two.background)
        number = len(self.all)
        self.spans[number] = _joint_span(self.spans[a], self.spans[b])
        self.all.append(union)
        self.all[a] = self.all[b] = None
        others = sorted((one.near.keys() | two.near.keys()) - {a, b})
        for other in others:
            near = self._group(other).near
            near.pop(a, None), near.pop(b, None)
        self._score(number, [o for o in others if not (union.story and self._group(o).story)])
        return number

    def _join_outstanding(self) -> None:
        """Join what is under the threshold, but far nearer to one story than to the next ten."""
        waiting = [n for n, group in enumerate(self.all) if group and not group.story]
        for number in waiting:
            group = self._group(number)
            ranked = sorted(group.near.values(), reverse=True)
            others = (ranked[1:] + [ORDINARY] * NEXT)[:NEXT]
            group.background = sum(others) / NEXT
        for number in waiting:
            self._push_best(number)
        while self.heap:
            _, number, other = heapq.heappop(self.heap)
            if not self.all[number]:
                continue
            if not self.all[other]:
                self._push_best(number)
                continue
            union = self._join(number, other)
            if not self._group(union).story:
                self._push_best(union)

    def _push_best(self, number: int) -> None:
        group = self._group(number)
        if not group.near:
            return
        other, score = min(group.near.items(), key=lambda item: (-item[1], item[0]))
        if score >= min(self.threshold, max(LEAST * self.threshold, STAND_OUT * group.background)):
            heapq.heappush(self.heap, (-score, number, other))

    def _group(self, number: int) -> _Group:
        group = self.all[number]
        assert group is not None, number  # noqa: S101  numbers of groups that went are removed from every `near`
        return group


def _dots(vector: Any, columns: list[Any], values: list[Any]) -> Any:
    """The products of one vector, all its places written out, with many that are not."""
    lengths = np.array([len(c) for c in columns], dtype=np.int64)
    if not lengths.sum():
        return np.zeros(len(columns))
    products = vector[np.concatenate(columns)] * np.concatenate(values)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    dots = np.zeros(len(columns))
    dots[lengths > 0] = np.add.reduceat(products, starts[lengths > 0])
    return dots


def _placed(
    group: _Group, today: _Articles, past: _Articles, members: list[int], floor: float, days: float
) -> list[Row]:
    """The rows of a group, without articles that are near to it only through others: each of those begins a story.

    The farthest goes first, until every one that is left reaches the floor. `members` are rows of the window.
    """
    rows, alone = sorted(group.rows), []
    scores = _own_scores(rows, members, today, past, days)
    while len(rows) + len(members) > 1 and rows and scores.min() < floor:
        alone.append(rows.pop(int(np.argmin(scores))))
        scores = _own_scores(rows, members, today, past, days)
    story = group.story or (today.ids[rows[0]] if rows else "")
    reports = rows if group.story else rows[1:]
    matched = _matched(rows, members, today, past)
    return [
        *(_origin(today.ids[row]) for row in [*(rows if not group.story else [])[:1], *alone]),
        *(
            {
                "article_id": today.ids[row],
                "story_id": story,
                "kind": Kind.REPORT,
                "matched_id": matched[rows.index(row)],
                "story_score": float(scores[rows.index(row)]),
            }
            for row in reports
        ),
    ]


def _origin(article_id: str) -> Row:
    return {"article_id": article_id, "story_id": article_id, "kind": Kind.ORIGIN}


def _own_scores(rows: list[int], members: list[int], today: _Articles, past: _Articles, days: float) -> Any:
    """How near each of today's `rows` is to all the others of its story, `members` of the window among them."""
    others = len(rows) + len(members) - 1
    if others < 1:
        return np.zeros(len(rows))
    own = today.terms[rows]
    total = np.asarray(own.sum(axis=0) + past.terms[members].sum(axis=0)).ravel()
    squares = np.asarray(own.multiply(own).sum(axis=1)).ravel()
    spans = _spans(today, rows)
    rest = _joint_span(_span(past, members), _without_each(spans))
    means = (own @ total - squares) / others
    return np.round(means * _damping(_silence(spans, rest), days), DECIMALS)


def _matched(rows: list[int], members: list[int], today: _Articles, past: _Articles) -> list[str | None]:
    """For each of `rows` the earlier article of the story that it is most like; None for the first of all."""
    own = today.terms[rows]
    ids = [past.ids[m] for m in members] + [today.ids[row] for row in rows]
    before = (past.terms[members] @ own.T).toarray()
    likeness = np.round(np.vstack([before, (own @ own.T).toarray()]), DECIMALS)
    return [
        ids[int(np.argmax(likeness[:known, n]))] if (known := len(members) + n) else None
        for n in range(len(rows))
    ]


def _continue(
    rows: list[Row],
    today: _Articles,
    old: _Articles,
    closed: dict[str, list[int]],
    threshold: float,
) -> None:
    """Name for each story that begins the closed one that it would have joined, had there been no silence."""
    begun: dict[str, list[int]] = {}
    place = {article_id: row for row, article_id in enumerate(today.ids)}
    for row in rows:
        begun.setdefault(row["story_id"], []).append(place[row["article_id"]])
    origins = [row for row in rows if row["kind"] == Kind.ORIGIN]
    names, means = list(closed), _means(old, closed)
    vectors = _means(today, {row["story_id"]: sorted(begun[row["story_id"]]) for row in origins})
    for row, vector, candidates in zip(
        origins, vectors, _candidates(vectors, means, itself=False), strict=True
    ):
        likeness = np.round((means[candidates] @ vector.T).toarray().ravel(), DECIMALS)
        if len(likeness) and likeness.max() >= threshold:
            row["continues_id"] = names[candidates[int(np.argmax(likeness))]]


def _candidates(vectors: Any, means: Any, *, itself: bool = True) -> list[list[int]]:
    """For each row of `vectors` the rows that share its weightiest terms and are likeliest near it, in order.

    Rows are counted through `means` and, with `itself`, on through `vectors`.
    """
    from scipy.sparse import vstack
    from sparse_dot_topn import sp_matmul_topn

    everything = vstack([means, vectors], format="csr") if itself else means
    if not vectors.shape[0] or not everything.shape[0]:
        return [[] for _ in range(vectors.shape[0])]
    found = sp_matmul_topn(_probe(vectors), everything.T.tocsr(), top_n=CANDIDATES + 1, threshold=1e-9)
    return [sorted(found.indices[a:b].tolist()) for a, b in zip(found.indptr, found.indptr[1:], strict=False)]


def _probe(vectors: Any) -> Any:
    """Each row's weightiest terms alone."""
    from scipy.sparse import csr_matrix

    row_of = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    order = np.lexsort((vectors.indices, -vectors.data, row_of))
    rank = np.arange(len(order)) - vectors.indptr[row_of[order]]
    kept = np.sort(order[rank < PROBE_TERMS])
    ends = np.concatenate([[0], np.cumsum(np.bincount(row_of[kept], minlength=vectors.shape[0]))])
    return csr_matrix((vectors.data[kept], vectors.indices[kept], ends), shape=vectors.shape)


def _by_story(stories: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, story in enumerate(stories):
        found.setdefault(story, []).append(row)
    return dict(sorted(found.items()))


def _means(articles: _Articles, stories: dict[str, list[int]]) -> Any:
    """A matrix with one row a story: the mean of its members' vectors."""
    from scipy.sparse import csr_matrix

    sizes = [len(rows) for rows in stories.values()]
    columns = [row for rows in stories.values() for row in rows]
    weights = np.repeat(1.0 / np.array(sizes, dtype=float), sizes)
    picks = csr_matrix(
        (weights, columns, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(sizes), len(articles.ids))
    )
    means = (picks @ articles.terms).tocsr()
    means.sort_indices()
    return means


def _slices(matrix: Any) -> Iterable[tuple[Any, Any]]:
    for a, b in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        yield matrix.indices[a:b], matrix.data[a:b]


def _spans(articles: _Articles, rows: Any) -> Any:
    """First and last publication (NaN where unknown), first and last delivery, a row for each article."""
    published, delivered = articles.published[rows], articles.delivered[rows]
    return np.stack([published, published, delivered, delivered], axis=1)


def _span(articles: _Articles, rows: Any) -> Any:
    """The span of all of some articles; NaN for none."""
    spans = np.vstack([np.full((1, 4), np.nan), _spans(articles, rows)])
    return np.where([True, False, True, False], np.fmin.reduce(spans), np.fmax.reduce(spans))


def _joint_span(one: Any, two: Any) -> Any:
    return np.where([True, False, True, False], np.fmin(one, two), np.fmax(one, two))


def _without_each(spans: Any) -> Any:
    """For each of some spans the joint span of all the others."""
    nothing = np.full((1, 4), np.nan)
    found = []
    for ufunc in (np.fmin, np.fmax):
        before = np.vstack([nothing, ufunc.accumulate(spans)[:-1]])
        after = np.vstack([ufunc.accumulate(spans[::-1])[::-1][1:], nothing])
        found.append(ufunc(before, after))
    return np.where([True, False, True, False], *found)


def _silence(one: Any, two: Any) -> Any:
    """Days between spans, 0 where they overlap.

    By publication where both know one, else by delivery: like with like, so that an archive that was delivered
    on one day without dates is not torn apart.
    """
    published = np.maximum(two[..., 0] - one[..., 1], one[..., 0] - two[..., 1])
    delivered = np.maximum(two[..., 2] - one[..., 3], one[..., 2] - two[..., 3])
    gap = np.where(np.isnan(published), delivered, published)
    return np.maximum(0.0, np.nan_to_num(gap, nan=0.0))


def _damping(silence: Any, days: float) -> Any:
    return np.exp(-silence / (FADE * days))


def _aligned(tables: list[pa.Table]) -> list[_Articles]:
    """The tables as articles whose matrices share columns: the terms of the first, which alone can be shared with it."""
    tables = [_in_time_order(t) for t in tables]
    hashes = pc.unique(pc.list_flatten(tables[0]["terms"])).sort()
    return [_articles(t, hashes) for t in tables]


def _in_time_order(table: pa.Table) -> pa.Table:
    """By publication, at the end of its day what has none; then by id."""
    at = np.where(np.isnan(_published(table)), _delivered(table) + 1.0, _published(table))
    ids = table["article_id"].to_pylist()
    order = sorted(range(len(ids)), key=lambda n: (at[n], ids[n]))
    return table.take(pa.array(order, pa.int64())).combine_chunks()


def _articles(table: pa.Table, hashes: pa.Array) -> _Articles:
    from scipy.sparse import csr_matrix

    columns = pc.fill_null(pc.index_in(pc.list_flatten(table["terms"]), value_set=hashes), -1).to_numpy()
    row_of = np.repeat(np.arange(table.num_rows), pc.list_value_length(table["terms"]).to_numpy())
    known = columns >= 0
    weights = pc.list_flatten(table["weights"]).to_numpy()[known].astype(np.float64)
    matrix = csr_matrix((weights, (row_of[known], columns[known])), shape=(table.num_rows, len(hashes)))
    matrix.sort_indices()
    return _Articles(
        table["article_id"].to_pylist(), _delivered(table), _published(table), matrix, hashes.to_numpy()
    )


def _delivered(table: pa.Table) -> Any:
    return pc.cast(table["ingest_date"], pa.int32()).to_numpy().astype(np.float64)


def _published(table: pa.Table) -> Any:
    microseconds = pc.cast(pc.cast(table["published_at"], pa.int64()), pa.float64(), safe=False)
    return pc.fill_null(microseconds, float("nan")).to_numpy() / _DAY_MICROSECONDS
