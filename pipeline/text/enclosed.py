"""Stretches of a text from a mark to its end, left out in linear time, however many marks open that never close."""

import re
from collections.abc import Mapping, Sequence
from typing import AnyStr


def without_enclosed(
    text: AnyStr,
    opening: re.Pattern[AnyStr],
    ends: Mapping[AnyStr, Sequence[re.Pattern[AnyStr]]],
    instead: AnyStr,
) -> AnyStr:
    """A text with `instead` for each stretch from an opening to its end.

    `ends` has, by what an opening matched in lower case, what may end it, the best first. An opening that is not among them is
    a stretch by itself; one without an end stays. A pattern that tries each opening would search all of the rest for each.
    """
    kept: list[AnyStr] = []
    missing: set[re.Pattern[AnyStr]] = set()
    first = at = 0
    while begun := opening.search(text, at):
        end = at = begun.end()
        for pattern in ends.get(begun[0].lower(), ()):
            found = None if pattern in missing else pattern.search(text, at)
            if found:
                end = found.end()
                break
            missing.add(pattern)  # what is not behind this opening is not behind any later one
        else:
            if begun[0].lower() in ends:
                continue
        kept.append(text[first : begun.start()])
        first = at = end
    kept.append(text[first:])
    return instead.join(kept)
