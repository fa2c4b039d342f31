"""Names of authors out of data: texts, objects, lists of them, references, JSON in a text."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from pipeline.text.scripts import compiled

MAX_NAMES = 20
_MAX_DEPTH = 8  # a person within a name within a role within a list; more is a loop
_MAX_JSON_CHARS = 20_000
# Where an object has its name, if not as `name`; where a role, a list or a wrapper has the persons.
_WRITTEN = ("alternateName", "fullName", "full_name", "displayName", "display_name", "@value", "text")
_WITHIN = ("author", "authors", "creator", "byline", "person", "Person", "agent", "item", "items")
_LISTS = ("@list", "@set", "@graph", "itemListElement")
_GIVEN = ("givenName", "given_name", "firstName", "first_name", "firstname", "given", "first")
_FAMILY = ("familyName", "family_name", "lastName", "last_name", "lastname", "family", "last", "surname")
_ADDITIONAL = ("additionalName", "middleName", "middle_name")
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2})?")  # {"en": "Jane Doe"}
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+$")
_NO_SPACE = compiled(r"[\p{Han}\p{Hira}\p{Kana}\p{Hangul}]+")


def names_stated(value: Any, referred: Mapping[str, Any] | None = None) -> list[str]:
    """The names that a value states, at most 20, in its order; `referred` has the objects that an `@id` may stand for."""
    return list(dict.fromkeys(_Names(referred or {}).of(value)))[:MAX_NAMES]


class _Names:
    """One reading of one value; what it refers to is followed once."""

    def __init__(self, referred: Mapping[str, Any]) -> None:
        self._referred = referred
        self._followed: set[str] = set()
        self._left = 20 * MAX_NAMES  # values looked at

    def of(self, value: Any, depth: int = 0) -> Iterator[str]:
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return
        if isinstance(value, str):
            yield from self._of_text(value.strip(), depth)
        elif isinstance(value, list | tuple):
            for item in value[: 2 * MAX_NAMES]:
                yield from self.of(item, depth + 1)
        elif isinstance(value, dict):
            named = {str(key): part for key, part in value.items()}  # Python's own have other keys, too
            is_list = named and all(map(str.isdigit, named))  # as PHP has lists
            yield from self.of(list(named.values()), depth + 1) if is_list else self._of_object(named, depth)

    def _of_text(self, text: str, depth: int) -> Iterator[str]:
        decoded = _decoded(text)
        if decoded is not None:
            yield from self.of(decoded, depth + 1)
        elif text.startswith(("http", "#", "_:", "/")) and text in self._referred:
            yield from self._followed_to(text, depth)
        elif text:
            yield text

    def _followed_to(self, reference: object, depth: int) -> Iterator[str]:
        if isinstance(reference, str) and reference in self._referred and reference not in self._followed:
            self._followed.add(reference)
            yield from self.of(self._referred[reference], depth + 1)

    def _of_object(self, value: dict[str, Any], depth: int) -> Iterator[str]:
        found = [name for name in self.of(value.get("name"), depth + 1) if not _ADDRESS.match(name)]
        found = found or _joined(value)
        keys = iter((*_WRITTEN, *_WITHIN, *_LISTS, *filter(_LANGUAGE.fullmatch, value)))
        while not found and (key := next(keys, None)):
            found = list(self.of(value.get(key), depth + 1))
        yield from found or self._followed_to(value.get("@id"), depth)


def _decoded(text: str) -> Any:
    """The list or object that a text is as JSON, or as Python writes it; None for any other text."""
    if not text.startswith(("[", "{")) or len(text) > _MAX_JSON_CHARS:
        return None
    for read in (json.loads, ast.literal_eval):  # the second, as Python prints it
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            return read(text)
    return None


def _joined(value: Mapping[str, Any]) -> list[str]:
    """Given and family name as one; Chinese, Japanese and Korean names have the family's first, without a space."""
    given, family = _part(value, _GIVEN), _part(value, _FAMILY)
    if family and _NO_SPACE.fullmatch(given + family):
        return [family + given]
    middle = _part(value, _ADDITIONAL) if given and family else ""
    return [" ".join(filter(None, (given, middle, family)))] if given or family else []


def _part(value: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    parts = (value.get(key) for key in keys)
    found = next((part for part in parts if part), "")
    if isinstance(found, list):
        found = " ".join(part for part in found if isinstance(part, str))
    if isinstance(found, dict):
        found = found.get("@value") or found.get("name") or ""
    return found.strip() if isinstance(found, str) else ""
