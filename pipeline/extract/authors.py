"""Who wrote a page: names out of statements, boxes and bylines."""

import re
from collections.abc import Iterator
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Any

from pipeline.extract.stated import Stated, plain_key
from pipeline.text import agencies, dates, lexicon, scripts
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
    names = next(filter(None, people), None)
    if not names:
        shown = _bylines(tree)
        names = _without_site(shown, site) or next(filter(None, found), shown)
    return tuple(dict.fromkeys(names))[:MAX_NAMES]


def _without_site(names: list[str], site: set[str]) -> list[str]:
    """The names beside the site's; single words beside it are places and sections."""
    people = [n for n in names if plain_key(n) not in site]
    return people if people == names else [n for n in people if _PERSON.match(n) or not n.isascii()]


def delivered_authors(stated: object) -> tuple[str, ...]:
    """The names among what came with a document as its authors, a list of texts."""
    listed = stated if isinstance(stated, list) else []
    return tuple(dict.fromkeys(n for text in listed for n in names_in(text)))[:MAX_NAMES]


_MAX_MARKED = 200  # a page of teasers marks many; its own author comes first
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:authors?|by-?line)(?:[\s_-]+(?:names?|links?|text|item|s))?(?:$|\s)", re.IGNORECASE
)


def _bylines(tree: "HtmlElement") -> list[str]:
    """Names in elements that are marked as the author's or, without any, called so.

    It is the first of the page and those beside it, not those of teasers.
    """
    if names := _names_beside(list(islice(_marked(tree), _MAX_MARKED))):
        return names
    called = islice(dict.fromkeys(_called(tree)), _MAX_MARKED)
    return _names_beside([e for e in called if _CLASS.search(e.get("class", ""))]) or _said(tree)


def _marked(tree: "HtmlElement") -> Iterator["HtmlElement"]:
    for element in tree.iter():
        if element.get("itemprop") == "author" or (
            element.tag == "a" and "author" in (element.get("rel") or "")
        ):
            yield element


def _called(tree: "HtmlElement") -> Iterator["HtmlElement"]:
    for body in tree.iter("body"):
        for element in body.iterdescendants():
            names = element.get("class")
            if names and ("uthor" in names or "yline" in names):
                yield element


_SAYING = ("h1", "p", "div", "span", "address", "li", "h2", "h3", "h4", "em", "i", "b", "strong", "small")
_NEAR = 12  # elements behind the headline
_MAX_LINE = 100  # characters of a line that says who wrote the text, and when


def _said(tree: "HtmlElement") -> list[str]:
    """Names in the first short line behind the headline that begins with "by"."""
    heading = next(tree.iter("h1"), None)
    behind = (
        dropwhile(lambda element: element is not heading, tree.iter(*_SAYING)) if heading is not None else ()
    )
    for element in islice(behind, 1, _NEAR + 1):
        line = " ".join(" ".join(islice(element.itertext(), 20)).split())
        if len(line) <= _MAX_LINE and _BY.match(line) and not scripts.ends_sentence(line):
            names = [name for name in names_in(line) if _PERSON.match(name)]
            if names and all(word[0].isupper() for name in names for word in name.split()):
                return names
    return []


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


_PERSON = scripts.pattern(r"[^\W\d_]+[.’'-]?(?: [^\W\d_][\w.’'-]*){1,4}$")


_BY = re.compile(rf"^{one_of(_LEXICON.before_names)}(?:\s*[:：]\s*|\s+)", re.IGNORECASE)
_AND = rf"\s(?:{one_of(_LEXICON.between_names)}|[&+])\s(?=\w+[\s.]|(?i:{one_of(agencies.written())})$)"
_BEHIND = re.compile(
    rf"(?:(?<=\S)\s+(?:\([^()]*\)|\[[^\[\]]*\])|\s*{one_of(_LEXICON.behind_names)})$", re.IGNORECASE
)
_BARS = re.compile(r"\s*[|•·]\s*")
_BETWEEN = re.compile(rf"\s*(?:[;/、，؛\n]|{_AND})\s*")
_COMMA = re.compile(rf"\s*[,،](?!\s*{one_of(_LEXICON.after_names)}\b)\s*")
_INITIALS = re.compile(r"\s\([a-zäöü.]{2,5}\)(?=$|,)")  # "Ines Fischer (ifi)"
_ADDRESS = re.compile(r"\S*(?:https?://|www\.|@)\S*|\b(?:mailto|https?):\S*", re.IGNORECASE)
_BEHIND_DASH = re.compile(r"\s+[–—-]\s+")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")  # "jane@example.com (Jane Doe)", as RSS has authors
_ONE_WORD = scripts.pattern(r"[^\W\d_]+(?:['’-][^\W\d_]+)*$")
_NO_NAME = scripts.pattern(
    rf"https?:|@|www\.|^\W*$|^\(|\)$|^\d+(?:\s|$)|{one_of(_LEXICON.no_name_parts)}|^{one_of(_LEXICON.no_names)}$",
    re.IGNORECASE,
)
_BUTTONS = one_of(_LEXICON.author_buttons)
_BUTTON_BEFORE = re.compile(rf"^(?:{_BUTTONS}\s+)+(?=\S+\s)", re.IGNORECASE)
_BUTTON_BEHIND = re.compile(rf"(?:\s+{_BUTTONS})+$|^{_BUTTONS}$", re.IGNORECASE)
_ON_EDGE = r"(?:(?<=[^\s,|•·])|(?<=^[,|•·]))"  # of a run of signs, which is tried from its beginning only
_DATED = re.compile(
    rf"{_ON_EDGE}[\s,|•·]+(?:{one_of(_LEXICON.published_labels | _LEXICON.updated_labels | _LEXICON.on_date)}(?!\w)[\s:]*)*$",
    re.IGNORECASE,
)
_STAMPED = re.compile(
    rf"{_ON_EDGE}[\s,|•·]+{one_of(_LEXICON.published_labels | _LEXICON.updated_labels)}(?!\w).*",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?:<br\s*/?>|</(?:p|li|div)>)(?=\s*(?:<\w+[^<>]{0,99}>\s*)?[^\s<])", re.IGNORECASE)
