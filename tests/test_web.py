"""The explorer's pages as a browser gets them: each one answers, escapes what articles say, and says what to do where there is nothing."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.ids import day_of
from pipeline.model.tables import RUNS, STORIES
from tests.explored import FIRST, HOSTILE, SECOND, Explored, client_of, copied, empty_source, opened

PAGES = ("/stories", "/rejects", "/flows", "/thresholds", "/health", "/api", "/login")


@pytest.fixture(scope="module")
def client(explored: Explored) -> Any:
    return client_of(explored.source)


@pytest.fixture(scope="module")
def story(client: Any) -> Any:
    """The largest story of the first day."""
    found = client.get("/api/v1/stories", params={"last": str(FIRST), "sort": "size"}).json()["items"][0]
    return client.get(f"/api/v1/stories/{found['story_id']}").json()


def members(story: Any) -> list[Any]:
    return [one for group in story["groups"] for one in (group["head"], *group["copies"])]


@pytest.mark.parametrize("path", [*PAGES, f"/days/{FIRST}", f"/days/{HOSTILE}"])
def test_a_page_is_html_with_its_landmarks(client: Any, path: str) -> None:
    answer = client.get(path)

    assert 200 == answer.status_code
    assert answer.headers["content-type"].startswith("text/html")
    for landmark in ('<html lang="en">', "<main", "<nav", 'class="skip"', "<h1"):
        assert landmark in answer.text


def test_the_first_page_is_the_newest_day(client: Any) -> None:
    answer = client.get("/")

    assert (307, f"/days/{HOSTILE}") == (answer.status_code, answer.headers["location"])


def test_a_day_shows_its_funnel_its_rejects_and_its_stories(client: Any) -> None:
    page = client.get(f"/days/{FIRST}").text

    assert "From raw documents to stories" in page
    assert "too short" in page
    assert "/stories/" in page


def test_a_story_shows_its_texts_and_leads_to_each_article_and_each_reason(client: Any, story: Any) -> None:
    page = client.get(f"/stories/{story['story']['story_id']}").text

    for one in members(story):
        assert f"/articles/{one['article_id']}" in page
    assert "Why is it here?" in page


def test_an_article_shows_what_was_taken_out_and_why(client: Any, story: Any) -> None:
    page = client.get(f"/articles/{story['story']['story_id']}").text

    assert "Read our newsletter every morning" in page.split("What was taken out")[1]
    assert re.search(r"<del[^>]*>Read our newsletter", page)


def test_two_articles_show_what_they_share_and_the_decision(client: Any, story: Any) -> None:
    one = next(m for m in members(story) if m["matched_id"])
    page = client.get(f"/pairs/{one['article_id']}/{one['matched_id']}").text

    assert "<mark>" in page
    assert 'class="decision"' in page


def test_a_reject_shows_its_reason_and_what_its_bytes_begin_with(client: Any) -> None:
    one = next(
        r
        for r in client.get("/api/v1/rejects", params={"first": str(FIRST), "last": str(FIRST)}).json()[
            "items"
        ]
        if r["reason"] == "too_short"
    )
    page = client.get(f"/rejects/{one['day']}", params={"ref": one["raw_ref"]}).text

    assert "too short to be told from another" in page
    assert "<pre" in page


def test_the_full_explanation_of_a_pair_is_a_page(client: Any, story: Any) -> None:
    one = next(m for m in members(story) if m["matched_id"])

    answer = client.get(f"/pairs/{one['article_id']}/{one['matched_id']}/why")

    assert 200 == answer.status_code
    assert "shared passages" in answer.text


def test_the_full_explanation_of_a_pair_needs_both_and_not_the_page_of_the_pair(
    client: Any, story: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = next(m for m in members(story) if m["matched_id"])
    monkeypatch.setattr("pipeline.explorer.pair.pair_page", None)

    assert 200 == client.get(f"/pairs/{one['article_id']}/{one['matched_id']}/why").status_code
    for other, status in ((f"{FIRST:%Y%m%d}{'0' * 24}", 404), ("f" * 32, 400)):
        for pair in ((one["article_id"], other), (other, one["article_id"])):
            assert status == client.get(f"/pairs/{'/'.join(pair)}/why").status_code


def every_hostile_page(client: Any) -> list[str]:
    """Every page about what the hostile day says."""
    found = client.get("/api/v1/stories", params={"first": str(HOSTILE)}).json()["items"]
    stories = [client.get(f"/api/v1/stories/{one['story_id']}").json() for one in found]
    ids = [m["article_id"] for s in stories for m in members(s) if day_of(m["article_id"]) == HOSTILE]
    rejected = client.get("/api/v1/rejects", params={"first": str(HOSTILE)}).json()["items"]
    paths = [f"/days/{HOSTILE}", "/stories", f"/rejects?first={HOSTILE}", f"/flows?first={HOSTILE}"]
    paths += [f"/stories/{one['story_id']}" for one in found] + [f"/articles/{one}" for one in ids]
    paths += [f"/pairs/{ids[0]}/{other}" for other in ids[1:]]
    assert len(ids) >= 3
    texts = [client.get(path) for path in paths]
    texts += [client.get(f"/rejects/{r['day']}", params={"ref": r["raw_ref"]}) for r in rejected]
    assert {200} == {answer.status_code for answer in texts}
    return [answer.text for answer in texts]


def test_nothing_that_articles_say_becomes_markup(client: Any) -> None:
    """Scripts, handlers and template signs are text; only our own script runs; links lead to http and https alone."""
    pages = every_hostile_page(client)

    assert any("&lt;script&gt;alert" in page for page in pages)
    for page in pages:
        assert ["/static/explorer.js"] == re.findall(r'<script[^>]*src="([^"]*)"', page)
        assert 1 == page.count("<script")
        assert not re.search(r"<[^>]*\son\w+=", page)
        assert not re.search(r"<[^>]*\sstyle=", page)
        assert "<style" not in page
        assert "<img" not in page
        assert all(
            link.startswith(("/", "http://", "https://", "#")) for link in re.findall(r'href="([^"]*)"', page)
        )
        assert ">49<" not in page
    outward = [link for page in pages for link in re.findall(r"<a[^>]*href=\"https?:[^>]*>", page)]
    assert outward
    assert all('rel="noopener noreferrer external"' in link for link in outward)


def test_a_word_of_a_megabyte_does_not_make_a_page_of_megabytes(client: Any) -> None:
    assert all(len(page) < 400_000 for page in every_hostile_page(client))


def test_a_headline_of_a_megabyte_does_not_make_an_answer_of_megabytes(client: Any) -> None:
    stories = client.get("/api/v1/stories", params={"first": str(HOSTILE), "limit": 200})
    paths = [f"/api/v1/days/{HOSTILE}", "/api/v1/thresholds", "/api/v1/flows"]
    paths += [f"/api/v1/stories/{one['story_id']}" for one in stories.json()["items"]]
    paths += [f"/api/v1/articles/{one['story_id']}" for one in stories.json()["items"]]

    assert all(len(answer.content) < 200_000 for answer in (stories, *map(client.get, paths)))


def test_what_is_not_there_is_a_page_that_leads_on(client: Any) -> None:
    missing = f"{FIRST:%Y%m%d}{'0' * 24}"
    for path in ("/nope", f"/stories/{missing}", f"/articles/{missing}", "/days/2020-01-01"):
        answer = client.get(path)
        assert 404 == answer.status_code
        assert 'href="/stories"' in answer.text
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/stories?least_articles=many",
        "/stories?cursor=AAAA",
        "/stories?sort=price",
        "/stories?first=2026-13-01",
        "/stories/xyz",
        f"/articles/{'f' * 32}",
        "/rejects?cursor=WyIyMDI2LTEzLTAxIiwiYSJd",
        "/thresholds/labels.jsonl?pair=same.1.2",
    ],
)
def test_a_parameter_that_cannot_be_used_is_named_on_a_page(client: Any, path: str) -> None:
    answer = client.get(path)

    assert 400 == answer.status_code
    assert answer.headers["content-type"].startswith("text/html")


def test_an_empty_warehouse_says_what_to_type(tmp_path: Path) -> None:
    client = client_of(empty_source(tmp_path / "empty"))

    assert "newsfold run" in client.get("/").text
    for path in PAGES:
        assert 200 == client.get(path).status_code


def test_a_search_without_an_answer_says_what_to_do(client: Any) -> None:
    page = client.get("/stories", params={"words": "xylophone"}).text

    assert "Show all stories" in page


def test_a_day_that_is_half_replaced_is_not_shown_and_the_others_are(
    explored: Explored, tmp_path: Path
) -> None:
    """Its run row goes, as in a run that broke off; the answer says to look again, and lists leave the day out."""
    shutil.copytree(explored.world.root / "warehouse", explored.world.root / "half")
    other = opened(explored.world, "half")
    path = other.library.warehouse.path(RUNS, SECOND)
    (explored.world.root / "half" / path).unlink()
    client = client_of(other.source)

    answer = client.get(f"/days/{SECOND}")

    assert (503, "2") == (answer.status_code, answer.headers["retry-after"])
    assert str(SECOND) in client.get("/stories").text.split("Left out")[1]
    assert 200 == client.get(f"/days/{FIRST}").status_code
    assert SECOND not in other.library.snapshot().days(STORIES)


def test_it_works_where_it_is_mounted_below_a_path(explored: Explored) -> None:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from pipeline.explorer.guard import Access
    from pipeline.explorer.web import create_app

    outer = FastAPI()
    outer.mount("/newsfold", create_app(explored.source, Access(hosts=())))
    client = TestClient(outer, follow_redirects=False)

    assert f"/newsfold/days/{HOSTILE}" == client.get("/newsfold/").headers["location"]
    page = client.get(f"/newsfold/days/{FIRST}").text
    assert all(link.startswith("/newsfold/") for link in re.findall(r'(?:href|src|action)="(/[^"]*)"', page))
    assert 200 == client.get("/newsfold/static/explorer.css").status_code


@pytest.mark.parametrize("path", ["/stories", "/rejects", "/flows", "/thresholds"])
def test_a_page_over_many_days_names_those_that_it_leaves_out(
    explored: Explored, tmp_path: Path, path: str
) -> None:
    world = copied(explored, tmp_path)
    whole = client_of(opened(world).source)
    assert "Left out" not in whole.get(path).text

    shutil.rmtree(world.root / "warehouse" / "memberships" / f"day={SECOND}")
    torn = client_of(opened(world).source)

    assert f"their run broke off: {SECOND}." in torn.get(path).text
    assert [str(SECOND)] == torn.get(f"/api/v1{path}").json()["left_out"]
