"""Whose page it is: the outlet of a domain, the family that owns it, and whether it writes texts of its own.

What is known comes from a CSV file with the columns domain, outlet, owner, country, kind, is_agency: first the user's, then the one
that comes with newsfold (`outlets.csv`), then the agencies' own domains. Else the registrable domain is the outlet, so that the
subdomains of local editions are one: to tell two of them apart, name them in the file. The longest domain that fits counts.
"""

import csv
import io
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import blake2b
from importlib import resources
from typing import Self

from pipeline.model.errors import SettingsError
from pipeline.text import agencies, lexicon, scripts
from pipeline.text.urls import site_of

COLUMNS = ("domain", "outlet", "owner", "country", "kind", "is_agency")
KINDS = ("", "newsroom", "portal", "repost")
_BOOLEANS = {"": False, "false": False, "no": False, "0": False, "true": True, "yes": True, "1": True}
# Where each subdomain is somebody else's, though no list of public suffixes need have it.
_HOSTS = frozenset(
    {"blogspot.com", "livejournal.com", "medium.com", "substack.com", "tumblr.com", "wordpress.com"}
)
ARTICLES = frozenset(map(str.casefold, lexicon.words().outlet_articles))  # before a name, in small letters
_WORD = scripts.pattern(r"[^\W_]+")
_DOMAIN = scripts.pattern(r"[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)+")


@dataclass(frozen=True)
class Outlet:
    """One outlet; `kind` is newsroom, portal or repost, and `agency` the wire service that it is, if it is one."""

    id: str
    owner: str
    country: str | None = None
    kind: str = "newsroom"
    agency: str | None = None

    @property
    def is_agency(self) -> bool:
        return self.agency is not None

    @property
    def newsroom(self) -> str | None:
        """The family that a text of its own counts for; null for agencies, portals and repost sites."""
        return self.owner if self.kind == "newsroom" and not self.is_agency else None


