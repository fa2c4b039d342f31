"""What publishing tables takes, made in threads: digests of rows, and the bytes of files before it is their turn.

Both run outside the interpreter's lock. Nothing of it can be seen in a warehouse: files are made without a name, and whoever
publishes puts each in its place when its turn comes.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from typing import BinaryIO, NamedTuple, ParamSpec, Self, TypeVar, cast

import pyarrow as pa

from pipeline.model.contract import Contract
from pipeline.store import parquet

log = logging.getLogger(__name__)

LEAST_BYTES = 1 << 20  # of a table: a smaller file is written in the time that it takes to hand it over

P = ParamSpec("P")
Made = TypeVar("Made")


class MadeAhead(NamedTuple):
    """The digest of a table that its contract arranged, and what writes its file; None where they are still to be made."""

    digest: str | None = None
    write: Callable[[BinaryIO], None] | None = None


NOTHING_AHEAD = MadeAhead()


class Ahead:
    """Threads that make digests and files of tables. A context manager: what is not used by its end is dropped.

    Files stand in the folder for temporary files (`TMPDIR`) until then, all of them. They take no more than half of what is free there: a
    warehouse on the same disk needs as much.
    """

    def __init__(self, n_threads: int) -> None:
        self._threads, self._files = ThreadPoolExecutor(n_threads, "ahead"), ExitStack()
        self._room = _free_bytes() // 2

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._files.close()

    def begin(self, work: Callable[P, Made], *args: P.args, **named: P.kwargs) -> "Future[Made]":
        """Begin work that changes nothing in a warehouse."""
        return self._threads.submit(work, *args, **named)

    def digests(self, tables: Mapping[str, pa.Table]) -> dict[str, str]:
        """`parquet.digest` of each table, by its name."""
        return dict(zip(tables, self._threads.map(parquet.digest, tables.values()), strict=True))

    def write(self, contract: Contract, table: pa.Table) -> Callable[[BinaryIO], None]:
        """Begin to write a table that the contract arranged; returns what waits for its bytes and puts them into a file.

        Where the folder for temporary files does not take it, the table is written in its turn. What it raises is what writing raised.
        """
        in_turn = partial(parquet.write, contract, table)
        if table.nbytes > self._room:
            _say_in_turn(contract, f"more than half of what is free: {table.nbytes:,} bytes")
            return in_turn
        self._room -= table.nbytes  # its file is smaller: it is packed
        return partial(_copy, self.begin(self._written, contract, table), in_turn)

    def _written(self, contract: Contract, table: pa.Table) -> BinaryIO | None:
        """A file with the bytes of a table; None where the folder for temporary files does not take it."""
        # A file that is not whole goes at once: whoever writes in turn may need its room.
        with ExitStack() as made:
            try:
                file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - it is closed with all others
                made.callback(_drop, file)
                parquet.write(contract, table, file)
                file.flush()
            except OSError as error:
                _say_in_turn(contract, error)
                return None
            self._files.push(made.pop_all())
            return file


def _free_bytes() -> int:
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:  # no such folder, or none that can be written
        return 0


def _say_in_turn(contract: Contract, why: object) -> None:
    log.warning("%s is written in its turn: TMPDIR does not take its file: %s", contract.name, why)


def _drop(file: BinaryIO) -> None:
    with suppress(OSError):  # where there is no room, what it holds back can't be written when it is closed
        file.close()


def _copy(written: "Future[BinaryIO | None]", write: Callable[[BinaryIO], None], sink: BinaryIO) -> None:
    file = written.result()
    if file is None:
        write(sink)
        return
    file.seek(0)
    shutil.copyfileobj(file, sink, 1 << 20)
