"""newsfold-read: a wheel of its own that needs pyarrow alone, whose examples run, and that knows the contract."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.compatibility import as_plain
from pipeline.model.contract import VERSION
from pipeline.model.tables import PUBLISHED
from pipeline.newsfold_read import LaterContractError, MissingError, contract, places, table
from tests.command import ROOT
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL

SOURCE = ROOT / "pipeline" / "newsfold_read"
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    desk = make_desk(root, EmbeddedEngine(1))
    deliver(desk, DAY, *POOL[:6])
    run_day(desk, DAY)
    return root


def test_the_contract_that_it_ships_is_the_one_of_the_code() -> None:
    """If this fails: newsfold schema --format json > pipeline/newsfold_read/contract.json"""
    assert as_plain() == json.loads((SOURCE / "contract.json").read_text(encoding="utf-8"))
    for one in PUBLISHED:
        assert one.schema.equals(contract.schema(one.name), check_metadata=True)


def test_every_file_of_the_package_is_in_its_wheel() -> None:
    listed = (SOURCE / "pyproject.toml").read_text(encoding="utf-8")
    files = {path.name for path in SOURCE.iterdir() if path.is_file()} - {"pyproject.toml", "README.md"}

    assert set() == {name for name in files if f'"{name}" = "newsfold_read/{name}"' not in listed}


def _build(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=SOURCE, check=True, capture_output=True)
    (wheel,) = folder.glob("newsfold_read-*.whl")
    return wheel


_EXAMPLES = """
import doctest, importlib, sys
import newsfold_read
assert "pipeline" not in sys.modules
modules = ["newsfold_read", *(f"newsfold_read.{n}" for n in ("contract", "errors", "places", "tables", "views"))]
found = [doctest.testmod(importlib.import_module(name)) for name in modules]
print(sum(one.attempted for one in found), sum(one.failed for one in found))
assert newsfold_read.table("stories", "warehouse").num_rows
others = {"numpy", "pandas", "boto3", "duckdb", "numba"} & sys.modules.keys()
assert not others, others
"""


def test_its_wheel_runs_its_examples_with_pyarrow_alone(root: Path, tmp_path: Path) -> None:
    """In an environment that has nothing else: pyarrow is linked into it, so that nothing is downloaded."""
    venv.create(tmp_path / "venv")
    (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
    subprocess.run([*command, str(_build(tmp_path))], check=True)
    (packages / "pyarrow").symlink_to(Path(pa.__file__).parent)

    run = subprocess.run(
        [str(tmp_path / "venv" / "bin" / "python"), "-I", "-c", _EXAMPLES],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (run.returncode, run.stderr)
    n, failed = map(int, run.stdout.split()[-2:])
    assert n >= 9
    assert not failed


@pytest.mark.parametrize("version", [0, 1])
def test_warehouses_of_earlier_contracts_are_read_with_null_for_what_they_lack(version: int) -> None:
    uri = str(FIXTURES / f"warehouse-{version}")
    for one in PUBLISHED:
        rows = table(one.name, uri)
        assert [*one.names, "day"] == rows.column_names
        for column in one.columns:
            if column.since > max(version, 1):  # version 0 lacked some of version 1, which may be there
                assert rows.num_rows == rows[column.name].null_count
    assert table("articles", uri).num_rows == 4


def test_a_warehouse_of_a_later_contract_is_refused_with_a_word(tmp_path: Path) -> None:
    folder = tmp_path / "stories" / f"day={DAY}"
    folder.mkdir(parents=True)
    rows = pa.table({"story_id": ["a"]}).replace_schema_metadata(
        {"newsfold.contract_version": str(VERSION + 1)}
    )
    pq.write_table(rows, folder / "part-0.parquet")

    with pytest.raises(LaterContractError, match=rf"stories of {DAY} .*version {VERSION + 1}.*update"):
        table("stories", str(tmp_path))


def test_days_columns_and_rows_can_be_chosen(root: Path) -> None:
    import pyarrow.compute as pc

    uri = str(root / "warehouse")
    kept = table("memberships", uri, DAY, DAY, ["article_id"], pc.field("kind") == "origin")

    assert ["article_id", "day"] == kept.column_names
    assert 0 < kept.num_rows < table("memberships", uri).num_rows
    assert 0 == table("memberships", uri, last=DAY.replace(day=1)).num_rows
    with pytest.raises(MissingError, match="no column colour; there are story_id"):
        table("stories", uri, columns=["colour"])


def test_a_folder_without_a_file_and_one_of_no_day_are_passed_over(root: Path) -> None:
    for name in ("day=2026-04-01", "day=nothing", "other"):
        (root / "warehouse" / "flows" / name).mkdir()

    assert DAY in places.place_of(str(root / "warehouse")).days("flows")
    assert table("flows", str(root / "warehouse")).num_rows


def test_s3_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(MissingError, match=r"newsfold-read\[s3\]"):
        table("stories", "s3://news/warehouse")
