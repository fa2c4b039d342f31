"""The landing zone that a warehouse is made from: the warehouse remembers its first one, and refuses any other.

A note (`store.notes`) names it as an absolute URI. It is no input of any day: no digest, no manifest and no published byte
depends on it. Without it, a run with a mistyped landing zone would replace days by whatever lies elsewhere.
"""

import shlex
from collections.abc import Sequence

from pipeline.day.desk import PROGRAM
from pipeline.model.days import days_among
from pipeline.model.errors import MissingInputError, OvertakenError, SettingsError
from pipeline.settings import Settings
from pipeline.store import layout, notes, uris
from pipeline.store.local import LocalStorage
from pipeline.store.storage import ABSENT, Storage
from pipeline.store.uris import open_storage

_ONCE = 'or say it once: {0} = "URI" in newsfold.toml, or NEWSFOLD_{1} in the environment'
_NEW = "; a warehouse that is new needs --landing URI too"


def resolve(chosen: Settings, typed: Sequence[str] = (), *, moved: bool = False) -> Settings:
    """The settings with both places: a landing zone that is not given is the one that the warehouse remembers.

    `typed` is the command as it was started, so that an error can say what to type instead. With `moved`, the
    landing zone may be another one. Nothing is written. Raises SettingsError where a place is missing, where one lies in the
    other, and where the warehouse is made from another landing zone.
    """
    if not chosen.warehouse:
        raise _nowhere(typed or [*PROGRAM, "repair"], _NEW)
    warehouse = open_storage(chosen.warehouse)
    typed = typed or _repair(warehouse)
    if moved and not chosen.landing:
        raise SettingsError(_lines("--landing-moved: say where to", (*typed, "--landing", "URI")))
    known = None if moved else _known(warehouse)
    if known == "":
        raise _damaged(warehouse, typed)
    if not chosen.landing and known is None:
        raise _unknown(warehouse, typed)
    found = chosen.landing or uris.parse(known or "")
    _refuse_nested(found, chosen.warehouse)
    if known and not uris.are_same(known, uris.absolute(found)):
        raise _other(warehouse, known, found, typed)
    return chosen.model_copy(update={"landing": found})


def open_warehouse(chosen: Settings, typed: Sequence[str]) -> Storage:
    """The storage of the warehouse that the settings name; raises SettingsError if they name none: there is no default."""
    if not chosen.warehouse:
        raise _nowhere(typed)
    return open_storage(chosen.warehouse, chosen.lease_seconds)


def claim(warehouse: Storage, landing: Storage, *, moved: bool = False) -> None:
    """Note which landing zone a warehouse is made from, if that is not known; with `moved`, also where it was another.

    If two runs write the first note, one wins and the other compares. A landing zone that is not there is not noted.
    Raises SettingsError if the warehouse is made from another one, or if the place is no place for a warehouse.
    """
    here, known = uris.absolute(landing.uri), _known(warehouse)
    if known and uris.are_same(known, here):
        return
    if known is not None and not moved:
        typed = _repair(warehouse)
        raise _other(warehouse, known, landing.uri, typed) if known else _damaged(warehouse, typed)
    if moved and known is not None and next(iter(landing.walk("")), None) is None:
        raise MissingInputError(f"{landing.uri}: it is empty, so nothing has moved there")
    if not _is_there(landing):
        if moved:
            raise MissingInputError(f"{landing.uri}: it is empty, so nothing has moved there")
        return
    _refuse_landing_zone(warehouse)
    version = ABSENT if known is None else warehouse.version(layout.LANDING)
    try:
        notes.note_landing(warehouse, here, version)
    except OvertakenError:
        claim(warehouse, landing)


def refuse_absent(warehouse: Storage, program: Sequence[str] = PROGRAM) -> None:
    """Raise MissingInputError where there is no warehouse: a mistyped path must not look like one without news.

    Raises SettingsError where a landing zone stands in its place.
    """
    if not warehouse.folders(""):
        first = (*program, "run", "--landing", "URI", "--warehouse", warehouse.uri)
        raise MissingInputError(
            _lines(f"{warehouse.uri}: no warehouse there; give --warehouse. A first run makes one", first)
        )
    _refuse_landing_zone(warehouse)


