"""Other articles on an article's page: those that follow it for readers who scroll on, and those before it.

An extractor takes the largest text, or all. Which article is the page's own is told by its headline: the page's title, or what
its linked data state. What stands in boxes of their own, with a headline of their own, is another article's. Entries of
a live blog, sections and answers are not: the page's headline stands above all of them alike.
"""

import re
from itertools import islice
from typing import Any

from pipeline.extract import passages
from pipeline.extract.links import leads_away
from pipeline.extract.tree import line_of
from pipeline.text import scripts

_OWN_CHARS = 250  # of running text, before a box is the page's article
_HEADLINES = ("h1", "h2", "h3")
_TITLE_LETTERS = 15  # a shorter one is a section's
_MAX_LEVELS = 30  # above a headline; real ones have up to 20
_HEAD_ELEMENTS = 20  # of a box, among which a byline stands
_BYLINE = re.compile(r"(?<![a-z])(?:author|byline)", re.IGNORECASE)


def drop(tree: Any, titles: list[str], *, is_live: bool = False) -> bool:
    """Take the other articles out of the tree of a page with these titles; whether there were any.

    Of a page that states a live blog, only what has an `h1` of its own.
    """
    heading = _headline(tree, titles)
    if heading is None:
        return False
    own = scripts.letters(heading.text_content())
    others = [
        other
        for box in _boxes(heading, tree)
        for other in _alike(box, tree)
        if (title := _title_of(other)) is not None
        and scripts.letters(title.text_content()) != own
        and (title.tag == "h1" or (not is_live and _is_other(other, title, box, heading)))
    ]
    for other in others:
        if other.getparent() is not None:
            other.drop_tree()
    return bool(others)


def _headline(tree: Any, titles: list[str]) -> Any:
    """The heading that says what the page's title says; else the only `h1`, else the first."""
    headings = list(tree.iter("h1"))
    titles = [scripts.letters(title) for title in titles]
    for heading in (*headings, *tree.iter("h2")) if len(headings) != 1 else headings:
        letters = scripts.letters(heading.text_content())
        if len(letters) >= _TITLE_LETTERS and any(letters in title for title in titles):
            return heading
    return headings[0] if headings else None


def _boxes(heading: Any, tree: Any) -> list[Any]:
    """The elements around the headline that hold enough text to be the article, from the inside; and where none is an
    `article`, the first one that is text without a headline.
    """
    around: list[Any] = []
    for element in islice(heading.iterancestors(), _MAX_LEVELS):
        if element.tag not in ("body", "html") and (
            around or _has_text(element)
        ):  # what is around has it too
            around.append(element)
    if all(box.tag != "article" for box in around):
        first = next((e for e in tree.iter("article") if _has_text(e)), None)
        if first is not None and next(first.iter(*_HEADLINES, "p")).tag == "p":
            around.append(first)
    return around


def _has_text(element: Any) -> bool:
    n_chars = 0
    for paragraph in element.iter("p"):
        line = line_of(paragraph)
        if len(line) >= passages.PASSAGE_CHARS and passages.is_running(paragraph, line):
            n_chars += len(line)
            if n_chars >= _OWN_CHARS:
                return True
    return False


def _alike(box: Any, tree: Any) -> list[Any]:
    """The boxes that look as this one does: articles, or those beside it with its tag and class."""
    if box.tag == "article":
        return [e for e in tree.iter("article") if e is not box and not _are_within(e, box)]
    name = box.get("class")
    return [
        e
        for e in (*box.itersiblings(box.tag), *box.itersiblings(box.tag, preceding=True))
        if name and e.get("class") == name
    ]


def _are_within(element: Any, other: Any) -> bool:
    return any(e is other for e in element.iterancestors()) or any(
        e is element for e in other.iterancestors()
    )


def _title_of(element: Any) -> Any:
    return next(element.iter(*_HEADLINES), None)


def _is_other(element: Any, title: Any, box: Any, heading: Any) -> bool:
    """Whether what begins with a title is an article: the title leads to it, or it is marked up or signed as the page's own is."""
    if _is_link(title):
        return True
    if (
        element.tag != "article"
        or title.tag != "h2"
        or all(above is not box for above in heading.iterancestors())
    ):
        return False
    return element.get("class") == box.get("class") or (_is_signed(element) and _has_text(element))


def _is_signed(element: Any) -> bool:
    """Whether it has a byline before its text."""
    for inner in islice(element.iter(), _HEAD_ELEMENTS):
        if inner.get("rel") == "author" or _BYLINE.search(inner.get("class") or ""):
            return True
    return False


def _is_link(heading: Any) -> bool:
    """Whether a heading leads to another page."""
    link = next(heading.iter("a"), None)
    link = link if link is not None else next(heading.iterancestors("a"), None)
    return link is not None and leads_away(link)
