"""The JSON API: what pages show, for programs; described, typed, page by page, as files."""

import csv
import io
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.explored import FIRST, HOSTILE, SECOND, Explored, client_of


@pytest.fixture(scope="module")
def client(explored: Explored) -> Any:
    return client_of(explored.source)


def test_every_answer_names_the_publication_that_it_is_from(explored: Explored, client: Any) -> None:
    publication = explored.library.snapshot().publication
    paths = ("days", f"days/{FIRST}", "stories", "rejects", "thresholds", "flows", "health")

    assert {publication} == {client.get(f"/api/v1/{path}").json()["publication"] for path in paths}


def test_the_description_lists_every_route_with_the_type_of_its_answer(client: Any) -> None:
    described = client.get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.")
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    for path, verbs in described["paths"].items():
        assert ["get"] == list(verbs)
        assert verbs["get"]["description"], path
        if "{form}" not in path:
            assert verbs["get"]["responses"]["200"]["content"]["application/json"]["schema"], path


def test_a_list_is_walked_by_its_cursor(client: Any) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/v1/stories", params={"limit": 2, "cursor": cursor}).json()
        seen += [one["story_id"] for one in page["items"]]
        cursor = page["next_cursor"]

    assert page["total"] == len(seen) == len(set(seen))


def test_rejects_are_walked_by_their_cursor_and_filtered(client: Any) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/v1/rejects", params={"limit": 1, "cursor": cursor}).json()
        seen += [(one["day"], one["raw_ref"]) for one in page["items"]]
        cursor = page["next_cursor"]

    assert page["total"] == len(seen)
    assert sorted(seen) == seen
    some = client.get(
        "/api/v1/rejects", params={"reason": "too_short", "first": str(FIRST), "last": str(FIRST)}
    ).json()
    assert {"too_short"} == {one["reason"] for one in some["items"]}


@pytest.mark.parametrize("what", ["stories", "rejects", "flows"])
def test_a_table_is_downloaded_as_csv_and_as_parquet(client: Any, what: str) -> None:
    as_csv = client.get(f"/api/v1/{what}.csv")
    as_parquet = client.get(f"/api/v1/{what}.parquet")

    rows = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"), newline="")))
    table = pq.read_table(io.BytesIO(as_parquet.content))
    assert len(rows) == table.num_rows > 0
    assert table.column_names == list(rows[0])
    assert "attachment" in as_csv.headers["content-disposition"]
    if what == "stories":
        assert client.get("/api/v1/stories").json()["total"] == len(rows)


def test_the_articles_of_a_story_are_downloaded_without_formulas(client: Any) -> None:
    story = client.get("/api/v1/stories", params={"first": str(HOSTILE)}).json()["items"][0]
    text = client.get(f"/api/v1/stories/{story['story_id']}/articles.csv").content.decode("utf-8-sig")

    assert text.count("\n") > story["n_articles"]
    assert not any(cell.startswith("=") for row in csv.reader(io.StringIO(text, newline="")) for cell in row)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("stories?limit=0", 400),
        ("stories?limit=100000", 400),
        ("stories?first=yesterday", 400),
        ("stories.xlsx", 400),
        ("stories/zzz", 400),
        (f"articles/{SECOND:%Y%m%d}{'0' * 24}", 404),
        ("days/2020-01-01", 404),
        (f"rejects/{FIRST}?ref=nothing", 404),
        (f"rejects/{FIRST}", 400),
        ("nothing", 404),
    ],
)
def test_what_cannot_be_answered_is_an_error_in_json(client: Any, path: str, status: int) -> None:
    answer = client.get(f"/api/v1/{path}")

    assert status == answer.status_code
    assert {"error", "detail"} == set(answer.json())


def test_an_article_a_pair_and_a_reject_are_told_whole(client: Any) -> None:
    rejected = client.get("/api/v1/rejects").json()["items"][0]
    found = client.get(f"/api/v1/rejects/{rejected['day']}", params={"ref": rejected["raw_ref"]}).json()
    assert rejected == found["reject"]
    assert found["head"] or found["note"]

    story = client.get("/api/v1/stories", params={"sort": "size", "last": str(FIRST)}).json()["items"][0]
    groups = client.get(f"/api/v1/stories/{story['story_id']}").json()["groups"]
    one = next(m for g in groups for m in (g["head"], *g["copies"]) if m["matched_id"])
    assert one["article_id"] == client.get(f"/api/v1/articles/{one['article_id']}").json()["article_id"]
    pair = client.get(f"/api/v1/pairs/{one['article_id']}/{one['matched_id']}").json()
    assert pair["same_story"]
    for side in ("one", "other"):
        shared = sum(len(s["text"].split()) for s in pair[side]["segments"] if s["is_shared"])
        assert pair["n_shared_words"] == shared
