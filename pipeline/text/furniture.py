"""Which lines of a text are furniture: what the site puts around the article.

A line is judged by what it says (`text.lines`), by its place among the other lines, and by whether the outlet uses it
in other articles too. No rule is for one outlet. When in doubt, a line stays: losing a sentence is worse than
keeping a button.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from pipeline.text import lexicon, scripts
from pipeline.text.appeals import QUOTE
from pipeline.text.lexicon import one_of
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import Look, is_dateline, look
from pipeline.text.matching import folded_words, openings

_LEXICON, _FOLDED = lexicon.words(), folded_words()


_HEAD_LINES = 12  # where a headline, byline, section or caption is looked for
_HEADLINE_WORDS = 25  # a longer line is text, even without a full stop
_DATELINE_WORDS = 8
# The largest share of a text's words that headlines of other articles at its end may have.
_UNDER_SHARE = 0.35


class Parted(NamedTuple):
    """The lines of a text, separated into article and furniture."""

    kept: list[str]
    removed: list[str]
    n_words: int  # of what is kept; in scripts without spaces, half the characters
    lead: str | None  # the first kept line that is a sentence


_CAPTION_WORDS = 10  # a shorter line may be a credit alone, of several names


def strip(
    lines: Sequence[str],
    *,
    title: str | None = None,
    authors: Sequence[str] = (),
    outlet: str | None = None,
    is_recurring: Callable[[str, bool], bool] | None = None,
    with_headline: bool = False,
) -> Parted:
    """Separate `lines` (paragraphs, none empty) into the article and its furniture, both in order.

    `is_recurring(line, is_beside_furniture)` says whether the outlet repeats the line so often that it is furniture.
    `with_headline` keeps the line that repeats the title, for texts that have little or nothing else.
    """
    looks = [look(line) for line in lines]
    gone = [looked.is_furniture for looked in looks]
    _mark_head(lines, looks, gone, title or "", authors)
    _mark_teasers(lines, looks, gone)
    _mark_endings(looks, gone)
    _mark_authors(lines, looks, gone, authors, outlet)
    _mark_edges(lines, looks, gone)
    _mark_names(looks, gone)
    if is_recurring is not None:
        _mark_recurring(lines, looks, gone, is_recurring)
    _mark_repeats(lines, looks, gone)
    _keep_captions(lines, looks, gone)
    if with_headline:
        _keep_headline(lines, looks, gone, title or "")
    kept = [i for i, g in enumerate(gone) if not g]
    return Parted(
        [lines[i] for i in kept],
        [line for line, g in zip(lines, gone, strict=True) if g],
        sum(looks[i].n_words for i in kept),
        next((lines[i] for i in kept if looks[i].is_sentence), None),
    )


def _keep_captions(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Where pictures are all that there is, what they show is the text."""
    if has_text([line for line, g in zip(lines, gone, strict=True) if not g]):
        return
    for n, look_ in enumerate(looks):
        if look_.kind is LineKind.CREDIT and look_.n_words >= _CAPTION_WORDS:
            gone[n] = False


def has_text(kept: Sequence[str]) -> bool:
    """Whether any of the kept lines is more than a dateline."""
    return not all(map(_is_bare_dateline, kept))


# --- lines among others ----------------------------------------------------------------------------------------


def _mark_head(
    lines: Sequence[str], looks: list[Look], gone: list[bool], title: str, authors: Sequence[str]
) -> None:
    """Mark the headline, the byline, the section and the caption at the top, up to the first sentence."""
    wanted = frozenset(scripts.words(title.casefold()))
    names = frozenset(w for a in authors for w in scripts.words(a.casefold()))
    for i, line in enumerate(lines[:_HEAD_LINES]):
        looked, words = looks[i], frozenset(looks[i].words)
        if _is_headline(line, looked, title, wanted):
            gone[i] = True
        elif looked.is_sentence and not gone[i]:
            return
        elif not looked.is_sentence:
            is_caption = len(words) >= 2 and words <= wanted
            is_name = bool(names & words) and words <= names | _byline_words()
            gone[i] = (
                gone[i] or looked.kind is LineKind.BYLINE or is_caption or is_name or _is_kicker(line, looked)
            )


@cache
def _byline_words() -> frozenset[str]:
    return _FOLDED.stamps | _FOLDED.roles | frozenset(openings(_LEXICON.bylines))


