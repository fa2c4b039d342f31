"""Feeds as users of other readers reported them: what each says all the same. The texts are our own."""

import pytest

from tests.listed import atom, item, only, read, refused, rss, titles, urls

ONE, TWO = "https://morgen.example/a/1", "https://morgen.example/a/2"
_MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


@pytest.mark.parametrize(
    "junk", ["[]", "<br />\n<b>Warning</b>: no such file in cache.php", "<!-- 0.2 s --> \n", "\0\0"]
)
def test_what_stands_behind_the_feed_is_not_read(junk: str) -> None:
    """A cache or a faulty program writes behind the last tag (FreshRSS 8326, rssguard 1788, FeedKit 53)."""
    assert urls(read(rss(item(1), item(2)) + junk)) == [ONE, TWO]


def test_a_warning_before_the_feed_is_not_read() -> None:
    """A program on the server prints warnings first (rssguard 1788, SimplePie)."""
    assert urls(read("<br />\n<b>Notice</b>: x &amp; y\n<?xml version='1.0'?>" + rss(item(1)))) == [ONE]


def test_a_tag_that_nobody_closed_costs_no_other_item() -> None:
    """media:content without its slash swallows all that follows (feedsmith 378)."""
    open_tag = f'<media:content {_MEDIA} url="https://morgen.example/p/1.jpg">'
    assert urls(read(rss(item(1, open_tag), item(2)))) == [ONE, TWO]


def test_a_tag_that_nobody_closed_before_the_link_hides_nothing() -> None:
    """atom:link without its slash stands before the title (feedsmith 377)."""
    open_tag = (
        '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="related" href="https://other.example/">'
    )
    found = only(rss(f"<item>{open_tag}<title>Report</title><link>{ONE}</link></item>"))
    assert (found.url, found.title) == (ONE, "Report")


def test_items_behind_the_end_of_the_channel_count() -> None:
    """Writers close the channel before its items (SimplePie 677)."""
    assert urls(read(f"<rss><channel><title>Morgen</title></channel>{item(1)}{item(2)}</rss>")) == [ONE, TWO]


def test_links_to_related_pages_are_not_the_page() -> None:
    """yandex:related and the like hold links of their own, before the item's (feedparser 134, 154)."""
    related = (
        '<y:related xmlns:y="http://news.yandex.ru"><link url="x">https://other.example/b</link></y:related>'
    )
    assert only(rss(f"<item>{related}<title>R</title><link>{ONE}</link></item>")).url == ONE


def test_a_title_that_is_a_link_is_its_text() -> None:
    """Elements of HTML stand in the title (miniflux 756)."""
    assert (
        only(rss(item(1, title=f'<a href="{ONE}" hreflang="en">Fog over <b>the</b> bay</a>'))).title
        == "Fog over the bay"
    )


def test_the_names_of_html_s_characters_need_no_dtd() -> None:
    """&rsquo; and &nbsp; in a feed that declares nothing (brief 184, RssBandit 1168)."""
    assert (
        only(rss(item(1, title="The bay&rsquo;s fog &mdash;&nbsp;again &unknown; &AMP;"))).title
        == "The bay’s fog — again &unknown; &"
    )


def test_the_dtd_of_rss_0_91_is_neither_read_nor_refused() -> None:
    """Old feeds name the DTD of Netscape (RssBandit 650, FreshRSS 7514)."""
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    found = only(
        f'<?xml version="1.0"?>{doctype}' + rss(item(1, title="Caf&eacute;"), root='rss version="0.91"')
    )
    assert (found.url, found.title) == (ONE, "Café")


def test_a_link_in_cdata_with_blanks_around_it_is_read() -> None:
    """(NetNewsWire 3043)"""
    assert (
        only(rss(f"<item><title>R</title><link><![CDATA[\n  {ONE}?x=1&y=2 \n]]></link></item>")).url
        == f"{ONE}?x=1&y=2"
    )


@pytest.mark.parametrize(
    ("kind", "stated", "title"),
    [
        ('type="xhtml"', '<div xmlns="http://www.w3.org/1999/xhtml"><a href="/x">Fog &amp; <em>ice</em></a></div>', "Fog & ice"),
        ('type="text"', "&lt;hello-world&gt; &lt;b&gt;", "<hello-world> <b>"),
        ('type="html"', "&lt;b&gt;Fog&lt;/b&gt; &amp;amp; ice", "Fog & ice"),
        ("", "Fog &amp;gt; ice", "Fog > ice"),
    ],
)  # fmt: skip
def test_a_title_of_atom_is_read_by_its_type(kind: str, stated: str, title: str) -> None:
    """(NetNewsWire 722, 1543)"""
    assert only(atom(f'<entry><title {kind}>{stated}</title><link href="{ONE}"/></entry>')).title == title


