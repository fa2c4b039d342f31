"""
The compiled loops: Arrow string buffers in, signatures and shingle sets out, pairs found and compared.

`pipeline.tokens` defines in plain Python what the loops here must equal, bit for bit. Importing this module
imports numba (some 0.3 s); stages import it when they run. The machine code is cached beside the source.
"""
# ruff: noqa: ANN001, ANN202  numba infers the types of compiled functions; annotations would only repeat arrays

import unicodedata
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline import tokens

compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = numba.njit(cache=True, nogil=True)
inlined: Callable[[Callable[..., Any]], Callable[..., Any]] = numba.njit(nogil=True)

_FACTOR = np.uint64(tokens.SHINGLE_FACTOR)
_SEED = np.uint64(tokens.TOKEN_SEED)
_TOKEN_FACTOR = np.uint64(tokens.TOKEN_FACTOR)
_MIX_1, _MIX_2 = np.uint64(tokens.MIX_1), np.uint64(tokens.MIX_2)
_1, _8, _16, _32, _33, _63 = (np.uint64(n) for n in (1, 8, 16, 32, 33, 63))
_UNITS, _WORD_UNITS, _BIGRAM_UNITS = tokens.SHINGLE_UNITS, tokens.WORD_UNITS, tokens.BIGRAM_UNITS
_BREAK, _WORD, _CHAR, _IGNORED = tokens.BREAK, tokens.WORD, tokens.CHAR, tokens.IGNORED
_EXPANDED, _CONTEXT = tokens.EXPANDED, tokens.CONTEXT
_TABLE_SIZE = tokens.TABLE_SIZE
_TAG_FIRST, _TAG_LAST = tokens.TAGS
POWERS = np.array([pow(tokens.SHINGLE_FACTOR, n, 1 << 64) for n in range(_UNITS + 1)], np.uint64)

# Marks of a token, beyond its hash
NUMBER, NAME, QUOTED = 1, 2, 4


def buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Data and offsets of a string array, whatever slice of them it shows; a null is an empty text."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.zeros(0, np.uint8), np.zeros(1, np.int32)
    bounds = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * 4)
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8), bounds


