"""Digests: which articles are near to several events that are not near to one another."""

from collections.abc import Callable

import numpy as np
import pytest

from pipeline.model.arrow import Floats, Integers
from pipeline.stories.digests import are_digests
from tests.placed import groups, joined, run_days, told, weighed

EVENTS = {
    "pier": ("Kestrel Bay closes its eastern pier", "The harbour board of Kestrel Bay closes the old eastern pier after divers found shipworm in eleven timber piles."),
    "school": ("Heating fails at Lindenhof school", "Pupils at Lindenhof secondary school were sent home after the boiler failed for the third time within a month."),
    "flood": ("Upper Marn past its third mark", "Farmers along the upper Marn drive cattle to higher ground while meltwater pushes past the third warning mark."),
    "radio": ("Tarven radio wins back its licence", "A community station above Tarven won back its licence after judges ruled that the regulator miscounted listeners."),
}  # fmt: skip
BRIEF = ("News in brief", "\n".join(text for _, text in EVENTS.values()))


def lookup(one: Integers, other: Integers, scores: Floats) -> Callable[[Integers, Integers], Floats]:
    """The scores of pairs in either order; 0 for others."""
    known = {frozenset(pair): score for *pair, score in zip(one, other, scores, strict=True)}
    return lambda some, others: np.array(
        [known.get(frozenset(pair), 0.0) for pair in zip(some, others, strict=True)]
    )


@pytest.mark.parametrize("later", [0, 1], ids=["the same day", "the day after"])
def test_a_digest_of_several_events_is_a_report_of_none(later: int) -> None:
    rows = run_days(
        weighed(told(**{name: (0, event) for name, event in EVENTS.items()}, brief=(later, BRIEF)))
    )

    assert groups(rows) == {joined(name) for name in (*EVENTS, "brief")}


def test_headlines_of_one_event_that_share_no_word_make_no_digest() -> None:
    """What three headlines say, and a report says in full, is one event; the third is too far from the other two."""
    report = (
        "Lake ferry sinks off Tarven",
        (
            "A ferry sank in the lake off Tarven on Friday after its captain ran it onto a reef. All 84 passengers were saved by fishermen. The"
            " owner, Marn Lines, withdrew two sister ships. Divers search the wreck for the logbook. The harbour office had warned of low water,"
            " and mariners had long asked for a beacon on the Deshka reef, which is charted badly. Captain Ilse Tamm was questioned."
        ),
    )
    rows = run_days(
        weighed(
            told(
                report=(0, report),
                one=(0, ("Fishermen save passengers of sinking ferry", "")),
                two=(0, ("Captain Ilse Tamm questioned on Deshka reef", "")),
                three=(0, ("Marn Lines withdraws sister ships", "")),
            )
        )
    )

    assert joined("report", "one", "two") in groups(rows)


def test_reports_of_one_event_are_none_however_many() -> None:
    """The centre is near to all, and all are somewhat near to one another."""
    pairs = [(0, n, 0.5) for n in range(1, 6)] + [(a, b, 0.1) for a in range(1, 6) for b in range(a + 1, 6)]
    one, other, scores = (np.array(column) for column in zip(*pairs, strict=True))

    assert not are_digests(one, other, scores, 0.24, 6, lookup(one, other, scores)).any()


@pytest.mark.parametrize(("n_events", "is_digest"), [(1, False), (2, False), (3, True), (9, True)])
def test_three_events_that_have_nothing_in_common_make_one(n_events: int, is_digest: bool) -> None:
    """Each with three reports, which are near to one another and to the digest."""
    reports = [1 + 3 * event + n for event in range(n_events) for n in range(3)]
    pairs = [(0, report, 0.3) for report in reports]
    pairs += [(a, b, 0.8) for a in reports for b in reports if a < b and (a - 1) // 3 == (b - 1) // 3]
    one, other, scores = (np.array(column) for column in zip(*pairs, strict=True))
    order = np.random.default_rng(5).permutation(len(one))

    score = lookup(one, other, scores)
    found = are_digests(one[order], other[order], scores[order], 0.24, len(reports) + 1, score)

    assert found.tolist() == [is_digest] + [False] * len(reports)


def test_without_pairs_there_is_none() -> None:
    none = np.zeros(0, np.int64)

    assert not are_digests(none, none, np.zeros(0), 0.24, 3, lookup(none, none, none)).any()
