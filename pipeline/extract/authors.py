"""Who wrote a page: names out of statements, boxes and bylines."""

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline.extract.stated import Stated, plain_key
from pipeline.text import lexicon
from pipeline.text.lexicon import one_of
from pipeline.text.markup import one_line
from pipeline.text.names import MAX_NAMES, names_stated

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


def authors_of(
    tree: "HtmlElement", page: Stated, article: dict[str, Any], nodes: list[dict[str, Any]], site: set[str]
) -> tuple[str, ...]:
    """The names that the page states, of people if it names any: many outlets state themselves.

    `nodes` are the objects of its linked data, to which an author may be a reference; `site` the names of the site, as keys.
    """
    referred = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    stated = (names_stated(article.get(name), referred) for name in ("author", "creator"))
    sources = [next(filter(None, stated), []), *(page.meta.get(n, []) for n in _AUTHOR_NAMES)]
    found = [[n for s in source for n in names_in(s)] for source in sources]
    people = (_without_site(names, site) for names in found)
    names = next(filter(None, people), None) or _bylines(tree) or next(filter(None, found), [])
    return tuple(dict.fromkeys(names))[:MAX_NAMES]


def _without_site(names: list[str], site: set[str]) -> list[str]:
    """The names beside the site's; single words beside it are places and sections."""
    people = [n for n in names if plain_key(n) not in site]
    return people if people == names else [n for n in people if _PERSON.match(n) or not n.isascii()]


def delivered_authors(stated: object) -> tuple[str, ...]:
    """The names among what came with a document as its authors, a list of texts."""
    listed = stated if isinstance(stated, list) else []
    return tuple(dict.fromkeys(n for text in listed for n in names_in(text)))[:MAX_NAMES]


_CALLED = re.compile(r"[aA]uthor|[bB]yline")
_MAX_MARKED = 200  # a page of teasers marks many; its own author comes first
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:authors?|by-?line)(?:[\s_-]+(?:names?|links?|text|item|s))?(?:$|\s)", re.IGNORECASE
)


def _bylines(tree: "HtmlElement") -> list[str]:
    """Names in elements that are marked as the author's or, without any, called so.

    It is the first of the page and those beside it, not those of teasers.
    """
    if names := _names_beside(list(islice(filter(_is_marked, tree.iter("*")), _MAX_MARKED))):
        return names
    within = (element for body in tree.iter("body") for element in body.iterdescendants("*"))
    called = islice(filter(_is_called, within), _MAX_MARKED)
    return _names_beside([element for element in called if _CLASS.search(element.get("class", ""))])


def _is_marked(element: Any) -> bool:
    return element.get("itemprop") == "author" or (element.tag == "a" and "author" in element.get("rel", ""))


def _is_called(element: Any) -> bool:
    names = element.get("class")
    return names is not None and _CALLED.search(names) is not None


def _names_beside(elements: list[Any]) -> list[str]:
    beside = [element for element in elements if _box(element) is _box(elements[0])]
    shown = (" ".join(element.itertext()) for element in beside[:MAX_NAMES])
    return [name for text in shown if len(text) <= 80 for name in names_in(text) if _is_person(name)]


def _is_person(name: str) -> bool:
    """Whether it can be a person's name: it does not end as a sentence would, but an account may be all in small letters."""
    return _PERSON.match(name) is not None and (name.islower() or not name.rpartition(" ")[2][0].islower())


def _box(element: Any) -> Any:
    parent = element.getparent()
    return parent if parent is None or parent.getparent() is None else parent.getparent()


_PERSON = re.compile(r"[^\W\d_]+[.’'-]?(?: [^\W\d_][\w.’'-]*){1,4}$")


_BY = re.compile(rf"^{one_of(_LEXICON.before_names)}(?:\s*[:：]\s*|\s+)", re.IGNORECASE)
_AND = rf"\s(?:{one_of(_LEXICON.between_names)}|&)\s(?=\w+[\s.])"
_BEHIND = re.compile(rf"(?:(?<=\S)\s+\([^()]*\)|\s*{one_of(_LEXICON.behind_names)})$", re.IGNORECASE)
_BETWEEN = re.compile(rf"\s*(?:[;|/、，؛•·\n]|{_AND})\s*")
_COMMA = re.compile(rf"\s*[,،](?!\s*{one_of(_LEXICON.after_names)}\b)\s*")
_INITIALS = re.compile(r"\s\([a-zäöü.]{2,5}\)(?=$|,)")  # "Ines Fischer (ifi)"
_ADDRESS = re.compile(r"\S*(?:https?://|www\.|@)\S*|\b(?:mailto|https?):\S*", re.IGNORECASE)
_BEHIND_DASH = re.compile(r"\s+[–—-]\s+")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")  # "jane@example.com (Jane Doe)", as RSS has authors
_ONE_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*$")
_NO_NAME = re.compile(
    rf"https?:|@|www\.|^\W*$|^\(|\)$|^\d+$|{one_of(_LEXICON.no_name_parts)}|^{one_of(_LEXICON.no_names)}$",
    re.IGNORECASE,
)
_MAX_STATED_CHARS = 2_000  # room for all names that are kept; patterns look far back for an address
_ROLE_WORDS = 4  # "Senior Political Correspondent"; a name of more words before the role is a name


def names_in(stated: str) -> tuple[str, ...]:
    """The names in a byline, without "by", roles, addresses and what is no name; "Doe, Jane" is Jane Doe."""
    line = one_line(stated[:_MAX_STATED_CHARS])
    text = _INITIALS.sub("", _ADDRESS.sub(" ", line)).strip()
    if text.startswith("(") and line[0] != "(":
        text = _IN_BRACKETS.sub(r"\1", text)
    parts = _BETWEEN.split(_BY.sub("", _BY.sub("", " ".join(text.split()))))
    pieces = (_BEHIND.sub("", name) for part in parts for name in _by_comma(_before_dash(part)))
    return tuple(n for n in pieces if n and len(n) <= 80 and not _NO_NAME.search(n) and not _is_role(n))


def _before_dash(part: str) -> str:
    """The name of "Jane Doe - Staff Writer" and of "Reporter - Jane Doe": behind a dash stands a role, a place, an outlet."""
    pieces = _BEHIND_DASH.split(part)
    return next((piece for piece in pieces if not _is_role(piece)), part)


def _by_comma(part: str) -> list[str]:
    """What commas part; of two single words the second is the given name."""
    pieces = [piece for piece in _COMMA.split(part) if piece]
    if len(pieces) == 2 and all(map(_is_single_name, pieces)):
        return [f"{pieces[1]} {pieces[0]}"]
    return pieces


def _is_single_name(piece: str) -> bool:
    is_word = _ONE_WORD.match(piece) is not None and piece[0].isupper() and not piece.isupper()
    return is_word and piece.lower() not in _LEXICON.agencies | _LEXICON.no_names | _LEXICON.roles


def _is_role(name: str) -> bool:
    """Whether a piece is what somebody is, not who: it ends with a role."""
    words = name.lower().split()
    return 0 < len(words) <= _ROLE_WORDS and words[-1] in _LEXICON.roles
