"""Appeals: lines that ask the reader to subscribe, register, donate, follow, write or agree."""

import re
from functools import cache
from typing import NamedTuple

from pipeline.text import lexicon, scripts
from pipeline.text.lexicon import Phrases
from pipeline.text.line_kinds import LineKind
from pipeline.text.matching import count_words, folded_words, phrases

_LEXICON, _FOLDED = lexicon.words(), folded_words()

_CONTACT = re.compile(r"[\w.-]@[\w-]+\.\w{2,}|\bhttps?://(?!t\.co/)|\bwww\.")
_CONTACT_SIGNS = ("@", "://", "www.")  # one of which each contact has; found ten times as fast
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
    return not (is_order or has_offer or has_pitch(words, known))


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

    calls, is_pitched = known & _FOLDED.calls, len(words) <= 45 and has_pitch(words, known)
    if not (calls or is_pitched):
        return None  # as most lines
    ours, yours = has_one_of(_FOLDED.ours), has_one_of(_FOLDED.yours)
    is_order = words[0] in calls or not scripts.ends_sentence(line) or line.endswith("!")
    is_quoted = QUOTE.match(line) is not None
    if is_pitched:
        is_sure = ours or (len(words) <= 25 and (yours or is_order)) or len(words) <= 12
        return LineKind.APPEAL if is_sure and not is_quoted else LineKind.DOUBTFUL_APPEAL
    if not calls or is_quoted:
        return None
    offers = has_one_of(_FOLDED.offers)
    if offers and ours and len(words) <= 50 and (is_order or yours or len(calls) > 1):
        return LineKind.APPEAL
    if offers or (any(sign in line for sign in _CONTACT_SIGNS) and _CONTACT.search(line)):
        is_doubtful = ours or yours or is_order
    else:
        is_doubtful = ours and (yours or is_order) and has_one_of(_FOLDED.extras)
    return LineKind.DOUBTFUL_APPEAL if is_doubtful and len(words) <= 45 else None


class Pitch(NamedTuple):
    """A phrase that sells or asks, between spaces, and its second longest word: a line without that word has not the phrase."""

    phrase: str
    other: str


@cache
def pitches() -> dict[str, tuple[Pitch, ...]]:
    """The phrases that sell or ask, by their longest word, which is the rarest."""
    found: dict[str, list[Pitch]] = {}
    for phrase in sorted(phrases(_LEXICON.pitches) | phrases(_LEXICON.paywalls)):
        words = phrase.split(" ")
        longest = max(words, key=len)
        rest = [word for word in words if word != longest]
        found.setdefault(longest, []).append(Pitch(f" {phrase} ", max(rest, key=len, default=longest)))
    return {word: tuple(listed) for word, listed in found.items()}


@cache
def asked_words() -> frozenset[str]:
    """Every word that `appeal` looks for in a line without quotations: the `known` that it is given need have no others."""
    others = (pitch.other for listed in pitches().values() for pitch in listed)
    return frozenset(others).union(
        pitches(), _FOLDED.calls, _FOLDED.offers, _FOLDED.ours, _FOLDED.yours, _FOLDED.extras
    )


def has_pitch(words: tuple[str, ...], known: frozenset[str]) -> bool:
    """Whether a line of these words sells or asks by one of the phrases; `known` are its words, or those of them that are asked for."""
    by_word = pitches()
    told = [
        pitch.phrase for word in known if word in by_word for pitch in by_word[word] if pitch.other in known
    ]
    if not told:
        return False
    line = f" {' '.join(words)} "
    return any(phrase in line for phrase in told)