def test_an_entry_whose_only_link_is_its_feed_has_its_id() -> None:
    """rel=self alone, and an id that is the page (node-feedparser 144)."""
    entry = f'<entry><title>R</title><id>{ONE}</id><link rel="self" href="https://morgen.example/atom.xml"/></entry>'
    assert only(atom(entry)).url == ONE


def test_dates_stand_under_the_names_of_the_other_format() -> None:
    """PubDate in Atom (elfeed 345), a date of mail in updated (liferea 989), published in RSS."""
    mail, iso = "Tue, 10 Mar 2026 08:00:00 GMT", "2026-03-10T08:00:00Z"
    feeds = [
        atom(f'<entry><link href="{ONE}"/><pubDate>{mail}</pubDate></entry>'),
        atom(f'<entry><link href="{ONE}"/><updated>{mail}</updated></entry>'),
        rss(item(1, f"<published>{iso}</published>")),
        rss(item(1, f"<pubdate>{iso}</pubdate>")),
        rss(item(1, f'<a10:updated xmlns:a10="http://www.w3.org/2005/Atom">{iso}</a10:updated>')),
    ]
    assert [f"{only(feed).published_at:%d %H:%M}" for feed in feeds] == ["10 08:00"] * len(feeds)


def test_a_prefix_that_was_never_declared_costs_nothing() -> None:
    """media: and dc: without xmlns (nuxt-sitemap 134, feedparser)."""
    found = only(rss(item(1, "<media:title>A photo</media:title><dc:date>2026-03-09</dc:date>")))
    assert (found.title, f"{found.published_at:%F}", found.precision) == ("Report 1", "2026-03-09", "day")


def test_an_ampersand_that_was_escaped_twice_is_one() -> None:
    """(miniflux, FreshRSS: links with &amp;amp;)"""
    assert only(rss(f"<item><link>{ONE}?x=1&amp;amp;y=2</link></item>")).url == f"{ONE}?x=1&y=2"


def test_an_address_that_is_broken_over_lines_is_one_address() -> None:
    """(feedparser: links with line breaks and tabs)"""
    assert only(rss("<item><link>https://morgen.example/a\n\t/1</link></item>")).url == ONE


def test_relative_links_are_of_the_site_and_not_of_the_service_that_has_its_feed() -> None:
    """(feedbin 182, miniflux: relative links)"""
    found = only(rss("<item><link>/a/1</link></item>", head="<link>https://www.abend.example/</link>"))
    assert found.url == "https://www.abend.example/a/1"


def test_the_channel_s_own_link_to_its_feed_is_not_its_site() -> None:
    """atom:link rel=self stands before link (feedparser, miniflux)."""
    own = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="https://feeds.example/x"/><link>https://abend.example</link>'
    assert only(rss("<item><link>/a/1</link></item>", head=own)).url == "https://abend.example/a/1"


def test_a_service_of_feeds_says_what_the_page_s_own_address_was() -> None:
    """feedburner:origLink beside a link of the service (NetNewsWire 976)."""
    origin = f'<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">{ONE}</f:origLink>'
    assert (
        only(rss(f"<item>{origin}<title>R</title><link>https://feeds.example/~r/1</link></item>")).url == ONE
    )


def test_a_feed_in_utf_16_says_so_itself() -> None:
    """(miniflux, FreshRSS: feeds in UTF-16)"""
    feed = '<?xml version="1.0" encoding="utf-16"?>' + rss(item(1, title="Føroyar 新聞"))
    assert [only(feed.encode(charset)).title for charset in ("utf-16", "utf-16-le")] == ["Føroyar 新聞"] * 2


