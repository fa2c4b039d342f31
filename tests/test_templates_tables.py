"""Tables: their numbers, the words beside them and their headlines tell one from another."""

import pytest

from tests.copied import article, decided, placed

TABLE = (
    "Lund copper {time} last change may 6150 {may} june 6160 {june} july 6170 unch august 6180 unch september 6190 unch "
    "october 6200 unch december 6210 up 5 january 6220 up 10 march 6230 unch"
)


def test_a_table_without_a_headline_is_told_apart_by_any_number() -> None:
    """The prices of noon and those of an hour later."""
    noon = TABLE.format(time="12:00", may="up 5", june="unch")
    later = TABLE.format(time="13:30", may="up 5", june="unch")

    assert ("origin", "") == placed(article("a", noon, 1, title=""), article("b", later, 2, title=""))[""]
    headed = placed(
        article("a", noon, 1, title="Lund copper"), article("b", later, 2, title="Copper in Lund")
    )
    assert ("near", "Lund copper") == headed["Copper in Lund"]


def test_a_table_without_a_headline_whose_other_has_one_number_more_is_another() -> None:
    """What was not traded at noon has a price an hour later."""
    noon = TABLE.format(time="12", may="unch", june="unch")
    later = TABLE.format(time="12", may="up 35", june="unch")

    assert ("origin", "") == placed(article("a", noon, 1, title=""), article("b", later, 2, title=""))[""]


RECEIPTS = "Estimated receipts in head today hogs {0} cattle {1} sheep {2} week ago hogs 2900 cattle 800 sheep 400 year ago hogs 3300 cattle 1200 sheep 800 in the week so far hogs 9300 cattle 4700 sheep 1300 in the week before hogs 8100 cattle 5000 sheep 1400"


def test_a_table_whose_numbers_stand_in_other_places_is_another() -> None:
    """All words and all numbers are in both, but not beside each other."""
    found = placed(
        article("a", RECEIPTS.format(800, 2900, 1200), 1, title="Receipts"),
        article("b", RECEIPTS.format(400, 3300, 2900), 2, title="Receipts again"),
    )

    assert ("origin", "Receipts again") == found["Receipts again"]


def test_a_table_that_got_a_column_is_another() -> None:
    """Hourly volumes, with those of the next hour."""
    names = (
        "silver",
        "copper",
        "gold",
        "tin",
        "lead",
        "zinc",
        "nickel",
        "iron",
        "cobalt",
        "chrome",
        "cadmium",
        "mercury",
    )
    rows = [f"{name} 8{n}0 13{n}" for n, name in enumerate(names)]
    first = "Estimated volumes in lots " + " ".join(rows)
    second = "Estimated volumes in lots " + " ".join([*(f"{row} 17" for row in rows[:3]), *rows[3:]])

    _, links = decided(article("a", first, 1, title="Volumes"), article("b", second, 2, title="Volumes"))

    assert [False] == links["accepted"].to_pylist()
    assert ["same frame, other numbers"] == links["reason"].to_pylist()


RESULT = "Shr 18 cts vs 14 cts Net 1,541,000 vs 1,122,000 {sales} {of} mln vs 33.5 mln Avg shrs 7,800,000 vs 7,157,143 {half} Shr 91 cts vs 63 cts Net 7,114,000 vs 4,540,000 {sales} {all} mln vs 28.2 mln"


def test_results_that_are_sent_again_in_other_words_are_a_copy() -> None:
    """An editor who rounds figures changes words, too."""
    first = RESULT.format(sales="Sales", half="Six mths", of="36.7", all="107.6")
    second = RESULT.format(sales="Revs", half="1st half", of="36.8", all="107.7")

    found = placed(
        article("a", first, 1, title="Lund Coatings 2nd qtr net"),
        article("b", second, 2, title="LUND COATINGS 2ND QTR"),
    )

    assert "near" == found["LUND COATINGS 2ND QTR"][0]


PAYOUT = "Qtly div 7-1/2 cts vs 7-1/2 cts prior Pay April 30 Record {record} to holders of{fund} shares"


@pytest.mark.parametrize(
    ("titles", "records", "funds"),
    [
        (("Grow Group sets quarterly", "Wilcox Gibbs pays dividend"), ("April 15", "March 31"), ("", "")),
        (
            ("Franklin Insured sets payout", "Franklin High Yield sets payout"),
            ("April 15", "April 15"),
            (" Franklin Insured", " Franklin High Yield Insured"),
        ),
    ],
)
def test_a_table_is_of_what_its_headline_names(
    titles: tuple[str, str], records: tuple[str, str], funds: tuple[str, str]
) -> None:
    """Two payouts in one form, by firms that only the headlines name; two funds of which one has the other's name and more."""
    texts = [PAYOUT.format(record=r, fund=f) for r, f in zip(records, funds, strict=True)]

    found, _ = decided(*(article(f"a{n}", texts[n], 1 + n, title=title) for n, title in enumerate(titles)))

    assert ["origin", "origin"] == found["kind"].to_pylist()
