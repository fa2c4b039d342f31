"""The likeness of headlines: a mean over pairs that one sum of vectors gives, and what is near across languages."""

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.internal_tables import TERMS
from pipeline.stories import headline_likeness
from pipeline.stories.headline_likeness import ALIKE, TRANSLATED_WEIGHT, WEIGHT, Headlines
from pipeline.stories.headline_vectors import LENGTH
from tests.conftest import DAY

NEAR = np.full(512, LENGTH / np.sqrt(512)).astype(np.int8)  # of a length of nearly LENGTH
FAR = (NEAR * np.tile([1, -1], 256)).astype(np.int8)  # at right angles to it


def headlines(*rows: tuple[str, Any]) -> Headlines:
    """One article for each language and vector; None for an article without one."""
    made = [
        {
            "article_id": str(n),
            "ingest_date": DAY,
            "language": language,
            "terms": [],
            "weights": [],
            "names": [],
            "keywords": [],
            "vector": None if vector is None else vector.tobytes(),
        }
        for n, (language, vector) in enumerate(rows)
    ]
    return Headlines.of_each([TERMS.table(made)])[0]


def drawn(seed: int, n: int) -> list[tuple[str, Any]]:
    dice = np.random.default_rng(seed)
    vectors = dice.integers(-40, 40, (n, 512)).astype(np.int8)
    return [
        (str(dice.choice(["en", "de", "ja", "vi"])), None if dice.random() < 0.2 else vector)
        for vector in vectors
    ]


def mean_over_pairs(everything: Headlines, one: list[int], other: list[int]) -> float:
    """Of groups in one language each."""
    pairs = [(i, j) for i in one for j in other]
    return sum(everything.likeness(np.array([i]), np.array([j]))[0] for i, j in pairs) / len(pairs)


@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 6))
def test_the_likeness_of_two_groups_is_the_mean_over_their_pairs(seed: int, n: int, m: int) -> None:
    """Here of two groups in one language each, some of whose members have no vector."""
    rows = [("en", vector) for _, vector in drawn(seed, n)] + [
        ("ja", vector) for _, vector in drawn(seed + 1, m)
    ]
    each = headlines(*rows)
    groups = each.joint(np.repeat([0, 1], [n, m]), 2)

    found = groups.likeness(np.array([0]), np.array([1]))[0]

    wanted = mean_over_pairs(each, list(range(n)), list(range(n, n + m)))
    assert abs(wanted - found) < 1e-12


@given(st.integers(0, 2**32), st.permutations(range(9)))
def test_the_order_of_adding_shows_in_no_bit(seed: int, order: list[int]) -> None:
    each, place = headlines(*drawn(seed, 9)), np.arange(9) % 2
    rows = np.array(order)

    one = each.joint(place, 2).likeness(np.array([0]), np.array([1]))
    other = each.take(rows).joint(place[rows], 2).likeness(np.array([0]), np.array([1]))

    assert one.tobytes() == other.tobytes()


@given(st.integers(0, 2**32))
def test_an_article_is_as_near_to_the_rest_of_its_group_as_to_a_group_of_the_rest(seed: int) -> None:
    each = headlines(*drawn(seed, 6))
    rest = each.joint(np.array([0, 1, 1, 1, 1, 1]), 2)

    found = each.likeness_to_rest(np.zeros(6, np.int64), 1)[0]

    assert abs(rest.likeness(np.array([0]), np.array([1]))[0] - found) < 1e-12


def test_headlines_in_two_languages_weigh_more_than_in_one() -> None:
    """Texts in two languages share few terms."""
    each = headlines(("en", NEAR), ("en", NEAR), ("ja", NEAR))
    length = (NEAR.astype(float) ** 2).sum() / LENGTH**2

    found = each.likeness(np.array([0, 0]), np.array([1, 2]))

    assert [WEIGHT * length, TRANSLATED_WEIGHT * length] == found.tolist()


def test_only_headlines_in_different_languages_are_translations() -> None:
    each = headlines(("en", NEAR), ("ja", NEAR), ("en", NEAR), ("ja", FAR), ("vi", None))

    found = each.are_translations(np.zeros(4, np.int64), np.arange(1, 5))

    assert [True, False, False, False] == found.tolist()


def test_without_any_vector_nothing_is_added_and_nothing_found() -> None:
    each = headlines(("en", None), ("ja", None))

    assert not each
    assert [0.0] == each.likeness(np.array([0]), np.array([1])).tolist()
    assert [0.0, 0.0] == each.likeness_to_rest(np.zeros(2, np.int64), 1).tolist()
    assert [0, 0] == [len(found) for found in each.candidates(each)]


def test_candidates_are_the_nearest_that_are_alike(monkeypatch: Any) -> None:
    """Whatever the size of the blocks."""
    dice = np.random.default_rng(3)
    near = [np.where(dice.random(512) < share, FAR, NEAR) for share in dice.random(60)]
    each = headlines(*[("en", vector) for vector in near])
    one, other = each.candidates(each)
    monkeypatch.setattr(headline_likeness, "_BLOCK", 7)

    again = each.candidates(each)

    products = np.array(near, np.int64) @ np.array(near, np.int64).T
    for row in range(60):
        wanted = sorted((-p, n) for n, p in enumerate(products[row].tolist()) if p >= ALIKE * LENGTH**2)
        assert [n for _, n in wanted[: headline_likeness.CANDIDATES + 1]] == other[one == row].tolist()
    assert [a.tobytes() for a in (one, other)] == [a.tobytes() for a in again]


def test_a_language_of_null_is_none_of_the_model() -> None:
    table = TERMS.table(
        [{"article_id": "a", "ingest_date": DAY, "terms": [], "weights": [], "names": [], "keywords": []}]
    )

    (found,) = Headlines.of_each([pa.concat_tables([table])])

    assert (1, 0) == (found.sizes[0], found.counts[0])
