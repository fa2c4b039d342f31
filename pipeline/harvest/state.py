"""What the harvest remembers from run to run, under `_meta/harvest`. It follows from nothing else: `gc` leaves it.

A shard is one small file, of a host or of an outlet: sections of values by key. Only shards that a run touches are read, only those that
it changed are written, each at once and over the version that was read. Between two savings the journal has what was learnt.

Journals are of one machine, shards of all. A machine whose run was killed, or whose lock ran out, may come back when others have stored
what they learnt. So each change in a journal names the value that it continues: it counts where that still stands, and where somebody
else has put another value since, theirs does. Nobody's other values are touched.
"""

import hashlib
import itertools
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
from pipeline.model.errors import DamagedError, OvertakenError
from pipeline.store import damage, layout
from pipeline.store.storage import ABSENT, Storage, filler

log = logging.getLogger(__name__)

Sections = dict[str, dict[str, Any]]
_MAX_TRIES = 5  # to store; each time somebody else was quicker
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
        self._ours: set[tuple[str, str, str]] = set()  # keys whose values the journal has
        self._replay()

    def get(self, shard: str, section: str, key: str) -> Any:
        """The value, or None. Values are JSON; change one only by `put`."""
        return self.section(shard, section).get(key)

    def section(self, shard: str, section: str) -> Mapping[str, Any]:
        return self._loaded(shard).sections.get(section, {})

    def put(self, shard: str, section: str, key: str, value: object) -> None:
        """Set a value; None removes it."""
        named = shard, section, key
        change = Change(*named, value, "" if named in self._ours else _name_of_value(self.get(*named)))
        self._ours.add(named)
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
        """Store every changed shard, then forget the journal. What somebody else stored meanwhile is kept; raises OvertakenError where
        that happens again and again.
        """
        self.commit()
        for n_tries in itertools.count(1):
            try:
                self._write_changed()
                break
            except OvertakenError:
                if n_tries == _MAX_TRIES:
                    raise
                self._replay()
        self._journal.clear()
        self._ours.clear()

    def _write_changed(self) -> None:
        changed = sorted(name for name, shard in self._shards.items() if shard.is_changed)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._write, changed))

    def _replay(self) -> None:
        """The stored values, with those changes of the journal that continue them."""
        self._shards.clear()
        self._ours.clear()
        for change in itertools.chain.from_iterable(self._journal.read()):
            named = change.shard, change.section, change.key
            if change.continues:
                is_ours = change.continues == _name_of_value(self.get(*named))
                (self._ours.add if is_ours else self._ours.discard)(named)
            if change.continues is None or named in self._ours:
                self._apply(change)

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

        def look() -> bytes:
            with damage.named(self._storage, path), self._storage.open(path, version) as source:
                return source.read()

        try:
            return _Shard(_parsed(damage.twice(look)), version)
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


def _name_of_value(value: object) -> str:
    """The name of a value: different for different values. A value that is not there counts as None, which is never stored."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


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
