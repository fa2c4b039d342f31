"""Inject faults, place by place, and print what a user is shown and what was lost: `python -m benchmarks.faults [--no-s3]`.

A warehouse of three days is made from short pages. Each fault is injected into a copy of it, or strikes while a day is being made. Then
the commands of an engineer on call follow: `newsfold run`, `status` and `repair`, each a process of its own. When the fault is over (a
file of the landing zone is as it was, the store answers again), a last `repair` must give the published bytes of one clean pass over the
landing zone, and until then no article of another day may have gone. One row of the table is one fault: the command that met it, its exit code, the
first line that names it, and whether all was there in the end. Exits 1 if anything was lost, or a command ended in a traceback.
"""

import argparse
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from benchmarks.fault_world import DAY, Place, Shown, a_world, deliver
from pipeline.store.uris import open_storage
from tests.damaged import DAMAGES, PLACES
from tests.s3server import ENVIRONMENT, WEED, SeaweedFS, running

LINE_CHARS = 110  # of what was shown


@dataclass
class Row:
    place: str
    fault: str
    met: Shown
    words: tuple[str, ...]
    lost: list[str]


# --- faults ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """One row of the table: a fault of a place, the command that meets it, and how it is over."""

    place: str
    name: str
    inject: Callable[[Place], object]
    command: tuple[str, ...] = ("status",)
    words: tuple[str, ...] = (DAY,)
    heal: Callable[[Place], object] = lambda _: None
    file_bytes: int | None = None


FEED = f"day={DAY}/feed.jsonl"
RUN = ("run", "--landing", "landing", "--day", DAY)
REPAIR = ("repair",)


def _restore(place: Place) -> None:
    shutil.rmtree(place.landing, ignore_errors=True)
    deliver(place.landing)


def _of_landing(kind: str) -> Fault:
    return Fault(
        "landing",
        f"a file is {kind}",
        lambda p: DAMAGES[kind](p.landing / FEED),
        REPAIR,
        (DAY, "held", "document"),
        _restore,
    )


def _emptied(place: Place) -> None:
    for path in (place.landing / f"day={DAY}").iterdir():
        path.unlink()


def _future(place: Place) -> None:
    shutil.copytree(place.landing / f"day={DAY}", place.landing / "day=2062-03-05")


LANDING = [
    *(
        _of_landing(kind)
        for kind in (
            "empty",
            "cut short",
            "a bit flipped",
            "not UTF-8",
            "a folder",
            "a pipe",
            "links in a circle",
        )
    ),
    Fault("landing", "the folder of a day is empty", _emptied, REPAIR, (DAY, "gone"), _restore),
    Fault(
        "landing",
        "the folder of a day is gone",
        lambda p: shutil.rmtree(p.landing / f"day={DAY}"),
        REPAIR,
        (DAY, "gone"),
        _restore,
    ),
    Fault("landing", "all of it is gone", lambda p: shutil.rmtree(p.landing), REPAIR, ("landing",), _restore),
    Fault(
        "landing",
        "another one is named",
        lambda p: deliver(p.root / "other"),
        ("repair", "--landing", "other"),
        ("landing",),
    ),
    Fault("landing", "a day of the future", _future, REPAIR, ("2062",), _restore),
    Fault(
        "landing",
        "a mistyped day is asked for",
        lambda _: None,
        ("run", "--landing", "landing", "--day", "2026-03-50"),
        ("day",),
    ),
    Fault(
        "landing",
        "a day that nobody delivered is asked for",
        lambda _: None,
        ("run", "--landing", "landing", "--day", "2026-03-15"),
        ("2026-03-15",),
    ),
]


def _path_in(place: Place, pattern: str) -> Path:
    path = Path(place.warehouse) / pattern
    path = next(iter(sorted(path.parent.glob(path.name))), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"{}")
    return path


_KINDS = ("cut short", "a bit flipped", "a folder")  # tests/test_damage.py has the others


def _of_day(place: str, files: str, kind: str) -> Fault:
    named = place.partition(" ")[2] or place
    return Fault(place, f"{named} is {kind}", lambda p: DAMAGES[kind](_path_in(p, files)), ("verify",))


OF_A_DAY = [_of_day(place, files, kind) for place, files in PLACES.items() for kind in _KINDS]


def _deleted(pattern: str) -> Callable[[Place], object]:
    return lambda place: _path_in(place, pattern).unlink()


DELETED = [
    Fault(place, f"{place.partition(' ')[2] or place} is deleted", _deleted(files), ("status",))
    for place, files in PLACES.items()
    if place.partition(" ")[0] in {"table", "state", "manifest"}
]


def _killed(seconds: float) -> Callable[[Place], object]:
    """A run that makes all days again is killed with kill -9."""

    def kill(place: Place) -> None:
        begun = place.begin("run", "--landing", "landing")
        time.sleep(seconds)
        begun.send_signal(signal.SIGKILL)
        begun.communicate()

    return kill


