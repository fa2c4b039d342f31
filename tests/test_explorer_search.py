"""Searching in the explorer: stories with their best article, on the page and as JSON, with an index and without."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.explorer import search
from pipeline.explorer.stories import Wanted, found_by_words, stories
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.search.build import build
from tests.explored import FIRST, HOSTILE, SECOND, Explored, client_of, copied, opened
from tests.searched import holds

QUERIES = [
    "ferry",
    "altena",
    '"river lenne"',
    "Lenne flood",
    "norrland timber",
    "script alert",
    "nothing at all",
    "%",
    "a OR b",
]


@pytest.fixture(scope="module")
def with_index(explored: Explored, tmp_path_factory: pytest.TempPathFactory) -> Explored:
    found = opened(copied(explored, tmp_path_factory.mktemp("indexed") / "world"))
    assert 3 == len(list(build(found.world.desk().warehouse)))
    return found


def pages(explored: Explored, wanted: Wanted, limit: int) -> list[Any]:
    items, cursor = [], None
    while True:
        page = found_by_words(explored.library.snapshot(), wanted, limit, cursor)
        items += page.items
        if (cursor := page.next_cursor) is None:
            assert page.total == len(items)
            return items


@pytest.mark.parametrize("words", QUERIES)
@pytest.mark.parametrize(
    "named", [{}, {"first": SECOND}, {"last": FIRST}, {"outlet": "echo"}, {"language": "en"}]
)
def test_the_stories_of_the_articles_that_hold_the_words_are_found(
    explored: Explored, with_index: Explored, words: str, named: dict[str, Any]
) -> None:
    snapshot, wanted = explored.library.snapshot(), Wanted(words=words, **named)
    expected = set()
    for day in (FIRST, SECOND, HOSTILE):
        if named.get("first", day) <= day <= named.get("last", day):
            places = {
                row["article_id"]: row["story_id"] for row in snapshot.read(MEMBERSHIPS, day).to_pylist()
            }
            for row in snapshot.read(ARTICLES, day).to_pylist():
                is_of = "echo" in {str(row[n]).lower() for n in ("outlet", "domain")} or "outlet" not in named
                is_in = row["language"] == named.get("language", row["language"])
                expected |= {places[row["article_id"]]} if is_of and is_in and holds(row, words) else set()

    assert expected == {one.story.story_id for one in pages(explored, wanted, 200)}
    found = pages(with_index, wanted, 200)
    assert expected == {one.story.story_id for one in found}
    assert found == pages(with_index, wanted, 1)


def test_an_answer_says_what_it_was_made_from(explored: Explored, with_index: Explored) -> None:
    scanned = found_by_words(explored.library.snapshot(), Wanted(words="altena"), 5)
    found = found_by_words(with_index.library.snapshot(), Wanted(words="altena"), 5)

    assert [FIRST, SECOND, HOSTILE] == scanned.searched.scanned
    assert [] == found.searched.scanned
    assert explored.library.snapshot().publication == scanned.publication == found.publication
    assert scanned.searched.n_articles == found.searched.n_articles > 2
    best = found.items[0].best
    assert "altena" in "".join(part.text for part in best.snippet if part.is_hit).lower()
    assert best.n_articles > 1


def test_a_search_by_size_has_the_same_stories_in_another_order(with_index: Explored) -> None:
    snapshot = with_index.library.snapshot()
    by_match, by_size = (stories(snapshot, Wanted(words="the", sort=sort), 200) for sort in ("match", "size"))

    assert {one.story_id for one in by_match.items} == {one.story_id for one in by_size.items}
    sizes = [one.n_articles for one in by_size.items]
    assert sizes == sorted(sizes, reverse=True)
    large = stories(snapshot, Wanted(words="the", least_articles=2), 200)
    assert 0 < large.total < by_size.total
    assert large.hits.keys() == {one.story_id for one in large.items}


def test_an_index_that_comes_is_used_without_a_restart(explored: Explored, tmp_path: Path) -> None:
    found = opened(copied(explored, tmp_path / "world"))
    wanted = Wanted(words="altena")
    assert search.find(found.library.snapshot(), wanted).scanned
    list(build(found.world.desk().warehouse))
    assert not search.find(found.library.snapshot(), wanted).scanned


def test_the_page_and_the_api_tell_stories_with_a_part_of_the_text(
    with_index: Explored, explored: Explored
) -> None:
    client = client_of(with_index.source)
    page = client.get("/stories", params={"words": "altena"}).text
    said = client.get("/api/v1/search", params={"words": "the", "limit": 1}).json()

    assert "<mark>Altena</mark>" in page
    assert "newsfold index" not in page
    assert "newsfold index" in client_of(explored.source).get("/stories", params={"words": "altena"}).text
    assert 1 == len(said["items"])
    assert said["next_cursor"]
    more = client.get(
        "/api/v1/search", params={"words": "the", "limit": 1, "cursor": said["next_cursor"]}
    ).json()
    assert more["items"][0]["story"]["story_id"] != said["items"][0]["story"]["story_id"]
    assert said["total"] == client.get("/api/v1/stories.csv", params={"words": "the"}).text.count("\n") - 1
    assert 400 == client.get("/api/v1/search", params={"words": "x" * 301}).status_code
    assert 400 == client.get("/api/v1/search", params={"words": "x", "cursor": "no"}).status_code
    assert 400 == client.get("/api/v1/search").status_code


def test_hostile_texts_are_shown_as_text(with_index: Explored) -> None:
    page = client_of(with_index.source).get("/stories", params={"words": "script alert onerror"}).text

    assert "<mark>script</mark>" in page
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize(
    "words", ["", "   ", "!!", '"', "\0", "'; DROP TABLE", "\ud83d", "*", "NEAR(a b)", "title:x"]
)
def test_whatever_is_typed_is_answered(with_index: Explored, words: str) -> None:
    client = client_of(with_index.source)
    for path in ("/stories", "/api/v1/search", "/api/v1/stories"):
        assert (
            200 == client.get(path, params={"words": words.encode("utf-8", "replace").decode()}).status_code
        )
