"""Digests: articles that tell several events in brief. Each is near to all of them, and a report of none.

Reports of one event resemble one another, for they share its names. Three articles that do not, and are all near to a fourth,
say that it is made of parts: with vectors at right angles to one another, nothing else is near to three.
"""

import numpy as np

from pipeline.model.arrow import Booleans, Floats, Integers

EVENTS = 3
UNLIKE = 0.07  # the similarity of articles of different events is half of it on average


def are_digests(one: Integers, other: Integers, scores: Floats, near: float, n: int) -> Booleans:
    """Which of `n` articles and stories are digests, by their pairs, each once; `near` is the score of reports of one event."""
    codes = np.minimum(one, other) * n + np.maximum(one, other)
    order = np.argsort(codes)
    known = _Known(codes[order], scores[order], n)
    is_near = scores >= near
    centre = np.concatenate([one[is_near], other[is_near]])
    leaf = np.concatenate([other[is_near], one[is_near]])
    score = np.concatenate([scores[is_near], scores[is_near]])
    order = np.lexsort((leaf, -score, centre))
    centre, leaf = centre[order], leaf[order]
    for _ in range(EVENTS - 1):
        if not len(centre):
            break
        centres, first = np.unique(centre, return_index=True)
        nearest = np.zeros(n, np.int64)
        nearest[centres] = leaf[first]
        is_other = known.scores(nearest[centre], leaf) < UNLIKE
        is_other[first] = False
        centre, leaf = centre[is_other], leaf[is_other]
    found = np.zeros(n, bool)
    found[centre] = True
    return found


class _Known:
    """The scores of pairs; those that are not known are 0."""

    def __init__(self, codes: Integers, scores: Floats, n: int) -> None:
        self._codes, self._scores, self._n = codes, scores, n

    def scores(self, one: Integers, other: Integers) -> Floats:
        codes = np.minimum(one, other) * self._n + np.maximum(one, other)
        at = np.searchsorted(self._codes, codes)
        at[at == len(self._codes)] = 0
        found: Floats = np.where(self._codes[at] == codes, self._scores[at], 0.0)
        return found
