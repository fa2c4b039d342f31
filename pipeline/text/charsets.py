"""The characters of a document, from its bytes and from what is declared about them.

Declarations are often wrong, and detectors too: where they differ, the reading that a language identifier takes for
a language wins. The same bytes with the same declaration give the same characters everywhere.
"""

import codecs
import re

import webencodings

from pipeline.text import language
from pipeline.text.enclosed import without_enclosed

# Python's codecs for what the web means by an encoding, where the one of that name has fewer characters.
_WIDER = {"gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949", "koi8-r": "koi8-u"}
_REFUSED = "replacement"  # what the web makes of escapes that could hide markup; nothing here runs markup
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?\s*+([\w:.-]{2,40})""", re.IGNORECASE)
_META_BYTES = 4_096  # browsers look at 1,024; many pages state it later
_MARKUP = re.compile(rb"<script\b|<style\b|<|&#?\w+;", re.IGNORECASE)
_TAG_END = re.compile(rb">")
_ENDS = {
    b"<script": (re.compile(rb"</script\s*>", re.IGNORECASE), _TAG_END),
    b"<style": (re.compile(rb"</style\s*>", re.IGNORECASE), _TAG_END),
    b"<": (_TAG_END,),
}
_SEARCHED_BYTES = 1_000_000  # the head of a page may have some 100 kB of scripts and no text
_SAMPLE_BYTES = 65_536
_SAMPLE_CHARS = 1_500

_STRAY = 0.1  # with a smaller share of broken characters it is UTF-8 that was cut, or had something else pasted into it
_ZEROS = 0.3  # of every other byte: even Chinese pages in UTF-16 have so much markup
_MARGIN = 0.05  # a declaration must be better than the detector by so much of the identifier's probability


def decode(body: bytes, declared: str | None = None) -> str:
    """Decode a page or a plain text; `declared` is the character set that came with it, as in an HTTP header.

    A byte order mark decides; then the zeros of UTF-16, the escapes of ISO-2022-JP, and valid UTF-8, whatever is
    declared; then the likelier of what is declared and what is detected. Bytes without a meaning become U+FFFD; NULs,
    which some servers pad with, go.
    """
    for mark, charset in _BOMS.items():
        if body.startswith(mark):
            return _text(body[len(mark) :], charset)
    if told := _telltale(body):
        return _text(body, told)
    try:
        text = body.decode()
        return text.replace("\0", "") if b"\0" in body else text  # in bytes it is found ten times as fast
    except UnicodeDecodeError:
        return _text(body, "utf-8" if _is_nearly_utf8(body) else _likeliest(body, declared))


def _text(body: bytes, charset: str) -> str:
    return body.decode(charset, "replace").replace("\0", "")


def _telltale(body: bytes) -> str | None:
    """The character set that zeros or escapes give away, if they do."""
    head = body[:_SAMPLE_BYTES]
    n_zeros = head.count(0)
    for charset, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])) if n_zeros else ():
        if zeros.count(0) > _ZEROS * len(zeros) and n_zeros < 1.1 * zeros.count(0):
            return charset
    is_shifted = b"\x1b" in body and (b"\x1b$" in body or b"\x1b(J" in body)  # one byte is found far faster
    return "iso2022_jp" if is_shifted and _is_valid(body, "iso2022_jp") else None


def _is_nearly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    return text.count("\ufffd") < _STRAY * (len(text) - len(text.encode("ascii", "ignore")))


def _is_valid(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _likeliest(body: bytes, declared: str | None) -> str:
    from resiliparse.parse.encoding import detect_encoding  # nearly all documents are UTF-8 and need none

    sample = without_enclosed(body[:_SEARCHED_BYTES], _MARKUP, _ENDS, b" ")[:_SAMPLE_BYTES]
    best = known(detect_encoding(sample, html5_compatible=False)) or "cp1252"
    most = _certainty(sample, best) + _MARGIN
    for charset in _declared(body, declared):
        if charset != best and (certainty := _certainty(sample, charset)) > most:
            best, most = charset, certainty
    return best


def _declared(body: bytes, declared: str | None) -> list[str]:
    stated = _META.search(body[:_META_BYTES])
    names = [declared, stated[1].decode("ascii", "replace") if stated else None]
    return [charset for name in names if (charset := known(name)) and not charset.startswith("utf")]


def known(name: str | None) -> str | None:
    """Python's name for the character set that a label means on the web, or else to Python; None for anything else.

    Source of the labels: https://encoding.spec.whatwg.org/#names-and-labels
    """
    label = (name or "").strip()
    try:
        info = codecs.lookup(_on_the_web(label) or _on_the_web(codecs.lookup(label).name) or label)
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding else None  # noqa: SLF001  # the only way to tell base64 from a charset


def _on_the_web(label: str) -> str | None:
    """Python's name for what browsers take a label for; None where they do not know it."""
    found = webencodings.lookup(label.replace("_", "-")) or webencodings.lookup(label)
    if found is None or found.name == _REFUSED:
        return None
    return _WIDER.get(found.name) or str(found.codec_info.name)


def _certainty(sample: bytes, charset: str) -> float:
    """How sure the identifier is that the words with more than ASCII are of some language, less what is broken."""
    words = [word for word in sample.decode(charset, "replace").split() if not word.isascii()]
    text = " ".join(words)[:_SAMPLE_CHARS]
    if not text:
        return 0.0
    return language.likeliest(text).score - text.count("\ufffd") / len(text)
