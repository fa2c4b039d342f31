"""The languages of many texts at once, by compiled loops: what `text.language` tells of each."""

import string
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np

from pipeline.kernels import languages as kernel
from pipeline.text import language, language_model
from pipeline.text.language import Likeliest
from pipeline.text.language_model import Languages

_MARGIN = 0.002  # of a probability; the loops and the package differ by less than .0001
_SPECIAL = (language_model.END, language_model.PREFIX)  # signs of fastText's own, which it reads unlike words
_CAPITALS, _LETTERS = string.ascii_uppercase.encode(), string.ascii_letters.encode()
_MOST_CAPITALS, _LEAST_CHARS = 0.8, 5  # the package lowers a longer text with a larger share of capitals


def identify_all(texts: Sequence[str], declared: Sequence[str | None] = ()) -> list[str | None]:
    """What `language.identify` tells of each text; `declared` is what each declares, or empty where none does."""
    each = list(zip_longest(texts, declared))
    known = language_model.languages()
    if known is None:
        return [language.identify(text, stated) for text, stated in each]
    told = _told(map(language.sample, texts), known)

    def ask(text: str) -> Likeliest:
        if text not in told:
            told.update(_told([text], known))
        return told[text] or language.likeliest(text)

    return [language.identify(text, stated, ask) for text, stated in each]


def _told(samples: Iterable[str], known: Languages) -> dict[str, Likeliest | None]:
    """What the loops say of each sample; None where they leave it to the package."""
    asked = list(dict.fromkeys(samples))
    contents = [_lowered(text) for text in asked]
    content, ends = np.frombuffer(b"".join(contents), np.uint8), np.cumsum([0, *map(len, contents)])
    found = zip(*(part.tolist() for part in kernel.tell(content, ends, known.model)), strict=True)
    return {
        text: None if any(word in spelt for word in _SPECIAL) else _sure(known.codes[leaf], score, second)
        for text, spelt, (leaf, score, second) in zip(asked, contents, found, strict=True)
    }


def _sure(code: str, score: float, second: float) -> Likeliest | None:
    """An answer of which no last digit decides anything."""
    is_close = score - second < _MARGIN or any(abs(score - edge) < _MARGIN for edge in language.THRESHOLDS)
    return None if is_close else Likeliest(code, score)


def _lowered(text: str) -> bytes:
    """A sample in UTF-8 as the package hands it to its model: one in capitals in small letters."""
    content = text.encode()
    capitals = len(content) - len(content.translate(None, _CAPITALS))
    if not text.isupper():
        letters = len(content) - len(content.translate(None, _LETTERS)) if capitals else 0
        if not (len(text) > _LEAST_CHARS and capitals > _MOST_CAPITALS * letters):
            return content
    return text.lower().encode()
