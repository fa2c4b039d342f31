"""Story assignment: which articles report the same event. Days are placed in order, and a placement is never revised.

A day's articles and the stories that are still open are joined, nearest first (`stories.join`), as long as their mean
similarity reaches the threshold: the cosine of their terms, averaged over all pairs, and lowered by the silence between
the two. Comparing with the story as a whole keeps it from growing into its neighbours. An article that is left over joins
below the threshold, down to half of it, if one story stands out from the next ten by a factor. Two open stories are
never joined: an id stays once it is given. `docs/decisions/0002-joining-a-story.md` has the measurements.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.model.arrow import (
    Array,
    Booleans,
    Floats,
    Integers,
    equals,
    find,
    indices,
    schema,
    texts,
)
from pipeline.model.contract import TEXT, Row
from pipeline.model.errors import ContractError
from pipeline.model.kinds import Kind
from pipeline.stories import join, matrices, sagas, similarity
from pipeline.stories.field import Field
from pipeline.stories.headline_likeness import Headlines
from pipeline.stories.matrices import Vectors
from pipeline.stories.similarity import DECIMALS, Articles, Tables

EXPLAINED_TERMS = 12
MATCHED_AT_ONCE = 1_000_000  # pairs of members that are compared at once: 40 MB

IN_STORY = schema(
    [
        pa.field("article_id", TEXT, nullable=False),
        pa.field("story_id", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("matched_id", TEXT),
        pa.field("story_score", pa.float64()),
        pa.field("continues_id", TEXT),
        pa.field("saga_id", TEXT),
    ]
)


@dataclass(frozen=True)
class _Closed:
    """What a new story may continue: stories by number."""

    ids: Array
    means: Vectors
    headlines: Headlines


@dataclass(frozen=True)
class _Open:
    """The open stories by number. The members of story n in the window are `members[starts[n]:starts[n + 1]]`, oldest first."""

    ids: Array
    means: Vectors  # one row of terms per story: the mean of its members
    sizes: Integers
    spans: Floats
    names: Vectors
    has_names: Booleans
    n_terms: NDArray[np.int32]  # of the longest text of each
    tongues: Integers  # the languages of its members, as bits
    headlines: Headlines
    members: Integers
    starts: Integers

    def __len__(self) -> int:
        return len(self.ids)


def assign_stories(
    newcomers: pa.Table,
    window: Tables,
    memory: Tables,
    memberships: pa.Table,
    *,
    day: dt.date,
    threshold: float,
    window_days: int,
) -> pa.Table:
    """Place each of a day's copy-group origins in a story: TERMS x 3, MEMBERSHIPS -> IN_STORY.

    `window` holds the origins of the days whose stories are still open. `memory` holds those of the days before: they only say
    which story a new one continues; both may come in pieces. `memberships` gives the story of each of both. `threshold` is the least mean
    similarity (0 to 1) of an article to its story; similarity fades with silence. Raises ContractError when an origin has no membership.
    """
    today, past, old = similarity.align([newcomers, window, memory])
    if not len(today):
        return IN_STORY.empty_table()
    similarity.leave_out_common(today, past)
    both = _stories_of(pa.concat_arrays([past.ids, old.ids]), memberships, day)
    stories, earlier = both[: len(past)], both[len(past) :]
    closed = _closed(old, earlier, stories)
    del old, both, earlier
    known = _open(past, stories)
    placed, precursor = _place(today, past, known, threshold, float(window_days))
    del past, known
    placed = _continue(placed, today, closed, threshold)
    saga = sagas.sagas_of(placed, precursor, memberships)
    return _with(placed, "saga_id", saga).sort_by("article_id")


def _with(placed: pa.Table, name: str, values: Array) -> pa.Table:
    return placed.set_column(IN_STORY.names.index(name), IN_STORY.field(name), values)


def _stories_of(ids: Array, memberships: pa.Table, day: dt.date) -> Array:
    at = find(ids, memberships["article_id"])
    if at.null_count:
        first = ids.filter(at.is_null())[0]
        raise ContractError(
            f"day {day}: {at.null_count} rows of terms have no row in memberships, the first is {first}"
        )
    return memberships["story_id"].combine_chunks().take(at)


def _open(articles: Articles, stories: Array) -> _Open:
    """The stories of articles, which `stories` names one by one."""
    ids, story_of = similarity.numbered(stories)
    n = len(ids)
    sizes = np.bincount(story_of, minlength=n)
    return _Open(
        ids,
        matrices.sums(articles.terms, story_of, n, 1 / sizes[story_of]),
        sizes,
        similarity.joint_spans(similarity.spans(articles), story_of, n),
        matrices.sums(articles.names, story_of, n),
        np.bincount(story_of, weights=articles.has_names, minlength=n) > 0,
        similarity.greatest(articles.n_terms, story_of, n),
        similarity.united(articles.tongues, story_of, n),
        articles.headlines.joint(story_of, n),
        np.argsort(story_of, kind="stable"),
        np.concatenate([[0], np.cumsum(sizes)]),
    )


def _closed(articles: Articles, stories: Array, still_open: Array) -> _Closed:
    """The stories of articles from before the window, which `stories` names one by one, that are no longer open."""
    gone = pc.invert(pc.is_in(stories, value_set=still_open))
    rows = np.flatnonzero(gone.to_numpy(zero_copy_only=False))
    ids, story_of = similarity.numbered(stories.filter(gone))
    shares = 1 / np.bincount(story_of)[story_of]
    means = matrices.sums(articles.terms, story_of, len(ids), shares, rows)
    return _Closed(ids, means, articles.headlines.take(rows).joint(story_of, len(ids)))


def _place(
    today: Articles, past: Articles, known: _Open, threshold: float, days: float
) -> tuple[pa.Table, Array]:
    """IN_STORY without what goes on, and for each row the story whose saga its own may go on with."""
    everything = Field(
        Vectors.concat([known.means, today.terms]),
        np.concatenate([known.sizes, np.ones(len(today), np.int64)]),
        np.vstack([known.spans, similarity.spans(today)]),
        Vectors.concat([known.names, today.names]),
        np.concatenate([known.has_names, today.has_names]),
        np.concatenate([known.n_terms, today.n_terms]),
        np.concatenate([known.tongues, today.tongues]),
        Headlines.concat([known.headlines, today.headlines]),
        len(known),
        days,
    )
    group_of, compared = join.join(everything, threshold)
    group_of, scores = _let_go(everything, group_of, join.LEAST * threshold)
    precursor = sagas.precursors(compared, group_of, everything, threshold)[len(known) :]
    group_of, scores = group_of[len(known) :], scores[len(known) :]
    begins = np.arange(len(known), len(everything)) == group_of
    del everything, compared
    matched = _matched(today, past, known, group_of)
    names = pa.concat_arrays([known.ids, today.ids])
    kinds = pc.if_else(pa.array(begins), str(Kind.ORIGIN), str(Kind.REPORT))
    columns = [today.ids, names.take(indices(group_of)), kinds, matched, pa.array(scores, mask=begins)]
    placed = pa.table([*columns, *[pa.nulls(len(today), TEXT)] * 2], schema=IN_STORY)
    return placed, names.take(indices(precursor, precursor < 0))


def _let_go(everything: Field, group_of: Integers, floor: float) -> tuple[Integers, Floats]:
    """The groups without the articles that are similar to them only through others, and the scores of the articles that stay.

    Each article that is let go begins a story. The farthest of a group goes first, until all that are left reach the floor. An
    article's score is its mean similarity to all others of its group.
    """
    group_of, scores = group_of.copy(), np.zeros(len(everything))
    asked = np.arange(len(everything))
    while len(asked):
        asked = asked[np.bincount(group_of)[group_of[asked]] > 1]
        scores[asked] = _own_scores(everything, group_of, asked)
        far = asked[(scores[asked] < floor) & (asked >= everything.n_stories)]
        far = far[np.lexsort((far, scores[far], group_of[far]))]
        farthest = far[np.unique(group_of[far], return_index=True)[1]]
        left = np.isin(group_of[asked], group_of[farthest])
        group_of[farthest], scores[farthest] = len(everything) + farthest, 0.0
        asked = np.setdiff1d(asked[left], farthest)
        scores[asked] = 0.0
    _, first, place = np.unique(group_of, return_index=True, return_inverse=True)
    return first[place], scores


def _own_scores(everything: Field, group_of: Integers, rows: Integers) -> Floats:
    """The mean similarity of each row to all others of its group; `rows` holds whole groups."""
    if not len(rows):
        return np.zeros(0)
    _, place = np.unique(group_of[rows], return_inverse=True)
    terms, sizes, n = everything.means.take(rows), everything.sizes[rows], int(place.max()) + 1
    totals = matrices.sums(terms, place, n, sizes)
    each = np.arange(len(rows))
    squares = matrices.dots(terms, each, terms, each)
    others = np.bincount(place, weights=sizes)[place] - sizes
    near = (matrices.dots(terms, each, totals, place) - sizes * squares) / others
    near += everything.headlines.take(rows).likeness_to_rest(place, n)
    spans = everything.spans[rows]
    left = similarity.fading(spans, similarity.spans_without_each(spans, place, n), everything.days)
    return np.minimum(
        np.round(near * left, DECIMALS), 1.0
    )  # two short texts in the same words are nearer than that


def _matched(today: Articles, past: Articles, known: _Open, group_of: Integers) -> Array:
    """For each of today's articles, the most similar earlier article of its story; null for the first of a story."""
    rows = np.arange(len(today))
    story = np.minimum(group_of, len(known))
    starts, sizes = np.append(known.starts, 0)[story], np.append(known.sizes, 0)[story]
    before, score = _most_like(today, rows, past, known.members, starts, sizes)
    together = np.argsort(group_of, kind="stable")
    begins = np.searchsorted(group_of[together], group_of[together])
    same, nearer = _most_like(today, together, today, together, begins, rows - begins)
    found: Array = pc.if_else(
        pa.array(nearer > score[together]),
        today.ids.take(indices(same, same < 0)),
        past.ids.take(indices(before[together], before[together] < 0)),
    )
    return found.take(indices(np.argsort(together)))


