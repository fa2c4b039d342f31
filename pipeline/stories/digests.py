"""Digests: articles that tell several events in brief. Each is near to all of them, and a report of none.

Reports of one event resemble one another, for they share its names. Three articles that do not, and are all near to a fourth,
say that it is made of parts: with vectors at right angles to one another, nothing else is near to three.
"""

from collections.abc import Callable

import numpy as np

from pipeline.model.arrow import Booleans, Floats, Integers

EVENTS = 3
UNLIKE = 0.07  # the similarity of articles of different events is half of it on average


def are_digests(
    one: Integers,
    other: Integers,
    scores: Floats,
    near: float,
    n: int,
    score: Callable[[Integers, Integers], Floats],
) -> Booleans:
    """Which of `n` articles and stories are digests, by their pairs, each once; `near` is the score of reports of one event.

    `score` gives the scores of other pairs: only the most similar ones are among those given.
    """
    is_near = scores >= near
    centre = np.concatenate([one[is_near], other[is_near]])
    leaf = np.concatenate([other[is_near], one[is_near]])
    nearness = np.concatenate([scores[is_near], scores[is_near]])
    order = np.lexsort((leaf, -nearness, centre))
    centre, leaf = centre[order], leaf[order]
    for _ in range(EVENTS - 1):
        if not len(centre):
            break
        centres, first = np.unique(centre, return_index=True)
        nearest = np.zeros(n, np.int64)
        nearest[centres] = leaf[first]
        is_other = score(nearest[centre], leaf) < UNLIKE
        is_other[first] = False
        centre, leaf = centre[is_other], leaf[is_other]
    found = np.zeros(n, bool)
    found[centre] = True
    return found
