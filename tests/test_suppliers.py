"""The agency of a text by likeness: from the link of two texts, or from what two links to the origin leave at least."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.tables import LINKS
from pipeline.stories import suppliers as module
from pipeline.stories.suppliers import agencies_of

Link = tuple[str, str, float, float]  # article, other, share of the article's words, share of the other's


def _placed(groups: dict[str, str]) -> pa.Table:
    return pa.table({"article_id": list(groups), "copy_id": list(groups.values())})


def agencies(groups: dict[str, str], links: list[Link], suppliers: dict[str, str]) -> list[str | None]:
    rows = [
        {"article_id": a, "other_id": b, "kind": "near", "jaccard": 0.5, "containment": c, "containment_other": d,
         "accepted": True, "reason": "", "rule_version": 1}
        for a, b, c, d in links
    ]  # fmt: skip
    return agencies_of(_placed(groups), LINKS.table(rows), suppliers)


CASES = [
    ("a copy", [("b", "a", 0.9, 0.9)], {"a": "AP"}, ["AP", "AP", None]),
    ("the origin of a copy that says it", [("b", "a", 0.9, 0.9)], {"b": "AP"}, ["AP", "AP", None]),
    ("an excerpt", [("b", "a", 0.9, 0.2)], {"a": "AP"}, ["AP", "AP", None]),
    ("no text that an excerpt is from", [("b", "a", 0.9, 0.2)], {"b": "AP"}, [None, "AP", None]),
    ("no text that adds most of its words", [("b", "a", 0.4, 1.0)], {"a": "AP"}, ["AP", None, None]),
    ("through an origin that says nothing", [("b", "a", 1.0, 1.0), ("c", "a", 0.9, 0.9)], {"b": "AP"}, ["AP"] * 3),
    ("never through an origin that mixes", [("b", "a", 0.9, 0.4), ("c", "a", 0.9, 0.4)], {"b": "AP"}, [None, "AP", None]),
    ("two are told as two", [("b", "a", 0.9, 0.45), ("c", "a", 0.9, 0.45)], {"b": "AP", "c": "dpa"}, [None, "AP", "dpa"]),
    ("the nearer of two", [("a", "b", 0.6, 0.6), ("a", "c", 0.8, 0.8)], {"b": "AP", "c": "dpa"}, ["dpa", "AP", "dpa"]),
    ("the first of equals", [("a", "b", 0.8, 0.8), ("a", "c", 0.8, 0.8)], {"b": "dpa", "c": "AP"}, ["dpa", "dpa", "AP"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("links", "suppliers", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_most_words_decide(links: list[Link], suppliers: dict[str, str], expected: list[str | None]) -> None:
    assert expected == agencies({"a": "a", "b": "a", "c": "a"}, links, suppliers)
    assert expected == agencies({"a": "a", "b": "a", "c": "a"}, links[::-1], suppliers)


NAMES = st.sampled_from("abcdef")
SHARES = st.sampled_from([0.4, 0.5, 0.9, 1.0])


@given(
    groups=st.dictionaries(NAMES, NAMES, min_size=1),
    links=st.lists(
        st.tuples(NAMES, NAMES, SHARES, SHARES).filter(lambda link: link[0] != link[1]), max_size=8
    ),
    known=st.dictionaries(NAMES, st.sampled_from(["AP", "dpa"])),
)
def test_links_that_are_far_from_a_supplier_say_nothing(
    groups: dict[str, str], links: list[Link], known: dict[str, str]
) -> None:
    """They are left out; with them, every article has the same agency."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_telling", lambda every, _: every)
        every = agencies(groups, links, known)

    assert every == agencies(groups, links, known)
