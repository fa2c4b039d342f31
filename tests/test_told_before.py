"""Which reports still add what they added, when a story has changed after them."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.internal_tables import SAID
from pipeline.stories.additions import detect
from pipeline.stories.told_before import same_reports
from tests.test_additions import CAUSE, DAY, FIRST, ORIGIN, OWNER, PIANOS, article

Row = dict[str, Any]
EARLIER = {"is_new": False, "ingest_date": DAY - dt.timedelta(1)}


def test_a_report_keeps_what_it_adds_if_all_that_changed_comes_after_it() -> None:
    then = [ORIGIN, article("b", OWNER, 9), article("c", CAUSE, 11)]
    now = [*then, article("d", PIANOS, 10)]

    assert {"b"} == same_reports(now, then, {"d"})


def test_a_report_keeps_nothing_after_one_that_went() -> None:
    then = [ORIGIN, article("b", OWNER, 9), article("c", CAUSE, 11)]

    assert set() == same_reports([ORIGIN, then[2]], then, {"b"})


def test_a_report_that_moved_keeps_nothing() -> None:
    assert set() == same_reports([article("b", OWNER)], [article("b", OWNER, story_id="z")], {"b"})


def test_a_copy_may_come_earlier_when_the_beginning_of_its_group_goes() -> None:
    copy = article("c", PIANOS, 8, kind="near", copy_id="x")
    then = [ORIGIN, copy, article("d", OWNER, 9), article("x", PIANOS, 11)]
    now = [ORIGIN, copy, article("d", OWNER, 9)]

    assert set() == same_reports(now, then, {"x"})


def test_a_later_capture_changes_nothing_before_the_end_of_its_day() -> None:
    then = [ORIGIN, article("b", OWNER, 9)]
    capture = article("c", PIANOS, 8, kind="revision", copy_id="a")

    assert {"b"} == same_reports([*then, capture], then, {"c"})


texts = st.lists(st.sampled_from([FIRST, OWNER, CAUSE, PIANOS]), min_size=1, max_size=3).map(" ".join)
said = st.builds(
    dict,
    text=texts,
    hour=st.integers(6, 9),
    kind=st.sampled_from(["report", "report", "near", "revision"]),
    copy=st.integers(0, 7),
    story_id=st.sampled_from(["a", "b"]),
    language=st.sampled_from(["en", "de", None]),
    title=st.sampled_from([None, PIANOS]),
    earlier=st.booleans(),
)


def _rows(drawn: list[Row | None]) -> dict[str, Row]:
    """The articles that are there by their ids; a copy is of one that is there, if it can be."""
    names = [str(n) for n, one in enumerate(drawn) if one]
    rows = {}
    for name, one in ((str(n), one) for n, one in enumerate(drawn) if one):
        more = {key: one[key] for key in ("story_id", "kind", "language", "title")}
        more |= EARLIER if one["earlier"] else {}
        is_own = one["kind"] == "report" or one["earlier"]  # an earlier day's place never changes
        more["copy_id"] = name if is_own else names[one["copy"] % len(names)]
        rows[name] = article(name, one["text"], one["hour"], **more)
    return rows


@given(st.lists(said, min_size=1, max_size=7), st.data())
def test_what_is_kept_is_what_is_found_again(drawn: list[Row], data: st.DataObject) -> None:
    """Whatever of the day's articles come, go, move or say something else."""
    earlier = [n for n, one in enumerate(drawn) if one["earlier"]]
    changed: list[Row | None] = list(drawn)
    for n in set(range(len(drawn))) - set(earlier):
        changed[n] = data.draw(
            st.one_of(st.just(drawn[n]), st.none(), said.map(lambda s: s | {"earlier": False}))
        )
    then, now = _rows(list(drawn)), _rows(changed)
    moved = {name for name in {*then, *now} if then.get(name) != now.get(name)}
    before = {row["article_id"]: row for row in detect(SAID.table(list(then.values()))).to_pylist()}
    mine = [row for row in now.values() if row["is_new"]], [row for row in then.values() if row["is_new"]]

    known = same_reports(*mine, moved)
    found = detect(SAID.table([row | {"is_known": row["article_id"] in known} for row in now.values()]))
    whole = detect(SAID.table(list(now.values())))

    assert known <= before.keys()
    kept = [before[name] for name in known]
    assert sorted(whole.to_pylist(), key=_id) == sorted([*kept, *found.to_pylist()], key=_id)


def _id(row: Row) -> str:
    return str(row["article_id"])
