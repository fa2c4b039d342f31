"""The text of a page: which lines are the article, and which reader finds them."""

import json
from importlib.metadata import version

import pytest

from pipeline.extract import body as reading
from pipeline.extract import passages, trim
from pipeline.extract.stated import read_stated
from tests.pages import (
    RELATED,
    STORY,
    TITLE,
    WHOLE,
    page,
    run_one,
    tree_of,
)


def test_a_page_too_large_for_the_thorough_extractor_is_read_by_the_fast_one() -> None:
    story = [f"{n}. {line}" for n in range(1500) for line in STORY]

    row = run_one(page(story))

    assert row["extractor"] == f"resiliparse {version('resiliparse')}"
    assert len(set(row["text"].split("\n")) & set(story)) > 0.99 * len(story)


def test_the_fast_extractor_can_be_asked_for() -> None:
    row = run_one(page(), extractor="resiliparse")

    assert row["extractor"] == f"resiliparse {version('resiliparse')}"
    assert set(STORY) <= set(row["text"].split("\n"))


def test_comments_are_not_the_article() -> None:
    comments = (
        "<div id=comments class=comments>"
        + "".join(f"<p>{line} I think so too.</p>" for line in RELATED)
        + "</div>"
    )

    assert run_one(page(after=comments))["text"].split("\n") == WHOLE


def source_of(written: bytes) -> reading.Source:
    return reading.Source(written.decode(), lambda: tree_of(written))


def test_a_list_of_links_is_left_out_and_a_link_of_its_own_is_not() -> None:
    links = "".join(f"<li><a href=/r>{line}</a></li>" for line in RELATED)
    source = source_of(page(after=f"<ul>{links}</ul>"))
    tree = source.parse()

    lines = trim.without_link_lists(
        [STORY[0], "Council approves budget", *RELATED], {"Council approves budget", *RELATED}
    )
    text = reading.read(tree, read_stated(tree), source, "trafilatura").text

    assert lines == STORY[:1]
    assert trim.without_link_lists(["a", "link", "b"], {"link"}) == ["a", "link", "b"]
    assert text.split("\n") == WHOLE


def test_short_lines_after_the_last_paragraph_are_left_out_and_a_long_one_is_kept() -> None:
    after = (
        f"<div><p>Sign up for our letter</p><p>Share this</p></div><blockquote>{STORY[0] * 2}</blockquote>"
    )

    assert run_one(page(STORY[1:], after=after))["text"].split("\n") == [TITLE, *STORY[1:], STORY[0] * 2]


def test_what_the_page_states_as_its_body_tells_what_is_around_it() -> None:
    """Lines after the stated body and long ones within go; a lead before it and headings within stay."""
    lead, pitch, tail = "The vote was close.", RELATED[0] + " of very many", RELATED[1]
    paragraphs = [lead, *STORY[:3], "The money", *STORY[3:5], pitch, *STORY[5:], tail]
    stated = (
        '<script type="application/ld+json">{"@graph": [{"articleBody": "' + " ".join(STORY) + '"}]}</script>'
    )

    assert run_one(page(paragraphs, head=stated))["text"].split("\n") == [
        TITLE,
        lead,
        *STORY[:3],
        "The money",
        *STORY[3:],
    ]
    assert pitch in run_one(page(paragraphs))["text"]


@pytest.mark.parametrize("end", ["\\n", "&lt;br/&gt;&lt;br/&gt;", "&amp;nbsp;&lt;/div&gt;&lt;div&gt;"])
def test_a_page_drawn_by_scripts_gives_what_it_states_as_its_body(end: str) -> None:
    """However its paragraphs are parted."""
    stated = end.join(STORY)
    head = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{stated}"}}</script>'
    )
    shell = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><div id=app></div></body></html>"

    row = run_one(shell.encode())

    assert (row["text"].split("\n"), row["extractor"]) == (STORY, "schema.org articleBody")


def test_a_live_blog_drawn_by_scripts_gives_its_entries() -> None:
    entries = [{"@type": "BlogPosting", "articleBody": line} for line in STORY]
    stated = json.dumps({"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": entries})
    head = f'<script type="application/ld+json">{stated}</script>'
    shell = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><div id=app></div></body></html>"

    assert run_one(shell.encode())["text"].split("\n") == STORY


def test_a_page_of_a_headline_and_a_caption_is_read_in_lines() -> None:
    caption = "Smoke rises over the harbour of Marlow Bay on Tuesday morning. Photo: Ines Otto"
    inner = f"<article><h1>{TITLE}</h1><figure><figcaption>{caption}</figcaption></figure></article>"

    row = run_one(f"<html lang=en><head><title>{TITLE}</title></head><body>{inner}</body></html>".encode())

    assert row["text"].split("\n") == [TITLE, caption]


