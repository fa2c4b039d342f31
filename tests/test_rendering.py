"""What templates print: links lead only out to the web, long texts are cut, sizes and delays are in words."""

import pytest

from pipeline.explorer import rendering


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//host.example/x",
        "http://",
        "https:///x",
        "http://[bad",
        "ftp://host.example/x",
        "http://a.example/\u202egnp.exe",
        "http://a.example/\nx",
        "http://a.example/" + "x" * 5000,
    ],
)
def test_what_is_no_address_of_the_web_is_no_link(url: str | None) -> None:
    assert rendering.outward(url) is None


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y=1&z=2#f", "http://127.0.0.1:80/", "https://bücher.example/ä"]
)
def test_an_address_of_the_web_is_one(url: str) -> None:
    assert url == rendering.outward(url)


def test_a_long_headline_is_cut_and_stands_on_one_line() -> None:
    assert "a b c" == rendering.short(" a\n\tb  c ")
    assert 240 == len(rendering.short("w" * 1_000_000))
    assert not rendering.short(None)


def test_sizes_and_delays_are_read_by_people() -> None:
    assert ["0 B", "999 B", "1.0 kB", "2.5 MB", "1.0 GB"] == [
        rendering.size(n) for n in (0, 999, 1000, 2_500_000, 10**9)
    ]
    assert ["unknown", "5 min", "1 h 05 min", "−2 min"] == [rendering.lag(n) for n in (None, 5, 65, -2)]


def test_only_the_files_of_the_package_are_given() -> None:
    assert rendering.static("explorer.css")
    assert rendering.static("../templates/base.html") is None


def test_every_template_escapes_and_has_no_markup_of_others() -> None:
    """`safe`, inline scripts and inline styles would open what the policy of content closes."""
    templates = rendering.environment()
    assert templates.autoescape is True
    for name in templates.list_templates():
        source, _, _ = templates.loader.get_source(templates, name)  # type: ignore[union-attr]
        for forbidden in (
            "| safe",
            "|safe",
            "autoescape false",
            "style=",
            "onclick",
            "javascript:",
            "<style",
        ):
            assert forbidden not in source, name
