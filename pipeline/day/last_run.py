"""What the last run of a day published, where this run differs from it in the day's documents alone.

A late file adds documents, and nothing of the window, the settings or the rules changes. Then most articles are what they were,
and so is what follows from them alone: a run takes it from there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import accounts, reuse
from pipeline.day.result import Day
from pipeline.model.arrow import Array, distinct, is_in
from pipeline.model.contract import Contract
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS
from pipeline.store import parquet
from pipeline.store.warehouse import Warehouse

_OF_DOCUMENTS = "raw/"  # what the two runs may differ in; a removal also takes rows out of tables


@dataclass
class LastRun:
    """The last run of a day: its inputs and recipe, and the digests of its tables, which are read where they stand, until they are replaced."""

    warehouse: Warehouse
    day: date
    inputs: Mapping[str, str]
    digests: Mapping[str, str]
    _compared: tuple[pa.Table, Array] | None = field(default=None, init=False)  # several stages ask

    def table(self, contract: Contract, columns: list[str] | None = None) -> pa.Table | None:
        """A table of the run; None where another run's, or nothing, stands there by now.

        What it was made from would not tell: a run of the same documents that broke off may have been one in which a stage failed.
        """
        manifest = self.warehouse.manifest(contract, self.day)
        if manifest is None or manifest.digest != self.digests.get(contract.name):
            return None
        return reuse.standing_rows(self.warehouse, contract, self.day, columns)

    def same_articles(self, articles: pa.Table) -> Array | None:
        """Those of some articles of the day that say what they said, by their ids; None where the run's own do not stand."""
        if self._compared is None or self._compared[0] is not articles:
            if self._are_its_own(articles):
                self._compared = articles, articles["article_id"].combine_chunks()
                return self._compared[1]
            before = self.table(ARTICLES, _ABOUT)
            if before is None:
                return None
            self._compared = articles, reuse.unchanged(articles, before, _ABOUT)
        return self._compared[1]

    def _are_its_own(self, articles: pa.Table) -> bool:
        """Whether the articles are those of the run, and stand: where nothing is new, what stands need not be read once more."""
        manifest = self.warehouse.manifest(ARTICLES, self.day)
        if manifest is None or manifest.n_rows != articles.num_rows:
            return False
        return manifest.digest == self.digests.get(ARTICLES.name) == parquet.digest(articles)


_ABOUT = [name for name in ARTICLES.names if name != "text"]  # a digest of it is among them


def last_run(warehouse: Warehouse, made: Day) -> LastRun | None:
    """None where the day was not run, by other rules, or with another window; and where what it made does not follow from its inputs
    alone: a stage failed, a cap of the machine struck, or documents were taken out of it (then it names no landing zone).
    """
    run = warehouse.manifest(RUNS, made.day)
    noted = accounts.noted(run)
    if run is None or not noted.landing or noted.capped or noted.faulty:
        return None
    if noted.counts.get("n_stage_faults") != 0:
        return None
    is_like = _beside_documents(run.inputs) == _beside_documents(made.inputs | made.recipe)
    return LastRun(warehouse, made.day, run.inputs, noted.digests) if is_like else None


def _beside_documents(named: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in named.items() if not name.startswith(_OF_DOCUMENTS)}


@dataclass(frozen=True)
class Moved:
    """The places of the day's articles (MEMBERSHIPS) now and in the last run, and which articles came, went, have another place, or
    say something else.
    """

    now: pa.Table
    then: pa.Table
    ids: Array

    def groups(self, key: str) -> Array:
        """The groups that have or had one of these articles, by a column (`copy_id`, `story_id`)."""
        columns = (t[key].filter(is_in(t["article_id"], self.ids)) for t in (self.now, self.then))
        return distinct(pa.chunked_array([c for column in columns for c in column.chunks], pa.string()))


def moved(made: Day, columns: Sequence[str] = MEMBERSHIPS.names) -> Moved | None:
    """What is another since the last run, by these columns of a place; None where that is not known."""
    same = made.last.same_articles(made.tables.articles) if made.last else None
    then = made.last.table(MEMBERSHIPS) if made.last else None
    if same is None or then is None:
        return None
    now = made.tables.memberships
    stay = reuse.unchanged(reuse.among(now, same), then, columns)
    return Moved(now, then, groups_of_others((now, then), stay, "article_id"))


def groups_of_others(tables: Iterable[pa.Table], same: Array, key: str) -> Array:
    """The groups that have rows of other articles than these."""
    others = (t[key].filter(pc.invert(is_in(t["article_id"], same))) for t in tables)
    return distinct(pa.chunked_array([c for column in others for c in column.chunks], pa.string()))
