"""Drop capitals that stand apart from their paragraph."""

import pytest

from tests.pages import STORY, TITLE
from tests.test_paragraphs import HEADING, p, text_of

REST = STORY[0][1:]  # "he town council …"
APART = {
    "a box before": f"<div class=dropcap>T</div><p>{REST}</p>",
    "a plain box before": f"<div><span>T</span></div>\n<p>{REST}</p>",
    "an inline element before": f"<span>T</span><p>{REST}</p>",
    "a paragraph before": f"<p>T</p><p>{REST}</p>",
    "text before": f"T<p>{REST}</p>",
    "a cell before": f"<table><tr><td>T</td></tr></table><p>{REST}</p>",
    "beside, in a box": f"<div><div class=initial>T</div><div>{REST}</div></div>",
    "a picture within": f"<p><img src=t.png alt=T>{REST}</p>",
    "a picture before": f"<img src=t.png alt=T><p>{REST}</p>",
    "a picture in a figure": f"<figure><picture><img src=t.png alt=T></picture></figure><p>{REST}</p>",
    "a drawing": f"<p><svg><title>T</title><path d=''/></svg>{REST}</p>",
    "a space behind": f"<p><span class=dropcap>T</span>\n{REST}</p>",
    "hidden from readers of screens": f'<p><span aria-hidden="true">T</span>{REST}</p>',
    "before bold words": f"<div>T</div><p><b>he town</b>{REST[7:]}</p>",
}


@pytest.mark.parametrize("begun", APART.values(), ids=list(APART))
def test_a_letter_that_stands_apart_begins_its_paragraph(begun: str) -> None:
    assert text_of(f"<article>{HEADING}{begun}{p(*STORY[1:])}</article>") == [TITLE, *STORY]


def test_in_the_middle_of_a_text_too() -> None:
    middle = f"<div class=dropcap>M</div><p>{STORY[2][1:]}</p>"

    assert text_of(f"<article>{HEADING}{p(*STORY[:2])}{middle}{p(*STORY[3:])}</article>") == [TITLE, *STORY]


@pytest.mark.parametrize(
    ("letter", "rest", "joined"),
    [
        ("A", "community of fishers lives on the cold side of the bay, where no bus has ever gone in winter.", "A community"),
        ("A", "mong the fishers who live on the cold side of the bay no one has ever taken a bus in winter.", "Among"),
        ("T", "HE TOWN of Marlow Bay has no bus in the evening, and nobody on the council wants to pay for one.", "THE TOWN"),
        ("“T", "here is no bus in the evening, and nobody on the council wants to pay for one,” said the mayor.", "“There is"),
        ("L’", "assemblée of the fishers met in the cold hall beside the harbour, where no bus goes in winter.", "L’assemblée"),
    ],
)  # fmt: skip
def test_a_letter_that_is_a_word_keeps_its_space(letter: str, rest: str, joined: str) -> None:
    found = text_of(
        f"<article>{HEADING}<div class=dropcap>{letter}</div><p>{rest}</p>{p(*STORY[1:])}</article>"
    )

    assert found[1].startswith(joined)


@pytest.mark.parametrize(
    "body",
    [
        f"<div>A</div><p>{STORY[0]}</p><div>B</div><p>{STORY[1]}</p>",  # choices
        f"<p><em>X</em> said nothing. {STORY[0]}</p><p>{STORY[1]}</p>",
        f"<h2>Z</h2><p>he town council. {STORY[0]}</p><p>{STORY[1]}</p>",
    ],
)
def test_other_letters_stay_apart(body: str) -> None:
    found = " ".join(text_of(f"<article>{HEADING}{body}{p(*STORY[2:])}</article>"))

    assert not [word for word in ("AThe", "BMost", "Xsaid", "Zhe") if word in found]
