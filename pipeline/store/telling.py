"""Telling the feed what a publisher changes, so that nothing is left out, whoever is killed when.

A publisher notes which partitions it may replace, with their versions, before it replaces the first of them; it tells what it
did after the last, and removes the note. A note that stays is that of one who was killed. Whoever holds its lock next, publishes anything
a quarter of an hour later, or clears up, looks at it: a partition that has another version than the note says is told as a whole, and the
note takes the version. So a change may be told twice, which harms nobody, since who reads the feed looks at what stands now; and it
may be told late, never before it stands.

A note goes only with the lock that it names, which its publisher holds for as long as it is at work: by its publisher, or by who holds
the lock after it.
"""

import json
import logging
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa

from pipeline.model.changes_table import Cause, Op
from pipeline.model.contract import Contract
from pipeline.model.days import days_among
from pipeline.model.errors import (
    ContractError,
    DamagedError,
    MissingInputError,
    NewsfoldError,
    OvertakenError,
)
from pipeline.model.tables import PUBLISHED
from pipeline.store import damage, layout
from pipeline.store.difference import difference
from pipeline.store.feed import Feed, Publication, whole
from pipeline.store.storage import ABSENT, Storage, filler

log = logging.getLogger(__name__)

Partition = tuple[str, date]  # a published table, and a day
_PATIENCE_SECONDS = (
    900.0  # a publication takes seconds; what is told for one that still goes on is told again
)
_TABLES = {contract.name: contract for contract in PUBLISHED}


@dataclass
class Session:
    """What one publisher is about to replace, and what it has replaced. It holds `lock` meanwhile."""

    cause: Cause
    lock: str
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    expected: dict[Partition, str] = field(default_factory=dict)
    noted: set[Partition] = field(default_factory=set)
    done: list[Publication] = field(default_factory=list)
    is_unsure: bool = False  # a replacement that was said to have failed may stand: its note stays


@dataclass(frozen=True)
class _Note:
    """What a publisher noted: its lock (earlier versions named none), its cause, and the versions of what it may replace.

    `begun` is in milliseconds since 1970. Of a note that can't be read nothing is known: it may name anything, and it is old.
    """

    lock: str
    cause: Cause
    versions: dict[Partition, str] | None
    begun: int


_UNREADABLE = _Note("", Cause.RUN, None, 0)


@dataclass(frozen=True)
class _Left:
    """A note as it stands, what is to be told for its publisher, and the versions of that."""

    path: str
    version: str
    note: _Note
    moved: dict[Partition, str]
    publications: list[Publication]


