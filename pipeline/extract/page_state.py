"""What a page carries for its scripts to draw, by the conventions of the frameworks that most news sites use.

Pages that React streams have pieces at their end, hidden, which a script puts in the place of an empty template (React 18,
`renderToPipeableStream`). Others carry what the server sent as a JSON value in a script (Next.js, Nuxt, React Query), and
somewhere within it the article's markup as one string.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pipeline.extract import state_texts
from pipeline.text import scripts

_PIECE = re.compile(r"S:[0-9a-f]+$")
_SCRIPT = re.compile(r"<script\b[^<>]*>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_STRING = re.compile(r'(?<=[:,(\[=])\s?("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)
_VALUE = re.compile(r"\s*(?:[0-9a-f]{1,4}:)?[\[{]")
_PARAGRAPH = re.compile(r"<p[\s>]|\\u003cp(?:[\s>]|\\u003e)", re.IGNORECASE)
_MIN_PARAGRAPHS = 2
_MAX_LEVELS = 2  # a value within a string of another
_TITLE_CHARS = 500
_TITLE_WORDS = 3  # a shorter title says too little


def put_in_place(tree: Any) -> bool:
    """Put the pieces that were streamed where the page's scripts put them; whether there were any. The tree is changed."""
    pieces = [e for e in tree.iter("div") if is_piece(e)]
    places = {e.get("id"): e for e in tree.iter("template") if e.get("id")} if pieces else {}
    for piece in pieces:
        number = piece.get("id")[2:]
        place = places.get(f"B:{number}", places.get(f"P:{number}"))
        if place is not None and all(above is not piece for above in place.iterancestors()):
            place.addnext(piece)  # with its tail, which is empty: streamed pieces stand in a row
            del piece.attrib["hidden"]
    return bool(pieces)


def is_piece(element: Any) -> bool:
    """Whether an element was streamed, and waits for a script that puts it in its place."""
    return element.get("hidden") is not None and _PIECE.match(element.get("id") or "") is not None


def markup(page: str, titles: list[str]) -> str:
    """The longest markup in the strings of a page's scripts about the subject of its title; empty if there is no such markup."""
    found = (string for script in _scripts(page) for string in _marked(script, _MAX_LEVELS))
    return max((string for string in found if _is_about(string, titles)), key=len, default="")


def lines(page: str, titles: list[str]) -> str:
    """The longest list of paragraphs in the values of a page's scripts about the subject of its title, one a line; empty without one."""
    found = [text for script in _scripts(page) for text in state_texts.find(script, titles)]
    about = [(is_own, text) for is_own, text in found if is_own or _is_about(text, titles)]
    return max(about, key=lambda one: (one[0], len(one[1])), default=(False, ""))[1]


def _scripts(page: str) -> Iterator[str]:
    return (_SCRIPT_END.split(piece, maxsplit=1)[0] for piece in _SCRIPT.split(page)[1:])


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
            elif not _VALUE.match(string) and len(_PARAGRAPH.findall(string)) >= _MIN_PARAGRAPHS:
                yield string


def _decoded(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return ""


def _is_about(markup_: str, titles: list[str]) -> bool:
    """Whether half of the words of a title stand in the markup."""
    text = markup_.casefold()
    words = [set(scripts.words(title[:_TITLE_CHARS].casefold())) for title in titles]
    return any(len(w) >= _TITLE_WORDS and 2 * sum(word in text for word in w) >= len(w) for w in words)
