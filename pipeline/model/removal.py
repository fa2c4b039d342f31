"""Removals: what a person has taken out of a warehouse for good. One removal names an article, an address, an outlet or a day.

The list of a warehouse is kept by `store.removals`; which documents a removal names, `clean.removed` says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b


class Target(StrEnum):
    """What a removal names."""

    ARTICLE = "article"  # one article, and the same text at the same address on any day
    ADDRESS = "address"  # whatever stands at an address, on any day
    OUTLET = "outlet"  # whatever an outlet publishes: by its domain, subdomains too, or by its name
    DAY = "day"  # a whole day


@dataclass(frozen=True, order=True)
class Removal:
    """One line of the list: an article_id, a canonical address, a domain or name of an outlet, or a day.

    `document` is, of an article, the digest of its address and text, if that was known: it names the same text on other days.
    """

    target: Target
    value: str
    document: str = ""

    @property
    def key(self) -> str:
        """12 hex digits: what is kept of the removal beside a document that it named."""
        return blake2b(f"{self.target}\n{self.value}".encode(), digest_size=6).hexdigest()


def digest_of(removals: Iterable[Removal]) -> str:
    """Digest of a list, whatever its order; empty for an empty one."""
    lines = sorted(f"{one.target}\n{one.value}\n{one.document}" for one in removals)
    return blake2b("\n\n".join(lines).encode(), digest_size=16).hexdigest() if lines else ""


def days_of(removals: Iterable[Removal]) -> set[str]:
    """The days that were removed whole, as YYYY-MM-DD."""
    return {one.value for one in removals if one.target is Target.DAY}
