"""Lines that an outlet repeats: what its articles share, whatever they report.

`outline` notes the lines of each document, `count_lines` counts in how many different articles of a source each line
stands, and `recurring` adds the window and tells which lines are furniture by habit.

A source is an outlet or, where no outlet is known, a domain, or else what the page says of its site. Copies and new
versions of one article count once: a line is furniture when *different* articles share it. What stands on one page on
several days is one article, whatever of it has changed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import (
    Array,
    ChunkedArray,
    as_lists,
    ascending,
    distinct,
    equals,
    find,
    schema,
    texts,
)
from pipeline.model.internal_tables import LINES, OUTLINES
from pipeline.text.lines import CACHED_CHARS, line_hash, look
from pipeline.text.pages import page_of

_ENOUGH = 3  # different articles: two share a sentence by accident, or one is a follow-up of the other
_HEAD, _FOOT, _LABEL_WORDS, _PARAGRAPH_WORDS = 4, 8, 12, 60


def outline(extracted: pa.Table) -> pa.Table:
    """EXTRACTED to OUTLINES, row-wise: the hashed lines of every document that has a text and a source."""
    rows = []
    names = ("raw_ref", "outlet", "domain", "site", "text", "canonical_url")
    for raw_ref, outlet, domain, site, text, address in columns_of(extracted, *names):
        source = source_of(outlet, domain, site)
        if source and text:
            lines = _telling_lines(source, text)
            row = {
                "raw_ref": raw_ref,
                "source": source,
                "lines": list(lines),
                "n_words": list(lines.values()),
                "page": line_hash(source, f"\n{page_of(address)}") if address else None,
            }
            rows.append(row)
    return OUTLINES.table(rows)


def source_of(outlet: str | None, domain: str | None, site: str | None) -> str | None:
    """What a document's lines are counted for."""
    return outlet or domain or site


def sources_of(extracted: pa.Table) -> ChunkedArray:
    """The `source_of` each document of EXTRACTED; null where it has none."""
    named = (extracted[name] for name in ("outlet", "domain", "site"))
    found: ChunkedArray = pc.coalesce(*(pc.if_else(equals(c, ""), pa.scalar(None, c.type), c) for c in named))
    return found


def count_lines(outlines: pa.Table) -> pa.Table:
    """OUTLINES, all of a source together, to LINES: in how many different articles of the source each line stands.

    Two documents are one article when they share half of the words of the shorter. Of lines that stand in one article
    only, those are kept that may turn out as furniture later: short ones, and those at the top and the bottom.
    """
    outlines = OUTLINES.conform(outlines).sort_by(ascending(["source", "raw_ref"])).combine_chunks()
    return pa.concat_tables([LINES.empty(), *(_counted(*part) for part in _by_source(outlines))])


def recurring(lines: pa.Table, earlier: Iterable[pa.Table] = ()) -> pa.Table:
    """LINES of a day and of each day of its window, to the lines of the day that are furniture by habit.

    Returns (`line`, `is_frequent`): a line that at least three different articles share, and one in fifty; frequent
    if one in five do, or five and one in ten: then it is furniture wherever it stands, else only at the edges.
    """
    wanted = lines["line"].combine_chunks()
    parts = [lines.select(_COUNTED), *(_of_lines(t.select(_COUNTED), wanted) for t in earlier)]
    total = _totals(_by_page(pa.concat_tables(parts)))
    everything = {s: line_hash(s, "") for s in texts(distinct(lines["source"]))}
    n_all: dict[int, int] = dict(columns_of(total, "line", "n"))
    sources: dict[int, str] = dict(columns_of(lines, "line", "source"))
    found = [(h, n, n_all[everything[sources[h]]]) for h, n in n_all.items() if n >= _ENOUGH]
    habits = [(h, _is_frequent(n, n_source)) for h, n, n_source in found if 50 * n >= n_source]
    empty = set(everything.values())
    rows = [{"line": h, "is_frequent": f} for h, f in sorted(habits) if h not in empty]
    return pa.Table.from_pylist(
        rows, schema([pa.field("line", pa.int64()), pa.field("is_frequent", pa.bool_())])
    )


