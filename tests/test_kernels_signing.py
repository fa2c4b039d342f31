"""Buckets of signatures and passages. That signatures are datasketch's, and samples those of their hashes: `test_signatures`."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kernels import signing

RATE = 4


def banded(signatures: list[list[int]], words: list[int], passages: list[list[int]]) -> signing.Buckets:
    """With bands of three slots, all parts."""
    ends = np.cumsum([0, *map(len, passages)])
    hashes = np.array([passage for own in passages for passage in own], np.int64)
    return signing.band(
        np.array(signatures, np.uint32),
        np.array(words, np.int64),
        signing.Passages(ends, hashes),
        3,
        np.uint64(RATE),
        np.uint64(0),
        np.uint64(1),
    )


def test_texts_share_the_buckets_of_equal_bands_and_of_equal_words() -> None:
    """A band is its three slots and where it stands: the first equals the first, not the second."""
    found = banded([[1, 2, 3, 4, 5, 6], [1, 2, 3, 6, 5, 4], [4, 5, 6, 1, 2, 3]], [7, 9, 7], [[], [], []])

    first, second, third = (set(found.keys[found.texts == text].tolist()) for text in range(3))
    assert {3} == {len(own) for own in (first, second, third)}
    assert [1, 1, 0] == [len(first & second), len(first & third), len(second & third)]
    assert not any(key % 2 for key in found.keys.tolist())


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 2**30).map(lambda n: 2 * n + 1), max_size=20), min_size=1, max_size=3)
)
def test_the_context_of_a_passage_is_the_four_nearest_landmarks_on_each_side(
    passages: list[list[int]],
) -> None:
    """A landmark is one passage in four, by its hash; a passage is no landmark of itself, nor of another text."""
    found = banded([[1, 2, 3]] * len(passages), [1] * len(passages), passages)

    expected = []
    for own in passages:
        for at in range(len(own)):
            sides = own[:at][::-1], own[at + 1 :]
            bytes_ = [[n % 255 + 1 for n in side if n >> 1 & RATE - 1 == 0][:4] for side in sides]
            expected.append(
                int.from_bytes(b"".join(bytes(b).ljust(4, b"\0") for b in bytes_), "little", signed=True)
            )
    assert expected == found.contexts[found.keys % 2 == 1].tolist()
    assert not found.contexts[found.keys % 2 == 0].any()
