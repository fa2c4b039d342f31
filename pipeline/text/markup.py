"""Markup, entities and control characters in what was delivered or stated as plain text.

Feeds and interfaces put pieces of HTML where a text or a headline belongs, escaped once, twice or not at all, or wrapped in CDATA.
A sign that only looks like markup stays: "a < b", an address in angle brackets, an entity without its semicolon.
"""

import html
import re

# Tags of articles in feeds. The first list parts paragraphs; what stands inside the third is no text.
_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|head|header|hr|html|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|audio|b|bdi|bdo|big|button|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|link|mark|meta|nobr|"
    "picture|q|rp|rt|ruby|s|samp|small|source|span|strike|strong|sub|sup|svg|time|track|tt|u|var|video|wbr"
)
_HIDDEN = "script|style|iframe|noscript|object|template|title"
_LONE = "br|hr|img|li|p|wbr"  # have no end tag, or may leave it out

_MAX_TAG_CHARS = 4_000  # an address in an attribute may be long; more is no tag
_ROUNDS = 3  # of escaping: "&amp;amp;lt;" was seen, more was not


def _tag(names: str) -> str:
    """One tag, opening or closing; a "<" inside it is the next one."""
    return rf"</?(?:{names})(?=[\s/>])[^<>]{{0,{_MAX_TAG_CHARS}}}>"


