"""What a page states about itself in elements and in JSON-LD, read in one pass.

No pattern is run over the whole page, so the cost is bounded by the page's size.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import unicodedata2

from pipeline.text import lexicon, urls
from pipeline.text.markup import address, one_line
from pipeline.text.scripts import without_signs

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MAX_ELEMENTS = 20_000  # of the few kinds that are looked at; the largest of 658 real pages has 2,300
_MAX_JSON_CHARS = 2_000_000  # of JSON-LD on one page; the largest seen is 0.3 million
_MAX_JSON_NODES = 20_000
_MAX_TITLE_CHARS = 500
MAX_AUTHORS = 20

_ARTICLE_TYPES = re.compile(
    r"(?:article|posting|report|review|column|liveblog|critique|story)$", re.IGNORECASE
)


@dataclass
class Stated:
    """What the elements of a page state, in document order."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: list[str] = field(default_factory=list)
    base: str | None = None  # what relative addresses are relative to, if the page says so
    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)

    @cached_property
    def nodes(self) -> list[dict[str, Any]]:
        """The objects of its JSON-LD."""
        return json_nodes(self.scripts)

    def first(self, names: Iterable[str]) -> str | None:
        return next((v for n in names for v in self.meta.get(n, ()) if v), None)


def read_stated(tree: "HtmlElement") -> Stated:
    page = Stated()
    for element in islice(tree.iter("meta", "base", "link", "title", "h1", "script"), _MAX_ELEMENTS):
        _READERS[str(element.tag)](page, element)
    return page


def _read_meta(page: Stated, element: Any) -> None:
    name = (
        element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    )
    content = element.get("content")
    if name and content:
        page.meta.setdefault(without_signs(name.lower()), []).append(content.strip())


def _read_link(page: Stated, element: Any) -> None:
    rel = (element.get("rel") or "").lower().split()
    href = address(element.get("href") or "")
    if (
        not href or href.casefold() in lexicon.words().no_names
    ):  # what a template writes where it has no address
        return
    if (
        "canonical" in rel
        and not _OTHER_RELATIONS.intersection(rel)
        and _is_of_head(element, bool(page.canonical))
    ):
        page.canonical.append(href)


_OTHER_RELATIONS = frozenset(
    {"alternate", "amphtml", "next", "prev", "stylesheet"}
)  # what is so, too, is not the page itself


def _read_base(page: Stated, element: Any) -> None:
    page.base = page.base or address(element.get("href") or "") or None


def _is_of_head(element: Any, has_one: bool) -> bool:
    """Whether a link is the head's, or would be, had something before it not ended the head for the parser.

    What stands in the body was put there by readers or by players of videos, and speaks of another page.
    """
    parent = element.getparent()
    if parent is None or parent.tag in {"head", "html"}:
        return True
    before = islice(element.itersiblings(preceding=True), _MAX_HEAD)
    return parent.tag == "body" and not has_one and all(_is_unseen(sibling) for sibling in before)


_MAX_HEAD = 500  # elements of a head; the longest seen has 300
_NO_TEXT = {"base", "iframe", "img", "link", "meta", "noscript", "script", "style", "template", "title"}


def _is_unseen(element: Any) -> bool:
    """Whether an element may stand before the page's first text: it has none."""
    tail = (element.tail or "").strip()
    is_empty = element.tag in _NO_TEXT or not isinstance(element.tag, str)
    return not tail and (is_empty or not any(text.strip() for text in islice(element.itertext(), 50)))


def _read_title(page: Stated, element: Any) -> None:
    if element.text and element.getparent() is not None and element.getparent().tag != "svg":
        page.titles.append(element.text[: 4 * _MAX_TITLE_CHARS])


def _read_heading(page: Stated, element: Any) -> None:
    if len(page.headings) < 5:  # a page has one or two; the rest is a list of other things
        page.headings.append(" ".join(islice(element.itertext(), 50)))


def _read_script(page: Stated, element: Any) -> None:
    if "ld+json" in (element.get("type") or "").lower() and element.text:
        page.scripts.append(element.text)


_READERS = {
    "meta": _read_meta,
    "base": _read_base,
    "link": _read_link,
    "title": _read_title,
    "h1": _read_heading,
    "script": _read_script,
}


def json_nodes(scripts: list[str]) -> list[dict[str, Any]]:
    """All objects in the page's JSON-LD, outer before inner, in the page's order."""
    budget = _MAX_JSON_CHARS
    nodes: list[dict[str, Any]] = []
    for script in scripts:
        budget -= len(script)
        if budget >= 0:
            nodes.extend(islice(_objects(_load(script)), _MAX_JSON_NODES - len(nodes)))
    return nodes


