"""What the harvest remembers from run to run, under `_meta/harvest`. It follows from nothing else: `gc` leaves it.

A shard is one small file, of a host or of an outlet: sections of values by key. Only shards that a run touches are read, only those that
it changed are written, each at once and over the version that was read. Between two savings the journal has what was learnt.
"""

import hashlib
import json
import logging
import re
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.harvest.journal import Change, Journal
from pipeline.model.errors import DamagedError
from pipeline.store import damage, layout
from pipeline.store.storage import ABSENT, Storage, filler

log = logging.getLogger(__name__)

Sections = dict[str, dict[str, Any]]
_AT_ONCE = 16  # files that are read or written side by side: a bucket answers in tens of milliseconds


@dataclass
class _Shard:
    sections: Sections = field(default_factory=dict)
    version: str = ABSENT
    is_changed: bool = False


class State:
    """Values by shard, section and key. `commit` makes what was put since the last time outlive a kill, `save` stores it."""

    def __init__(self, storage: Storage, journal: Journal) -> None:
        self._storage, self._journal = storage, journal
        self._shards: dict[str, _Shard] = {}
        self._open: list[Change] = []
        for changes in journal.read():
            for change in changes:
                self._apply(change)

    def get(self, shard: str, section: str, key: str) -> Any:
        """The value, or None. Values are JSON; change one only by `put`."""
        return self.section(shard, section).get(key)

    def section(self, shard: str, section: str) -> Mapping[str, Any]:
        return self._loaded(shard).sections.get(section, {})

    def put(self, shard: str, section: str, key: str, value: object) -> None:
        """Set a value; None removes it."""
        change = Change(shard, section, key, value)
        self._apply(change)
        self._open.append(change)

    def commit(self) -> None:
        """What was put since the last time belongs together, and outlives this process from now on."""
        if self._open:
            self._journal.append(self._open)
            self._open = []

    def load(self, shards: Iterable[str]) -> None:
        """Read shards side by side; without it each is read when it is asked for."""
        wanted = sorted(set(shards) - set(self._shards))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self._shards |= dict(zip(wanted, pool.map(self._read, wanted), strict=True))

    def save(self) -> None:
        """Store every changed shard, then forget the journal. Raises OvertakenError where somebody else wrote one meanwhile."""
        self.commit()
        changed = sorted(name for name, shard in self._shards.items() if shard.is_changed)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._write, changed))
        self._journal.clear()

    def _apply(self, change: Change) -> None:
        shard = self._loaded(change.shard)
        section = shard.sections.setdefault(change.section, {})
        if change.value is None:
            section.pop(change.key, None)
        else:
            section[change.key] = change.value
        shard.is_changed = True

    def _loaded(self, name: str) -> _Shard:
        if name not in self._shards:
            self._shards[name] = self._read(name)
        return self._shards[name]

    def _read(self, name: str) -> _Shard:
        """A damaged shard counts as empty: what it knew is asked again, and that is said."""
        path = _path(name)
        version = self._storage.version(path)
        if version == ABSENT:
            return _Shard()
        try:
            with damage.named(self._storage, path), self._storage.open(path, version) as source:
                data = source.read()
            return _Shard(_parsed(data), version)
        except (DamagedError, ValueError, zlib.error) as error:
            log.warning("%s/%s is damaged and counts as empty: %s", self._storage.uri, path, error)
            return _Shard(version=version)

    def _write(self, name: str) -> None:
        shard = self._shards[name]
        data = _spelt(shard.sections)
        shard.version = self._storage.replace(_path(name), filler(data), shard.version)
        shard.is_changed = False


def host_shard(host: str) -> str:
    """The shard of what is known of a host and of its pages."""
    return f"hosts/{_name_of(host)}"


def outlet_shard(outlet: str) -> str:
    """The shard of what is known of an outlet's listings, and of its pages that wait."""
    return f"outlets/{_name_of(outlet)}"


@lru_cache(maxsize=4096)
def _name_of(text: str) -> str:
    """A name of a file that no other text has, and that people can read."""
    return (
        f"{re.sub(r'[^a-z0-9.]+', '-', text.lower())[:60]}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
    )


def _path(name: str) -> str:
    return f"{layout.HARVEST}/{name}.json.z"


def _spelt(sections: Sections) -> bytes:
    """The same sections, the same bytes. zlib's own checksum shows damage."""
    kept = {name: section for name, section in sections.items() if section}
    return zlib.compress(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode(), 6)


def _parsed(data: bytes) -> Sections:
    found = json.loads(zlib.decompress(data))
    if not isinstance(found, dict) or not all(isinstance(section, dict) for section in found.values()):
        raise ValueError("no sections of values")
    return found
