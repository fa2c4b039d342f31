"""State of a past day that follows from its published tables: signatures and terms.

It is stored, because making it is work, but never trusted by its name: a stored partition says which published
rows and which rules it was made from. One that does not fit what the run reads (a run broke off between two
tables, another run is at it, the rules have changed, it was cleaned away) is made anew in memory, without the articles
on which making it raises: the run of their own day has listed them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import fingerprints, minhash, shelf, terms
from pipeline.contracts import ARTICLES, MEMBERSHIPS, SIGNATURES, TERMS, VERSION, Contract
from pipeline.engines import Engine, Stage
from pipeline.errors import ContractError, MissingInputError
from pipeline.faults import Guarded
from pipeline.store import parquet
from pipeline.store.storage import ABSENT, InputChangedError
from pipeline.store.warehouse import MISSING, View, Warehouse


def ties(contract: Contract, digests: Mapping[str, str]) -> dict[str, str]:
    """What a state table hangs on, by name; `digests` are those of the day's published tables by table."""
    if contract is SIGNATURES:
        return {
            "articles": digests["articles"],
            "rules/copies": fingerprints.of_rules("copies"),
            "sketches": minhash.described(),
        }
    if contract is TERMS:
        return {name: digests[name] for name in ("articles", "memberships")} | {
            "rules/stories": fingerprints.of_rules("stories")
        }
    return {}


def signatures(view: View, engine: Engine[Any], days: Iterable[date]) -> list[tuple[Any, int]]:
    """SIGNATURES rows of each of the days that is there: a frame a day, and how many rows it has. What is stored is read where
    the frame is, whenever it is used; what is not is made once.

    Raises InputChangedError, then or when the frame is used, if it is replaced meanwhile.
    """
    there = [day for day in days if view.digest(ARTICLES, day) != MISSING]
    return [_stored_signatures(view, engine, day) or _made_signatures(view, engine, day) for day in there]


def signed(view: View, engine: Engine[Any], day: date, named: pa.Array) -> pa.Table:
    """SIGNATURES rows of the named articles of a day."""
    stored = _stored(view, SIGNATURES, day)
    if stored is not None:
        return stored.filter(pc.is_in(stored["article_id"], value_set=named))
    articles = view.read(ARTICLES, day, ["article_id", "text"], pc.field("article_id").isin(named))
    return engine.collect(engine.map(Guarded(minhash.sign, SIGNATURES), engine.load(articles), SIGNATURES))


def weighed(view: View, engine: Engine[Any], days: Iterable[date]) -> Iterator[pa.Table]:
    """TERMS rows of each of the days that is there, a table a day."""
    for day in days:
        if MISSING not in {view.digest(ARTICLES, day), view.digest(MEMBERSHIPS, day)}:
            stored = _stored(view, TERMS, day)
            yield _made_terms(view, engine, day) if stored is None else stored


def of_origins(
    warehouse: Warehouse, engine: Engine[Any], day: date, origins: pa.Array, articles: pa.Table
) -> pa.Table:
    """TERMS rows of some of a day's articles, by their ids; those that a run before weighed are taken from there.

    A row of TERMS follows from one article and the rules alone, whichever were origins then.
    """
    stored = _weighed_before(warehouse, day, parquet.digest(articles))
    kept = stored.filter(pc.is_in(stored["article_id"], origins))
    missing = origins.filter(pc.invert(pc.is_in(origins, stored["article_id"].combine_chunks())))
    return TERMS.arrange(pa.concat_tables([kept, _weighed(engine, articles, missing, terms.weigh)]))


def _weighed(engine: Engine[Any], articles: pa.Table, wanted: pa.Array, weigh: Stage) -> pa.Table:
    """TERMS of the wanted articles: only their texts are there twice, and no longer than they are read."""
    if not len(wanted):
        return TERMS.empty()
    own = engine.load(articles.filter(pc.is_in(articles["article_id"], wanted)))
    return engine.collect(engine.map(weigh, own, TERMS))


def _weighed_before(warehouse: Warehouse, day: date, digest: str) -> pa.Table:
    manifest = warehouse.manifest(TERMS, day)
    wanted = {"articles": digest, "rules/stories": fingerprints.of_rules("stories")}
    fits = manifest and manifest.contract_version == VERSION and wanted.items() <= manifest.inputs.items()
    found = rows_of(warehouse, TERMS, day, manifest.version) if fits and manifest else None
    return TERMS.empty() if found is None else found


def _stored(view: View, contract: Contract, day: date) -> pa.Table | None:
    version = fitting(view.warehouse, contract, day, _wanted(view, contract, day))
    return rows_of(view.warehouse, contract, day, version) if version else None


def rows_of(warehouse: Warehouse, contract: Contract, day: date, version: str) -> pa.Table | None:
    """The rows of that version, None when it was replaced or cleaned away meanwhile."""
    try:
        return warehouse.read(contract, day, version=version)
    except (MissingInputError, ContractError):
        return None


def _wanted(view: View, contract: Contract, day: date) -> dict[str, str]:
    return ties(contract, {c.name: view.digest(c, day) for c in (ARTICLES, MEMBERSHIPS)})


def fitting(warehouse: Warehouse, contract: Contract, day: date, wanted: Mapping[str, str]) -> str:
    """The version of a stored partition if it was made from what is wanted, else ABSENT."""
    version, manifest = warehouse.version(contract, day), warehouse.manifest(contract, day)
    fits = manifest and manifest.version == version and manifest.contract_version == VERSION
    return version if fits and manifest and manifest.inputs == dict(wanted) else ABSENT


def _stored_signatures(view: View, engine: Engine[Any], day: date) -> tuple[Any, int] | None:
    """None when none fit."""
    version = fitting(view.warehouse, SIGNATURES, day, _wanted(view, SIGNATURES, day))
    manifest = view.warehouse.manifest(SIGNATURES, day)
    if not version or manifest is None:
        return None
    try:
        groups = range(view.warehouse.n_groups(SIGNATURES, day, version))
    except (InputChangedError, FileNotFoundError):  # replaced or cleaned away since
        return None
    return engine.read(groups, partial(_group, view.warehouse, day, version), SIGNATURES), manifest.n_rows


def _group(warehouse: Warehouse, day: date, version: str, n: int) -> Iterator[pa.Table]:
    try:
        yield warehouse.read_group(SIGNATURES, day, version, n)
    except FileNotFoundError as error:
        raise InputChangedError(f"{error}: it went while it was being read") from error


def _made_signatures(view: View, engine: Engine[Any], day: date) -> tuple[Any, int]:
    articles = view.read(ARTICLES, day, ["article_id", "text"])
    made = engine.map(Guarded(minhash.sign, SIGNATURES), engine.load(articles), SIGNATURES)
    kept = made if engine.deals_out else engine.load(shelf.shelve(engine.collect(made)))
    return kept, articles.num_rows


def _made_terms(view: View, engine: Engine[Any], day: date) -> pa.Table:
    memberships = view.read(MEMBERSHIPS, day, ["article_id", "copy_id"])
    origins = memberships.filter(pc.equal(memberships["article_id"], memberships["copy_id"]))["article_id"]
    articles, guarded = view.read(ARTICLES, day), Guarded(terms.weigh, TERMS)
    return TERMS.arrange(_weighed(engine, articles, origins.combine_chunks(), guarded))
