"""What one line says by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import appeals, lexicon, lines, scripts
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import label_kind, line_hash, look
from pipeline.text.matching import folded_words


def test_a_line_is_told_from_the_same_line_of_another_outlet() -> None:
    """Habits are an outlet's own."""
    assert line_hash("a", "Read on") == line_hash("a", "READ ON")
    assert line_hash("a", "Read on") != line_hash("b", "Read on")


def test_hostile_lines_cost_no_more_than_others() -> None:
    """No pattern backtracks: a line of 100,000 characters is looked at in the time of reading it."""
    for line in (
        "(" * 100_000,
        "a " * 50_000,
        "photo:" * 20_000,
        "- " * 50_000,
        "— @a" * 25_000,
        "1." * 50_000,
        "「購読」・・・・。",
        "'a " * 80 + "sign up now.",
    ):
        assert look(line).kind in LineKind


@pytest.mark.parametrize(
    "line",
    [
        "नीति 2026-03-05",  # of single letters, if its words are cut at their vowels
        "की मूर्ति 2027-03-05",
        "மீதி 2026-03-05",
        "రీతి 2026-03-05",
        "গীতি 2026-03-05",
    ],
)
def test_a_line_with_a_date_is_no_stamp_for_its_vowel_signs(line: str) -> None:
    """A stamp has only names of months and the like beside its figures."""
    assert look(line).kind not in {LineKind.STAMP, LineKind.DATE}


def test_words_of_a_line_have_no_points() -> None:
    """A line is told by its words, whether they are pointed or not."""
    assert look("اِقرأ أيضًا: الجسر").kind == look("اقرأ أيضاً: الجسر").kind == LineKind.TEASER
    assert look("הַגֶּשֶׁר").words == ("הגשר",)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Schließen", LineKind.LABEL),
        ("SCHLIESSEN", LineKind.LABEL),
        ("Lesen Sie außerdem: Brücke bleibt gesperrt", LineKind.TEASER),
        ("Διαβάστε επίσης", LineKind.TEASER_HEADING),
        ("ΕΤΙΚΈΤΕΣ", LineKind.LABEL),
        ("5 στις 10:30", LineKind.STAMP),
    ],
)
def test_phrases_with_letters_that_fold_to_others_are_found(line: str, kind: LineKind) -> None:
    """ß folds to ss and a final ς to σ: phrases are folded as lines are."""
    assert kind is look(line).kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("٤ مارس ٢٠٢٦ - ١٠:٢٤", LineKind.DATE),
        ("۱۳ اسفند ۱۴۰۴ - ۱۰:۲۴", LineKind.DATE),
        ("4 במרץ 2026, 10:24", LineKind.DATE),
        ("৪ মার্চ ২০২৬", LineKind.DATE),
        ("5 марта 2026 года", LineKind.DATE),
        ("2026.03.05 오후 3:24", LineKind.STAMP),
        ("5. März 2026, 14:30 Uhr MEZ", LineKind.STAMP),
        ("4 مارس 2026 10:24 مساءً", LineKind.STAMP),
        ("Publié le 5 mars 2026 à 10h24", LineKind.STAMP),
        ("Brasília, 2026", LineKind.TEXT),
        ("The winter of 1404", LineKind.TEXT),
    ],
)
def test_a_line_that_says_when_is_known_in_every_calendar_and_in_all_figures(
    line: str, kind: LineKind
) -> None:
    """As dates are read."""
    assert look(line).kind is kind


def test_every_phrase_is_found_as_it_is_written() -> None:
    words = lexicon.words()
    for table in (words.labels, words.teasers, words.endings):
        assert [] == [phrase for phrase in table if look(phrase).kind is LineKind.TEXT]
    for name in ("offers", "extras", "ours", "yours", "calls", "stamps", "roles"):
        folded = getattr(folded_words(), name)
        assert [] == [word for word in getattr(words, name) if word.casefold() not in folded]


@pytest.mark.parametrize(
    "line",
    [
        "The council of the old town closed the ferry at noon. (Reuters)",
        "पुराने शहर की परिषद ने सोमवार को नौका बंद कर दी। (AFP)",
        "市议会周一中午关闭了渡轮。(AFP)",
        "He asked: «Why did they close the ferry?» (AFP)",
        "“They closed the ferry (and the bridge!)” [AFP]",
    ],
)
def test_an_agency_in_brackets_after_a_sentence_of_any_script_ends_a_dispatch(line: str) -> None:
    """The line is text; after what is no sentence, the same brackets credit a picture."""
    assert LineKind.TEXT == look(line).kind
    assert LineKind.CREDIT == look("The old ferry (AFP)").kind


_PARTS = st.sampled_from(
    sorted(
        appeals.asked_words() | lexicon.words().teasers | lexicon.words().bylines | lexicon.words().credits
    )
) | st.text(max_size=6)
_SIGNS = st.sampled_from(
    ["@a", "www.b.example", "http://c.example/d", "(Reuters)", "|", "©", "→", '"', ".", "a@b.example"]
)


@given(st.lists(_PARTS | _SIGNS, min_size=22, max_size=70))
def test_a_long_line_is_judged_by_the_words_that_are_asked_for_as_by_all_its_words(parts: list[str]) -> None:
    line = " ".join(parts)
    words = tuple(scripts.words(line.casefold()))
    known, n_words = frozenset(words), max(len(words), 21)
    judged = (
        lines._first_kind(lines._TESTS_OF_LONG, line, words, known)
        if words and lines._is_telling(line, words, known)
        else LineKind.TEXT
    )

    assert lines._kind(line, words, n_words) == (judged if words else LineKind.LABEL)


@given(st.lists(_PARTS | _SIGNS, max_size=40).map(" ".join))
def test_what_is_no_label_for_its_many_words_is_none_for_its_looks(line: str) -> None:
    """A line with many words is never a date, a stamp or a byline."""
    looked = look(line).kind
    assert label_kind(line) in {looked, LineKind.TEXT}
    if looked in {LineKind.DATE, LineKind.STAMP, LineKind.BYLINE}:
        assert label_kind(line) is looked


@pytest.mark.parametrize(
    "line", ["By Ada Lovelace", "Updated 12:30", "5 March 2026", "5 March 2026", "نشر في 12:30"]
)
def test_a_line_of_few_words_is_the_label_that_it_looks_like(line: str) -> None:
    assert label_kind(line) is look(line).kind
