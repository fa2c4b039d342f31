"""Which documents the list of removals names, and what is left of one: its name, and that it was removed.

A document is named by what it says of itself alone, so the answer depends on no other document and on no other file.
"""

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean.articles import identities
from pipeline.clean.habits import columns_of
from pipeline.model import removal as listing
from pipeline.model.arrow import ChunkedArray, equals, filled
from pipeline.model.ids import prefix_of
from pipeline.model.internal_tables import EXTRACTED
from pipeline.model.kinds import Reject
from pipeline.model.removal import Removal, Target
from pipeline.text.outlets import slug_of
from pipeline.text.urls import canonicalise, domain_of

NAMED_BY = ("url", "canonical_url", "outlet")  # what of an article, besides its id, a removal may name
Removals = tuple[Removal, ...]


def named(rows: pa.Table, removals: Removals) -> list[Removal | None]:
    """Of each row with `article_id` and the columns of NAMED_BY (of ARTICLES, or MEMBERS), the first removal that names it.

    For rows of one day; removals of days are the caller's matter.
    """
    found = _Names(removals)
    return [found.of(one, "", *more) for one, *more in columns_of(rows, "article_id", *NAMED_BY)]


def asked_of(removals: Removals, day: date) -> list[str]:
    """The columns of EXTRACTED that say whether a removal names a document of the day."""
    texts = ["record_key", "text"] if _Names(removals).asks_for_texts(day) else []
    return ["raw_ref", *NAMED_BY, "reason", "detail", *texts]


def named_documents(extracted: pa.Table, removals: Removals, day: date) -> list[Removal | None]:
    """Of each row with the columns of `asked_of`, the first removal that names it; None where nothing is left of it to be named by.

    A removed day names all of its documents.
    """
    found = _Names(removals)
    whole = next((r for r in removals if (r.target, r.value) == (Target.DAY, str(day))), None)
    ids = identities(extracted, day) if found.asks_for_texts(day) else [("", "")] * extracted.num_rows
    rows = columns_of(extracted, "reason", *NAMED_BY)
    return [
        None if reason == Reject.REMOVED else whole or found.of(*who, *more)
        for who, (reason, *more) in zip(ids, rows, strict=True)
    ]


class _Names:
    """The list as tables to look documents up in."""

    def __init__(self, removals: Iterable[Removal]) -> None:
        by_target: dict[Target, dict[str, Removal]] = {target: {} for target in Target}
        for one in sorted(removals):
            by_target[one.target].setdefault(one.value, one)
        self._articles, self._addresses = by_target[Target.ARTICLE], by_target[Target.ADDRESS]
        self._documents = {one.document: one for one in self._articles.values() if one.document}
        self._domains = by_target[Target.OUTLET]
        self._names = {slug: one for value, one in self._domains.items() if (slug := slug_of(value))}

    def asks_for_texts(self, day: date) -> bool:
        """Whether an article of the day, or a text on any day, may be on the list."""
        return bool(self._documents) or any(one.startswith(prefix_of(day)) for one in self._articles)

    def of(
        self, article_id: str, document: str, url: str | None, canonical: str | None, outlet: str | None
    ) -> Removal | None:
        own = self._articles.get(article_id) or self._documents.get(document)
        return own or self._of_place(url, canonical, outlet)

    def _of_place(self, url: str | None, canonical: str | None, outlet: str | None) -> Removal | None:
        addresses = list(dict.fromkeys(a for a in (canonical, url and canonicalise(url)) if a))
        found = next((self._addresses[a] for a in addresses if a in self._addresses), None)
        if found or not self._domains:
            return found
        if outlet and (by_name := self._names.get(slug_of(outlet))):
            return by_name
        hosts = (labels for a in addresses for labels in _suffixes(domain_of(a)))
        return next((self._domains[host] for host in hosts if host in self._domains), None)


def _suffixes(domain: str | None) -> Iterable[str]:
    """A host and the domains that it lies in."""
    labels = (domain or "").split(".")
    return (".".join(labels[n:]) for n in range(len(labels)))


# --- what is left ----------------------------------------------------------------------------------------------

_LEFT = ("raw_ref", "raw_digest")


def take_out(extracted: pa.Table, removals: Removals, day: date) -> pa.Table:
    """EXTRACTED without what removed documents say: such a row keeps its name, and the key of the removal as its detail."""
    if not removals:
        return extracted
    by = named_documents(extracted, removals, day)
    at = [n for n, one in enumerate(by) if one]
    if not at:
        return extracted
    plain = {
        "authors": [],
        "dropped": [],
        "is_paywalled": False,
        "stage": "extract",
        "reason": Reject.REMOVED,
    }
    rows = extracted.select(_LEFT).take(pa.array(at)).to_pylist()
    keys = (one.key for one in by if one)
    left = EXTRACTED.table([{**row, **plain, "detail": key} for row, key in zip(rows, keys, strict=True)])
    others = extracted.filter(pa.array([one is None for one in by]))
    return EXTRACTED.arrange(pa.concat_tables([EXTRACTED.conform(others), left]))


def is_removed(rows: pa.Table) -> ChunkedArray:
    """Which rows, of EXTRACTED or REJECTS, stand for a document that was removed."""
    return filled(equals(rows["reason"], Reject.REMOVED), False)


def without_keys(extracted: pa.Table) -> pa.Table:
    """EXTRACTED as stages read it: which of several removals named a document depends on their history."""
    detail = pc.if_else(is_removed(extracted), pa.scalar(None, pa.string()), extracted["detail"])
    at = extracted.column_names.index("detail")
    return extracted.set_column(at, extracted.schema.field(at), detail)


def is_day_removed(removals: Removals, day: date) -> bool:
    return str(day) in listing.days_of(removals)
