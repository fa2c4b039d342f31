"""What is compared of texts: their tokens, shingles and facts."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import LOWEST_BIT, grow, slot_of, table_size
from pipeline.kernels.texts import (
    NAME,
    NUMBER,
    QUOTED,
    UNITS,
    Strings,
    Tokens,
    longest_text,
    normalised,
    room_for,
    shingle,
    strings,
    tokenise,
    words_hash,
)
from pipeline.model import arrow
from pipeline.text import tokens

BLOOM_WORDS = 64  # of 64 bits: some 5 % of them set by an article of 400 words


class Shingles(NamedTuple):
    """The distinct shingles of some texts: those of text i stand from ends[i] to ends[i + 1].

    The lowest bit says whether a shingle is plain: not all in quotation marks, and not a run of names and numbers.
    """

    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]


class Facts(NamedTuple):
    """The distinct tokens of some texts that are numbers (lowest bit set) or names: those of text i stand from ends[i] to ends[i + 1]."""

    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]


class Reading(NamedTuple):
    """Some texts. Of one that must be normalised first, the words hash is 0 and the rest empty."""

    words: NDArray[np.int64]  # hashes of all words in their order
    tokens: Tokens
    shingles: Shingles
    facts: Facts
    blooms: Matrix[np.uint64]  # a Bloom filter of the tokens each


@compiled
def read(strings: Strings, rows: NDArray[np.int64], table: tokens.Tables, is_normal: bool) -> Reading:
    """Read some texts, one after the other, in the order of `rows`."""
    data, offsets = strings
    longest, total = longest_text(offsets, rows)
    room = room_for(longest)
    hashes, units = room.hashes, room.units
    found, its_marks = np.empty(2 * longest + 64, np.uint64), np.empty(2 * longest + 64, np.uint8)
    words = np.zeros(rows.size, np.int64)
    token_ends, shingle_ends = np.zeros(rows.size + 1, np.int64), np.zeros(rows.size + 1, np.int64)
    fact_ends = np.zeros(rows.size + 1, np.int64)
    every, marks = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 5, np.uint8)
    shingles, facts = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 20, np.uint64)
    blooms = np.zeros((rows.size, BLOOM_WORDS), np.uint64)
    seen = np.zeros(table_size(2 * longest + 64), np.uint64)
    for i in range(rows.size):
        n_tokens, n_shingles, n_facts = token_ends[i], shingle_ends[i], fact_ends[i]
        n = tokenise(data, offsets[rows[i]], offsets[rows[i] + 1], table, is_normal, room, its_marks)
        if n >= 0:
            words[i] = words_hash(hashes, n)
            every, marks = grow(every, n_tokens, n), grow(marks, n_tokens, n)
            for j in range(n):
                every[n_tokens + j], marks[n_tokens + j] = hashes[j], its_marks[j]
            n_tokens += n
            m = shingle(hashes, units, n, found)
            _mark_plain(found, units, its_marks, n, m)
            few = seen[: table_size(n)]
            shingles, facts = grow(shingles, n_shingles, m), grow(facts, n_facts, n)
            n_shingles = _add_distinct(found, m, few, shingles, n_shingles)
            n_facts = _add_facts(hashes, its_marks, n, few, facts, n_facts)
            _fill_bloom(hashes, n, blooms[i])
        token_ends[i + 1], shingle_ends[i + 1], fact_ends[i + 1] = n_tokens, n_shingles, n_facts
    return Reading(
        words,
        Tokens(token_ends, every[: token_ends[-1]], marks[: token_ends[-1]]),
        Shingles(shingle_ends, shingles[: shingle_ends[-1]]),
        Facts(fact_ends, facts[: fact_ends[-1]]),
        blooms,
    )


@inlined
def _mark_plain(
    found: NDArray[np.uint64], units: NDArray[np.uint8], marks: NDArray[np.uint8], n: int, m: int
) -> None:
    """Write into the lowest bit of each of m shingles whether it is plain: fewer than four fifths of its tokens are facts."""
    stop, held, quoted, facts = 0, 0, 0, 0
    for first in range(m):
        while stop < n and held < UNITS:
            held += units[stop]
            quoted += (marks[stop] & QUOTED) > 0
            facts += (marks[stop] & (NUMBER | NAME)) > 0
            stop += 1
        size = stop - first
        found[first] = (found[first] & ~LOWEST_BIT) | np.uint64(quoted < size and 5 * facts < 4 * size)
        held -= units[first]
        quoted -= (marks[first] & QUOTED) > 0
        facts -= (marks[first] & (NUMBER | NAME)) > 0


@inlined
def _add_distinct(
    found: NDArray[np.uint64],
    m: int,
    seen: NDArray[np.uint64],
    shingles: NDArray[np.uint64],
    filled: int,
) -> int:
    """Append the distinct of m shingles; `seen` has more than twice the room, is all zero, and left so."""
    for j in range(m):
        key = found[j] | LOWEST_BIT
        slot = slot_of(seen, key)
        if seen[slot] == 0:
            seen[slot] = key
            shingles[filled] = found[j]
            filled += 1
    seen[:] = 0
    return filled


@inlined
def _add_facts(
    hashes: NDArray[np.uint64],
    marks: NDArray[np.uint8],
    n: int,
    seen: NDArray[np.uint64],
    facts: NDArray[np.uint64],
    filled: int,
) -> int:
    """Append the distinct numbers and names of n tokens; `seen` as for `_add_distinct`."""
    for j in range(n):
        if marks[j] & (NUMBER | NAME):
            key = hashes[j] | LOWEST_BIT
            slot = slot_of(seen, key)
            if seen[slot] == 0:
                seen[slot] = key
                facts[filled] = (hashes[j] & ~LOWEST_BIT) | np.uint64((marks[j] & NUMBER) > 0)
                filled += 1
    seen[:] = 0
    return filled


@inlined
def _fill_bloom(hashes: NDArray[np.uint64], n: int, bloom: NDArray[np.uint64]) -> None:
    for j in range(n):
        bloom[bloom_word(hashes[j])] |= bloom_bit(hashes[j])


@inlined
def bloom_word(token: np.uint64) -> np.uint64:
    """The word of a Bloom filter in which a token's bit stands."""
    return (token >> np.uint64(8)) & np.uint64(BLOOM_WORDS - 1)


