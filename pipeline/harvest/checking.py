"""What each stated listing gives, asked once without any memory: for `newsfold sources check`."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.harvest.client import Client, Limits
from pipeline.harvest.clock import Clock
from pipeline.harvest.items import UnreadableFeedError
from pipeline.harvest.journal import Journal
from pipeline.harvest.outcomes import FETCHED, failed
from pipeline.harvest.reading import read_listing, stated_as
from pipeline.harvest.run import Stated, stated_by
from pipeline.harvest.sources import Sources
from pipeline.harvest.state import State
from pipeline.harvest.visit import Asker, Budgets, Visitor
from pipeline.store.local import LocalStorage

_LONGEST = timedelta(minutes=15)  # somebody waits for it; a host with a hundred feeds takes two


@dataclass(frozen=True)
class Checked:
    """One listing: its outcome, and where it was read what it names."""

    outlet: str
    kind: str  # as it is stated
    address: str
    outcome: str
    found: str | None = None  # what it is: "rss", "atom", …
    final_address: str | None = None  # where another one answered
    is_moved: bool = False  # there for good, as every answer on the way says
    n_items: int | None = None
    n_undated: int | None = None
    n_no_page: int | None = None
    n_parts: int | None = None
    newest_at: datetime | None = None
    detail: str | None = None


def check(
    sources: Sources,
    user_agent: str,
    clock: Clock,
    limits: Limits | None = None,
    tell: Callable[[Checked], None] = lambda _: None,
) -> list[Checked]:
    """Ask every feed, sitemap and list once, with the care of a harvest; nothing is kept. What has had no turn after `_LONGEST` ends as
    `deferred:time`.
    """
    with tempfile.TemporaryDirectory() as folder:
        state = State(LocalStorage(folder), Journal(Path(folder) / "journal"))
        return asyncio.run(_check(sources, user_agent, clock, (state, limits or Limits()), tell))


async def _check(
    sources: Sources,
    user_agent: str,
    clock: Clock,
    kept: tuple[State, Limits],
    tell: Callable[[Checked], None],
) -> list[Checked]:
    state, limits = kept
    async with Client(user_agent, clock.now, limits) as client:
        visitor = Visitor(client, state, clock, Budgets(ends_at=clock.now() + _LONGEST))

        async def one(stated: Stated) -> Checked:
            found = await _look(stated, visitor, clock)
            tell(found)
            return found

        return list(await asyncio.gather(*map(one, stated_by(sources.sources))))


async def _look(stated: Stated, visitor: Visitor, clock: Clock) -> Checked:
    source, named = stated.source, (stated.source.outlet, stated.kind, stated.address)
    delay = 1.0 if source.delay_seconds is None else source.delay_seconds
    visit = await visitor.visit(
        stated.address, Asker(source.outlet, source.allow_hosts, delay, is_listing=True)
    )
    if visit.outcome or visit.final.status != 200:
        outcome = visit.outcome or failed(visit.final.status)
        return Checked(*named, outcome, detail=visit.detail or None)
    try:
        listing = read_listing(stated.kind, visit.final, source, clock.now())
    except UnreadableFeedError as error:
        return Checked(*named, failed(error.reason), detail=str(error))
    dates = [moment for item in listing.items if (moment := item.published_at or item.modified_at)]
    return Checked(
        *named,
        FETCHED,
        listing.kind,
        visit.final.target.address if len(visit.replies) > 1 else None,
        visit.is_move,
        len(listing.items),
        len(listing.items) - len(dates),
        sum(item.url is None for item in listing.items),
        len(listing.further),
        max(dates, default=None),
        _said_otherwise(stated.kind, stated_as(listing)),
    )


def _said_otherwise(stated: str, found: str) -> str | None:
    return f"the file says {stated}, but it is a {found}" if stated != found else None
