"""The text of a parsed page.

trafilatura reads it (Barbaresi 2021). A page in which it finds far less than the paragraphs that plainly stand there
is read by resiliparse too (Bevendorff et al. 2018); the reading that has more of those paragraphs, and less besides,
wins. Then goes what the page itself shows not to be its text: lists of links,
and lines around what it states as its `articleBody`. Everything here is a function of the page.
"""

import html as entities
import json
import re
import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, NamedTuple

import trafilatura
from lxml import etree
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.settings import Document

Reading = tuple[str, str]  # the text, and the name and version of what read it
_STATED = "schema.org articleBody"


class Body(NamedTuple):
    """The text, one paragraph a line, what read it, and the same before lines of it were dropped."""

    text: str
    extractor: str
    whole: str


_TRAFILATURA, _RESILIPARSE = (f"{name} {version(name)}" for name in ("trafilatura", "resiliparse"))

# trafilatura's time grows with the square of the elements beside one another: within these bounds it is some 3 s at
# worst; with the cube of tables in one another. The largest of 658 real pages had 4,500 nodes on 50 levels. What lies
# beyond is read by resiliparse, in linear time.
_MAX_NODES, _MAX_CHARS = 8_000, 300_000
_TOO_DEEP = etree.XPath("boolean(" + "/*" * 200 + ")")

# Nothing in these is text, and side elements without a paragraph of it are none; without them every later step has
# a third less to look at, and finds the same.
_NO_TEXT = [
    *(
        "audio",
        "button",
        "canvas",
        "datalist",
        "embed",
        "iframe",
        "input",
        "link",
        "map",
        "math",
        "meta",
        "noscript",
    ),
    *("object", "option", "picture", "select", "source", "style", "svg", "template", "video"),
]
_SIDES = ("nav", "footer", "aside")
_HAS_PARAGRAPH = etree.XPath("boolean(.//p[string-length() > 60])")
# What others wrote elsewhere and a script shows as a card; copied into many articles, it would make them look alike.
_POSTS = re.compile("twitter-|instagram-media|tiktok-embed|bluesky-embed|fb-post|reddit-")


def read(tree: Any, text: str, extractor: str) -> Body:
    """Read the body of the page that is parsed as `tree` and was written as `text`; the tree is changed.

    Empty when there is none. `extractor` is `trafilatura` or, faster (a whole page in two thirds of the time) and with more of what surrounds an
    article, `resiliparse`.
    """
    stated = _stated_body(tree)
    links = {_one_line(link.text_content()) for link in tree.iter("a")}
    is_large = _is_large(tree)
    _drop_no_text(tree)
    if extractor == "resiliparse" or is_large:
        return _tidied(_or_stated(_by_resiliparse(text), stated), stated, [], links)
    passages = _passages(tree)
    found = _best_reading(tree, text, passages if _is_evidence(passages) else _sentences(_one_line(stated)))
    return _tidied(_or_stated(found, stated), stated, passages, links)


def _or_stated(found: Reading, stated: str) -> Reading:
    """What was read or, where that is next to nothing, what the page states: some pages are drawn by scripts alone.

    trafilatura falls back on the same, without its paragraphs.
    """
    is_same = bool(stated) and _one_line(found[0]) == _one_line(stated)
    return (stated, _STATED) if is_same or len(found[0]) < _NEXT_TO_NOTHING * len(stated) else found


def _is_large(tree: Any) -> bool:
    n_chars = tree.xpath("string-length(/)") - sum(len(e.text or "") for e in tree.iter("script", "style"))
    return bool(tree.xpath("count(//*)") > _MAX_NODES or n_chars > _MAX_CHARS or _TOO_DEEP(tree))


def _drop_no_text(tree: Any) -> None:
    """One pass, not the union of several searches: merging two large results takes libxml2 minutes."""
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    for element in list(tree.iter("script", "blockquote", *_SIDES)):
        if _is_no_text(element) and element.getparent() is not None:
            element.drop_tree()


def _is_no_text(element: Any) -> bool:
    if element.tag == "script":
        return bool(element.get("type") != "application/ld+json")
    if element.tag == "blockquote":
        return _POSTS.search(element.get("class") or "") is not None
    return not _HAS_PARAGRAPH(element)


def _tidied(found: Reading, stated: str, passages: list[str], links: set[str]) -> Body:
    whole = tidy(found[0]).split("\n")
    lines = _without_link_lists(whole, links)
    if stated:
        lines = _without_unstated(lines, _one_line(stated))
    return Body("\n".join(_without_tail(lines, set(passages))), found[1], "\n".join(whole))


# --- the readings --------------------------------------------------------------------------------------------

_MIN_CHARS = 250  # trafilatura's own bound for a reading that found something
_POOR = (
    0.6  # a reading with a smaller share of the page's passages; nearly all readings have nearly all of them
)
_EVIDENCE_CHARS = 500  # passages of fewer characters together prove nothing
_NEXT_TO_NOTHING = 0.2  # of what the page states
_MARGIN = 0.1  # by how much a second opinion must be better


def _best_reading(tree: Any, text: str, passages: list[str]) -> Reading:
    best = _by_trafilatura(tree)
    if _is_poor(best[0], passages):
        best = _better(best, _by_resiliparse(text), passages)
    if len(best[0]) < _MIN_CHARS:
        best = _better(best, _by_trafilatura(tree, thorough=True), passages)
    return best


