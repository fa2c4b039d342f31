"""Which group an article joins: rules of copies, one case each."""

import numpy as np
import pytest

from pipeline.kernels import placing
from pipeline.model.kinds import LINK_KINDS, Kind

LEAST_SHARE = 0.25
Link = tuple[
    int, int, Kind | None, float, float
]  # article, other, kind (None: refused), Jaccard, containment


def placed(
    n: int, *links: Link, n_earlier: int = 0, first: dict[int, int] | None = None
) -> tuple[list[int], set[tuple[int, int]]]:
    """The group of each of n articles, and the pairs that are wanted; `first` has the first captures of later ones."""
    links = tuple(sorted(links))
    starts = np.searchsorted([link[0] for link in links], np.arange(n + 1))
    given = placing.Links(
        starts.astype(np.int64),
        np.array([link[1] for link in links], np.int32),
        np.array([LINK_KINDS.index(link[2]) for link in links], np.uint8),
        np.array([link[3] for link in links], np.float64),
        np.array([link[4] for link in links], np.float64),
    )
    firsts = np.full(n, -1)
    for later, its_first in (first or {}).items():
        firsts[later] = its_first
    groups = placing.Groups(np.full(n, -1), np.full(n, -1), np.zeros(n), np.zeros(n, bool), firsts)
    groups.group[:n_earlier] = np.arange(n_earlier)
    found = placing.place(given, groups, n_earlier, LEAST_SHARE)
    return groups.group.tolist(), {(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in found.wanted}


def near(article: int, other: int) -> Link:
    return article, other, Kind.NEAR, 0.8, 0.9


def refused(article: int, other: int, jaccard: float = 0.0, containment: float = 0.0) -> Link:
    return article, other, None, jaccard, containment


def test_an_article_joins_the_oldest_group_that_it_holds_against() -> None:
    assert ([0, 1, 0], set()) == placed(3, refused(1, 0), near(2, 0), near(2, 1))


def test_the_same_words_win_over_an_older_group() -> None:
    links = refused(1, 0), refused(2, 0), refused(2, 1), near(3, 0)

    assert [0, 1, 2, 1] == placed(4, *links, (3, 1, Kind.EXACT, 1.0, 1.0))[0]


def test_a_later_capture_of_a_page_is_in_the_group_of_the_first_whatever_its_text() -> None:
    """Nothing is asked about it: neither its own links nor another group count."""
    assert ([0, 1, 0], set()) == placed(3, refused(1, 0), refused(2, 0), near(2, 1), first={2: 0})


def test_a_copy_of_a_later_version_of_the_origin_is_in_its_group() -> None:
    assert [0, 0, 0] == placed(3, refused(2, 0), near(2, 1), first={1: 0})[0]


def test_a_copy_of_a_later_version_of_a_copy_must_hold_against_the_origin() -> None:
    """No chains: what another outlet made of the text is not the text."""
    assert [0, 0, 0, 3] == placed(4, near(1, 0), refused(3, 0), refused(3, 1), near(3, 2), first={2: 1})[0]


def test_a_copy_of_a_member_joins_only_if_it_holds_against_the_origin() -> None:
    assert [0, 0, 2] == placed(3, near(1, 0), near(2, 1), refused(2, 0))[0]


def test_a_link_with_an_origin_that_is_not_known_is_wanted() -> None:
    assert {(2, 0)} == placed(3, near(1, 0), near(2, 1))[1]


EXPANDED = (1, 0, Kind.EXPANDED, 0.3, 0.3)  # the fullest text of the group of 0


@pytest.mark.parametrize(("with_fullest", "group"), [(near(2, 1), 0), (refused(2, 1), 2)])
def test_a_longer_text_must_hold_against_the_fullest_text_too(with_fullest: Link, group: int) -> None:
    """Two long articles that share a brief are not one text."""
    longer = (2, 0, Kind.EXPANDED, 0.3, 0.3)

    assert group == placed(3, EXPANDED, longer, with_fullest)[0][2]


@pytest.mark.parametrize(("share", "group"), [(0.3, 0), (0.2, 2)])
def test_a_quarter_of_the_origin_is_enough_for_what_the_fullest_text_holds(share: float, group: int) -> None:
    excerpt = (2, 1, Kind.EXCERPT, 0.3, 0.9)

    assert group == placed(3, EXPANDED, refused(2, 0, share / (2 - share), share), excerpt)[0][2]


@pytest.mark.parametrize(("share", "group"), [(0.3, 0), (0.2, 2)])
def test_a_quarter_in_an_edited_origin_is_enough_for_an_excerpt_of_a_whole_copy(
    share: float, group: int
) -> None:
    excerpt = (2, 1, Kind.EXCERPT, 0.3, 0.9)

    assert group == placed(3, near(1, 0), refused(2, 0, 0.1, share), excerpt)[0][2]


def test_an_article_with_links_into_two_groups_has_their_origins_compared() -> None:
    """Of a large bucket only some pairs were, perhaps not these."""
    assert {(1, 0)} == placed(3, near(2, 0), near(2, 1))[1]
    assert set() == placed(3, near(2, 0), near(2, 1), n_earlier=2)[1]
    assert set() == placed(3, near(2, 0), refused(2, 1))[1]
