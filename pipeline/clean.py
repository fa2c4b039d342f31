"""Extracted documents to articles: furniture out, identity, length, lead.

Four stages. `outline` notes the lines of each document, `count_lines` in how many different articles of a source each
stands, `recurring` adds the window and says which are furniture by habit; `clean` then makes of each document an
article or a reject, and `settle` refuses what was delivered twice.

A source is an outlet or, where none is known, a domain. Copies and new versions of one article count once: a line is
furniture when *different* articles share it.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import furniture, lexicon, scripts
from pipeline.contracts import CLEANED, DELIVERIES, EXTRACTED, LINES, OUTLINES, REJECTS, Reject

_ENOUGH = 3  # different articles: two share a sentence by accident, or one is a follow-up of the other
_HEAD, _FOOT, _LABEL_WORDS, _PARAGRAPH_WORDS = 4, 8, 12, 60


def outline(extracted: pa.Table) -> pa.Table:
    """EXTRACTED to OUTLINES, row-wise: the hashed lines of every document that has a text and a source."""
    rows = []
    for raw_ref, outlet, domain, text in _columns(extracted, "raw_ref", "outlet", "domain", "text"):
        source = outlet or domain
        if source and text:
            lines = _telling_lines(source, text)
            row = {
                "raw_ref": raw_ref,
                "source": source,
                "lines": list(lines),
                "n_words": list(lines.values()),
            }
            rows.append(row)
    return OUTLINES.table(rows)


def count_lines(outlines: pa.Table) -> pa.Table:
    """OUTLINES, all of a source together, to LINES: in how many different articles of the source each line stands.

    Two documents are one article when they share half of the words of the shorter. Of lines that stand in one article
    only, those are kept that may turn out as furniture later: short ones, and those at the top and the bottom.
    """
    order = [("source", "ascending"), ("raw_ref", "ascending")]
    outlines = OUTLINES.conform(outlines).sort_by(order).combine_chunks()
    return pa.concat_tables([LINES.empty(), *(_counted(*part) for part in _by_source(outlines))])


def recurring(lines: pa.Table, earlier: Iterable[pa.Table] = ()) -> pa.Table:
    """LINES of a day and of each day of its window, to the lines of the day that are furniture by habit.

    Returns (`line`, `is_frequent`): a line that at least three different articles share, and one in fifty; frequent
    if one in five do, or five and one in ten: then it is furniture wherever it stands, else only at the edges.
    """
    wanted = lines["line"].combine_chunks()
    parts = [lines.select(_COUNTED), *(_of_lines(t.select(_COUNTED), wanted) for t in earlier)]
    total = _totals(pa.concat_tables(parts))
    everything = {s: furniture.line_hash(s, "") for s in pc.unique(lines["source"]).to_pylist()}
    n_all = dict(zip(total["line"].to_pylist(), total["n"].to_pylist(), strict=True))
    sources = dict(zip(lines["line"].to_pylist(), lines["source"].to_pylist(), strict=True))
    found = [(h, n, n_all[everything[sources[h]]]) for h, n in n_all.items() if n >= _ENOUGH]
    habits = [(h, _is_frequent(n, n_source)) for h, n, n_source in found if 50 * n >= n_source]
    empty = set(everything.values())
    rows = [{"line": h, "is_frequent": f} for h, f in sorted(habits) if h not in empty]
    return pa.Table.from_pylist(rows, pa.schema([("line", pa.int64()), ("is_frequent", pa.bool_())]))


def clean(extracted: pa.Table, *, recurring: pa.Table, day: date, min_words: int) -> pa.Table:
    """EXTRACTED to CLEANED, row-wise, one row for each: an article, or the reason why it is none.

    `recurring` is what the stage of that name returns. A text of fewer than `min_words` words is `too_short`, but with
    a headline, the words of both count: a headline with half a line of text is a piece of news. A headline that stands in
    the text goes from it, unless too little is left: then it is the text, or the first line of it, and its words count once.
    The id comes from the text before the removal, so it depends on no other document.
    """
    extracted = EXTRACTED.conform(extracted)
    habits = dict(zip(*(recurring[n].to_pylist() for n in ("line", "is_frequent")), strict=True))
    rows = [
        _article(_Document(*values), habits, day, min_words) if values[-1] is None else _REJECTED
        for values in _columns(extracted, *_Document._fields)
    ]
    is_article = pa.array([row.text is not None for row in rows])
    at = pc.if_else(is_article, pa.array(np.arange(len(rows))), None)
    table = extracted.select([*_CARRIED, "stage", "reason", "detail"]).combine_chunks()
    columns = {n: table[n].take(at) for n in _CARRIED} | {"raw_ref": table["raw_ref"]}
    columns |= {n: pa.array([getattr(r, n) for r in rows], CLEANED.schema.field(n).type) for n in _MADE}
    columns["ingest_date"] = pc.if_else(is_article, pa.scalar(day, pa.date32()), None)
    for name in ("stage", "reason", "detail"):
        own = pa.array([getattr(r, name) for r in rows], pa.string())
        columns[name] = pc.coalesce(table[name], own)
    return CLEANED.conform(pa.table({n: columns[n] for n in CLEANED.names}))


def plainly(extracted: pa.Table, *, day: date) -> pa.Table:
    """EXTRACTED of articles on which `clean` raises, to CLEANED: each with its text as it was extracted, and no furniture taken out.

    Nothing is asked of the text that could raise, nor how long it is; it has no lead.
    """
    rows = []
    for row in EXTRACTED.conform(extracted).to_pylist():
        made = {n: row[n] for n in ("raw_ref", *_CARRIED)} | {"ingest_date": day, "is_stub": False}
        made |= {"article_id": _article_id(_Document(*(row[n] for n in _Document._fields)), day)}
        made |= {"text": row["text"], "furniture_removed": row["dropped"]}
        made |= {"word_count": scripts.n_words(row["text"]), "text_digest": _text_digest(row["text"])}
        rows.append(made)
    return CLEANED.table(rows)


def settle(deliveries: pa.Table, *, day: date) -> pa.Table:
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


def _columns(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[n].to_pylist() for n in names), strict=True)


# --- lines that recur ------------------------------------------------------------------------------------------


def _telling_lines(source: str, text: str) -> dict[int, int]:
    """The hashes of the different lines of a text that are not furniture by themselves, and their words."""
    found: dict[int, int] = {}
    for line in text.split("\n"):
        if (
            len(line) > furniture.CACHED_CHARS
        ):  # an article's own, in all likelihood: `clean` will look closer
            found.setdefault(furniture.line_hash(source, line), line.count(" ") + 1)
        elif not (looked := furniture.look(line)).is_furniture:
            found.setdefault(furniture.line_hash(source, line), looked.n_words)
    return found


class _Outline(NamedTuple):
    lines: list[int]
    n_words: list[int]


_COMMON = 20  # articles that share a line: then it says nothing about which are the same


def _by_source(outlines: pa.Table) -> Iterator[tuple[str, list[_Outline]]]:
    """The documents of each source; `outlines` are sorted by it. One source at a time is in Python's memory."""
    sources = outlines["source"].combine_chunks().dictionary_encode()
    ends = np.flatnonzero(np.diff(sources.indices.to_numpy(), append=-1)) + 1
    for first, last in pairwise([0, *ends.tolist()]):
        rows = _columns(outlines.slice(first, last - first), "lines", "n_words")
        yield outlines["source"][first].as_py(), [_Outline(*row) for row in rows]


