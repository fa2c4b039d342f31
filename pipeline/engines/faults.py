"""Faults: when a stage raises on a document, it leaves out only that document.

An exception over a batch does not tell which row caused it. So a stage first runs on whole batches. If it raises, it runs
once more with care: on each engine the same bisection, by rows or by the groups of a key, runs it on
fewer and fewer rows and leaves out those on which it raises alone. Each of them is a row of FAULTS, so that it comes back
from any machine as every other table does. The outcome depends on rows and groups alone, never on batches.

What no document can cause is not caught: memory, storage, a missing library, an error of ours that names a table, and
whatever the stage raises on no rows at all. `refuse_broken` tells a broken stage from bad documents.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engines.engine import Engine, Frame, Part, Stage
from pipeline.model.arrow import byte_strings
from pipeline.model.contract import Contract
from pipeline.model.errors import ContractError, NewsfoldError, StageError
from pipeline.model.ids import unpack
from pipeline.model.internal_tables import FAULTS

log = logging.getLogger(__name__)


FEW = 10  # of fewer documents all may be bad; a stage that raises on most of more is broken itself

Instead = Callable[[pa.Table, pa.Table], pa.Table]  # (rows to go on with, rows it raises on) -> output rows
T = TypeVar("T")


class Fault(NamedTuple):
    """A stage that raised on a document, or on a pair of them: a row of FAULTS."""

    article_id: str
    other_id: str | None
    stage: str
    error: str


@dataclass(frozen=True)
class Backed:
    """A stage, and `instead`, which makes the output for rows on which it raises, given the rows of their group that are good."""

    stage: Stage
    instead: Instead

    def __call__(self, table: pa.Table) -> pa.Table:
        return self.stage(table)


@dataclass(frozen=True)
class Guarded:
    """A stage that leaves out the rows on which it raises: row by row or, with a `key`, from the groups that it must see together.

    A group on which it raises goes through without the rows on which it raises alone or, if that does not help, not at all.
    """

    stage: Stage
    out: Contract
    key: str | None = None

    def __call__(self, table: pa.Table) -> pa.Table:
        """What the stage makes."""
        return pa.concat_tables([self.out.empty(), *(made for made, _ in self._outcomes(table))])

    def faults(self, table: pa.Table) -> pa.Table:
        """FAULTS: the rows that are left out."""
        return as_table(fault for _, faults in self._outcomes(table) for fault in faults)

    def _outcomes(self, table: pa.Table) -> Iterator[tuple[pa.Table, list[Fault]]]:
        made, error = self._try(self.stage, table)
        if error is None:
            yield made, []
            return
        _, without_rows = self._try(self.stage, table.slice(0, 0))
        if without_rows is not None:
            raise error
        rows, ends = _grouped(table, self.key)
        yield from self._halved(rows, ends, error)

    def _halved(
        self, rows: pa.Table, ends: Sequence[int], error: Exception
    ) -> Iterator[tuple[pa.Table, list[Fault]]]:
        """Outcomes of rows on which the stage raises together; `ends` has where the first group begins and where each one ends."""
        if len(ends) == 2:
            yield self._without(rows.slice(ends[0], ends[1] - ends[0]), error)
            return
        middle = len(ends) // 2
        for half in (ends[: middle + 1], ends[middle:]):
            made, raised = self._try(self.stage, rows.slice(half[0], half[-1] - half[0]))
            if raised is None:
                yield made, []
            else:
                yield from self._halved(rows, half, raised)

    def _without(self, group: pa.Table, error: Exception) -> tuple[pa.Table, list[Fault]]:
        """The outcome of one row, or of the rows of one group, on which the stage raises."""
        rows = [group.slice(n, 1) for n in range(group.num_rows)] if group.num_rows > 1 else []
        errors = [self._try(self.stage, row)[1] for row in rows] or [error]
        is_good = pa.array([e is None for e in errors])
        good, bad = group.filter(is_good), group.filter(pc.invert(is_good))
        made, raised = self._try(partial(self._instead, good), bad)
        if not bad.num_rows or raised is not None:
            bad, errors = group, [error] * group.num_rows
            made = self.out.conform(self._instead(group.slice(0, 0), group))
        return made, list(self._named(bad, [e for e in errors if e is not None]))

    def _instead(self, good: pa.Table, bad: pa.Table) -> pa.Table:
        if isinstance(self.stage, Backed):
            return self.stage.instead(good, bad)
        return self.stage(good) if good.num_rows else self.out.empty()

    def _try(self, stage: Stage, table: pa.Table) -> tuple[pa.Table, Exception | None]:
        try:
            return self.out.conform(stage(table)), None
        except Exception as error:
            if not is_of_documents(error):
                raise
            return self.out.empty(), error

    def _named(self, rows: pa.Table, errors: Sequence[Exception]) -> Iterator[Fault]:
        for (article_id, other_id), error in zip(_ids(rows), errors, strict=True):
            yield Fault(article_id, other_id, _name(self.stage), type(error).__name__)


@dataclass
class Careful(Generic[Frame]):
    """An engine whose stages are guarded; `found` are the faults of all of them."""

    engine: Engine[Frame]
    found: set[Fault] = field(default_factory=set)
    deals_out = True  # a stage that has raised sees rows in pieces, and two of them may find the same

    def map(self, stage: Stage, frame: Frame, out: Contract, key: str | None = None) -> Frame:
        guarded = Guarded(stage, out, key)
        self.found |= from_table(self.engine.collect(self.engine.map(guarded.faults, frame, FAULTS, key)))
        return self.engine.map(guarded, frame, out, key)

    def load(self, table: pa.Table) -> Frame:
        return self.engine.load(table)

    def read(
        self,
        parts: Sequence[Part],
        reader: Callable[[Part], Iterator[pa.Table]],
        out: Contract,
        n_rows: int | None = None,
    ) -> Frame:
        return self.engine.read(parts, reader, out, n_rows)

    def attach(self, frame: Frame, articles: Frame, columns: Sequence[str], out: Contract) -> Frame:
        return self.engine.attach(frame, articles, columns, out)

    def union(self, frames: Iterable[Frame], out: Contract) -> Frame:
        return self.engine.union(frames, out)

    def collect(self, frame: Frame) -> pa.Table:
        return self.engine.collect(frame)


def tolerate(engine: Engine[Frame], work: Callable[[Engine[Frame]], T]) -> tuple[T, set[Fault]]:
    """The result of `work` with the engine, and the faults; if a stage raises on documents, `work` runs once more with care.

    No frame that `work` takes or returns may still have a stage to run that can raise.
    """
    try:
        return work(engine), set()
    except Exception as error:
        if not is_of_documents(error):
            raise
        log.info("%s: once more, with care", type(error).__name__)
    careful = Careful(engine)
    return work(careful), careful.found


def leave_out(work: Callable[[pa.Table], T], rows: pa.Table, stage: str) -> tuple[T, set[Fault]]:
    """The result of a stage over a whole table, without the rows on which it raises; and the faults.

    `rows` have an `article_id`, and are halved in its order. Of rows on which it raises only together, the last one goes; where many
    have to go for that, what it raised is raised.
    """
    try:
        return work(rows), set()
    except Exception as error:
        if not is_of_documents(error):
            raise
        raised = error
    if _raised_by(work, rows.slice(0, 0)):
        raise raised
    bad = dict(_raising(work, rows.sort_by("article_id"), raised))
    for _ in range(FEW):
        good = rows.filter(pc.invert(pc.is_in(rows["article_id"], pa.array(list(bad), pa.string()))))
        try:
            return work(good), {Fault(i, None, stage, type(e).__name__) for i, e in bad.items()}
        except Exception as error:
            if not is_of_documents(error):
                raise
            bad[_last_of_shortest(work, good.sort_by("article_id"))] = error  # it raises on no row alone
    raise raised


def _last_of_shortest(work: Callable[[pa.Table], Any], rows: pa.Table) -> str:
    """The last row, by its id, of a beginning of the rows on which the work raises, and without that row does not."""
    low, high = 0, rows.num_rows
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _raised_by(work, rows.slice(0, middle)) else (middle, high)
    found: str = rows["article_id"][high - 1].as_py()
    return found


def _raising(
    work: Callable[[pa.Table], Any], rows: pa.Table, error: Exception
) -> Iterator[tuple[str, Exception]]:
    """The rows on which the work raises, by their ids; it raises on all of `rows` together."""
    if rows.num_rows == 1:
        yield rows["article_id"][0].as_py(), error
        return
    for half in (rows.slice(0, rows.num_rows // 2), rows.slice(rows.num_rows // 2)):
        if raised := _raised_by(work, half):
            yield from _raising(work, half, raised)


def _raised_by(work: Callable[[pa.Table], Any], rows: pa.Table) -> Exception | None:
    try:
        work(rows)
    except Exception as error:
        if not is_of_documents(error):
            raise
        return error
    return None


def is_of_documents(error: Exception) -> bool:
    """Whether what was raised can be a document's fault."""
    if isinstance(error, ContractError):
        return True  # one row may break a contract; if all do, or no row at all is needed for it, the error is raised in the end
    return not isinstance(error, MemoryError | OSError | ImportError | NewsfoldError)


