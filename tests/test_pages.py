"""Which pages are new, which wait, which are known."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipeline.harvest.items import Item
from pipeline.harvest.journal import Journal
from pipeline.harvest.outcomes import DUPLICATE, FETCHED, NOT_MODIFIED, failed
from pipeline.harvest.pages import KNOWN_DAYS, Page, Pages
from pipeline.harvest.state import State
from pipeline.store.local import LocalStorage
from tests.harvesting import NOW

A = "http://a.example"
ONE, TWO = Item(A + "/1", title="One", guid="g1"), Item(A + "/2", title="Two", guid="g2")


def open_state(folder: Path) -> State:
    return State(LocalStorage(str(folder)), Journal(folder / "journal"))


def admitted(
    pages: Pages, *items: Item, listing: str = "f", hours: float = 0
) -> list[tuple[str, str | None]]:
    now = NOW + timedelta(hours=hours)
    return [(page.url.removeprefix(A), outcome) for page, outcome in pages.admit(items, listing, ("A",), now)]


def test_an_address_is_new_once_whatever_its_date_guid_and_title(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    first = Pages(state)
    assert [("/1", None), ("/2", None)] == admitted(first, ONE, TWO, ONE)
    for page in list(first.claimed.values()):
        first.settle(page, FETCHED, NOW)

    again = Pages(state)
    old = Item(A + "/3", published_at=NOW - timedelta(days=400))
    found = admitted(again, replace(ONE, guid="h1", title="One!"), TWO, old, hours=1)
    assert [("/1", DUPLICATE), ("/2", DUPLICATE), ("/3", None)] == found
    assert "One" == again.claimed[A + "/1"].title, "the first title stays"


def test_a_page_waits_from_the_moment_it_is_seen_until_it_is_settled(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    admitted(Pages(state), ONE, TWO)
    pages = Pages(state)
    waiting = list(pages.waiting("A", NOW))
    assert [A + "/1", A + "/2"] == [page.url for page in waiting]
    pages.settle(waiting[0], FETCHED, NOW)
    pages.settle(waiting[1], failed(503), NOW)
    later = [page.url for page in Pages(state).waiting("A", NOW + timedelta(minutes=10))]
    assert [A + "/2"] == later, "one that failed is tried again within ten minutes"


def test_a_page_that_keeps_failing_is_given_up_and_not_asked_again(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    admitted(Pages(state), ONE)
    n_tries, at = 0, NOW
    while waiting := list((pages := Pages(state)).waiting("A", at)):
        pages.settle(waiting[0], failed("timeout"), at)
        n_tries, at = n_tries + 1, at + timedelta(hours=7)
    assert 5 == n_tries
    assert [("/1", DUPLICATE)] == admitted(Pages(state), ONE, hours=40)


def test_a_guid_counts_where_it_is_unique_and_then_names_a_revision(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    pages = Pages(state)
    admitted(pages, ONE)
    pages.settle(pages.claimed[ONE.url or ""], FETCHED, NOW)
    pages = Pages(state)
    admitted(pages, Item(A + "/1-new", guid="g1"), Item(A + "/x", guid="n"), Item(A + "/y", guid="n"))
    assert A + "/1" == pages.claimed[A + "/1-new"].revision_of
    assert [None, None] == [pages.claimed[A + path].revision_of for path in ("/x", "/y")]
    assert [None, None] == [pages.claimed[A + path].guid for path in ("/x", "/y")]


def test_a_known_page_notes_where_else_it_is_listed(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    pages = Pages(state)
    admitted(pages, ONE, listing="f")
    admitted(pages, ONE, listing="g")
    pages.settle(pages.claimed[ONE.url or ""], FETCHED, NOW)
    admitted(Pages(state), ONE, listing="h")
    (page,) = Pages(state).recorded(["a.example"])
    assert ("f", "g", "h") == page.seen_in


def test_old_pages_shrink_to_a_digest_and_stay_known_while_they_are_listed(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    pages = Pages(state)
    admitted(pages, ONE)
    pages.settle(pages.claimed[ONE.url or ""], FETCHED, NOW)
    for days in range(4, 200, 8):
        now = NOW + timedelta(days=days)
        Pages(state).age(["a.example"], ["A"], now)
        assert [] == Pages(state).recorded(["a.example"])
        assert [("/1", DUPLICATE)] == admitted(Pages(state), ONE, hours=24 * days)
    Pages(state).age(["a.example"], ["A"], now + timedelta(days=KNOWN_DAYS + 10))
    assert [("/1", None)] == admitted(Pages(state), ONE, hours=24 * 300)


def test_young_pages_are_looked_at_again_where_the_setting_says_so(tmp_path: Path) -> None:
    state, looks = open_state(tmp_path), []
    pages = Pages(state, (1, 6, 24))
    admitted(pages, ONE)
    pages.settle(pages.claimed[ONE.url or ""], FETCHED, NOW, digest="d", etag='"e"')
    for hours in range(60):
        pages = Pages(state, (1, 6, 24))
        for page in pages.waiting("A", NOW + timedelta(hours=hours)):
            looks.append(hours)
            assert '"e"' == page.etag
            pages.settle(page, NOT_MODIFIED, NOW + timedelta(hours=hours))
    assert [1, 6, 24] == looks


def test_what_a_first_look_passes_over_counts_as_known(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    Pages(state).skip([ONE], NOW)
    assert [("/1", DUPLICATE)] == admitted(Pages(state), ONE)


def test_the_host_of_what_is_no_address_is_empty() -> None:
    assert "" == Page("http://[bad", "A").host


def test_pages_that_wait_have_their_turns_in_the_order_in_which_they_were_found(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    for hours, name in enumerate("zbay"):
        admitted(Pages(state), Item(f"{A}/{name}"), hours=hours)
    state.save()
    assert [f"{A}/{name}" for name in "zbay"] == [
        page.url for page in Pages(open_state(tmp_path)).waiting("A", NOW)
    ]


def test_a_page_that_another_machine_has_fetched_does_not_wait(tmp_path: Path) -> None:
    """As where this machine's run was killed, and comes back with what it remembers of the page."""
    storage = LocalStorage(str(tmp_path / "shared"))
    first = State(storage, Journal(tmp_path / "one"))
    admitted(Pages(first), ONE)
    pages = Pages(first)
    pages.settle(next(pages.waiting("A", NOW)), failed(503), NOW)
    first.commit()

    second = State(storage, Journal(tmp_path / "two"))
    pages = Pages(second)
    admitted(pages, ONE)
    pages.settle(pages.claimed[A + "/1"], FETCHED, NOW)
    second.save()

    again = State(storage, Journal(tmp_path / "one"))
    assert [] == list(Pages(again).waiting("A", NOW + timedelta(days=1)))
