"""What a browser shows, though the page's elements do not say so."""

import pytest

from pipeline.text.lines import look
from tests.pages import RELATED, STORY, TITLE, run_one

HEADING = f"<h1>{TITLE}</h1>"
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in STORY)


def text_of(body: str) -> list[str]:
    html = f"<html lang=en><head><title>{TITLE}</title></head><body>{body}<footer>© The Bay Herald</footer></body></html>"
    lines = str(run_one(html.encode())["text"]).split("\n")
    return [line for line in lines if line != TITLE and not look(line).is_furniture]


@pytest.mark.parametrize(
    "body",
    [
        f"<x-story><template shadowrootmode=open><style>p {{}}</style>{HEADING}{PARAGRAPHS}</template></x-story>",
        f"<x-story><TEMPLATE ShadowRootMode=closed>{HEADING}{PARAGRAPHS}</TEMPLATE></x-story>",
        f"<x-story><template shadowroot=open>{HEADING}{PARAGRAPHS}</template></x-story>",
        f"<x-a><template shadowrootmode=open><x-b><template shadowrootmode=open>{HEADING}{PARAGRAPHS}</template></x-b></template></x-a>",
        f"<x-story><template shadowrootmode=open>{HEADING}<slot>Loading</slot></template>{PARAGRAPHS}</x-story>",
        (
            f"<x-story><template shadowrootmode=open><slot name=t></slot><slot name=b></slot></template>"
            f"<div slot=b>{PARAGRAPHS}</div><h1 slot=t>{TITLE}</h1></x-story>"
        ),
        f"<article>{HEADING}"
        + "".join(f"<x-p><template shadowrootmode=open><p>{line}</p></template></x-p>" for line in STORY)
        + "</article>",
    ],
)
def test_a_declared_shadow_root_is_shown(body: str) -> None:
    """Also an old one, one within another, and one whose slots take what stands beside it, in their order."""
    assert text_of(body) == STORY


def test_what_no_slot_takes_is_not_shown_and_nothing_is_counted_twice() -> None:
    body = f"<x-story><template shadowrootmode=open>{HEADING}{PARAGRAPHS}</template>{PARAGRAPHS}</x-story>"

    assert text_of(body) == STORY


def test_a_plain_template_is_not_shown() -> None:
    other = "".join(f"<p>{line}</p>" for line in RELATED)
    assert text_of(f"<article>{HEADING}{PARAGRAPHS}</article><template>{other}</template>") == STORY


@pytest.mark.parametrize(
    "body",
    [
        f"<div id=app></div><noscript><article>{HEADING}{PARAGRAPHS}</article></noscript>",
        f"<div id=app></div><noscript>Please enable JavaScript.</noscript><noscript>{HEADING}{PARAGRAPHS}</noscript>",
        f"<div id=app></div><noscript>{HEADING}{''.join(f'<div>{line}</div>' for line in STORY)}</noscript>",
        f"<div id=app></div><noscript>{HEADING}{'<br><br>'.join(STORY)}</noscript>",
        (
            f"<article>{HEADING}{''.join(f'<p>{s}</p>' for s in STORY[:3])}"
            f"<noscript>{''.join(f'<p>{s}</p>' for s in STORY[3:])}</noscript></article>"
        ),
    ],
)
def test_a_noscript_that_has_the_text_is_shown(body: str) -> None:
    assert text_of(body) == STORY


@pytest.mark.parametrize(
    "around",
    [
        "<object data=story.pdf type=application/pdf>{}</object>",
        "<object data=a.swf><embed src=b.swf>{}</object>",
        "<svg viewBox='0 0 9 9'><foreignObject width=9 height=9><div>{}</div></foreignObject></svg>",
        "<svg><switch><g><foreignObject>{}</foreignObject></g><text>No text.</text></switch></svg>",
        "<video src=story.mp4>{}</video>",
        "<audio controls>{}</audio>",
        "<canvas>{}</canvas>",
    ],
)
@pytest.mark.parametrize("inner", [PARAGRAPHS, "<br><br>".join(STORY)])
def test_a_text_for_browsers_without_a_player_or_in_a_drawing_is_shown(around: str, inner: str) -> None:
    assert text_of(f"<article>{HEADING}{around.format(inner)}</article>") == STORY


