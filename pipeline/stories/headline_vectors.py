"""Headline vectors: what a headline says, in any of the model's languages, as 512 whole numbers.

The vector is what `stories.sentence_encoder` makes of the headline, less the mean of its language, at length 400, rounded. What
all headlines of a language have in common tells nothing of one. The means are frozen (`headline_means.npz`, made by
`benchmarks/headline_means.py`), so the vector is a function of the headline and its language alone. An article
without a headline has the vector of its first words; one in a language that the model does not know has none.
"""

import hashlib
from functools import cache
from importlib import resources

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.model.arrow import (
    Array,
    Booleans,
    ChunkedArray,
    Floats,
    buffer_of,
    byte_strings,
    filled,
    flat,
    is_in,
    texts,
)
from pipeline.model.contract import HEADLINE_VECTOR, VECTOR, VECTOR_SIZE
from pipeline.model.internal_tables import VECTORS
from pipeline.stories import sentence_encoder
from pipeline.stories.sentence_encoder import LANGUAGES, encoder, of_unit_length

LENGTH = 400.0  # of a vector before rounding: the largest value seen is 63, and a rounded one is still within .001 of its direction
FIRST_CHARS = 300  # what is read of a headline or of a text: more than the model's pieces in any language


def encode_headlines(headlines: pa.Table) -> pa.Table:
    """`article_id`, `language` and `headline` to VECTORS, one row for each; null where the model does not know the language."""
    is_known = is_in(headlines["language"], pa.array(LANGUAGES)).to_numpy()
    said = headlines.select(["language", "headline"]).filter(pa.array(is_known))
    pairs = list(zip(texts(said["language"]), texts(said["headline"]), strict=True))
    made = np.zeros((len(is_known), VECTOR_SIZE), np.int8)
    if different := list(dict.fromkeys(pairs)):
        encoded = encoder().encode([headline[:FIRST_CHARS] for _, headline in different])
        vectors = rounded(encoded, [language for language, _ in different])
        place = {pair: n for n, pair in enumerate(different)}
        made[is_known] = vectors[[place[pair] for pair in pairs]]
    return VECTORS.conform(
        pa.table({"article_id": headlines["article_id"], "vector": _packed(made, is_known)})
    )


def rounded(encoded: Floats, languages: list[str]) -> NDArray[np.int8]:
    """Rows of unit length less the means of their languages, at LENGTH, as whole numbers."""
    middle = np.stack([means().get(language, means()[""]) for language in languages])
    scaled = np.rint(of_unit_length(encoded - middle) * LENGTH)
    return np.clip(scaled, -127, 127).astype(np.int8)


def described() -> str:
    """The model and the means in words, for what is made with them."""
    return f"{sentence_encoder.described()}, means {_means_digest()}"


def numbers(vectors: ChunkedArray) -> NDArray[np.int32]:
    """One row for each vector; zeros for null."""
    return _unpacked(vectors).astype(np.int32)


def as_lists(vectors: ChunkedArray) -> Array:
    """Packed vectors as lists of whole numbers, for readers; null where there is none."""
    values = pa.array(_unpacked(vectors).ravel())
    valid = pa.array(vectors.is_valid().to_numpy()).buffers()[1]
    return pa.Array.from_buffers(HEADLINE_VECTOR, len(vectors), [valid], children=[values])


def as_bytes(lists: ChunkedArray) -> Array:
    """The opposite of `as_lists`."""
    found = np.zeros((len(lists), VECTOR_SIZE), np.int8)
    has_vector = lists.is_valid().to_numpy()
    found[has_vector] = flat(lists.drop_null()).to_numpy().reshape(-1, VECTOR_SIZE)
    return _packed(found, has_vector)


def _packed(values: NDArray[np.int8], has_vector: Booleans) -> Array:
    valid = pa.array(has_vector).buffers()[1]
    return pa.Array.from_buffers(VECTOR, len(values), [valid, buffer_of(values)])


def _unpacked(vectors: ChunkedArray) -> NDArray[np.int8]:
    packed = b"".join(byte_strings(filled(vectors, bytes(VECTOR_SIZE))))
    return np.frombuffer(packed, np.int8).reshape(len(vectors), VECTOR_SIZE)


@cache
def means() -> dict[str, Floats]:
    """The mean vector of headlines by language; under "" that of languages without one of their own."""
    path = resources.files("pipeline.stories").joinpath("headline_means.npz")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        return {name.removeprefix("other"): found[name] / 2.0**15 for name in found.files}


@cache
def _means_digest() -> str:
    found = hashlib.blake2b(digest_size=8)
    for language, mean in sorted(means().items()):
        found.update(language.encode() + mean.astype("<f8").tobytes())
    return found.hexdigest()
