"""Paragraphs that are a link as a whole: extractors take them for teasers, though a sentence among paragraphs is text."""

from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.extract import paragraphs
from pipeline.extract.tree import line_of
from pipeline.text import scripts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LINKED = 0.8  # of the characters: then the paragraph is a link
_CLOSING = "'\"”’»)]"
_LEVELS = 3  # of boxes around one paragraph, and of inline elements around a link
_WITHIN = frozenset({"strong", "b", "em", "i", "span", "u", "font"})


def unlink(tree: "HtmlElement") -> None:
    """Sentences that are a link as a whole, among paragraphs of running text, become text: headlines have no full stop."""
    linked: dict[HtmlElement, list[HtmlElement]] = {}
    for paragraph in dict.fromkeys(map(_linked_block, tree.iter("a"))):
        if paragraph is not None and _is_linked(paragraph, line_of(paragraph)):
            linked.setdefault(_box(paragraph), []).append(paragraph)
    if not linked:
        return
    plain = (
        p
        for p in tree.iter("p")
        if paragraphs.is_long(line := line_of(p)) and _is_sentence(line) and not _is_linked(p, line)
    )
    n_plain = Counter(map(_box, plain))
    for box, found in linked.items():
        for paragraph in found if n_plain[box] >= 2 else ():
            etree.strip_tags(paragraph, "a")
            paragraph.tag = "p"


def _linked_block(link: "HtmlElement") -> "HtmlElement | None":
    """The paragraph that a link begins, perhaps within bold words; or the block that is nothing but the link."""
    inner: HtmlElement | None = link
    for _ in range(_LEVELS):
        above = inner.getparent() if inner is not None else None
        if above is None or above.tag == "p":
            return above
        if above.tag == "div":
            return above if _is_a_link(above) else None
        inner = above if above.tag in _WITHIN else None
    return None


def _is_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(scripts.FULL_STOPS)


def _is_linked(paragraph: "HtmlElement", line: str) -> bool:
    """Whether a paragraph is a sentence and a link; a short one says mostly what is behind it."""
    if not paragraphs.is_long(line) or not _is_sentence(line):
        return False
    return sum(len(line_of(link)) for link in paragraph.iter("a")) > _LINKED * len(line)


def _is_a_link(block: "HtmlElement") -> bool:
    """Whether a link is all that a block holds; its children are not counted, which would take as long as they are many."""
    first = next(iter(block), None)
    return (
        first is not None
        and first.tag == "a"
        and first.getnext() is None
        and paragraphs.is_blank(block.text)
        and paragraphs.is_blank(first.tail)
    )


def _box(paragraph: "HtmlElement") -> "HtmlElement":
    """What holds the paragraph and others, beyond boxes around it alone."""
    box = paragraph
    for _ in range(_LEVELS + 1):
        above = box.getparent()
        is_alone = box.getprevious() is None and box.getnext() is None
        if above is None:
            break
        box = above
        if not is_alone:
            break
    return box
