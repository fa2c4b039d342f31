"""What a day is made from, so that a later look can tell whether the same would come out again.

inputs        digests of the data that was read, by name: `articles/2026-03-04`, `raw/2026-03-05`
recipe        what was done with it: a digest of the settings that change results, one of the outlets' file, the rules of each stage
fingerprint   one digest of all that a single table follows from, inputs and recipe, so that it can be taken as it stands
expected      the version of each file that the run is to replace, from when it began: it replaces nothing that came after

All of it stands in manifests (`inputs` has both inputs and recipe, the note `made_from` a fingerprint).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

import pyarrow as pa

from pipeline.clean.removed import is_removed
from pipeline.model import versions
from pipeline.model.contract import Contract
from pipeline.model.days import window
from pipeline.model.internal_tables import LINES, MEMBERS
from pipeline.model.tables import ADDITIONS, ARTICLES, FLOWS, LINKS, MEMBERSHIPS, REJECTS, REVISIONS, RUNS
from pipeline.settings import NO_FILE, Settings
from pipeline.store import parquet
from pipeline.store.storage import Entry
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse
from pipeline.stories import headline_vectors
from pipeline.text import agencies, lexicon, outlets

OWN = (
    ARTICLES,
    REJECTS,
    LINKS,
    REVISIONS,
    FLOWS,
    ADDITIONS,
    LINES,
    MEMBERS,
    MEMBERSHIPS,
    RUNS,
)  # what one run writes and nothing else does, in the order in which it is published


OUTLETS = "outlets"  # the outlets' file, in the recipe of a run

# Tables that came later, and what names each in the recipe of a run that makes it.
_SINCE = {
    REVISIONS.name: "rules/revisions",
    FLOWS.name: "rules/flows",
    ADDITIONS.name: "rules/additions",
}


def makes(run_inputs: Mapping[str, str], contract: Contract) -> bool:
    """Whether a run with these inputs made that table: one of a version that did not have it yet lacks nothing."""
    return contract.name not in _SINCE or _SINCE[contract.name] in run_inputs


def origin(listing: str, recipe: Mapping[str, str]) -> str:
    """Digest of a day's documents, by their listing, and of the settings and rules that it is made by."""
    return of_mapping({"landing": listing, **recipe})


def read_by(settings: Settings, day: date) -> list[tuple[Contract, date]]:
    """Every partition that a run of the day reads, there or not."""
    days = window(day, settings.window_days)
    earlier = window(days[0], settings.window_days)
    return [(LINES, d) for d in days] + [(c, d) for c in (ARTICLES, MEMBERSHIPS) for d in earlier + days]


def view(warehouse: Warehouse, settings: Settings, day: date) -> View:
    """What a run of the day reads, pinned as it stands now."""
    return View(warehouse, read_by(settings, day), confirm=True)


def recipe(settings: Settings) -> dict[str, str]:
    """What a run depends on besides its data: the settings that change results, the outlets' file, and the rules of each stage."""
    said = {"settings": settings.results_digest(), OUTLETS: settings.outlets_digest()}
    return said | {f"rules/{s}": of_rules(s) for s in versions.RULES} | model(settings)


def said(run_inputs: Mapping[str, str], name: str) -> str | None:
    """What a run was given under that name; one that says nothing of an outlets' file had none."""
    return run_inputs.get(name, NO_FILE if name == OUTLETS else None)


def model(settings: Settings) -> dict[str, str]:
    """The model that headlines are compared with, by name, version and digest; nothing without the setting `languages`."""
    return {"model/headlines": headline_vectors.described()} if settings.languages else {}


def closed_before(settings: Settings, retired: date) -> date:
    """The first day that can be made again: it reads no retired one."""
    return retired if retired == date.min else retired + timedelta(days=2 * settings.window_days)


def of_documents(extracted: pa.Table) -> str:
    """Digest of a day's raw documents: which there are, and their bytes."""
    return parquet.digest(extracted.select(["raw_ref", "raw_digest"]).sort_by("raw_ref"))


def of_removed(extracted: pa.Table) -> str:
    """Digest of the documents among them that were removed for good; empty without one."""
    return of_documents(gone) if (gone := extracted.filter(is_removed(extracted))).num_rows else ""


def removed_of(day: date) -> str:
    """The name, among inputs, of the documents of the day that were removed."""
    return f"removed/{day}"


def of_listing(files: Iterable[Entry]) -> str:
    """Digest of names and versions of files: it changes with every delivery, without a file being read."""
    return of_mapping({file.path: f"{file.size_bytes} {file.version}" for file in files})


def of_mapping(values: Mapping[str, str]) -> str:
    """Digest of names and values, whatever their order."""
    return hashlib.blake2b(json.dumps(dict(values), sort_keys=True).encode(), digest_size=16).hexdigest()


# Stages that look words up: what a document says of itself, which lines are furniture, which text is an agency's. One
# digest of all languages' files for each: words change seldom, and which stage reads which key need not be kept. The lists of
# agencies and outlets are read by stages that name them.
_READ_WORDS = frozenset({"extract", "clean", "revisions", "stories", "flows", "additions"})
_LISTS = {"agencies": agencies, "outlets": outlets}
_READ_DATA = {"extract": {"agencies": agencies}} | dict.fromkeys(("clean", "stories", "flows"), _LISTS)


def of_rules(stage: str) -> str:
    """The rules of a stage in words: its number, its libraries' versions, and a digest of the words it looks up."""
    rules = _rules(stage, versions.RULES[stage])
    read = [f"words {lexicon.digest()}"] if stage in _READ_WORDS else []
    read += [f"{name} {data.digest()}" for name, data in _READ_DATA.get(stage, {}).items()]
    return ", ".join([rules, *read])


@cache
def _rules(stage: str, _number: int) -> str:
    return versions.rules(stage)  # it reads the metadata of every library; a status asks a thousand times