def _counted(source: str, documents: list[_Outline]) -> pa.Table:
    """LINES rows of one source."""
    holders: dict[int, list[int]] = {}  # of each line, the numbers of its articles, sorted
    totals: list[int] = []
    names: list[_Outline] = []  # of each article, the first document
    for document in documents:
        number = _same_article(document, holders, totals)
        if number == len(totals):
            totals.append(sum(document.n_words))
            names.append(document)
        for line in document.lines:
            held = holders.setdefault(line, [])
            at = bisect_left(held, number)
            if held[at : at + 1] != [number]:
                held.insert(at, number)
    kept = {line for document in documents for line in _candidates(document)}
    lines = [line for line, held in holders.items() if len(held) > 1 or line in kept]
    named = [_name(document, holders) for document in names]
    articles = [sorted(named[n] for n in holders[line])[:_ENOUGH] for line in lines]
    columns = [
        [source] * (1 + len(lines)),
        [furniture.line_hash(source, ""), *lines],
        [len(totals), *(len(holders[line]) for line in lines)],
        [[], *articles],
    ]
    return LINES.conform(
        pa.table([pa.array(c, f.type) for c, f in zip(columns, LINES.schema, strict=True)], LINES.names)
    )


def _same_article(document: _Outline, holders: dict[int, list[int]], totals: list[int]) -> int:
    """The number of the first article that the document is a copy of, or the next number.

    They share half the words of the shorter, and more than one line unless it is nearly all.
    """
    words: dict[int, int] = {}
    lines: dict[int, int] = {}
    for line, n_words in zip(document.lines, document.n_words, strict=True):
        held = holders.get(line, [])
        for number in held if len(held) <= _COMMON else ():
            words[number] = words.get(number, 0) + n_words
            lines[number] = lines.get(number, 0) + 1
    total = sum(document.n_words)
    for number in sorted(words):
        shorter = min(total, totals[number])
        if 2 * words[number] >= shorter and (lines[number] > 1 or 5 * words[number] >= 4 * shorter):
            return number
    return len(totals)