class Teller:
    """Tells the feed of one warehouse. `digest` gives the digest of what stands in a partition."""

    def __init__(self, storage: Storage, digest: Callable[[Contract, date], str]) -> None:
        self.feed, self._storage, self._digest = Feed(storage), storage, digest
        self._session: Session | None = None

    @contextmanager
    def session(
        self, cause: Cause, partitions: Iterable[Partition] = (), lock: str = ""
    ) -> Iterator[Session]:
        """What is replaced within is told at its end; within another session, at the end of that. `partitions` may be replaced.

        `lock` names a lock that the caller holds meanwhile; without it, one is held that is nobody else's. An error of the
        caller's is raised when what was replaced before it is told. What can't be told is told by the next one, since
        the note stays, as it does when a publisher is killed: what was published is not undone for it.
        """
        if self._session is not None:
            yield self._session
            return
        session = Session(cause, lock)
        session.expected |= dict.fromkeys(partitions, "")
        with ExitStack() as held:
            if not lock:
                session.lock = layout.publisher_lock(session.name)
                held.enter_context(self._storage.lock(session.lock))
            self._session = session
            try:
                yield session
            except Exception:
                self._close_or_warn(session)
                raise
            else:
                self._close_or_warn(session)
            finally:
                self._session = None

    @contextmanager
    def replacing(
        self, partition: Partition, version: str, changed: Callable[[], pa.Table]
    ) -> Iterator[None]:
        """Around the replacement of a partition of that version: `changed` gives, before it, what there will be to tell."""
        with self.session(Cause.RUN) as session:
            self._note(session, partition, version)
            rows = changed()
            try:
                yield
            except Exception as error:
                session.is_unsure |= not isinstance(error, OvertakenError)
                raise
            table, day = partition
            if rows.num_rows:
                session.done.append(Publication(table, day, rows, session.cause))

    def _note(self, session: Session, partition: Partition, version: str) -> None:
        """See to it that the note of the session has the partition."""
        if partition in session.noted:
            return
        session.expected[partition] = version
        new = session.expected.keys() - session.noted  # not those that it has made itself meanwhile
        lacking = {p: _place(*p) for p in new if not session.expected[p]}
        standing = self._storage.versions(lacking.values())
        session.expected |= {p: standing[path] for p, path in lacking.items()}
        note = _Note(session.lock, session.cause, session.expected, self.feed.clock())
        self._storage.replace(_path_of(session.name), filler(_spelt(note)))
        session.noted |= session.expected.keys()

    def _close_or_warn(self, session: Session) -> None:
        """Tell what can be told; what can't is told by the next one."""
        try:
            self._close(session)
        except (NewsfoldError, OSError) as error:
            log.warning("what was published is not in the feed of changes yet: %s", error)

    def _close(self, session: Session) -> None:
        others = self._due(session)
        if session.done or others:
            self._tell(session, others)
        if session.noted and not session.is_unsure:
            self._storage.delete(_path_of(session.name))

    def _due(self, session: Session) -> list[str]:
        """The notes of publishers that are gone, as far as that is known."""
        before, own = self._ago(_PATIENCE_SECONDS), _path_of(session.name)
        notes = self._notes()
        return [p for p, n in notes.items() if p != own and (n.lock == session.lock or n.begun <= before)]

    def _tell(self, session: Session, others: Iterable[str]) -> None:
        """Tell what the session did, and what others left; a note goes if the session holds its lock."""
        with self._storage.lock(layout.CHANGES_LOCK):
            found = [left for path in others if (left := self._left(path))]
            told = [one for left in found for one in left.publications]
            if told or session.done:
                self.feed.append([*told, *session.done])
            for left in found:
                self._settle(left, is_over=left.note.lock == session.lock or left.note is _UNREADABLE)

    def _left(self, path: str) -> _Left | None:
        """What another publisher's note says that was not told; None where the note is gone."""
        version, note = self._storage.version(path), self._read_note(path)
        if note is None:
            return None
        known = self._everything() if note.versions is None else note.versions
        now = self._storage.versions([_place(*p) for p in known])
        moved = {p: now[_place(*p)] for p, before in known.items() if now[_place(*p)] != before}
        told = [self._standing(p, version == ABSENT, note.cause) for p, version in sorted(moved.items())]
        return _Left(path, version, note, moved, told)

    def _everything(self) -> dict[Partition, str]:
        """All that stands, in versions that nothing has: nobody knows what of it is new."""
        return {
            (c.name, day): "?"
            for c in PUBLISHED
            for day in days_among(self._storage.folders(layout.table(c)))
        }

    def _standing(self, partition: Partition, is_gone: bool, cause: Cause) -> Publication:
        table, day = partition
        rows = (
            whole(Op.DELETE, None, None)
            if is_gone
            else whole(Op.LOAD, None, self._digest(_TABLES[table], day))
        )
        return Publication(table, day, rows, cause)

    def _settle(self, left: _Left, *, is_over: bool) -> None:
        """Remove a note whose publisher has ended, or note what was told of it."""
        if is_over:
            self._storage.delete(left.path)
        elif left.moved:
            versions = (left.note.versions or {}) | left.moved
            with suppress(OvertakenError):  # its publisher is at work
                self._storage.replace(
                    left.path, filler(_spelt(replace(left.note, versions=versions))), left.version
                )

    # --- what others left -------------------------------------------------------------------------------------------

    def _notes(self) -> dict[str, _Note]:
        """The notes that stand, by their paths."""
        paths = sorted(entry.path for entry in self._storage.walk(layout.CHANGES_PENDING))
        return {path: note for path in paths if (note := self._read_note(path))}

    def _read_note(self, path: str) -> _Note | None:
        """A note; None where it is gone."""
        try:
            with damage.named(self._storage, path):
                return _parsed(self._storage.read(path))
        except FileNotFoundError:
            return None
        except (DamagedError, TypeError):
            return _UNREADABLE

    def _ago(self, seconds: float) -> float:
        return self.feed.clock() - seconds * 1000

    def left_behind(self, min_age_seconds: float) -> list[str]:
        """The notes that are at least so old; their publishers may be at work."""
        before = self._ago(min_age_seconds)
        return [path for path, note in self._notes().items() if note.begun <= before]

    def clear(self, path: str) -> None:
        """Tell what a note says that was not told, and remove it; first wait for its publisher, if that is at work."""
        lock = note.lock if (note := self._read_note(path)) else ""
        with self._storage.lock(lock) if lock else nullcontext():
            self._tell(Session(Cause.RUN, lock), [path])


def changed_rows(
    contract: Contract, before: str | None, after: str, old: Callable[[], pa.Table] | None, new: pa.Table
) -> pa.Table:
    """What there is to tell of a partition that gets other rows, by digests: its rows where `old` gives those that were told, and there
    are several: one row is all of it.
    """
    rows = None
    if old is not None and new.num_rows > 1:
        with suppress(MissingInputError, ContractError):  # they can't be read
            rows = difference(contract, old(), new)
    return whole(Op.LOAD, before, after) if rows is None else rows


_CHECK = "check"  # beside the fields: a flipped bit may spell another partition, or another version


def _spelt(note: _Note) -> bytes:
    versions = [[table, str(day), version] for (table, day), version in sorted((note.versions or {}).items())]
    said = {"lock": note.lock, "cause": note.cause, "versions": versions, "begun": note.begun}
    return json.dumps(said | {_CHECK: _check_of(said)}, sort_keys=True).encode()


def _parsed(data: bytes) -> _Note:
    """The note that these bytes spell; raises ValueError, LookupError or TypeError where they spell none. Earlier versions wrote no check."""
    said = dict(json.loads(data))
    if said.pop(_CHECK, None) not in {None, _check_of(said)}:
        raise ValueError("it was changed since it was written")
    versions = {(_TABLES[t].name, date.fromisoformat(d)): str(v) for t, d, v in said["versions"]}
    return _Note(str(said["lock"]), Cause(said["cause"]), versions, int(said["begun"]))


def _check_of(said: dict[str, object]) -> str:
    return f"{zlib.crc32(json.dumps(said, sort_keys=True).encode()):08x}"


def _place(table: str, day: date) -> str:
    return layout.partition(_TABLES[table], day)


def _path_of(name: str) -> str:
    return f"{layout.CHANGES_PENDING}/{name}.json"
