"""What a page says about itself: address, outlet, title, authors, date, whether one must pay."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.extract.authors import authors_of, delivered_authors
from pipeline.extract.publication_date import modified_of, published_of
from pipeline.extract.site import site_of
from pipeline.extract.stated import (
    Stated,
    clean_address,
    clean_text,
    language_of,
    main_article,
    states_news,
    texts_of,
)
from pipeline.extract.title import site_names, title_of, without_site
from pipeline.model.kinds import Precision
from pipeline.text import urls

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_OUTLET_NAMES = (
    "ogsitename",
    "publisher",
    "articlepublisher",
    "dcpublisher",
    "dctermspublisher",
    "applicationname",
)


@dataclass(frozen=True)
class Description:
    """What is known about one document besides its text; `published_at` and `modified_at` are in UTC."""

    url: str | None = None
    canonical_url: str | None = None
    domain: str | None = None
    outlet: str | None = None
    site: str | None = None  # what tells the pages of one site where neither outlet nor domain does
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    published_at_source: str | None = None  # page, feed, url or text
    published_precision: Precision | None = None
    declared_language: str | None = None
    modified_at: dt.datetime | None = None
    is_paywalled: bool = False
    is_news: bool = False  # as its linked data say
    source_url: str | None = None


def describe_page(
    tree: "HtmlElement", page: Stated, hints: Mapping[str, object], day: dt.date
) -> Description:
    """Describe the page whose parsed tree is given, and what it states; the tree is only read.

    `hints` (url, title, outlet, authors, published_at, published_precision, fetched_at) came with the document and may be None; the
    delivered outlet and address win, the page's title, authors and date do. `day` is the day of ingestion.
    """
    delivered = clean_address(hints.get("url"))
    nodes = page.nodes
    article = main_article(nodes, page, delivered)
    outlet = _outlet(page, article, hints)
    stated = stated_addresses(page, delivered)
    url = delivered or next((s for s in stated if urls.canonicalise(s)), None)
    canonical = _canonical(url, stated)
    published, source = published_of(tree, page, article, hints, canonical or url, day)
    names = site_names(page, outlet, canonical, nodes)
    known = clean_text(hints.get("title"))
    title = title_of(page, article, names) or (known and without_site(known, names))
    domain = urls.domain_of(canonical)
    return Description(
        url=url,
        canonical_url=canonical,
        domain=domain,
        outlet=outlet,
        site=None if outlet or domain else site_of(tree, page, nodes, title),
        title=title,
        authors=authors_of(tree, page, article, nodes, names) or delivered_authors(hints.get("authors")),
        published_at=published.at if published else None,
        published_at_source=source,
        published_precision=published.precision if published else None,
        modified_at=modified_of(tree, page, article, hints, canonical or url, day),
        declared_language=language_of(tree, page, article),
        is_paywalled=_is_paywalled(page, article),
        is_news=states_news(article),
        source_url=_credited(page, url, stated),
    )


def stated_addresses(page: Stated, url: str | None) -> list[str]:
    """What the page says is its address, the best first: its canonical link, and what it gives to be shared.

    Of several different canonical links the one counts that the page's address or share data confirm.
    """
    base = urls.resolve(url, page.base) if page.base else url
    shared = [urls.resolve(base, s) for s in page.meta.get("ogurl", [])[:1]]
    links = list(dict.fromkeys(urls.resolve(base, s) for s in page.canonical))
    if len({urls.canonicalise(link) for link in links}) > 1:
        known = {urls.canonicalise(s) for s in (url or "", *shared)} - {None}
        links = [link for link in links if urls.canonicalise(link) in known][:1]
    return links[:1] + shared


def _canonical(url: str | None, stated: list[str]) -> str | None:
    own = urls.canonicalise(url) if url else None
    chosen = (urls.choose_canonical(url, s) for s in stated)
    return next((c for c in chosen if c is not None and c != own), own)


_SOURCES = ("syndicationsource", "originalsource")


def _credited(page: Stated, url: str | None, stated: list[str]) -> str | None:
    """The address on another site that the page names as its text's: by its canonical link, or as the source of syndicated texts."""
    links = stated[:1] if page.canonical else []
    named = [*links, *(source for name in _SOURCES for source in page.meta.get(name, []))]
    return next((found for s in named if (found := urls.credited_address(url, s))), None)


def _outlet(page: Stated, article: dict[str, Any], hints: Mapping[str, object]) -> str | None:
    stated = [
        hints.get("outlet"),
        *texts_of(article.get("publisher"), "name"),
        *(page.first([n]) for n in _OUTLET_NAMES),
    ]
    cleaned = (clean_text(s) for s in stated)
    return next((c for c in cleaned if c and len(c) <= 80 and not re.match(r"https?://|@", c)), None)


def _is_paywalled(page: Stated, article: dict[str, Any]) -> bool:
    free = article.get("isAccessibleForFree")
    if isinstance(free, bool | str):
        return str(free).strip().lower().rpartition("/")[2] in {"false", "no", "0"}
    tier = page.first(["articlecontenttier", "contenttier", "lparticlecontenttier"]) or ""
    return tier.lower() in {"locked", "premium", "paid"}
