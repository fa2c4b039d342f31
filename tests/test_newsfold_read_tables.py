"""newsfold-read: a wheel of its own that needs pyarrow alone, whose examples run, and that knows the contract."""

import json
import re
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
from pipeline.newsfold_read import VIEWS, LaterContractError, MissingError, contract, places, table
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


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and nothing else: pyarrow is linked into it, so that nothing is downloaded."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv")
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
    subprocess.run([*command, str(_build(folder))], check=True)
    (packages / "pyarrow").symlink_to(Path(pa.__file__).parent)
    return folder / "venv" / "bin" / "python"


def _run(python: Path, program: str, cwd: Path) -> str:
    """What a program prints in that environment."""
    run = subprocess.run(
        [str(python), "-I", "-c", program], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert (0, "") == (run.returncode, run.stderr)
    return run.stdout


_EXAMPLES = """
import doctest, importlib, sys
import newsfold_read
assert "pipeline" not in sys.modules
names = ("changes", "contract", "errors", "places", "tables", "views")
modules = ["newsfold_read", *(f"newsfold_read.{n}" for n in names)]
found = [doctest.testmod(importlib.import_module(name)) for name in modules]
print(sum(one.attempted for one in found), sum(one.failed for one in found))
assert newsfold_read.table("stories", "warehouse").num_rows
others = {"numpy", "pandas", "boto3", "duckdb", "numba"} & sys.modules.keys()
assert not others, others
"""


def test_its_wheel_runs_its_examples_with_pyarrow_alone(root: Path, python: Path) -> None:
    n, failed = map(int, _run(python, _EXAMPLES, root).split()[-2:])

    assert n >= 15
    assert not failed


def test_what_its_page_shows_works_in_its_wheel(root: Path, python: Path) -> None:
    """Block by block, as somebody types it; at the end they have a copy of all tables."""
    page = (SOURCE / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    shown = "print(large.num_rows, copied.num_rows, sum(map(len, copy.values())), cursor == changes.cursor)"

    *titles, last = _run(python, "\n".join([*blocks, shown]), root).splitlines()

    n_large, n_copied, n_rows, is_kept = last.split()
    uri = str(root / "warehouse")
    assert table("stories", uri).num_rows == len(titles)
    assert (int(n_large), int(n_copied)) > (0, 0)
    assert sum(table(one.name, uri).num_rows for one in PUBLISHED) == int(n_rows)
    assert "True" == is_kept
    for one in PUBLISHED:
        assert f"`{one.name}`" in page
    for name in VIEWS:
        assert f"| `{name}` |" in page


_EARLIER = """
import json, sys
import newsfold_read as read
tables = [one["name"] for one in read.contract.known()["tables"]]
print(json.dumps({name: read.table(name, sys.argv[1]).num_rows for name in tables}))
try:
    read.table("stories", sys.argv[2])
except read.LaterContractError as error:
    print(error)
"""


@pytest.mark.parametrize("version", range(VERSION))
def test_its_wheel_reads_each_earlier_contract_and_refuses_a_later_one(
    python: Path, tmp_path: Path, version: int
) -> None:
    _of_a_later_contract(tmp_path)
    program = f"import sys; sys.argv[1:] = {[str(FIXTURES / f'warehouse-{version}'), str(tmp_path)]}\n"

    counted, said = _run(python, program + _EARLIER, tmp_path).splitlines()

    assert 4 == json.loads(counted)["articles"]
    assert f"contract version {VERSION + 1}; this reader knows {VERSION}): update newsfold-read" in said


def _of_a_later_contract(root: Path) -> None:
    folder = root / "stories" / f"day={DAY}"
    folder.mkdir(parents=True)
    later = {"newsfold.contract_version": str(VERSION + 1)}
    pq.write_table(pa.table({"story_id": ["a"]}).replace_schema_metadata(later), folder / "part-0.parquet")


@pytest.mark.parametrize("version", range(VERSION))
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
    _of_a_later_contract(tmp_path)

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

    assert [DAY] == places.days_of(places.place_of(str(root / "warehouse")), "flows")
    assert table("flows", str(root / "warehouse")).num_rows


def test_a_folder_that_is_no_warehouse_is_no_empty_one(root: Path) -> None:
    """Somebody forgot the last part of the path."""
    with pytest.raises(MissingError, match="nothing is published there"):
        table("stories", str(root))
    with pytest.raises(MissingError, match="no such folder"):
        table("stories", str(root / "nowhere"))


@pytest.mark.services
@pytest.mark.usefixtures("proxy")
def test_a_bucket_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingError, match="s3://nobody-has-this: no such bucket"):
        table("stories", "s3://nobody-has-this/warehouse")
    with pytest.raises(MissingError, match="nothing is published there"):
        table("stories", "s3://news/no-such-prefix")


def test_s3_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(MissingError, match=r"newsfold-read\[s3\]"):
        table("stories", "s3://news/warehouse")
