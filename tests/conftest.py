"""Builders that name only what a test is about, and the fixtures that run one test on every engine."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import context
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.sharded import ShardedEngine

DAY = date(2026, 3, 5)
ENGINES: dict[str, Callable[[], Any]] = {"embedded": lambda: EmbeddedEngine(2), "sharded": ShardedEngine}


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Any:
    return ENGINES[request.param]()


@pytest.fixture
def desk(tmp_path: Path, engine: Any) -> context.WorkDesk:
    return make_desk(tmp_path, engine)


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """The folder of a landing zone that is still to be filled."""
    return tmp_path / "landing"


def make_desk(root: Path, engine: Any, warehouse: str = "warehouse", **settings: Any) -> context.WorkDesk:
    """A desk over root/landing and root/<warehouse>."""
    chosen = load(landing=str(root / "landing"), warehouse=str(root / warehouse), **settings)
    return context.WorkDesk(
        LocalStorage(chosen.landing), Warehouse(LocalStorage(chosen.warehouse)), chosen, engine
    )


def deliver(desk: context.Desk, day: date, *documents: dict[str, Any], name: str = "feed.jsonl") -> None:
    """Put JSON documents into a day's folder."""
    folder = Path(desk.landing.uri) / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(document, ensure_ascii=False, default=str) for document in documents]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


def everything(root: str | Path) -> dict[str, bytes]:
    """Every file of a warehouse but its locks: its path and bytes."""
    top = Path(root)
    files = [p for p in sorted(top.rglob("*")) if p.is_file() and "locks" not in p.parts]
    return {p.relative_to(top).as_posix(): p.read_bytes() for p in files}


def published(root: str | Path) -> dict[str, bytes]:
    """Every published file of a warehouse: its path and bytes."""
    top = Path(root)
    return {
        p.relative_to(top).as_posix(): p.read_bytes()
        for p in sorted(top.rglob("*.parquet"))
        if "_meta" not in p.parts
    }
