"""What the pages about many days show is bounded, too, whatever outlets call themselves."""

from pipeline.explorer.overviews import DayState, Flows


def test_names_in_flows_are_cut() -> None:
    """A source's name comes from an article."""
    edge = {"from_name": "n" * 10_000, "to_name": "Echo", "n": 1}
    found = Flows.model_validate(
        {
            "publication": "p",
            "first": None,
            "last": None,
            "n_flows": 1,
            "sources": [edge],
            "edges": [edge] * 3,
            "lags": [],
            "taken": [],
            "n_edges": 3,
            "left_out": [],
        }
    )

    assert [2_000] * 4 == [len(one["from_name"]) for one in (*found.sources, *found.edges)]


def test_a_day_without_a_run_has_no_count() -> None:
    """None is not zero: nobody has counted."""
    state = DayState(day="2026-03-05", state="missing", reasons=[], n_articles=None, size_bytes=0)  # type: ignore[arg-type]

    assert '"n_articles":null' in state.model_dump_json()
