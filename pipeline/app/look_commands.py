"""Commands that only look: stories, articles, rejects, why an article is where it is, two warehouses, the tables, the recall of the copy search."""

from datetime import date
from typing import TYPE_CHECKING

from pipeline.app import options
from pipeline.model.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.model.contract import Contract
    from pipeline.store.warehouse import Warehouse


def stories(
    warehouse: options.Warehouse = None,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    limit: options.Limit = 20,
    as_json: options.Json = False,
) -> None:
    """List the largest stories, of all days or of those that began on a day or in a range.

    For example:

        newsfold stories --warehouse warehouse --day 2026-03-05

    A story begins on the day of its first article. The columns count its articles, copies, different texts and outlets.
    """
    from pipeline import read, settings
    from pipeline.app import request, terminal
    from pipeline.model.tables import STORIES

    store = request.warehouse(settings.load(warehouse=warehouse))
    found = read.largest_stories(store, _published(store, STORIES, days, first, last), limit)
    terminal.answer(found, as_json, lambda: terminal.stories(found))


def flows(
    warehouse: options.Warehouse = None,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    limit: options.FlowLimit = 10,
    edges: options.Edges = False,
    as_json: options.Json = False,
) -> None:
    """Show who took texts from whom: the largest sources, what was taken most, and how fast; of all days, a day or a range.

    For example:

        newsfold flows --warehouse warehouse --day 2026-03-05

    `--edges` prints the whole network as CSV, a row a pair of source and outlet, so `--edges > edges.csv` writes a file. Gephi, networkx, R and spreadsheets read it. "unclear" counts
    texts whose times tie or are not known: the direction is then the likelier one, no more.
    """
    from pipeline import read, settings
    from pipeline.app import request, terminal
    from pipeline.model.tables import FLOWS

    store = request.warehouse(settings.load(warehouse=warehouse))
    found = read.network_of(store, _published(store, FLOWS, days, first, last), limit)
    terminal.answer(found, as_json, lambda: (terminal.edges if edges else terminal.network)(found))


def explain(
    article: options.ArticleId,
    other: options.OtherId = None,
    warehouse: options.Warehouse = None,
    as_json: options.Json = False,
) -> None:
    """Say why an article is in its story and its copy group.

    For example:

        newsfold explain 20260305a1b2 --warehouse warehouse

    Shows the article that it matched, their scores, the passages that they share and those that differ, and the lines that cleaning removed.

    """
    from pipeline import settings
    from pipeline.app import request, terminal
    from pipeline.explain import explain as explaining

    chosen = settings.load(warehouse=warehouse)
    found = explaining.explain(request.warehouse(chosen), chosen, article, other)
    terminal.answer(found, as_json, lambda: terminal.explanation(found))


def show(
    identifier: options.AnyId,
    as_article: options.AsArticle = False,
    warehouse: options.Warehouse = None,
    as_json: options.Json = False,
) -> None:
    """Show a story with its articles and what each of them added, or an article with its text.

    For example:

        newsfold show 20260305a1b2 --warehouse warehouse

    A story has the id of its first article, and is shown first: `--article` shows that article. `newsfold stories` lists ids.
    """
    from pipeline import settings
    from pipeline.app import listings, request, terminal
    from pipeline.app import show as showing

    store = request.warehouse(settings.load(warehouse=warehouse))
    found = showing.show(store, identifier, as_article=as_article)
    terminal.answer(found, as_json, lambda: (listings.story if "story" in found else listings.article)(found))


def rejects(
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    moved: options.LandingMoved = False,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    reason: options.Reason = None,
    limit: options.RejectLimit = 3,
    as_json: options.Json = False,
) -> None:
    """Show which raw documents gave no article, by reason, with the first documents of each and what their bytes begin with.

    For example:

        newsfold rejects --warehouse warehouse --day 2026-03-05 --reason no_text

    The bytes come from the landing zone; of a document whose file is not there any more, the reason is all there is.
    """
    from pipeline.app import listings, request, terminal
    from pipeline.app import rejects as refused
    from pipeline.day import landing_zone
    from pipeline.model.tables import REJECTS

    desk = request.desk(moved=moved, landing=landing, warehouse=warehouse)
    landing_zone.refuse_absent(desk.warehouse.storage, desk.program)
    found = refused.rejects(desk, _published(desk.warehouse, REJECTS, days, first, last), reason, limit)
    terminal.answer(found, as_json, lambda: listings.rejects(found))


