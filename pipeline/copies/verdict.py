"""Whether two texts are copies: the table of rules, and the only place that decides it.

Every candidate becomes a link, accepted or refused, with its figures and the rule that decided.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.copies import templates
from pipeline.copies.compare import CONTAINED, Figures, held_share, is_held, measure, without_stamps
from pipeline.model import arrow, ids, versions
from pipeline.model.arrow import Booleans, Integers
from pipeline.model.kinds import LINK_KINDS, Kind, Reason
from pipeline.model.tables import LINKS

LEAST_SHARED = 20
LEAST_NEAR = 10
ENTIRE = (
    0.95  # of a text's shingles: what has no more words of its own is an excerpt, though most of it is quoted
)


# Of each kind by its number: what the link is when the other of the two articles is the later.
_OPPOSITE = {Kind.EXCERPT: Kind.EXPANDED, Kind.EXPANDED: Kind.EXCERPT}
_TURNED = np.array([LINK_KINDS.index(_OPPOSITE.get(kind, kind) if kind else None) for kind in LINK_KINDS])
_REASONS = list(Reason)


def verify(compared: pa.Table, near_threshold: float) -> pa.Table:
    """LINKS: each candidate pair decided on its two texts."""
    if not compared.num_rows:
        return LINKS.empty()
    figures = measure(compared, near_threshold)
    kind, reason = _decide(compared, figures, near_threshold)
    return _links(compared, figures, kind, reason)


def _decide(compared: pa.Table, figures: Figures, near_threshold: float) -> tuple[Integers, Integers]:
    """The kind (0: refused) and the reason of each pair."""
    held, other_held = held_share(figures, 0), held_share(figures, 1)
    shingles = (figures.jaccard >= near_threshold) & (figures.shared >= LEAST_NEAR)
    contained = [figures.containment(side) >= CONTAINED for side in (0, 1)]
    smaller = figures.sizes[0] < figures.sizes[1]
    whole = np.minimum(*figures.sizes) >= CONTAINED * np.maximum(*figures.sizes)
    alone = [is_held(figures, side) for side in (0, 1)]
    inside = np.where(smaller, contained[0] | alone[0], contained[1] | alone[1])
    part = inside & ~(shingles & whole) & ~(held & other_held)
    near = (shingles | (held & other_held)) & ~part
    entire = np.maximum(figures.containment(0), figures.containment(1)) >= ENTIRE
    is_quotation = part & ~entire & _are_quotations(figures, smaller)
    is_short = (part & (figures.shared < LEAST_SHARED)) | (
        ~part & (figures.jaccard >= near_threshold) & (figures.shared < LEAST_NEAR)
    )
    numbers, names, again = _vetoes(compared, figures)
    short_and_other_title = figures.same_words & (np.minimum(*figures.sizes) < LEAST_SHARED)
    at = np.flatnonzero(short_and_other_title)  # few: reading all titles took a tenth of a day's comparing
    short_and_other_title[at] = ~_same_title(compared.select(_TITLES).take(arrow.indices(at)))
    same_page = _equal(compared, "canonical_url").to_numpy()
    rules: list[tuple[Booleans, Kind | None, Reason]] = [
        (short_and_other_title, None, Reason.SHORT),
        (figures.same_words, Kind.EXACT, Reason.SAME_WORDS),
        (is_short, None, Reason.SHORT),
        ((near | part) & numbers, None, Reason.NUMBERS),
        ((near | part) & names, None, Reason.NAMES),
        (is_quotation, None, Reason.QUOTATION),
        (near & again & ~same_page, None, Reason.RERUN),
        (near & shingles, Kind.NEAR, Reason.SHINGLES),
        (near, Kind.NEAR, Reason.ALIGNED),
        (part & smaller, Kind.EXCERPT, Reason.CONTAINED),
        (part, Kind.EXPANDED, Reason.CONTAINED),
    ]
    which = np.select([condition for condition, _, _ in rules], list(range(len(rules))), len(rules))
    kinds = np.array([LINK_KINDS.index(kind) for _, kind, _ in rules] + [0])
    reasons = np.array([_REASONS.index(reason) for *_, reason in rules] + [_REASONS.index(Reason.LITTLE)])
    return kinds[which], reasons[which]


def _are_quotations(figures: Figures, smaller: Booleans) -> Booleans:
    """Whether less than half of what the smaller text shares is plain, and too little of it to be a report's own words."""
    shared, plain = figures.shared, _of_smaller(figures.compared.plain, smaller)
    numbers = _of_smaller(figures.facts.numbers, smaller)
    is_told = (plain >= LEAST_NEAR) & (4 * plain >= shared) & (10 * numbers < np.minimum(*figures.sizes))
    found: Booleans = (2 * plain < shared) & ~is_told
    return found