def _most_like(
    articles: Articles, rows: Integers, others: Articles, pool: Integers, starts: Integers, sizes: Integers
) -> tuple[Integers, Floats]:
    """For each of `rows`, the most similar in its part of the pool (the first of equals) and the score; -1 where the part is empty."""
    found, scores = np.full(len(rows), -1), np.full(len(rows), -1.0)
    block_of = np.cumsum(sizes) // MATCHED_AT_ONCE
    for block in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(block_of)) + 1):
        of, n = np.repeat(block, sizes[block]), sizes[block]
        if not len(of):
            continue
        places = np.arange(len(of)) - np.repeat(np.cumsum(n) - n, n) + starts[of]
        near = matrices.dots(articles.terms, rows[of], others.terms, pool[places])
        near = np.round(
            near + articles.headlines.likeness(rows[of], pool[places], others.headlines), DECIMALS
        )
        best = np.lexsort((places, -near, of))
        best = best[np.unique(of[best], return_index=True)[1]]
        found[of[best]], scores[of[best]] = pool[places[best]], near[best]
    return found, scores


def _continue(placed: pa.Table, today: Articles, closed: _Closed, threshold: float) -> pa.Table:
    """Name, for each story that begins, the closed story that it would have joined without the silence between them."""
    ids, story_of = similarity.numbered(placed["story_id"].combine_chunks())
    begins, n = equals(placed["kind"], str(Kind.ORIGIN)).to_numpy(), len(ids)
    new = np.unique(story_of[begins])
    vectors = matrices.sums(today.terms, story_of, n, 1 / np.bincount(story_of)[story_of]).take(new)
    headlines = today.headlines.joint(story_of, n).take(new)
    found = join.candidates(vectors, closed.means), headlines.candidates(closed.headlines)
    one, other = (np.concatenate(both) for both in zip(*found, strict=True))
    near = np.empty(len(one))
    as_they_stand = np.argsort(other, kind="stable")
    near[as_they_stand] = matrices.dots(closed.means, other[as_they_stand], vectors, one[as_they_stand])
    near = np.round(near + headlines.likeness(one, other, closed.headlines), DECIMALS)
    best = np.flatnonzero(near >= threshold)
    best = best[np.lexsort((other[best], -near[best], one[best]))]
    best = best[np.unique(one[best], return_index=True)[1]]
    continued = np.full(n, -1)
    continued[new[one[best]]] = other[best]
    at = continued[story_of]
    return _with(placed, "continues_id", closed.ids.take(indices(at, (at < 0) | ~begins)))


