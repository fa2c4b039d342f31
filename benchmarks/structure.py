"""The structure of the code in numbers, today's tree beside an earlier one.

    python -m benchmarks.structure                    # this tree
    python -m benchmarks.structure --before REVISION  # and that of a revision, in a column before it
    python -m benchmarks.structure --limits           # exit 1 where a limit of the project is exceeded

A *room* is a folder of `pipeline/`, or a module that lies directly in it. An *arrow* is one room that imports
another. What is counted is the package; the share of typed expressions is mypy's, over the same files.
"""

import argparse
import ast
import io
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST_FILE, LONGEST_FUNCTION = 400, 50  # lines: a file is read at one sitting, a function on one screen
LEAST_TYPED = (
    95.0  # per cent of expressions: what the stubs of pyarrow and lxml made possible; it may rise, not fall
)


def room_of(module: str) -> str:
    """The room of a dotted module name: `pipeline.copies.verdict` is in `copies`, `pipeline.read` is `read`."""
    return module.split(".")[1] if "." in module else module


def modules(tree: Path) -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    files = sorted((tree / "pipeline").rglob("*.py"))
    return {".".join(f.relative_to(tree).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


def imports(source: str, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that a source imports, by their dotted names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else node.module for name in named)


def arrows(tree: Path) -> set[tuple[str, str]]:
    """Pairs of rooms, the first of which imports the second."""
    known = modules(tree)
    found = set()
    for name, file in known.items():
        targets = {t for t in imports(file.read_text(), known) if t in known and t != "pipeline"}
        found |= {(room_of(name), room_of(t)) for t in targets if "." in name}
    return {(a, b) for a, b in found if a != b}


def circles(pairs: set[tuple[str, str]]) -> int:
    """How many rooms reach themselves along arrows."""
    after = {a: {b for x, b in pairs if x == a} for a, _ in pairs}

    def reached(start: str) -> set[str]:
        seen, todo = set(), [start]
        while todo:
            for b in after.get(todo.pop(), set()) - seen:
                seen.add(b)
                todo.append(b)
        return seen

    return sum(room in reached(room) for room in after)


def function_lengths(tree: Path) -> list[int]:
    """Lines of every function of the package, from `def` to its end."""
    nodes = (n for file in modules(tree).values() for n in ast.walk(ast.parse(file.read_text())))
    return sorted(
        (n.end_lineno or n.lineno) - n.lineno + 1
        for n in nodes
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def typed_share(tree: Path) -> float:
    """Per cent of expressions whose type mypy knows."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mypy", "--any-exprs-report", folder, "--no-incremental"]
        subprocess.run(command, cwd=tree, check=False, capture_output=True)
        report = (Path(folder) / "any-exprs.txt").read_text()
    return float(re.search(r"^\s*Total\s+\d+\s+\d+\s+([\d.]+)%", report, re.MULTILINE)[1])  # type: ignore[index]


def measure(tree: Path) -> dict[str, str]:
    """Every row of the table for a checkout."""
    sources = {name: file.read_text() for name, file in modules(tree).items()}
    lines = {name: text.count("\n") for name, text in sources.items()}
    code, lengths, pairs = "\n".join(sources.values()), function_lengths(tree), arrows(tree)
    n_lines, n_any = sum(lines.values()), len(re.findall(r"\bAny\b", code))
    return {
        "rooms": str(len({room_of(name) for name in sources if "." in name})),
        "arrows between rooms": str(len(pairs)),
        "rooms in circles": str(circles(pairs)),
        "modules": str(len(sources)),
        "lines": f"{n_lines:,}",
        f"files over {LONGEST_FILE} lines": str(sum(n > LONGEST_FILE for n in lines.values())),
        "longest file, lines": str(max(lines.values())),
        "function, median lines": f"{statistics.median(lengths):.0f}",
        "function, p95": str(lengths[int(len(lengths) * 0.95)]),
        "function, longest": str(lengths[-1]),
        "typed expressions, %": f"{typed_share(tree):.1f}",
        "Any per 1,000 lines": f"{1000 * n_any / n_lines:.1f}",
        "type: ignore": str(code.count("type: ignore")),
    }


def of_revision(revision: str) -> dict[str, str]:
    """The same for a revision, unpacked beside."""
    packed = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return measure(Path(folder))


def beyond_limits(found: dict[str, str]) -> list[str]:
    """What exceeds a limit of the project, a sentence each."""
    return [
        sentence
        for sentence, is_beyond in (
            (f"files over {LONGEST_FILE} lines", found[f"files over {LONGEST_FILE} lines"] != "0"),
            (f"a function over {LONGEST_FUNCTION} lines", int(found["function, longest"]) > LONGEST_FUNCTION),
            ("rooms that import each other in a circle", found["rooms in circles"] != "0"),
            (
                f"less than {LEAST_TYPED} % of expressions typed",
                float(found["typed expressions, %"]) < LEAST_TYPED,
            ),
        )
        if is_beyond
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", metavar="REVISION", help="an earlier revision to stand beside")
    parser.add_argument("--limits", action="store_true", help="exit 1 where a limit is exceeded")
    asked = parser.parse_args()
    now = measure(ROOT)
    before = of_revision(asked.before) if asked.before else {}
    for name, value in now.items():
        print(f"{name:32}{before.get(name, ''):>10}{value:>10}")
    if asked.limits and (beyond := beyond_limits(now)):
        sys.exit("beyond the limits: " + "; ".join(beyond))


if __name__ == "__main__":
    main()
