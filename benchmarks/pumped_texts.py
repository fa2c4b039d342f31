"""Texts on which a regular expression would take longest: what it repeats, repeated, and then what it can't end with.

Such a text is a beginning, a pump, which is repeated, and an end. For each repetition in an expression the beginning is what the
expression wants before it, and the pump what it repeats: so all ways to share the pumps out between two repetitions, or between
two beginnings, are tried.
"""

import re
import re._constants as sre
import re._parser as sre_parse
from collections.abc import Iterator
from itertools import islice
from typing import Any

SIGNS = " a1A.-,:/()\n\t'\"é一の한أ_<&;=|#%\x00"
GENERIC = (
    " ",
    "a",
    "1",
    ".",
    "\n",
    "a ",
    "1.",
    ", ",
    "\n ",
    "A",
    "(",
    "-",
    "é",
    "一",
    "の",
    "a\u0301",
    "\u200b",
    "<",
    "&",
)
ENDS = ("", "\x00", "é")
MANY = 16  # what is repeated less often costs no more for a longer text
BRANCHES, PUMPS = 2, 24

Text = tuple[str, str, str]


def texts(spelt: str, flags: int, library: str) -> list[Text]:
    """Beginnings, pumps and ends for an expression; no more than some sixty pumps, each with every end."""
    found = dict.fromkeys(("", pump) for pump in GENERIC[:4])
    if library == "re":
        tree = sre_parse.parse(spelt, flags)
        found |= dict.fromkeys(islice(_pumps(list(tree), ""), PUMPS))
    else:
        found |= dict.fromkeys(("", pump) for pump in GENERIC)
    return [(begin, pump, end) for begin, pump in found for end in ENDS]


def _pumps(tokens: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for kind, argument in tokens:
        if kind in _REPEATS:
            _, most, body = argument
            if most is sre.MAXREPEAT or most > MANY:
                for pump in _samples(list(body)):
                    yield before, pump
                    yield "", before + pump
                    yield before + pump, before + pump
            yield from _pumps(list(body), before)
        for inner in _inner(kind, argument)[:BRANCHES]:
            yield from _pumps(inner, before)
        before += next(iter(_samples([(kind, argument)])), "")


_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def _inner(kind: Any, argument: Any) -> list[list[Any]]:
    if kind is sre.SUBPATTERN:
        return [list(argument[-1])]
    if kind is sre.ATOMIC_GROUP:
        return [list(argument)]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(argument[1])]
    if kind is sre.BRANCH:
        return [list(branch) for branch in argument[1]]
    return []


def _samples(tokens: list[Any]) -> list[str]:
    """Some texts that the tokens match, or nearly."""
    found = [""]
    for kind, argument in tokens:
        some = _of_token(kind, argument)
        found = [one + other for one in found[:2] for other in some[: 4 if len(tokens) == 1 else 2]]
    return list(dict.fromkeys(one for one in found if one))


def _of_token(kind: Any, argument: Any) -> list[str]:
    if kind is sre.LITERAL:
        return [chr(argument)]
    if kind is sre.NOT_LITERAL:
        return [sign for sign in SIGNS if ord(sign) != argument][:3]
    if kind is sre.ANY:
        return ["a", " "]
    if kind is sre.IN:
        return _in_set(argument)
    if kind in _REPEATS:
        least, _, body = argument
        return [one * max(1, least) for one in _samples(list(body))] or [""]
    inner = _inner(kind, argument) if kind not in (sre.ASSERT, sre.ASSERT_NOT) else []
    return [one for some in inner[:BRANCHES] for one in _samples(some)[:2]] or [""]


def _in_set(items: Any) -> list[str]:
    """Signs of a set, of several kinds."""
    first = next(
        (
            item[1] if item[0] is sre.LITERAL else item[1][0]
            for item in items
            if item[0] in (sre.LITERAL, sre.RANGE)
        ),
        None,
    )
    signs = SIGNS + (chr(first) if first is not None else "")
    is_negated = items[0][0] is sre.NEGATE
    return [s for s in signs if any(_has(item, s) for item in items) is not is_negated][:4] or ["a"]


def _has(item: Any, sign: str) -> bool:
    kind, argument = item
    if kind is sre.LITERAL:
        return ord(sign) == argument
    if kind is sre.RANGE:
        return bool(argument[0] <= ord(sign) <= argument[1])
    return kind is sre.CATEGORY and re.match(_CATEGORIES[argument], sign) is not None


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
