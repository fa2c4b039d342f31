"""What is remembered of each listing (a feed, a sitemap, a list), and what an answer of it means for the next time it is asked."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from pipeline.harvest import clock as clocks
from pipeline.harvest import pace
from pipeline.harvest.client import Fields, Reply
from pipeline.harvest.outcomes import kind_of
from pipeline.harvest.targets import next_target
from pipeline.harvest.visit import Visit

_GONE_FOR = timedelta(days=7)  # a feed that is gone is looked at once a week
_A_DAY_ANYWHERE = timedelta(
    days=2
)  # from its midnight in UTC a day goes on so long, whatever the zone and the clock
_MOVE_HOLDS = timedelta(
    days=7
)  # the stated address is asked again after that: a move may have been a mistake
_FUTURE = timedelta(days=1)
_N_GAPS = 12  # times between news that are kept: a day of an hourly feed
_SILENT_AFTER = timedelta(days=3)  # at least: feeds of small outlets rest over a weekend
_SILENT_GAPS = 10  # times the usual gap

OK, SILENT, MOVED, FAILING, GONE, OTHER = "ok", "silent", "moved", "failing", "gone", "other_content"


@dataclass(frozen=True)
class Poll:
    """One stated listing. Moments as `clock.spelt` writes them; by final address: `validators` ([ETag, Last-Modified]) and `digests`
    of bodies that could be read.
    """

    stated: str
    moved_to: str | None = None
    moved_at: str | None = None
    validators: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str | None] = field(
        default_factory=dict
    )  # of a sitemap index: what it said of when each was changed
    interval_seconds: float = pace.FIRST_INTERVAL.total_seconds()
    asked_at: str | None = None
    ok_at: str | None = None
    new_at: str | None = None
    gone_at: str | None = None
    gaps_seconds: Sequence[float] = ()
    n_failures: int = 0
    last: str | None = None
    tried_at: str | None = None  # when it last failed
    changed_as: str | None = None  # of a part: what its index said of it when it was read

    def address(self, now: datetime) -> str:
        """Where to ask: the stated address, or where it moved for good."""
        moved_at = clocks.read(self.moved_at)
        holds = moved_at is not None and moved_at <= now < moved_at + _MOVE_HOLDS
        return self.moved_to if self.moved_to and holds else self.stated

    def is_due(self, now: datetime) -> bool:
        return pace.is_due(clocks.read(self.asked_at), timedelta(seconds=self.interval_seconds), now)

    def is_gone(self, now: datetime) -> bool:
        gone_at = clocks.read(self.gone_at)
        return gone_at is not None and gone_at <= now < gone_at + _GONE_FOR

    def conditions(self, address: str) -> Fields:
        """The fields that ask an address only for what is new to us."""
        etag, modified = self.validators.get(address, (None, None))
        pairs = (("If-None-Match", etag), ("If-Modified-Since", modified))
        return tuple((name, value) for name, value in pairs if value)

    def awaits(self, part: "Poll", said: str | None) -> bool:
        """Whether a part of this index may have something new: the index says that it was changed, or does not say."""
        asked_at, own = clocks.read(self.asked_at), clocks.read(part.asked_at)
        if said is not None:
            return part.changed_as != said or _may_grow(said, own)
        return own is None or (asked_at is not None and own < asked_at)

    def has_seen(self, reply: Reply) -> bool:
        """Whether the body is byte for byte the one that this address gave last time."""
        return self.digests.get(reply.target.address) == digest_of(reply)


def _may_grow(said: str, asked_at: datetime | None) -> bool:
    """Whether a part that was changed on a day, without an hour, may have got more since it was asked: its day was not over."""
    moment = clocks.read(said)
    is_day = moment is not None and moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return is_day and moment is not None and asked_at is not None and asked_at < moment + _A_DAY_ANYWHERE


def digest_of(reply: Reply) -> str:
    return hashlib.sha256(reply.body).hexdigest()[:32]


def after_reading(poll: Poll, visit: Visit, now: datetime, *, n_new: int, is_whole: bool) -> Poll:
    """A complete 200 that could be read: only that gives validators, and only that makes a move for good."""
    reply = visit.final
    address = reply.target.address
    is_kept = is_whole and reply.status == 200
    validators = {address: validators_of(reply, now)} if is_kept else {}
    digests = {address: digest_of(reply)} if is_kept else {}
    poll = replace(poll, validators=validators, digests=digests, gone_at=None, n_failures=0)
    return _moved(_asked(poll, now, has_new=n_new > 0), visit, now)


def after_no_change(poll: Poll, reply: Reply, now: datetime) -> Poll:
    """A 304 may name other validators; they count from now on. A 200 with the bytes of last time has its own."""
    address = reply.target.address
    kept = validators_of(reply, now)
    if reply.status == 304:
        before = poll.validators.get(address, (None, None))
        kept = [new or old for new, old in zip(kept, before, strict=True)]
    poll = replace(poll, validators={**poll.validators, address: kept}, gone_at=None, n_failures=0)
    return _asked(poll, now, has_new=False)


def after_failure(poll: Poll, outcome: str, now: datetime) -> Poll:
    """What failed is asked again at the next run; where it moved to, it may be back."""
    gone_at = clocks.spelt(now) if outcome == "failed:410" and poll.address(now) == poll.stated else None
    if kind_of(outcome) == "failed":
        poll = replace(poll, moved_to=None, moved_at=None, n_failures=poll.n_failures + 1)
    return replace(poll, gone_at=gone_at, last=outcome, tried_at=clocks.spelt(now))


def after_duplicate(poll: Poll, visit: Visit, now: datetime) -> Poll:
    """A listing that led to another one, which was asked already: a move like any other where every hop said that it is for good."""
    if not visit.replies or any(reply.status not in {301, 308} for reply in visit.replies):
        return poll
    last = visit.final
    moved_to = next_target(last.target, last.get("location") or "").address
    moved_at = clocks.spelt(now)
    return replace(poll, moved_to=moved_to, moved_at=moved_at, gone_at=None, n_failures=0, last=None)


def with_news(poll: Poll, interval_seconds: float, now: datetime) -> Poll:
    """An index of which a part had something new; before it was asked, it was to be asked after `interval_seconds`."""
    return _with_interval(poll, interval_seconds, now, has_new=True)


def parts_in_turn(
    index: Poll, poll_of_part: Callable[[str], Poll], oldest: datetime
) -> list[tuple[str, str | None]]:
    """The parts of an index that may have something new, each with what the index says of its change: those first that were not asked
    for longest, and of these the ones that were changed last. Those that were changed before `oldest` are never read.
    """
    wanted = []
    for part, said in index.parts.items():
        poll = poll_of_part(part)
        if (said is None or said >= clocks.spelt(oldest)) and index.awaits(poll, said):
            wanted.append((max(poll.asked_at or "", poll.tried_at or ""), part, said))
    wanted.sort(key=lambda one: one[2] or "~", reverse=True)
    wanted.sort(key=lambda one: one[0])
    return [(part, said) for _, part, said in wanted]


def health(poll: Poll, now: datetime) -> str:
    """How a listing is: one word."""
    if poll.gone_at is not None:
        return GONE
    if poll.last in {"failed:not_a_feed", "failed:unsafe_xml"}:
        return OTHER
    if poll.n_failures or (poll.last and kind_of(poll.last) == "refused"):
        return FAILING
    if poll.moved_to is not None:
        return MOVED
    new_at, gaps = clocks.read(poll.new_at), sorted(poll.gaps_seconds)
    usual = timedelta(seconds=gaps[len(gaps) // 2]) if gaps else timedelta(0)
    is_silent = new_at is not None and now - new_at > max(_SILENT_AFTER, _SILENT_GAPS * usual)
    return SILENT if is_silent else OK


def value_of(poll: Poll) -> dict[str, Any]:
    """As JSON, without what says nothing."""
    return {name: value for name, value in asdict(poll).items() if value not in (None, {}, (), [])}


def poll_of(stated: str, value: Mapping[str, Any] | None) -> Poll:
    """Fields that later versions write are passed over."""
    names = {one.name for one in fields(Poll)}
    known = {name: said for name, said in (value or {}).items() if name in names}
    gaps = tuple(known.get("gaps_seconds", ()))
    return Poll(**{**known, "stated": stated, "gaps_seconds": gaps})


def _asked(poll: Poll, now: datetime, *, has_new: bool) -> Poll:
    said = clocks.spelt(now)
    poll = replace(poll, asked_at=said, ok_at=said, last=None)
    return _with_interval(poll, poll.interval_seconds, now, has_new=has_new)


def _with_interval(poll: Poll, interval_seconds: float, now: datetime, *, has_new: bool) -> Poll:
    interval = pace.next_interval(timedelta(seconds=interval_seconds), has_new=has_new)
    poll = replace(poll, interval_seconds=interval.total_seconds())
    if not has_new:
        return poll
    new_at = clocks.read(poll.new_at)
    gaps = poll.gaps_seconds if new_at is None else [*poll.gaps_seconds, (now - new_at).total_seconds()]
    return replace(poll, new_at=clocks.spelt(now), gaps_seconds=tuple(gaps)[-_N_GAPS:])


def _moved(poll: Poll, visit: Visit, now: datetime) -> Poll:
    """A move is remembered where every hop from the stated address said that it is for good."""
    if visit.is_move:
        return replace(poll, moved_to=visit.final.target.address, moved_at=clocks.spelt(now))
    if len(visit.replies) > 1 or poll.address(now) == poll.stated:
        return replace(poll, moved_to=None, moved_at=None)
    return poll


def validators_of(reply: Reply, now: datetime) -> list[str | None]:
    """As they were sent; none that is a date of the future or of before the web: such a server answers 304 for ever."""
    etag, modified = reply.get("etag"), reply.get("last-modified")
    return [
        etag if etag and not _is_wrong_date(etag.removeprefix("W/").strip('"'), now) else None,
        modified if modified and not _is_wrong_date(modified, now, is_date=True) else None,
    ]


def _is_wrong_date(text: str, now: datetime, *, is_date: bool = False) -> bool:
    """`is_date` where it has to be one."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return is_date
    moment = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    return moment > now + _FUTURE or moment.year < 1990