def _is_headline(line: str, looked: Look, title: str, wanted: frozenset[str]) -> bool:
    """Whether a line is the title, perhaps with a section before it or a little more after it, or has most of its words.

    A line that ends in a full stop is a sentence of the text, even if the title repeats it.
    """
    if not title or looked.n_words > 40 or (looked.is_sentence and line.endswith(scripts.FULL_STOPS)):
        return False
    shown, stated = scripts.letters(line), scripts.letters(title)
    if shown == stated:
        return True
    if (
        len(stated) >= 12
        and len(shown) <= 1.5 * len(stated) + 20
        and (shown.endswith(stated) or shown.startswith(stated))
    ):
        return True
    words = frozenset(looked.words)
    least, most = min(len(words), len(wanted)), max(len(words), len(wanted))
    is_alike = least >= 5 and len(words & wanted) >= 0.75 * least and most <= 2 * least
    return not looked.is_sentence and is_alike  # a much longer line is the first paragraph


def _keep_headline(lines: Sequence[str], looks: list[Look], gone: list[bool], title: str) -> None:
    """Bring the headline back. Without a title, and if nothing else is left, bring back the first line that is text by itself."""
    head = range(min(len(lines), _HEAD_LINES))
    own = [i for i in head if looks[i].kind is LineKind.TEXT]
    wanted = frozenset(scripts.words(title.casefold()))
    found = [i for i in head if scripts.are_same(lines[i], title)]
    found += [i for i in own if _is_headline(lines[i], looks[i], title, wanted)]
    if not title and all(gone):
        found = own
    if found and all(gone[i] for i in found):
        gone[found[0]] = False


_DATELINE = re.compile(r"^\W*[A-ZÄÖÜÉÈŁŚŻÅØÆ][A-ZÄÖÜÉÈŁŚŻÅØÆ.' ]{2,30}(?:,|\(|\s[–—-]|/)")


def _is_bare_dateline(line: str) -> bool:
    """Whether a line is a place with a date or an agency, and nothing else."""
    is_open = line.endswith(("-", "–", "—", ")")) or scripts.is_figure(line[-1:])
    return is_open and is_dateline(line) and look(line).n_words <= _DATELINE_WORDS


_REVISION = re.compile(rf"^\W*{one_of(_LEXICON.revisions)}\b", re.IGNORECASE)


def _is_kicker(line: str, looked: Look) -> bool:
    """Whether a line above the first sentence is a section, a name or a place: at most three words without a full stop."""
    if looked.n_words > 3 or scripts.ends_sentence(line) or line.endswith((":", ";")):
        return False
    return not (_REVISION.match(line) or _DATELINE.match(line))


