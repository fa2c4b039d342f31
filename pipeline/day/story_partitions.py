"""Stories as known now: a partition of `stories` is a function of the memberships of every day that has a share in it.

A day's memberships touch the partition of every day on which one of their stories began. The manifest of a
`stories` partition names the days that contribute to it, with a digest of each share; a touched one is made again
from all of them under its lock, so that two days that run at once lose nothing. The manifest of a day's
`memberships` names the same shares from its side, and those that are not settled yet: whatever breaks off in
between, the two do not match, and `status` sees it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import accounts, inputs, reuse
from pipeline.day.last_run import groups_of_others
from pipeline.engines import faults
from pipeline.engines.engine import Engine, Interpreted
from pipeline.engines.faults import Backed, Fault, Guarded
from pipeline.model.arrow import Array, distinct, is_in, texts
from pipeline.model.errors import OvertakenError
from pipeline.model.ids import begins, day_of, is_of, prefix_of, prefixes
from pipeline.model.internal_tables import MEMBERS
from pipeline.model.tables import MEMBERSHIPS, RUNS, STORIES
from pipeline.store import parquet, spill
from pipeline.store.manifest import Manifest, Standing, is_of_form
from pipeline.store.warehouse import Warehouse
from pipeline.stories import summary

log = logging.getLogger(__name__)

_SCORE = "story_score"


def shares_of(memberships: Manifest | None) -> dict[str, str]:
    """What a day's memberships contribute to stories: a digest of each share, by the first day of its stories."""
    return memberships.notes.get("parts", {}) if memberships else {}


def unsettled_of(memberships: Manifest | None) -> Sequence[str]:
    """The first days of stories that may lack the day's share: its run broke off before it had brought them up to date."""
    return memberships.notes.get("unsettled", ()) if memberships else ()


def manifest_notes(shares: dict[str, str], unsettled: Sequence[str]) -> dict[str, Any]:
    """What the manifest of a day's memberships is to say of stories: what `shares_of` and `unsettled_of` read."""
    return {"parts": shares, "unsettled": list(unsettled)}


_FAULTS = "faults"  # the note in the manifest of a `stories` partition
_TRIES = 5  # only a run that lost its lock without noticing can come in between


def owed(warehouse: Warehouse, day: date, shares: dict[str, str]) -> list[str]:
    """The first days of the stories that the day has a share in, or had before, or has not settled yet; those left out whose
    partition says already what it would say. A run that changes nothing owes nothing, and writes nothing.
    """
    before = warehouse.manifest(MEMBERSHIPS, day)
    touched = sorted({*shares, *shares_of(before), *unsettled_of(before), str(day)})
    return [d for d in touched if not _is_settled(warehouse, date.fromisoformat(d), day, shares.get(d))]


def touched(day: date, owed: Iterable[str]) -> list[tuple[str, date]]:
    """The published partitions that a day's publication may replace: its own, and those of stories that it owes something."""
    own = [(contract.name, day) for contract in inputs.OWN if contract.published]
    return own + [(STORIES.name, date.fromisoformat(first)) for first in owed]


def shares(members: pa.Table) -> dict[str, str]:
    """The first days of the stories that members belong to, each with a digest of those members."""
    arranged = MEMBERS.arrange(members)
    starts = texts(distinct(prefixes(members["story_id"])))
    firsts = sorted(day_of(start) for start in starts)
    return {str(first): _digest(_began(arranged, first)) for first in firsts}


@dataclass(frozen=True)
class Difference:
    """What the day's share in stories was, as `shares`; by their ids, the stories in which a member of the day is another, and of all
    other stories those in which a member has another score. Scores follow from all articles of a day, so they change in many.
    """

    day: date
    before: Mapping[str, str]
    stories: Array
    rescored: Array


def difference(warehouse: Warehouse, day: date, members: pa.Table) -> Difference | None:
    """Between the members of the day that stand and those that are to be; None where what stands is not all of one run."""
    is_first = not warehouse.has(MEMBERS, day)
    standing = MEMBERS.empty() if is_first else reuse.standing_rows(warehouse, MEMBERS, day)
    before = shares_of(warehouse.manifest(MEMBERSHIPS, day))
    if standing is None or shares(standing) != before:
        return None
    same = reuse.unchanged(members, standing, [n for n in MEMBERS.names if n != _SCORE])
    others = groups_of_others((members, standing), same, "story_id")
    alike = reuse.among(members, same)
    rescored = groups_of_others([alike], reuse.unchanged(alike, standing, [_SCORE]), "story_id")
    return Difference(day, before, others, rescored.filter(pc.invert(is_in(rescored, others))))