def normalised(texts: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    """These rows in NFKC: for texts with characters whose form depends on their neighbours."""
    chosen = texts.take(pa.array(rows)).to_pylist()
    return pa.array([unicodedata.normalize("NFKC", text) for text in chosen], pa.string())


@inlined
def _mix(value):
    """MurmurHash3's 64-bit finaliser."""
    value ^= value >> _33
    value *= _MIX_1
    value ^= value >> _33
    value *= _MIX_2
    return value ^ (value >> _33)


@inlined
def _decode(data, at, stop):
    """A code point that takes more than one byte, and where the next begins."""
    first = np.int32(data[at])
    if first < 0xE0:
        size, point = 2, first & 0x1F
    elif first < 0xF0:
        size, point = 3, first & 0x0F
    else:
        size, point = 4, first & 0x07
    for n in range(at + 1, min(at + size, stop)):
        point = (point << 6) | (np.int32(data[n]) & 0x3F)
    return point, at + size


@inlined
def _quotation(raw, before, is_word_next, quoted):
    """
    Whether text after this mark is quoted (QUOTED or 0).

    Which mark opens and which closes differs by language (“English”, „deutsch“, »deutsch«, « français », ”svenska”),
    so it is told from what stands beside the mark.
    """
    if raw == 0x300C or raw == 0x300E:  # Japanese, Chinese
        return QUOTED
    if raw == 0x300D or raw == 0x300F:
        return 0
    after_space = before <= 32 or before == 0xA0 or before == 40 or before == 91
    if raw == 0xAB:
        return QUOTED if after_space else 0
    if raw == 34 or raw == 0xBB or 0x201C <= raw <= 0x201F:
        return QUOTED if after_space and is_word_next else 0
    return quoted


@inlined
def _tokenise(data, start, stop, table, is_normal, hashes, units, marks):
    """
    Fill `hashes`, `units` and, if it has room, `marks` with the tokens of data[start:stop].

    Returns their number, or -1 for a text that must be normalised first.
    """
    classes, folds, combining, expansions = table
    marking = marks.size > 0
    n, kind, state = 0, _BREAK, _SEED
    last, run = np.int64(0), 0  # of an unspaced run: its last character, its length
    order = 0  # combining class of the character before
    mark, quoted, opening = 0, 0, True  # of the word at hand; inside quotation marks; at a sentence's beginning
    before = np.int32(10)
    at = start
    while at <= stop:
        raw = np.int32(10)  # a text ends like a line
        if at == stop:
            at += 1
        elif data[at] < 128:
            raw = np.int32(data[at])
            at += 1
        else:
            raw, at = _decode(data, at, stop)
        point, its_kind, place, count = raw, _BREAK, 0, 1
        if raw < _TABLE_SIZE:
            its_kind = np.int64(classes[raw])
            point = folds[raw]
            if raw >= 128:
                its_order = np.int64(combining[raw])
                if not is_normal and (its_kind >= _CONTEXT or (0 < its_order < order)):
                    return -1
                its_kind &= 7
                order = its_order
                if its_kind == _EXPANDED:
                    place = np.int64(point)
                    count = np.int64(expansions[place])
            else:
                order = 0
        elif _TAG_FIRST <= raw <= _TAG_LAST:
            its_kind = _IGNORED
        for part in range(count):
            if place > 0:
                point = expansions[place + 1 + part]
                its_kind = np.int64(classes[point]) & 7
            if its_kind == _IGNORED:
                continue
            if its_kind != kind:
                if kind == _WORD:
                    hashes[n] = _mix(state)
                    units[n] = _WORD_UNITS
                    if marking:
                        marks[n] = mark
                    n += 1
                elif kind == _CHAR and run == 1:
                    hashes[n] = _mix((_SEED ^ np.uint64(last)) * _TOKEN_FACTOR)
                    units[n] = _BIGRAM_UNITS
                    if marking:
                        marks[n] = quoted
                    n += 1
                if marking and its_kind == _WORD:
                    mark = quoted
                    if 48 <= raw <= 57:
                        mark |= NUMBER
                    elif raw != point and not opening:
                        mark |= NAME
                    opening = False
                state, run, kind = _SEED, 0, its_kind
            if its_kind == _WORD:
                state = (state ^ np.uint64(point)) * _TOKEN_FACTOR
            elif its_kind == _CHAR:
                if run > 0:
                    first = (_SEED ^ np.uint64(last)) * _TOKEN_FACTOR
                    hashes[n] = _mix((first ^ np.uint64(point)) * _TOKEN_FACTOR)
                    units[n] = _BIGRAM_UNITS
                    if marking:
                        marks[n] = quoted
                    n += 1
                last = np.int64(point)
                run += 1
        if marking:
            if kind == _BREAK:
                if raw == 10:
                    quoted, opening = 0, True
                elif raw == 46 or raw == 33 or raw == 63 or raw == 58:  # . ! ? :
                    opening = True
                elif raw == 34 or raw > 0xA0:
                    quoted = _quotation(raw, before, at < stop and (data[at] > 64 or 48 <= data[at] <= 57), quoted)
                    opening |= quoted > 0
            before = raw
    return n


@inlined
def _shingle(hashes, units, n, powers, out):
    """Fill `out` with the hashes of the shingles of n tokens; their number."""
    m, stop, held = 0, 0, 0
    state = np.uint64(0)
    for first in range(n):
        while stop < n and held < _UNITS:
            state = state * _FACTOR + hashes[stop]
            held += units[stop]
            stop += 1
        if held < _UNITS:
            if first == 0:
                out[0] = _mix(state)
                m = 1
            break
        out[m] = _mix(state)
        m += 1
        state -= hashes[first] * powers[stop - first - 1]
        held -= units[first]
    return m


@inlined
def _words_hash(hashes, n):
    state = np.uint64(n)
    for i in range(n):
        state = state * _FACTOR + hashes[i]
    return np.int64(_mix(state))


@inlined
def _minima(found, m, a, b, out):
    """datasketch's affine32: Murmur's 32-bit finaliser once, then a*h + b modulo 2^32, and the least of each."""
    for j in range(m):
        h = np.uint32(found[j] & np.uint64(0xFFFFFFFF))
        h ^= h >> np.uint32(16)
        h = np.uint32(h * np.uint32(0x85EBCA6B))
        h ^= h >> np.uint32(13)
        h = np.uint32(h * np.uint32(0xC2B2AE35))
        h ^= h >> np.uint32(16)
        for k in range(a.size):
            out[k] = min(out[k], np.uint32(a[k] * h + b[k]))


@inlined
def _table_size(n):
    size = 64
    while size < 2 * n:
        size *= 2
    return size


@inlined
def _slot(keys, key):
    """Where a non-zero key stands in an open-addressed table, or would."""
    mask = np.uint64(keys.size - 1)
    slot = (key >> _32) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + _1) & mask
    return slot


