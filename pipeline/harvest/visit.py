"""One address asked as it should be: judged, permitted by robots.txt, within the budgets, not too early, and one request to a host at a
time. Redirects are followed here, and each hop is judged like the first.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.harvest import clock as clocks
from pipeline.harvest import pace, robots
from pipeline.harvest.client import CONNECT, PROTOCOL, TIMEOUT, TLS, Client, FailedError, Fields, Reply
from pipeline.harvest.clock import Clock
from pipeline.harvest.outcomes import (
    BUDGET,
    CRAWL_DELAY,
    DEFERRED_BACKOFF,
    DEFERRED_RETRY_AFTER,
    DUPLICATE,
    OUT_OF_TIME,
    REFUSED_ROBOTS,
    REFUSED_SAFETY,
    failed,
)
from pipeline.harvest.robots import Robots
from pipeline.harvest.state import State, host_shard
from pipeline.harvest.targets import Target, UnsafeAddressError, next_target, target_of

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5
_BREAKS_AFTER = 5  # failures of a host in a row, after which the rest of its addresses wait for a later run
_BREAKING = frozenset({CONNECT, TLS, TIMEOUT, PROTOCOL})  # what befalls whatever is asked of a host


class _EndedError(Exception):
    """An address is not asked now; says how it ends."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True)
class Asker:
    """For whom an address is asked: what is allowed to it, and how gentle it is. `is_listing` for what costs no page of the budget."""

    outlet: str
    allow_hosts: tuple[str, ...] = ()
    delay_seconds: float = 1.0
    budget: int = 500
    is_listing: bool = False


@dataclass(frozen=True)
class Visit:
    """What came of it: an outcome where no answer of the address itself came, or its answers, one a hop, the last one final."""

    outcome: str | None = None
    replies: tuple[Reply, ...] = ()
    detail: str = ""

    @property
    def final(self) -> Reply:
        return self.replies[-1]

    @property
    def is_move(self) -> bool:
        """Whether every hop says that it is for good; a step down to http is never taken for that."""
        hops = self.replies[:-1]
        schemes = [reply.target.scheme for reply in self.replies]
        return bool(hops) and all(hop.status in {301, 308} for hop in hops) and sorted(schemes) == schemes


@dataclass
class Budgets:
    """How many requests are left: of a run and of a host all but those for robots.txt, of an outlet those for pages, and as many for the
    robots.txt of their hosts: pages on a thousand hosts would otherwise cost a thousand requests before one is fetched.
    """

    of_run: int = 20_000
    of_host: int = 2_000
    ends_at: datetime | None = None
    n_run: int = 0
    n_host: Counter[str] = field(default_factory=Counter)
    n_outlet: Counter[str] = field(default_factory=Counter)
    n_rules: Counter[str] = field(default_factory=Counter)  # by outlet

    def refuse(self, host: str, asker: Asker, now: datetime) -> str | None:
        if self.ends_at is not None and now >= self.ends_at:
            return OUT_OF_TIME
        spent = not asker.is_listing and self.n_outlet[asker.outlet] >= asker.budget
        return BUDGET if spent or self.n_run >= self.of_run or self.n_host[host] >= self.of_host else None

    def refuse_rules(self, asker: Asker) -> str | None:
        spent = not asker.is_listing and self.n_rules[asker.outlet] >= asker.budget
        return BUDGET if spent or self.n_run >= self.of_run else None

    def spend_rules(self, asker: Asker) -> None:
        self.n_rules[asker.outlet] += not asker.is_listing

    def spend(self, host: str) -> None:
        self.n_run += 1
        self.n_host[host] += 1

    def spend_page(self, asker: Asker) -> None:
        self.n_outlet[asker.outlet] += not asker.is_listing


