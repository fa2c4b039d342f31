"""The seam between what is computed and where.

A stage is a pure function `Table -> Table` plus the key whose rows it must see together; an engine brings
those rows together and runs it. Stages do not know which engine runs them, engines do not know what a
stage means. What an engine promises is what `tests/test_engine.py` checks on every one of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from pipeline.model.contract import Contract

PIECE_ROWS = 8_192  # rows of a piece: enough to amortise a call, few enough to keep every worker busy

Stage = Callable[[pa.Table], pa.Table]
Frame = TypeVar("Frame")
Part = TypeVar("Part")

doing = ContextVar(
    "doing", default="newsfold"
)  # the stage and the day that are being run, for an engine to name its work


@dataclass(frozen=True)
class Interpreted:
    """A stage that holds the interpreter's lock: threads run no two of them at once, processes do. Of one that `is_light` a row
    takes a fifth of a millisecond here; many rows must pay for what a process loads for it.
    """

    stage: Stage
    is_light: bool = False

    def __call__(self, table: pa.Table) -> pa.Table:
        """What the stage makes."""
        return self.stage(table)


def interpreted(stage: Any) -> Interpreted | None:
    """The stage that says so, whatever it is wrapped in; None where none does."""
    while not hasattr(stage, "__name__"):
        if isinstance(stage, Interpreted):
            return stage
        stage = stage.func if isinstance(stage, partial) else stage.stage
    return None


def conforming(reader: Callable[[Part], Iterator[pa.Table]], out: Contract, part: Part) -> Iterator[pa.Table]:
    """What a reader yields for a part, with every table checked by its contract."""
    return map(out.conform, reader(part))


class Engine(Protocol[Frame]):
    """Six verbs over frames, an engine's own idea of a table in parts.

    Every table that enters or leaves a stage conforms to its contract. The order of the rows of a frame is
    never promised; sort where it matters.
    """

    deals_out: (
        bool  # whether a keyed stage sees the rows in several pieces, and two of them may find the same
    )

    def load(self, table: pa.Table) -> Frame:
        """A table as a frame."""
        ...

    def read(
        self,
        parts: Sequence[Part],
        reader: Callable[[Part], Iterator[pa.Table]],
        out: Contract,
        n_rows: int | None = None,
    ) -> Frame:
        """The rows that `reader` yields for each part, not held in memory together; `reader` runs where the frame is. `n_rows`,
        where that is known, are those of parts of about one size, which need not be shared out further.
        """
        ...

    def map(self, stage: Stage, frame: Frame, out: Contract, key: str | None = None) -> Frame:
        """Run `stage` over pieces of the frame; rows with the same `key` are in one piece. Without a key the stage is row-wise."""
        ...

    def attach(self, frame: Frame, articles: Frame, columns: Sequence[str], out: Contract) -> Frame:
        """Join pairs with what they are about: `columns` of the row of `articles` whose `article_id` is the pair's, and,
        named `other_…`, of the one that is its `other_id`. A pair without both has no row. Repeated texts may come
        dictionary-encoded.
        """
        ...

    def union(self, frames: Iterable[Frame], out: Contract) -> Frame:
        """All rows of all frames."""
        ...

    def collect(self, frame: Frame) -> pa.Table:
        """The frame as one table on this machine."""
        ...
