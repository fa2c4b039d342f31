"""Running text that a page hides until a script shows it: the article, the rest of it behind "read more", or a copy of it.

Extractors drop what is hidden, and cannot tell the rest of an article from a box that waits for its time. Only what holds
paragraphs of running text is looked at.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from pipeline.extract.page_state import is_piece
from pipeline.extract.paragraphs import is_long
from pipeline.extract.tree import has_no_display, line_of
from pipeline.text import lexicon

if TYPE_CHECKING:
    from lxml.html import HtmlElement


MANY_CHARS = 250  # of text that is not shown, from which on it may be the article
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))[^;]*;?", re.IGNORECASE)
_SEARCHED = "until-found"  # the value of `hidden` that a search in the page takes away
_HIDING = re.compile(
    r"(?<![\w:-])(?:is-|u-|js-)?(?:hide|hidden|collapsed?|d-none|display-none)(?![\w:-])", re.IGNORECASE
)
_FOR_A_WIDTH = re.compile(
    r"mobile|(?<![a-z])(?:hidden|hide|visible|show|d|display|only)[a-z-]{0,40}-(?:xs|sm|md|lg|xl|small|medium|large)(?![a-z])"
    r"|(?<![a-z])(?:xs|sm|md|lg|xl):(?:hidden|block|flex|inline)(?![a-z])",
    re.IGNORECASE,
)
_REST = re.compile(
    r"(?<![a-z])(?:more|rest|full|expand\w*|collaps\w*|remain\w*|trunc\w*|continu\w*|readmore|fold\w*)(?![a-z])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"article|story|content|post|entry|body|text|main", re.IGNORECASE)
_BOX = re.compile(
    r"modal|popup|pop-up|dialog|cookie|consent|gdpr|newsletter|subscri|log-?in|sign-?in|register|error|success|alert|message"
    r"|toast|tooltip|menu|search|comment|share|related|recommend|advert|promo|banner|lightbox|gallery|slide|caption|transcript",
    re.IGNORECASE,
)
_FEWEST = 2  # paragraphs; a single one that is there twice goes later
_MOST = 0.6  # of the text of what is dropped as a copy must be paragraphs that stand elsewhere
SIDES = frozenset({"nav", "footer", "aside", "form", "dialog", "header"})
_WHOLE = ("body", "article", "main")
_EXPANDERS = {phrase.casefold() for phrase in lexicon.words().expanders}
_CONTROLLED = etree.XPath("//@aria-controls", smart_strings=False)
_CONTROLS = ("a", "button", "span", "label", "summary", "p", "div")
_CONTROL_CHARS = 40
_AROUND = " .…»›>+▾▼↓[]()"
_NEAR = 4  # elements before and after what is hidden, among which the control that shows it is looked for


class _Box(NamedTuple):
    """What an element is in: the outermost that is hidden, and the outermost that is for some widths of screen."""

    hidden: "HtmlElement | None"
    for_a_width: "HtmlElement | None"


_NO_BOX = _Box(None, None)


def reveal(tree: "HtmlElement") -> bool:
    """Show the article and the rest of it, and drop what is there twice; whether anything was shown.

    All in time linear in the size of the tree.
    """
    known: dict[HtmlElement | None, _Box] = {None: _NO_BOX}
    boxes = [(p, _box(p, known)) for p in tree.iter("p")]
    is_shown = sum(_show_ends(p) for p, _ in boxes) > 0
    if all(box is _NO_BOX for _, box in boxes):
        return is_shown
    long = [(p, line, box) for p, box in boxes if is_long(line := line_of(p))]
    return _settle(long) or is_shown


def _box(element: "HtmlElement | None", known: dict["HtmlElement | None", _Box]) -> _Box:
    """Each element is looked at once: `known` has those that were."""
    path: list[HtmlElement] = []
    while element is not None and element not in known:
        path.append(element)
        element = element.getparent()
    box = known[element]
    for inner in reversed(path):
        if not inner.keys():  # as of half of the paragraphs
            known[inner] = box
            continue
        _keep_clipped(inner)
        names = inner.get("class") or ""
        has_a_width = bool(names) and inner.tag not in _WHOLE and _is_for_a_width(names)
        if box.hidden is None and _may_be_hidden(inner, "" if has_a_width else names):
            box = _Box(inner, box.for_a_width)
        if box.for_a_width is None and has_a_width:
            box = _Box(box.hidden, inner)
        known[inner] = box
    return box


def _keep_clipped(element: "HtmlElement") -> None:
    """Text that does not fit its box is shown by scrolling, or by a control; extractors take `overflow: hidden` for hidden."""
    style = element.get("style") or ""
    if "hidden" in style and not _NOT_SHOWN.search(style):
        del element.attrib["style"]


def _may_be_hidden(element: "HtmlElement", names: str) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return (style is not None and _NOT_SHOWN.search(style) is not None) or (bool(names) and _is_hiding(names))


@lru_cache(maxsize=2_000)
def _is_hiding(names: str) -> bool:
    return _HIDING.search(names) is not None


@lru_cache(maxsize=2_000)
def _is_for_a_width(names: str) -> bool:
    return _FOR_A_WIDTH.search(names) is not None


def _show_ends(paragraph: "HtmlElement") -> bool:
    """Show the end of a paragraph that is hidden behind dots."""
    is_shown = False
    for end in list(paragraph.iterchildren("span")):
        dots = end.getprevious()
        if dots is not None and line_of(dots) in {"...", "…"} and _may_be_hidden(end, end.get("class") or ""):
            dots.drop_tree()
            _unhide(end)
            is_shown = True
    return is_shown


# --- what becomes of it ----------------------------------------------------------------------------------------


def _settle(every: list[tuple["HtmlElement", str, _Box]]) -> bool:
    """Whether anything was shown. `every` paragraph of running text comes with its line and what it is in."""
    counts = Counter(line for _, line, _ in every)
    hidden: dict[HtmlElement, Counter[str]] = {}
    copies: dict[HtmlElement, Counter[str]] = {}
    shown: Counter[HtmlElement | None] = Counter()  # characters of each parent's paragraphs
    for paragraph, own, box in every:
        if box.hidden is not None:
            hidden.setdefault(box.hidden, Counter())[own] += 1
        else:
            shown[paragraph.getparent()] += len(own)
        if box.for_a_width is not None:
            copies.setdefault(box.for_a_width, Counter())[own] += 1
    dropped = {e for e, own in [*hidden.items(), *copies.items()] if _is_again(e, own, counts)}
    groups: dict[HtmlElement, list[HtmlElement]] = {}
    for element in hidden:
        if element not in dropped and (parent := element.getparent()) is not None:
            groups.setdefault(parent, []).append(element)
    texts = {parent for parent, elements in groups.items() if _is_text(parent, elements, hidden, shown)}
    for parent in texts:
        for element in groups.pop(parent):
            _unhide(element)
    _keep_hidden([e for elements in groups.values() for e in elements], hidden, shown.total())
    return bool(texts)


def _keep_hidden(
    elements: list["HtmlElement"], hidden: dict["HtmlElement", Counter[str]], n_shown: int
) -> None:
    """See to it that no reader takes what stays hidden for text. `n_shown` characters of running text are shown."""
    controlled = set(" ".join(_CONTROLLED(elements[0])).split()) if elements else set()
    for element in elements:
        if 2 * _n_chars(hidden[element]) <= n_shown:
            _say_plainly(element, controlled)
        elif _is_box(element):
            element.drop_tree()  # so large that a reader might take it for the text


def _is_box(element: "HtmlElement") -> bool:
    """Whether an element is hidden for sure, and is called what boxes are that wait for their time."""
    style = element.get("style")
    is_hidden = element.get("hidden") is not None or (
        style is not None and _NOT_SHOWN.search(style) is not None
    )
    return is_hidden and _BOX.search(_names(element)) is not None


def _say_plainly(element: "HtmlElement", controlled: set[str]) -> None:
    """Write what hides an element as extractors look for it; what a control or a search in the page opens may be text."""
    is_hidden = element.get("hidden", _SEARCHED).lower() != _SEARCHED or has_no_display(element)
    if is_hidden and not _is_panel(element, controlled) and not is_piece(element):
        element.set("style", "display:none")


def _is_panel(element: "HtmlElement", controlled: set[str]) -> bool:
    """Whether a reader can open an element, as those of accordions and of tabs (ARIA 1.2)."""
    is_named = element.get("role") in {"region", "tabpanel"} or element.get("aria-labelledby") is not None
    return is_named or element.get("id") in controlled


def _is_again(element: "HtmlElement", own: Counter[str], counts: Counter[str]) -> bool:
    """Whether all running text of the element stands elsewhere on the page, too; then it is dropped."""
    if len(own) < _FEWEST or any(counts[line] <= n for line, n in own.items()) or element.getparent() is None:
        return False
    if _n_chars(own) < _MOST * len(line_of(element)):
        return False  # it has other things, too
    counts.subtract(own)
    element.drop_tree()
    return True


def _is_text(
    parent: "HtmlElement",
    elements: list["HtmlElement"],
    hidden: dict["HtmlElement", Counter[str]],
    shown: Counter["HtmlElement | None"],
) -> bool:
    """Whether what is hidden under one parent is the article, or the rest of it, rather than a box that waits for its time."""
    first = elements[0]
    names = " ".join(map(_names, elements[:_NEAR]))
    around = takewhile(lambda a: a.tag not in _WHOLE, islice(first.iterancestors(), _NEAR))
    if _BOX.search(names) or any(a.tag in SIDES or _BOX.search(_names(a)) for a in around):
        return False
    n_hidden = sum(_n_chars(hidden[e]) for e in elements)
    if n_hidden >= max(MANY_CHARS, shown.total()) and (first.tag in _WHOLE or _ARTICLE.search(names)):
        return True
    is_beside = any(shown[e] for e in (parent, *parent, *islice(parent.iterancestors(), 1)))
    return bool(is_beside) and (_REST.search(names) is not None or _has_control(first, elements[-1]))


def _n_chars(lines: Counter[str]) -> int:
    return sum(len(line) * n for line, n in lines.items())


def _names(element: "HtmlElement") -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _has_control(first: "HtmlElement", last: "HtmlElement") -> bool:
    """Whether "read more" stands beside."""
    beside = [*islice(first.itersiblings(preceding=True), _NEAR), *islice(last.itersiblings(), _NEAR)]
    near = (e for b in beside for e in islice(b.iter(*_CONTROLS), _NEAR))
    return any(line_of(e)[:_CONTROL_CHARS].casefold().strip(_AROUND) in _EXPANDERS for e in near)


def _unhide(element: "HtmlElement") -> None:
    for name in ("hidden", "aria-hidden", "style"):
        element.attrib.pop(name, None)
    if names := element.get("class"):
        element.set("class", _HIDING.sub("shown", names))
