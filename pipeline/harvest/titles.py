"""The headline that a feed states, as a reader should see it.

Only tags that writers put into headlines go: a headline about an element has its name in angle brackets, and keeps it.
"""

import html
import re

from pipeline.text.markup import without_cdata, without_controls

_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|big|br|cite|em|font|i|img|mark|nobr|q|s|small|span|strong|sub|sup|u|wbr)(?=[\s/>])[^<>]{0,4000}>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br(?=[\s/>])[^<>]{0,4000}>", re.IGNORECASE)
_WRAP = re.compile(r"\s*<(p|div|h[1-6])(?=[\s>])[^<>]{0,4000}>(.*)</\1\s*>\s*", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(text: str) -> str:
    """A line without control characters, spaces single."""
    return " ".join(without_controls(text).split())


def from_html(text: str) -> str:
    """A line out of what may be HTML: without tags of headlines and what it was wrapped in, entities undone once."""
    text = without_cdata(text)  # escaped once too often
    if wrapped := _WRAP.fullmatch(text):
        text = wrapped[2]
    if "<" in text:
        text = _INLINE.sub("", _BREAK.sub(" ", text))
    return plain(_ENTITY.sub(lambda entity: html.unescape(entity[0]), text))
