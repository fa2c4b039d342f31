"""Paragraphs of a parsed page that its elements do not name: behind line breaks, between blocks, in cells, lists and `pre`.

Extractors look for `p`. What a browser shows as a paragraph of running text becomes one here: text between blocks (the
anonymous boxes of CSS), text between two line breaks, cells of tables that lay a page out, items of lists that hold
paragraphs, and lines of `pre` that were broken for width.
"""

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from pipeline.extract.plaintext import paragraphs
from pipeline.extract.tree import line_of
from pipeline.text import scripts

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# A shorter text may be a caption, a label, a date; where a character is a syllable or a word, the former are shorter.
_LONG_CHARS, _LONG_UNSPACED_CHARS = 60, 25
_HEADING_CHARS, _SENTENCE_CHARS = 200, 90  # no heading is longer, and none that ends in a full stop
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hgroup", "hr", "li", "main", "menu", "nav", "ol", "p", "pre"),
        *("section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def part(tree: "HtmlElement") -> None:
    """Change the tree so that its paragraphs are elements; all in time linear in its size."""
    _end_headings(tree)
    _name_inline(tree)
    with_text = (_WITH_TEXT_UNSPACED if _is_unspaced(tree) else _WITH_TEXT)(tree)
    _part_preformatted(with_text)
    _unlay_tables(tree)
    _unlist(tree)
    _part_runs(tree, with_text)


def is_long(text: str) -> bool:
    """Whether a text is long enough for a paragraph of running text."""
    if len(text) < _LONG_UNSPACED_CHARS or len(text) >= _LONG_CHARS:
        return len(text) >= _LONG_CHARS
    return 2 * scripts.n_unspaced(text) >= len(text)


def _is_unspaced(tree: "HtmlElement") -> bool:
    """Whether the page is in a script without spaces between words, as its title shows."""
    return scripts.has_unspaced(tree.findtext(".//title") or tree.text_content())


def is_blank(text: str | None) -> bool:
    return not text or text.isspace()


# --- headings --------------------------------------------------------------------------------------------------


def _end_headings(tree: "HtmlElement") -> None:
    """What a heading without an end holds after its text goes behind it; a heading as long as a paragraph is one."""
    headings = [(h, line) for h in tree.iter(*_HEADINGS) if len(line := line_of(h)) > _SENTENCE_CHARS]
    for heading, line in headings:
        if len(line) <= _HEADING_CHARS and (heading.tag == "h1" or not line.endswith(scripts.FULL_STOPS)):
            continue
        inner = list(heading)
        is_begun = not is_blank(heading.text)
        at = 0
        while at < len(inner) and not (is_begun and inner[at].tag in _BLOCKS):
            is_begun = is_begun or not is_blank(inner[at].tail) or not is_blank(inner[at].text_content())
            at += 1
        if at == len(inner):
            heading.tag = "p"
        else:
            _move_behind(heading, inner[at:])


def _move_behind(element: "HtmlElement", children: list["HtmlElement"]) -> None:
    rest = element.makeelement("div")
    rest.extend(children)
    element.addnext(rest)
    rest.tail, element.tail = element.tail, None


# --- inline elements -------------------------------------------------------------------------------------------

_CONTROLS = ("button", "label", "output", "time", "data")  # extractors drop them with their text
_CUSTOM = etree.XPath("descendant-or-self::*[contains(local-name(), '-')]")


def _name_inline(tree: "HtmlElement") -> None:
    """Controls in the middle of running text are words of it; elements of a site's own are paragraphs or words."""
    n_chars: dict[HtmlElement, int] = {}  # of the paragraphs that hold them
    for element in tree.iter(*_CONTROLS):
        above = element.getparent()
        if above is not None and above.tag == "p" and _adjoins_text(element):
            n_chars[above] = n_chars.get(above) or len(line_of(above))
            n_around = n_chars[above] - len(line_of(element))
            element.tag = "span" if n_around >= _LONG_CHARS else element.tag
    for element in reversed(_CUSTOM(tree)):  # the inner before the outer
        if any(child.tag in _BLOCKS for child in element):
            element.tag = "div"
        elif _adjoins_text(element) or not scripts.ends_sentence(line_of(element)):
            element.tag = "span"
        else:
            element.tag = "p"


def _adjoins_text(element: "HtmlElement") -> bool:
    before, above = element.getprevious(), element.getparent()
    text = before.tail if before is not None else above.text if above is not None else None
    return not is_blank(text) or not is_blank(element.tail)


# --- preformatted text -----------------------------------------------------------------------------------------

_KEPT = re.compile(r"white-space\s*:\s*(?:break-spaces|pre(?!serve))", re.IGNORECASE)
_KEPT_NAMES = re.compile(r"whitespace-pre|pre-(?:line|wrap)")
_CODE = re.compile(r"highlight|code|syntax")
_PROSE = 0.9  # so much of prose is letters and spaces; of a program or a table of figures less


def _part_preformatted(with_text: list["HtmlElement"]) -> None:
    """Prose whose lines are kept as they are written, to paragraphs."""
    for element in filter(_keeps_lines, with_text):
        if any(child.tag in _BLOCKS or child.tag == "code" for child in element):
            continue
        for line_break in element.iter("br"):
            line_break.text = "\n"
        text = element.text_content()
        if "\n" in text.strip() and _is_prose(text):
            _fill(element, paragraphs(text))


def _keeps_lines(element: "HtmlElement") -> bool:
    names, style = element.get("class") or "", element.get("style")
    is_kept = element.tag == "pre" or (style and _KEPT.search(style)) or (names and _KEPT_NAMES.search(names))
    return bool(is_kept) and _CODE.search(names) is None


def _is_prose(text: str) -> bool:
    return sum(map(str.isalpha, text)) + sum(map(str.isspace, text)) >= _PROSE * len(text)


def _fill(element: "HtmlElement", lines: list[str]) -> None:
    for child in list(element):
        element.remove(child)
    element.text, element.tag = None, "div"
    for line in lines:
        paragraph = element.makeelement("p")
        paragraph.text = line
        element.append(paragraph)


# --- tables and lists ------------------------------------------------------------------------------------------

_CELLS = ("td", "th")
_IN_CELLS = etree.XPath(
    f"//*[text()[string-length() >= {_LONG_UNSPACED_CHARS}]][ancestor-or-self::td or ancestor-or-self::th]"
)
_PARTS = ("p", "div", "br", "blockquote")


def _unlay_tables(tree: "HtmlElement") -> None:
    """A table with a cell that holds paragraphs lays the page out: it and those around it become plain blocks."""
    if next(tree.iter(*_CELLS), None) is None:
        return
    n_texts: Counter[HtmlElement] = Counter()
    for element in _IN_CELLS(tree):
        cell = element if element.tag in _CELLS else next(element.iterancestors(*_CELLS))
        n_texts[cell] += _n_long_texts(element)
    layout: dict[HtmlElement, None] = {}  # as a set, in a settled order
    for cell, n in n_texts.items():
        for table in (
            cell.iterancestors("table") if n >= 2 and next(cell.iter(*_PARTS), None) is not None else ()
        ):
            if table in layout:
                break
            layout[table] = None
    for table in layout:
        _unlay(table)


def _n_long_texts(element: "HtmlElement") -> int:
    texts = (element.text, *(child.tail for child in element))
    return sum(text is not None and is_long(text) for text in texts)


def _unlay(table: "HtmlElement") -> None:
    for part_ in (table, *table.iterchildren("tbody", "thead", "tfoot")):
        for row in part_.iterchildren("tr"):
            for cell in row.iterchildren(*_CELLS):
                cell.tag = "div"
            row.tag = "div"
        part_.tag = "div"


def _unlist(tree: "HtmlElement") -> None:
    """A list with an item of several paragraphs becomes plain blocks: extractors make a line of each item."""
    for item in [item for item in tree.iter("li", "dd") if len(item) >= 2]:
        n_paragraphs = sum(is_long(line_of(child)) for child in item.iterchildren("p"))
        above = item.getparent()
        if n_paragraphs >= 2 and above is not None and above.tag in {"ul", "ol", "dl"}:
            for child in above.iterchildren("li", "dd", "dt"):
                child.tag = "div" if any(part_.tag in _BLOCKS for part_ in child) else "p"
            above.tag = "div"


# --- runs of text ----------------------------------------------------------------------------------------------

_HOLDERS = (
    *("div", "article", "section", "main", "body", "center", "blockquote", "font", "p", "span", "li", "dd"),
    *("noscript", "object", "foreignobject", "video", "audio", "canvas"),
)
_INLINE = frozenset({"p", "span", "font"})
_LEAVES = frozenset({"div", "section", "article", "main", "center"})
_AS_BLOCK = re.compile(r"display\s*:\s*block", re.IGNORECASE)
# From the texts up: a third faster than asking each element for its texts.
_WITH_TEXT, _WITH_TEXT_UNSPACED = (
    etree.XPath(f"//body//text()[string-length() >= {n}]/..") for n in (_LONG_CHARS, _LONG_UNSPACED_CHARS)
)


def _part_runs(tree: "HtmlElement", with_text: list["HtmlElement"]) -> None:
    """Text that stands between blocks or line breaks, to paragraphs; so are blocks of text beside paragraphs."""
    parting = {b for b in tree.iter("br") if _is_doubled(b) or _parts_sentences(b)}
    broken = {b.getparent() for b in parting}
    chosen = broken.union(with_text)
    leaves = []
    for element in reversed([e for e in tree.iter(*_HOLDERS) if e in chosen]):  # the inner before the outer
        if element.tag == "span" and _AS_BLOCK.search(element.get("style") or ""):
            element.tag = "div"
        has_blocks = any(
            child.tag in _BLOCKS for child in element
        )  # in `p` those that the parser does not know
        if element in broken or has_blocks:
            _wrap_runs(element, parting)
        elif element.tag in _LEAVES:
            leaves.append(element)
    _name_leaves(leaves[::-1])


def _is_doubled(line_break: "HtmlElement") -> bool:
    """Whether another line break follows."""
    return is_blank(line_break.tail) and _is_break(line_break.getnext())


def _parts_sentences(line_break: "HtmlElement") -> bool:
    """Whether a line break stands behind a sentence and before a long text: it parts paragraphs."""
    after = line_break.tail if not is_blank(line_break.tail) else _inline_text(line_break.getnext())
    if after is None or not is_long(after):
        return False
    before, above = line_break.getprevious(), line_break.getparent()
    text = before.tail if before is not None else above.text if above is not None else None
    text = _inline_text(before) if is_blank(text) else text
    return text is not None and is_long(text) and scripts.ends_sentence(text.rstrip())


def _inline_text(element: "HtmlElement | None") -> str | None:
    return line_of(element) if element is not None and element.tag in _WORDS else None


_WORDS = frozenset({"span", "font", "b", "strong", "i", "em", "u"})


def _is_break(element: "HtmlElement | None") -> bool:
    return element is not None and element.tag == "br"


def _wrap_runs(element: "HtmlElement", parting: set["HtmlElement"]) -> None:
    """Every run of text and inline elements of an element that has a long one, to a paragraph; its blocks stay."""
    runs = _runs(element, parting)
    texts = [_text_of(run) for run in runs]
    if not any(map(is_long, texts)):
        return
    for child in list(element):
        element.remove(child)
    element.text = None
    for run, text in zip(runs, texts, strict=True):
        if run.block is not None:
            element.append(run.block)
        elif text or run.inline:
            paragraph = element.makeelement("p")
            paragraph.text = run.lead
            paragraph.extend(run.inline)
            element.append(paragraph)
    element.tag = "div" if element.tag in _INLINE else element.tag


class _Run(NamedTuple):
    """What stands between two blocks of an element: its first text and elements; or one of the blocks."""

    lead: str | None
    inline: list["HtmlElement"]
    block: "HtmlElement | None" = None


def _runs(element: "HtmlElement", parting: set["HtmlElement"]) -> list[_Run]:
    runs: list[_Run] = []
    lead, inline = element.text, list["HtmlElement"]()
    children = list(element)
    for child in children:
        is_parting = child in parting
        if is_parting or child.tag in _BLOCKS:
            runs.append(_Run(lead, inline))
            lead, inline = None, []
        if child.tag in _BLOCKS:
            runs.append(_Run(None, [], child))
            lead, child.tail = child.tail, None
        elif is_parting or (child.tag == "br" and not inline and is_blank(lead)):
            lead = child.tail
        else:
            inline.append(child)
    return [*runs, _Run(lead, inline)]


def _text_of(run: _Run) -> str:
    pieces = (run.lead or "", *(child.text_content() + (child.tail or "") for child in run.inline))
    return " ".join("".join(pieces).split())


_BESIDE = 3  # paragraphs and blocks of running text under one parent: a box of its own has fewer


def _name_leaves(leaves: list["HtmlElement"]) -> None:
    """Blocks without blocks in them that hold a sentence, and stand beside paragraphs or others of their kind."""
    leaves = [leaf for leaf in leaves if is_long(line := line_of(leaf)) and scripts.ends_sentence(line)]
    n_leaves = Counter(parent for leaf in leaves if (parent := leaf.getparent()) is not None)
    for parent, n in n_leaves.items():
        n_leaves[parent] = n + sum(is_long(line_of(p)) for p in islice(parent.iterchildren("p"), _BESIDE))
    for leaf in leaves:
        if (above := leaf.getparent()) is not None and n_leaves[above] >= _BESIDE:
            leaf.tag = "p"
