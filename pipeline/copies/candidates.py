"""Which pairs of articles are worth comparing: those that meet in a bucket and whose sketches agree."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.copies.signatures import LANDMARK_RATE, ROWS, matrix, sampled
from pipeline.model import arrow, ids
from pipeline.model.internal_tables import CANDIDATES

if TYPE_CHECKING:
    from pipeline.kernels.comparing import Sketches
    from pipeline.kernels.crossing import Dealt, Held
    from pipeline.kernels.meeting import Rule
    from pipeline.kernels.signing import Buckets, Passages

# Who meets in a bucket: see `kernels.meeting.Rule`.
BAND_LIMIT, PASSAGE_LIMIT, AGREEING, PARTNERS = 8, 64, 3, 4
# Of a day: more are paired part by part, so that some 400 MB of buckets are in memory at once. Of its window: signatures of
# 300,000 articles are in memory at once, 200 MB; never less than a whole day.
PART_ARTICLES, WINDOW_ARTICLES = 150_000, 300_000
# Of a day that is looked up where its window is read: its buckets take 5 kB an article there, 250 MB of each worker.
FEW_ARTICLES = 50_000
ONE_PIECE = 8_192  # pairs: so few are compared at once, in whatever order
# Of the slots of two signatures, of the passages of the text with fewer: on 10,000 articles with planted copies these leave a
# fifth of the pairs that the texts would refuse, and two in five thousand of those that they would accept are lost.
LEAST_SLOTS = 10
LEAST_PASSAGES = 0.3

T = TypeVar("T")


def pair(buckets: pa.Table, day: date, *, within: bool = True) -> pa.Table:
    """CANDIDATES: pairs of articles in one bucket, at least one of which is of `day`.

    Without `within`, only pairs of an article of the day with one of another day. Then only these two days count in a bucket,
    so that it does not matter whether the other days come one by one or together.
    """
    from pipeline.kernels import meeting
    from pipeline.kernels.signing import Buckets

    halves, codes = _coded(buckets["article"])
    bucket, context = (buckets[name].to_numpy() for name in ("bucket", "context"))
    days, today = ids.days_of(halves), ids.number_of(day)
    found = np.sort(meeting.pair(Buckets(bucket, codes, context), days, today, within, _rule()))
    names = ids.hexadecimal(halves)
    columns = [names.take(pa.array(s)) for s in (found >> np.uint64(32), found & np.uint64(0xFFFFFFFF))]
    return pa.table(columns, schema=CANDIDATES.schema)


def pair_all(buckets: pa.Table, day: date) -> pa.Table:
    """CANDIDATES of the day and of all other days at once, so that its buckets are dealt out once: the pairs within it, and those with
    another day. One may be there twice.
    """
    halves, codes = _coded(buckets["article"])
    is_own = (ids.days_of(halves) == ids.number_of(day))[codes]
    own = buckets.filter(pa.array(is_own))
    return pa.concat_tables([pair(own, day), pair(buckets, day, within=False)])


def _rule() -> "Rule":
    from pipeline.kernels.meeting import Rule

    return Rule(BAND_LIMIT, PASSAGE_LIMIT, AGREEING, PARTNERS)


def n_parts(own: int) -> int:
    """Into how many parts one machine deals the buckets of a day with so many articles: memory holds those of a part."""
    return max(1, -(-own // PART_ARTICLES))


@dataclass(frozen=True)
class Sketched:
    """The signatures of one day's articles, in the order of their ids."""

    ids: arrow.Array
    signatures: NDArray[np.uint32]  # a row each
    words: NDArray[np.int64]
    passages: "Passages"

    @classmethod
    def of(cls, signatures: pa.Table) -> Self:
        """Those of SIGNATURES, in whatever order they come."""
        named = signatures["article_id"].combine_chunks()
        if not pc.all(pc.less_equal(named[:-1], named[1:])).as_py():
            signatures = signatures.sort_by("article_id")
            named = signatures["article_id"].combine_chunks()
        words = signatures["words_hash"].to_numpy()
        return cls(named, matrix(signatures["signature"]), words, sampled(signatures["passages"]))

    def buckets(self, part: int, parts: int) -> "Buckets":
        """The buckets of one part of `parts`."""
        from pipeline.kernels import signing

        dealt = np.uint64(LANDMARK_RATE), np.uint64(part), np.uint64(parts)
        return signing.band(self.signatures, self.words, self.passages, ROWS, *dealt)


def within(own: Sketched, buckets: "Buckets") -> pa.Table:
    """CANDIDATES among a day's articles: those that `pair` finds in these of its buckets, sifted."""
    from pipeline.kernels import meeting

    days = np.zeros(len(own.ids), np.int64)
    found = np.sort(meeting.pair(buckets, days, np.int64(0), True, _rule()))
    return _agreeing(own, found >> _32, own, found & _LOW)


def lookup(own: Sketched, buckets: "Buckets", part: int, parts: int) -> Callable[[pa.Table], pa.Table]:
    """`across` for these of a day's buckets."""
    from pipeline.kernels import crossing

    dealt = np.uint64(LANDMARK_RATE), np.uint64(part), np.uint64(parts)
    return partial(across, own=own, held=crossing.hold(buckets), dealt=crossing.Dealt(ROWS, *dealt))