def _of_smaller(counts: NDArray[np.int32], smaller: Booleans) -> NDArray[np.int32]:
    """Of each pair the count of its smaller text."""
    return np.where(smaller, counts[:, 0], counts[:, 1])


def _vetoes(compared: pa.Table, figures: Figures) -> templates.Vetoes:
    """Which pairs are one frame filled in twice, by what the texts say, and not by the stamps of their sites."""
    found = templates.Vetoes(*(np.zeros(compared.num_rows, bool) for _ in templates.Vetoes._fields))
    at = np.flatnonzero(figures.differences.swaps.tokens[:, 0])  # the others agree
    _judge(found, compared, figures.differences.take(at), figures.sizes, at)
    at = np.flatnonzero(np.logical_or.reduce(found) & ~templates.are_tables(figures.differences.swaps))
    texts = compared.select(["text", "other_text"]).take(arrow.indices(at))
    _judge(found, compared, without_stamps(texts), figures.sizes, at)
    return found


def _judge(
    found: templates.Vetoes,
    compared: pa.Table,
    differences: templates.Differences,
    sizes: tuple[Integers, Integers],
    at: Integers,
) -> None:
    """Write the vetoes on the pairs `at`, whose differences are given, into those on all."""
    some = compared.select(templates.READ).take(arrow.indices(at))
    judged = templates.vetoes(some, differences, (sizes[0][at], sizes[1][at]))
    for every, veto in zip(found, judged, strict=True):
        every[at] = veto


def _links(compared: pa.Table, figures: Figures, kind: Integers, reason: Integers) -> pa.Table:
    swap = ~ids.are_later(compared)
    kinds = np.where(swap, _TURNED[kind], kind)
    flip = pa.array(swap)
    one, other = compared["article_id"], compared["other_id"]
    first, second = figures.containment(0), figures.containment(1)
    columns = [
        pc.if_else(flip, other, one),
        pc.if_else(flip, one, other),
        pa.array(LINK_KINDS, pa.string()).take(arrow.indices(kinds)),
        figures.jaccard,
        np.where(swap, second, first),
        np.where(swap, first, second),
        kind > 0,
        pa.array(_REASONS, pa.string()).take(arrow.indices(reason)),
        pa.array(np.full(len(kind), versions.RULES["copies"]), pa.int32()),
    ]
    return pa.table(columns, schema=LINKS.schema)


_TITLES = ["title", "other_title"]


def _same_title(compared: pa.Table) -> Booleans:
    """Titles equal but for their case, spaces and signs, or missing from one of the two."""
    titles = [pc.utf8_lower(templates.strings(compared[n])) for n in _TITLES]
    letters = [pc.replace_substring_regex(t, r"[^\pL\pM\pN]+", "") for t in titles]
    same: Booleans = arrow.filled(arrow.equals(*letters), True).to_numpy()
    return same


def _equal(compared: pa.Table, name: str) -> arrow.ChunkedArray:
    one, other = templates.strings(compared[name]), templates.strings(compared[f"other_{name}"])
    return arrow.filled(arrow.equals(one, other), False)
