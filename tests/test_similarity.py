"""Similarity: vectors, time, and terms that too many share."""

import datetime as dt
import math
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.arrow import Floats, Integers
from pipeline.model.internal_tables import TERMS
from pipeline.stories import matrices, similarity
from tests import story_texts as texts
from tests.placed import day, drawn_articles, form, groups, joined, run_days, told, weighed


def test_articles_without_a_date_join_by_delivery() -> None:
    """Without a publication the day of delivery stands for it."""
    table = weighed(
        told(first=(0, texts.QUAKE_A1), second=(0, texts.QUAKE_A2), later=(3, texts.FOLLOW)), dated=False
    )

    assert {joined("first", "second", "later")} == groups(run_days(table))


def test_dated_and_undated_articles_are_compared_by_delivery() -> None:
    """An archive delivered on one day, dated in part, is not torn apart."""
    dated = weighed(told(first=(0, texts.QUAKE_A1)))
    long_ago = pa.array([dt.datetime(2009, 1, 1, tzinfo=dt.UTC)], TERMS.schema.field("published_at").type)
    dated = dated.set_column(TERMS.names.index("published_at"), TERMS.schema.field("published_at"), long_ago)
    undated = weighed(told(second=(0, texts.QUAKE_A2)), dated=False)

    assert {joined("first", "second")} == groups(run_days(pa.concat_tables([dated, undated])))


