"""Where a paragraph is cut into sentences."""

import pytest

from pipeline.text.sentences import first, split


@pytest.mark.parametrize(
    ("line", "n"),
    [
        ("Twelve people died on Tuesday. The toll may rise.", 2),
        ("The toll rose to 19. Police searched the river.", 2),
        ("Mr. Smith and J. Doe of the U.S. embassy came.", 1),
        ("Am 5. März kam das Wasser. Es blieb bis zum 7. April.", 2),
        ("“We lost all.” She wept. “Nothing is left!” he said.", 3),
        ("今日は雨。「明日も雨だ。」と話した。", 3),
        ("बाढ़ में बारह लोग मारे गए। राहत जारी है।", 2),
        ("سیلاب میں بارہ افراد ہلاک ہوئے۔ امداد جاری ہے۔", 2),
        ("Տասներկու մարդ է զոհվել։ Օգնությունը շարունակվում է։", 2),
        ("አሥራ ሁለት ሰዎች ሞቱ። እርዳታው ቀጥሏል።", 2),
        ("The level stood at 4.5 metres.", 1),
        ("Er kam um 5 Uhr usw. und ging wieder.", 1),
    ],
)
def test_a_paragraph_is_cut_at_its_sentences(line: str, n: int) -> None:
    assert n == len(split(line)), split(line)


def test_spaces_make_no_other_sentence() -> None:
    assert split("Twelve people  died.\u00a0They drowned.") == split("Twelve people died. They drowned.")


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("Crews in Lisbon ended their strike. Ferries sail again from Monday.", "Crews in Lisbon ended their strike."),
        ("LISBON. Crews ended their strike on Friday. Ferries sail.", "LISBON. Crews ended their strike on Friday."),
        ("“It is over.” So said the crews of Lisbon. Ferries sail.", "“It is over.” So said the crews of Lisbon."),
        ("リスボンの船員がストを終えた。月曜から運航する。", "リスボンの船員がストを終えた。"),
        ("No full stop at the end of it", "No full stop at the end of it"),
        ("It is over.", "It is over."),
        ("", ""),
    ],
    ids=["two sentences", "a place before it", "a short quotation", "no spaces", "no stop", "short", "nothing"],
)  # fmt: skip
def test_the_first_sentence_says_something(paragraph: str, expected: str) -> None:
    """A word or three with a full stop is no sentence by itself: a place, a name, the beginning of a quotation."""
    assert expected == first(paragraph)
