"""The list of removals of a warehouse: a small file under `_meta`, and a copy of it.

The list follows from nothing else, so `gc` and repair never touch it, and it must not be lost: a damaged file is read from its
copy. Where neither can be read, nothing is made, since a run would publish again what was removed.
"""

import json
import logging
import zlib
from collections.abc import Callable, Iterable

from pipeline.model.errors import DamagedError
from pipeline.model.removal import Removal, Target
from pipeline.store import damage, layout
from pipeline.store.storage import Storage, filler

log = logging.getLogger(__name__)


def read(storage: Storage) -> tuple[Removal, ...]:
    """The removals in their order; none where there is no list. Raises DamagedError where neither file can be read."""
    damaged: DamagedError | None = None
    for path in (layout.REMOVED, layout.REMOVED_COPY):
        try:
            return _whole(storage, path)
        except FileNotFoundError:
            continue
        except DamagedError as error:
            damaged = error
    if damaged is not None:
        raise DamagedError(
            f"{storage.uri}: {layout.REMOVED} and its copy can't be read, so it is not known what was removed; restore one of them"
        ) from damaged
    return ()


def change(storage: Storage, edit: Callable[[set[Removal]], Iterable[Removal]]) -> tuple[Removal, ...]:
    """Replace the list by what `edit` makes of it, first the file, then the copy; returns the new one."""
    with storage.lock(layout.REMOVALS_LOCK):
        paths = (layout.REMOVED, layout.REMOVED_COPY)
        versions = {path: storage.version(path) for path in paths}  # a lease may run out unnoticed
        now = tuple(sorted(edit(set(read(storage)))))
        for path in paths:
            storage.replace(path, filler(_spelt(now)), versions[path])
    return now


def unreadable(storage: Storage) -> list[str]:
    """Those of the two files that are damaged."""
    return [path for path in (layout.REMOVED, layout.REMOVED_COPY) if _is_damaged(storage, path)]


def _is_damaged(storage: Storage, path: str) -> bool:
    try:
        _whole(storage, path)
    except FileNotFoundError:
        return False
    except DamagedError:
        return True
    return False


def _whole(storage: Storage, path: str) -> tuple[Removal, ...]:
    with damage.named(storage, path):
        said = json.loads(storage.read(path))
        if not isinstance(said, dict):
            raise ValueError("no list")  # noqa: TRY004 - one kind of error for all that is malformed
        lines = said["removals"]
        if said["check"] != _check_of(lines):
            raise ValueError("it was changed since it was written")
        return tuple(Removal(Target(line["target"]), line["value"], line["document"]) for line in lines)


def _spelt(removals: Iterable[Removal]) -> bytes:
    lines = [{"target": one.target, "value": one.value, "document": one.document} for one in removals]
    return json.dumps({"removals": lines, "check": _check_of(lines)}, sort_keys=True, indent=1).encode()


def _check_of(lines: object) -> str:
    """Digits that show that a list is as it was written."""
    return f"{zlib.crc32(json.dumps(lines, sort_keys=True).encode()):08x}"
