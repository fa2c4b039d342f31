"""The data-quality gate: what it lets pass, what it finds, and what it says."""

from pipeline.upkeep import quality

USUAL = {
    "n_raw": 1000,
    "n_rejects": 50,
    "n_articles": 950,
    "n_exact": 200,
    "n_near": 90,
    "n_excerpt": 5,
    "n_expanded": 0,
}


def weeks(n_days: int, **changed: int) -> list[dict[str, int]]:
    """Days like the usual one, each a little larger than the one before."""
    return [{**USUAL, "n_raw": 1000 + 10 * n, "n_rejects": 50 + n, **changed} for n in range(n_days)]


def measures(day: dict[str, int], earlier: list[dict[str, int]]) -> list[str]:
    return [finding.measure for finding in quality.judge(day, earlier)]


def test_a_usual_day_passes() -> None:
    assert [] == measures(USUAL, weeks(28))


def test_nothing_is_found_before_there_is_a_week_to_compare_with() -> None:
    assert [] == measures({**USUAL, "n_raw": 1}, weeks(6))
    assert ["raw documents"] == measures({**USUAL, "n_raw": 1}, weeks(7))


def test_a_day_with_half_of_the_fewest_documents_passes_and_one_with_less_does_not() -> None:
    assert [] == measures({**USUAL, "n_raw": 500}, weeks(7))
    assert ["raw documents"] == measures({**USUAL, "n_raw": 499}, weeks(7))


def test_a_day_delivered_three_times_over_is_found() -> None:
    assert ["raw documents", "rejects"] == measures({**USUAL, "n_raw": 3000, "n_rejects": 2050}, weeks(28))


def test_an_empty_day_after_full_ones_is_found() -> None:
    assert ["raw documents"] == measures(dict.fromkeys(USUAL, 0), weeks(28))


def test_an_outlet_that_went_behind_a_paywall_shows_in_the_share_of_rejects() -> None:
    assert ["rejects"] == measures({**USUAL, "n_rejects": 300, "n_articles": 700, "n_exact": 120}, weeks(28))


def test_a_feed_that_copies_everything_shows_in_the_share_of_copies() -> None:
    assert ["copies"] == measures({**USUAL, "n_exact": 600}, weeks(28))


def test_copies_that_are_no_longer_found_show_in_the_share_of_copies() -> None:
    assert ["copies"] == measures({**USUAL, "n_exact": 0, "n_near": 0}, weeks(28))


def test_one_bad_day_in_the_past_does_not_hide_the_next() -> None:
    """From two weeks on, the single lowest and highest day are left out of the range."""
    earlier = [*weeks(20), {**USUAL, "n_raw": 10, "n_rejects": 1}]

    assert ["raw documents"] == measures({**USUAL, "n_raw": 100, "n_rejects": 5}, earlier)


def test_days_without_a_delivery_are_no_part_of_the_range() -> None:
    assert [] == measures(USUAL, [*weeks(7), *[dict.fromkeys(USUAL, 0)] * 14])


def test_shares_of_a_handful_of_documents_are_not_judged() -> None:
    few = {
        "n_raw": 5,
        "n_rejects": 0,
        "n_articles": 5,
        "n_exact": 0,
        "n_near": 0,
        "n_excerpt": 0,
        "n_expanded": 0,
    }

    assert [] == measures({**few, "n_rejects": 4, "n_articles": 1}, [few] * 28)


def test_a_finding_says_what_was_found_and_what_was_expected() -> None:
    (finding,) = quality.judge({**USUAL, "n_raw": 100, "n_rejects": 5}, weeks(28))

    assert "raw documents: 100, expected 505 to 2,520 from 28 earlier days" == str(finding)


def test_the_order_of_the_earlier_days_does_not_matter() -> None:
    day = {**USUAL, "n_raw": 30_000, "n_exact": 900}

    assert quality.judge(day, weeks(28)) == quality.judge(day, weeks(28)[::-1])