MACHINE = [
    *(
        Fault("lock", f"its holder was killed after {seconds} s of a run", _killed(seconds), RUN)
        for seconds in (2, 3, 4)
    ),
    Fault(
        "disk",
        "full: no file may pass 3 kB",
        lambda _: None,
        RUN,
        ("error", "too large", "space"),
        file_bytes=3_000,
    ),
]


# --- the trial -------------------------------------------------------------------------------------------------


def trial(fault: Fault, place: Place, clean: dict[str, bytes]) -> Row:
    """What its command showed, and what is not as a clean pass gives it once the fault is over."""
    fault.inject(place)
    met = place.call(*fault.command, file_bytes=fault.file_bytes)
    # What later days say of a changed one may change with it; their articles may not.
    others = {path: data for path, data in clean.items() if path.startswith("articles/") and DAY not in path}
    lost = _changed(others, place.tables())
    fault.heal(place)
    mended = place.call("repair")
    return Row(fault.place, fault.name, met, fault.words, lost + _lost(place, clean, met, mended))


def _lost(place: Place, clean: dict[str, bytes], *called: Shown) -> list[str]:
    traces = [
        f"traceback of {one.command}" for one in called if any("Traceback" in line for line in one.lines)
    ]
    return _changed(clean, place.tables()) + traces


def _changed(wanted: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    return [path for path, data in wanted.items() if found.get(path) != data]


def trials(faults: list[Fault]) -> Iterator[Row]:
    """Each on the world as it was, in the same place: a warehouse remembers where its landing zone is."""
    with TemporaryDirectory() as folder:
        world, kept = Path(folder) / "world", Path(folder) / "kept"
        place = a_world(world)
        clean = place.tables()
        shutil.copytree(world, kept)
        for fault in faults:
            yield trial(fault, place, clean)
            shutil.rmtree(world)
            shutil.copytree(kept, world)


# --- a bucket --------------------------------------------------------------------------------------------------


def _write(data: bytes, handle: BinaryIO) -> None:
    handle.write(data)


def of_bucket() -> Iterator[Row]:
    """A server that is killed before, while and after a day is made; objects that are cut short, replaced and deleted."""
    with TemporaryDirectory() as folder, running(Path(folder) / "server") as server:
        os.environ |= {**ENVIRONMENT, "AWS_ENDPOINT_URL": server.url}
        place = Place(Path(folder), "s3://news/warehouse")
        deliver(place.landing)
        assert place.call("run", "--landing", "landing").code == 0
        clean = place.tables()
        yield from _of_server(place, server, clean)
        storage = open_storage(place.warehouse)
        for kind, change in (
            ("cut short", lambda data: data[: len(data) // 2]),
            ("empty", lambda _: b""),
            ("deleted", None),
        ):
            for path in (f"articles/day={DAY}/part-0.parquet", f"_meta/manifests/stories/day={DAY}.json"):
                with storage.open(path) as handle:
                    data = handle.read()
                if change is None:
                    storage.delete(path)
                else:
                    storage.replace(path, partial(_write, change(data)))
                yield _mended(
                    place,
                    clean,
                    "S3",
                    f"the object {path.partition('/day=')[0]} is {kind}",
                    place.call("verify"),
                )


def _of_server(place: Place, server: SeaweedFS, clean: dict[str, bytes]) -> Iterator[Row]:
    server.kill()
    met = place.call(*RUN)
    server.start()
    yield _mended(place, clean, "S3", "the server is away before a run", met)
    for seconds in (2, 3, 4):
        begun = place.begin(*RUN)
        time.sleep(seconds)
        server.kill()
        met = place.ended(begun, RUN)
        server.start()
        yield _mended(place, clean, "S3", f"the server is killed {seconds} s after a run began", met)


def _mended(place: Place, clean: dict[str, bytes], where: str, fault: str, met: Shown) -> Row:
    mended = place.call("repair")
    lost = _lost(place, clean, met, mended)
    return Row(where, fault, met, (DAY, "endpoint", "connect", "s3"), lost)


# --- the table -------------------------------------------------------------------------------------------------


def line(row: Row) -> str:
    shown = " ".join(row.met.first(*row.words).replace("|", "/").split())[:LINE_CHARS]
    lost = "nothing" if not row.lost else f"{len(row.lost)}: {row.lost[0]}"
    return f"| {row.place.partition(' ')[0]} | {row.fault} | `{row.met.command}` | {row.met.code} | {shown} | {lost} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-s3", action="store_true", help="leave out the faults of a store")
    parser.add_argument("--only", default="", help="faults whose place or name holds this")
    given = parser.parse_args()
    faults = [f for f in (*LANDING, *DELETED, *MACHINE, *OF_A_DAY) if given.only in f"{f.place} {f.name}"]
    print("| place | fault | command | exit code | shown | lost |\n|---|---|---|---|---|---|")
    rows = []
    for row in chain(trials(faults), of_bucket() if WEED and not given.no_s3 else ()):
        rows.append(row)
        print(line(row), flush=True)
    lost = [row for row in rows if row.lost]
    print(f"\n{len(rows)} faults, {len(lost)} after which something was lost")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
