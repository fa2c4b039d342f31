"""Plain data as YAML."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.app.block_yaml import dump

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"))
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none() | st.sampled_from(["no", "1e3", "2026-03-05", "a: b", "'", "- x"]),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.sampled_from(["on", "y", "null"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_a_reader_of_yaml_reads_what_was_written(value: Any) -> None:
    assert value == yaml.safe_load(dump(value))


def test_it_reads_well() -> None:
    assert 'a:\n  - b: 1\n    c: []\n  - "x"\n' == dump({"a": [{"b": 1, "c": []}, "x"]})
