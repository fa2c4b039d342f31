"""The text of a parsed page.

trafilatura reads it (Barbaresi 2021). A page in which it finds far less than the paragraphs that plainly stand there
is read by resiliparse too (Bevendorff et al. 2018); the reading that has more of those paragraphs, and less besides,
wins. Then goes what the page itself shows not to be its text: lists of links,
and lines around what it states as its `articleBody`. Everything here is a function of the page.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import islice
from typing import Any, NamedTuple

import unicodedata2
from lxml import etree, html
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import utils as trafilatura_utils
from trafilatura.settings import Extractor

from pipeline.extract import comments, main_text, neighbours, page_state, passages, trim
from pipeline.extract.passages import Passage
from pipeline.extract.stated import Stated, article_body
from pipeline.extract.tidy import tidy
from pipeline.extract.tree import line_of, single_spaced
from pipeline.text import scripts
from pipeline.text.markup import without_escapes, without_markup

# Of one page: a reading and what is stated, which several steps compare, and another reading or two.
_on_one_line = lru_cache(maxsize=4)(single_spaced)
Reading = tuple[str, str]  # the text, and the name and version of what read it
_STATED, _STATE = "schema.org articleBody", "page state"


class Body(NamedTuple):
    """The text, one paragraph a line, what read it, and the same before lines of it were dropped."""

    text: str
    extractor: str
    whole: str


# It leaves out what is not printable by the tables of its Python, and with it all characters that are younger than these.
trafilatura_utils.return_printables_and_spaces = scripts.printable_or_space

_TRAFILATURA, _RESILIPARSE = (f"{name} {version(name)}" for name in ("trafilatura", "resiliparse"))

# trafilatura's time grows with the square of the elements beside one another: within these bounds it is some 3 s at
# worst; with the cube of tables in one another. The largest of 658 real pages had 4,500 nodes on 50 levels. What lies
# beyond is read by resiliparse, in linear time.
_MAX_NODES, _MAX_CHARS = 8_000, 300_000
_N_CHARS = etree.XPath("string-length(/)")
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


class Source(NamedTuple):
    """How a page is written, and what makes its tree once more: few readings ask for the source of what was left of a tree, and
    to write each takes longer than to parse a few again.
    """

    text: str
    parse: Callable[[], Any]


def read(tree: Any, page: Stated, source: Source, extractor: str) -> Body:
    """Read the body of the page that is parsed as `tree` and states `page`; the tree is changed.

    Empty when there is none. `extractor` is `trafilatura` or, faster (a whole page in two thirds of the time) and with more of what surrounds an
    article, `resiliparse`.
    """
    titles = [*page.titles[:1], *page.meta.get("ogtitle", [])[:1]]
    stated, entries = map(_plain, article_body(page))
    is_changed = _drop_others(tree, page, titles)

    @cache
    def text() -> str:
        return _without_others(source, page, titles) if is_changed else source.text

    is_fast = extractor == "resiliparse" or _is_large(tree, len(source.text))
    _drop_no_text(tree)
    links = {line_of(link) for link in tree.iter("a")}  # of menus, the words alone may be the text's
    found_passages = passages.find(tree) if stated or not is_fast else []
    evidence = _evidence(found_passages, stated)
    found = _by_resiliparse(text()) if is_fast else _best_reading(tree, text, evidence, stated)
    found = _or_drawn(_or_stated(_parted(found, tree), stated), entries, text, titles)
    return _tidied(found, stated, found_passages, links)


def _drop_others(tree: Any, page: Stated, titles: list[str]) -> bool:
    """Put in place what was streamed, and take out what others say and wrote; whether there was any."""
    is_assembled = page_state.put_in_place(tree)
    is_live = any("LiveBlogPosting" in script for script in page.scripts)
    has_comments = comments.drop(tree)
    return neighbours.drop(tree, titles, is_live=is_live) or is_assembled or has_comments


def _without_others(source: Source, page: Stated, titles: list[str]) -> str:
    tree = source.parse()
    _drop_others(tree, page, titles)
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _evidence(found: list[Passage], stated: str) -> list[str]:
    """What must stand in a reading: the page's passages or, where these are few, the sentences that it states."""
    lines = [passage.line for passage in found]
    return lines if _is_evidence(lines) else _sentences(_on_one_line(stated))


_LEAVES = ("h1", "h2", "h3", "h4", "p", "li", "figcaption", "blockquote", "div", "span")


def _parted(found: Reading, tree: Any) -> Reading:
    """A reading of one line in the page's lines: where trafilatura finds no article, it takes all words of a page for one."""
    text, lines = found[0].strip(), []
    if "\n" in text:
        return found
    for element in tree.iter(*_LEAVES):
        line = line_of(element) if next(element.iterdescendants(*_LEAVES), None) is None else ""
        if line and text.startswith(line):
            lines.append(line)
            text = text[len(line) :].lstrip()
    return ("\n".join(lines), found[1]) if lines and not text else found


def _or_drawn(found: Reading, entries: str, text: Callable[[], str], titles: list[str]) -> Reading:
    """What was read or, where that is next to nothing, what scripts would draw: the entries of a live blog, markup in their state."""
    if len(found[0]) >= _MIN_CHARS:
        return found
    if entries:
        drawn = entries, _STATED
    elif markup := page_state.markup(text(), titles):
        drawn = _by_trafilatura(html.document_fromstring(markup))
    else:
        drawn = page_state.lines(text(), titles), _STATE
    return drawn if len(found[0]) < _NEXT_TO_NOTHING * len(drawn[0]) else found


