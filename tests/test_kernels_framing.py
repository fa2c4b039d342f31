"""Which numbers and names two texts have in the same place of the same words, against plain Python."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from pipeline.kernels import framing
from pipeline.kernels.reading import Reading
from pipeline.kernels.texts import NAME, NUMBER
from tests.readings import TEXTS, read

EDGE = [("edge", 0)] * 2


@settings(deadline=None, max_examples=100)
@given(TEXTS, TEXTS)
def test_two_texts_are_compared_by_frames_and_cells(one: str, other: str) -> None:
    """Tokens, numbers and names of each; those of them that were swapped; words and cells that the other lacks."""
    found = read(one, other)

    swaps = framing.swapped(found.tokens, np.array([0]), np.array([1]))

    tokens = [_tokens(found, n) for n in (0, 1)]
    for side in (0, 1):
        mine, its = tokens[side], tokens[1 - side]
        known, neighbours = {token for token, _ in its}, _neighbours(its)
        framed = _framed(mine, neighbours)
        lacked = {token: kind for token, kind in reversed(framed) if token not in known}
        cells, other_cells = _cells(mine), _cells(its)
        expected = {
            "tokens": len(mine),
            "figures": sum(kind == NUMBER for _, kind in mine),
            "named": sum(kind == NAME for _, kind in mine),
            "numbers": sum(kind == NUMBER for kind in lacked.values()),
            "names": sum(kind == NAME for kind in lacked.values()),
            "words": len({token for token, kind in mine if kind != NUMBER} - known),
            "cells": len(cells),
            "other_cells": len(cells - other_cells),
        }
        assert expected == {name: int(getattr(swaps, name)[0, side]) for name in expected}


def test_a_number_that_a_text_adds_is_not_swapped() -> None:
    """Another number in the same words is; one in words of its own is not."""
    said = "the council met and {} members voted for the bridge"
    swaps = _swaps(said.format(12), said.format(19))
    added = _swaps(said.format(12), said.format(12) + " the paper was founded in 1871 by a baker")

    assert [[1, 1]] == swaps.numbers.tolist()
    assert [[0, 0]] == added.numbers.tolist()


def test_a_number_where_the_other_has_a_word_is_swapped() -> None:
    """Funds trade at six percent, or at 6-3/8."""
    said = "dealers said that money was trading at {} percent when the bank began"

    assert [[1, 0]] == _swaps(said.format("6-3/8"), said.format("six")).numbers.clip(max=1).tolist()


def test_numbers_that_change_places_are_other_cells() -> None:
    """All numbers of the one table are in the other, too, but not beside the same words."""
    swaps = _swaps("wheat up 3 corn up 5 oats off 1", "wheat up 5 corn up 3 oats even 1")

    assert [[0, 0]] == swaps.numbers.tolist()
    assert [[1, 1]] == swaps.other_cells.tolist()


def _swaps(one: str, other: str) -> framing.Swaps:
    return framing.swapped(read(one, other).tokens, np.array([0]), np.array([1]))


def _tokens(found: Reading, n: int) -> list[tuple[int, int]]:
    """The tokens of a text, each with what it is; a key has its lowest bit set, as in the kernel."""
    at = slice(*found.tokens.ends[n : n + 2])
    marks = found.tokens.marks[at].tolist()
    kinds = [NUMBER if mark & NUMBER else mark & NAME for mark in marks]
    return [(token | 1, kind) for token, kind in zip(found.tokens.hashes[at].tolist(), kinds, strict=True)]


def _places(tokens: list[tuple[int, int]]) -> tuple[list[tuple[object, int]], list[int]]:
    """The places of a text with two edges on either side, and the place of each token."""
    places: list[tuple[object, int]] = [*EDGE]
    at, before = [], 0
    for token, kind in tokens:
        if not kind or kind != before:
            places.append(("fact" if kind else token, kind))
        before = kind
        at.append(len(places) - 1)
    return [*places, *EDGE], at


def _neighbours(tokens: list[tuple[int, int]]) -> set[tuple[object, object]]:
    places, _ = _places(tokens)
    return set(pairwise(places))


def _framed(tokens: list[tuple[int, int]], neighbours: set[tuple[object, object]]) -> list[tuple[int, int]]:
    """The numbers and names that stand between two neighbours of another text before them, and two behind."""
    places, at = _places(tokens)
    return [
        (token, kind)
        for (token, kind), n in zip(tokens, at, strict=True)
        if kind
        and (places[n - 2], places[n - 1]) in neighbours
        and (places[n + 1], places[n + 2]) in neighbours
    ]


def _cells(tokens: list[tuple[int, int]]) -> set[tuple[object, ...]]:
    cells: set[tuple[object, ...]] = set()
    word: object = "edge"
    run: list[int] = []
    for token, kind in [*tokens, (-1, 0)]:
        if kind == NUMBER:
            run.append(token)
            continue
        if run:
            cells.add((word, *run))
            run = []
        word = token
    return cells
