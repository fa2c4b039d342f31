"""Which lines of what was read are the page's text: what the page shows to be none goes, what stands among it comes back.

The witnesses are the page's passages and what stands on one ground with them (`passages`), and what it states as its
`articleBody`. A line with two witnesses against it goes; in doubt it stays.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import takewhile

from pipeline.extract import passages
from pipeline.extract.passages import Block, Passage
from pipeline.text import scripts

_STATED_CHARS = 400  # a shorter statement is a teaser
_SAME = 0.7  # so much of both must be shared before the one is a measure of the other
_HEADING_CHARS = 80  # a shorter line may be a heading, which many statements leave out
_TAIL_CHARS = 200  # a longer line at the end may be the article's last paragraph, in a box of its own
_PLAIN_WORDS = 4  # fewer are a label, or a name
_WORDS_CHARS = 30  # a shorter line may be a button that says a word of the text
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\W*$")


class Ground:
    """What stands beside the passages of a text."""

    def __init__(self, page_passages: list[Passage], lines: list[str]) -> None:
        known = set(lines)
        self.passages = [passage for passage in page_passages if passage.line in known]
        grounds = passages.grounds(self.passages)
        held = Counter(grounds)
        wide = [ground for ground, n in held.items() if n > 1] or list(held)
        self._wrappers = passages.wrappers_of(self.passages)
        own = passages.blocks_of(self.passages)
        self.parts = {ground: passages.blocks(ground, self._wrappers, own) for ground in wide}
        self._last = grounds[-1] if grounds else None

    @cached_property
    def known(self) -> dict[str, Block]:
        """The blocks by their letters."""
        return {scripts.letters(block.line): block for part in self.parts.values() for block in part}

    @cached_property
    def ending(self) -> dict[str, Block]:
        """Those after the last passage, beside it, as far as another article's headline."""
        own = takewhile(lambda block: block.tag != "h1", self._rest)
        return {scripts.letters(block.line): block for block in own}

    @cached_property
    def behind(self) -> dict[str, Block]:
        """The lines behind the last passage that stand in plain boxes of their own."""
        if self._last is None or self.is_followed:
            return {}
        return {
            scripts.letters(block.line): block for block in passages.blocks_behind(self._last, self._wrappers)
        }

    @property
    def is_followed(self) -> bool:
        """Whether another article follows on the same ground."""
        return any(block.tag == "h1" for block in self._rest)

    @cached_property
    def _rest(self) -> list[Block]:
        if self._last is None:
            return []
        beside = self.parts.get(self._last) or passages.blocks(self._last, set(), {})
        n_rest = next((n for n, b in enumerate(reversed(beside)) if b.line == self.passages[-1].line), 0)
        return beside[len(beside) - n_rest :]


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
    n_stated = _n_chars(by_statement)
    if len(stated) < _STATED_CHARS or n_stated < _SAME * len(stated):
        return lines
    ground = Ground(page_passages, by_statement)
    if n_stated < _SAME * _n_chars(lines) and not ground.is_followed:
        return lines
    last = _last(is_stated)
    keep = [
        found or (_is_own(line, ground.known) if n < last else _is_last(line, ground))
        for n, (line, found) in enumerate(zip(lines, is_stated, strict=True))
    ]
    first, last = keep.index(True), len(lines) if is_broken_off(stated) else _last(keep)
    is_short = [len(line) < _HEADING_CHARS for line in lines]
    return [
        line
        for n, line in enumerate(lines)
        if n < first or keep[n] or (n < last and is_short[n]) or (n > _last(keep) and last == len(lines))
    ]


def _is_own(line: str, ground: dict[str, Block]) -> bool:
    """Whether a line is a sentence, or an item, beside the passages."""
    block = ground.get(scripts.letters(line))
    return block is not None and not block.is_linked and (block.is_item or scripts.ends_sentence(line))


