"""Joining: which of a day's articles and open stories become one story, nearest first.

Average link (Sokal and Michener 1958): the similarity of two groups is the mean over their pairs, so a group is kept as
one sum of vectors. A mean is never above the larger of its parts, so groups can only join along pairs that reach the
threshold themselves. All other pairs are dropped at once, and parts that no such pair connects are joined separately.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.graphs import components
from pipeline.model.arrow import Booleans, Floats, Integers
from pipeline.stories import matrices, similarity
from pipeline.stories.digests import are_digests
from pipeline.stories.field import LEAST_SHARED, Field
from pipeline.stories.headline_likeness import Headlines
from pipeline.stories.matrices import Vectors

# Stories and articles that an article is compared with: the most similar by its weightiest terms.
CANDIDATES = 50
PROBE_TERMS = 40  # how many weightiest terms: what two reports of one event share is among them
COMMON = 2_000  # a term that more articles and stories have is not looked up, or the cost of a day would grow with its square
STAND_OUT = 6.0  # a best story stands out if it is this many times as near as the next ten on average
NEXT = 10
ORDINARY = 0.035  # the similarity of articles of different events, assumed where fewer than ten are known
LEAST = 0.5  # of the threshold: the least similarity of any member to its story
TELLING_TERMS = 12  # two headlines of one event may share no term: with fewer, that says nothing


@dataclass(frozen=True)
class Pairs:
    """Pairs of numbers, the lower first, with their scores."""

    one: Integers
    other: Integers
    scores: Floats

    def where(self, chosen: Integers | Booleans) -> "Pairs":
        return Pairs(self.one[chosen], self.other[chosen], self.scores[chosen])

    def joinable(self, everything: Field, least: float) -> "Pairs":
        near = self.where(self.scores >= least)
        near = near.where(everything.share_enough(near.one, near.other))
        return near.where(~everything.are_strangers(near.one, near.other))


def join(everything: Field, threshold: float) -> tuple[Integers, Pairs]:
    """The group of each story and article, named by the lowest number in it; and the pairs that were compared."""
    scratch = _Scratch(np.zeros(everything.means.width), np.zeros(everything.means.width, bool))
    pairs = compared = _without_digests(_meet(everything), everything, threshold)
    group_of = np.arange(len(everything))
    for part in _connected(pairs.joinable(everything, threshold), len(everything)):
        _name(group_of, _Joining(everything, part, threshold, scratch).nearest_first())
    names, place = np.unique(group_of, return_inverse=True)
    groups = _merged(everything, names, place)
    pairs = _scored_again(groups, place, pairs)
    bars = _bars(pairs, len(groups), threshold)
    least = LEAST * threshold
    joined = np.arange(len(groups))
    joining = _Joining(groups, pairs.joinable(groups, least), least, scratch)
    _name(joined, joining.outstanding(bars, groups.n_stories))
    return names[joined[place]], compared


def _without_digests(pairs: Pairs, everything: Field, threshold: float) -> Pairs:
    """The pairs but for those of today's digests: these stay alone. A headline is no digest, and proves none."""
    says_enough = everything.n_terms >= TELLING_TERMS
    told = pairs.where(says_enough[pairs.one] & says_enough[pairs.other])
    is_digest = are_digests(told.one, told.other, told.scores, threshold, len(everything), everything.score)
    is_digest &= everything.n_terms >= similarity.SHORT
    is_digest[: everything.n_stories] = False
    return pairs.where(~(is_digest[pairs.one] | is_digest[pairs.other]))


def candidates(vectors: Vectors, others: Vectors) -> tuple[Integers, Integers]:
    """For each row of `vectors`, the rows of `others` that are most similar by its weightiest terms.

    Two arrays of row numbers, ordered by the first.
    """
    if not len(vectors) or not len(others):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return matrices.most_alike(vectors, others, PROBE_TERMS, COMMON, CANDIDATES + 1)


def _meet(everything: Field) -> Pairs:
    """Every article with its candidates, scored exactly."""
    first = everything.n_stories
    one, other = candidates(everything.means.take(slice(first, None)), everything.means)
    also, others = everything.headlines.take(slice(first, None)).candidates(everything.headlines)
    return _scored(everything, np.concatenate([one, also]) + first, np.concatenate([other, others]))


