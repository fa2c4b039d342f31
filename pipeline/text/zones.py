"""Time zones as they are written: distances from UTC, abbreviations, names in the languages of `phrases`; and the zone of a country.

What a zone is called may not say which it is: IST is the time of India, Ireland or Israel. Then the country of the outlet
says so, or its language, or the zone is not known. Rules of daylight saving come from the package `tzdata` alone and
not from the machine, so that all machines agree.
"""

import datetime as dt
import re
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from pipeline.text import lexicon

_LEXICON = lexicon.words()

Countries = tuple[frozenset[str], ...]  # sets of ISO 3166 codes, the best known first
_MOST = dt.timedelta(hours=14)  # from UTC; the farthest is Kiribati

# Abbreviations that mean one zone, by their minutes from UTC.
_FIXED_NAMES = {
    0: "UTC GMT UT Z WET",
    60: "CET MET WEST WAT",
    120: "EET CEST MEST CAT SAST",
    180: "MSK EEST TRT EAT IDT",
    210: "IRST",
    240: "MSD SAMT AZT",
    270: "AFT IRDT",
    300: "PKT UZT YEKT",
    345: "NPT",
    360: "OMST",
    420: "ICT WIB NOVT KRAT",
    480: "SGT HKT PHT PHST MYT WITA AWST IRKT",
    540: "JST KST WIT YAKT",
    570: "ACST",
    600: "AEST VLAT",
    630: "ACDT",
    660: "AEDT MAGT",
    720: "NZST PETT",
    780: "NZDT",
    -120: "BRST",
    -150: "NDT",
    -180: "BRT ART UYT PYT CLST",
    -240: "EDT CLT VET BOT",
    -300: "COT PET",
    -360: "MDT",
    -420: "PDT",
    -480: "AKDT",
    -540: "AKST HDT",
    -600: "HST",
}
_FIXED = {name: minutes for minutes, names in _FIXED_NAMES.items() for name in names.split()}
# Abbreviations that mean another zone in another country; the last is for all countries that are not named, if there is one.
_BY_COUNTRY: dict[str, tuple[tuple[str, int | None], ...]] = {
    "IST": (("IN LK", 330), ("IE", 60), ("IL", 120)),
    "CST": (("US CA MX CR GT HN NI SV BZ", -360), ("CN TW HK MO", 480), ("CU", -300)),
    "CDT": (("CU", -240), ("CN TW HK MO", 540), ("", -300)),
    "BST": (("GB IM JE GG", 60), ("BD", 360)),
    "AST": (("CA BM PR TT BB DO", -240), ("SA KW QA BH IQ YE", 180)),
    "ADT": (("SA KW QA BH IQ", 240), ("", -180)),
    "EST": (("AU", None), ("", -300)),
    "MST": (("MY SG", 480), ("MM", 390), ("RU", None), ("", -420)),
    "PST": (("PH", 480), ("PK", 300), ("", -480)),
    "GST": (("AE OM", 240), ("GU", 600)),
    "SST": (("SG", 480), ("AS", -660)),
    "AMT": (("AM", 240), ("BR", -240)),
    "NST": (("CA", -210), ("NP", 345)),
    "BDT": (("BD", 360), ("BN", 480)),
    "GET": (("GE", 240),),
    "WST": (("AU", 480), ("WS", 780)),
    "ECT": (("EC", -300),),
}
# Names of the clock of a region, whatever the season.
_REGIONS = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_WORDS = dict(_LEXICON.zones)

_CODES = "|".join(sorted({*_FIXED, *_BY_COUNTRY, *_REGIONS} - {"Z"}, key=lambda code: (-len(code), code)))
_NAMED = rf"{lexicon.one_of(_WORDS)}(?!\w)|(?-i:(?:{_CODES})(?![\w’']))|(?:UTC|GMT|Z)(?!\w)"
_FROM_UTC = r"(?:UTC|GMT|Z)?\s?[+–-]\s?(?:\d{1,2}:\d{2}|\d{3,4})|(?:UTC|GMT)\s?[+–-]\s?\d{1,2}|\+\d{2}"
# What may be a zone behind a clock in prose. 10:00-12:00 is none: there a distance to the west has no colon.
IN_PROSE = rf"(?:(?:UTC|GMT)\s?[+–-]\s?\d{{1,2}}(?::?\d{{2}})?(?!\d)|\+\d{{2}}:?\d{{2}}(?!\d)|[+-]\d{{3,4}}(?!\d)|{_NAMED}|(?-i:[A-Z]{{2,4}}T)(?!\w))"
BEFORE_CLOCK = rf"(?:{lexicon.one_of(name for name in _WORDS if not name.isascii())})"
_ALONE = re.compile(rf"(?:{_FROM_UTC}|[+–-]\d{{1,2}}|{_NAMED}|[A-Z]\w+/\w+(?:/\w+)?)", re.IGNORECASE)
_AROUND = re.compile(r"\s*[(\[]?\s*|\s*[)\]]?\s*")


def is_zone(written: str) -> bool:
    """Whether this is how a zone is written, and nothing else; one more name of it in brackets may follow: GMT+0100 (CET)."""
    first, _, rest = written.strip().partition(" (" if "(" in written[1:] else "[")
    return _ALONE.fullmatch(first.strip("()[] ")) is not None and len(rest) < 60


def offset(written: str, clock: dt.datetime, countries: Countries) -> dt.timedelta | None:
    """How far a zone is from UTC when its clocks show `clock`; None where it is not known which zone is meant."""
    name = re.split(r"\s\(|\[", written.strip("()[] "), maxsplit=1)[0].strip()
    code = name if name in _REGIONS else name.upper()
    if code in _FIXED:
        return dt.timedelta(minutes=_FIXED[code])
    if code in _BY_COUNTRY:
        return _of_country(code, countries)
    meant = _REGIONS.get(code) or _WORDS.get(_lowered(name)) or name
    if "/" in meant:
        zone = _region(meant)
        return zone.utcoffset(clock) if zone else None
    return _from_figures(meant)


