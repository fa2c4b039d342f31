"""The authors of a page are people, as far as it names any."""

import pytest

from tests.pages import (
    ARTICLE,
    describe,
    parsed,
)


def test_people_are_authors_rather_than_the_outlet() -> None:
    """Linked data often name the outlet only, where the page marks a name as the author's."""
    outlet = {**ARTICLE, "author": {"@type": "Organization", "name": "Example Report"}}
    byline = '<p>By <a rel="author" href="/doe">Jane Doe</a> and <a rel="author" href="/roe">John Roe</a></p>'
    teaser = '<div><div><p>More by <a rel="author" href="/poe">Ann Poe</a></p></div></div>'

    assert describe(parsed(linked_data=outlet, body=f"<div>{byline}</div>{teaser}")).authors == (
        "Jane Doe",
        "John Roe",
    )
    assert describe(parsed('<meta name="author" content="Jane Doe (jd)">', linked_data=outlet)).authors == (
        "Jane Doe",
    )
    assert describe(parsed(linked_data=outlet)).authors == ("Example Report",)


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Von Jana Muster, Karl Beispiel", ("Jana Muster", "Karl Beispiel")),
        ("https://example.com/jane", ()),
        ("admin", ()),
        ("Jane Doe, Jr.", ("Jane Doe, Jr.",)),
    ],
)
def test_a_byline_is_names(stated: str | None, names: tuple[str, ...]) -> None:
    """Without "by", addresses and accounts."""
    assert names == describe(parsed(f'<meta name="author" content="{stated}">')).authors
