"""Joiners with which languages spell."""

import pytest

from tests.pages import STORY, run, run_one

NEWS = [
    "شورای شهر شامگاه سه‌شنبه رأی داد که پل قدیمی پس از پیدا شدن ترک‌هایی در پایه‌های آن بسته شود.",
    "مهندسان هشدار داده بودند که این سازه زمستان دیگری را تاب نمی‌آورد، اما شورا بررسی دومی خواست.",
    "رانندگان تا پایان تابستان باید از مسیر دیگری بروند و اتوبوس‌ها هم از همان راه می‌گذرند.",
]
HINDI = [
    "क्‍षेत्र के किसानों ने बुधवार को नई नहर के लिए ज्ञापन दिया और कहा कि पानी समय पर नहीं मिला है।",
    "अधिकारियों ने बताया कि अगले महीने तक मरम्मत का काम पूरा कर लिया जाएगा और र्‍य जाँच होगी।",
    "ग्राम सभा ने दो सदस्यों की समिति बनाई है जो हर सप्ताह काम की प्रगति देखेगी और रिपोर्ट देगी।",
]


def page(lines: list[str]) -> str:
    return f"<html><head><title>{lines[0][:30]}</title></head><body><article>{''.join(f'<p>{s}</p>' for s in lines)}</article></body></html>"


@pytest.mark.parametrize("lines", [NEWS, HINDI], ids=["fa", "hi"])
@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
def test_a_page_and_a_text_are_spelt_alike(lines: list[str], extractor: str) -> None:
    """Also where the page writes them as entities, and whoever reads it."""
    entities = page(lines).replace("\u200c", "&zwnj;").replace("\u200d", "&#8205;")
    found = run(
        {"body": page(lines).encode()},
        {"body": entities.encode()},
        {"body": "\n".join(lines).encode(), "media": "text"},
        extractor=extractor,
    )

    assert [row["text"].split("\n") for row in found] == [lines] * 3


def test_a_headline_keeps_its_joiners() -> None:
    head = '<meta property="og:title" content="پل بسته می‌شود و خسارت‌ها پرداخت خواهد شد">'
    html = page(NEWS).replace("</head>", f"{head}</head>")

    assert run_one(html.encode())["title"] == "پل بسته می‌شود و خسارت‌ها پرداخت خواهد شد"


def test_joined_emoji_stay_one() -> None:
    line = (
        "The family 👨‍👩‍👧 was happy, said the mayor, and sent a picture of the three of them to the paper."
    )

    assert line in run_one(page([*STORY[:3], line, *STORY[3:]]).encode())["text"].split("\n")


def test_joiners_between_spaces_are_nothing() -> None:
    row = run_one(
        page([STORY[0], *STORY[1:]]).replace("</article>", "<p>&zwnj; &zwnj; &nbsp;</p></article>").encode()
    )

    assert row["text"].split("\n") == STORY


def test_a_letter_that_could_stand_for_a_joiner_stays_what_it_is() -> None:
    """The page has the letter that is tried first."""
    line = f"{NEWS[0]} {chr(0x10600)}{chr(0x10601)}"

    assert line in run_one(page([line, *NEWS[1:]]).encode())["text"].split("\n")
