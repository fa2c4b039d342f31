"""What is joined: how near two are, and what keeps them apart."""

import numpy as np
import pytest

from pipeline.stories import similarity
from pipeline.stories.field import LEAST_SHARED, Field
from tests import story_texts as texts
from tests.placed import WINDOW_DAYS, told, weighed


def field(*stories: tuple[str, str]) -> Field:
    """A field of articles of one day, without open stories."""
    rows = weighed(told(**{f"n{n}": (0, story) for n, story in enumerate(stories)}))
    (today,) = similarity.align([rows])
    return Field(
        today.terms,
        np.ones(len(today), np.int64),
        similarity.spans(today),
        today.names,
        today.has_names,
        today.n_terms,
        today.tongues,
        today.headlines,
        0,
        float(WINDOW_DAYS),
    )


def test_a_score_is_that_of_each_pair_whatever_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    made = field(texts.WEATHER_EN_A, texts.WEATHER_EN_B, texts.RESULTS_A)
    one, other = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 2])
    whole = made.score(one, other)
    monkeypatch.setattr("pipeline.stories.field.PIECE_PAIRS", 1)

    assert whole.tolist() == made.score(one, other).tolist()
    assert whole.tolist() == made.score(other, one).tolist()


def test_the_weather_of_two_towns_is_of_strangers() -> None:
    made = field(texts.WEATHER_EN_A, texts.WEATHER_EN_B)

    assert made.are_strangers(np.array([0]), np.array([1])).tolist() == [True]
    assert made.share_enough(np.array([0]), np.array([1])).tolist() == [True]
    assert made.share_actors(np.array([0]), np.array([1])).tolist() == [False]


def test_one_word_in_common_is_not_enough() -> None:
    made = field(("Harbour closes", "Harbour closes"), ("Harbour seals", "Harbour seals"))

    assert LEAST_SHARED > 1
    assert made.share_enough(np.array([0]), np.array([1])).tolist() == [False]
