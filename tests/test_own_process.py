"""Libraries without what newsfold does not use of them."""

import importlib.util
import subprocess
import sys

import pyarrow as pa
import pytest

_ARRAYS = """
import sys
from pipeline.model import own_process

own_process.settle()
import numpy as np
import pyarrow as pa

pa.array(["a"]), pa.array(np.arange(3)), pa.table({"a": [1]}).to_pylist(), pa.array([1]).to_numpy()
assert "pandas" not in sys.modules
"""


def _run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


def test_no_array_loads_pandas() -> None:
    _run(_ARRAYS)


@pytest.mark.skipif(importlib.util.find_spec("pandas") is None, reason="pandas is not installed")
def test_whoever_wants_a_frame_still_has_one() -> None:
    _run(_ARRAYS + "assert [1] == list(pa.table({'a': [1]}).to_pandas()['a'])\nimport pandas\n")


def test_compiled_loops_load_no_linear_algebra() -> None:
    loops = "from pipeline.kernels.graphs import components\ncomponents(*np.zeros((2, 0), int), 1)\n"
    absent = "assert not {'scipy', 'cffi'} & sys.modules.keys()\n"
    _run(_ARRAYS + loops + absent + "import scipy.linalg\n")


def test_what_is_hidden_from_one_thread_is_there_for_another() -> None:
    """A store is opened while loops are loaded: its client may need what these do not."""
    _run(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from importlib.util import find_spec\n"
        "from pipeline.model import own_process\n"
        "with own_process._without('wave'), ThreadPoolExecutor(1) as other:\n"
        "    assert other.submit(find_spec, 'wave').result()\n"
        "    try:\n"
        "        import wave\n"
        "    except ModuleNotFoundError:\n"
        "        pass\n"
        "    else:\n"
        "        raise AssertionError('it is not hidden')\n"
        "import wave\n"
    )


def test_what_loops_are_loaded_without_is_there_for_whoever_wants_it_later() -> None:
    """Clients of stores and catalogues have use for them."""
    _run(
        "from pipeline.model import own_process\n"
        "own_process.settle()\n"
        "import pipeline.kernels\n"
        "from importlib.util import find_spec\n"
        "for name in filter(find_spec, ('scipy', 'cffi', 'yaml')):\n"
        "    __import__(name)\n"
    )


def test_in_a_process_of_another_owner_numba_has_linear_algebra() -> None:
    """A task of Airflow shares its process with loops of others."""
    _run(
        "import numpy as np, numba\n"
        "from pipeline.kernels.graphs import components\n"
        "components(*np.zeros((2, 0), int), 1)\n"
        "assert 2.0 == numba.njit(lambda x: np.dot(x, x))(np.ones(2))\n"
    )


def test_the_command_line_gives_memory_back_unless_another_allocator_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Arrow takes memory from the system, whose allocator returns what is freed."""
    code = (
        "import sys, contextlib\n"
        "from pipeline import __main__\n"
        "sys.argv = ['newsfold', 'schema']\n"
        "with contextlib.suppress(SystemExit): __main__.main()\n"
        "import pyarrow as pa\n"
        "assert '{}' == pa.default_memory_pool().backend_name\n"
    )
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    _run(code.format("system"))
    asked = pa.default_memory_pool().backend_name
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", asked)
    _run(code.format(asked))


def test_the_command_line_loads_no_pandas_and_its_help_no_settings() -> None:
    """Nor anything else that these two commands do not need."""
    for words, absent in (("--help", "pandas pydantic numba scipy"), ("schema", "pandas numba scipy")):
        code = (
            "import sys, contextlib\n"
            "from pipeline import __main__\n"
            f"sys.argv = ['newsfold', '{words}']\n"
            "with contextlib.suppress(SystemExit): __main__.main()\n"
            f"assert not set('{absent}'.split()) & sys.modules.keys(), set('{absent}'.split()) & sys.modules.keys()\n"
        )
        _run(code)


def test_the_command_line_looks_for_no_garbage_when_it_ends() -> None:
    """Python would look at all objects of all libraries; what a command registers first is done last."""
    _run(
        "import atexit, gc, os, sys\n"
        "atexit.register(lambda: os._exit(not gc.get_freeze_count()))\n"
        "from pipeline import __main__\n"
        "sys.argv = ['newsfold', '--help']\n"
        "__main__.main()\n"
    )
