"""What single routes do beside showing an answer: forms that lead on, files, judgements."""

import json
from typing import Any

import pytest

from tests.explored import FIRST, HOSTILE, Explored, client_of


@pytest.fixture(scope="module")
def client(explored: Explored) -> Any:
    return client_of(explored.source)


def test_the_form_of_days_leads_to_the_day_or_to_the_newest(client: Any) -> None:
    assert f"/days/{FIRST}" == client.get("/days", params={"day": str(FIRST)}).headers["location"]
    assert f"/days/{HOSTILE}" == client.get("/days", params={"day": ""}).headers["location"]


def test_judgements_are_saved_as_a_file(client: Any) -> None:
    one, other = f"{FIRST:%Y%m%d}{'a' * 24}", f"{FIRST:%Y%m%d}{'b' * 24}"

    answer = client.get(
        "/thresholds/labels.jsonl", params={"pair": [f"same.{one}.{other}", f".{one}.{other}"]}
    )

    assert "attachment" in answer.headers["content-disposition"]
    assert {"article_id": one, "other_id": other, "are_copies": True} == json.loads(answer.text)


def test_files_of_the_package_are_given_with_their_types_and_no_others(client: Any) -> None:
    for name, media in (
        ("explorer.css", "text/css"),
        ("explorer.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ):
        assert client.get(f"/static/{name}").headers["content-type"].startswith(media)
    for name in ("base.html", "%2e%2e%2fweb.py", "..%2ftemplates%2fbase.html"):
        assert 404 == client.get(f"/static/{name}").status_code


def test_filters_stay_in_the_links_of_a_list(client: Any) -> None:
    page = client.get("/stories", params={"limit": 1, "sort": "size", "outlet": ""}).text

    assert "limit=1&amp;sort=size&amp;cursor=" in page
    assert "/api/v1/stories.csv?limit=1&amp;sort=size" in page
