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

    Files stand in the folder for temporary files (`TMPDIR`) until then, all of them.
    """

    def __init__(self, n_threads: int) -> None:
        self._threads, self._files = ThreadPoolExecutor(n_threads, "ahead"), ExitStack()

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
        written = self.begin(self._written, contract, table)
        return partial(_copy, written, partial(parquet.write, contract, table))

    def _written(self, contract: Contract, table: pa.Table) -> BinaryIO | None:
        """A file with the bytes of a table; None where the folder for temporary files does not take it."""
        try:
            file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - it is closed with all others
            self._files.callback(_drop, file)
            parquet.write(contract, table, file)
            file.flush()
        except OSError as error:
            log.warning("%s is written in its turn: TMPDIR does not take its file: %s", contract.name, error)
            return None
        return file


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
