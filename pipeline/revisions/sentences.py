"""The sentences of an article that a revision is judged by: without what a page puts around its text and renews by itself."""

import re
from functools import lru_cache

from pipeline.text import lexicon, scripts
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import look
from pipeline.text.matching import mark_after, opening, phrases
from pipeline.text.sentences import split

# What is left out: the site's, stamps, credits and who had a hand in it. A doubtful appeal is text where it stayed.
_LEFT_OUT = frozenset(LineKind) - {LineKind.TEXT, LineKind.DOUBTFUL_APPEAL}
# A post of a network, as pages show it in their text.
_EMBED = re.compile(r"https?://|\bpic\.twitter\.com/|\(@\w+\)")
_EMBED_SIGNS = ("://", "pic.twitter.com", "(@")  # one of which each has; found twenty times as fast
_LONG_LINE = 12  # words: with fewer and no full stop it is a heading, a caption, a label
# Characters, and between them numbers and words in Latin letters.
_UNITS = scripts.pattern(r"[^\W\d_a-z]|[a-z\d]+")


def sentences_of(text: str) -> list[str]:
    """The sentences of an article's text in their order; of a text that has none, its lines."""
    lines = [line for line in text.split("\n") if look(line).kind not in _LEFT_OUT and not _has_embed(line)]
    said = [line for line in lines if scripts.ends_sentence(line) or look(line).n_words >= _LONG_LINE]
    return [sentence for line in said or lines for sentence in split(line)]


def _has_embed(line: str) -> bool:
    return any(sign in line for sign in _EMBED_SIGNS) and _EMBED.search(line) is not None


def words_of(sentence: str) -> list[str]:
    """The words of a sentence as they are compared; in scripts without spaces, the characters."""
    words = scripts.words(scripts.fold(sentence))
    if not scripts.has_unspaced(sentence):
        return words
    return [part for word in words for part in _UNITS.findall(word)]


@lru_cache(maxsize=20_000)
def is_correction(sentence: str) -> bool:
    """Whether a sentence is of the note that an outlet puts under an article that it has corrected."""
    words, notes = tuple(scripts.words(sentence.casefold())), lexicon.words().corrections
    if not words:
        return False
    labelled = opening(words, lexicon.words().correction_labels)
    if labelled and mark_after(sentence, labelled) in {":", "："}:
        return True
    said = f" {' '.join(words)} "
    return any(f" {phrase} " in said for phrase in phrases(notes)) or (
        scripts.has_unspaced(sentence) and any(phrase in sentence for phrase in notes)
    )
