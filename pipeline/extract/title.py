"""The headline of a page, without the site's name."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from pipeline.extract.stated import Stated, clean_text, plain_key, states_news, texts_of
from pipeline.text import urls

_TITLE_NAMES = ("twittertitle", "parselytitle", "sailthrutitle", "dctitle", "title", "headline")


_SITES = re.compile(r"(?:WebSite|NewsMediaOrganization|Newspaper|Periodical)$", re.IGNORECASE)


def site_names(
    page: Stated, outlet: str | None, canonical: str | None, nodes: list[dict[str, Any]]
) -> set[str]:
    """The names of the site, as keys: what it states, and its domain with and without what stands behind the name."""
    sites = (node for node in nodes if any(_SITES.search(t) for t in texts_of(node.get("@type"))))
    named = [name for site in sites for key in ("name", "alternateName") for name in texts_of(site.get(key))]
    return {plain_key(n) for n in [*page.meta.get("ogsitename", []), *named]} | names_of(outlet, canonical)


def names_of(outlet: str | None, canonical: str | None) -> set[str]:
    """What an outlet is called, as keys: its name, its domain, its site with and without what stands behind the name."""
    domain = urls.domain_of(canonical) or ""
    site = (urls.site_of(canonical) if canonical else None) or ""
    return {plain_key(n) for n in (outlet or "", domain, site, site.partition(".")[0])} - {""}


_TITLE_CUT = re.compile(
    r"\s+[|•·»«–—:*~/›>-]+\s+|\s*[|｜ㅣ]\s*|(?<=\w)(?:：|--|-)(?=[^：\s-]{2,20}$)|(?<=[^\x00-\x7f])_(?=[^_]{2,20}(?:_|$))"
)
_DATE_PART = re.compile(r"[\d\s./,:-]{6,20}$")


def title_of(page: Stated, article: dict[str, Any], names: set[str]) -> str | None:
    """The headline that the page states, without the site's name.

    JSON-LD's first. But where a newspaper's JSON-LD repeats the page's title and its share data say something else,
    the former is a line for search engines (right in 33 of 48 such pages). Of pages that are no news, it is what the
    page's only heading does not say (that was right in 18 of 24).
    """
    names = names | _cut_from(page.titles[:3], names)

    def stated(texts: Iterable[str | None]) -> str:
        cut = (without_site(clean_text(t) or "", names) for t in texts)
        return next((t for t in cut if plain_key(t) and plain_key(t) not in names), "")

    headline = stated(texts_of(article.get("headline")))
    shared = stated([page.first(["ogtitle"])])
    heading, title = stated(page.headings), stated(page.titles)
    if _is_section(heading, title):
        heading = ""
    others = [
        shared,
        title,
        heading,
        stated([page.first(_TITLE_NAMES)]),
        stated(texts_of(article.get("name"))),
    ]
    if shared and plain_key(shared) != plain_key(headline) == plain_key(title) and states_news(article):
        headline = shared
    is_other = (
        len(page.headings) == 1
        and 3 <= len(heading.split()) <= 25
        and plain_key(heading) != plain_key(headline)
    )
    if headline and is_other and not states_news(article):
        headline = heading
    first = headline or shared or heading
    spelled = [t for t in [first, *others] if t and plain_key(t) == plain_key(first)]
    # Headings are put together from pieces, and set in capitals: where the same stands elsewhere, that is the spelling.
    first = next((t for t in spelled if t != heading and not t.isupper()), first)
    found = [t for t in [first, *others] if t]
    return _settle_title(found[0], found[1:]) if found else None


def _is_section(heading: str, title: str) -> bool:
    """Whether a heading is one or two words that the page's longer title does not have: "Local news"."""
    is_short = len(heading) <= 20 and len(heading.split()) <= 2 < len(title.split())
    return is_short and plain_key(heading) not in plain_key(title)


