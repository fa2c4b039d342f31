"""What changed from one version of an article to the next, sentence by sentence.

Sentences that both have are unchanged, wherever they stand. Of the others, two are one sentence that was changed if at least
half of the words of both stand in the other in one order; the likest two are taken first. What is left was removed or added.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from pipeline.revisions.sentences import is_correction, words_of
from pipeline.text import scripts

# Of sentences that are compared word by word: 200 old ones with 200 new ones, half a second.
_MOST_PAIRS = 40_000
# Of a sentence that are compared: one that has more is a list, or a text without full stops.
_MOST_WORDS = 400
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_BESIDE_NAMES = "\"'“”„«»()[],.;:!?…’‘"

Pair = tuple[int, int]


@dataclass(frozen=True)
class Differences:
    """The sentences of two versions, and their places: of those that are in both, and of those that are not."""

    earlier: Sequence[str]
    later: Sequence[str]
    kept: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def is_none(self) -> bool:
        return not (self.changed or self.removed or self.added)

    @property
    def is_minor(self) -> bool:
        """Whether they differ, and only in case, spaces and signs."""
        return not self.is_none and _letters(self.earlier) == _letters(self.later)

    @property
    def is_fuller(self) -> bool:
        """Whether the later version has every sentence of the earlier, and more."""
        return bool(self.added) and not self.removed and not self.changed

    @property
    def is_part(self) -> bool:
        """Whether the later version is a run of the earlier one's sentences, the last of which may break off, and less than all."""
        if self.added or self.is_none:
            return False
        places = [i for i, _ in sorted((*self.kept, *self.changed), key=lambda pair: pair[1])]
        is_run = bool(places) and places == list(range(places[0], places[0] + len(places)))
        return is_run and all(j == len(self.later) - 1 and self._breaks_off(i, j) for i, j in self.changed)

    def _breaks_off(self, i: int, j: int) -> bool:
        return _is_head(words_of(self.later[j]), words_of(self.earlier[i]))

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """Words of the earlier and of the later version."""
        return _n_words(self.earlier), _n_words(self.later)

    @cached_property
    def kept_words(self) -> int:
        return _n_words([self.later[j] for _, j in self.kept])

    @cached_property
    def shared_words(self) -> int:
        """Words of the later version that the earlier has, in the same sentence or in one that was changed."""
        pairs = ((words_of(self.earlier[i]), words_of(self.later[j])) for i, j in self.changed)
        return self.kept_words + sum(in_one_order(one, other) for one, other in pairs)

    @property
    def n_reworded(self) -> int:
        """Changed sentences of whose words a quarter and more are others."""
        pairs = ((words_of(self.earlier[i]), words_of(self.later[j])) for i, j in self.changed)
        return sum(4 * in_one_order(one, other) < 3 * max(len(one), len(other)) for one, other in pairs)

    def numbers(self) -> tuple[list[str], list[str]]:
        """Numbers of changed sentences that only the earlier, and only the later version has, each beside what took its place;
        empty where nothing did.
        """
        return self._only(_NUMBER.findall)

    def names(self) -> tuple[list[str], list[str]]:
        """The same of words with a capital that open no sentence."""
        return self._only(_names)

    def _only(self, facts: Callable[[str], list[str]]) -> tuple[list[str], list[str]]:
        before: list[str] = []
        after: list[str] = []
        for i, j in sorted(self.changed, key=lambda pair: pair[1]):
            one, other = facts(self.earlier[i]), facts(self.later[j])
            for mine, its in zip_longest(_without(one, other), _without(other, one), fillvalue=""):
                before.append(mine)
                after.append(its)
        return before, after


NO_DIFFERENCES = Differences((), (), (), (), (), ())


def compare(earlier: Sequence[str], later: Sequence[str]) -> Differences:
    """Align the sentences of two versions, each in its order. Ties go to the sentences that come first."""
    kept = _equal(earlier, later)
    old, new = _left(len(earlier), [i for i, _ in kept]), _left(len(later), [j for _, j in kept])
    changed = _changed(earlier, later, old, new)
    removed = _left(len(earlier), [i for i, _ in (*kept, *changed)])
    added = _left(len(later), [j for _, j in (*kept, *changed)])
    return Differences(earlier, later, tuple(kept), tuple(changed), tuple(removed), tuple(added))


def _left(n: int, taken: Iterable[int]) -> list[int]:
    """The places that are not taken, of n."""
    known = set(taken)
    return [place for place in range(n) if place not in known]


def in_one_order(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two sentences have in one order: their longest common subsequence.

    A row of the table is one whole number, a bit for each word (Hyyrö, Bit-parallel LCS-length computation revisited, 2004).
    """
    one, other = one[:_MOST_WORDS], other[:_MOST_WORDS]
    places: dict[str, int] = defaultdict(int)
    for n, word in enumerate(one):
        places[word] |= 1 << n
    every = row = (1 << len(one)) - 1
    for word in other:
        both = row & places.get(word, 0)
        row = ((row + both) | (row - both)) & every
    return len(one) - row.bit_count()


def _equal(earlier: Sequence[str], later: Sequence[str]) -> list[Pair]:
    """Equal sentences, each once, the first of each version with the first."""
    places: dict[str, list[int]] = defaultdict(list)
    for i in reversed(range(len(earlier))):
        places[earlier[i]].append(i)
    return [(places[s].pop(), j) for j, s in enumerate(later) if places.get(s)]


def _changed(earlier: Sequence[str], later: Sequence[str], old: list[int], new: list[int]) -> list[Pair]:
    """Which of the sentences that only one version has are one sentence. A note of a correction is none of these: it is new."""
    old = [i for i in old if not is_correction(earlier[i])]
    new = [j for j in new if not is_correction(later[j])]
    if len(old) * len(new) > _MOST_PAIRS:
        return []
    found: list[Pair] = []
    gone: set[int] = set()
    come: set[int] = set()
    for _, i, j in sorted(_alike(earlier, later, old, new)):
        if i not in gone and j not in come:
            found.append((i, j))
            gone.add(i)
            come.add(j)
    return sorted(found)


def _alike(
    earlier: Sequence[str], later: Sequence[str], old: list[int], new: list[int]
) -> Iterator[tuple[float, int, int]]:
    """Pairs that share half of the words of both, or the later of which is cut off, the likest first when they are sorted."""
    news = [(j, words_of(later[j])) for j in new]
    for i in old:
        mine = words_of(earlier[i])
        for j, its in news:
            longer = max(len(mine), len(its))
            if 2 * min(len(mine), len(its)) >= longer:
                share = in_one_order(mine, its) / min(longer, _MOST_WORDS)
                if share >= 0.5:
                    yield -share, i, j
            elif j == len(later) - 1 and _is_head(its, mine):
                yield -0.5, i, j


def _is_head(part: Sequence[str], whole: Sequence[str]) -> bool:
    return 0 < len(part) < len(whole) and list(whole[: len(part)]) == list(part)


def _letters(sentences: Sequence[str]) -> str:
    return scripts.without_signs(scripts.fold("".join(sentences)))


def _n_words(sentences: Sequence[str]) -> int:
    return sum(len(words_of(sentence)) for sentence in sentences)


def _names(sentence: str) -> list[str]:
    words = [word.strip(_BESIDE_NAMES) for word in sentence.split()[1:]]
    return [word for word in words if word[:1].isupper()]


def _without(facts: list[str], others: list[str]) -> list[str]:
    """The facts, less those that are among the others, as often as they are."""
    left = Counter(others)
    found = []
    for fact in facts:
        left[fact] -= 1
        if left[fact] < 0:
            found.append(fact)
    return found
