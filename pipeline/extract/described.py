"""What a page says about itself: address, outlet, title, authors, date, whether one must pay."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.extract.authors import authors_of
from pipeline.extract.publication_date import published_of
from pipeline.extract.stated import (
    Stated,
    clean_text,
    json_nodes,
    language_of,
    main_article,
    read_stated,
    states_news,
    texts_of,
)
from pipeline.extract.title import site_names, title_of
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
    """What is known about one document besides its text; `published_at` is in UTC."""

    url: str | None = None
    canonical_url: str | None = None
    domain: str | None = None
    outlet: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    published_at_source: str | None = None  # page, feed, url or text
    published_precision: Precision | None = None
    declared_language: str | None = None
    is_paywalled: bool = False
    is_news: bool = False  # as its linked data say


def describe_page(tree: "HtmlElement", hints: Mapping[str, object], day: dt.date) -> Description:
    """Describe the page whose parsed tree is given; the tree is only read.

    `hints` (url, title, outlet, published_at, published_precision, fetched_at) came with the document and may be None; the delivered
    outlet and address win, the page's title and date do. `day` is the day of ingestion.
    """
    page = read_stated(tree)
    article = main_article(json_nodes(page.scripts), page, clean_text(hints.get("url")))
    outlet = _outlet(page, article, hints)
    stated = page.canonical[:1] + page.meta.get("ogurl", [])[:1]
    url = clean_text(hints.get("url")) or next((s for s in stated if urls.canonicalise(s)), None)
    canonical = _canonical(url, stated)
    published, source = published_of(tree, page, article, hints, canonical or url, day)
    names = site_names(page, outlet, canonical)
    return Description(
        url=url,
        canonical_url=canonical,
        domain=urls.domain_of(canonical),
        outlet=outlet,
        title=title_of(page, article, names) or clean_text(hints.get("title")),
        authors=authors_of(tree, page, article, names),
        published_at=published.at if published else None,
        published_at_source=source,
        published_precision=published.precision if published else None,
        declared_language=language_of(tree, page, article),
        is_paywalled=_is_paywalled(page, article),
        is_news=states_news(article),
    )


def _canonical(url: str | None, stated: list[str]) -> str | None:
    own = urls.canonicalise(url) if url else None
    chosen = (urls.choose_canonical(url, s) for s in stated)
    return next((c for c in chosen if c is not None and c != own), own)


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
