"""A day's buckets, in which those of another day are looked up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.kernels import crossing, meeting, signing
from pipeline.kernels.signing import Buckets, Passages

RULE = meeting.Rule(band_limit=3, passage_limit=5, enough=2, partners=2)
WIDTH, RATE = 2, np.uint64(2)
TODAY = 2

# Few values, so that many buckets are shared: two bands of two slots, all words, passages (odd) in their order.
TEXTS = st.lists(
    st.tuples(
        st.tuples(*[st.integers(0, 1)] * 4),
        st.integers(0, 2),
        st.lists(st.integers(0, 7).map(lambda n: 2 * n + 1), max_size=6, unique=True),
    ),
    max_size=12,
)


Text = tuple[tuple[int, ...], int, list[int]]  # slots, all words, passages


def _signed(texts: list[Text]) -> tuple[NDArray[np.uint32], NDArray[np.int64], Passages]:
    signatures = np.array([text[0] for text in texts], np.uint32).reshape(-1, 4)
    words = np.array([text[1] for text in texts], np.int64)
    ends = np.cumsum([0, *(len(text[2]) for text in texts)])
    hashes = [passage for text in texts for passage in text[2]]
    return signatures, words, Passages(ends.astype(np.int64), np.array(hashes, np.int64))


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS, st.integers(1, 3))
def test_looking_up_finds_the_pairs_that_meet_where_all_buckets_are_gathered(
    own: list[Text], others: list[Text], parts: int
) -> None:
    """Of one text of today and one of the other day, in buckets of any size, part by part."""
    mine, its = _signed(own), _signed(others)
    n = len(others)
    for part in range(parts):
        dealt = crossing.Dealt(WIDTH, RATE, np.uint64(part), np.uint64(parts))
        held = crossing.hold(signing.band(*mine, *dealt))

        found = crossing.cross(held, len(own), *its, dealt, RULE)

        here, there = signing.band(*mine, *dealt), signing.band(*its, *dealt)
        joined = Buckets(
            np.concatenate([there.keys, here.keys]),
            np.concatenate([there.texts, here.texts + np.int32(n)]),
            np.concatenate([there.contexts, here.contexts]),
        )
        days = np.array([1] * n + [TODAY] * len(own), np.int64)
        expected = meeting.pair(joined, days, np.int64(TODAY), False, RULE)
        assert sorted(expected.tolist()) == sorted(found.tolist())


def test_a_bucket_is_held_once_with_its_texts_in_their_order() -> None:
    buckets = Buckets(
        np.array([8, 3, 8, 3, 8], np.int64),
        np.array([4, 1, 2, 0, 4], np.int32),
        np.array([0, 9, 0, 7, 0], np.int64),
    )

    held = crossing.hold(buckets)

    texts = {
        int(key): held.texts[start:stop].tolist()
        for key, start, stop in zip(held.keys, held.starts[:-1], held.starts[1:], strict=True)
    }
    assert {8: [2, 4], 3: [0, 1]} == texts


def test_no_text_of_the_day_is_met_where_it_has_none() -> None:
    none = _signed([])
    dealt = crossing.Dealt(WIDTH, RATE, np.uint64(0), np.uint64(1))
    held = crossing.hold(signing.band(*none, *dealt))

    assert not crossing.cross(held, 0, *_signed([((0, 0, 0, 0), 1, [1])]), dealt, RULE).size
