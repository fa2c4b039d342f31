"""What a manifest says of one partition, and how both it and the file show that they are as they were written."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, BinaryIO

from pipeline.model.contract import VERSION, Contract


@dataclass(frozen=True)
class Manifest:
    """What stands in one partition: `digest` of its rows, `version` of its file, and what it was made from.

    `inputs` maps a name (table/day, rules, settings) to a digest. `notes` is for what only one table needs.
    """

    table: str
    day: str
    digest: str
    n_rows: int
    version: str
    contract_version: int = VERSION
    inputs: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    bytes_digest: str = ""  # of the file: a bit may flip where no row is, and mislead other readers
    form: str = ""  # of the file's schema (Contract.form); earlier versions did not say


@dataclass(frozen=True)
class Standing:
    """One partition as it stands at an instant: the digest of its rows (or MISSING), the version of its file, the form of its
    schema (Contract.form), and the notes of its manifest if that is about these rows.

    A damaged file has a version, and the digest MISSING.
    """

    digest: str
    version: str
    form: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)
    is_known: bool = False  # whether its manifest is about these rows


@dataclass(frozen=True)
class Published:
    """What a publication did: the partition's digest and whether its file was touched."""

    digest: str
    changed: bool


_FIELDS = frozenset(f.name for f in fields(Manifest))  # a later version may have more
_CHECK = "check"  # beside the fields: a digest of them


def spelt(manifest: Manifest) -> bytes:
    """The bytes of a manifest, with a digest of its fields."""
    said = asdict(manifest)
    return json.dumps(said | {_CHECK: _check_of(said)}, sort_keys=True, indent=1).encode()


def _check_of(said: Mapping[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=8).hexdigest()


def parse(contract: Contract, day: date, data: bytes) -> Manifest:
    """The manifest that these bytes spell; raises ValueError where they spell none, or that of another partition."""
    said = json.loads(data)
    if not isinstance(said, dict):
        raise ValueError("no manifest")  # noqa: TRY004 - one kind of error for all that is malformed
    check = said.pop(_CHECK, None)  # earlier versions wrote none
    if check is not None and check != _check_of(said):
        raise ValueError("it was changed since it was written")
    try:
        found = Manifest(**{name: value for name, value in said.items() if name in _FIELDS})
    except TypeError as error:
        raise ValueError("it lacks fields") from error
    if (found.table, found.day) != (contract.name, str(day)):
        raise ValueError(f"it is that of {found.table} of {found.day}")
    if {type(found.inputs), type(found.notes)} != {dict} or type(found.contract_version) is not int:
        raise ValueError("its fields are of other types")
    return found


def is_of_form(manifest: Manifest, contract: Contract) -> bool:
    """Whether the file says of itself what the contract says today: its version, its columns and what they mean."""
    return manifest.form == contract.form


class Hashed:
    """A `fill` for `replace`, and the digest of what it wrote."""

    def __init__(self, fill: Callable[[BinaryIO], None]) -> None:
        self._fill, self.digest = fill, ""

    def fill(self, sink: BinaryIO) -> None:
        tee = _Tee(sink)
        self._fill(tee)  # type: ignore[arg-type]  # a file in all but name
        self.digest = tee.state.hexdigest()


class _Tee(io.RawIOBase):
    """Writes to a file, and digests what it writes."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink, self.state = sink, hashlib.blake2b(digest_size=16)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.state.update(data)
        return self._sink.write(data)


def refuse_other_bytes(source: BinaryIO, digest: str) -> None:
    """Raise ValueError where a file does not have the bytes that were written; earlier versions kept no digest of them."""
    source.seek(0)
    if digest and digest_of(source) != digest:
        raise ValueError("its rows are as they were, its bytes are not")


def digest_of(source: BinaryIO) -> str:
    """32 hex digits: BLAKE2b-128 of the bytes from here to the end."""
    state = hashlib.blake2b(digest_size=16)
    while data := source.read(1 << 20):
        state.update(data)
    return state.hexdigest()
