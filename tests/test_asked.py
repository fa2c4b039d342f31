"""By which address a page is asked for."""

import pytest

from pipeline.harvest.asked import asked_address


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("HTTP://A.Example/X/y?utm_campaign=x&id=34&fbclid=Z#top", "http://a.example/X/y?id=34"),
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x?b=2&a=1%2F", "https://a.example/x?b=2&a=1%2F"),
        ("https://a.example/x?ref=nr", "https://a.example/x?ref=nr"),
        ("https://a.example/#!/x", "https://a.example/#!/x"),
        ("http://[::ffff:127.0.0.3]:80/m", "http://[::ffff:127.0.0.3]:80/m"),
        (" https://a.example/a b ", "https://a.example/a b"),
        ("http://[bad", "http://[bad"),
        ("mailto:a@b", "mailto:a@b"),
    ],
)
def test_what_says_where_a_reader_came_from_goes_and_all_else_stays(listed: str, expected: str) -> None:
    assert expected == asked_address(listed)
    assert expected == asked_address(expected)