def local(clock: dt.datetime, countries: Countries) -> dt.timedelta | None:
    """How far the clocks of an outlet's country are from UTC when they show `clock`; None where it has several zones, or where
    countries of the outlet's language differ.
    """
    for group in countries:
        zones = [_region(name) for country in group for name in _names(country)]
        offsets = {zone.utcoffset(clock) for zone in zones if zone}
        return offsets.pop() if len(offsets) == 1 else None
    return None


def of_region(name: str, clock: dt.datetime) -> dt.timedelta | None:
    """How far the clocks of a zone of the IANA database are from UTC when they show `clock`; None for any other name."""
    zone = _region(name)
    return zone.utcoffset(clock) if zone else None


def is_region(name: str) -> bool:
    """Whether this names a zone of the IANA database: Europe/Berlin."""
    return _region(name) is not None


def is_country(code: str) -> bool:
    """Whether this is the code of a country (ISO 3166, two capitals) that has a zone."""
    return code in _zones_of_countries()


def countries_of(host: str | None, *languages: str | None) -> Countries:
    """The countries that an outlet may be of: the one of its host, that of a language as written there (pt-BR), those of the language."""
    end = (host or "").rpartition(".")[2].upper()
    tags = [re.split(r"[-_]", tag.strip()) for tag in languages if tag]
    found = [_ENDINGS.get(end, end if end in _zones_of_countries() else "")]
    found += [part.upper() for tag in tags for part in tag[1:] if part.upper() in _zones_of_countries()]
    found += [_OF_LANGUAGE.get(tag[0].lower(), "") for tag in tags]
    return tuple(frozenset(codes.split()) for codes in found if codes)


# Endings of hosts that are not their country's code, or say nothing of a country.
_ENDINGS = {"UK": "GB"} | dict.fromkeys(
    ("AC", "AI", "CC", "CO", "FM", "GG", "IO", "LA", "LY", "ME", "NU", "SH", "TK", "TO", "TV", "WS"), ""
)
# Where the outlets of a language are. Languages of many countries are left out.
_OF_ONE_COUNTRY = (
    "az:AZ be:BY bg:BG bs:BA cs:CZ da:DK et:EE fa:IR fi:FI fil:PH ga:IE gu:IN he:IL hi:IN hu:HU hy:AM "
    "is:IS iw:IL ja:JP ka:GE km:KH kn:IN ko:KR lo:LA lt:LT lv:LV mk:MK ml:IN mr:IN mt:MT my:MM nb:NO "
    "ne:NP nn:NO no:NO pl:PL si:LK sk:SK sl:SI te:IN th:TH tr:TR uk:UA vi:VN "
)
_OF_LANGUAGE = dict(pair.split(":") for pair in _OF_ONE_COUNTRY.split()) | {
    "bn": "BD IN",
    "de": "DE AT CH LI LU",
    "el": "GR CY",
    "hr": "HR BA",
    "it": "IT CH",
    "ms": "MY SG BN",
    "nl": "NL BE",
    "ro": "RO MD",
    "sq": "AL XK MK",
    "sr": "RS BA ME",
    "ta": "IN LK",
    "ur": "PK IN",
    "zh": "CN TW HK MO SG",
}
# The zone that all of a country's papers go by, though the database knows more in it.
_CAPITALS = {
    "CN": ("Asia/Shanghai",),
    "NZ": ("Pacific/Auckland",),
    "UA": ("Europe/Kyiv",),
    "XK": ("Europe/Belgrade",),
}


def _of_country(code: str, countries: Countries) -> dt.timedelta | None:
    """What an abbreviation means in the first of the sets of countries in which it means one thing."""
    meanings = [(frozenset(named.split()), minutes) for named, minutes in _BY_COUNTRY[code]]
    for group in countries:
        meant = {minutes for named, minutes in meanings if named & group}
        if meant:
            return dt.timedelta(minutes=minutes) if len(meant) == 1 and (minutes := meant.pop()) else None
    named, minutes = meanings[-1]
    return None if named or minutes is None else dt.timedelta(minutes=minutes)


def _from_figures(written: str) -> dt.timedelta | None:
    """+01:00, -0500, -500, UTC+2, GMT-3."""
    found = re.fullmatch(r"(?:UTC|GMT|Z)?\s?([+–-])\s?(\d{1,2})(?::?(\d{2}))?", written, re.IGNORECASE)
    if not found or int(found[3] or 0) >= 60:
        return None
    distance = dt.timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return None if distance > _MOST else distance if found[1] == "+" else -distance


def _lowered(name: str) -> str:
    return " ".join(name.lower().replace("\u0307", "").split())


@cache
def _region(name: str) -> ZoneInfo | None:
    """A zone of the IANA database, from the package and never from the machine."""
    file = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not re.fullmatch(r"[\w+-]+(?:/[\w+-]+)+", name) or not file.is_file():
        return None
    with file.open("rb") as stream:
        return ZoneInfo.from_file(stream, name)


def _names(country: str) -> tuple[str, ...]:
    return _CAPITALS.get(country) or _zones_of_countries().get(country, ())


@cache
def _zones_of_countries() -> dict[str, tuple[str, ...]]:
    """The names of the zones in each country."""
    found: dict[str, tuple[str, ...]] = {"XK": ()}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            found[country] = (*found.get(country, ()), name)
    return found
