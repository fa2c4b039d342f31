"""Which articles meet in buckets, and in which order pairs are compared."""

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies import candidates
from pipeline.model.internal_tables import BUCKETS, CANDIDATES
from tests.conftest import DAY

# Landmarks of a passage: before it, the same after it, which at a glance look alike, others, and none.
CONTEXTS = (0x030201, 0x030201 << 32, 0x060504, 0)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 11)),
        st.sampled_from(CONTEXTS),
        min_size=20,
        max_size=100,
    ),
    st.integers(2, 4),
    st.booleans(),
)
def test_a_bucket_alone_decides_which_of_its_members_meet(
    members: dict[tuple[int, int], int], n_parts: int, within: bool
) -> None:
    """However buckets are dealt out to machines, the same pairs are found: also where an article meets some of a passage's
    articles in other buckets, too.
    """
    days = ("20260305", "20260304")  # DAY, and the day before
    rows = _in_buckets(members, days)
    table = BUCKETS.table(rows)
    part_of = pa.array([row["bucket"] // 2 % n_parts for row in rows])

    def found(buckets: pa.Table) -> set[tuple[str, str]]:
        met = candidates.pair(BUCKETS.arrange(buckets), DAY, within=within)
        return set(zip(*(met[name].to_pylist() for name in CANDIDATES.names), strict=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "PARTNERS", 2)
        patch.setattr(candidates, "BAND_LIMIT", 4)
        patch.setattr(candidates, "PASSAGE_LIMIT", 6)
        apart = [found(table.filter(pc.equal(part_of, n))) for n in range(n_parts)]

        assert found(table) == set().union(*apart)


def _in_buckets(members: dict[tuple[int, int], int], days: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of BUCKETS by (bucket, article), the articles dealt out to the days; only a passage has a context."""
    return [
        {
            "bucket": bucket,
            "article": bytes.fromhex(f"{days[who % len(days)]}{who:024x}"),
            "context": bucket % 2 * context,
        }
        for (bucket, who), context in members.items()
    ]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 23)),
        st.sampled_from(CONTEXTS),
        min_size=20,
        max_size=120,
    )
)
def test_days_of_a_window_that_come_together_meet_the_day_as_each_would_alone(
    members: dict[tuple[int, int], int],
) -> None:
    """How many days of a window are in memory at once changes no pair, though their texts share buckets."""
    days = ("20260305", "20260304", "20260303", "20260228")  # DAY, and three of its window
    rows = _in_buckets(members, days)
    its_day = [row["article"].hex()[:8] for row in rows]

    def found(*some: str) -> set[tuple[str, str]]:
        part = BUCKETS.table([row for row, day in zip(rows, its_day, strict=True) if day in some])
        met = candidates.pair(BUCKETS.arrange(part), DAY, within=False)
        return set(zip(*(met[name].to_pylist() for name in CANDIDATES.names), strict=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "PARTNERS", 2)
        patch.setattr(candidates, "BAND_LIMIT", 4)
        patch.setattr(candidates, "PASSAGE_LIMIT", 6)

        assert set().union(*(found(days[0], day) for day in days[1:])) == found(*days)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 23)),
        st.sampled_from(CONTEXTS),
        min_size=20,
        max_size=120,
    )
)
def test_a_day_and_its_window_may_be_paired_at_once(members: dict[tuple[int, int], int]) -> None:
    """The same pairs as of the day by itself, and of the day with its window."""
    buckets = BUCKETS.table(_in_buckets(members, ("20260305", "20260304", "20260303")))
    is_own = pc.equal(pc.binary_slice(buckets["article"], 0, 4), bytes.fromhex("20260305"))

    apart = [
        candidates.pair(buckets.filter(is_own), DAY),
        candidates.pair(buckets, DAY, within=False),
    ]

    order = [(n, "ascending") for n in CANDIDATES.names]
    expected = candidates.distinct(pa.concat_tables(apart)).sort_by(order)
    assert expected == candidates.distinct(candidates.pair_all(buckets, DAY)).sort_by(order)


def test_more_pairs_than_are_put_by_at_once_are_all_found_once() -> None:
    """Each of 50,000 buckets has eight of 3,000 articles: a million pairs and more, few of them twice."""
    dice = np.random.default_rng(1)
    who = np.sort(dice.integers(0, 3_000, (50_000, 8)), axis=1)
    ids = pa.array([bytes.fromhex(f"{DAY:%Y%m%d}{n:024x}") for n in range(3_000)], pa.binary(16))
    buckets = pa.table(
        [
            pa.array(np.repeat(np.arange(len(who)) * 2, 8)),
            ids.take(pa.array(who.ravel())),
            pa.array(np.zeros(who.size, np.int64)),
        ],
        schema=BUCKETS.schema,
    )
    one, other = (
        who[:, at].ravel() for at in zip(*[(i, j) for i in range(8) for j in range(i)], strict=True)
    )

    met = candidates.pair(buckets, DAY)

    expected = {(int(a), int(b)) for a, b in zip(one, other, strict=True) if a != b}
    found = [
        tuple(int(i[8:], 16) for i in pair)
        for pair in zip(*(met[n].to_pylist() for n in met.column_names), strict=True)
    ]
    assert len(found) == len(expected)
    assert expected == set(found)


def test_pairs_of_one_text_are_compared_close_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few texts are read twice, though chance neighbours make one connected part of all; no pair is lost or turned."""
    monkeypatch.setattr(candidates, "ONE_PIECE", 100)
    dice, n_groups, size = random.Random(1), 100, 8
    members = [[f"{group * size + n:032d}" for n in range(size)] for group in range(n_groups)]
    met = [(one, other) for group in members for n, one in enumerate(group) for other in group[:n]]
    met += [(members[n + 1][0], members[n][-1]) for n in range(n_groups - 1)]
    dice.shuffle(met)

    found = candidates.together(CANDIDATES.table([{"article_id": a, "other_id": b} for a, b in met]))

    ordered = list(zip(found["article_id"].to_pylist(), found["other_id"].to_pylist(), strict=True))
    n_read = sum(len({i for pair in ordered[n : n + 100] for i in pair}) for n in range(0, len(ordered), 100))
    assert sorted(met) == sorted(ordered)
    assert n_read < 1.5 * n_groups * size
