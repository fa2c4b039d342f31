"""Flows: for each copy group the outlets that took its text, and from whom."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa

from pipeline.flows.credits import Credit, Page, plain, stated_credits
from pipeline.flows.source import (
    Member,
    Source,
    confidence,
    is_same_outlet,
    lag_minutes,
    order,
    outlet_key,
    source_of,
    stated_sources,
)
from pipeline.model.contract import Row
from pipeline.model.internal_tables import TAKEN
from pipeline.model.kinds import Confidence, Kind
from pipeline.model.tables import FLOWS
from pipeline.text.outlets import Outlets

_MOST = 0.9  # of a text's shingles in the other: it holds nothing of its own


def follow(taken: pa.Table, outlets: Outlets | None = None) -> pa.Table:
    """TAKEN, all articles of a copy group together, to FLOWS: one row for each outlet that has the text from another, or an agency.

    Only what is new makes rows: the outlets of the day's articles. Where the source's own article is new, the outlets of earlier
    days have rows, too: what was said of them before was said without it. `outlets` are those of the user's file.
    """
    known = outlets or Outlets()
    rows = sorted(TAKEN.conform(taken).to_pylist(), key=itemgetter("copy_id", "article_id"))
    found = [flow for _, group in groupby(rows, itemgetter("copy_id")) for flow in _flows(list(group), known)]
    return _with_shares(found)


def _flows(group: Sequence[Row], outlets: Outlets) -> Iterator[Row]:
    by_id = {row["article_id"]: row for row in group}
    members = sorted((_member(row, outlets) for row in group), key=order)
    stated = stated_sources(members)
    source = source_of(members, stated)
    is_new_source = source.article is not None and by_id[source.article.article_id]["is_new"]
    day = max(row["ingest_date"] for row in group)
    seen: set[str] = set()
    for one in members:
        spellings = {outlet_key(one), plain(one.outlet or "")}
        if not one.outlet or not (is_new_source or by_id[one.article_id]["is_new"]):
            continue
        is_seen = not seen.isdisjoint(spellings)
        seen |= spellings
        if is_seen:
            continue
        own = stated.get(one.article_id)
        chosen = own or source
        if chosen.name and not _is_own(one, chosen):
            yield _row(by_id, one, chosen, day, Confidence.STATED if own else confidence(one, chosen))


def _is_own(member: Member, source: Source) -> bool:
    """Whether an article is of the source itself."""
    return source.article is not None and is_same_outlet(member, source.article)


def _member(row: Row, outlets: Outlets) -> Member:
    outlet = outlets.of(row["domain"], row["outlet"])
    return Member(
        row["article_id"],
        row["outlet"],
        row["domain"],
        row["agency"],
        row["published_at"],
        row["published_precision"],
        row["word_count"],
        _credits(row, outlets),
        outlet.id if outlet else None,
        outlet.agency if outlet else None,
        outlet is None or outlet.newsroom is not None or outlet.is_agency,
    )


def _credits(row: Row, outlets: Outlets) -> list[Credit]:
    """Those of an article of the day are known; those of earlier days were told by what the outlets' file said then."""
    if row["credits"] is not None:
        return [Credit(**credit) for credit in row["credits"]]
    return stated_credits(Page(*(row[name] for name in Page._fields)), outlets)


def _row(by_id: dict[str, Row], taker: Member, source: Source, day: object, sure: Confidence) -> Row:
    """FLOWS but for the figures, and the two texts that they are of."""
    article = source.article
    texts = (by_id[taker.article_id]["text"], by_id[article.article_id]["text"]) if article else None
    return {
        "copy_id": by_id[taker.article_id]["copy_id"],
        "to_outlet": taker.outlet,
        "ingest_date": day,
        "to_article_id": taker.article_id,
        "from_name": source.name,
        "from_kind": source.kind,
        "from_article_id": article.article_id if article else None,
        "lag_minutes": lag_minutes(taker, source),
        "confidence": str(sure),
        "to_outlet_id": taker.outlet_id,
        "from_outlet_id": source.outlet_id,
        "texts": texts,
    }


def _with_shares(rows: list[Row]) -> pa.Table:
    """FLOWS: what the two texts of each row share, by their shingles, as in links."""
    texts = [row.pop("texts") for row in rows]
    both = [(row, pair) for row, pair in zip(rows, texts, strict=True) if pair]
    if both:
        from pipeline.kernels import comparing, reading

        distinct = dict.fromkeys(text for _, pair in both for text in pair)  # a source has many takers
        number = {text: n for n, text in enumerate(distinct)}
        read = reading.read_all(pa.array(list(distinct), pa.string()), np.arange(len(distinct)))
        one, other = (np.array([number[pair[n]] for _, pair in both]) for n in range(2))
        # From the source to those that took it: it stands once for all of them.
        shared, sizes = comparing.compare(read, other, one).shared, np.diff(read.shingles.ends)
        share, share_other = shared / np.maximum(sizes[one], 1), shared / np.maximum(sizes[other], 1)
        for (row, pair), mine, its in zip(both, share.tolist(), share_other.tolist(), strict=True):
            row |= {"share": mine, "kind": str(_kind(pair[0] == pair[1], mine, its))}
    return FLOWS.table(rows)


def _kind(is_same: bool, share: float, share_other: float) -> Kind:
    """What a taken text is to the one that it is from."""
    if is_same or share == share_other == 1:
        return Kind.EXACT
    if share >= _MOST > share_other:
        return Kind.EXCERPT
    return Kind.EXPANDED if share_other >= _MOST > share else Kind.NEAR
