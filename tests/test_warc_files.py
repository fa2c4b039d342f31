"""The files in which what was fetched is kept."""

import gzip
import re
import resource
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from pipeline.harvest.client import Reply
from pipeline.harvest.pages import Page
from pipeline.harvest.sources import Source
from pipeline.harvest.targets import target_of
from pipeline.harvest.visit import Visit
from pipeline.harvest.warc_files import WarcFiles
from pipeline.model.errors import PublishError
from pipeline.store.local import LocalStorage
from tests.harvesting import NOW, article

A, B = Source("A"), Source("B")


def visit(path: str, hours: float = 0) -> Visit:
    at, body = NOW + timedelta(hours=hours), article(path)
    reply = Reply(
        target_of("http://a.example" + path),
        (("Host", "a.example"),),
        "HTTP/1.1",
        200,
        "OK",
        (("Content-Type", "text/html"),),
        body,
        body,
        at,
        0.1,
    )
    return Visit(None, (reply,))


class Slow:
    """A file that takes seven bytes at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: memoryview) -> int:
        return self._file.write(data[:7])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def files(folder: Path, max_bytes: int = 1 << 20) -> WarcFiles:
    return WarcFiles(
        LocalStorage(str(folder / "landing")), folder / "spool", "newsfold/1", "newsfold/1 (us)", max_bytes
    )


def landed(folder: Path) -> dict[str, bytes]:
    found = sorted((folder / "landing").rglob("*.gz"))
    return {
        path.relative_to(folder / "landing").as_posix(): gzip.decompress(path.read_bytes()) for path in found
    }


def write(kept: WarcFiles, path: str, hours: float = 0, source: Source = A) -> None:
    kept.write(visit(path, hours), Page("http://a.example" + path, source.outlet), source, "page")


def test_a_file_is_of_one_outlet_and_hour_and_day(tmp_path: Path) -> None:
    kept = files(tmp_path)
    for hours, source in ((0, A), (0, B), (0.5, A), (1, A), (13, A)):
        write(kept, f"/{hours}", hours, source)
    assert 2 == len(landed(tmp_path)), "hours that are over are in the landing zone already"
    kept.close()
    assert sorted(kept.published) == list(landed(tmp_path))
    assert [3, 1] == [
        sum(name.startswith(day) for name in kept.published) for day in ("day=2026-03-10", "day=2026-03-11")
    ]
    assert [] == list((tmp_path / "spool").iterdir())


def test_a_file_that_is_full_is_followed_by_another(tmp_path: Path) -> None:
    kept = files(tmp_path, max_bytes=1)
    for n in range(3):
        write(kept, f"/{n}")
    kept.close()
    assert 3 == len(landed(tmp_path)) == len(set(kept.published))


def test_a_later_run_of_the_hour_rewrites_nothing(tmp_path: Path) -> None:
    kept = files(tmp_path)
    write(kept, "/1")
    kept.close()
    before = landed(tmp_path)
    kept = files(tmp_path)
    write(kept, "/2")
    kept.close()
    assert before.items() < landed(tmp_path).items()


def test_wherever_a_file_breaks_off_what_is_whole_of_it_is_kept(tmp_path: Path) -> None:
    kept = files(tmp_path)
    for n in range(3):
        write(kept, f"/{n}")
    (path,) = (tmp_path / "spool").iterdir()
    whole = path.read_bytes()
    for n_bytes in range(0, len(whole) + 1, 97):
        folder = tmp_path / str(n_bytes)
        (folder / "spool").mkdir(parents=True)
        (folder / "spool" / path.name).write_bytes(whole[:n_bytes])
        again = files(folder)
        again.recover(NOW.date())
        (data,) = landed(folder).values()
        assert len(again.recovered) == data.count(b"WARC-Type: response")
        assert again.recovered == {f"http://a.example/{n}" for n in range(len(again.recovered))}


def test_a_kill_between_landing_and_forgetting_leaves_one_file(tmp_path: Path) -> None:
    kept = files(tmp_path)
    write(kept, "/1")
    (path,) = (tmp_path / "spool").iterdir()
    data = path.read_bytes()
    kept.close()
    path.write_bytes(data)
    files(tmp_path).recover(NOW.date())
    assert 1 == len(landed(tmp_path))
    assert [] == list((tmp_path / "spool").iterdir())


def test_what_was_left_before_midnight_goes_to_today(tmp_path: Path) -> None:
    write(files(tmp_path), "/1")
    files(tmp_path).recover(NOW.date() + timedelta(days=1))
    assert ["day=2026-03-11"] == [name.partition("/")[0] for name in landed(tmp_path)]


def test_a_write_that_takes_a_part_at_a_time_is_gone_on_with(tmp_path: Path) -> None:
    """As a file without a buffer may do, and says so."""
    kept = files(tmp_path)
    write(kept, "/1")
    ((name, sink),) = kept._open.items()
    kept._open[name] = cast("BinaryIO", Slow(sink))
    write(kept, "/2")
    kept.close()
    (data,) = landed(tmp_path).values()
    assert 2 == data.count(b"WARC-Type: response")
    assert b"Text of /2" in data


def test_a_record_for_which_there_is_no_room_spoils_none_that_follows(tmp_path: Path) -> None:
    kept = files(tmp_path)
    write(kept, "/1")
    (path,) = (tmp_path / "spool").iterdir()
    n_bytes, limits = path.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes + 100, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write(kept, "/2")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert n_bytes == path.stat().st_size
    write(kept, "/3")
    kept.close()
    (data,) = landed(tmp_path).values()
    assert [b"Text of /1", b"Text of /3"] == re.findall(rb"Text of /\d", data)


class Bucket(LocalStorage):
    """A store that may not answer."""

    is_down = False

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        if self.is_down:
            raise PublishError("the store does not answer; run it again")
        return super().replace(path, fill, expected)


def test_where_a_full_file_can_not_be_put_for_a_moment_its_pages_stay(tmp_path: Path) -> None:
    """Whoever wrote them counts them as fetched: no file may begin in its place."""
    bucket = Bucket(str(tmp_path / "landing"))
    kept = WarcFiles(bucket, tmp_path / "spool", "newsfold/1", "newsfold/1 (us)", max_bytes=1)
    write(kept, "/1")
    bucket.is_down = True
    for _ in range(2):
        with pytest.raises(PublishError):
            write(kept, "/2")
    bucket.is_down = False
    write(kept, "/3")
    kept.close()

    found = b"".join(landed(tmp_path).values())
    assert [True, False, True] == [b"http://a.example/%d\r\n" % n in found for n in (1, 2, 3)]
