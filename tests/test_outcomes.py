"""How an address ends."""

from pipeline.harvest import outcomes


def test_a_page_waits_after_what_may_pass_and_not_after_what_was_decided() -> None:
    waiting = [
        outcomes.failed(503),
        outcomes.failed("timeout"),
        outcomes.DEFERRED_RETRY_AFTER,
        outcomes.BUDGET,
    ]
    ended = [outcomes.FETCHED, outcomes.DUPLICATE, outcomes.REFUSED_ROBOTS, outcomes.REFUSED_SAFETY]
    assert all(map(outcomes.waits, waiting))
    assert not any(map(outcomes.waits, ended))


def test_the_kind_is_the_word_before_the_reason() -> None:
    assert "failed" == outcomes.kind_of(outcomes.failed(404))
    assert "fetched" == outcomes.kind_of(outcomes.FETCHED)
