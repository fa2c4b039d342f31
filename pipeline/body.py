"""The text of a parsed page.

trafilatura reads it (Barbaresi 2021). A page in which it finds far less than the paragraphs that plainly stand there
is read again, with its own second opinions and by resiliparse (Bevendorff et al. 2018); the reading that has most of
those paragraphs, and least besides, wins. Everything here is a function of the page.
"""

import html as entities
import json
import re
import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import trafilatura
from lxml import etree
from resiliparse.extract.html2text import extract_plain_text

Reading = tuple[str, str]  # the text, and the name and version of what read it

# trafilatura's time grows with the product of inline elements and characters: within these bounds it is some 4 s at
# worst. The largest of 658 real pages had 4,500 nodes. What lies beyond is read by resiliparse, in linear time.
_MAX_NODES, _MAX_CHARS = 10_000, 300_000

# Nothing in these is text; without them every later step has less to look at.
_NO_TEXT = (
    "audio button canvas datalist embed iframe input link map math meta noscript object option picture select source"
    " style svg template video"
).split()
_SCRIPTS = etree.XPath("//script[not(@type='application/ld+json')]")

_MIN_CHARS = 250  # trafilatura's own bound for a reading that found something
_POOR = (
    0.5  # a reading with less than half of the page's passages; nearly all readings have nearly all of them
)
_PASSAGE_CHARS = 60  # shorter paragraphs may be captions and teasers
_EVIDENCE_CHARS = 500  # passages of fewer characters together prove nothing
_MARGIN = 0.1  # by how much a second opinion must be better
_SIDE_ELEMENTS = ("aside", "footer", "nav", "form", "figure", "header")


def read(tree: Any, text: str, extractor: str) -> Reading:
    """Read the body of the page that is parsed as `tree` and was written as `text`; the tree is changed.

    One paragraph a line, empty when there is none. `extractor` is `trafilatura` or, ten times faster and with more of
    what surrounds an article, `resiliparse`.
    """
    stated = _stated_body(tree)
    if extractor == "resiliparse" or tree.xpath("count(//*)") > _MAX_NODES:
        found, name = _by_resiliparse(text)
    else:
        _drop_no_text(tree)
        found, name = _by_trafilatura_first(tree, text)
    return _without_surroundings(found, stated), name


def _by_trafilatura_first(tree: Any, text: str) -> Reading:
    if tree.xpath("string-length(/)") > _MAX_CHARS:
        return _by_resiliparse(text)
    first = _by_trafilatura(tree)
    passages = _passages(tree)
    return _second_opinion(tree, text, first, passages) if _is_poor(first[0], passages) else first


def _drop_no_text(tree: Any) -> None:
    for script in _SCRIPTS(tree):
        script.drop_tree()
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)


def _by_trafilatura(tree: Any, *, thorough: bool = False) -> Reading:
    """Without comments, which are not the article; the tree is only read.

    Favouring recall finds more on news than the default, and spares a test that takes a fifth of its time. `thorough`
    compares with readability and jusText, as the default does.
    """
    found = trafilatura.bare_extraction(
        tree,
        fast=not thorough,
        favor_recall=not thorough,
        include_comments=False,
        include_formatting=False,
    )
    return (found.text or "") if found else "", f"trafilatura {version('trafilatura')}"


def _by_resiliparse(text: str) -> Reading:
    found = extract_plain_text(
        text,
        main_content=True,
        list_bullets=False,
        alt_texts=False,
        comments=False,
        post_meta=False,
    )
    return found, f"resiliparse {version('resiliparse')}"


def _passages(tree: Any) -> list[str]:
    """Paragraphs that plainly are running text: long, not mostly links, not in a side element.

    Of these, those that stand three or more under one parent, if any do: a teaser stands alone in its box.
    """
    runs: dict[Any, list[str]] = {}
    for paragraph in tree.iter("p"):
        line = _one_line(paragraph.text_content())
        if len(line) >= _PASSAGE_CHARS and _is_running_text(paragraph, line):
            runs.setdefault(paragraph.getparent(), []).append(line)
    together = [run for run in runs.values() if len(run) >= 3]
    return [line for run in together or runs.values() for line in run]


def _is_running_text(paragraph: Any, line: str) -> bool:
    n_linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
    return n_linked <= len(line) / 2 and next(paragraph.iterancestors(_SIDE_ELEMENTS), None) is None


