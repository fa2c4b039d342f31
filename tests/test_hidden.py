"""Text that a page hides until a script shows it."""

import pytest

from pipeline.text.lines import look
from tests.pages import STORY, TITLE, run_one

HEADING = f"<h1>{TITLE}</h1>"


def p(*lines: str, attributes: str = "") -> str:
    return "".join(f"<p {attributes}>{line}</p>" for line in lines)


def text_of(body: str) -> list[str]:
    html = f"<html lang=en><head><title>{TITLE}</title></head><body>{body}<footer>© The Bay Herald</footer></body></html>"
    lines = str(run_one(html.encode())["text"]).split("\n")
    return [line for line in lines if line != TITLE and not look(line).is_furniture]


FIRST, REST = p(*STORY[:3]), p(*STORY[3:])


@pytest.mark.parametrize(
    "body",
    [
        f"{FIRST}<a href=#>Read more</a><div class=rest style='display:none'>{REST}</div>",
        f"{FIRST}<div id=x style='display: none;'>{REST}</div><button aria-controls=x>Show more ▾</button>",
        f"{FIRST}<a href=#>Weiterlesen</a><div style='display:none'>{REST}</div>",
        f"{FIRST}<a href=#>続きを読む</a><div style='display:none'>{REST}</div>",
        f"{FIRST}<div class='collapse' id=y>{REST}</div><a data-toggle=collapse href=#y>Read more</a>",
        f"{FIRST}<div class=full-story hidden>{REST}</div>",
        f"{FIRST}<div aria-hidden=true>{REST}</div><button>Continue reading</button>",
        FIRST + p(*STORY[3:], attributes="style='display:none'") + "<button>Continue reading</button>",
        FIRST + p(*STORY[3:], attributes="class=hidden") + "<a>Read more</a>",
        f"<div style='max-height: 300px; overflow: hidden'>{FIRST}{REST}</div><button>Read more</button>",
        FIRST + p(*STORY[3:], attributes="style='overflow: hidden'"),
    ],
)
def test_the_rest_behind_read_more_is_text(body: str) -> None:
    """However it is hidden, and in whatever language the control speaks."""
    assert text_of(f"<article>{HEADING}{body}</article>") == STORY


def test_the_end_of_a_paragraph_behind_dots_is_text() -> None:
    last = f"<p>{STORY[6]}<span>...</span><span style='display:none'> {STORY[7]}</span></p>"

    assert text_of(f"<article>{HEADING}{p(*STORY[:6])}{last}</article>") == [
        *STORY[:6],
        f"{STORY[6]} {STORY[7]}",
    ]


COMMENTS = "".join(
    f"<p>I have read it, number {n}, and I do not agree with a word of it at all.</p>" for n in range(5)
)


@pytest.mark.parametrize("style", ["visibility: hidden", "visibility:hidden; opacity: 0", "display:none"])
def test_an_article_that_a_script_shows_as_a_whole_is_text(style: str) -> None:
    """Also where other text of the page is not hidden."""
    body = f"<div id=js_content style='{style}'>{HEADING}{p(*STORY)}</div><section class=talk>{COMMENTS}</section>"

    assert set(STORY) <= set(text_of(body))


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=wide>{p(*STORY)}</div><div class=mobile style='display:none'>{p(*STORY)}</div>",
        f"<div class=mobile hidden>{p(*STORY)}</div><div class=wide>{p(*STORY)}</div>",
        f"<div class='d-none d-md-block'>{p(*STORY)}</div><div class='d-md-none'>{p(*STORY)}</div>",
        f"<div class='hidden-xs'>{p(*STORY)}</div><div class='visible-xs'>{p(*STORY)}</div>",
    ],
)
def test_a_copy_for_another_width_of_screen_is_not_read_twice(body: str) -> None:
    assert text_of(f"<article>{HEADING}{body}</article>") == STORY


SORRY = "Something went wrong while we sent your message to us. Please try again in a few minutes."
TERMS = "We and our three hundred partners keep data on your device so that we can see what you read here. "


@pytest.mark.parametrize(
    "box",
    [
        f"<p style='display:none'>{SORRY}</p>",
        f"<div style='display:none'><p>{SORRY}</p></div>",
        f"<div class=modal style='display:none'><p>{TERMS * 20}</p></div><a>Read more</a>",
        f"<div id=cookie-banner style='display:none'><p>{TERMS * 4}</p></div>",
        f"<div style='DISPLAY : NONE !important'><p>{SORRY}</p></div>",
        f"<div hidden><p>{SORRY}</p><p>{TERMS}</p></div>",
    ],
)
def test_a_box_that_waits_for_its_time_stays_hidden(box: str) -> None:
    assert text_of(f"<article>{HEADING}{p(*STORY)}{box}</article>") == STORY


@pytest.mark.parametrize(
    "panel",
    [
        "<div hidden role=region>",
        "<button aria-controls='other more'>Costs</button><div hidden id=more>",
        "<div hidden=until-found>",
    ],
)
def test_a_panel_that_a_reader_can_open_is_text(panel: str) -> None:
    body = f"<article>{HEADING}{p(*STORY[:3])}{panel}{p(*STORY[3:5])}</div>{p(*STORY[5:])}</article>"

    assert set(STORY) <= set(text_of(body))
