"""Which sentences say something new."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stories import novelty
from pipeline.stories.rarity import YEAR
from pipeline.stories.vocabulary import Book, Word
from pipeline.text import scripts


def new(language: str, before: str, *sentences: str, numbers_alone: bool = False) -> list[bool]:
    """Whether each of these sentences of a report says something that the text before it does not."""
    book = Book(language)
    said = {word.key for word in novelty.words(book, before)}
    words = [novelty.words(book, sentence) for sentence in sentences]
    novelty.weigh_words(language, words)
    return [weight > 0 for weight in novelty.new_weights(words, said, numbers_alone=numbers_alone)]


FIRE = "A fire destroyed a warehouse in Ostrand on Monday. Nobody was hurt. Police put the damage at 4,500 euros."


@pytest.mark.parametrize(
    "sentence",
    [
        "The warehouse in Ostrand was destroyed by the fire on Monday.",
        "Nobody was hurt.",
        "Police said the damage was 4500 euros.",
        "On Monday there was a fire, police in Ostrand said.",
        "The fire was on 3 March at 17:52.",
    ],
)
def test_what_was_said_is_not_new_in_other_words_or_another_order(sentence: str) -> None:
    """Nor is a date or a time of day: many texts give one."""
    assert [False] == new("en", FIRE, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The warehouse belonged to the toymaker Halvorsen.",
        "The damage is 7,200 euros, police said.",
        "Investigators suspect a faulty transformer.",
        "The fire destroyed 86 pianos.",
    ],
)
def test_names_causes_and_numbers_are_new(sentence: str) -> None:
    assert [True] == new("en", FIRE, sentence)


def test_an_article_says_nothing_new_twice() -> None:
    told = "The owner, Ingrid Halvorsen, blamed a transformer."

    assert [True, False] == new("en", FIRE, told, "Halvorsen blamed a transformer.")


@pytest.mark.parametrize("number", ["40,000", "40.000", "40 000", "40\u00a0000", "40\u202f000"])
def test_a_number_is_one_however_its_thousands_are_written(number: str) -> None:
    assert [False] == new("fr", "La panne touche 40 000 voyageurs.", f"La panne touche {number} voyageurs.")
    assert [True] == new("fr", "La panne touche 40 500 voyageurs.", f"La panne touche {number} voyageurs.")


def test_characters_that_only_stand_beside_others_are_no_new_words() -> None:
    before = "南川市一家化工厂周三发生爆炸,十七人受伤,被送往医院治疗。附近的居民已经疏散。"

    assert [False] * 3 == new(
        "zh", before, "附近居民被疏散。", "周三的爆炸。", "受伤的十七人在医院接受治疗。"
    )
    assert [True] == new("zh", before, "环保局在河中检测到苯超标。")


@pytest.mark.parametrize(
    ("language", "before", "known", "more"),
    [
        ("th", "ไฟไหม้โกดังสินค้าในกรุงเทพเมื่อวันจันทร์", "เมื่อวันจันทร์ไฟไหม้โกดังสินค้า", "ตำรวจสงสัยว่าหม้อแปลงไฟฟ้าระเบิด"),
        (
            "ja",
            "月曜日に大阪の倉庫で火災が発生した。",
            "大阪の倉庫で月曜日に火災が発生。",
            "警察は変圧器の故障が原因とみている。",
        ),
        (
            "ko",
            "월요일 부산의 창고에서 화재가 발생했다.",
            "부산의 창고에서 월요일 화재.",
            "경찰은 변압기 고장을 원인으로 본다.",
        ),
        (
            "hi",
            "सोमवार को पटना के गोदाम में आग लगी।",
            "पटना के गोदाम में सोमवार को आग।",
            "पुलिस ट्रांसफार्मर की खराबी की जाँच कर रही है।",
        ),
        (
            "ar",
            "اندلع حريق في مستودع في عمان يوم الاثنين.",
            "حريق في مستودع في عمان.",
            "تشتبه الشرطة في عطل بالمحول الكهربائي.",
        ),
    ],
)
def test_every_script_is_read(language: str, before: str, known: str, more: str) -> None:
    assert [False, True] == new(language, before, known, more)


def test_in_another_language_numbers_alone_tell() -> None:
    told = ["Das Feuer zerstörte 86 Klaviere.", "Die Polizei vermutet einen Defekt am Transformator."]

    assert [True, False] == new("de", FIRE, *told, numbers_alone=True)


def test_the_more_of_a_sentence_was_said_the_more_must_be_new() -> None:
    """The same new words weigh less in a longer sentence of words that were said."""
    said = (
        "The council of Ostrand voted to close the harbour ferry, the swimming pool and the municipal library"
    )
    tails = ["", ", the ferry and the swimming pool", f" after the vote. {said}"]
    found = [new("en", said + ".", f"Protesters gathered at the library{tail}.") for tail in tails]

    assert all(one >= two for (one,), (two,) in pairwise(found))
    assert ([True], [False]) == (found[0], found[-1])


_SAID = "ferry harbour 40 000 1,250 18,000 2024 mayor council strike 橋を修理 市議会は橋を 閉鎖する bridge bridges the of was"


@given(
    st.lists(st.lists(st.sampled_from(_SAID.split(" ")), max_size=12).map(" ".join), max_size=8),
    st.booleans(),
)
def test_sentences_weigh_what_a_plain_comparison_says(texts: list[str], numbers_alone: bool) -> None:
    for language in ("en", "ja"):
        book, said = Book(language), set[str]()
        sentences = [novelty.words(book, text) for text in texts]
        novelty.weigh_words(language, sentences)
        wanted = []
        for sentence in sentences:
            wanted.append(_plainly(sentence, said, numbers_alone=numbers_alone))
            said |= {word.key for word in sentence}

        assert novelty.new_weights(sentences, set(), numbers_alone=numbers_alone) == wanted


def _plainly(sentence: list[Word], said: set[str], *, numbers_alone: bool) -> float:
    grams = [not w.form.isascii() and scripts.GRAMMED.match(w.form) is not None for w in sentence]
    is_said = [word.key in said for word in sentence]
    overlapping = {
        word.key
        for n, word in enumerate(sentence)
        for m in (n - 1, n + 1)
        if 0 <= m < len(sentence) and grams[n] and grams[m] and is_said[m]
    }
    terms = {word.key: word for word in sentence}
    first = [word for key, word in terms.items() if key not in said and key not in overlapping]
    numbers = [word for word in first if word.rarity > YEAR and scripts.is_figure(word.key[:1])]
    weight = math.fsum(word.rarity for word in (numbers if numbers_alone else first))
    if numbers or weight < novelty.LEAST_WEIGHT:
        return weight if numbers else 0.0
    whole = math.fsum(word.rarity for word in terms.values())
    return weight if weight * weight / whole >= novelty.LEAST_WEIGHT else 0.0
