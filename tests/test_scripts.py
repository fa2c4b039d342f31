"""Words in every script: what parts them, what doesn't, and which spellings are the same word."""

import re
import unicodedata
from hashlib import blake2b
from urllib.parse import quote

import pytest
import unicodedata2
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import body
from pipeline.extract.authors import delivered_authors
from pipeline.stories import terms, vocabulary
from pipeline.text import outlets, scripts, tokens, urls

SENTENCES = {
    "Arabic": "قالت الوزيرة إن الجسر أُعيد افتتاحه",
    "Bengali": "প্রধানমন্ত্রী বলেছেন সেতুটি আবার খোলা হয়েছে",
    "Devanagari": "प्रधानमंत्री ने कहा कि नदी का पुल फिर खुल गया है",
    "Ethiopic": "ድልድዩ እንደገና ተከፈተ ብለዋል",
    "Georgian": "ხიდი ისევ გაიხსნა თქვა მინისტრმა",
    "Gujarati": "પ્રધાનમંત્રીએ કહ્યું કે પુલ ફરી ખુલ્યો છે",
    "Hebrew": "השרה אמרה כי הגשר נפתח שוב",
    "Kannada": "ಪ್ರಧಾನಮಂತ್ರಿ ಸೇತುವೆ ಮತ್ತೆ ತೆರೆದಿದೆ ಎಂದರು",
    "Latin, decomposed": unicodedata.normalize("NFD", "Žižkův most byl znovu otevřen"),
    "Malayalam": "പ്രധാനമന്ത്രി പാലം വീണ്ടും തുറന്നു എന്ന് പറഞ്ഞു",
    "Punjabi": "ਪ੍ਰਧਾਨ ਮੰਤਰੀ ਨੇ ਕਿਹਾ ਪੁਲ ਮੁੜ ਖੁੱਲ੍ਹ ਗਿਆ",
    "Sinhala": "පාලම නැවත විවෘත කළ බව අමාත්‍යවරයා පැවසීය",
    "Tamil": "பிரதமர் பாலம் மீண்டும் திறக்கப்பட்டது என்றார்",
    "Telugu": "ప్రధానమంత్రి వంతెన మళ్లీ తెరిచారని చెప్పారు",
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "Thủ tướng nói cầu đã được mở lại"),
}

SAME = {
    "Arabic points": ("كَتَبَ الوَلَدُ الدَّرْسَ", "كتب الولد الدرس"),
    "Arabic letters with a hamza": ("ا\u064eٔخبار", "أخبار"),
    "Arabic stroke": ("الرحــــمن", "الرحمن"),
    "Arabic ligatures": ("ﷲ ﻻ", "الله لا"),
    "Hebrew points": ("הַגֶּשֶׁר הַיָּשָׁן", "הגשר הישן"),
    "Hebrew points in one": ("\ufb2a\ufb4b", "שו"),
    "Syriac points": ("ܫܠܳܡܳܐ", "ܫܠܡܐ"),
    "Persian half-spaces": ("می‌شود خانه‌ها", "میشود خانهها"),
    "joiners in Hindi": ("दिल्‍ली क्‌ष", "दिल्ली क्ष"),
    "joiners in Bengali": ("র‌্যাব", "র্যাব"),
    "joiners in Sinhala": ("ශ්‍රී", "ශ්රී"),
    "a joiner between a letter and its accent": ("caf e\u200d\u0301", "caf é"),
    "soft hyphens": ("Donau\u00addampf", "Donaudampf"),
    "a dotted capital of Turkish": ("İSTANBUL ile İzmir", "istanbul ile izmir"),
    "a dotted capital, made small elsewhere": ("i̇zmir", "izmir"),
    "a dotted capital, decomposed": ("I\u0307zmir", "izmir"),
    "readings in brackets": ("東京都（とうきょうと）の橋《はし》", "東京都の橋"),
    "readings in narrow brackets": ("高市早苗(たかいち・さなえ)首相", "高市早苗首相"),
    "narrow Kana": ("ｶﾞｽ", "ガス"),
    "selectors of a variant": ("葛\U000e0100飾", "葛飾"),
    "nuktas": ("\u095bमीन", "ज\u093cमीन"),
    "vowels of Khmer that are not seen": ("ក\u17b4ខ", "កខ"),
    "compatibility forms": ("Ｎｅｗｓ ﬁrst", "news first"),
}


