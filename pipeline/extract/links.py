"""Lines of a page's text that are nothing but a link to another page: the headlines of other articles.

An extractor that returns text alone cannot tell "Baufinanzierung: Experte warnt vor teurem Fehler" between two
paragraphs from a heading; the tree can. To be asked before the text is taken out of it, since extractors change trees.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.extract.paragraphs import FULL_STOPS
from pipeline.extract.tree import text_of
from pipeline.text.scripts import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MIN_LETTERS = 12  # a name, a place, "read more": those are linked within sentences, too
_MIN_WORDS = 4
_KICKER_WORDS = 5  # "Baufinanzierung:" stands before the link, often outside it
_KICKER = re.compile(r"[^:?!]{1,60}[:?!]")
_HEADINGS = ("h2", "h3", "h4", "h5", "p")  # a box that is one link has a picture, a headline, a date


def linked_texts(tree: "HtmlElement") -> frozenset[str]:
    """The texts of all links of a page to other pages, by their letters; the tree is only read."""
    links = (link for link in tree.iter("a") if _leads_away(link.get("href")))
    parts = (part for link in links for part in ((link, *link.iter(*_HEADINGS)) if len(link) else (link,)))
    texts = {text for part in parts if len(text := text_of(part)) >= _MIN_LETTERS}  # many are there twice
    return frozenset(own for text in texts if (own := letters(text)))


def without_linked(text: str, linked: frozenset[str]) -> str:
    """Drop from `text`, one paragraph a line, the lines that are one of `linked`, or a kicker and one of them.

    A whole sentence stays, and so does a line after a colon: there a link is what the text speaks of.
    """
    if not linked:
        return text
    return "\n".join(_unlinked(text.split("\n"), linked))


def _unlinked(lines: list[str], linked: frozenset[str]) -> Iterable[str]:
    is_list = False
    for line in lines:
        is_link = _is_linked(line, linked)
        if not is_link:
            is_list = line.rstrip().endswith((":", "："))
        if not is_link or is_list:
            yield line


def _is_linked(line: str, linked: frozenset[str]) -> bool:
    if (
        len(line) < _MIN_LETTERS
        or line.rstrip().endswith(FULL_STOPS)
        or (line.isascii() and line.count(" ") < _MIN_WORDS - 1)
    ):
        return False
    if letters(line) in linked:
        return True
    kicker = _KICKER.match(line)
    if not kicker or kicker[0].count(" ") >= _KICKER_WORDS:
        return False
    rest = line[kicker.end() :]
    return len(rest) >= _MIN_LETTERS and letters(rest) in linked


def _leads_away(href: str | None) -> bool:
    return bool(href) and not str(href).lstrip().startswith(("#", "javascript:", "mailto:", "tel:"))