def refuse_broken(found: Iterable[Fault], n_documents: int, where: str) -> None:
    """Raise StageError when one stage raised on most of the documents."""
    by_stage: dict[str, set[Fault]] = defaultdict(set)
    for fault in found:
        by_stage[fault.stage].add(fault)
    for stage, faults in sorted(by_stage.items()):
        n = len({fault.article_id for fault in faults})
        if n_documents >= FEW and 2 * n > n_documents:
            first = min(faults, key=_order)
            raise StageError(
                f"{where}: {stage} raised on {n} of {n_documents} documents, {first.error} on {first.article_id}: "
                "the stage is broken, not the documents"
            )


def as_table(found: Iterable[Fault]) -> pa.Table:
    """FAULTS rows, each once, in order; of several errors of a stage on one document or pair the first by name."""
    rows: dict[tuple[str, str | None, str], dict[str, object]] = {}
    for fault in sorted(found, key=_order):
        rows.setdefault(fault[:3], fault._asdict())
    return FAULTS.table(list(rows.values()))


def from_table(rows: pa.Table) -> set[Fault]:
    """The faults in FAULTS rows."""
    return {Fault(**row) for row in rows.to_pylist()}


def _order(fault: Fault) -> tuple[str, str, str, str]:
    return fault.article_id, fault.other_id or "", fault.stage, fault.error


def _grouped(table: pa.Table, key: str | None) -> tuple[pa.Table, list[int]]:
    """The rows sorted by key, where each group of a key begins, and where the last one ends."""
    if key is None:
        return table, list(range(table.num_rows + 1))
    rows = table.take(pc.sort_indices(table[key]))
    values = rows[key].combine_chunks()
    begins = np.flatnonzero(pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False)) + 1
    return rows, [0, *begins.tolist(), rows.num_rows]


def _ids(rows: pa.Table) -> Iterator[tuple[str, str | None]]:
    """The article or pair of articles of each row, or the raw document where there is no article yet."""
    names = rows.column_names
    if "article" in names:
        yield from ((unpack(packed), None) for packed in byte_strings(rows["article"]))
        return
    first = "article_id" if "article_id" in names else "raw_ref"
    others = rows["other_id"].to_pylist() if "other_id" in names else [None] * rows.num_rows
    yield from zip(rows[first].to_pylist(), others, strict=True)


def _name(stage: Any) -> str:
    """The verb of a stage, whatever it is wrapped in."""
    while not hasattr(stage, "__name__"):
        stage = stage.func if isinstance(stage, partial) else stage.stage
    return str(stage.__name__)
