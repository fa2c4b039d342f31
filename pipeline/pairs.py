"""Which articles are compared, and what the comparison of two texts says.

`pair` proposes, `verify` decides: every candidate becomes a link, accepted or refused, with its figures.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline import forms, minhash, tokens, versions
from pipeline.contracts import CANDIDATES, LINKS, Kind

# Buckets up to these sizes are looked at pair by pair: of a band, of a passage.
ALL_PAIRS = np.int64(8), np.int64(64)
PARTNERS = 4
# Of a day: more are paired part by part, so that some 300 MB of buckets are in memory at once; of its window, 200 MB with those.
PART_ARTICLES, WINDOW_ARTICLES = 150_000, 100_000
ONE_PIECE = 8_192  # pairs: so few are compared at once, in whatever order
AGREEING = 3
# Of the slots of two signatures, of the passages of the text with fewer: on 10,000 articles with planted copies these leave a
# fifth of the pairs that the texts would refuse, and two in five thousand of those that they would accept are lost.
LEAST_SLOTS = 10
LEAST_PASSAGES = 0.3

CONTAINED = 0.8
LEAST_SHARED = 20
LEAST_NEAR = 10
# Of a text's words, in their order: in both texts of a near copy; in the longer text, where only the shorter is held. A text of
# which the other holds three quarters, and much besides, is more often another version of an agency's report than an excerpt.
HELD, HELD_ALONE = 0.75, 0.85
REWRITTEN = 0.07  # of a text's words, in passages that it has in words of its own; a changed word of Chinese is three pairs of characters

T = TypeVar("T")
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Reason(StrEnum):
    """The rule that decided on a pair."""

    SAME_WORDS = "same words"
    SAME_PAGE = "same page, same text"
    SHINGLES = "shared shingles"
    ALIGNED = "same words throughout, with edits"
    CONTAINED = "one contains the other"
    LITTLE = "too little in common"
    SHORT = "too short to tell"
    PASSAGE = "shared quotation or list"
    NUMBERS = "same frame, other numbers"
    NAMES = "same frame, other names"
    RERUN = "same frame, days later"


# By number, as kernels and placing know them; 0 is refused.
KINDS = [None, Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED, Kind.REFETCH]
_TURNED = np.array([0, 1, 2, 4, 3, 5])  # what each is when the other of the two is the later
_REASONS = list(Reason)


def pair(buckets: pa.Table, day: date, *, within: bool = True) -> pa.Table:
    """CANDIDATES: pairs of articles in one bucket, at least one of which is of `day`.

    Without `within`, only pairs of an article of the day with one of another day, in whose buckets only these two days are
    looked at: whether days come by themselves or together is the same.
    """
    from pipeline import kernel

    ids, codes = _coded(buckets["article"])
    bucket, context = (buckets[name].to_numpy() for name in ("bucket", "context"))
    days, today = (ids[:, 0] >> np.uint64(32)).astype(np.int64), np.int64(int(f"{day:%Y%m%d}", 16))
    found = kernel.pair(bucket, codes, context, days, today, within, ALL_PAIRS, AGREEING, PARTNERS)
    found = np.sort(found)
    names = _hexadecimal(ids)
    columns = [names.take(pa.array(s)) for s in (found >> np.uint64(32), found & np.uint64(0xFFFFFFFF))]
    return pa.table(columns, schema=CANDIDATES.schema)


def n_parts(own: int, window: Sequence[int]) -> int:
    """Into how many parts one machine deals the buckets of a day with so many articles and of the days of its window.

    Memory holds the buckets of a part: of the largest day at most PART_ARTICLES. With each batch of the window's days the day's
    own are gone through once more, and a batch of a smaller part has more days; but all buckets are made once a part.
    """
    largest, batches = max([own, *window]), -(-sum(window) // WINDOW_ARTICLES)
    return max(1, -(-largest // PART_ARTICLES), math.isqrt(batches))


def batches(sized: Iterable[tuple[T, int]], most: int) -> Iterator[list[T]]:
    """Things with their sizes, in their order: as many together as are not more than `most`, one at least."""
    batch: list[T] = []
    n = 0
    for thing, size in sized:
        if batch and n + size > most:
            yield batch
            batch, n = [], 0
        batch.append(thing)
        n += size
    if batch:
        yield batch


def distinct(candidates: pa.Table) -> pa.Table:
    """CANDIDATES, each once."""
    return candidates.group_by(CANDIDATES.names, use_threads=False).aggregate([])


def without(candidates: pa.Table, known: pa.Table) -> pa.Table:
    """CANDIDATES that are not among the known."""
    if not known.num_rows:
        return candidates
    return candidates.join(known, CANDIDATES.names, join_type="left anti", use_threads=False)


def sift(sketched: pa.Table) -> pa.Table:
    """CANDIDATES without the pairs whose sketches say that the texts share a sentence or two.

    A band is three slots of the signature and a passage is one shingle: by one of them many texts meet that share
    little. All slots together tell how like two texts are, all passages how much of the shorter the other holds.
    """
    from pipeline import kernel

    kept = [np.zeros(0, bool)]
    for batch in sketched.to_batches():
        left, right = (_sketches(batch, side) for side in ("", "other_"))
        kept.append(kernel.sketches(*left, *right, LEAST_SLOTS, LEAST_PASSAGES))
    return sketched.select(CANDIDATES.names).filter(pa.array(np.concatenate(kept)))


_Sketches = tuple[NDArray[np.uint32], Integers, Integers, Integers, Integers]


def _sketches(batch: pa.RecordBatch, side: str) -> _Sketches:
    """Signatures and which of them each pair has; ends of passages, passages and which of them each pair has."""
    found = []
    for name in ("signature", "passages"):
        column = batch[side + name]
        if pa.types.is_dictionary(column.type):
            found.append((column.dictionary, column.indices.to_numpy().astype(np.int64)))
        else:
            found.append((column, np.arange(len(column))))
    (signatures, at), (passages, its) = found
    ends = passages.offsets.to_numpy().astype(np.int64)
    return minhash.matrix(signatures), at, ends, passages.values.to_numpy(), its


def together(candidates: pa.Table) -> pa.Table:
    """The pairs in an order in which those of one text, and of its neighbours, stand close together, so that few texts are read twice.

    By the places of their articles in a narrow band of the graph (reverse Cuthill-McKee 1969): pairs mostly hang
    together through chance neighbours, so that connected parts alone would be far too large to be read at once.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    if candidates.num_rows <= ONE_PIECE:
        return candidates
    ids = pc.unique(
        pa.chunked_array([c for n in CANDIDATES.names for c in candidates[n].chunks], pa.string())
    )
    one, other = (pc.index_in(candidates[n], value_set=ids).to_numpy() for n in CANDIDATES.names)
    both = np.concatenate([one, other]), np.concatenate([other, one])
    graph = coo_matrix((np.ones(len(both[0]), np.int8), both), shape=(len(ids), len(ids))).tocsr()
    place = np.empty(len(ids), np.int64)
    place[reverse_cuthill_mckee(graph, symmetric_mode=True)] = np.arange(len(ids))
    sides = place[one], place[other]
    return candidates.take(pa.array(np.lexsort((np.maximum(*sides), np.minimum(*sides)))))


