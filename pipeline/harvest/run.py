"""One harvest: listings that are due are asked, what they name is fetched, and every address that is met ends in one outcome.

Hosts are asked side by side, the pages of one host one after the other. What breaks at one host stops no other.
"""

import asyncio
import logging
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

from pipeline.harvest import outcomes, polls
from pipeline.harvest.accounts import Accounts
from pipeline.harvest.client import Fields, Reply
from pipeline.harvest.clock import Clock, spelt
from pipeline.harvest.items import Item, Listing, UnreadableFeedError
from pipeline.harvest.outcomes import DUPLICATE, FETCHED, NOT_MODIFIED, failed
from pipeline.harvest.pages import Page, Pages
from pipeline.harvest.polls import Poll
from pipeline.harvest.reading import read_listing
from pipeline.harvest.sources import Source
from pipeline.harvest.state import State, outlet_shard
from pipeline.harvest.visit import Asker, Visit, Visitor

log = logging.getLogger(__name__)

_MAX_DEPTH = 3  # of indexes within indexes
_MAX_PARTS = 100  # of one index in one run; the others' turn comes in the next ones
_MAX_FIRST_UNDATED = 200  # pages of a sitemap that says of none when it was changed, at the first look
_POLLS = "polls"
_BY_HAND = "sources"  # where a page was seen that the sources' file names


class Archive(Protocol):
    """Where what was fetched is kept; `recovered` are pages that a run which was killed has fetched, and not noted."""

    @property
    def recovered(self) -> Collection[str]: ...

    def write(self, visit: Visit, page: Page | None, source: Source, kind: str) -> None:
        """Record the answers of a visit; from then on they outlive this process."""
        ...


@dataclass(frozen=True)
class Stated:
    """One listing or page of the sources' file, with all sources that state it; the first is whose it is."""

    address: str
    kind: str  # "feed", "sitemap", "list"
    sources: tuple[Source, ...]

    @property
    def source(self) -> Source:
        return self.sources[0]

    @property
    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source.outlet for source in self.sources))


@dataclass
class Report:
    """What a run did: an outcome for each address, in the order in which they ended."""

    outcomes: dict[str, str] = field(default_factory=dict)
    skipped: list[Item] = field(default_factory=list)  # items without a page
    n_new: int = 0
    n_bytes: int = 0
    health: dict[str, str] = field(default_factory=dict)  # by stated listing


@dataclass(frozen=True)
class Options:
    """What a user may set of a run."""

    is_adaptive: bool = True
    delay_seconds: float = 1.0
    budget: int = 500
    revisit_hours: tuple[float, ...] = ()


Tell = Callable[[str, str, str], None]  # outlet, address, outcome


