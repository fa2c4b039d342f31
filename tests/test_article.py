"""One article, and two side by side, as the reading layer tells them."""

import pytest

from pipeline.explorer.article import article_page, find, place_of, why_out
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.tables import ARTICLES, REVISIONS
from tests.explored import FIRST, SECOND, Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def test_each_article_is_told_with_its_place_and_the_sources_of_what_is_known(snapshot: Snapshot) -> None:
    for row in snapshot.read(ARTICLES, FIRST).to_pylist():
        page = article_page(snapshot, row["article_id"])

        assert row["text"] == page.text
        assert row["raw_ref"] == page.about["raw_ref"]
        assert place_of(snapshot, row["article_id"])["story_id"] == page.place["story_id"]
        assert row["furniture_removed"] == [one.line for one in page.taken_out]
        assert all(one.why for one in page.taken_out)
        assert "headline_vector" not in page.about


def test_the_versions_of_a_page_are_shown_on_each_of_them(snapshot: Snapshot) -> None:
    (row,) = snapshot.read(REVISIONS, SECOND).to_pylist()[:1]

    for identifier in (row["article_id"], row["first_id"]):
        versions = article_page(snapshot, identifier).versions
        assert row["article_id"] in [one.article_id for one in versions]
    shown = next(one for one in versions if one.article_id == row["article_id"])
    assert list(zip(row["changed_from"], row["changed_to"], strict=True)) == shown.changed
    assert row["added"] == shown.added


def test_a_line_that_was_taken_out_has_a_reason() -> None:
    assert "subscribe" in why_out("Subscribe to our newsletter for free")
    assert why_out("The council met.")


def test_what_is_no_id_and_what_is_not_there_are_told_apart(snapshot: Snapshot) -> None:
    with pytest.raises(SettingsError):
        find(snapshot, "hello")
    with pytest.raises(MissingInputError):
        find(snapshot, f"{FIRST:%Y%m%d}{'0' * 24}")