def _better(first: Reading, other: Reading, passages: list[str]) -> Reading:
    if not _is_evidence(passages):  # nothing to judge by: the other, when it has far more
        return other if len(other[0]) > 2 * len(first[0]) + 100 else first
    is_better = _agreement(other[0], passages) > _agreement(first[0], passages) + _MARGIN
    return other if is_better else first


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
    return (found.text or "") if isinstance(found, Document) else "", _TRAFILATURA


def _by_resiliparse(text: str) -> Reading:
    found = extract_plain_text(
        text,
        main_content=True,
        list_bullets=False,
        alt_texts=False,
        comments=False,
        post_meta=False,
    )
    return found, _RESILIPARSE


def _is_poor(text: str, passages: list[str]) -> bool:
    if not _is_evidence(passages):
        return len(text) < _EVIDENCE_CHARS
    return len(text) < _MIN_CHARS or _shared_chars(text, passages) < _POOR * _n_chars(passages)


def _is_evidence(passages: list[str]) -> bool:
    return _n_chars(passages) >= _EVIDENCE_CHARS


def _agreement(text: str, passages: list[str]) -> float:
    """F1 of the characters of the text and of the passages."""
    return 2 * _shared_chars(text, passages) / (len(_one_line(text)) + _n_chars(passages))


def _shared_chars(text: str, passages: list[str]) -> int:
    line = _one_line(text)
    return sum(len(passage) for passage in passages if passage in line)


def _n_chars(texts: list[str]) -> int:
    return sum(map(len, texts))


# --- what plainly is its text --------------------------------------------------------------------------------

_PASSAGE_CHARS = 60  # shorter paragraphs may be captions and teasers
_SIDE_ELEMENTS = ("aside", "footer", "nav", "form", "figure", "header")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def _passages(tree: Any) -> list[str]:
    """Paragraphs that plainly are running text: long, not mostly links, not in a side element.

    Where these make up half of them or more, only those that stand three or more under one parent: a teaser stands
    alone in its box.
    """
    runs: dict[Any, list[str]] = {}
    for paragraph in tree.iter("p"):
        line = _one_line(paragraph.text_content())
        if len(line) >= _PASSAGE_CHARS and _is_running_text(paragraph, line):
            runs.setdefault(paragraph.getparent(), []).append(line)
    everything = [line for run in runs.values() for line in run]
    together = [line for run in runs.values() if len(run) >= 3 for line in run]
    return together if 2 * _n_chars(together) >= _n_chars(everything) else everything


def _is_running_text(paragraph: Any, line: str) -> bool:
    n_linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
    return n_linked <= len(line) / 2 and next(paragraph.iterancestors(_SIDE_ELEMENTS), None) is None


def _stated_body(tree: Any) -> str:
    """The longest schema.org `articleBody` of the page without markup, a paragraph a line; empty when there is none."""
    bodies = [""]
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        bodies += _article_bodies(script.text or "")
    longest = entities.unescape(max(bodies, key=len))
    return unicodedata.normalize(
        "NFC", re.sub(r"<[^<>]+>", " ", re.sub(r"</p>|<br ?/?>", "\n", longest))
    ).strip()


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
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if len(sentence) >= _PASSAGE_CHARS]


# --- what plainly is not -------------------------------------------------------------------------------------

_STATED_CHARS = 400  # a shorter statement is a teaser
_SAME = 0.7  # so much of both must be shared before the one is a measure of the other
_HEADING_CHARS = 80  # a shorter line may be a heading, which many statements leave out
_TAIL_CHARS = 200  # a longer line at the end may be the article's last paragraph, in a box of its own


def _without_link_lists(lines: list[str], links: set[str]) -> list[str]:
    """Drop lines that are nothing but a link and stand beside another such line."""
    is_link = [False, *(line in links for line in lines), False]
    return [line for n, line in enumerate(lines) if not (is_link[n + 1] and (is_link[n] or is_link[n + 2]))]


def _without_unstated(lines: list[str], stated: str) -> list[str]:
    """Drop lines that follow the stated body, and long ones within that it does not have.

    Lines before it stay, since many pages state their body without its lead. Nothing is dropped when the text and
    what is stated are not plainly the same.
    """
    shingles = set(_shingles(stated))
    is_stated = [_is_in(line, shingles, stated) for line in lines]
    n_stated = _n_chars([line for line, found in zip(lines, is_stated, strict=True) if found])
    if len(stated) < _STATED_CHARS or n_stated < _SAME * max(_n_chars(lines), len(stated)):
        return lines
    first, last = is_stated.index(True), _last(is_stated)
    return [
        line
        for n, line in enumerate(lines)
        if n < first or is_stated[n] or (n < last and len(line) < _HEADING_CHARS)
    ]


def _is_in(line: str, shingles: set[tuple[str, ...]], stated: str) -> bool:
    own = list(_shingles(line))
    if not own:
        return line in stated
    return 2 * sum(shingle in shingles for shingle in own) >= len(own)


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return zip(*(words[n:] for n in range(4)), strict=False)


def _without_tail(lines: list[str], passages: set[str]) -> list[str]:
    """Drop lines after the last passage, unless they are long, of a text that is made of passages."""
    is_passage = [line in passages for line in lines]
    n_passages = _n_chars([line for line, found in zip(lines, is_passage, strict=True) if found])
    if not n_passages or n_passages < _SAME * _n_chars(lines):
        return lines
    last = _last(is_passage)
    return [line for n, line in enumerate(lines) if n <= last or len(line) >= _TAIL_CHARS]


def _last(flags: list[bool]) -> int:
    return len(flags) - 1 - flags[::-1].index(True)


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
