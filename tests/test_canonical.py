"""The article to read for a story: which, and why; the outlet that a row names."""

import pytest

from pipeline.stories import canonical
from tests.test_summary import member, origin


def test_the_text_of_the_agency_is_read_before_its_copies() -> None:
    """One that states it, or stands on the agency's own page; a copy that is told by its likeness alone does not."""
    own, copy = member("b", supplier="dpa"), origin("a", agency="dpa", supplier=None)

    chosen, why = canonical.choose([copy, own])

    assert ("b", True) == (chosen["article_id"], "agency text (dpa)" in why)


@pytest.mark.parametrize(
    ("fields", "outlet"),
    [
        ({"outlet": "The Post"}, "The Post"),
        ({"outlet": None, "canonical_url": "https://www.post.example/x"}, "post.example"),
        ({"outlet": None, "canonical_url": None}, None),
    ],
)
def test_the_outlet_is_its_name_or_else_the_host(fields: dict[str, object], outlet: str | None) -> None:
    assert outlet == canonical.outlet_of(member("a", **fields))


def test_a_text_that_a_fuller_one_followed_is_a_part_of_it() -> None:
    fuller = {"a"}

    assert canonical.is_part(origin("a"), fuller)
    assert not canonical.is_part(member("b", copy_id="a", kind="expanded"), fuller)
    assert canonical.is_part(member("c", copy_id="c", kind="excerpt"), fuller)
    assert not canonical.is_part(origin("d"), fuller)


def test_of_several_complete_texts_the_first_is_read_and_a_lone_article_needs_no_reason() -> None:
    one, two = (row | {"published_at": None, "supplier": None} for row in (origin("a"), member("b")))

    assert (one, "the only article") == canonical.choose([one])
    assert one is canonical.choose([one, two])[0]
    chosen, why = canonical.choose([one | {"is_stub": True}, two])
    assert ("b", True) == (chosen["article_id"], why.startswith("complete text"))
