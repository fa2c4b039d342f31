"""Which page an address names."""

import pytest

from pipeline.text.pages import article_number, page_of, words_of


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://post.example/news/12-dead-in-flood-4711234", "4711234"),
        ("https://post.example/a4711234.html", "a4711234"),
        ("https://post.example/politik/flut-1.4711234", "4711234"),
        ("https://post.example/4711234-flood", "4711234"),
        ("https://post.example/news/123/flood", "123"),
        ("https://post.example/news/articles/c4gx8e2y1lvo", "c4gx8e2y1lvo"),
        ("https://post.example/a-2c1743a3-91c0-4a3b-a9a5-1ad0b3bda1d6", "2c1743a3-91c0-4a3b-a9a5-1ad0b3bda1d6"),
        ("https://post.example/?p=12", "12"),
        ("https://post.example/view.php?cat=news&article_id=12", "12"),
        ("https://post.example/flood", None),
        ("https://post.example/2026/03/05/flood", None),
        ("https://post.example/20260305/weather", None),
        ("https://post.example/weather-20260305", None),
        ("https://post.example/weather-2026-03-05", None),
        ("https://post.example/1200-dead-in-flood", None),
        ("https://post.example/news?page=3", None),
        ("https://post.example/covid-19-measures", None),
        ("https://post.example/internationalisation", None),
    ],
)  # fmt: skip
def test_a_number_of_the_article_is_told_from_dates_and_words(address: str, number: str | None) -> None:
    assert number == article_number(address)


def test_two_slugs_with_one_number_are_one_page_of_one_site_alone() -> None:
    one, other = "https://post.example/12-dead-4711234", "https://post.example/news/19-dead-4711234.html"

    assert page_of(one) == page_of(other)
    assert page_of(one) != page_of("https://echo.example/12-dead-4711234")


def test_an_address_without_a_number_is_a_page_by_itself() -> None:
    assert "https://post.example/flood?page=2" == page_of("https://post.example/flood?page=2")


def test_the_words_of_an_address_are_those_of_its_path() -> None:
    assert "wetter heute" == words_of("https://live.example/Wetter-heute/")


@pytest.mark.parametrize(
    ("address", "page", "words"),
    [
        ("", "", ""),
        ("news", "news", "news"),
        ("id12345678", "id12345678", "id12345678"),
        ("https://[broken/news-12345678", "[broken 12345678", "news 12345678"),
        ("https://a.example", "https://a.example", "a example"),
        ("///", "///", ""),
    ],
)
def test_what_is_no_address_is_a_page_too(address: str, page: str, words: str) -> None:
    """Whatever was delivered as an address: the standard library's parser raises on broken hosts."""
    assert (page, words) == (page_of(address), words_of(address))
