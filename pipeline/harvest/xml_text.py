"""The characters of what should be XML: declared wrongly, with junk before it, with signs that XML does not allow.

No parser ever sees a document type, so that no entity is expanded and no DTD is asked for: what stands before the root is read here
and dropped, and a document that declares entities is refused. The names of HTML's entities come from Python's table.
"""

import html
import re
from html.entities import html5

from pipeline.harvest.items import NOT_A_FEED, UNSAFE_XML, UnreadableFeedError
from pipeline.text import charsets

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w:.-]{2,40})\s*[\"']", re.IGNORECASE)
_HEAD_BYTES = 1024  # within which a declaration stands, behind blanks and the warnings of a server's program
_HIGH = re.compile(r"[\udc80-\udcff]")  # bytes that are no UTF-8, as Python keeps them
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(rss|rdf|feed|urlset|sitemapindex|html)(?=[\s/>])", re.IGNORECASE)
_ENTITIES = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_FORBIDDEN = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_PARTS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?"
    r"|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
# The time to read a tag grows with the square of its attributes, and no feed needs tags so long.
_LONG_TAG = re.compile(r"<[A-Za-z_][^<>]{50000}")
_OWN = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})


def charset_of(content_type: str) -> str | None:
    """The character set that a Content-Type states."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def characters(body: bytes, content_type: str) -> str:
    """The text of a document that states its character set, perhaps wrongly.

    What has more letters of UTF-8 than bytes that break it is UTF-8, whatever is declared; such a byte is read as Windows-1252, and
    costs one letter. Else the declaration counts, or what is likelier (`charsets`).
    """
    text = body.decode("utf-8-sig", "surrogateescape")
    n_broken = len(_HIGH.findall(text))
    if n_broken and not _is_mostly_utf8(body, text, n_broken):
        stated = _DECLARED.search(body[:_HEAD_BYTES])
        text = charsets.decode(body, stated[1].decode() if stated else charset_of(content_type))
    elif n_broken:
        text = single_bytes(text)
    elif "\0" in text[:_HEAD_BYTES] or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = charsets.decode(body)
    return _FORBIDDEN.sub("", text)


def _is_mostly_utf8(body: bytes, text: str, n_broken: int) -> bool:
    n_letters = len(text) - len(text.encode("ascii", "ignore")) - n_broken
    return n_letters >= n_broken and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def single_bytes(text: str) -> str:
    """A text with the bytes that are no UTF-8, which Python keeps as halves of surrogate pairs, read as Windows-1252."""
    return text if text.isascii() else _HIGH.sub(_single_byte, text)


def declared_charset(head: bytes) -> str:
    """Python's name for the character set of what begins so: UTF-8, unless zeros or a mark tell of UTF-16, or it is declared and fits.

    For streams, of which no more is known.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"<\0" in head[:8] or b"\0<" in head[:8]:
        return "utf-16-le" if b"<\0" in head[:8] else "utf-16-be"
    text = head.decode("utf-8-sig", "surrogateescape")
    n_broken = len(_HIGH.findall(text))
    stated = _DECLARED.search(head[:_HEAD_BYTES])
    if n_broken and stated and not _is_mostly_utf8(head, text, n_broken):
        return charsets.known(stated[1].decode()) or "utf-8-sig"
    return "utf-8-sig"


def _single_byte(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace")


def find_root(text: str) -> re.Match[str]:
    """The beginning of the root's first tag, with its name; whatever stands before it is dropped.

    Raises UnreadableFeedError: UNSAFE_XML where entities are declared before it, NOT_A_FEED where there is no root that is known.
    """
    root = _ROOT.search(text)
    if _ENTITIES.search(text, 0, root.start() if root else len(text)):
        raise UnreadableFeedError(UNSAFE_XML, "declares entities")
    if root is None or root[1].lower() == "html":
        raise UnreadableFeedError(NOT_A_FEED, "a page of HTML" if root else "no feed and no sitemap")
    return root


def mended(text: str) -> str:
    """XML out of what HTML allows, and writers of feeds too: names of characters, lone & and <."""
    if _LONG_TAG.search(text):
        raise UnreadableFeedError(UNSAFE_XML, "a tag of more than 50,000 characters")
    return _PARTS.sub(_mend, text)


def _mend(found: re.Match[str]) -> str:
    part = found[0]
    if part == "<":
        return "&lt;"
    if part[0] == "<" or part in _OWN:
        return part
    if part.startswith("&#"):
        return _escaped(_FORBIDDEN.sub("", html.unescape(part)).replace("\ufffd", ""))
    name = html5.get(part[1:]) if len(part) > 1 else None
    return _escaped(name) if name else f"&amp;{part[1:]}"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
