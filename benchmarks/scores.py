"""How well a clustering agrees with a gold one: B-cubed (Bagga and Baldwin, 1998) and the adjusted Rand index (Hubert and Arabie, 1985)."""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import comb


def b_cubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1, averaged over items."""
    both, ours, theirs = Counter(zip(found, gold, strict=True)), Counter(found), Counter(gold)
    precision = sum(n * n / ours[label] for (label, _), n in both.items()) / len(found)
    recall = sum(n * n / theirs[label] for (_, label), n in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def rand_index(found: Sequence[Hashable], gold: Sequence[Hashable]) -> float:
    """Adjusted Rand index: 1 for the same clustering, about 0 for one made at random."""
    both = sum(comb(n, 2) for n in Counter(zip(found, gold, strict=True)).values())
    ours, theirs = (sum(comb(n, 2) for n in Counter(labels).values()) for labels in (found, gold))
    expected = ours * theirs / comb(len(gold), 2)
    most = (ours + theirs) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0
