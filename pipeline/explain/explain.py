"""Explain why an article is in its story and copy group: its link, its scores, what its text shares with another and what not.

Everything comes from the published tables. A pair that no run compared is compared now, by the same rules, and marked so.
"""

from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.copies.verdict import verify
from pipeline.day import stories
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.explain.explain_page import of_one_page
from pipeline.explain.sentences import SAYS
from pipeline.model.contract import Contract, Row
from pipeline.model.days import window
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import asked_day, begins, day_of
from pipeline.model.internal_tables import COMPARED, TERMS
from pipeline.model.kinds import Kind
from pipeline.model.tables import ARTICLES, FLOWS, LINKS, MEMBERSHIPS
from pipeline.settings import Settings
from pipeline.store import notes
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse
from pipeline.stories import assign, terms
from pipeline.stories.field import LEAST_SHARED

_PASSAGE_WORDS = 5  # shorter runs of shared words are accidental
_PASSAGES = 5  # how many of each kind are shown, the longest first
_ABOUT = (
    "article_id",
    "title",
    "outlet",
    "outlet_id",
    "agency",
    "url",
    "source_url",
    "published_at",
    "published_precision",
    "language",
    "word_count",
    "extractor",
    "raw_ref",
)


def explain(
    warehouse: Warehouse, settings: Settings, article: str, other: str | None = None
) -> dict[str, Any]:
    """The explanation, by section. Ids can be given by their first digits.

    Raises SettingsError for a malformed id, MissingInputError when no article or more than one has it.
    """
    mine = find_article(warehouse, article)
    place = _row(warehouse, MEMBERSHIPS, mine["article_id"])
    theirs = find_article(warehouse, other or place["matched_id"]) if other or place["matched_id"] else None
    found: dict[str, Any] = {
        "article": _about(mine),
        "place": _place(place),
        "taken_out": mine["furniture_removed"],
    }
    if flow := _flow(warehouse, settings, mine["article_id"]):
        found["taken_from"] = flow
    if theirs:
        found |= _compared(warehouse, settings, mine, theirs) | of_one_page(mine, theirs)
    if theirs and other:
        found["story"] = _of_two(warehouse, settings, mine, theirs)
    else:
        found |= _joining(warehouse, settings, mine, place)
        found["compared_with"] = _links(warehouse, mine["article_id"])
    return found


def find_article(warehouse: Warehouse, identifier: str) -> Row:
    """The row of ARTICLES with an id, or with its first digits; raises SettingsError and MissingInputError as `explain` does."""
    identifier = identifier.lower()
    day = asked_day(identifier)
    where = begins("article_id", identifier)
    rows = [row for t in warehouse.scan(ARTICLES, [day], where=where) for row in t.to_pylist()]
    if not rows:
        retired = notes.retired_before(warehouse)
        why = f": texts of days before {retired} were retired" if day < retired else ""
        raise MissingInputError(f"no article {identifier} on {day} in {warehouse.storage.uri}{why}")
    if len(rows) > 1:
        raise MissingInputError(f"{len(rows)} articles of {day} begin with {identifier}; give more digits")
    row: Row = rows[0]
    return row


def _row(warehouse: Warehouse, contract: Contract, article_id: str) -> Row:
    rows = warehouse.read(
        contract, day_of(article_id), where=pc.field("article_id") == article_id
    ).to_pylist()
    if not rows:
        raise MissingInputError(f"no {contract.name} row for {article_id}; the day's run is incomplete")
    row: Row = rows[0]
    return row


def _about(article: Row) -> Row:
    return {name: article[name] for name in _ABOUT if article[name] is not None}


_FLOW = ("from_name", "from_kind", "from_article_id", "kind", "share", "lag_minutes", "confidence")


def _flow(warehouse: Warehouse, settings: Settings, article_id: str) -> Row:
    """From whom its outlet took its text, by the latest day that says so; empty where it took it from nobody."""
    first = day_of(article_id)
    days = [first + timedelta(n) for n in range(settings.window_days + 1)]
    wanted = pc.field("to_article_id") == article_id
    rows = [row for table in warehouse.scan(FLOWS, days, where=wanted) for row in table.to_pylist()]
    return {n: rows[-1][n] for n in _FLOW if rows[-1][n] is not None} if rows else {}


def _place(place: Row) -> Row:
    return {"why": SAYS[Kind(place["kind"])]} | {
        n: v for n, v in place.items() if v is not None and n != "article_id"
    }


