"""`benchmarks.patterns` meets every regular expression of the package, on texts that make a bad one slow."""

import re

import pytest

from benchmarks import compiled_patterns, patterns, pumped_texts
from pipeline.clean import agency

# Compiled for what a user wrote; and what compiles for others, which are met there.
NOT_CALLED = {"settings.py", "text/scripts.py"}


def test_every_place_that_compiles_a_pattern_is_met() -> None:
    met = {place for one in compiled_patterns.patterns() for place in one.lines}

    assert NOT_CALLED >= {place.partition(":")[0] for place in compiled_patterns.places().keys() - met}


@pytest.mark.parametrize(
    ("spelt", "pump"), [(r"\w+@", "a"), (r"<!--.*?-->", "<!--"), (r"x\s+$", "x "), (r"(?:\d+,?)+;", "1,")]
)
def test_a_pattern_is_tried_on_what_it_repeats(spelt: str, pump: str) -> None:
    """On many of it, and then on what the pattern can't end with."""
    texts = pumped_texts.texts(spelt, 0, "re")

    assert any(set(pump) <= set(begin + repeated) for begin, repeated, _ in texts)
    assert any(not re.search(spelt, begin + repeated * 10 + end) for begin, repeated, end in texts)


def test_windows_are_no_shorter_than_what_the_modules_look_at() -> None:
    assert patterns.WINDOWS["clean/agency.py"] <= agency._LOOKED_AT
