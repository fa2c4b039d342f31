"""Is it a page, how large is it, and its tree: the caps that decide before anything is read out of it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree, html

from pipeline.model.kinds import Reject
from pipeline.text import controls
from pipeline.text.enclosed import without_enclosed

# libxml2 cuts off what nests deeper than 2,048 levels, even when told that a tree may be huge.
_PARSER_DEPTH = 2_040
# The time to read a large page grows with the square of its depth; real pages have up to 50 levels.
_LARGE_NODES, _LARGE_DEPTH = 8_000, 256
# Before there is a tree: real pages have up to 9 `<` for a node, most of them in scripts.
_TAGS_PER_NODE = 10
# The time to parse a tag grows with the square of its attributes: 1,000 take 4 ms, 100,000 half a minute.
_MAX_ATTRIBUTES, _LONG_TAG_CHARS = 1_000, 4_000


class RefusedError(Exception):
    """A document that gives no text, and why."""

    def __init__(self, reason: Reject, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


# --- is it a page --------------------------------------------------------------------------------------------

_MAGIC = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"%PDF-": "PDF",
    b"PK\x03\x04": "ZIP",
    b"\x1f\x8b\x08": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x7fELF": "a program",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_CONTROLS = 0.02  # compressed data has 0.1 of them; a page with a few stray ones is still a page

# A declaration may lack its `>`.
_PROLOGUE = re.compile(
    r"(?:\s|\ufeff|<\s?\?[^<>]*(?:>|(?=<))|<!--.*?-->|<!doctype[^>\[]*>)*", re.IGNORECASE | re.DOTALL
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
# What a page may begin with behind an XML declaration.
_PAGES = {
    *(
        "",
        "html",
        "head",
        "body",
        "title",
        "meta",
        "link",
        "script",
        "style",
        "template",
        "noscript",
        "header",
        "main",
    ),
    *("article", "section", "div", "center", "table", "p", "h1", "h2", "span", "font"),
}
_NOT_PAGES = {"rss", "feed", "rdf", "urlset", "sitemapindex", "opml", "svg"}


def refuse_large(content: bytes, max_bytes: int) -> None:
    if len(content) > max_bytes:
        raise RefusedError(Reject.TOO_LARGE, f"more than {max_bytes} bytes")


def refuse_binary(content: bytes) -> None:
    """Raise RefusedError for bytes that are no text in any character set."""
    for magic, name in _MAGIC.items():
        if content.startswith(magic):
            raise RefusedError(Reject.NOT_A_PAGE, name)
    sample = b"" if content.startswith(_UTF_16) else content[: controls.SAMPLE_BYTES]
    n_controls = controls.n_controls(sample)
    if n_controls > _MAX_CONTROLS * len(sample):
        raise RefusedError(Reject.NOT_A_PAGE, f"binary: {n_controls} controls in {len(sample)} bytes")


def refuse_data(text: str) -> None:
    """Raise RefusedError for a feed, a sitemap or another document that is XML or JSON, but no page."""
    start = _PROLOGUE.match(text)
    at = start.end() if start else 0
    head = text[at : at + 200]
    root = _ROOT.match(head)
    name = root[1].lower() if root else ""
    is_xml = text[:100].lstrip("\ufeff \r\n\t").startswith("<?xml")
    if name in _NOT_PAGES or (is_xml and name not in _PAGES):
        raise RefusedError(Reject.NOT_A_PAGE, f"XML: {name}")
    if head.startswith(("{", "[")) and _is_json(text):
        raise RefusedError(Reject.NOT_A_PAGE, "JSON")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


# --- its tree ------------------------------------------------------------------------------------------------


def parse(text: str, max_nodes: int, max_depth: int) -> tuple[Any, list[Any]]:
    """Parse a page into an lxml.html tree, to whatever depth, and its elements: while these are held, no walk has to make them again.

    With libxml2's defaults, text below 255 levels is silently lost. Raises RefusedError: `too_complex` for more than
    `max_nodes` elements or `max_depth` levels, `no_text` for an empty page.
    """
    _refuse_unparsable(text, max_nodes)
    parser = _parser()
    try:
        tree = html.document_fromstring(_parsable(text), parser=parser)
    except etree.ParserError as error:
        raise RefusedError(Reject.NO_TEXT, "an empty page") from error
    _refuse_torn(parser)
    elements = list(islice(tree.iter(), max_nodes + 1))
    n_nodes = len(elements)
    if n_nodes > max_nodes:
        raise RefusedError(Reject.TOO_COMPLEX, f"{int(_N_NODES(tree))} nodes")
    depth = min(max_depth, _PARSER_DEPTH) if n_nodes <= _LARGE_NODES else min(max_depth, _LARGE_DEPTH)
    if n_nodes > depth and _deeper_than(depth)(tree):
        raise RefusedError(Reject.TOO_COMPLEX, f"{n_nodes} nodes on more than {depth} levels")
    return tree, elements


def _refuse_unparsable(text: str, max_nodes: int) -> None:
    """Refuse what would take the parser itself very long."""
    max_tags = _TAGS_PER_NODE * max_nodes
    if len(text) > max_tags and text.count("<") - text.count("</") > max_tags:
        raise RefusedError(Reject.TOO_COMPLEX, f"far more than {max_nodes} nodes")
    if any(map(_has_many_attributes, _long_pieces(text))):
        pieces = without_enclosed(text, _SCRIPT, _SCRIPT_ENDS, "").split(
            "<"
        )  # a script may look so; taking scripts out is slow
        if any(map(_has_many_attributes, pieces)):
            raise RefusedError(Reject.TOO_COMPLEX, f"a tag with more than {_MAX_ATTRIBUTES} attributes")


def _long_pieces(text: str) -> Iterator[str]:
    """What stands between two `<` that lie far apart and may be one tag: looked for in leaps, a twentieth of the time of splitting."""
    start = 0
    while start < len(text):
        far = start + _LONG_TAG_CHARS + 1
        last = text.rfind("<", start, far)
        if last < 0:
            last = text.find("<", far)
            last = len(text) if last < 0 else last
            if text.find(">", start, far) < 0:
                yield text[start:last]
        start = last + 1


_SCRIPT = re.compile(r"<script\b|<style\b|<!--", re.IGNORECASE | re.ASCII)
_SCRIPT_ENDS = {
    "<script": (re.compile("</script", re.IGNORECASE | re.ASCII),),
    "<style": (re.compile("</style", re.IGNORECASE | re.ASCII),),
    "<!--": (re.compile("-->"),),
}
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def _has_many_attributes(piece: str) -> bool:
    tag = piece.partition(">")[0]
    is_tag = len(tag) > _LONG_TAG_CHARS and tag[0].isalpha()
    return is_tag and len(_QUOTED.sub("", tag).split()) > _MAX_ATTRIBUTES


# What XML has no place for: the parser lets it through, and whoever then moves text about in the tree raises.
_NOT_XML = bytes({*range(9), 11, 12, *range(14, 32)})
_NOT_XML_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[1-2]|1[4-9]|2\d|3[01]|6553[45])(?!\d)"
    rb"|[xX]0*(?:[0-8bcefBCEF]|1[\da-fA-F]|[fF]{3}[efEF])(?![\da-fA-F]));?"
)


def _parsable(text: str) -> bytes:
    if "\ufffe" in text or "\uffff" in text:
        text = text.replace("\ufffe", "").replace("\uffff", "")
    return _NOT_XML_REFERENCE.sub(b"", text.encode().translate(None, _NOT_XML))


def _parser() -> html.HTMLParser:
    parser = html.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
    )
    # One class for all elements: looking a class up for each costs a twelfth of what reading a page takes.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=_Element))
    return parser


class _Element(html.HtmlElement):
    """An element that says its text in half of the time: lxml's asks for it by XPath."""

    def text_content(self) -> Any:
        return text_of(self)