_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_COMMENT = re.compile(r"<!--(?:(?!-->|<!--)[\s\S]){0,20000}-->")
_HIDDEN_PART = re.compile(
    rf"<({_HIDDEN})(?=[\s/>])[^<>]{{0,{_MAX_TAG_CHARS}}}>(?:(?!</?\1[\s/>])[\s\S]){{0,50000}}</\1\s*>",
    re.IGNORECASE,
)
_BLOCK = re.compile(_tag(_BLOCKS), re.IGNORECASE)
_ANY = re.compile(_tag(f"{_BLOCKS}|{_INLINE}|{_HIDDEN}"), re.IGNORECASE)
_CLOSING = re.compile(rf"</(?:{_BLOCKS}|{_INLINE})\s*>", re.IGNORECASE)
_LONE_TAG = re.compile(_tag(_LONE), re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_BREAK = re.compile(
    r"(?:[.!?…。！？।؟>][\"'”’»)\]]?\s?|^\s*)(?:\\r)?\\n(?![\"'’”»)\]`])|(?:(?:\\r)?\\n\s?){2}"
)
_ESCAPE = re.compile(r"(?<![A-Za-z]:)\\(r\\n|[nrt\"/])")
_ESCAPES = {"r": "\n", "n": "\n", "t": " ", '"': '"', "/": "/"}
_PAGE = re.compile(r"\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!doctype\s+html\b|<html[\s>])", re.IGNORECASE)

# C0 and C1; embeddings, overrides and isolates of direction. Joiners and marks of direction (LRM, RLM) belong to words.
_SPACES = re.compile(r"[\t-\r\x85]")
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile(r"[\u00ad\u200b\u2060\ufeff]")  # in a line: hyphens that are not shown, no-width spaces


def is_page(text: str) -> bool:
    """Whether what was delivered as a text is a whole page."""
    return _PAGE.match(text) is not None


def without_cdata(text: str) -> str:
    """A page without the CDATA section that a feed may have wrapped it in."""
    if not text[:200].lstrip("\ufeff \t\r\n").startswith("<![CDATA["):
        return text
    return text.strip("\ufeff \t\r\n").removeprefix("<![CDATA[").removesuffix("]]>")


def without_markup(text: str) -> str:
    """The text of a piece of HTML, paragraphs on lines of their own; a text that is no HTML stays, but for entities.

    HTML is what has an end tag, or two tags that need none. Escaped HTML counts where none stands unescaped, so a page that
    shows how a tag is written keeps it. Entities may be escaped again and again.
    """
    text = without_escapes(text)
    for _ in range(_ROUNDS):
        text = _CDATA.sub("", text) if "[CDATA[" in text else text
        if "<" in text and _is_markup(text):
            return _unescaped(_untagged(text))
        plain = _ENTITY.sub(_character, text) if "&" in text else text
        if plain == text:
            break
        text = plain
    return text


def without_escapes(text: str) -> str:
    """A text that was written as a string of JSON once too often: with its breaks of lines, not a backslash and a letter.

    Such a text has them behind sentences or tags, or several in a row, and hardly any break of its own; one that shows how
    programs write them stays.
    """
    if (
        "\\n" not in text
        or _ESCAPED_BREAK.search(text) is None
        or text.strip().count("\n") > text.count("\\n")
    ):
        return text
    return _ESCAPE.sub(lambda escape: _ESCAPES[escape[1][0]], text)


def one_line(text: str) -> str:
    """A title, a name, an outlet: without tags, entities, control characters and what is invisible, spaces single."""
    for _ in range(_ROUNDS):
        before = text
        text = _CDATA.sub("", text) if "[CDATA[" in text else text
        text = _ANY.sub("", _BLOCK.sub(" ", text)) if "<" in text else text
        text = _ENTITY.sub(_character, text) if "&" in text else text
        if text == before:
            break
    return " ".join(_UNSEEN.sub("", without_controls(text)).split())


def address(text: str) -> str:
    """An address without what stands around it (RFC 3986, appendix C), entities, control characters and breaks of lines."""
    found = _SPACES.sub("", text.strip().strip("<>\"'"))
    found = re.sub(r"&(?:amp|#0*38|#[xX]0*26);", "&", found) if "&" in found else found
    return " ".join(_UNSEEN.sub("", without_controls(found)).split())


def without_controls(text: str) -> str:
    """Without control characters and what turns the direction of all that follows; tabs and breaks of lines are spaces."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub("", _SPACES.sub(" ", text))


def _is_markup(text: str) -> bool:
    lone = _LONE_TAG.finditer(text)
    return _CLOSING.search(text) is not None or (
        next(lone, None) is not None and next(lone, None) is not None
    )


def _untagged(text: str) -> str:
    text = _HIDDEN_PART.sub(" ", _COMMENT.sub("", text))
    if _BLOCK.search(text):
        # Breaks of lines are spaces, as in HTML; an empty line parts paragraphs in drafts of blogs.
        text = "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return _ANY.sub("", _BLOCK.sub("\n", text)).strip()


def _unescaped(text: str) -> str:
    for _ in range(_ROUNDS):
        plain = _ENTITY.sub(_character, text) if "&" in text else text
        if plain == text:
            break
        text = plain
    return text


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


# What follows the scheme in an address that holds a file, as an image; in the text it is what an editor or a crawler made of a picture.
_FILE = re.compile(
    r"(?i:[\w.+-]+/[\w.+-]+(?:;[\w.+-]+(?:=[\w.+-]+)?)*"
    r"(?:;base64,\s{0,9}(?:[A-Za-z0-9+/%_-]{40,200}\s{1,9})*[A-Za-z0-9+/%_-]{60,}={0,2}|,%3[Cc][^\s\"'<>)]{60,}))"
)
_SCHEMES = ("data:", "DATA:", "Data:")


def without_files(text: str) -> str:
    """A source without the files that stand in it as addresses (RFC 2397); short ones stay, as in a text about them."""
    for scheme in _SCHEMES:
        text = _without_files_of(text, scheme)
    return text


def _without_files_of(text: str, scheme: str) -> str:
    """The same for one spelling of the scheme."""
    kept: list[str] = []
    first = 0
    for at in _places_of(scheme, text):
        if at >= first and (file := _FILE.match(text, at + len(scheme))):
            kept.append(text[first:at])
            first = file.end()
    return "".join((*kept, text[first:])) if kept else text


def _places_of(word: str, text: str) -> list[int]:
    """Where a word stands, in order. It is looked for from the end: that way Python goes three times as fast."""
    places = []
    at = text.rfind(word)
    while at >= 0:
        places.append(at)
        at = text.rfind(word, 0, at)
    return places[::-1]


_UNSEEN_SPACE = "\u200b"
_UNSEEN_ENTITY = re.compile("&(?:#0*8203|#[xX]0*200[bB]|ZeroWidthSpace);")


def without_unseen_spaces(text: str) -> str:
    """A source without spaces of no width, which no text keeps: one reader takes them out, and another does not."""
    text = text.replace(_UNSEEN_SPACE, "") if _UNSEEN_SPACE in text else text
    return _UNSEEN_ENTITY.sub("", text)
