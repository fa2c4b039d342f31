"""Archives of news as WARC files, such as CC-NEWS: which files may hold what is wanted, and where in them it stands.

Nothing is copied: what is found becomes references in the landing zone (`landing/warc_references.py`), a file for each archive file,
day of capture, domain and languages that were asked for. So what is asked for later adds files of its own, and changes none.
"""

import gzip
import hashlib
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.model.days import folder_of
from pipeline.model.errors import DamagedError
from pipeline.text import charsets, dates, language, urls
from pipeline.text.markup import without_markup

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_CRAWL = "/crawl-data/"  # below it, the paths of Common Crawl's lists are whole
_STAMP = re.compile(r"-(\d{14})-\d+\.warc(?:\.\w+)?$")  # CC-NEWS-20260305013012-00123.warc.gz
_FILE_HOURS = 24  # that a file of CC-NEWS may cover where no next one tells; they have some 40 a day
_SAMPLE_BYTES = 200_000  # of a page, for its language
_LANG = re.compile(rb"<html\b[^>]*?\blang\s*=\s*[\"']?([A-Za-z-]{2,15})", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """What is taken of an archive; what is empty or null asks for nothing.

    `outlets` has the outlet of each domain, subdomains included; `first` and `last` are days of capture (UTC); `languages` are codes
    of ISO 639-1.
    """

    outlets: Mapping[str, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    languages: frozenset[str] = frozenset()

    def has_day(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def domain_of(self, address: str) -> str | None:
        """Which of the domains an address belongs to: empty where all are wanted, None where it is of none that is."""
        if not self.outlets:
            return ""
        labels = (urls.domain_of(address) or "").split(".")
        hosts = (".".join(labels[n:]) for n in range(len(labels)))
        return next((host for host in hosts if host in self.outlets), None)

    def key(self, uri: str, domain: str) -> str:
        """Names what is taken for a domain from an archive file, in the names of files: other filters give another one."""
        asked = "\n".join((uri, domain, *sorted(self.languages)))
        return hashlib.blake2b(asked.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Reference:
    """A response in a WARC file: its bytes as the file is stored, its id, its day of capture, and whose it is. `key` is that of what
    was asked for (`Wanted.key`).
    """

    uri: str
    offset: int
    length: int
    id: str
    day: date
    key: str
    outlet: str | None = None


def paths_of(listed: bytes, uri: str) -> list[str]:
    """The files that a list at `uri` names (`warc.paths`, `warc.paths.gz`), as whole places, in its order.

    Raises DamagedError for a packed list that breaks off.
    """
    try:
        text = gzip.decompress(listed) if listed.startswith(b"\x1f\x8b") else listed
    except (EOFError, OSError, zlib.error) as error:
        raise DamagedError(f"{uri}: {error}") from None
    folder = uri.rpartition("/")[0]
    root = uri.partition(_CRAWL)[0] if _CRAWL in uri else folder
    lines = filter(None, map(str.strip, text.decode("utf-8", "replace").splitlines()))
    return [line if "://" in line or line.startswith("/") else f"{root}/{line}" for line in lines]


def within(paths: Iterable[str], wanted: Wanted) -> list[str]:
    """Those files that may hold a day that is wanted, by the times in their names: a file goes on until the next one begins.

    A file without a time in its name may hold anything.
    """
    stamped = sorted((at, path) for path in paths if (at := _stamp(path)))
    kept = [path for path in paths if _stamp(path) is None]
    for n, (at, path) in enumerate(stamped):
        ends = stamped[n + 1][0].toordinal() if n + 1 < len(stamped) else at.toordinal() + _FILE_HOURS // 24
        days = (date.fromordinal(day) for day in range(at.toordinal(), ends + 1))
        kept += [path] if any(map(wanted.has_day, days)) else []
    return kept


def references_of(stream: BinaryIO, uri: str, wanted: Wanted) -> Iterator[Reference]:
    """The responses of a WARC file that are wanted, in their order. The file is read once, and no page of it is held but for its language.

    What FastWARC can't read ends the file, as what was read of it stands. Raises OSError where the disk can't: what is there may be more.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    found: Reference | None = None
    heard = _Heard(stream)
    try:
        for record in ArchiveIterator(heard, parse_http=False, quirks_mode=True):
            if found:
                yield _until(found, record.stream_pos)
            is_response = record.record_type == WarcRecordType.response
            found = _wanted(record, uri, wanted) if is_response else None
    except (OSError, ValueError):
        if heard.error:
            raise heard.error from None
        return  # the last one may be cut short, and has no end that is known
    if found:
        yield _until(found, stream.seek(0, 2))


class _Heard:
    """A stream that remembers whether it could not be read: FastWARC raises the same for that and for what is no WARC."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def read(self, n_bytes: int = -1) -> bytes:
        try:
            return self._stream.read(n_bytes)
        except OSError as error:
            self.error = error
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def reference_files(references: Iterable[Reference]) -> dict[str, bytes]:
    """The files that these references make, by their path in the landing zone: one for each archive file, day and domain."""
    lines: dict[str, list[Reference]] = defaultdict(list)
    for one in references:
        lines[_file_name(one)].append(one)
    return {
        name: b"".join(_line(one) for one in sorted(found, key=lambda one: (one.uri, one.offset)))
        for name, found in sorted(lines.items())
    }


def _stamp(path: str) -> date | None:
    found = _STAMP.search(path)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC).date() if found else None
    except ValueError:
        return None


def _wanted(record: "WarcRecord", uri: str, wanted: Wanted) -> Reference | None:
    fields = record.headers
    address = (fields.get("WARC-Target-URI") or "").strip("<> ")
    fetched_at = dates.fetched(fields.get("WARC-Date"))
    domain = wanted.domain_of(address)
    if fetched_at is None or domain is None or not wanted.has_day(fetched_at.date()):
        return None
    if wanted.languages and _language_of(record) not in wanted.languages:
        return None
    identity = fields.get("WARC-Record-ID") or ""
    key, outlet = wanted.key(uri, domain), wanted.outlets.get(domain)
    return Reference(uri, record.stream_pos, 0, identity, fetched_at.date(), key, outlet)


def _until(found: Reference, end: int) -> Reference:
    return replace(found, length=end - found.offset)


def _language_of(record: "WarcRecord") -> str | None:
    """As the text of the page reads, or as it states where that tells nothing."""
    record.parse_http(auto_decode="all", strict_mode=False)
    body = record.reader.read(_SAMPLE_BYTES)
    stated = _LANG.search(body)
    text = without_markup(charsets.decode(body, record.http_charset))
    return language.identify(text, stated[1].decode() if stated else None)


def _file_name(one: Reference) -> str:
    stem = re.sub(r"[^\w-]", "", one.uri.rpartition("/")[2].partition(".warc")[0])[:80]
    return f"{folder_of(one.day)}/{stem}-{one.key}.warc-ref.jsonl"


def _line(one: Reference) -> bytes:
    said: dict[str, object] = {"uri": one.uri, "offset": one.offset, "length": one.length}
    said |= {"id": one.id} if one.id else {}
    said |= {"outlet": one.outlet} if one.outlet else {}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