def publish_stories(
    warehouse: Warehouse,
    engine: Engine[Any],
    day: date,
    touched: list[str],
    shares: dict[str, str],
    differs: Difference | None = None,
) -> list[str]:
    """Bring the `stories` partitions of the touched days up to date, each where it is not yet; returns those whose files changed."""
    changed = []
    parts = _Parts(warehouse, differs) if differs else None
    for first in map(date.fromisoformat, touched):
        with warehouse.lock(STORIES, first):
            is_settled = _is_settled(warehouse, first, day, shares.get(str(first)))
            if not is_settled and _settle(warehouse, engine, first, day, parts):
                changed.append(f"{STORIES.name}/{first}")
                spill.give_back()
    return changed


def faults_of(warehouse: Warehouse, firsts: Iterable[str]) -> set[Fault]:
    """The articles that the stories which began on these days could not be summarised with."""
    manifests = (warehouse.manifest(STORIES, date.fromisoformat(first)) for first in firsts)
    return {
        Fault(article_id, None, stage, error)
        for manifest in manifests
        if manifest
        for article_id, stage, error in manifest.notes.get(_FAULTS, ())
    }


def _is_settled(warehouse: Warehouse, first: date, day: date, share: str | None) -> bool:
    """Whether the partition was made by today's rules from this share of the day and from what its other contributors have now."""
    manifest = warehouse.manifest(STORIES, first)
    if manifest is None or manifest.version != warehouse.version(STORIES, first):
        return False
    has_rules = is_of_form(manifest, STORIES) and manifest.notes.get("rules") == _rules()["rules"]
    others = {d: digest for d, digest in manifest.inputs.items() if d != str(day)}
    return (
        has_rules
        and manifest.inputs.get(str(day)) == share
        and all(_share_of(warehouse, d, first) == digest for d, digest in others.items())
    )


def _rules() -> dict[str, str]:
    return {"rules": inputs.of_rules("stories")}


def _share_of(warehouse: Warehouse, day: str, first: date) -> str | None:
    return shares_of(warehouse.manifest(MEMBERSHIPS, date.fromisoformat(day))).get(str(first))


@dataclass(frozen=True)
class _Part:
    """What one day's members contribute: a digest of each share, and the members (MEMBERS) of the stories that are asked for."""

    digests: Mapping[str, str]
    members: pa.Table


class _Parts:
    """What days contribute, each of them read once for the partitions of all days on which stories began."""

    def __init__(self, warehouse: Warehouse, differs: Difference) -> None:
        self.differs, self._warehouse = differs, warehouse
        self._read: dict[tuple[date, str], _Part] = {}

    def of(self, days: Mapping[date, str]) -> dict[date, _Part]:
        """The parts of days in these versions of their members."""
        return {day: self._of(day, version) for day, version in days.items()}

    def _of(self, day: date, version: str) -> _Part:
        if (day, version) not in self._read:
            wanted = pa.concat_arrays([self.differs.stories, self.differs.rescored])
            known, asked = _noted_shares(self._warehouse, day, version), pc.field("story_id").isin(wanted)
            found = list(self._warehouse.scan(MEMBERS, [day], where=asked if known else None))
            members = spill.gathered(MEMBERS.schema, found)
            digests = known if known and found else shares(members)  # of a damaged file nothing is found
            self._read[day, version] = _Part(
                digests, spill.chosen(members, is_in(members["story_id"], wanted))
            )
        return self._read[day, version]


def _noted_shares(warehouse: Warehouse, day: date, version: str) -> Mapping[str, str]:
    """`shares` of a day's members in that version, as its memberships' manifest notes them; nothing where the two are not of one run."""
    members, places = warehouse.standing(MEMBERS, day, confirm=True), warehouse.manifest(MEMBERSHIPS, day)
    digests = accounts.noted(warehouse.manifest(RUNS, day)).digests
    is_read = members.version == version and members.digest == digests.get(MEMBERS.name)
    if not is_read or places is None or places.digest != digests.get(MEMBERSHIPS.name):
        return {}
    return {} if unsettled_of(places) else shares_of(places)


def _settle(
    warehouse: Warehouse,
    engine: Engine[Any],
    first: date,
    day: date,
    parts: _Parts | None,
) -> bool:
    """Bring one partition up to date with its contributors; returns whether its file changed."""
    changed = False
    for _ in range(_TRIES):
        before = warehouse.standing(STORIES, first)  # before its shares: what comes later is then refused
        read = _versions(warehouse, first, day)
        try:
            news = _differing(warehouse, first, read, before, parts)
            changed |= _publish(warehouse, engine, first, news, before)
        except OvertakenError:
            continue
        if _versions(warehouse, first, day).items() <= read.items():
            return changed
    raise OvertakenError(
        f"{warehouse.storage.uri}: stories of {first} are being replaced all the time; run {day} again"
    )


class _News(NamedTuple):
    """What a partition is made from: its stories that stay (STORIES), the members of all others (MEMBERS), and the digest of each day's share."""

    kept: pa.Table
    members: pa.Table
    digests: dict[str, str]