@inlined
def _sample(found, m, below, seen, passages, filled):
    """Append the sampled of m shingles, each once; `seen` is all zero, and left so."""
    first = filled
    for j in range(m):
        key = found[j] | _1
        if (key >> _32) < below:
            slot = _slot(seen, key)
            if seen[slot] == 0:
                seen[slot] = key
                passages[filled] = np.int64(key)
                filled += 1
    for place in range(filled - 1, first - 1, -1):  # in reverse, or a chain would break before its end
        seen[_slot(seen, np.uint64(passages[place]))] = 0
    return filled


@inlined
def _longest(offsets, rows):
    longest, total = 0, 0
    for row in rows:
        size = offsets[row + 1] - offsets[row]
        longest = max(longest, size)
        total += size
    return longest, total


@inlined
def _room(values, filled, more):
    """`values` with room for `more` beyond the first `filled`."""
    if filled + more <= values.size:
        return values
    grown = np.empty(2 * (filled + more), values.dtype)
    grown[:filled] = values[:filled]
    return grown


@compiled
def sign(data, offsets, rows, table, is_normal, a, b, powers, sample_below):
    """
    Signatures of some texts of an Arrow string buffer.

    Returns (signatures, words hashes, numbers of shingles, ends of passages by text, passages); the number is -1
    for a text that must be normalised first. Passages are the distinct shingles whose upper half is below
    `sample_below`, in their order; the lowest bit is set.
    """
    longest, total = _longest(offsets, rows)
    hashes, found = np.empty(longest + 1, np.uint64), np.empty(longest + 1, np.uint64)
    units, marks = np.empty(longest + 1, np.uint8), np.empty(0, np.uint8)
    signatures = np.full((rows.size, a.size), 0xFFFFFFFF, np.uint32)
    words, counts = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int32)
    ends, passages = np.zeros(rows.size + 1, np.int64), np.empty(64 + total // 64, np.int64)
    filled, seen = 0, np.zeros(_table_size(longest + 1), np.uint64)
    for i in range(rows.size):
        start, stop = offsets[rows[i]], offsets[rows[i] + 1]
        n = _tokenise(data, start, stop, table, is_normal, hashes, units, marks)
        m = -1
        if n >= 0:
            m = _shingle(hashes, units, n, powers, found)
            words[i] = _words_hash(hashes, n)
            _minima(found, m, a, b, signatures[i])
            passages = _room(passages, filled, m)
            filled = _sample(found, m, sample_below, seen, passages, filled)
        counts[i] = m
        ends[i + 1] = filled
    return signatures, words, counts, ends, passages[:filled]


@inlined
def _put(table, key):
    """Insert into an open-addressed set of non-zero keys; whether it is new."""
    mask = np.uint64(table.size - 1)
    slot = _mix(key) & mask
    while table[slot] != 0:
        if table[slot] == key:
            return False
        slot = (slot + _1) & mask
    table[slot] = key
    return True


@inlined
def _add(table, filled, later, earlier):
    """Insert a pair of codes into a set that grows before it is half full."""
    filled += _put(table, (np.uint64(max(later, earlier)) << _32) | np.uint64(min(later, earlier)))
    if 2 * filled > table.size:
        grown = np.zeros(2 * table.size, np.uint64)
        for old in table:
            if old != 0:
                _put(grown, old)
        table = grown
    return table, filled


@inlined
def _zero_bytes(value):
    """How many of the four bytes are zero."""
    n = 0
    for _ in range(4):
        n += (value & np.uint32(0xFF)) == 0
        value >>= np.uint32(8)
    return n


@inlined
def _side(a, b):
    """Of two sets of up to four non-zero bytes: how many values they share, and the size of the smaller."""
    n = 0
    for i in range(4):
        x = (a >> np.uint32(8 * i)) & np.uint32(0xFF)
        if x != 0:
            n += _zero_bytes(b ^ (x * np.uint32(0x01010101))) > 0
    return n, 4 - max(_zero_bytes(a), _zero_bytes(b))


@inlined
def _agree(a, b, enough):
    """Whether two passages stand among the same passages, as far as both texts reach."""
    x, y = np.uint64(a), np.uint64(b)
    shared_before, known_before = _side(np.uint32(x & np.uint64(0xFFFFFFFF)), np.uint32(y & np.uint64(0xFFFFFFFF)))
    shared_after, known_after = _side(np.uint32(x >> _32), np.uint32(y >> _32))
    return shared_before + shared_after >= min(enough, known_before + known_after)


@inlined
def _firsts(contexts):
    """For each member of a bucket, the first that has its context; and the order of contexts."""
    order = np.argsort(contexts, kind="mergesort")
    firsts = np.empty(contexts.size, np.int64)
    for place in range(contexts.size):
        i = order[place]
        same = place > 0 and contexts[order[place - 1]] == contexts[i]
        firsts[i] = firsts[order[place - 1]] if same else i
    return firsts, order


@inlined
def _wanted(new_i, new_j, within):
    return within if new_i and new_j else (new_i or new_j)


@inlined
def _pair_all(codes, contexts, is_new, within, is_passage, enough, partners, table, filled):
    """Every pair of a small bucket; in one of a passage each article with the first few whose context agrees."""
    for i in range(codes.size):
        met = 0
        for j in range(i):
            if _wanted(is_new[codes[i]], is_new[codes[j]], within) and met < partners:
                if not is_passage or _agree(contexts[i], contexts[j], enough):
                    table, filled = _add(table, filled, codes[i], codes[j])
                    met += is_passage
    return table, filled


@inlined
def _pair_hot(codes, contexts, is_new, within, is_passage, enough, partners, table, filled):
    """
    A bucket too large for all pairs: one of each context stands for all of them; each meets the first few, and
    its neighbours in the order of contexts.
    """
    firsts, order = _firsts(contexts)
    heads = np.empty(codes.size, np.int64)
    ranked = np.empty(codes.size, np.int64)
    n_heads, n_ranked = 0, 0
    for i in range(codes.size):
        if firsts[i] == i:
            heads[n_heads] = i
            n_heads += 1
        elif _wanted(is_new[codes[i]], is_new[codes[firsts[i]]], within):
            table, filled = _add(table, filled, codes[i], codes[firsts[i]])
        if firsts[order[i]] == order[i]:
            ranked[n_ranked] = order[i]
            n_ranked += 1
    for which in range(2):
        line = heads if which == 0 else ranked
        for place in range(n_heads):
            i = line[place]
            before = min(place, partners) if which == 0 else place
            for other in range(0 if which == 0 else max(0, place - partners), before):
                j = line[other]
                if _wanted(is_new[codes[i]], is_new[codes[j]], within):
                    if not is_passage or _agree(contexts[i], contexts[j], enough):
                        table, filled = _add(table, filled, codes[i], codes[j])
    return table, filled


@compiled
def pair(buckets, codes, contexts, is_new, within, limits, enough, partners):
    """
    Pairs of codes that share a bucket, as a set of (higher code << 32 | lower code) with zeros between.

    Rows stand in the order of (bucket, code), none twice; `is_new` is by code. `limits` are the sizes up to which
    all pairs of a bucket are looked at: of bands, of passages (whose buckets are odd).
    """
    table, filled = np.zeros(1024, np.uint64), 0
    start = 0
    while start < buckets.size:
        stop = start + 1
        while stop < buckets.size and buckets[stop] == buckets[start]:
            stop += 1
        is_passage = buckets[start] & 1
        its_codes, its_contexts = codes[start:stop], contexts[start:stop]
        if stop - start <= limits[is_passage]:
            table, filled = _pair_all(
                its_codes, its_contexts, is_new, within, is_passage, enough, partners, table, filled
            )
        else:
            table, filled = _pair_hot(
                its_codes, its_contexts, is_new, within, is_passage, enough, partners, table, filled
            )
        start = stop
    return table


@compiled
def components(n, left, right):
    """For each of n nodes the least node that the edges connect it with."""
    root = np.arange(n)
    for i in range(left.size):
        x, y = left[i], right[i]
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        while root[y] != y:
            root[y] = root[root[y]]
            y = root[y]
        root[max(x, y)] = min(x, y)
    for x in range(n):
        root[x] = root[root[x]]
    return root


@compiled
def read(data, offsets, rows, table, is_normal, powers):
    """
    What is compared of some texts.

    Returns (words hashes, ends of tokens, tokens, marks, ends of sets, sets): by row, one after the other. A set
    holds the distinct shingles; their lowest bit says whether the shingle is plain: not all in quotation marks and
    not a run of names and numbers. The words hash of a text that must be normalised first is 0, and its rest empty.
    """
    longest, total = _longest(offsets, rows)
    hashes, found = np.empty(longest + 1, np.uint64), np.empty(longest + 1, np.uint64)
    units, its_marks = np.empty(longest + 1, np.uint8), np.zeros(longest + 1, np.uint8)
    words = np.zeros(rows.size, np.int64)
    token_ends, set_ends = np.zeros(rows.size + 1, np.int64), np.zeros(rows.size + 1, np.int64)
    all_tokens, all_marks = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 5, np.uint8)
    sets = np.empty(64 + total // 5, np.uint64)
    n_tokens, n_sets = 0, 0
    seen = np.zeros(1024, np.uint64)
    for i in range(rows.size):
        start, stop = offsets[rows[i]], offsets[rows[i] + 1]
        n = _tokenise(data, start, stop, table, is_normal, hashes, units, its_marks)
        if n >= 0:
            words[i] = _words_hash(hashes, n) | 1
            m = _shingle(hashes, units, n, powers, found)
            _mark_plain(found, units, its_marks, n, m)
            sets = _room(sets, n_sets, m)
            while seen.size < 2 * m:
                seen = np.zeros(2 * seen.size, np.uint64)
            n_sets = _distinct(found, m, seen, sets, n_sets)
            all_tokens, all_marks = _room(all_tokens, n_tokens, n), _room(all_marks, n_tokens, n)
            all_tokens[n_tokens : n_tokens + n] = hashes[:n]
            all_marks[n_tokens : n_tokens + n] = its_marks[:n]
            n_tokens += n
        token_ends[i + 1], set_ends[i + 1] = n_tokens, n_sets
    return words, token_ends, all_tokens[:n_tokens], all_marks[:n_tokens], set_ends, sets[:n_sets]


@inlined
def _mark_plain(found, units, marks, n, m):
    """Write into the lowest bit of each shingle whether it is plain."""
    stop, held, quoted, facts = 0, 0, 0, 0
    for first in range(m):
        while stop < n and held < _UNITS:
            held += units[stop]
            quoted += (marks[stop] & QUOTED) > 0
            facts += (marks[stop] & (NUMBER | NAME)) > 0
            stop += 1
        size = stop - first
        plain = quoted < size and 5 * facts < 4 * size
        found[first] = (found[first] & ~_1) | np.uint64(plain)
        held -= units[first]
        quoted -= (marks[first] & QUOTED) > 0
        facts -= (marks[first] & (NUMBER | NAME)) > 0


@inlined
def _distinct(found, m, seen, sets, filled):
    """Append the distinct of m shingles to `sets`; `seen` is an empty table with more than twice the room, and left so."""
    mask = np.uint64(seen.size - 1)
    for j in range(m):
        key = found[j] | _1
        slot = (key >> _32) & mask
        while seen[slot] != 0 and seen[slot] != key:
            slot = (slot + _1) & mask
        if seen[slot] == 0:
            seen[slot] = key
            sets[filled] = found[j]
            filled += 1
    seen[:] = 0
    return filled


@compiled
def overlap(sets, ends, left, right):
    """
    What the sets of each pair share: (number, of them plain in the left, plain in the right).

    Pairs with the same left that follow each other share its table.
    """
    shared = np.zeros((left.size, 3), np.int64)
    table = np.zeros(1024, np.uint64)
    mask = np.uint64(1023)
    at = np.int64(-1)
    for i in range(left.size):
        if left[i] != at:
            at = left[i]
            size = 1024
            while size < 2 * (ends[at + 1] - ends[at]):
                size *= 2
            if size != table.size:
                table = np.zeros(size, np.uint64)
                mask = np.uint64(size - 1)
            else:
                table[:] = 0
            for place in range(ends[at], ends[at + 1]):
                slot = (sets[place] >> _32) & mask
                while table[slot] != 0:
                    slot = (slot + _1) & mask
                table[slot] = sets[place] if sets[place] > _1 else sets[place] | np.uint64(2)
        n, plain_left, plain_right = 0, 0, 0
        for place in range(ends[right[i]], ends[right[i] + 1]):
            value = sets[place]
            slot = (value >> _32) & mask
            while table[slot] != 0 and (table[slot] | _1) != (value | _1):
                slot = (slot + _1) & mask
            if table[slot] != 0:
                n += 1
                plain_left += table[slot] & _1
                plain_right += value & _1
        shared[i, 0], shared[i, 1], shared[i, 2] = n, plain_left, plain_right
    return shared


_ANCHOR = 3  # tokens of an anchor: short enough to stand between two edits, long enough to be rare
_GAP = 64  # tokens: longer gaps between anchors are not aligned but count as different
_REWRITTEN = 6  # tokens without a counterpart, in both texts, that make a gap a passage of its own


@compiled
def align(tokens_, marks, ends, left, right):
    """
    Each pair token by token.

    Returns int64 (pairs, 2 sides, 8): tokens, tokens with a counterpart in the other text in the same order, tokens in
    passages that both texts have differently; then of distinct tokens numbers, numbers that the other lacks, names,
    names that the other lacks, repeated words that the other lacks.
    """
    out = np.zeros((left.size, 2, 8), np.int64)
    rows = np.zeros((2, _GAP + 1), np.int64)
    for i in range(left.size):
        a, b = slice(ends[left[i]], ends[left[i] + 1]), slice(ends[right[i]], ends[right[i] + 1])
        one, other = tokens_[a], tokens_[b]
        out[i, 0, 0], out[i, 1, 0] = one.size, other.size
        _align(one, other, rows, out[i])
        _facts(one, marks[a], other, out[i, 0])
        _facts(other, marks[b], one, out[i, 1])
    return out


@inlined
def _facts(one, marks, other, out):
    """Count the distinct facts of one text, and those that the other lacks."""
    keys = np.zeros(_table_size(other.size), np.uint64)
    for token in other:
        keys[_slot(keys, token | _1)] = token | _1
    own = np.zeros(_table_size(one.size), np.uint64)
    kinds, times = np.zeros(own.size, np.uint8), np.zeros(own.size, np.uint8)
    for i in range(one.size):
        slot = _slot(own, one[i] | _1)
        own[slot] = one[i] | _1
        kinds[slot] |= marks[i]
        times[slot] = min(times[slot] + 1, 2)
    for slot in range(own.size):
        if own[slot] == 0:
            continue
        lacks = keys[_slot(keys, own[slot])] == 0
        if kinds[slot] & NUMBER:
            out[3] += 1
            out[4] += lacks
        elif kinds[slot] & NAME:
            out[5] += 1
            out[6] += lacks
        if lacks and times[slot] > 1:
            out[7] += 1


@inlined
def _anchors(one, other):
    """Runs of _ANCHOR tokens that stand once in each text: their places in both, in the order of the first."""
    n, m = one.size - _ANCHOR + 1, other.size - _ANCHOR + 1
    if n < 1 or m < 1:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    keys = np.zeros(_table_size(n + m), np.uint64)
    at = np.full((keys.size, 2), -1, np.int64)  # -2: more than once
    for side in range(2):
        text = one if side == 0 else other
        for i in range(text.size - _ANCHOR + 1):
            key = np.uint64(0)
            for k in range(_ANCHOR):
                key = key * _FACTOR + text[i + k]
            key = _mix(key) | _1
            slot = _slot(keys, key)
            keys[slot] = key
            at[slot, side] = i if at[slot, side] == -1 else -2
    places = np.full(n, -1, np.int64)
    for slot in range(keys.size):
        if at[slot, 0] >= 0 and at[slot, 1] >= 0:
            places[at[slot, 0]] = at[slot, 1]
    lefts = np.flatnonzero(places >= 0)
    return lefts, places[lefts]


@inlined
def _chain(values):
    """Which values make a longest increasing subsequence (Fredman 1975), by patience."""
    tails, previous = np.empty(values.size, np.int64), np.full(values.size, -1, np.int64)
    length = 0
    for i in range(values.size):
        low, high = 0, length
        while low < high:
            middle = (low + high) // 2
            if values[tails[middle]] < values[i]:
                low = middle + 1
            else:
                high = middle
        if low > 0:
            previous[i] = tails[low - 1]
        tails[low] = i
        length = max(length, low + 1)
    chosen = np.empty(length, np.int64)
    i = tails[length - 1] if length else -1
    for place in range(length - 1, -1, -1):
        chosen[place] = i
        i = previous[i]
    return chosen


@inlined
def _align(one, other, rows, out):
    """Match tokens along the chain of anchors, and in the gaps between them by longest common subsequence."""
    lefts, rights = _anchors(one, other)
    chain = _chain(rights)
    p, q = 0, 0  # everything before is settled
    for place in range(chain.size + 1):
        ending = place == chain.size
        i = one.size if ending else lefts[chain[place]]
        j = other.size if ending else rights[chain[place]]
        if not ending and (i < p or j < q):  # overlaps the anchor before
            if i - p != j - q:
                continue
            i, j = p, q
        elif chain.size:
            first_q, first_p = q, p
            if place == 0:  # before the first anchor only what stands near it can belong to it
                first_p, first_q = max(p, i - _GAP), max(q, j - _GAP)
            last_i = min(i, first_p + _GAP) if ending else i
            last_j = min(j, first_q + _GAP) if ending else j
            n = _common(one[first_p:last_i], other[first_q:last_j], rows)
            out[0, 1] += n
            out[1, 1] += n
            own, its = i - p - n, j - q - n
            if min(own, its) >= _REWRITTEN and 9 * max(last_i - first_p, last_j - first_q) > 20 * n:
                out[0, 2] += own
                out[1, 2] += its
        if not ending:
            stop = lefts[chain[place]] + _ANCHOR
            out[0, 1] += stop - i
            out[1, 1] += stop - i
            p, q = stop, rights[chain[place]] + _ANCHOR


@inlined
def _common(one, other, rows):
    """Length of the longest common subsequence of two gaps; of a gap too long for that, of its equal ends."""
    n, start, stop = min(one.size, other.size), 0, 0
    while start < n and one[start] == other[start]:
        start += 1
    while stop < n - start and one[one.size - 1 - stop] == other[other.size - 1 - stop]:
        stop += 1
    one, other = one[start : one.size - stop], other[start : other.size - stop]
    if one.size == 0 or other.size == 0 or one.size > _GAP or other.size > _GAP:
        return start + stop
    rows[:, : other.size + 1] = 0
    for i in range(one.size):
        above, line = rows[i & 1], rows[1 - (i & 1)]
        for j in range(other.size):
            if one[i] == other[j]:
                line[j + 1] = above[j] + 1
            else:
                line[j + 1] = max(line[j], above[j + 1])
    return start + stop + rows[one.size & 1, other.size]


# What stands between an article and a group, in `place`
_REFUSED, _ACCEPTED, _UNKNOWN = 0, 1, 2


@inlined
def _link(starts, others, article, other):
    """Where the link of an article with another stands; -1 where there is none."""
    low, high = starts[article], starts[article + 1]
    while low < high:
        middle = (low + high) // 2
        if others[middle] < other:
            low = middle + 1
        else:
            high = middle
    return low if low < starts[article + 1] and others[low] == other else -1


@inlined
def _size(jaccard, containment):
    """Size of a set relative to another's, from their Jaccard and the share of it that the other holds."""
    return 1.0 / (containment / jaccard - 1.0 + containment) if jaccard > 0.0 else 0.0


@compiled
def place(group, n_earlier, starts, others, kinds, jaccards, containments, fullest, sizes, codes, least_share):
    """
    Put articles into copy groups, one after the other; `group` is filled from n_earlier on.

    Articles are numbered in their order; a group has the number of its origin, -1 where that is not at hand. Links stand
    by (article, other); kinds are numbers, 0 for refused; `codes` are those of expanded, exact and refetch. `fullest` and
    `sizes` are by group: its member that holds most beyond the origin (or -1), and how much larger it is. A text whose
    link with the origin was refused may yet hold `least_share` of it and stand in the fullest text.

    Returns (link by article or -1 for an origin, wanted pairs): a wanted pair was looked for and is no link yet.
    """
    expanded, exact, refetch = codes
    chosen = np.full(group.size, -1, np.int64)
    wanted = [(np.int64(0), np.int64(0)) for _ in range(0)]
    for x in range(n_earlier, group.size):
        best, best_rank, best_link = np.int64(-1), 2, np.int64(-1)
        for at in range(starts[x], starts[x + 1]):
            g = group[others[at]]
            if kinds[at] == 0 or g < 0:
                continue
            if kinds[at] == refetch:
                if best_rank > 0:
                    best, best_rank, best_link = g, 0, at
                continue
            if best >= 0 and g >= best and best_rank < 2:
                continue
            link, state = _holds(x, g, starts, others, kinds, jaccards, containments, fullest, expanded, least_share, wanted)
            if state == _REFUSED:
                continue
            rank = 1 if state == _ACCEPTED and kinds[link] == exact else 2
            if rank < best_rank or best < 0 or (rank == best_rank and g < best):
                best, best_rank, best_link = g, rank, link
        group[x] = best if best >= 0 else x
        chosen[x] = best_link
        if best >= 0 and best_link >= 0 and others[best_link] == best and kinds[best_link] == expanded:
            size = _size(jaccards[best_link], containments[best_link])
            if fullest[best] < 0 or size > sizes[best]:
                fullest[best], sizes[best] = x, size
    return chosen, wanted


@inlined
def _holds(x, g, starts, others, kinds, jaccards, containments, fullest, expanded, least_share, wanted):
    """Whether x is a copy of the text of group g, and the link that says so."""
    origin = _link(starts, others, x, g)
    if origin < 0:
        wanted.append((x, g))
        return origin, _UNKNOWN
    if kinds[origin] != 0 and (kinds[origin] != expanded or fullest[g] < 0):
        return origin, _ACCEPTED
    if fullest[g] < 0 or fullest[g] == x:
        return origin, _REFUSED
    if kinds[origin] == 0:
        share = max(containments[origin], containments[origin] * _size(jaccards[origin], containments[origin]))
        if share < least_share:
            return origin, _REFUSED
    full = _link(starts, others, x, fullest[g])
    if full < 0:
        wanted.append((x, fullest[g]))
        return full, _UNKNOWN
    if kinds[full] == 0 or (kinds[origin] == 0 and kinds[full] == expanded):
        return full, _REFUSED
    return (origin if kinds[origin] != 0 else full), _ACCEPTED
