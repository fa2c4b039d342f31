"""How many of something, in words."""

from pipeline.app.counted import counted


def test_one_is_singular_and_any_other_number_plural() -> None:
    assert "1 day" == counted(1, "day")
    assert "0 days" == counted(0, "day")
    assert "1,200 days" == counted(1_200, "day")


def test_a_plural_may_be_another_word() -> None:
    assert "1 story" == counted(1, "story", "stories")
    assert "2 stories" == counted(2, "story", "stories")
