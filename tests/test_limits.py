"""How much may be asked of the explorer."""

import asyncio
import threading
from collections.abc import MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.explorer.guard import Access
from pipeline.explorer.limits import BusyError, Queue, Rate, Turnstile
from pipeline.search.build import build
from tests.explored import Explored, client_of, copied, opened


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_client_asks_so_often_at_once_and_then_as_time_allows() -> None:
    clock = Clock()
    rate = Rate(burst=3, per_second=2.0, clock=clock)

    assert [True, True, True, False] == [rate.admits("one") for _ in range(4)]
    assert rate.admits("another")
    clock.now = 0.5
    assert [True, False] == [rate.admits("one") for _ in range(2)]
    clock.now = 1000.0
    assert [True, True, True, False] == [rate.admits("one") for _ in range(4)]


def test_only_a_few_pass_at_once_and_who_waits_too_long_is_told() -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=0.01)
    inside, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with turnstile.passing():
            inside.set()
            leave.wait()

    thread = threading.Thread(target=stay)
    thread.start()
    inside.wait()
    with pytest.raises(BusyError), turnstile.passing():
        pass
    leave.set()
    thread.join()
    with turnstile.passing():
        pass


@pytest.mark.parametrize("path", ["/health", "/api/v1/health"])
def test_who_asks_too_much_is_told_when_to_come_again(explored: Explored, path: str) -> None:
    client = client_of(explored.source, Access(), rate=Rate(burst=2, per_second=0.0))

    answers = [client.get(path) for _ in range(3)]

    assert [200, 200, 429] == [answer.status_code for answer in answers]
    assert int(answers[2].headers["retry-after"]) > 0
    assert answers[0].headers["content-security-policy"] == answers[2].headers["content-security-policy"]


def test_an_answer_that_takes_long_is_put_off_where_too_many_are_being_made(explored: Explored) -> None:
    unasked = opened(explored.world).source  # an answer that was made once is kept
    source = replace(unasked, costly=Turnstile(at_once=1, patience_seconds=0.01))
    client = client_of(source)

    with source.costly.passing():
        answers = [client.get(path) for path in ("/thresholds", "/api/v1/stories.csv", "/stories")]

    assert [429, 429, 200] == [answer.status_code for answer in answers]
    assert "retry-after" in answers[0].headers
    assert 200 == client.get("/thresholds").status_code


@pytest.mark.parametrize("path", ["/stories", "/api/v1/stories", "/api/v1/search"])
def test_a_search_that_reads_texts_is_put_off_and_one_by_indexes_is_not(
    explored: Explored, tmp_path: Path, path: str
) -> None:
    """What a search has read before is kept, and the download, which has a place itself, needs no other."""
    found = opened(copied(explored, tmp_path / "world"))
    source = replace(found.source, costly=Turnstile(at_once=1, patience_seconds=0.01))
    client = client_of(source)
    asked = {"words": "altena"}

    with source.costly.passing():
        put_off = client.get(path, params=asked)
    assert (429, "2") == (put_off.status_code, put_off.headers["retry-after"])
    assert [200, 200] == [client.get(one, params=asked).status_code for one in ("/api/v1/stories.csv", path)]
    with source.costly.passing():
        assert [200, 429] == [
            client.get(path, params={"words": one}).status_code for one in ("altena", "the")
        ]
    assert 3 == len(list(build(found.world.desk().warehouse)))
    with source.costly.passing():
        assert 200 == client.get(path, params={"words": "the"}).status_code


def test_the_bytes_of_a_reject_are_read_where_a_place_is_free(explored: Explored) -> None:
    source = replace(explored.source, costly=Turnstile(at_once=1, patience_seconds=0.01))
    client = client_of(source)
    one = client.get("/api/v1/rejects").json()["items"][0]

    paths = (f"/rejects/{one['day']}", f"/api/v1/rejects/{one['day']}")
    with source.costly.passing():
        answers = [client.get(path, params={"ref": one["raw_ref"]}) for path in paths]
        elsewhere = client_of(replace(source, desk=lambda: None)).get(
            paths[0], params={"ref": one["raw_ref"]}
        )

    assert [429, 429, 200] == [answer.status_code for answer in (*answers, elsewhere)]
    assert client.get(paths[1], params={"ref": one["raw_ref"]}).json()["head"]


def test_so_many_answers_are_made_at_once_and_a_slow_reader_keeps_nobody_out() -> None:
    """A place is left when the answer begins, is not given twice, and is given back by an answer that fails."""
    made, most = 0, 0
    read = asyncio.Event()

    async def app(scope: MutableMapping[str, Any], _receive: Any, send: Any) -> None:
        nonlocal made, most
        made += 1
        most = max(most, made)
        await asyncio.sleep(0)
        made -= 1
        if scope["path"] == "/fails":
            raise ValueError("broken")
        await send({"type": "http.response.start"})
        await send({"type": "http.response.body"})

    async def slowly(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await read.wait()

    async def ask() -> None:
        queue = Queue(app, at_once=2)
        asked = [queue({"type": "http", "path": path}, None, slowly) for path in ["/fails", "/"] * 6]  # type: ignore[arg-type]
        answers = asyncio.gather(*asked, return_exceptions=True)
        for _ in range(100):
            await asyncio.sleep(0)
        read.set()
        assert [ValueError] * 6 == [type(one) for one in await answers if one]

    asyncio.run(asyncio.wait_for(ask(), 20))
    assert (0, 2) == (made, most)