def without_site(title: str, names: set[str]) -> str:
    """Cut the site's name, with what stands between it and the headline or after it, off a title's end or start."""
    title = _without_label(title, names)
    cuts = [m.span() for m in _TITLE_CUT.finditer(title)]
    parts = [title[a:b] for (_, a), (b, _) in pairwise([(0, 0), *cuts, (len(title), 0)])]
    end = len(parts)
    has_site = False
    while end > 1:
        if _is_site(parts[end - 1], names) or _DATE_PART.match(parts[end - 1]):
            has_site, end = True, end - 1
        elif (
            not has_site and end > 2 and len(parts[end - 1].split()) <= 4 and _is_site(parts[end - 2], names)
        ):
            has_site, end = True, end - 2
        elif has_site and len(parts[end - 1].split()) <= 2 < len(title[: cuts[end - 2][0]].split()):
            end -= 1  # the section
        else:
            break
    start = 1 if end > 1 and _opens_with_site(parts[0], title[slice(*cuts[0])], names) else 0
    return title[cuts[start - 1][1] if start else 0 : cuts[end - 1][0] if end < len(parts) else None]


_LABEL = re.compile(r"(?:[\[【(]([^\]】)]{2,60})[\]】)]|([^:：]{2,60})[:：])\s*(?=\S)")
_LABEL_BEHIND = re.compile(r"\s*[\[【(]([^\[【()】\]]{2,60})[\]】)]$")
_MIN_HEADLINE_LETTERS = 6  # two words, or as many signs of Chinese; less is a section


def _without_label(title: str, names: set[str]) -> str:
    """Cut the site's name where it is a label: "Example Report: …", "[Example Report] …", "… (Example Report)"."""
    before = _LABEL.match(title)
    if before and _is_label(before[1] or before[2], title[before.end() :], names):
        title = title[before.end() :]
    behind = _LABEL_BEHIND.search(title)
    if behind and _is_label(behind[1], title[: behind.start()], names):
        title = title[: behind.start()]
    return title


def _is_label(part: str, rest: str, names: set[str]) -> bool:
    return plain_key(part) in names and len(plain_key(rest)) >= _MIN_HEADLINE_LETTERS


def _opens_with_site(part: str, cut: str, names: set[str]) -> bool:
    """Whether a title opens with the site's name.

    Local papers are called by their place, and open headlines with it: "Valmorin : …" in L'Écho de Valmorin, "Paris – …" in
    Le Parisien. So one word of the name is not the site, and before a colon nothing is but the name itself.
    """
    key = plain_key(part)
    if key in names:
        return True
    if ":" in cut:
        return False
    return _is_site(part, names if len(part.split()) > 1 else {n for n in names if n in key})


def _cut_from(titles: list[str], names: set[str]) -> set[str]:
    """What was cut off page titles as the site's name, as keys: a heading that is only this is the site's logo."""
    found = set()
    for title in filter(None, map(clean_text, titles)):
        left = without_site(title, names)
        found |= {plain_key(p) for p in _TITLE_CUT.split(title) if p not in left and _is_site(p, names)}
    return found


def _is_site(part: str, names: set[str]) -> bool:
    """Whether a part of a title is the site's name as known, with a little more or less ("CBC News" for CBC)."""
    key = plain_key(part)
    if key in names:
        return True
    if not key or len(part.split()) > 6:
        return False
    return any(
        n in key or key in n for n in names if min(len(n), len(key)) >= 3 and abs(len(n) - len(key)) <= 20
    )


def _settle_title(title: str, others: list[str]) -> str:
    """Mend a title that was cut short, or lengthened by a label, where another place has it right."""
    for other in others:
        stem = title.rstrip(" .…")
        was_cut = stem != title or len(title) >= 100 or other[len(stem) :].lstrip()[:1] in {'"', "'"}
        if len(other) > len(title) and other.startswith(stem) and was_cut:
            return other
        rest = title[len(other) :]
        if rest and title.startswith(other) and _TITLE_CUT.match(rest) and len(rest.split()) <= 8:
            return other
    return title
