"""The source of a copy group: the outlet or agency that its text is from, and how sure that is of each that took it.

The rule, of which the first that decides counts:

1. Credit: whom most of the copies credit who credit somebody; not one who credits another for it, nor one
   who was clearly published after somebody who credits nobody: he passed it on. Where his time is not known, or
   only his day, it takes more than half of the others to credit him.
2. Agency: the one that most of the copies state.
3. Time: whoever was published first, by times that are known. A date without an hour is the end of its day. Portals and
   repost sites write nothing: they are the source only where nobody else has the text.
4. Completeness: of those whose times tie, the whole text before a part of it. Then the id.

A copy that credits somebody itself took it from there, whoever the source of the group is.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.flows.credits import Credit, is_host, plain
from pipeline.model.kinds import Confidence, Precision
from pipeline.model.sorting import last_moment, source_order
from pipeline.text import scripts, urls


@dataclass(frozen=True)
class Member:
    """One article of a copy group: of which outlet, when, how long, and whom it credits."""

    article_id: str
    outlet: str | None
    domain: str | None
    agency: str | None
    published_at: dt.datetime | None
    precision: str | None
    n_words: int
    credits: Sequence[Credit] = ()
    outlet_id: str | None = None  # by the outlets' file
    supplies: str | None = None  # the agency that its outlet is
    may_write: bool = True  # no portal or repost site, by the outlets' file

    @property
    def last_moment(self) -> dt.datetime:
        """The last moment at which it may have been published; what no time is known of comes last."""
        return last_moment(self.published_at, self.precision)


class Source(NamedTuple):
    """Whom a text is from, and its article if the window has one; no name where that article is of no known outlet."""

    name: str | None
    kind: str
    article: Member | None
    is_tied: bool = False  # whether somebody else may have been first, by his time


OUTLET, AGENCY = "outlet", "agency"


def source_of(members: Sequence[Member]) -> Source:
    """The source of a copy group, of all its members in the window, later captures of pages left out."""
    own = {one.article_id: found for one in members if (found := credited(one, members))}
    # Who credits somebody is not the source, unless all do: then they credit each other.
    silent = [one for one in members if one.article_id not in own]
    able = [one for one in silent if one.may_write] or silent or members
    first = min(able, key=order)
    for kind in (OUTLET, AGENCY):
        named = Counter(key(found) for found in own.values() if found.kind == kind)
        takers = {outlet_key(one) for one in members if one.article_id in own}
        roots = {name: n for name, n in named.items() if name not in takers}
        if roots:
            chosen = min(roots, key=lambda name: (-roots[name], name))
            found = next(found for found in own.values() if key(found) == chosen)
            if not _took_it_too(found, first, is_most=2 * roots[chosen] > len(members) - 1):
                return _with_ties(found, silent)
    return _with_ties(_of(first), able)


def _with_ties(source: Source, others: Sequence[Member]) -> Source:
    article = source.article
    return source._replace(is_tied=article is not None and any(_ties(article, one) for one in others))


def _ties(first: Member, other: Member) -> bool:
    """Whether another outlet may have been before the first one; a date without an hour is the end of its day, and ties with such dates."""
    if first.published_at is None:
        return True
    is_date = other.precision == Precision.DAY != first.precision
    return (
        not is_same_outlet(first, other)
        and not is_date
        and other.published_at is not None
        and other.published_at <= first.last_moment
    )


def _of(member: Member) -> Source:
    """The outlet of an article, or the agency that it is."""
    return Source(member.supplies or member.outlet, AGENCY if member.supplies else OUTLET, member)


def _took_it_too(source: Source, first: Member, *, is_most: bool) -> bool:
    """Whether the credited article comes after one that credits nobody: clearly, or by a time that says little where few credit it."""
    article = source.article
    if article is None or article.last_moment <= first.last_moment:
        return False
    return not is_most or confidence(article, _of(first)) is Confidence.EARLIER


def credited(member: Member, members: Sequence[Member]) -> Source | None:
    """Whom an article credits itself: another outlet, else an agency; not its own outlet, and nobody that is not known otherwise
    where the words may mean a figure.
    """
    agency = Source(member.agency, AGENCY, None) if member.agency else None
    for credit in member.credits:
        if is_outlet(member, credit):
            continue
        named = [one for one in members if is_outlet(one, credit)]
        if credit.agency:
            agency = agency or Source(credit.agency, AGENCY, None)
        elif named:
            article = min(named, key=order)
            return _of(article)
        elif credit.is_sure:
            return Source(credit.name, OUTLET, None)
    if agency and is_outlet(member, _by_name(agency)):
        return None
    return agency and _with_article(agency, members)


def _with_article(agency: Source, members: Sequence[Member]) -> Source:
    """The agency with its own article, where it is an outlet of the group, too."""
    own = [one for one in members if is_outlet(one, _by_name(agency))]
    return agency._replace(article=min(own, key=order)) if own else agency


def _by_name(agency: Source) -> Credit:
    return Credit(agency.name or "", True, agency=agency.name)


def is_outlet(member: Member, credit: Credit) -> bool:
    """Whether whom a text credits is the article's outlet: by its name, its host, what the outlets' file says, or the agency that it is."""
    if credit.outlet_id and credit.outlet_id == member.outlet_id:
        return True
    if credit.agency and credit.agency == member.supplies:
        return True
    names = {plain(n) for n in (member.outlet, member.domain) if n}
    return plain(credit.name) in names or (
        is_host(credit.name) and _label(credit.name) in _joined(member.outlet)
    )


def _label(host: str) -> str:
    """The part of a host that names the site: harrowpost of www.harrow-post.co.uk."""
    return (urls.site_of(f"https://{host}/") or host).split(".")[0].replace("-", "")


def _joined(name: str | None) -> set[str]:
    """A name in one word, as hosts have it: with the article before it and without."""
    return {"".join(scripts.words(said.casefold())) for said in (name or "", plain(name or ""))}


def is_same_outlet(one: Member, other: Member) -> bool:
    """Whether two articles are of one outlet, by its name or by the outlets' file."""
    return outlet_key(one) == outlet_key(other) or (
        one.outlet_id is not None and one.outlet_id == other.outlet_id
    )


def key(source: Source) -> str:
    """By what two sources are compared."""
    return plain(source.name or "")


def outlet_key(member: Member) -> str:
    """The same, of an article's outlet."""
    return plain(member.outlet or "")


def order(member: Member) -> tuple[dt.datetime, int, str]:
    """By what the earliest is found: its last moment, the longest text first, the id."""
    return source_order(member.last_moment, member.n_words, member.article_id)


def confidence(taker: Member, source: Source) -> Confidence:
    """How sure it is that an article is from a source that it does not credit itself.

    Two times within the precision of each other tie: 10:00 and 10:00:30 do, and any hour with its day.
    """
    if source.article is None or source.is_tied or taker.published_at is None:
        return Confidence.UNCLEAR
    is_earlier = source.article.last_moment < taker.published_at
    return Confidence.EARLIER if is_earlier else Confidence.UNCLEAR


def lag_minutes(taker: Member, source: Source) -> int | None:
    """Whole minutes between the two, rounded down; below 0 where the source has the later time. None where one has no hour."""
    article = source.article
    if article is None or article.published_at is None or taker.published_at is None:
        return None
    if Precision.DAY in {article.precision, taker.precision}:
        return None
    return (taker.published_at - article.published_at) // dt.timedelta(minutes=1)
