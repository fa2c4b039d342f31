"""The house of the tests: the tests of a module are found by its name."""

import ast
from pathlib import Path

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
