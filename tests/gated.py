"""A day of articles that have nothing to do with each other, and what stands of it."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.world import DAYS, World

DAY = DAYS[0]
Command = Callable[..., tuple[int, str]]


def folder(world: World) -> Path:
    return world.root / "landing" / f"day={DAY}"


def deliver(world: World, numbers: range, name: str = "feed.jsonl") -> None:
    """Put articles that have nothing to do with each other into the day's folder, in one file."""
    folder(world).mkdir(exist_ok=True)
    texts = {
        n: f"The harbour{n} of town{n} sold boat{n} and crane{n} to uncle{n} for coins{n}." for n in numbers
    }
    rows = [{"url": f"https://post.example/{n}", "title": f"Boat{n}", "text": t} for n, t in texts.items()]
    (folder(world) / name).write_text("\n".join(map(json.dumps, rows)))
