"""The likeliest languages of texts, by the model of `text.language_model`: what fastText does, over many texts at once.

The rows of a text are summed in fastText's order, in single precision. Below that, its arithmetic may differ in the last digits, as it does
from one processor to another: the caller asks the package itself where these could matter.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled, inlined
from pipeline.text import language_model
from pipeline.text.language_model import Model

_SEED, _FACTOR = np.uint32(language_model.SEED), np.uint32(language_model.FACTOR)
_SIGN, _BUCKETS = np.uint32(0xFFFFFF00), np.uint32(language_model.BUCKETS)
_DIMENSIONS, _LEAST, _MOST = language_model.DIMENSIONS, language_model.LEAST_CHARS, language_model.MOST_CHARS
_NO_ROW = int(language_model.NO_ROW)
_END_ROW = 0  # of the word that stands for the end of a text
_OPENING, _CLOSING = np.uint8(ord("<")), np.uint8(ord(">"))  # what pieces of a word begin and end with
_TINY = 1e-5  # fastText adds it before it takes a logarithm


class Told(NamedTuple):
    """Of each text, the leaf of its likeliest language, the probability of that one, and of the next."""

    leaves: NDArray[np.int64]
    scores: NDArray[np.float64]
    seconds: NDArray[np.float64]


@compiled
def tell(content: NDArray[np.uint8], ends: NDArray[np.int64], model: Model) -> Told:
    """The likeliest languages of texts; text k is content[ends[k]:ends[k + 1]], in UTF-8, its words parted by spaces."""
    n = len(ends) - 1
    leaves, scores, seconds = np.zeros(n, np.int64), np.zeros(n), np.zeros(n)
    longest = 0
    for k in range(n):
        longest = max(longest, ends[k + 1] - ends[k])
    word, hidden = np.empty(longest + 2, np.uint8), np.empty(_DIMENSIONS, np.float32)
    for k in range(n):
        _sum(content, ends[k], ends[k + 1], model, word, hidden)
        leaves[k], scores[k], seconds[k] = _best(hidden, model)
    return Told(leaves, scores, seconds)


@inlined
def _sum(
    content: NDArray[np.uint8],
    at: int,
    stop: int,
    model: Model,
    word: NDArray[np.uint8],
    hidden: NDArray[np.float32],
) -> None:
    """The mean row of a text. `word` is room for one word."""
    hidden[:] = 0
    size = 0
    while at < stop:
        n = 1
        while at < stop and not _is_space(content[at]):
            word[n] = content[at]
            at += 1
            n += 1
        at += 1
        if n > 1:
            word[0], word[n] = _OPENING, _CLOSING
            size += _add_word(word, n + 1, model, hidden)
    _add(hidden, model.rows, _END_ROW)
    hidden *= np.float32(1.0 / (size + 1))


@inlined
def _is_space(byte: np.uint8) -> bool:
    return bool(byte == 32 or 9 <= byte <= 13 or byte == 0)


@inlined
def _add_word(word: NDArray[np.uint8], size: int, model: Model, hidden: NDArray[np.float32]) -> int:
    """Add the row of a word and those of its pieces; how many there were."""
    n = 0
    row = _row_of(word, size, model)
    if row >= 0:
        _add(hidden, model.rows, row)
        n += 1
    for start in range(size):
        if (word[start] & 0xC0) == 0x80:
            continue
        state = _SEED
        at = start
        for n_chars in range(1, _MOST + 1):
            if at >= size:
                break
            state = _hashed(state, word[at])
            at += 1
            while at < size and (word[at] & 0xC0) == 0x80:
                state = _hashed(state, word[at])
                at += 1
            if n_chars >= _LEAST:
                row = int(model.piece_rows[state % _BUCKETS])
                if row != _NO_ROW:
                    _add(hidden, model.rows, row)
                    n += 1
    return n


@inlined
def _hashed(state: np.uint32, byte: np.uint8) -> np.uint32:
    value = np.uint32(byte) | _SIGN if byte >= 0x80 else np.uint32(byte)
    return np.uint32((state ^ value) * _FACTOR)


@inlined
def _row_of(word: NDArray[np.uint8], size: int, model: Model) -> int:
    """The row of a word, which stands between two marks; -1 for none."""
    state = _SEED
    for k in range(1, size - 1):
        state = _hashed(state, word[k])
    mask = len(model.slots) - 1
    slot = np.int64(state) & mask
    row = int(model.slots[slot])
    while row >= 0 and not _is_spelt(word, size, model.spelt, model.word_ends[row], model.word_ends[row + 1]):
        slot = (slot + 1) & mask
        row = int(model.slots[slot])
    return row


@inlined
def _is_spelt(word: NDArray[np.uint8], size: int, spelt: NDArray[np.uint8], start: int, stop: int) -> bool:
    if stop - start != size - 2:
        return False
    n_same = 0
    while start + n_same < stop and spelt[start + n_same] == word[n_same + 1]:
        n_same += 1
    return start + n_same == stop


@inlined
def _add(hidden: NDArray[np.float32], rows: NDArray[np.float32], row: int) -> None:
    first = row * _DIMENSIONS
    for k in range(_DIMENSIONS):
        hidden[k] += rows[first + k]


@inlined
def _best(hidden: NDArray[np.float32], model: Model) -> tuple[int, float, float]:
    """The likeliest leaf, and the two highest probabilities. A branch that is less likely than the second best leaf is left out."""
    n_leaves = (len(model.left) + 1) // 2
    nodes, chances = np.empty(n_leaves + 1, np.int64), np.empty(n_leaves + 1)
    nodes[0], chances[0], size = len(model.left) - 1, 0.0, 1
    leaf, best, second = 0, -np.inf, -np.inf
    while size:
        size -= 1
        node, chance = nodes[size], chances[size]
        if chance < second:
            continue
        if model.left[node] < 0:
            if chance > best:
                leaf, best, second = node, chance, best
            else:
                second = chance
            continue
        dot = np.float32(0)
        first = (node - n_leaves) * _DIMENSIONS
        for k in range(_DIMENSIONS):
            dot += model.nodes[first + k] * hidden[k]
        share = 1.0 / (1.0 + math.exp(-dot))
        nodes[size], chances[size] = model.left[node], chance + math.log(1.0 - share + _TINY)
        nodes[size + 1], chances[size + 1] = model.right[node], chance + math.log(share + _TINY)
        size += 2
    return leaf, min(math.exp(best), 1.0), math.exp(second)