def _scored(everything: Field, one: Integers, other: Integers) -> Pairs:
    """Each pair once; nothing with itself, and no two open stories."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    codes = np.sort((low * len(everything) + high)[(low < high) & (high >= everything.n_stories)])
    low, high = np.divmod(codes[np.diff(codes, prepend=-1) > 0], len(everything))
    return Pairs(low, high, everything.score(low, high))


def _scored_again(groups: Field, place: Integers, pairs: Pairs) -> Pairs:
    """The pairs as pairs of groups, each once. Two that are groups by themselves are as near as they were."""
    size = np.bincount(place)
    is_same = (size[place[pairs.one]] == 1) & (size[place[pairs.other]] == 1)
    same, changed = pairs.where(is_same), pairs.where(~is_same)
    scored = _scored(groups, place[changed.one], place[changed.other])
    one = np.concatenate([place[same.one], scored.one])
    other = np.concatenate([place[same.other], scored.other])
    order = np.argsort(one * len(groups) + other)
    return Pairs(one, other, np.concatenate([same.scores, scored.scores])).where(order)


def _connected(pairs: Pairs, n: int) -> Iterator[Pairs]:
    """The pairs of each connected part."""
    if not len(pairs.one):
        return
    labels = components(pairs.one, pairs.other, n)[pairs.one]
    order = np.argsort(labels, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        yield pairs.where(part)


def _name(group_of: Integers, groups: Iterator[list[int]]) -> None:
    """Name each group by the lowest number of its members."""
    for members in groups:
        group_of[members] = min(members)


def _merged(everything: Field, names: Integers, place: Integers) -> Field:
    """The field with each group as one entry. `names` are the lowest numbers of the groups, so stories stay first."""
    n = len(names)
    sizes = np.bincount(place, weights=everything.sizes, minlength=n)
    means = matrices.sums(everything.means, place, n, everything.sizes / sizes[place])
    spans = similarity.joint_spans(everything.spans, place, n)
    named = matrices.sums(everything.names, place, n)
    has_names = np.bincount(place, weights=everything.has_names, minlength=n) > 0
    n_terms = similarity.greatest(everything.n_terms, place, n)
    n_stories = int((names < everything.n_stories).sum())
    tongues = similarity.united(everything.tongues, place, n)
    headlines = everything.headlines.joint(place, n)
    return Field(
        means, sizes, spans, named, has_names, n_terms, tongues, headlines, n_stories, everything.days
    )


def _bars(pairs: Pairs, n: int, threshold: float) -> Floats:
    """The score that each must reach to join its nearest below the threshold: a multiple of the mean of the next ten."""
    scores = np.concatenate([pairs.scores, pairs.scores])
    nearest_first = np.argsort(-scores)
    codes = np.concatenate([pairs.one, pairs.other])[nearest_first] * len(scores) + np.arange(len(scores))
    one, place = np.divmod(np.sort(codes), max(1, len(scores)))
    scores = scores[nearest_first[place]]
    rank = np.arange(len(one)) - np.searchsorted(one, one)
    following = (rank >= 1) & (rank <= NEXT)
    known = np.bincount(one[following], minlength=n)
    total = np.bincount(one[following], weights=scores[following], minlength=n)
    background = (total + (NEXT - known) * ORDINARY) / NEXT
    return np.clip(STAND_OUT * background, LEAST * threshold, threshold)


@dataclass
class _Group:
    """A group: its members' numbers, the sum of their vectors, and the scores of other groups by number."""

    members: list[int]
    columns: NDArray[np.int32]
    sums: Floats
    size: float
    span: Floats
    names: NDArray[np.int32]
    has_names: bool
    tongues: int
    headlines: Headlines  # one row
    has_story: bool
    near: dict[int, float] = field(default_factory=dict)


class _Scratch(NamedTuple):
    """A value for each column, and whether it is looked for; between two uses, all of them are zero."""

    sums: Floats
    is_there: Booleans


