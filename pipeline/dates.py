"""Dates as pages and writers write them, in thirty languages. A date without its year, month or day is none.

The names of the months are those of the Unicode CLDR (wide and abbreviated, in and out of a date), put into one
list: no name means different months in two of these languages, so the language need not be known.
"""

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple

EARLIEST_YEAR = 1900  # before that, a four-digit number is a quantity, or the page was made by a fault

# One line a month.
_MONTHS = """
january jan jänner januar januari januarie janeiro jan enero ene gennaio gen ianuarie ian januára janvier janv január styczeń stycznia sty leden ledna led tammikuuta tammikuu tammi ocak oca января январь янв січня січень січ ιανουαρίου ιανουάριος ιαν ינואר يناير كانون_الثاني जनवरी มกราคม ม.ค.
february feb februar februari februarie fevereiro fev febrero febbraio février févr fév február lutego luty lut února únor úno helmikuuta helmikuu helmi şubat şub февраля февраль февр фев лютого лютий лют φεβρουαρίου φεβρουάριος φεβ פברואר فبراير شباط फ़रवरी फरवरी กุมภาพันธ์ ก.พ.
march mar märz mär mrz maart mrt mars março marzo martie március márc marca marzec března březen bře maaliskuuta maaliskuu maalis mart марта март мар березня березень бер μαρτίου μάρτιος μαρ marts maret מרץ مارس آذار मार्च มีนาคม มี.ค.
april apr abril abr aprile avril avr aprilie április ápr kwietnia kwiecień kwi dubna duben dub huhtikuuta huhtikuu huhti nisan nis апреля апрель апр квітня квітень квіт απριλίου απρίλιος απρ אפריל أبريل ابريل نيسان अप्रैल เมษายน เม.ย.
may mai mei maj maio mayo maggio mag május máj maja května květen kvě toukokuuta toukokuu touko mayıs мая май травня травень трав μαΐου μάιος μαΐ מאי مايو أيار मई พฤษภาคม พ.ค.
june jun juni junho junio giugno giu iunie iun juin június jún czerwca czerwiec cze června červen čvn kesäkuuta kesäkuu kesä haziran haz июня июнь июн червня червень черв ιουνίου ιούνιος ιουν יוני يونيو حزيران जून มิถุนายน มิ.ย.
july jul juli julho julio luglio lug iulie iul juillet juil július júl lipca lipiec lip července červenec čvc heinäkuuta heinäkuu heinä temmuz tem июля июль июл липня липень лип ιουλίου ιούλιος ιουλ יולי يوليو تموز जुलाई กรกฎาคม ก.ค.
august aug agosto ago augustus augusti août augusztus sierpnia sierpień sie srpna srpen srp elokuuta elokuu elo ağustos ağu августа август авг серпня серпень серп αυγούστου αύγουστος αυγ agustus agt אוגוסט أغسطس اغسطس آب अगस्त สิงหาคม ส.ค.
september sept sep setembro set septiembre setiembre settembre septembre septembrie szeptember szept września wrzesień wrz září zář syyskuuta syyskuu syys eylül eyl сентября сентябрь сент сен вересня вересень вер σεπτεμβρίου σεπτέμβριος σεπ ספטמבר سبتمبر أيلول सितंबर सितम्बर กันยายน ก.ย.
october oct oktober okt outubro out octubre ottobre ott octobre octombrie október października październik paź října říjen říj lokakuuta lokakuu loka ekim eki октября октябрь окт жовтня жовтень жовт οκτωβρίου οκτώβριος οκτ אוקטובר أكتوبر اكتوبر अक्टूबर ตุลาคม ต.ค.
november nov novembro noviembre novembre noiembrie listopada listopadu listopad lis marraskuuta marraskuu marras kasım kas ноября ноябрь нояб ноя листопада листопад лист νοεμβρίου νοέμβριος νοε נובמבר نوفمبر नवंबर พฤศจิกายน พ.ย.
december dec dezember dez dezembro diciembre dic dicembre décembre déc decembrie desember des grudnia grudzień gru prosince prosinec pro joulukuuta joulukuu joulu aralık ara декабря декабрь дек грудня грудень груд δεκεμβρίου δεκέμβριος δεκ דצמבר ديسمبر दिसंबर ธันวาคม ธ.ค.
"""

_ISO = re.compile(
    r"\s*(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
    r"(?:[T _]*(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,:]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_CLOCK = (
    r"(?:[\s,.|•·–—-]{0,4}(?:at|um|à|a las|alle|às|kl\.?|klo|о|в|ore|ώρα)?[\s|]{0,2}"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::\d{2})?\s?(?P<half>[ap]\.?m\b\.?)?(?:\s?(?P<zone>UTC|GMT|Z)\b)?)?"
)
_IN_URL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/_.-]?"
    r"(0[1-9]|1[0-2]|[1-9](?=[/_.-])|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[/_.-]?"
    r"([0-2]\d|3[01]|[1-9](?!\d))(?!\d)",
    re.IGNORECASE,
)


class Written(NamedTuple):
    """A date found in prose, and where."""

    when: dt.datetime
    start: int
    end: int


def parse(value: str) -> dt.datetime | None:
    """Read a date that a machine wrote (ISO 8601, RFC 2822, seconds since 1970); with a zone only if it states one."""
    value = value.strip()[:80]
    if not value:
        return None
    found = _ISO.match(value)
    if found and not (value.isdigit() and len(value) not in {8, 12, 14}):
        return _from_iso(found)
    if value.isdigit() and len(value) in {10, 13}:
        return dt.datetime.fromtimestamp(int(value[:10]), dt.UTC)
    return _from_mail(value) or _from_prose(value)


