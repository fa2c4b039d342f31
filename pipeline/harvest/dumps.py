"""Dumps of news as Parquet or JSON lines, such as Infini-News and news-please give them: the rows that are wanted, by the day they go to.

A dump is not made of days, and its rows can't be referred to without reading all of a group. So rows are copied, as they are: what
their columns mean is known where they are read (`landing/columns.py`), and the day is that of the capture, else of publication.

    news-please    url, maintext, title, date_publish, date_download, language (en), source_domain, authors
    Infini-News    url, text, publish_date, warc_date, language (eng_Latn), sitename, url_hostname, author; no title
"""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO, NamedTuple, TypeVar, cast

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.harvest.languages import code_of
from pipeline.harvest.warcs import Wanted
from pipeline.landing.columns import Columns, Delivered
from pipeline.landing.compressed import Damage, pieces_of
from pipeline.landing.record import text_of
from pipeline.model.days import folder_of
from pipeline.text import dates, language

# As crawlers call these columns, the best first.
_LANGUAGES = ("language", "lang", "detected_language", "language_iso639_3", "language_short")
_HOSTS = ("source_domain", "url_hostname", "hostname", "domain")
_BATCH_ROWS = 1_024
_GROUP_LINES = 20_000  # of JSON that make a file for each day: some 100 MB of texts
_Read = TypeVar("_Read")


class Whose(NamedTuple):
    """Where rows go: the day, None where they tell none, and the domain for which they are wanted, empty for all."""

    day: date | None
    domain: str


def day_tables(
    source: BinaryIO, wanted: Wanted, columns: Columns
) -> Iterator[tuple[int, dict[Whose, pa.Table]]]:
    """For each row group of a Parquet dump its number and the rows that are wanted, with the columns that may be a field.

    No more than one row group is held. Where languages are asked for, a row must be in one of them: as it states, or else as its
    text reads.
    """
    file = pq.ParquetFile(source)
    names = file.schema_arrow.names
    kept = columns.among(names)
    asked = [*kept, *(name for name in names if name in (*_LANGUAGES, *_HOSTS) and name not in kept)]
    for group in range(file.metadata.num_row_groups):
        tables: dict[Whose, list[pa.Table]] = defaultdict(list)
        for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group], columns=asked):
            for whose, rows in _by_day(enumerate(batch.to_pylist()), wanted, columns).items():
                found = pa.Table.from_batches([batch]).select(kept).take(pa.array(rows, pa.int64()))
                tables[whose].append(found)
        yield group, {whose: pa.concat_tables(parts) for whose, parts in tables.items()}


def day_lines(
    source: BinaryIO, wanted: Wanted, columns: Columns
) -> Iterator[tuple[int, dict[Whose, list[bytes]]]]:
    """The same of a dump of JSON lines, packed or not; a line that is no object goes to no day."""
    lines = _lines(source)
    for group in itertools.count():
        held = list(itertools.islice(lines, _GROUP_LINES))
        if not held:
            return
        rows = _by_day(((line, _object(line)) for line in held), wanted, columns)
        yield group, rows


def dump_file(key: str, group: int, day: date, ending: str) -> str:
    """Where in the landing zone the rows of a day stand that a group of a dump has; `key` is that of what was asked for."""
    return f"{folder_of(day)}/dump-{key}-{group}{ending}"


def write_table(table: pa.Table, sink: BinaryIO) -> None:
    """The same bytes for the same rows."""
    pq.write_table(table, sink, compression="zstd", store_schema=False, write_statistics=False)


def write_lines(lines: Iterable[bytes], sink: BinaryIO) -> None:
    sink.writelines(line + b"\n" for line in lines)


_Row = TypeVar("_Row")


def _by_day(
    rows: Iterable[tuple[_Row, Mapping[str, object]]], wanted: Wanted, columns: Columns
) -> dict[Whose, list[_Row]]:
    """The rows that are wanted, by where they go, in their order."""
    found: dict[Whose, list[_Row]] = defaultdict(list)
    for row, fields in rows:
        delivered = Delivered(fields, columns)
        day = _day(delivered)
        if day is not None and not wanted.has_day(day):
            continue
        domain = wanted.domain_of(_address(fields, delivered))
        if domain is not None and _is_asked_for(fields, delivered, wanted):
            found[Whose(day, domain)].append(row)
    return found


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines of a file that say something; what is damaged of it is passed over."""
    held = b""
    for piece in pieces_of(source):
        if isinstance(piece, Damage):
            held = b""
            continue
        *lines, held = (held + piece).split(b"\n")
        yield from (line for line in lines if line.strip())
    if held.strip():
        yield held


def _object(line: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _day(delivered: Delivered) -> date | None:
    captured = _first(delivered, "fetched_at", dates.fetched)
    if captured:
        return captured.date()
    published = _first(delivered, "published_at", dates.moment)
    return published.at.date() if published else None


def _address(fields: Mapping[str, object], delivered: Delivered) -> str:
    """The address of a row; of one without, that of the host that it names."""
    host = next((said for name in _HOSTS if (said := text_of(fields.get(name)))), None)
    return _first(delivered, "url", text_of) or (f"https://{host}/" if host else "")


def _is_asked_for(fields: Mapping[str, object], delivered: Delivered, wanted: Wanted) -> bool:
    if not wanted.languages:
        return True
    stated = next((code for name in _LANGUAGES if (code := code_of(fields.get(name)))), None)
    return (stated or language.identify(_first(delivered, "text", _text) or "", None)) in wanted.languages


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _first(delivered: Delivered, field: str, read: Callable[[object], _Read | None]) -> _Read | None:
    values = map(read, delivered.values(field, by_crawlers=True))
    return next((value for value in values if value is not None), None)
