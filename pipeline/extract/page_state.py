"""The article of a page that scripts draw: markup in a string of the state that the page carries for them.

Frameworks that render in the browser (Next.js, Nuxt, React Query and the like) write what they were sent by the server into a script of
the page: a JSON value, somewhere within it the article's markup as one string.
"""

import json
import re
from collections.abc import Iterator

from pipeline.text import scripts

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_STRING = re.compile(r'(?<=[:,(\[=])\s?("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)
_PARAGRAPH = re.compile(r"<p[\s>]|\\u003cp(?:[\s>]|\\u003e)", re.IGNORECASE)
_MIN_PARAGRAPHS = 2
_MAX_LEVELS = 2  # a value within a string of another
_TITLE_WORDS = 3  # a shorter title says too little


def markup(page: str, titles: list[str]) -> str:
    """The longest markup in the strings of a page's scripts that speaks of what its title does; empty when there is none."""
    found = (string for script in _SCRIPT.finditer(page) for string in _marked(script[1], _MAX_LEVELS))
    return max((string for string in found if _is_about(string, titles)), key=len, default="")


def _marked(text: str, levels: int) -> Iterator[str]:
    """The strings of a piece of JSON or of a script that hold paragraphs."""
    if not levels or not _PARAGRAPH.search(text):
        return
    for literal in _STRING.finditer(text):
        if _PARAGRAPH.search(literal[1]):
            string = _decoded(literal[1])
            inner = list(_marked(string, levels - 1))
            if inner:
                yield from inner
            elif len(_PARAGRAPH.findall(string)) >= _MIN_PARAGRAPHS:
                yield string


def _decoded(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return ""


def _is_about(markup_: str, titles: list[str]) -> bool:
    """Whether half of the words of a title stand in the markup."""
    text = markup_.casefold()
    words = [set(scripts.words(title.casefold())) for title in titles]
    return any(len(w) >= _TITLE_WORDS and 2 * sum(word in text for word in w) >= len(w) for w in words)