def find(text: str, *, month_first: bool | None = None) -> Written | None:
    """Find the first complete date in `text`, with its time of day if that follows.

    In figures, 5/3/2026 is the 5th of March or the 3rd of May: it is read only when `month_first` says how.
    """
    first: Written | None = None
    for pattern, kind in _patterns():
        found = pattern.search(text)
        if found and (first is None or found.start() < first.start):
            first = _written(found, kind, month_first) or first
    return first


def in_url(url: str) -> dt.datetime | None:
    """Find the date of publication that many outlets put into an address: year, month and day."""
    for found in _IN_URL.finditer(url):
        month = found[2].lower()
        when = _make(int(found[1]), int(month) if month.isdigit() else _months()[month], int(found[3]))
        if when:
            return when
    return None


def to_utc(when: dt.datetime) -> dt.datetime:
    """The same moment in UTC; without a zone it is taken as UTC, which keeps the day that the page shows."""
    try:
        return when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except OverflowError:  # the first or last hours that there are
        return when.replace(tzinfo=dt.UTC)


def month_names() -> frozenset[str]:
    """The names of the months, wide and abbreviated, in lower case."""
    return frozenset(_months())


def _from_iso(found: re.Match[str]) -> dt.datetime | None:
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    when = _make(year, month, day, int(found[4] or 0), int(found[5] or 0), int(found[6] or 0))
    if when is None or not found[7]:
        return when
    sign_hours = found[7].replace(":", "")
    if not sign_hours[1:].isdigit():  # Z, UTC, GMT
        return when.replace(tzinfo=dt.UTC)
    minutes = int(sign_hours[1:3]) * 60 + int(sign_hours[3:5] or 0)
    offset = dt.timedelta(minutes=-minutes if sign_hours[0] == "-" else minutes)
    return when.replace(tzinfo=dt.timezone(offset)) if abs(offset) < dt.timedelta(hours=24) else when


def _from_mail(value: str) -> dt.datetime | None:
    if re.search(r"\d\s?[ap]\.?m\b", value, re.IGNORECASE):  # RFC 2822 knows no halves of the day
        return None
    try:
        when = parsedate_to_datetime(re.sub(r"\bGMT([+-]\d{4})", r"\1", value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.year >= EARLIEST_YEAR else None


def _from_prose(value: str) -> dt.datetime | None:
    written = find(value)
    return written.when if written else None


def _written(found: re.Match[str], kind: str, month_first: bool | None) -> Written | None:
    part = found.groupdict()
    if kind == "figures":
        one, two = int(part["d"]), int(part["m"])
        if found["sep"] == "/" and one <= 12 and two <= 12 and one != two and month_first is None:
            return None
        swap = two > 12 or (bool(month_first) and found["sep"] == "/" and one <= 12)
        day, month = (two, one) if swap else (one, two)
    else:
        day = int(part["d"])
        month = int(part["m"]) if part["m"].isdigit() else _months()[part["m"].casefold().rstrip(".")]
    year = int(part["y"])
    if year < 100:  # 25.04.24
        year += 2000
    if 2400 < year < 2700:  # the Buddhist era, as Thai papers date
        year -= 543
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    when = _make(year, month, day, hour, minute) or _make(year, month, day)
    if when is None:
        return None
    return Written(when.replace(tzinfo=dt.UTC) if found["zone"] else when, found.start(), found.end())


def _make(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> dt.datetime | None:
    if not EARLIEST_YEAR <= year <= 2100:
        return None
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a zone is added where one is stated
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    return {
        name.casefold().rstrip(".").replace("_", " "): number
        for number, names in enumerate(_MONTHS.split("\n")[1:-1], 1)
        for name in names.split()
    }


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    month = "(?P<m>" + "|".join(re.escape(n) for n in sorted(_months(), key=len, reverse=True)) + r")\b\.?"
    day = r"(?<![\d.,:])(?P<d>[0-3]?\d)"
    year = r"(?P<y>(?:19|20|25)\d{2})(?!\d)"
    shapes = (
        (rf"(?<!\d){year}-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?!\d)T?", "iso"),
        (rf"(?<!\d){year}[/.](?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?!\d)", "iso"),
        (rf"{day}(?P<sep>[./-])\s?(?P<m>[01]?\d|[0-3]\d)(?P=sep)\s?{year}", "figures"),
        (r"(?<![\d.,:])(?P<d>[0-3]\d)(?P<sep>\.)(?P<m>[01]\d)\.(?P<y>[0-3]\d)(?![\d.])", "figures"),
        (rf"(?<!\d){year}\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]", "east"),
        (
            rf"{day}\.?(?:st|nd|rd|th|er|º|ª|-го)?,?\s(?:de\s|d[’']|of\s|ta[’']\s)?{month},?\s(?:de\s|del\s)?{year}",
            "day first",
        ),
        (rf"\b{month}\s(?P<d>[0-3]?\d)(?:st|nd|rd|th)?,?\s{year}", "month first"),
        (rf"(?<!\d){year}\.?\s{month}\s(?P<d>[0-3]?\d)\b\.?", "year first"),
        (rf"{day}\s(?:tháng|Tháng)\s(?P<m>\d{{1,2}})(?:,?\snăm|,)?\s{year}", "vietnamese"),
    )
    return tuple((re.compile(shape + _CLOCK, re.IGNORECASE), kind) for shape, kind in shapes)
