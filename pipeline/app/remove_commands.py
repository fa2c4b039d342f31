"""The command that takes something out of a warehouse for good: remove."""

import shlex
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.app import options
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.removal import Removal, Target

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.store.warehouse import Warehouse
    from pipeline.upkeep.removing import Taken


def remove(
    articles: options.ArticleIds = None,
    addresses: options.Addresses = None,
    outlets: options.OutletNames = None,
    days: options.Days = None,
    copies: options.AlsoCopies = False,
    yes: options.Yes = False,
    undo: options.TakeBack = False,
    listing: options.ListRemovals = False,
    warehouse: options.Warehouse = None,
    as_json: options.Json = False,
) -> None:
    """Remove articles, addresses, outlets or days for good. Without `--yes`, show what would go and change nothing.

    For example:

        newsfold remove 20260305a1b2 --warehouse warehouse --yes

    What is removed is on a list that every later run and repair honours: its documents become rejects (`removed`) without text, title or
    address. **Afterwards, run `newsfold repair`**: it takes them out of what is published and out of all that is kept. The landing
    zone is yours; newsfold never deletes there.

    An article is removed with the same text at the same address on other days; an address and an outlet with whatever comes from there.
    Copies in other places, and later versions of the page, are named. They stay, unless `--copies` is given.

    `--list` shows what was removed. `--undo` takes a removal back, at once: repair then publishes again what the landing zone still has.
    """
    from pipeline import settings
    from pipeline.app import listings, request, terminal
    from pipeline.store import removals

    chosen = settings.load(warehouse=warehouse)
    store = request.warehouse(chosen)
    if listing:
        rows = [{"target": one.target, "value": one.value} for one in removals.read(store.storage)]
        terminal.answer(rows, as_json, lambda: listings.removals(rows))
        return
    asked = _places(chosen, addresses, outlets, days)
    if not asked and not articles:
        raise SettingsError("say what to remove: an article_id, --address, --outlet or --day")
    if undo:
        _take_back(store, [*asked, *_on_list(store, articles or [])], as_json=as_json)
        return
    _remove(
        chosen, store, [*asked, *_articles(store, articles or [])], copies=copies, yes=yes, as_json=as_json
    )


def _places(
    chosen: "Settings", addresses: list[str] | None, outlets: list[str] | None, days: list[date] | None
) -> list[Removal]:
    """The removals that the options ask for; raises SettingsError for what is no address, or names no outlet."""
    from pipeline.day.clean import outlets_of
    from pipeline.text.outlets import slug_of
    from pipeline.text.urls import canonicalise, domain_of, is_public_suffix

    found = []
    for address in addresses or []:
        if (canonical := canonicalise(address)) is None:
            raise SettingsError(f"--address: {address!r} is no web address")
        found.append(Removal(Target.ADDRESS, canonical))
    for name in outlets or []:
        if not slug_of(name):
            raise SettingsError(f"--outlet: {name!r} names no outlet")
        is_domain = "." in name and " " not in name.strip()
        domain = domain_of(name) or domain_of(f"https://{name.strip()}") if is_domain else None
        if domain and is_public_suffix(domain):
            raise SettingsError(f"--outlet: {domain} is no outlet's domain: anybody may have a site under it")
        values = [domain] if domain else [name.strip(), *outlets_of(chosen).domains_of(name)]
        found += [Removal(Target.OUTLET, value) for value in values]
    return found + [Removal(Target.DAY, str(day)) for day in days or []]


def _articles(store: "Warehouse", identifiers: Sequence[str]) -> list[Removal]:
    from pipeline.upkeep import removing

    return removing.removals_of(store, [removing.find(store, one) for one in identifiers])


def _on_list(store: "Warehouse", identifiers: Sequence[str]) -> list[Removal]:
    """The removals of articles that begin with these digits."""
    from pipeline.store import removals

    listed = [one for one in removals.read(store.storage) if one.target is Target.ARTICLE]
    found = []
    for digits in identifiers:
        same = [one for one in listed if one.value.startswith(digits.lower())]
        if not same:
            raise MissingInputError(f"{digits}: no such article was removed; newsfold remove --list")
        found += same
    return found


def _take_back(store: "Warehouse", asked: Sequence[Removal], *, as_json: bool) -> None:
    from pipeline.app import listings, terminal
    from pipeline.store import removals

    gone = [one for one in removals.read(store.storage) if one in set(asked)]
    if not gone:
        named = ", ".join(f"{one.target} {one.value}" for one in asked)
        raise MissingInputError(f"{named}: not removed; newsfold remove --list says what is")
    removals.change(store.storage, lambda listed: listed - set(gone))
    rows = [{"target": one.target, "value": one.value, "removed": False} for one in gone]
    terminal.answer(rows, as_json, lambda: listings.taken_back(rows, _repair(store)))


def _remove(
    chosen: "Settings", store: "Warehouse", asked: list[Removal], *, copies: bool, yes: bool, as_json: bool
) -> None:
    from pipeline.app import listings, terminal
    from pipeline.store import removals
    from pipeline.upkeep import removing, takedown

    found = removing.taken(store, asked)
    if copies:
        asked += removing.removals_of(store, [row["article_id"] for row in found.copies])
    if yes:
        listed = removals.change(store.storage, lambda known: known | set(asked))
        if found.days:
            _clear(chosen, store)
        takedown.sweep(store.storage, listed)
    rows = list(_rows(found, copies=copies, yes=yes))
    terminal.answer(rows, as_json, lambda: listings.removed(rows, asked, yes=yes, repair=_repair(store)))


def _clear(chosen: "Settings", store: "Warehouse") -> None:
    """Remove the days on the list; stories of other days that they had a part in are summarised again."""
    from pipeline.engines.choose import open_engine
    from pipeline.store import removals
    from pipeline.upkeep import takedown

    takedown.clear_days(store, open_engine(chosen), removals.read(store.storage))


def _rows(found: "Taken", *, copies: bool, yes: bool) -> "list[dict[str, Any]]":
    """A record for each day, article and copy, and whether it is removed now."""
    days = [{"what": "day", "day": str(day), "removed": yes} for day in found.days]
    articles = [{"what": "article", **row, "removed": yes} for row in found.articles]
    return days + articles + [{"what": "copy", **row, "removed": yes and copies} for row in found.copies]


def _repair(store: "Warehouse") -> str:
    from pipeline.app import request

    return shlex.join([*request.program(), "repair", "--warehouse", store.storage.uri])
