"""Appeals: lines that ask the reader to subscribe, register, donate, follow, write or agree."""

import re
from functools import cache

from pipeline.text import lexicon, scripts
from pipeline.text.lexicon import Phrases
from pipeline.text.line_kinds import LineKind
from pipeline.text.matching import count_words, folded_words, phrases

_LEXICON, _FOLDED = lexicon.words(), folded_words()

_CONTACT = re.compile(r"[\w.-]@[\w-]+\.\w{2,}|\bhttps?://(?!t\.co/)|\bwww\.")
QUOTE = re.compile(r"\W{0,2}[\"“„«»‘'「『]")


# In single marks only from the start of a word to the end of one: they are apostrophes too.
_QUOTED = re.compile(
    r"\"[^\"]*\"|[“„”][^“”]*[“”]|«[^»]*»|»[^«]*«|「[^」]*」|『[^』]*』|(?<!\w)['‘‚](?:[^'’‘]|['’](?=\w))*['’‘](?!\w)"
)


def appeal(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:
    """Whether a line is an appeal, or one only where appeals stand (DOUBTFUL_APPEAL); None when it is neither."""
    kind = _asks(line, words, known)
    return None if kind is None or _is_reported(line) else kind


def _is_reported(line: str) -> bool:
    """Whether the line is a sentence that quotes an appeal and makes none itself: "Sign up now," the mayor joked."""
    outside = _QUOTED.sub(" ", line)
    words = tuple(scripts.words(outside.casefold()))
    if (
        not words
        or outside == line
        or not scripts.ends_sentence(line.rstrip())
        or count_words(outside, len(words)) < 2
    ):
        return False
    known = frozenset(words)
    calls = known & _FOLDED.calls
    is_order = words[0] in calls or (calls and not known.isdisjoint(_FOLDED.yours))
    has_offer = not known.isdisjoint(_FOLDED.offers) or _has_unspaced(outside)
    return not (is_order or has_offer or _has_pitch(words, known))


def _has_unspaced(line: str) -> bool:
    return not line.isascii() and any(p in line for p in _LEXICON.unspaced_appeals)


def _asks(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:
    if scripts.has_unspaced(line):
        return (
            (LineKind.APPEAL if len(line) <= 40 else LineKind.DOUBTFUL_APPEAL)
            if _has_unspaced(line)
            else None
        )

    def has_one_of(table: Phrases) -> bool:
        return not known.isdisjoint(table)

    ours, yours = has_one_of(_FOLDED.ours), has_one_of(_FOLDED.yours)
    calls = known & _FOLDED.calls
    is_order = words[0] in calls or not scripts.ends_sentence(line) or line.endswith("!")
    is_quoted = QUOTE.match(line) is not None
    if len(words) <= 45 and _has_pitch(words, known):
        is_sure = ours or (len(words) <= 25 and (yours or is_order)) or len(words) <= 12
        return LineKind.APPEAL if is_sure and not is_quoted else LineKind.DOUBTFUL_APPEAL
    if not calls or is_quoted:
        return None
    offers = has_one_of(_FOLDED.offers)
    if offers and ours and len(words) <= 50 and (is_order or yours or len(calls) > 1):
        return LineKind.APPEAL
    if offers or _CONTACT.search(line):
        is_doubtful = ours or yours or is_order
    else:
        is_doubtful = ours and (yours or is_order) and has_one_of(_FOLDED.extras)
    return LineKind.DOUBTFUL_APPEAL if is_doubtful and len(words) <= 45 else None


@cache
def pitches() -> dict[str, tuple[str, ...]]:
    """The phrases that sell or ask, by their longest word, which is the rarest."""
    found: dict[str, list[str]] = {}
    for phrase in sorted(phrases(_LEXICON.pitches) | phrases(_LEXICON.paywalls)):
        found.setdefault(max(phrase.split(" "), key=len), []).append(f" {phrase} ")
    return {word: tuple(listed) for word, listed in found.items()}


def _has_pitch(words: tuple[str, ...], known: frozenset[str]) -> bool:
    by_word = pitches()
    telling = known & by_word.keys()
    if not telling:
        return False
    line = f" {' '.join(words)} "
    return any(phrase in line for word in telling for phrase in by_word[word])