def _mark_teasers(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Mark the headlines of other articles below their heading: all lines if they are few and no text follows, else the next one."""
    n_words = _sums_from(looked.n_words for looked in looks)
    n_texts = _sums_from(looked.is_sentence or looked.n_words > _HEADLINE_WORDS for looked in looks)
    for i, looked in enumerate(looks[:-1], 1):
        is_section = looked.kind is LineKind.SECTION_TEASER
        if (
            looked.kind is not LineKind.TEASER_HEADING
            and not is_section
            and not (looked.kind is LineKind.TEASER and lines[i - 1].endswith(":"))
        ):
            continue
        if not n_texts[i] and n_words[i] <= _UNDER_SHARE * n_words[0]:
            gone[i - 1 :] = [True] * (len(gone) - i + 1)
            return
        if is_section:
            continue
        is_text = n_texts[i] > n_texts[i + 1]
        if lines[i].endswith(("...", "…")) if is_text else looks[i].n_words >= 4:
            gone[i] = True  # a headline, or the beginning of the other article


def _sums_from(values: Iterable[int]) -> list[int]:
    """For each position, and for the end, the sum of the values from there on."""
    return [*accumulate(reversed(list(values)), initial=0)][::-1]


def _mark_endings(looks: list[Look], gone: list[bool]) -> None:
    """Mark all lines from a heading over what does not belong to the article, if they are few."""
    n_words = _sums_from(looked.n_words for looked in looks)
    n_sentences = _sums_from(looked.is_sentence for looked in looks)
    for i, looked in enumerate(looks):
        if looked.kind is not LineKind.ENDING:
            continue
        gone[i] = True
        if i >= 3 and n_words[i + 1] <= min(250, 0.35 * n_words[0]) and n_sentences[i + 1] <= 6:
            gone[i:] = [True] * (len(gone) - i)
            return


_BIO_LINES = 6  # at the end, where an author's box is looked for
_BIO_WORDS = 80  # what may follow the line that names the author


def _mark_authors(
    lines: Sequence[str], looks: list[Look], gone: list[bool], authors: Sequence[str], outlet: str | None
) -> None:
    """Mark what is said about the author after the article: a sentence with name and profession, and all that follows."""
    house = frozenset(scripts.words((outlet or "").casefold())) - _ARTICLES
    surnames = {w[-1] for a in authors if (w := scripts.words(a.casefold()))} - house
    if not (house or surnames):
        return
    most = 0.3 * sum(looked.n_words for looked in looks)
    for i in range(max(2, len(lines) - _BIO_LINES), len(lines)):
        words, n_behind = looks[i].words[:25], sum(r.n_words for r in looks[i + 1 :])
        if not words or n_behind > _BIO_WORDS or n_behind + looks[i].n_words > most or QUOTE.match(lines[i]):
            continue
        is_named = not surnames.isdisjoint(words[:5])
        is_bio = looks[i].is_sentence and (
            (house and _has_role(words, house)) or (is_named and _has_role(words, frozenset()))
        )
        if is_bio or (is_named and len(looks[i].words) <= 4):
            gone[i:] = [True] * (len(gone) - i)
            return


def _mark_names(looks: list[Look], gone: list[bool]) -> None:
    """Mark a name over what is said about its bearer at the end, which is furniture."""
    for i in range(max(2, len(looks) - _BIO_LINES - 1), len(looks) - 1):
        name = looks[i].words
        is_name = 2 <= len(name) <= 4 and not looks[i].is_sentence
        if is_name and gone[i + 1] and looks[i + 1].words[: len(name)] == name:
            gone[i] = True


def _has_role(words: tuple[str, ...], house: frozenset[str]) -> bool:
    """Whether a profession is named and, close to it, every word of the house; without a house, the profession is enough."""
    roles = [n for n, word in enumerate(words) if word in _FOLDED.roles]
    if not house <= frozenset(words):
        return False
    return any(all(abs(words.index(h) - role) <= 5 for h in house) for role in roles)


_ARTICLES = _FOLDED.outlet_fillers
_CODES = scripts.pattern(r"[(\[]?[^\W\d_]{2,6}\.?(?:[\s,/&+-]+[(\[]?[^\W\d_]{2,6}\.?[)\]]?){0,4}[)\]]?$")
_AT_THE_END = {
    LineKind.SIGN_OFF,
    LineKind.BYLINE,
    LineKind.DATE,
    LineKind.CONTACT,
    LineKind.DOUBTFUL_APPEAL,
}
_BESIDE = {LineKind.APPEAL, LineKind.LABEL, LineKind.ENDING, LineKind.DOUBTFUL_APPEAL}


def _mark_edges(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Mark sign-offs, bylines and doubtful appeals at the bottom; doubtful appeals also at the top and beside other furniture."""
    end = len(looks)
    while end and (
        gone[end - 1] or looks[end - 1].kind in _AT_THE_END or _is_code(lines[end - 1], looks[end - 1])
    ):
        end -= 1
        gone[end] = True
    for i, looked in enumerate(looks[:end]):
        if looked.kind is LineKind.DOUBTFUL_APPEAL:
            near = {looks[j].kind for j in (i - 1, i + 1) if 0 <= j < len(looks)}
            gone[i] = i < 2 or not near.isdisjoint(_BESIDE)


def _is_code(line: str, looked: Look) -> bool:
    """Whether a line consists of the signs of agencies and editors, such as (dmk) or SDA/sep. "He was not hurt." does not."""
    if looked.n_words > 4 or line.endswith((".", "!", "?")) or not _CODES.match(" ".join(looked.words)):
        return False
    return looked.n_words == 1 or line[0] in "([" or "/" in line or line[0].islower() or line.isupper()


def _mark_recurring(
    lines: Sequence[str], looks: list[Look], gone: list[bool], is_recurring: Callable[[str, bool], bool]
) -> None:
    """Mark what the outlet uses elsewhere, unless that is most of the text: then it is the same article, filed again."""
    last = len(lines) - 1
    found = []
    for i, line in enumerate(lines):
        at_edge = i < 3 or i > last - 5 or gone[i - 1] or gone[i + 1]
        if not gone[i] and is_recurring(line, at_edge or not looks[i].is_sentence):
            found.append(i)
    n_kept = sum(looked.n_words for looked, g in zip(looks, gone, strict=True) if not g)
    if 2 * sum(looks[i].n_words for i in found) <= n_kept:
        for i in found:
            gone[i] = True


def _mark_repeats(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Mark paragraphs that repeat an earlier one: a pull quote, a box."""
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if looks[i].n_words >= 8 and not gone[i]:
            gone[i] = line in seen
            seen.add(line)