def _refuse_torn(parser: html.HTMLParser) -> None:
    """The parser does not raise when it gives up; it returns what it had."""
    for entry in parser.error_log:
        if entry.type_name == "ERR_NO_MEMORY":
            raise MemoryError
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            raise RefusedError(Reject.TOO_COMPLEX, entry.message)


_N_NODES = etree.XPath("count(//*)")


@cache
def _deeper_than(depth: int) -> Any:
    """Step by step down from the root, which libxml2 does in the time of one walk over the tree."""
    return etree.XPath("boolean(" + "/*" * (depth + 1) + ")")


# --- the text of its elements --------------------------------------------------------------------------------


def text_of(element: Any) -> str:
    """The text of an element and of what it holds; one without children, as most links are, needs no search."""
    if not len(element):
        return element.text or ""
    found: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return found


def line_of(element: Any) -> str:
    """Its text on one line, spaces single."""
    return single_spaced(text_of(element))


def single_spaced(text: str) -> str:
    return " ".join(text.split())


def n_linked_chars(element: Any) -> int:
    """How many characters of its text are links; by half of them it is told that it is mostly links."""
    return sum(len(text_of(link)) for link in element.iter("a"))


_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def is_hidden(element: Any) -> bool:
    """Whether its own attributes say so for sure: `hidden`, or a style without display."""
    return element.get("hidden") is not None or has_no_display(element)


def has_no_display(element: Any) -> bool:
    style = element.get("style")
    return style is not None and _NOT_DISPLAYED.search(style) is not None
