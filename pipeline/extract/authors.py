"""Who wrote a page: names out of statements, boxes and bylines."""

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.extract.stated import MAX_AUTHORS, Stated, clean_text, plain_key, texts_of
from pipeline.text import lexicon
from pipeline.text.lexicon import one_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEXICON = lexicon.words()

_AUTHOR_NAMES = (
    "author",
    "articleauthor",
    "dccreator",
    "dctermscreator",
    "parselyauthor",
    "sailthruauthor",
    "byl",
)


def authors_of(tree: "HtmlElement", page: Stated, article: dict[str, Any], site: set[str]) -> tuple[str, ...]:
    """The names that the page states, of people if it names any: many outlets state themselves."""
    sources = [
        texts_of(article.get("author"), "name") or texts_of(article.get("creator"), "name"),
        *(page.meta.get(n, []) for n in _AUTHOR_NAMES),
    ]
    found = [[n for s in stated for n in names_in(s)] for stated in sources]
    people = (names for names in found if any(plain_key(n) not in site for n in names))
    names = next(people, None) or _bylines(tree) or next(filter(None, found), [])
    return tuple(dict.fromkeys(names))[:MAX_AUTHORS]


_BYLINES = etree.XPath("//*[@itemprop='author' or (self::a and contains(@rel, 'author'))]")


def _bylines(tree: "HtmlElement") -> list[str]:
    """Names in elements that are marked as the author's: the first of the page and those beside it, not those of teasers."""
    marked = _BYLINES(tree)[:MAX_AUTHORS]
    beside = [element for element in marked if _box(element) is _box(marked[0])]
    shown = (" ".join(element.itertext()) for element in beside)
    return [name for text in shown if len(text) <= 80 for name in names_in(text) if _PERSON.match(name)]


def _box(element: Any) -> Any:
    parent = element.getparent()
    return parent if parent is None or parent.getparent() is None else parent.getparent()


_PERSON = re.compile(r"[^\W\d_]+[.’'-]?(?: [^\W\d_][\w.’'-]*){1,4}$")


_BY = re.compile(rf"^{one_of(_LEXICON.before_names)}\s*:?\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(
    rf"\s*(?:[;|/、，]|,(?!\s*{one_of(_LEXICON.after_names)}\b)|\s{one_of(_LEXICON.between_names)}\s(?=\w+[\s.]))\s*"
)
_INITIALS = re.compile(r"\s\([a-zäöü.]{2,5}\)(?=$|,)")  # "Ines Fischer (ifi)"
_ADDRESS = re.compile(r"\S*(?:https?://|www\.|@)\S*")
_NO_NAME = re.compile(
    rf"https?:|@|www\.|^\W*$|^\(|\)$|^\d+$|{one_of(_LEXICON.no_name_parts)}|^{one_of(_LEXICON.no_names)}$",
    re.IGNORECASE,
)


def names_in(stated: str) -> tuple[str, ...]:
    """The names in a byline, without "by" and what is no name."""
    text = _INITIALS.sub("", _ADDRESS.sub(" ", _BY.sub("", clean_text(stated) or "")))
    text = " ".join(text.split())
    return tuple(n for n in _BETWEEN_NAMES.split(text) if n and len(n) <= 80 and not _NO_NAME.search(n))
