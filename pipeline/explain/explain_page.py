"""Explain two captures of one page: whether they show one article, and what changed from the earlier to the later."""

from collections.abc import Iterator
from typing import Any

from pipeline.model.contract import Row
from pipeline.revisions.differences import Differences
from pipeline.revisions.judge import REASONS, SAID, Version, judge
from pipeline.revisions.trace import place_of
from pipeline.text.pages import page_of

_SHOWN = 20  # changes of each kind


def of_one_page(one: Row, other: Row) -> dict[str, Any]:
    """The section on two rows of ARTICLES; empty where they are of two pages."""
    addresses = one["canonical_url"], other["canonical_url"]
    if None in addresses or page_of(addresses[0]) != page_of(addresses[1]):
        return {}
    earlier, later = sorted((one, other), key=place_of)
    capture, differences = judge(_version(earlier), _version(later))
    said = REASONS[capture] if capture else "same address, used again for something else"
    about = {"earlier": earlier["article_id"], "later": later["article_id"], "why": str(said)}
    return {"same_page": about | dict(_changes(differences))}


def _version(article: Row) -> Version:
    return Version(*(article[name] for name in SAID))


def _changes(found: Differences) -> Iterator[tuple[str, list[str]]]:
    """The changed sentences as they were and are, then those that only one version has; no section without any."""
    changed = [f"{found.earlier[i]} → {found.later[j]}" for i, j in found.changed]
    removed, added = [found.earlier[i] for i in found.removed], [found.later[j] for j in found.added]
    numbers = [f"{was or '–'} → {now or '–'}" for was, now in zip(*found.numbers(), strict=True)]
    for name, all_of_it in (
        ("changed", changed),
        ("numbers", numbers),
        ("removed", removed),
        ("added", added),
    ):
        if all_of_it:
            left = len(all_of_it) - _SHOWN
            yield name, all_of_it[:_SHOWN] + ([f"and {left} more"] if left > 0 else [])
