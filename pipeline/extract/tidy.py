"""How a text that was found is written down."""

import re

import unicodedata2

from pipeline.extract.tree import single_spaced
from pipeline.text import scripts

# Controls, halves of surrogate pairs, non-characters, and what is not seen but parts words: soft hyphens, zero-width
# spaces, marks of direction. Joiners stay: Persian and the Indic scripts spell with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe"
    "\uffff\ud800-\udfff]"
)
_BULLET = re.compile(r"[-•*] ")  # how extractors begin the items of a list
_RULE = re.compile(r"[-|: ]+")  # how they draw the head of a table


def tidy(text: str) -> str:
    """NFC, one paragraph a line, single spaces, nothing unseen, no empty lines; of lists and tables the words."""
    lines = map(_seen, unicodedata2.normalize("NFC", text).splitlines())
    return "\n".join(filter(None, map(_words_only, lines)))


def _seen(line: str) -> str:
    if not scripts.is_printable(line):
        line = _UNSEEN.sub("", line)
    elif "  " not in line and line == line.strip():  # no other space is printable
        return line
    return single_spaced(line)


def _words_only(line: str) -> str:
    if line.startswith("|"):
        return "" if _RULE.fullmatch(line) else single_spaced(line.replace("|", " "))
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
