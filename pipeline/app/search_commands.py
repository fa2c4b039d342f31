"""Commands of full-text search: find stories by words, and build what makes that fast."""

import sys
from datetime import date
from typing import Annotated

import typer

from pipeline.app import options
from pipeline.model.errors import SettingsError

Words = Annotated[
    list[str],
    typer.Argument(metavar="WORDS…", help='Words that must all occur, or "a phrase" in quotation marks.'),
]
Outlet = Annotated[
    str | None,
    typer.Option(metavar="NAME|DOMAIN", help="Only articles of this outlet.", show_default=False),
]
Language = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Only articles in this language: en, de, …", show_default=False),
]
Since = Annotated[date | None, typer.Option("--from", help="Only articles from this day on.", **options.day)]
Until = Annotated[date | None, typer.Option("--to", help="Only articles up to this day.", **options.day)]
OneDay = Annotated[date | None, typer.Option("--day", help="Only articles of this day.", **options.day)]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Build also the indexes that fit.")]


def index(
    warehouse: options.Warehouse = None,
    days: options.Days = None,
    rebuild: Rebuild = False,
    as_json: options.Json = False,
) -> None:
    """Build the search index of each published day that has none that fits; `newsfold search` and the explorer read it.

    For example:

        newsfold index --warehouse warehouse

    It stands beside the state, never in the published tables, and may be removed at any time. Without it, a search reads the texts.
    """
    from pipeline import settings
    from pipeline.app import listings, request, terminal
    from pipeline.model.tables import ARTICLES
    from pipeline.search import build

    store = request.warehouse(settings.load(warehouse=warehouse))
    asked = request.days_of(days, None, None)
    request.refuse_unpublished(asked, store.days(ARTICLES), store.storage.uri)
    found = list(build.build(store, asked or None, rebuild=rebuild))
    terminal.answer([one.as_dict() for one in found], as_json, lambda: listings.indexed(found))


def search(
    words: Words,
    warehouse: options.Warehouse = None,
    day: OneDay = None,
    first: Since = None,
    last: Until = None,
    outlet: Outlet = None,
    language: Language = None,
    limit: options.Limit = 10,
    as_json: options.Json = False,
) -> None:
    """Find stories by words of their articles: the best first, each with its best article and a part of it that has the words.

    For example:

        newsfold search ferry '"ran aground"' --warehouse warehouse

    All words must occur, in any case and order; what stands in quotation marks stands in the text as it is written. Scripts without spaces
    are found by any part: 東京 finds 東京都. `newsfold index` makes it fast.
    """
    from pipeline import settings
    from pipeline.app import listings, request, terminal
    from pipeline.explorer import stories
    from pipeline.explorer.snapshot import Library
    from pipeline.explorer.stories import Wanted
    from pipeline.model.tables import MEMBERSHIPS
    from pipeline.search.query import parse

    if day and (first or last):
        raise SettingsError("give --day, or --from and --to, not both")
    if not parse(" ".join(words)).phrases:
        raise SettingsError("no word to look for: signs and pictures only part words")
    store = request.warehouse(settings.load(warehouse=warehouse))
    request.refuse_unpublished([day] if day else [], store.days(MEMBERSHIPS), store.storage.uri)
    wanted = Wanted(day or first, day or last, language, outlet, words=" ".join(words))
    found = Library(store).answer(lambda snapshot: stories.found_by_words(snapshot, wanted, limit))
    if found.searched.scanned:
        n = len(found.searched.scanned)
        print(  # noqa: T201 - this is the command line
            f"read the texts of {n} {'day' if n == 1 else 'days'} without a search index; newsfold index builds it",
            file=sys.stderr,
        )
    rows = [one.model_dump(mode="json") for one in found.items]
    told = [{"publication": found.publication, **row} for row in rows]
    terminal.answer(told, as_json, lambda: listings.hits(rows, found.total))
