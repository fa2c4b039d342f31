"""trafilatura's reading of a tree, without the work that our choices leave unused.

`trafilatura.bare_extraction` keeps copies of a tree for what it may do next, and looks for boxes again and again. We want
the text alone, without comments, by its fast way that favours recall. So here stand the steps that it takes for these choices,
in its order, by its own functions: a copy is made where it is used, several searches are one walk, and boxes without
links are not asked for their links. A test holds that the texts are the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from justext import core
from justext.utils import get_stoplist, get_stoplists
from lxml.etree import _Element, strip_elements, strip_tags
from trafilatura import bare_extraction, external, main_extractor, xpaths
from trafilatura.baseline import baseline
from trafilatura.core import _forum_thread_page
from trafilatura.htmlprocessing import (
    convert_tags,
    link_density_test,
    link_density_test_tables,
    tree_cleaning,
)
from trafilatura.settings import MANUALLY_CLEANED, MIN_DUPLICATE_LENGTH, Document, Extractor
from trafilatura.utils import LINK_FARM_RATIO, SPACING_PROTECTED, trim
from trafilatura.xml import delete_element, xmltotxt

from pipeline.extract import name_tests
from pipeline.extract.tree import text_of as all_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def text_of(tree: "HtmlElement", options: Extractor) -> str:
    """The text that `bare_extraction` finds in a tree with such options; empty where it finds none. The tree is as before, afterwards."""
    pruned = _Pruned()
    try:
        with name_tests.quick(), _sections():
            body, n_chars = _body(tree, pruned, options)
            if n_chars < options.min_output_size:
                return ""
    except (TypeError, ValueError):  # as there
        return ""
    finally:
        pruned.put_back()
    return xmltotxt(body, options.formatting)


def _body(tree: "HtmlElement", pruned: "_Pruned", options: Extractor) -> tuple[Any, int]:
    """What is trafilatura's `trafilatura_sequence`: the elements of the text, and how long it is."""
    raw, comments = xpaths.RAW_TREE_PRUNE_XPATH, xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH
    found = _BEFORE(tree)
    is_forum = _forum_thread_page(tree)
    for _ in raw:
        pruned.take(next(found))
    for _ in () if is_forum else comments:
        pruned.take(next(found))
    body, text = _content(tree, options)
    if len(text) < options.min_extracted_size:
        rescued, rescued_text, n_chars = baseline(tree)
        if n_chars > len(text):
            return rescued, len(rescued_text)
    return body, len(text)


def _prepared(tree: "HtmlElement", options: Extractor) -> "HtmlElement":
    return convert_tags(_cleaned(tree, options), options)


def _cleaned(tree: "HtmlElement", options: Extractor) -> "HtmlElement":
    """A copy as `tree_cleaning` leaves it, which walks over it once for each of 48 kinds of elements: here for those that there are.

    "form" stays among them: by it, `tree_cleaning` knows whether it is to look at forms at all.
    """
    kinds = {element.tag for element in tree.iter()} | {"form"}
    every = list(MANUALLY_CLEANED)
    MANUALLY_CLEANED[:] = [kind for kind in every if kind in kinds]
    try:
        return tree_cleaning(copy(tree), options)
    finally:
        MANUALLY_CLEANED[:] = every


def _content(tree: "HtmlElement", options: Extractor) -> tuple[Any, str]:
    """What is trafilatura's `extract_content`; what it reads once more is made once more, where it does so."""
    cleaned = _prepared(tree, options)
    order = list(cleaned.iter())
    body, text, tags = main_extractor._extract(cleaned, options)  # noqa: SLF001
    if not len(body) or len(text) < options.min_extracted_size:
        again = _prepared(tree, options)
        done: set[_Element] = {
            twin for element, twin in zip(order, again.iter(), strict=True) if element.tag == "done"
        }
        body = main_extractor.recover_wild_text(again, body, options, tags, done)
        text = " ".join(body.itertext()).strip()
    _drop_repeated(body)
    strip_elements(body, "done")
    strip_tags(body, "div")
    for line_break in body.iter("lb"):
        tail = line_break.tail
        if tail and tail.isspace() and next(line_break.iterancestors(SPACING_PROTECTED), None) is None:
            line_break.tail = None
    return body, text


def _drop_repeated(body: Any) -> None:
    """Long elements that say what the one before says."""
    previous = None
    for element in list(body):
        own = trim(all_text(element))
        if own and own == previous and len(own) > MIN_DUPLICATE_LENGTH:
            delete_element(element, keep_tail=False)
        else:
            previous = own


# --- by other extractors, too --------------------------------------------------------------------------------------


def thorough_text_of(tree: "HtmlElement", options: Extractor) -> str:
    """The text that `bare_extraction` finds with options by which it compares with readability and jusText; the tree is only read."""
    with name_tests.quick(), _stop_words_once():
        found = bare_extraction(tree, options=options)
    return (found.text or "") if isinstance(found, Document) else ""


