"""Stamps: what a site writes of itself into a text, which says nothing of the news.

When a page was published or changed, the date of a dispatch, telephone numbers, lines of labels and credits. A date that stands
in a sentence is of the news.
"""

import re
from functools import cache

from pipeline.text import dates, lexicon, scripts
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import look

_OF_THE_SITE = {
    LineKind.LABEL,
    LineKind.STAMP,
    LineKind.DATE,
    LineKind.CREDIT,
    LineKind.BYLINE,
    LineKind.CONTACT,
    LineKind.SIGN_OFF,
    LineKind.ENDING,
}
_LEXICON = lexicon.words()
# A text is read as one letter for each word, number or sign, so that one short pattern knows the stamps of all languages.
_UNIT = scripts.pattern(r"\d+|[^\W\d_]+|\s+|.", re.DOTALL)
_DATE = r"(?:[nN]\s?[./-]\s?n\s?[./-]\s?[nN]|n[.o]?\s?(?:a\s)?m\.?,?\s?(?:a\s)?N|m\.?\s?no?,?\s?N)"
_CLOCK = r"n\s?[:.h]\s?n(?:\s?:\s?n)?(?:\s?z)*"
_BETWEEN = r"[\s,|()-]*(?:[azs]\s){0,2}"
_STAMP = re.compile(
    rf"l(?:\s[lazs]){{0,20}}:?\s?(?:{_DATE}|{_CLOCK})(?:{_BETWEEN}(?:{_DATE}|{_CLOCK}))?"
    rf"|{_DATE}{_BETWEEN}{_CLOCK}|{_CLOCK}{_BETWEEN}{_DATE}"
)
_DISPATCH = re.compile(
    r"[^\n.:n]{0,40}(?:n\.?\s?(?:a\s)?m|m\.?\s?n|n[./]n\.?)(?:,?\s?N)?[^\n.:nNd-]{0,20}[-:]{1,2}\s"
)
_HEAD = 120  # characters, in which the place and the date of a dispatch stand
_PHONE = re.compile(
    r"(?<![\d.,])(?:\+\d{1,3}[\s()/.-]*(?:\d[\s()/-]{0,2}){6,12}\d|\(0?\d{2,5}\)[\s/-]*(?:\d[\s/-]?){4,9}\d"
    r"|0\d{1,4}[\s/-]+(?:\d[\s/-]?){4,9}\d|(?:\d{3}[\s.-])?\d{3}-\d{4}|1-\d{3}-\d{3}-\d{4})(?![\d.,]\d)"
)


def without_stamps(text: str) -> str:
    """A text without the stamps of its site."""
    kept = "\n".join(line for line in text.split("\n") if look(line).kind not in _OF_THE_SITE)
    units = _UNIT.findall(kept)
    letters = "".join(_letter(unit) for unit in units)
    found = [match.span() for match in _STAMP.finditer(letters)]
    dispatch = _DISPATCH.match(letters[:_HEAD])
    if dispatch:
        found = [dispatch.span(), *((start, end) for start, end in found if start >= dispatch.end())]
    left, at = [], 0
    for start, end in found:
        left += units[at:start]
        at = end
    return _PHONE.sub(" ", "".join([*left, *units[at:]]))


def _letter(unit: str) -> str:
    """What the patterns above call a word (s if it is short, x if it is nothing to them), a number or a sign."""
    if scripts.is_figure(unit):
        return {1: "n", 2: "n", 4: "N"}.get(len(unit), "d")
    if unit.isspace():
        return "\n" if "\n" in unit else " "
    known = _SIGNS.get(unit) or _words().get(unit.casefold())
    if known or len(unit) > _ZONE_LETTERS:
        return known or "x"
    return (
        "z"
        if unit.isupper() and len(unit) > 1
        else "s"
        if len(unit) < _ZONE_LETTERS and unit.islower()
        else "x"
    )


_ZONE_LETTERS = 4
_SIGNS = {"–": "-", "—": "-", "·": "|", "•": "|"} | {sign: sign for sign in ":./-,|()"}


@cache
def _words() -> dict[str, str]:
    """The letter of each word that may stand in a stamp."""
    labels = {w for label in _LEXICON.published_labels | _LEXICON.updated_labels for w in label.split()}
    zones = (
        {name for name, _ in _LEXICON.zones}
        | _LEXICON.before_noon
        | _LEXICON.after_noon
        | _LEXICON.after_clock
    )
    letters = [
        ("o", {"st", "nd", "rd", "th", "º", "er"}),
        ("a", _LEXICON.at_clock | {"de", "of", "on"}),
        ("l", labels),
        ("z", zones),
        ("h", {"h"}),
        ("m", dates.month_names()),
    ]
    return {word.casefold(): letter for letter, words in letters for word in words}