@dataclass(frozen=True)
class Outlets:
    """The outlets of a file, by domain and by name, before those that come with newsfold."""

    by_domain: dict[str, Outlet] = field(default_factory=dict)
    _met: dict[str, Outlet] = field(
        default_factory=dict, repr=False, compare=False
    )  # by domain: few have many articles
    _met_names: dict[str, Outlet | None] = field(default_factory=dict, repr=False, compare=False)  # likewise

    @classmethod
    def parse(cls, content: bytes, where: str) -> Self:
        """The outlets of a CSV file; raises SettingsError that names `where`, the line and what is wrong in it."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise SettingsError(f"{where}, line {line}: not UTF-8") from None
        return cls(_parsed(text, where))

    def of(self, domain: str | None, named: str | None) -> Outlet | None:
        """The outlet of a domain; without one, that of the name under which a document came. None where neither is known."""
        if domain:
            if domain not in self._met:
                self._met[domain] = self._of_domain(domain)
            return self._met[domain]
        if not named:
            return None
        if named not in self._met_names:
            self._met_names[named] = self._of_name(named)
        return self._met_names[named]

    def named(self, name: str) -> Outlet | None:
        """The outlet of that name among those of the file and those that come with newsfold; None where neither has it.

        One of the two names may have an article that the other lacks; under two articles they are two outlets.
        """
        slug = slug_of(name)
        bare = _bare(slug)
        for known in (self, _bundled()):
            if outlet := known.by_slug.get(slug):
                return outlet
            if (outlet := known.by_slug.get(bare)) and slug_of(outlet.id) == bare:
                return outlet
        return None

    def domains_of(self, name: str) -> list[str]:
        """The domains under which the file, or the one that comes with newsfold, has an outlet of that name."""
        known = {*self.by_domain, *_bundled().by_domain}
        return sorted(
            d for d in known if (outlet := self.of(d, None)) and slug_of(outlet.id) == slug_of(name)
        )

    @cached_property
    def by_slug(self) -> dict[str, Outlet]:
        """The outlets by the slugs of their names, and without the article before it; of two with one name, the first."""
        named = {slug_of(outlet.id): outlet for outlet in reversed(self.by_domain.values())}
        bare = {_bare(slug): outlet for slug, outlet in named.items()}
        return bare | named

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """The outlets that the file calls agencies, besides those that are known anyway."""
        found = {o.agency for o in self.by_domain.values() if o.agency}
        return tuple(sorted(found - agencies.known().keys()))

    def _of_name(self, name: str) -> Outlet | None:
        slug = slug_of(name)
        return (self.named(name) or Outlet(slug, slug, agency=agencies.named(name))) if slug else None

    def _of_domain(self, domain: str) -> Outlet:
        host = domain.casefold().rstrip(".").removeprefix("www.")
        labels = host.split(".")
        for known in (self.by_domain, _bundled().by_domain):
            for n in range(len(labels) - 1):
                if outlet := known.get(".".join(labels[n:])):
                    return outlet
        for n in range(len(labels) - 1):
            if agency := agencies.by_domain().get(site := ".".join(labels[n:])):
                return Outlet(site, site, agency=agency)
        site = site_of(f"https://{host}/") or host
        site = host if site in _HOSTS else site
        return Outlet(site, site)


def slug_of(name: str) -> str:
    """A name as an id: small letters and digits with hyphens between."""
    return "-".join(_WORD.findall(name.casefold()))


def _bare(slug: str) -> str:
    first, _, rest = slug.partition("-")
    return rest if rest and first in ARTICLES else slug


def digest() -> str:
    """16 hex digits of the list that comes with newsfold."""
    return blake2b(_content(), digest_size=8).hexdigest()


@cache
def _bundled() -> Outlets:
    return Outlets.parse(_content(), "outlets.csv")


@cache
def _content() -> bytes:
    return (resources.files(__package__) / "outlets.csv").read_bytes()


def _parsed(text: str, where: str) -> dict[str, Outlet]:
    reader = csv.reader(io.StringIO(text), strict=True)
    found: dict[str, Outlet] = {}
    lines: dict[str, int] = {}
    header: list[str] | None = None
    try:
        for row in reader:
            at = f"{where}, line {reader.line_num}"
            cells = [cell.strip() for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = _header(cells, at)
                continue
            domain, outlet = _row(header, cells, at)
            if domain in found:
                raise SettingsError(f"{at}: {domain} is in line {lines[domain]} already")
            found[domain], lines[domain] = outlet, reader.line_num
    except csv.Error as error:
        raise SettingsError(f"{where}, line {reader.line_num}: {error}") from None
    if header is None:
        raise SettingsError(f"{where}: empty; the first line names the columns: {', '.join(COLUMNS)}")
    return found


def _header(cells: list[str], at: str) -> list[str]:
    if unknown := [cell for cell in cells if cell not in COLUMNS]:
        raise SettingsError(f"{at}: no such column: {unknown[0]!r}; known are {', '.join(COLUMNS)}")
    if "domain" not in cells or len(set(cells)) < len(cells):
        raise SettingsError(f"{at}: names each column once, and domain among them")
    return cells


def _row(header: list[str], cells: list[str], at: str) -> tuple[str, Outlet]:
    if len(cells) != len(header):
        raise SettingsError(f"{at}: {len(cells)} values for {len(header)} columns")
    said = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=True))
    domain = said["domain"].casefold().removeprefix("www.")
    if not _DOMAIN.fullmatch(domain):
        raise SettingsError(f"{at}: {said['domain']!r} is no domain")
    if said["kind"] not in KINDS:
        raise SettingsError(f"{at}: kind must be one of {', '.join(KINDS[1:])}, and not {said['kind']!r}")
    if said["is_agency"].lower() not in _BOOLEANS:
        raise SettingsError(f"{at}: is_agency must be true or false, and not {said['is_agency']!r}")
    name = said["outlet"] or site_of(f"https://{domain}/") or domain
    agency = (
        agencies.by_name().get(agencies.key_of(name), name) if _BOOLEANS[said["is_agency"].lower()] else None
    )
    owner, country = said["owner"] or name, said["country"] or None
    return domain, Outlet(name, owner, country, said["kind"] or "newsroom", agency)
