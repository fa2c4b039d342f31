"""Lines that an outlet repeats from article to article."""

import random

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.habits import columns_of, source_of, sources_of
from pipeline.model.internal_tables import LINES
from tests.extracted import PITCH, body, document, lines_of, outlet_of, run, text_of


def test_a_line_that_an_outlet_uses_in_three_different_articles_goes() -> None:
    """It is in no lexicon: the outlet's habit alone tells."""
    found = run(outlet_of("bridge ferry tunnel", PITCH))

    assert body("ferry") == text_of(found["ferry.txt#0"])
    assert found["ferry.txt#0"]["furniture_removed"] == [PITCH]


def test_in_two_articles_it_stays() -> None:
    """Two share a sentence by accident, or one follows the other up."""
    found = run(outlet_of("bridge ferry", PITCH))

    assert [*body("ferry"), PITCH] == text_of(found["ferry.txt#0"])


def test_the_habit_of_one_outlet_is_not_anothers() -> None:
    """Three outlets that print one sentence have a common source, not a common habit."""
    documents = [document(f"{t}#0", [*body(t), PITCH], outlet=t) for t in ("one", "two", "three")]

    assert all(PITCH in text_of(row) for row in run(documents).values())


def test_copies_and_new_versions_of_one_article_are_one_article() -> None:
    """Five filings of one text share all their lines; none of them is furniture."""
    versions = [
        document(f"{n}.txt#0", [*body("bridge"), f"Version {n} of it."], outlet="Report") for n in range(5)
    ]

    assert all(set(body("bridge")) <= set(text_of(row)) for row in run(versions).values())


def test_a_version_filed_on_later_days_is_one_article_too() -> None:
    """The window's count knows it by its longest line."""
    version = [document("a#0", [*body("bridge"), PITCH], outlet="Report")]
    found = run(version, lines_of(version), lines_of(version), lines_of(version))

    assert [*body("bridge"), PITCH] == text_of(found["a#0"])


def _versions(n: int, **fields: str) -> list[list[dict[str, object]]]:
    """A page on n days: half of it stays, and its longest line is another one each day."""
    return [
        [
            document(
                "a#0",
                [*body("bridge"), *(f"{s} {'It was said again. ' * 4}" for s in body(f"day{day}", 5))],
                outlet="Report",
                **fields,
            )
        ]
        for day in range(n)
    ]


def test_what_stands_at_one_address_on_several_days_is_one_article_whatever_of_it_has_changed() -> None:
    """A page that is fetched again must not take its own sentences for the outlet's habit."""
    today, *before = _versions(5, canonical_url="https://report.example/bridge")
    found = run(today, *map(lines_of, before))

    assert set(body("bridge")) <= set(text_of(found["a#0"]))


def test_a_slug_that_changes_makes_no_other_page() -> None:
    days = _versions(5)
    for n, ((page,), toll) in enumerate(zip(days, (12, 19, 31, 40, 41), strict=True)):
        days[n] = [page | {"canonical_url": f"https://report.example/{toll}-dead-4711234"}]
    found = run(days[0], *map(lines_of, days[1:]))

    assert set(body("bridge")) <= set(text_of(found["a#0"]))


def test_versions_of_one_page_on_one_day_are_one_article() -> None:
    documents = [
        page | {"raw_ref": f"{n}#0"}
        for n, (page,) in enumerate(_versions(4, canonical_url="https://report.example/bridge"))
    ]

    assert all(set(body("bridge")) <= set(text_of(row)) for row in run(documents).values())


def test_other_pages_still_show_a_habit_beside_one_that_changes() -> None:
    today, *before = _versions(3, canonical_url="https://report.example/bridge")
    others = [document(f"{t}#0", [*body(t), PITCH], outlet="Report") for t in ("ferry", "tunnel", "harbour")]
    found = run([*today, *others], *map(lines_of, before))

    assert PITCH not in text_of(found["ferry#0"])
    assert set(body("bridge")) <= set(text_of(found["a#0"]))


def test_the_window_shows_the_habit_of_an_outlet_with_one_article_a_day() -> None:
    """Three different articles on three days are enough."""
    yesterday, before = outlet_of("ferry", PITCH), outlet_of("tunnel", PITCH)
    found = run(outlet_of("bridge", PITCH), lines_of(yesterday), lines_of(before))

    assert body("bridge") == text_of(found["bridge.txt#0"])


def test_a_domain_stands_in_for_an_outlet() -> None:
    """Where nothing names the outlet, its host is its own."""
    documents = [
        document(f"{t}#0", [*body(t), PITCH], domain="report.example") for t in ("one", "two", "three")
    ]

    assert all(PITCH not in text_of(row) for row in run(documents).values())


def test_without_outlet_and_domain_nothing_recurs() -> None:
    """Documents of unknown origin are not one outlet."""
    documents = [document(f"{t}#0", [*body(t), PITCH]) for t in ("one", "two", "three")]

    assert all(PITCH in text_of(row) for row in run(documents).values())


def test_a_sentence_that_few_of_many_articles_share_stays_in_the_middle() -> None:
    """A paragraph of background is used again and again while its story lasts."""
    topics = " ".join(f"topic{n}" for n in range(60))
    documents = outlet_of(topics)
    for row in documents[:4]:
        lines = row["text"].split("\n")
        row["text"] = "\n".join([*lines[:3], PITCH, *lines[3:], *body("more" + row["raw_ref"], 4)])

    found = run(documents)

    assert all(PITCH in text_of(found[row["raw_ref"]]) for row in documents[:4])


def test_what_counts_does_not_depend_on_the_order_of_rows() -> None:
    """Same documents, same lines."""
    documents = [*outlet_of("bridge ferry tunnel road", PITCH), *outlet_of("a b c", outlet="Other")]
    shuffled = random.Random(1).sample(documents, len(documents))  # an order, no secret

    assert LINES.arrange(lines_of(documents)).equals(LINES.arrange(lines_of(shuffled)))


def test_the_sources_can_be_counted_apart() -> None:
    """An engine brings the rows of a source together and promises no more."""
    one, two = outlet_of("bridge ferry", PITCH), outlet_of("a b", outlet="Other")
    apart = pa.concat_tables([lines_of(one), lines_of(two)])

    assert LINES.arrange(lines_of([*one, *two])).equals(LINES.arrange(apart))


_NAMES = st.none() | st.sampled_from(["", "Report", "report.example"])


@given(st.lists(st.tuples(_NAMES, _NAMES, _NAMES), max_size=8))
def test_of_many_documents_each_has_the_source_that_it_has_alone(named: list[tuple[str | None, ...]]) -> None:
    columns = [pa.array([names[n] for names in named], pa.string()) for n in range(3)]
    documents = pa.table(columns, ["outlet", "domain", "site"])

    alone = [source_of(*names) or None for names in columns_of(documents, "outlet", "domain", "site")]

    assert alone == sources_of(documents).to_pylist()