def _known(warehouse: Storage) -> str | None:
    """The URI that the warehouse remembers; None without a note, and an empty one where the note is damaged."""
    found = notes.landing(warehouse)
    try:
        if found:
            uris.parse(found)
    except ValueError:
        return ""
    return found


def _is_there(landing: Storage) -> bool:
    if isinstance(landing, LocalStorage):
        return landing.root.is_dir()
    return next(iter(landing.walk("")), None) is not None


def _refuse_nested(landing: str, warehouse: str) -> None:
    source, target = uris.absolute(landing), uris.absolute(warehouse)
    if uris.are_same(source, target):
        raise SettingsError(f"landing and warehouse are one place, {warehouse}: give each its own")
    if uris.is_within(source, target) or uris.is_within(target, source):
        raise SettingsError(
            f"landing {landing} and warehouse {warehouse} lie one inside the other: put them side by side"
        )


def _refuse_landing_zone(warehouse: Storage) -> None:
    """Raise SettingsError where raw documents stand in the place of a warehouse."""
    is_file = isinstance(warehouse, LocalStorage) and not warehouse.root.is_dir()
    if not is_file and days_among(warehouse.folders("")):
        raise SettingsError(
            f"{warehouse.uri} has folders day=YYYY-MM-DD, so it is a landing zone and no warehouse: "
            "are --landing and --warehouse the wrong way round?"
        )


def _other(warehouse: Storage, known: str, found: str, typed: Sequence[str]) -> SettingsError:
    own, other = uris.parse(known), uris.parse(uris.absolute(found))
    return SettingsError(
        _lines(
            f"{warehouse.uri} is made from {own}, not from {other}: nothing was done. To go on from its own",
            _given(typed, "--landing", own),
            f"or, if its documents have moved to {other}",
            _given(typed, "--landing", other, "--landing-moved"),
        )
    )


def _nowhere(typed: Sequence[str], more: str = "") -> SettingsError:
    said = "warehouse: not given, and there is no default. Type"
    once = _ONCE.format("warehouse", "WAREHOUSE")
    return SettingsError(_lines(said, (*typed, "--warehouse", "URI"), once + more))


def _unknown(warehouse: Storage, typed: Sequence[str]) -> SettingsError:
    said = f"landing: not given, and {warehouse.uri} does not remember one. Type"
    return SettingsError(_lines(said, (*typed, "--landing", "URI"), _ONCE.format("landing", "LANDING")))


def _damaged(warehouse: Storage, typed: Sequence[str]) -> SettingsError:
    said = f"{warehouse.uri}/{layout.LANDING} can't be read, so say where its raw documents are"
    return SettingsError(_lines(said, _given(typed, "--landing", "URI", "--landing-moved")))


def _repair(warehouse: Storage) -> list[str]:
    """What is typed about a warehouse where nothing was typed: under a scheduler."""
    return [*PROGRAM, "repair", "--warehouse", warehouse.uri]


def _given(typed: Sequence[str], *options: str) -> list[str]:
    """The command with these options in the place of any landing zone that it has."""
    kept: list[str] = []
    for word in typed:
        if kept and kept[-1] == "--landing":
            kept.pop()
        elif word != "--landing-moved" and not word.startswith("--landing="):
            kept.append(word)
    return [*kept, *options]


def _lines(*parts: str | Sequence[str]) -> str:
    """Sentences with the commands that follow them, each on a line of its own."""
    lines = [part if isinstance(part, str) else f"    {shlex.join(part)}" for part in parts]
    follows = [*(not isinstance(part, str) for part in parts[1:]), False]
    return "\n".join(f"{line}:" if is_led else line for line, is_led in zip(lines, follows, strict=True))
