"""Which buckets of a window can matter to a day."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies import candidates, occupied
from pipeline.copies.signatures import band, sign
from pipeline.model.internal_tables import CANDIDATES
from tests.conftest import DAY

WORDS = [f"word{n}" for n in range(40)]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=8, max_size=60), min_size=1, max_size=12)


def signed(day: str, texts: list[list[str]]) -> pa.Table:
    ids = [f"{day}{n:024x}" for n in range(len(texts))]
    return sign(pa.table({"article_id": ids, "text": [" ".join(words) for words in texts]}))


@settings(deadline=None)
@given(own=TEXTS, past=TEXTS, n_shared=st.integers(0, 6))
def test_without_the_buckets_that_a_day_is_not_in_the_same_pairs_meet(
    own: list[list[str]], past: list[list[str]], n_shared: int
) -> None:
    """Whatever the two days share."""
    today, earlier = signed(f"{DAY:%Y%m%d}", own), signed("20260304", past + own[:n_shared])
    few = occupied.band_occupied(earlier, occupied.occupied(today))
    every, some = (
        candidates.pair(pa.concat_tables([band(today), of_window]), DAY, within=False)
        for of_window in (band(earlier), few)
    )

    order = [(n, "ascending") for n in CANDIDATES.names]
    assert every.sort_by(order) == some.sort_by(order)


def test_of_a_window_that_shares_nothing_few_buckets_are_left() -> None:
    """One in sixteen by chance, at most; of a day without articles none at all."""
    dice = np.random.default_rng(1)
    own, past = (
        signed(day, dice.integers(0, 10**6, (600, 300)).astype(str).tolist())
        for day in ("20260305", "20260304")
    )

    every, few = band(past).num_rows, occupied.band_occupied(past, occupied.occupied(own)).num_rows

    assert 20_000 < every
    assert few < every / 14
    assert 0 == occupied.band_occupied(past, occupied.occupied(own.slice(0, 0))).num_rows


def test_a_days_own_buckets_are_all_occupied() -> None:
    own = signed("20260305", [WORDS, WORDS[::-1], WORDS[:20]])

    assert band(own) == occupied.band_occupied(own, occupied.occupied(own))
