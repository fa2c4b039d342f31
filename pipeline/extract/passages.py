"""What of a parsed page plainly is running text, and what stands beside it in the same element.

A long paragraph that is not mostly links is a *passage*. The element that holds some of them is their *ground*: what else
stands on it, short or long, most likely belongs to the same text. Trees are only read.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any, NamedTuple

from pipeline.extract.tree import is_hidden, line_of, n_linked_chars, single_spaced

PASSAGE_CHARS = 60  # shorter paragraphs may be captions and teasers
_SIDE_ELEMENTS = ("aside", "footer", "nav", "form", "figure", "header")
_TOGETHER = 3  # a teaser stands alone in its box, or with a line about it
_ARTICLE_CHARS = 1_000  # off the cards: with less outside of them, the cards are the article's entries
_CARD_CHARS = 1_000
_HEADLINES = ("h2", "h3", "h4", "h5")
_MAX_LEVELS = 6  # below the ground: a list in a question, a row of a table
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})
_ITEMS = frozenset({"li", "tr", "dd"})
_PARTS = frozenset(
    {"ul", "ol", "li", "dl", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "details", "blockquote"}
)
_QUOTED = frozenset({"blockquote", "li", "ul", "ol", "dd", "dl", "details"})
_LEAVES = _HEADINGS | _ITEMS | {"p", "pre", "blockquote"}
_BLOCKS = _LEAVES | {"div", "section", "article", "ul", "ol", "dl", "table", "details", "figure"}


Box = tuple[Any, str, str | None]  # what is around it, its tag, its class


class Passage(NamedTuple):
    """One long paragraph, as a line, the element that it stands in, and its own."""

    line: str
    parent: Any
    paragraph: Any


class Block(NamedTuple):
    """A paragraph, heading, item or row on the ground of passages."""

    line: str
    tag: str
    is_linked: bool  # mostly
    has_elements: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is a paragraph of words alone."""
        return self.tag == "p" and not self.has_elements

    @property
    def is_heading(self) -> bool:
        return self.tag in _HEADINGS

    @property
    def is_item(self) -> bool:
        return self.tag in _ITEMS


def find(tree: Any) -> list[Passage]:
    """The passages of a page, in its order, without those on cards of other articles.

    Where those that stand three or more under one parent make up half of them or more, only these.
    """
    found = [
        Passage(line, paragraph.getparent(), paragraph)
        for paragraph in tree.iter("p")
        if len(line := line_of(paragraph)) >= PASSAGE_CHARS and is_running(paragraph, line)
    ]
    held = Counter(passage.parent for passage in found)
    copies = _hidden_copies(found)
    found = [passage for passage in found if passage.parent not in copies]
    alone = {parent: _article_of(parent) for parent, n in held.items() if n == 1}
    cards = {article for article in set(alone.values()) if article is not None and _is_card(article)}
    off_cards = {parent for parent in held if alone.get(parent) not in cards}
    found = _if_enough([p for p in found if p.parent in off_cards], found, _ARTICLE_CHARS)
    return _if_enough([p for p in found if held[p.parent] >= _TOGETHER], found, n_chars(found) / 2)


def _if_enough(chosen: list[Passage], everything: list[Passage], least_chars: float) -> list[Passage]:
    return chosen if n_chars(chosen) >= least_chars else everything


def _hidden_copies(found: list[Passage]) -> set[Any]:
    """The hidden elements that say what a visible one says too, and perhaps more: a page's version for other screens."""
    hidden = {parent for parent in {p.parent for p in found} if _is_within_hidden(parent)}
    visible = {passage.line for passage in found if passage.parent not in hidden}
    return {passage.parent for passage in found if passage.parent in hidden and passage.line in visible}


def _is_within_hidden(element: Any) -> bool:
    return is_hidden(element) or any(map(is_hidden, element.iterancestors()))


def _article_of(element: Any) -> Any:
    return element if element.tag == "article" else next(element.iterancestors("article"), None)


def _is_card(article: Any) -> bool:
    """Whether it is small and its headline is a link."""
    if len(article.text_content()) > _CARD_CHARS:
        return False
    return any(
        next(heading.iter("a"), heading.getparent()).tag == "a" for heading in article.iter(*_HEADLINES)
    )


def is_running(paragraph: Any, line: str) -> bool:
    """Whether a paragraph is text rather than links, and in no side element."""
    return not _is_linked(paragraph, line) and next(paragraph.iterancestors(_SIDE_ELEMENTS), None) is None


def n_chars(passages: list[Passage]) -> int:
    return sum(len(passage.line) for passage in passages)