@pytest.mark.parametrize(("n", "expected"), [(similarity.MANY, similarity.MANY // 2), (60, 1)])
def test_a_form_that_many_share_is_no_event(n: int, expected: int) -> None:
    """On a large day what one article in twenty has joins nothing: two reports of each company's results find each other."""
    rows = run_days(TERMS.table([form(i, i // 2) for i in range(n)]))

    assert expected == len(groups(rows))


SPANS = st.lists(
    st.tuples(st.none() | st.integers(0, 40), st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=12
)


def _spans(drawn: list[tuple[int | None, int, int]]) -> tuple[Floats, Integers]:
    """A span for each article (published, delivered, its group), and the groups."""
    each = [
        [math.nan if p is None else p, math.nan if p is None else p, d, d, p is not None, 1.0]
        for p, d, _ in drawn
    ]
    return np.array(each, np.float64), np.array([group for *_, group in drawn], np.int64)


@given(SPANS)
def test_the_span_of_the_others_of_a_group_is_their_joint_span(
    drawn: list[tuple[int | None, int, int]],
) -> None:
    """It is found without going through the group once for each member."""
    each, drawn_groups = _spans(drawn)
    names, groups = np.unique(drawn_groups, return_inverse=True)  # each has a member

    found = similarity.spans_without_each(each, groups, len(names))

    for n, group in enumerate(groups):
        others = np.flatnonzero((groups == group) & (np.arange(len(each)) != n))
        alone = similarity.joint_spans(each[others], np.zeros(len(others), np.int64), 1)[0]
        np.testing.assert_array_equal(alone, found[n])


@given(SPANS)
def test_the_joint_span_of_two_groups_is_that_of_all_their_members(
    drawn: list[tuple[int | None, int, int]],
) -> None:
    each, groups = _spans(drawn)
    halves = [similarity.joint_spans(each, (groups != n).astype(np.int64), 2)[0] for n in (0, 1)]
    both = similarity.joint_spans(each[groups < 2], np.zeros((groups < 2).sum(), np.int64), 1)[0]

    np.testing.assert_array_equal(both, similarity.joint_span(*halves))


def _span(first: float, last: float, *, dated: bool = True) -> Floats:
    return np.array([first, last, first, last, float(dated), 1.0])


def test_similarity_fades_with_silence_and_with_nothing_else() -> None:
    """Whole where two spans overlap, and by a factor e after a window between them."""
    long_ago, now = _span(0, 10), _span(24, 60)

    assert 1.0 == similarity.fading(long_ago, _span(5, 7), 14.0)
    assert math.isclose(math.exp(-1), similarity.fading(long_ago, now, 14.0))
    assert similarity.fading(long_ago, now, 14.0) == similarity.fading(now, long_ago, 14.0)


def test_an_undated_span_is_compared_by_delivery() -> None:
    """Of two that were delivered together, one says nothing of when it was published."""
    old, undated = _span(0, 0), _span(math.nan, math.nan, dated=False)
    old[2:4] = undated[2:4] = 100

    assert 1.0 == similarity.fading(old, undated, 14.0)


def test_articles_are_aligned_in_time_by_the_terms_of_the_first_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One without a time stands at the end of its day; a term that the first table does not have has no column."""
    monkeypatch.setattr(similarity, "SHORT", 0)
    days = [(day(1), None), (day(1), 8), (day(0), 9)]
    rows = [
        {
            "article_id": name, "ingest_date": on, "terms": terms, "weights": [1.0] * len(terms),
            "published_at": dt.datetime.combine(on, dt.time(at), dt.UTC) if at else None,
            "names": terms[:1], "keywords": [],
        }
        for name, terms, (on, at) in zip("abc", ([7, 9], [7], [9]), days, strict=True)
    ]  # fmt: skip
    past = [rows[0] | {"article_id": "p", "terms": [8, 9], "weights": [1.0, 2.0], "names": [8]}]

    today, earlier = similarity.align([TERMS.table(rows), TERMS.table(past)])

    assert ["c", "b", "a"] == today.ids.to_pylist()
    assert [7, 9] == today.hashes.tolist()
    assert [[0, 1], [1, 0], [1, 1]] == today.terms.csr().toarray().tolist()
    assert [[0, 2]] == earlier.terms.csr().toarray().tolist()
    assert earlier.has_names.all(), "of a headline that names what nobody else does, too"


@given(st.integers(0, 10_000), st.lists(st.integers(0, 9), max_size=3))
def test_a_window_that_comes_in_pieces_gives_the_same_matrix(seed: int, cuts: list[int]) -> None:
    """To the bit, whatever the pieces; only terms of the day have columns."""
    today, past = drawn_articles(seed, 12, 3), drawn_articles(seed + 1, 9, 3)
    ends = [0, *sorted(cuts), len(past)]
    pieces = [past.slice(a, b - a) for a, b in pairwise(ends)]

    _, whole = similarity.align([today, past])
    _, joined_up = similarity.align([today, iter(pieces)])

    for name in ("delivered", "published", "has_names", "hashes", "n_terms", "tongues"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(joined_up, name))
    for one, other in (
        (whole.terms.csr(), joined_up.terms.csr()),
        (whole.names.csr(), joined_up.names.csr()),
    ):
        assert one.shape == other.shape
        for part in ("data", "indices", "indptr"):
            np.testing.assert_array_equal(getattr(one, part), getattr(other, part))
            assert getattr(one, part).dtype == getattr(other, part).dtype
    assert whole.ids == joined_up.ids


@given(st.integers(0, 10_000))
def test_dot_products_of_pairs_are_those_of_dense_rows(seed: int) -> None:
    today, past = similarity.align([drawn_articles(seed, 12, 3), drawn_articles(seed + 1, 9, 3)])
    one, other = np.repeat(np.arange(12), 9), np.tile(np.arange(9), 12)

    found = matrices.dots(today.terms, one, past.terms, other)

    expected = today.terms.csr().toarray().astype(float) @ past.terms.csr().toarray().astype(float).T
    np.testing.assert_allclose(found, expected.ravel(), atol=1e-6)


@pytest.mark.parametrize(("n_terms", "length"), [(1, 1.739), (10, 1.231), (39, 1.004), (40, 1.0), (160, 1.0)])
def test_a_short_text_has_a_longer_vector(n_terms: int, length: float) -> None:
    """Also on a large day, on which common terms are left out of it."""
    weights = [1 / math.sqrt(n_terms)] * n_terms
    row = {"article_id": "a", "ingest_date": day(0), "terms": list(range(n_terms)), "weights": weights}
    table = TERMS.table([row | {"names": [], "keywords": []}])

    articles = similarity.align([table])[0]

    assert math.isclose(length, np.linalg.norm(articles.terms.csr().toarray()), abs_tol=1e-3)


def test_what_one_article_in_twenty_has_is_left_out_of_vectors_that_keep_their_length() -> None:
    """Of a small day nothing is: shares say little there."""
    table = TERMS.table([form(n, n // 2) for n in range(similarity.MANY)])
    (today, past), (few, before) = (similarity.align([t, table.slice(0, 0)]) for t in (table, table[:999]))
    kept = few.terms.csr().nnz

    similarity.leave_out_common(today, past)
    similarity.leave_out_common(few, before)

    assert kept == few.terms.csr().nnz
    assert 10 * similarity.MANY == today.terms.csr().nnz
    length = (similarity.SHORT / 20) ** similarity.LENGTHEN
    np.testing.assert_allclose(np.sqrt((today.terms.csr().toarray() ** 2).sum(axis=1)), length, rtol=1e-5)
