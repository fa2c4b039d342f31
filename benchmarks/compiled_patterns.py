"""Every regular expression of newsfold, as the package compiles it: `python -m benchmarks.compiled_patterns` prints them, one in JSON a line.

That is a process of its own: a pattern shows itself only when it is compiled, so `re` and `regex` are watched before anything of
newsfold is imported. Each module is imported then, and each function that keeps patterns is called.
"""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import regex

if TYPE_CHECKING:
    from types import FrameType

ROOT = Path(__file__).parents[1] / "pipeline"
MAKERS = ("compile", "sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split")
AT_START = frozenset({"match", "fullmatch"})
PASSED_ON = ("compiled", "pattern")  # functions of text/scripts that compile for others


class Pattern(NamedTuple):
    """A pattern, the places that compile it (`room/module.py:` and its name, or the line), and whether it is tried at one place of a text only."""

    spelt: str
    is_bytes: bool
    flags: int
    library: str
    is_at_start: bool
    places: list[str]
    lines: list[str]  # `room/module.py:line`

    def compile(self) -> Any:
        written = self.spelt.encode("latin-1") if self.is_bytes else self.spelt
        return (re if self.library == "re" else regex).compile(written, self.flags)


@cache
def patterns() -> list[Pattern]:
    """All of them, in the order of their places."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.compiled_patterns"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT.parent,
    )
    return sorted((Pattern(*json.loads(line)) for line in told.stdout.splitlines()), key=lambda p: p.places)


# --- the source ------------------------------------------------------------------------------------------------


@cache
def places() -> dict[str, str]:
    """Where the source compiles a pattern, and the function of `re` that does it there."""
    return {_place(path, call): called for path, call, called in _calls()}


@cache
def _calls() -> list[tuple[Path, ast.Call, str]]:
    """The calls of the source that compile a pattern, with the function of `re` or `regex` that does it."""
    return [
        (path, node, node.func.attr)
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_maker(node.func)
    ]


def _is_maker(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id in {"re", "regex"}
        and called.attr in MAKERS
    )


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


@cache
def _trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted(ROOT.rglob("*.py"))]


@cache
def _names() -> dict[str, str]:
    """The names that the source gives to patterns, `room/module.py:NAME`, by the place of each."""
    return {
        _place(path, node.value): f"{path.relative_to(ROOT)}:{node.targets[0].id}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.targets[0], ast.Name)
        and _makes(node.value.func)
    }


def _at_start() -> set[str]:
    """The places of patterns of which only `match` and `fullmatch` are ever called. A name with `_` belongs to its module."""
    called: dict[str, set[str]] = defaultdict(set)
    for path, tree in _trees():
        receivers = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                called[f"{path.relative_to(ROOT)}:{node.id}"].add(receivers.get(id(node), "passed on"))
    at_start = {place for place, called_there in places().items() if called_there in AT_START}
    own = {place: name for place, name in _names().items() if name.partition(":")[2].startswith("_")}
    return at_start | {place for place, name in own.items() if called[name] <= AT_START}


def _makes(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return _is_maker(called) or name in PASSED_ON


# --- the process that collects ---------------------------------------------------------------------------------

Met = dict[tuple[str, bool, int, str], set[str]]


def collect() -> Iterator[Pattern]:
    """What the source spells where it is compiled, and what else is compiled when all of the package is called."""
    met: Met = defaultdict(set)
    for path, call, _ in _calls():
        if isinstance(call.args[0], ast.Constant) and isinstance(call.func, ast.Attribute):
            _note(
                met, getattr(call.func.value, "id", ""), call.args[0].value, _flags(call), _place(path, call)
            )
    for library in (re, regex):
        for maker in MAKERS:
            setattr(library, maker, _watched(library.__name__, getattr(library, maker), met))
    _call_all()
    starts, names = _at_start(), _names()
    for (spelt, is_bytes, flags, library), where in met.items():
        yield Pattern(
            spelt,
            is_bytes,
            flags,
            library,
            where <= starts,
            sorted(names.get(p, p) for p in where),
            sorted(where),
        )


def _note(met: Met, library: str, written: str | bytes, flags: int, place: str) -> None:
    is_bytes = isinstance(written, bytes)
    spelt = written.decode("latin-1") if isinstance(written, bytes) else written
    met[spelt, is_bytes, flags, library].add(place)


def _flags(call: ast.Call) -> int:
    """The flags that a call spells."""
    given = [k.value for k in call.keywords if k.arg == "flags"] or call.args[1:2]
    named = {node.attr for value in given for node in ast.walk(value) if isinstance(node, ast.Attribute)}
    return int(sum(re.RegexFlag[name] for name in named & set(re.RegexFlag.__members__)))


def _watched(library: str, make: Callable[..., Any], met: Met) -> Callable[..., Any]:
    def watched(written: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(written, str | bytes) and (place := _caller()):
            flags = options.get("flags", arguments[0] if make.__name__ == "compile" and arguments else 0)
            _note(met, library, written, int(flags), place)
        return make(written, *arguments, **options)

    return watched


def _caller() -> str | None:
    """The place in newsfold that compiles, or has it done."""
    frame: FrameType | None = sys._getframe(2)
    while frame and frame.f_code.co_name in PASSED_ON:
        frame = frame.f_back
    path = Path(frame.f_code.co_filename) if frame else None
    is_ours = path is not None and path.is_relative_to(ROOT)
    return f"{path.relative_to(ROOT)}:{frame.f_lineno}" if path and frame and is_ours else None


def _call_all() -> None:
    """Import each module, and call what compiles only then."""
    for found in pkgutil.walk_packages([str(ROOT)], "pipeline."):
        if found.name not in ("pipeline.__main__", "pipeline.engines.spark"):
            importlib.import_module(found.name)
    from pipeline.clean import agency
    from pipeline.extract import plaintext
    from pipeline.flows.credits import _opening
    from pipeline.stories import figures
    from pipeline.text import scripts, written_dates

    agency.stated("LONDON (Reuters) - It rained.\n(AFP, dpa)", ["dpa"])
    agency._stamped()
    plaintext._is_with_site("Ferries stop | Bay Herald", "Ferries stop")
    _opening("from")
    figures._sign()
    scripts.seen("i\u0307\u200b")
    written_dates._patterns()


if __name__ == "__main__":
    for one in collect():
        print(json.dumps(one))
