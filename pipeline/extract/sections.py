"""A text in several sections: parts of what they stand in, as HTML has it, and not boxes of their own as an `article` is.

Extractors take the largest for the text, or drop the last. Sections that follow one another and look alike are parted by
nothing here; a section of links, or one that is called otherwise, keeps its box.
"""

import re
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.extract.paragraphs import is_long
from pipeline.extract.tree import line_of, n_linked_chars
from pipeline.text import scripts

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_NUMBERS = re.compile(r"\d+")


def join(tree: "HtmlElement") -> None:
    """Take the boxes off sections of one text."""
    sections = [section for section in tree.iter("section") if _is_text(section)]
    for _, alike in groupby(sections, _place):
        parts = [part for n, part in enumerate(alike) if not n or next(part.iter("h1"), None) is None]
        if len(parts) > 1 and any(_has_running(part) for part in parts):
            for part in parts:
                part.drop_tag()


def _place(section: "HtmlElement") -> tuple[object, str]:
    return section.getparent(), _NUMBERS.sub("", section.get("class") or "")


def _is_text(section: "HtmlElement") -> bool:
    """Whether a section ends with a sentence, holds no other boxes, and is neither mostly links nor under a headline that is one."""
    paragraphs = [line for p in section.iter("p") if (line := line_of(p))]
    if not paragraphs or not scripts.ends_sentence(paragraphs[-1]):
        return False
    if any(next(heading.iter("a"), None) is not None for heading in section.iter("h1", "h2", "h3")):
        return False  # it leads to an article
    return (
        2 * n_linked_chars(section) < sum(map(len, paragraphs))
        and next(section.iterdescendants("article", "section", "form"), None) is None
    )


def _has_running(section: "HtmlElement") -> bool:
    return any(is_long(line := line_of(p)) and scripts.ends_sentence(line) for p in section.iter("p"))