def _is_plain(line: str, ground: dict[str, Block]) -> bool:
    """Whether a line without an end mark is a paragraph beside the passages that holds nothing but its words."""
    block = ground.get(scripts.letters(line))
    return block is not None and block.is_plain and len(scripts.words(line)) >= _PLAIN_WORDS


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
    a sentence, an item or a plain paragraph.
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
    is_sentence = scripts.ends_sentence(line)
    if (is_sentence or len(line) >= _WORDS_CHARS) and line in stated:
        return True
    is_cut = is_sentence and len(line) >= passages.PASSAGE_CHARS and is_broken_off(stated)
    return is_cut or stated.endswith(line) or _is_last(line, ground) or _is_plain(line, ground.ending)


def _is_last(line: str, ground: Ground) -> bool:
    """Whether a line stands after the last passage as a sentence, or an item, that belongs to it."""
    return _is_own(line, ground.ending) or _is_own(line, ground.behind)


def is_broken_off(stated: str) -> bool:
    """Whether a statement says that it is not the whole."""
    return len(stated) >= _STATED_CHARS and _BROKEN_OFF.search(stated[-20:]) is not None


def with_missing(lines: list[str], ground: Ground) -> list[str]:
    """Put back what was not read: headings, sentences and items between the passages on their ground, and sentences in plain
    boxes behind it.
    """
    places = _Places(lines)
    own = [places.by_line[passage.line] for passage in ground.passages]
    missing: dict[int, list[str]] = {}
    for part in ground.parts.values():
        for at, gap in _gaps(part, places, min(own), max(own)):
            missing.setdefault(at, []).extend(gap)
    behind = [line for block in ground.behind.values() if places.find(line := block.line) is None]
    if last_lines := [line for line in behind if _is_own(line, ground.behind)]:
        missing.setdefault(max(own), []).extend(last_lines)
    if not missing:
        return lines
    read = scripts.letters(" ".join(lines))
    return [
        line
        for n, known in enumerate(lines)
        for line in (known, *(own for own in missing.get(n, ()) if not _is_read(own, lines, read)))
    ]


def _is_read(line: str, lines: list[str], letters: str) -> bool:
    """Whether a block stands in a line that holds more: at its edge, or anywhere if it is long."""
    if len(line) >= _WORDS_CHARS:
        return scripts.letters(line) in letters
    return any(known.startswith(line) or known.endswith(line) for known in lines)


class _Places:
    """The first places of lines, also by their letters: those are asked for where a line has none."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.by_line = self._first_places(lines)

    @staticmethod
    def _first_places(keys: Sequence[str]) -> dict[str, int]:
        return {key: n for n, key in reversed(list(enumerate(keys)))}

    @cached_property
    def _by_letters(self) -> dict[str, int]:
        return self._first_places([scripts.letters(line) for line in self._lines])

    def find(self, line: str) -> int | None:
        place = self.by_line.get(line)
        return self._by_letters.get(scripts.letters(line)) if place is None else place


def _gaps(part: list[Block], places: _Places, first: int, last: int) -> Iterator[tuple[int, list[str]]]:
    """What is not among the lines but stands between blocks that are, and the place after which it belongs.

    Likewise before the first of them and after the last, if passages stand before and after: `first` and `last` are theirs.
    """
    at, waiting = -1, list[str]()
    for block in part:
        place = places.find(block.line)
        if place is None:
            waiting += [block.line] if _is_missing(block) else []
        elif place > at and (at >= 0 or len(block.line) >= passages.PASSAGE_CHARS):
            if waiting and (at >= 0 or place > first):
                yield (at if at >= 0 else place - 1), waiting
            at, waiting = place, []
    if waiting and 0 <= at < last:
        yield at, waiting


def _is_missing(block: Block) -> bool:
    if block.is_linked or not block.line:
        return False
    return block.is_heading or block.is_item or scripts.ends_sentence(block.line)


def _n_chars(lines: list[str]) -> int:
    return sum(map(len, lines))


def _last(flags: list[bool]) -> int:
    return len(flags) - 1 - flags[::-1].index(True)
