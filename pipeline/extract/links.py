"""Lines of a page's text that are nothing but a link to another page: the headlines of other articles.

An extractor that returns text alone cannot tell "Baufinanzierung: Experte warnt vor teurem Fehler" between two
paragraphs from a heading; the tree can. To be asked before the text is taken out of it, since extractors change trees.
"""

import re
from collections.abc import Container, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.extract.tree import text_of
from pipeline.text.scripts import FULL_STOPS, letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MIN_LETTERS = 12  # a name, a place, "read more": those are linked within sentences, too
_MIN_WORDS = 4
_KICKER_WORDS = 5  # "Baufinanzierung:" stands before the link, often outside it
_KICKER = re.compile(r"[^:?!]{1,60}[:?!]")
_HEADINGS = ("h2", "h3", "h4", "h5", "p")  # a box that is one link has a picture, a headline, a date


class Linked:
    """The texts of all links of a page to other pages; its tree is only read."""

    def __init__(self, tree: "HtmlElement") -> None:
        links = (link for link in tree.iter("a") if leads_away(link))
        parts = (
            part for link in links for part in ((link, *link.iter(*_HEADINGS)) if len(link) else (link,))
        )
        self._texts = {text for part in parts if len(text := text_of(part)) >= _MIN_LETTERS}

    def __contains__(self, line: object) -> bool:
        """Whether a line has the letters of one of them."""
        return isinstance(line, str) and letters(line) in self._letters

    @cached_property
    def _letters(self) -> frozenset[str]:  # many pages have no line for which they are asked
        return frozenset(own for text in self._texts if (own := letters(text)))


def without_linked(text: str, linked: Container[str]) -> str:
    """Drop from `text`, one paragraph a line, the lines that are one of `linked`, or a kicker and one of them.

    A whole sentence stays, and so does a line after a colon: there a link is what the text speaks of.
    """
    return "\n".join(_unlinked(text.split("\n"), linked))


def _unlinked(lines: list[str], linked: Container[str]) -> Iterable[str]:
    is_list = False
    for line in lines:
        is_link = _is_linked(line, linked)
        if not is_link:
            is_list = line.rstrip().endswith((":", "："))
        if not is_link or is_list:
            yield line


def _is_linked(line: str, linked: Container[str]) -> bool:
    if (
        len(line) < _MIN_LETTERS
        or line.rstrip().endswith(FULL_STOPS)
        or (line.isascii() and line.count(" ") < _MIN_WORDS - 1)
    ):
        return False
    if line in linked:
        return True
    kicker = _KICKER.match(line)
    if not kicker or kicker[0].count(" ") >= _KICKER_WORDS:
        return False
    rest = line[kicker.end() :]
    return len(rest) >= _MIN_LETTERS and rest in linked


def leads_away(link: "HtmlElement") -> bool:
    """Whether a link leads to another page."""
    href = link.get("href")
    if not href:
        return False
    # By the first sign nearly all are told: it begins addresses, and none of the four below.
    return href[0] in "/h" or not href.lstrip().startswith(("#", "javascript:", "mailto:", "tel:"))
