"""Telling the feed what a publisher changes, so that nothing is left out, whoever is killed when.

A publisher notes which partitions it may replace, with their versions, before it replaces the first of them; it tells what it
did after the last, and removes the note. A note that stays is that of one who was killed. Whoever holds its lock next, publishes anything
a quarter of an hour later, or clears up, looks at it: a partition that has another version than the note says is told as a whole, and the
note takes the version. So a change may be told twice, which harms nobody, since who reads the feed looks at what stands now; and it
may be told late, never before it stands.
"""

import json
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
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
    """What one publisher is about to replace, and what it has replaced. `lock` is what it holds meanwhile, if anything."""

    cause: Cause
    lock: str = ""
    expected: dict[Partition, str] = field(default_factory=dict)
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    noted: set[Partition] = field(default_factory=set)
    done: list[Publication] = field(default_factory=list)
    is_unsure: bool = False  # a replacement that was said to have failed may stand: its note stays


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

        An error of the caller's is raised when what was replaced before it is told. What can't be told is told by the next one, since
        the note stays, as it does when a publisher is killed: what was published is not undone for it.
        """
        if self._session is not None:
            yield self._session
            return
        self._session = session = Session(cause, lock, dict.fromkeys(partitions, ""))
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
        lacking = {p: _path(*p) for p in new if not session.expected[p]}
        standing = self._storage.versions(lacking.values())
        session.expected |= {p: standing[path] for p, path in lacking.items()}
        self._storage.replace(_note_of(session.name), filler(_spelt(session, self.feed.clock())))
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
            self._storage.delete(_note_of(session.name))

    def _due(self, session: Session) -> list[str]:
        """The notes of publishers that are gone, as far as that is known."""
        found, before = [], self.feed.clock() - _PATIENCE_SECONDS * 1000
        for path in self._notes():
            data = None if path == _note_of(session.name) else self._read_note(path)
            said = _parsed(data or b"")
            is_ours = said is not None and bool(session.lock) and said.lock == session.lock
            if data is not None and (said is None or is_ours or said.begun <= before):
                found.append(path)
        return found

    def _tell(self, session: Session, others: list[str]) -> None:
        with self._storage.lock(layout.CHANGES_LOCK):
            found = [self._left(path) for path in others]
            told = [one for left in found if left for one in left.publications]
            if told or session.done:
                self.feed.append([*told, *session.done])
            for left in found:
                if left:
                    self._settle(left, has_ended=bool(session.lock) and left.lock == session.lock)

    def _left(self, path: str) -> "_Left | None":
        """What another publisher's note says that was not told; None where the note is gone."""
        version, data = self._storage.version(path), self._read_note(path)
        if data is None:
            return None
        said = _parsed(data)
        if said is None:  # nobody knows what it named: all that stands may be new
            every = [
                (c.name, d) for c in PUBLISHED for d in days_among(self._storage.folders(layout.table(c)))
            ]
            said = _Said("", Cause.RUN, dict.fromkeys(every, "?"), 0)
        now = self._storage.versions([_path(*p) for p in said.versions])
        moved = {p: now[_path(*p)] for p, known in said.versions.items() if now[_path(*p)] != known}
        told = [self._standing(p, version == ABSENT, said.cause) for p, version in sorted(moved.items())]
        return _Left(path, version, said, moved, told)

    def _standing(self, partition: Partition, is_gone: bool, cause: Cause) -> Publication:
        table, day = partition
        rows = (
            whole(Op.DELETE, None, None)
            if is_gone
            else whole(Op.LOAD, None, self._digest(_TABLES[table], day))
        )
        return Publication(table, day, rows, cause)

    def _settle(self, left: "_Left", *, has_ended: bool) -> None:
        """Remove a note whose publisher has ended, or note what was told of it."""
        if has_ended or not left.said.begun:
            self._storage.delete(left.path)
        elif left.moved:
            versions = left.said.versions | left.moved
            session = Session(left.said.cause, left.said.lock, versions)
            with suppress(OvertakenError):  # its publisher is at work
                self._storage.replace(left.path, filler(_spelt(session, left.said.begun)), left.version)

    # --- what others left -------------------------------------------------------------------------------------------

    def _notes(self) -> list[str]:
        return sorted(entry.path for entry in self._storage.walk(layout.CHANGES_PENDING))

    def left_behind(self, min_age_seconds: float) -> list[str]:
        """The notes of publishers that are at least so old."""
        before = self.feed.clock() - min_age_seconds * 1000
        found = []
        for path in self._notes():
            data = self._read_note(path)
            said = _parsed(data or b"")
            if data is not None and (said is None or said.begun <= before):
                found.append(path)
        return found

    def _read_note(self, path: str) -> bytes | None:
        """The bytes of a note, none where it is damaged; None where it is gone."""
        try:
            with damage.named(self._storage, path):
                return self._storage.read(path)
        except FileNotFoundError:
            return None
        except DamagedError:
            return b""

    def clear(self, path: str) -> None:
        """Tell what a note says that was not told, and remove it."""
        self._tell(Session(Cause.RUN), [path])
        self._storage.delete(path)


def changed_rows(
    contract: Contract, before: str | None, after: str, old: Callable[[], pa.Table] | None, new: pa.Table
) -> pa.Table:
    """What there is to tell of a partition that gets other rows, by digests: its rows where `old` gives those that were told."""
    rows = None
    if old is not None:
        with suppress(MissingInputError, ContractError):  # they can't be read
            rows = difference(contract, old(), new)
    return whole(Op.LOAD, before, after) if rows is None else rows


@dataclass(frozen=True)
class _Said:
    """A note as it was read; `begun` in milliseconds since 1970, 0 where it could not be read."""

    lock: str
    cause: Cause
    versions: dict[Partition, str]
    begun: int


@dataclass(frozen=True)
class _Left:
    """What is to be told for another publisher, and what of its note then changes."""

    path: str
    version: str
    said: _Said
    moved: dict[Partition, str]
    publications: list[Publication]

    @property
    def lock(self) -> str:
        return self.said.lock


def _spelt(session: Session, begun: int) -> bytes:
    versions = [[table, str(day), version] for (table, day), version in sorted(session.expected.items())]
    said = {"lock": session.lock, "cause": session.cause, "versions": versions, "begun": begun}
    return json.dumps(said, sort_keys=True).encode()


def _parsed(data: bytes) -> _Said | None:
    try:
        said = json.loads(data)
        versions = {(_TABLES[t].name, date.fromisoformat(d)): str(v) for t, d, v in said["versions"]}
        return _Said(str(said["lock"]), Cause(said["cause"]), versions, int(said["begun"]) or 1)
    except (ValueError, LookupError, TypeError):
        return None


def _path(table: str, day: date) -> str:
    return layout.partition(_TABLES[table], day)


def _note_of(name: str) -> str:
    return f"{layout.CHANGES_PENDING}/{name}.json"
