"""The explorer inside another application: nothing is opened for somebody who may not look, and what cannot be shown says why."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from pipeline.app.mounted import Mounted, Refusal
from tests.explored import FIRST, HOSTILE, Explored, opened


async def anybody(_: Request) -> Refusal | None:
    return None


async def nobody(_: Request) -> Refusal | None:
    return Refusal(401, "Log in & <look>.", 'https://x.example/login?"')


def client_of(mounted: Mounted, path: str = "/news") -> Any:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    outer = FastAPI()
    outer.mount(path, mounted)
    return TestClient(outer, base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture
def warehouse(explored: Explored, monkeypatch: pytest.MonkeyPatch) -> str:
    uri = explored.library.warehouse.storage.uri
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", uri)
    return uri


def test_whoever_is_refused_gets_a_page_or_json_and_nothing_is_made(warehouse: str) -> None:
    mounted = Mounted(nobody)
    client = client_of(mounted)

    page, program = client.get("/news/stories"), client.get("/news/api/v1/stories")

    assert (401, 401) == (page.status_code, program.status_code)
    assert "Log in &amp; &lt;look&gt;." in page.text
    assert 'href="https://x.example/login?&quot;"' in page.text
    assert {"error": "Refused", "detail": "Log in & <look>."} == program.json()
    assert "nosniff" == page.headers["x-content-type-options"] == program.headers["x-content-type-options"]
    assert mounted._app is None


def test_every_request_is_checked_before_anything_answers(warehouse: str) -> None:
    """Also those that the explorer itself would refuse, and those for what it has not."""
    seen: list[str] = []

    async def noting(request: Request) -> Refusal | None:
        seen.append(request.scope["path"])
        return await nobody(request)

    client = client_of(Mounted(noting))
    asked = [
        "/",
        "/nope",
        "/static/explorer.css",
        "/static/none",
        "/api/v1/openapi.json",
        "/login",
        f"/{'x' * 5000}",
    ]
    for path in asked:
        assert 401 == client.post(f"/news{path}").status_code == client.get(f"/news{path}").status_code

    assert [f"/news{path}" for path in asked for _ in range(2)] == seen


def test_a_check_that_fails_shows_nothing(warehouse: str) -> None:
    async def failing(_: Request) -> Refusal | None:
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        client_of(Mounted(failing)).get("/news/stories")


def test_whoever_may_look_sees_the_warehouse_of_the_settings(warehouse: str) -> None:
    client = client_of(Mounted(anybody))

    assert f"/news/days/{HOSTILE}" == client.get("/news/").headers["location"]
    page = client.get(f"/news/days/{FIRST}")
    assert 'href="/news/stories"' in page.text
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert client.get("/news/api/v1/health").json()["is_checked"], "the landing zone is that of the warehouse"


def test_it_is_made_once_and_where_its_places_are_known(explored: Explored) -> None:
    entered: list[str] = []

    @contextmanager
    def places() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NEWSFOLD_WAREHOUSE", explored.library.warehouse.storage.uri)
            entered.append("once")
            yield

    client = client_of(Mounted(anybody, places))

    assert [200, 200] == [client.get(f"/news/days/{FIRST}").status_code for _ in range(2)]
    assert ["once"] == entered


def test_a_name_that_is_none_of_its_own_is_refused(warehouse: str) -> None:
    client = client_of(Mounted(anybody, hosts={"airflow.example"}))

    assert 421 == client.get("/news/stories").status_code
    assert 200 == client.get("/news/stories", headers={"Host": "airflow.example:8080"}).status_code


def test_settings_that_name_no_warehouse_are_told_and_tried_again(
    explored: Explored, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NEWSFOLD_WAREHOUSE", raising=False)
    monkeypatch.chdir(tmp_path)
    client = client_of(Mounted(anybody))

    answer = client.get("/news/stories")

    assert 503 == answer.status_code
    assert "there is no default" in answer.text
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", explored.library.warehouse.storage.uri)
    assert 200 == client.get("/news/stories").status_code


def test_a_warehouse_that_is_not_there_yet_is_empty_and_shows_its_first_day_when_it_comes(
    explored: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an Airflow that has just started: the first run makes the warehouse."""
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "new"))
    client = client_of(Mounted(anybody))
    assert "Nothing published yet" in client.get("/news/").text
    assert not client.get("/news/api/v1/health").json()["is_checked"]

    shutil.copytree(explored.world.root / "warehouse", tmp_path / "new")
    monkeypatch.setattr("pipeline.explorer.snapshot.FRESH_SECONDS", 0.0)

    assert 307 == client.get("/news/").status_code
    assert client.get("/news/api/v1/health").json()["is_checked"], "its landing zone is known now"


def test_it_reads_and_never_writes(explored: Explored, monkeypatch: pytest.MonkeyPatch) -> None:
    there = explored.world.root / "mounted"
    shutil.copytree(explored.world.root / "warehouse", there)
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(there))
    before = {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    client = client_of(Mounted(anybody))
    for path in ("/", "/stories", f"/days/{FIRST}", "/health", "/thresholds", "/flows", "/rejects"):
        client.get(f"/news{path}")

    assert before == {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    assert opened(explored.world, "mounted").library.snapshot().publication
