"""A document delivered as plain text: what it says about itself, and its body.

A text may begin with labelled fields ("Title: …"), a breadcrumb, its headline, a byline and a date, and may name its
outlet in what stands around it. Furniture stays in the body, as it does for pages: `clean` takes it out and says so.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from statistics import median
from textwrap import dedent

from pipeline.extract import authors, described
from pipeline.extract.publication_date import delivered, latest, published_at
from pipeline.extract.stated import clean_address, clean_text
from pipeline.extract.title import names_of, without_site
from pipeline.text import dates, lexicon, markup, scripts, urls, zones
from pipeline.text.lexicon import one_of
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import label_kind, look
from pipeline.text.written_dates import Written

_LEXICON = lexicon.words()


_HEAD_LINES = 6  # among which a date or a byline is the document's own
_TITLE_WORDS = 30  # no headline that stands before a text is longer
_WIDTHS = (45, 100)  # characters of lines that were broken to fit a terminal or a wire printer


def read_text(text: str, hints: Mapping[str, object], day: dt.date) -> tuple[described.Description, str]:
    """Describe a plain-text document and return its body, one paragraph a line.

    `hints` (url, title, outlet, authors, published_at, published_precision, fetched_at) came with the document, may be None, and win over
    the text.
    """
    fields, lines = _labelled(paragraphs(markup.without_markup(text)))
    url = clean_address(hints.get("url")) or clean_address(fields.get("url"))
    canonical = urls.choose_canonical(url, None)
    outlet = clean_text(hints.get("outlet")) or clean_text(fields.get("outlet"))
    known = clean_text(hints.get("title")) or clean_text(fields.get("title"))
    title, lines = _headline(lines, known and without_site(known, names_of(outlet, canonical)))
    stamp, lines = _leading_date(lines)
    published, source = _published(fields, stamp, lines, hints, canonical, day)
    return described.Description(
        url=url,
        canonical_url=canonical,
        domain=urls.domain_of(canonical),
        outlet=outlet or clean_text(_outlet(lines)),
        title=clean_text(title),
        authors=authors.delivered_authors(hints.get("authors")) or _authors(lines, fields.get("author")),
        published_at=published.at if published else None,
        published_at_source=source,
        published_precision=published.precision if published else None,
    ), "\n".join(lines)


# --- paragraphs ------------------------------------------------------------------------------------------------


def paragraphs(text: str) -> list[str]:
    """A plain text's paragraphs, each one line: lines broken for width are joined again."""
    lines = _dedented(text.lstrip("\ufeff")).splitlines()
    blocks = [list(block) for filled, block in groupby(lines, key=lambda line: bool(line.strip())) if filled]
    is_broken = _is_broken_for_width([line.strip() for block in blocks for line in _unended(block)])
    return [" ".join(line.split()) for block in blocks for line in _joined(block, is_broken=is_broken)]


def _dedented(text: str) -> str:
    """As `dedent` has it, which takes longer to see that no line is indented."""
    return dedent(text) if _INDENTED.search(f"\n{text}") else text


_INDENTED = re.compile(r"\n[ \t]")


def _joined(block: list[str], *, is_broken: bool) -> Iterator[str]:
    """The paragraphs of a block. `is_broken` says that the text has lines broken for width: then two lines may be one, too."""
    own = [line.strip() for line in _unended(block)]
    is_short = is_broken and 1 <= len(own) < _FEW and max(map(len, own)) <= _WIDTHS[1] + 20
    if not (_is_broken_for_width(own) or (is_short and all(map(_is_in_the_middle, own)))):
        yield from block
        return
    paragraph = block[0]
    for line in block[1:]:
        if line.startswith(_INDENTS):
            yield paragraph
            paragraph = line
        else:
            paragraph += " " + line
    yield paragraph


_INDENTS = ("    ", "\t")  # with which a line begins a paragraph
_FEW = 2  # lines before the last of a block: fewer do not tell by themselves whether they were broken


def _unended(block: Sequence[str]) -> Sequence[str]:
    """The lines of a block after which it goes on."""
    return [line for line, after in pairwise(block) if not after.startswith(_INDENTS)]


def _is_broken_for_width(lines: Sequence[str]) -> bool:
    """Whether lines after which a block goes on were broken to fit a width."""
    if len(lines) < _FEW or max(map(len, lines)) > _WIDTHS[1] + 20:
        return False
    in_the_middle = sum(map(_is_in_the_middle, lines))
    return _WIDTHS[0] <= median(map(len, lines)) <= _WIDTHS[1] and in_the_middle >= 0.6 * len(lines)


def _is_in_the_middle(line: str) -> bool:
    """Whether a sentence goes on after the line."""
    return scripts.letters(line[-1:]) != "" or line[-1:] == ","


# --- the head --------------------------------------------------------------------------------------------------

_LABELS = {
    "title": _LEXICON.title_fields,
    "date": _LEXICON.date_fields,
    "author": _LEXICON.author_fields,
    "url": _LEXICON.url_fields,
    "outlet": _LEXICON.outlet_fields,
}
_FIELD_NAMES = {label: name for name, labels in _LABELS.items() for label in labels}
_FIELD = re.compile(rf"(?P<name>{one_of(_FIELD_NAMES)})\s*:\s+(?P<value>\S.*)", re.IGNORECASE)