def test_single_bytes_of_another_character_set_are_read_as_declared() -> None:
    """windows-1251 and iso-8859-2, in the header or in the document (miniflux 3170 and others)."""
    cyrillic = rss(item(1, title="Новости дня: туман над заливом"))
    czech = "Příliš žluťoučký kůň úpěl ďábelské ódy"
    declared = f'<?xml version="1.0" encoding="ISO-8859-2"?>{rss(item(1, title=czech))}'
    assert titles(read(cyrillic.encode("cp1251"), "text/xml; charset=windows-1251")) == [
        "Новости дня: туман над заливом"
    ]
    assert titles(read(declared.encode("iso-8859-2"), "text/xml; charset=utf-8")) == [czech]


def test_a_number_of_a_character_that_windows_means_is_that_character() -> None:
    """&#150; for a dash, &#0; for nothing (feedparser: cp1252 references)."""
    assert only(rss(item(1, title="Fog &#150; ice&#0;&#x8;"))).title == "Fog – ice"


def test_an_item_that_breaks_off_is_left_out_and_those_before_it_are_read() -> None:
    """A feed that was cut in an address would name a page that is not there (feedhq 9)."""
    found = read(rss(item(1), item(2))[: -len("2</link></item></channel></rss>")])
    assert (urls(found), found.flags) == ([ONE], ("truncated",))


def test_items_that_nobody_closed_end_where_the_next_begins() -> None:
    """(SimplePie, feedparser: RSS written as if it were HTML)"""
    assert urls(read(rss(item(1).removesuffix("</item>"), item(2)))) == [ONE, TWO]


def test_markup_in_a_description_that_is_no_xml_costs_no_item() -> None:
    """<br>, <img> without a slash, attributes without quotes, not in CDATA (obs-landing 239, rss-parser 45)."""
    description = "<description>Fog<br>and <img src=x width=1> 5 < 7 & <p>ice</description>"
    assert urls(read(rss(item(1, description), item(2)))) == [ONE, TWO]


def test_an_example_of_a_feed_inside_an_item_is_text() -> None:
    """An article about feeds has <item> in CDATA, and the feed is broken elsewhere."""
    about = "<description><![CDATA[Write <item><link>https://x.example/</link></item>]]></description><br>"
    assert urls(read(rss(item(1, about), item(2)))) == [ONE, TWO]


def test_entities_of_its_own_make_a_feed_unsafe_however_they_are_written() -> None:
    """Also in UTF-16, in a subset behind a DTD, in small letters (feedparser 107, xml-feed 15)."""
    bomb = '<!DOCTYPE rss SYSTEM "x" [<!ENTITY % p SYSTEM "http://x/"> %p;]>' + rss(item(1))
    small = '<!doctype rss [<!entity a "<rss>">]>' + rss(item(1, title="&a;"))
    assert [refused(bomb), refused(bomb.encode("utf-16")), refused(small)] == ["unsafe_xml"] * 3


def test_a_page_where_a_feed_was_is_no_feed() -> None:
    """A login, a consent page, an error with status 200; XHTML with an XML declaration (miniflux, FreshRSS)."""
    pages = [
        "<!DOCTYPE html><title>x</title>",
        "<html><body>rss</body></html>",
        "<?xml version='1.0'?><html xmlns='x'/>",
        "Not found",
        "null",
        "[1]",
    ]
    assert {refused(page) for page in pages} == {"not_a_feed"}


def test_a_feed_whose_names_have_a_prefix_is_read() -> None:
    """Every element of Atom with a prefix (feed-rs, goFeed)."""
    feed = f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>R</a:title><a:link href="{ONE}"/></a:entry></a:feed>'
    assert (only(feed).url, only(feed).title) == (ONE, "R")


def test_rss_with_a_default_namespace_is_read() -> None:
    """Xmlns on the root (rome, go-pkg-rss)."""
    feed = rss(
        item(1, "<pubDate>Tue, 10 Mar 2026 08:00:00 GMT</pubDate>"),
        root='rss xmlns="http://backend.userland.com/rss2"',
    )
    assert f"{only(feed).published_at:%H}" == "08"


def test_a_permalink_of_another_scheme_is_no_page() -> None:
    """Guid as tag: or urn:, link to a file or a script (feed-io 430)."""
    stated = [
        "tag:morgen.example,2026:1",
        "urn:uuid:1",
        "javascript:void(0)",
        "mailto:x@morgen.example",
        "http://",
    ]
    found = read(
        rss(*(f"<item><title>x</title><link>{text}</link><guid>{text}</guid></item>" for text in stated))
    )
    assert {(one.url, one.flags) for one in found.items} == {(None, ("no_page",))}
