"""The sources' file: whose feeds, sitemaps, pages, lists and archives are read, and how gently.

    contact = "desk@example.org"

    [[source]]
    outlet = "Morgen"
    feed = ["https://morgen.example/rss", "https://morgen.example/sport.atom"]
    country = "DE"

It is read as it stands and never written to.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.harvest.targets import UnsafeAddressError, target_of
from pipeline.model.errors import SettingsError
from pipeline.text import scripts, zones

SITEMAP_DAYS = 7  # a week: what a new source's readers may still talk about, and not its whole archive
_HEADER = re.compile(r"\s*\[\[\s*[\"']?source[\"']?\s*\]\]")
_SINGLE = re.compile(r"(?m)^[ \t]*\[[ \t]*source[ \t]*\]")  # a header that was meant to be one of several
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[=.]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"[^\s/@?#]+")
_OTHER_SCHEMES = {"warc": ("s3", "file", "")}  # "" is a path of this machine
_MAX_DELAY_SECONDS = 86_400.0
_MAX_SITEMAP_DAYS = 36_500  # a century: older than any page, and within what a date can be taken from
_MAX_REVISIT_HOURS = 24 * 30  # a page is known for some weeks
_LIKELY = 0.6  # likeness from which a key is taken for another one, as difflib counts it


@dataclass(frozen=True)
class Source:
    """One `[[source]]` table: where an outlet names its pages. What is None is for the run to decide.

    Attributes are called as their keys; those that hold several addresses are in the plural.
    """

    outlet: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # addresses that are articles themselves
    lists: tuple[str, ...] = ()  # JSON lists, as those of WordPress
    warcs: tuple[str, ...] = ()  # archives, or lists of their paths
    domains: tuple[str, ...] = ()  # where the outlet's pages are, if its addresses above do not say it
    owner: str | None = None
    country: str | None = None  # ISO 3166, two capitals
    language: str | None = None  # BCP 47
    timezone: str | None = None  # IANA; of times in its feeds that state no zone
    allow_hosts: tuple[str, ...] = ()  # hosts or addresses that are refused otherwise
    delay_seconds: float | None = None  # between two requests to one host
    budget: int | None = None  # pages in one run
    sitemap_days: int = SITEMAP_DAYS  # parts and pages of a sitemap that were changed earlier are passed over
    line: int | None = None  # of the file, for messages


@dataclass(frozen=True)
class Sources:
    """The sources of a file, in its order, who says to the servers that it reads them, and what a run may cost them. What is None is for
    the run to decide.
    """

    sources: tuple[Source, ...]
    user_agent: str | None = None
    contact: str | None = None
    host_budget: int | None = None  # requests to one host in one run
    run_budget: int | None = None  # requests in one run
    revisit_hours: tuple[float, ...] | None = None  # after which a young article is looked at again


def read_sources(path: Path) -> Sources:
    """Read a sources' file; raises SettingsError that names the file, the line and what is wrong in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file") from None
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8") from None
    found = parse_sources(text, str(path))
    if not found.sources:
        raise SettingsError(f"{path}: no source in it; each begins with [[source]]")
    return found


def parse_sources(text: str, where: str) -> Sources:
    """The sources of a file's text; `where` names the file in the SettingsError that is raised for what can't be used."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = "; sources are [[source]] tables, in two brackets" if _SINGLE.search(text) else ""
        raise SettingsError(f"{where}: not TOML: {error}{hint}") from None
    except RecursionError:
        raise SettingsError(f"{where}: lists within lists, too deep to be read") from None
    places = _Places(text, where)
    tables = given.pop("source", [])
    head = _read(given, _TOP, places, None)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{places.of(None, 'source')}: sources are [[source]] tables, in two brackets")
    return Sources(tuple(_source(table, places, n) for n, table in enumerate(tables)), **head)


def _source(table: Mapping[str, object], places: "_Places", number: int) -> Source:
    found = _read(table, _OF_SOURCE, places, number)
    if "outlet" not in found:
        raise SettingsError(f"{places.of(number)}: a source without outlet")
    if not any(found.get(name) for name in ("feeds", "sitemaps", "pages", "lists", "warcs")):
        asked = "feed, sitemap, page, list or warc"
        raise SettingsError(f"{places.of(number)}: source {found['outlet']!r} names no {asked}")
    return Source(**found, line=places.line(number))


def _read(
    table: Mapping[str, object], keys: "_Keys", places: "_Places", number: int | None
) -> dict[str, Any]:
    """What a table says, by attribute."""
    found = {}
    for key, value in table.items():
        if key not in keys:
            raise SettingsError(f"{places.of(number, key)}: {_unknown(key, keys, number)}")
        attribute, read = keys[key]
        try:
            found[attribute] = read(value)
        except ValueError as error:
            raise SettingsError(f"{places.of(number, key)}: {key}: {error}") from None
    return found


def _unknown(key: str, keys: "_Keys", number: int | None) -> str:
    if number is None and key in _OF_SOURCE:
        return f"{key} belongs in a [[source]] table"
    if number is not None and key in _TOP:
        return f"{key} belongs at the top of the file, before the first [[source]]"
    if number is None and key.lower() in {"source", "sources"}:
        return f"write [[source]] instead of {key}"
    meant = difflib.get_close_matches(key.lower().rstrip("s"), keys, 1, _LIKELY)
    likely = f"; did you mean {meant[0]}?" if meant else f"; known are {', '.join(keys)}"
    return f"unknown key {scripts.spelled_out(key)}{likely}"


class _Places:
    """The lines of a file at which its tables and keys stand, for messages: TOML's reader does not say it."""

    def __init__(self, text: str, where: str) -> None:
        self._lines, self._where = text.splitlines(), where
        self._headers = [n for n, line in enumerate(self._lines) if _HEADER.match(line)]

    def line(self, number: int | None, key: str | None = None) -> int | None:
        """Counted from 1; None where it is not found, as in a table that is written in one line."""
        if number is not None and number >= len(self._headers):
            return None
        begin = 0 if number is None else self._headers[number] + 1
        following = 0 if number is None else number + 1
        end = self._headers[following] if following < len(self._headers) else len(self._lines)
        for n in range(begin, end) if key else ():
            if (found := _KEY.match(self._lines[n])) and found[1] == key:
                return n + 1
        return begin or None

    def of(self, number: int | None, key: str | None = None) -> str:
        line = self.line(number, key)
        return f"{self._where}, line {line}" if line else self._where