def _load(script: str) -> Any:
    """Parse JSON-LD; of what is broken beyond small repairs, the few strings that matter."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = (
        text.removeprefix("//<![CDATA[").removesuffix("//]]>").removeprefix("<![CDATA[").removesuffix("]]>")
    )
    for repair in (str, _without_commas, html.unescape):
        try:
            return json.loads(repair(text).strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return dict(_LOOSE_STRING.findall(text)[::-1]) | {"@type": "Article"}


_LOOSE_STRING = re.compile(
    r'"(headline|datePublished|dateModified|name|url)"\s{0,9}:\s{0,9}"([^"\\\n]{1,400})"'
)


def _without_commas(text: str) -> str:
    return re.sub(r",(\s{0,99}[\]}])", r"\1", text)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    queue = [value]
    for item in queue:
        if isinstance(item, dict):
            yield item
            queue.extend(v for v in item.values() if isinstance(v, dict | list))
        elif isinstance(item, list):
            queue.extend(item)


def main_article(nodes: list[dict[str, Any]], page: Stated, url: str | None) -> dict[str, Any]:
    """The object that describes the page's own article; empty when none does.

    Pages also describe the articles that they link to: the one with the page's address or headline goes first.
    """
    articles = [n for n in nodes if any(_ARTICLE_TYPES.search(t) for t in texts_of(n.get("@type")))]
    articles = [n for n in articles if n.get("headline") or n.get("datePublished") or n.get("name")]
    if not articles:
        return next((n for n in nodes if n.get("headline") and n.get("datePublished")), {})
    own_urls = {
        urls.canonicalise(u) for u in [url or "", *page.canonical[:1], *page.meta.get("ogurl", [])[:1]]
    } - {None}
    own_titles = {
        plain_key(t) for t in page.headings[:2] + page.titles[:1] + page.meta.get("ogtitle", [])[:1]
    }

    def merit(node: dict[str, Any]) -> tuple[bool, bool]:
        stated = [
            *texts_of(node.get("url")),
            *texts_of(node.get("@id")),
            *texts_of(node.get("mainEntityOfPage"), "@id", "url"),
        ]
        return (
            any(urls.canonicalise(u) in own_urls for u in stated),
            any(
                plain_key(t) in own_titles
                for t in texts_of(node.get("headline")) + texts_of(node.get("name"))
            ),
        )

    return max(articles[:50], key=merit)  # the first of equals


def article_body(page: Stated) -> tuple[str, str]:
    """The schema.org `articleBody` of the page's own article, and those of its entries if it is a live blog, as they are written.

    Empty when none is stated. Where other articles are stated too, theirs are not taken for it.
    """
    nodes = json_nodes([script for script in page.scripts if "articleBody" in script])
    bodies = [node for node in nodes if _body(node)]
    if len(bodies) < 2:
        return _body(bodies[0]) if bodies else "", ""
    main = main_article(page.nodes, page, None)
    entries = main.get("liveBlogUpdate")
    if isinstance(entries, list) and entries:
        return _body(main), "\n".join(filter(None, map(_body, entries)))
    names = {plain_key(name) for name in texts_of(main.get("headline"))}
    own = [n for n in bodies if names.issuperset(map(plain_key, texts_of(n.get("headline"))))]
    return _body(main) or max(map(_body, own), key=len, default=""), ""


def _body(node: Any) -> str:
    body = node.get("articleBody") if isinstance(node, dict) else None
    if isinstance(body, list):  # of paragraphs
        return "\n".join(part for part in body if isinstance(part, str))
    return body if isinstance(body, str) else ""


def texts_of(value: Any, *names: str) -> list[str]:
    """The strings in a JSON-LD value: itself, its members, or what its objects have under `names`."""
    values = value if isinstance(value, list) else [value]
    found = []
    for item in values[:MAX_AUTHORS]:
        inner = next((item[n] for n in names if item.get(n)), None) if isinstance(item, dict) else item
        inner = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(inner, str) and inner.strip():
            found.append(inner.strip())
    return found


def plain_key(text: str) -> str:
    """What is left of a text when neither case nor accents nor spaces nor signs count."""
    plain = text.casefold() if text.isascii() else unicodedata2.normalize("NFKD", text.casefold())
    return without_signs(html.unescape(plain))


def clean_text(value: object) -> str | None:
    """A stated text on one line, cut where no title is longer; None where nothing is left."""
    if not isinstance(value, str):
        return None
    return re.sub(r"^[#\s]+\s", "", one_line(value))[:_MAX_TITLE_CHARS].rstrip() or None


def clean_address(value: object) -> str | None:
    """A stated or delivered address as it is to be stored; None where nothing is left."""
    return address(value) or None if isinstance(value, str) else None


def states_news(article: dict[str, Any]) -> bool:
    return any("news" in t.lower() for t in texts_of(article.get("@type")))


def language_of(tree: "HtmlElement", page: Stated, article: dict[str, Any]) -> str | None:
    root = tree.getroottree().getroot()
    return (
        clean_text(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or next(iter(texts_of(article.get("inLanguage"), "alternateName", "name")), None)
        or clean_text(page.first(["contentlanguage", "oglocale", "language", "dclanguage"]))
    )
