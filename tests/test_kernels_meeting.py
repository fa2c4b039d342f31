"""Who meets in a bucket, against the rule in plain Python."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kernels import meeting
from pipeline.kernels.signing import Buckets

RULE = meeting.Rule(band_limit=3, passage_limit=4, enough=3, partners=2)
# Landmarks before and after a passage: three of one kind, others, one alone, none.
CONTEXTS = (0x030201, 0x04030201, 0x030201 << 32, 0x060504, 0x01, 0)
TODAY = 2


@settings(deadline=None, max_examples=200)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 11)), st.sampled_from(CONTEXTS), min_size=2, max_size=60
    ),
    st.permutations(range(60)),
    st.booleans(),
)
def test_pairs_are_those_of_the_rule(
    members: dict[tuple[int, int], int], order: list[int], within: bool
) -> None:
    """Whatever the order of the rows; in bands (even) and passages (odd), with texts of today and of another day."""
    rows = [(key, text, key % 2 * context) for (key, text), context in members.items()]
    rows = [rows[n] for n in order if n < len(rows)]
    days = np.array([1] * 6 + [TODAY] * 6) if not within else np.full(12, TODAY)
    keys, texts, contexts = (np.array(column) for column in zip(*rows, strict=True))

    buckets = Buckets(keys, texts.astype(np.int32), contexts)
    found = meeting.pair(buckets, days, np.int64(TODAY), within, RULE)

    expected = set()
    for key in set(keys.tolist()):
        bucket = sorted((text, context) for its_key, text, context in rows if its_key == key)
        expected |= _met(bucket, key % 2 == 1, [int(day) == TODAY for day in days], within)
    pairs = [(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in found]
    assert len(set(pairs)) == len(pairs)
    assert expected == set(pairs)


def _met(
    bucket: list[tuple[int, int]], is_passage: bool, is_new: list[bool], within: bool
) -> set[tuple[int, int]]:
    if is_passage and len(bucket) > RULE.passage_limit:
        bucket = sorted(bucket, key=lambda row: (row[1], row[0]))
    pairs = set()
    for i, (text, context) in enumerate(bucket):
        before = bucket[max(0, i - RULE.passage_limit) : i] if is_passage else bucket[:i]
        if not is_passage and len(bucket) > RULE.band_limit:
            before = before[: RULE.partners]
        met = [
            other
            for other, its in before
            if (within or is_new[text] != is_new[other]) and (not is_passage or _agree(context, its))
        ]
        pairs |= {
            (max(text, other), min(text, other)) for other in met[: RULE.partners if is_passage else None]
        }
    return pairs


def _agree(one: int, other: int) -> bool:
    halves = [[context >> shift & 0xFFFFFFFF for shift in (0, 32)] for context in (one, other)]
    mine, its = ([[b for b in half.to_bytes(4, "little") if b] for half in both] for both in halves)
    shared = sum(byte in there for here, there in zip(mine, its, strict=True) for byte in here)
    fewer = min(sum(map(len, both)) for both in (mine, its))
    return shared >= min(RULE.enough, fewer)
