"""Who may ask the explorer, under which name, how much; and the headers of every answer."""

import asyncio
from typing import Any

import pytest

from pipeline.explorer.guard import HEADERS, LOOPBACK, Access, Guard, Receive, Scope, Send
from tests.explored import FIRST, Explored, client_of

TOKEN = "a-token-of-many-letters"  # noqa: S105 - of a test
PATHS = ("/", "/stories", "/rejects", "/flows", "/thresholds", "/health", "/api", f"/days/{FIRST}", "/nope")


@pytest.fixture(scope="module")
def open_one(explored: Explored) -> Any:
    return client_of(explored.source)


@pytest.fixture
def closed(explored: Explored) -> Any:
    return client_of(explored.source, Access(token=TOKEN))


@pytest.mark.parametrize("path", [*PATHS, "/api/v1/stories", "/static/explorer.js", "/stories?sort=x"])
def test_every_answer_has_the_headers(open_one: Any, path: str) -> None:
    headers = open_one.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "nosniff" == headers["x-content-type-options"]
    assert "no-referrer" == headers["referrer-policy"]


@pytest.mark.parametrize(
    ("host", "is_admitted"),
    [
        ("127.0.0.1:8765", True),
        ("LOCALHOST", True),
        ("[::1]:9000", True),
        ("[::1]", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_another_host_name_is_refused(open_one: Any, host: str, is_admitted: bool) -> None:
    """A page elsewhere can point its own name to this machine: the browser then sends that name."""
    answer = open_one.get("/stories", headers={"host": host})

    assert (200 if is_admitted else 421) == answer.status_code
    assert is_admitted == Access(LOOPBACK).admits_host(host)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(open_one: Any, method: str) -> None:
    assert 405 == open_one.request(method, "/stories").status_code


@pytest.mark.parametrize(
    "path", [*PATHS, "/api/v1/stories", "/api/v1/stories.csv", "/static/explorer.js", "/login"]
)
def test_head_is_answered_as_get_without_the_body(open_one: Any, closed: Any, path: str) -> None:
    for client in (open_one, closed):
        asked, head = client.get(path), client.head(path)

        assert (asked.status_code, b"") == (head.status_code, head.content)
        assert asked.headers == head.headers


def test_an_address_of_any_length_is_refused_before_it_is_read(open_one: Any) -> None:
    assert 414 == open_one.get(f"/stories?words={'x' * 9000}").status_code
    assert 414 == open_one.get(f"/{'x' * 2000}").status_code


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_every_page_leads_to_the_login(closed: Any, path: str) -> None:
    answer = closed.get(path)

    assert (303, "/login") == (answer.status_code, answer.headers["location"])


def test_without_the_token_the_api_refuses(closed: Any) -> None:
    answer = closed.get("/api/v1/stories")

    assert 401 == answer.status_code
    assert "publication" not in answer.text


def test_the_token_opens_it_in_a_header_and_by_the_login(closed: Any) -> None:
    assert 200 == closed.get("/api/v1/stories", headers={"authorization": f"Bearer {TOKEN}"}).status_code

    answer = closed.post("/login", data={"token": TOKEN})

    assert 303 == answer.status_code
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert 200 == closed.get("/stories").status_code


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_login_over_tls_is_never_sent_without(explored: Explored, scheme: str) -> None:
    """Over plain HTTP, a browser would drop a cookie that says so."""
    client = client_of(explored.source, Access(token=TOKEN))
    answer = client.post(f"{scheme}://127.0.0.1/login", data={"token": TOKEN})

    assert (scheme == "https") == ("secure" in answer.headers["set-cookie"].lower().split("; "))


@pytest.mark.parametrize("given", ["", "wrong", TOKEN[:-1], "x" * 100_000])
def test_another_token_does_not(closed: Any, given: str) -> None:
    assert 403 == closed.post("/login", data={"token": given}).status_code
    assert 401 == closed.get("/api/v1/stories", headers={"authorization": f"Bearer {given[:99]}"}).status_code
    assert 303 == closed.get("/stories", headers={"cookie": f"newsfold_explorer={given[:99]}"}).status_code


@pytest.mark.parametrize(
    "form",
    [
        "a=1&b=2&c=3&d=4&token=x",
        "&".join(f"token={n}" for n in range(200)),
        f"a=1&b=2&c=3&d=4&token={TOKEN}",
        "%",
        "token=%ff%ed%a0%80",
        "token=\x00",
        "=&=;",
        '{"token": 1}',
    ],
)
def test_a_form_that_is_none_of_ours_brings_no_token(closed: Any, form: str) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}

    assert 403 == closed.post("/login", content=form.encode(), headers=kind).status_code


@pytest.mark.parametrize(
    ("path", "kind"), [("/stories", "text/html; charset=utf-8"), ("/api/v1/stories", "application/json")]
)
def test_a_failure_has_the_headers_and_its_trace_is_in_the_log_alone(
    explored: Explored,
    path: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("of the machine: /secret")

    monkeypatch.setattr(type(explored.library), "answer", fail)
    answer = client_of(explored.source).get(path)

    assert (500, kind) == (answer.status_code, answer.headers["content-type"])
    assert HEADERS.keys() <= answer.headers.keys()
    assert "The log of the server says more" in answer.text
    assert "secret" not in answer.text
    assert "of the machine: /secret" in caplog.text


def test_an_answer_that_fails_while_it_is_sent_is_broken_off() -> None:
    """Its status is sent already: were it ended in order, half of it would look whole."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError("the file went")

    async def ask() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        with pytest.raises(OSError, match="the file went"):
            await Guard(app, Access(hosts=()), _refused)(scope, _nothing, send)
        return sent

    (start,) = asyncio.run(ask())
    assert 200 == start["status"]


def _refused(*_: Any) -> Any:
    raise AssertionError("there is nothing to refuse")


async def _nothing() -> Any:
    return {"type": "http.disconnect"}
