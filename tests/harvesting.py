"""A harvest as tests run it: sources in text, state and what was fetched in memory or in a folder, a clock that is set."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.harvest.client import Client, Limits, Resolver
from pipeline.harvest.clock import Clock
from pipeline.harvest.journal import Journal
from pipeline.harvest.pages import Page
from pipeline.harvest.run import Harvest, Options, Report
from pipeline.harvest.sources import Source, parse_sources
from pipeline.harvest.state import State
from pipeline.harvest.visit import Budgets, Visit, Visitor
from pipeline.store.local import LocalStorage

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LIMITS = Limits(request_seconds=2, connect_seconds=2, read_seconds=2)


@dataclass
class Kept:
    """What was fetched, in its order."""

    recovered: tuple[str, ...] = ()
    kept: list[tuple[Visit, Page | None, str]] = field(default_factory=list)

    def write(self, visit: Visit, page: Page | None, source: Source, kind: str) -> None:
        assert source.outlet
        self.kept.append((visit, page, kind))

    @property
    def pages(self) -> list[str]:
        return [page.url for _, page, _ in self.kept if page]


@dataclass
class Desk:
    """One place that is harvested into, run by run; each run reads the state of the one before."""

    folder: Path
    sources: str
    options: Options = field(default_factory=lambda: Options(is_adaptive=False, delay_seconds=0))
    budgets: Budgets = field(default_factory=Budgets)
    archive: Kept = field(default_factory=Kept)
    resolve: Resolver | None = None
    state: State = field(init=False)

    def open_state(self) -> State:
        return State(LocalStorage(str(self.folder)), Journal(self.folder / "journal"))

    def run(self, hours: float = 0, *, save: bool = True) -> Report:
        """Harvest so many hours after NOW; without `save`, as one that is killed at its end."""
        self.state = self.open_state()
        report = asyncio.run(self._run(parse_sources(self.sources, "sources.toml").sources, hours))
        if save:
            self.state.save()
        return report

    async def _run(self, sources: Sequence[Source], hours: float) -> Report:
        clock = Clock(NOW + timedelta(hours=hours))
        async with Client(
            "newsfold/1 (+mailto:desk@a.example)", clock.now, LIMITS, resolve=self.resolve
        ) as client:
            visitor = Visitor(client, self.state, clock, self.budgets, seed="tests")
            return await Harvest(sources, self.state, visitor, self.archive, clock, self.options).run()


def source(outlet: str, **keys: object) -> str:
    """One [[source]] table that may ask loopback."""
    keys = {"allow_hosts": ["127.0.0.1", "127.0.0.2"], **keys}
    lines = [
        f"{name} = {value if isinstance(value, list | int | float) else repr(value)}"
        for name, value in keys.items()
    ]
    return "\n".join(["[[source]]", f"outlet = '{outlet}'", *lines, ""])


def rss(*items: str, head: str = "") -> bytes:
    """A feed of items that are written out."""
    return f"<rss version='2.0'><channel><title>A paper</title><link>/</link>{head}{''.join(items)}</channel></rss>".encode()


def item(
    link: str, title: str = "A title", guid: str = "", date: str = "Tue, 10 Mar 2026 09:00:00 GMT"
) -> str:
    guid = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<item><title>{title}</title><link>{link}</link>{guid}<pubDate>{date}</pubDate></item>"


def article(title: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><article><p>Text of {title}.</p></article></body></html>".encode()
