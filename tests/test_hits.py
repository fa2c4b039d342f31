"""Days brought together: ranks of a small and a large day compare, ties end in ids."""

import pytest

from pipeline.search.hits import Best, Hit, Tally, best_of, rarity, scales
from tests.searched import identifier
from tests.world import DAYS

SMALL, LARGE = DAYS[0], DAYS[1]


def test_a_rare_word_weighs_more_and_a_common_one_never_less_than_nothing() -> None:
    assert rarity(100, 1) > rarity(100, 20) > rarity(100, 60) > 0


def test_a_day_does_not_decide_alone_how_rare_a_word_is() -> None:
    """On a day of two articles a word of one of them weighs nothing, on a day of ten thousand much: as articles they are alike."""
    tallies = {SMALL: Tally(2, (1,), 1), LARGE: Tally(10_000, (1,), 1)}
    scale = scales(tallies)
    said = 1.7  # what BM25 makes of how often a word stands in an article

    ranks = [said * rarity(tally.n_articles, 1) * scale[day] for day, tally in tallies.items()]
    assert ranks[0] == pytest.approx(ranks[1])
    assert ranks[0] > 1


def test_a_day_without_a_hit_needs_no_scale() -> None:
    assert {LARGE} == scales({SMALL: Tally(0, (0,), 0), LARGE: Tally(5, (1,), 1)}).keys()


def test_a_story_has_its_best_article_and_ties_end_in_ids() -> None:
    a, b, c, d = (identifier(n) for n in range(4))
    found = {SMALL: [Hit(c, "s2", 1.0), Hit(a, "s1", 1.0), Hit(b, "s1", 1.0)], LARGE: [Hit(d, "s2", 3.0)]}
    expected = [Best("s2", d, 3_000_000, 2), Best("s1", a, 1_000_000, 2)]

    for days in (found, dict(reversed(found.items()))):
        assert expected == best_of(days, {SMALL: 1.0, LARGE: 1.0})
    level = {SMALL: [Hit(b, "s2", 1.0), Hit(a, "s1", 1.0)]}
    assert ["s1", "s2"] == [one.story_id for one in best_of(level, {SMALL: 1.0})]