class Harvest:
    """The harvest of an hour."""

    def __init__(
        self,
        sources: Sequence[Source],
        state: State,
        visitor: Visitor,
        archive: Archive,
        clock: Clock,
        options: Options,
        tell: Tell = lambda *_: None,
    ) -> None:
        self._sources = sources
        self._state, self._visitor, self._archive, self._clock = state, visitor, archive, clock
        self._options, self._tell = options, tell
        self._pages = Pages(state, options.revisit_hours)
        self._accounts = Accounts(state)
        self._queues: dict[str, deque[tuple[Page, Source]]] = {}
        self._hosts: set[str] = set()
        self._n_new: Counter[str] = (
            Counter()
        )  # pages, by the stated listing or one of its parts that named them
        self._tasks: asyncio.TaskGroup
        self._stated: dict[str, Stated] = {}  # by address
        self._by_outlet = {source.outlet: source for source in reversed(sources)}
        self.report = Report()

    async def run(self) -> Report:
        """Returns when everything that is due has ended."""
        self._state.load(outlet_shard(source.outlet) for source in self._sources)
        stated = list(stated_by(self._sources))
        self._stated = {one.address: one for one in stated}
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            for one in stated:
                tasks.create_task(self._guarded_listing(one, one.address, self._listing(one)))
            for source in self._by_outlet.values():
                self._take_pages(source)
        now = self._clock.now()
        self._pages.age(sorted(self._hosts), list(self._by_outlet), now)
        for one in stated:
            self.report.health[one.address] = polls.health(self._poll(one, one.address), now)
        self._state.commit()
        return self.report

    def _take_pages(self, source: Source) -> None:
        """Pages that wait, and those that the sources' file names."""
        now = self._clock.now()
        for page in self._pages.waiting(source.outlet, now):
            if page.url in self._archive.recovered and not page.n_looks:
                self._settle(page, FETCHED)
            else:
                self._enqueue(page, source)
        own = [one for one in self._sources if one.outlet == source.outlet]
        items = [Item(address) for one in own for address in one.pages]
        self._admit(items, _BY_HAND, Stated(_BY_HAND, "page", tuple(own)))

    async def _guarded(
        self, address: str, work: Coroutine[Any, Any, None], settle: Callable[[str], None]
    ) -> None:
        """A fault of ours costs one address, and is a failure like others."""
        try:
            await work
        except Exception:
            log.exception("%s", address)
            settle(failed("error"))

    def _end(self, outlet: str, address: str, outcome: str, n_bytes: int = 0) -> None:
        """The one place where an address gets its outcome; the first one stays."""
        if address not in self.report.outcomes:
            self.report.outcomes[address] = outcome
            self.report.n_bytes += n_bytes
            self._accounts.note_outcome(outlet, outcome, self._clock.now(), n_bytes=n_bytes)
            self._tell(outlet, address, outcome)
        self._state.commit()

    # --- listings ----------------------------------------------------------------------------------------------

    async def _guarded_listing(self, stated: Stated, address: str, work: Coroutine[Any, Any, None]) -> None:
        def settle(outcome: str) -> None:
            poll = polls.after_failure(self._poll(stated, address), outcome, self._clock.now())
            self._put_poll(stated, poll)
            self._end(stated.source.outlet, address, outcome)

        await self._guarded(address, work, settle)

    async def _listing(self, stated: Stated) -> None:
        poll, now = self._poll(stated, stated.address), self._clock.now()
        if poll.is_gone(now):
            self._end(stated.source.outlet, stated.address, outcomes.REFUSED_GONE)
        elif poll.is_due(now) or not self._options.is_adaptive:
            await self._look(stated, stated.address, 0)
        else:
            await self._go_on(stated, poll, 0, poll.interval_seconds)  # what earlier runs have left

    async def _look(self, stated: Stated, address: str, depth: int, said: str | None = None) -> None:
        """Ask one listing, take what it names, and go on to its parts; `said` is what its index says of it."""
        outlet, poll = stated.source.outlet, self._poll(stated, address)
        interval_seconds = poll.interval_seconds
        asked = poll.address(self._clock.now())
        other = self._stated.get(asked) if asked != address else None
        if other is not None and not self._poll(other, asked).n_failures:  # whoever states it asks it
            self._end(outlet, address, DUPLICATE)
            return
        if other is not None:
            asked = address  # it may be back here
        if asked in self._visitor.asked or address in self.report.outcomes:
            return
        visit = await self._visitor.visit(asked, self._asker(stated.source, is_listing=True), poll.conditions)
        now = self._clock.now()
        outcome = visit.outcome or self._status(visit.final, poll)
        if outcome == FETCHED:
            outcome, poll = self._take(stated, poll, visit)
        elif outcome == NOT_MODIFIED:
            poll = polls.after_no_change(poll, visit.final, now)
        elif outcome == DUPLICATE:
            poll = polls.after_duplicate(poll, visit, now)
        else:
            poll = polls.after_failure(poll, outcome, now)
        is_read = outcome in {FETCHED, NOT_MODIFIED}
        self._put_poll(stated, replace(poll, changed_as=said) if is_read else poll)
        self._end(outlet, address, outcome, len(visit.final.payload) if outcome == FETCHED else 0)
        if is_read:
            await self._go_on(stated, poll, depth, interval_seconds)

    def _status(self, reply: Reply, poll: Poll) -> str:
        if reply.status == 304 and poll.conditions(reply.target.address):
            return NOT_MODIFIED
        if reply.status != 200:
            return failed(reply.status)
        return NOT_MODIFIED if poll.has_seen(reply) else FETCHED

    def _take(self, stated: Stated, poll: Poll, visit: Visit) -> tuple[str, Poll]:
        """Read an answer, and put what it names in the queues."""
        now, source = self._clock.now(), stated.source
        try:
            found = read_listing(stated.kind, visit.final, source, now)
        except UnreadableFeedError as error:
            return failed(error.reason), polls.after_failure(poll, failed(error.reason), now)
        self._archive.write(visit, None, source, found.kind)
        n_new = self._admit(self._within(found, source, poll, now), poll.stated, stated)
        is_whole = "truncated" not in found.flags and not found.is_cut
        poll = polls.after_reading(poll, visit, now, n_new=n_new, is_whole=is_whole)
        parts = {part: spelt(moment) if moment else None for part, moment in found.further}
        return FETCHED, replace(poll, parts=parts)

    async def _go_on(self, stated: Stated, index: Poll, depth: int, interval_seconds: float) -> None:
        """The parts of an index that may have something new. What they have is news of the index, which had waited for so long."""
        n_before, oldest = (
            self._n_new[stated.address],
            self._clock.now() - timedelta(days=stated.source.sitemap_days),
        )
        parts = polls.parts_in_turn(index, partial(self._poll, stated), oldest) if depth < _MAX_DEPTH else []
        for part, said in parts[:_MAX_PARTS]:
            await self._guarded_listing(stated, part, self._look(stated, part, depth + 1, said))
        if self._n_new[stated.address] > n_before:
            poll = self._poll(stated, index.stated)
            self._put_poll(stated, polls.with_news(poll, interval_seconds, self._clock.now()))

    def _within(self, found: Listing, source: Source, poll: Poll, now: datetime) -> Sequence[Item]:
        """The items that may be wanted: of a sitemap not its archive."""
        self._count_no_page(found.items, source.outlet)
        if found.kind != "sitemap":
            return found.items
        oldest = now - timedelta(days=source.sitemap_days)
        young = [
            item
            for item in found.items
            if not (moment := item.modified_at or item.published_at) or moment >= oldest
        ]
        undated = [item for item in young if not (item.modified_at or item.published_at)]
        left = undated[_MAX_FIRST_UNDATED:] if poll.ok_at is None else []
        self._pages.skip(left, now)
        n_outside = len(found.items) - len(young) + len(left)
        self._accounts.count(source.outlet, now, n_outside_window=n_outside)
        passed = set(map(id, left))
        return [item for item in young if id(item) not in passed]

    def _count_no_page(self, items: Iterable[Item], outlet: str) -> None:
        none = [item for item in items if item.url is None]
        self.report.skipped += none
        if none:
            self._accounts.count(outlet, self._clock.now(), n_no_page=len(none))

    def _admit(self, items: Sequence[Item], listing: str, stated: Stated) -> int:
        """Put new pages in the queues of their hosts; returns how many are new."""
        n_new, now = 0, self._clock.now()
        for page, outcome in self._pages.admit(items, listing, stated.outlets, now):
            if outcome is not None:
                self._end(stated.source.outlet, page.url, outcome)
            else:
                n_new += page.outcome is None  # else it was refused before, and may be permitted now
                self._enqueue(page, stated.source)
        self.report.n_new += n_new
        self._n_new[stated.address] += n_new
        self._accounts.count(stated.source.outlet, now, n_pages=n_new)
        return n_new

    # --- pages -------------------------------------------------------------------------------------------------

    def _enqueue(self, page: Page, source: Source) -> None:
        host = page.host
        self._hosts.add(host)
        if host in self._queues:
            self._queues[host].append((page, source))
        else:
            self._queues[host] = deque([(page, source)])
            self._tasks.create_task(self._work(host))

    async def _work(self, host: str) -> None:
        """The pages of one host, one after the other."""
        queue = self._queues[host]
        while queue:
            page, source = queue.popleft()
            await self._guarded(page.url, self._page(page, source), partial(self._settle, page))
        del self._queues[host]

    async def _page(self, page: Page, source: Source) -> None:
        if page.url in self.report.outcomes:
            return
        if page.url in self._visitor.asked:
            self._settle(page, DUPLICATE)
            return
        fields: Fields = (("If-None-Match", page.etag),) if page.etag else ()
        visit = await self._visitor.visit(
            page.url, self._asker(source), lambda address: fields if address == page.url else ()
        )
        if visit.outcome:
            self._settle(page, visit.outcome)
            return
        reply = visit.final
        digest = sha256(reply.body).hexdigest()[:32]
        if reply.status == 304 and page.etag:
            self._settle(page, NOT_MODIFIED, reply)
        elif reply.status == 200 and page.digest == digest:
            self._settle(page, NOT_MODIFIED, reply, digest)
        elif 200 <= reply.status < 300:
            self._archive.write(visit, self._pages.claimed.get(page.url, page), source, "page")
            self._settle(page, FETCHED, reply, digest)
        else:
            self._settle(page, failed(reply.status))

    def _settle(
        self, page: Page, outcome: str, reply: Reply | None = None, digest: str | None = None
    ) -> None:
        now = self._clock.now()
        if outcome == FETCHED and not page.n_looks:
            self._accounts.note_page(page, now)
        is_own = (
            reply is not None and reply.target.address == page.url
        )  # a tag is of the address that gave it
        etag = polls.validators_of(reply, now)[0] if reply is not None and is_own else None
        self._pages.settle(page, outcome, now, digest, etag)
        self._end(page.outlet, page.url, outcome, len(reply.payload) if reply else 0)

    # --- what is asked for whom ----------------------------------------------------------------------------------

    def _asker(self, source: Source, *, is_listing: bool = False) -> Asker:
        delay, budget = source.delay_seconds, source.budget
        return Asker(
            source.outlet,
            source.allow_hosts,
            self._options.delay_seconds if delay is None else delay,
            self._options.budget if budget is None else budget,
            is_listing,
        )

    def _poll(self, stated: Stated, address: str) -> Poll:
        return polls.poll_of(address, self._state.get(outlet_shard(stated.source.outlet), _POLLS, address))

    def _put_poll(self, stated: Stated, poll: Poll) -> None:
        self._state.put(outlet_shard(stated.source.outlet), _POLLS, poll.stated, polls.value_of(poll))


def stated_by(sources: Collection[Source]) -> Iterable[Stated]:
    """Every listing once, however many sources state it."""
    found: defaultdict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sources:
        for kind, addresses in (("feed", source.feeds), ("sitemap", source.sitemaps), ("list", source.lists)):
            for address in addresses:
                found[address, kind].append(source)
    return (Stated(address, kind, tuple(of)) for (address, kind), of in found.items())