def explain_story(
    article_id: str,
    weighed: pa.Table,
    memberships: pa.Table,
    names: dict[int, str],
    *,
    window_days: int,
) -> Row:
    """Why an article is in its story and not in the next-best one.

    `weighed` (TERMS) and `memberships` cover the article's window and day; `names` comes from `terms.name_terms` of its
    text. A term's weight is its part of the score: the weights of all terms add up to the score.
    """
    article, others, story_of = _set_apart(article_id, weighed, memberships)
    stories = np.array([story_of.get(i, i) for i in texts(others.ids)], dtype=object)
    mine = story_of[article_id]
    scores = (others.terms.csr() @ article.terms.csr().T).toarray().ravel()
    nearest = [n for n in np.argsort(-scores, kind="stable")[:200].tolist() if scores[n] > 0]
    found: list[Row] = [
        {"story_id": story}
        | _similarity(article, others, np.flatnonzero(stories == story), window_days, names)
        for story in sorted({mine} | {stories[n] for n in nearest})
    ]
    found.sort(key=lambda f: (f["story_id"] != mine, -(f["score"] or 0)))
    return found[0] | {"next_best": found[1] if len(found) > 1 else None}


def explain_pair(
    article_id: str,
    other_id: str,
    weighed: pa.Table,
    memberships: pa.Table,
    names: dict[int, str],
    *,
    window_days: int,
) -> tuple[Row, Row]:
    """How similar an article is to another one, and to the other one's story; what is given is as for `explain_story`.

    Nothing was compared (`n_compared` is 0, `score` null) where the other is not in the article's window.
    """
    article, others, story_of = _set_apart(article_id, weighed, memberships)
    ids = texts(others.ids)
    story = story_of.get(other_id, other_id)
    members = ([i == other_id for i in ids], [story_of.get(i, i) == story for i in ids])
    one, whole = (_similarity(article, others, np.flatnonzero(m), window_days, names) for m in members)
    return one, {"story_id": story} | whole


