"""The numbers about the code's structure are those of the tree that is measured."""

from pathlib import Path

import pytest

from benchmarks import structure

SOURCES = {
    "__init__": "",
    "settings": "import os\n",
    "model/__init__": "",
    "model/days": "def day() -> int:\n    return 1\n",
    "text/__init__": "",
    "text/urls": "from pipeline.model import days\nfrom pipeline.text import dates\n",
    "text/dates": "import pipeline.model.days\n",
    "store/__init__": "",
    "store/local": "def read():\n    from pipeline.text.urls import host\n\n    return host\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return grown(tmp_path, SOURCES)


def grown(root: Path, sources: dict[str, str]) -> Path:
    for name, source in sources.items():
        file = root / "pipeline" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    return root


def test_a_room_is_a_folder_or_a_module_that_lies_directly_in_the_package() -> None:
    assert structure.room_of("pipeline.copies.verdict") == "copies"
    assert structure.room_of("pipeline.read") == "read"
    assert structure.room_of("pipeline") == "pipeline"


def test_modules_are_named_with_dots_and_a_folder_by_itself(tree: Path) -> None:
    known = structure.modules(tree)
    assert {"pipeline", "pipeline.settings", "pipeline.text", "pipeline.text.urls"} <= known.keys()
    assert len(known) == len(SOURCES)


def test_arrows_go_from_room_to_room_whatever_the_spelling_of_the_import(tree: Path) -> None:
    assert structure.arrows(tree) == {("text", "model"), ("store", "text")}


def test_an_import_inside_a_function_is_an_arrow(tree: Path) -> None:
    grown(tree, {"model/late": "def f():\n    import pipeline.store.local\n"})
    assert ("model", "store") in structure.arrows(tree)


def test_what_is_not_of_the_package_is_no_arrow(tree: Path) -> None:
    grown(tree, {"text/outside": "import store.local\nfrom settings import x\n"})
    assert structure.arrows(tree) == {("text", "model"), ("store", "text")}


def test_no_room_is_in_a_circle_where_arrows_only_go_down(tree: Path) -> None:
    assert structure.circles(structure.arrows(tree)) == 0


def test_every_room_of_a_circle_is_counted_and_none_that_only_leads_to_it() -> None:
    assert structure.circles({("a", "b"), ("b", "a")}) == 2
    assert structure.circles({("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("c", "e")}) == 3


def test_a_function_is_as_long_as_from_its_def_to_its_end_and_inner_ones_count_too(tmp_path: Path) -> None:
    source = (
        "@cache\ndef outer():\n    def inner():\n        pass\n\n    return inner\n\n\nasync def one(): ...\n"
    )
    assert structure.function_lengths(grown(tmp_path, {"m": source})) == [1, 2, 5]


FINE = {
    f"files over {structure.LONGEST_FILE} lines": "0",
    "function, longest": str(structure.LONGEST_FUNCTION),
    "rooms in circles": "0",
    "typed expressions, %": str(structure.LEAST_TYPED),
}


def test_a_tree_at_its_limits_is_within_them() -> None:
    assert not structure.beyond_limits(FINE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (f"files over {structure.LONGEST_FILE} lines", "1"),
        ("function, longest", str(structure.LONGEST_FUNCTION + 1)),
        ("rooms in circles", "2"),
        ("typed expressions, %", str(structure.LEAST_TYPED - 0.1)),
    ],
)
def test_each_limit_that_is_exceeded_is_named(name: str, value: str) -> None:
    assert len(structure.beyond_limits(FINE | {name: value})) == 1


def test_measure_counts_the_package_and_nothing_else(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "typed_share", lambda _tree: 100.0)  # mypy itself is not asked here
    (tree / "tests").mkdir()
    (tree / "tests" / "test_m.py").write_text("x: Any = 1  # type: ignore\n")
    grown(tree, {"text/long": "x: Any = 1  # type: ignore[misc]\n" + "\n" * structure.LONGEST_FILE})
    found = structure.measure(tree)
    assert (found["rooms"], found["arrows between rooms"], found["modules"]) == ("4", "2", "10")
    assert (found[f"files over {structure.LONGEST_FILE} lines"], found["type: ignore"]) == ("1", "1")
    assert found["longest file, lines"] == str(structure.LONGEST_FILE + 1)
    assert found["Any per 1,000 lines"] == f"{1000 / int(found['lines'].replace(',', '')):.1f}"


def test_the_share_of_typed_expressions_is_mypys_over_the_tree_that_is_measured(tmp_path: Path) -> None:
    grown(tmp_path, {"__init__": "from typing import Any\n\nx: Any = 1\ny = x\nz = 1\n"})
    (tmp_path / "pyproject.toml").write_text('[tool.mypy]\npackages = ["pipeline"]\n')
    assert 0 < structure.typed_share(tmp_path) < 100
