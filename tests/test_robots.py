"""What a robots.txt permits."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.harvest.robots import MAX_BYTES, Robots, read_robots, token_of, unreachable

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
A = "http://a.example"


def read(text: str | bytes, status: int = 200) -> Robots:
    return read_robots(status, text.encode() if isinstance(text, str) else text, "newsfold", NOW)


def allowed(robots: Robots, *paths: str) -> list[bool]:
    return [robots.allows(A + path, "newsfold") for path in paths]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, False), (204, True), (301, True), (401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_the_status_says_what_an_answer_means(status: int, expected: bool) -> None:
    body = "User-agent: *\nDisallow: /" if status != 204 else ""
    assert [expected] == allowed(read(body, status), "/x")


def test_an_answer_holds_for_a_day_and_a_failure_not_at_all() -> None:
    robots = read("")
    assert robots.holds(NOW)
    assert robots.holds(NOW + timedelta(hours=23))
    assert not robots.holds(NOW + timedelta(days=1))
    assert not robots.holds(NOW - timedelta(seconds=1)), "of the future: the clock was wrong"
    assert not unreachable(NOW).holds(NOW)
    assert [False] == allowed(unreachable(NOW), "/x")


def test_the_most_specific_rule_decides_and_ours_are_before_those_of_all() -> None:
    robots = read(
        "User-agent: *\nDisallow: /\n\nUser-agent: NewsFold/2.0 # us\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 2.5\n"
    )
    assert [True, False, True] == allowed(robots, "/x", "/a/c", "/a/b")
    assert 2.5 == robots.delay_seconds("newsfold")


def test_a_group_of_another_name_is_not_ours_though_ours_begins_with_it() -> None:
    text = "User-agent: news\nDisallow: /\n\nUser-agent: newsfold-images\nDisallow: /\n\nUser-agent: *\nDisallow: /b\n"
    assert [True, False] == allowed(read(text), "/a", "/b")


def test_a_mark_of_byte_order_does_not_cost_the_first_group() -> None:
    for mark in (b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe"):
        if mark != b"\xff\xfe":
            assert [False] == allowed(read(mark + b"User-agent: *\nDisallow: /a"), "/a")


def test_stars_and_the_dollar_match_as_the_standard_says() -> None:
    robots = read(
        "User-agent: *\nDisallow: /*s=\nDisallow: /*.print$\nDisallow: */test\nDisallow: /users/*/replies\n"
    )
    assert [False, False, True, False, False, True] == allowed(
        robots, "/?s=asd", "/x.print", "/x.print?y=1", "/a/test", "/users/me/replies", "/users/me/posts"
    )


def test_escapes_are_brought_to_one_form_and_those_of_reserved_characters_stay() -> None:
    robots = read(
        "User-agent: *\nDisallow: /x/*%2F\nDisallow: /café\nDisallow: /%7Ejoe\nDisallow: /lit-%2A.html\nDisallow: /*q=*rel\n"
    )
    assert [True, False, False, False, False, True, False] == allowed(
        robots,
        "/x/y/z",
        "/x/y%2Fz",
        "/caf%C3%A9/1",
        "/~joe/",
        "/lit-*.html",
        "/lit-b.html",
        "/n?q=%3Arel%3Atype",
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_groups_of_one_name_are_one(ending: str) -> None:
    robots = read(
        ending.join(
            [
                "User-agent: newsfold",
                "Disallow: /a",
                "",
                "User-agent: other",
                "Disallow: /",
                "",
                "User-agent: newsfold",
                "Disallow: /b",
            ]
        )
    )
    assert [False, False, True] == allowed(robots, "/a", "/b", "/c")


def test_the_first_500_kib_count_and_a_page_in_its_place_forbids_nothing() -> None:
    filling = "# " + "x" * 98 + "\n"
    text = (
        "User-agent: *\nDisallow: /early\n"
        + filling * 5_000
        + "Disallow: /middle\n"
        + filling * 1_000
        + "Disallow: /late\n"
    )
    assert [False, False, True] == allowed(read(text), "/early", "/middle", "/late")
    assert MAX_BYTES >= 500 * 1024
    assert [True] == allowed(read("<!doctype html><title>Not found</title>"), "/x")


def test_sitemaps_are_told_and_no_rules_ask_for_no_delay() -> None:
    assert [A + "/s.xml"] == read(f"Sitemap: {A}/s.xml").sitemaps()
    assert 0.0 == read("User-agent: *\nCrawl-delay: soon").delay_seconds("newsfold")


def test_the_token_is_the_first_word_of_the_user_agent() -> None:
    assert "newsfold" == token_of("newsfold/0.1 (+https://a.example)")
    assert "desk-bot" == token_of("Desk-Bot/2")
    assert "newsfold" == token_of("")
