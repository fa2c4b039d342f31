"""How alike the headlines of articles and stories are, whatever their languages, from vectors of whole numbers.

The vectors of a story are kept as one sum. The likeness of two groups is the mean over their pairs, as the similarity of their
terms is (`stories.similarity`), and is added to it. Only sums of whole numbers are divided, so no order of adding shows in a
score. Of two articles one of which has no vector, the terms alone count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.model.arrow import Booleans, Floats, Integers, filled, find
from pipeline.model.contract import VECTOR
from pipeline.stories.headline_vectors import LENGTH, numbers
from pipeline.stories.sentence_encoder import LANGUAGES

WEIGHT = 0.15  # of the likeness of two headlines in one language, beside the similarity of all terms
TRANSLATED_WEIGHT = 0.55  # and in two languages, which share few terms
ALIKE = 0.45  # as near as that are 19 of 20 translations of a headline, and few headlines of other events
CANDIDATES = 20  # articles and stories that an article is compared with for its headline
_LANGUAGES = pa.array(LANGUAGES)
_BLOCK = 256  # articles whose candidates are looked up at once, in 100 MB for 100,000 stories

Number = TypeVar("Number", np.int32, np.int64)


@dataclass(frozen=True)
class Headlines:
    """One row for each article or group of articles. Without any vector, the sums have no columns."""

    sums: NDArray[np.int32]  # of the members' vectors
    counts: Integers  # members that have a vector
    sizes: Integers  # members
    languages: NDArray[np.int32]  # how many of those that have a vector are in each language of the model

    @classmethod
    def of_each(cls, tables: Sequence[pa.Table]) -> "list[Headlines]":
        """Those of the rows of some TERMS that are to be compared. A table without vectors may lack their column."""
        has_some = any("vector" in t.column_names and t["vector"].null_count < len(t) for t in tables)
        return [cls._of(t, has_some) for t in tables]

    @classmethod
    def _of(cls, table: pa.Table, has_some: bool) -> "Headlines":
        n = len(table)
        ones = np.ones(n, np.int64)
        if not has_some:
            return cls(np.zeros((n, 0), np.int32), 0 * ones, ones, np.zeros((n, 0), np.int32))
        lacking = pa.chunked_array([pa.nulls(n, VECTOR)])
        vectors = table["vector"] if "vector" in table.column_names else lacking
        has_vector = vectors.is_valid().to_numpy()
        language = filled(find(table["language"], _LANGUAGES), -1).to_numpy()
        languages = (language[:, None] == np.arange(len(_LANGUAGES))) & has_vector[:, None]
        return cls(numbers(vectors), has_vector.astype(np.int64), ones, languages.astype(np.int32))

    @classmethod
    def concat(cls, parts: "Sequence[Headlines]") -> "Headlines":
        """All rows of the parts."""
        return cls(
            np.concatenate([part.sums for part in parts]),
            np.concatenate([part.counts for part in parts]),
            np.concatenate([part.sizes for part in parts]),
            np.concatenate([part.languages for part in parts]),
        )

    def __bool__(self) -> bool:
        """Whether there may be any vector."""
        return bool(self.sums.shape[1])

    def take(self, rows: Integers | slice) -> "Headlines":
        return Headlines(self.sums[rows], self.counts[rows], self.sizes[rows], self.languages[rows])

    def united(self, other: "Headlines") -> "Headlines":
        """Row by row, the members of both."""
        return Headlines(
            self.sums + other.sums,
            self.counts + other.counts,
            self.sizes + other.sizes,
            self.languages + other.languages,
        )

    def joint(self, groups: Integers, n_groups: int) -> "Headlines":
        """One row for each group, with the members of all rows in it."""
        order = np.argsort(groups, kind="stable")
        begins = np.searchsorted(groups[order], np.arange(n_groups))  # no group is empty

        def summed(column: NDArray[Number]) -> NDArray[Number]:
            found = np.add.reduceat(column[order], begins, dtype=column.dtype) if n_groups else column[:0]
            return found.astype(column.dtype, copy=False)

        return Headlines(summed(self.sums), summed(self.counts), summed(self.sizes), summed(self.languages))

    def likeness(self, one: Integers, other: Integers, others: "Headlines | None" = None) -> Floats:
        """What the headlines of each pair `one[n]`, `other[n]` add to the similarity of their terms; `other` are rows of `others`."""
        if not self:
            return np.zeros(len(one))
        from pipeline.kernels.nearest import products  # late: most runs need no compiled code for vectors

        theirs = self if others is None else others
        pairs = self.counts[one] * theirs.counts[other]
        sizes = self.sizes[one] * theirs.sizes[other]
        same = products(self.languages, one, theirs.languages, other)
        return _mean(products(self.sums, one, theirs.sums, other), same, pairs, sizes)

    def likeness_to_rest(self, groups: Integers, n_groups: int) -> Floats:
        """The same of each row and all others of its group; not a number where there is no other."""
        if not self:
            return np.zeros(len(groups))
        rest = self.joint(groups, n_groups).take(groups)
        alike, same = (
            np.einsum("ij,ij->i", own, whole - own, dtype=np.int64)
            for own, whole in ((self.sums, rest.sums), (self.languages, rest.languages))
        )
        pairs = self.counts * (rest.counts - self.counts)
        return _mean(alike, same, pairs, self.sizes * (rest.sizes - self.sizes))

    def are_translations(self, one: Integers, other: Integers) -> Booleans:
        """Whether the two of each pair are in different languages, and their headlines say nearly the same."""
        if not self:
            return np.zeros(len(one), bool)
        from pipeline.kernels.nearest import products

        pairs = self.counts[one] * self.counts[other]
        in_one_language = products(self.languages, one, self.languages, other)
        alike = products(self.sums, one, self.sums, other) >= ALIKE * LENGTH**2 * pairs
        found: Booleans = alike & (pairs > 0) & (in_one_language == 0)
        return found

    def candidates(self, others: "Headlines") -> tuple[Integers, Integers]:
        """For each row, those of `others` whose headlines are nearest and alike: row numbers, ordered by the first."""
        from pipeline.kernels.nearest import greatest

        theirs, rows, found = others.rounded_means(), [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for first in range(0, len(self.sums) if self else 0, _BLOCK):
            # Products of rows no longer than LENGTH are below 2^24: float32 adds them up exactly, in any order.
            alike = self.take(slice(first, first + _BLOCK)).rounded_means() @ theirs.T
            columns = greatest(alike, CANDIDATES + 1, ALIKE * LENGTH**2)
            row, place = np.nonzero(columns >= 0)
            rows.append(row + first)
            found.append(columns[row, place])
        return np.concatenate(rows), np.concatenate(found)

    def rounded_means(self) -> NDArray[np.float32]:
        """The mean vectors in whole numbers; zeros where there is none."""
        return np.rint(self.sums / np.maximum(self.counts, 1)[:, None]).astype(np.float32)


def _mean(alike: Integers, in_one_language: Integers, pairs: Integers, all_pairs: Integers) -> Floats:
    """The mean over all pairs of what they add, from the sum of the products of those that have vectors.

    Everything is a whole number until it is divided.
    """
    same = in_one_language / np.maximum(pairs, 1)
    weights = WEIGHT * same + TRANSLATED_WEIGHT * (1.0 - same)
    found: Floats = weights * (alike / LENGTH**2) / all_pairs
    return found