def _compared(warehouse: Warehouse, settings: Settings, mine: Row, theirs: Row) -> dict[str, Any]:
    """The link between two articles, the passages that their texts share and those that only one has."""
    first, second = sorted((mine["article_id"], theirs["article_id"]))
    link = next((row for pair in ((second, first), (first, second)) for row in _link(warehouse, *pair)), None)
    shown = link or {"note": "no run compared the two: compared now"} | _compare_now(settings, mine, theirs)
    same = (
        _row(warehouse, MEMBERSHIPS, mine["article_id"]),
        _row(warehouse, MEMBERSHIPS, theirs["article_id"]),
    )
    return {
        "compared_to": _about(theirs),
        "together": {
            name.removesuffix("_id"): same[0][name] == same[1][name] for name in ("copy_id", "story_id")
        },
        "link": shown,
        **_passages(mine["text"], theirs["text"]),
    }


def _link(warehouse: Warehouse, article_id: str, other_id: str) -> list[Row]:
    where = (pc.field("article_id") == article_id) & (pc.field("other_id") == other_id)
    return [row for t in warehouse.scan(LINKS, [day_of(article_id)], where=where) for row in t.to_pylist()]


def _compare_now(settings: Settings, mine: Row, theirs: Row) -> Row:
    later, earlier = sorted((mine, theirs), key=lambda row: row["article_id"], reverse=True)
    row = {name: later[name] for name in COMPARED.names if name in later}
    row |= {
        name: earlier[name.removeprefix("other_")]
        for name in COMPARED.names
        if name.startswith("other_") and name != "other_id"
    }
    pair = COMPARED.table([row | {"other_id": earlier["article_id"]}])
    link: Row = verify(pair, near_threshold=settings.copy_threshold).to_pylist()[0]
    return link


def _passages(mine: str, theirs: str) -> dict[str, list[str]]:
    """The runs of words that both texts have and those that only one has, the longest first."""
    words, others = mine.split(), theirs.split()
    matcher = SequenceMatcher(
        None, [w.casefold() for w in words], [w.casefold() for w in others], autojunk=False
    )
    blocks = [b for b in matcher.get_matching_blocks() if b.size >= _PASSAGE_WORDS]
    shared = [words[b.a : b.a + b.size] for b in blocks]
    return {
        "shared_passages": _longest(shared),
        "only_in_article": _longest(_between(words, [(b.a, b.size) for b in blocks])),
        "only_in_other": _longest(_between(others, [(b.b, b.size) for b in blocks])),
    }


def _between(words: list[str], blocks: list[tuple[int, int]]) -> list[list[str]]:
    gaps, at = [], 0
    for start, size in [*blocks, (len(words), 0)]:
        gaps.append(words[at:start])
        at = start + size
    return [gap for gap in gaps if gap]


def _longest(passages: list[list[str]]) -> list[str]:
    chosen = sorted(passages, key=lambda p: -len(p))[:_PASSAGES]
    return [f"{len(p)} words: {' '.join(p[:40])}{' …' * (len(p) > 40)}" for p in chosen]


def _joining(warehouse: Warehouse, settings: Settings, mine: Row, place: Row) -> dict[str, Any]:
    """Why the article's copy group is in its story and not in the next-best one."""
    if place["copy_id"] != place["article_id"]:
        return {
            "story": {
                "note": "a copy is in the story of its origin: explain that one",
                "copy_id": place["copy_id"],
            }
        }
    weighed, places = _window(warehouse, settings, mine["article_id"])
    if not _has_terms(weighed, mine["article_id"]):
        return {"story": {"note": _NO_TERMS}}
    names = terms.name_terms(mine["title"], mine["text"], mine["language"])
    told = assign.explain_story(mine["article_id"], weighed, places, names, window_days=settings.window_days)
    if other := told["next_best"]:
        told["next_best"] = {"why_not": _why_not(told, settings.least_story_score)} | _without_verdict(other)
    if not told["n_compared"]:
        told["note"] = "its story has no other article in its window and day"
    return {"story": _without_verdict(told) | {"threshold": settings.least_story_score}}


_NO_TERMS = "its terms could not be computed: see stage_faults in the table runs"


