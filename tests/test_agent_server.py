"""`newsfold mcp`: a real client starts it, lists its tools and calls each of them over standard input and output."""

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from pipeline.day.run import run_day
from tests.command import ROOT
from tests.conftest import everything
from tests.explored import FIRST, SECOND, Explored, copied
from tests.world import World, be_quick

TOOLS = {"search_stories", "get_story", "explain_pair", "what_changed"}
UNKNOWN = "20260305" + "0" * 24
Ask = Callable[..., Awaitable[Any]]


class AnswersError(Exception):
    """What a tool said was wrong."""


def conversation(warehouse: Path, talk: Callable[[Ask, Client], Awaitable[None]]) -> None:
    """Talk to a server in a process of its own."""

    async def run() -> None:
        named = {"PYTHONPATH": str(ROOT), "TMPDIR": os.environ.get("TMPDIR", "/tmp")}  # noqa: S108 - as the test has it
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "pipeline", "mcp", "--warehouse", str(warehouse)],
            env=named,
            cwd=ROOT,
        )
        async with Client(server) as client:

            async def ask(tool: str, **arguments: Any) -> Any:
                found = await client.call_tool(tool, arguments)
                if found.is_error:
                    raise AnswersError(found.content[0].text)
                return found.structured_content

            await talk(ask, client)

    anyio.run(run)


@pytest.fixture
def world(explored: Explored, tmp_path: Path) -> World:
    return copied(explored, tmp_path / "world")


def test_a_client_lists_and_calls_every_tool_and_nothing_is_written(world: World) -> None:
    async def talk(ask: Ask, client: Client) -> None:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert listed.keys() == TOOLS
        for tool in listed.values():
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert len(tool.description or "") > 200, "it teaches"
            assert all(one.get("description") for one in tool.input_schema["properties"].values())

        found = await ask("search_stories", words="altena", limit=1)
        best = found["items"][0]
        told = await ask("get_story", story_id=best["story"]["story_id"])
        report = next(one for one in told["articles"] if one["matched_id"])
        why = await ask("explain_pair", article_id=report["article_id"], other_id=report["matched_id"])
        changed = await ask("what_changed")

        assert "altena" in "".join(part["text"] for part in best["best"]["snippet"] if part["is_hit"]).lower()
        assert best["story"]["n_articles"] == told["story"]["n_articles"]
        assert told["canonical_text"]
        assert "began the story" in {one["role"] for one in told["articles"]}
        assert why["same_story"]
        assert why["decision"].endswith(".")
        assert why["n_shared_words"] == 0 or why["shared"]
        assert 3 == changed["n_days"] == len(changed["days"])
        assert {"new"} == {one["change"] for one in changed["days"]}
        assert 1 == len({one["publication"] for one in (found, told, why, changed)})

    before = everything(world.root / "warehouse")
    conversation(world.root / "warehouse", talk)
    assert before == everything(world.root / "warehouse")


_HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("search_stories", {}, "words: "),
    ("search_stories", {"words": "x" * 301}, "300"),
    ("search_stories", {"words": "a", "limit": 51}, "limit: "),
    ("search_stories", {"words": "a", "first_day": "yesterday"}, "first_day: "),
    ("search_stories", {"words": "a", "cursor": "no cursor"}, "cursor: it is not one of this list"),
    ("search_stories", {"words": "a", "publication": "0" * 16}, "is not known here"),
    ("search_stories", {"words": "a", "publication": "../../etc"}, "publication: "),
    ("search_stories", {"words": {"$ne": 1}}, "words: "),
    ("get_story", {"story_id": UNKNOWN}, f"no story {UNKNOWN}."),
    ("get_story", {"story_id": "f" * 32}, "is no id"),
    ("get_story", {"story_id": "' OR 1=1 --"}, "story_id: "),
    ("explain_pair", {"article_id": UNKNOWN, "other_id": UNKNOWN}, UNKNOWN),
    ("explain_pair", {"article_id": UNKNOWN}, "other_id: "),
    ("what_changed", {"since": "f" * 16}, "is not known here"),
    ("what_changed", {"since": "f" * 16, "known_days": {str(FIRST): "f" * 16}}, "not both"),
    ("what_changed", {"known_days": {"no day": "x"}}, "known_days"),
    ("no_such_tool", {}, "no_such_tool"),
]


