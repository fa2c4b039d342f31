"""Machine code: of today's sources, kept where it can be, made ahead, and the same whoever writes it."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline import kernels as package
from pipeline.kernels import compile as compiling
from pipeline.kernels.compile import Matrix, Written, compiled, kernels, sources
from tests.command import records

ROOT = Path(__file__).parents[1]
COUNTER = ROOT / "tests" / "counter"
WARNING = "compiled code can't be kept"

# A package whose kernels take a constant from a module that another module of it imports
LOOPS = """
from numpy.typing import NDArray
import numpy as np
from pipeline.kernels.compile import compiled
from .scales import FACTOR

@compiled
def scaled(values: NDArray[np.int64]) -> int:
    return values.sum() * FACTOR

@compiled
def shifted(values: NDArray[np.int64]) -> int:
    return values.sum() + FACTOR
"""
SCALES = "from toy import units\nFACTOR = units.DOZEN * 10\n"
UNITS = "DOZEN = 12\n"
CALL = """
import json, numpy as np
from toy import loops
found = [int(one(np.arange(5))) for one in (loops.scaled, loops.shifted)]
states = [one.ready() for one in (loops.scaled, loops.shifted)]
print(json.dumps({"found": found, "compiled": [s.is_compiled for s in states], "paths": [str(s.path) for s in states]}))
"""


@pytest.fixture
def toy() -> Iterator[Path]:
    """A folder that holds the package `toy`, and that another user may read."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        root.chmod(0o755)
        (root / "toy").mkdir()
        for name, source in (("__init__", ""), ("loops", LOOPS), ("scales", SCALES), ("units", UNITS)):
            (root / "toy" / f"{name}.py").write_text(source)
        yield root


def environment(root: Path, **variables: str) -> dict[str, str]:
    """Where no folder for machine code is set, and the user's is empty."""
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG", "HOME"))
    }
    bare |= {"PYTHONPATH": f"{root}:{ROOT}", "HOME": str(root / "home")}
    return bare | variables


def start(root: Path, code: str = CALL, **variables: str) -> "subprocess.Popen[str]":
    """A process that may write no more than the bits of a folder say, even if it is root's."""
    bound = ["setpriv", "--bounding-set", "-all"] if os.geteuid() == 0 else []
    command = [*bound, sys.executable, "-c", code]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=root, env=environment(root, **variables), stdout=pipe, stderr=pipe, text=True
    )


def finish(process: "subprocess.Popen[str]") -> tuple[dict[str, Any], str]:
    out, errors = process.communicate(timeout=240)
    assert 0 == process.returncode, errors
    return json.loads(out), errors


def test_a_changed_constant_is_compiled_again(toy: Path) -> None:
    """The file that holds the kernel is the same, and so is its name; the constant comes from two modules further away."""
    before, said = finish(start(toy))
    again, nothing = finish(start(toy))
    (toy / "toy" / "units.py").write_text("DOZEN = 13\n")
    after, _ = finish(start(toy))

    assert [[1200, 130], [1200, 130], [1300, 140]] == [one["found"] for one in (before, again, after)]
    assert [[True, True], [False, False], [True, True]] == [one["compiled"] for one in (before, again, after)]
    assert 1 == said.count("compiling what this machine has not compiled yet: up to half a minute")
    assert "" == nothing


def test_a_process_that_outlives_an_upgrade_keeps_nothing_for_the_new_version(toy: Path) -> None:
    """It has imported the old constant, and compiles when the new one is on the disk."""
    change = "import toy.loops, pathlib\npathlib.Path('toy/units.py').write_text('DOZEN = 13')\n"
    old, _ = finish(start(toy, change + CALL))
    new, _ = finish(start(toy))

    assert [[1200, 130], [1300, 140]] == [old["found"], new["found"]]


SIGNED = """
import json, pyarrow as pa
from datasketch import MinHash
from pipeline.copies import signatures
from pipeline.text import tokens
text = "The river rose by two metres in the night and the old bridge at Altena was closed to all traffic."
table = signatures.sign(pa.table({"article_id": ["20260305" + 24 * "0"], "text": [text]}))
sketch = MinHash(num_perm=128, seed=1, hashfunc=tokens.shingle_hash, scheme="affine32")
sketch.update_batch(tokens.shingles(text))
print(json.dumps({"found": signatures.matrix(table["signature"])[0].tolist(), "expected": sketch.hashvalues.tolist()}))
"""


