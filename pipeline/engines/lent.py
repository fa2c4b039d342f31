"""Stages that are run in child processes: those that hold the interpreter's lock gain nothing from threads.

A thread lends its stage to the child in which it has documents parsed (`extract.sandbox`): rows go there and come back as batches
of Arrow's, a piece at a time. Where a child fails, the thread runs the stage itself, which gives the same.
"""

import pickle
from contextlib import suppress
from functools import lru_cache

import pyarrow as pa

from pipeline.engines.engine import Stage, interpreted
from pipeline.extract.sandbox import Limits, guard, to_ipc
from pipeline.model.contract import Row
from pipeline.model.errors import NewsfoldError

PIECE_ROWS = 1_024  # rows of a piece: twenty of a day of 20,000, so that two or eight workers end together
# Fewer rows are not lent: to load what a stage needs takes a second of each child, and a thousand rows take half a second at most.
LEAST_ROWS = 4 * PIECE_ROWS
# Of light stages: those that need compiled loops (terms, flows), which take as long again to load, and 190 MB of each child; and those
# that see most articles of a day again as it grows by the hour, while what is new gives work to one child only.
LEAST_LIGHT_ROWS = 16 * PIECE_ROWS
_MOST_BYTES = 256 * 2**20  # of a piece, which is copied on its way; a larger one is not lent

# A stage of ours ends by itself: this is only to notice a child that stands still.
_LIMITS = Limits(cpu_seconds=600, memory_bytes=0)


def is_worth(stage: Stage, n_rows: int) -> bool:
    """Whether children are done with a stage sooner than this process would be."""
    found = interpreted(stage)
    if found is None:
        return False
    return n_rows >= (LEAST_LIGHT_ROWS if found.is_light else LEAST_ROWS)


class Lent:
    """A stage that runs in the calling thread's child process. Threads may share one."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._pickled = stage, pickle.dumps(stage)

    def __call__(self, piece: pa.Table) -> pa.Table:
        """What the stage makes of a piece."""
        if piece.nbytes > _MOST_BYTES:
            return self._stage(piece)
        job = pa.table({"stage": [self._pickled], "rows": [to_ipc(piece).to_pybytes()]})
        made: object = None
        with suppress(NewsfoldError):  # no child can be started: no process, or no memory, is left for it
            (made,) = guard("pipeline.engines.lent:run", _LIMITS).run(job)
        return _opened(made) if isinstance(made, bytes) else self._stage(piece)


def run(job: Row) -> bytes:
    """In the child: what a stage makes of a piece, as a stream of Arrow's."""
    return to_ipc(_stage(job["stage"])(_opened(job["rows"]))).to_pybytes()


@lru_cache(maxsize=1)  # it holds what all pieces have in common
def _stage(pickled: bytes) -> Stage:
    stage: Stage = pickle.loads(pickled)  # noqa: S301 - written by our own process
    return stage


def _opened(stream: bytes) -> pa.Table:
    return pa.ipc.open_stream(stream).read_all()
