"""Judgements of pairs as a labelled file."""

import json

import pytest

from pipeline.explorer import labels
from pipeline.model.errors import SettingsError

ONE, OTHER = f"20260305{'a' * 24}", f"20260304{'b' * 24}"


def test_each_judgement_is_a_line_and_what_was_left_open_is_none() -> None:
    found = (
        labels.as_lines([f"same.{ONE}.{OTHER}", f".{ONE}.{OTHER}", f"other.{OTHER}.{ONE}"])
        .decode()
        .splitlines()
    )

    assert [True, False] == [json.loads(line)["are_copies"] for line in found]
    assert {"article_id": ONE, "other_id": OTHER, "are_copies": True} == json.loads(found[0])


@pytest.mark.parametrize("judged", [f"maybe.{ONE}.{OTHER}", f"same.{ONE}", "same", f"same.{ONE}.{'z' * 32}"])
def test_what_is_no_judgement_is_refused(judged: str) -> None:
    with pytest.raises(SettingsError):
        labels.as_lines([judged])
