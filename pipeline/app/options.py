"""The options that commands share, each declared once: its name, its type and its line of help."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

Landing = Annotated[
    str | None,
    typer.Option(
        metavar="URI",
        help="The landing zone: where raw documents are delivered.  [default: the one that the warehouse remembers]",
        show_default=False,
    ),
]
LandingMoved = Annotated[
    bool,
    typer.Option(
        "--landing-moved", help="The raw documents have moved to --landing: remember the new place."
    ),
]
Warehouse = Annotated[
    str | None,
    typer.Option("--warehouse", metavar="URI", help="Where the tables are. There is no default."),
]


def _day_of(written: str) -> date:
    if written == "today":
        from pipeline.app.request import today

        return today()
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise typer.BadParameter(f"{written!r} is no day of the calendar: write it like 2026-03-05") from None


day: dict[str, Any] = {"parser": _day_of, "metavar": "YYYY-MM-DD"}
Days = Annotated[list[date] | None, typer.Option("--day", help="One day; may be repeated.", **day)]
SoFar = Annotated[
    bool,
    typer.Option(
        "--so-far",
        help="More documents of the day are to come: publish it as not complete. By default, today.",
    ),
]
OneDay = Annotated[date, typer.Option("--day", help="The day.", **day)]
First = Annotated[date | None, typer.Option("--from", help="The first day of a range.", **day)]
Last = Annotated[date | None, typer.Option("--to", help="The last day of a range.", **day)]

Workers = Annotated[
    int | None,
    typer.Option(help="How many workers run in parallel.  [default: one per processor]", show_default=False),
]
EngineName = Annotated[
    str | None,
    typer.Option(
        "--engine", help="What runs the stages: embedded or spark.  [default: embedded]", show_default=False
    ),
]
Master = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The Spark master: local[N], spark://…, yarn, k8s://…, sc://….",
        show_default=False,
    ),
]
Extractor = Annotated[
    str | None,
    typer.Option(
        help="How article text is found: trafilatura (more accurate) or resiliparse (1.5 times faster).",
        show_default=False,
    ),
]

Languages = Annotated[
    bool | None,
    typer.Option(
        "--languages",
        help="Join stories across languages, by the headlines: needs the extra languages.",
        show_default=False,
    ),
]

Columns = Annotated[
    str | None,
    typer.Option(
        metavar="NAME=FIELD,…",
        help="What the fields of JSON lines and Parquet are called, besides the names that crawlers write: "
        "name=field, or a profile (see docs/landing.md).",
        show_default=False,
    ),
]

AllowEmpty = Annotated[
    bool,
    typer.Option(
        "--empty",
        help="Also publish empty days: those whose raw documents are all gone, and those that nobody delivered.",
    ),
]
AllowGone = Annotated[
    bool, typer.Option("--empty", help="Also empty the days whose raw documents are all gone.")
]
AllowHeld = Annotated[
    bool,
    typer.Option(
        "--held", help="Also publish days that were held back, if running them gives what was held back."
    ),
]
AllowMost = Annotated[
    bool, typer.Option("--most", help="Go on even if more than a fifth of the days would lose their texts.")
]
KeepDays = Annotated[
    int | None,
    typer.Option(
        help="How many of the newest days with documents keep their texts; at least three windows.",
        show_default=False,
    ),
]
OlderThanHours = Annotated[
    float, typer.Option(min=0, help="Keep younger files: a run may still be writing them.")
]
PlanOnly = Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")]
Forecast = Annotated[
    bool,
    typer.Option("--dry-run", help="Say what would be read and replaced, and what it costs; change nothing."),
]
ListOnly = Annotated[bool, typer.Option("--dry-run", help="Print what would be removed and change nothing.")]

Since = Annotated[
    int, typer.Option(min=0, metavar="N", help="The last publication that you know; 0 for none.")
]

OutFile = Annotated[
    str, typer.Option("--out", metavar="FILE", help="The file to write; - for standard output.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]

Limit = Annotated[int, typer.Option(min=1, max=100_000, help="How many stories to show.")]
FlowLimit = Annotated[int, typer.Option("--limit", min=1, help="How many sources and texts to show.")]
RejectLimit = Annotated[
    int, typer.Option("--limit", min=0, help="How many documents to show of each reason.")
]
Reason = Annotated[
    str | None, typer.Option(metavar="REASON", help="One reason, for example no_text.", show_default=False)
]
Edges = Annotated[bool, typer.Option("--edges", help="Print the edges of the network as CSV.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON lines instead of tables.")]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Show all counts of each day, its time by stage and its memory."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]

ArticleId = Annotated[str, typer.Argument(help="An article_id, or at least its first 9 digits.")]
OtherId = Annotated[str | None, typer.Argument(help="Another article: say why the two are together, or not.")]
AnyId = Annotated[
    str,
    typer.Argument(metavar="STORY|ARTICLE", help="A story_id or article_id, or at least its first 9 digits."),
]
AsArticle = Annotated[bool, typer.Option("--article", help="Show the article, not the story of that id.")]
ArticleIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ARTICLE]…", help="Article ids, or at least their first 9 digits.", show_default=False
    ),
]
Addresses = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        metavar="URL",
        help="Whatever stands at this address; may be repeated.",
        show_default=False,
    ),
]
OutletNames = Annotated[
    list[str] | None,
    typer.Option(
        "--outlet",
        metavar="DOMAIN|NAME",
        help="Whatever this outlet publishes; may be repeated.",
        show_default=False,
    ),
]
AlsoCopies = Annotated[
    bool, typer.Option("--copies", help="Also remove the copies and later versions that are named.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it.")]
TakeBack = Annotated[bool, typer.Option("--undo", help="Take a removal back.")]
ListRemovals = Annotated[bool, typer.Option("--list", help="List what was removed.")]
OneWarehouse = Annotated[str, typer.Argument(metavar="A", help="A warehouse.")]
OtherWarehouse = Annotated[
    str, typer.Argument(metavar="B", help="Another one, made from the same documents.")
]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to start.", show_default="this folder")]
AgainstContract = Annotated[
    bool,
    typer.Option("--contract", help="Check rows against the contract, not files against what was written."),
]
MaxAge = Annotated[
    str | None,
    typer.Option(
        "--max-age",
        metavar="AGE",
        help="Judge by the newest published day alone: how long ago it may have ended, for example 26h, 90m or 2d.",
        show_default=False,
    ),
]


class AgeForm(StrEnum):
    """How `status --max-age` answers."""

    TEXT = "text"
    PROMETHEUS = "prometheus"


StatusFormat = Annotated[
    AgeForm, typer.Option("--format", help="With --max-age: words, or Prometheus' text format.")
]


class Form(StrEnum):
    """What `newsfold schema` writes."""

    MARKDOWN = "markdown"
    JSON = "json"
    ODCS = "odcs"
    DDL = "ddl"
    DBT = "dbt"


Format = Annotated[Form, typer.Option("--format", help="What to write.")]
TableName = Annotated[
    str | None, typer.Argument(help="One table.  [default: all published tables]", show_default=False)
]
