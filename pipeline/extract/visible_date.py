"""The date that a reader sees near the headline, and whether a place on a page belongs to the article."""

import re
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline.extract import comments
from pipeline.text import dates, lexicon, scripts
from pipeline.text.lexicon import one_of
from pipeline.text.written_dates import Written

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.extract.stated import Stated

_LEXICON = lexicon.words()

_NEAR = (60, 300)  # texts before and after the heading among which a visible date is the article's own
_NEAREST = 40  # texts after the heading that go before those in front of it
_BESIDE = 12  # texts after the heading among which bylines stand
_LONGEST = 100  # characters of a line that may give the date
_MOST_WORDS = 6  # beside the date, in a line that says who wrote the article and when
_DATES_A_LINE = 3
_LABELS = re.compile(
    rf"(?<!\w)(?:(?P<published>{one_of(_LEXICON.published_labels)})|{one_of(_LEXICON.updated_labels)})(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w\S*")
_BARS = re.compile(r"(?:^|\s)[|–—·-]\s*$")


class _Found(NamedTuple):
    rank: int
    place: int
    written: Written


# How well a date is known to be the page's, the best first. Farther down, whole lists of other articles have dates of their own.
_LABELLED, _ALONE, _UPDATED, _ANY, _IN_TITLE, _UPDATED_FAR = range(6)


def visible_date(tree: "HtmlElement", page: "Stated", month_first: bool | None) -> Written | None:
    """The date that a reader sees: one that is said to be of publication, one in a short line beside the heading, one of a change
    there, any near the heading, or one at the end of the page's title.
    """
    before, after = _texts(tree)
    found: list[_Found] = []
    for place, (text, label, element) in enumerate((*after[:_NEAREST], *reversed(before), *after[_NEAREST:])):
        if any(one.rank <= _best_at(place) for one in found):
            break  # of equals the nearer counts
        ranked = [
            _Found(_farther(rank, place), place, one) for rank, one in _dates_of(text, label, month_first)
        ]
        if ranked and not is_of_others(element):
            found += ranked
    tail = page.titles[0][-30:] if page.titles else ""
    if in_title := dates.find(tail, month_first=month_first):
        is_stamp = _BARS.search(tail[: in_title.start]) and not tail[in_title.end :].strip()
        found.append(_Found(_ALONE if is_stamp else _IN_TITLE, -1, in_title))
    return min(found, key=lambda one: one[:2]).written if found else None


def _best_at(place: int) -> int:
    """The best rank that a date can have there, or farther from the heading."""
    return _LABELLED if place < _NEAREST else _ANY


def _farther(rank: int, place: int) -> int:
    """The rank of a date in so many texts from the heading."""
    if place < (_NEAREST if rank == _LABELLED else _BESIDE):
        return rank
    return _UPDATED_FAR if rank == _UPDATED else _ANY


def _dates_of(text: str, label: str, month_first: bool | None) -> Iterator[tuple[int, Written]]:
    """The dates of a line with their ranks; `label` is the line before it."""
    found, start = list[Written](), 0
    while len(found) < _DATES_A_LINE and (one := dates.find(text[start:], month_first=month_first)):
        found.append(one._replace(start=start + one.start, end=start + one.end))
        start += max(one.end, 1)
    n_words = len(_WORD.findall(_without(text, found)))
    is_line = n_words <= _MOST_WORDS and not scripts.ends_sentence(text)
    said, start = label if _is_label(label) else "", 0
    for written in found:
        labels = list(_LABELS.finditer(f"{said} {text[start : written.start]}"))
        if labels:
            yield (_LABELLED if labels[-1]["published"] else _UPDATED), written
        else:
            yield (_ALONE if is_line else _ANY), written
        said, start = "", written.end


def _without(text: str, found: list[Written]) -> str:
    """What stands beside the dates of a line."""
    for written in reversed(found):
        text = f"{text[: written.start]} {text[written.end :]}"
    return text


def _is_label(text: str) -> bool:
    found = _LABELS.match(text)
    return found is not None and len(text) - found.end() <= 4


Texts = list[tuple[str, str, "HtmlElement"]]


def _texts(tree: "HtmlElement") -> tuple[Texts, Texts]:
    """The short texts before and after the heading, each with the one before it and its element; the headline is not among them."""
    before: deque[tuple[str, str, HtmlElement]] = deque(maxlen=_NEAR[0])
    after: Texts = []
    has_heading, previous = next(tree.iter("h1"), None) is None, ""
    for element in tree.iter(
        "h1", "div", "span", "p", "time", "li", "small", "em", "i", "b", "strong", "a", "td", "br", "dd", "dt"
    ):
        has_heading = has_heading or element.tag == "h1"
        for text in (element.text if element.tag != "h1" else None, element.tail):
            plain = " ".join(text.split()) if text else ""
            if plain and 6 <= len(plain) <= _LONGEST:
                (after if has_heading else before).append((plain, previous, element))
            previous = plain or previous
        if len(after) >= _NEAR[1]:
            break
    return list(before), after


# --- whose is it -------------------------------------------------------------------------------------------------

_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:(?:user-?)?comments?(?:[\s_-]|list|body|area|author|meta|$)(?!open|closed|enabled|count)|commentlist|disqus"
    r"|repl(?:y|ies)(?:[\s_-]|$)|kommentare?|related|recommend|recirc|trending|most-?read|popular)",
    re.IGNORECASE,
)


def is_of_others(element: "HtmlElement") -> bool:
    """Whether an element stands among what readers say, or what leads to other articles."""
    for around in element.iterancestors():
        if around.tag in {"body", "main"}:
            return False
        named = f"{around.get('class') or ''} {around.get('id') or ''} {around.get('itemprop') or ''}"
        is_other = around.tag in {"aside", "nav"} or _OTHERS.search(named) is not None
        is_other = is_other or "Comment" in (around.get("itemtype") or "") or comments.is_box(around)
        if is_other and next(around.iter("h1"), None) is None:
            return True
    return False