def _set_apart(
    article_id: str, weighed: pa.Table, memberships: pa.Table
) -> tuple[Articles, Articles, dict[str, str]]:
    """An article, the others of its window and day, and the story of each."""
    story_of = dict(zip(texts(memberships["article_id"]), texts(memberships["story_id"]), strict=True))
    day = weighed.filter(equals(weighed["article_id"], article_id))["ingest_date"][0]
    is_today = pc.equal(weighed["ingest_date"], day)
    today, past = similarity.align([weighed.filter(is_today), weighed.filter(pc.invert(is_today))])
    similarity.leave_out_common(today, past)
    everything = today + past
    is_own = equals(everything.ids, article_id).to_numpy(zero_copy_only=False)
    return everything.take(np.flatnonzero(is_own)), everything.take(np.flatnonzero(~is_own)), story_of


def _similarity(
    article: Articles, others: Articles, rows: Integers, window_days: int, names: dict[int, str]
) -> Row:
    """Of an article and the others at `rows`; without any there is nothing to be like, and the figures are null."""
    if not len(rows):
        figures = dict.fromkeys(("score", "similarity", "time_factor"))
        return figures | {
            "are_strangers": False,
            "are_translations": False,
            "n_compared": 0,
            "shared_terms": [],
        }
    terms, their_terms = article.terms.csr(), others.terms.take(rows).csr()
    parts = terms.multiply(their_terms.sum(axis=0) / len(rows)).tocoo()
    every = np.zeros(len(rows), np.int64)
    both = Headlines.concat([article.headlines, others.headlines.take(rows).joint(every, 1)])
    alike, is_translated = (
        f(np.array([0]), np.array([1]))[0] for f in (both.likeness, both.are_translations)
    )
    near = float(parts.data.sum()) + float(alike)
    span = similarity.joint_spans(similarity.spans(others)[rows], every, 1)
    factor = float(similarity.fading(similarity.spans(article), span, float(window_days))[0])
    strongest = np.lexsort((parts.col, -parts.data))[:EXPLAINED_TERMS].tolist()
    met = (others.names.take(rows).csr() @ terms.T).sum() + (their_terms @ article.names.csr().T).sum()
    is_comparable = article.has_names[0] and others.has_names[rows].any()
    theirs = similarity.united(others.tongues[rows], every, 1)
    is_comparable &= bool(similarity.are_comparable(theirs, article.tongues)[0])
    found: Row = {"headlines": round(float(alike) * factor, DECIMALS)} if article.headlines else {}
    return found | {
        "score": min(round(near * factor, DECIMALS), 1.0),
        "are_strangers": bool(is_comparable and not met and not is_translated),
        "are_translations": bool(is_translated),
        "similarity": round(near, DECIMALS),
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
