"""What is remembered of a listing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.harvest import clock as clocks
from pipeline.harvest import polls
from pipeline.harvest.client import Reply
from pipeline.harvest.polls import Poll
from pipeline.harvest.targets import target_of
from pipeline.harvest.visit import Visit
from tests.harvesting import NOW

F = "https://a.example/f"
TAGGED = (("ETag", 'W/"a b"'), ("Last-Modified", "Tue, 10 Mar 2026 09:00:00 GMT"))
HOUR = timedelta(hours=1)


def reply(address: str = F, status: int = 200, headers: Any = TAGGED, body: bytes = b"x") -> Reply:
    return Reply(target_of(address), (), "HTTP/1.1", status, "", headers, body, body, NOW, 0.0)


def read(poll: Poll, *replies: Reply, **options: Any) -> Poll:
    return polls.after_reading(
        poll, Visit(None, replies), options.pop("now", NOW), **{"n_new": 1, "is_whole": True, **options}
    )


def test_validators_are_sent_back_byte_for_byte_to_the_address_that_gave_them() -> None:
    poll = read(Poll(F), reply(status=302, headers=()), reply("https://m.example/f"))
    assert (("If-None-Match", 'W/"a b"'), ("If-Modified-Since", TAGGED[1][1])) == poll.conditions(
        "https://m.example/f"
    )
    assert () == poll.conditions(F)


def test_a_304_may_change_validators_and_leaves_those_that_it_does_not_name() -> None:
    poll = polls.after_no_change(read(Poll(F), reply()), reply(status=304, headers=(("ETag", '"b"'),)), NOW)
    assert (("If-None-Match", '"b"'), ("If-Modified-Since", TAGGED[1][1])) == poll.conditions(F)


@pytest.mark.parametrize("wrong", ["Sat, 16 Nov 2041 19:11:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_validators_of_a_wrong_clock_are_not_used(wrong: str) -> None:
    headers = (("ETag", f'"{wrong}"'), ("Last-Modified", wrong))
    assert () == read(Poll(F), reply(headers=headers)).conditions(F)


def test_only_a_whole_listing_gives_validators() -> None:
    poll = read(Poll(F), reply(), is_whole=False)
    assert () == poll.conditions(F)
    assert not poll.has_seen(reply())
    assert read(Poll(F), reply(headers=())).has_seen(reply())


def test_a_move_is_remembered_where_every_hop_is_for_good() -> None:
    new = "https://b.example/f"
    for hops, address in (((301, 308), new), ((301, 302), F), ((307,), F)):
        chain = [reply(f"https://a.example/{n}", status) for n, status in enumerate(hops)]
        assert address == read(Poll(F), *chain, reply(new)).address(NOW)
    down = read(Poll(F), reply(status=301), reply("http://b.example/f"))
    assert F == down.address(NOW), "never from https to http"


def test_a_move_is_tried_anew_after_a_week_and_when_it_fails() -> None:
    moved = read(Poll(F), reply(status=301), reply("https://b.example/f"))
    assert "moved" == polls.health(moved, NOW)
    again = read(moved, reply("https://b.example/f"), now=NOW + HOUR)
    assert "https://b.example/f" == again.address(NOW + HOUR)
    assert F == again.address(NOW + timedelta(days=8))
    assert F == polls.after_failure(moved, "failed:404", NOW).address(NOW)


def test_what_is_gone_is_looked_at_once_a_week() -> None:
    gone = polls.after_failure(read(Poll(F), reply()), "failed:410", NOW)
    assert gone.is_gone(NOW + HOUR)
    assert not gone.is_gone(NOW + timedelta(days=8))
    assert "gone" == polls.health(gone, NOW)
    assert not read(gone, reply()).is_gone(NOW + HOUR)


def test_the_verdict_says_what_is_wrong() -> None:
    well = read(Poll(F), reply())
    assert "ok" == polls.health(well, NOW + timedelta(days=2))
    assert "silent" == polls.health(well, NOW + timedelta(days=4))
    weekly = replace(well, gaps_seconds=[7 * 86400.0] * 5)
    assert "ok" == polls.health(weekly, NOW + timedelta(days=20))
    assert "failing" == polls.health(polls.after_failure(well, "failed:503", NOW), NOW)
    assert "failing" == polls.health(polls.after_failure(well, "refused:robots", NOW), NOW)
    assert "other_content" == polls.health(polls.after_failure(well, "failed:not_a_feed", NOW), NOW)


def test_a_still_feed_is_asked_more_and_more_rarely() -> None:
    poll, at, n_asked = read(Poll(F), reply()), NOW, 0
    for _ in range(24 * 7):
        at += HOUR
        if poll.is_due(at):
            poll, n_asked = polls.after_no_change(poll, reply(status=304), at), n_asked + 1
    assert 12 < n_asked < 30
    assert read(poll, reply(), now=at).interval_seconds < poll.interval_seconds


def test_it_is_stored_and_read_back_and_what_a_later_version_says_is_passed_over() -> None:
    poll = read(Poll(F), reply(status=301), reply("https://b.example/f"))
    assert poll == polls.poll_of(F, {**polls.value_of(poll), "later": 1})
    assert Poll(F) == polls.poll_of(F, None)


@pytest.mark.parametrize(
    ("said", "asked_hours_later", "awaited"),
    [
        ("2026-03-10T00:00:00Z", 1, True),  # a day without an hour: it goes on
        ("2026-03-10T00:00:00Z", 49, False),
        ("2026-03-10T00:30:00Z", 1, False),
    ],
)
def test_a_part_that_was_changed_on_a_day_is_read_again_until_that_day_is_over(
    said: str, asked_hours_later: int, awaited: bool
) -> None:
    asked_at = clocks.spelt(datetime(2026, 3, 10, tzinfo=UTC) + asked_hours_later * HOUR)

    assert awaited == Poll(F).awaits(Poll(F, changed_as=said, asked_at=asked_at), said)
