"""Addresses of pages, out of what is stated for one."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.addresses import is_absolute, page_address, web_address

BASE = "https://morgen.example/feeds/rss.xml"


def test_an_address_stays_as_it_was_delivered() -> None:
    for address in ("https://morgen.example/a/1?utm_source=rss#top", "HTTP://Morgen.example:80/A%2fb c"):
        assert page_address(BASE, f"\n  {address} ") == address


def test_what_is_relative_is_meant_against_its_base() -> None:
    stated = ["/a/1", "a/1", "../a/1", "?p=1", "//abend.example/a"]
    assert [page_address(BASE, text) for text in stated] == [
        "https://morgen.example/a/1",
        "https://morgen.example/feeds/a/1",
        "https://morgen.example/a/1",
        "https://morgen.example/feeds/rss.xml?p=1",
        "https://abend.example/a",
    ]


def test_an_ampersand_that_was_escaped_once_too_often_is_undone_only_where_that_is_asked_for() -> None:
    assert page_address(BASE, "/a?x=1&amp;y=2") == "https://morgen.example/a?x=1&y=2"
    assert web_address(BASE, "/a?x=1&amp;y=2") == "https://morgen.example/a?x=1&amp;y=2"


def test_what_is_no_address_of_the_web_is_none() -> None:
    for stated in (
        "",
        " ",
        "mailto:a@b.example",
        "javascript:x",
        "ftp://a.example/",
        "http://",
        "http://[::1",
    ):
        assert page_address(BASE, stated) is None, stated
    assert page_address(BASE, "/" + "a" * 5_000) is None


def test_an_identifier_may_be_an_address() -> None:
    assert [is_absolute(text) for text in (" https://a.example", "HTTP://a", "/a", "tag:a")] == [
        True,
        True,
        False,
        False,
    ]


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_text_is_an_address_of_the_web_or_none(base: str, stated: str) -> None:
    found = page_address(base, stated)
    assert found is None or found.lower().startswith(("http:", "https:"))