@pytest.mark.parametrize("script", SENTENCES)
def test_spaces_alone_part_words_that_are_letters_and_marks(script: str) -> None:
    """No vowel sign, virama, accent or joiner parts a word."""
    text = SENTENCES[script]
    tokens_of = [unicodedata.normalize("NFC", token) for token in tokens.tokenise(text)]

    assert len(text.split()) == len(scripts.words(text)) == len(tokens_of) == scripts.n_words(text)
    assert [scripts.folded_word(word) for word in text.split()] == tokens_of
    assert set(scripts.normal(text).split()) >= set(terms.name_terms(None, text, None).values())


@pytest.mark.parametrize(
    "script", ["ประเทศไทย", "ປະເທດລາວ", "ប្រទេសកម្ពុជា", "မြန်မာနိုင်ငံ", "東京都", "𠮷野家", "人々は", "ラーメン"]
)
def test_a_run_without_spaces_is_one_word_of_many_letters(script: str) -> None:
    """Its marks belong to its letters, its tokens are bigrams, wherever its block lies."""
    letters = [c for c in script if unicodedata2.category(c)[0] == "L"]

    assert [script] == scripts.words(script)
    assert len(letters) == scripts.n_unspaced(script) == scripts.n_words(script)
    assert len(script) - 1 == len(tokens.tokenise(script))
    assert all(1 < len(term) <= 4 for term in terms.name_terms(None, script, None).values())


def test_korean_has_words_and_its_terms_are_bigrams() -> None:
    assert ["한국어", "뉴스"] == scripts.words("한국어 뉴스") == tokens.tokenise("한국어 뉴스")
    assert {"한국", "국어", "뉴스"} == set(terms.name_terms(None, "한국어 뉴스", None).values())


@pytest.mark.parametrize("kind", SAME)
def test_two_spellings_are_the_same_words(kind: str) -> None:
    """The same tokens, the same words, the same terms."""
    one, other = SAME[kind]

    assert tokens.tokenise(one) == tokens.tokenise(other)
    folded = [[scripts.folded_word(w) for w in scripts.normal(text).split()] for text in (one, other)]
    assert folded[0] == folded[1]
    assert set(terms.name_terms(None, one, "xx")) == set(terms.name_terms(None, other, "xx"))


@settings(deadline=None, max_examples=500)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    composed, decomposed = (unicodedata2.normalize(form, text) for form in ("NFC", "NFD"))

    assert tokens.tokenise(composed) == tokens.tokenise(decomposed)
    assert scripts.n_unspaced(composed) == scripts.n_unspaced(unicodedata2.normalize("NFC", decomposed))


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("\u3164\u1160 ـا\u064bİı\u0307東（か）"))
def test_no_word_is_empty(text: str) -> None:
    """Whatever is left out of it: a word begins with a letter or a figure that stays."""
    normal = scripts.normal(text)

    assert all(scripts.words(text))
    assert all(scripts.runs_of_letters(text))
    assert all(tokens.tokenise(text))
    assert all(map(scripts.folded_word, scripts._WORDS.findall(normal)))
    assert all(terms.name_terms(text, normal, "xx").values())


def test_the_fast_patterns_find_what_the_full_ones_find() -> None:
    """Of each character that counts as common, between letters, before a figure and after one."""
    common = [chr(p) for p in range(0x110000) if not 0xD800 <= p < 0xE000 and scripts.is_common(chr(p))]
    assert 40_000 < len(common)

    for character in common:
        text = f"a{character}b {character}c 1{character} {character}2"
        assert scripts._COMMON_WORDS.findall(text) == scripts._WORDS.findall(text), hex(ord(character))
        assert scripts._COMMON_LETTERS.findall(text) == scripts._LETTERS.findall(text), hex(ord(character))
        assert vocabulary._COMMON_TOKEN.findall(text) == vocabulary._EVERY_TOKEN.findall(text), hex(
            ord(character)
        )


def test_case_folding_is_the_same_in_all_pythons() -> None:
    """It is the interpreter's: another Python that folds otherwise must be noticed."""
    folded = "".join(chr(p).casefold() for p in range(0x110000) if not 0xD800 <= p < 0xE000)

    assert "68a8d60e8b642621" == blake2b(folded.encode(), digest_size=8).hexdigest()


@pytest.mark.parametrize(
    "line",
    [
        "The bridge is open again.",
        'She said: "It is open!"',
        "Er sagte: „Die Brücke ist wieder offen.“",
        "Il a dit : « Le pont est ouvert. »",
        "„Most je otevřen.«",
        "桥已经重新开放。",
        "पुल फिर खुल गया है।",
        "هل فُتح الجسر؟",
        "پل دوبارہ کھل گیا ہے۔",
        "What comes next (and when?)]",
    ],
)
def test_a_sentence_ends_in_any_script_whatever_closes_behind_it(line: str) -> None:
    closed = line.replace(" »", "»")  # a space before the mark would part it from the full stop
    assert scripts.ends_sentence(closed)


