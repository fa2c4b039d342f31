"""What the five seed documents must become: `seeds/expected/` states title, outlet, date and every line of each."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.clean import articles, habits
from pipeline.extract import document
from pipeline.model.internal_tables import EXTRACTED
from tests.pages import CAPS

SEEDS = Path(__file__).parents[1] / "seeds"
DAY = date(2026, 3, 5)
NAMES = sorted(p.name for p in (SEEDS / "expected").glob("*.txt"))
NO_HINTS = dict.fromkeys(("url", "title", "outlet", "published_at", "published_precision", "fetched_at"))


def cleaned(name: str) -> dict[str, object]:
    body = (SEEDS / f"day={DAY}" / name).read_bytes()
    job = {"body": body, "media": "text", "charset": None, "hints": [NO_HINTS]}
    found = document.read_document(job, day=DAY, caps=CAPS, extractor="trafilatura")[0]
    row = {
        "raw_ref": f"day={DAY}/{name}#0",
        "raw_digest": "0" * 32,
        **found,
        "authors": list(found["authors"]),
    }
    extracted = EXTRACTED.table([row])
    recurring = habits.recurring(habits.count_lines(habits.outline(extracted)))
    return articles.clean(extracted, recurring=recurring, day=DAY, min_words=8).to_pylist()[0]  # type: ignore[no-any-return]


def expected(name: str) -> tuple[dict[str, str | None], list[str]]:
    head, _, text = (SEEDS / "expected" / name).read_text(encoding="utf-8").partition("\n\n")
    fields = (line.partition(":") for line in head.splitlines())
    return {key: value.strip() or None for key, _, value in fields}, text.splitlines()


def test_every_seed_has_its_expectation() -> None:
    """A sixth seed would need a sixth expected text."""
    seeds = sorted(p.name for p in (SEEDS / f"day={DAY}").glob("*.txt"))

    assert seeds == NAMES
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_every_line_of_the_article_and_no_other(name: str) -> None:
    """Breadcrumb, caption, disclosure, forum, topics and author's box are gone, and nothing with them."""
    _, lines = expected(name)

    assert lines == str(cleaned(name)["text"]).split("\n")


@pytest.mark.parametrize("name", NAMES)
def test_title_outlet_and_date_are_those_that_stand_in_the_text(name: str) -> None:
    """What is not there is null, not guessed."""
    fields, _ = expected(name)
    article = cleaned(name)
    day = fields["published"]

    assert fields["title"] == article["title"]
    assert fields["outlet"] == article["outlet"]
    assert (datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None) == article["published_at"]
    assert ("text" if day else None) == article["published_at_source"]


@pytest.mark.parametrize(
    "line",
    [
        "Home / Technology",
        "Anthropic pentagon talks",
        "User forum",
        "0 messages",
        "More about the topics: anthropic",
    ],
)
def test_furniture_is_recorded_where_it_was_taken_out(line: str) -> None:
    """What was removed can be seen."""
    removed = [x for name in NAMES for x in cleaned(name)["furniture_removed"]]

    assert line in removed


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_is_a_whole_english_article(name: str) -> None:
    """None of the five is a stub, and each leads with its first sentence."""
    article = cleaned(name)

    assert article["is_stub"] is False
    assert article["language"] == "en"
    assert str(article["lead"]) in str(article["text"]).split("\n")[:2]
