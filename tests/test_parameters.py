"""The parameters of pages and API: bounded, and an empty field of a form is not given."""

from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.explorer.parameters import RejectsQuery, SearchQuery, StoriesQuery


def test_an_empty_form_asks_for_everything() -> None:
    asked = StoriesQuery.model_validate(
        {"first": "", "last": "", "language": "", "outlet": "", "cursor": "", "words": ""}
    )

    assert StoriesQuery().wanted() == asked.wanted()
    assert RejectsQuery.model_validate({"reason": "", "first": ""}).reason is None


def test_words_are_sorted_by_match_unless_another_order_is_asked_for() -> None:
    assert "match" == StoriesQuery.model_validate({"words": "ferry", "sort": ""}).wanted().sort
    assert "size" == StoriesQuery.model_validate({"words": "ferry", "sort": "size"}).wanted().sort
    assert "newsrooms" == StoriesQuery.model_validate({"words": "  "}).wanted().sort
    assert '"a b" c' == SearchQuery.model_validate({"words": ' "a b" c '}).wanted().words


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": 201},
        {"words": "w" * 301},
        {"outlet": "o" * 301},
        {"cursor": "c" * 401},
        {"first": "2026-02-30"},
        {"least_articles": -1},
        {"sort": "price"},
    ],
)
def test_what_is_out_of_bounds_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StoriesQuery.model_validate(asked)
