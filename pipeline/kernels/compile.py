"""How loops become machine code, and where it is kept."""

import ast
import hashlib
import importlib
import importlib.util
import inspect
import logging
import pickle
import pkgutil
import sys
import threading
import time
import typing
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, update_wrapper
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Generic, ParamSpec, TypeVar

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types
from numba.core import caching, config
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps
from numba.misc.appdirs import AppDirs

log = logging.getLogger(__name__)


P = ParamSpec("P")
R = TypeVar("R")
Scalar = TypeVar("Scalar", bound=np.generic)
AnyArray = TypeVar("AnyArray")

# Of a kernel's arguments NDArray[…] is an array of one dimension, read and not written.
Matrix = np.ndarray[tuple[int, int], np.dtype[Scalar]]
Written = Annotated[AnyArray, "written"]

_FORM = "machine code, names"  # what `_reduced` leaves
_MADE_WITH = (sys.version, numba.__version__, llvmlite.__version__, np.__version__, _FORM)
_SCALARS = {bool: types.boolean, int: types.int64, float: types.float64}


@dataclass(frozen=True)
class Readied:
    """What had to be done to have a kernel's machine code, and the file in which it is kept (None: in none)."""

    name: str
    is_compiled: bool
    path: Path | None
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        path = str(self.path) if self.path else None
        return {"kernel": self.name, "compiled": self.is_compiled, "path": path, "seconds": self.seconds}


class Kernel(Generic[P, R]):
    """A function that is compiled for the types that its annotations name. Threads may call it at once."""

    def __init__(self, function: Callable[P, R]) -> None:
        update_wrapper(self, function)
        self.name, self._function = function.__name__, function
        self._kept = _Kept(self.name, function.__module__)
        self._dispatcher = numba.njit(nogil=True)(function)
        self._dispatcher._cache = self._kept  # noqa: SLF001 - numba asks nobody but the environment where code is kept
        self._types: tuple[types.Type, ...] = ()
        self._lock = threading.Lock()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Raises TypeError for arguments of other types than the annotations name."""
        if not self._types:
            self.ready()
        found: R = self._dispatcher(*map(_fitted, args, self._types), **kwargs)
        return found

    def ready(self) -> Readied:
        """Have the machine code: from where it is kept, else compiled and kept."""
        begun = time.perf_counter()
        with self._lock:
            if not self._types:
                signature = signature_of(self._function)
                self._dispatcher.compile(signature)
                self._dispatcher.disable_compile()
                self._types = signature
        is_compiled = bool(self._dispatcher.stats.cache_misses)
        return Readied(self.name, is_compiled, self._kept.path, time.perf_counter() - begun)


def compiled(function: Callable[P, R]) -> Kernel[P, R]:
    """A kernel: a function over arrays that Python calls."""
    return Kernel(function)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A function that becomes part of the compiled code that calls it; numba infers its types from the call."""
    made: Callable[P, R] = numba.njit(
        nogil=True, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)
    return made


def kernels(module: ModuleType) -> Iterator[Kernel[..., Any]]:
    """The kernels of a module, or of all modules of a package, in the order of their names."""
    names = [
        f"{module.__name__}.{found.name}" for found in pkgutil.iter_modules(getattr(module, "__path__", []))
    ]
    for one in (module, *map(importlib.import_module, sorted(names))):
        found = [value for value in vars(one).values() if isinstance(value, Kernel)]
        yield from sorted((k for k in found if k.__module__ == one.__name__), key=lambda kernel: kernel.name)


def signature_of(function: Callable[..., Any]) -> tuple[types.Type, ...]:
    """What a function's annotations are in numba's types."""
    hints = typing.get_type_hints(function, include_extras=True)
    return tuple(_type(hints[name]) for name in inspect.signature(function).parameters)


def _expanded(hint: Any) -> Any:
    """What an alias with arguments stands for: where Python has aliases as such (3.12), NumPy's `NDArray` is one."""
    alias = getattr(typing.get_origin(hint), "__value__", None)
    return hint if alias is None else alias[typing.get_args(hint)]