class _Joining:
    """Groups that grow along some pairs. A union gets a new number. Scores below `least` are not kept."""

    def __init__(self, everything: Field, pairs: Pairs, least: float, scratch: _Scratch) -> None:
        self.least, self.days, (self.scratch, self.is_there) = least, everything.days, scratch
        self.groups: dict[int, _Group] = {}
        self.next = len(everything)
        for number in np.union1d(pairs.one, pairs.other).tolist():
            self.groups[number] = _single(everything, number)
        for one, other, score in zip(
            pairs.one.tolist(), pairs.other.tolist(), pairs.scores.tolist(), strict=True
        ):
            self.groups[one].near[other] = self.groups[other].near[one] = score

    def nearest_first(self) -> Iterator[list[int]]:
        """Join the nearest two groups until no two are near enough; yields the groups of more than one member."""
        heap = [
            (-score, one, other)
            for one, group in self.groups.items()
            for other, score in group.near.items()
            if one < other
        ]
        heapq.heapify(heap)
        while heap:
            _, one, other = heapq.heappop(heap)
            if one in self.groups and other in self.groups:
                union = self._join(one, other)
                for third, score in self.groups[union].near.items():
                    heapq.heappush(heap, (-score, third, union))
        yield from self._grown()

    def outstanding(self, bars: Floats, n_stories: int) -> Iterator[list[int]]:
        """Join each group without an open story with its nearest, if the score reaches its bar, nearest first."""
        bar = {number: float(bars[number]) for number in self.groups if number >= n_stories}
        heap: list[tuple[float, int, int]] = []
        for number, least in bar.items():
            self._push_nearest(heap, number, least)
        while heap:
            _, number, other = heapq.heappop(heap)
            if number not in self.groups:
                continue
            if other not in self.groups:
                self._push_nearest(heap, number, bar[number])
                continue
            union = self._join(number, other)
            if not self.groups[union].has_story:
                bar[union] = max(bar[number], bar[other])  # the union may not join for less than either part
                self._push_nearest(heap, union, bar[union])
        yield from self._grown()

    def _push_nearest(self, heap: list[tuple[float, int, int]], number: int, bar: float) -> None:
        near = self.groups[number].near if number in self.groups else {}
        if near:
            other, score = min(near.items(), key=lambda item: (-item[1], item[0]))
            if score >= bar:
                heapq.heappush(heap, (-score, number, other))

    def _grown(self) -> Iterator[list[int]]:
        return (group.members for group in self.groups.values() if len(group.members) > 1)

    def _join(self, a: int, b: int) -> int:
        """Replace two groups by their union, under a new number; returns the number."""
        one, two = self.groups.pop(a), self.groups.pop(b)
        others = sorted((one.near.keys() | two.near.keys()) - {a, b})
        for other in others:
            near = self.groups[other].near
            near.pop(a, None), near.pop(b, None)
        number, self.next = self.next, self.next + 1
        union = self.groups[number] = self._union(one, two)
        self._score(number, union, [o for o in others if not (union.has_story and self.groups[o].has_story)])
        return number

    def _union(self, one: _Group, two: _Group) -> _Group:
        columns = np.sort(np.concatenate([one.columns, two.columns]), kind="stable")  # merges two sorted runs
        columns = columns[np.diff(columns, prepend=-1) > 0]
        self.scratch[one.columns] = one.sums
        self.scratch[two.columns] += two.sums
        sums = self.scratch[columns]
        self.scratch[columns] = 0.0
        return _Group(
            one.members + two.members,
            columns,
            sums,
            one.size + two.size,
            similarity.joint_span(one.span, two.span),
            np.union1d(one.names, two.names),
            one.has_names or two.has_names,
            one.tongues | two.tongues,
            one.headlines.united(two.headlines),
            one.has_story or two.has_story,
        )

    def _score(self, number: int, group: _Group, others: list[int]) -> None:
        """Score a group against each of `others`, and write the score into both."""
        if not others:
            return
        found = [self.groups[o] for o in others]
        self.scratch[group.columns] = group.sums
        dots = np.array([self.scratch[o.columns] @ o.sums for o in found])
        self.scratch[group.columns] = 0.0
        alike, are_same = _headlines(group, found)
        means = dots / (group.size * np.array([o.size for o in found])) + alike
        left = similarity.fading(group.span, np.array([o.span for o in found]), self.days)
        scores = np.round(means * left, similarity.DECIMALS)
        self.is_there[group.columns] = True
        for other, o, score, is_same in zip(others, found, scores.tolist(), are_same.tolist(), strict=True):
            if score >= self.least and (is_same or self._are_alike(group, o)):
                group.near[other] = o.near[number] = score
        self.is_there[group.columns] = False

    def _are_alike(self, one: _Group, two: _Group) -> bool:
        """Whether two groups share enough and are no strangers, as `Field` says of pairs; the columns of the first are marked."""
        if np.count_nonzero(self.is_there[two.columns]) < LEAST_SHARED:
            return False
        is_comparable = similarity.are_comparable(one.tongues, two.tongues)
        if not (one.has_names and two.has_names and is_comparable):
            return True
        return bool(self.is_there[two.names].any() or _are_among(one.names, two.columns))


def _single(everything: Field, number: int) -> _Group:
    columns, means = everything.means.row(number)
    named, _ = everything.names.row(number)
    size = float(everything.sizes[number])
    return _Group(
        [number],
        columns,
        means.astype(np.float64) * size,
        size,
        everything.spans[number],
        named,
        bool(everything.has_names[number]),
        int(everything.tongues[number]),
        everything.headlines.take(slice(number, number + 1)),
        number < everything.n_stories,
    )


def _headlines(group: _Group, others: list[_Group]) -> tuple[Floats, Booleans]:
    """What headlines add to the similarity of a group to each of the others, and whether they are translations."""
    if not group.headlines:
        return np.zeros(len(others)), np.zeros(len(others), bool)
    each = Headlines.concat([group.headlines, *(o.headlines for o in others)])
    own, theirs = np.zeros(len(others), np.int64), np.arange(1, len(others) + 1)
    return each.likeness(own, theirs), each.are_translations(own, theirs)


def _are_among(some: NDArray[np.int32], columns: NDArray[np.int32]) -> bool:
    """Whether any of some columns is among others, which are ascending and not none."""
    at = np.minimum(np.searchsorted(columns, some), len(columns) - 1)
    return bool((columns[at] == some).any())
