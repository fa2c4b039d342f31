"""Paragraphs that a page carries as a list in a value for its scripts: strings, or objects with a text each.

Interfaces deliver articles so, each its own way.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pipeline.extract.paragraphs import is_long
from pipeline.text import scripts
from pipeline.text.markup import without_markup

_START = re.compile(r"(?:^|[=(,:\[])\s*(?=[{\[\"])")
_ROW = re.compile(r"^[0-9a-f]{1,4}:(?=[\[{\"])", re.MULTILINE)  # of what React streams to the browser
_MAX_VALUES = 200  # that are tried in a script
_MAX_LEVELS = 60  # of values in one another
_MAX_STRINGS = 3  # levels of values that are written as strings
_MIN_PARAGRAPHS = 2
# Where objects have the text of a paragraph, or of a part of one.
_TEXTS = ("text", "html", "value", "content", "body", "children", "data", "nodes", "paragraphs", "p", "props", "blocks", "insert")  # fmt: skip
_HEADING = re.compile(r"head|^h[2-6]$", re.IGNORECASE)
_DECODER = json.JSONDecoder(strict=False)


def find(script: str, titles: list[str]) -> Iterator[tuple[bool, str]]:
    """The lists of paragraphs in a script, one a line, each with whether it stands with one of the page's titles."""
    keys = {scripts.letters(title) for title in titles}
    for value in _values(script, _MAX_STRINGS):
        yield from _texts(value, keys, _MAX_LEVELS)


def _values(text: str, levels: int) -> Iterator[Any]:
    """The JSON values in a script or in a string, also those that are written as strings."""
    at, n_tried = 0, 0
    text = _ROW.sub(",", text)
    while levels and n_tried < _MAX_VALUES and (start := _START.search(text, at)):
        n_tried += 1
        try:
            value, at = _DECODER.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            at = start.end() + 1
            continue
        if isinstance(value, str):
            yield from _values(value, levels - 1) if value[:1] in "{[" or _ROW.search(value) else ()
        else:
            yield value
            yield from (inner for string in _strings(value) for inner in _values(string, levels - 1))


def _strings(value: Any) -> list[str]:
    """The strings of a list that are values themselves."""
    return [v for v in value if isinstance(v, str) and _ROW.match(v)] if isinstance(value, list) else []


def _texts(value: Any, keys: set[str], levels: int, *, is_own: bool = False) -> Iterator[tuple[bool, str]]:
    """Every list of paragraphs within a value, and whether it stands with the page's headline."""
    if not levels:
        return
    if isinstance(value, dict):
        is_own = is_own or any(isinstance(v, str) and scripts.letters(v) in keys for v in value.values())
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    else:
        inner = []
    lines = (
        value.splitlines()
        if isinstance(value, str)
        else _paragraphs(value)
        if isinstance(value, list)
        else []
    )
    if sum(map(_is_running, lines)) >= _MIN_PARAGRAPHS:
        yield is_own, "\n".join(lines)
    for one in inner:
        yield from _texts(one, keys, levels - 1, is_own=is_own)


def _paragraphs(items: list[Any]) -> list[str]:
    """The paragraphs and headings of a list, an item each."""
    found = []
    for item in items:
        line = " ".join(without_markup(_text_of(item, _MAX_LEVELS)).split())
        is_heading = isinstance(item, dict) and _HEADING.search(
            str(item.get("type") or item.get("tag") or "")
        )
        if line and (is_heading or scripts.ends_sentence(line)):
            found.append(line)
    return found


def _text_of(value: Any, levels: int) -> str:
    """The text of a paragraph in an object, or in the parts that it is written in; empty for what holds paragraphs."""
    if isinstance(value, str):
        return value
    if not levels:
        return ""
    if isinstance(value, dict):
        texts = (_text_of(value[name], levels - 1) for name in _TEXTS if value.get(name))
        return next(filter(None, texts), "")
    if not isinstance(value, list):
        return ""
    parts = (
        value[3:] if value[:1] == ["$"] else value
    )  # an element as React writes it: $, name, key, what it holds
    texts_ = [_text_of(part, levels - 1) for part in parts]
    return "" if sum(map(_is_running, texts_)) >= _MIN_PARAGRAPHS else "".join(texts_)


def _is_running(text: str) -> bool:
    return is_long(text) and scripts.ends_sentence(text.rstrip())
