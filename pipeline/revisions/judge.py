"""Whether two captures of one page show one article, and what became of it: the table of rules."""

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pipeline.model.kinds import Capture, Precision
from pipeline.revisions.differences import NO_DIFFERENCES, Differences, compare
from pipeline.revisions.sentences import sentences_of
from pipeline.text import lexicon, pages, scripts, urls
from pipeline.text.lexicon import one_of

# Of the later version's words that the earlier has: below, it is another text under the same address.
_REWRITTEN = 0.2
_ENTRIES = 3  # lines that begin with a clock time: so many make a page a running file
_HEADINGS = 0.5  # of a page's words in lines that are no sentences: from there it lists what else there is
_LEAST_WORDS = 40  # of a list
# Of the sentences of both versions, where nothing says that it is one article: so many went and so many came. Of briefs a
# sentence more; one that was written anew tells nothing.
_TURNED_OVER, _OF_BRIEFS, _MANY = 1 / 5, 1 / 3, 3
_SHARED = 0.25  # of the shorter version's words, in whole sentences: where nothing but the text says that it is one article
_CLOCK = re.compile(r"\W{0,2}(?:[01]?\d|2[0-3])\s?[:.h]\s?[0-5]\d\b")
_LIVE = re.compile(
    rf"\b{one_of(lexicon.words().live)}\b|{one_of(lexicon.words().live_within)}", re.IGNORECASE
)
_PERIODIC = re.compile(
    rf"\b{one_of(lexicon.words().periodicals)}\b|{one_of(lexicon.words().periodicals_within)}", re.IGNORECASE
)


class Reason(StrEnum):
    """The rule by which a capture belongs to the one before it: the reason of its link."""

    SAME = "same page, same text"
    TITLE = "same page, same text, new headline"
    PART = "same page, a part of the text"
    REVISED = "same page, text revised"
    FULLER = "same page, text added"
    REWRITTEN = "same page, text rewritten"


REASONS = {
    Capture.UNCHANGED: Reason.SAME,
    Capture.TITLE_CHANGED: Reason.TITLE,
    Capture.PARTIAL: Reason.PART,
    Capture.REVISED: Reason.REVISED,
    Capture.FULLER: Reason.FULLER,
    Capture.REWRITTEN: Reason.REWRITTEN,
}


class Version(NamedTuple):
    """What of a capture says whether another one shows the same article."""

    address: str
    title: str | None
    text: str
    published_at: datetime | None
    published_precision: str | None


# The columns of an article that a version is, in its order.
SAID = ("canonical_url", "title", "text", "published_at", "published_precision")


class Verdict(NamedTuple):
    """What a capture is to an earlier one of its page, and what differs; None: nothing says that it is the same article."""

    capture: Capture | None
    differences: Differences


def judge(earlier: Version, later: Version) -> Verdict:
    """Compare two captures of one page."""
    if earlier.text == later.text:
        return Verdict(_same(earlier, later), NO_DIFFERENCES)
    found = compare(sentences_of(earlier.text), sentences_of(later.text))
    if found.is_none:
        return Verdict(_same(earlier, later), found)
    if found.is_part:
        return Verdict(Capture.PARTIAL, found)
    return Verdict(_change(found) if _are_one(earlier, later, found) else None, found)


def _same(earlier: Version, later: Version) -> Capture:
    titles = earlier.title, later.title
    is_new = None not in titles and not scripts.are_same(titles[0] or "", titles[1])
    return Capture.TITLE_CHANGED if is_new else Capture.UNCHANGED


def _change(found: Differences) -> Capture:
    if found.is_fuller:
        return Capture.FULLER
    return Capture.REVISED if found.shared_words >= _REWRITTEN * found.sizes[1] else Capture.REWRITTEN


def _are_one(earlier: Version, later: Version, found: Differences) -> bool:
    """Whether both show one article, in another wording."""
    if earlier.address != later.address and not (found.kept or found.changed):
        return False  # two pages that happen to have one number
    n_old = len(found.earlier)
    went, came = len(found.removed), len(found.added)
    if _is_running(earlier) or _is_running(later):
        return not (went or found.n_reworded) or not (came or found.n_reworded)
    is_stated = _is_stated(earlier, later)
    if _is_called(_LIVE, earlier) or _is_called(_LIVE, later):
        return bool(found.kept or found.changed) and (4 * went <= n_old if is_stated else not went)
    if _is_called(_PERIODIC, earlier) or _is_called(_PERIODIC, later):
        return 2 * len(found.kept) > n_old
    if is_stated:
        return True
    return bool(found.kept) and not _is_turned_over(found) and found.kept_words >= _SHARED * min(found.sizes)


def _is_turned_over(found: Differences) -> bool:
    """Whether sentences went and others came, as they do on a page that lists what is new."""
    n = min(len(found.removed), len(found.added))
    share = min(len(found.removed) / len(found.earlier), len(found.added) / len(found.later))
    return n > 1 and share >= (_TURNED_OVER if n >= _MANY else _OF_BRIEFS)


def _is_stated(earlier: Version, later: Version) -> bool:
    """Whether the page says that it is one article: by its number, or by the minute of its publication."""
    if pages.article_number(later.address):
        return True
    stamp, precisions = later.published_at, {earlier.published_precision, later.published_precision}
    return stamp is not None and stamp == earlier.published_at and Precision.DAY not in precisions


def _is_running(version: Version) -> bool:
    """Whether a page grows by entries or lists what else there is: a ticker, an index."""
    lines = version.text.split("\n")
    if urls.is_front(version.address) or sum(_CLOCK.match(line) is not None for line in lines) >= _ENTRIES:
        return True
    looked = [(scripts.ends_sentence(line), scripts.n_words(line)) for line in lines]
    total, n_headings = sum(n for _, n in looked), sum(n for is_sentence, n in looked if not is_sentence)
    has_no_stops = n_headings == total and scripts.has_unspaced(version.text)  # Thai has none
    return total >= _LEAST_WORDS and n_headings >= _HEADINGS * total and not has_no_stops


def _is_called(names: re.Pattern[str], version: Version) -> bool:
    return names.search(f"{version.title or ''} | {pages.words_of(version.address)}") is not None
