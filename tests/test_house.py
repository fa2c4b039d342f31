"""The house of the tests: the tests of a module are found by its name."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMANDS = "_commands"  # modules of the command line are tried as a person meets them


def _defines_something(module: Path) -> bool:
    """Whether a module has a function or a class with methods that others may use; tables of names have none."""
    return any(
        isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for node in ast.walk(ast.parse(module.read_text()))
    )


def test_every_module_that_does_something_has_a_test_module_of_its_name() -> None:
    """`test_<module>.py`, or `test_<room>_<module>.py` where two rooms have one of that name."""
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    modules = [path for path in (ROOT / "pipeline").rglob("*.py") if not path.name.startswith("__")]
    names = {
        path: "cli" if path.stem.endswith(COMMANDS) else path.stem
        for path in modules
        if _defines_something(path)
    }
    without = [
        path.relative_to(ROOT).as_posix()
        for path, name in names.items()
        if tests.isdisjoint({name, f"{path.parent.name}_{name}"})
    ]

    assert len(names) > 100, "the modules are found"
    assert [] == without


def test_no_test_file_is_longer_than_a_module_may_be() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in (ROOT / "tests").glob("*.py")}

    assert {} == {name: n for name, n in lengths.items() if n > 400}


_HASH = re.compile(r"`([0-9a-f]{7})`")  # a commit as the docs name it


def test_each_commit_that_a_measurement_names_is_in_the_history() -> None:
    """Figures name the tree that gave them, so that it can be asked again."""
    pages = sorted((ROOT / "docs" / "measurements").glob("*.md"))
    named = {commit: page.name for page in pages for commit in _HASH.findall(page.read_text())}

    history = _history()
    if history is None:
        pytest.skip("no history, or a part of it")

    assert len(named) > 20, "the commits are found"
    assert {} == {commit: page for commit, page in named.items() if commit not in history}


def _history() -> set[str] | None:
    """Each commit by its first seven digits; None where this is no clone, or a shallow one."""
    if not shutil.which("git"):
        return None
    said = [
        subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
        for asked in (["rev-parse", "--is-shallow-repository"], ["rev-list", "HEAD"])
    ]
    if said[0].stdout.strip() != "false" or said[1].returncode:
        return None
    return {line[:7] for line in said[1].stdout.splitlines()}
