"""Wire services: their names, and the domains that are their own (`agencies.toml`)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import resources
from typing import Any

from pipeline.text import lexicon

_FILE = "agencies.toml"
_SHORT = 2  # letters of a name that is a word, too
_ARTICLE = re.compile(rf"^{lexicon.one_of(lexicon.words().outlet_articles)}\s+", re.IGNORECASE)
_BETWEEN = ", "  # of two agencies that one document states


def join(agencies: Iterable[str]) -> str | None:
    """The agencies that a document states as one value of a column; None where it states none."""
    return _BETWEEN.join(agencies) or None


def split(stated: str | None) -> list[str]:
    """The agencies in such a value."""
    return stated.split(_BETWEEN) if stated else []


@cache
def known() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every agency by its name, with the names that it signs with and its domains."""
    said: dict[str, dict[str, Any]] = tomllib.loads(_content().decode())["agency"]
    return {name: (tuple(about["names"]), tuple(about["domains"])) for name, about in said.items()}


@cache
def digest() -> str:
    """16 hex digits of the file: what a document states depends on it."""
    return blake2b(_content(), digest_size=8).hexdigest()


def key_of(name: str) -> str:
    """A name without case: the Turkish i and ı are one letter, as they are where regular expressions ignore case."""
    return name.casefold().replace("i\u0307", "i").replace("ı", "i")


def by_name(more: Iterable[str] = ()) -> dict[str, str]:
    """The agency of each name, by `key_of`; `more` are agencies that are known by their own name."""
    return {key_of(name): name for name in more} | {
        key_of(name): agency for agency, (names, _) in known().items() for name in (agency, *names)
    }


@lru_cache(maxsize=10_000)
def named(name: str) -> str | None:
    """The agency of a name as it stands in a byline or credit; one of one or two letters must be written as the agency writes it."""
    whole = name.strip()
    for said in (whole, _ARTICLE.sub("", whole)):
        is_written = len(said) > _SHORT or said in written()
        if is_written and (agency := _every_name().get(key_of(said))):
            return agency
    return None


@cache
def _every_name() -> dict[str, str]:
    return by_name()


@cache
def keys() -> frozenset[str]:
    """Every name of an agency, by `key_of`."""
    return frozenset(_every_name())


@cache
def written() -> frozenset[str]:
    """Every name of an agency as the agency writes it."""
    return frozenset(name for agency, (names, _) in known().items() for name in (agency, *names))


@cache
def by_domain() -> dict[str, str]:
    """The agency of each domain."""
    return {domain: agency for agency, (_, domains) in known().items() for domain in domains}


def _content() -> bytes:
    return (resources.files(__package__) / _FILE).read_bytes()
