"""Small files that would be very large once they are unpacked or parsed are rows with a reason, in little memory."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.model.kinds import Reject
from tests import bombs
from tests.delivered import put

# For documents of up to 5 MB and pages of Parquet of up to 100 MB; for those of the defaults, some four times as much.
CAP_BYTES = 500_000_000
MOST_ROWS = 100_000  # of one file; all are smaller than 1.5 MB
ENDINGS = (".html", ".txt", ".jsonl", ".ndjson", ".json", ".warc", ".wet", ".parquet")

READ = """
import sys
from pathlib import Path
from pipeline.extract.sandbox import _limit_memory
import pipeline.landing.read, pyarrow.parquet, fastwarc, fastwarc.stream_io, resiliparse.parse.encoding
from pipeline.landing import parquet
from pipeline.landing.files import list_files
from pipeline.landing.read import read_raw
from pipeline.store.local import LocalStorage
from tests.delivered import DAY
parquet._PAGE_BYTES = 100_000_000
zone, cap, most = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
storage = LocalStorage(zone)
_limit_memory(cap)
for file in list_files(storage, DAY):
    for table in read_raw(storage, [file], most):
        for reason, body in zip(table["reason"].to_pylist(), table["body"]):
            print(file.path.rpartition("/")[2], reason or "document", len(body.as_buffer() or b""), sep="|")
"""


def read(zone: Path) -> dict[str, Counter[str]]:
    """What became of the documents of each file, in a process with little memory."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(zone), str(CAP_BYTES), str(bombs.MOST_BYTES)],
        capture_output=True,
        text=True,
        check=False,
        # Other pools take addresses in large pieces, and the cap is one of addresses.
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},
    )
    assert not done.returncode, done.stderr[-2_000:]
    found: dict[str, Counter[str]] = {}
    for name, reason, size in (line.split("|") for line in done.stdout.splitlines()):
        found.setdefault(name, Counter())[reason] += 1
        assert int(size) <= bombs.MOST_BYTES
    return found


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_would_fill_the_memory_does_not(zone: Path, ending: str) -> None:
    """Each file gives rows, none of them for want of memory, and not many more than its bytes can hold."""
    made = {name: make for name, make in bombs.BOMBS.items() if ending in name}
    for name, make in made.items():
        put(zone, name, make())

    found = read(zone)

    assert made.keys() == found.keys()
    assert {} == {name: rows for name, rows in found.items() if Reject.MACHINE_FAULT in rows}
    assert {} == {name: rows.total() for name, rows in found.items() if rows.total() > MOST_ROWS}


@pytest.mark.long
def test_what_unpacks_to_a_gigabyte_is_refused(zone: Path) -> None:
    """Whatever stands in it: a page, a line, records that say nothing."""
    names = [f"{name}.gz" for name, piece in bombs.CONTENTS.items() if piece not in bombs.ROWS]
    for name in names:
        put(zone, name, bombs.BOMBS[name]())

    found = read(zone)

    too_much = {Reject.TOO_LARGE, Reject.TOO_COMPLEX}
    assert {} == {name: found[name] for name in names if not found[name].keys() & too_much}


def test_every_format_has_one() -> None:
    from pipeline.landing.read import _READERS

    assert _READERS.keys() - {".htm"} == set(ENDINGS)
    assert all(any(ending in name for name in bombs.BOMBS) for ending in ENDINGS)
