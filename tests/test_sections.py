"""Texts in several sections."""

import pytest

from tests.pages import RELATED, STORY, TITLE
from tests.test_paragraphs import HEADING, p, text_of

SHORT = "The first road is to be open again in June."
SPLITS = {
    "a last one": [STORY[:7], STORY[7:]],
    "one each": [[line] for line in STORY],
    "a short last one": [STORY, [SHORT]],
    "short ones": [STORY[:3], [SHORT], STORY[3:], ["Nobody was hurt."]],
}


@pytest.mark.parametrize("parts", SPLITS.values(), ids=list(SPLITS))
@pytest.mark.parametrize(
    "begins", ["<section>", "<section class=part>", "<section class=part-{}>", "<section id=s{}>"]
)
@pytest.mark.parametrize("around", ["<main>{}</main>", "{}", "<article>{}</article>"])
def test_every_section_of_a_text_is_read(parts: list[list[str]], begins: str, around: str) -> None:
    sections = "".join(f"{begins.format(n)}{p(*lines)}</section>" for n, lines in enumerate(parts))

    found = [line for line in text_of(around.format(HEADING + sections)) if line != TITLE]

    assert found == [line for lines in parts for line in lines]


def test_a_section_of_links_keeps_its_box() -> None:
    links = "".join(f"<p><a href=/{n}>{line}</a></p>" for n, line in enumerate(RELATED))
    body = f"{HEADING}<section>{p(*STORY[:4])}</section><section>{p(*STORY[4:])}</section><section>{links}</section>"

    assert [line for line in text_of(body) if line != TITLE] == STORY


def test_sections_that_are_called_otherwise_keep_their_boxes() -> None:
    body = (
        f"{HEADING}<section class=story>{p(*STORY)}</section><section class=letter><p>{SHORT}</p></section>"
    )

    assert SHORT not in text_of(body)


@pytest.mark.parametrize(
    "heading", ["<h1>Ten things about holidays</h1>", "<h2><a href=/t>Ten things about holidays</a></h2>"]
)
def test_a_section_with_a_headline_of_its_own_is_another_article(heading: str) -> None:
    other = [f"{line}, as nobody in the whole town would ever have thought." for line in RELATED]
    body = f"<section class=story>{HEADING}{p(*STORY)}</section><section class=story>{heading}{p(*other)}</section>"

    assert [line for line in text_of(body) if line != TITLE] == STORY
