"""Characters of what should be XML, and what stands before its root."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.harvest.items import UnreadableFeedError
from pipeline.harvest.xml_text import characters, charset_of, find_root, mended

_XML = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufeff\ufffe\uffff", exclude_categories=["Cc", "Cs"])
)


@given(_XML)
def test_utf_8_is_read_whatever_is_declared(text: str) -> None:
    body = f'<?xml version="1.0" encoding="windows-1251"?>{text}'.encode()
    assert characters(body, "text/xml; charset=gbk").endswith(text)


def test_a_byte_that_breaks_utf_8_costs_one_letter() -> None:
    assert characters("Zürich und ".encode() + b"caf\xe9", "") == "Zürich und café"


def test_a_single_broken_byte_in_an_english_feed_is_one_letter() -> None:
    assert (
        characters(b"<rss>the caf\xe9 by the bay</rss>", "text/xml; charset=utf-8")
        == "<rss>the café by the bay</rss>"
    )


def test_characters_that_xml_forbids_go() -> None:
    assert characters(b"a\x08b\x0cc\xef\xbf\xbfd\te\nf", "") == "abcd\te\nf"


def test_a_charset_is_found_however_it_is_written() -> None:
    stated = ["text/xml; charset=gbk", 'text/xml;CHARSET = "gbk"', "text/xml; charset='gbk'; x=1"]
    assert {charset_of(text) for text in stated} == {"gbk"}
    assert charset_of("text/xml") is None


def test_the_root_is_found_behind_everything_that_stands_before_it() -> None:
    text = (
        "warning\n<?xml version='1.0'?><!-- x --><!DOCTYPE rss><?xml-stylesheet href='x'?><RSS version='2.0'>"
    )
    assert find_root(text)[1] == "RSS"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", "unsafe_xml"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><other/>", "unsafe_xml"),
        ("<html><rss/></html>", "not_a_feed"),
        ("<rsss/>", "not_a_feed"),
        ("", "not_a_feed"),
    ],
)
def test_what_can_not_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(UnreadableFeedError) as refused:
        find_root(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "mended_text"),
    [
        ("R&D &amp; &rsquo;&#8217;&#150;&#0;", "R&amp;D &amp; ’’–"),
        ("&AMP;&LT;&nosuch; &rsquo", "&amp;&lt;&amp;nosuch; &amp;rsquo"),
        ("5 < 7 <b>", "5 &lt; 7 <b>"),
        ("<![CDATA[R&D < &rsquo;]]>&", "<![CDATA[R&D < &rsquo;]]>&amp;"),
        ("<!-- R&D < -->", "<!-- R&D < -->"),
    ],
)
def test_what_html_allows_is_mended_and_what_is_no_markup_is_left(text: str, mended_text: str) -> None:
    assert mended(text) == mended_text


@given(st.text(st.sampled_from("ab<&;#x3 amplt>"), max_size=40))
def test_text_that_was_mended_is_text_for_a_parser(text: str) -> None:
    """Whatever stands there: signs that would break XML are none after it."""
    plain = re.sub(r"<+[A-Za-z_/!?]", "", text)
    etree.fromstring(f"<a>{mended(plain)}</a>", None)
