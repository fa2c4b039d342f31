"""Feeds of every format as they should be, and promises for any bytes."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.feeds import read_feed
from pipeline.harvest.items import MAX_ITEMS, Item
from tests.listed import FEED, NOW, atom, item, only, read, refused, rss, titles, urls

ONE, TWO = "https://morgen.example/a/1", "https://morgen.example/a/2"
EIGHT = datetime(2026, 3, 10, 8, tzinfo=UTC)


def test_an_item_of_rss_has_its_page_title_date_and_guid() -> None:
    listing = read(rss(item(1, "<guid>g1</guid><pubDate>Tue, 10 Mar 2026 09:00:00 +0100</pubDate>"), item(2)))

    assert (listing.kind, listing.title, listing.flags) == ("rss", "Morgen", ())
    assert listing.items == (
        Item(ONE, "Report 1", EIGHT, "second", "Tue, 10 Mar 2026 09:00:00 +0100", None, "g1"),
        Item(TWO, "Report 2"),
    )


def test_items_of_rdf_stand_beside_the_channel() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://morgen.example/"><title>Morgen</title>'
        f'<items><rdf:Seq><rdf:li rdf:resource="{ONE}"/></rdf:Seq></items></channel>'
        f'<item rdf:about="{ONE}"><title>Fog</title><link>{ONE}</link><dc:date>2026-03-10T09:00+01:00</dc:date></item>'
        f'<item rdf:about="{TWO}"><title>Ice</title><dc:date>2026-03-09</dc:date></item></rdf:RDF>'
    )
    listing = read(rdf)

    assert (listing.kind, listing.title) == ("rss", "Morgen")
    assert [(one.url, one.title, one.published_at, one.precision) for one in listing.items] == [
        (ONE, "Fog", EIGHT, "minute"),
        (TWO, "Ice", datetime(2026, 3, 9, tzinfo=UTC), "day"),
    ]


def test_an_entry_of_atom_says_when_it_was_published_and_changed() -> None:
    entry = f'<entry><title>Fog</title><id>1</id><link href="{ONE}"/><published>2026-03-10T08:00:00Z</published><updated>2026-03-10T11:00:00Z</updated></entry>'
    found = only(atom(entry))

    assert (found.published_at, found.modified_at, found.guid) == (EIGHT, EIGHT.replace(hour=11), "1")


def test_an_entry_that_was_never_published_in_words_was_when_it_was_changed() -> None:
    assert (
        only(atom(f'<entry><link href="{ONE}"/><updated>2026-03-10T08:00:00Z</updated></entry>')).published_at
        == EIGHT
    )


def test_atom_0_3_is_read() -> None:
    feed = f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>M</title><entry><title mode="escaped">Fog</title><link rel="alternate" type="text/html" href="{ONE}"/><issued>2026-03-10T08:00:00Z</issued></entry></feed>'
    assert (only(feed).url, only(feed).title, only(feed).published_at) == (ONE, "Fog", EIGHT)


def test_bases_nest() -> None:
    entries = (
        '<entry xml:base="2026/"><link href="one"/></entry><entry><link xml:base="/b/" href="two"/></entry>'
    )
    assert urls(read(atom(entries, attributes='xml:base="/a/"'))) == [
        "https://morgen.example/a/2026/one",
        "https://morgen.example/b/two",
    ]


def test_of_several_links_it_is_the_one_to_the_page() -> None:
    links = (
        '<link rel="enclosure" href="/s.mp3"/><link rel="replies" href="/r"/><link rel="alternate" type="application/json" href="/j"/>'
        f'<link type="text/html; charset=utf-8" href="{ONE}"/>'
    )
    assert only(atom(f"<entry>{links}</entry>")).url == ONE


def test_a_guid_is_the_page_unless_it_says_that_it_is_none() -> None:
    guids = [
        f"<guid>{ONE}</guid>",
        f'<guid isPermaLink="true">{TWO}</guid>',
        f'<guid isPermaLink="false">{TWO}</guid>',
        "<guid>77</guid>",
    ]
    assert urls(read(rss(*(f"<item>{guid}</item>" for guid in guids)))) == [ONE, TWO, None, None]


def test_the_title_of_a_picture_is_the_item_s_only_where_it_has_none() -> None:
    media = '<media:title xmlns:media="http://search.yahoo.com/mrss/">A photo</media:title>'
    assert titles(read(rss(f"<item>{media}<title>Fog</title></item>", f"<item>{media}</item>"))) == [
        "Fog",
        "A photo",
    ]


def test_a_feed_without_items_is_a_feed_and_nothing_is_none() -> None:
    assert read(rss()).items == ()
    assert [refused(""), refused(" \n "), refused("\ufeff")] == ["not_a_feed"] * 3


def test_a_sitemap_is_no_feed() -> None:
    assert refused("<urlset/>") == "not_a_feed"


def test_json_is_known_without_its_type() -> None:
    assert read('{"version": "https://jsonfeed.org/version/1.1"}').kind == "json_feed"


@pytest.mark.parametrize(
    ("country", "hour", "flags"), [("DE", 7, ()), ("GB", 8, ()), ("US", 8, ("zone_assumed",)), (None, 8, ("zone_assumed",))]
)  # fmt: skip
def test_a_time_without_a_zone_is_the_source_s(
    country: str | None, hour: int, flags: tuple[str, ...]
) -> None:
    (found,) = read(rss(item(1, "<pubDate>2026-03-10 08:00:00</pubDate>")), country=country).items
    assert (found.published_at, found.flags) == (EIGHT.replace(hour=hour), flags)


def test_a_zone_that_a_source_states_goes_before_its_country() -> None:
    feed = rss(item(1, "<pubDate>2026-03-10 08:00:00</pubDate>")).encode()
    (found,) = read_feed(feed, FEED, "", NOW, "US", "America/New_York").items
    assert (found.published_at, found.flags) == (EIGHT.replace(hour=12), ())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    assert refused(body) in {None, "not_a_feed", "unsafe_xml", "truncated"}


_WHOLE = rss(item(1, "<guid>1</guid><pubDate>Tue, 10 Mar 2026 09:00:00 GMT</pubDate>"), item(2, "<description><![CDATA[<p>x]]></description>"))  # fmt: skip


@given(st.integers(0, len(_WHOLE)), st.binary(max_size=6), st.integers(0, 9))
def test_a_feed_that_was_damaged_anywhere_is_read_or_refused(at: int, put: bytes, n_lost: int) -> None:
    body = _WHOLE.encode()
    assert refused(body[:at] + put + body[at + n_lost :]) in {None, "not_a_feed", "unsafe_xml", "truncated"}


@given(st.integers(0, len(_WHOLE)))
def test_a_feed_that_breaks_off_names_no_page_that_it_did_not_name_whole(at: int) -> None:
    body = _WHOLE[:at]
    found = [] if refused(body) else urls(read(body))
    assert found == [ONE, TWO][: len(found)]


def test_what_is_packed_is_no_feed() -> None:
    assert refused(gzip.compress(rss(item(1)).encode(), mtime=0)) == "not_a_feed"


def test_a_tag_of_very_many_attributes_is_refused() -> None:
    """The time to read it grows with the square of their number."""
    many = " ".join(f'a{n}=""' for n in range(20_000))
    assert refused(rss(f"<item {many}></item>")) == "unsafe_xml"


def test_very_many_items_that_nobody_closed_are_read_in_time() -> None:
    assert len(read("<rss><channel>" + "<item><link>/a" * 3_000).items) == 2_999


@pytest.mark.parametrize("one", ["<item/>", "<item>", "<item><br></item>"])
def test_no_more_items_are_read_than_a_feed_may_have(one: str) -> None:
    """Each takes far more memory than the few bytes in which it can be written."""
    listing = read(f"<rss><channel>{one * 60_000}</channel></rss>")
    assert (len(listing.items), listing.is_cut, listing.flags) == (MAX_ITEMS, True, ())


def test_no_more_items_of_json_are_read_either() -> None:
    listing = read('{"items": [' + "{}," * 60_000 + "{}]}")
    assert (len(listing.items), listing.is_cut) == (MAX_ITEMS, True)