def _name(first: _Outline, holders: dict[int, list[int]]) -> int:
    """The hash of the longest line of an article that few others have: it outlasts most changes."""
    lines = [(len(holders[h]) < _ENOUGH, n, h) for h, n in zip(first.lines, first.n_words, strict=True)]
    return max(lines, default=(False, 0, 0))[2]


def _candidates(document: _Outline) -> Iterable[int]:
    last = len(document.lines) - _FOOT
    for n, (line, n_words) in enumerate(zip(document.lines, document.n_words, strict=True)):
        if n_words <= _LABEL_WORDS or (n_words <= _PARAGRAPH_WORDS and (n < _HEAD or n >= last)):
            yield line


_COUNTED = ["line", "n_articles", "articles"]


def _of_lines(table: pa.Table, wanted: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table["line"], value_set=wanted))


def _totals(lines: pa.Table) -> pa.Table:
    """Of each line, the different articles of all days: those known by name once, the others as counted."""
    n_named = pc.list_value_length(lines["articles"])
    unnamed = pa.table({"line": lines["line"], "n": pc.subtract(lines["n_articles"], n_named)})
    flat = lines.combine_chunks()
    parents = pc.list_parent_indices(flat["articles"])
    named = pa.table({"line": flat["line"].take(parents), "name": pc.list_flatten(flat["articles"])})
    both = [
        unnamed.group_by("line").aggregate([("n", "sum")]).rename_columns(["line", "n"]).cast(_TOTAL),
        named.group_by("line")
        .aggregate([("name", "count_distinct")])
        .rename_columns(["line", "n"])
        .cast(_TOTAL),
    ]
    return pa.concat_tables(both).group_by("line").aggregate([("n", "sum")]).rename_columns(["line", "n"])


_TOTAL = pa.schema([("line", pa.int64()), ("n", pa.int64())])


def _is_frequent(n: int, n_source: int) -> bool:
    return 5 * n >= n_source or (n >= 5 and 10 * n >= n_source)


# --- one document ----------------------------------------------------------------------------------------------


