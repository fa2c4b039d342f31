"""What readers say below an article, told by what the page calls the box that it stands in.

An extractor knows the names that blog software gives such boxes; where comments are longer than the article, and their box
has another name, it takes them for the text.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extract import passages
from pipeline.extract.tree import line_of
from pipeline.text import lexicon
from pipeline.text.scripts import without_signs

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_BOXES = ("div", "section", "article", "ul", "ol", "dl", "li", "aside")
_ITEMS = frozenset({"div", "section", "article", "li", "dd", "ul", "ol"})
_SURE, _UNSURE = (
    frozenset(map(without_signs, names))
    for names in (lexicon.words().comment_boxes, lexicon.words().discussion_boxes)
)
_ENDINGS = tuple(sorted(name for name in _SURE if len(name) > 6))
# By these nearly all names are told to have none of the endings.
_LAST_LETTERS = frozenset(name[-2:] for name in _ENDINGS)
_COMMENT = "/Comment"  # how the address of the type ends
_PART = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# comments-open, has-comments, comment-count: what says of a page whether and how many there are
_OF_PAGES = frozenset(
    {
        *("open", "opened", "closed", "enabled", "disabled", "count", "counter", "number", "has", "no", "with", "without"),
        *("allow", "on", "off", "link", "button", "icon", "toggle"),
    }
)  # fmt: skip


def drop(tree: "HtmlElement") -> bool:
    """Take the comments out of the tree of a page that has running text besides; whether there were any."""
    boxes = {element: None for element in tree.iter(*_BOXES) if _may_be_box(element) and is_box(element)}
    if not boxes or not _has_text_besides(tree, boxes):
        return False
    for box in boxes:
        if box.getparent() is not None:
            box.drop_tree()
    return True


def _may_be_box(element: "HtmlElement") -> bool:
    """Whether any of its names is one of comments; asked of nearly all elements, so in as few calls as can be."""
    get = element.get
    names, own = get("class"), get("id")
    if (names and _merit_of_names(names)) or (own and _merit_of_names(own)):
        return True
    kind = get("itemtype")
    return get("itemprop") == "comment" or (kind is not None and kind.endswith(_COMMENT))


def is_box(element: "HtmlElement") -> bool:
    """Whether an element holds comments and not the page's headline."""
    merit = _merit_of(element)
    merit = 2 if element.get("itemprop") == "comment" or _is_comment(element) else merit
    if not merit or next(element.iter("h1"), None) is not None:
        return False
    return merit > 1 or _is_one_of_several(element) or _holds_several(element)


def _is_comment(element: "HtmlElement") -> bool:
    return (element.get("itemtype") or "").endswith(_COMMENT)


def _merit_of(element: "HtmlElement") -> int:
    """2 for names of comments alone, 1 for those that are others', too, 0 for others."""
    names, own = element.get("class"), element.get("id")
    return max(_merit_of_names(names) if names else 0, _merit_of_names(own) if own else 0)


@lru_cache(maxsize=5_000)  # a page has some hundred, and pages of an outlet have the same
def _merit_of_names(names: str) -> int:
    return max(map(_merit_of_one, names.split()), default=0)


@lru_cache(maxsize=20_000)  # most are those of a few frameworks
def _merit_of_one(name: str) -> int:
    parts = _PART.findall((name if name.islower() else _HUMP.sub(" ", name)).casefold())
    if not _OF_PAGES.isdisjoint(parts):
        return 0
    whole = "".join(parts)
    if not _SURE.isdisjoint(parts) or whole in _SURE:
        return 2
    if whole[-2:] in _LAST_LETTERS and whole.endswith(_ENDINGS):
        return 2
    return 0 if _UNSURE.isdisjoint(parts) and whole not in _UNSURE else 1


def _is_one_of_several(element: "HtmlElement") -> bool:
    beside = (element.getnext(), element.getprevious())
    return any(_look(element) == _look(other) for other in beside if other is not None)


def _holds_several(element: "HtmlElement") -> bool:
    """Whether it holds boxes that look alike, beside one another, with text in each."""
    for outer in (element, *element):
        looks = [_look(child) for child in outer if child.tag in _ITEMS and child.get("class")]
        looks += [
            _look(child) for child in outer if child.tag in ("article", "li") and not child.get("class")
        ]
        if len(looks) > len(set(looks)):
            return True
    return False


def _look(element: "HtmlElement") -> tuple[str, str | None]:
    return str(element.tag), element.get("class")


def _has_text_besides(tree: "HtmlElement", boxes: dict["HtmlElement", None]) -> bool:
    return any(
        len(line := line_of(paragraph)) >= passages.PASSAGE_CHARS
        and passages.is_running(paragraph, line)
        and boxes.keys().isdisjoint(paragraph.iterancestors())
        for paragraph in tree.iter("p")
    )