def _labelled(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The labelled fields that a text begins with, if they are two or more, and the lines after them."""
    found: dict[str, str] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            break
        name = field["name"].lower()
        found.setdefault(_FIELD_NAMES.get(name, name), field["value"])
    return (found, lines[len(found) :]) if len(found) >= 2 else ({}, lines)


_ABBREVIATIONS = tuple(f" {word}" for word in sorted(_LEXICON.abbreviations))


def _headline(lines: list[str], known: str | None) -> tuple[str | None, list[str]]:
    """The headline and the lines without it: the first line that is neither furniture nor a sentence of the text.

    A text that is one line is not left without it.
    """
    if known and len(lines) == 1 and _is_with_site(known, lines[0]):
        return lines[0], lines
    head = lines[:_HEAD_LINES]
    if known:
        at = next((i for i, line in enumerate(head) if scripts.are_same(line, known)), None)
        if at is None or not all(map(_may_stand_before, head[:at])):
            return known, lines
        return known, _without(lines, at) or lines  # a brief may be no more than its first sentence
    at = next((i for i, line in enumerate(head) if not _may_stand_before(line)), None)
    if at is None or not _is_headline(head[at]):
        return known, lines
    return head[at], _without(lines, at) if lines[at + 1 :] else lines


def _without(lines: list[str], at: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def _may_stand_before(line: str) -> bool:
    """Whether a headline may follow a line."""
    looked = look(line)
    return looked.is_furniture or looked.kind in {LineKind.DATE, LineKind.BYLINE}


def _is_headline(line: str) -> bool:
    looked = look(line)
    is_ended = line.endswith((*scripts.FULL_STOPS, ":", ",", ";")) and not line.endswith(
        ("...", *_ABBREVIATIONS)
    )
    is_stamped = _LEADING_DATE.match(line) is not None
    return 3 <= looked.n_words <= _TITLE_WORDS and not (is_ended or is_stamped)


_SITE = r"[^|–—»•·]{2,40}"
_BAR = r"\s*(?:\s[-:/]|[|–—»•·])\s+"
_LEAST_SITE = 4  # characters of a site's name with a bar: two and two


def _is_with_site(known: str, line: str) -> bool:
    """Whether a delivered headline is the line with a site's name behind or before it."""
    if len(known) < len(line) + _LEAST_SITE:
        return False  # as of most texts of one line: to compile a pattern takes as long as the rest of the document
    name = re.escape(line)
    return re.fullmatch(f"{name}{_BAR}{_SITE}|{_SITE}{_BAR}{name}", known, re.IGNORECASE) is not None


_LEADING_DATE = re.compile(
    rf"\W*(?:{one_of(_LEXICON.date_labels)}(?: {one_of(_LEXICON.on_date)})?\s*:?\s+(?=\S{{1,12}}\s?\d|\d)"
    r"|(?=(?:19|20)\d\d-\d\d-\d\d\b))",
    re.IGNORECASE,
)


def _leading_date(lines: list[str]) -> tuple[Written | None, list[str]]:
    """A date stamped before the first words of the text, and the lines without the stamp."""
    for i, line in enumerate(lines[:_HEAD_LINES]):
        label = _LEADING_DATE.match(line)
        found = dates.find(line[label.end() :][:40]) if label else None
        if label and found and found.start == 0:
            rest = line[label.end() + found.end :].lstrip(" \t,;:|–—-")
            return found, [*lines[:i], *([rest] if rest else []), *lines[i + 1 :]]
    return None, lines


def _published(
    fields: dict[str, str],
    stamp: Written | None,
    lines: list[str],
    hints: Mapping[str, object],
    url: str | None,
    day: dt.date,
) -> tuple[dates.Moment | None, str | None]:
    written = [dates.parse(fields["date"]) if "date" in fields else None, stamp, *_stamps(lines)]
    found = [(one, "text") for one in written] + [(dates.in_url(url) if url else None, "url")]
    countries = zones.countries_of(urls.domain_of(url))
    return published_at(
        [
            (delivered(hints), "feed"),
            *((dates.settled(one, countries), source) for one, source in found if one),
        ],
        latest(hints, day),
    )


def _stamps(lines: list[str]) -> Iterator[Written]:
    """The dates of lines at the head that say nothing else."""
    for line in lines[:_HEAD_LINES]:
        if label_kind(line) in {LineKind.STAMP, LineKind.DATE} and (found := dates.find(line)):
            yield found


def _authors(lines: list[str], field: str | None) -> tuple[str, ...]:
    if field:
        return authors.names_in(field)
    bylines = (line for line in lines[:_HEAD_LINES] if label_kind(line) is LineKind.BYLINE)
    return next((authors.names_in(line) for line in bylines), ())


# --- the outlet ------------------------------------------------------------------------------------------------

_PROPER = (
    rf"(?P<name>(?:{one_of(_LEXICON.outlet_articles)} )?[A-ZÀ-ÖØ-Þ][\w&’'-]*(?: [A-ZÀ-ÖØ-Þ][\w&’'-]*){{0,3}})"
)
_YEARS = r"\d{4}(?:\s?[-–]\s?\d{4})?"


def _naming(template: str) -> re.Pattern[str]:
    """What finds a template of the lexicon: it begins and ends where a word may."""
    found = lexicon.expression(template).replace("NAME", _PROPER).replace("YEARS", _YEARS)
    return re.compile(rf"(?!\B\w){found}(?!\B\w)")


_NAMED = tuple(map(_naming, _LEXICON.outlets))


def _outlet(lines: list[str]) -> str | None:
    """The outlet that names itself in what stands around its text, in the words of the first line that does."""
    for line in lines:
        looked = look(line)
        if looked.kind is LineKind.TEXT or looked.kind in {LineKind.DATE, LineKind.STAMP, LineKind.BYLINE}:
            continue
        for pattern in _NAMED:
            found = pattern.search(line)
            name = re.sub(r"['’]s$", "", found["name"]) if found else ""
            if name and name.casefold() not in _LEXICON.no_outlets:
                return name
    return None
