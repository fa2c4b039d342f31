"""The standfirst of a page: the paragraph between the headline and the text, which extractors take for the page's head.

On a third of 258 news pages it was missing from what trafilatura found, though it is the article's first paragraph and
says what happened. It is told by what the page says it is about (its description), or by its name and place. On other
pages what is found so is mostly written for search engines (annotators took it for text in 9 of 49 cases, against 74 of 81).
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from pipeline.extract.tree import n_linked_chars
from pipeline.text import lexicon, scripts

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MIN_CHARS, _MAX_CHARS = 30, 1_000
_MIN_LETTERS = 40  # a shorter description is the site's motto
_FIRST_LETTERS = 20  # by which the beginning of a description is looked for
_SAME_LETTERS = 60  # descriptions are cut short; so many at the start are enough
_MAX_BEHIND = 60  # elements after the headline among which a name decides
_MAX_ALIKE = 10  # elements that begin as a description does; a page repeats it two or three times
_MAX_WITHIN = 30  # elements inside: a paragraph with links, no box
_HEAD_LINES = 5  # of a text: headline, section, byline
# Narrower than `scripts.ends_sentence`: with its closing quotation marks two of 258 real pages get another text, and with it another id.

_NAME = re.compile(rf"(?<![a-z]){lexicon.one_of(lexicon.words().standfirsts)}(?![a-z])")
_OTHER_NAME = re.compile(
    r"(?<![a-z])(?:art|image|img|media|photo|picture|video|caption|credit|block|author|byline)(?![a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARAGRAPHS = ("h2", "h3", "h4", "p", "div", "span", "strong", "storefront-html")
_NOT_HERE = frozenset({"a", "aside", "nav", "footer", "figure", "form", "table", "button", "label"})
_BREAKS = ("br", "p", "div", "li")


def find(tree: "HtmlElement") -> list[str]:
    """What may be the standfirst of a parsed page, each as one line, the likeliest first. The tree is only read."""
    described = [letters for d in _descriptions(tree) if len(letters := scripts.letters(d)) >= _MIN_LETTERS]
    alike = list(islice(_like_description(tree, described), _MAX_ALIKE))
    named = takewhile(lambda element: element not in alike, _by_name(tree))
    lines = (_line(element) for element in (*alike, *named) if _is_paragraph(element))
    return [line for line in lines if _MIN_CHARS <= len(line) <= _MAX_CHARS]


def put_before(text: str, candidates: list[str]) -> str:
    """The text, one paragraph a line, with the standfirst before its first sentence; nothing is put in twice."""
    letters = scripts.letters(text) if candidates else ""
    missing = [(line, own) for line in candidates if (own := scripts.letters(line)) not in letters]
    if not missing or not text:
        return text
    first, begins = missing[0]
    first = next(
        (line for line, own in missing[1:] if own.startswith(begins)), first
    )  # with its other sentences
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines[:_HEAD_LINES]) if scripts.ends_sentence(line)), 0)
    return "\n".join([*lines[:at], first, *lines[at:]])


def _descriptions(tree: "HtmlElement") -> Iterator[str]:
    for meta in islice(tree.iter("meta"), 500):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name in {"description", "og:description", "twitter:description"}:
            yield meta.get("content") or ""


def _like_description(tree: "HtmlElement", described: list[str]) -> Iterator[Any]:
    """Elements whose text begins as a description does."""
    firsts = {letters[:_FIRST_LETTERS] for letters in described}
    letters_of_firsts = {first[0] for first in firsts}  # by the first letter alone nearly all are told apart
    for element in tree.iter(*_PARAGRAPHS) if firsts else ():
        text = (element.text or "").lstrip()
        if text[:1].isalnum() and text[0].casefold()[0] not in letters_of_firsts:
            continue
        if len(text) >= _FIRST_LETTERS and scripts.letters(text[:80])[:_FIRST_LETTERS] in firsts:
            whole = _whole(element)
            letters = scripts.letters(whole.text_content()[: 4 * _MAX_CHARS])
            if any(_are_same(letters, d) for d in described):
                yield whole


def _whole(element: Any) -> Any:
    """The element, or the paragraph whose first words it only sets in bold."""
    above = element.getparent()
    is_part = element.tag in {"span", "strong"} and above is not None and above.tag in {"p", "h2", "h3"}
    return above if is_part else element


def _are_same(letters: str, description: str) -> bool:
    return letters.startswith(description[:_SAME_LETTERS]) and 2 * len(description) >= len(letters)


def _by_name(tree: "HtmlElement") -> Iterator[Any]:
    """Elements behind the headline that are called what standfirsts are called."""
    headline = next(tree.iter("h1"), None)
    for element in islice(_following(headline), _MAX_BEHIND):
        is_named = element.tag in _PARAGRAPHS and _NAME.search(_names(element)) is not None
        if is_named and not any(_OTHER_NAME.search(_names(e)) for e in islice(element.iter(), _MAX_WITHIN)):
            yield element


def _following(element: Any) -> Iterator[Any]:
    """All elements behind one, without those in it: XPath's axis of this name, which finds all of them first."""
    while element is not None:
        after = element.getnext()
        if after is None:
            element = element.getparent()
        else:
            yield from after.iter()
            element = after


def _names(element: Any) -> str:
    """Its class and its property, in lower case and with hyphens between words."""
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return "" if names == " " else _CAMEL.sub("-", names).lower().replace("_", "-")


def _is_paragraph(element: Any) -> bool:
    if sum(1 for _ in islice(element.iter(), _MAX_WITHIN + 1)) > _MAX_WITHIN:
        return False
    if any(above.tag in _NOT_HERE for above in element.iterancestors()):
        return False
    return 2 * n_linked_chars(element) <= len(element.text_content())


def _line(element: Any) -> str:
    has_breaks = next(element.iterdescendants(_BREAKS), None) is not None
    return " ".join((" " if has_breaks else "").join(element.itertext()).split())
