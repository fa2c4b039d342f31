"""Two articles side by side: what their texts share, what each has alone, the figures of their link, the decision in a sentence."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import pyarrow.compute as pc

from pipeline.explorer import links
from pipeline.explorer.article import find, place_of
from pipeline.explorer.models import LinkLine, Pair, Segment, Side
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.contract import Row
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.kinds import CAPTURES
from pipeline.model.tables import LINKS, STORIES

_WORDS = 3_000  # of each text: comparing costs their product
_LONGEST_WORD = 200  # characters; longer ones are shown cut
_PASSAGE_WORDS = 5  # shorter runs of shared words are accidental
_SIDE = (
    "article_id",
    "title",
    "lead",
    "url",
    "published_at",
    "published_precision",
    "language",
    "word_count",
)

Block = tuple[int, int]  # where a run of shared words begins, and its words


def pair_page(snapshot: Snapshot, one: str, other: str, threshold: float) -> Pair:
    """`threshold` is that of stories. Raises SettingsError for what is no id, MissingInputError where one of the two is not there."""
    rows = [find(snapshot, identifier) for identifier in (one, other)]
    places = [place_of(snapshot, identifier) for identifier in (one, other)]
    if not all(places):
        raise MissingInputError("one of the two has no place: the run of its day has not ended")
    texts = [paragraphs(row["text"]) for row in rows]
    blocks = list(_shared(*texts))
    n_shared = sum(size for _, _, size in blocks)
    link = _link(snapshot, one, other)
    named = _named_by_both(snapshot, places, rows)
    return Pair(
        publication=snapshot.publication,
        one=_side(rows[0], texts[0], [(a, size) for a, _, size in blocks]),
        other=_side(rows[1], texts[1], [(b, size) for _, b, size in sorted(blocks, key=lambda x: x[1])]),
        link=link,
        decision=_decision(link, places[0], places[1], threshold),
        named=named,
        same_copy=places[0]["copy_id"] == places[1]["copy_id"],
        same_story=places[0]["story_id"] == places[1]["story_id"],
        story_id=places[0]["story_id"],
        other_story_id=places[1]["story_id"],
        n_shared_words=n_shared,
    )


def paragraphs(text: str) -> list[str]:
    """The words of a text; a word that ends a paragraph keeps its line break."""
    words = [word for line in text.split("\n") for word in _words(line)]
    return words[:_WORDS]


def _words(line: str) -> Iterator[str]:
    """The words of a line, its last one with a line break; text without spaces is taken in runs of one letter each."""
    words = line.split()
    if len(words) * 12 < len(line):  # letters of a script that puts no spaces between words
        words = list(line.strip())
    for n, word in enumerate(words, 1):
        yield f"{word[:_LONGEST_WORD]}\n" if n == len(words) else word[:_LONGEST_WORD]


def _shared(words: list[str], others: list[str]) -> Iterator[tuple[int, int, int]]:
    one, other = ([w.strip().casefold() for w in side] for side in (words, others))
    matcher = SequenceMatcher(None, one, other, autojunk=len(words) * len(others) > 1_000_000)
    for block in matcher.get_matching_blocks():
        if block.size >= _PASSAGE_WORDS:
            yield block.a, block.b, block.size


def _side(row: Row, words: list[str], blocks: Iterable[Block]) -> Side:
    segments, n_shared = [], 0
    for text, is_shared, size in _segments(words, blocks):
        segments.append(Segment(text=text, is_shared=is_shared))
        n_shared += size if is_shared else 0
    return Side(
        **{name: row[name] for name in _SIDE},
        outlet=row["outlet"] or row["domain"],
        segments=segments,
        is_cut=len(words) == _WORDS,
        share=n_shared / max(1, len(words)),
    )


def _segments(words: list[str], blocks: Iterable[Block]) -> Iterator[tuple[str, bool, int]]:
    """The text in runs that the other has, and runs that it has not."""
    at = 0
    for start, size in [*blocks, (len(words), 0)]:
        if start > at:
            yield joined(words[at:start]), False, start - at
        if size:
            yield joined(words[start : start + size]), True, size
        at = start + size


def joined(words: list[str]) -> str:
    """Words as text again: single letters of a script without spaces stand together."""
    is_letters = sum(len(word.strip()) == 1 for word in words) * 2 > len(words)
    return ("" if is_letters else " ").join(words).replace("\n ", "\n")


def _link(snapshot: Snapshot, one: str, other: str) -> LinkLine | None:
    """The link between the two, whichever is the later."""
    for later, earlier in ((one, other), (other, one)):
        where = (pc.field("article_id") == later) & (pc.field("other_id") == earlier)
        for table in snapshot.scan(LINKS, [day_of(later)], links.COLUMNS, where):
            if rows := table.to_pylist():
                return links.titled(snapshot, rows)[0]
    return None


def _named_by_both(snapshot: Snapshot, places: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """Which rare terms of their story stand in both texts; none for articles of two stories."""
    ids = {place["story_id"] for place in places}
    found = snapshot.rows(STORIES, ids, ["keywords"], "story_id") if len(ids) == 1 else {}
    texts = [f"{row['title'] or ''} {row['text']}".casefold() for row in rows]
    return [
        word
        for story in found.values()
        for word in story["keywords"]
        if all(word.casefold() in t for t in texts)
    ]


def _decision(link: LinkLine | None, place: Row, other: Row, threshold: float) -> str:
    """What was decided about the two, in a sentence."""
    if place["copy_id"] == other["copy_id"]:
        if {place["kind"], other["kind"]} & CAPTURES:
            return "Captures of one page, or copies of such: they count as one text."
        rule = (
            f"{link.kind}: {link.reason}"
            if link and link.accepted
            else "by way of the first article of their group"
        )
        return f"Copies of one text ({rule}): they count as one voice."
    if place["story_id"] == other["story_id"]:
        refused = f", compared as copies and refused ({link.reason})" if link else ""
        return f"Two texts of their own that report one event{refused}. {_joined(place, other, threshold)}"
    seen = (
        f"compared as copies and refused ({link.reason})"
        if link
        else "never alike enough to be compared as copies"
    )
    return f"Two stories: {seen}, and not near enough to each other's story."


def _joined(place: Row, other: Row, threshold: float) -> str:
    """How the one that came later joined the story of the two."""
    later = max(
        place, other, key=lambda one: (one["matched_id"] is not None, one["ingest_date"], one["article_id"])
    )
    score = later["story_score"]
    if score is None:
        return "The later one is in this story with the text that it is a copy of."
    reached = f"the threshold is {threshold:.3f}" if score >= threshold else f"{below(score, threshold)}"
    return f"The later one joined the story with a score of {score:.3f}; {reached}."


def below(score: float, threshold: float) -> str:
    """Why a report is in a story although its score is below the threshold (docs/stories.md, how a story is joined)."""
    from pipeline.stories.join import LEAST  # brings the compiled loops

    if score < LEAST * threshold:
        return f"that is below the threshold of {threshold:.3f}, and nearer articles of the story connect the two"
    return (
        f"that is below the threshold of {threshold:.3f}: it joined since no other story was nearly as near, or by way of nearer "
        "articles of the story"
    )
