"""What `newsfold explain A B` says of two captures of one page."""

from datetime import UTC, datetime
from typing import Any

from pipeline.explain.explain_page import of_one_page
from tests.conftest import DAY
from tests.test_judge import COMET, FLOOD


def article(
    name: str, *lines: str, at: str | None = "https://post.example/flood-in-altena", hour: int = 8
) -> dict[str, Any]:
    return {
        "article_id": name, "ingest_date": DAY, "canonical_url": at, "title": "Flood", "text": "\n".join(lines),
        "published_at": None, "published_precision": None, "modified_at": None, "fetched_at": datetime(2026, 3, 5, hour, tzinfo=UTC), "raw_ref": name,
    }  # fmt: skip


def test_the_changes_are_told_from_the_earlier_to_the_later_whichever_comes_first() -> None:
    one = article("b", *FLOOD, hour=7)
    other = article("a", FLOOD[0].replace("12", "31"), *FLOOD[2:], COMET[0], hour=9)

    told = of_one_page(one, other)["same_page"]

    assert told == of_one_page(other, one)["same_page"]
    assert ("b", "a", "same page, text revised") == tuple(told[n] for n in ("earlier", "later", "why"))
    assert ([f"{FLOOD[0]} → {FLOOD[0].replace('12', '31')}"], ["12 → 31"]) == (
        told["changed"],
        told["numbers"],
    )
    assert ([FLOOD[1]], [COMET[0]]) == (told["removed"], told["added"])


def test_an_address_that_was_used_again_is_named() -> None:
    told = of_one_page(article("a", *FLOOD), article("b", *COMET))["same_page"]

    assert "same address, used again for something else" == told["why"]


def test_two_pages_have_no_such_section() -> None:
    assert {} == of_one_page(article("a", *FLOOD), article("b", *FLOOD, at="https://echo.example/flood"))
    assert {} == of_one_page(article("a", *FLOOD, at=None), article("b", *FLOOD, at=None))


def test_of_very_many_changes_the_first_are_shown() -> None:
    many = [f"Sentence number {n} of the report says something else again." for n in range(30)]
    told = of_one_page(article("a", *FLOOD, hour=7), article("b", *FLOOD, *many))["same_page"]

    assert (21, "and 10 more") == (len(told["added"]), told["added"][-1])