def across(signatures: pa.Table, own: Sketched, held: "Held", dealt: "Dealt") -> pa.Table:
    """All SIGNATURES of an earlier day to CANDIDATES with a day's articles in the buckets that are held, sifted.

    They are those that `pair` finds in the buckets of both days, without `within`.
    """
    from pipeline.kernels import crossing

    others = Sketched.of(signatures)
    its = others.signatures, others.words, others.passages
    found = np.sort(crossing.cross(held, len(own.ids), *its, dealt, _rule()))
    return _agreeing(own, (found >> _32) - np.uint64(len(others.ids)), others, found & _LOW)


@dataclass(frozen=True)
class Lookup:
    """`within` and `across` for all buckets of a day with few articles. Only its signatures travel; the rest is made where it is asked for."""

    signatures: pa.Table

    @cached_property
    def _own(self) -> tuple[Sketched, "Buckets"]:
        own = Sketched.of(self.signatures)
        return own, own.buckets(0, 1)

    @cached_property
    def _across(self) -> Callable[[pa.Table], pa.Table]:
        return lookup(*self._own, 0, 1)

    def within(self) -> pa.Table:
        return within(*self._own)

    def across(self, signatures: pa.Table) -> pa.Table:
        return self._across(signatures)

    def __reduce__(self) -> tuple[type["Lookup"], tuple[pa.Table]]:
        return Lookup, (self.signatures,)


_32, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def _agreeing(
    one: Sketched, left: NDArray[np.uint64], other: Sketched, right: NDArray[np.uint64]
) -> pa.Table:
    """CANDIDATES: of pairs of articles, by their places, those whose sketches agree (see `sift`)."""
    from pipeline.kernels import comparing

    sides = [
        comparing.Sketches(sketched.signatures, at, sketched.passages, at)
        for sketched, at in ((one, left.astype(np.int64)), (other, right.astype(np.int64)))
    ]
    kept = comparing.sketches_agree(sides[0], sides[1], LEAST_SLOTS, LEAST_PASSAGES)
    columns = [
        sketched.ids.take(arrow.indices(side.signature_of[kept]))
        for sketched, side in zip((one, other), sides, strict=True)
    ]
    return pa.table(columns, schema=CANDIDATES.schema)


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
    """CANDIDATES without the pairs that share no more than a sentence or two, as their sketches say.

    A band is three slots of the signature and a passage is one shingle: by one of them many texts meet that share
    little. All slots together tell how like two texts are, all passages how much of the shorter the other holds.
    """
    from pipeline.kernels import comparing

    kept = [np.zeros(0, bool)]
    for batch in sketched.to_batches():
        left, right = (_sketches(batch, side) for side in ("", "other_"))
        kept.append(comparing.sketches_agree(left, right, LEAST_SLOTS, LEAST_PASSAGES))
    return sketched.select(CANDIDATES.names).filter(pa.array(np.concatenate(kept)))


def _sketches(batch: pa.RecordBatch, side: str) -> "Sketches":
    """One side of some pairs, each value of a dictionary once."""
    from pipeline.kernels.comparing import Sketches

    found = []
    for name in ("signature", "passages"):
        column = batch[side + name]
        if isinstance(column, pa.DictionaryArray):
            found.append((column.dictionary, column.indices.to_numpy().astype(np.int64)))
        else:
            found.append((column, np.arange(len(column))))
    (signatures, at), (passages, its) = found
    return Sketches(matrix(signatures), at, sampled(passages), its)


def together(candidates: pa.Table) -> pa.Table:
    """The pairs in an order in which those of one text, and of its neighbours, stand close together, so that few texts are read twice.

    Articles are numbered by a breadth-first search, and pairs stand in the order of the later of their two. Components alone would be
    far too large to be read at once, since chance neighbours connect most pairs. Of a day of 100,000 articles, 70,000 texts were read
    82,000 times; a narrow band of the graph (reverse Cuthill-McKee) gave no less.
    """
    if candidates.num_rows <= ONE_PIECE:
        return candidates
    from pipeline.kernels.graphs import breadth_first

    ids = pc.unique(
        pa.chunked_array([c for n in CANDIDATES.names for c in candidates[n].chunks], pa.string())
    )
    one, other = (
        pc.index_in(candidates[n], value_set=ids).to_numpy().astype(np.int64) for n in CANDIDATES.names
    )
    place = breadth_first(one, other, len(ids))
    sides = place[one], place[other]
    return candidates.take(arrow.indices(np.lexsort((np.minimum(*sides), np.maximum(*sides)))))


def _coded(articles: arrow.ChunkedArray) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Distinct ids as (upper, lower) halves in their order, and for each row which it is."""
    values = pa.concat_arrays([pa.nulls(0, articles.type), *articles.chunks]).dictionary_encode()
    halves = ids.halves(values.dictionary)
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    return halves[order], rank[values.indices.to_numpy()]
