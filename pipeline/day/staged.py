"""A day that was made but not published, stored where another process can pick it up.

Everything stands in staging (`store.layout`) under a key; the key is a digest of what the day was made from, so that a
retry puts the same bytes in the same place.
"""

import json
from datetime import date
from functools import partial

from pipeline.day import inputs
from pipeline.day.result import Day
from pipeline.day.reuse import MADE_FROM
from pipeline.engines.faults import Fault
from pipeline.model.errors import MissingInputError
from pipeline.model.internal_tables import BY_NAME
from pipeline.store import layout, parquet
from pipeline.store.storage import Storage, filler

_MADE_FROM = (
    "inputs",
    "recipe",
    "expected",
    "fingerprints",
    "capped",
    "caps",
    "removals",
    "so_far",
)  # what a day says about that, in the order of Day


def put_down(storage: Storage, made: Day) -> str:
    """Stage a day; returns the key under which `pick_up` finds it."""
    prints = {f"{MADE_FROM}/{name}": digest for name, digest in made.fingerprints.items()}
    said = prints | {"so_far": str(made.so_far)}
    key = f"{made.day}-{inputs.of_mapping(made.inputs | made.recipe | made.expected | said)[:16]}"
    tables = made.tables.by_name()
    for name, table in tables.items():
        storage.replace(f"{_folder(key)}/{name}.parquet", partial(parquet.write, BY_NAME[name], table))
    rest = {
        "day": str(made.day),
        "listing": made.listing,
        **{name: getattr(made, name) for name in _MADE_FROM},
        "faults": sorted(made.faults, key=str),
        "tables": sorted(tables),
    }
    data = json.dumps(rest).encode()
    storage.replace(f"{_folder(key)}/day.json", filler(data))
    return key


def pick_up(storage: Storage, key: str) -> Day:
    """The staged day; raises MissingInputError when it is not there (any more), or cannot be understood."""
    try:
        rest = json.loads(storage.read(f"{_folder(key)}/day.json"))
        made = Day(date.fromisoformat(rest["day"]), rest["listing"], *(rest[name] for name in _MADE_FROM))
        made.faults = {Fault(*values) for values in rest["faults"]}
        for name in rest["tables"]:
            with storage.open(f"{_folder(key)}/{name}.parquet") as handle:
                setattr(made.tables, name, BY_NAME[name].arrange(parquet.read(handle)))
    except (FileNotFoundError, KeyError) as error:  # or another newsfold wrote it, with other fields
        raise MissingInputError(f"{storage.uri}: no staged day {key}; run its cluster step again") from error
    return made


def clear(storage: Storage, key: str) -> None:
    """Remove a staged day."""
    for entry in storage.walk(_folder(key)):
        storage.delete(entry.path)


def _folder(key: str) -> str:
    return layout.staged(key)
