"""What two texts share, against plain sets."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kernels import aligning, comparing
from pipeline.kernels.reading import Reading
from pipeline.kernels.signing import Passages
from pipeline.kernels.texts import NAME, NUMBER
from tests.readings import TEXTS, read


@settings(deadline=None, max_examples=100)
@given(TEXTS, TEXTS)
def test_two_texts_are_compared_as_sets(one: str, other: str) -> None:
    """Shared and plain shingles, numbers and names of each and those that the other lacks: exactly, or at most by Bloom filter."""
    found = read(one, other)
    left, right = np.array([0]), np.array([1])

    compared = comparing.compare(found, left, right)
    by_bloom, exact = comparing.facts_of(found, left, right), comparing.lacking(found.tokens, left, right)

    shingles = [_plain(found, n) for n in (0, 1)]
    shared = shingles[0].keys() & shingles[1].keys()
    assert len(shared) == compared.shared[0]
    assert [sum(own[s] for s in shared) for own in shingles] == compared.plain[0].tolist()
    facts = [_facts(found, n) for n in (0, 1)]
    every = [set(found.tokens.hashes[slice(*found.tokens.ends[n : n + 2])].tolist()) for n in (0, 1)]
    for side in (0, 1):
        numbers = {token for token, is_number in facts[side].items() if is_number}
        names = facts[side].keys() - numbers
        assert [len(numbers), len(names)] == [exact.numbers[0, side], exact.names[0, side]]
        lacked = [len(own - every[1 - side]) for own in (numbers, names)]
        assert lacked == [exact.lacked_numbers[0, side], exact.lacked_names[0, side]]
        assert by_bloom.numbers[0, side] + by_bloom.names[0, side] == len(facts[side])
        by_filter = by_bloom.lacked_numbers[0, side] + by_bloom.lacked_names[0, side]
        assert by_filter <= sum(lacked)


@settings(deadline=None, max_examples=100)
@given(TEXTS, TEXTS, st.sampled_from([0.25, 0.75, 1.0]))
def test_a_share_that_the_longer_text_may_not_have_no_alignment_finds(
    one: str, other: str, least: float
) -> None:
    """Whether it may have it is seen from the tokens of the text with fewer that the other lacks."""
    found = read(one, other)
    left, right = np.array([0, 1]), np.array([1, 0])

    may = comparing.may_hold(found, left, right, least)

    aligned = aligning.align(found.tokens, left, right)
    assert may[0] == may[1] or aligned.sizes[0, 0] == aligned.sizes[0, 1]
    assert all(may | (aligned.matched < least * aligned.sizes.min(axis=1)))
    own = [found.tokens.hashes[slice(*found.tokens.ends[n : n + 2])].tolist() for n in (0, 1)]
    few, many = sorted(own, key=len)
    held = sum(token in set(many) for token in few)
    assert may.all() or held < least * len(few) or len(few) == len(many)


def _plain(found: Reading, n: int) -> dict[int, bool]:
    own = found.shingles.hashes[slice(*found.shingles.ends[n : n + 2])].tolist()
    return {shingle >> 1: bool(shingle & 1) for shingle in own}


def _facts(found: Reading, n: int) -> dict[int, bool]:
    """Tokens that are a number or a name anywhere in a text, and whether they are a number anywhere."""
    facts: dict[int, bool] = {}
    at = slice(*found.tokens.ends[n : n + 2])
    for token, mark in zip(found.tokens.hashes[at].tolist(), found.tokens.marks[at].tolist(), strict=True):
        if mark & (NUMBER | NAME):
            facts[token] = facts.get(token, False) or bool(mark & NUMBER)
    return facts


SKETCHES = st.tuples(
    st.lists(st.integers(0, 2), min_size=8, max_size=8), st.sets(st.integers(0, 9), max_size=8)
)


@settings(deadline=None, max_examples=100)
@given(st.lists(SKETCHES, min_size=1, max_size=5), st.integers(1, 6), st.sampled_from([0.3, 0.5, 1.0]))
def test_sketches_agree_in_slots_or_in_a_share_of_the_passages_of_the_text_with_fewer(
    sketches: list[tuple[list[int], set[int]]], least_slots: int, least_share: float
) -> None:
    """Each text with each."""
    signatures = np.array([signature for signature, _ in sketches], np.uint32)
    ends = np.cumsum([0, *(len(passages) for _, passages in sketches)])
    hashes = np.array([passage for _, passages in sketches for passage in passages], np.int64)
    left, right = (side.ravel() for side in np.indices((len(sketches), len(sketches))))
    sides = (comparing.Sketches(signatures, at, Passages(ends, hashes), at) for at in (left, right))

    found = comparing.sketches_agree(*sides, least_slots, least_share)

    for one, other, agree in zip(left, right, found, strict=True):
        (slots, passages), (other_slots, other_passages) = sketches[one], sketches[other]
        shared = len(passages & other_passages)
        enough = shared >= max(1, least_share * min(len(passages), len(other_passages)))
        same = sum(a == b for a, b in zip(slots, other_slots, strict=True))
        assert (same >= least_slots or enough) == agree
