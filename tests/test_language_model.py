"""The model that tells languages, as arrays."""

import struct

import numpy as np
import pytest

from pipeline.text import language, language_model
from tests.test_language import SENTENCES


def _content() -> bytes:
    path = language_model.path()
    assert path is not None
    return path.read_bytes()


def test_the_model_of_the_package_is_one_that_is_read() -> None:
    known = language_model.languages()

    assert known is not None
    assert len(known.codes) == 176
    assert {language.likeliest(text).code for text in SENTENCES.values()} <= {*known.codes}


def test_every_word_is_found_by_its_hash() -> None:
    model = language_model.read(_content()).model
    words = [
        model.spelt[start:stop].tobytes()
        for start, stop in zip(model.word_ends, model.word_ends[1:], strict=False)
    ]

    for n, word in enumerate(words):
        slot = language_model.hash_of(word) & (model.slots.size - 1)
        while model.slots[slot] != n:
            assert model.slots[slot] >= 0, word
            slot = (slot + 1) & (model.slots.size - 1)


def test_every_leaf_hangs_on_the_root_once() -> None:
    known = language_model.read(_content())
    left, right = known.model.left, known.model.right
    waiting, leaves = [left.size - 1], []
    while waiting:
        node = waiting.pop()
        if left[node] < 0:
            leaves.append(node)
        else:
            waiting += [left[node], right[node]]

    assert sorted(leaves) == list(range(len(known.codes)))
    assert np.isfinite(known.model.rows).all()


@pytest.mark.parametrize("at", [0, 4, 8, 28, 32, 36, 40, 44, 48])
def test_a_file_of_another_kind_of_model_is_refused(at: int) -> None:
    """Each of these numbers says what the loops count on."""
    content = bytearray(_content())
    content[at] += 1

    with pytest.raises(ValueError, match="another kind"):
        language_model.read(bytes(content))


@pytest.mark.parametrize("size", [0, 3, 60, 1_000, 100_000, 600_000, 937_000])
def test_a_file_that_breaks_off_is_refused(size: int) -> None:
    with pytest.raises((ValueError, IndexError, struct.error)):
        language_model.read(_content()[:size])