class _Document(NamedTuple):
    """What of EXTRACTED is needed to clean it."""

    raw_ref: str
    canonical_url: str | None
    domain: str | None
    outlet: str | None
    title: str | None
    authors: list[str]
    is_paywalled: bool
    dropped: list[str]
    text: str
    reason: str | None


class _Row(NamedTuple):
    """What cleaning makes; all null for a reject, but its reason."""

    article_id: str | None = None
    lead: str | None = None
    text: str | None = None
    word_count: int | None = None
    text_digest: str | None = None
    furniture_removed: list[str] | None = None
    is_stub: bool | None = None
    stage: str | None = None
    reason: str | None = None
    detail: str | None = None


_REJECTED = _Row()
_MADE = ("article_id", "lead", "text", "word_count", "text_digest", "furniture_removed", "is_stub")
_CARRIED = [
    n for n in EXTRACTED.names if n in CLEANED.names and n not in {*_MADE, "stage", "reason", "detail"}
]


def _article(document: _Document, habits: dict[int, bool], day: date, min_words: int) -> _Row:
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
    )


def _parted(document: _Document, habits: dict[int, bool], min_words: int) -> tuple[furniture.Parted, bool]:
    """Without the headline where enough is left, else with it, as feeds deliver headlines alone; and whether even that is too short."""
    strip = partial(
        furniture.strip,
        document.text.split("\n"),
        title=document.title,
        authors=document.authors,
        outlet=document.outlet,
        is_recurring=_habit(document.outlet or document.domain, habits),
    )
    parted = strip()
    is_too_short = _is_too_short(parted, document.title, min_words)
    if furniture.has_text(parted.kept) and not is_too_short:
        return parted, False
    whole = strip(with_headline=True)
    return (parted, is_too_short) if whole == parted else (whole, whole.n_words < min_words)


def _is_too_short(parted: furniture.Parted, title: str | None, min_words: int) -> bool:
    n_words = parted.n_words
    is_title = any(
        furniture.is_same(line, title) for line in parted.kept
    )  # then its words are counted already
    if n_words >= min_words or not title or is_title or 2 * n_words < min_words:
        return n_words < min_words
    return n_words + furniture.look(title).n_words < min_words


def _habit(source: str | None, habits: dict[int, bool]) -> Callable[[str, bool], bool] | None:
    """Whether a line of a source is furniture by habit, for `furniture.strip`."""
    if source is None or not habits:
        return None

    def is_recurring(line: str, among_furniture: bool) -> bool:
        is_frequent = habits.get(furniture.line_hash(source, line))
        return is_frequent is not None and (is_frequent or among_furniture)

    return is_recurring


def _article_id(document: _Document, day: date) -> str:
    where = document.canonical_url or document.raw_ref.rpartition("#")[0] or document.raw_ref
    digest = blake2b(f"{where}\n{document.text}\n{day}".encode(), digest_size=12)
    return f"{day:%Y%m%d}{digest.hexdigest()}"


def _text_digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


_LIVE = re.compile(
    rf"\b{lexicon.one_of(lexicon.words().live)}\b|{lexicon.one_of(lexicon.words().live_within)}",
    re.IGNORECASE,
)
_BREAKS_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])['\"”’»)\]]*$")
_SHORT_WORDS = (
    150  # a shell, or all that is shown of an article which is said not to be free: many are, in truth
)
_TEASER_WORDS = 400  # what pages show at most of an article that they ask payment for


def _is_stub(document: _Document, parted: furniture.Parted) -> bool:
    """Whether this is less than the article: a teaser, a shell of a live blog, a text that breaks off."""
    if parted.n_words >= _TEASER_WORDS:
        return False
    is_live = document.title is not None and _LIVE.search(document.title) is not None
    if parted.n_words < _SHORT_WORDS and (is_live or document.is_paywalled):
        return True
    return _BREAKS_OFF.search("".join(parted.kept[-1:])[-8:]) is not None or any(
        map(furniture.asks_for_payment, parted.removed)
    )