def diff(
    one: options.OneWarehouse,
    other: options.OtherWarehouse,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    as_json: options.Json = False,
) -> None:
    """Compare the stories of two warehouses: which split, which join, which articles moved.

    For example:

        newsfold diff warehouse trial --from 2026-03-01 --to 2026-03-07

    To see what another setting would change, run the same documents into a warehouse of its own first:
    `NEWSFOLD_STORY_THRESHOLD=0.3 newsfold run --landing landing --warehouse trial`. Stories are compared by their articles. A: the first warehouse, B: the second.
    """
    from pipeline import settings
    from pipeline.app import differ, listings, request, terminal
    from pipeline.model.tables import MEMBERSHIPS

    a, b = (request.warehouse(settings.load(warehouse=uri)) for uri in (one, other))
    known = {*a.days(MEMBERSHIPS), *b.days(MEMBERSHIPS)}
    found = list(differ.diff(a, b, request.days_within(known, days, first, last)))
    terminal.answer(found, as_json, lambda: listings.differences(found))


def schema(
    table: options.TableName = None,
    form: options.Format = options.Form.MARKDOWN,
    warehouse: options.Warehouse = None,
    as_json: options.Json = False,
) -> None:
    """Describe the tables: what one row is, and each column's type and meaning.

    For example:

        newsfold schema stories

    Without a table, it describes all published tables. For other programs, `--format` writes the whole contract: `odcs` (Open Data
    Contract Standard 3.1, YAML), `json` (one document; its schema is docs/contracts/schema-1.json), `ddl` (`CREATE TABLE` for PostgreSQL
    and DuckDB), `dbt` (a source file). `odcs` and `dbt` name the files of `--warehouse`.
    """
    from pipeline import settings
    from pipeline.app import dictionary, terminal

    if table and table not in dictionary.names():
        raise SettingsError(f"no table {table!r}; there are {', '.join(dictionary.names())}")
    if form is not options.Form.MARKDOWN:
        if table or as_json:
            raise SettingsError(
                f"--format {form} writes all published tables: give neither a table nor --json"
            )
        print(dictionary.written(form, settings.load(warehouse=warehouse).warehouse), end="")  # noqa: T201 - this is the command line
        return
    terminal.answer(
        dictionary.as_dicts(table), as_json, lambda: terminal.markdown(dictionary.as_markdown(table))
    )


def views(warehouse: options.Warehouse = None) -> None:
    """Print views of the tables, and of the usual questions, for DuckDB.

    For example:

        newsfold views --warehouse warehouse

    Write it to a file, then `.read views.sql` in DuckDB, and one line answers: which texts were copied by most outlets, who was first with each story, how a
    story grew hour by hour, all articles of an outlet with the canonical of their story, stories in a language about words.
    """
    from pipeline import settings
    from pipeline.app import request
    from pipeline.newsfold_read import sql

    store = request.warehouse(settings.load(warehouse=warehouse))
    print(sql(store.storage.uri), end="")  # noqa: T201 - this is the command line


def recall(as_json: options.Json = False) -> None:
    """Show how likely a copy of a given similarity is to be found, and the numbers of bands and rows behind it.

    For example:

        newsfold recall

    Similarity is the Jaccard index of the shingles of two texts. Excerpts are found by shared passages instead, whatever their similarity.
    """
    from pipeline.app import terminal
    from pipeline.copies import signatures

    steps = [n / 20 for n in range(1, 21)]
    found = {
        "made_with": signatures.described(),
        "recall": {n: round(signatures.recall(n), 4) for n in steps},
    }
    terminal.answer(found, as_json, lambda: terminal.recall(found))


def _published(
    store: "Warehouse",
    contract: "Contract",
    days: list[date] | None,
    first: date | None,
    last: date | None,
) -> list[date]:
    """The days of a table that were asked for; none when no day was. One that is named is there, and one of a range."""
    from pipeline.app import request

    known = store.days(contract)
    chosen = request.days_within(known, days, first, last)
    if known:  # else the answer says that there is no table at all
        request.refuse_unpublished(chosen, known, store.storage.uri)
    return chosen
