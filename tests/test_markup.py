"""Markup, entities and control characters in what was delivered as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import markup

TEXTS = [
    ("<p>The bridge is closed.</p><p>Buses go around.</p>", "The bridge is closed.\nBuses go around."),
    ("&lt;p&gt;The bridge.&lt;/p&gt;&lt;p&gt;Buses.&lt;/p&gt;", "The bridge.\nBuses."),
    ("&amp;lt;p&amp;gt;The bridge.&amp;lt;/p&amp;gt;", "The bridge."),
    ("<![CDATA[<p>The bridge &amp; the bus</p>]]>", "The bridge & the bus"),
    ("The bridge.<br><br/>Buses.", "The bridge.\nBuses."),
    ("The <b>northern</b> bridge", "The northern bridge"),
    ("N<b>orth</b>ern bridge", "Northern bridge"),
    ("<p>The bridge\n  is closed.</p>\n<p>Buses.</p>", "The bridge is closed.\nBuses."),
    ("The bridge.\n\nBuses.\n<blockquote>Slow.</blockquote>", "The bridge.\nBuses.\nSlow."),
    ("<ul><li>One<li>Two</ul>", "One\nTwo"),
    ('<p>A</p><script>if (a < b) { x("<p>") }</script><style>p{}</style><!-- no --><p>B</p>', "A\nB"),
    ('<p>See <a href="https://example.com/?a=1&amp;b=2">the plan</a>.</p>', "See the plan."),
    ("<p>Tom &amp;amp; Jane &#8217;s</p>", "Tom & Jane ’s"),
    ("<p>Write &lt;b&gt; for bold.</p>", "Write <b> for bold."),
    ("Fish &amp; chips &quot;to go&quot; &#x2019;", 'Fish & chips "to go" ’'),
    # What only looks like it.
    ("a < b and c > d", "a < b and c > d"),
    ("AT&T; R&D, Q&A", "AT&T; R&D, Q&A"),
    ("https://example.com/?a=1&copy=2&lt=3", "https://example.com/?a=1&copy=2&lt=3"),
    ("Write to <jane@example.com> or <https://example.com>", "Write to <jane@example.com> or <https://example.com>"),
    ("The tag <br> ends a line", "The tag <br> ends a line"),
    ("vector<int> of a <vector>", "vector<int> of a <vector>"),
    ("One line\nand another", "One line\nand another"),
]  # fmt: skip


@pytest.mark.parametrize(("delivered", "text"), TEXTS)
def test_a_piece_of_html_gives_its_text_and_other_texts_stay(delivered: str, text: str) -> None:
    """However often it was escaped; paragraphs are lines."""
    lines = (line.strip() for line in markup.without_markup(delivered).split("\n"))
    assert text == "\n".join(filter(None, lines))


LINES = [
    ("Bread &amp;amp; scales", "Bread & scales"),
    ("Bread &amp; scales &#8211; a test", "Bread & scales – a test"),
    ("&lt;b&gt;Bread&lt;/b&gt; and <i>scales</i>", "Bread and scales"),
    ("<![CDATA[Bread & scales]]>", "Bread & scales"),
    ("Bread<br>and scales", "Bread and scales"),
    ("N<b>orth</b>", "North"),
    ("Why 3 < 5 and 7 > 5", "Why 3 < 5 and 7 > 5"),
    ("What std::vector<T> is", "What std::vector<T> is"),
    ("AT&T's plan; R&D", "AT&T's plan; R&D"),
    ("Bread\u0000 \u001b[31mand\u009b scales\u007f", "Bread [31mand scales"),
    ("\u202eBread\u202c \u2066and\u2069 scales", "Bread and scales"),
    ("Bread\tand\r\nscales\u0085here", "Bread and scales here"),
    ("می\u200cشود a\u200db \u200eLeft\u200f", "می\u200cشود a\u200db \u200eLeft\u200f"),
    ("Bre\u00adad\u200b\ufeff", "Bread"),
    ("&#27;[31mBread", "[31mBread"),
]


@pytest.mark.parametrize(("stated", "line"), LINES)
def test_a_title_is_one_line_of_plain_text(stated: str, line: str) -> None:
    """Without tags, entities, controls, overrides of direction; joiners and marks of direction stay."""
    assert line == markup.one_line(stated)


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        (" <https://example.com/a-1> ", "https://example.com/a-1"),
        ("https://example.com/a?x=1&amp;y=2", "https://example.com/a?x=1&y=2"),
        (
            "https://example.com/a?x=1&copy=2&current=3&para=4",
            "https://example.com/a?x=1&copy=2&current=3&para=4",
        ),
        ("https://example.com/a-\n1\t", "https://example.com/a-1"),
        ("https://example.com/\u202ea\u202c-1\u009b", "https://example.com/a-1"),
        ("https://example.com/%EF%BD%9E", "https://example.com/%EF%BD%9E"),
    ],
)
def test_an_address_stays_but_for_what_cannot_belong_to_it(stated: str, address: str) -> None:
    assert address == markup.address(stated)


@given(st.text(max_size=200), st.sampled_from(["&lt;", "<p>", "</b>", "<![CDATA[", "\x1b", "\u202e"]))
def test_no_text_keeps_a_control(text: str, piece: str) -> None:
    """Whatever else is in it."""
    line = markup.one_line(f"{text}{piece}{text}")

    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202a\u202e\u2066\u2069" for c in line)
    assert line == " ".join(line.split())


@pytest.mark.parametrize("piece", ["<", "<p", "<!--", "<script>", "&", "&#", "<![CDATA[", "</", "\n \n", "["])
def test_the_work_grows_with_the_length(piece: str) -> None:
    """A text of 100,000 broken pieces ends: were it quadratic, it would take hours."""
    assert isinstance(markup.without_markup(piece * 100_000), str)
    assert isinstance(markup.one_line(piece * 100_000), str)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"The pier is closed.\nThe crews move.", "The pier is closed.\nThe crews move."),
        (r"The pier is closed.\r\n\r\n“The crews” move.", "The pier is closed.\n\n“The crews” move."),
        (r"Closed\n\nThe crews move, the \"board\" said.", 'Closed\n\nThe crews move, the "board" said.'),
        (r"<p>The pier is closed.</p>\n<p>The crews move.</p>", "The pier is closed.\n \nThe crews move."),
    ],
)
def test_breaks_of_lines_that_were_written_as_a_string_of_json_are_breaks(written: str, text: str) -> None:
    assert markup.without_markup(written) == text


@pytest.mark.parametrize(
    "text",
    [
        r"Write \n where a line ends, and \t for a tab.",
        r"The file lies in C:\new\names on that machine.",
        r"It prints 'Hello.\n' and ends.",
        'It has lines.\nOne of them.\nAnd it shows "Hello.\\nWorld" in one.',
    ],
)
def test_a_text_about_breaks_of_lines_stays(text: str) -> None:
    assert markup.without_markup(text) == text


_FILE = "iVBORw0KGgoAAAANSUhEUgAA" * 20


@pytest.mark.parametrize(
    "file",
    [
        f"data:image/png;base64,{_FILE}",
        f"data:image/png;base64,{_FILE}==",
        f"data:image/svg+xml;charset=utf-8;base64,{_FILE}",
        "data:image/png;base64," + "\n".join(_FILE[n : n + 76] for n in range(0, 480, 76)) + _FILE[:70],
        f"DATA:application/font-woff;base64,{_FILE}",
        f"Data:Image/PNG;Base64,{_FILE}",
        "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22" + "%20width=%229%22" * 9,
    ],
)
def test_a_file_in_an_address_is_no_text(file: str) -> None:
    """Editors and crawlers leave such addresses of pictures in texts."""
    assert (
        markup.without_files(f"<p>The bridge. {file}</p> <img src='{file}'>")
        == "<p>The bridge. </p> <img src=''>"
    )


@pytest.mark.parametrize(
    "text", ["data:image/png;base64,iVBORw0KGgo", "All data: images, and 9 more", "data:text/plain,Hello"]
)
def test_a_text_about_such_addresses_stays(text: str) -> None:
    assert markup.without_files(text) == text


@pytest.mark.parametrize("space", ["\u200b", "&#8203;", "&#x200b;", "&#x200B;", "&ZeroWidthSpace;"])
def test_spaces_of_no_width_go(space: str) -> None:
    assert markup.without_unseen_spaces(f"<p>The{space} bridge{space}</p>") == "<p>The bridge</p>"
