"""The network of flows."""

import datetime as dt
from typing import Any

from pipeline.flows.network import network

DAY = dt.date(2026, 3, 5)


def flow(
    group: str, source: str, to: str, lag: int | None = 5, day: int = 0, sure: str = "earlier"
) -> dict[str, Any]:
    return {
        "copy_id": group,
        "to_outlet": to,
        "from_name": source,
        "from_kind": "outlet",
        "from_article_id": f"{group}0",
        "lag_minutes": lag,
        "confidence": sure,
        "ingest_date": DAY + dt.timedelta(day),
    }


def test_the_largest_sources_and_what_is_taken_most_come_first() -> None:
    found = network([flow("a", "Post", "Echo"), flow("a", "Post", "Globe"), flow("b", "Echo", "Post")], 1)

    assert [("Post", 2, 1, 2)] == [
        tuple(one[n] for n in ("source", "n_taken", "n_texts", "n_outlets")) for one in found["sources"]
    ]
    assert [("a", ["Post"], 2)] == [(t["copy_id"], t["sources"], t["n_outlets"]) for t in found["taken"]]


def test_an_edge_counts_the_texts_between_two_and_how_sure_they_are() -> None:
    rows = [
        flow("a", "Post", "Echo", 10),
        flow("b", "Post", "Echo", None, sure="unclear"),
        flow("c", "Post", "Echo", 30),
    ]
    (edge,) = network(rows, 9)["edges"]

    assert (3, 2, 1, 0, 10) == tuple(
        edge[n] for n in ("n_texts", "n_earlier", "n_unclear", "n_stated", "median_lag_minutes")
    )


def test_what_a_later_day_says_of_a_group_and_outlet_counts() -> None:
    """It had the source, which came after those that took from it."""
    found = network([flow("a", "Post", "Echo", day=1), flow("a", "Globe", "Echo", day=0)], 9)

    assert (1, ["Post"]) == (found["n_flows"], [edge["from"] for edge in found["edges"]])


def test_lags_are_counted_in_steps_that_name_what_is_not_known() -> None:
    found = network(
        [flow(str(n), "Post", "Echo", lag) for n, lag in enumerate((-5, 15, 16, 1440, 1441, None))], 9
    )

    assert [1, 1, 1, 0, 1, 1, 1] == [step["n_taken"] for step in found["lags"]]


def test_an_outlet_is_one_node_under_the_name_that_most_rows_have_for_it() -> None:
    """Whether it gives or takes. A name without an id, or with one that is made of the name, is that of the id it has elsewhere."""
    post = {"from_outlet_id": "post.example"}
    found = network(
        [
            flow("a", "post.example", "Echo") | post,
            flow("b", "The Post", "Echo") | post,
            flow("c", "Post", "Echo"),
            flow("d", "Echo", "The Post") | {"to_outlet_id": "the-post"},
            flow("e", "Wire", "Echo") | {"from_kind": "agency"},
        ],
        9,
    )

    assert {("The Post", "Echo", 3), ("Echo", "The Post", 1), ("Wire", "Echo", 1)} == {
        (edge["from"], edge["to"], edge["n_texts"]) for edge in found["edges"]
    }


def test_what_an_outlet_took_is_counted_once_however_a_day_spells_it() -> None:
    rows = [
        flow("a", "Post", to, day=n) | {"to_outlet_id": "echo.example"}
        for n, to in enumerate(("Echo", "Echo Online"))
    ]

    assert (1, ["Echo"]) == (network(rows, 9)["n_flows"], [e["to"] for e in network(rows, 9)["edges"]])