def test_posts_of_others_that_scripts_show_as_cards_are_left_out() -> None:
    """Copied into the articles of many outlets, they would make these look alike."""
    post = f'<blockquote class="twitter-tweet"><p>{RELATED[0]}</p>&mdash; Somebody (@some) May 1, 2026</blockquote>'
    quotation = f"<blockquote><p>{RELATED[1]}.</p></blockquote>"
    paragraphs = [*STORY[:4], post, quotation, *STORY[4:]]

    text = run_one(page(paragraphs))["text"]

    assert RELATED[0] not in text
    assert RELATED[1] in text


@pytest.mark.parametrize("stated", ["", "A short teaser.", " ".join(RELATED * 5), " ".join(STORY[:2])])
def test_a_stated_body_that_is_not_the_text_changes_nothing(stated: str) -> None:
    script = f'<script type="application/ld+json">{{"articleBody": "{stated}"}}</script>'

    assert run_one(page(head=script))["text"].split("\n") == WHOLE


@pytest.mark.parametrize(
    "script", ["{not json", "[[[[" * 50_000, '{"articleBody": 7}', '{"articleBody": null}', "7"]
)
def test_linked_data_that_cannot_be_read_changes_nothing(script: str) -> None:
    head = f'<script type="application/ld+json">"articleBody" {script}</script>'
    bare = f'<script type="application/ld+json">{script}</script>'

    assert run_one(page(head=head))["text"].split("\n") == WHOLE
    assert run_one(page(head=bare))["text"].split("\n") == WHOLE


def test_a_poor_reading_is_replaced_by_a_better_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first reader finds only the beginning, the second is asked, and its reading is the one that is kept."""
    monkeypatch.setattr(reading, "_by_trafilatura", lambda _tree, **_: ("\n".join(STORY[:2]), "first"))

    tree = tree_of(page())
    text, name, _ = reading.read(tree, read_stated(tree), source_of(page()), "trafilatura")

    assert name == f"resiliparse {version('resiliparse')}"
    assert set(STORY) <= set(text.split("\n"))


def test_a_second_reading_sees_the_page_without_what_others_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for a source, which is written for it of a tree that is made once more."""
    said = (
        "<p>I have lived on this street for thirty years and nobody has ever mended a single road here.</p>"
    )
    boxes = f"<section class=comments><div class=c>{said}</div><div class=c>{said}</div></section>"
    source, asked = source_of(page(after=boxes)), list[str]()
    monkeypatch.setattr(reading, "_by_trafilatura", lambda _tree, **_: ("\n".join(STORY[:2]), "first"))
    monkeypatch.setattr(reading, "_by_resiliparse", lambda text: (asked.append(text) or "", "second"))

    tree = source.parse()
    reading.read(tree, read_stated(tree), source, "trafilatura")

    (text,) = asked
    assert all(line in text for line in STORY)
    assert "thirty years" in source.text
    assert "thirty years" not in text


def test_a_good_reading_is_not_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_by_resiliparse", pytest.fail)

    tree = tree_of(page())
    found = reading.read(tree, read_stated(tree), source_of(page()), "trafilatura")
    assert found.text.split("\n") == WHOLE


def test_a_second_reading_that_has_more_besides_is_not_taken() -> None:
    passages = ["p" * 300, "q" * 300, "r" * 300]
    first, more_noise, better = ("p" * 300, "1"), ("p" * 300 + "x" * 900, "2"), (" ".join(passages), "3")

    assert reading._better(first, more_noise, passages) == first
    assert reading._better(first, better, passages) == better
    assert reading._better(("", "1"), more_noise, []) == more_noise
    assert reading._better(first, ("p" * 310, "2"), []) == first


def test_teasers_in_boxes_of_their_own_do_not_count_as_the_text() -> None:
    teasers = "".join(
        f"<div><p>{line}, and why they are the talk of the town this year</p></div>" for line in RELATED
    )
    tree = tree_of(page(after=teasers))

    assert [passage.line for passage in passages.find(tree)] == STORY


def test_side_elements_are_dropped_unless_they_hold_text() -> None:
    tree = tree_of(page(after=f"<aside>Advert</aside>tail<aside><p>{STORY[0]}</p></aside>"))

    reading._drop_no_text(tree)

    assert [len(tree.findall(f".//{name}")) for name in ("nav", "footer", "aside")] == [0, 0, 1]
    assert "tail" in tree.text_content()