def columns_of(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[n].to_pylist() for n in names), strict=True)


# --- lines that recur ------------------------------------------------------------------------------------------


def _telling_lines(source: str, text: str) -> dict[int, int]:
    """The hashes of the different lines of a text that are not furniture by themselves, and their words."""
    found: dict[int, int] = {}
    for line in text.split("\n"):
        if len(line) > CACHED_CHARS:  # an article's own, in all likelihood: `clean` will look closer
            found.setdefault(line_hash(source, line), line.count(" ") + 1)
        elif not (looked := look(line)).is_furniture:
            found.setdefault(line_hash(source, line), looked.n_words)
    return found


class _Outline(NamedTuple):
    lines: list[int]
    n_words: list[int]
    page: int | None


_COMMON = 20  # articles that share a line: then it says nothing about which are the same


def _by_source(outlines: pa.Table) -> Iterator[tuple[str, list[_Outline]]]:
    """The documents of each source; `outlines` are sorted by it. One source at a time is in Python's memory."""
    sources = outlines["source"].combine_chunks().dictionary_encode()
    ends = np.flatnonzero(np.diff(sources.indices.to_numpy(), append=-1)) + 1
    for first, last in pairwise([0, *ends.tolist()]):
        rows = columns_of(outlines.slice(first, last - first), *_Outline._fields)
        yield outlines["source"][first].as_py(), [_Outline(*row) for row in rows]


def _counted(source: str, documents: list[_Outline]) -> pa.Table:
    """LINES rows of one source."""
    holders: dict[int, list[int]] = {}  # of each line, the numbers of its articles, sorted
    totals: list[int] = []
    names: list[_Outline] = []  # of each article, the first document
    pages: dict[int, int] = {}  # the article at each address
    for document in documents:
        number = pages.get(document.page or 0, _same_article(document, holders, totals))
        if document.page is not None:
            pages[document.page] = number
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
    columns: list[list[Any]] = [
        [source] * (1 + len(lines) + len(pages)),
        [line_hash(source, ""), *lines, *pages],
        [len(totals), *(len(holders[line]) for line in lines), *([0] * len(pages))],
        [[], *articles, *([named[n]] for n in pages.values())],
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


def _of_lines(table: pa.Table, wanted: Array) -> pa.Table:
    return table.filter(pc.is_in(table["line"], value_set=wanted))


def _by_page(lines: pa.Table) -> pa.Table:
    """The lines without the pages; articles that stood at one address on several days have one name."""
    is_page = equals(lines["n_articles"], 0)
    pages, lines = lines.filter(is_page), lines.filter(pc.invert(is_page)).combine_chunks()
    one = _one_name(columns_of(pages, "line", "articles"))
    if not one:
        return lines
    old, new = (pa.array(names, pa.int64()) for names in (list(one), list(one.values())))
    lists = as_lists(lines["articles"])
    renamed = pc.coalesce(new.take(find(lists.flatten(), old)), lists.flatten())
    articles = pa.ListArray.from_arrays(lists.offsets, renamed).cast(lines.schema.field("articles").type)
    return lines.set_column(lines.column_names.index("articles"), "articles", articles)


def _one_name(pages: Iterable[tuple[int, list[int]]]) -> dict[int, int]:
    """Of each name of an article that had several, as pages tell, the least of them."""
    parent: dict[int, int] = {}

    def root(name: int) -> int:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    first: dict[int, int] = {}
    for page, names in pages:
        for name in names:
            low, high = sorted((root(name), root(first.setdefault(page, name))))
            parent[high] = low
    return {name: root(name) for name in parent if root(name) != name}


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
