"""Scores of a grouping against a labelled one. The adjusted Rand index is checked against scikit-learn below.

B-cubed: Bagga and Baldwin 1998. Adjusted Rand index: Hubert and Arabie 1985.
"""

from collections import Counter
from collections.abc import Sequence
from math import comb
from typing import NamedTuple


class BCubed(NamedTuple):
    precision: float
    recall: float
    f1: float


def b_cubed(gold: Sequence[str], found: Sequence[str]) -> BCubed:
    """The mean over all articles of how much of their found group is right, and of how much of their true one is found."""
    both = Counter(zip(gold, found, strict=True))
    in_gold, in_found, n = Counter(gold), Counter(found), len(gold)
    precision = sum(k * k / in_found[f] for (_, f), k in both.items()) / n
    recall = sum(k * k / in_gold[g] for (g, _), k in both.items()) / n
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))


def adjusted_rand(gold: Sequence[str], found: Sequence[str]) -> float:
    """Agreement on pairs, 0 for chance and 1 for the same grouping."""
    together = sum(comb(k, 2) for k in Counter(zip(gold, found, strict=True)).values())
    in_gold = sum(comb(k, 2) for k in Counter(gold).values())
    in_found = sum(comb(k, 2) for k in Counter(found).values())
    expected = in_gold * in_found / comb(len(gold), 2)
    most = (in_gold + in_found) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


if __name__ == "__main__":
    import random

    from sklearn.metrics import adjusted_rand_score

    for seed in range(200):
        rng = random.Random(seed)  # noqa: S311  a check, no secret
        one, two = ([str(rng.randrange(1, 9)) for _ in range(60)] for _ in range(2))
        assert abs(adjusted_rand(one, two) - adjusted_rand_score(one, two)) < 1e-12
    print("adjusted_rand agrees with scikit-learn on 200 random pairs of groupings")
