"""Spans of files are read in the parsers' processes, with the rows that reading record by record gives."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks import hostile_files, lying_files
from pipeline.day import read_apart
from pipeline.day.extract import extract_files
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.extract import batch
from pipeline.extract.sandbox import Failure
from pipeline.landing import compressed, json_lines, spans
from pipeline.landing.files import list_files
from pipeline.model.kinds import Reject
from tests.conftest import published
from tests.world import DAYS, World, at_once

DAY = DAYS[0]
PAGE = "<html><body><p>The council met on Monday and said a word about bridges.</p></body></html>"


def text(n: int) -> dict[str, str]:
    return {"text": f"The council met on day {n} and spoke of bridge {n * 7}.", "title": f"Bridge {n}"}


def deliver(world: World, *records: object) -> None:
    folder = world.root / "landing" / f"day={DAY}"
    folder.mkdir(parents=True, exist_ok=True)
    said = [one if isinstance(one, str) else json.dumps(one) for one in records]
    (folder / "a.jsonl").write_text("\n".join(said), encoding="utf-8")


def extracted(world: World, warehouse: str, workers: int = 1) -> list[dict[str, Any]]:
    desk, engine = world.desk(warehouse=warehouse), EmbeddedEngine(workers)
    files = list_files(desk.landing, DAY)
    try:
        rows = extract_files(desk.landing, desk.warehouse, engine, desk.settings, DAY, files)
    finally:
        engine.close()
    return list(rows.to_pylist())


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    "odd",
    [
        [],
        ["no JSON", "", "{}"],
        [{"html": PAGE}],
        [{"text": PAGE}],
        [json.dumps(text(1)) + json.dumps(text(2))],
        [{"articles": [text(3), text(4)]}],
        [{"text": "\ud800"}, {"text": "a\0b"}],
    ],
    ids=["texts", "rejects", "page", "page as text", "two objects", "list", "no text"],
)
def test_the_rows_are_those_of_reading_record_by_record(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch, odd: list[object]
) -> None:
    deliver(world, *map(text, range(300)), *odd, *map(text, range(300, 320)))
    apart = extracted(world, "apart")
    assert "read_span" in asked

    monkeypatch.undo()
    assert extracted(world, "plain") == apart


@pytest.mark.parametrize("workers", [1, 2])
def test_child_processes_give_them_whatever_their_number(
    world: World, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    deliver(world, *map(text, range(600)), {"html": PAGE})
    plain = extracted(world, "plain")

    monkeypatch.setattr(spans, "LEAST_BYTES", 1)
    assert extracted(world, "apart", workers) == plain


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which functions were run in the children, one name for each row."""
    names: list[str] = []

    def counting(function: str, limits: Any) -> Any:
        guard = at_once(function, limits)
        run = guard.run

        def counted(table: Any, **arguments: Any) -> Any:
            names.extend([function.partition(":")[2]] * table.num_rows)
            return run(table, **arguments)

        guard.run = counted
        return guard

    for module in (batch, read_apart):
        monkeypatch.setattr(module, "guard", counting)
    monkeypatch.setattr(spans, "LEAST_BYTES", 1)
    return names


