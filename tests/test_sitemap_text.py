"""Tags and texts out of a stream."""

from pipeline.harvest.sitemap_text import Tag, characters_of, parts_of, pieces_of


def test_tags_and_texts_come_in_their_order() -> None:
    assert list(
        parts_of(
            [
                '<?xml?><!-- <x> --><S:Url a="1">',
                '"><loc >a &amp; b</l',
                "oc><q/><![CDATA[<z> &amp;]]></S:Url>rest",
            ]
        )
    ) == [
        Tag("url", "s", False, False),
        '">',
        Tag("loc", "", False, False),
        "a & b",
        Tag("loc", "", True, False),
        Tag("q", "", False, True),
        "<z> &amp;",
        Tag("url", "s", True, False),
    ]


def test_more_bytes_than_the_cap_end_with_none() -> None:
    assert list(pieces_of([b"abc", b"def"], 4)) == [b"abc", b"d", None]
    assert list(pieces_of([b"abc", b"d"], 4)) == [b"abc", b"d"]


def test_a_letter_that_was_cut_in_two_is_one_letter() -> None:
    text = "a" + "ü" * 70_000
    assert "".join(characters_of([text.encode()])) == text


def test_nothing_gives_nothing() -> None:
    assert "".join(characters_of([])) == ""
    assert list(pieces_of([], 9)) == [b""]
