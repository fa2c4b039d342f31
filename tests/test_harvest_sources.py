"""The sources' file: what it may say, and how a user learns what is wrong in it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.sources import SITEMAP_DAYS, Source, parse_sources, read_sources
from pipeline.model.errors import SettingsError

WHOLE = """
user_agent = "paper-counter/1"
contact = "desk@example.org"
host_budget = 300
run_budget = 4000
revisit_hours = [1, 6.5, 24]

[[source]]
outlet = "Morgen"
feed = ["https://morgen.example/rss", "https://morgen.example/sport.atom", "https://morgen.example/rss"]
sitemap = "https://morgen.example/news.xml"
page = "https://morgen.example/a/1"
list = "https://morgen.example/wp-json/wp/v2/posts"
domain = "Morgen.example"
owner = "haus-nord"
country = "DE"
language = "de-CH"
timezone = "Europe/Zurich"
allow_hosts = ["127.0.0.1", "FEEDS.morgen.example"]
delay_seconds = 2
budget = 40
sitemap_days = 3

[[source]]  # the next one
outlet = "Archive"
warc = ["s3://bucket/crawl-data/warc.paths.gz", "archive/2026/a.warc.gz"]
"""


def test_a_source_says_where_its_pages_are_named_and_how_gently_they_are_asked_for() -> None:
    found = parse_sources(WHOLE, "sources.toml")

    assert ("paper-counter/1", "desk@example.org") == (found.user_agent, found.contact)
    assert (300, 4000, (1.0, 6.5, 24.0)) == (found.host_budget, found.run_budget, found.revisit_hours)
    assert found.sources[0] == Source(
        outlet="Morgen",
        feeds=("https://morgen.example/rss", "https://morgen.example/sport.atom"),
        sitemaps=("https://morgen.example/news.xml",),
        pages=("https://morgen.example/a/1",),
        lists=("https://morgen.example/wp-json/wp/v2/posts",),
        domains=("morgen.example",),
        owner="haus-nord",
        country="DE",
        language="de-CH",
        timezone="Europe/Zurich",
        allow_hosts=("127.0.0.1", "feeds.morgen.example"),
        delay_seconds=2.0,
        budget=40,
        sitemap_days=3,
        line=8,
    )
    assert found.sources[1].warcs == ("s3://bucket/crawl-data/warc.paths.gz", "archive/2026/a.warc.gz")


def test_what_is_not_said_is_left_to_the_run() -> None:
    (found,) = parse_sources('[[source]]\noutlet = "a"\nfeed = "https://a.example/f"', "s").sources

    assert (found.delay_seconds, found.budget, found.country) == (None, None, None)
    assert found.sitemap_days == SITEMAP_DAYS


def test_a_file_without_sources_is_one_that_names_none() -> None:
    assert parse_sources("", "s").sources == ()


_ONE = '[[source]]\noutlet = "a"\nfeed = "https://a.example/f"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[source]\n", "sources.toml: not TOML: .*line 1"),
        (_ONE + 'feeed = "https://a.example/g"', "line 4: unknown key feeed; did you mean feed"),
        (_ONE + 'feeds = "https://a.example/g"', "line 4: unknown key feeds; did you mean feed"),
        (_ONE + "zebra = 1", "line 4: unknown key zebra; known are outlet, feed"),
        (_ONE + 'user_agent = "x"', "line 4: user_agent belongs at the top"),
        ("delay_seconds = 3\n" + _ONE, r"line 1: delay_seconds belongs in a \[\[source\]\]"),
        ('[source]\noutlet = "a"', r"in two brackets"),
        ("source = [3]", r"in two brackets"),
        ('[[source]]\nfeed = "https://a.example/f"', "line 1: a source without outlet"),
        ('\n[[source]]\noutlet = "a"', "line 2: source 'a' names no feed"),
        ('[[source]]\noutlet = "a"\nfeed = "ftp://a.example/f"', "line 3: feed: 'ftp://a.example/f' is not an address"),
        ('[[source]]\noutlet = "a"\nwarc = "https://a.example/w.warc"', "line 3: warc: .* is not a path or an s3://"),
        ('[[source]]\noutlet = "a"\nfeed = "https://"', "line 3: feed: 'https://' is not an address"),
        ('[[source]]\noutlet = "a"\nfeed = "https://[::1/f"', "line 3: feed: .* is not an address"),
        ('[[source]]\noutlet = "a"\nfeed = "https://u:p@a.example/f"', "line 3: feed: an address must not hold a user"),
        ('[[source]]\noutlet = "a"\nfeed = []', "line 1: source 'a' names no feed"),
        ('[[source]]\noutlet = "a"\nfeed = ["https://a.example/f", 3]', "line 3: feed: must be a text"),
        ('[[source]]\noutlet = " "', "line 2: outlet: must be a text"),
        (_ONE + 'owner = "a\\u0007b"', "line 4: owner: has characters"),
        (_ONE + 'country = "Germany"', "line 4: country: 'Germany' is not the code of a country"),
        (_ONE + 'language = "German!"', "line 4: language: 'German!' is not the code"),
        (_ONE + 'timezone = "Berlin"', "line 4: timezone: 'Berlin' is not the name of a time zone"),
        (_ONE + 'allow_hosts = "http://a.example/"', "line 4: allow_hosts: .* is not a host"),
        (_ONE + "delay_seconds = -1", "line 4: delay_seconds: must be a number of seconds"),
        (_ONE + "delay_seconds = nan", "line 4: delay_seconds: must be a number of seconds"),
        (_ONE + "budget = true", "line 4: budget: must be a whole number"),
        ("host_budget = 0\n" + _ONE, "line 1: host_budget: must be a whole number"),
        ("run_budget = 'many'\n" + _ONE, "line 1: run_budget: must be a whole number"),
        ("revisit_hours = [6, 1]\n" + _ONE, "line 1: revisit_hours: write hours, each later"),
        ("revisit_hours = ['soon']\n" + _ONE, "line 1: revisit_hours: write hours, each later"),
        (_ONE + "run_budget = 5", "line 4: run_budget belongs at the top of the file"),
        (_ONE.replace("https://a.example", "https://a.example:99999"), "is not an address: Port out of range"),
        (_ONE + "sitemap_days = 0", "line 4: sitemap_days: must be a whole number"),
        ('source = [{outlet = "a", feeed = "x"}]', "sources.toml.*: unknown key feeed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        parse_sources(text, "sources.toml")
    assert str(refused.value).startswith("sources.toml")


def test_a_file_is_read_as_an_editor_left_it(tmp_path: Path) -> None:
    """With a byte order mark and the line ends of Windows."""
    file = tmp_path / "sources.toml"
    file.write_bytes(b"\xef\xbb\xbf" + _ONE.replace("\n", "\r\n").encode())

    assert [source.outlet for source in read_sources(file).sources] == ["a"]


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe")

    for path, said in ((tmp_path / "none", "no such file"), (tmp_path, "directory"), (bad, "not UTF-8")):
        with pytest.raises(SettingsError, match=re.escape(str(path)) + ".*" + said):
            read_sources(path)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_the_name_of_the_file(text: str) -> None:
    assert _refusal(text) in {"", "the-file"}


def _refusal(text: str) -> str:
    """What a refusal begins with; nothing where the text is read."""
    try:
        parse_sources(text, "the-file")
    except SettingsError as error:
        return str(error)[:8]
    return ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no source in it; each begins with [[source]]"),
        ('contact = "a@b.example"', "no source in it; each begins with [[source]]"),
        ("a = " + "[" * 5000 + "]" * 5000, "lists within lists, too deep to be read"),
        ('[[Source]]\noutlet = "M"', "write [[source]] instead of Source"),
        ('[[sources]]\noutlet = "M"', "write [[source]] instead of sources"),
        ('[source]\noutlet = "M"\n[source]\noutlet = "N"', "sources are [[source]] tables, in two brackets"),
        (
            '[[source]]\noutlet = "M"\npage = "http://a.example/"\nsitemap_days = 999999999999',
            "sitemap_days: must be a whole number of days from 1 to 36500",
        ),
    ],
)
def test_what_people_get_wrong_in_a_file_is_said_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=re.escape(said)):
        read_sources(path)


@pytest.mark.parametrize(
    "address", ["http://a example/f", "http://a..example/", "https://a.example:0/f", "http://0x7f.1/feed"]
)
def test_an_address_that_no_run_would_ask_is_refused_where_it_is_written(address: str) -> None:
    text = f'[[source]]\noutlet = "A"\nfeed = "https://a.example/f"\npage = ["{address}"]\n'
    with pytest.raises(SettingsError, match=f"sources.toml, line 4: .*{re.escape(address)}.* can't be asked"):
        parse_sources(text, "sources.toml")
