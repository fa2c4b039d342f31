"""The compiled loops: Arrow string buffers in, signatures and shingle sets out, pairs found and compared.

`pipeline.tokens` defines in plain Python what the loops here must equal, bit for bit. Importing this module
imports numba (some 0.3 s); stages import it when they run.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline import scripts, tokens
from pipeline.compile import Matrix, Written, compiled, inlined

_FACTOR = np.uint64(tokens.SHINGLE_FACTOR)
_SEED = np.uint64(tokens.TOKEN_SEED)
_TOKEN_FACTOR = np.uint64(tokens.TOKEN_FACTOR)
_MIX_1, _MIX_2 = np.uint64(tokens.MIX_1), np.uint64(tokens.MIX_2)
_0, _1, _8, _16, _24, _32, _33, _40, _48, _56 = (np.uint64(n) for n in (0, 1, 8, 16, 24, 32, 33, 40, 48, 56))
_UNITS, _WORD_UNITS, _BIGRAM_UNITS = tokens.SHINGLE_UNITS, tokens.WORD_UNITS, tokens.BIGRAM_UNITS
_BREAK, _WORD, _CHAR = scripts.BREAK, scripts.WORD, scripts.CHAR
_IGNORED, _MARK_OF = scripts.IGNORED, scripts.MARK
_EXPANDED, _CONTEXT, _DIGIT = tokens.EXPANDED, tokens.CONTEXT, tokens.DIGIT
_TAG_FIRST, _TAG_LAST = tokens.TAGS
_SHINGLE_WORDS = _UNITS // _WORD_UNITS  # which `_shingle_words` writes out
_POWERS = np.array([pow(tokens.SHINGLE_FACTOR, n, 1 << 64) for n in range(_UNITS + 1)], np.uint64)
_LOW_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
_MOST_GROWTH = 11  # bytes of folded text per byte: U+FDFA, 3 bytes, becomes 33

# What a byte of folded text is, beside its class (0 to 2) in the two lowest bits
_IS_DIGIT, _IS_UPPER, _ENDS_SENTENCE, _ENDS_LINE, _QUOTES = 4, 8, 16, 32, 64
# Quotation marks as they stand in folded text: one that opens or closes by its place, «, one that opens, one that closes
_MARK, _GUILLEMET, _OPENING, _CLOSING = 34, 35, 60, 62
_BRACKET = 40  # one that opens

# What a token is, beyond its hash
NUMBER, NAME, QUOTED = 1, 2, 4


def buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Data and offsets of a string array, whatever slice of them it shows; a null is an empty text."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.zeros(0, np.uint8), np.zeros(1, np.int32)
    bounds = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * 4)
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8), bounds


def normalised(texts: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    """These rows as `scripts.seen` has them: for texts with characters whose form depends on their neighbours."""
    return pa.array(map(scripts.seen, texts.take(pa.array(rows)).to_pylist()), pa.string())


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
def _encode(point, out, at):
    """Write a code point as UTF-8; where the next begins."""
    if point < 0x80:
        out[at] = point
        return at + 1
    if point < 0x800:
        out[at] = 0xC0 | (point >> 6)
        out[at + 1] = 0x80 | (point & 0x3F)
        return at + 2
    if point < 0x10000:
        out[at] = 0xE0 | (point >> 12)
        out[at + 1] = 0x80 | ((point >> 6) & 0x3F)
        out[at + 2] = 0x80 | (point & 0x3F)
        return at + 3
    out[at] = 0xF0 | (point >> 18)
    out[at + 1] = 0x80 | ((point >> 12) & 0x3F)
    out[at + 2] = 0x80 | ((point >> 6) & 0x3F)
    out[at + 3] = 0x80 | (point & 0x3F)
    return at + 4


@inlined
def _break(point):
    """What stands in folded text, and of what kind, for a character beyond ASCII that divides."""
    if (
        point == 0xFF08
        or point == 0x300A
        or point == 0xFE35
        or point == 0xFE59
        or point == 0x207D
        or point == 0x208D
    ):
        return _BRACKET, 0
    if point == 0xA0 or point == 0x3000 or 0x2000 <= point <= 0x200A or point == 0x202F:
        return 32, 0
    if 0x201C <= point <= 0x201F or point == 0xBB:
        return _MARK, _QUOTES
    if point == 0xAB:
        return _GUILLEMET, _QUOTES
    if point == 0x300C or point == 0x300E:
        return _OPENING, _QUOTES
    if point == 0x300D or point == 0x300F:
        return _CLOSING, _QUOTES
    return 45, _ENDS_SENTENCE if point == 0x2026 or point == 0x3002 else 0


@inlined
def _ascii_end(data, at, stop):
    """Where the run of ASCII that begins at `at` ends; most of the bytes of most texts are in one."""
    while at + 8 <= stop:
        i = np.uint64(at)
        every = data[i] | data[i + np.uint64(1)] | data[i + np.uint64(2)] | data[i + np.uint64(3)]
        every |= (
            data[i + np.uint64(4)] | data[i + np.uint64(5)] | data[i + np.uint64(6)] | data[i + np.uint64(7)]
        )
        if every >= 128:
            break
        at += 8
    while at < stop and data[at] < 128:
        at += 1
    return at


@inlined
def _fold_ascii(data, out, kinds):
    """Fold ASCII without looking anything up, which the machine does for 32 bytes at once."""
    for i in range(data.size):
        byte = data[i]
        upper, lower = np.uint8(np.uint8(byte - 65) < 26), np.uint8(np.uint8(byte - 97) < 26)
        digit = np.uint8(np.uint8(byte - 48) < 10)
        ends = (
            np.uint8(byte == 46) | np.uint8(byte == 33) | np.uint8(byte == 63) | np.uint8(byte == 58)
        )  # . ! ? :
        out[i] = byte | np.uint8(upper << 5)
        kinds[i] = (
            (upper | lower | digit)
            | np.uint8(digit << 2)
            | np.uint8(upper << 3)
            | np.uint8(ends << 4)
            | np.uint8(np.uint8(byte == 10) << 5)
            | np.uint8(np.uint8(byte == 34) << 6)
        )


@inlined
def _fold(data, start, stop, table, is_normal, out, kinds):
    """Write data[start:stop] folded into `out`, what each byte is into `kinds`.

    Returns the number of bytes, or -1 for a text that must be normalised first.
    """
    size, order, at = np.int64(0), 0, start
    while at < stop:
        first = at
        at = _ascii_end(data, first, stop)
        if at > first:
            _fold_ascii(data[first:at], out[size : size + at - first], kinds[size : size + at - first])
            size, order = size + at - first, 0
        if at == stop:
            break
        raw, at = _decode(data, at, stop)
        if raw >= table.classes.size:
            if not _TAG_FIRST <= raw <= _TAG_LAST:
                order = 0
                out[size], kinds[size] = 45, 0
                size += 1
            continue
        kind, its_order = np.int64(table.classes[raw]), np.int64(table.combining[raw])
        if not is_normal and (kind & _CONTEXT):
            return -1
        if kind == _IGNORED:  # as if it were not there
            continue
        if not is_normal and (
            0 < its_order < order or (kind == _CHAR and _reads(table.folds[raw], out, size))
        ):
            return -1
        order = its_order
        flags = (_IS_DIGIT if kind & _DIGIT else 0) | (_IS_UPPER if table.folds[raw] != raw else 0)
        kind &= 7
        if kind == _EXPANDED:
            place = table.folds[raw]
            for n in range(table.expansions[place]):
                point = table.expansions[place + 1 + n]
                size = _write(point, np.int64(table.classes[point]) & 7, flags, out, kinds, size)
        else:
            size = _write(table.folds[raw], kind, flags, out, kinds, size)
    return size


@inlined
def _reads(point, out, size):
    """Whether a character is Kana and opens a bracket: a reading, perhaps."""
    return size > 0 and out[size - 1] == _BRACKET and 0x3041 <= point <= 0x30FF


@inlined
def _write(point, kind, flags, out, kinds, size):
    """Append one folded character."""
    if kind == _MARK_OF and size > 0:
        kind = np.int64(kinds[size - 1]) & 3  # none after a break
    elif kind == _BREAK:
        out[size], kinds[size] = _break(point)
        return size + 1
    if kind == _WORD or kind == _CHAR:
        stop = _encode(point, out, size)
        kinds[size:stop] = kind | flags
        return stop
    return size


@inlined
def _edges(kinds, size, edges):
    """Where the class of the bytes changes, the beginning and the end included; how many there are, less one."""
    n, last = 0, np.uint8(255)
    for i in range(size):
        kind = kinds[i] & np.uint8(3)
        edges[n] = i
        n += kind != last
        last = kind
    edges[n] = size
    return n


@inlined
def _chunk(out, start, stop):
    """The bytes of out[start:stop], at most 8, as one little-endian number; `out` goes on for 8 bytes more."""
    i = np.uint64(start)  # unsigned: numba then reads without looking for negative indices, in one load
    return _LOW_BYTES[stop - start] & (
        np.uint64(out[i])
        | np.uint64(out[i + np.uint64(1)]) << _8
        | np.uint64(out[i + np.uint64(2)]) << _16
        | np.uint64(out[i + np.uint64(3)]) << _24
        | np.uint64(out[i + np.uint64(4)]) << _32
        | np.uint64(out[i + np.uint64(5)]) << _40
        | np.uint64(out[i + np.uint64(6)]) << _48
        | np.uint64(out[i + np.uint64(7)]) << _56
    )


@inlined
def _token_hash(out, start, stop):
    state = _SEED
    while stop - start > 8:
        state = (state ^ _chunk(out, start, start + 8)) * _TOKEN_FACTOR
        state ^= state >> _32
        start += 8
    state = (state ^ _chunk(out, start, stop)) * _TOKEN_FACTOR
    return state ^ (state >> _32)


@inlined
def _bigrams(out, start, stop, n, hashes, units):
    """Append the bigrams of a run of characters, or the one character that it is; the number of tokens then."""
    before, at = start, start
    while at < stop:
        after = at + 1
        while after < stop and (out[after] & 0xC0) == 0x80:
            after += 1
        if at > start or after == stop:
            hashes[n] = _token_hash(out, before, after)
            units[n] = _BIGRAM_UNITS
            n += 1
        before, at = at, after
    return n


@inlined
def _quotation(mark, before, is_word_next):
    """Whether text after this mark is quoted (QUOTED or 0).

    Which mark opens and which closes differs by language (“English”, „deutsch“, »deutsch«, « français », ”svenska”),
    so it is told from what stands beside the mark.
    """
    if mark == _OPENING or mark == _CLOSING:
        return QUOTED if mark == _OPENING else 0
    after_space = before <= 32 or before == 40 or before == 91  # ( [
    return QUOTED if after_space and (is_word_next or mark == _GUILLEMET) else 0


@inlined
def _tokenise(data, start, stop, table, is_normal, room, marks):
    """Fill the first two arrays of `room`, and `marks` if it has room, with the tokens of data[start:stop].

    Returns their number, or -1 for a text that must be normalised first.
    """
    hashes, units, out, kinds, edges = room
    size = _fold(data, start, stop, table, is_normal, out, kinds)
    if size < 0:
        return -1
    marking, n = marks.size > 0, np.int64(0)
    quoted, opening = 0, True
    for edge in range(_edges(kinds, size, edges)):
        first, last = np.int64(edges[edge]), np.int64(edges[edge + 1])
        kind = kinds[first] & 3
        if kind == _WORD:
            hashes[n] = _token_hash(out, first, last)
            units[n] = _WORD_UNITS
            if marking:
                marks[n] = quoted | _fact(kinds[first], opening)
                opening = False
            n += 1
        elif kind == _CHAR:
            before = n
            n = _bigrams(out, first, last, n, hashes, units)
            if marking:
                marks[before:n] = quoted
                opening = False
        elif marking:
            for i in range(first, last):
                if kinds[i] & _QUOTES:
                    before = out[i - 1] if i > 0 else 32
                    quoted = _quotation(out[i], before, i + 1 < size and (kinds[i + 1] & 3) > 0)
                    opening |= quoted > 0
                elif kinds[i]:
                    opening = True
                    quoted = 0 if kinds[i] == _ENDS_LINE else quoted
    return n


@inlined
def _fact(kind, opening):
    """NUMBER, NAME or 0 for a word, from its first byte; a capital that opens a sentence says nothing."""
    if kind & _IS_DIGIT:
        return NUMBER
    return NAME if kind & _IS_UPPER and not opening else 0


@inlined
def _room(longest):
    """Scratch for texts of so many bytes; pages that are not written to take no memory."""
    most = _MOST_GROWTH * longest + 64
    return (
        np.empty(2 * longest + 64, np.uint64),
        np.empty(2 * longest + 64, np.uint8),
        np.empty(most, np.uint8),
        np.empty(most, np.uint8),
        np.empty(most, np.int32),
    )


@inlined
def _shingle(hashes, units, n, out):
    """Fill `out` with the hashes of the shingles of n tokens; their number."""
    n_words = 0
    for i in range(n):
        n_words += units[i] == _WORD_UNITS
    if n_words == n and n >= _SHINGLE_WORDS:
        return _shingle_words(hashes, n, out)
    m, stop, held = 0, 0, 0
    state = _0
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
        state -= hashes[first] * _POWERS[stop - first - 1]
        held -= units[first]
    return m


@inlined
def _shingle_words(hashes, n, out):
    """As _shingle where every token is a word: each sum by itself, so that none waits for the one before."""
    m = n - _SHINGLE_WORDS + 1
    for first in range(m):
        i = np.uint64(first)
        out[first] = _mix(
            hashes[i] * _POWERS[4]
            + hashes[i + np.uint64(1)] * _POWERS[3]
            + hashes[i + np.uint64(2)] * _POWERS[2]
            + hashes[i + np.uint64(3)] * _POWERS[1]
            + hashes[i + np.uint64(4)]
        )
    return m


@inlined
def _words_hash(hashes, n):
    state = np.uint64(n)
    for i in range(n):
        state = state * _FACTOR + hashes[i]
    return np.int64(_mix(state) | _1)


@inlined
def _minima(found, m, a, b, mixed, out):
    """Datasketch's affine32: Murmur's 32-bit finaliser once, then a*h + b modulo 2^32, and the least of each.

    `mixed` has room for m + 3; four shingles at a time, so that a minimum is read and written once for four.
    """
    for j in range(m):
        h = np.uint32(found[j] & np.uint64(0xFFFFFFFF))
        h ^= h >> np.uint32(16)
        h = np.uint32(h * np.uint32(0x85EBCA6B))
        h ^= h >> np.uint32(13)
        h = np.uint32(h * np.uint32(0xC2B2AE35))
        mixed[j] = h ^ (h >> np.uint32(16))
    while m % 4 != 0:
        mixed[m] = mixed[m - 1]
        m += 1
    for j in range(0, m, 4):
        h, i, p, q = mixed[j], mixed[j + 1], mixed[j + 2], mixed[j + 3]
        for k in range(a.size):
            x = min(np.uint32(a[k] * h + b[k]), np.uint32(a[k] * i + b[k]))
            y = min(np.uint32(a[k] * p + b[k]), np.uint32(a[k] * q + b[k]))
            out[k] = min(out[k], min(x, y))


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
def _grown(values, filled, more):
    """`values` with room for `more` beyond the first `filled`."""
    if filled + more <= values.size:
        return values
    grown = np.empty(2 * (filled + more), values.dtype)
    for i in range(filled):  # a slice would compile numba's message about shapes, for three seconds
        grown[i] = values[i]
    return grown


@compiled
def sign(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    rows: NDArray[np.int64],
    table: tokens.Tables,
    is_normal: bool,
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
    sample_below: np.uint64,
) -> tuple[Matrix[np.uint32], NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Signatures of some texts of an Arrow string buffer.

    Returns (signatures, words hashes, numbers of shingles, ends of passages by text, passages); the number is -1
    for a text that must be normalised first. Passages are the distinct shingles whose upper half is below
    `sample_below`, in their order; the lowest bit is set.
    """
    longest, total = _longest(offsets, rows)
    room = _room(longest)
    found, mixed = np.empty(2 * longest + 64, np.uint64), np.empty(2 * longest + 64, np.uint32)
    signatures = np.full((rows.size, a.size), 0xFFFFFFFF, np.uint32)
    words, counts = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int32)
    ends, passages = np.zeros(rows.size + 1, np.int64), np.empty(64 + total // 64, np.int64)
    filled, seen, unmarked = np.int64(0), np.zeros(_table_size(longest + 1), np.uint64), np.empty(0, np.uint8)
    for i in range(rows.size):
        n = _tokenise(
            data, np.int64(offsets[rows[i]]), np.int64(offsets[rows[i] + 1]), table, is_normal, room, unmarked
        )
        m = -1
        if n >= 0:
            m = _shingle(room[0], room[1], n, found)
            words[i] = _words_hash(room[0], n)
            _minima(found, m, a, b, mixed, signatures[i])
            passages = _grown(passages, filled, m)
            filled = _sample(found, m, sample_below, seen, passages, filled)
        counts[i] = m
        ends[i + 1] = filled
    return signatures, words, counts, ends, passages[:filled]


@inlined
def _is_mine(bucket, part, parts):
    """A passage's highest bits are zero, since it was sampled by them: they are mixed first."""
    return ((((bucket * _MIX_2) >> _33) * parts) >> np.uint64(31)) == part


@inlined
def _context(passages, first, last, at, rate):
    """Short hashes of the landmarks nearest before and after a passage, four each; zero where there is none."""
    context = _0
    for direction in range(2):
        i, found = at, 0
        while found < 4:
            i += 2 * direction - 1
            if i < first or i >= last:
                break
            value = np.uint64(passages[i])
            if (value >> _1) & (rate - _1) == 0:
                context |= (value % np.uint64(255) + _1) << np.uint64(32 * direction + 8 * found)
                found += 1
    return np.int64(context)


@compiled
def band(
    signatures: Matrix[np.uint32],
    words: NDArray[np.int64],
    ends: NDArray[np.int64],
    passages: NDArray[np.int64],
    width: int,
    rate: np.uint64,
    part: np.uint64,
    parts: np.uint64,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Buckets of signatures: (buckets, rows, contexts), of the bands of `width` slots and of all words even, of passages odd.

    Only the buckets of part number `part` of `parts`. The context of a passage says which landmarks, one passage in
    `rate` (a power of two), stand around it.
    """
    n_bands = signatures.shape[1] // width
    size = words.size * (n_bands + 1) + passages.size
    buckets, rows, contexts = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    n = 0
    for row in range(words.size):
        for k in range(n_bands + 1):
            state = np.uint64(k + 1) if k < n_bands else np.uint64(words[row])
            for i in range(k * width, (k + 1) * width if k < n_bands else 0):
                state = (state ^ np.uint64(signatures[row, i])) * _TOKEN_FACTOR
                state ^= state >> _32
            bucket = (state * _MIX_1) & ~_1
            if _is_mine(bucket, part, parts):
                buckets[n], rows[n], contexts[n] = np.int64(bucket), row, 0
                n += 1
        for at in range(ends[row], ends[row + 1]):
            if _is_mine(np.uint64(passages[at]), part, parts):
                buckets[n], rows[n] = passages[at], row
                contexts[n] = _context(passages, ends[row], ends[row + 1], at, rate)
                n += 1
    return buckets[:n], rows[:n], contexts[:n]


@inlined
def _zero_bytes(value):
    """The highest bit of each of the eight bytes that is zero."""
    low = np.uint64(0x7F7F7F7F7F7F7F7F)
    return ~(((value & low) + low) | value | low)


@inlined
def _count_bits(value):
    """How many of the eight highest bits are set."""
    return ((value >> np.uint64(7)) * np.uint64(0x0101010101010101)) >> _56


@inlined
def _agree(a, b, enough):
    """Whether two passages stand among the same landmarks.

    A context is two sets of up to four non-zero bytes, what stands before and what stands after. `enough` values must be
    in both, or as many as the smaller context has: all of an excerpt's landmarks are in the whole.
    """
    x, y = np.uint64(a), np.uint64(b)
    low, high = np.uint64(0x00FFFFFF00FFFFFF), np.uint64(0xFF000000FF000000)
    empty = _zero_bytes(x)
    found = _0
    for _ in range(4):
        found |= _zero_bytes(x ^ y)
        y = ((y & low) << _8) | ((y & high) >> _24)
    shared = _count_bits(found & ~empty)
    if shared >= enough:
        return True
    return shared >= 8 - max(_count_bits(empty), _count_bits(_zero_bytes(y)))


@inlined
def _ones(value):
    """How many bits are set."""
    value -= (value >> _1) & np.uint64(0x5555555555555555)
    value = (value & np.uint64(0x3333333333333333)) + (
        (value >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (value * np.uint64(0x0101010101010101)) >> _56


@inlined
def _glance(context):
    """A bit for each landmark of a context."""
    bits, rest = _0, np.uint64(context)
    for _ in range(8):
        bits |= np.uint64((rest & np.uint64(255)) != 0) << (rest & np.uint64(63))
        rest >>= _8
    return bits


@inlined
def _wanted(new_i, new_j, within):
    return within if new_i and new_j else (new_i or new_j)


@inlined
def _key(one, other):
    return (np.uint64(max(one, other)) << _32) | np.uint64(min(one, other))


@inlined
def _push(pairs, n, one, other):
    pairs = _grown(pairs, n, 1)
    pairs[n] = _key(one, other)
    return pairs, n + 1


@inlined
def _sort_together(keys, values, start, stop):
    """Sort a part of two arrays by (key, value), in place: Shell's sort, since parts are mostly short or in order."""
    gap = 1
    while 3 * gap < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            key, value, j = keys[i], values[i], i - gap
            while j >= start and (keys[j] > key or (keys[j] == key and values[j] > value)):
                keys[j + gap], values[j + gap] = keys[j], values[j]
                j -= gap
            keys[j + gap], values[j + gap] = key, value
        gap //= 3


_BITS = 16  # of a filter for each row: one row in twelve passes without a partner


@inlined
def _bit(bucket, mask):
    place = (np.uint64(bucket) * _MIX_2) >> np.uint64(20)
    return (place >> np.uint64(6)) & mask, _1 << (place & np.uint64(63))


@inlined
def _company(buckets, codes, is_new, within):
    """Which rows may share a bucket with a row that they may pair with, by two bit maps, and how many."""
    words = 64
    while 64 * words < _BITS * buckets.size:
        words *= 2
    once, twice, mask = np.zeros(words, np.uint64), np.zeros(words, np.uint64), np.uint64(words - 1)
    for turn in range(2):
        for i in range(buckets.size):
            if within or is_new[codes[i]] == (turn == 0):
                word, bit = _bit(buckets[i], mask)
                if (turn == 0) and not within:
                    once[word] |= bit
                elif once[word] & bit:
                    twice[word] |= bit
                elif within:
                    once[word] |= bit
        if within:
            break
    kept = np.zeros(buckets.size, np.bool_)
    n = 0
    for i in range(buckets.size):
        word, bit = _bit(buckets[i], mask)
        kept[i] = (twice[word] & bit) != 0
        n += kept[i]
    return kept, n


@inlined
def _together(buckets, codes, contexts, kept, n):
    """The kept rows with those of one bucket side by side: partitioned by hash, and each partition, in the cache, again."""
    bits = 0
    while bits < 12 and (1 << bits) * 256 < n:
        bits += 1
    shift = np.uint64(63 - bits)
    ends = np.zeros((1 << bits) + 1, np.int64)
    for i in range(buckets.size):
        if kept[i]:
            ends[((np.uint64(buckets[i]) * _MIX_1) >> _1 >> shift) + _1] += 1
    for part in range(1 << bits):
        ends[part + 1] += ends[part]
    at = ends[:-1].copy()
    keys, its_codes, its_contexts = np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n, np.int64)
    for i in range(buckets.size):
        if kept[i]:
            part = (np.uint64(buckets[i]) * _MIX_1) >> _1 >> shift
            place = at[part]
            keys[place], its_codes[place], its_contexts[place] = buckets[i], codes[i], contexts[i]
            at[part] += 1
    largest = 0
    for part in range(1 << bits):
        largest = max(largest, ends[part + 1] - ends[part])
    spare = np.empty(largest, np.int64), np.empty(largest, np.int32), np.empty(largest, np.int64)
    counts = np.empty(257, np.int64)
    for part in range(1 << bits):
        start, stop = ends[part], ends[part + 1]
        _spread(keys[start:stop], its_codes[start:stop], its_contexts[start:stop], spare, counts)
    return keys, its_codes, its_contexts


@inlined
def _spread(keys, codes, contexts, spare, ends):
    """Sort rows by bucket, counting on eight bits of a hash and sorting the few of each count."""
    its_keys, its_codes, its_contexts = spare
    ends[:] = 0
    for i in range(keys.size):
        ends[((np.uint64(keys[i]) * _MIX_2) >> _56) + _1] += 1
        its_keys[i], its_codes[i], its_contexts[i] = keys[i], codes[i], contexts[i]
    for n in range(256):
        ends[n + 1] += ends[n]
    for i in range(keys.size):
        n = (np.uint64(its_keys[i]) * _MIX_2) >> _56
        place = ends[n]
        keys[place], codes[place], contexts[place] = its_keys[i], its_codes[i], its_contexts[i]
        ends[n] += 1
    first = np.int64(0)
    for n in range(256):
        last = ends[n]
        if last - first > 1:
            _sort_rows(keys, codes, contexts, first, last)
        first = last


@inlined
def _sort_rows(keys, codes, contexts, start, stop):
    """Sort a part of three arrays by (key, code, context), in place, as _sort_together."""
    gap = 1
    while 3 * gap < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            key, code, context, j = keys[i], codes[i], contexts[i], i - gap
            while j >= start and (
                keys[j] > key
                or (keys[j] == key and (codes[j] > code or (codes[j] == code and contexts[j] > context)))
            ):
                keys[j + gap], codes[j + gap], contexts[j + gap] = keys[j], codes[j], contexts[j]
                j -= gap
            keys[j + gap], codes[j + gap], contexts[j + gap] = key, code, context
        gap //= 3


@inlined
def _without_repeats(codes, contexts, start, stop):
    """Drop the repeated members of a bucket that is in order; where they end."""
    end = start + 1
    for i in range(start + 1, stop):
        if codes[i] != codes[end - 1]:
            codes[end], contexts[end] = codes[i], contexts[i]
            end += 1
    return end


@inlined
def _slot_of_pair(pairs, key):
    """As _slot; two numbers are no hash, and are mixed first."""
    mask = np.uint64(pairs.size - 1)
    slot = (key * _MIX_1) >> _32 & mask
    while pairs[slot] != 0 and pairs[slot] != key:
        slot = (slot + _1) & mask
    return slot


@inlined
def _collect(pairs, n, found):
    """Put pairs into an open-addressed table, which grows before it is half full: (table, pairs in it)."""
    for key in found:
        slot = _slot_of_pair(pairs, key)
        if pairs[slot] == 0:
            pairs[slot] = key
            n += 1
            if 2 * n >= pairs.size:
                pairs = _doubled(pairs)
    return pairs, n


@inlined
def _doubled(pairs):
    grown = np.zeros(2 * pairs.size, np.uint64)
    for key in pairs:
        if key != 0:
            grown[_slot_of_pair(grown, key)] = key
    return grown


_AT_ONCE = 1 << 20  # pairs that are put by before they are told from those that were found before


@compiled
def pair(
    buckets: NDArray[np.int64],
    codes: NDArray[np.int32],
    contexts: NDArray[np.int64],
    days: NDArray[np.int64],
    today: np.int64,
    within: bool,
    limits: tuple[np.int64, np.int64],
    enough: int,
    partners: int,
) -> NDArray[np.uint64]:
    """Pairs of codes that share a bucket, as (higher code << 32 | lower code), each once, in no order.

    `days` are by code, and the codes of one day follow each other. `limits` are the sizes up to which all pairs of a
    bucket are looked at: of bands, of passages (whose buckets are odd). In a larger one of a band each meets the first few
    members; in a larger one of a passage those before it in the order of contexts. Of a passage each meets only the first few
    whose context agrees. A bucket alone decides who meets in it; without `within`, a bucket with each other day by itself.
    """
    is_new = days == today
    kept, n_rows = _company(buckets, codes, is_new, within)
    buckets, codes, contexts = _together(buckets, codes, contexts, kept, n_rows)
    pairs, n = np.zeros(1 << 16, np.uint64), np.int64(0)
    found, n_found = np.empty(_AT_ONCE, np.uint64), np.int64(0)
    glances, its_codes, its_contexts = np.empty(64, np.uint64), np.empty(64, np.int32), np.empty(64, np.int64)
    rule = limits[0], limits[1], enough, partners
    start = np.int64(0)
    while start < n_rows:
        stop = start + 1
        while stop < n_rows and buckets[stop] == buckets[start]:
            stop += 1
        end, is_passage = _without_repeats(codes, contexts, start, stop), (buckets[start] & 1) > 0
        if end - start > glances.size:
            size = 2 * (end - start)
            glances, its_codes, its_contexts = (
                np.empty(size, np.uint64),
                np.empty(size, np.int32),
                np.empty(size, np.int64),
            )
        first = start
        while first < end:
            last = first + 1
            while last < end and (within or days[codes[last]] == days[codes[first]]):
                last += 1
            if within or not is_new[codes[first]]:
                m = _members(codes, contexts, start, end, first, last, is_new, its_codes, its_contexts)
                room = m * (partners if is_passage else max(limits[0], partners))
                if n_found + room > found.size:
                    pairs, n = _collect(pairs, n, found[:n_found])
                    n_found, found = np.int64(0), _grown(found, 0, room)
                n_found = _meet(
                    its_codes, its_contexts, m, is_passage, is_new, within, rule, glances, found, n_found
                )
            first = last
        start = stop
    pairs, n = _collect(pairs, n, found[:n_found])
    return pairs[pairs != 0]


@inlined
def _members(codes, contexts, start, end, first, last, is_new, its_codes, its_contexts):
    """Write the members of a bucket from first to last, and those that are new, in their order; how many."""
    m = np.int64(0)
    for i in range(start, end):
        if first <= i < last or is_new[codes[i]]:
            its_codes[m], its_contexts[m] = codes[i], contexts[i]
            m += 1
    return m


@inlined
def _meet(codes, contexts, size, is_passage, is_new, within, rule, glances, found, n):
    """Write the pairs of a bucket of so many members; how many are written then."""
    band_limit, limit, enough, partners = rule
    if not is_passage:
        return _meet_by_band(codes, size, is_new, within, partners if size > band_limit else size, found, n)
    if size > limit:
        _sort_together(contexts, codes, 0, size)
    return _meet_by_passage(codes, contexts, size, is_new, within, limit, enough, partners, glances, found, n)


@inlined
def _meet_by_band(codes, size, is_new, within, most, found, n):
    for i in range(1, size):
        for j in range(min(i, most)):
            if _wanted(is_new[codes[i]], is_new[codes[j]], within):
                found[n] = _key(codes[i], codes[j])
                n += 1
    return n


@inlined
def _meet_by_passage(codes, contexts, size, is_new, within, limit, enough, partners, glances, found, n):
    for i in range(size):
        glances[i] = _glance(contexts[i])
    for i in range(1, size):
        agreed, own = 0, glances[i]
        for j in range(max(0, i - limit), i):
            # At a glance: contexts that agree share two bits (of three landmarks, two of which may have one), or all of either.
            other = glances[j]
            both = own & other
            if both & (both - _1) == 0 and both != own and both != other:
                continue
            if not _wanted(is_new[codes[i]], is_new[codes[j]], within):
                continue
            if _agree(contexts[i], contexts[j], enough):
                found[n] = _key(codes[i], codes[j])
                n += 1
                agreed += 1
                if agreed == partners:
                    break
    return n


@compiled
def sketches(
    one: Matrix[np.uint32],
    left: NDArray[np.int64],
    one_ends: NDArray[np.int64],
    one_passages: NDArray[np.int64],
    its: NDArray[np.int64],
    other: Matrix[np.uint32],
    right: NDArray[np.int64],
    other_ends: NDArray[np.int64],
    other_passages: NDArray[np.int64],
    their: NDArray[np.int64],
    least_slots: int,
    least_share: float,
) -> NDArray[np.bool_]:
    """Of each pair: whether the signatures agree in so many slots, or so great a share of the passages of the text with fewer
    is in both, and one at least.

    The signatures of pair i are one[left[i]] and other[right[i]], the passages those at its[i] and their[i].
    """
    kept = np.zeros(left.size, np.bool_)
    for i in range(left.size):
        x, y, n = one[left[i]], other[right[i]], np.int32(0)
        for k in range(x.size):
            n += np.int32(x[k] == y[k])
        if n >= least_slots:
            kept[i] = True
            continue
        own = one_passages[one_ends[its[i]] : one_ends[its[i] + 1]]
        theirs = other_passages[other_ends[their[i]] : other_ends[their[i] + 1]]
        shared = np.int64(0)
        for j in range(own.size):
            for k in range(theirs.size):
                shared += np.int64(own[j] == theirs[k])
        kept[i] = shared >= max(least_share * min(own.size, theirs.size), 1.0)
    return kept


_BLOOM = 64  # words of 64 bits: some 5 % of them set by an article of 400 words


@compiled
def read(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    rows: NDArray[np.int64],
    table: tokens.Tables,
    is_normal: bool,
) -> tuple[
    NDArray[np.int64],
    Matrix[np.int64],
    NDArray[np.uint64],
    NDArray[np.uint8],
    NDArray[np.uint64],
    NDArray[np.uint64],
    Matrix[np.uint64],
]:
    """What is compared of some texts, one after the other, in the order of `rows`.

    Returns (words hashes; ends of tokens, tokens, marks; ends of sets, sets; ends of facts, facts; Bloom filters of the
    tokens). A set holds the distinct shingles; the lowest bit says whether a shingle is plain: not all in quotation marks
    and not a run of names and numbers. Facts are the distinct tokens that are numbers (lowest bit set) or names. The words
    hash of a text that must be normalised first is 0, and its rest empty.
    """
    longest, total = _longest(offsets, rows)
    room, found, its_marks = (
        _room(longest),
        np.empty(2 * longest + 64, np.uint64),
        np.empty(2 * longest + 64, np.uint8),
    )
    words = np.zeros(rows.size, np.int64)
    ends = np.zeros((3, rows.size + 1), np.int64)
    every, marks = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 5, np.uint8)
    sets, facts = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 20, np.uint64)
    blooms = np.zeros((rows.size, _BLOOM), np.uint64)
    seen = np.zeros(_table_size(2 * longest + 64), np.uint64)
    for i in range(rows.size):
        n_tokens, n_sets, n_facts = ends[0, i], ends[1, i], ends[2, i]
        n = _tokenise(
            data,
            np.int64(offsets[rows[i]]),
            np.int64(offsets[rows[i] + 1]),
            table,
            is_normal,
            room,
            its_marks,
        )
        if n >= 0:
            hashes, units = room[0], room[1]
            words[i] = _words_hash(hashes, n)
            every, marks = _grown(every, n_tokens, n), _grown(marks, n_tokens, n)
            for j in range(n):
                every[n_tokens + j], marks[n_tokens + j] = hashes[j], its_marks[j]
            n_tokens += n
            m = _shingle(hashes, units, n, found)
            _mark_plain(found, units, its_marks, n, m)
            few = seen[: _table_size(n)]
            sets, facts = _grown(sets, n_sets, m), _grown(facts, n_facts, n)
            n_sets = _distinct(found, m, few, sets, n_sets)
            n_facts = _facts_of(hashes, its_marks, n, few, facts, n_facts)
            for j in range(n):
                blooms[i, (hashes[j] >> _8) & np.uint64(_BLOOM - 1)] |= _1 << (
                    (hashes[j] >> _16) & np.uint64(63)
                )
        ends[0, i + 1], ends[1, i + 1], ends[2, i + 1] = n_tokens, n_sets, n_facts
    last = ends[:, rows.size]
    return words, ends, every[: last[0]], marks[: last[0]], sets[: last[1]], facts[: last[2]], blooms


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
        found[first] = (found[first] & ~_1) | np.uint64(quoted < size and 5 * facts < 4 * size)
        held -= units[first]
        quoted -= (marks[first] & QUOTED) > 0
        facts -= (marks[first] & (NUMBER | NAME)) > 0