class Visitor:
    """Asks addresses for a run; every address at most once, robots.txt and `duplicate` hops included."""

    def __init__(self, client: Client, state: State, clock: Clock, budgets: Budgets, seed: str = "") -> None:
        self._client, self._state, self._clock = client, state, clock
        self._budgets, self._seed = budgets, seed
        self._token = robots.token_of(client.user_agent)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(
            asyncio.Lock
        )  # of hosts: one request at a time
        self._rule_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # by origin
        self._robots: dict[str, Robots] = {}  # by origin, of this run: failures hold for it
        self._in_a_row: Counter[str] = Counter()
        self._asked_hosts: set[str] = set()
        self.asked: set[str] = set()

    async def visit(
        self,
        address: str,
        asker: Asker,
        conditions: Callable[[str], Fields] = lambda _: (),
    ) -> Visit:
        """Ask for an address and follow where it leads; `conditions` gives the fields for an address, such as If-None-Match."""
        replies: list[Reply] = []
        try:
            target = target_of(address)
            if outcome := self._budgets.refuse(target.host, asker, self._clock.now()):
                return Visit(outcome)
            while True:
                reply = await self._hop(target, asker, conditions(target.address))
                if not replies:
                    self._budgets.spend_page(asker)
                replies.append(reply)
                location = reply.get("location")
                if reply.status not in REDIRECTS or not location:
                    return Visit(None, tuple(replies))
                target = _followed(target, location, asker)
                if len(replies) > MAX_REDIRECTS or any(target == reply.target for reply in replies):
                    return Visit(failed("redirects"), tuple(replies))
        except _EndedError as ended:
            return Visit(ended.outcome, tuple(replies))
        except UnsafeAddressError as error:
            return Visit(REFUSED_SAFETY, tuple(replies), str(error))
        except FailedError as error:
            return Visit(failed(error.reason), tuple(replies), error.detail)

    async def _hop(self, target: Target, asker: Asker, fields: Fields) -> Reply:
        """The answer of one address; raises _EndedError where it was not asked."""
        async with self._locks[target.host]:
            if outcome := self._waiting(target.host):
                raise _EndedError(outcome)
            await self._judge(target, asker)
        rules = await self._rules(target, asker)
        async with self._locks[target.host]:
            self._refuse(target, asker, rules)
            theirs = rules.delay_seconds(self._token)
            slot = self._slot(target.host, pace.delay_seconds(asker.delay_seconds, theirs))
            self._budgets.spend(target.host)
            self._asked_hosts.add(target.host)
            self.asked.add(target.address)
            return await self._ask(target, asker, slot, fields)

    def _refuse(self, target: Target, asker: Asker, rules: Robots) -> None:
        """Raise _EndedError where an address is not to be asked now; the host's lock is held."""
        if target.address in self.asked:  # by another worker, while this one waited for the lock
            raise _EndedError(DUPLICATE)
        waiting = self._waiting(target.host)
        if rules.text is None and not asker.is_listing:
            # not known for now: what the page's listing said must not be lost
            raise _EndedError(waiting or DEFERRED_BACKOFF)
        if not rules.allows(target.address, self._token):
            raise _EndedError(REFUSED_ROBOTS)
        is_slow = pace.is_once_a_run(rules.delay_seconds(self._token))
        if is_slow and target.host in self._asked_hosts:
            raise _EndedError(CRAWL_DELAY)
        if outcome := waiting or self._budgets.refuse(target.host, asker, self._clock.now()):
            raise _EndedError(outcome)

    async def _judge(self, target: Target, asker: Asker) -> None:
        """Raise where a host is inside, or has no number: that is a failure of the host, whatever is asked of it."""
        try:
            await self._client.judge(target, asker.allow_hosts)
        except FailedError:
            self._note_failure(target.host, breaks=True)
            raise

    async def _ask(
        self, target: Target, asker: Asker, slot: datetime, fields: Fields, max_bytes: int | None = None
    ) -> Reply:
        """One request, not before its slot; what the host thinks of it is noted. The host's lock is held."""
        await self._clock.sleep_until(slot)
        now, is_rules = clocks.spelt(self._clock.now()), max_bytes is not None
        self._put_pace(target.host, asked_at=now, **({} if is_rules else {"paged_at": now}))
        self._state.commit()  # a run that is killed here must not be followed by one that asks too early
        try:
            reply = await self._client.get(target, fields, allow_hosts=asker.allow_hosts, max_bytes=max_bytes)
        except FailedError as error:
            self._note_failure(target.host, breaks=error.reason in _BREAKING)
            raise
        finally:
            now = clocks.spelt(self._clock.now())
            self._put_pace(target.host, asked_at=now, **({} if is_rules else {"paged_at": now}))
        self._note_answer(target.host, reply)
        return reply

    def _slot(self, host: str, delay: float, *, is_rules: bool = False) -> datetime:
        """When a host may be asked; raises _EndedError where this run is over by then.

        After its robots.txt a host waits for a minute at most: the rules hold for a day, so a delay of a day would never end.
        """
        now, kept = self._clock.now(), self._pace(host)
        shorter = min(delay, pace.MAX_CRAWL_DELAY_SECONDS)
        waits = [(kept.get("asked_at"), shorter), *([] if is_rules else [(kept.get("paged_at"), delay)])]
        moments = [(clocks.read(said), seconds) for said, seconds in waits]
        # a moment of the future: the clock was wrong
        slots = [at + timedelta(seconds=seconds) for at, seconds in moments if at is not None and at <= now]
        slot = max([now, *slots])
        if self._budgets.ends_at is not None and slot >= self._budgets.ends_at:
            raise _EndedError(OUT_OF_TIME)
        return slot

    # --- what a host asks for ----------------------------------------------------------------------------------

    def _pace(self, host: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._state.get(host_shard(host), "pace", host) or {}
        return found

    def _put_pace(self, host: str, **changes: object) -> None:
        self._state.put(host_shard(host), "pace", host, {**self._pace(host), **changes})

    def _waiting(self, host: str) -> str | None:
        until = clocks.read(self._pace(host).get("until"))
        if until is None or self._clock.now() >= until:
            return None
        return DEFERRED_RETRY_AFTER if self._pace(host).get("is_told") else DEFERRED_BACKOFF

    def _note_answer(self, host: str, reply: Reply) -> None:
        now = self._clock.now()
        told = pace.retry_after(reply.get("retry-after"), now) if reply.status >= 400 else None
        if told is not None and told > now:
            self._put_pace(host, until=clocks.spelt(told), is_told=True)
        elif reply.status == 429:
            self._break(host)
        elif reply.status >= 500:
            self._note_failure(host, breaks=True)
        else:
            self._in_a_row[host] = 0
            if self._pace(host).get("n_broken"):
                self._put_pace(host, n_broken=0)

    def _note_failure(self, host: str, *, breaks: bool) -> None:
        self._in_a_row[host] += breaks
        if breaks and self._in_a_row[host] >= _BREAKS_AFTER:
            self._break(host)

    def _break(self, host: str) -> None:
        """The host has had enough for now: nothing of it is asked before a moment that is drawn."""
        n = int(self._pace(host).get("n_broken") or 0) + 1
        until = pace.backoff_until(n, self._clock.now(), f"{self._seed} {host}")
        self._put_pace(host, until=clocks.spelt(until), is_told=False, n_broken=n)
        self._in_a_row[host] = 0

    # --- robots.txt --------------------------------------------------------------------------------------------

    async def _rules(self, target: Target, asker: Asker) -> Robots:
        """What the robots.txt of the target's scheme, host and port says. Each of them is asked for by one worker at a time; no host's
        lock is held by whoever waits for that.
        """
        origin = target.origin
        async with self._rule_locks[origin]:
            if (found := self._robots.get(origin)) is not None:
                return found
            found = self._kept_rules(target)
            if found is None:
                if outcome := self._budgets.refuse_rules(asker):
                    raise _EndedError(outcome)
                self._budgets.spend_rules(asker)
                found = await self._asked_rules(target_of(f"{origin}/robots.txt"), asker)
                if found.text is not None:
                    kept = {"text": found.text, "at": clocks.spelt(found.fetched_at)}
                    self._state.put(host_shard(target.host), "robots", origin, kept)
            self._robots[origin] = found
            return found

    def _kept_rules(self, target: Target) -> Robots | None:
        """Those of an earlier run, where they hold."""
        now = self._clock.now()
        kept = self._state.get(host_shard(target.host), "robots", target.origin)
        found = Robots(kept["text"], clocks.read(kept["at"]) or now) if kept is not None else None
        return found if found is not None and found.holds(now) else None

    async def _asked_rules(self, target: Target, asker: Asker) -> Robots:
        """Each host on the way is asked in its own turn."""
        try:
            for _ in range(robots.MAX_REDIRECTS + 1):
                reply = await self._ask_for_rules(target, asker)
                location = reply.get("location")
                if reply.status not in REDIRECTS or not location:
                    break
                target = _followed(target, location, asker)
        except (FailedError, UnsafeAddressError):
            return robots.unreachable(self._clock.now())
        return robots.read_robots(reply.status, reply.body, self._token, self._clock.now())

    async def _ask_for_rules(self, target: Target, asker: Asker) -> Reply:
        """Raises _EndedError where its host has no time for it now; then nothing is known of the rules."""
        async with self._locks[target.host]:
            await self._judge(target, asker)
            if outcome := self._waiting(target.host):
                raise _EndedError(outcome)
            slot = self._slot(target.host, asker.delay_seconds, is_rules=True)
            return await self._ask(target, asker, slot, (), robots.MAX_BYTES)


def _followed(target: Target, location: str, asker: Asker) -> Target:
    """Where a redirect leads; raises UnsafeAddressError where it is not to be followed."""
    followed = next_target(target, location)
    is_down = target.scheme == "https" and followed.scheme == "http"
    if is_down and followed.host not in asker.allow_hosts:
        raise UnsafeAddressError("a redirect from https to http")
    return followed
