"""Characters out of bytes, whatever is declared about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import charsets, language
from pipeline.text.charsets import decode

# Sentences of our own in the languages for which the character sets were made.
RUSSIAN = (
    "Городской совет во вторник утвердил новый бюджет. Мэр подпишет его в четверг, сообщила его представительница. "
    "Большая часть денег пойдёт на ремонт дорог и школ, остальное получат библиотеки и больницы."
)
CHINESE = (
    "市议会星期二通过了新的预算案。市长办公室表示，市长将在星期四签署。大部分资金将用于修复道路和学校，其余的将拨给图书馆和医院。"
    "反对派批评说，公共交通没有得到足够的重视。"
)
TRADITIONAL = (
    "市議會星期二通過了新的預算案。市長辦公室表示，市長將在星期四簽署。大部分資金將用於修復道路和學校，其餘的將撥給圖書館和醫院。"
    "反對派批評說，公共交通沒有得到足夠的重視。"
)
JAPANESE = (
    "市議会は火曜日に新しい予算案を承認した。市長は木曜日に署名する予定だと広報担当者が述べた。"
    "予算の大部分は道路と学校の修理に使われ、残りは図書館と病院に配分される。"
)
KOREAN = (
    "시의회는 화요일에 새 예산안을 승인했다. 시장은 목요일에 서명할 예정이라고 대변인이 밝혔다. "
    "예산의 대부분은 도로와 학교를 고치는 데 쓰이고 나머지는 도서관과 병원에 배정된다."
)
GERMAN = (
    "Der Stadtrat hat am Dienstag den neuen Haushalt beschlossen. Die Bürgermeisterin wird ihn am Donnerstag unterschreiben, "
    "erklärte ihr Büro. Der größte Teil fließt in Straßen und Schulen, der Rest geht an Büchereien und Krankenhäuser."
)
POLISH = (
    "Rada miasta przyjęła we wtorek nowy budżet. Prezydent podpisze go w czwartek, powiedziała jego rzeczniczka. "
    "Większość pieniędzy pójdzie na naprawę dróg i szkół, resztę otrzymają biblioteki i szpitale."
)
GREEK = (
    "Το δημοτικό συμβούλιο ενέκρινε την Τρίτη τον νέο προϋπολογισμό. Ο δήμαρχος θα τον υπογράψει την Πέμπτη. "
    "Τα περισσότερα χρήματα θα διατεθούν για δρόμους και σχολεία, τα υπόλοιπα για βιβλιοθήκες και νοσοκομεία."
)
TURKISH = (
    "Belediye meclisi salı günü yeni bütçeyi onayladı. Başkan bütçeyi perşembe günü imzalayacak, dedi sözcüsü. "
    "Paranın çoğu yolların ve okulların onarımına gidecek, kalanı kütüphanelere ve hastanelere verilecek."
)
HEBREW = "מועצת העיר אישרה ביום שלישי את התקציב החדש. ראש העיר יחתום עליו ביום חמישי, אמרה הדוברת שלו. רוב הכסף יופנה לתיקון כבישים ובתי ספר."
ARABIC = (
    "وافق مجلس المدينة يوم الثلاثاء على الميزانية الجديدة. وسيوقع عليها رئيس البلدية يوم الخميس، كما قالت المتحدثة باسمه. "
    "ستذهب معظم الأموال إلى إصلاح الطرق والمدارس، وسيذهب الباقي إلى المكتبات والمستشفيات."
)
CURLY = "The council “approved” the budget on Tuesday – the mayor’s office said he’d sign it on Thursday."

LEGACY = [
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "iso-8859-5"),
    (CHINESE, "gb18030"),
    (CHINESE, "gb2312"),
    (TRADITIONAL, "big5"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (JAPANESE, "iso-2022-jp"),
    (KOREAN, "euc-kr"),
    (GERMAN, "iso-8859-1"),
    (GERMAN, "windows-1252"),
    (POLISH, "iso-8859-2"),
    (POLISH, "windows-1250"),
    (GREEK, "iso-8859-7"),
    (TURKISH, "iso-8859-9"),
    (HEBREW, "windows-1255"),
    (ARABIC, "windows-1256"),
    (CURLY, "windows-1252"),
]
ALL = [RUSSIAN, CHINESE, TRADITIONAL, JAPANESE, KOREAN, GERMAN, POLISH, GREEK, TURKISH, HEBREW, ARABIC, CURLY]


def page(text: str, charset: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    script = "<script>window.data = {'menu': ['home', 'news', 'sport'], 'count': 12};</script>"
    return f"<html><head>{meta}{script}</head><body><div class=nav>Home News Sport</div><p>{text}</p></body></html>"


@pytest.mark.parametrize(("text", "charset"), LEGACY)
def test_a_page_whose_character_set_is_not_declared_is_read(text: str, charset: str) -> None:
    assert decode(page(text).encode(charset)) == page(text)


@pytest.mark.parametrize(("text", "charset"), LEGACY)
def test_a_plain_text_whose_character_set_is_not_declared_is_read(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize(("text", "charset"), LEGACY)
def test_a_page_whose_character_set_is_rightly_declared_is_read(text: str, charset: str) -> None:
    assert decode(page(text, charset).encode(charset)) == page(text, charset)
    assert decode(page(text).encode(charset), charset) == page(text)


@pytest.mark.parametrize("wrong", ["utf-8", "iso-8859-1", "windows-1251", "shift_jis"])
@pytest.mark.parametrize(("text", "charset"), [case for case in LEGACY if case[0] != CURLY])
def test_a_page_whose_character_set_is_wrongly_declared_is_read(text: str, charset: str, wrong: str) -> None:
    assert decode(page(text, wrong).encode(charset), wrong) == page(text, wrong)


@pytest.mark.parametrize("text", ALL)
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "gb2312", "no-such-set", "base64", "utf-16", ""])
def test_valid_utf8_is_utf8_whatever_is_declared(text: str, declared: str | None) -> None:
    assert decode(page(text, declared or "").encode(), declared) == page(text, declared or "")


@pytest.mark.parametrize("text", ALL)
@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_zeros_tell_the_character_set(text: str, charset: str) -> None:
    assert decode(page(text).encode(charset), "iso-8859-1") == page(text)


def test_a_mark_for_the_other_order_of_bytes_is_obeyed() -> None:
    assert decode(b"\xfe\xff" + "Grüße".encode("utf-16-be")) == "Grüße"


@pytest.mark.parametrize("text", ALL)
def test_a_few_broken_bytes_do_not_make_utf8_something_else(text: str) -> None:
    body = page(text * 3).encode()
    cut = body.replace(b"</p>", b"\xff</p>")[:-1]

    assert decode(cut) == page(text * 3).replace("</p>", "\ufffd</p>")[:-1]


def test_nuls_go() -> None:
    assert decode(b"\0\0<p>a\0b</p>" + b"\0" * 3) == "<p>ab</p>"


def test_a_right_declaration_decides_where_the_text_is_too_short_to_tell() -> None:
    assert decode("Žižkov".encode("windows-1250"), "windows-1250") == "Žižkov"


def test_markup_and_scripts_do_not_drown_a_short_text() -> None:
    """300 kB of scripts before 400 characters of Russian."""
    head = "<script>" + "var menu = ['home', 'sport'];\n" * 10_000 + "</script>"
    body = (head + page(RUSSIAN)).encode("windows-1251")

    assert decode(body) == head + page(RUSSIAN)


def test_nothing_is_nothing() -> None:
    assert decode(b"") == ""


@given(st.binary(max_size=300), st.none() | st.text(max_size=20))
def test_any_bytes_with_any_declaration_give_text_that_can_be_stored(
    body: bytes, declared: str | None
) -> None:
    text = decode(body, declared)

    assert text.encode().decode() == text
    assert decode(body, declared) == text


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("x-sjis", "cp932"),
        ("Windows-949", "cp949"),
        ("ISO_8859-1:1987", "cp1252"),
        ("iso_8859_9", "cp1254"),
        ("gb2312-80", "gb18030"),
        ("tis-620", "cp874"),
        ("koi8", "koi8-u"),
        ("iso-2022-kr", "iso2022_kr"),  # browsers refuse it, since they run what it may hide
        ("base64", None),
        ("no such thing", None),
        ("\0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_label_means_what_browsers_take_it_for_or_else_python(
    label: str | None, charset: str | None
) -> None:
    assert charsets.known(label) == charset


def test_the_characters_and_the_language_are_told_by_one_model() -> None:
    """It takes memory and time to load: a process has it once."""
    language._model.cache_clear()
    assert decode(POLISH.encode("cp1250")) == POLISH
    assert language.identify(POLISH, None) == "pl"

    assert language._model.cache_info().misses == 1
    assert language._model.cache_info().hits > 0
