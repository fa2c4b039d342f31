"""Days that a scheduler makes, task by task."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.app import tasks
from pipeline.upkeep import status

DAY = date(2026, 3, 5)
NEXT = DAY + timedelta(days=1)
TODAY = str(DAY + timedelta(days=30))


def places(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A landing zone and a warehouse in a folder, as the environment names them."""
    monkeypatch.setenv("NEWSFOLD_LANDING", str(folder / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(folder / "warehouse"))
    monkeypatch.setenv("NEWSFOLD_WORKERS", "1")
    (folder / "landing").mkdir()
    return folder


def deliver(root: Path, day: date, *texts: str, name: str = "feed") -> None:
    folder = root / "landing" / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"url": f"https://{name}.example/{day}/{n}", "title": t[:40], "text": t} for n, t in enumerate(texts)
    ]
    (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))


def text(n: int) -> str:
    return " ".join(f"witness{n}x{i} saw boat{n}x{i} leave harbour{n}x{i} before dawn." for i in range(12))


def make(day: date) -> dict[str, Any]:
    """One run of a day, task by task."""
    for share in tasks.plan_batches(str(day), 4):
        tasks.clean_batch(str(day), **share)
    return tasks.publish(str(day), tasks.cluster(str(day))["key"])


def hold(day: date, finding: str) -> None:
    """What the gate of a run of the day does when it finds it unusual."""
    tasks.hold(str(day), tasks.cluster(str(day))["key"], [finding], [])


def state(day: date) -> tuple[str, str]:
    """The state of a day as `newsfold status` says it, and the first reason."""
    (found,) = [one for one in status.status(tasks._desk()) if one.day == day]
    return found.state, (*map(str, found.reasons), "")[0]