def _type(hint: Any) -> types.Type:
    hint = _expanded(hint)
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is Annotated:
        return _type(arguments[0]).copy(readonly=False)
    if typing.get_origin(hint) is np.ndarray:
        n_dimensions = 2 if typing.get_args(arguments[0]) == (int, int) else 1
        (scalar,) = typing.get_args(arguments[1])
        return types.Array(numba.from_dtype(np.dtype(scalar)), n_dimensions, "C", readonly=True)
    if typing.get_origin(hint) is tuple:
        return types.BaseTuple.from_types(tuple(map(_type, arguments)))
    if issubclass(hint, tuple):
        fields = typing.get_type_hints(hint, include_extras=True).values()
        return types.BaseTuple.from_types(tuple(map(_type, fields)), hint)
    return _SCALARS[hint] if hint in _SCALARS else numba.from_dtype(np.dtype(hint))


def _fitted(value: Any, kind: types.Type) -> Any:
    """An argument as its kind says: an array that is only read may have come in any order and from anybody's memory."""
    if type(value) is np.ndarray:
        return value if value.flags.c_contiguous or kind.mutable else np.ascontiguousarray(value)
    if isinstance(kind, types.BaseNamedTuple):
        return type(value)(*map(_member, value, kind))
    return value


def _member(value: Any, kind: types.Type) -> Any:
    """As _fitted: numba takes an array that can be written for one that is only read, but not in a named tuple."""
    value = _fitted(value, kind)
    if type(value) is np.ndarray and not kind.mutable:
        value = value.view()
        value.flags.writeable = False
    return value


class _Kept(caching._Cache):  # type: ignore[misc]  # noqa: SLF001 - the seam that numba's own caches fill
    """Keeps the machine code of one kernel, in a file in each folder that is named by the code's digest.

    numba's own cache knows a function by its own file alone, keeps one index for all processors that share a folder (of
    two that write at once, one may get the other's code), and does not read a folder that it can't write.
    A file is written under another name and renamed; one that is damaged counts as none.
    """

    def __init__(self, name: str, module: str) -> None:
        self.name, self.module = name, module
        # Now: a process may outlive an upgrade, and compiles what it has imported.
        self.made_from = _digest_of_sources(module)
        self.path: Path | None = None

    @property
    def cache_path(self) -> str | None:
        """The folder, for numba's own statistics."""
        return str(self.path.parent) if self.path else None

    def load_overload(self, sig: object, target_context: Any) -> CompileResult | None:  # noqa: ARG002 - a kernel has one
        """The kept code; None where there is none."""
        _refresh(target_context)
        for path in self._paths(target_context.codegen()):
            if (code := _read(path)) is not None:
                self.path = path
                return CompileResult._rebuild(target_context, *pickle.loads(code))  # noqa: S301, SLF001 - our own file
        _say_once(
            "compiling what this machine has not compiled yet: up to half a minute; newsfold warm does all of it"
        )
        return None

    def save_overload(self, sig: object, data: CompileResult) -> None:  # noqa: ARG002 - a kernel has one
        """Keep what was compiled, in the first folder that can be written."""
        if data.library.has_dynamic_globals:
            _say_once(f"{self.name} can't be kept: its machine code holds addresses of this process")
            return
        code = dumps(_reduced(data))
        for path in self._paths(data.library.codegen):
            with suppress(OSError):
                _write(path, code)
                self.path = path
                return
        _say_once(_nowhere(self.module))

    def _paths(self, codegen: Any) -> list[Path]:
        digest = _digest((self.made_from, *_MADE_WITH, *codegen.magic_tuple()))
        file = f"{self.module}.{self.name}.code"
        return [folder / f"newsfold-{digest}" / file for folder in folders(self.module)]

    def enable(self) -> None:
        """Always so."""

    def disable(self) -> None:
        """Never so."""

    def flush(self) -> None:
        """What is kept is never stale."""


