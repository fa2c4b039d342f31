"""The first letter of a paragraph where it stands apart: a drop capital in a box of its own, or drawn as a picture.

Extractors take such a letter for a line of its own, or lose it, and the paragraph begins in the middle of a word.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.extract.paragraphs import is_blank
from pipeline.text import scripts
from pipeline.text.word_lists import SMALL, words_by_rarity

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# A letter, perhaps with the mark before it or the apostrophe behind it: “T, L’.
_INITIAL = scripts.pattern(r"[\"'“„«»‘¿¡(—-]{0,2}([^\W\d_])['’]?")
_CALLED = re.compile(
    r"drop-?_?(?:cap|letter)|(?<![a-z])(?:initial|first-?_?letter|lettrine|capolettera)(?![a-z])",
    re.IGNORECASE,
)
_WORD = scripts.pattern(r"[^\W\d_]+")
_ONE_LETTER_WORDS = frozenset("aioyeuàéóâ")  # in languages whose papers put drop capitals
_NO_INITIALS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "li", "a", "script", "style"})
_MAX_ELEMENTS = 5  # of a box around one letter
_MAX_TEXTS = 4  # of a paragraph before its first words
_LEVELS = 2  # of boxes that begin with the paragraph


def join(tree: "HtmlElement") -> bool:
    """Put each letter that stands apart into the paragraph that it begins; whether there were any. Linear in the tree's size."""
    language = (tree.getroottree().getroot().get("lang") or "en")[:2].lower()
    joined = [block for block in list(tree.iter("p", "div")) if _join(block, language)]
    for block in joined:
        if block.tag == "div" and next(block.iterdescendants("p", "div"), None) is None:
            block.tag = "p"
    return bool(joined)


def _join(block: "HtmlElement", language: str) -> bool:
    text, inner = block.text, None
    if text is None or text.isspace():
        if not len(block):
            return False
        inner = block[0]
        text = inner.text
        if text is None or text.isspace():
            text = _first_text(block)
    text = text.lstrip()
    is_begun = inner is not None and _lacks_letter((inner.tail or "").lstrip())
    if not is_begun and not _lacks_letter(text):
        return False  # as nearly all: looking for the letter first takes five times as long
    if inner is not None and (letter := _letter_of(inner)):
        rest = inner.tail or ""
        is_spaced = rest[:1].isspace() and not is_blank(inner.text_content())
        is_apart = is_spaced or _is_drawn(inner) or inner.get("aria-hidden") == "true"
        begun = _begun(letter, rest, inner, language, is_spaced=is_spaced) if is_apart else None
        if begun is None:
            return False
        inner.drop_tree()
        block.text = begun + rest.lstrip()
        return True
    return _lacks_letter(text) and _join_before(block, text, language)


def _first_text(block: "HtmlElement") -> str:
    """The first of its texts that has words, among a few."""
    texts = (text for text in _texts(block) if text is not None)
    return next((text for text in islice(texts, _MAX_TEXTS) if not text.isspace()), "")


def _texts(block: "HtmlElement") -> Iterator[str | None]:
    """The texts of a block in their order; for the first few in half of the time of `itertext`."""
    yield block.text
    inner = block[0] if len(block) else None
    while inner is not None:
        yield inner.text
        if len(inner):
            inner = inner[0]
            continue
        while inner is not None:
            yield inner.tail
            after = inner.getnext()
            if after is not None:
                inner = after
                break
            inner = inner.getparent()
            if inner is block:
                return


def _is_drawn(element: "HtmlElement") -> bool:
    return element.tag == "svg" or is_blank(element.text_content())


def _lacks_letter(text: str) -> bool:
    """Whether the first word has no capital of its own, as a word that goes on with small letters has."""
    return text[:1].isalpha() and not (text[0].isupper() and not text[1:2].isupper())


def _join_before(block: "HtmlElement", text: str, language: str) -> bool:
    """Join what stands in front of a block, or of the boxes that begin with it."""
    at = block
    for _ in range(_LEVELS):
        before, above = at.getprevious(), at.getparent()
        if above is None:
            return False
        loose = before.tail if before is not None else above.text
        is_loose = not is_blank(loose)
        if before is not None or is_loose:
            letter = _initial(loose or "") if is_loose else _letter_of(before) if before is not None else ""
            begun = _begun(letter, text, None if is_loose else before, language) if letter else None
            if begun is None:
                return False
            if not is_loose and before is not None:
                before.drop_tree()
            elif before is not None:
                before.tail = None
            else:
                above.text = None
            _put_first(block, begun)
            return True
        at = above
    return False


def _put_first(block: "HtmlElement", begun: str) -> None:
    """Put letters before the first text of a block."""
    owner = block
    while is_blank(owner.text) and len(owner):
        owner = owner[0]
    owner.text = begun + (owner.text or "").lstrip()


def _begun(
    letter: str, rest: str, element: "HtmlElement | None", language: str, *, is_spaced: bool = False
) -> str | None:
    """The letter as it begins the rest, with a space if it is a word; None if it does not begin it. `is_spaced` is what may be two words."""
    found = _WORD.match(rest.lstrip())
    if found is None or not _lacks_letter(rest.lstrip()):
        return None
    word, own = found[0], _INITIAL.fullmatch(letter)
    names = f"{element.get('class') or ''} {element.get('id') or ''}" if element is not None else ""
    whole = f"{own[1]}{word}".casefold() if own else ""
    is_plain = own is not None and own[1].isupper()
    is_plain = is_plain and (not (is_spaced or word[0].isupper()) or _is_word(whole, language))
    if not is_plain and not _CALLED.search(names):
        return None
    may_be_word = own is not None and own[1].casefold() in _ONE_LETTER_WORDS and letter[-1] == own[1]
    is_word = may_be_word and _is_word(word.casefold(), language) and not _is_word(whole, language)
    return f"{letter} " if is_word else letter


def _letter_of(element: "HtmlElement") -> str:
    """The letter that is all that an element says or shows; empty if it says more."""
    if (
        element.tag in _NO_INITIALS
        or sum(1 for _ in islice(element.iter(), _MAX_ELEMENTS + 1)) > _MAX_ELEMENTS
    ):
        return ""
    said = element.text_content()
    if not is_blank(said):
        return _initial(said)
    drawn = (e.get("alt") or e.get("aria-label") for e in element.iter("img", "svg"))
    return _initial(next(filter(None, drawn), ""))


def _initial(text: str) -> str:
    text = text.strip() if len(text) < 40 else ""
    return text if _INITIAL.fullmatch(text) else ""


def _is_word(word: str, language: str) -> bool:
    return word in _words(language)


@cache
def _words(language: str) -> frozenset[str]:
    """The common words of a language, from a frozen list; none if it has no list."""
    return frozenset().union(*words_by_rarity(language, (SMALL,)))
