"""The language of a text."""

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import language

SENTENCES = {
    "en": "The council voted on Tuesday to close the northern bridge for repairs until the autumn.",
    "de": "Der Stadtrat beschloss am Dienstag, die nördliche Brücke bis zum Herbst zu sperren.",
    "fr": "Le conseil municipal a décidé mardi de fermer le pont du nord jusqu'à l'automne.",
    "es": "El ayuntamiento decidió el martes cerrar el puente del norte hasta el otoño.",
    "it": "Il consiglio comunale ha deciso martedì di chiudere il ponte nord fino all'autunno.",
    "pt": "A câmara municipal decidiu na terça-feira fechar a ponte norte até ao outono.",
    "nl": "De gemeenteraad besloot dinsdag om de noordelijke brug tot de herfst te sluiten.",
    "sv": "Kommunfullmäktige beslutade på tisdagen att stänga den norra bron till hösten.",
    "fi": "Kaupunginvaltuusto päätti tiistaina sulkea pohjoisen sillan syksyyn asti.",
    "pl": "Rada miasta zdecydowała we wtorek o zamknięciu północnego mostu do jesieni.",
    "cs": "Městská rada v úterý rozhodla, že severní most bude do podzimu uzavřen.",
    "ru": "Городской совет решил во вторник закрыть северный мост на ремонт до осени.",
    "uk": "Міська рада вирішила у вівторок закрити північний міст на ремонт до осені.",
    "tr": "Belediye meclisi salı günü kuzey köprüsünü sonbahara kadar kapatmaya karar verdi.",
    "ar": "قرر مجلس المدينة يوم الثلاثاء إغلاق الجسر الشمالي للإصلاحات حتى الخريف.",
    "he": "מועצת העיר החליטה ביום שלישי לסגור את הגשר הצפוני לתיקונים עד הסתיו.",
    "hi": "नगर परिषद ने मंगलवार को उत्तरी पुल को मरम्मत के लिए शरद ऋतु तक बंद करने का फैसला किया।",
    "zh": "市议会星期二决定关闭北桥进行维修，直到秋天才重新开放。",
    "ja": "市議会は火曜日、北橋を修理のため秋まで閉鎖することを決めた。",
    "ko": "시의회는 화요일 북쪽 다리를 가을까지 보수를 위해 폐쇄하기로 결정했다.",
    "th": "สภาเมืองลงมติเมื่อวันอังคารให้ปิดสะพานทางเหนือเพื่อซ่อมแซมจนถึงฤดูใบไม้ร่วง",
    "vi": "Hội đồng thành phố hôm thứ Ba đã quyết định đóng cửa cây cầu phía bắc đến mùa thu.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να κλείσει τη βόρεια γέφυρα μέχρι το φθινόπωρο.",
    "ro": "Consiliul local a decis marți să închidă podul de nord pentru reparații până la toamnă.",
    "hu": "A városi tanács kedden úgy döntött, hogy őszig lezárja az északi hidat.",
    "id": "Dewan kota memutuskan pada hari Selasa untuk menutup jembatan utara hingga musim gugur.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_one_sentence_is_enough(code: str) -> None:
    """Of any of the languages, with nothing declared."""
    assert code == language.identify(SENTENCES[code], None)


def test_the_text_decides_against_a_wrong_declaration() -> None:
    """Templates declare the language of their maker."""
    assert language.identify(SENTENCES["de"] * 3, "en-US") == "de"


def test_the_declaration_decides_for_a_text_too_short_to_tell() -> None:
    """A name is of no language."""
    assert language.identify("Berlin", "fi") == "fi"
    assert language.identify("", "de-AT") == "de"
    assert language.identify("12:30", None) is None


def test_most_of_a_mixed_text_decides() -> None:
    """A cookie notice in another language before it does not."""
    assert (
        language.identify("We use cookies to improve your experience. " + SENTENCES["de"] * 12, None) == "de"
    )


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("nb", "no"),
        ("nn-NO", "no"),
        ("en_GB", "en"),
        ("iw", "he"),
        ("zh-Hans", "zh"),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_codes_are_iso_639_1(declared: str | None, code: str | None) -> None:
    """Old, long and national forms become one."""
    assert code == language.identify("", declared)


def test_it_never_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model comes with its package."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "socket", refuse)
    language._model.cache_clear()

    assert language.identify(SENTENCES["fr"], None) == "fr"


@given(st.text(max_size=200), st.text(max_size=10))
def test_no_text_makes_it_raise_and_answers_are_codes(text: str, declared: str) -> None:
    """The same text gives the same answer."""
    found = language.identify(text, declared)

    assert found == language.identify(text, declared)
    assert found is None or (len(found) == 2 and found.isalpha() and found.islower())


def test_a_text_with_an_editor_s_lines_in_another_language_is_in_its_own() -> None:
    """A national edition reprints an English report and ends it with its own notes."""
    report = " ".join([SENTENCES["en"]] * 8)
    notes = " ".join([SENTENCES["de"]] * 3)

    assert "en" == language.identify(f"{report}\n{notes}", None)