@contextmanager
def _stop_words_once() -> Iterator[None]:
    """Within it, jusText has the stop words of all languages as it looks them up: to find them again among what it knows takes 3 ms."""
    patched = ((external, "JT_STOPLIST", _stop_words()), (core, "define_stoplist", lambda known: known))
    before = [vars(module)[name] for module, name, _ in patched]
    for module, name, value in patched:
        vars(module)[name] = value
    try:
        yield
    finally:
        for (module, name, _), value in zip(patched, before, strict=True):
            vars(module)[name] = value


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(word.lower() for language in get_stoplists() for word in get_stoplist(language))


# --- boxes that are no text --------------------------------------------------------------------------------------

_BEFORE = name_tests.Together([*xpaths.RAW_TREE_PRUNE_XPATH, *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH])
_WITHIN = name_tests.Together([*xpaths.OVERALL_DISCARD_XPATH, *xpaths.DISCARD_IMAGE_ELEMENTS])
_SHARE = 7  # of a text must be left


class _Pruned:
    """What was taken out of a tree, and where it stood: a tree is read again where one reading is not enough."""

    def __init__(self) -> None:
        self._taken: list[tuple[HtmlElement, HtmlElement, HtmlElement | None, str | None]] = []

    def take(self, elements: Iterable["HtmlElement"]) -> None:
        for element in elements:
            parent, before = element.getparent(), element.getprevious()
            if parent is not None:
                kept = parent.text if before is None else before.tail
                self._taken.append((element, parent, before, kept))
                delete_element(element)

    def put_back(self) -> None:
        for element, parent, before, kept in reversed(self._taken):
            parent.insert(0 if before is None else parent.index(before) + 1, element)
            if before is None:
                parent.text = kept
            else:
                before.tail = kept


@contextmanager
def _sections() -> Iterator[None]:
    """Within it, trafilatura's `_extract` and `recover_wild_text` drop boxes by the function below."""
    own = main_extractor.prune_unwanted_sections
    main_extractor.prune_unwanted_sections = _without_boxes
    try:
        yield
    finally:
        main_extractor.prune_unwanted_sections = own


def _without_boxes(
    tree: "HtmlElement",
    potential_tags: set[str],  # noqa: ARG001  # as trafilatura calls it
    options: Extractor,  # noqa: ARG001
    keep_teasers: bool = False,  # noqa: ARG001
) -> "HtmlElement":
    """What is trafilatura's `prune_unwanted_sections` where recall is favoured and no pictures are wanted."""
    found = _WITHIN(tree)
    boxes = dict.fromkeys(element for _ in xpaths.OVERALL_DISCARD_XPATH for element in next(found))
    outer = [element for element in boxes if not any(above in boxes for above in element.iterancestors())]
    if outer:
        n_chars = len(all_text(tree))
        if n_chars - sum(len(all_text(element)) for element in outer) > n_chars / _SHARE:
            for element in outer:
                delete_element(element)
    for captions in found:
        for element in captions:
            delete_element(element)
    if next(tree.iter("ref"), None) is not None:
        _drop_links(tree)
    strip_tags(tree, "span", "ref")
    return tree


_ROUNDS = 2
_BOXES = (("div", True), ("list", False), ("p", False))  # and whether short ones with some links go, too
_SHORT_CHARS, _SEVERAL = 100, 3
_HELD = frozenset({"item", "td", "th"})  # a paragraph is all that these hold


def _drop_links(tree: "HtmlElement") -> None:
    """Boxes that are mostly links; a second round finds none where the first found none."""
    linked: Counter[HtmlElement] = Counter()  # characters of links in each element; of none where it has none
    for link in tree.iter("ref"):
        n_chars = len(all_text(link))
        for above in link.iterancestors():
            linked[above] += n_chars
            if above is tree:
                break
    for _ in range(_ROUNDS):
        if not sum(_drop_linked(tree, linked, tag, is_short_too=short) for tag, short in _BOXES):
            break
    for table in [e for e in tree.iter("table") if e in linked and link_density_test_tables(e)]:
        delete_element(table, keep_tail=False)


_LONG_CHARS = 300  # trafilatura asks of a shorter text how many of its links are short
_LEAST_SHARE = min(0.8, LINK_FARM_RATIO)  # of links in what is mostly links
_LOOKED_AT = 4  # times as many characters as links have: so much of a text shows that it is more than links


def _is_text(element: "HtmlElement", n_linked: int) -> bool:
    """Whether the beginning of an element's text shows that it is long and not mostly links, of at most so many characters."""
    begins = trim(all_text(element)[: 2 * _LONG_CHARS + _LOOKED_AT * n_linked])
    return len(begins) >= _LONG_CHARS and n_linked <= _LEAST_SHARE * len(begins)


def _drop_linked(tree: "HtmlElement", linked: Counter["HtmlElement"], tag: str, *, is_short_too: bool) -> int:
    """What is trafilatura's `delete_by_link_density`, for the elements that hold links; how many went."""
    dropped: dict[HtmlElement, None] = {}
    for element in tree.iter(tag):
        if element not in linked or _is_text(element, linked[element]):
            continue
        is_dense, is_short = link_density_test(element)
        if not is_dense and is_short_too and is_short and len(element) >= _SEVERAL:
            is_dense = len(trim(all_text(element))) < _SHORT_CHARS
        parent = element.getparent()
        if is_dense and not (tag == "p" and parent is not None and parent.tag in _HELD):
            dropped[element] = None
    for element in dropped:
        delete_element(element)
    return len(dropped)
