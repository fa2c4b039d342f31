"""Which lines of what was read are the page's text: what the page shows to be none goes, what stands among it comes back.

The witnesses are the page's passages and what stands on one ground with them (`passages`), and what it states as its
`articleBody`. A line with two witnesses against it goes; in doubt it stays.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.extract import passages
from pipeline.extract.passages import Block, Passage
from pipeline.text import scripts

_STATED_CHARS = 400  # a shorter statement is a teaser
_SAME = 0.7  # so much of both must be shared before the one is a measure of the other
_HEADING_CHARS = 80  # a shorter line may be a heading, which many statements leave out
_TAIL_CHARS = 200  # a longer line at the end may be the article's last paragraph, in a box of its own
_MIN_LETTERS = 2
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\W*$")


class Ground(NamedTuple):
    """What stands beside the passages of a text."""

    blocks: list[Block]  # in the page's order
    known: dict[str, Block]  # the same by their letters
    ending: dict[str, Block]  # those after the last passage, beside it

    @classmethod
    def of(cls, page_passages: list[Passage], lines: list[str]) -> "Ground":
        known = set(lines)
        own = [passage for passage in page_passages if passage.line in known]
        grounds = passages.grounds(own)
        held = {ground: _with_letters(passages.blocks(ground)) for ground in passages.outermost(grounds)}
        blocks = [block for on_ground in held.values() for block in on_ground]
        ending: list[Block] = []
        if own:
            beside = held.get(grounds[-1]) or _with_letters(passages.blocks(grounds[-1]))
            places = [n for n, block in enumerate(beside) if block.line == own[-1].line]
            ending = beside[places[-1] + 1 :] if places else []
        return cls(blocks, _by_letters(blocks), _by_letters(ending))


def _with_letters(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if len(block.letters) >= _MIN_LETTERS]


def _by_letters(blocks: list[Block]) -> dict[str, Block]:
    return {block.letters: block for block in reversed(blocks)}


def without_link_lists(lines: list[str], links: set[str]) -> list[str]:
    """Drop lines that are nothing but a link and stand beside another such line."""
    is_link = [False, *(line in links for line in lines), False]
    return [line for n, line in enumerate(lines) if not (is_link[n + 1] and (is_link[n] or is_link[n + 2]))]


def without_unstated(lines: list[str], stated: str, page_passages: list[Passage]) -> list[str]:
    """Drop lines that follow the stated body, and long ones within that it does not have.

    Lines before it stay, since many pages state their body without its lead. So do whole sentences and items that stand
    on one ground with stated passages: statements leave out paragraphs with a drop capital, lists and sections. After a
    statement that breaks off, everything stays. Nothing is dropped when the text and what is stated are not plainly the same.
    """
    shingles = set(_shingles(stated))
    is_stated = [_is_in(line, shingles, stated) for line in lines]
    by_statement = [line for line, found in zip(lines, is_stated, strict=True) if found]
    if len(stated) < _STATED_CHARS or _n_chars(by_statement) < _SAME * max(_n_chars(lines), len(stated)):
        return lines
    ground = Ground.of(page_passages, by_statement)
    last = _last(is_stated)
    keep = [
        found or _is_own(line, ground.known if n < last else ground.ending)
        for n, (line, found) in enumerate(zip(lines, is_stated, strict=True))
    ]
    first, last = keep.index(True), len(lines) if _BROKEN_OFF.search(stated) else _last(keep)
    is_short = [len(line) < _HEADING_CHARS for line in lines]
    return [
        line
        for n, line in enumerate(lines)
        if n < first or keep[n] or (n < last and is_short[n]) or (n > _last(keep) and last == len(lines))
    ]


def _is_own(line: str, ground: dict[str, Block]) -> bool:
    """Whether a line is a sentence, or an item, beside the passages."""
    block = ground.get(scripts.letters(line))
    if block is None or block.is_linked or not block.is_beside:
        return False
    return block.is_item or scripts.ends_sentence(line)


def _is_in(line: str, shingles: set[tuple[str, ...]], stated: str) -> bool:
    own = list(_shingles(line))
    if not own:
        return line in stated
    return 2 * sum(shingle in shingles for shingle in own) >= len(own)


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return zip(*(words[n:] for n in range(4)), strict=False)


def without_tail(lines: list[str], passage_lines: set[str], stated: str, ground: Ground) -> list[str]:
    """Drop lines after the last passage of a text that is made of passages, unless they are long, stated, or beside a passage and
    a sentence or an item.
    """
    is_passage = [line in passage_lines for line in lines]
    n_passages = _n_chars([line for line, found in zip(lines, is_passage, strict=True) if found])
    if not n_passages or n_passages < _SAME * _n_chars(lines):
        return lines
    last = _last(is_passage)
    own = [n for n in range(last + 1, len(lines)) if _is_end(lines[n], stated, ground)]
    last = own[-1] if own else last
    return [line for n, line in enumerate(lines) if n <= last or len(line) >= _TAIL_CHARS]


def _is_end(line: str, stated: str, ground: Ground) -> bool:
    return (len(line) >= _MIN_LETTERS and line in stated) or _is_own(line, ground.ending)


def with_missing(lines: list[str], page_passages: list[Passage]) -> list[str]:
    """Put back what stands between the passages on their ground and was not read: headings, sentences, items."""
    ground = Ground.of(page_passages, lines)
    places = {scripts.letters(line): n for n, line in reversed(list(enumerate(lines)))}
    everything = scripts.letters(" ".join(lines))
    long_ones = {passage.line for passage in page_passages}
    missing: dict[int, list[str]] = {}
    waiting: list[str] = []
    at = -1
    for block in ground.blocks:
        place = places.get(block.letters, -1)
        if place >= at and place >= 0 and (at >= 0 or block.line in long_ones):
            if waiting and at >= 0:
                missing.setdefault(at, []).extend(waiting)
            at, waiting = place, []
        elif place < 0 and at >= 0 and _is_missing(block) and block.letters not in everything:
            waiting.append(block.line)
    return [line for n, own in enumerate(lines) for line in (own, *missing.get(n, ()))] if missing else lines


def _is_missing(block: Block) -> bool:
    return (
        block.is_beside
        and not block.is_linked
        and (block.is_heading or block.is_item or scripts.ends_sentence(block.line))
    )


def _n_chars(lines: list[str]) -> int:
    return sum(map(len, lines))


def _last(flags: list[bool]) -> int:
    return len(flags) - 1 - flags[::-1].index(True)
