"""Pages that listings name: which are new, which wait for another try, which are known. An address is a page's key.

New is what was not seen, whatever its date. A page is known for `KNOWN_DAYS` after it was last listed: of young ones all is kept, of
older ones a digest and a day.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pipeline.harvest import clock as clocks
from pipeline.harvest import pace
from pipeline.harvest.asked import asked_address
from pipeline.harvest.items import Item
from pipeline.harvest.outcomes import (
    DEFERRED_BACKOFF,
    DUPLICATE,
    FETCHED,
    NOT_MODIFIED,
    failed,
    kind_of,
    waits,
)
from pipeline.harvest.state import State, host_shard, outlet_shard

KNOWN_DAYS = 45  # pages that stay in a feed or a sitemap are seen again and again, and stay known as long
_YOUNG = timedelta(days=3)  # so long all is kept of a page
_GUID_DAYS = 14
_MAX_TRIES = 5
_LASTING = frozenset(
    map(failed, (401, 403, 404, 405, 451))
)  # tried once more: some outlets list a page before it is there
_OF_HOST = frozenset(
    map(failed, ("connect", "tls"))
)  # says nothing of the page: it waits, as long as a page is known, until its host is there again
_WAITING, _KNOWN, _OLDER, _GUIDS = "waiting", "known", "older", "guids"


@dataclass(frozen=True)
class Page:
    """What is recorded of a page: `url` as it is asked, moments as `clock.spelt` writes them."""

    url: str
    outlet: str
    title: str | None = None
    published_at: str | None = None
    precision: str | None = None
    date_raw: str | None = None
    modified_at: str | None = None
    guid: str | None = None
    flags: tuple[str, ...] = ()
    discovered_at: str | None = None
    seen_in: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    revision_of: str | None = None
    n_tries: int = 0
    n_looks: int = 0  # how often it was fetched
    next_at: str | None = None
    fetched_at: str | None = None
    etag: str | None = None
    digest: str | None = None  # of the last body
    outcome: str | None = None

    @property
    def host(self) -> str:
        return _host_of(self.url)


class Pages:
    """The pages of a run."""

    def __init__(self, state: State, revisit_hours: Sequence[float] = ()) -> None:
        self._state, self._revisit_hours = state, revisit_hours
        self.claimed: dict[str, Page] = {}  # by address: what this run has met

    def waiting(self, outlet: str, now: datetime) -> Iterator[Page]:
        """Pages of an outlet that are due for another try or another look, those first that were found first: where a budget is spent each
        time, every page has its turn. Those that have waited for too long go.
        """
        section = self._state.section(outlet_shard(outlet), _WAITING)
        for url, value in sorted(
            section.items(), key=lambda one: (one[1].get("discovered_at") or "", one[0])
        ):
            page = _page(value)
            next_at, found_at = clocks.read(page.next_at), clocks.read(page.discovered_at)
            is_old = found_at is not None and now > found_at + timedelta(days=KNOWN_DAYS)
            if is_old or self._is_looked_at_since(page):
                self._state.put(outlet_shard(outlet), _WAITING, url, None)
            elif (next_at is None or now >= next_at) and url not in self.claimed:
                self.claimed[url] = page
                yield page

    def admit(
        self, items: Sequence[Item], listing: str, outlets: tuple[str, ...], now: datetime
    ) -> Iterator[tuple[Page, str | None]]:
        """The pages of a listing's items, each with its outcome where it has one already: it is known, or its time has not come. Those
        without are new: they wait from now on; or they were refused by an earlier run, which `outcome` of the page says. A page that
        this run has met already is not named again.
        """
        times = Counter(item.guid for item in items if item.guid)
        for item in items:
            if item.url is None:
                continue
            url = asked_address(item.url)
            if (met := self.claimed.get(url)) is not None:
                self._see_again(met, listing, outlets)
                continue
            guid = item.guid if item.guid and times[item.guid] == 1 else None
            page = _of_item(item, url, listing, outlets, guid, now)
            known = self._known(page, now)
            self.claimed[url] = known or page
            if known and kind_of(known.outcome or "") == "refused":  # it may be permitted by now
                yield known, None
            elif known:
                self._note_guid(page, now)
                yield known, DUPLICATE
            elif self._state.get(outlet_shard(page.outlet), _WAITING, url) is not None:
                yield page, DEFERRED_BACKOFF
            else:
                page = replace(page, revision_of=self._earlier(page))
                self.claimed[url] = page
                self._state.put(outlet_shard(page.outlet), _WAITING, url, _value(page))
                yield page, None

    def skip(self, items: Sequence[Item], now: datetime) -> None:
        """Take pages for known that are not to be fetched: the archive that a first look into a sitemap shows."""
        for item in items:
            if item.url is not None:
                self._put_older(asked_address(item.url), now)

    def settle(
        self, page: Page, outcome: str, now: datetime, digest: str | None = None, etag: str | None = None
    ) -> None:
        """Note what came of a page."""
        page = replace(self.claimed.get(page.url, page), revision_of=page.revision_of, outcome=outcome)
        kind = kind_of(outcome)
        if kind in {FETCHED, NOT_MODIFIED}:
            page = self._looked_at(page, now, digest, etag)
        elif kind == "failed" and outcome not in _OF_HOST:
            page = replace(page, n_tries=page.n_tries + 1)
        is_tried_again = waits(outcome) and not self._is_hopeless(page, outcome)
        if is_tried_again:
            self._wait(page, now)
        else:
            self._state.put(outlet_shard(page.outlet), _WAITING, page.url, None)
        if kind in {FETCHED, NOT_MODIFIED, DUPLICATE} or (
            kind in {"failed", "refused"} and not is_tried_again
        ):
            self._keep(page, now)
            self._plan_look(page, now)
        self.claimed[page.url] = page

    def recorded(self, hosts: Sequence[str]) -> list[Page]:
        """The young pages of hosts that were fetched, as they stand in the state."""
        found = [value for host in hosts for value in self._state.section(host_shard(host), _KNOWN).values()]
        return [page for page in map(_page, found) if page.n_looks]

    def age(self, hosts: Sequence[str], outlets: Sequence[str], now: datetime) -> None:
        """Let go of what is not young any more, and of what is too old to matter."""
        today = now.toordinal()
        for shard in map(host_shard, hosts):
            for url, value in list(self._state.section(shard, _KNOWN).items()):
                seen_at = clocks.read(value.get("fetched_at")) or clocks.read(value.get("discovered_at"))
                if seen_at is None or now - seen_at > _YOUNG:
                    self._state.put(shard, _KNOWN, url, None)
                    self._state.put(shard, _OLDER, _digest(url), today)
            for digest, day in list(self._state.section(shard, _OLDER).items()):
                if today - day > KNOWN_DAYS:
                    self._state.put(shard, _OLDER, digest, None)
        for shard in map(outlet_shard, outlets):
            for digest, (_, day) in list(self._state.section(shard, _GUIDS).items()):
                if today - day > _GUID_DAYS:
                    self._state.put(shard, _GUIDS, digest, None)

    def _is_looked_at_since(self, page: Page) -> bool:
        """Whether another machine has fetched it, while what this one remembers of it was not stored."""
        known = self._state.get(host_shard(page.host), _KNOWN, page.url)
        return known is not None and known.get("n_looks", 0) > page.n_looks

    # --- what is known -----------------------------------------------------------------------------------------

    def _known(self, page: Page, now: datetime) -> Page | None:
        shard = host_shard(page.host)
        if (value := self._state.get(shard, _KNOWN, page.url)) is not None:
            known = _page(value)
            self._see_again(known, page.seen_in[0], page.outlets)
            return known
        day = self._state.get(shard, _OLDER, _digest(page.url))
        if day is None:
            return None
        if now.toordinal() - day > KNOWN_DAYS // 6:  # not at each look: it would write the shard each time
            self._put_older(page.url, now)
        return replace(page, outcome=DUPLICATE)

    def _see_again(self, page: Page, listing: str, outlets: tuple[str, ...]) -> None:
        """The first title and date stay; where else it was seen is added."""
        both = replace(
            page,
            seen_in=tuple(dict.fromkeys((*page.seen_in, listing))),
            outlets=tuple(dict.fromkeys((*page.outlets, *outlets))),
        )
        self.claimed[page.url] = both
        shard = host_shard(page.host)
        if both != page and self._state.get(shard, _KNOWN, page.url) is not None:
            self._state.put(shard, _KNOWN, page.url, _value(both))

    def _keep(self, page: Page, now: datetime) -> None:
        self._state.put(host_shard(page.host), _KNOWN, page.url, _value(page))
        self._note_guid(page, now)

    def _put_older(self, url: str, now: datetime) -> None:
        shard = host_shard(_host_of(url))
        self._state.put(shard, _OLDER, _digest(url), now.toordinal())

    def _note_guid(self, page: Page, now: datetime) -> None:
        if page.guid:
            shard, key, today = outlet_shard(page.outlet), _digest(page.guid), now.toordinal()
            kept = self._state.get(shard, _GUIDS, key)
            if kept is None or kept[0] != page.url or today - kept[1] > _GUID_DAYS // 3:
                self._state.put(shard, _GUIDS, key, [page.url, today])

    def _earlier(self, page: Page) -> str | None:
        """The page of which this one is a revision: it had the same guid under another address."""
        kept = page.guid and self._state.get(outlet_shard(page.outlet), _GUIDS, _digest(page.guid))
        return kept[0] if kept and kept[0] != page.url else None

    # --- what waits --------------------------------------------------------------------------------------------

    def _is_hopeless(self, page: Page, outcome: str) -> bool:
        if outcome == failed(410):
            return True
        return page.n_tries >= (2 if outcome in _LASTING else _MAX_TRIES)

    def _wait(self, page: Page, now: datetime) -> None:
        next_at = pace.backoff_until(page.n_tries, now, page.url) if page.n_tries else now
        value = _value(replace(page, next_at=clocks.spelt(next_at)))
        self._state.put(outlet_shard(page.outlet), _WAITING, page.url, value)

    def _looked_at(self, page: Page, now: datetime, digest: str | None, etag: str | None) -> Page:
        if self._revisit_hours:
            kept = page.etag if page.outcome == NOT_MODIFIED else None
            page = replace(page, digest=digest or page.digest, etag=etag or kept)
        return replace(page, n_looks=page.n_looks + 1, n_tries=0, fetched_at=clocks.spelt(now))

    def _plan_look(self, page: Page, now: datetime) -> None:
        """A young article is looked at again after some hours, where the settings say so."""
        if 0 < page.n_looks <= len(self._revisit_hours):
            first = clocks.read(page.discovered_at) or now
            next_at = max(first + timedelta(hours=self._revisit_hours[page.n_looks - 1]), now)
            value = _value(replace(page, next_at=clocks.spelt(next_at)))
            self._state.put(outlet_shard(page.outlet), _WAITING, page.url, value)


def _of_item(
    item: Item, url: str, listing: str, outlets: tuple[str, ...], guid: str | None, now: datetime
) -> Page:
    return Page(
        url,
        outlets[0],
        title=item.title,
        published_at=clocks.spelt(item.published_at) if item.published_at else None,
        precision=item.precision,
        date_raw=item.date_raw,
        modified_at=clocks.spelt(item.modified_at) if item.modified_at else None,
        guid=guid,
        flags=item.flags,
        discovered_at=clocks.spelt(now),
        seen_in=(listing,),
        outlets=outlets,
    )


_DEFAULTS = {field.name: field.default for field in fields(Page)}
_LISTS = frozenset({"flags", "seen_in", "outlets"})


def _value(page: Page) -> dict[str, Any]:
    """As JSON, without what says nothing."""
    said = ((name, getattr(page, name)) for name in _DEFAULTS)
    return {name: value for name, value in said if value != _DEFAULTS[name]}


def _page(value: dict[str, Any]) -> Page:
    """Fields that later versions write are passed over."""
    known: dict[str, Any] = {name: said for name, said in value.items() if name in _DEFAULTS}
    known |= {name: tuple(known[name]) for name in _LISTS & set(known)}
    return Page(**known)


def _host_of(url: str) -> str:
    """Empty for what is no address: whoever asks for it refuses it."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