def test_texts_of_a_large_file_travel_unread(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parent cuts the file and looks at its first line alone."""
    deliver(world, *map(text, range(600)))
    looked: list[bool] = []
    real = spans.rows_of

    def spy(*arguments: Any) -> Any:
        looked.append(True)
        return real(*arguments)

    monkeypatch.setattr(spans, "rows_of", spy)
    monkeypatch.setattr(json_lines, "read_lines", None)

    assert len(extracted(world, "warehouse")) == 600
    assert asked == ["read_span"] * 3
    assert len(looked) == 1


def test_what_cannot_be_read_in_a_span_is_read_once_more_and_nothing_is_parsed_twice(
    world: World, asked: list[str]
) -> None:
    """The page lies in the second span; the documents of the others are taken from there."""
    deliver(world, *map(text, range(300)), {"html": PAGE}, *map(text, range(301, 600)))

    rows = extracted(world, "warehouse")

    assert len(rows) == 600
    assert not [row for row in rows if row["reason"]]
    n_parsed = sum(1 for name in asked if name == "read_untold")
    assert asked.count("read_span") == 3
    assert asked.count("read_light") * 256 + n_parsed <= 256


def test_a_file_that_begins_with_a_page_is_read_record_by_record_at_once(
    world: World, asked: list[str]
) -> None:
    deliver(world, {"html": PAGE}, *map(text, range(300)))

    assert len(extracted(world, "warehouse")) == 301
    assert "read_span" not in asked


def test_a_span_on_which_the_child_fails_costs_only_that_it_is_read_again(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(world, *map(text, range(300)))
    whole = extracted(world, "whole")

    class Dying:
        def run(self, table: Any, **_: Any) -> list[Failure]:
            return [Failure(Reject.MEMORY, "more than it may")] * table.num_rows

    monkeypatch.setattr(read_apart, "guard", lambda *_: Dying())
    assert extracted(world, "again") == whole


def test_a_file_that_breaks_off_behind_its_spans_is_read_record_by_record(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of the rest takes no record's number: the first span was handed over by then."""
    long = [text(n) | {"summary": "a" * 3_000} for n in range(400)]
    deliver(world, *long, "\0")
    apart = extracted(world, "apart")
    assert "read_span" in asked

    monkeypatch.setattr(spans, "LEAST_BYTES", 1 << 30)
    assert extracted(world, "plain") == apart


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_give_the_same_rows_cut_or_not(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Files of a few spans each, packed or not, that are damaged as disks and copying do it, or that lie."""
    dice = random.Random(seed)
    for module, name, value in (
        (spans, "_SPAN_LINES", 4),
        (spans, "_LEAST_SPAN_BYTES", 1_000),
        (compressed, "CHUNK_BYTES", 1 << 11),
    ):
        monkeypatch.setattr(module, name, value)
    folder = world.root / "landing" / f"day={DAY}"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"{number}.jsonl").write_bytes(_file(dice))

    apart = extracted(world, "apart")
    assert "read_span" in asked
    monkeypatch.setattr(spans, "LEAST_BYTES", 1 << 30)
    assert extracted(world, "plain") == apart


def _file(dice: random.Random) -> bytes:
    """Whole lines of texts, mostly, and behind them lines of all sorts, of which some are damaged."""
    head = "".join(f"{json.dumps(text(dice.randrange(10**6)))}\n" for _ in range(dice.randint(1, 30)))
    tail = hostile_files.json_lines(dice, hostile_files.written_texts(dice), dice.choice(["", "\n", "\n\n"]))
    content = head.encode() * dice.choice([0, 1, 1, 1]) + (
        _damaged(dice, tail) if dice.random() < 0.5 else tail
    )
    if dice.random() < 0.3:
        content = gzip.compress(content)
    return _damaged(dice, content) if dice.random() < 0.3 else content


def _damaged(dice: random.Random, content: bytes) -> bytes:
    for _ in range(dice.choice([1, 1, 3])):
        content = dice.choice([*hostile_files.DAMAGES, *[lying_files.lie] * 5])(dice, content)
    return content


def test_languages_that_cannot_be_told_together_cost_no_document(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their texts are read one by one, each with its language."""
    deliver(world, *map(text, range(300)))
    whole = extracted(world, "whole")

    def fail(_: object) -> list[str | None]:
        raise RuntimeError("no model")

    monkeypatch.setattr("pipeline.extract.languages.identify_all", fail)
    assert extracted(world, "again") == whole
    assert asked.count("read_document") == 300


def test_a_document_that_was_read_in_a_span_is_known_when_its_file_grows(
    world: World, asked: list[str]
) -> None:
    deliver(world, *map(text, range(300)))
    extracted(world, "warehouse")
    asked.clear()
    deliver(world, *map(text, range(301)))

    assert len(extracted(world, "warehouse")) == 301
    assert asked == ["read_untold"]


def test_a_day_has_the_same_bytes_either_way(
    world: World, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(world, *map(text, range(300)))
    run_day(world.desk(warehouse="apart"), DAY)
    assert "read_span" in asked

    monkeypatch.undo()
    run_day(world.desk(warehouse="plain"), DAY)
    assert published(world.root / "apart") == published(world.root / "plain")
