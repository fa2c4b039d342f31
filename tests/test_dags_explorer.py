"""The explorer in Airflow's API server: nobody sees anything of it without Airflow's login, and a viewer sees all of it."""

import importlib.util
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route

from tests.dag_runs import ROOT
from tests.explored import FIRST, HOSTILE, Explored

pytestmark = pytest.mark.xdist_group("dags")
BASE = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def plugin(dag_file: Any) -> Any:
    """The plugin's module, as Airflow loads it from its folder."""
    spec = importlib.util.spec_from_file_location(
        "newsfold_explorer", ROOT / "plugins" / "newsfold_explorer.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forget() -> None:
    """What Airflow keeps of plugins and of its application."""
    from airflow import plugins_manager
    from airflow.api_fastapi import app

    for kept in (
        plugins_manager._get_plugins,
        plugins_manager._get_ui_plugins,
        plugins_manager.get_fastapi_plugins,
    ):
        kept.cache_clear()
    app.purge_cached_app()


@pytest.fixture(scope="module")
def airflow(dag_file: Any, explored: Explored) -> Iterator[Any]:
    """Airflow's own application, with its plugins."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSFOLD_WAREHOUSE", explored.library.warehouse.storage.uri)
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", "admin:admin,vera:viewer")
        patch.setenv("AIRFLOW__API__BASE_URL", BASE)
        forget()
        from airflow.api_fastapi.app import create_app

        yield create_app(apps="core")
    forget()


@pytest.fixture(scope="module")
def mounted(airflow: Any) -> Any:
    (found,) = [
        route.app for route in airflow.routes if isinstance(route, Mount) and route.path == "/newsfold"
    ]
    return found


@pytest.fixture
def client(airflow: Any) -> Any:
    from fastapi.testclient import TestClient

    return TestClient(airflow, base_url=BASE, follow_redirects=False)


def token(role: str) -> str:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return str(get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="vera", role=role)))


def addresses(mounted: Any) -> list[str]:
    """An address of every route that the explorer has, now and later, and of what it has not."""
    filled = {"day_": str(FIRST), "form": "csv", "name": "explorer.css"}
    found = [
        re.sub(r"\{(\w+)(:\w+)?\}", lambda m: filled.get(m[1], f"{FIRST:%Y%m%d}{'0' * 24}"), route.path)
        for route in mounted.explorer().routes
        if isinstance(route, Route)
    ]
    assert len(found) > 30
    assert "/api/v1/openapi.json" in found
    return [*found, "/static/icon.svg", "/static/none", "/nope", "/api/v1/nope", "//", "/%2e%2e/"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_without_a_login_every_route_refuses(client: Any, mounted: Any, method: str) -> None:
    for path in addresses(mounted):
        answer = client.request(method, f"/newsfold{path}")
        assert 401 == answer.status_code, path
        assert len(answer.content) < 2_000, path


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic dmVyYTp2ZXJh"},
        {"Cookie": "_token=nonsense"},
        {"Cookie": "newsfold_explorer=nonsense"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ2ZXJhIiwicm9sZSI6InZpZXdlciJ9."},
    ],
)
def test_what_is_no_login_is_refused(client: Any, mounted: Any, headers: dict[str, str]) -> None:
    for path in addresses(mounted):
        assert client.get(f"/newsfold{path}", headers=headers).status_code in {401, 403}, path


def test_a_refusal_leads_to_the_login_and_back(client: Any) -> None:
    page = client.get(f"/newsfold/days/{FIRST}?x=<script>&y=1")
    program = client.get("/newsfold/api/v1/days")

    (link,) = re.findall(r'href="([^"]*)"', page.text)
    assert f"/api/v2/auth/login?next=%2Fnewsfold%2Fdays%2F{FIRST}%3Fx%3D" in link
    assert "<script>" not in page.text
    there = client.get(link)
    assert (307, True) == (there.status_code, "/auth/login?next=" in there.headers["location"])
    assert "detail" in program.json()
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("how", ["bearer", "cookie"])
@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_whoever_may_see_plugins_sees_every_page(client: Any, mounted: Any, role: str, how: str) -> None:
    login = (
        {"Authorization": f"Bearer {token(role)}"} if how == "bearer" else {"Cookie": f"_token={token(role)}"}
    )

    assert f"/newsfold/days/{HOSTILE}" == client.get("/newsfold/", headers=login).headers["location"]
    for path in (
        "/stories",
        "/health",
        "/api",
        "/static/explorer.css",
        "/api/v1/stories.csv",
        "/rejects",
        f"/days/{FIRST}",
    ):
        assert 200 == client.get(f"/newsfold{path}", headers=login).status_code, path
    assert 404 == client.get("/newsfold/nope", headers=login).status_code
    assert 405 == client.post("/newsfold/stories", headers=login).status_code


def test_somebody_who_may_not_see_plugins_is_refused(
    client: Any, mounted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.api_fastapi.app import get_auth_manager

    login = {"Authorization": f"Bearer {token('viewer')}"}
    monkeypatch.setattr(type(get_auth_manager()), "is_authorized_view", lambda *_, **__: False)

    for path in addresses(mounted):
        assert 403 == client.get(f"/newsfold{path}", headers=login).status_code, path


def test_links_begin_where_it_is_mounted_and_only_airflow_may_frame_it(client: Any) -> None:
    answer = client.get(f"/newsfold/days/{FIRST}", headers={"Cookie": f"_token={token('viewer')}"})

    inside = re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text)
    assert inside
    assert all(link.startswith("/newsfold/") for link in inside)
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_it_is_asked_for_under_the_name_of_airflow(client: Any) -> None:
    login = {"Authorization": f"Bearer {token('viewer')}"}

    assert 421 == client.get("/newsfold/stories", headers={**login, "Host": "evil.example"}).status_code
    assert 401 == client.get("/newsfold/stories", headers={"Host": "evil.example"}).status_code
    assert 200 == client.get("/newsfold/stories", headers={**login, "Host": "localhost:8080"}).status_code


def test_it_takes_no_more_of_airflows_threads_than_its_own(client: Any, mounted: Any) -> None:
    """Its application has no life of its own that would change those of the process."""
    import anyio.to_thread
    from fastapi.testclient import TestClient

    async def threads() -> float:
        return anyio.to_thread.current_default_thread_limiter().total_tokens

    with TestClient(mounted.explorer()) as alone:
        assert alone.portal
        assert 40 == alone.portal.call(threads)


def test_the_navigation_has_it(client: Any) -> None:
    answer = client.get("/api/v2/plugins", headers={"Authorization": f"Bearer {token('admin')}"})

    (found,) = [one for one in answer.json()["plugins"] if one["name"] == "newsfold_explorer"]
    assert [("nav", "newsfold/", "newsfold")] == [
        (one["destination"], one["href"], one["url_route"]) for one in found["external_views"]
    ]
    assert ["/newsfold"] == [one["url_prefix"] for one in found["fastapi_apps"]]


def made(plugin: Any) -> tuple[list[Any], list[Any]]:
    one = plugin.Explorer()
    return one.fastapi_apps, one.external_views


def test_without_a_warehouse_there_is_none_and_the_log_says_what_to_set(
    plugin: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("NEWSFOLD_WAREHOUSE", raising=False)

    with caplog.at_level(logging.WARNING):
        assert ([], []) == made(plugin)
    assert "is not mounted: the API server knows no warehouse; set NEWSFOLD_WAREHOUSE" in caplog.text


def test_without_the_extra_there_is_none_and_the_log_says_what_is_missing(
    plugin: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", "warehouse")
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with caplog.at_level(logging.WARNING):
        assert ([], []) == made(plugin)
    assert "is not mounted: jinja2 is missing" in caplog.text


def test_a_bad_setting_is_named_and_airflow_starts_without_it(
    plugin: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", "ftp://x/y")

    with caplog.at_level(logging.WARNING):
        assert ([], []) == made(plugin)
    assert "is not mounted: NEWSFOLD_WAREHOUSE" in caplog.text


def test_the_warehouse_may_be_a_variable_of_airflow(
    plugin: Any, explored: Explored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSFOLD_WAREHOUSE", raising=False)
    monkeypatch.setenv("AIRFLOW_VAR_NEWSFOLD_WAREHOUSE", explored.library.warehouse.storage.uri)

    (found,), _ = made(plugin)

    source = found["app"].explorer().state.source
    assert explored.library.warehouse.storage.uri == source.library.warehouse.storage.uri
    assert "NEWSFOLD_WAREHOUSE" not in plugin.os.environ


def test_the_keys_of_a_store_may_be_a_connection_of_airflow_while_it_is_opened(
    plugin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for the DAGs; what the environment has wins, and nothing stays in it."""
    for name in (
        "NEWSFOLD_WAREHOUSE",
        "NEWSFOLD_LANDING",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ENDPOINT_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    monkeypatch.setenv("AIRFLOW_VAR_NEWSFOLD_WAREHOUSE", "s3://news/warehouse")
    said = {"endpoint_url": "http://127.0.0.1:9", "region_name": "us-east-1"}
    connection = {"conn_type": "aws", "login": "key", "password": "secret", "extra": said}
    monkeypatch.setenv("AIRFLOW_CONN_NEWSFOLD_S3", json.dumps(connection))
    before = dict(plugin.os.environ)

    with plugin._places():
        inside = dict(plugin.os.environ)

    assert before == plugin.os.environ
    assert {
        "NEWSFOLD_WAREHOUSE": "s3://news/warehouse",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    } == {name: value for name, value in inside.items() if name not in before}


def test_loading_the_plugin_brings_nothing_of_the_explorer(dag_file: Any) -> None:
    """Scheduler, workers and DAG processors load it, too."""
    code = (
        "import sys; sys.path.insert(0, 'plugins'); import newsfold_explorer\n"
        "print([n for n in sys.modules if n.split('.')[0] in {'pipeline', 'jinja2', 'pyarrow'}])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = found.stdout.strip().splitlines()[-1]
    assert "pipeline" not in loaded
    assert "pyarrow" not in loaded
