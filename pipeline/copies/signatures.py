"""Signatures of articles, and the buckets in which articles with similar texts meet.

The signature is datasketch's (`scheme="affine32"`, seed 1), bit for bit, with `tokens.shingle_hash` as `hashfunc`;
it is computed for a whole batch in one compiled pass. MinHash: Broder, On the resemblance and containment of
documents (1997). Whole texts meet by bands of the signature; excerpts, which share little with the whole, by
passages: shingles sampled by their hash, the same in every text that has them (Manber's 0 mod p, 1994).
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.model import arrow
from pipeline.model.ids import pack
from pipeline.model.internal_tables import BUCKETS, SIGNATURES
from pipeline.text import scripts, tokens

if TYPE_CHECKING:
    from pipeline.kernels.signing import Passages, Permutations

SCHEME = "affine32"
PERMUTATIONS = 128
SEED = 1
SIMILARITY, RECALL = 0.5, 0.99  # of texts with this Jaccard, so many pairs are to be proposed
BANDS, ROWS = 42, 3  # what bands_for finds: a constant, so that no run pays for the search
PASSAGE_RATE = 16
LANDMARK_RATE = 4


def sign(articles: pa.Table) -> pa.Table:
    """SIGNATURES of the articles that have a token; the columns `article_id` and `text` are read."""
    ids, texts = articles["article_id"], articles["text"]
    pieces, start = [SIGNATURES.empty()], 0
    for chunk in texts.chunks:
        pieces.append(_sign(ids.slice(start, len(chunk)), chunk))
        start += len(chunk)
    return pa.concat_tables(pieces)


def band(signatures: pa.Table) -> pa.Table:
    """BUCKETS of the signatures: one for each band, one for all words, one for each passage."""
    from pipeline.kernels import signing

    found = signing.band(
        matrix(signatures["signature"]),
        signatures["words_hash"].to_numpy(),
        sampled(signatures["passages"]),
        ROWS,
        np.uint64(LANDMARK_RATE),
        np.uint64(0),  # part of
        np.uint64(1),  # so many: all
    )
    ids = pack(signatures["article_id"])[found.texts]
    article = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(ids), [None, arrow.buffer_of(ids)])
    return pa.table([pa.array(found.keys), article, pa.array(found.contexts)], schema=BUCKETS.schema)


@cache
def permutations(count: int = PERMUTATIONS, seed: int = SEED) -> "Permutations":
    """The permutations of datasketch's affine32, drawn in the same way; `a` is odd."""
    from pipeline.kernels.signing import Permutations

    generator = np.random.RandomState(seed)
    a = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return Permutations(a, generator.randint(0, 1 << 32, count, dtype=np.uint32))


def bands_for(
    similarity: float = SIMILARITY, least: float = RECALL, count: int = PERMUTATIONS
) -> tuple[int, int]:
    """The numbers of bands and rows that reach this recall, with as many rows as possible: then the fewest pairs meet by chance. Raises
    ValueError if none do.
    """
    for rows in range(count, 0, -1):
        if recall(similarity, count // rows, rows) >= least:
            return count // rows, rows
    raise ValueError(f"{count} permutations do not reach a recall of {least} at a Jaccard of {similarity}")


def described() -> str:
    """The parameters of signatures and buckets, as text. Stored ones with other parameters are not read."""
    return (
        f"{SCHEME}, seed {SEED}, {PERMUTATIONS} permutations, {BANDS} bands of {ROWS}, a passage in {PASSAGE_RATE}, a landmark in"
        f" {LANDMARK_RATE}, shingles of {tokens.SHINGLE_UNITS} units, {tokens.NORMALISER}, {scripts.tables()}"
    )


def recall(jaccard: float, bands: int = BANDS, rows: int = ROWS) -> float:
    """The probability that two texts of this Jaccard share a band."""
    return 1 - (1 - jaccard**rows) ** bands


def _sign(ids: arrow.ChunkedArray, texts: arrow.Array) -> pa.Table:
    from pipeline.kernels.texts import normalised

    every = np.arange(len(texts))
    counts, rows = _signed(ids, texts, every, is_normal=False)
    late = np.flatnonzero(counts < 0)
    if not len(late):
        return rows
    again = normalised(texts, late)
    _, more = _signed(ids.take(arrow.indices(late)), again, np.arange(len(late)), is_normal=True)
    return pa.concat_tables([rows, more])


def _signed(
    ids: arrow.ChunkedArray, texts: arrow.Array, rows: NDArray[np.int64], *, is_normal: bool
) -> tuple[NDArray[np.int32], pa.Table]:
    """Shingle counts of the texts (-1: to be normalised first), and SIGNATURES of those that have any."""
    from pipeline.kernels import signing
    from pipeline.kernels.texts import strings

    sample_below = np.uint64((1 << 32) // PASSAGE_RATE)
    signed = signing.sign(strings(texts), rows, tokens.tables(), is_normal, permutations(), sample_below)
    counts = signed.n_shingles
    data = arrow.buffer_of(np.ascontiguousarray(signed.signatures, "<u4"))
    ends, passages = (pa.array(column, pa.int64()) for column in signed.passages)
    lists = pa.LargeListArray.from_arrays(ends, passages)
    columns = [
        ids,
        pa.FixedSizeBinaryArray.from_buffers(pa.binary(4 * PERMUTATIONS), len(counts), [None, data]),
        pa.array(signed.words),
        pa.array(counts),
        lists.cast(SIGNATURES.schema.field("passages").type),
    ]
    found = pa.table(columns, schema=SIGNATURES.schema)
    return counts, found if (counts > 0).all() else found.filter(pa.array(counts > 0))


def sampled(passages: arrow.ChunkedArray | arrow.Array) -> "Passages":
    """The passages of some texts, whatever slice of its memory the array shows."""
    from pipeline.kernels.signing import Passages

    lists = arrow.as_lists(passages)
    ends = lists.offsets.to_numpy().astype(np.int64)
    return Passages(ends - ends[0], lists.flatten().to_numpy())


def matrix(column: arrow.ChunkedArray | arrow.Array) -> NDArray[np.uint32]:
    """Signatures as rows of minima."""
    parts = []
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        data = chunk.buffers()[1]
        width = 4 * PERMUTATIONS
        parts.append(
            np.frombuffer(arrow.memory(data), "<u4", len(chunk) * PERMUTATIONS, chunk.offset * width)
        )
    if len(parts) != 1:
        parts = [np.concatenate([np.zeros(0, np.uint32), *parts])]
    return parts[0].reshape(-1, PERMUTATIONS)
