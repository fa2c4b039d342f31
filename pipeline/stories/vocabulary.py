"""The words of texts: where one begins and ends, its stem, and how rare it is in its language.

Words are reduced to their stems (`stories.stems`); scripts without spaces give character bigrams. A name of two capitalised
words in a row is found by what stands between them, so a text is cut into tokens, which keep it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pipeline.stories import figures
from pipeline.stories.stems import stem
from pipeline.text import scripts

READ_TOKENS = 400  # news starts with the event; what comes later is background, and costs precision
FOLLOWED = " "  # the end of a token that another word follows directly

_SHAPE = r"(?:\d+(?:[.,]\d+)*(?!{letter})|{run}(?:['’]{run})*)"
_TOKEN = _SHAPE + f"(?:{FOLLOWED}(?={{first}}))?"
_FIRST, _NEXT = f"[{scripts.FIRST}_]", f"[{scripts.NEXT}_]"
_COMMON = {"letter": r"[^\W\d_]", "run": r"\w+", "first": r"\w"}
_EVERY = {"letter": r"[\p{L}\p{Nl}\p{No}]", "run": f"{_FIRST}{_NEXT}*", "first": _FIRST}
_COMMON_TOKEN = re.compile(_TOKEN.format(**_COMMON))
_EVERY_TOKEN = scripts.compiled(_TOKEN.format(**_EVERY))
_COMMON_FORM = re.compile(_SHAPE.format(**_COMMON))
_EVERY_FORM = scripts.compiled(_SHAPE.format(**_EVERY))
# Where a form is not simply a run of letters, figures and low lines: don't, 6,270, 1_b.
_JOINED = re.compile(r"'|\d(?:[.,]\d|[A-Za-z_])")
_FORM_BYTES = scripts.ascii_table("_")
_WHOLE = scripts.pattern(r"[^\W_]+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_LETTERED = scripts.compiled(scripts.LETTERED)


@dataclass(eq=False, slots=True)
class Word:
    """A word, number or gram as written: one object for all its occurrences in a call."""

    form: str  # as written, for a reader
    folded: str  # case-folded, as the list of frequencies has it
    capital: bool
    key: str  # the term it stands for
    rarity: float = 0.0
    is_word: bool = True  # a gram may be the end of one word and the beginning of the next
    # Known with its rarity:
    is_gram: bool = False
    identifies: bool = False  # a number of two figures or more, and no year


class Book(dict[str, list[Word]]):
    """The words of the articles of one language: for each run of letters, the words or grams in it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, written: str) -> list[Word]:
        words = self[written] = self._words_of(written)
        return words

    def _words_of(self, written: str) -> list[Word]:
        if written.isascii() and written.isalpha():  # as most are: the same as below
            folded = written.lower()
            key = stem(folded, self.language) or folded
            return [Word(written, folded, written[0].isupper(), key)]
        if not scripts.is_plain(written) and scripts.GRAMMED.search(written):
            grams = zip(*_grams_of(written), strict=True)
            return [Word(gram, word, False, key_of(word, self.language)) for gram, word in grams]
        if not (form := _plain(written, self.language)):
            return []
        folded = scripts.folded_word(form)
        return [Word(form, folded, form[0].isupper(), key_of(folded, self.language))]

    def words(self, text: str) -> list[Word]:
        """Every word, number and gram of a text in its order; their rarities are not looked up yet."""
        return list(chain.from_iterable(map(self.__getitem__, written(text, self.language))))


def readable(text: str, language: str) -> str:
    """What is read of a text: its beginning, without figures that say nothing."""
    return figures.blank(scripts.normal(text[: READ_TOKENS * 10]), language)


def tokens_of(text: str) -> list[str]:
    """The first tokens of a text that is `readable`: words and numbers as written, with FOLLOWED behind where another word does."""
    found: list[str] = (_COMMON_TOKEN if scripts.is_common(text) else _EVERY_TOKEN).findall(text)
    return found[:READ_TOKENS]


def written(text: str, language: str) -> list[str]:
    """The words and numbers of a text as written, in their order."""
    text = figures.blank(scripts.normal(text), language)
    if text.isascii() and not _JOINED.search(text):  # a third of the time that the pattern takes
        return text.encode().translate(_FORM_BYTES).decode().split()
    found: list[str] = (_COMMON_FORM if scripts.is_common(text) else _EVERY_FORM).findall(text)
    return found


def is_number(key: str) -> bool:
    """Whether a term is a number."""
    return scripts.is_figure(key[:1])


def key_of(folded: str, language: str) -> str:
    """The stem of a word. If nothing is left of it, as of the Greek ιού, the word itself: else many words would be one term."""
    return folded if is_number(folded) else stem(folded, language) or folded


def _plain(form: str, language: str) -> str:
    """A word without what an apostrophe adds to it: l'élection, Erdoğan'ın, Peru's. Contractions such as don't give nothing."""
    if scripts.is_figure(form[0]) and not _WHOLE.fullmatch(form):
        return form.replace(",", "").replace(".", "") if _GROUPED.fullmatch(form) else form.replace(",", ".")
    if "'" not in form and "’" not in form:
        return form
    parts = re.split("['’]", form)
    if language == "en" and len(parts[-1]) <= 2 and parts[-1].casefold() != "s":
        return ""
    latin = form[0] < "\u0250"  # in Cyrillic and Hebrew the mark is a letter of the word
    return max(parts, key=len) if latin else form


def _grams_of(written: str) -> tuple[list[str], list[str]]:
    """The grams of a run as they are written, and as they are looked up."""
    forms = [*_grams(scripts.without_points(written))]
    folded = [*_grams(scripts.folded_word(written))]
    return (forms if len(forms) == len(folded) else folded), folded


def _grams(run: str) -> Iterator[str]:
    for part in scripts.GRAMMED.split(run):
        size = 4 if _LETTERED.match(part) else 2
        if scripts.GRAMMED.match(part):
            yield from (part[i : i + size] for i in range(max(1, len(part) - size + 1)))
        elif part:
            yield part
