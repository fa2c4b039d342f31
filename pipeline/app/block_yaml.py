"""Plain data as YAML in block style. Texts and names of keys that are not plain words are quoted as JSON does, which YAML reads alike."""

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN_KEY = re.compile(r"[A-Za-z_]\w*")
_WORDS_OF_YAML = {
    "y",
    "n",
    "yes",
    "no",
    "on",
    "off",
    "true",
    "false",
    "null",
}  # as keys they would be other things


def dump(value: Any) -> str:
    """A document of dicts, lists, texts, numbers, booleans and None; it ends with a line break."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _entry(f"{_key(key)}:", inner, "  ")
    elif isinstance(value, list) and value:
        for inner in value:
            nested = list(_lines(inner))
            yield f"- {nested[0]}"
            yield from (f"  {line}" for line in nested[1:])
    else:
        yield json.dumps(value, ensure_ascii=False)


def _entry(key: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield key
        yield from (f"{indent}{line}" for line in _lines(value))
    else:
        yield f"{key} {json.dumps(value, ensure_ascii=False)}"


def _key(key: str) -> str:
    is_plain = _PLAIN_KEY.fullmatch(key) and key.casefold() not in _WORDS_OF_YAML
    return key if is_plain else json.dumps(key, ensure_ascii=False)
