"""Extracted documents to articles: take the furniture out, give an identity, measure the length, find the lead.

`clean` makes an article or a reject of each document; `reject_redelivered` rejects what was delivered twice.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean.agency import stated
from pipeline.clean.habits import columns_of, source_of
from pipeline.model import ids
from pipeline.model.contract import Row
from pipeline.model.internal_tables import CLEANED, DELIVERIES, EXTRACTED, WHOSE
from pipeline.model.kinds import Reject
from pipeline.model.raw_refs import path_of
from pipeline.model.tables import REJECTS
from pipeline.text import furniture, lexicon, lines, scripts
from pipeline.text.outlets import Outlet, Outlets
from pipeline.text.urls import domain_of


def clean(
    extracted: pa.Table, *, recurring: pa.Table, day: date, min_words: int, outlets: Outlets | None = None
) -> pa.Table:
    """EXTRACTED to CLEANED, row-wise, one row for each: an article, or the reason why there is none.

    `recurring` is what the stage of that name returns. A text of fewer than `min_words` words is `too_short`, but with
    a headline, the words of both count: a headline with half a line of text is a piece of news. A headline that stands in
    the text goes from it, unless too little is left: then it is the text, or the first line of it, and its words count once.
    The id comes from the text before the removal, so it depends on no other document. `outlets` are those of the user's file.
    """
    known = outlets or Outlets()
    extracted = EXTRACTED.conform(extracted)
    habits = dict(zip(*(recurring[n].to_pylist() for n in ("line", "is_frequent")), strict=True))
    rows = [
        _article(_Document(*values), habits, day, min_words, known) if values[-1] is None else _REJECTED
        for values in columns_of(extracted, *_Document._fields)
    ]
    is_article = pa.array([row.text is not None for row in rows])
    at = pc.if_else(is_article, pa.array(np.arange(len(rows))), None)
    table = extracted.select([*_CARRIED, "stage", "reason", "detail"]).combine_chunks()
    columns = {n: table[n].take(at) for n in _CARRIED} | {"raw_ref": table["raw_ref"]}
    columns |= {n: pa.array([getattr(r, n) for r in rows], CLEANED.schema.field(n).type) for n in _MADE}
    columns["ingest_date"] = pc.if_else(is_article, pa.scalar(day, pa.date32()), None)
    for name in ("stage", "reason", "detail"):
        own = pa.chunked_array([pa.array([getattr(r, name) for r in rows], pa.string())])
        columns[name] = pc.coalesce(table[name], own)
    return CLEANED.conform(pa.table({n: columns[n] for n in CLEANED.names}))


def plainly(extracted: pa.Table, *, day: date, outlets: Outlets | None = None) -> pa.Table:
    """EXTRACTED of articles on which `clean` raises, to CLEANED: each with its text as it was extracted, and no furniture taken out.

    Nothing is asked of the text that could raise, nor how long it is; it has no lead and no agency.
    """
    known = outlets or Outlets()
    rows = []
    for row in EXTRACTED.conform(extracted).to_pylist():
        made = {n: row[n] for n in ("raw_ref", *_CARRIED)} | {"ingest_date": day, "is_stub": False}
        made |= {"article_id": _article_id(_Document(*(row[n] for n in _Document._fields)), day)}
        made |= {"text": row["text"], "furniture_removed": row["dropped"]}
        made |= {"word_count": scripts.n_words(row["text"]), "text_digest": _text_digest(row["text"])}
        made |= {"outlet_id": _outlet_id(known.of(row["domain"], row["outlet"]))}
        rows.append(made)
    return CLEANED.table(rows)


def say_whose(extracted: pa.Table, *, outlets: Outlets) -> pa.Table:
    """EXTRACTED of articles to WHOSE, row-wise: what `clean` says of them that follows from the outlets' file."""
    rows = columns_of(EXTRACTED.conform(extracted), "raw_ref", *_Page._fields)
    return WHOSE.table([{"raw_ref": row[0]} | _whose(_Page(*row[1:]), outlets) for row in rows])


def identities(extracted: pa.Table, day: date) -> list[tuple[str, str]]:
    """Of each row of EXTRACTED, the `article_id` that it has as an article, and the digest of its place and text, whatever the day.

    Both are empty for a document without a text.
    """
    rows = columns_of(extracted, "raw_ref", "canonical_url", "record_key", "text")
    return [_identity(day, *row) if row[-1] is not None else ("", "") for row in rows]


def reject_redelivered(deliveries: pa.Table, *, day: date) -> pa.Table:
    """DELIVERIES, all of an article together, to REJECTS: of several documents that are one article, the one with the
    smallest `raw_ref` stays; the others are `redelivered`, and name it.
    """
    deliveries = DELIVERIES.conform(deliveries)
    firsts = deliveries.group_by("article_id").aggregate([("raw_ref", "min")])
    at = pc.index_in(deliveries["article_id"], value_set=firsts["article_id"].combine_chunks())
    both = pa.table({"raw_ref": deliveries["raw_ref"], "first": firsts["raw_ref_min"].take(at)})
    again = both.filter(pc.not_equal(both["raw_ref"], both["first"])).to_pylist()
    reason = {"ingest_date": day, "stage": "clean", "reason": str(Reject.REDELIVERED)}
    return REJECTS.table([{"raw_ref": row["raw_ref"], "detail": row["first"], **reason} for row in again])


# --- one document ----------------------------------------------------------------------------------------------


class _Document(NamedTuple):
    """What of EXTRACTED is needed to clean it."""

    raw_ref: str
    canonical_url: str | None
    domain: str | None
    outlet: str | None
    site: str | None
    title: str | None
    authors: list[str]
    is_paywalled: bool
    is_cut: bool | None
    record_key: str | None
    dropped: list[str]
    source_url: str | None
    text: str
    reason: str | None


