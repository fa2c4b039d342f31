"""Which addresses are one article's, and which are not."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import urls

A = "https://example.com/news/a-story-123"

# One line a case: the address as found, and as it identifies its article.
FOLDED = f"""
http://example.com/news/a-story-123 {A}
HTTPS://EXAMPLE.COM/news/a-story-123 {A}
https://example.com:443/news/a-story-123 {A}
http://example.com:80/news/a-story-123 {A}
https://example.com./news/a-story-123 {A}
//example.com/news/a-story-123 {A}
https://user:pass@example.com/news/a-story-123 {A}
https://www.example.com/news/a-story-123 {A}
https://m.example.com/news/a-story-123 {A}
https://mobile.example.com/news/a-story-123 {A}
https://amp.example.com/news/a-story-123 {A}
https://www.m.example.com/news/a-story-123 {A}
https://amp.www.example.com/news/a-story-123 {A}
https://example.com/news/a-story-123/ {A}
https://example.com/news/a-story-123// {A}
https://example.com/news/a-story-123#comments {A}
https://example.com/news/a-story-123#:~:text=story {A}
https://example.com/news/a-story-123? {A}
https://example.com/news/a-story-123?& {A}
https://example.com/news/./a-story-123 {A}
https://example.com/sport/../news/a-story-123 {A}
https://example.com/news/a%2Dstory%2D123 {A}
https://example.com/%6Eews/a-story-123 {A}
https://example.com\\news\\a-story-123 {A}
https://example.com/news/a-story-123/amp {A}
https://example.com/news/a-story-123/amp/ {A}
https://example.com/news/a-story-123.amp {A}
https://example.com/amp/news/a-story-123 {A}
https://example.com/news/a-story-123?amp {A}
https://example.com/news/a-story-123?amp=1 {A}
https://example.com/news/a-story-123?outputType=amp {A}
https://example.com/news/a-story-123?output=amp {A}
https://example-com.cdn.ampproject.org/c/s/example.com/news/a-story-123 {A}
https://example-com.cdn.ampproject.org/v/s/example.com/news/a-story-123?amp_js_v=0.1 {A}
https://example-com.cdn.ampproject.org/c/example.com/news/a-story-123 {A}
https://www.google.com/amp/s/www.example.com/news/a-story-123/amp/ {A}
https://www.google.co.uk/amp/s/amp.example.com/news/a-story-123 {A}
https://www.google.com/amp/s/www.example.com/news/a-story-123%3famp {A}
https://www.google.com/amp/s/www.example.com/news/a-story-123%3Famp%3D1%26utm_source%3Dx?usqp=mq331 {A}
https://example-com.cdn.ampproject.org/c/s/example.com/news/a-story-123%3Famp=1?amp_js_v=a6 {A}
https://cdn.ampproject.org/c/s/example.com/news/a-story-123 {A}
https://example-com.cdn.ampproject.org/wp/s/example.com/news/a-story-123/amp {A}
https://www.bing.com/amp/s/www.example.com/news/a-story-123 {A}
https://example-com.bing-amp.com/c/s/example.com/news/a-story-123 {A}
https://example-com.turbopages.org/example.com/s/news/a-story-123 {A}
https://yandex.ru/turbo?text=https%3A%2F%2Fexample.com%2Fnews%2Fa-story-123 {A}
https://www.google.com/url?q=https://www.example.com/news/a-story-123&sa=U&ved=2ah {A}
https://www.google.de/url?sa=t&url=https%3A%2F%2Fexample.com%2Fnews%2Fa-story-123%3Fref%3Drss {A}
https://www.google.com/url?rct=j&sa=t&url=https://www.google.com/amp/s/example.com/news/a-story-123%3famp&ct=ga {A}
https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fnews%2Fa-story-123%3Ffbclid%3DIw&h=AT0 {A}
https://out.reddit.com/?url=https%3A%2F%2Fexample.com%2Fnews%2Fa-story-123&token=A {A}
https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fnews%2Fa-story-123&data=05 {A}
https://example-xn--p1ai.cdn.ampproject.org/c/s/xn--e1afmkfd.xn--p1ai/a-1 https://xn--e1afmkfd.xn--p1ai/a-1
https://www.google.com/amp/s/example.com/a%3Fid%3D7%26v%3DAbC https://example.com/a?id=7&v=AbC
https://example.com/news/a-story-123?utm_source=rss&utm_medium=feed&utm_campaign=x {A}
https://example.com/news/a-story-123?UTM_Source=rss {A}
https://example.com/news/a-story-123?fbclid=IwAR0 {A}
https://example.com/news/a-story-123?gclid=1&dclid=2&gbraid=3&wbraid=4&msclkid=5 {A}
https://example.com/news/a-story-123?yclid=1&ysclid=2&twclid=3&ttclid=4&igshid=5 {A}
https://example.com/news/a-story-123?mc_cid=1&mc_eid=2 {A}
https://example.com/news/a-story-123?_ga=1&_gl=2 {A}
https://example.com/news/a-story-123?cmpid=social&CMP=share_btn_tw {A}
https://example.com/news/a-story-123?ocid=uxbndlbing {A}
https://example.com/news/a-story-123?smid=tw-share&smtyp=cur {A}
https://example.com/news/a-story-123?ncid=NL {A}
https://example.com/news/a-story-123?xtor=AL-72 {A}
https://example.com/news/a-story-123?s_cid=1 {A}
https://example.com/news/a-story-123?at_medium=RSS&at_campaign=KARANGA {A}
https://example.com/news/a-story-123?wt_mc=push&wt_mc_id=1 {A}
https://example.com/news/a-story-123?WT.mc_id=tw {A}
https://example.com/news/a-story-123?__twitter_impression=true {A}
https://example.com/news/a-story-123?guccounter=1&guce_referrer=aHR0 {A}
https://example.com/news/a-story-123?ref=rss {A}
https://example.com/news/a-story-123?source=twitter {A}
https://example.com/news/a-story-123?src=newsletter {A}
https://example.com/news/a-story-123?from=feed {A}
https://example.com/news/a-story-123?ref_src=twsrc%5Etfw {A}
https://example.com/news/a-story-123?PHPSESSID=abc {A}
https://example.com/news/a-story-123;jsessionid=ABC {A}
https://example.com/news/a-story-123?spm=a2c {A}
https://example.com/news/a-story-123?mkt_tok=1&hsa_acc=2&vero_id=3&_hsenc=4 {A}
https://example.com/news/a-story-123?pk_campaign=1&mtm_source=2 {A}
https://example.com https://example.com/
https://www.example.com/ https://example.com/
https://www.example.com?utm_source=x https://example.com/
http://www.example.com:8080/a https://example.com:8080/a
https://example.com/a?b=2&a=1 https://example.com/a?a=1&b=2
https://example.com/a?a=1&utm_id=3&b=2 https://example.com/a?a=1&b=2
https://example.com/a.amp.html https://example.com/a.html
https://example.com/a-b.amp.html https://example.com/a-b.html
https://example.com/2024/05/03/index.amp.html https://example.com/2024/05/03/index.html
https://example.com/caf%c3%a9 https://example.com/caf%C3%A9
https://example.com/café https://example.com/caf%C3%A9
https://example.com/a%7eb https://example.com/a~b
https://example.com/a%2fb https://example.com/a%2Fb
https://example.com/100% https://example.com/100%25
https://example.com/новости/1 https://example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1
https://börse.example/a https://xn--brse-5qa.example/a
https://BÖRSE.example/a https://xn--brse-5qa.example/a
https://example.com/#!/story/12 https://example.com/#!/story/12
https://[::1]:8080/x https://[::1]:8080/x
https://192.168.1.1/x https://192.168.1.1/x
"""

# Stay as they are: what is folded here would be lost. The hosts and names are those that other tools eat.
KEPT = """
https://news.com.au/a.html
https://sport.es/futbol/x.html
https://press.tv/Detail/2024/05/03/1
https://news.bbc.example/a
https://edition.cnn.example/a
https://mobile.de/a
https://amp.dev/about/websites
https://m.co/a-1
https://www.gov.uk/guidance/a-1
https://m.blogspot.com/a-1
https://www.tv/a-1
https://www2.example.com/a
https://en.m.wikipedia.org/wiki/Example
https://money.example.com/a
https://ampere.example.com/a
https://example.com/?id=5
https://example.com/?p=1234
https://example.com/article?id=1
https://example.com/article.php?ID=1
https://example.com/a?cid=77
https://example.com/a?sid=77
https://example.com/a?eid=77
https://example.com/a?uid=77
https://example.com/a?aid=77
https://example.com/a?nid=77
https://example.com/a?oid=77
https://example.com/a?pid=77
https://example.com/a?idx=77
https://example.com/a?no=77
https://example.com/a?seq=77
https://example.com/a?mod=77
https://example.com/a?game_id=401
https://example.com/a?gallery=3
https://example.com/a?gallery_id=3
https://example.com/a?reference=9
https://example.com/a?referendum=9
https://example.com/a?ref=12345
https://example.com/a?ref=a-story
https://example.com/a?source=4711
https://example.com/a?from=2024
https://example.com/a?via=77
https://example.com/a?src=9
https://example.com/a?page=2
https://example.com/a?sort=asc
https://example.com/a?lang=de
https://example.com/a?date=2024-05-03
https://example.com/a?q=a%20b
https://example.com/a?story=Abc
https://example.com/a?story=abc
https://example.com/a?v=dQw4w9WgXcQ
https://example.com/a?article_utm=1
https://example.com/a?camp=1
https://example.com/a?amplifier=1
https://example.com/a?at_bat=3
https://example.com/a?smidgen=3
https://example.com/a?output=print
https://example.com/a?output=json
https://example.com/A/Story
https://example.com/a/story
https://example.com/Story-ABC
https://example.com/story-abc
https://example.com/guitar/amp
https://example.com/topics/amp
https://example.com/amp
https://example.com/amp/guitars
https://example.com/camp
https://example.com/champ-1
https://example.com/story-1/amplify
https://example.com/index.html
https://example.com/a/index.php
https://example.com/a;b=1
https://example.com/a,b
https://example.com/a+b
https://example.com/a@b
https://example.com/a:b
https://example.com/wiki/A_(b)
https://example.com/a//b
https://example.com/web/2020/https://other.example/a
https://youtube.com/watch?v=AbC
https://example.com/a%3Famp
https://example.com/url?q=https://other.example/a
https://google.com/search?q=bridge
https://google.com/url?q=bridge
https://google.com/url
https://facebook.com/l.php?u=bridge
https://example.com/redirect?url=http%3A%2F%2Fa.example%2F
https://example.com/a?x=1&x=2
https://example.com/a?x
https://example.com/a?x=
"""

DIFFERENT = """
https://example.com/?p=1 https://example.com/?p=2
https://example.com/a?game_id=1 https://example.com/a?game_id=2
https://example.com/a?gallery=1 https://example.com/a?gallery=2
https://example.com/a?cid=1 https://example.com/a?cid=2
https://example.com/a?source=1 https://example.com/a?source=2
https://example.com/a?v=AbC https://example.com/a?v=abc
https://example.com/A https://example.com/a
https://news.com.au/a.html https://com.au/a.html
https://sport.example.com/a https://news.example.com/a
https://example.com/a?page=1 https://example.com/a?page=2
https://example.com/a%2Fb https://example.com/a/b
https://example.com/a#!/1 https://example.com/a#!/2
https://example.com:8080/a https://example.com/a
"""

NO_ADDRESS = """
mailto:someone@example.com
javascript:void(0)
data:text/html,x
ftp://example.com/a
file:///a
example
/a/b
https://
https:///a
https://[bad/a
"""


def pairs(table: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(" ")) for line in table.strip().split("\n")]


@pytest.mark.parametrize(("found", "wanted"), pairs(FOLDED))
def test_addresses_of_one_article_become_one(found: str, wanted: str | None) -> None:
    """Scheme, host, ports, AMP, tracking, fragments and spelling say nothing of the article."""
    assert wanted == urls.canonicalise(found)


@pytest.mark.parametrize("address", [p[0] for p in pairs(KEPT)])
def test_what_identifies_an_article_stays(address: str) -> None:
    """No parameter, host or step of a path that some system uses for its articles is cut or folded."""
    assert address == urls.canonicalise(address)


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_two_articles_keep_two_addresses(one: str, other: str) -> None:
    """A false fold loses an article for good."""
    assert urls.canonicalise(one) != urls.canonicalise(other)


@pytest.mark.parametrize(
    ("host", "is_suffix"),
    [
        *((host, True) for host in ("co.uk", "com", "github.io")),
        *((host, False) for host in ("bbc.co.uk", "herald.example", "192.0.2.1", "localhost", "")),
    ],
)
def test_a_host_under_which_anybody_may_register_is_told(host: str, is_suffix: bool) -> None:
    assert is_suffix == urls.is_public_suffix(host)


@pytest.mark.parametrize("text", [p[0] for p in pairs(NO_ADDRESS)])
def test_what_is_no_web_address_is_none(text: str) -> None:
    """Nothing is made up for it."""
    assert urls.canonicalise(text) is None


def test_the_table_has_two_hundred_cases() -> None:
    """So that it stays worth its name."""
    assert sum(len(pairs(t)) for t in (FOLDED, KEPT, DIFFERENT, NO_ADDRESS)) + len(STATED) >= 195


def test_an_address_of_ten_kilobytes_is_none() -> None:
    """It is data or an accident; the document is then known by where it was delivered."""
    assert urls.canonicalise("https://example.com/?q=" + "a" * 10_000) is None


def test_an_empty_text_is_no_address() -> None:
    """Nor is white space."""
    assert urls.canonicalise("") is None
    assert urls.canonicalise(" \n") is None


HOSTS = st.sampled_from(
    ["example.com", "www.example.com", "m.bbc.co.uk", "AMP.example.org", "a-b.cdn.ampproject.org", "x.tv"]
)
PATHS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=40)


@given(HOSTS, PATHS, PATHS, PATHS)
def test_folding_twice_is_folding_once(host: str, path: str, query: str, fragment: str) -> None:
    """Otherwise an address read back from the table would be another one."""
    once = urls.canonicalise(f"http://{host}/{path}?{query}#{fragment}")

    assert once is None or once == urls.canonicalise(once)


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    """Pages state anything as their address."""
    found = urls.canonicalise(text)

    assert found is None or urlsplit(found).scheme == "https"


STATED = [
    ("https://example.com/a-1?x=1", "https://example.com/a-1", "https://example.com/a-1"),
    ("https://m.example.com/a-1", "https://www.example.com/news/a-1", "https://example.com/news/a-1"),
    ("https://amp.example.com/a-1", "/a-1-full", "https://example.com/a-1-full"),
    ("https://news.example.co.uk/a-1", "https://www.example.co.uk/b-1", "https://example.co.uk/b-1"),
    ("https://example.com/a-1", "https://example.com/", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/de", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/index.html", "https://example.com/a-1"),
    ("https://example.com/news/a-1", "https://example.com/news", "https://example.com/news/a-1"),
    ("https://example.com/a-1/2", "https://example.com/a-1", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://other.example/a-1", "https://example.com/a-1"),
    ("https://one.blogspot.com/a-1", "https://two.blogspot.com/a-1", "https://one.blogspot.com/a-1"),
    ("https://a.co.uk/a-1", "https://b.co.uk/a-1", "https://a.co.uk/a-1"),
    ("https://example.com/a-1", "https://example.com/{{slug}}", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/undefined", "https://example.com/a-1"),
    ("https://example.com/a-1", "", "https://example.com/a-1"),
    ("https://example.com/a-1", None, "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/de-de", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/en/home", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/default.aspx", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/?lang=de", "https://example.com/a-1"),
    ("https://example.com/a-1", "https://example.com/?p=77", "https://example.com/?p=77"),
    ("https://example.com/a-1", "www.example.com/a-2", "https://example.com/a-2"),
    ("https://example.com/news/a-1", "a-2", "https://example.com/news/a-2"),
    ("https://example.com/news/a-1", "a-2.html", "https://example.com/news/a-2.html"),
    (None, "https://www.example.com/a-1", "https://example.com/a-1"),
    (None, "https://www.example.com/", None),
    (None, "/a-1", None),
    (None, None, None),
]


@pytest.mark.parametrize(("url", "stated", "wanted"), STATED)
def test_what_a_page_states_counts_on_its_own_site_and_not_for_its_front(
    url: str | None, stated: str | None, wanted: str | None
) -> None:
    """rel=canonical is believed where it can be true."""
    assert wanted == urls.choose_canonical(url, stated)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.com/a", "example.com"),
        ("https://m.sport.es/a", "sport.es"),
        ("https://news.com.au/a", "news.com.au"),
        ("https://edition.example.com:8080/a", "edition.example.com"),
        ("https://www.gov.uk/a", "www.gov.uk"),
        ("no address", None),
        (None, None),
    ],
)
def test_the_domain_is_the_host_without_its_variants(url: str | None, domain: str | None) -> None:
    """It stands in for an outlet that is not known."""
    assert domain == urls.domain_of(url)


@pytest.mark.parametrize("address", ["https://[broken/news", "https://a[b].example/x", "news", ""])
def test_what_is_no_address_is_no_front_page(address: str) -> None:
    """A host in broken brackets makes the standard library's parser raise."""
    assert not urls.is_front(address)


@pytest.mark.parametrize(
    ("url", "stated", "credited"),
    [
        ("https://echo.example/ferry-closed", "https://www.post.example/2026/ferry-closes/", "https://www.post.example/2026/ferry-closes"),
        ("https://m.echo.com/ferry-closed", "https://echo.com/ferry", None),
        ("https://news.echo.co.uk/a/ferry-closed", "https://www.echo.co.uk/a/ferry-closed", None),
        ("https://echo.example/ferry-closed", "https://post.example/", None),
        ("https://echo.example/ferry-closed", "https://post.example/en/", None),
        ("https://echo.example/ferry-closed", "http://localhost/ferry", None),
        ("https://echo.example/ferry-closed", "/ferry", None),
        ("https://echo.example/ferry-closed", "not an address", None),
        (None, "https://post.example/ferry", None),
        ("https://echo.example/ferry-closed", None, None),
    ],
)  # fmt: skip
def test_an_address_of_another_site_credits_its_article(
    url: str | None, stated: str | None, credited: str | None
) -> None:
    assert credited == urls.credited_address(url, stated)