def grounds(passages: list[Passage]) -> list[Any]:
    """The element that each of the passages shares with others: its parent or, where each has a box of its own, alike and
    side by side, theirs. A quotation and a list are no ground of their own.
    """
    wrappers = wrappers_of(passages)
    parents = [_without_parts(passage.parent) for passage in passages]
    return [parent.getparent() if _box(parent) in wrappers else parent for parent in parents]


def wrappers_of(passages: list[Passage]) -> set[Box]:
    """The boxes that hold a passage each, by what is around them and how they are marked up."""
    held = Counter(_without_parts(passage.parent) for passage in passages)
    boxes = Counter(_box(parent) for parent, n in held.items() if n == 1)
    return {box for box, n in boxes.items() if n >= _TOGETHER}


def _without_parts(element: Any) -> Any:
    while element.tag in _QUOTED and element.getparent() is not None:
        element = element.getparent()
    return element


def _box(element: Any) -> Box:
    return element.getparent(), str(element.tag), element.get("class")


def blocks(ground: Any, wrappers: set[Box], known: dict[Any, Block]) -> list[Block]:
    """The blocks on a ground or in a list, a table, a quotation or a question on it, in the page's order.

    Those in `wrappers` too, but not those in side elements and in boxes of their own. `known` are those of passages.
    """
    return [known.get(element) or _block(element) for element in _leaves(ground, _MAX_LEVELS, wrappers)]


def blocks_of(passages: list[Passage]) -> dict[Any, Block]:
    """The blocks that passages are, which are not mostly links, by their elements."""
    return {p.paragraph: Block(p.line, str(p.paragraph.tag), False, len(p.paragraph) > 0) for p in passages}


_BEHIND = 3  # boxes behind a ground: its last lines stand in one or two


def blocks_behind(ground: Any, wrappers: set[Box]) -> list[Block]:
    """The last lines of a text that stand in plain boxes of their own, behind a ground or as its last children.

    Such a box has no class, or one of those of the ground and of its wrappers, and no heading, which begins another text; the first
    of another kind ends them.
    """
    boxes = [ground.get("class"), *(names for _, _, names in wrappers)]
    known = {name for names in boxes for name in (names or "").split()}
    found: list[Block] = []
    for box in _boxes_behind(ground):
        leaves = [box] if not _has_blocks(box) else [child for child in box if child.tag in _LEAVES]
        if not _is_plain_box(box, known) or (_has_blocks(box) and len(leaves) < len(box)):
            break
        found += map(_block, leaves)
    return found


def _boxes_behind(ground: Any) -> Iterator[Any]:
    last = takewhile(lambda child: child.tag == "div", reversed(ground))
    yield from reversed(list(islice(last, _BEHIND)))
    yield from islice(ground.itersiblings(), _BEHIND)


def _is_plain_box(box: Any, known: set[str]) -> bool:
    names = (box.get("class") or "").split()
    is_known = not names or not known.isdisjoint(names)
    has_heading = next(box.iter(*_HEADINGS), None) is not None
    is_box = box.tag in {"div", "p"} and box.get("id") is None
    return is_box and is_known and not has_heading and not is_hidden(box)


def _leaves(element: Any, levels: int, wrappers: set[Box]) -> Iterator[Any]:
    for child in element:
        if child.tag in _LEAVES and (child.tag == "tr" or not _has_blocks(child)):
            if not is_hidden(child):
                yield child
        elif levels and _is_part(child, wrappers) and not is_hidden(child):
            yield from _leaves(child, levels - 1, wrappers)


def _is_part(element: Any, wrappers: set[Box]) -> bool:
    return element.tag in _PARTS or _is_quoting(element) or (bool(wrappers) and _box(element) in wrappers)


def _is_quoting(element: Any) -> bool:
    """Whether an element is no box of its own: a quotation as HTML's specification shows it (in a figure), and what wraps
    one, or questions that unfold.
    """
    if element.tag == "div":
        return any(
            child.tag == "details" or (child.tag == "figure" and _is_quoting(child)) for child in element
        )
    if element.tag != "figure" or next(element.iter("img"), None) is not None:
        return False
    return next(element.iter("blockquote"), None) is not None


def _has_blocks(element: Any) -> bool:
    return len(element) > 0 and any(inner.tag in _BLOCKS for inner in element.iterdescendants())


def _block(element: Any) -> Block:
    line = single_spaced(" ".join(element.itertext())) if element.tag == "tr" else line_of(element)
    return Block(line, str(element.tag), _is_linked(element, line), len(element) > 0)


def _is_linked(element: Any, line: str) -> bool:
    return len(element) > 0 and 2 * n_linked_chars(element) > len(line)
