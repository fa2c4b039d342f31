"""Forms: one frame filled in again (a match report, the weather, a fixing, a table of prices) is not a copy.

Numbers and names tell two fillings apart. In long texts many of them must differ. In briefs, which consist mostly of their
form, a few suffice; where only numbers can tell two texts apart, one does. A brief that comes again days later needs
none: nobody edits a brief that late.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.model import arrow
from pipeline.model.arrow import Booleans, Integers
from pipeline.model.contract import Row
from pipeline.model.sorting import likely_moments
from pipeline.text import scripts

if TYPE_CHECKING:
    from pipeline.kernels.comparing import FactCounts
    from pipeline.kernels.framing import Swaps

BRIEF = 200  # shingles: shorter bulletins are mostly form, and a few numbers are all their news
OTHER_DAY = 18  # hours: a correction comes within a day, the next bulletin of a daily form comes later
# Hours: nobody edits a brief so much later; if its words come again with changes, they are its form.
RERUN = 72
AS_LONG = 0.8  # of the longer text: two fillings of one form have about the same length
# Of the words of a text, so many are the numbers and names that a form leaves open: a report that was updated changes fewer.
FILLED = 0.03
FILLED_LATER = 0.015  # on another day
MANY = 3  # an editor corrects fewer numbers or names than this


def is_brief(sizes: tuple[Integers, Integers]) -> Booleans:
    return np.maximum(*sizes) < BRIEF


_TIMES = ["published_at", "published_precision", "other_published_at", "other_published_precision"]
READ = ["title", "text", "other_title", "other_text", *_TIMES]  # of COMPARED


class Differences(NamedTuple):
    """The numbers and names of each pair that differ."""

    facts: "FactCounts"
    swaps: "Swaps"

    def take(self, at: Integers) -> "Differences":
        """Those of some pairs."""
        facts, swaps = self
        return Differences(
            type(facts)(*(count[at] for count in facts)), type(swaps)(*(count[at] for count in swaps))
        )


class Vetoes(NamedTuple):
    """Whether each pair is one frame …"""

    numbers: Booleans  # with other numbers
    names: Booleans  # with other names
    again: Booleans  # with other words, days later


def may_be_forms(
    compared: pa.Table, facts: "FactCounts", sizes: tuple[Integers, Integers], at: Integers
) -> Booleans:
    """Which of the pairs `at` `vetoes` may strike: a number or name differs, there are many numbers, or one came days later."""
    briefs = is_brief((sizes[0][at], sizes[1][at]))
    found: Booleans = np.any(facts.lacked_numbers[at] + facts.lacked_names[at] >= 1, axis=1)
    found |= briefs & (10 * facts.numbers[at] >= np.column_stack(sizes)[at]).all(axis=1)
    unsure = np.flatnonzero(briefs & ~found)
    found[unsure] = _apart(compared.select(_TIMES).take(arrow.indices(at[unsure])), RERUN)
    return found


def vetoes(compared: pa.Table, found: Differences, sizes: tuple[Integers, Integers]) -> Vetoes:
    """Whether each pair of COMPARED is one frame, filled in twice. `sizes` are the shingles of either text."""
    facts, swaps = found
    table, swapped = are_tables(swaps), swaps.numbers + swaps.names
    # In prose a number is another only if it stands in the other's place: what one text adds is no figure of a form.
    has, lacks = facts.numbers, np.where(table[:, None], facts.lacked_numbers, swaps.numbers)
    filled = table | (swapped >= FILLED * swaps.tokens).all(axis=1)
    dated = table | (swapped >= FILLED_LATER * swaps.tokens).any(axis=1)
    brief, later, as_long = is_brief(sizes), _apart(compared, OTHER_DAY), _as_long(sizes)
    differ, differs = (lacks >= 1).all(axis=1), as_long & (lacks >= 1).any(axis=1)
    numbers = filled & _mostly_other(has, lacks)
    numbers |= filled & brief & ((lacks >= 2) & (3 * lacks >= has)).all(axis=1)
    numbers |= filled & later & as_long & ((lacks >= MANY) & (4 * lacks >= has)).all(axis=1)
    numbers |= dated & brief & later & (differ | differs)
    numbers |= table & brief & differs & _without_headlines(compared)
    numbers |= table & brief & (_are_other_cells(swaps) | _of_other_headlines(compared, swaps.other_cells))
    names = filled & _mostly_other(facts.names, swaps.names)
    # An editor changes words, too.
    only_facts = (swaps.words <= swaps.names + 1).all(axis=1) & (swapped >= MANY).all(axis=1)
    names |= filled & brief & (only_facts | _mostly_other(facts.numbers + facts.names, swapped))
    named = facts.lacked_names >= 1
    names |= _of_others(compared, brief & (named.all(axis=1) | (table & named.any(axis=1))), table)
    return Vetoes(numbers, names, brief & _apart(compared, RERUN) & ~_are_extended(found))


def _are_extended(found: Differences) -> Booleans:
    """Whether one text is the other with more: it has all of its words, no fewer, and no other figures in their place."""
    facts, swaps = found
    lacked, more = swaps.words + facts.lacked_numbers, swaps.tokens - swaps.tokens[:, ::-1]
    extended: Booleans = np.any((lacked[:, ::-1] == 0) & (more >= lacked), axis=1)
    extended &= np.any(swaps.other_cells == 0, axis=1)
    return extended


def are_tables(swaps: "Swaps") -> Booleans:
    """Whether both texts are tables: a fifth of their words are numbers, or half are numbers and names."""
    facts = swaps.figures + swaps.named
    found: Booleans = np.all((5 * swaps.figures >= swaps.tokens) | (2 * facts >= swaps.tokens), axis=1)
    return found


def _are_other_cells(swaps: "Swaps") -> Booleans:
    """Whether three numbers of each table, or two and a quarter, stand where the other has others, and hardly a word differs.

    An editor who puts figures right changes words, too, or a figure or two.
    """
    cells = swaps.other_cells
    other = (cells >= MANY) | ((cells >= MANY - 1) & (4 * cells >= swaps.cells))
    hardly: Booleans = np.all(other & (swaps.words <= cells), axis=1)
    hardly &= np.any(swaps.words == 0, axis=1)
    return hardly


def _of_other_headlines(compared: pa.Table, other_cells: NDArray[np.int32]) -> Booleans:
    """Whether cells differ, and the headlines, which alone say what a table is of, have little in common."""
    found: Booleans = np.all(other_cells >= 1, axis=1)
    at = np.flatnonzero(found)
    rows = compared.select(["title", "other_title"]).take(arrow.indices(at)).to_pylist()
    found[at] = [_are_strangers(_words(row["title"] or ""), _words(row["other_title"] or "")) for row in rows]
    return found


def _are_strangers(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and 5 * len(one & other) < 2 * len(one | other)


def _mostly_other(has: NDArray[np.int32], lacks: NDArray[np.int32]) -> Booleans:
    """Whether more than half of the numbers, or of the names, of each text are not in the other."""
    mostly = (lacks >= MANY) & (2 * lacks > has)
    return np.logical_and(mostly[:, 0], mostly[:, 1])


def _as_long(sizes: tuple[Integers, Integers]) -> Booleans:
    return np.minimum(*sizes) >= AS_LONG * np.maximum(*sizes)


def _apart(compared: pa.Table, least_hours: int) -> Booleans:
    """Whether both times of publication are known and lie at least so far apart."""
    at, other = (
        likely_moments(compared[f"{of}published_at"], compared[f"{of}published_precision"])
        for of in ("", "other_")
    )
    apart = pc.subtract(at, other).cast(pa.int64())
    least = pa.scalar(least_hours * 3_600_000_000)
    found: Booleans = arrow.filled(pc.greater_equal(pc.abs(apart), least), False).to_numpy()
    return found


def _without_headlines(compared: pa.Table) -> Booleans:
    """Whether neither has one: only its numbers tell one table of prices from another."""
    bare = [arrow.filled(arrow.equals(strings(compared[n]), ""), True) for n in ("title", "other_title")]
    found: Booleans = pc.and_(*bare).to_numpy()
    return found


def _of_others(compared: pa.Table, asked: Booleans, table: Booleans) -> Booleans:
    """Of the asked pairs, those whose headlines are one frame too, each with a name that does not occur in the other article.

    Of tables it is enough if one of the names does not.
    """
    at = np.flatnonzero(asked)
    rows = compared.select(["title", "text", "other_title", "other_text"]).take(arrow.indices(at)).to_pylist()
    found = np.zeros(len(asked), bool)
    found[at] = [
        _are_one_frame(*(row[n] or "" for n in ("title", "other_title"))) and _differ(row, is_table)
        for row, is_table in zip(rows, table[at], strict=True)
    ]
    return found


def _are_one_frame(title: str, other_title: str) -> bool:
    one, other = _words(title), _words(other_title)
    return len(one & other) >= max(2, min(len(one), len(other)) / 4)


def _differ(row: Row, is_table: bool) -> bool:
    one, other = ((_words(row[f"{p}title"] or ""), _words(row[f"{p}text"])) for p in ("", "other_"))
    mine, its = (one[0] & one[1]) - other[0], (other[0] & other[1]) - one[0]
    unknown = bool(mine - other[1]), bool(its - one[1])
    return bool(mine and its) and (any(unknown) if is_table else all(unknown))


def _words(text: str) -> set[str]:
    return set(scripts.words(scripts.fold(text)))


def strings(column: arrow.ChunkedArray) -> arrow.ChunkedArray:
    """A column of plain texts; an engine may have attached it as a dictionary."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
