"""Sitemaps, their indexes, those of news, and lists of addresses: as they should be, as they are, and in any pieces."""

import gzip
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.items import Item, Listing, UnreadableFeedError
from pipeline.harvest.sitemaps import read_sitemap
from tests.listed import NOW, urls

HERE = "https://morgen.example/sitemaps/news.xml"
ONE, TWO = "https://morgen.example/a/1", "https://morgen.example/a/2"
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def _read(*pieces: str | bytes, max_entries: int = 100, max_bytes: int = 10_000_000) -> Listing:
    stream = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
    return read_sitemap(stream, HERE, NOW, max_entries=max_entries, max_bytes=max_bytes)


def _refused(*pieces: str | bytes) -> str | None:
    try:
        _read(*pieces)
    except UnreadableFeedError as error:
        return error.reason
    return None


def _urlset(*entries: str, attributes: str = "") -> str:
    return f'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {attributes}>{"".join(entries)}</urlset>'


def _url(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def test_a_page_has_its_address_and_when_it_was_changed_which_is_no_publication() -> None:
    listing = _read(_urlset(_url(ONE, "<lastmod>2026-03-10T08:00:00+01:00</lastmod>"), _url(TWO)))

    assert (listing.kind, listing.is_cut, listing.flags) == ("sitemap", False, ())
    assert listing.items == (Item(ONE, modified_at=datetime(2026, 3, 10, 7, tzinfo=UTC)), Item(TWO))


def test_a_sitemap_of_news_has_titles_and_dates_of_publication() -> None:
    news = (
        "<news:news><news:publication><news:name>Morgen</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2026-03-10T08:00:00Z</news:publication_date><news:title>Fog &amp;amp; ice</news:title></news:news>"
    )
    (found,) = _read(_urlset(_url(ONE, news), attributes=_NEWS)).items
    assert (found.title, found.published_at, found.precision, found.modified_at) == (
        "Fog & ice",
        datetime(2026, 3, 10, 8, tzinfo=UTC),
        "second",
        None,
    )


def test_an_index_names_its_parts_and_when_each_was_changed() -> None:
    index = "<sitemapindex><sitemap><loc>/s1.xml</loc><lastmod>2026-03-09</lastmod></sitemap><sitemap><loc>https://abend.example/s2.xml.gz</loc></sitemap></sitemapindex>"
    listing = _read(index)
    assert (listing.kind, listing.items) == ("sitemap_index", ())
    assert listing.further == (
        ("https://morgen.example/s1.xml", datetime(2026, 3, 9, tzinfo=UTC)),
        ("https://abend.example/s2.xml.gz", None),
    )


def test_addresses_are_unescaped_once_trimmed_and_whole() -> None:
    stated = [
        f"\n  {ONE}?x=1&amp;y=2\n",
        f"<![CDATA[ {ONE}?x=1&y=2 ]]>",
        f"{ONE}?x=1&y=2",
        "/a/1",
        "../a/1",
        f"{ONE}?q=&amp;amp;",
    ]
    assert urls(_read(_urlset(*map(_url, stated)))) == [*[f"{ONE}?x=1&y=2"] * 3, ONE, ONE, f"{ONE}?q=&amp;"]


def test_an_empty_address_is_no_page_and_one_of_another_scheme_is_counted_as_none() -> None:
    assert [(i.url, i.flags) for i in _read(_urlset(_url(" "), _url("ftp://x/"))).items] == [
        (None, ("no_page",))
    ]


def test_a_text_is_a_list_of_addresses_a_line_each() -> None:
    listing = _read(f"\ufeff{ONE}\r\n\r\n# no address\n {TWO} \n{ONE}?x=1&y=2")
    assert (listing.kind, urls(listing)) == ("sitemap", [ONE, TWO, f"{ONE}?x=1&y=2"])


def test_what_is_packed_is_read_whatever_it_was_sent_as() -> None:
    """Also several members, and the zeros that tape programs leave behind them."""
    packed = gzip.compress(_urlset(_url(ONE)).encode()[:60]) + gzip.compress(_urlset(_url(ONE)).encode()[60:])
    assert urls(_read(packed + b"\0" * 30)) == [ONE]


def test_no_more_is_read_than_the_caps_allow() -> None:
    sitemap = _urlset(*[_url(f"{ONE}{n}") for n in range(1_000)])
    few = _read(sitemap, max_entries=3)
    short = _read(gzip.compress(sitemap.encode()), max_bytes=1_000)

    assert (len(few.items), few.is_cut, few.flags) == (3, True, ())
    assert (0 < len(short.items) < 30, short.is_cut, short.flags) == (True, True, ())
    assert not _read(sitemap, max_entries=1_000, max_bytes=len(sitemap)).is_cut


def test_a_bomb_of_gzip_costs_no_memory() -> None:
    packed = gzip.compress(b"<urlset>" + b" " * 60_000_000, 9)
    tracemalloc.start()
    listing = _read(packed, max_bytes=20_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert listing.is_cut
    assert most < 5_000_000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not_a_feed"),
        (" \n", "not_a_feed"),
        ("<!DOCTYPE html><html><urlset></urlset>", "not_a_feed"),
        ("<rss><channel/></rss>", "not_a_feed"),
        ("Not found", "not_a_feed"),
        ('<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', "unsafe_xml"),
        ("<urlset><url><loc>/a</loc></url><!entity x 'y'></urlset>", "unsafe_xml"),
        (gzip.compress(b"<urlset></urlset>" * 9, mtime=0)[:-12], "truncated"),
        (b"\x1f\x8b\x08broken", "truncated"),
    ],
)
def test_what_is_no_sitemap_is_refused(body: str | bytes, reason: str) -> None:
    assert _refused(body) == reason


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert [_read(text).items for text in ("<urlset/>", "<urlset></urlset>", "<sitemapindex/>")] == [()] * 3


