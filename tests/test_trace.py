"""Later captures of a page, in their order."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.internal_tables import PAGES, TRACED
from pipeline.model.kinds import Capture
from pipeline.revisions import trace as tracing
from pipeline.revisions.judge import SAID, Version
from pipeline.revisions.trace import trace
from tests.sharded import ShardedEngine
from tests.test_judge import COMET, FLOOD

Row = dict[str, Any]
DAY = date(2026, 3, 5)
PAGE = "https://post.example/flood-in-altena"


def toll(n: int) -> str:
    return "\n".join([FLOOD[0].replace("12", str(n)), *FLOOD[1:]])


def capture(name: str, text: str, hour: int | None = None, **more: Any) -> Row:
    row: Row = {
        "page": PAGE, "article_id": f"20260305{name}", "ingest_date": DAY, "canonical_url": PAGE, "title": "Flood", "text": text,
        "fetched_at": None if hour is None else datetime(2026, 3, 5, hour, tzinfo=UTC), "raw_ref": f"day=2026-03-05/{name}#0",
    }  # fmt: skip
    return row | more


def known(name: str, text: str, first: str | None = None, **more: Any) -> Row:
    """A capture of the day before."""
    day = {
        "article_id": f"20260304{name}",
        "ingest_date": DAY - timedelta(1),
        "raw_ref": f"day=2026-03-04/{name}#0",
    }
    return capture(name, text, **(day | {"first_id": f"20260304{first or name}"} | more))


def traced(*rows: Row) -> dict[str, Row]:
    return {row["article_id"][8:]: row for row in trace(PAGES.table(list(rows))).to_pylist()}


def test_captures_of_a_day_are_numbered_by_the_time_of_fetching() -> None:
    """The first one is no later capture, though its id and its file come last."""
    found = traced(capture("c", toll(12), 7), capture("b", toll(19), 9), capture("a", toll(31), 12))

    assert {"b": 1, "a": 2} == {name: row["version"] for name, row in found.items()}
    assert ["20260305c"] * 2 == [row["first_id"] for row in found.values()]
    assert "20260305b" == found["a"]["other_id"]
    assert (["19"], ["31"]) == (found["a"]["numbers_from"], found["a"]["numbers_to"])


@pytest.mark.parametrize("hours", [(None, None), (9, 9), (9, None)])
def test_what_nothing_orders_has_no_number(hours: tuple[int | None, int | None]) -> None:
    found = traced(known("a", toll(12)), capture("b", toll(19), hours[0]), capture("c", toll(31), hours[1]))

    assert [None, None] == [row["version"] for row in found.values()]
    assert ["revision"] * 2 == [row["kind"] for row in found.values()]


def test_where_the_time_of_fetching_is_one_or_none_the_last_change_orders() -> None:
    """A dump of a crawler has one time for all, or none; what the pages state tells which is the later."""
    changed = [datetime(2026, 3, 5, hour, tzinfo=UTC) for hour in (9, 7)]
    for fetched in (None, 12):
        rows = [
            capture(n, toll(t), fetched, modified_at=c)
            for n, t, c in zip("bc", (31, 19), changed, strict=True)
        ]
        found = traced(known("a", toll(12)), *rows)

        assert {"b": 2, "c": 1} == {name: row["version"] for name, row in found.items()}


def test_the_next_day_counts_what_had_no_number() -> None:
    earlier = [
        known("a", toll(12)),
        known("b", toll(19), "a", capture="revised"),
        known("c", toll(20), "a", capture="revised"),
    ]

    assert 3 == traced(*earlier, capture("d", toll(31)))["d"]["version"]


def test_the_same_text_twice_in_a_day_needs_no_order() -> None:
    found = traced(capture("a", toll(12)), capture("b", toll(12)))

    assert ("refetch", "unchanged", 0) == tuple(found["b"][n] for n in ("kind", "capture", "version"))


def test_nothing_is_compared_with_a_part() -> None:
    found = traced(capture("a", toll(12), 7), capture("b", FLOOD[1], 8), capture("c", toll(19), 9))

    assert ("partial", None) == (found["b"]["capture"], found["b"]["version"])
    assert ("20260305a", 1) == (found["c"]["other_id"], found["c"]["version"])


def test_another_article_in_between_does_not_end_a_chain() -> None:
    found = traced(capture("a", toll(12), 7), capture("b", "\n".join(COMET), 8), capture("c", toll(19), 9))

    assert ["c"] == list(found)
    assert ("20260305a", 1) == (found["c"]["first_id"], found["c"]["version"])


def test_the_note_of_a_correction_is_told() -> None:
    note = "An earlier version of this article misstated the toll."
    found = traced(known("a", toll(12)), capture("b", f"{toll(19)}\n{note}"))["b"]

    assert (True, note, [note]) == (found["is_correction"], found["correction"], found["added"])


def test_figures_are_those_of_links() -> None:
    found = traced(known("a", toll(12)), capture("b", toll(12)), capture("c", toll(19)))

    assert (1.0, 1.0, 1.0) == tuple(found["b"][n] for n in ("jaccard", "containment", "containment_other"))
    assert 0.8 < found["c"]["jaccard"] < 1


def test_the_outcome_depends_neither_on_engine_nor_on_the_order_of_rows() -> None:
    rows = [capture(f"{p}{n}", toll(12 + n), n, page=f"{PAGE}-{p}") for p in range(9) for n in range(4)]
    expected = TRACED.arrange(trace(PAGES.table(rows)))
    for engine in (EmbeddedEngine(2), ShardedEngine()):
        random.Random(1).shuffle(rows)
        found = engine.collect(engine.map(trace, engine.load(PAGES.table(rows)), TRACED, key="page"))

        assert 27 == expected.num_rows
        assert expected == TRACED.arrange(found)


def test_no_captures_give_no_rows() -> None:
    assert TRACED.empty() == trace(PAGES.empty())


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, 3, 4]),
            st.sampled_from("abc"),
            st.booleans(),
        ),
        max_size=9,
    )
)
def test_captures_are_numbered_as_if_each_were_compared_with_every_other(
    drawn: list[tuple[int | None, int | None, str, bool]],
) -> None:
    """A capture has no number where neither time orders it and another one with another text."""
    page = sorted((_drawn(n, *one) for n, one in enumerate(drawn)), key=lambda one: one.place)

    expected = {}
    for one in page:
        if not any(_are_tied(one, other) for other in page):
            expected[one.article_id] = sum(
                other.capture is Capture.REVISED for other in page if other.place <= one.place
            )

    assert expected == tracing._numbers(page)


def _drawn(
    n: int, fetched: int | None, modified: int | None, text: str, is_revised: bool
) -> tracing._Capture:
    fetched_at, modified_at = (at and datetime(2026, 3, 5, at, tzinfo=UTC) for at in (fetched, modified))
    row = {
        "ingest_date": date(2026, 3, 5),
        "fetched_at": fetched_at,
        "modified_at": modified_at,
        "raw_ref": f"a#{n}",
    }
    said = dict.fromkeys(SAID) | {"text": text}
    return tracing._Capture(
        f"{n:032d}", row["ingest_date"], fetched_at, modified_at, tracing.place_of(row), Version(*said.values()), True, "first",
        Capture.REVISED if is_revised else Capture.UNCHANGED,
    )  # fmt: skip


def _are_tied(one: tracing._Capture, other: tracing._Capture) -> bool:
    if one.version.text == other.version.text:
        return False
    if one.fetched_at == other.fetched_at:
        return None in {one.modified_at, other.modified_at} or one.modified_at == other.modified_at
    return None in {one.fetched_at, other.fetched_at}
