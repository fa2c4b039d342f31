"""The geometry of the pictures."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.explorer import pictures
from pipeline.explorer.models import Count, Mark, Volume
from pipeline.explorer.overviews import DayState

START = datetime(2026, 3, 5, 8, tzinfo=UTC)


def mark(outlet: str, minutes: int) -> Mark:
    at = START + timedelta(minutes=minutes)
    return Mark(article_id="a", outlet=outlet, at=at, role="own", is_exact=True)


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(0, 10**6)), min_size=2, max_size=60))
def test_every_dot_and_tick_of_a_timeline_lies_in_the_picture(found: list[tuple[str, int]]) -> None:
    line = pictures.timeline([mark(*one) for one in found])

    assert line is not None
    assert len(found) == len(line.dots)
    assert all(200 < dot.x <= 980 and 0 < dot.y < line.height for dot in line.dots)
    assert len(line.ticks) <= 9
    assert all(200 < x <= 981 for x, _ in line.ticks)


def test_later_is_further_right_and_one_outlet_is_one_row() -> None:
    line = pictures.timeline([mark("A", 0), mark("B", 30), mark("A", 90)])

    assert line is not None
    xs, ys = [dot.x for dot in line.dots], [dot.y for dot in line.dots]
    assert sorted(xs) == xs
    assert ys[0] == ys[2] != ys[1]


def test_outlets_beyond_the_picture_are_counted() -> None:
    line = pictures.timeline([mark(f"outlet {n}", n) for n in range(40)])

    assert line is not None
    assert 40 == len(line.rows) + line.n_more


def test_one_article_and_one_day_without_hours_need_no_timeline() -> None:
    assert pictures.timeline([mark("A", 0)]) is None
    vague = [mark(outlet, 0).model_copy(update={"is_exact": False}) for outlet in "AB"]
    assert pictures.timeline(vague) is None
    assert pictures.timeline([vague[0], mark("B", 0)]) is not None


def test_bars_are_shares_of_the_largest_day() -> None:
    days = [
        Volume(day=date(2026, 3, n), n_raw=n * 10, n_articles=n * 8, n_rejects=n * 2, n_stories=1)
        for n in (1, 2)
    ]

    assert [(40, 10), (80, 20)] == [(bar.height, bar.upper) for bar in pictures.volumes(days)]
    assert [(100.0), (50.0)] == [
        share for _, share in pictures.shares([Count(name="a", n=4), Count(name="b", n=2)])
    ]
    assert [0.0] == [share for _, share in pictures.shares([Count(name="a", n=0)])]


def test_a_calendar_has_a_square_for_each_day_also_for_those_that_are_not_known() -> None:
    known = [
        DayState(day=date(2026, 3, n), state="fresh", reasons=[], n_articles=1, size_bytes=1) for n in (2, 12)
    ]

    found = pictures.calendar(known)

    assert found is not None
    assert 11 == len(found.cells)
    assert [date(2026, 3, 2), date(2026, 3, 12)] == [cell.day for cell in found.cells if cell.state]
    assert (0, 0) == (found.cells[0].x, found.cells[0].y)
    assert found.cells[7].x > found.cells[6].x
    assert pictures.calendar([]) is None


def test_ribbons_join_the_names_that_are_drawn() -> None:
    edges = [
        {"from": f"s{n}", "to": f"t{n % 3}", "n_texts": 50 - n, "from_kind": "outlet"} for n in range(45)
    ]

    found = pictures.network(edges)

    assert found is not None
    assert len(found.left) <= 14
    assert max(one.width for one in found.ribbons) <= 14
    assert all(0 < y < found.height for y, _, _ in (*found.left, *found.right))
    assert pictures.network([]) is None


def test_scores_lie_between_the_threshold_and_one() -> None:
    assert [0.0, 50.0, 100.0, 100.0] == pictures.strip([0.1, 0.6, 1.0, 1.5], 0.2)


def test_the_bytes_of_days_are_bars_of_which_the_largest_is_100() -> None:
    days = [
        DayState(day=date(2026, 3, n), state="fresh", reasons=[], n_articles=1, size_bytes=10 * n)
        for n in (1, 2, 4)
    ]

    bars = pictures.columns(days)

    assert [25.0, 50.0, 100.0] == [bar.height for bar in bars]
    assert [0, 10, 20] == [bar.x for bar in bars]
    assert days == [bar.state for bar in bars]
    assert [] == pictures.columns([])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=120, unique=True))
def test_every_name_of_a_network_has_a_ribbon_and_there_are_as_many_as_fit(
    ends: list[tuple[int, int]],
) -> None:
    edges = [
        {"from": f"s{one}", "to": f"t{other}", "from_kind": "outlet", "n_texts": 1} for one, other in ends
    ]

    net = pictures.network(edges)

    assert net is not None
    drawn = [(one.edge["from"], one.edge["to"]) for one in net.ribbons]
    assert {name for _, name, _ in net.left} == {source for source, _ in drawn}
    assert {name for _, name, _ in net.right} == {taker for _, taker in drawn}
    assert max(len(net.left), len(net.right)) <= 14
    assert drawn[0] == (edges[0]["from"], edges[0]["to"])
