"""What the comparison of two texts says: figures and aligned blocks of words, for a batch of pairs."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.copies import templates
from pipeline.model import arrow
from pipeline.text import tokens

CONTAINED = 0.8
# Of a text's words, in their order: in both texts of a near copy; in the longer text, where only the shorter is held. A text of
# which the other holds three quarters, and much besides, is more often another version of an agency's report than an excerpt.
HELD, HELD_ALONE = 0.75, 0.85
REWRITTEN = 0.07  # of a text's words, in passages that it has in words of its own; a changed word of Chinese is three pairs of characters
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Figures:
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
        found: NDArray[np.float64] = self.shared / np.maximum(self.sizes[0] + self.sizes[1] - self.shared, 1)
        return found

    def containment(self, side: int) -> NDArray[np.float64]:
        return self.shared / np.maximum(self.sizes[side], 1)


def measure(compared: pa.Table, near_threshold: float) -> Figures:
    from pipeline.kernels import aligning, comparing

    blocks, (left, right) = _blocks([compared["text"], compared["other_text"]])
    words, ends, every, marks, sets, facts, blooms = _joined([_read(*block) for block in blocks])
    sizes, n = np.diff(ends[1]), len(left)
    found = Figures(
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
    found.aligned[at] = aligning.align(every, ends, left[at], right[at])
    copies = (close & ~found.same_words) | held_share(found, 0) | held_share(found, 1)
    at = np.flatnonzero(copies & (_may_differ(found.compared) | templates.is_brief(found.sizes)))
    found.facts[at] = comparing.lacking(every, marks, ends, left[at], right[at])
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
    from pipeline.kernels import comparing

    order = np.argsort(right, kind="stable")
    turned = comparing.compare(ends, sets, facts, blooms, right[order], left[order])
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


def held_share(figures: Figures, side: int, share: float = HELD) -> Booleans:
    """Whether this text stands in the other word for word, but for edits all over it."""
    size, matched, rewritten = (figures.aligned[:, side, n] for n in range(3))
    return (matched >= 30) & (matched >= share * size) & (rewritten <= REWRITTEN * size)


_Block = tuple[arrow.Array, Integers]


def _blocks(columns: list[arrow.ChunkedArray]) -> tuple[list[_Block], list[Integers]]:
    """The texts of columns, each value of a dictionary once and only if it is used.

    Returns blocks (string array, rows of it that are used), and for each column the place of each of its values among the
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


def _read(texts: arrow.Array, rows: Integers) -> _Read:
    """kernel.read of these rows, those that must be normalised first too."""
    from pipeline.kernels import comparing
    from pipeline.kernels.texts import buffers, normalised

    found: _Read = comparing.read(*buffers(texts), rows, tokens.tables(), False)
    late = np.flatnonzero(found[0] == 0)
    if not len(late):
        return found
    again = normalised(texts, rows[late])
    more: _Read = comparing.read(*buffers(again), np.arange(len(late)), tokens.tables(), True)
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
