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
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
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

    @cached_property
    def last_moment(self) -> dt.datetime:
        """The last moment at which it may have been published; what no time is known of comes last."""
        return last_moment(self.published_at, self.precision)


class Source(NamedTuple):
    """Whom a text is from, and its article if the window has one; no name where that article is of no known outlet."""

    name: str | None
    kind: str
    article: Member | None
    is_tied: bool = False  # whether somebody else may have been first, by his time
    outlet_id: str | None = None  # of an outlet, where the outlets' file or an address tells it


OUTLET, AGENCY = "outlet", "agency"


def source_of(members: Sequence[Member], stated: Mapping[str, Source] | None = None) -> Source:
    """The source of a copy group, of all its members in the window, later captures of pages left out.

    `stated` are their stated_sources, where they are at hand.
    """
    own = stated_sources(members) if stated is None else stated
    # Who credits somebody is not the source, unless all do: then they credit each other.
    silent = [one for one in members if one.article_id not in own]
    able = [one for one in silent if one.may_write] or silent or members
    first = min(able, key=order)
    named = Counter(map(_key_of_kind, own.values()))
    sources = {_key_of_kind(found): found for found in own.values()}
    takers = {(kind, name) for one in members if one.article_id in own for kind, name in _names_of(one)}
    for kind in (OUTLET, AGENCY):
        roots = {one: n for one, n in named.items() if one[0] == kind and one not in takers}
        if roots:
            chosen = min(roots, key=lambda one: (-roots[one], one))
            found = sources[chosen]
            if not _took_it_too(found, first, is_most=2 * roots[chosen] > len(members) - 1):
                return _with_ties(found, silent)
    return _with_ties(_of(first), able)


def stated_sources(members: Sequence[Member]) -> dict[str, Source]:
    """Whom each article credits itself, by its id. Each outlet is one source, however the articles spell it.

    It is shown by its own earliest article or, without one, under the name that most give it; of equals, the first in order of names.
    """
    found = {one.article_id: source for one in members if (source := credited(one, members))}
    known = _with_ids(list(found.values()))
    spelled = defaultdict(list)
    for source in known:
        spelled[_key_of_kind(source)].append(source)
    shown = {one: _shown(some) for one, some in spelled.items()}
    return {article_id: shown[_key_of_kind(source)] for article_id, source in zip(found, known, strict=True)}


def _shown(some: Sequence[Source]) -> Source:
    """One of several spellings of a source."""
    own = [(order(source.article), source) for source in some if source.article]
    if own:
        return min(own, key=itemgetter(0))[1]
    names = Counter(source.name or "" for source in some)
    return some[0]._replace(name=min(names, key=lambda name: (-names[name], name)))


def _with_ids(sources: list[Source]) -> list[Source]:
    """Outlets by name alone with the id of one that is named alike; of several, the first."""
    outlets = {(source.outlet_id, source.name or "") for source in sources if source.kind == OUTLET}
    known = sorted((outlet_id, name) for outlet_id, name in outlets if outlet_id)
    ids = {
        name: next((i for i, other in known if _is_one_name(name, other)), None)
        for outlet_id, name in outlets
        if not outlet_id
    }
    return [
        source._replace(outlet_id=source.outlet_id or ids[source.name or ""])
        if source.kind == OUTLET
        else source
        for source in sources
    ]


def _is_one_name(one: str, other: str) -> bool:
    """Whether two names, or a name and a host, are of one outlet."""
    return plain(one) == plain(other) or (is_host(other) and _label(other) in _joined(one))


def _names_of(member: Member) -> set[tuple[str, str]]:
    """By what an article's outlet may be credited, with the kind of source."""
    names = {(OUTLET, outlet_key(member)), (OUTLET, plain(member.outlet or ""))}
    return names | {(AGENCY, plain(member.supplies or member.outlet or ""))}


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
    if member.supplies:
        return Source(member.supplies, AGENCY, member)
    return Source(member.outlet, OUTLET, member, outlet_id=member.outlet_id)


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
            return Source(credit.name, OUTLET, None, outlet_id=credit.outlet_id)
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
    """Whether two articles are of one outlet, by the outlets' file or by its name."""
    return outlet_key(one) == outlet_key(other) or plain(one.outlet or "") == plain(other.outlet or "")


def key(source: Source) -> str:
    """By what two sources of a kind are compared: the outlet's id or, where that is not known, the name."""
    return source.outlet_id or plain(source.name or "")


def _key_of_kind(source: Source) -> tuple[str, str]:
    return source.kind, key(source)


def outlet_key(member: Member) -> str:
    """The same, of an article's outlet."""
    return member.outlet_id or plain(member.outlet or "")


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