@pytest.mark.parametrize(
    "name", ["embed src=a.swf", "source src=a.mp4", "track src=a.vtt", "wbr", "keygen", "bgsound src=a.mid"]
)
def test_what_follows_an_element_without_content_is_text(name: str) -> None:
    """A parser that does not know such an element takes for its content what stands behind it."""
    opened = f"<div><{name}>{'<br><br>'.join(STORY)}</div>"
    within = "".join(f"<p>{line[:9]}<{name}>{line[9:]}</p>" for line in STORY)

    assert text_of(f"<article>{HEADING}{opened}</article>") == STORY
    assert text_of(f"<article>{HEADING}{within}</article>") == STORY


def test_a_text_for_the_last_of_several_players_is_shown() -> None:
    inner = f"<object data=a.swf><object data=b.swf><embed src=b.swf>{PARAGRAPHS}</object></object>"

    assert text_of(f"<article>{HEADING}{inner}</article>") == STORY


@pytest.mark.parametrize("name", ["object", "video", "audio", "canvas"])
def test_what_stands_for_a_player_beside_the_text_is_not_shown(name: str) -> None:
    hint = (
        f"<p>Your browser cannot play this. {RELATED[0]}, and {RELATED[1]}, as our film of today shows.</p>"
    )
    body = f"<article>{HEADING}{PARAGRAPHS}<{name}>{hint}</{name}></article>"

    assert text_of(body) == STORY


@pytest.mark.parametrize("inner", [PARAGRAPHS, f"<p>{RELATED[0]}.</p><p>{RELATED[1]}.</p>"])
def test_a_noscript_that_has_the_text_again_or_speaks_of_scripts_is_not(inner: str) -> None:
    assert text_of(f"<article>{HEADING}{PARAGRAPHS}</article><noscript>{inner}</noscript>") == STORY


RAIN = [
    "県の防災課は木曜日、長雨で斜面が崩れるおそれがあるとして、山あいの二地区に避難を求めました。",
    "住民は小学校の体育館に集まり、毛布と温かい食事を受け取って、朝まで過ごしました。",
    "知事は会見で、雨は金曜日の昼には弱まる見込みだと述べ、早めの行動を呼びかけました。",
]


@pytest.mark.parametrize(
    "ruby",
    [
        "<ruby>斜面<rt>しゃめん</rt></ruby>",
        "<ruby>斜面<rp>（</rp><rt>しゃめん</rt><rp>）</rp></ruby>",
        "<ruby><rb>斜</rb><rb>面</rb><rtc><rt>しゃ</rt><rt>めん</rt></rtc></ruby>",
        "<ruby>斜面<rt>しゃめん</ruby>",
        "<ruby>斜<rt>しゃ</rt>面<rt>めん</rt></ruby>",
    ],
)
def test_readings_over_words_are_no_words(ruby: str) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in RAIN).replace("斜面", ruby)

    assert text_of(f"<article>{paragraphs}</article>") == RAIN
    assert text_of(f"<table><tr><td>{paragraphs}</td></tr></table>") == RAIN


def test_spaces_of_no_width_between_words_change_nothing() -> None:
    """A reader that takes them out finds the paragraphs of the page none the less."""
    marked = "".join(f"<p>{line.replace(' ', '&#8203; ')}</p>" for line in STORY)

    assert text_of(f"<header><a href=/>Home</a></header><article>{HEADING}{marked}</article>") == STORY


def test_a_text_that_is_read_as_one_line_is_parted_as_the_page_is() -> None:
    """As one that is blurred until somebody pays."""
    assert text_of(f"<article>{HEADING}<div class=blurred>{PARAGRAPHS}</div></article>") == STORY