@pytest.mark.long
def test_an_upgrade_that_changes_a_token_factor_signs_by_the_new_one(tmp_path: Path) -> None:
    """Two versions of the package, one after the other in one place, that differ in tokens.TOKEN_FACTOR alone."""
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    variables = {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    before, _ = finish(start(tmp_path, SIGNED, **variables))
    tokens = tmp_path / "pipeline" / "text" / "tokens.py"
    tokens.write_text(
        tokens.read_text().replace("TOKEN_FACTOR = 0xD6E8FEB86659FD93", "TOKEN_FACTOR = 0xD6E8FEB86659FD95")
    )
    after, _ = finish(start(tmp_path, SIGNED, **variables))

    assert before["found"] == before["expected"] != after["expected"]
    assert after["found"] == after["expected"]


def test_processes_that_begin_at_once_agree(toy: Path) -> None:
    """All find nothing, compile, and write the same files; who comes later compiles nothing and finds no scratch."""
    kept = toy / "kept"
    together = [start(toy, NUMBA_CACHE_DIR=str(kept)) for _ in range(5)]
    results = [finish(process)[0] for process in together]
    later, _ = finish(start(toy, NUMBA_CACHE_DIR=str(kept)))

    assert 5 * [[1200, 130]] == [one["found"] for one in results]
    assert [[1200, 130], [False, False]] == [later["found"], later["compiled"]]
    assert ["toy.loops.scaled.code", "toy.loops.shifted.code"] == sorted(
        path.name for path in kept.rglob("*") if path.is_file()
    )


def test_code_for_another_processor_stands_beside(toy: Path) -> None:
    """Machines of two kinds may share a folder."""
    kept = {"NUMBA_CACHE_DIR": str(toy / "kept")}
    for processor in ({}, {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}):
        assert [True, True] == finish(start(toy, **kept, **processor))[0]["compiled"]

    assert [False, False] == finish(start(toy, **kept))[0]["compiled"]


def test_where_nothing_can_be_written_it_compiles_for_itself_and_says_so_once(toy: Path) -> None:
    """Neither the folder that is set, nor the one beside the source, nor the user's."""
    for name in ("set", "home", "toy/__pycache__"):
        (toy / name).write_text("a file where a folder should be")
    found, errors = finish(start(toy, NUMBA_CACHE_DIR=str(toy / "set")))

    assert [[1200, 130], [True, True], ["None", "None"]] == [found[n] for n in ("found", "compiled", "paths")]
    assert 1 == errors.count(WARNING)
    assert all(str(toy / name) in errors for name in ("set", "home", "toy/__pycache__"))


def test_a_user_without_a_home_gets_the_same(toy: Path) -> None:
    """As in a container that runs under a number: no HOME, no line in passwd, and nothing that belongs to that user."""
    (toy / "toy").chmod(0o555)
    code = "import os, numba\nimport toy.loops\nnumba.njit(lambda x: x.sum())(toy.loops.np.arange(3))\n"
    code += "os.environ.pop('HOME')\nif os.getuid() == 0: os.setgid(50000); os.setuid(50000)\n"
    errors = subprocess.run(
        [sys.executable, "-c", code + CALL],
        cwd=toy,
        env=environment(toy, PYTHONDONTWRITEBYTECODE="1", NUMBA_CACHE_DIR=""),
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == errors.returncode, errors.stderr
    assert [1200, 130] == json.loads(errors.stdout)["found"]
    assert os.getuid() != 0 or 1 == errors.stderr.count(WARNING)
    assert not (toy / "~").exists()


def test_a_read_only_install_uses_what_was_compiled_ahead(toy: Path) -> None:
    """As in an image: the code stands beside the source, and the user of the run can write neither there nor anywhere."""
    ahead, _ = finish(start(toy))
    (toy / "home").write_text("no folder")
    for folder in (toy / "toy" / "__pycache__", toy / "toy", toy):
        folder.chmod(0o555)
    found, errors = finish(start(toy, NUMBA_CACHE_DIR=str(toy / "set")))
    toy.chmod(0o755)

    assert [[1200, 130], [False, False]] == [found["found"], found["compiled"]]
    assert ahead["paths"] == found["paths"]
    assert "" == errors


@pytest.mark.long
@pytest.mark.parametrize("left", [0, 31, 500], ids=["nothing", "part of a digest", "a part"])
def test_damaged_code_is_compiled_again(toy: Path, left: int) -> None:
    """As a full disk or a power cut leaves it."""
    before, _ = finish(start(toy))
    path = Path(before["paths"][0])
    path.write_bytes(path.read_bytes()[:left])
    after, _ = finish(start(toy))

    assert [[1200, 130], [True, False]] == [after["found"], after["compiled"]]
    assert [False, False] == finish(start(toy))[0]["compiled"]


class Pair(NamedTuple):
    """Arrays that are one argument."""

    values: Matrix[np.int64]
    factors: NDArray[np.int64]


@compiled
def _added(values: Matrix[np.int64], to: Written[NDArray[np.int64]], pair: Pair) -> int:
    for row in range(values.shape[0]):
        to[row] += values[row].sum() + pair.values[row].sum() * pair.factors[0]
    return to.size


def test_one_compilation_serves_arrays_in_any_order_and_from_any_memory() -> None:
    plain = np.arange(6).reshape(2, 3)
    read_only = plain.copy()
    read_only.flags.writeable = False
    for values in (plain, read_only, np.asfortranarray(plain), np.repeat(plain, 2, axis=1)[:, ::2]):
        sums = np.array([100, 200])
        assert 2 == _added(values, sums, Pair(values, values[0]))
        assert [103, 212] == sums.tolist()

    assert 1 == len(_added._dispatcher.signatures)


def test_other_types_than_those_declared_are_refused() -> None:
    """Instead of compiling for seconds in the middle of a run."""
    with pytest.raises(TypeError, match="float64"):
        _added(np.zeros((2, 3)), np.array([1, 2]), Pair(np.zeros((2, 3), int), np.array([1])))


def test_the_sources_of_a_kernel_are_all_that_its_constants_come_from(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(toy))

    assert {"toy", "toy.loops", "toy.scales", "toy.units"} == set(sources("toy.loops"))
    assert {"pipeline.kernels.texts", "pipeline.text.tokens", "pipeline.kernels.compile"} < set(
        sources("pipeline.kernels.texts")
    )


def test_a_source_is_parsed_once_however_many_kernels_it_is_part_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = {
        "__init__": "",
        "shared": "SIZE = 3",
        "ones": "from . import shared",
        "tens": "def late():\n    try:\n        pass\n    except OSError:\n        import sharing.shared\n",
    }
    (tmp_path / "sharing").mkdir()
    for name, source in modules.items():
        (tmp_path / "sharing" / f"{name}.py").write_text(source)
    parsed, parse = list[str](), ast.parse
    monkeypatch.setattr(ast, "parse", lambda source: parsed.append(source) or parse(source))

    found = [sources(f"sharing.{name}") for name in ("ones", "tens")]

    assert all("sharing.shared" in one for one in found)
    assert 1 == parsed.count(modules["shared"])


def test_importing_the_kernels_changes_nothing_for_others() -> None:
    """No listener, no setting of numba, no handler of a log, no variable of the environment."""
    code = """
import logging, os
import numba
from numba.core import config, event
import pipeline.settings, pipeline.model.tables
def seen():
    settings = {n: repr(v) for n, v in vars(config).items() if n.isupper()}
    return {k: list(v) for k, v in event._registered.items() if v}, settings, list(logging.root.handlers), dict(os.environ)
before = seen()
import pipeline.kernels.texts
assert before == seen(), (before[0], seen()[0])
"""
    subprocess.run([sys.executable, "-c", code], env=environment(ROOT), check=True, cwd=ROOT)


def newsfold(folder: Path, *arguments: str) -> tuple[str, list[str]]:
    """What a command prints, and what it compiled in all its processes."""
    notes = folder / "compiled"
    notes.write_text("")
    variables = {"NEWSFOLD_TEST_COMPILED": str(notes), "PYTHONPATH": f"{COUNTER}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout, notes.read_text().splitlines()


@pytest.mark.long
@pytest.mark.parametrize(
    ("engine", "days"),
    [
        (["embedded", "--workers", "2"], ["2026-03-05", "2026-03-06"]),
        pytest.param(
            ["spark", "--master", "local[1]"],
            ["2026-03-05"],
            marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")],
        ),
    ],
    ids=["embedded", "spark"],
)
def test_after_warm_a_run_compiles_nothing(tmp_path: Path, engine: list[str], days: list[str]) -> None:
    """In none of its processes; a second day is compared with the first."""
    printed, _ = newsfold(tmp_path, "warm", "--json")
    names = {row["kernel"] for row in records(printed) if row["path"]}
    for day in days:
        shutil.copytree(ROOT / "seeds" / "day=2026-03-05", tmp_path / "landing" / f"day={day}")
    where = ["--landing", str(tmp_path / "landing"), "--warehouse", str(tmp_path / "warehouse")]
    _, compiled_by_run = newsfold(tmp_path, "run", *where, "--quiet", "--engine", *engine)

    assert {one.name for one in kernels(package)} == names
    assert [] == compiled_by_run


def test_what_is_compiled_in_a_child_process_is_counted(toy: Path) -> None:
    """Or the test above could not fail."""
    notes = toy / "compiled"
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {CALL!r}], check=True)"
    path = f"{COUNTER}:{toy}:{ROOT}"
    finish(start(toy, code, PYTHONPATH=path, NEWSFOLD_TEST_COMPILED=str(notes)))

    assert {"scaled", "shifted"} <= {line.split()[1] for line in notes.read_text().splitlines()}


def test_warm_fails_where_nothing_is_kept(toy: Path) -> None:
    """Or an image would be built whose every process compiles. The toy's kernels stand in for newsfold's, which take 20 seconds."""
    for name in ("set", "home", "toy/__pycache__"):
        (toy / name).write_text("a file where a folder should be")
    code = "import sys, pipeline, toy.loops\nsys.argv = ['newsfold', 'warm']\n"
    code += "sys.modules['pipeline.kernels'] = pipeline.kernels = toy.loops\nfrom pipeline.app.cli import main\nmain()"
    process = start(toy, code, NUMBA_CACHE_DIR=str(toy / "set"))
    out, errors = process.communicate(timeout=240)

    assert 1 == process.returncode
    assert "newsfold: compiled, but no folder could be written" in errors
    assert 1 == errors.count(WARNING)
    assert ["scaled", "shifted"] == [line.split()[0] for line in out.splitlines()]


def test_code_that_numba_keeps_in_another_form_is_kept_as_it_is() -> None:
    """A later version may; to keep less of it only saves time."""
    later = SimpleNamespace(_reduce=lambda: ("code", "names", 3))

    assert ("code", "names", 3) == compiling._reduced(later)
