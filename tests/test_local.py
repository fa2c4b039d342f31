"""A folder as storage: a full disk, a file in the way, a place that is somebody else's."""

import resource
import subprocess
import sys
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
