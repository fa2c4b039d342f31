"""The sentences by which versions of an article are compared."""

import pytest

from pipeline.revisions.sentences import is_correction, sentences_of, words_of


def test_what_a_page_puts_around_its_text_is_no_sentence_of_it() -> None:
    """Captions, credits, stamps, embedded posts, headings, notes on who helped."""
    said = "Twelve people died when the river burst its banks."
    around = [
        "Photo: Anna Berg/Reuters",
        "Updated 5 March 2026 14:05",
        "Rescuers at the dyke",
        "Water everywhere https://t.co/abc pic.twitter.com/xyz",
        "Reporting by Anna Berg; editing by Bo Dahl",
        "Share on Facebook",
    ]

    assert [said] == sentences_of("\n".join([*around[:3], said, *around[3:]]))


def test_a_text_without_full_stops_is_compared_by_its_lines() -> None:
    assert 2 == len(sentences_of("River bursts its banks\nTwelve people missing"))


def test_the_words_of_scripts_without_spaces_are_characters() -> None:
    assert ["12", "人", "死", "亡"] == words_of("12人死亡")


@pytest.mark.parametrize(
    "sentence",
    [
        "An earlier version of this article misstated the number of homes.",
        "Correction: The toll is 19, not 12.",
        "In einer früheren Version dieses Textes war von zwölf Toten die Rede.",
        "Une version précédente de cet article parlait de douze morts.",
        "Una versión anterior de este artículo hablaba de doce muertos.",
        "В предыдущей версии текста число погибших было указано неверно.",
        "記事の初出時、死者数に誤りがありました。",
    ],
)
def test_a_note_of_a_correction_is_known_in_many_languages(sentence: str) -> None:
    assert is_correction(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Analysts expect a correction of the market in autumn.",
        "An earlier version of the bill had failed in committee.".replace("the bill", "that bill"),
        "Die Korrektur der Zahlen kostet die Firma Millionen.",
    ],
)
def test_news_of_corrections_are_no_notes(sentence: str) -> None:
    assert not is_correction(sentence)