def _window(warehouse: Warehouse, settings: Settings, article_id: str) -> tuple[pa.Table, pa.Table]:
    """TERMS and MEMBERSHIPS of the days that an article was compared with, and of its own."""
    day = day_of(article_id)
    days = [*window(day, settings.window_days), day]
    view = View(warehouse, [(c, d) for c in (ARTICLES, MEMBERSHIPS) for d in days])
    weighed = pa.concat_tables(
        [TERMS.empty(), *stories.window_terms(view, EmbeddedEngine(1), days, languages=settings.languages)]
    )
    return weighed, pa.concat_tables([MEMBERSHIPS.empty(), *warehouse.scan(MEMBERSHIPS, days)])


def _has_terms(weighed: pa.Table, article_id: str) -> bool:
    return article_id in weighed["article_id"].to_pylist()


def _of_two(warehouse: Warehouse, settings: Settings, mine: Row, theirs: Row) -> Row:
    """Why two articles are in one story, or in two: the texts of their copy groups as the later one met the other."""
    placed = [_row(warehouse, MEMBERSHIPS, row["article_id"]) for row in (mine, theirs)]
    first, last = sorted(place["copy_id"] for place in placed)
    if first == last:
        return {"why": "one text, and so one story: both are of one copy group", "copy_id": first}
    weighed, places = _window(warehouse, settings, last)
    if not _has_terms(weighed, last):
        return {"note": f"{last}: {_NO_TERMS}"}
    text = mine if mine["article_id"] == last else find_article(warehouse, last)
    names = terms.name_terms(text["title"], text["text"], text["language"])
    days = settings.window_days
    pair, whole = assign.explain_pair(last, first, weighed, places, names, window_days=days)
    own = assign.explain_story(last, weighed, places, names, window_days=days)
    is_one = placed[0]["story_id"] == placed[1]["story_id"]
    why = _why_one(whole, settings) if is_one else _why_two(own, whole, settings)
    return {
        "why": why,
        "threshold": settings.least_story_score,
        "later": last,
        "earlier": first,
        "between_the_two": _without_verdict(pair),
        "later_and_the_story_of_the_earlier": _without_verdict(whole),
        "later_and_its_own_story": None if is_one else _without_verdict(own | {"next_best": None}),
    }


def _why_one(whole: Row, settings: Settings) -> str:
    if not whole["n_compared"]:
        return "one story: other articles of it, nearer in time, connect the two"
    if whole["score"] >= settings.least_story_score:
        return "one story: the later one's similarity to the story's other articles reaches the threshold"
    return "one story: the later one was more similar to it when it was placed, or to no other story nearly as much"


def _why_two(own: Row, whole: Row, settings: Settings) -> str:
    if not whole["n_compared"]:
        return f"two stories: they are more than {settings.window_days} days apart, and were never compared"
    return "two stories: " + _why_not(own | {"next_best": whole}, settings.least_story_score)


def _without_verdict(similarity: Row) -> Row:
    return {name: value for name, value in similarity.items() if name not in _VERDICTS}


_VERDICTS = ("are_strangers", "are_translations")  # said in words


def _why_not(told: Row, threshold: float) -> str:
    """Why an article is not in the next-best story."""
    other = told["next_best"]
    if other["are_strangers"]:
        return "neither's texts have what the other's headlines name: the same form, but two events"
    if len(other["shared_terms"]) < LEAST_SHARED and not other["are_translations"]:
        return f"they share {len(other['shared_terms'])} terms that count, and {LEAST_SHARED} are needed"
    if other["score"] < threshold:
        return f"its score is below the threshold of {threshold}"
    if told["n_compared"] and told["score"] >= other["score"]:
        return "the article is more similar to its own story"
    return "it was less similar when the article was placed; stories grow, and articles are never moved"


def _links(warehouse: Warehouse, article_id: str) -> list[str]:
    """The pairs of the article that were compared on its day, accepted ones first; at most 20."""
    where = (pc.field("article_id") == article_id) | (pc.field("other_id") == article_id)
    rows = [row for t in warehouse.scan(LINKS, [day_of(article_id)], where=where) for row in t.to_pylist()]
    rows.sort(key=lambda r: (not r["accepted"], -r["jaccard"], r["other_id"], r["article_id"]))
    return [_line(row, article_id) for row in rows[:20]]


def _line(link: Row, article_id: str) -> str:
    partner = link["other_id"] if link["article_id"] == article_id else link["article_id"]
    verdict = link["kind"] if link["accepted"] else "refused"
    figures = f"jaccard {link['jaccard']:.3f}, containment {link['containment']:.3f} / {link['containment_other']:.3f}"
    return f"{partner} {verdict} ({link['reason']}): {figures}"
