"""Wire services: their names, and the domains that are their own (`agencies.toml`)."""

import tomllib
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any

_FILE = "agencies.toml"
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


def by_name(more: Iterable[str] = ()) -> dict[str, str]:
    """The agency of each name, case-folded; `more` are agencies that are known by their own name."""
    return {name.casefold(): name for name in more} | {
        name.casefold(): agency for agency, (names, _) in known().items() for name in (agency, *names)
    }


@cache
def by_domain() -> dict[str, str]:
    """The agency of each domain."""
    return {domain: agency for agency, (_, domains) in known().items() for domain in domains}


def _content() -> bytes:
    return (resources.files(__package__) / _FILE).read_bytes()