def verify(compared: pa.Table, near_threshold: float) -> pa.Table:
    """LINKS: each candidate pair decided on its two texts."""
    if not compared.num_rows:
        return LINKS.empty()
    figures = _figures(compared, near_threshold)
    kind, reason = _decide(compared, figures, near_threshold)
    return _links(compared, figures, kind, reason)


@dataclass(frozen=True)
class _Figures:
    """Of each pair: whose words are the same, sizes of the sets of shingles, what they share, how they align."""

    same_words: Booleans
    sizes: tuple[Integers, Integers]
    compared: NDArray[np.int32]  # as kernel.compare
    aligned: NDArray[np.int32]  # as kernel.align; zeros where shingles decide
    facts: NDArray[np.int32]  # as kernel.lacking; zeros where the filters saw that they agree

    @property
    def shared(self) -> NDArray[np.int32]:
        return self.compared[:, 0]

    @property
    def jaccard(self) -> NDArray[np.float64]:
        return self.shared / np.maximum(self.sizes[0] + self.sizes[1] - self.shared, 1)

    def containment(self, side: int) -> NDArray[np.float64]:
        return self.shared / np.maximum(self.sizes[side], 1)


def _figures(compared: pa.Table, near_threshold: float) -> _Figures:
    from pipeline import kernel

    blocks, (left, right) = _blocks([compared["text"], compared["other_text"]])
    words, ends, every, marks, sets, facts, blooms = _joined([_read(*block) for block in blocks])
    sizes, n = np.diff(ends[1]), len(left)
    found = _Figures(
        words[left] == words[right],
        (sizes[left], sizes[right]),
        _compared(ends, sets, facts, blooms, left, right),
        np.zeros((n, 2, 3), np.int32),
        np.zeros((n, 2, 5), np.int32),
    )
    most = np.maximum(found.containment(0), found.containment(1))
    close = (found.jaccard >= near_threshold) | (most >= CONTAINED)
    at = np.flatnonzero(~close & (found.shared >= 8) & (most >= 0.1))
    at = at[np.argsort(left[at], kind="stable")]
    found.aligned[at] = kernel.align(every, ends, left[at], right[at])
    copies = (close & ~found.same_words) | _held(found, 0) | _held(found, 1)
    at = np.flatnonzero(copies & (_may_differ(found.compared) | forms.is_brief(found.sizes)))
    found.facts[at] = kernel.lacking(every, marks, ends, left[at], right[at])
    return found