def test_a_sitemap_that_breaks_off_keeps_its_whole_entries_and_says_so() -> None:
    listing = _read(_urlset(_url(ONE), _url(TWO)).removesuffix("/2</loc></url></urlset>"))
    assert (urls(listing), listing.flags) == ([ONE], ("truncated",))


_ANY = st.lists(
    st.sampled_from(["<", ">", "/", "&amp;", "&", "<![CDATA[", "]]>", "<!--", "-->", "<url>", "</url>", "<loc>", "</loc>", "/a/1", " ", "é", "<news:news>", "<lastmod>", "2026-03-10", "</urlset>", "<?x", "?>", "<!x"]),
    max_size=25,
)  # fmt: skip


@given(_ANY, st.lists(st.integers(1, 9), max_size=60))
def test_any_split_of_a_stream_gives_the_same_entries(parts: list[str], lengths: list[int]) -> None:
    body = ("<urlset>" + _url("/first") + "".join(parts)).encode()
    assert read_sitemap(_cut(body, lengths), HERE, NOW) == _read(body)
    packed = gzip.compress(body, mtime=0)
    assert read_sitemap(_cut(packed, lengths), HERE, NOW) == _read(body)


def _cut(body: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for length in lengths:
        yield body[at : at + length]
        at += length
    yield body[at:]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_refused(body: bytes) -> None:
    for content in (body, b"<urlset>" + body, gzip.compress(body)):
        assert _refused(content) in {None, "not_a_feed", "unsafe_xml", "truncated"}


@pytest.mark.parametrize("part", ["<![CDATA[", "<!--", "<url", "<", "<url><loc>", "&", "<?x", "<!D"])
def test_what_nobody_ends_is_passed_over_in_time(part: str) -> None:
    assert _read("<urlset>", part * (1_000_000 // len(part))).items == ()


# --- as users reported them ----------------------------------------------------------------------------------


def test_the_addresses_and_titles_of_pictures_are_not_the_page_s() -> None:
    """(news-crawl 25)"""
    image = '<image:image xmlns:image="i"><image:loc>/p.jpg</image:loc><image:title>A photo</image:title></image:image>'
    found = [
        *_read(_urlset(f"<url>{image}<loc>{ONE}</loc></url>")).items,
        *_read(_urlset(f"<url>{image}</url>")).items,
    ]
    assert [(item.url, item.title) for item in found] == [(ONE, None)]


def test_names_count_whatever_namespace_they_are_in() -> None:
    """No namespace (ultimate-sitemap-parser 86), a wrong one (news-crawl 25), prefixes that nobody declared (nuxt-sitemap 134), or one for all."""
    plain = f"<urlset>{_url(ONE, '<news:news><news:title>Fog</news:title></news:news>')}</urlset>"
    prefixed = f'<s:urlset xmlns:s="x"><s:url><s:loc>{ONE}</s:loc></s:url></s:urlset>'
    assert [
        (i.url, i.title)
        for text in (plain, prefixed, plain.upper().replace("HTTPS://MORGEN.EXAMPLE/A/1", ONE))
        for i in _read(text).items
    ] == [(ONE, "Fog"), (ONE, None), (ONE, "FOG")]


def test_an_address_without_loc_is_one() -> None:
    """(benbalter/sitemap-parser 24)"""
    assert _read(f"<sitemapindex><sitemap>\n {ONE}\n</sitemap></sitemapindex>").further == ((ONE, None),)


def test_entries_and_fields_that_nobody_ended_end_where_the_next_begin() -> None:
    listing = _read(f"<urlset><url><loc>{ONE}<lastmod>2026-03-09<url><loc>{TWO}</loc></url></urlset>")
    assert [(item.url, item.modified_at and item.modified_at.day) for item in listing.items] == [
        (ONE, 9),
        (TWO, None),
    ]


def test_a_warning_before_the_root_is_passed_over() -> None:
    assert urls(_read("<br />\n<b>Warning</b>: x <?xml version='1.0'?>" + _urlset(_url(ONE)))) == [ONE]


def test_titles_in_another_character_set_are_read_as_declared() -> None:
    title = "Туман над заливом"
    news = f"<news:news><news:title>{title}</news:title></news:news>"
    text = f'<?xml version="1.0" encoding="windows-1251"?><urlset>{_url(ONE, news)}</urlset>'
    bodies = [text.encode("cp1251"), text.encode(), text.encode("utf-16")]
    assert [item.title for body in bodies for item in _read(body).items] == [title] * 3


def test_other_languages_of_a_page_are_no_pages_of_their_own() -> None:
    """xhtml:link of a page in several languages (advertools, ultimate-sitemap-parser)."""
    link = '<xhtml:link rel="alternate" hreflang="de" href="/de/1"/>'
    assert urls(_read(_urlset(_url(ONE, link)))) == [ONE]


def test_a_date_of_the_future_or_none_loses_no_address() -> None:
    news = "<news:news><news:publication_date>{}</news:publication_date></news:news>"
    dates = ["2026-04-01", "tomorrow", ""]
    found = _read(_urlset(*(_url(ONE, news.format(date)) for date in dates))).items
    assert [(item.url, item.published_at, item.flags) for item in found] == [
        (ONE, None, ("future",)),
        (ONE, None, ("unreadable_date",)),
        (ONE, None, ()),
    ]