@inlined
def _distinct(found, m, seen, sets, filled):
    """Append the distinct of m shingles to `sets`; `seen` has more than twice the room, is all zero, and left so."""
    for j in range(m):
        key = found[j] | _1
        slot = _slot(seen, key)
        if seen[slot] == 0:
            seen[slot] = key
            sets[filled] = found[j]
            filled += 1
    seen[:] = 0
    return filled


@inlined
def _facts_of(hashes, marks, n, seen, facts, filled):
    """Append the distinct numbers and names of n tokens; `seen` as for _distinct."""
    for j in range(n):
        if marks[j] & (NUMBER | NAME):
            key = hashes[j] | _1
            slot = _slot(seen, key)
            if seen[slot] == 0:
                seen[slot] = key
                facts[filled] = (hashes[j] & ~_1) | np.uint64((marks[j] & NUMBER) > 0)
                filled += 1
    seen[:] = 0
    return filled


@compiled
def compare(
    ends: Matrix[np.int64],
    sets: NDArray[np.uint64],
    facts: NDArray[np.uint64],
    blooms: Matrix[np.uint64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> Matrix[np.int32]:
    """Each pair by its sets and facts.

    Returns int32 (pairs, 11): shared shingles, those plain in the left, in the right; then for each side its distinct
    numbers, those of them that the other lacks, names, those of them that the other lacks (at least: by Bloom filter).
    Pairs with the same left that follow each other share its table.
    """
    out = np.zeros((left.size, 11), np.int32)
    keys, at = np.zeros(64, np.uint64), np.int64(-1)
    for i in range(left.size):
        if left[i] != at:
            at = left[i]
            keys = _sparse(sets, ends[1, at], ends[1, at + 1], keys)
        mask = np.uint64(keys.size - 1)
        shared, plain_left, plain_right = _0, _0, _0
        for place in range(ends[1, right[i]], ends[1, right[i] + 1]):
            value = sets[place]
            slot = (value >> _32) & mask
            while keys[slot] != 0 and (keys[slot] ^ value) > _1:
                slot = (slot + _1) & mask
            found = np.uint64(keys[slot] != 0)
            shared += found
            plain_left += keys[slot] & _1
            plain_right += found & value
        out[i, 0], out[i, 1], out[i, 2] = shared, plain_left, plain_right
        _lacking(facts, ends[2, left[i]], ends[2, left[i] + 1], blooms[right[i]], out[i, 3:7])
        _lacking(facts, ends[2, right[i]], ends[2, right[i] + 1], blooms[left[i]], out[i, 7:11])
    return out


@inlined
def _sparse(sets, first, last, keys):
    """The values of a set in a table with so much room that most stand where they are looked for first."""
    size = 4 * _table_size(last - first)
    if keys.size == size:
        keys[:] = 0
    else:
        keys = np.zeros(size, np.uint64)
    mask = np.uint64(size - 1)
    for place in range(first, last):
        slot = (sets[place] >> _32) & mask
        while keys[slot] != 0:
            slot = (slot + _1) & mask
        keys[slot] = sets[place] | np.uint64(2 * (sets[place] < 2))  # zero marks an empty slot
    return keys


@inlined
def _lacking(facts, first, last, bloom, out):
    """Count numbers, numbers that are not in the filter, names, names that are not."""
    for place in range(first, last):
        value = facts[place]
        which = 0 if value & _1 else 2
        out[which] += 1
        out[which + 1] += (
            (bloom[(value >> _8) & np.uint64(_BLOOM - 1)] >> ((value >> _16) & np.uint64(63))) & _1
        ) == 0


_ANCHOR = 3  # tokens of an anchor: short enough to stand between two edits, long enough to be rare
_GAP = 64  # tokens, the bits of a word: longer gaps between anchors are not aligned but count as different
_REWRITTEN = 6  # tokens without a counterpart, in both texts, that make a gap a passage of its own


@compiled
def align(
    every: NDArray[np.uint64], ends: Matrix[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Each pair token by token; `every` and `ends` are the tokens of `read`. Pairs with the same left that follow each other
    share its table.

    Returns int32 (pairs, 2 sides, 3): tokens, tokens with a counterpart in the other text in the same order, tokens in
    passages that each text has in words of its own.
    """
    out = np.zeros((left.size, 2, 3), np.int32)
    longest = 0
    for row in range(ends.shape[1] - 1):
        longest = max(longest, ends[0, row + 1] - ends[0, row])
    size = _table_size(longest)
    keys, at = np.zeros(size, np.uint64), np.empty(size, np.int32)
    anchors = np.empty((2, longest + 1), np.int32)
    chain, tails = np.empty(longest + 1, np.int32), np.empty(longest + 1, np.int32)
    last = np.int64(-1)
    used = size
    for i in range(left.size):
        one = every[ends[0, left[i]] : ends[0, left[i] + 1]]
        other = every[ends[0, right[i]] : ends[0, right[i] + 1]]
        if left[i] != last:
            last, used = left[i], _table_size(one.size)
            _set_anchors(one, keys[:used], at)
        n = _anchors(other, keys[:used], at, anchors)
        n = _chain(anchors, n, tails, chain)
        out[i, 0, 0], out[i, 1, 0] = one.size, other.size
        _match(one, other, anchors, chain, n, out[i])
    return out


@inlined
def _set_anchors(one, keys, at):
    """Where each run of _ANCHOR tokens stands in a text; -1 where it stands more than once."""
    keys[:] = 0
    for i in range(one.size - _ANCHOR + 1):
        key = _anchor(one, i)
        slot = _slot(keys, key)
        at[slot] = i if keys[slot] == 0 else -1
        keys[slot] = key


@inlined
def _anchors(other, keys, at, anchors):
    """Runs that stand once in the first text: their places in both, in the order of the other; how many."""
    n = 0
    for j in range(other.size - _ANCHOR + 1):
        slot = _slot(keys, _anchor(other, j))
        if keys[slot] != 0 and at[slot] >= 0:
            anchors[0, n], anchors[1, n] = at[slot], j
            n += 1
    return n


@inlined
def _anchor(text, i):
    key = text[i]
    for k in range(1, _ANCHOR):
        key = key * _FACTOR + text[i + k]
    return ((key ^ (key >> _33)) * _MIX_1) | _1


@inlined
def _chain(anchors, n, tails, chain):
    """Which of n anchors make a longest increasing run in both texts (Fredman 1975, by patience); how many."""
    previous, length = np.empty(n, np.int32), 0
    for i in range(n):
        value, low, high = anchors[0, i], 0, length
        if length and anchors[0, tails[length - 1]] < value:
            low = length
        else:
            while low < high:
                middle = (low + high) // 2
                if anchors[0, tails[middle]] < value:
                    low = middle + 1
                else:
                    high = middle
        previous[i] = tails[low - 1] if low > 0 else -1
        tails[low] = i
        length = max(length, low + 1)
    i = tails[length - 1] if length else -1
    for place in range(length - 1, -1, -1):
        chain[place] = i
        i = previous[i]
    return length


@inlined
def _match(one, other, anchors, chain, n, out):
    """Match tokens along a chain of anchors, and in the gaps between them by longest common subsequence."""
    p, q = 0, 0  # everything before is settled
    for place in range(n + 1):
        is_end = place == n
        i = one.size if is_end else anchors[0, chain[place]]
        j = other.size if is_end else anchors[1, chain[place]]
        if not is_end and (i < p or j < q):  # overlaps the anchor before
            if i - p != j - q:
                continue
            i, j = p, q
        elif n > 0 and (i > p or j > q):
            # Before the first anchor and behind the last only what stands near it can belong to it.
            first_p, first_q = (max(p, i - _GAP), max(q, j - _GAP)) if place == 0 else (p, q)
            last_i, last_j = (min(i, p + _GAP), min(j, q + _GAP)) if is_end else (i, j)
            found = _common(one, first_p, last_i, other, first_q, last_j)
            out[0, 1] += found
            out[1, 1] += found
            longest = max(last_i - first_p, last_j - first_q)
            if min(i - p, j - q) - found >= _REWRITTEN and 9 * longest > 20 * found:
                out[0, 2] += i - p - found
                out[1, 2] += j - q - found
        if not is_end:
            stop = anchors[0, chain[place]] + _ANCHOR
            out[0, 1] += stop - i
            out[1, 1] += stop - i
            p, q = stop, anchors[1, chain[place]] + _ANCHOR


@inlined
def _common(one, p, p_stop, other, q, q_stop):
    """Length of the longest common subsequence of two gaps; of a gap too long for that, of its equal ends.

    A row of the table is one word, a bit for each token of the other gap (Hyyrö, Bit-parallel LCS-length computation revisited, 2004).
    """
    n = 0
    while p < p_stop and q < q_stop and one[p] == other[q]:
        p, q, n = p + 1, q + 1, n + 1
    while p < p_stop and q < q_stop and one[p_stop - 1] == other[q_stop - 1]:
        p_stop, q_stop, n = p_stop - 1, q_stop - 1, n + 1
    size = q_stop - q
    if p == p_stop or size == 0 or p_stop - p > _GAP or size > _GAP:
        return n
    row = ~_0
    for i in range(p, p_stop):
        equal = _0
        for j in range(size):
            equal |= np.uint64(one[i] == other[q + j]) << np.uint64(j)
        both = row & equal
        row = (row + both) | (row - both)
    return n + np.int64(_ones(~row))


@compiled
def lacking(
    every: NDArray[np.uint64],
    marks: NDArray[np.uint8],
    ends: Matrix[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Each pair by its facts, exactly; `every`, `marks` and `ends` are the tokens of `read`.

    Returns int32 (pairs, 2 sides, 5): of distinct tokens numbers, numbers that the other text lacks, names, names that the
    other lacks, repeated words that the other lacks.
    """
    out = np.zeros((left.size, 2, 5), np.int32)
    for i in range(left.size):
        for side in range(2):
            mine, its = (left[i], right[i]) if side == 0 else (right[i], left[i])
            keys = np.zeros(_table_size(ends[0, its + 1] - ends[0, its]), np.uint64)
            for place in range(ends[0, its], ends[0, its + 1]):
                keys[_slot(keys, every[place] | _1)] = every[place] | _1
            own = np.zeros(_table_size(ends[0, mine + 1] - ends[0, mine]), np.uint64)
            kinds, times = np.zeros(own.size, np.uint8), np.zeros(own.size, np.uint8)
            for place in range(ends[0, mine], ends[0, mine + 1]):
                slot = _slot(own, every[place] | _1)
                own[slot] = every[place] | _1
                kinds[slot] |= marks[place]
                times[slot] = min(times[slot] + 1, 2)
            for slot in range(own.size):
                if own[slot] != 0:
                    lacks = keys[_slot(keys, own[slot])] == 0
                    if kinds[slot] & (NUMBER | NAME):
                        which = 0 if kinds[slot] & NUMBER else 2
                        out[i, side, which] += 1
                        out[i, side, which + 1] += lacks
                    out[i, side, 4] += lacks and times[slot] > 1
    return out


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
def place(
    group: Written[NDArray[np.int64]],
    n_earlier: int,
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    jaccards: NDArray[np.float64],
    containments: NDArray[np.float64],
    fullest: Written[NDArray[np.int64]],
    sizes: Written[NDArray[np.float64]],
    whole: Written[NDArray[np.bool_]],
    codes: tuple[np.uint8, np.uint8, np.uint8, np.uint8, np.uint8],
    least_share: float,
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Put articles into copy groups, one after the other; `group` is filled from n_earlier on.

    Articles are numbered in their order; a group has the number of its origin, -1 where that is not at hand. Links stand
    by (article, other); kinds are numbers, 0 for refused; `codes` are those of expanded, exact, refetch, excerpt and near. `fullest` and
    `sizes` are by group: its member that holds most beyond the origin (or -1), and how much larger it is. A text whose
    link with the origin was refused may yet hold `least_share` of it and stand in the fullest text; or, `least_share` of it
    being in the origin, be an excerpt of a member that is the origin's text as a whole (`whole`, by article).

    Returns (link by article or -1 for an origin, wanted pairs as article << 32 | other): a wanted pair was looked for and
    is no link yet.
    """
    expanded, exact, refetch, excerpt, near = codes
    chosen = np.full(group.size, -1, np.int64)
    wanted, n_wanted = np.empty(64, np.uint64), np.int64(0)
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
            link, state = _holds(
                x, g, starts, others, kinds, jaccards, containments, fullest, expanded, least_share
            )
            if state == _REFUSED:
                if kinds[at] != excerpt or not whole[others[at]]:
                    continue
                own = _link(starts, others, x, g)
                if own < 0 or containments[own] < least_share:
                    continue
                link, state = at, _ACCEPTED
            if state == _UNKNOWN:
                asked = g if _link(starts, others, x, g) < 0 else fullest[g]
                wanted, n_wanted = _push(wanted, n_wanted, x, asked)
            rank = 1 if state == _ACCEPTED and kinds[link] == exact else 2
            if rank < best_rank or best < 0 or (rank == best_rank and g < best):
                best, best_rank, best_link = g, rank, link
        group[x] = best if best >= 0 else x
        chosen[x] = best_link
        if best >= 0:
            wanted, n_wanted = _introduce(x, group, n_earlier, starts, others, kinds, wanted, n_wanted)
        whole[x] = best < 0 or (
            others[best_link] == best and (kinds[best_link] == exact or kinds[best_link] == near)
        )
        if best >= 0 and best_link >= 0 and others[best_link] == best and kinds[best_link] == expanded:
            size = _size(jaccards[best_link], containments[best_link])
            if fullest[best] < 0 or size > sizes[best]:
                fullest[best], sizes[best] = x, size
    return chosen, wanted[:n_wanted]


@inlined
def _introduce(x, group, n_earlier, starts, others, kinds, wanted, n_wanted):
    """Want the origins of x's group and of each other group that x has an accepted link with compared.

    Of a large bucket only some pairs are compared, and what came first may have met none of what came next.
    """
    for at in range(starts[x], starts[x + 1]):
        g = group[others[at]]
        later, earlier = max(g, group[x]), min(g, group[x])
        if kinds[at] != 0 and earlier >= 0 and later >= n_earlier and later != earlier:
            if _link(starts, others, later, earlier) < 0:
                wanted, n_wanted = _push(wanted, n_wanted, later, earlier)
    return wanted, n_wanted


@inlined
def _holds(x, g, starts, others, kinds, jaccards, containments, fullest, expanded, least_share):
    """Whether x is a copy of the text of group g, and the link that says so."""
    origin = _link(starts, others, x, g)
    if origin < 0:
        return origin, _UNKNOWN
    if kinds[origin] != 0 and (kinds[origin] != expanded or fullest[g] < 0):
        return origin, _ACCEPTED
    if fullest[g] < 0 or fullest[g] == x:
        return origin, _REFUSED
    if kinds[origin] == 0:
        share = max(
            containments[origin], containments[origin] * _size(jaccards[origin], containments[origin])
        )
        if share < least_share:
            return origin, _REFUSED
    full = _link(starts, others, x, fullest[g])
    if full < 0:
        return full, _UNKNOWN
    if kinds[full] == 0 or (kinds[origin] == 0 and kinds[full] == expanded):
        return full, _REFUSED
    return (origin if kinds[origin] != 0 else full), _ACCEPTED


@compiled
def dots(
    starts: NDArray[np.int32],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    rows: NDArray[np.int64],
    other_starts: NDArray[np.int32],
    other_columns: NDArray[np.int32],
    other_values: NDArray[np.float32],
    other_rows: NDArray[np.int64],
    width: int,
) -> NDArray[np.float64]:
    """The product of `rows[n]` of one sparse matrix with `other_rows[n]` of another, for each n, summed in double.

    A row is written out once for all the pairs that follow each other with it.
    """
    out = np.zeros(len(rows))
    written = np.zeros(width)
    last = -1
    for n in range(len(rows)):
        row, other = rows[n], other_rows[n]
        if row != last:
            if last >= 0:
                for k in range(starts[last], starts[last + 1]):
                    written[columns[k]] = 0.0
            for k in range(starts[row], starts[row + 1]):
                written[columns[k]] = values[k]
            last = row
        total = 0.0
        for k in range(other_starts[other], other_starts[other + 1]):
            total += written[other_columns[k]] * other_values[k]
        out[n] = total
    return out


@compiled
def heaviest(
    starts: NDArray[np.int32],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    is_left_out: NDArray[np.bool_],
    n: int,
) -> NDArray[np.bool_]:
    """Which entries of a sparse matrix are among the n greatest of their row, the first of equal ones first."""
    kept = np.zeros(len(values), np.bool_)
    for row in range(len(starts) - 1):
        places = np.arange(starts[row], starts[row + 1])
        places = places[~is_left_out[columns[places]]]
        order = np.argsort(-values[places], kind="mergesort")
        kept[places[order[:n]]] = True
    return kept
