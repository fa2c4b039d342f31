"""A removal names documents by what they say of themselves, and nothing is left of one but its name."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.clean import removed
from pipeline.clean.articles import identities
from pipeline.model.internal_tables import EXTRACTED
from pipeline.model.kinds import Reject
from pipeline.model.removal import Removal, Target

DAY, LATER = date(2026, 3, 5), date(2026, 3, 9)


def documents(*rows: dict[str, Any]) -> pa.Table:
    plain = {
        "authors": ["Ada Vane"],
        "dropped": ["Share"],
        "is_paywalled": False,
        "text": "A dam broke.",
        "title": "Dam",
    }
    named = [{"raw_ref": f"day=2026-03-05/a.jsonl#{n}", "raw_digest": f"{n:032x}"} for n in range(len(rows))]
    return EXTRACTED.table([plain | name | row for name, row in zip(named, rows, strict=True)])


def names(table: pa.Table, *removals: Removal, day: date = DAY) -> list[bool]:
    return [one is not None for one in removed.named_documents(table, removals, day)]


def place(address: str, **more: Any) -> dict[str, Any]:
    return {"url": address, "canonical_url": address, **more}


@pytest.mark.parametrize(
    "url",
    [
        "https://herald.com/dam",
        "http://www.herald.com/dam/",
        "https://herald.com/dam?utm_source=feed",
        "https://m.herald.com/dam#top",
    ],
)
def test_an_address_names_a_page_in_all_its_spellings(url: str) -> None:
    table = documents({"url": url}, place("https://herald.com/dam-2"), {})

    assert [True, False, False] == names(table, Removal(Target.ADDRESS, "https://herald.com/dam"))


def test_an_outlet_is_named_by_its_domain_with_subdomains_and_no_other_that_ends_alike() -> None:
    table = documents(
        place("https://herald.example/a"),
        place("https://sport.herald.example/a"),
        place("https://theherald.example/a"),
        place("https://example/a"),
    )

    assert [True, True, False, False] == names(table, Removal(Target.OUTLET, "herald.example"))


def test_an_outlet_is_named_by_the_name_that_a_document_states() -> None:
    table = documents({"outlet": "The  HERALD"}, {"outlet": "Herald Tribune"}, {"outlet": None})

    assert [True, False, False] == names(table, Removal(Target.OUTLET, "the herald"))


def test_an_article_is_named_by_its_id_and_its_text_at_its_address_on_any_day() -> None:
    table = documents(
        place("https://a.example/x"),
        place("https://a.example/x", text="Another."),
        place("https://b.example/x"),
    )
    ((article_id, document), *_) = identities(table, DAY)

    assert [True, False, False] == names(table, Removal(Target.ARTICLE, article_id))
    assert [True, False, False] == names(table, Removal(Target.ARTICLE, article_id, document), day=LATER)
    assert [False] * 3 == names(table, Removal(Target.ARTICLE, article_id), day=LATER)


def test_a_removed_day_names_all_of_its_documents_and_none_of_another_day() -> None:
    table = documents({}, {"text": None, "reason": "no_text", "stage": "extract"})

    assert [True, True] == names(table, Removal(Target.DAY, str(DAY)))
    assert [False, False] == names(table, Removal(Target.DAY, str(LATER)))


def test_nothing_is_left_of_a_removed_document_but_its_name() -> None:
    table = documents(place("https://a.example/x", outlet="Herald"), {"text": "Other."})
    removal = Removal(Target.ADDRESS, "https://a.example/x")
    left = removed.take_out(table, (removal,), DAY).to_pylist()

    assert {
        "raw_ref": "day=2026-03-05/a.jsonl#0",
        "raw_digest": 32 * "0",
        "stage": "extract",
        "reason": Reject.REMOVED,
        "detail": removal.key,
        "is_paywalled": False,
    } == {name: value for name, value in left[0].items() if value not in (None, [])}
    assert table.slice(1).to_pylist() == left[1:]


def test_taking_out_again_changes_nothing_and_what_stages_read_does_not_tell_by_which_removal() -> None:
    table = documents(place("https://a.example/x"), {})
    by_address, by_outlet = (
        Removal(Target.ADDRESS, "https://a.example/x"),
        Removal(Target.OUTLET, "a.example"),
    )
    once = removed.take_out(table, (by_address,), DAY)

    assert removed.take_out(once, (by_address, by_outlet), DAY) is once
    assert removed.without_keys(once) == removed.without_keys(removed.take_out(table, (by_outlet,), DAY))
    assert [True, False] == removed.is_removed(once).to_pylist()


def test_each_row_is_judged_alone() -> None:
    table = documents(*(place(f"https://a.example/{n}", outlet=f"Echo {n % 3}") for n in range(9)))
    removals = (Removal(Target.ADDRESS, "https://a.example/4"), Removal(Target.OUTLET, "Echo 2"))
    whole = names(table, *removals)

    assert whole == [one for n in range(9) for one in names(table.slice(n, 1), *removals)]
    assert 4 == sum(whole)
