"""The world of `benchmarks.faults`: three days of short made-up pages, a warehouse, and newsfold's commands in processes of their own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.store.layout import is_journal
from pipeline.store.uris import open_storage

ROOT = Path(__file__).parents[1]
DAYS = ("2026-03-05", "2026-03-06", "2026-03-07")
DAY = DAYS[0]
OUTLETS = ("herald", "courier", "gazette", "tribune")
EVENTS = (
    "The ferry Solveig ran aground off Marlow harbour with ninety people on board, the coastguard said.",
    "Shareholders of Norrland Timber approved its sale to Baltic Pulp for eleven billion kronor.",
    "Astronomers in Chile pointed a telescope at a comet that leaves the solar system and found water.",
)
DETAILS = (
    "A tug from Kirkby pulled for two hours before the tide turned, and nobody was hurt.",
    "The chairman said that no mill would close before 2029 and that the name would be kept.",
    "Its tail holds more carbon monoxide than that of any comet that was measured before.",
    "Officials asked people to stay away from the area until an inspection on Thursday.",
)


@dataclass
class Shown:
    """What a command printed, and how it ended."""

    command: str
    code: int
    lines: list[str]

    def first(self, *words: str) -> str:
        """The first line that names the fault, else the last one."""
        named = [line for line in self.lines if any(word in line.lower() for word in words)]
        return (named or self.lines[-1:] or ["nothing"])[0]


class Place:
    """A landing zone and a warehouse, each in a folder, or the warehouse in a bucket."""

    def __init__(self, root: Path, warehouse: str | None = None) -> None:
        self.root, self.landing = root, root / "landing"
        self.warehouse = warehouse or str(root / "warehouse")

    def begin(self, *arguments: str, file_bytes: int | None = None) -> "subprocess.Popen[str]":
        """A command of newsfold in a process of its own, whose files may have so many bytes."""
        limit = ["prlimit", f"--fsize={file_bytes}"] if file_bytes else []
        command = [*limit, sys.executable, "-m", "pipeline", *arguments, "--warehouse", self.warehouse]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "250", "NEWSFOLD_RETRY_SECONDS": "1"}
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def call(self, *arguments: str, file_bytes: int | None = None) -> Shown:
        return self.ended(self.begin(*arguments, file_bytes=file_bytes), arguments)

    def ended(self, begun: "subprocess.Popen[str]", arguments: tuple[str, ...]) -> Shown:
        """What it printed; paths begin where the landing zone and the warehouse lie."""
        printed, _ = begun.communicate(timeout=600)
        lines = [line.strip() for line in printed.replace(f"{self.root}/", "").splitlines() if line.strip()]
        return Shown(" ".join(arguments), begun.returncode, lines)

    def tables(self) -> dict[str, bytes]:
        """Every published file and its bytes."""
        storage, found = open_storage(self.warehouse), {}
        for entry in storage.walk(""):
            is_published = not entry.path.startswith("_meta") and not is_journal(entry.path)
            if is_published and entry.path.endswith(".parquet"):
                try:
                    with storage.open(entry.path) as handle:
                        found[entry.path] = handle.read()
                except OSError:  # a folder, a pipe or a circle in its place
                    found[entry.path] = b""
        return found


# --- the world -------------------------------------------------------------------------------------------------


def deliver(landing: Path) -> None:
    """Three days of twelve documents, as JSON lines, a WARC-like folder of pages, and plain text."""
    for number, day in enumerate(DAYS):
        folder = landing / f"day={day}"
        folder.mkdir(parents=True)
        records = [
            {
                "url": f"https://{outlet}.example/{day}/{event}",
                "title": f"{text.split(',')[0]} {number}",
                "text": f"{text} {DETAILS[(event + n + number) % 4]} {DETAILS[(event + n + number + 1) % 4]}",
            }
            for event, text in enumerate(EVENTS)
            for n, outlet in enumerate(OUTLETS[:3])
        ]
        (folder / "feed.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
        for event, text in enumerate(EVENTS):
            page = (
                f"<html><head><title>{text.split(',')[0]}</title></head><body><article><h1>{text.split(',')[0]}</h1>"
                f"<p>{text}</p><p>{DETAILS[event]} {DETAILS[(event + 1) % 4]}</p></article></body></html>"
            )
            (folder / f"page-{event}.html").write_text(page, "utf-8")


def a_world(root: Path) -> Place:
    place = Place(root)
    deliver(place.landing)
    made = place.call("run", "--landing", "landing")
    assert made.code == 0, made.lines
    return place
