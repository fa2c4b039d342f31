"""What changed between two versions, sentence by sentence."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.revisions.differences import compare, in_one_order

FLOOD = (
    "At least 12 people died when the river Lenne burst its banks.",
    "Firefighters used boats to reach a retirement home in Altena.",
    "The district opened a sports hall as a shelter.",
)
sentences = st.lists(st.text("abc ", min_size=1, max_size=12).filter(str.strip), max_size=6)


def test_a_sentence_with_another_number_is_changed_and_the_number_named() -> None:
    found = compare(FLOOD, ("At least 19 people died when the river Lenne burst its banks.", *FLOOD[1:]))

    assert (((0, 0),), (), ()) == (found.changed, found.removed, found.added)
    assert (["12"], ["19"]) == found.numbers()


def test_a_sentence_with_another_name_says_which() -> None:
    found = compare(
        ["The mayor of Altena, Anna Berg, resigned."], ["The mayor of Altena, Bo Dahl, resigned."]
    )

    assert (["Anna", "Berg"], ["Bo", "Dahl"]) == found.names()


def test_a_number_that_only_came_stands_beside_nothing() -> None:
    found = compare(["People died when the river burst."], ["Some 12 people died when the river burst."])

    assert ([""], ["12"]) == found.numbers()


def test_a_moved_sentence_is_unchanged() -> None:
    assert compare(FLOOD, FLOOD[::-1]).is_none


def test_half_of_the_words_of_both_in_one_order_make_a_sentence_the_same_one() -> None:
    """Four of eight words do, three of eight do not."""
    old = ["one two three four five six seven eight."]

    assert 1 == len(compare(old, ["one two three four v vi vii viii."]).changed)
    found = compare(old, ["one two three iv v vi vii viii."])
    assert ((), (0,), (0,)) == (found.changed, tuple(found.removed), tuple(found.added))


def test_the_likest_sentences_belong_together() -> None:
    old = ["The level rose to 3 metres in Altena.", "The level rose to 4 metres in Hagen today."]
    new = ["The level rose to 5 metres in Hagen today.", "The level rose to 6 metres in Altena."]

    assert {(0, 1), (1, 0)} == set(compare(old, new).changed)


def test_a_note_of_a_correction_is_always_an_addition() -> None:
    old = [*FLOOD, "An earlier version of this article misstated the toll."]
    new = [*FLOOD, "An earlier version of this article misstated the toll and the place."]

    found = compare(old, new)

    assert (0, 1, 1) == (len(found.changed), len(found.removed), len(found.added))


def test_only_typography_is_minor() -> None:
    quoted = [FLOOD[0].replace("the river Lenne", "“the river Lenne”"), *FLOOD[1:]]

    assert compare(FLOOD, quoted).is_minor
    assert compare(FLOOD, [s.replace("12 people", "12 People") for s in FLOOD]).is_minor
    assert not compare(FLOOD, [s.replace("12", "19") for s in FLOOD]).is_minor
    assert not compare(FLOOD, FLOOD).is_minor


def test_a_run_of_the_sentences_is_a_part_and_a_hole_is_not() -> None:
    assert compare(FLOOD, FLOOD[:2]).is_part
    assert compare(FLOOD, FLOOD[1:]).is_part
    assert compare(FLOOD, [FLOOD[0], "Firefighters used boats to"]).is_part
    assert not compare(FLOOD, [FLOOD[0], FLOOD[2]]).is_part
    assert not compare(FLOOD, FLOOD).is_part
    assert not compare(FLOOD, [*FLOOD[:2], "A dyke broke."]).is_part


def test_more_sentences_and_all_of_the_old_ones_are_a_fuller_text() -> None:
    assert compare(FLOOD, [FLOOD[0], "A dyke broke near Hagen at night.", *FLOOD[1:]]).is_fuller
    assert not compare(FLOOD, [*FLOOD[:2], "A dyke broke near Hagen at night."]).is_fuller


def test_a_text_of_very_many_sentences_is_not_compared_word_by_word() -> None:
    """Only what is equal is found: no document costs the square of its length."""
    old = [f"Entry {n} of the list is here." for n in range(300)]
    new = [f"Item {n} of the list is here." for n in range(300)]

    assert ((), 300, 300) == (
        compare(old, new).changed,
        len(compare(old, new).removed),
        len(compare(old, new).added),
    )


@given(sentences, sentences)
def test_every_sentence_of_both_versions_is_told_once(old: list[str], new: list[str]) -> None:
    found = compare(old, new)
    both = [*found.kept, *found.changed]

    assert sorted([*(i for i, _ in both), *found.removed]) == list(range(len(old)))
    assert sorted([*(j for _, j in both), *found.added]) == list(range(len(new)))
    assert all(old[i] == new[j] for i, j in found.kept)
    assert compare(old, old).is_none


def _common(one: list[str], other: list[str]) -> int:
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            rows[i + 1][j + 1] = rows[i][j] + 1 if a == b else max(rows[i][j + 1], rows[i + 1][j])
    return rows[-1][-1]


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_words_in_one_order_are_the_longest_common_subsequence(one: list[str], other: list[str]) -> None:
    assert _common(one, other) == in_one_order(one, other)
