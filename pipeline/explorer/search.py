"""Stories by words: which ones have them, each with its best article and the part of it that shows why."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Protocol

from pipeline.explorer.models import Hit, Searched, SnippetPart
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.tables import ARTICLES, STORIES
from pipeline.search.find import Found, Passing
from pipeline.search.hits import Best, Wanted
from pipeline.search.query import parse
from pipeline.search.snippet import snippet

_TOLD = ("title", "url", "published_at", "published_precision", "language")


class Words(Protocol):
    """What is looked for, in articles of these days, of an outlet, in a language."""

    @property
    def words(self) -> str: ...
    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...
    @property
    def outlet(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...


def find(snapshot: Snapshot, asked: Words, passing: Passing = nullcontext) -> Found:
    """The stories that have the words; texts are read behind `passing`. Raises SettingsError for a query that is too long."""
    days = [
        day
        for day in sorted({*snapshot.days(ARTICLES), *snapshot.days(STORIES)})
        if (asked.first is None or asked.first <= day) and (asked.last is None or day <= asked.last)
    ]
    wanted = Wanted(asked.outlet, asked.language)
    return snapshot.library.searcher.find(snapshot, days, parse(asked.words), wanted, passing)


def hits(snapshot: Snapshot, words: str, best: Sequence[Best]) -> dict[str, Hit]:
    """What is shown of stories that were found, by story_id."""
    query, found = parse(words), {}
    shown = snapshot.library.searcher.shown(snapshot, [one.article_id for one in best])
    for one in best:
        row = shown.get(one.article_id, {})
        parts = snippet(row.get("text") or "", query)
        found[one.story_id] = Hit(
            article_id=one.article_id,
            n_articles=one.n_articles,
            **{name: row.get(name) for name in _TOLD},
            outlet=row.get("outlet") or row.get("domain"),
            snippet=[SnippetPart(text=part.text, is_hit=part.is_hit) for part in parts],
        )
    return found


def told(found: Found) -> Searched:
    return Searched(n_articles=found.n_articles, is_wide=found.is_wide, scanned=list(found.scanned))