def _compared(
    ends: Integers,
    sets: NDArray[np.uint64],
    facts: NDArray[np.uint64],
    blooms: NDArray[np.uint64],
    left: Integers,
    right: Integers,
) -> NDArray[np.int32]:
    """kernel.compare, the pairs of one text together: it then makes its table once."""
    from pipeline import kernel

    order = np.argsort(right, kind="stable")
    turned = kernel.compare(ends, sets, facts, blooms, right[order], left[order])
    found = np.empty_like(turned)
    found[order] = turned[:, [0, 2, 1, 7, 8, 9, 10, 3, 4, 5, 6]]
    return found


def _may_differ(compared: NDArray[np.int32]) -> Booleans:
    """Whether forms.vetoes may strike, by shares a little below those that it asks for: the Bloom filters overlook some of the
    numbers and names that differ.
    """
    found = np.zeros(len(compared), bool)
    for count, share in ((3, 0.2), (5, 0.4)):
        sides = [compared[:, [count + side, count + side + 1]].T for side in (0, 4)]
        found |= np.logical_and.reduce([(lacks >= 2) & (lacks > share * has) for has, lacks in sides])
    return found


def _decide(compared: pa.Table, figures: _Figures, near_threshold: float) -> tuple[Integers, Integers]:
    """Of each pair which kind (0: refused), and which reason."""
    held, other_held = _held(figures, 0), _held(figures, 1)
    shingles = (figures.jaccard >= near_threshold) & (figures.shared >= LEAST_NEAR)
    contained = [figures.containment(side) >= CONTAINED for side in (0, 1)]
    smaller = figures.sizes[0] < figures.sizes[1]
    whole = np.minimum(*figures.sizes) >= CONTAINED * np.maximum(*figures.sizes)
    alone = [_held(figures, side, HELD_ALONE) for side in (0, 1)]
    inside = np.where(smaller, contained[0] | alone[0], contained[1] | alone[1])
    plain = np.where(smaller, figures.compared[:, 1], figures.compared[:, 2])
    part = inside & ~(shingles & whole) & ~(held & other_held)
    near = (shingles | (held & other_held)) & ~part
    is_passage = part & (2 * plain < figures.shared)
    is_short = (part & (figures.shared < LEAST_SHARED)) | (
        ~part & (figures.jaccard >= near_threshold) & (figures.shared < LEAST_NEAR)
    )
    numbers, names = forms.vetoes(compared, figures.facts, figures.sizes)
    short_and_other_title = (
        figures.same_words & (np.minimum(*figures.sizes) < LEAST_SHARED) & ~_same_title(compared)
    )
    refetch = figures.same_words & _same_page(compared)
    same_page = _equal(compared, "canonical_url").to_numpy()
    rules: list[tuple[Booleans, Kind | None, Reason]] = [
        (short_and_other_title, None, Reason.SHORT),
        (refetch, Kind.REFETCH, Reason.SAME_PAGE),
        (figures.same_words, Kind.EXACT, Reason.SAME_WORDS),
        (is_short, None, Reason.SHORT),
        ((near | part) & numbers, None, Reason.NUMBERS),
        ((near | part) & names, None, Reason.NAMES),
        (is_passage, None, Reason.PASSAGE),
        (near & forms.is_rerun(compared, figures.sizes) & ~same_page, None, Reason.RERUN),
        (near & shingles, Kind.NEAR, Reason.SHINGLES),
        (near, Kind.NEAR, Reason.ALIGNED),
        (part & smaller, Kind.EXCERPT, Reason.CONTAINED),
        (part, Kind.EXPANDED, Reason.CONTAINED),
    ]
    which = np.select([condition for condition, _, _ in rules], list(range(len(rules))), len(rules))
    kinds = np.array([KINDS.index(kind) for _, kind, _ in rules] + [0])
    reasons = np.array([_REASONS.index(reason) for *_, reason in rules] + [_REASONS.index(Reason.LITTLE)])
    return kinds[which], reasons[which]