class _Page(NamedTuple):
    """What of a document says whose it and its text are."""

    domain: str | None
    outlet: str | None
    text: str
    authors: list[str]
    source_url: str | None


class _Row(NamedTuple):
    """What cleaning makes; all null for a reject, but its reason."""

    article_id: str | None = None
    lead: str | None = None
    text: str | None = None
    word_count: int | None = None
    text_digest: str | None = None
    furniture_removed: list[str] | None = None
    is_stub: bool | None = None
    outlet_id: str | None = None
    agency: str | None = None
    stage: str | None = None
    reason: str | None = None
    detail: str | None = None


_REJECTED = _Row()
_MADE = _Row._fields[: _Row._fields.index("stage")]
_CARRIED = [
    n for n in EXTRACTED.names if n in CLEANED.names and n not in {*_MADE, "stage", "reason", "detail"}
]


def _article(
    document: _Document, habits: dict[int, bool], day: date, min_words: int, outlets: Outlets
) -> _Row:
    parted, is_too_short = _parted(document, habits, min_words)
    if is_too_short:
        detail = f"{parted.n_words} words, {len(parted.removed)} lines of furniture taken out"
        return _Row(stage="clean", reason=str(Reject.TOO_SHORT), detail=detail)
    text = "\n".join(parted.kept)
    return _Row(
        article_id=_article_id(document, day),
        lead=parted.lead,
        text=text,
        word_count=scripts.n_words(text),
        text_digest=_text_digest(text),
        furniture_removed=document.dropped + parted.removed,
        is_stub=_is_stub(document, parted),
        **_whose(_Page(*(getattr(document, name) for name in _Page._fields)), outlets),
    )


def _whose(page: _Page, outlets: Outlets) -> Row:
    """The columns that the outlets' file has a say in. A page whose canonical address is an agency's states that agency, too."""
    outlet, linked = outlets.of(page.domain, page.outlet), outlets.of(domain_of(page.source_url), None)
    own = outlet.agency if outlet else None
    agency = stated(page.text, page.authors, own=own, more=outlets.agencies)
    if linked and linked.agency != own:
        agency = agency or linked.agency
    return {"outlet_id": _outlet_id(outlet), "agency": agency}


def _outlet_id(outlet: Outlet | None) -> str | None:
    return outlet.id if outlet else None


def _parted(document: _Document, habits: dict[int, bool], min_words: int) -> tuple[furniture.Parted, bool]:
    """Without the headline where enough is left, else with it, as feeds deliver headlines alone; and whether even that is too short."""
    strip = partial(
        furniture.strip,
        document.text.split("\n"),
        title=document.title,
        authors=document.authors,
        outlet=document.outlet,
        is_recurring=_habit(source_of(document.outlet, document.domain, document.site), habits),
    )
    parted = strip()
    is_too_short = _is_too_short(parted, document.title, min_words)
    if furniture.has_text(parted.kept) and not is_too_short:
        return parted, False
    whole = strip(with_headline=True)
    return (parted, is_too_short) if whole == parted else (whole, whole.n_words < min_words)


def _is_too_short(parted: furniture.Parted, title: str | None, min_words: int) -> bool:
    n_words = parted.n_words
    if n_words >= min_words or not title or 2 * n_words < min_words:
        return n_words < min_words
    if any(scripts.are_same(line, title) for line in parted.kept):
        return True  # its words are counted already
    return n_words + lines.look(title).n_words < min_words


def _habit(source: str | None, habits: dict[int, bool]) -> Callable[[str, bool], bool] | None:
    """Whether a line of a source is furniture by habit, for `furniture.strip`."""
    if source is None or not habits:
        return None

    def is_recurring(line: str, among_furniture: bool) -> bool:
        is_frequent = habits.get(lines.line_hash(source, line))
        return is_frequent is not None and (is_frequent or among_furniture)

    return is_recurring


def _article_id(document: _Document, day: date) -> str:
    return ids.article_id(
        day, _place(document.raw_ref, document.canonical_url, document.record_key), document.text
    )


def _place(raw_ref: str, canonical_url: str | None, record_key: str | None) -> str:
    """Where a document stands: its address, or its file."""
    where = canonical_url or path_of(raw_ref)
    if canonical_url is None and record_key is not None:
        where = f"{where}\n{record_key}"  # one file may have the same text of many outlets
    return where


def _identity(
    day: date, raw_ref: str, canonical_url: str | None, record_key: str | None, text: str
) -> tuple[str, str]:
    where = _place(raw_ref, canonical_url, record_key)
    return ids.article_id(day, where, text), ids.document_digest(where, text)


def _text_digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


_LIVE = re.compile(
    rf"\b{lexicon.one_of(lexicon.words().live)}\b|{lexicon.one_of(lexicon.words().live_within)}",
    re.IGNORECASE,
)
_BREAKS_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])['\"”’»)\]]*$")
# A shell, or all that is shown of an article which is said not to be free: many are, in truth.
_SHORT_WORDS = 150
_TEASER_WORDS = 400  # what pages show at most of an article that they ask payment for


def _is_stub(document: _Document, parted: furniture.Parted) -> bool:
    """Whether this is less than the article: a teaser, a shell of a live blog, a text that breaks off."""
    if document.is_cut:
        return True
    if parted.n_words >= _TEASER_WORDS:
        return False
    is_live = document.title is not None and _LIVE.search(document.title) is not None
    if parted.n_words < _SHORT_WORDS and (is_live or document.is_paywalled):
        return True
    return _BREAKS_OFF.search("".join(parted.kept[-1:])[-8:]) is not None or any(
        map(lines.asks_for_payment, parted.removed)
    )
