"""Compare the texts of a batch of pairs: figures, and blocks of words that align."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.copies import templates
from pipeline.model import arrow
from pipeline.model.arrow import Booleans, Integers
from pipeline.text import stamps

if TYPE_CHECKING:
    from pipeline.kernels.aligning import Aligned
    from pipeline.kernels.comparing import Compared, FactCounts
    from pipeline.kernels.reading import Reading

CONTAINED = 0.8
# The share of a text's words that the other has in the same order: HELD in both directions for a near copy, HELD_ALONE where
# only the longer text holds the shorter, and HELD_MOST of the longer. A text of which a much longer one holds three quarters
# is more often another version of an agency's report than an excerpt: of that the longer text has HELD_EXCERPT.
HELD, HELD_ALONE, HELD_MOST, HELD_EXCERPT = 0.75, 0.85, 0.6, 0.885
LEAST_MATCHED = 30  # words: so many in the same order are neither chance nor a common phrase
REWRITTEN = 0.07  # of a text's words, in stretches that only it has; a changed word of Chinese is three pairs of characters


@dataclass(frozen=True)
class Figures:
    """For each pair: whether the words are the same, how many shingles each text has, how many they share, how they align."""

    same_words: Booleans
    sizes: tuple[Integers, Integers]
    compared: "Compared"
    facts: "FactCounts"  # by Bloom filters; zeros where neither shingles nor words in one order make a copy
    aligned: "Aligned"  # zeros where shingles decide, or one text surely lacks too much of the other
    differences: templates.Differences  # zeros where the Bloom filters saw that the texts agree

    @property
    def shared(self) -> NDArray[np.int32]:
        return self.compared.shared

    @property
    def jaccard(self) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self.shared / np.maximum(self.sizes[0] + self.sizes[1] - self.shared, 1)
        return found

    def containment(self, side: int) -> NDArray[np.float64]:
        return self.shared / np.maximum(self.sizes[side], 1)


def measure(compared: pa.Table, near_threshold: float) -> Figures:
    """The figures of COMPARED: by shingles for all pairs, then by words for those that shingles alone do not decide."""
    from pipeline.kernels import aligning, comparing, framing, reading

    blocks, (left, right) = _blocks([compared["text"], compared["other_text"]])
    read = reading.joined([reading.read_all(*block) for block in blocks])
    sizes, n = np.diff(read.shingles.ends), len(left)
    found = Figures(
        read.words[left] == read.words[right],
        (sizes[left], sizes[right]),
        _compared(read, left, right),
        _no_facts(n),
        aligning.Aligned(_zeros(n, 2), _zeros(n), _zeros(n, 2)),
        templates.Differences(
            _no_facts(n),
            framing.Swaps(*(_zeros(n, 2) for _ in framing.Swaps._fields)),
        ),
    )
    most = np.maximum(found.containment(0), found.containment(1))
    close = (found.jaccard >= near_threshold) | (most >= CONTAINED)
    at = np.flatnonzero(~close & (found.shared >= 8) & (most >= 0.1))
    # Of made-up articles that leaves one pair in ten, and aligning takes ten times as long.
    at = at[comparing.may_hold(read, left[at], right[at], HELD)]
    at = at[np.argsort(left[at], kind="stable")]
    _fill(found.aligned, at, aligning.align(read.tokens, left[at], right[at]))
    held = held_share(found, 0) | held_share(found, 1)
    at = np.flatnonzero(close | held)
    _fill(found.facts, at, comparing.facts_of(read, left[at], right[at]))
    copies = (close & ~found.same_words) | held
    at = np.flatnonzero(copies & (_may_differ(found.facts) | templates.is_brief(found.sizes)))
    _fill(found.differences.facts, at, comparing.lacking(read.tokens, left[at], right[at]))
    at = np.flatnonzero(copies)
    at = at[templates.may_be_forms(compared, found.differences.facts, found.sizes, at)]
    _fill(found.differences.swaps, at, framing.swapped(read.tokens, left[at], right[at]))
    return found


def without_stamps(compared: pa.Table) -> templates.Differences:
    """What COMPARED differ in, but for what their sites wrote into them."""
    from pipeline.kernels import reading

    columns = [templates.strings(compared[name]) for name in ("text", "other_text")]
    texts = [stamps.without_stamps(text) for column in columns for text in arrow.texts(column)]
    places = np.arange(len(texts))
    return _differences(reading.read_all(pa.array(texts, pa.string()), places), *np.split(places, 2))


def _differences(read: "Reading", left: Integers, right: Integers) -> templates.Differences:
    from pipeline.kernels import comparing, framing

    return templates.Differences(
        comparing.lacking(read.tokens, left, right), framing.swapped(read.tokens, left, right)
    )


def _zeros(*shape: int) -> NDArray[np.int32]:
    return np.zeros(shape, np.int32)


def _no_facts(n: int) -> "FactCounts":
    from pipeline.kernels.comparing import FactCounts

    return FactCounts(*(_zeros(n, 2) for _ in FactCounts._fields))


def _fill(figures: Iterable[NDArray[np.int32]], at: Integers, some: Iterable[NDArray[np.int32]]) -> None:
    """Write the figures of the pairs `at` into those of all pairs."""
    for every, measured in zip(figures, some, strict=True):
        every[at] = measured


def _compared(read: "Reading", left: Integers, right: Integers) -> "Compared":
    """`comparing.compare`, with the pairs of each text together, so that it builds the table of a text once."""
    from pipeline.kernels import comparing

    order = np.argsort(right, kind="stable")
    turned = comparing.compare(read, right[order], left[order])
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return comparing.Compared(turned.shared[back], turned.plain[back, ::-1])


def _may_differ(facts: "FactCounts") -> Booleans:
    """Whether `templates.vetoes` may strike, by shares a little below its own: the Bloom filters overlook some of the numbers
    and names that differ.
    """
    numbers = (facts.lacked_numbers >= 2) & (facts.lacked_numbers > 0.2 * facts.numbers)
    names = (facts.lacked_names >= 2) & (facts.lacked_names > 0.4 * facts.names)
    return (numbers[:, 0] & numbers[:, 1]) | (names[:, 0] & names[:, 1])


def held_share(figures: Figures, side: int, share: float = HELD) -> Booleans:
    """Whether the other text has this one word for word, apart from scattered edits."""
    size, matched = figures.aligned.sizes[:, side], figures.aligned.matched
    rewritten = figures.aligned.rewritten[:, side]
    return (matched >= LEAST_MATCHED) & (matched >= share * size) & (rewritten <= REWRITTEN * size)


def is_held(figures: Figures, side: int) -> Booleans:
    """Whether the other text, which may be longer, has this one word for word."""
    long = held_share(figures, side, HELD_EXCERPT)
    most = figures.aligned.matched >= HELD_MOST * figures.aligned.sizes[:, 1 - side]
    return long | (held_share(figures, side, HELD_ALONE) & most)


_Block = tuple[arrow.Array, Integers]


def _blocks(columns: list[arrow.ChunkedArray]) -> tuple[list[_Block], list[Integers]]:
    """The texts of columns; each value of a dictionary once, and only if it is used.

    Returns blocks (a string array and the rows of it that are used) and, for each column, the place of each value among the
    rows of all blocks.
    """
    dictionaries: dict[tuple[int, int, int], tuple[int, arrow.Array]] = {}
    coded: list[list[tuple[int, Integers]]] = []
    for column in columns:
        coded.append([])
        for chunk in column.chunks:
            values = chunk if isinstance(chunk, pa.DictionaryArray) else chunk.dictionary_encode()
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


def _identity(texts: arrow.Array) -> tuple[int, int, int]:
    """Equal for arrays over the same part of the same memory."""
    data = texts.buffers()[2]
    return (data.address if data is not None else 0, texts.offset, len(texts))