def _differing(
    warehouse: Warehouse,
    first: date,
    read: Mapping[date, str],
    before: Standing,
    parts: _Parts | None,
) -> _News:
    """Where only some stories are others since they were summarised, their members; else the members of all."""
    standing = _standing(warehouse, first, before)
    if parts and standing:
        of_days = parts.of(read)
        digests = {
            str(d): part.digests[str(first)] for d, part in of_days.items() if str(first) in part.digests
        }
        kept = _kept(warehouse, first, digests, standing, parts.differs)
        if kept is not None:
            parted = (_began(part.members, first) for part in of_days.values())
            members = pa.concat_tables([MEMBERS.empty(), *parted])
            is_other = is_in(members["story_id"], parts.differs.stories)
            kept = summary.with_scores(kept, members.filter(pc.invert(is_other)))
            return _News(kept, members.filter(is_other), digests)
    shares = _shares(warehouse, first, read)
    members = pa.concat_tables([MEMBERS.empty(), *shares.values()])
    return _News(STORIES.empty(), members, {str(d): _digest(share) for d, share in shares.items()})


def _standing(warehouse: Warehouse, first: date, before: Standing) -> Manifest | None:
    """The manifest of a partition of which stories may stay: today's rules made all of it."""
    manifest = warehouse.manifest(STORIES, first)
    if manifest is None or manifest.version != before.version or not is_of_form(manifest, STORIES):
        return None
    is_by_rules = manifest.notes.get("rules") == _rules()["rules"] and not manifest.notes.get(_FAULTS)
    return manifest if is_by_rules else None


def _kept(
    warehouse: Warehouse, first: date, digests: Mapping[str, str], manifest: Manifest, differs: Difference
) -> pa.Table | None:
    """STORIES that no member of the day is another in, if nothing else has changed since they were summarised; None where it has."""
    one, was = str(differs.day), differs.before.get(str(first))
    expected = {day: digest for day, digest in digests.items() if day != one}
    if manifest.inputs != expected | ({one: was} if was else {}):
        return None
    stories = reuse.rows_of(warehouse, STORIES, first, manifest.version)
    return stories if stories is None else stories.filter(~pc.field("story_id").isin(differs.stories))


def _publish(warehouse: Warehouse, engine: Engine[Any], first: date, news: _News, before: Standing) -> bool:
    stage = Backed(Interpreted(summary.summarise, is_light=True), summary.plainly)
    stories, found = faults.tolerate(
        engine, lambda e: e.collect(e.map(stage, e.load(news.members), STORIES, key="story_id"))
    )
    faults.refuse_broken(found, news.members.num_rows, f"stories of {first}")
    stories = pa.concat_tables([news.kept, stories])
    notes = _rules() | ({_FAULTS: _alone(news.members, found)} if found else {})
    return warehouse.publish(STORIES, first, stories, news.digests, notes, base=before.version).changed


def _alone(members: pa.Table, found: set[Fault]) -> list[list[str]]:
    """The members that can't be summarised even by themselves: that does not depend on the days of the others."""
    asked = pa.array(sorted(fault.article_id for fault in found), pa.string())
    by_itself = Guarded(summary.summarise, STORIES, key="article_id")
    rows = by_itself.faults(members.filter(pc.is_in(members["article_id"], asked))).to_pylist()
    log.warning("stories: summarise raised on %d members, %d of them by themselves", len(asked), len(rows))
    return [[row[n] for n in ("article_id", "stage", "error")] for row in rows]


def _versions(warehouse: Warehouse, first: date, day: date) -> dict[date, str]:
    """The days that may contribute to the stories that began on `first`, each with the version of its members."""
    manifest = warehouse.manifest(STORIES, first)
    if manifest is None and warehouse.has(
        STORIES, first
    ):  # it is lost: only the other side names the shares now
        days = (one for one in warehouse.days(MEMBERSHIPS) if one >= first)
        known = {one for one in days if str(first) in shares_of(warehouse.manifest(MEMBERSHIPS, one))}
    else:
        known = {date.fromisoformat(d) for d in manifest.inputs} if manifest else set()
    return {one: warehouse.version(MEMBERS, one) for one in sorted(known | {day})}


def _shares(warehouse: Warehouse, first: date, days: Iterable[date]) -> dict[date, pa.Table]:
    """What each of the days has of the stories that began on `first`, from its own stored members."""
    began = begins("story_id", prefix_of(first))
    found = {}
    for one in days:
        for share in warehouse.scan(MEMBERS, [one], where=began):
            if share.num_rows:
                found[one] = spill.aside(MEMBERS.arrange(share))
    return found


def _digest(share: pa.Table) -> str:
    return parquet.digest(MEMBERS.written(share))


def _began(members: pa.Table, first: date) -> pa.Table:
    return spill.chosen(members, is_of(members["story_id"], first))
