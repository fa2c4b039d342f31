"""The command line: `newsfold`, or `python -m pipeline`. This module names the commands and turns errors into exit codes."""

import importlib.metadata
import io
import logging
import os
import sys
from typing import Annotated

import typer

from pipeline.app import (
    change_commands,
    harvest_commands,
    keep_commands,
    look_commands,
    mcp_commands,
    page_commands,
    remove_commands,
    run_commands,
    search_commands,
    serve_commands,
    verify_commands,
)
from pipeline.model.errors import HeldError, NewsfoldError, SettingsError
from pipeline.newsfold_read.errors import CursorError

app = typer.Typer(
    name="newsfold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Turn raw news pages into deduplicated stories, in Parquet.

newsfold reads the raw documents of a day (`LANDING/day=YYYY-MM-DD/…`) and publishes the day's tables in a warehouse: articles,
rejects, links, memberships, revisions, flows, additions, stories, runs. Running a day again gives the same bytes.

Give a setting (landing, warehouse, engine, workers, extractor, thresholds, …) on the command line, as `NEWSFOLD_…` in the environment,
or in `newsfold.toml`; the command line wins. There is no default warehouse. A warehouse remembers its landing zone.

    newsfold demo                          five sample articles, in the folder demo/
    newsfold init                          begin in this folder: newsfold.toml, a landing zone
    newsfold sources find https://www.example.org   feeds of an outlet, for sources.toml
    newsfold harvest --sources sources.toml --landing landing --warehouse warehouse   fetch what is new
    newsfold run --landing landing --warehouse warehouse --day 2026-03-05
    newsfold repair --warehouse warehouse  run what is missing or stale
    newsfold stories --warehouse warehouse
    newsfold flows --warehouse warehouse   who took texts from whom
    newsfold show 20260305a1b2 --warehouse warehouse
    newsfold explain 20260305a1b2 --warehouse warehouse
    newsfold rejects --warehouse warehouse what gave no article, and why
    newsfold search ferry --warehouse warehouse
    newsfold changes --warehouse warehouse what changed, for whoever keeps a copy of the tables
    newsfold serve --warehouse warehouse   look at it in a browser
    newsfold page --day 2026-03-05 --out day.html --warehouse warehouse   the day as one file
    newsfold remove --help                 take an article, an address, an outlet or a day out for good

Exit codes: 0 done, 1 failed (or nobody reads the output any more, as with `| head`), 2 wrong usage, 3 there are days to run (status,
repair --dry-run) or the newest is too old (status --max-age), 4 held back until you decide, 5 verify found a file that is not whole or a row that breaks the contract, 6 the feed of changes does not go back so far, 130 interrupted. With `--json`, every command prints JSON lines: one value a line, none
for an empty answer.
""",
)

for command in (
    keep_commands.init,
    harvest_commands.harvest,
    run_commands.run,
    run_commands.demo,
    run_commands.status,
    run_commands.repair,
    verify_commands.verify,
    look_commands.stories,
    look_commands.flows,
    look_commands.show,
    look_commands.explain,
    look_commands.rejects,
    look_commands.diff,
    look_commands.schema,
    look_commands.views,
    look_commands.recall,
    change_commands.changes,
    search_commands.search,
    search_commands.index,
    serve_commands.serve,
    mcp_commands.mcp,
    page_commands.page,
    remove_commands.remove,
    keep_commands.gc,
    keep_commands.retire,
    keep_commands.export_iceberg,
    keep_commands.warm,
):
    app.command()(command)
app.add_typer(harvest_commands.sources_app, name="sources")


def _print_version(asked: bool) -> None:
    if asked:
        print(f"newsfold {importlib.metadata.version('newsfold')}")  # noqa: T201 - this is the command line
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    from pipeline import settings

    for line in settings.unknown_variables(os.environ):
        logging.getLogger("newsfold").warning(line)


def main() -> None:
    """Run the command line. Exits with 0 when done, 1 when it failed, 2 for wrong usage, 4 when somebody has to decide."""
    for stream in (sys.stdout, sys.stderr):  # one that can't show a character shows its number: \u201c
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    handler = logging.StreamHandler()
    handler.setFormatter(_NeutralFormatter("%(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    try:
        app()
    except SettingsError as error:
        _fail(error, 2)
    except HeldError as error:
        _fail(error, 4)
    except CursorError as error:
        _fail(error, 6)
    except NewsfoldError as error:
        _fail(error, 1)
    except OSError as error:  # outside newsfold: a folder that may not be read, a full disk
        _fail(f"{error.filename or 'newsfold'}: {error.strerror or error}", 1)


class _NeutralFormatter(logging.Formatter):
    """For the lines of the log: they name files."""

    def format(self, record: logging.LogRecord) -> str:
        from pipeline.app import terminal

        return terminal.neutral(super().format(record))


def _fail(message: object, status: int) -> None:
    from pipeline.app import terminal

    print(terminal.neutral(f"newsfold: {message}"), file=sys.stderr)  # noqa: T201 - this is the command line
    sys.exit(status)
