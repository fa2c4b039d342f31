"""A folder as storage: a full disk, a file in the way, a place that is somebody else's."""

import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.model.errors import PublishError
from pipeline.store.local import LocalStorage
from pipeline.store.storage import filler


def replace(storage: LocalStorage, path: str, data: bytes) -> None:
    storage.replace(path, filler(data))


def test_a_file_in_the_way_is_set_aside(tmp_path: Path) -> None:
    """It stands where a table's folder belongs; whether it may go, its owner knows."""
    (tmp_path / "stories").write_bytes(b"somebody's")

    replace(LocalStorage(tmp_path), "stories/day=1/x", b"1")

    (aside,) = (tmp_path / "_meta" / "set_aside").iterdir()
    assert (b"1", b"somebody's") == ((tmp_path / "stories/day=1/x").read_bytes(), aside.read_bytes())


def test_a_full_disk_is_a_clear_error_and_leaves_the_old(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the old content stays, nothing is left beside."""
    storage = LocalStorage(tmp_path)
    replace(storage, "t/x", b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(PublishError, match="cannot write t/x: File too large"):
            replace(storage, "t/x", b"n" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert storage.read("t/x") == b"old"
    assert list(storage.leftovers(0)) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Neither a file nor a lock can be had in a warehouse that is somebody else's; reading it goes on."""
    replace(LocalStorage(tmp_path), "t/x", b"old")
    program = (
        "import os, sys\n"
        "from pipeline.store.local import LocalStorage\n"
        "from pipeline.store.storage import filler\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "storage = LocalStorage(sys.argv[1])\n"
        "print(storage.read('t/x'))\n"
        "for act in (lambda: storage.replace('t/x', filler(b'1')), lambda: storage.lock('run/1').__enter__()):\n"
        "    try: act()\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    for folder in (tmp_path, *tmp_path.rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    for parent in tmp_path.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path.cwd(),
    )
    for folder in (tmp_path, *tmp_path.rglob("*")):
        folder.chmod(0o755)

    assert [line.split(" ")[0] for line in done.stdout.splitlines()] == [
        "b'old'",
        "PublishError",
        "PublishError",
    ], done
    assert "cannot write t/x: Permission denied" in done.stdout


def _clear(storage: LocalStorage) -> None:
    for one in list(storage.leftovers(0)):
        one.remove()


def test_a_lock_that_is_held_stays_and_one_that_nobody_holds_goes(tmp_path: Path) -> None:
    storage, path = LocalStorage(tmp_path), tmp_path / "_meta/locks/run/1"
    with storage.lock("run/1"):
        _clear(storage)
        assert path.exists()
    _clear(storage)

    assert not path.exists()


def test_a_lock_that_went_while_it_was_waited_for_is_had_by_one_at_a_time(tmp_path: Path) -> None:
    """Many take a lock in turn while another clears it away all the time: no two ever hold it at once."""
    storage = LocalStorage(tmp_path)
    inside, most, over = [0], [0], threading.Event()

    def hold() -> None:
        for _ in range(100):
            with storage.lock("run/1"):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)  # let others try
                inside[0] -= 1

    def clear() -> None:
        while not over.is_set():
            _clear(storage)

    holders = [threading.Thread(target=hold) for _ in range(4)]
    cleaner = threading.Thread(target=clear)
    for thread in (cleaner, *holders):
        thread.start()
    for thread in holders:
        thread.join(120)
    over.set()
    cleaner.join(120)

    assert 1 == most[0]
    assert not any(thread.is_alive() for thread in holders)


def test_a_folder_that_is_cleared_away_under_a_writer_is_made_again(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    replace(storage, "t/day=2026-03-05/x", b"1")
    storage.delete("t/day=2026-03-05/x")
    found = storage.emptied("t/day=2026-03-05", 0)
    assert found is not None
    make, left = storage._make_folder, [1]

    def make_and_lose(folder: Path) -> None:
        make(folder)
        if folder.name.startswith("day=") and left.pop():
            left.append(0)
            found.remove()

    storage._make_folder = make_and_lose  # type: ignore[method-assign]
    replace(storage, "t/day=2026-03-05/x", b"2")

    assert b"2" == storage.read("t/day=2026-03-05/x")
    assert storage.emptied("t/day=2026-03-05", 0) is None
