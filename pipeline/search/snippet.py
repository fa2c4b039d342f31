"""A part of a text that shows why it was found, made when it is asked for: its words that were looked up are marked as data."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.search.query import Query
from pipeline.search.words import placed

_CHARACTERS = 220  # of a snippet: two lines
_LOOKED_AT = 50_000  # of the text; a longer one is no article
_MOST_PLACES = 2_000  # of one phrase: of the letter a there may be thousands


class Part(NamedTuple):
    """A run of a snippet, and whether it was looked up."""

    text: str
    is_hit: bool


def snippet(text: str, query: Query) -> list[Part]:
    """The part with the most different phrases, the first of several; the beginning where none is found."""
    text = text[:_LOOKED_AT]
    said = list(placed(text))
    places = sorted(
        (start, end, n)
        for n, phrase in enumerate(query.phrases)
        for start, end in phrase.places(said)[:_MOST_PLACES]
    )
    start, end = _window(text, places)
    shown = _joined([(a, b) for a, b, _ in places if a >= start and b <= end])
    parts, at = [], start
    for a, b in shown:
        parts += [Part(text[at:a], False), Part(text[a:b], True)]
        at = b
    parts.append(Part(text[at:end], False))
    return _told(parts, is_first=start == 0, is_last=end == len(text))


def _window(text: str, places: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """From where to where the snippet goes: around the first place from which most phrases are near."""
    best, chosen = 0, (0, 0)
    for n, (start, end, _) in enumerate(places):
        near = [one for one in places[n : n + 50] if one[1] <= start + _CHARACTERS // 2]
        found = len({phrase for _, _, phrase in near})
        if found > best:
            best, chosen = found, (start, max([end, *(one[1] for one in near)]))
    start = _space_before(
        text, max(0, chosen[0] - (_CHARACTERS - min(_CHARACTERS, chosen[1] - chosen[0])) // 3)
    )
    return start, _space_after(text, max(chosen[1], start + _CHARACTERS))


def _space_before(text: str, at: int) -> int:
    """Where a word begins, if one does nearby."""
    if at == 0:
        return 0
    found = max(text.rfind(space, max(0, at - 20), at) for space in " \n")
    return found + 1 if found >= 0 else at


def _space_after(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    found = [place for space in " \n" if (place := text.find(space, at, at + 20)) >= 0]
    return min(found, default=at)


def _joined(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap or touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _told(parts: Sequence[Part], *, is_first: bool, is_last: bool) -> list[Part]:
    """Without empty parts and line breaks, with dots where the text goes on."""
    first, last = "" if is_first else "…", "" if is_last else "…"
    shown = [Part(first, False), *parts, Part(last, False)]
    return [Part(part.text.replace("\n", " "), part.is_hit) for part in shown if part.text]
