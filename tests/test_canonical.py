"""The article to read for a story: which, and why; the agency and the outlet that a row names."""

import pytest

from pipeline.stories import canonical
from tests.test_summary import member, origin


@pytest.mark.parametrize(
    ("fields", "agency"),
    [
        ({"authors": ["By Reuters"]}, "By Reuters"),
        ({"authors": ["Ana Vidal", "dpa"]}, "dpa"),
        ({"lead": "LONDON (Reuters) - The council met."}, "Reuters"),
        ({"lead": "The council (and its Reuters correspondent) met."}, None),
        ({"authors": ["Reuter Smith"]}, None),
        ({"lead": None}, None),
    ],
)
def test_an_agency_is_named_by_a_byline_or_a_dateline(fields: dict[str, object], agency: str | None) -> None:
    assert agency == canonical.agency_of(member("a", **fields))


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
    one, two = origin("a", published_at=None), member("b", published_at=None)

    assert (one, "the only article") == canonical.choose([one])
    assert one is canonical.choose([one, two])[0]
    chosen, why = canonical.choose([one | {"is_stub": True}, two])
    assert ("b", True) == (chosen["article_id"], why.startswith("complete text"))
