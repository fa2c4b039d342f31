"""The jobs: what a day's run does, in the order in which it does it.

    documents_of  landing files ──▶ extracted                kept, so that nothing is parsed twice
    cluster_day   extracted + the window before ──▶ Day      every table of the day, nothing published yet
    publish_day   Day ──▶ warehouse                          articles first, then stories, the run last

`run_day` is all of it. A day is a function of its raw documents, the settings and the published
tables of the window before it; what it read is recorded with it.
"""

import logging
import shlex
from collections.abc import Callable
from datetime import date

from pipeline.clean.removed import is_day_removed
from pipeline.day import inputs, landing_zone
from pipeline.day.accounts import tell_faults
from pipeline.day.additions import detect_day
from pipeline.day.clean import clean_day, outlets_of
from pipeline.day.copies import pair_day, place_copies, sign_day
from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.extract import capped_among, caps_of_machine, documents_of
from pipeline.day.flows import follow_day
from pipeline.day.last_run import last_run
from pipeline.day.places import take_places
from pipeline.day.publish import conserve, publish_day
from pipeline.day.result import Day, RunReport
from pipeline.day.revisions import trace_day
from pipeline.day.stories import describe_members, place_stories
from pipeline.landing.files import list_files
from pipeline.model.errors import DamagedError, InputChangedError, MissingInputError
from pipeline.model.removal import digest_of
from pipeline.store import notes, removals
from pipeline.store.storage import Entry
from pipeline.store.view import View
from pipeline.stories import sentence_encoder

log = logging.getLogger(__name__)

_DAMAGED_TRIES = 100  # each finds one damaged file and takes it for missing; a window has about as many
_TRIES = 5  # of a run whose inputs are replaced while it reads them: another run publishes a day in a second or two


def run_day(
    desk: WorkDesk, day: date, gate: Callable[[Day], None] = lambda _made: None, *, so_far: bool = False
) -> RunReport:
    """Make one day from its raw documents and publish it. Running it again publishes the same bytes.

    With `so_far`, more documents of the day are to come: it is published as one that is not complete.

    A run whose inputs are replaced while it reads them begins again, a few times; so does one that finds a table damaged, which
    counts as missing from then on. What `gate` raises about the
    day that was made is raised before anything is published.
    """
    n_tries = 1
    while True:
        try:
            return _run_once(desk, day, gate, so_far)
        except (InputChangedError, DamagedError) as error:
            is_damage = isinstance(error, DamagedError) or isinstance(error.__cause__, DamagedError)
            if n_tries >= (_DAMAGED_TRIES if is_damage else _TRIES):
                raise
            log.warning("day=%s begins again: %s", day, error)
        n_tries += 1


def _run_once(desk: WorkDesk, day: date, gate: Callable[[Day], None], so_far: bool) -> RunReport:
    made = cluster_day(desk, day, so_far=so_far)
    gate(made)
    return publish_day(desk, made)


def cluster_day(desk: WorkDesk, day: date, *, so_far: bool = False) -> Day:
    """Extract and clean the day's documents, find copies and stories among them and in the window before; publish nothing."""
    made, files = _begin(desk, day)
    made.so_far = so_far
    made.removals = digest_of(
        removals.read(desk.warehouse.storage)
    )  # before: a later one is refused by `publish_day`
    with made.timed("extract"):
        made.extracted = documents_of(desk, day, files)
    names = made.extracted.names
    made.capped, made.caps = capped_among(names), caps_of_machine(desk.settings)
    view = _pin_inputs(desk, made)
    with made.timed("clean"):
        clean_day(desk, view, made)
    if not take_places(desk, view, made):
        _place_articles(desk, view, made)
    with made.timed("stories"):
        describe_members(desk, view, made)
    with made.timed("flows"):
        follow_day(desk, view, made)
    with made.timed("additions"):
        detect_day(desk, view, made)
    conserve(made, names.num_rows)
    tell_faults(made)
    return made


def _place_articles(desk: WorkDesk, view: View, made: Day) -> None:
    """Find revisions, copies and stories."""
    with made.timed("trace"):
        trace_day(desk, view, made)
    with made.timed("sign"):
        sign_day(desk, made)
    with made.timed("pair"):
        candidates = pair_day(desk, view, made)
    placed = place_copies(desk, view, made, candidates)
    with made.timed("stories"):
        place_stories(desk, view, made, placed)


def _begin(desk: WorkDesk, day: date) -> tuple[Day, list[Entry]]:
    """Note that a run of the day begins, unless it may not; returns the day without tables, and its landing files."""
    landing_zone.claim(desk.warehouse.storage, desk.landing)
    _refuse_closed(desk, day)
    refuse_removed(desk, day)
    outlets_of(desk.settings)  # what is wrong in the user's file is told before anything is read
    if desk.settings.languages:
        sentence_encoder.refuse_missing()
    files, expected = list_files(desk.landing, day), desk.warehouse.versions(inputs.OWN, day)
    notes.begin(desk.warehouse, day, delivered=bool(files))
    made = Day(day, inputs.of_listing(files), recipe=inputs.recipe(desk.settings), expected=expected)
    return made, files


def _pin_inputs(desk: WorkDesk, made: Day) -> View:
    """The window before the day as it stands now; its digests, and that of the day's documents, are the day's inputs."""
    view = inputs.view(desk.warehouse, desk.settings, made.day)
    made.inputs = {f"raw/{made.day}": inputs.of_documents(made.extracted.names)} | view.digests
    if gone := inputs.of_removed(made.extracted.names):
        made.inputs[inputs.removed_of(made.day)] = gone
    made.last = last_run(desk.warehouse, made)
    return view


def refuse_removed(desk: Desk, day: date) -> None:
    """Raise MissingInputError for a day that was removed."""
    if is_day_removed(removals.read(desk.warehouse.storage), day):
        back = shlex.join([*desk.program, "remove", "--undo", "--day", str(day)])
        raise MissingInputError(f"{desk.warehouse.storage.uri}: {day} was removed; to take that back: {back}")


def _refuse_closed(desk: Desk, day: date) -> None:
    retired = notes.retired_before(desk.warehouse)
    if day < inputs.closed_before(desk.settings, retired):
        raise MissingInputError(
            f"{desk.warehouse.storage.uri}: {day} can't be made again: it reads days whose texts were retired "
            f"(all before {retired})"
        )
