"""Extracted documents to articles: their furniture goes, they get an id, and one document delivered twice is one article.

What is furniture is judged line by line (`furniture`), among other things by whether the outlet uses a line in
different articles of the day and the window before it. Those lines are counted first, day by day.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import furniture
from pipeline.contracts import CLEANED, LINES, Reject

Row = dict[str, Any]

RECURS_FROM = 3  # different articles; twice happens to a sentence that an outlet quotes from itself
_MAX_LINE_CHARS = 400  # a longer paragraph is an article's own
_TEASER_WORDS = 200  # what a page that is not free shows of a longer article
_SHELL_WORDS = 40
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_KEPT_COLUMNS = (
    *("url", "canonical_url", "domain", "outlet", "title", "authors", "language"),
    *("published_at", "published_at_source", "fetched_at", "extractor", "raw_ref"),
)


def count_lines(extracted: pa.Table) -> pa.Table:
    """EXTRACTED -> LINES: which lines each outlet used, and in how many different articles.

    All rows of a domain must be together. Two versions of one article count once: they are told by two of their
    three longest lines being the same. A document of which neither outlet nor domain is known has no lines.
    """
    sources: dict[str, list[list[int]]] = defaultdict(list)
    columns = (extracted[name].to_pylist() for name in ("outlet", "domain", "text"))
    for outlet, domain, text in zip(*columns, strict=True):
        if text and (source := domain or outlet):
            sources[source].append(_hashes(source, text))
    rows = [row for source in sorted(sources) for row in _counted(source, sources[source])]
    return LINES.table(rows)


def recurring(lines: pa.Table) -> pa.Table:
    """LINES of the day and its window -> the lines (hashes) that stand in at least RECURS_FROM different articles.

    An article that is fetched again on another day is not a different one: its representative is the same.
    """
    grouped = lines.group_by("line", use_threads=False).aggregate(
        [("n_articles", "sum"), ("line", "count"), ("article", "count_distinct")]
    )
    n = pc.add(pc.subtract(grouped["n_articles_sum"], grouped["line_count"]), grouped["article_count_distinct"])
    return grouped.filter(pc.greater_equal(n, RECURS_FROM)).select(["line"]).sort_by("line")


def clean(extracted: pa.Table, recurring: pa.Table, *, day: dt.date, min_words: int) -> pa.Table:
    """EXTRACTED -> CLEANED, row for row: an article without its furniture, or the reason why there is none."""
    known = frozenset(recurring["line"].to_pylist())
    return CLEANED.table([_reject(row) if row["reason"] else _article(row, known, day, min_words) for row in extracted.to_pylist()])


def settle(cleaned: pa.Table) -> pa.Table:
    """Articles of CLEANED -> CLEANED: of those with one `article_id` the first by `raw_ref` stays, the others are `redelivered`.

    Rows with the same `article_id` must be together.
    """
    cleaned = cleaned.sort_by([("article_id", "ascending"), ("raw_ref", "ascending")])
    ids = cleaned["article_id"].to_numpy(zero_copy_only=False)
    again = np.concatenate([[False], ids[1:] == ids[:-1]]) if len(ids) else np.array([], bool)
    first = np.maximum.accumulate(np.where(again, 0, np.arange(len(ids))))
    refs = cleaned["raw_ref"].to_pylist()
    rejects = [
        {"raw_ref": refs[n], "stage": "clean", "reason": Reject.REDELIVERED, "detail": f"the same document as {refs[first[n]]}"}
        for n in np.flatnonzero(again)
    ]
    return pa.concat_tables([cleaned.filter(pa.array(~again)), CLEANED.table(rejects)])


def _hashes(source: str, text: str) -> list[int]:
    """The distinct lines of a text as hashes, the longest first."""
    lines = sorted({line for line in text.split("\n") if line}, key=lambda line: (-len(line), line))
    longest = [furniture.line_hash(source, line) for line in lines[:3]]
    return longest + [furniture.line_hash(source, line) for line in lines[3:] if len(line) <= _MAX_LINE_CHARS]


def _counted(source: str, texts: list[list[int]]) -> Iterator[Row]:
    """For each line of an outlet, the different articles that have it and the smallest of their representatives."""
    having: dict[int, set[int]] = defaultdict(set)
    for representative, lines in zip(_representatives(texts), texts, strict=True):
        for line in lines:
            having[line].add(representative)
    for line in sorted(having):
        yield {"source": source, "line": line, "n_articles": len(having[line]), "article": min(having[line])}


def _representatives(texts: list[list[int]]) -> list[int]:
    """One number per text, the same for texts that share two of their three longest lines, in any number of steps."""
    leader: dict[tuple[int, ...], tuple[int, ...]] = {}

    def find(key: tuple[int, ...]) -> tuple[int, ...]:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    keys = [_keys(lines) for lines in texts]
    for own in keys:
        roots = sorted(map(find, own))
        for root in roots[1:]:
            leader[root] = roots[0]
    return [_short(find(own[0])) for own in keys]


def _keys(lines: list[int]) -> list[tuple[int, ...]]:
    longest = sorted(lines[:3])
    return list(combinations(longest, 2)) or [tuple(longest)]


def _short(key: tuple[int, ...]) -> int:
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest(), "little", signed=True)


def _reject(row: Row) -> Row:
    return {name: row[name] for name in ("raw_ref", "stage", "reason", "detail")}


def _article(row: Row, known: frozenset[int], day: dt.date, min_words: int) -> Row:
    source = row["domain"] or row["outlet"]
    kept, gone = furniture.strip(
        [line for line in row["text"].split("\n") if line],
        title=row["title"],
        authors=row["authors"],
        outlet=row["outlet"],
        is_recurring=_recurs(source, known),
    )
    text, n_words = "\n".join(kept), _count_words(kept)
    if not text or n_words + _count_words([row["title"] or ""]) < min_words:
        detail = f"{n_words} words, of {len(gone) + len(kept)} lines {len(gone)} furniture"
        return {"raw_ref": row["raw_ref"], "stage": "clean", "reason": Reject.TOO_SHORT, "detail": detail}
    return {name: row[name] for name in _KEPT_COLUMNS} | {
        "article_id": _identity(row, day),
        "ingest_date": day,
        "lead": next((line for line in kept if furniture.look(line).is_sentence), kept[0]),
        "text": text,
        "word_count": n_words,
        "text_digest": blake2b(text.encode(), digest_size=16).hexdigest(),
        "furniture_removed": gone,
        "is_stub": _is_stub(row, kept, n_words),
    }


def _recurs(source: str | None, known: frozenset[int]) -> Callable[[str, bool], bool] | None:
    """A line that recurs is furniture where furniture stands; a sentence amid the article stays."""
    if not source or not known:
        return None
    return lambda line, among: among and len(line) <= _MAX_LINE_CHARS and furniture.line_hash(source, line) in known


def _identity(row: Row, day: dt.date) -> str:
    """The article's id: its day, then a digest of where it is from, its text as extracted, and the day."""
    place = row["canonical_url"] or row["raw_ref"].rsplit("#", 1)[0]
    digest = blake2b("\n".join((place, f"{day}", row["text"])).encode(), digest_size=12)
    return f"{day:%Y%m%d}{digest.hexdigest()}"


def _count_words(lines: Iterable[str]) -> int:
    """Words between spaces; in scripts that write none, characters."""
    return sum(len(line.split()) if line.isascii() else _count_mixed(line) for line in lines)


def _count_mixed(line: str) -> int:
    unspaced = len(_UNSPACED.findall(line))
    return unspaced + len(_UNSPACED.sub(" ", line).split()) if unspaced else len(line.split())


def _is_stub(row: Row, kept: list[str], n_words: int) -> bool:
    """A teaser of a page that is not free, a text that breaks off, or a shell without a sentence."""
    breaks_off = kept[-1].rstrip().endswith(("…", "...", "[…]", "[...]")) and n_words < _TEASER_WORDS
    shell = n_words < _SHELL_WORDS and not any(furniture.look(line).is_sentence for line in kept)
    return bool(row["is_paywalled"] and n_words < _TEASER_WORDS) or breaks_off or shell