_MAX_STATED_CHARS = 2_000  # room for all names that are kept; patterns look far back for an address
_ROLE_WORDS = 4  # "Senior Political Correspondent"; a name of more words before the role is a name


def names_in(stated: str) -> tuple[str, ...]:
    """The names in a byline, without "by", roles, places, dates, buttons, addresses and what is no name; "Doe, Jane" is Jane Doe."""
    line = one_line(_BREAK.sub("; ", stated[:_MAX_STATED_CHARS]))
    text = _INITIALS.sub("", _ADDRESS.sub(" ", line)).strip()
    if text.startswith("(") and line[0] != "(":
        text = _IN_BRACKETS.sub(r"\1", text)
    text = _undated(" ".join(text.split()))
    first, *others = _BARS.split(_BY.sub("", _BY.sub("", text)))
    names = _pieces(first)
    behind = (piece for other in others for piece in _pieces(other))
    named = [*names, *(piece for piece in behind if not (names and _is_place(piece, names[0])))]
    pieces = map(_person, named)
    return tuple(n for n in pieces if n and len(n) <= 80 and not _NO_NAME.search(n) and not _is_role(n))


def _pieces(text: str) -> list[str]:
    """The names and roles of a part of a byline."""
    return [name for part in _BETWEEN.split(text) for name in _without_places(_by_comma(_before_dash(part)))]


def _undated(text: str) -> str:
    """What stands before the date in a byline."""
    written = dates.find(text) if any(map(str.isdigit, text)) else None
    text = _DATED.sub("", text[: written.start]) if written and written.start else text
    return _STAMPED.sub("", text)


def _person(piece: str) -> str:
    """A name without what stands around it: words of a language, buttons, places behind "in", roles."""
    name = _BEHIND.sub("", _BUTTON_BEHIND.sub("", _BUTTON_BEFORE.sub("", piece)))
    return _without_role(_without_place(name))


def _without_place(name: str) -> str:
    """A name of two words or more, without the place or the outlet that a word leads to."""
    words = name.split()
    for n in range(2, len(words) - 1):
        rest = " ".join(words[n:]).casefold()
        led = next((p for p in _LEXICON.after_author if rest.startswith(f"{p} ")), None)
        if led is not None and words[n + len(led.split())][:1].isupper():
            return " ".join(words[:n])
    return name


def _without_role(name: str) -> str:
    """A name without the role that follows it with nothing between."""
    words = name.split()
    n = len(words)
    if n > 2 and words[-1].lower() in _LEXICON.roles:
        n -= 1
        while n > 2 and words[n - 1].lower() in _LEXICON.role_qualifiers | _LEXICON.roles:
            n -= 1
    is_name = words[n - 1][:1].isupper() and not _is_qualified(words[:n]) if n else False
    return " ".join(words[:n]) if n < len(words) and is_name else name


def _is_qualified(words: list[str]) -> bool:
    return any(word.lower() in _LEXICON.role_qualifiers | _LEXICON.roles for word in words)


def _without_places(pieces: list[str]) -> list[str]:
    """Of what commas part, places behind a name are where somebody is: Von Jana Muster, Berlin."""
    return [piece for n, piece in enumerate(pieces) if not n or not _is_place(piece, pieces[0])]


def _is_place(piece: str, name: str) -> bool:
    """Whether what stands behind a whole name is a place: a single word, or words that are called as places are."""
    if " " not in name.strip():
        return False
    words = piece.casefold().split()
    if not words or _is_single_name(piece):
        return bool(words)
    if len(words) > _PLACE_WORDS or words[0] in _LEADING:
        return words[0] in _LEADING
    is_called = words[0].rstrip(".") in _LEXICON.place_beginnings or words[-1] in _LEXICON.place_endings
    return " ".join(words) in _LEXICON.places or (len(words) > 1 and is_called)


_PLACE_WORDS = 4
_LEADING = frozenset(word for word in _LEXICON.after_author if " " not in word)  # in, from, aus


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
    if piece in agencies.written() or (len(piece) > _ACRONYM and agencies.named(piece)):
        return False
    return is_word and piece.lower() not in _LEXICON.no_names | _LEXICON.roles


_ACRONYM = 3  # letters: one that is written like a name is a name, such as Sid or Ani


def _is_role(name: str) -> bool:
    """Whether a piece is what somebody is, not who: it ends with a role."""
    words = name.lower().split()
    return 0 < len(words) <= _ROLE_WORDS and words[-1] in _LEXICON.roles