def _is_poor(text: str, passages: list[str]) -> bool:
    n_chars = sum(map(len, passages))
    if n_chars < _EVIDENCE_CHARS:
        return len(text) < _EVIDENCE_CHARS
    return len(text) < _MIN_CHARS or _shared_chars(text, passages) < _POOR * n_chars


def _second_opinion(tree: Any, text: str, first: Reading, passages: list[str]) -> Reading:
    others = [_by_trafilatura(tree, thorough=True), _by_resiliparse(text)]
    if sum(map(len, passages)) < _EVIDENCE_CHARS:  # nothing to judge by: take one that has far more
        return next((other for other in others if len(other[0]) > 2 * len(first[0]) + 100), first)
    best, most = first, _agreement(first[0], passages) + _MARGIN
    for other in others:
        if (agreement := _agreement(other[0], passages)) > most:
            best, most = other, agreement
    return best


def _agreement(text: str, passages: list[str]) -> float:
    """F1 of the characters of the text and of the passages."""
    both = len(_one_line(text)) + sum(map(len, passages))
    return 2 * _shared_chars(text, passages) / both if both else 0.0


def _shared_chars(text: str, passages: list[str]) -> int:
    line = _one_line(text)
    return sum(len(passage) for passage in passages if passage in line)


# --- what the page states of its text ------------------------------------------------------------------------

_STATED_CHARS = 400  # a shorter statement is a teaser
_SAME = 0.7  # so much of both must be shared before the one is a measure of the other
_HEADING_CHARS = 80  # a shorter line may be a heading, which many statements leave out


def _stated_body(tree: Any) -> str:
    """The longest schema.org `articleBody` of the page as one line without markup; empty when there is none."""
    bodies = [""]
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        bodies += _article_bodies(script.text or "")
    longest = max(bodies, key=len)
    return _one_line(re.sub(r"<[^<>]+>", " ", entities.unescape(longest)))


def _article_bodies(linked_data: str) -> Iterator[str]:
    if "articleBody" not in linked_data:
        return
    try:
        waiting = [json.loads(linked_data, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            stated = node.get("articleBody")
            yield stated if isinstance(stated, str) else ""
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _without_surroundings(text: str, stated: str) -> str:
    """Drop lines that follow the stated body, and long ones within that it does not have.

    Lines before it stay, since many pages state their body without its lead. Nothing is dropped when the text and
    what is stated are not plainly the same.
    """
    if len(stated) < _STATED_CHARS:
        return text
    lines = text.split("\n")
    shingles = set(_shingles(stated))
    is_stated = [_is_in(line, shingles, stated) for line in lines]
    n_stated = sum(len(line) for line, found in zip(lines, is_stated, strict=True) if found)
    if n_stated < _SAME * max(len(text), len(stated)):
        return text
    first, last = is_stated.index(True), len(lines) - 1 - is_stated[::-1].index(True)
    return "\n".join(
        line
        for n, line in enumerate(lines)
        if n < first or is_stated[n] or (n < last and len(line) < _HEADING_CHARS)
    )


def _is_in(line: str, shingles: set[tuple[str, ...]], stated: str) -> bool:
    own = list(_shingles(line))
    if not own:
        return _one_line(line) in stated
    return 2 * sum(shingle in shingles for shingle in own) >= len(own)


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return zip(*(words[n:] for n in range(4)), strict=False)


# --- tidy ----------------------------------------------------------------------------------------------------

# Controls, halves of surrogate pairs, non-characters, and what is not seen but parts words: soft hyphens, zero-width
# spaces, marks of direction. Joiners stay: Persian and the Indic scripts spell with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe"
    "\uffff\ud800-\udfff]"
)
_BULLET = re.compile(r"[-•*] ")  # how extractors begin the items of a list
_RULE = re.compile(r"[-|: ]+")  # how they draw the head of a table


def tidy(text: str) -> str:
    """NFC, one paragraph a line, single spaces, nothing unseen, no empty lines; of lists and tables the words."""
    lines = (_one_line(_UNSEEN.sub("", line)) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(filter(None, map(_words_only, lines)))


def _words_only(line: str) -> str:
    if line.startswith("|"):
        return "" if _RULE.fullmatch(line) else _one_line(line.replace("|", " "))
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line


def _one_line(text: str) -> str:
    return " ".join(text.split())
