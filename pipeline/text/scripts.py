"""What a word is, in every script: the one place that says so, from pinned tables of Unicode.

Letters and digits begin a word, marks and joiners go on with what stands before them (Unicode's word boundaries, UAX 29,
rule WB4): a vowel sign of Devanagari or Tamil never parts a word. Punctuation parts, the apostrophe too: shingles want
small pieces. Scripts that are written without spaces between words have no words here but characters.

What writers put or leave out as they please makes no other word: points of Arabic, Hebrew and Syriac (harakat, niqqud),
the Arabic stroke that stretches a word, joiners and other invisible characters, the dot of a Turkish İ once it is small,
a reading in kana in brackets after a Han word, composed or decomposed letters.

The tables are those of `unicodedata2` and `regex`, not those of the interpreter, so that two Pythons give the same words.
`str.casefold` is the interpreter's: Unicode gave no letter of two cases between Python 3.11 and 3.13, as a test holds.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import metadata
from typing import Any

import numpy as np
import regex
import unicodedata2

BREAK, WORD, CHAR, IGNORED, MARK = 0, 1, 2, 3, 5  # 4 is taken by the kernel's table: EXPANDED

END = 0x40000  # what stands beyond it is no text but tags and selectors, at TAGS
TAGS = (0xE0000, 0xE0FFF)

# Inside brackets, for `regex` in its version 1, which can intersect and subtract sets.
_UNSPACED = (
    r"[[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}"
    r"\p{Tai_Viet}\p{Ahom}]&&[\p{L}\p{Nl}]]"
)
_HANGUL = r"[\p{Hangul}&&[\p{L}--\p{DI}]]"  # without fillers
# Marks that have the three scripts among others (a diaeresis) are letters' marks in Latin.
_POINTS = r"[[\p{Mn}&&[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}]]--[\u0300-\u036f]]"
_UNSEEN = r"\p{Cf}\p{DI}"  # joiners, soft hyphens, selectors of a variant
_IGNORED = rf"{_UNSEEN}\u0640{_POINTS}"
FIRST, NEXT = rf"[[\p{{L}}\p{{N}}]--[{_IGNORED}]]", rf"\p{{L}}\p{{N}}\p{{M}}{_IGNORED}"
# What all Pythons know the same of, without a mark or a joiner: the standard library's patterns, which are twice as fast,
# find the same words in it. Of Latin, Greek, Cyrillic and signs first; then of Han, Kana and Hangul too.
_SPACED = (
    "\0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u214f"
    "\u2190-\u245f\u2500-\u2767\u2794-\u2bff\U0001f300-\U0001faff"
)
_PLAIN = re.compile(f"[{_SPACED}]*")
_COMMON = re.compile(
    f"[{_SPACED}\u3000-\u3029\u3041-\u3096\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff60]*"
)


@cache
def every_character() -> str:
    """All code points below END, in their order."""
    return (
        np.arange(END, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    )  # 25 ms less than by `chr`


def spans(characters: str) -> list[tuple[int, int]]:
    """The code points of a set of `regex` below END, as ranges: first, and one after the last."""
    return [found.span() for found in compiled(f"[{characters}]+").finditer(every_character())]


@cache
def _not_seen() -> re.Pattern[str]:
    """For the standard library, which looks through a long text four times as fast."""
    ranges = [*spans(_UNSEEN), (TAGS[0], TAGS[1] + 1)]
    return re.compile("[" + "".join(f"{chr(first)}-{chr(stop - 1)}" for first, stop in ranges) + "]+")


def compiled(pattern: str) -> Any:
    """A pattern of `regex` in its version 1."""
    return regex.compile(pattern, regex.VERSION1)


@cache
def _later(characters: str) -> str:
    """What belongs to a set by the pinned tables and is no word character by the interpreter's, as a part of a set."""
    known = re.compile(r"\w+")
    every = known.sub("", "".join(every_character()[first:stop] for first, stop in spans(characters)))
    points, ranges = list(map(ord, every)), list[list[int]]()
    for point in points:
        if ranges and ranges[-1][1] + 1 == point:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_NO_FIGURE = r"[\p{L}\p{N}]--\p{Nd}"
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    r"""A pattern of the standard library in which \w and \W, also in sets, go by the pinned tables: letters and figures, and _."""
    return re.compile(_ATOM.sub(_pinned, source), flags)


def _pinned(found: re.Match[str]) -> str:
    atom, later = found[0], _later(r"\p{L}\p{N}")
    if not later or not (r"\w" in atom or r"\W" in atom):
        return atom
    if not atom.startswith("["):
        return {r"\w": rf"[\w{later}]", r"\W": rf"[^\w{later}]"}.get(atom, atom)
    if r"\w" in atom:
        return atom.replace(r"\w", rf"\w{later}")
    if not atom.startswith("[^"):
        return f"(?:(?![{later}]){atom})"
    left = _later(_NO_FIGURE) if r"\d" in atom else later
    return f"(?:{atom}|[{left}])"