def _or_stated(found: Reading, stated: str) -> Reading:
    """What was read or, where that is next to nothing, what the page states: some pages are drawn by scripts alone.

    trafilatura falls back on the same, without its paragraphs.
    """
    is_same = bool(stated) and _on_one_line(without_escapes(found[0])) == _on_one_line(stated)
    return (stated, _STATED) if is_same or len(found[0]) < _NEXT_TO_NOTHING * len(stated) else found


def _is_large(tree: Any, n_chars: int) -> bool:
    return bool(
        next(islice(tree.iter(), _MAX_NODES, None), None) is not None
        or (n_chars > _MAX_CHARS and _is_long(tree, n_chars))
        or _TOO_DEEP(tree)
    )


def _is_long(tree: Any, n_chars: int) -> bool:
    """Whether the tree of a page whose source has so many characters has very much text. Scripts, most of a long page, are no text."""
    n_script = sum(len(e.text or "") for e in tree.iter("script", "style"))
    return n_chars - n_script > _MAX_CHARS and bool(_N_CHARS(tree) - n_script > _MAX_CHARS)


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


def _tidied(found: Reading, stated: str, page_passages: list[Passage], links: set[str]) -> Body:
    lines = tidy(found[0]).split("\n")
    ground = trim.Ground(page_passages, lines)
    whole = trim.with_missing(lines, ground)
    lines = trim.without_link_lists(whole, links)
    if stated:
        lines = trim.without_unstated(lines, _on_one_line(stated), page_passages)
    lines = trim.without_tail(
        lines, {passage.line for passage in page_passages}, _on_one_line(stated), ground
    )
    return Body("\n".join(lines), found[1], "\n".join(whole))


# --- the readings --------------------------------------------------------------------------------------------

_MIN_CHARS = 250  # trafilatura's own bound for a reading that found something
_POOR = (
    0.6  # a reading with a smaller share of the page's passages; nearly all readings have nearly all of them
)
_EVIDENCE_CHARS = 500  # passages of fewer characters together prove nothing
_NEXT_TO_NOTHING = 0.2  # of what the page states
_AS_STATED = 0.9
_MARGIN = 0.1  # by how much a second opinion must be better


def _best_reading(tree: Any, text: Callable[[], str], evidence: list[str], stated: str) -> Reading:
    best = _by_trafilatura(tree)
    if not _is_poor(best[0], evidence) or _is_as_stated(best[0], stated):
        return best
    best = _better(best, _by_resiliparse(text()), evidence)
    if _is_poor(best[0], evidence):
        best = _better(best, _by_trafilatura(tree, thorough=True), evidence)
    return best


def _is_as_stated(text: str, stated: str) -> bool:
    """Whether a reading has all that the page states as its body: then what else stands there is another's."""
    sentences = _sentences(_on_one_line(stated))
    if not _is_evidence(sentences) or trim.is_broken_off(stated):
        return False
    return _shared_chars(text, sentences) >= _AS_STATED * _n_chars(sentences)


def _better(first: Reading, other: Reading, evidence: list[str]) -> Reading:
    if not _is_evidence(evidence):  # nothing to judge by: the other, when it has far more
        return other if len(other[0]) > 2 * len(first[0]) + 100 else first
    is_better = _agreement(other[0], evidence) > _agreement(first[0], evidence) + _MARGIN
    return other if is_better else first


def _by_trafilatura(tree: Any, *, thorough: bool = False) -> Reading:
    """Without comments, which are not the article; the tree is only read.

    Favouring recall finds more on news than the default, and spares a test that takes a fifth of its time. `thorough`
    compares with readability and jusText, as the default does.
    """
    text_of = main_text.thorough_text_of if thorough else main_text.text_of
    return text_of(tree, _options(thorough=thorough)), _TRAFILATURA


@cache
def _options(*, thorough: bool) -> Extractor:
    """Made once: it reads trafilatura's configuration."""
    return Extractor(
        output_format="python", fast=not thorough, recall=not thorough, comments=False, formatting=False
    )


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


def _is_poor(text: str, evidence: list[str]) -> bool:
    if not _is_evidence(evidence):
        return len(text) < _EVIDENCE_CHARS
    return len(text) < _MIN_CHARS or _shared_chars(text, evidence) < _POOR * _n_chars(evidence)


def _is_evidence(evidence: list[str]) -> bool:
    return _n_chars(evidence) >= _EVIDENCE_CHARS


def _agreement(text: str, evidence: list[str]) -> float:
    """F1 of the characters of the text and of the evidence."""
    return 2 * _shared_chars(text, evidence) / (len(_on_one_line(text)) + _n_chars(evidence))


def _shared_chars(text: str, evidence: list[str]) -> int:
    line, n_shared, at = _on_one_line(text), 0, 0
    for passage in evidence:
        # Nearly always it stands right behind the one before.
        start = at if line.startswith(passage, at) else line.find(passage)
        if start >= 0:
            n_shared += len(passage)
            at = start + len(passage) + 1
    return n_shared


def _n_chars(texts: list[str]) -> int:
    return sum(map(len, texts))


def _plain(stated: str) -> str:
    """What a page states as its body without markup, a paragraph a line."""
    text = without_markup(stated)  # escaped once or again
    return str(unicodedata2.normalize("NFC", re.sub(r"<[^<>]+>", " ", text))).strip()


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if len(sentence) >= passages.PASSAGE_CHARS]


_SENTENCE_END = re.compile(rf"(?<=[{scripts.SPACED_MARKS}])\s+|(?<=[{scripts.UNSPACED_MARKS}])")
