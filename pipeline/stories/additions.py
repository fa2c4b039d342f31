"""Additions: what each report adds to its story, from the texts that the story had before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.contract import Row
from pipeline.model.internal_tables import SAID
from pipeline.model.kinds import CAPTURES, Kind
from pipeline.model.sorting import last_moment
from pipeline.model.tables import ADDITIONS
from pipeline.revisions.sentences import sentences_of
from pipeline.stories import novelty
from pipeline.stories.summary import place, whole_stories
from pipeline.stories.vocabulary import Book, Word

MOST = 3  # sentences of a report that are shown
LONG = 80  # words of a sentence: one that has more is a list, or a text without full stops, and shown last
_DECIMALS = 6


@dataclass
class Report:
    """A report of the day: its sentences, and the weight of what each says first (0: nothing new)."""

    row: Row
    sentences: list[str]
    words: list[list[Word]]
    weights: list[float]
    is_comparable: bool = True  # whether an article before it is in its language


def detect(said: pa.Table) -> pa.Table:
    """SAID, all articles of a story together, to ADDITIONS: one row for each new report of which that is not known."""
    return ADDITIONS.table([_row(report) for report in reports(said)])


def reports(said: pa.Table) -> Iterator[Report]:
    """The new reports among articles (SAID), each judged by all that its story has before it: by day, time of publication, id.

    A copy group begins with its report: no other article of the group comes before it. What a later capture of a page says was said
    by the end of its day.
    """
    said = SAID.conform(said)
    for rows in map(pa.Table.to_pylist, whole_stories(said.take(pc.sort_indices(said["story_id"])))):
        yield from _judged(sorted(rows, key=itemgetter("story_id")))


def _judged(rows: list[Row]) -> list[Report]:
    books = {language: Book(language) for language in sorted({row["language"] or "" for row in rows})}
    found = {row["article_id"]: _read(row, books) for row in rows if _is_asked(row)}
    for language in books:
        texts = (one.words for one in found.values() if (one.row["language"] or "") == language)
        novelty.weigh_words(language, [sentence for text in texts for sentence in text])
    for _, story in groupby(rows, itemgetter("story_id")):
        _compare(_ordered(list(story)), found, books)
    return list(found.values())


def _is_asked(row: Row) -> bool:
    return _is_new_report(row) and not row["is_known"]


def _is_new_report(row: Row) -> bool:
    return bool(row["is_new"]) and row["kind"] == Kind.REPORT


def _read(row: Row, books: dict[str, Book]) -> Report:
    sentences, book = sentences_of(row["text"]), books[row["language"] or ""]
    return Report(row, sentences, [novelty.words(book, sentence) for sentence in sentences], [])


def _compare(story: Sequence[Row], found: dict[str, Report], books: dict[str, Book]) -> None:
    """Judge the reports among the articles of a story, which are in their order."""
    said = novelty.Said()
    for row in story:
        language, report = row["language"] or "", found.get(row["article_id"])
        if report:
            heard = said.forms.keys()
            report.is_comparable = not heard or not language or not heard.isdisjoint({"", language})
            report.weights = novelty.new_weights(
                report.words, said.keys, numbers_alone=not report.is_comparable
            )
        for text in _heard(row, is_read=report is not None):
            said.hear(books[language], text)


def _heard(row: Row, *, is_read: bool) -> Iterator[str]:
    """What an article says, but for what was heard when it was judged (`is_read`). New reports are heard by their sentences, judged or not."""
    if _is_new_report(row):
        yield row["title"] or ""
        yield from () if is_read else sentences_of(row["text"])
    else:
        yield f"{row['title'] or ''}\n{row['text']}"


def _ordered(story: list[Row]) -> list[Row]:
    own = {row["article_id"]: placed(row) for row in story}

    def key(row: Row) -> tuple[object, ...]:
        at, group = own[row["article_id"]], own.get(row["copy_id"])
        return max(at, group or at), row["article_id"] != row["copy_id"]

    return sorted(story, key=key)


def placed(row: Row) -> tuple[object, ...]:
    """By what the articles of a story are put in order, if their copy groups are left out of account."""
    at = row["published_at"]
    day, *rest = place(row, last_moment(at, row["published_precision"]) if at else None)
    return day, row["kind"] in CAPTURES, *rest


def _row(report: Report) -> Row:
    """ADDITIONS: counts are null where nothing before is in the report's language."""
    n, n_new = len(report.weights), sum(weight > 0 for weight in report.weights)
    is_comparable = report.is_comparable
    return {
        "article_id": report.row["article_id"],
        "ingest_date": report.row["ingest_date"],
        "story_id": report.row["story_id"],
        "n_sentences": n,
        "n_new_sentences": n_new if is_comparable else None,
        "new_share": round(n_new / max(n, 1), _DECIMALS) if is_comparable else None,
        "adds": _most_telling(report),
        "nothing_new": n_new == 0 if is_comparable else None,
    }


def _most_telling(report: Report) -> list[str]:
    """The new sentences of the most weight, in the order of the text."""
    ranked = sorted(
        (len(report.words[n]) > LONG, -weight, n) for n, weight in enumerate(report.weights) if weight > 0
    )
    return [report.sentences[n] for n in sorted(n for *_, n in ranked[:MOST])]
