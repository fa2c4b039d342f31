"""Reasons: code asks for their kind, people read their sentence."""

import pytest

from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import PASSING


def test_no_two_kinds_are_one() -> None:
    """An enum takes a second member with the same value for another name of the first."""
    assert [why.name for why in Why] == list(Why.__members__)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Why.NOT_OVER.of(), "is not over yet"),
        (Why.INPUT.of("articles/2026-03-05"), "articles/2026-03-05"),
        (
            Why.OLD_PART.of("stories/2026-03-05", "2026-03-06"),
            "stories/2026-03-05 has an old part of 2026-03-06",
        ),
        (Why.HELD.of("15 of 20 {articles} would be lost"), "held back: 15 of 20 {articles} would be lost"),
    ],
)
def test_a_reason_reads_as_its_sentence_with_what_it_names(reason: object, sentence: str) -> None:
    assert sentence == str(reason)


def test_what_another_run_may_find_gone_names_nothing() -> None:
    """It is told by its kind alone."""
    assert all("{}" not in why.value for why in PASSING)