@inlined
def bloom_bit(token: np.uint64) -> np.uint64:
    """A token's bit in its word of a Bloom filter."""
    return np.uint64(1) << ((token >> np.uint64(16)) & np.uint64(63))


def read_all(texts: arrow.Array, rows: NDArray[np.int64]) -> Reading:
    """These rows of a string array, those that must be normalised first too."""
    found = read(strings(texts), rows, tokens.tables(), False)
    late = np.flatnonzero(found.words == 0)
    if not len(late):
        return found
    again = normalised(texts, rows[late])
    more = read(strings(again), np.arange(len(late)), tokens.tables(), True)
    order = np.arange(len(rows))
    order[late] = len(rows) + np.arange(len(late))
    return _reordered(joined([found, more]), order)


def joined(parts: list[Reading]) -> Reading:
    """Several readings as one."""
    if len(parts) == 1:
        return parts[0]
    return Reading(
        np.concatenate([part.words for part in parts]),
        Tokens(*_joined_lists([part.tokens for part in parts])),
        Shingles(*_joined_lists([part.shingles for part in parts])),
        Facts(*_joined_lists([part.facts for part in parts])),
        np.concatenate([part.blooms for part in parts]),
    )


def _joined_lists(parts: Sequence[tuple[NDArray[Any], ...]]) -> Iterator[NDArray[Any]]:
    """Ends and values of the lists of several parts, from those of each."""
    starts = np.cumsum([0, *(ends[-1] for ends, *_ in parts)])
    yield np.concatenate([[0], *(ends[1:] + start for (ends, *_), start in zip(parts, starts, strict=False))])
    yield from (np.concatenate(values) for values in list(zip(*parts, strict=True))[1:])


def _reordered(read: Reading, order: NDArray[np.int64]) -> Reading:
    """The texts `order` of a reading."""
    return Reading(
        read.words[order],
        Tokens(*_reordered_lists(read.tokens, order)),
        Shingles(*_reordered_lists(read.shingles, order)),
        Facts(*_reordered_lists(read.facts, order)),
        read.blooms[order],
    )


def _reordered_lists(lists: tuple[NDArray[Any], ...], order: NDArray[np.int64]) -> Iterator[NDArray[Any]]:
    """Ends and values of the lists `order`."""
    ends, *values = lists
    sizes = np.diff(ends)[order]
    new_ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    at = np.repeat(ends[:-1][order] - new_ends[:-1], sizes) + np.arange(new_ends[-1])
    yield new_ends
    yield from (some[at] for some in values)