_FIGURE = compiled(r"[\p{Numeric_Type=Decimal}\p{Numeric_Type=Digit}]")
_A_LETTER = compiled(r"\p{L}")


def has_figure(text: str) -> bool:
    """Whether any character is one, as `str.isdigit` has it, by the pinned tables."""
    return any(map(str.isdigit, text)) if text.isascii() else _FIGURE.search(text) is not None


def is_figure(text: str) -> bool:
    """As `str.isdigit`, by the pinned tables."""
    return text.isdigit() if text.isascii() else all(map(_FIGURE.match, text))


def n_letters(text: str) -> int:
    """How many characters are letters, as `str.isalpha` has it, by the pinned tables."""
    return sum(map(str.isalpha, text)) if is_common(text) else len(_A_LETTER.findall(text))


# General category: nothing of these is printed. The rest of what is not assigned is not printed either.
_UNPRINTED = compiled(r"[\p{C}\p{Z}--[ ]]")
# Whether the interpreter's tables are no younger than the pinned ones. Then what is printable by them is so by the pinned ones, and they
# tell it ten times as fast.
_IS_OLDER = float(unicodedata.unidata_version[:4]) <= float(unicodedata2.unidata_version[:4])


def is_printable(text: str) -> bool:
    """As `str.isprintable`, by the pinned tables."""
    if text.isascii() or (_IS_OLDER and text.isprintable()):
        return text.isprintable()
    return _UNPRINTED.search(text) is None


def printable(text: str) -> str:
    """The text without what is not printable."""
    return "".join(filter(str.isprintable, text)) if text.isascii() else str(_UNPRINTED.sub("", text))


def spelled_out(text: str) -> str:
    r"""The text with what is not printable as Python spells it: \x1b."""
    return "".join(c if is_printable(c) else ascii(c)[1:-1] for c in text)


@cache
def printable_or_space(character: str) -> str:
    """The character, or nothing where it is neither."""
    return character if is_printable(character) or character.isspace() else ""


# Runs of scripts whose words are cut into grams: Korean has spaces, but its words carry their particles.
GRAMMED = compiled(rf"((?:[{_UNSPACED}{_HANGUL}][\p{{M}}{_IGNORED}]*)+)")
LETTERED = rf"[{_UNSPACED}--\p{{scx=Hani}}\p{{scx=Hira}}\p{{scx=Kana}}]"  # unspaced, and a character is a letter, no syllable
_WORDS, _COMMON_WORDS = compiled(rf"[{FIRST}][{NEXT}]*"), re.compile(r"[^\W_]+")
_LETTERS = compiled(rf"[{FIRST}--\p{{Nd}}][{NEXT}--\p{{Nd}}]*")
_COMMON_LETTERS = re.compile(r"[^\W\d_]+")
_CHARACTERS, _LETTER = compiled(_UNSPACED), compiled(rf"[{FIRST}]")
_DOT = r"(?<=[iİ])\u0307+"  # of an i, which has one
_LEFT_OUT = compiled(rf"[{_IGNORED}]+|{_DOT}")
_READING = compiled(r"[(《](?<=\p{Han}.)[ぁ-ヺー-ヿ][ぁ-ヿ ]{0,29}[)》]")
# What a character is, from sets of `regex`; of several the last.
KINDS = ((WORD, FIRST), (MARK, r"\p{M}"), (CHAR, _UNSPACED), (IGNORED, _IGNORED))
_KINDS = [(kind, compiled(f"[{characters}]")) for kind, characters in KINDS]


@cache
def tables() -> str:
    """The tables in use: what is made of words hangs on them."""
    return f"Unicode {unicodedata2.unidata_version}, regex {metadata.version('regex')}"


def is_plain(text: str) -> bool:
    """Whether a text is of Latin, Greek, Cyrillic and signs, without a mark of its own."""
    return text.isascii() or _PLAIN.fullmatch(text) is not None


def is_common(text: str) -> bool:
    """Whether the standard library's patterns find the words of a text: as `is_plain`, or Han, Kana, Hangul."""
    return text.isascii() or _COMMON.fullmatch(text) is not None


def normal(text: str) -> str:
    """NFKC, and no readings in brackets; joiners and points stay, as a person reads them."""
    if text.isascii():
        return text
    text = unicodedata2.normalize("NFKC", text)
    return str(_READING.sub("", text)) if ("(" in text or "《" in text) and not is_plain(text) else text


def seen(text: str) -> str:
    """Normal, without what is invisible: characters that it kept apart are composed."""
    if text.isascii():
        return text
    text = normal(_not_seen().sub("", text))
    return unicodedata2.normalize("NFC", re.sub(_DOT, "", text)) if "\u0307" in text else text


def fold(text: str) -> str:
    """What two spellings of a text have in common but for points: seen, then full case folding (UAX 21)."""
    return text.lower() if text.isascii() else seen(text).replace("İ", "I").casefold()