def test_what_is_asked_wrongly_is_answered_in_a_sentence(explored: Explored) -> None:
    async def talk(ask: Ask, client: Client) -> None:
        for tool, arguments, says in _HOSTILE:
            with pytest.raises(AnswersError) as found:
                await ask(tool, **arguments)
            told = str(found.value)
            assert says in told, (tool, arguments)
            assert 1 == len(told.splitlines())
            assert "Traceback" not in told
            assert "pydantic" not in told
        for words in ("", '"', "\0", "* NEAR(a) title:x", "\u202e", "'; DROP TABLE words; --"):
            assert (await ask("search_stories", words=words))["total"] >= 0
        assert (await ask("search_stories", words="river"))["items"], "it goes on"

    conversation(explored.world.root / "warehouse", talk)


def test_an_answer_can_be_given_again_until_its_files_are_replaced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    warehouse = world.root / "warehouse"

    async def talk(ask: Ask, client: Client) -> None:
        first = await ask("search_stories", words="river", last_day=str(FIRST))
        days = await ask("what_changed")
        known = {one["day"]: one["day_publication"] for one in days["days"]}
        assert first == await ask(
            "search_stories", words="river", last_day=str(FIRST), publication=first["publication"]
        )
        assert [] == (await ask("what_changed", since=first["publication"]))["days"]
        assert [] == (await ask("what_changed", known_days=known))["days"]

        world.put(SECOND, "late.jsonl", [9])
        await anyio.to_thread.run_sync(run_day, world.desk(), SECOND)
        await anyio.sleep(1.1)  # a snapshot is that old at most
        later = await ask("what_changed", since=first["publication"])
        assert str(SECOND) in {one["day"] for one in later["days"]}
        assert {"changed"} == {one["change"] for one in later["days"]}
        assert "articles" in next(one["tables"] for one in later["days"] if one["day"] == str(SECOND))
        assert {one["day"] for one in later["days"]} == {
            one["day"] for one in (await ask("what_changed", known_days=known))["days"]
        }
        assert later["publication"] != first["publication"]
        with pytest.raises(AnswersError, match="can't be read any more"):
            await ask("search_stories", words="telescope", publication=first["publication"])

    conversation(warehouse, talk)


def test_nothing_but_the_protocol_stands_on_standard_output(explored: Explored) -> None:
    """Neither where a line is no message, nor where a tool fails."""
    version = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": version},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "get_story", "arguments": {"story_id": UNKNOWN}},
        },
        {"jsonrpc": "2.0", "id": 3, "method": "nothing"},
    ]
    command = [sys.executable, "-m", "pipeline", "mcp", "--warehouse", str(explored.world.root / "warehouse")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write("no message\n" + "\n".join(map(json.dumps, lines)) + "\n")
        server.stdin.flush()
        answers: dict[int, Any] = {}
        while not {1, 2, 3} <= answers.keys():
            said = json.loads(server.stdout.readline())
            assert "2.0" == said["jsonrpc"]
            answers[said.get("id") or 0] = said
        server.stdin.close()
        assert "" == server.stdout.read()
        assert 0 == server.wait(60)
    assert answers[2]["result"]["isError"]
    assert "error" in answers[3]


def test_a_warehouse_that_is_not_there_is_said_before_a_word_of_the_protocol(tmp_path: Path) -> None:
    from tests.command import newsfold

    found = newsfold("mcp", "--warehouse", str(tmp_path / "none"))

    assert (1, "") == (found.returncode, found.stdout)
    assert "no warehouse there" in found.stderr