@cache
def _refresh(target_context: Any) -> None:
    """Have numba load its own declarations, once: each time takes a millisecond, and kept code needs no later ones."""
    target_context.refresh()


def _reduced(data: CompileResult) -> tuple[Any, ...]:
    """What numba's own caches keep of a kernel, but of its intermediate code the names that Python calls alone. The rest is for
    functions that others inline, and no kernel is part of another; to read it takes as long as all else of a kernel, and half a megabyte.
    """
    whole = data._reduce()  # noqa: SLF001 - as numba's own caches do
    match whole:
        case ((name, "object", (bytes() as machine_code, bytes())), *others):
            called = (data.fndesc.llvm_func_name, data.fndesc.llvm_cpython_wrapper_name)
            names = llvm.parse_assembly("".join(f'define void @"{one}"() {{ ret void }}\n' for one in called))
            return (name, "object", (machine_code, names.as_bitcode())), *others
    return tuple(whole)  # a numba that keeps it otherwise


def folders(module: str) -> list[Path]:
    """Where a module's machine code may be kept, the first that can be written: $NUMBA_CACHE_DIR, beside the source as Python's own
    compiled code is, the user's cache. Nowhere without its source: nothing would tell when it changes.
    """
    if not _source(module):
        return []
    found = [Path(config.CACHE_DIR)] if config.CACHE_DIR else []
    spec = importlib.util.find_spec(module)
    if spec and spec.origin and Path(spec.origin).is_file():
        found.append(Path(importlib.util.cache_from_source(spec.origin)).parent)
    users = Path(AppDirs("numba", appauthor=False).user_cache_dir)
    return [*found, users] if users.is_absolute() else found  # "~/.cache" for a user without a home


@cache
def _digest_of_sources(module: str) -> str:
    return _digest(tuple(part for item in sorted(sources(module).items()) for part in item))


def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def sources(module: str) -> dict[str, str]:
    """The source of a module and of all modules of its package that it imports, and that these import, by name.

    A compiled function holds the values of the names that it uses, so that any of these files may be part of it.
    """
    package, found, waiting = module.partition(".")[0], dict[str, str](), [module]
    while waiting:
        name = waiting.pop()
        if name in found or name.partition(".")[0] != package:
            continue
        if (source := _source(name)) is not None:
            found[name] = source
            waiting += _imported(name, source)
    return found


def _source(name: str) -> str | None:
    """None for what is no module but a name in one."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    return spec.loader.get_source(name) if spec and isinstance(spec.loader, _HasSource) else None


@typing.runtime_checkable
class _HasSource(typing.Protocol):
    def get_source(self, fullname: str) -> str | None: ...


@cache  # parsed once: the modules of kernels import each other
def _imported(name: str, source: str) -> tuple[str, ...]:
    """What a module may import: the names of modules, and names in modules that may be modules too."""
    return tuple(dict.fromkeys(_named(name, source)))


def _named(name: str, source: str) -> Iterator[str]:
    spec = importlib.util.find_spec(name)
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level and spec and spec.parent:
                base = importlib.util.resolve_name("." * node.level + base, spec.parent)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements within a module or a statement, in their order; there is no need to look into expressions, which are ten times as many."""
    for part in ("body", "handlers", "cases", "orelse", "finalbody"):
        for inner in getattr(node, part, ()):
            yield inner
            yield from _statements(inner)


def _read(path: Path) -> bytes | None:
    """What `_write` wrote; None where there is nothing that can be read, or it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    checked, code = content[:32], content[32:]
    return code if checked == hashlib.sha256(code).digest() else None


def _write(path: Path, code: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        beside.write_bytes(hashlib.sha256(code).digest() + code)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _nowhere(module: str) -> str:
    tried = " or ".join(map(str, folders(module))) or "any folder"
    return f"compiled code can't be kept in {tried}: each process compiles again; NUMBA_CACHE_DIR names another folder"


@cache
def _say_once(message: str) -> None:
    log.warning(message)
