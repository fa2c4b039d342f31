"""Headlines as feeds state them."""

import pytest

from pipeline.harvest.titles import from_html, plain


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("<b>Breaking</b>: a <i class='x'>storm</i>", "Breaking: a storm"),
        ("Fog<br/>over<wbr> the bay", "Fog over the bay"),
        ("<p>Fog over the bay</p>\n", "Fog over the bay"),
        ("<div class='t'><h2>Fog</h2></div>", "<h2>Fog</h2>"),
        ("A guide to <head> elements", "A guide to <head> elements"),
        ("5 < 7 and 9 > 8", "5 < 7 and 9 > 8"),
        ("Fog &amp; ice &#8211; again", "Fog & ice – again"),
        ("Q&A: AT&T &copy 2026", "Q&A: AT&T &copy 2026"),
        (" <![CDATA[Fog &amp; ice]]> ", "Fog & ice"),
        ("Write &lt;b&gt; for bold", "Write <b> for bold"),
        ("  Fog\n\tover \u202ethe bay ", "Fog over the bay"),
    ],
)
def test_a_title_is_text_whatever_markup_it_came_in(stated: str, title: str) -> None:
    assert from_html(stated) == title


def test_a_title_that_says_that_it_is_text_is_left_as_it_is() -> None:
    assert plain(" <b> &amp;\n x\x07") == "<b> &amp; x"
