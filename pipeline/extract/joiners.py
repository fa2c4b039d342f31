"""Joiners of words: Persian, the Indic scripts and joined emoji are spelt with them, and extractors take them out.

For the time of the extraction another character stands for each: a letter of no living language that the page has not.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_JOINERS = "\u200c\u200d"
_WITHIN = re.compile(rf"(?<=[^\s{_JOINERS}])[{_JOINERS}](?=\S)|(?<=\w)[{_JOINERS}]")
_LETTERS = [chr(n) for n in range(0x10600, 0x10700)]  # Linear A: printable, in no other form, no space


class StandIns:
    """What stands for the joiners of one page."""

    def __init__(self, tree: "HtmlElement") -> None:
        text = tree.text_content()  # faster than to look through the source, which has references too
        self.is_needed = any(joiner in text for joiner in _JOINERS)
        free = (letter for letter in _LETTERS if letter not in text) if self.is_needed else iter(())
        pairs = list(zip(_JOINERS, free, strict=False))
        self._put = str.maketrans(dict(pairs))
        self._back = str.maketrans({letter: joiner for joiner, letter in pairs})

    def put(self, tree: "HtmlElement") -> None:
        """Put them for the joiners of all texts of the tree that stand within words; others are of no use."""
        for element in tree.iter() if self.is_needed else ():
            element.text, element.tail = self._in(element.text), self._in(element.tail)

    def _in(self, text: str | None) -> str | None:
        if text is None or not any(joiner in text for joiner in _JOINERS):
            return text
        return _WITHIN.sub(lambda found: found[0].translate(self._put), text)

    def back(self, text: str) -> str:
        """A text with the joiners that they stood for."""
        return text.translate(self._back) if self.is_needed else text