def without_points(text: str) -> str:
    """Without points, joiners and what else makes no other word."""
    return str(_LEFT_OUT.sub("", text))


def folded_word(word: str) -> str:
    """A word of a normal text as it is compared and looked up: folded, without points."""
    return word.replace("İ", "I").casefold() if is_common(word) else without_points(fold(word))


@cache
def kind(character: str) -> int:
    """BREAK, WORD, CHAR (of an unspaced script), IGNORED, or MARK: as what stands before it."""
    kinds = [its_kind for its_kind, pattern in _KINDS if pattern.match(character)]
    return kinds[-1] if kinds else BREAK


def ascii_table(others: str = "") -> bytes:
    """For `bytes.translate`: blanks in the place of all ASCII but letters, figures and `others`."""
    return bytes(n if chr(n).isalnum() or chr(n) in others else ord(" ") for n in range(128)) + bytes(128)


_WORD_BYTES = ascii_table()


def words(text: str) -> list[str]:
    """The words of a text in their order, without points and joiners; a run of an unspaced script is one."""
    if text.isascii():  # a third of the time that the pattern takes
        return text.encode().translate(_WORD_BYTES).decode().split()
    if is_common(text):
        return _COMMON_WORDS.findall(text)
    return [without_points(word) for word in _WORDS.findall(text)]


def has_word(text: str) -> bool:
    """Whether `words` finds any."""
    return (_COMMON_WORDS if is_common(text) else _WORDS).search(text) is not None


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of `words` stand in a text."""
    return [match.span() for match in (_COMMON_WORDS if is_common(text) else _WORDS).finditer(text)]


def end_of_word(text: str, n: int) -> int | None:
    """Where the n-th word of `words` ends, n from 1; None where there are fewer."""
    found = (_COMMON_WORDS if is_common(text) else _WORDS).finditer(text)
    return next((match.end() for number, match in enumerate(found, 1) if number == n), None)


def runs_of_letters(text: str) -> list[str]:
    """As `words`, cut at figures, which are left out."""
    if is_common(text):
        return _COMMON_LETTERS.findall(text)
    return [without_points(run) for run in _LETTERS.findall(text)]


def has_unspaced(text: str) -> bool:
    """Whether a text has a letter of a script without spaces."""
    return not is_plain(text) and _CHARACTERS.search(text) is not None


def n_unspaced(text: str) -> int:
    """How many letters of unspaced scripts a text has; a mark belongs to its letter."""
    return 0 if is_plain(text) else len(_CHARACTERS.findall(text))


def n_words(text: str) -> int:
    """Words between spaces, and letters of unspaced scripts."""
    n_letters = n_unspaced(text)
    if not n_letters:
        return len(text.split())
    rest = _CHARACTERS.sub(" ", text)
    return n_letters + sum(1 for word in rest.split() if _LETTER.search(word))


# --- signs ---------------------------------------------------------------------------------------------------

_COMMON_SIGNS, _SIGNS = re.compile(r"[\W_]+"), compiled(r"[^\p{L}\p{N}]+")
_ASCII_SIGNS = bytes(n for n in range(128) if not chr(n).isalnum())  # ten times as fast as the pattern
# What ends a sentence: before a space (also in Urdu, Armenian, Amharic, Khmer, Burmese), and without one.
SPACED_MARKS, UNSPACED_MARKS = ".!?…।؟۔։።។။", "。！？"
SENTENCE_MARKS = SPACED_MARKS + UNSPACED_MARKS
CLOSING_MARKS = r"'\"”“’»«)\]"  # as a pattern has them in brackets
FULL_STOPS = (".", "。", "．", "।", "۔", "։", "።", "។", "။")  # that no headline ends in
_SENTENCE_END = re.compile(rf"[{SENTENCE_MARKS}][{CLOSING_MARKS}]*$")
_END_CHARS = 6  # what closes a sentence is no longer


def without_signs(text: str) -> str:
    """Letters and figures alone: without spaces, punctuation and symbols."""
    left = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_SIGNS)
    if text.isascii():
        return left.decode()
    if not is_common(text):
        return str(_SIGNS.sub("", text))
    plain = left.decode("utf-8", "surrogatepass")
    return plain if plain.isalnum() else _COMMON_SIGNS.sub("", plain)


_LINE_CHARS = 1_000  # a longer text is asked for once


def letters(text: str) -> str:
    """What two texts have in common that differ only in case, spaces and signs."""
    return _letters_cached(text) if len(text) <= _LINE_CHARS else _letters(text)


def _letters(text: str) -> str:
    return without_signs(text.casefold())


_letters_cached = lru_cache(maxsize=2_000)(
    _letters
)  # of one page's lines and links: several rules compare them


def are_same(text: str, other: str | None) -> bool:
    """Whether two texts have the same letters, whatever their case, spaces and signs; never with None."""
    return other is not None and letters(text) == letters(other)


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, in any script; quotation marks and brackets may follow."""
    return _SENTENCE_END.search(line[-_END_CHARS:]) is not None
