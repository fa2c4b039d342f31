"""The last lines of a text, what a statement leaves out, and what was not read between paragraphs."""

import json

import pytest

from pipeline.extract import passages, trim
from tests.pages import RELATED, STORY, TITLE, run_one, tree_of

MORE = [
    "The harbour office will move to the old customs house as soon as the roof has been mended and the lifts work.",
    "Its archive, which fills two cellars, is to be copied by a firm from the capital before the move in autumn.",
]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(inner: str, stated: str = "") -> bytes:
    data = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": stated})
    head = f'<script type="application/ld+json">{data}</script>' if stated else ""
    body = (
        f"<article><h1>{TITLE}</h1><div class=text>{inner}</div><div class=share>Share this</div></article>"
    )
    return f"<html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>".encode()


def lines_of(inner: str, stated: str = "") -> list[str]:
    return list(filter(None, run_one(page(inner, stated))["text"].split("\n")))


ENDINGS = {
    "a short sentence": ("<p>She has until Friday.</p>", ["She has until Friday."]),
    "a sentence in a block": ("<div>She has until Friday.</div>", ["She has until Friday."]),
    "a sentence in a box": ("<div><p>She has until Friday.</p></div>", ["She has until Friday."]),
    "two": ("<p>He said nothing.</p><p>The vote is near.</p>", ["He said nothing.", "The vote is near."]),
    "a list": (
        "<p>Prices are:</p><ul><li>Adults: five crowns</li><li>Dogs: free</li></ul>",
        ["Prices are:", "Adults: five crowns", "Dogs: free"],
    ),
    "a table": (
        "<table><tr><th>Ward</th><th>Votes</th></tr><tr><td>North</td><td>412</td></tr></table>",
        ["Ward Votes", "North 412"],
    ),
    "questions": (
        "<h3>Will there be another vote?</h3><p>No.</p><h3>When will it start?</h3><p>In May.</p>",
        ["Will there be another vote?", "No.", "When will it start?", "In May."],
    ),
    "a quotation": (
        "<blockquote><p>We are glad, all of us.</p></blockquote><p>So ended the night.</p>",
        ["We are glad, all of us.", "So ended the night."],
    ),
    "a long quotation": (
        f"<blockquote><p>{MORE[0]}</p></blockquote><p>So ended the night.</p>",
        [MORE[0], "So ended the night."],
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("how", ["not stated", "stated", "stated without it"])
def test_a_true_ending_stays(name: str, how: str) -> None:
    """Beside the last paragraph a short sentence, a list, a table and an answer are the text's own."""
    marked, lines = ENDINGS[name]
    stated = {"not stated": [], "stated": [*STORY, *lines], "stated without it": STORY}[how]

    found = lines_of(paragraphs(STORY) + marked, " ".join(stated))

    assert found[-len(lines) :] == lines


def test_a_short_ending_stays_where_every_paragraph_has_a_box() -> None:
    boxes = "".join(f"<div class=block><p>{line}</p></div>" for line in [*STORY, "She has until Friday."])

    assert lines_of(boxes)[-1] == "She has until Friday."


@pytest.mark.parametrize(
    "boxes",
    [
        "<div>{}</div><div>She has until Friday.</div>",
        "<div>{}</div><div><p>She has until Friday.</p></div>",
        "<div class=body>{}</div><div class='body last'><p>She has until Friday.</p></div>",
        "<section class=body>{}</section><p>She has until Friday.</p>",
    ],
)
def test_a_last_line_in_a_plain_box_behind_the_others_stays(boxes: str) -> None:
    """One without a class, or with one that the box of the text has."""
    assert lines_of(boxes.format(paragraphs(STORY)))[-1] == "She has until Friday."


def test_a_last_line_without_an_end_mark_stays_unless_a_statement_leaves_it_out() -> None:
    inner = paragraphs([*STORY, "More of this on Friday"])

    assert lines_of(inner)[-1] == "More of this on Friday"
    assert lines_of(inner, " ".join(STORY))[-1] == STORY[-1]


@pytest.mark.parametrize("line", ["More on Friday", "Ends", "“Never again”"])
def test_the_line_with_which_a_statement_ends_stays(line: str) -> None:
    """However short it is, and whatever it ends with."""
    after = f"<div class=last><p>{line}</p></div>"

    assert lines_of(paragraphs(STORY) + after, " ".join([*STORY, line]))[-1] == line


@pytest.mark.parametrize(
    "after",
    [
        "<p>Share</p><div class=box><p>Sign up for our letter.</p></div>",
        "<div class=author><p>Ann Poe has reported from Aldport for ten years.</p></div>",
        "<div id=letter><p>She writes our letter on Fridays.</p></div>",
        "<div class=box><p>Our paper is free.</p></div><div><p>She has until Friday.</p></div>",
        "<div><img src=a.png><p>Ann Poe lives in Aldport.</p></div>",
        "<p>Tags: <a href=/a>harbour in the north</a></p>",
        "<p>The Bay Herald</p>",
    ],
)
def test_buttons_and_boxes_after_the_last_paragraph_go(after: str) -> None:
    """Also a plain box behind one that is called otherwise, and a name or a label without an end mark."""
    assert lines_of(paragraphs(STORY) + after)[-1] == STORY[-1]


@pytest.mark.parametrize("left_out", [{3}, {2, 5}, {7}, {6, 7}])
def test_paragraphs_that_a_statement_leaves_out_stay_beside_those_that_it_has(left_out: set[int]) -> None:
    """As some do with paragraphs that begin with a drop capital."""
    stated = " ".join(line for n, line in enumerate(STORY) if n not in left_out)
    marked = "".join(
        f"<p><span class=drop>{line[0]}</span>{line[1:]}</p>" if n in left_out else f"<p>{line}</p>"
        for n, line in enumerate(STORY)
    )

    assert [line for line in STORY if line not in lines_of(marked, stated)] == []


def test_a_section_and_a_list_that_a_statement_leaves_out_stay() -> None:
    items = f"<ul><li>{RELATED[0]}</li><li>{RELATED[1]}</li></ul>"
    marked = (
        paragraphs(STORY[:4]) + items + paragraphs(STORY[4:]) + f"<h2>At the harbour</h2>{paragraphs(MORE)}"
    )

    found = lines_of(marked, " ".join(STORY))

    assert [line for line in (*STORY, *RELATED[:2], "At the harbour", *MORE) if line not in found] == []


@pytest.mark.parametrize("mark", ["…", "...", " [...]"])
def test_after_a_statement_that_breaks_off_everything_stays(mark: str) -> None:
    stated = " ".join(STORY[:6])[:-20] + mark
    rest = f"<div class=rest>{paragraphs(STORY[6:])}</div>"

    found = lines_of(paragraphs(STORY[:6]), stated)
    whole = run_one(page(paragraphs(STORY[:6]) + "</div>" + rest + "<div>", stated))["text"]

    assert [line for line in STORY[:6] if line not in found] == []
    assert [line for line in STORY if line not in whole] == []


def test_an_article_that_follows_on_the_same_ground_goes_where_the_first_is_stated() -> None:
    follows = f"<h1>Customs house to be mended this autumn</h1>{paragraphs(MORE * 2)}"

    found = lines_of(paragraphs(STORY) + follows, " ".join(STORY))

    assert found[-1] == STORY[-1]


def missing(inner: str, lines: list[str]) -> list[str]:
    tree = tree_of(f"<html><body><div>{inner}</div></body></html>".encode())
    return trim.with_missing(lines, trim.Ground(passages.find(tree), lines))


def test_what_was_not_read_between_paragraphs_comes_back() -> None:
    """Headings, short sentences, items, and answers that unfold; not links, buttons, boxes and what is hidden."""
    between = (
        "<h2>The money</h2><ul><li>Roads first</li></ul><p>It is a lot.</p><p>Share</p>"
        "<details><summary>Who pays?</summary><p>The town.</p></details>"
        f"<p><a href=/r>{RELATED[0]}.</a></p><div class=box><p>Subscribe now.</p></div><p hidden>Unseen it is.</p>"
        "<figure><blockquote><p>We wait.</p></blockquote></figure>"
    )
    inner = paragraphs(STORY[:3]) + between + paragraphs(STORY[3:])
    back = ["The money", "Roads first", "It is a lot.", "Who pays?", "The town.", "We wait."]

    assert missing(inner, STORY) == [*STORY[:3], *back, *STORY[3:]]
    assert missing(paragraphs(STORY) + "<h2>After the end</h2>", STORY) == STORY
    assert missing("<h2>Before it</h2>" + paragraphs(STORY), STORY) == STORY


def test_what_was_read_comes_back_once() -> None:
    inner = paragraphs(STORY[:3]) + "<h2>The money</h2>" + paragraphs(STORY[3:])
    lines = [*STORY[:3], "The money: " + STORY[3], *STORY[4:]]

    assert missing(inner, lines) == lines


def test_a_text_without_passages_has_no_ground() -> None:
    assert missing("<p>Short.</p>", ["Short."]) == ["Short."]
    assert trim.Ground([], []).ending == {}
