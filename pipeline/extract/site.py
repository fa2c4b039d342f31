"""Of which site a page without an address and an outlet is, so that what its pages repeat is found.

A page says that in many ways: hosts of what belongs to it, accounts, the most frequent host of its links, the name behind
the headline in its title, the owner of its copyright. What it says is a key to group pages by; it names no outlet, and it is
part of no id.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.extract.stated import Stated, clean_text, plain_key, texts_of
from pipeline.text import lexicon, urls

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_OWN_RELATIONS = frozenset(
    {
        "alternate",
        "amphtml",
        "shortlink",
        "home",
        "index",
        "search",
        "manifest",
        "icon",
        "shortcut icon",
        "canonical",
    }
)
_ACCOUNTS = ("twitterdomain", "articlepublisher", "fbpages", "twittersite", "fbappid", "alandroidpackage")
_NAMES = ("applicationname", "applemobilewebapptitle", "copyright", "dcrights", "owner")
_MAX_LINKS = 2_000
_MIN_LINKS = 3  # to one site
_FOREIGN = frozenset(lexicon.words().networks)  # whose buttons many pages show
_COPYRIGHT = re.compile(
    r"(?:©|ⓒ|\(c\)|copyright)\s*(?:©\s*)?(?:(?:19|20)\d\d\s*(?:[-–]\s*(?:19|20)?\d\d)?)?[\s,]*(?:by\s+)?([^|.,\n©]{2,60})",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"\s+[-–—|•·»:]+\s+|\s*[|｜]\s*")
_MAX_NAME_WORDS = 6
_LAST_CHARS = 3_000  # of a page's text, where its copyright stands


def site_of(
    tree: "HtmlElement", page: Stated, nodes: list[dict[str, object]], title: str | None
) -> str | None:
    """A key of the site that a page is of, by the first of the ways in which it says so; None where it says nothing."""
    ways = (
        _hosts(tree),
        _accounts(page),
        _linked(tree),
        _named(page, nodes),
        _behind(page, title),
        _owners(tree),
    )
    return next((found for way in ways for found in way if found), None)


def _host(url: str | None) -> str | None:
    known = urls.canonicalise(url) if url and "//" in url else None
    return urls.site_of(known) if known else None


def _hosts(tree: "HtmlElement") -> Iterator[str | None]:
    for element in islice(tree.iter("base", "link"), _MAX_LINKS):
        if element.tag == "base" or (element.get("rel") or "").lower() in _OWN_RELATIONS:
            yield _host(element.get("href"))


def _accounts(page: Stated) -> Iterator[str | None]:
    for name in _ACCOUNTS:
        if value := page.first([name]):
            yield f"{name} {value.casefold()}"


def _linked(tree: "HtmlElement") -> Iterator[str | None]:
    """The site to which most of the links go that say a host, if they are some."""
    hosts = (_host(link.get("href")) for link in islice(tree.iter("a"), _MAX_LINKS))
    counts = Counter(host for host in hosts if host and host.partition(".")[0] not in _FOREIGN)
    for host, n in sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:1]:
        yield host if n >= _MIN_LINKS and 2 * n > counts.total() else None


def _named(page: Stated, nodes: list[dict[str, object]]) -> Iterator[str | None]:
    for node in nodes:
        if {"WebSite", "NewsMediaOrganization", "Organization"}.intersection(texts_of(node.get("@type"))):
            yield from (_key(name) for name in texts_of(node.get("name")))
    yield from (_key(page.first([name])) for name in _NAMES)


def _behind(page: Stated, title: str | None) -> Iterator[str | None]:
    """What stands behind the headline in the page's title."""
    headlines = {plain_key(text) for text in (title, *page.headings, page.first(["ogtitle"])) if text}
    for stated in page.titles[:1]:
        first, *rest = _TITLE_PARTS.split(clean_text(stated) or "")
        if rest and plain_key(first) in headlines and len(rest[-1].split()) <= _MAX_NAME_WORDS:
            yield _key(rest[-1])


def _owners(tree: "HtmlElement") -> Iterator[str | None]:
    found = _COPYRIGHT.search(tree.text_content()[-_LAST_CHARS:])
    if found and len(found[1].split()) <= _MAX_NAME_WORDS:
        yield _key(found[1])


def _key(name: str | None) -> str | None:
    return plain_key(clean_text(name) or "") or None
