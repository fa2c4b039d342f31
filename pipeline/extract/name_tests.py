"""trafilatura's searches for boxes by their names, in a tenth of the time and with the same results.

It searches a page with some ten XPath expressions that call a regular expression for the class and the id of every element
(`re:test`), which took half of the time of a reading. Whether an element is found hangs on its tag and its attributes alone,
and pages repeat these. So for the time of a reading each such expression is replaced by one walk that asks every
value of an attribute once. An expression that is written otherwise than those known here stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree
from trafilatura import xpaths

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    Test = Callable[[str], bool]
    Holds = Callable[[HtmlElement], bool]
    Search = Callable[[HtmlElement], list[HtmlElement]]

_ATTRIBUTES = r"(?P<names>@[\w-]+(?:\|@[\w-]+)*)"
_LITERAL = r"'(?P<literal>[^']*)'"
_CONDITIONS = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "pattern": rf"re:test\({_ATTRIBUTES}, ?{_LITERAL}(?P<flag>, ?'i')?\)",
        "translated": rf"contains\(translate\({_ATTRIBUTES}, ?'[A-Z]+', ?'(?P<letters>[a-z]+)'\), ?{_LITERAL}\)",
        "part": rf"contains\({_ATTRIBUTES}, ?{_LITERAL}\)",
        "start": rf"starts-with\({_ATTRIBUTES}, ?{_LITERAL}\)",
        "whole": rf"{_ATTRIBUTES}={_LITERAL}",
        "present": _ATTRIBUTES,
        "without": r"not\(\.//(?P<tag>\w+)\)",
        "no_tag": r"not\((?P<tags>self::\w+(?: or self::\w+)*)\)",
    }.items()
}
_EXPRESSION = re.compile(
    r"(?P<is_first>\()?\.//\*\[(?:(?P<tags>self::\w+(?: or self::\w+)*)\]\[)?(?P<conditions>.*?)\]\)?(?P<first>\[1\])?"
)
_TAG = re.compile(r"self::(\w+)")
_CACHED_VALUES = 5_000  # a page has some hundred


class NameSearch:
    """What an XPath expression `.//*[tags][conditions]` finds; of one that ends in `[1]` the first, the only one that is used.

    `patterns` are regular expressions for attributes, one of which finds something in each element that is found.
    """

    def __init__(
        self, tags: list[str], groups: list["Holds"], patterns: dict[tuple[str, ...], str], *, is_first: bool
    ) -> None:
        self.tags, self.patterns = frozenset(tags), patterns
        self._tags, self._groups, self._is_first = tags or ["*"], groups, is_first

    def __call__(self, tree: "HtmlElement") -> list["HtmlElement"]:
        found = self.among(tree.iterdescendants(*self._tags))
        return list(islice(found, 1) if self._is_first else found)

    def among(self, elements: Iterable["HtmlElement"]) -> Iterator["HtmlElement"]:
        """Those of some elements with its tags for which the conditions hold."""
        found = iter(elements)
        for holds in self._groups:
            found = filter(holds, found)
        return found


class Together:
    """Several expressions that are looked for in one walk over a tree."""

    def __init__(self, expressions: Sequence[etree.XPath]) -> None:
        self._searches = [quickened(expression.path) or expression for expression in expressions]
        self._known = [s for s in self._searches if isinstance(s, NameSearch) and s.patterns]
        tests: dict[str, list[tuple[int, str]]] = {}
        for n, search in enumerate(self._known):
            for names, pattern in search.patterns.items():
                for name in names:
                    tests.setdefault(name, []).append((1 << n, pattern))
        self._bits = {name: _bits_of(own) for name, own in tests.items()}
        tags = [search.tags for search in self._known]
        self._tags = frozenset().union(*tags) if tags and all(tags) else frozenset("*")

    def __call__(self, tree: "HtmlElement") -> Iterator[list["HtmlElement"]]:
        """What each of the expressions finds, when it is its turn: what was found before may have been taken out of the tree."""
        if len(self._known) < len(self._searches):
            yield from (search(tree) for search in self._searches)
            return
        may_hold = self._candidates(tree)
        for n, search in enumerate(self._known):
            own = (e for e, bits in may_hold if bits >> n & 1 and (not search.tags or e.tag in search.tags))
            yield [e for e in search.among(own) if any(above is tree for above in e.iterancestors())]

    def _candidates(self, tree: "HtmlElement") -> list[tuple["HtmlElement", int]]:
        """The elements with an attribute for which a condition holds, and of which expressions it is one."""
        found = []
        if len(self._bits) <= _FEW_NAMES:
            named = list(self._bits.items())
            for element in tree.iterdescendants(*self._tags):
                bits = 0
                for name, test in named:
                    if (value := element.get(name)) is not None:
                        bits |= test(value)
                if bits:
                    found.append((element, bits))
            return found
        tests = self._bits.get
        for element in tree.iterdescendants(*self._tags):
            bits = 0
            for name, value in element.items():
                if (known := tests(name)) is not None:
                    bits |= known(value)
            if bits:
                found.append((element, bits))
        return found


_FEW_NAMES = 3  # so many attributes are sooner asked for by their names than all of an element looked through


def _bits_of(patterns: list[tuple[int, str]]) -> Callable[[str], int]:
    """The bits of the patterns that find something in a value; nearly all find nothing, which one search says."""
    any_of = re.compile("|".join(f"(?:{pattern})" for _, pattern in patterns)).search
    each = [(bit, re.compile(pattern).search) for bit, pattern in patterns]

    @lru_cache(_CACHED_VALUES)
    def bits(value: str) -> int:
        return sum({bit for bit, search in each if search(value)}) if any_of(value) else 0

    return bits


def quickened(path: str) -> NameSearch | None:
    """The search that an XPath expression stands for; None if it is written otherwise than those known here."""
    written = _EXPRESSION.fullmatch(
        " ".join(path.split()).replace("[ ", "[").replace(" ]", "]").replace("( .", "(.")
    )
    if written is None:
        return None
    groups = [_group(conditions) for conditions in written["conditions"].split("][")]
    known = [group for group in groups if group is not None]
    if len(known) < len(groups):
        return None
    patterns = next((group.patterns for group in known if not group.others), {})
    tags = _TAG.findall(written["tags"] or "")
    holds = [_any_of({n: _cached(p) for n, p in g.patterns.items()}, g.others) for g in known]
    return NameSearch(tags, holds, patterns, is_first=written["first"] is not None)


class _Group(NamedTuple):
    """Conditions one of which must hold: on attributes, by their names, and others."""

    patterns: dict[tuple[str, ...], str]
    others: list["Holds"]


def _group(conditions: str) -> _Group | None:
    """Conditions that are joined by "or"; None if one of them is not known."""
    patterns: dict[tuple[str, ...], list[str]] = {}
    others: list[Holds] = []
    at = 0
    while at < len(conditions):
        kind, found = next(
            ((k, f) for k, c in _CONDITIONS.items() if (f := c.match(conditions, at))), ("", None)
        )
        if found is None:
            return None
        at = found.end()
        if conditions[at : at + 4] not in {" or ", ""}:
            return None
        at += 4
        if kind in {"without", "no_tag"}:
            others.append(_about_tags(kind, found))
        else:
            names = tuple(found["names"].replace("@", "").split("|"))
            patterns.setdefault(names, []).append(_pattern(kind, found))
    if any(re.search(pattern, "") and pattern for own in patterns.values() for pattern in own):
        return None  # it holds where there is no attribute, too
    return _Group({names: "|".join(own) for names, own in patterns.items()}, others)


def _pattern(kind: str, found: re.Match[str]) -> str:
    """A regular expression for the values for which a condition holds; an attribute may be present without a value."""
    if kind == "present":
        return ""
    literal = found["literal"]
    if kind == "pattern":
        return f"(?i:{literal})" if found["flag"] else f"(?:{literal})"
    if kind == "translated":
        either = found["letters"]
        return "".join(f"[{c}{c.upper()}]" if c in either else re.escape(c) for c in literal)
    start, end = {"part": ("", ""), "start": (r"\A", ""), "whole": (r"\A", r"\Z")}[kind]
    return f"{start}{re.escape(literal)}{end}"


def _cached(pattern: str) -> "Test":
    search = re.compile(pattern).search
    return lru_cache(_CACHED_VALUES)(lambda value: search(value) is not None)


def _about_tags(kind: str, found: re.Match[str]) -> "Holds":
    if kind == "no_tag":
        tags = frozenset(_TAG.findall(found["tags"]))
        return lambda element: element.tag not in tags
    tag = found["tag"]
    return lambda element: next(element.iterdescendants(tag), None) is None


def _any_of(tests: dict[tuple[str, ...], "Test"], others: list["Holds"]) -> "Holds":
    """Of several attributes that are tested as one, XPath tests the one that is written first."""
    of_one = {names[0]: test for names, test in tests.items() if len(names) == 1}
    of_first = [(names, test) for names, test in tests.items() if len(names) > 1]

    def holds(element: "HtmlElement") -> bool:
        attributes = element.items()
        for name, value in attributes:
            test = of_one.get(name)
            if test is not None and test(value):
                return True
        for names, test in of_first:
            first = next((value for name, value in attributes if name in names), None)
            if first is not None and test(first):
                return True
        return any(other(element) for other in others) if others else False

    return holds


# --- in place of trafilatura's ---------------------------------------------------------------------------------


def _searches() -> Iterator[list[etree.XPath]]:
    """The lists of expressions, by which trafilatura searches."""
    for value in vars(xpaths).values():
        if isinstance(value, list) and all(isinstance(one, etree.XPath) for one in value):
            yield value


def _quick(expression: etree.XPath) -> "Search":
    return (quickened(expression.path) if "re:test" in expression.path else None) or expression


_LISTS: list[list[Any]] = list(_searches())
_ORIGINAL: list[list[etree.XPath]] = [list(searches) for searches in _LISTS]
_QUICK = [[_quick(one) for one in searches] for searches in _ORIGINAL]


@contextmanager
def quick() -> Iterator[None]:
    """Within it, trafilatura searches with what is quick; after it, with its own expressions again."""
    _put(_QUICK)
    try:
        yield
    finally:
        _put(_ORIGINAL)


def _put(every: Sequence[Sequence["Search"]]) -> None:
    for searches, own in zip(_LISTS, every, strict=True):
        searches[:] = own