@pytest.mark.parametrize("line", ["", "Sport", "The bridge, 2026:", "More. And then", "(Reuters)"])
def test_what_does_not_end_as_a_sentence_is_none(line: str) -> None:
    assert not scripts.ends_sentence(line)


def test_texts_are_the_same_but_for_case_spaces_and_signs() -> None:
    assert scripts.are_same("The STRASSE is – open!", "the straße is open")
    assert not scripts.are_same("The road is open", "The road is closed")
    assert not scripts.are_same("The road", None)
    assert not scripts.are_same("", None)
    assert scripts.letters("snake_case, 3.5 Ｍ") == "snakecase35ｍ"


# --- the same on every Python ----------------------------------------------------------------------------------

# Of Unicode 15.0, 15.1, 16.0 and 17.0: each is unknown to the tables of some Python that newsfold runs on.
YOUNG = "\U00031350\U0001e4d0\U00011f04", "\U0002ebf0", "\U0001e5d0\u1c89", "\U00016ea0"


@pytest.mark.parametrize(
    "source", [r"\w", r"\W", r"[\w-]", r"[^\w.]", r"[^\W\d_]", r"[\W_]", r"[^\W_]", r"\\w"]
)
def test_a_pattern_goes_by_the_pinned_tables(source: str) -> None:
    """For every character: letters and figures are what they say; what all Pythons know is as it was."""
    pinned, plain = scripts.pattern(f"(?:{source})"), re.compile(f"(?:{source})")
    text = "".join(map(chr, range(scripts.END)))
    found = set(pinned.findall(text))

    is_word = {c for c in text if unicodedata2.category(c)[0] in "LN" or c == "_"}
    figures = {c for c in text if unicodedata2.category(c) == "Nd"}
    expected = {
        r"\w": is_word,
        r"\W": set(text) - is_word,
        r"[\w-]": is_word | {"-"},
        r"[^\w.]": set(text) - is_word - {"."},
        r"[^\W\d_]": is_word - figures - {"_"},
        r"[\W_]": set(text) - is_word | {"_"},
        r"[^\W_]": is_word - {"_"},
    }
    if source in expected:
        assert expected[source] == found
    assert set(plain.findall(text)) - found <= set(unassigned(text))
    assert pinned.fullmatch("") is None


def unassigned(text: str) -> list[str]:
    """What this Python's own tables do not know."""
    return [c for c in text if unicodedata.category(c) == "Cn"]


def test_what_is_printable_goes_by_them_too() -> None:
    text = "".join(c for c in map(chr, range(scripts.END)) if not 0xD800 <= ord(c) < 0xE000)
    kept = {c for c in text if unicodedata2.category(c)[0] not in "CZ" or c == " "}

    assert kept == set(scripts.printable(text)) == set(filter(scripts.is_printable, text))
    assert all(scripts.is_printable(young) for young in YOUNG)
    assert "".join(YOUNG) == scripts.spelled_out("".join(YOUNG))
    assert r"a\x1b\u200b" == scripts.spelled_out("a\x1b\u200b")


@pytest.mark.parametrize("young", YOUNG)
def test_young_letters_are_letters(young: str) -> None:
    """In what lines and addresses are compared by, and in what is read of a page."""
    assert young.casefold() == scripts.letters(f"{young} –")
    assert quote(young) in (urls.canonicalise(f"https://bay.example/{young}/a-1") or "")
    assert f"bay-{young}".casefold() == outlets.slug_of(f"Bay {young}!")
    assert ("Jane Doe", f"{young} {young}") == delivered_authors(["Jane Doe", f"{young} {young}"])
    assert body.trafilatura_utils.remove_control_characters(f"a{young}\x1bb") == f"a{young}b"


def test_figures_and_letters_go_by_them_too() -> None:
    text = [chr(n) for n in range(scripts.END) if not 0xD800 <= n < 0xE000]

    assert [c for c in text if unicodedata2.digit(c, None) is not None] == list(
        filter(scripts.is_figure, text)
    )
    assert sum(unicodedata2.category(c)[0] == "L" for c in text) == scripts.n_letters("".join(text))
    assert scripts.has_figure(f"né{YOUNG[1]}\U00011f51")
    assert not scripts.has_figure(f"né{YOUNG[1]}")


@given(st.text(st.characters(max_codepoint=127)))
def test_words_of_ascii_are_those_that_the_pattern_finds(text: str) -> None:
    assert scripts.words(text) == re.findall(r"[^\W_]+", text)


@given(st.text())
def test_a_text_has_a_word_where_words_are_found(text: str) -> None:
    assert scripts.has_word(text) == bool(scripts.words(text))