def _held(figures: _Figures, side: int, share: float = HELD) -> Booleans:
    """Whether this text stands in the other word for word, but for edits all over it."""
    size, matched, rewritten = (figures.aligned[:, side, n] for n in range(3))
    return (matched >= 30) & (matched >= share * size) & (rewritten <= REWRITTEN * size)


def _links(compared: pa.Table, figures: _Figures, kind: Integers, reason: Integers) -> pa.Table:
    swap = ~_is_later(compared)
    kinds = np.where(swap, _TURNED[kind], kind)
    flip = pa.array(swap)
    one, other = compared["article_id"], compared["other_id"]
    first, second = figures.containment(0), figures.containment(1)
    columns = [
        pc.if_else(flip, other, one),
        pc.if_else(flip, one, other),
        pa.array(KINDS, pa.string()).take(pa.array(kinds)),
        figures.jaccard,
        np.where(swap, second, first),
        np.where(swap, first, second),
        kind > 0,
        pa.array(_REASONS, pa.string()).take(pa.array(reason)),
        pa.array(np.full(len(kind), versions.RULES["copies"]), pa.int32()),
    ]
    return pa.table(columns, schema=LINKS.schema)


def _coded(articles: pa.ChunkedArray) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Distinct ids as (upper, lower) halves in their order, and for each row which it is."""
    values = pa.concat_arrays([pa.nulls(0, articles.type), *articles.chunks]).dictionary_encode()
    ids = values.dictionary
    halves = np.frombuffer(ids.buffers()[1] or b"", ">u8")[: 2 * len(ids)].astype(np.uint64).reshape(-1, 2)
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    return halves[order], rank[values.indices.to_numpy()]


def _hexadecimal(ids: NDArray[np.uint64]) -> pa.Array:
    digits = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), np.uint16)
    text = digits[ids.astype(">u8").view(np.uint8)].tobytes()
    offsets = np.arange(len(ids) + 1, dtype=np.int32) * 32
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(text))


_Block = tuple[pa.Array, Integers]


def _blocks(columns: list[pa.ChunkedArray]) -> tuple[list[_Block], list[Integers]]:
    """The texts of columns, each value of a dictionary once and only if it is used.

    Returns blocks (string array, rows of it that are used), and for each column the place of each of its values among the
    rows of all blocks.
    """
    dictionaries: dict[tuple[int, int, int], tuple[int, pa.Array]] = {}
    coded: list[list[tuple[int, Integers]]] = []
    for column in columns:
        coded.append([])
        for chunk in column.chunks:
            values = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
            number, _ = dictionaries.setdefault(
                _identity(values.dictionary), (len(dictionaries), values.dictionary)
            )
            coded[-1].append((number, values.indices.to_numpy().astype(np.int64)))
    blocks, places, total = [], [], 0
    for number, dictionary in dictionaries.values():
        used = np.zeros(len(dictionary), bool)
        for mine, indices in (part for parts in coded for part in parts):
            if mine == number:
                used[indices] = True
        blocks.append((dictionary, np.flatnonzero(used)))
        places.append(np.cumsum(used) - 1 + total)
        total += int(used.sum())
    none = np.zeros(0, np.int64)
    return blocks, [np.concatenate([none, *(places[n][indices] for n, indices in parts)]) for parts in coded]


def _identity(texts: pa.Array) -> tuple[int, int, int]:
    """The same for arrays that show the same part of the same memory."""
    data = texts.buffers()[2]
    return (data.address if data is not None else 0, texts.offset, len(texts))


_Read = tuple[
    Integers,
    Integers,
    NDArray[np.uint64],
    NDArray[np.uint8],
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint64],
]


def _read(texts: pa.Array, rows: Integers) -> _Read:
    """kernel.read of these rows, those that must be normalised first too."""
    from pipeline import kernel

    found: _Read = kernel.read(*kernel.buffers(texts), rows, tokens.tables(), False)
    late = np.flatnonzero(found[0] == 0)
    if not len(late):
        return found
    again = kernel.normalised(texts, rows[late])
    more: _Read = kernel.read(*kernel.buffers(again), np.arange(len(late)), tokens.tables(), True)
    order = np.arange(len(rows))
    order[late] = len(rows) + np.arange(len(late))
    return _reordered(_joined([found, more]), order)


def _joined(parts: list[_Read]) -> _Read:
    """Several readings as one."""
    if len(parts) == 1:
        return parts[0]
    ends, before = [np.zeros((3, 1), np.int64)], np.zeros((3, 1), np.int64)
    for part in parts:
        ends.append(part[1][:, 1:] + before)
        before = ends[-1][:, -1:] if ends[-1].size else before
    words, every, marks, sets, facts, blooms = (
        np.concatenate([p[n] for p in parts]) for n in (0, 2, 3, 4, 5, 6)
    )
    return words, np.concatenate(ends, axis=1), every, marks, sets, facts, blooms


def _reordered(read: _Read, order: Integers) -> _Read:
    """The texts `order` of a reading."""
    words, ends, every, marks, sets, facts, blooms = read
    sizes = np.diff(ends)[:, order]
    new_ends = np.concatenate((np.zeros((3, 1), np.int64), np.cumsum(sizes, axis=1)), axis=1)
    at = [
        np.repeat(ends[n, :-1][order] - new_ends[n, :-1], sizes[n]) + np.arange(new_ends[n, -1])
        for n in range(3)
    ]
    return words[order], new_ends, every[at[0]], marks[at[0]], sets[at[1]], facts[at[2]], blooms[order]


def _is_later(compared: pa.Table) -> Booleans:
    """Whether the article comes after the other in the order in which articles are taken."""
    end = pa.scalar(
        datetime(9999, 1, 1, tzinfo=UTC), pa.timestamp("us", "UTC")
    )  # of the day: unknown times come last
    later, tied = pa.scalar(False), pa.scalar(True)
    keys = [
        [pc.utf8_slice_codeunits(compared[n], 0, 8) for n in ("article_id", "other_id")],
        [pc.coalesce(compared[f"{p}published_at"], compared[f"{p}fetched_at"], end) for p in ("", "other_")],
        [compared[n] for n in ("article_id", "other_id")],
    ]
    for mine, its in keys:
        later = pc.or_(later, pc.and_(tied, pc.greater(mine, its)))
        tied = pc.and_(tied, pc.equal(mine, its))
    return later.to_numpy()


def _same_page(compared: pa.Table) -> Booleans:
    """The same canonical URL and the same text, on different days."""
    days = [pc.utf8_slice_codeunits(compared[n], 0, 8) for n in ("article_id", "other_id")]
    found = pc.and_(_equal(compared, "canonical_url"), pc.not_equal(*days)).to_numpy()
    at = np.flatnonzero(found)
    found = found.copy()
    found[at] = _equal(compared.select(["text", "other_text"]).take(pa.array(at)), "text").to_numpy()
    return found


def _same_title(compared: pa.Table) -> Booleans:
    """Titles equal but for their case, spaces and signs, or missing from one of the two."""
    titles = [pc.utf8_lower(forms.strings(compared[n])) for n in ("title", "other_title")]
    letters = [pc.replace_substring_regex(t, r"[^\pL\pM\pN]+", "") for t in titles]
    return pc.fill_null(pc.equal(*letters), True).to_numpy()


def _equal(compared: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.fill_null(
        pc.equal(forms.strings(compared[name]), forms.strings(compared[f"other_{name}"])), False
    )