# --- values: what each key may hold --------------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    if not value.isprintable():
        raise ValueError("has characters that can't be seen")
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    """One text, or a list of them, each once."""
    return tuple(dict.fromkeys(map(_text, value if isinstance(value, list) else [value])))


def _addresses(kind: str) -> Callable[[object], tuple[str, ...]]:
    schemes = _OTHER_SCHEMES.get(kind, ("http", "https"))
    return lambda value: tuple(_address(text, schemes) for text in _texts(value))


def _address(text: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # the latter raises where it is no port
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address: {error}") from None
    is_of_web = parts.scheme in {"http", "https"}
    if parts.scheme not in schemes or (is_of_web and not host):
        asked = (
            "an address that begins with http:// or https://"
            if "http" in schemes
            else "a path or an s3:// address"
        )
        raise ValueError(f"{text!r} is not {asked}")
    if "@" in parts.netloc:
        raise ValueError("an address must not hold a user name or a password")
    if is_of_web:
        _refuse_unsafe(text)
    return text


def _refuse_unsafe(address: str) -> None:
    """Refuse here what no run would ask, whatever its host turns out to be."""
    try:
        target_of(address)
    except UnsafeAddressError as error:
        raise ValueError(f"{address!r} can't be asked: {error}") from None


def _hosts(value: object) -> tuple[str, ...]:
    hosts = _texts(value)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"{host!r} is not a host: write example.org or 127.0.0.1")
    return tuple(host.lower() for host in hosts)


def _country(value: object) -> str:
    code = _text(value)
    if not zones.is_country(code):
        raise ValueError(f"{code!r} is not the code of a country: two capitals, as in DE")
    return code


def _language(value: object) -> str:
    code = _text(value)
    if not _LANGUAGE.fullmatch(code):
        raise ValueError(f"{code!r} is not the code of a language, as de or pt-BR")
    return code


def _timezone(value: object) -> str:
    name = _text(value)
    if not zones.is_region(name):
        raise ValueError(f"{name!r} is not the name of a time zone, as Europe/Berlin")
    return name


def _delay(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_DELAY_SECONDS:
        raise ValueError(f"must be a number of seconds from 0 to {_MAX_DELAY_SECONDS:.0f}")
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("must be a whole number from 1")
    return value


def _days(value: object) -> int:
    days = _count(value)
    if days > _MAX_SITEMAP_DAYS:
        raise ValueError(f"must be a whole number of days from 1 to {_MAX_SITEMAP_DAYS}")
    return days


def hours_of(values: list[object]) -> tuple[float, ...]:
    """Hours after which a young article is looked at again; raises ValueError."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    is_right = len(numbers) == len(values) and all(0 < hour <= _MAX_REVISIT_HOURS for hour in numbers)
    if not is_right or numbers != sorted(set(numbers)):
        raise ValueError("write hours, each later than the one before, as 1, 6, 24")
    return tuple(map(float, numbers))


def _revisits(value: object) -> tuple[float, ...]:
    return hours_of(value if isinstance(value, list) else [value])


_Keys = Mapping[str, tuple[str, Callable[[object], object]]]
_TOP: _Keys = {
    "user_agent": ("user_agent", _text),
    "contact": ("contact", _text),
    "host_budget": ("host_budget", _count),
    "run_budget": ("run_budget", _count),
    "revisit_hours": ("revisit_hours", _revisits),
}
_OF_SOURCE: _Keys = {
    "outlet": ("outlet", _text),
    **{kind: (f"{kind}s", _addresses(kind)) for kind in ("feed", "sitemap", "page", "list", "warc")},
    "domain": ("domains", _hosts),
    "owner": ("owner", _text),
    "country": ("country", _country),
    "language": ("language", _language),
    "timezone": ("timezone", _timezone),
    "allow_hosts": ("allow_hosts", _hosts),
    "delay_seconds": ("delay_seconds", _delay),
    "budget": ("budget", _count),
    "sitemap_days": ("sitemap_days", _days),
}
