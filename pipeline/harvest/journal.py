"""What a run has learnt and not yet stored, line by line in a file of this machine: a run that is killed forgets nothing.

A line is a list of changes that belong together; it counts when it is whole.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple


class Change(NamedTuple):
    """The new value under a shard, a section and a key; None where it goes. Whole values: to apply one twice is to apply it once.

    `continues` names the stored value that this journal found there; it is empty where an earlier change of this journal is continued.
    None says nothing: the change counts whatever stands there.
    """

    shard: str
    section: str
    key: str
    value: object
    continues: str | None = None


class Journal:
    """One file, written to by one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sink: BinaryIO | None = None

    def read(self) -> Iterator[list[Change]]:
        """The lines that are whole; what a kill left of the last one is passed over."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        for line in data.split(b"\n")[:-1]:
            try:
                yield [Change(*change) for change in json.loads(line)]
            except (ValueError, TypeError):
                continue  # a disk that was full in the middle of a line

    def append(self, changes: Sequence[Change]) -> None:
        """Write one line, and hand it to the system: it outlives the process."""
        if self._sink is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._sink = self._path.open("ab", buffering=0)
            if self._sink.tell():
                _write(self._sink, b"\n")  # what is left of a torn line ends here
        _write(self._sink, json.dumps(changes).encode() + b"\n")

    def clear(self) -> None:
        """Forget all of it: it is stored."""
        if self._sink is not None:
            self._sink.close()
            self._sink = None
        self._path.unlink(missing_ok=True)


def _write(sink: BinaryIO, data: bytes) -> None:
    """All of it: a raw file may take less than it is given, as where a signal comes between. Raises OSError where the disk is full."""
    rest = memoryview(data)
    while rest:
        rest = rest[sink.write(rest) :]
