"""What is joined to stories, and how near two of it are to each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model.arrow import Booleans, Floats, Integers
from pipeline.stories import matrices, similarity
from pipeline.stories.headline_likeness import Headlines
from pipeline.stories.matrices import Vectors

PIECE_PAIRS = 1 << 18  # scored at once: 250 bytes of scratch memory each
LEAST_SHARED = 2  # terms: headlines without a text are near in a single everyday word


@dataclass(frozen=True)
class Field:
    """What is joined, by number: open stories, then the day's articles in time order."""

    means: Vectors  # one row of terms each; that of an open story is the mean of its members
    sizes: Integers
    spans: Floats
    names: Vectors  # one row of terms each: those that its headlines name
    has_names: Booleans
    n_terms: NDArray[np.int32]  # of the longest text of each
    tongues: Integers  # its languages, as bits; 0 where none is known
    headlines: Headlines
    n_stories: int
    days: float  # of a window

    def __len__(self) -> int:
        return len(self.sizes)

    def score(self, one: Integers, other: Integers) -> Floats:
        """The similarity of each pair `one[n]`, `other[n]`: the mean cosine, lowered by silence."""
        parts = [slice(n, n + PIECE_PAIRS) for n in range(0, len(one), PIECE_PAIRS)]
        return np.concatenate([np.zeros(0), *(self._score(one[part], other[part]) for part in parts)])

    def _score(self, one: Integers, other: Integers) -> Floats:
        near = self.likeness(one, other) + self.headlines.likeness(one, other)
        faded = near * similarity.fading(self.spans[one], self.spans[other], self.days)
        return np.round(faded, similarity.DECIMALS)

    def likeness(self, one: Integers, other: Integers) -> Floats:
        """The mean cosine of the terms of each pair, whatever lies between them."""
        return matrices.dots(self.means, one, self.means, other)

    def are_strangers(self, one: Integers, other: Integers) -> Booleans:
        """Whether the headlines of both name somebody or something, and neither's texts have what the other's headlines name.

        For example the weather of two towns, or the results of two companies: the same form, but different events. Two without a
        common language are not asked: each has its own letters, or spelling, for the same name. An unknown language may be any.
        """
        is_comparable = self._have_names(one, other)
        is_comparable &= similarity.are_comparable(self.tongues[one], self.tongues[other])
        return is_comparable & ~self._meet_names(one, other) & ~self.headlines.are_translations(one, other)

    def share_actors(self, one: Integers, other: Integers) -> Booleans:
        """Whether the headlines of both name somebody or something, and some of it is in the other's texts."""
        return self._have_names(one, other) & self._meet_names(one, other)

    def _have_names(self, one: Integers, other: Integers) -> Booleans:
        found: Booleans = self.has_names[one] & self.has_names[other]
        return found

    def _meet_names(self, one: Integers, other: Integers) -> Booleans:
        met = matrices.dots(self.names, one, self.means, other)
        met += matrices.dots(self.names, other, self.means, one)
        found: Booleans = met > 0
        return found

    def share_enough(self, one: Integers, other: Integers) -> Booleans:
        """Whether the two of each pair have LEAST_SHARED terms in common."""
        shared = matrices.n_shared(self.means, one, other)
        found: Booleans = shared >= LEAST_SHARED
        return found | self.headlines.are_translations(one, other)
