"""Which version of an article a story shows."""

from datetime import timedelta

from tests.test_summary import DAY, Row, member, origin, summarise

NEXT = DAY + timedelta(1)


def later(name: str, matched: str, kind: str = "revision", capture: str = "revised", **fields: object) -> Row:
    more: Row = {
        "copy_id": "a",
        "matched_id": matched,
        "capture": capture,
        "version": 1,
        "ingest_date": NEXT,
        "outlet": "Elsewhere",
    }
    return member(name, kind=kind, story_score=None) | more | fields


def shown(*rows: Row) -> tuple[str, str, str]:
    (story,) = summarise(*rows)
    return story["canonical_id"], story["title"], story["canonical_reason"]


def test_the_latest_version_is_read_and_counts_nowhere() -> None:
    (story,) = summarise(origin(), later("b", "a"), later("c", "b", version=2))

    assert ("c", "Title c", "Lead c.") == tuple(story[n] for n in ("canonical_id", "title", "lead"))
    assert (1, 0, 1, ["a"], ["The A"]) == tuple(
        story[n] for n in ("n_articles", "n_copies", "n_copy_groups", "members", "outlets")
    )
    assert (DAY, "the only article, in its latest version") == (story["last_date"], story["canonical_reason"])


def test_a_new_headline_over_the_same_text_is_shown() -> None:
    fetched = later("b", "a", "refetch", "title_changed", version=0)

    assert ("a", "Title b", "the only article") == shown(origin(), fetched)


def test_the_headline_of_a_version_fetched_again_is_shown_over_that_version() -> None:
    again = later("c", "b", "refetch", "title_changed", ingest_date=NEXT + timedelta(1))

    assert ("b", "Title c") == shown(origin(), later("b", "a"), again)[:2]


def test_a_part_or_a_teaser_is_never_read() -> None:
    part = later("c", "b", "refetch", "partial", version=None)
    teaser = later("d", "b", version=2, is_stub=True, word_count=40)

    assert "b" == shown(origin(), later("b", "a"), part, teaser)[0]


def test_what_is_as_long_as_the_first_version_is_no_teaser() -> None:
    """A headline that says "live" makes a short text look like a shell."""
    assert "b" == shown(origin(), later("b", "a", is_stub=True))[0]


def test_of_versions_that_nothing_orders_none_is_the_latest() -> None:
    tied = [later("b", "a", version=None), later("c", "a", version=None)]

    assert ("a", "Title a", "the only article") == shown(origin(), *tied)


def test_a_fuller_text_is_read_though_nothing_orders_it() -> None:
    assert ("b", "Title b", "the only article, in a fuller version") == shown(
        origin(), later("b", "a", capture="fuller", version=None)
    )


def test_a_rewritten_page_says_so() -> None:
    found = shown(origin(), later("b", "a", capture="rewritten"), later("c", "b", version=2))

    assert ("c", "the only article, in its latest version, rewritten") == (found[0], found[2])


def test_a_copy_of_a_version_does_not_stand_for_the_article() -> None:
    """Nothing says which of two articles of a day came first, and the smaller id is the copy's; the page was fetched unchanged, first."""
    again = later("b", "a", "refetch", "unchanged", version=0)
    copy = member("0", kind="exact", copy_id="a", matched_id="c", story_score=None)

    assert "0" == shown(origin(), copy, again)[0]
    assert "c" == shown(origin(), copy, again, later("c", "b"))[0]


def test_a_version_of_another_article_of_the_story_is_not_read() -> None:
    assert "a" == shown(origin(), member("r"), later("b", "r", copy_id="r"))[0]


def test_the_first_version_of_a_revised_article_is_no_part_of_a_copy_that_holds_it() -> None:
    """Whoever copied a later version has more than the first one; the latest version has it, too."""
    copy = member("x", kind="expanded", copy_id="a", matched_id="a", story_score=None, ingest_date=NEXT)

    assert "x" == shown(origin(), copy)[0]
    assert "c" == shown(origin(), copy, later("b", "a"), later("c", "b", version=2))[0]
