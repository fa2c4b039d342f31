"""The feeds, sitemaps and lists of an outlet, found from one of its pages: for `newsfold sources find`."""

import asyncio
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.harvest.client import Client, Limits
from pipeline.harvest.clock import Clock
from pipeline.harvest.discover import Named, named_by_page, named_by_robots, usual_places
from pipeline.harvest.items import UnreadableFeedError
from pipeline.harvest.journal import Journal
from pipeline.harvest.outcomes import failed
from pipeline.harvest.reading import read_listing, stated_as
from pipeline.harvest.sources import Source
from pipeline.harvest.state import State, host_shard
from pipeline.harvest.targets import UnsafeAddressError, target_of
from pipeline.harvest.visit import Asker, Budgets, Visit, Visitor
from pipeline.store.local import LocalStorage

_MOST_TRIED = 12  # usual places, where nothing is named: each is a request


@dataclass(frozen=True)
class Found:
    """What was found from an address; `outcome` says why nothing could be, where the page was not read."""

    named: tuple[Named, ...]
    outcome: str | None = None


def find(
    address: str,
    user_agent: str,
    clock: Clock,
    allow_hosts: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> Found:
    """Ask for the page and the host's robots.txt, and for the usual places if these name nothing."""
    with tempfile.TemporaryDirectory() as folder:
        state = State(LocalStorage(folder), Journal(Path(folder) / "journal"))
        return asyncio.run(_find(address, user_agent, clock, state, (allow_hosts, limits or Limits())))


async def _find(
    address: str, user_agent: str, clock: Clock, state: State, asked: tuple[tuple[str, ...], Limits]
) -> Found:
    allow_hosts, limits = asked
    asker = Asker("", allow_hosts, is_listing=True)
    async with Client(user_agent, clock.now, limits) as client:
        visitor = Visitor(client, state, clock, Budgets())
        visit = await visitor.visit(address, asker)
        if visit.outcome or visit.final.status != 200:
            return Found((), visit.outcome or failed(visit.final.status))
        final = visit.final.target
        named = named_by_page(visit.final.body, final.address)
        robots = state.get(host_shard(final.host), "robots", final.origin) or {}
        by_robots = named_by_robots(robots.get("text") or "", f"{final.origin}/robots.txt")
        found = tuple({one.address: one for one in (*named, *by_robots)}.values())
        return Found(found or await _tried(final.address, visitor, asker, clock))


async def _tried(address: str, visitor: Visitor, asker: Asker, clock: Clock) -> tuple[Named, ...]:
    """Those of the usual places that have what they should."""
    found = []
    for one in usual_places(address)[:_MOST_TRIED]:
        visit = await visitor.visit(one.address, asker)
        if kind := _kind_of(one, visit, clock):
            found.append(replace(one, kind=kind))
    return tuple(found)


def _kind_of(one: Named, visit: Visit, clock: Clock) -> str | None:
    """What is to be read there, whatever its place is usual for; None for nothing."""
    if visit.outcome or visit.final.status != 200:
        return None
    try:
        return stated_as(read_listing(one.kind, visit.final, Source(""), clock.now()))
    except UnreadableFeedError:
        return None


def outlet_of(address: str) -> str:
    """What to call an outlet of which only an address is known: its host."""
    try:
        return target_of(address).host.removeprefix("www.")
    except UnsafeAddressError:
        return address
