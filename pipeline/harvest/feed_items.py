"""The elements of a feed that are items, sound or broken, and what stands in them by name.

A sound document is one tree. Of a broken one each item is a tree of its own, so that a tag that nobody closed costs no other item;
an item that breaks off at the end of the document is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from pipeline.harvest.items import MAX_ITEMS, TRUNCATED
from pipeline.harvest.xml_text import mended

_ITEMS = ("item", "entry")
_SKIPPED = {"<![CDATA[": "]]>", "<!--": "-->"}
_TOKEN = re.compile(r"<!\[CDATA\[|<!--|<(/?)(?:[A-Za-z_][\w.-]*:)?(item|entry)(?=[\s/>])", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<[^<>]*>")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# What an element's namespace is called here, whatever the document calls it. Feeds of RSS have some twenty namespaces of their own.
_PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.pheedo.com/namespace/pheedo": "pheedo",
}
_RSS = ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/")

_BROKEN = "newsfold-broken"  # marks an item of a broken document

Element = etree._Element  # noqa: SLF001  # lxml's own name for the type of its elements


@dataclass(frozen=True)
class Document:
    """A feed taken apart: its head (the element that has its title) and its items, in their order, no more than MAX_ITEMS."""

    head: Element
    items: tuple[Element, ...]
    flags: tuple[str, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class Fields:
    """The elements of an item by name: `title` is the feed's own, `media:title` that of a namespace."""

    by_name: dict[str, list[Element]] = field(default_factory=dict)

    def all(self, *names: str) -> list[Element]:
        return [element for name in names for element in self.by_name.get(name, ())]

    def texts(self, *names: str) -> Iterator[str]:
        """What stands in the elements of these names, the first name first."""
        return (text for element in self.all(*names) if (text := text_of(element)))


def read_document(text: str) -> Document:
    """The feed that begins with its root's tag."""
    sound = mended(text)
    try:
        root = etree.fromstring(sound.encode(), _parser(recover=False))
    except etree.XMLSyntaxError:
        return _broken(sound)
    heads = [root, *(child for child in root if local_name(child) == "channel")]
    found = (child for head in heads for child in head if local_name(child) in _ITEMS)
    items = tuple(islice(found, MAX_ITEMS + 1))
    head = heads[-1] if len(heads) > 1 else root
    return Document(head, items[:MAX_ITEMS], is_cut=len(items) > MAX_ITEMS)


def fields_of(item: Element) -> Fields:
    """What stands in an item; of a broken one also what slipped into an element before it."""
    found: dict[str, list[Element]] = {}
    own = _namespace(item)
    for element in [*item, *(_slipped(item) if _BROKEN in item.attrib else ())]:
        if isinstance(element.tag, str):
            found.setdefault(_name(element, own), []).append(element)
    return Fields(found)


def text_of(element: Element) -> str:
    """All text in an element and below it."""
    return "".join(str(part) for part in element.itertext(tag=etree.Element)).strip()


def local_name(element: Element) -> str:
    """An element's name in small letters, without its namespace; empty for comments."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def base_of(element: Element, address: str) -> str:
    """The address against which those in an element are meant: each xml:base against that above it, the first against the feed's."""
    bases = [stated for above in (element, *element.iterancestors()) if (stated := above.get(_BASE))]
    for stated in reversed(bases):
        address = joined(address, stated)
    return address


def joined(base: str, address: str) -> str:
    """An address against its base; the base where it is no address."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return base


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover, resolve_entities=False, load_dtd=False, no_network=True, remove_pis=True
    )


def _name(element: Element, own: str) -> str:
    """The name under which an element is looked up; lxml's names have a prefix only where it was never declared."""
    namespace, name = _namespace(element), local_name(element)
    if namespace in {"", own} or namespace.startswith(_RSS):
        return name
    return f"{_PREFIXES.get(namespace) or element.prefix or '?'}:{name}"


def _namespace(element: Element) -> str:
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""


# --- broken documents ----------------------------------------------------------------------------------------


def _broken(text: str) -> Document:
    first = _FIRST_TAG.match(text)
    opening = first[0].rstrip("/> ") if first else "<rss"
    pieces, begin, breaks_off = _pieces(text)
    head = _fragment(opening, text[first.end() if first else 0 : begin])
    items = [_fragment(opening, piece) for piece in pieces[:MAX_ITEMS]]
    channel = next((child for child in head if local_name(child) == "channel"), head)
    found = tuple(child for item in items for child in item if local_name(child) in _ITEMS)
    for item in found:
        item.set(_BROKEN, "")
    is_over = len(pieces) > MAX_ITEMS
    return Document(channel, found, (TRUNCATED,) if breaks_off and not is_over else (), is_over)


def _fragment(opening: str, text: str) -> Element:
    """What a piece of a document holds, in its root with the root's namespaces."""
    root = etree.fromstring(f"{opening}>{text}".encode(), _parser(recover=True))
    return root if root is not None else etree.Element("rss")


def _pieces(text: str) -> tuple[list[str], int, bool]:
    """The items of a document as text, where the first begins, and whether the document breaks off in one."""
    pieces: list[str] = []
    begins: list[int] = []
    at, begin = 0, None
    while len(pieces) <= MAX_ITEMS and (token := _TOKEN.search(text, at)):
        at = token.end()
        if token[0] in _SKIPPED:
            at = text.find(_SKIPPED[token[0]], at)
            if at < 0:
                break
        elif token[1]:
            pieces += [text[begin : text.find(">", at) + 1]] if begin is not None else []
            begin = None
        else:  # an item that begins in another: nobody closed that one
            pieces += [text[begin : token.start()]] if begin is not None else []
            begin = token.start()
            begins.append(begin)
    return pieces, begins[0] if begins else len(text), begin is not None


def _slipped(item: Element) -> Iterator[Element]:
    return (below for child in item if not (child.text or "").strip() for below in child.iterdescendants())
