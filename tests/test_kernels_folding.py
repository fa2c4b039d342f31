"""Folded bytes: the words that they hold are those of the definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled
from pipeline.kernels.folding import CLOSING, GUILLEMET, OPENING, SPACE, WORD_OR_CHAR, fold
from pipeline.text import scripts, tokens


@compiled
def _folded(
    data: NDArray[np.uint8], table: tokens.Tables, is_normal: bool
) -> tuple[int, NDArray[np.uint8], NDArray[np.uint8]]:
    out, kinds = np.zeros(11 * data.size + 64, np.uint8), np.zeros(11 * data.size + 64, np.uint8)
    return fold(data, 0, data.size, table, is_normal, out, kinds), out, kinds


def folded(text: str, is_normal: bool = True) -> tuple[bytes, bytes] | None:
    """Folded bytes and what each is; None for a text that must be normalised first."""
    size, out, kinds = _folded(np.frombuffer(text.encode() or b" ", np.uint8), tokens.tables(), is_normal)
    return (bytes(out[:size]), bytes(kinds[:size])) if size >= 0 else None


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=60))
def test_letters_are_folded_as_the_definition_folds_them(text: str) -> None:
    """What is left where everything that divides is dropped: the tokens of scripts with spaces, joined."""
    seen = scripts.seen(text)
    found = folded(seen)

    assert found is not None
    letters = bytes(byte for byte, kind in zip(*found, strict=True) if kind & WORD_OR_CHAR)
    expected = "".join(c for c in _without_breaks(scripts.fold(seen)))
    assert expected.encode() == letters


def _without_breaks(characters: str) -> str:
    """The letters of a folded text, with the marks on them."""
    kept, last = "", scripts.BREAK
    for character in characters:
        kind = scripts.kind(character)
        if kind == scripts.IGNORED:
            continue
        last = kind if kind != scripts.MARK else last
        kept += character if last != scripts.BREAK else ""
    return kept


@pytest.mark.parametrize(
    ("sign", "stands"),
    [("\u3000", SPACE), ("\u2009", SPACE), ("«", GUILLEMET), ("「", OPENING), ("』", CLOSING)],
)
def test_a_sign_beyond_ascii_stands_as_one_byte(sign: str, stands: int) -> None:
    assert bytes([ord("a"), stands, ord("b")]) == (folded(f"a{sign}B") or (b"", b""))[0]


@pytest.mark.parametrize("text", ["e\u0301", "가\u11a8", "東京（とうきょう）"])
def test_a_text_whose_form_depends_on_neighbours_is_left_to_be_normalised(text: str) -> None:
    assert folded(text, is_normal=False) is None
    assert folded(scripts.seen(text), is_normal=True) is not None
