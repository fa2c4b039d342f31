"""Torn source: elements whose content no tag ends, so that a parser takes the rest of the page for it.

`title`, `style`, `script` and comments hold whatever comes, up to their own end. Where it never comes, browsers show nothing;
what was published so was seen with an older one, or is the work of a template or a crawler. Only pages that lack such an
end are changed, and every search is one pass.
"""

import re
from collections.abc import Callable

_TITLE = re.compile(r"<title\b[^<>]*>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title\b", re.IGNORECASE)
_TITLE_CHARS = 2_000  # no title is longer
_TAG = re.compile(r"</?[a-z!]", re.IGNORECASE)
_META = re.compile(r"\s*<meta\b[^<>]*>", re.IGNORECASE)  # some editors put it first into the title
# What stands in no title: where one is followed by these, its end is missing, even if another title ends further down.
_NOT_TITLE = re.compile(
    r"<(?:/?head|body|html|title|script|link|style|h1|div|p|article|main)\b", re.IGNORECASE
)
_AFTER_HEAD = re.compile(r"</head\b|<body\b", re.IGNORECASE)


def mended(text: str) -> str:
    """The source of a page, with the ends that it lacks; the same string where it lacks none."""
    text = _with_end_of_title(text)
    for mend in (_with_end_of("script"), _with_end_of("style")):
        text = mend(text)
    return _without_open_comment(text)


def _with_end_of_title(text: str) -> str:
    start = _TITLE.search(text)
    if start is None:
        return text
    end = _TITLE_END.search(text, start.end(), start.end() + _TITLE_CHARS)
    last = end.start() if end else min(len(text), start.end() + _TITLE_CHARS)
    stray = _NOT_TITLE.search(text, start.end(), last)
    if end is not None and stray is None:
        return text
    first = start.end()
    while meta := _META.match(text, first):
        first = meta.end()
    tag = _TAG.search(text, first)
    at = tag.start() if tag else len(text)
    again = _TITLE.match(text, at)  # written for the end
    rest = text[again.end() if again else at :]
    return f"{text[: start.end()]}{text[first:at]}</title>{text[start.end() : first]}{rest}"


def _with_end_of(name: str) -> Callable[[str], str]:
    """For an element of the head whose last start tag has no end: it ends where the head does."""

    def mend(text: str) -> str:
        last = text.rfind(f"<{name}")
        last = last if last >= 0 else text.rfind(f"<{name.upper()}")
        if last < 0 or text.find(f"</{name}", last) >= 0 or text.find(f"</{name.upper()}", last) >= 0:
            return text
        end = _AFTER_HEAD.search(text, last)
        return f"{text[: end.start()]}</{name}>{text[end.start() :]}" if end else text

    return mend


def _without_open_comment(text: str) -> str:
    """Without the beginning of a comment that nothing ends, up to its first `>`, as browsers once read it."""
    last = text.rfind("<!--")
    if last < 0 or text.find("-->", last) >= 0 or text.find("--!>", last) >= 0:
        return text
    if "</script" in text[last:].lower() and text.rfind("<script", 0, last) > text.rfind("</script", 0, last):
        return text  # it stands in a script
    end = text.find(">", last)
    return text[:last] + text[end + 1 :] if end >= 0 else text
