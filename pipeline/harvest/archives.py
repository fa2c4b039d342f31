"""The archives of a sources' file (`warc`) into the landing zone: references into WARC files, the rows of Parquet dumps.

What stands in the landing zone already is left as it is: an archive does not change, and neither does what follows from it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import BinaryIO

from pipeline.harvest import dumps, warcs
from pipeline.harvest.owners import domains_of
from pipeline.harvest.sources import Source
from pipeline.harvest.warcs import Wanted
from pipeline.landing.columns import NO_COLUMNS, Columns
from pipeline.landing.compressed import uncompressed
from pipeline.landing.warc_references import open_uri
from pipeline.model.errors import SettingsError
from pipeline.store import uris
from pipeline.store.storage import ABSENT, Storage, filler

_ALL = ""  # in the place of a domain
_LIST, _WARC, _DUMP = ".paths", ".warc", ".parquet"

Opener = Callable[[str], BinaryIO]
Fill = Callable[[BinaryIO], None]


@dataclass(frozen=True)
class Taken:
    """One file of an archive that was read, and the files of the landing zone that follow from it; `n_new` were not there."""

    uri: str
    files: tuple[str, ...]
    n_new: int


def take_archives(
    sources: Iterable[Source],
    landing: Storage,
    first: date | None = None,
    last: date | None = None,
    columns: Columns = NO_COLUMNS,
    opened: Opener = open_uri,
) -> Iterator[Taken]:
    """Read the archives of sources, a file at a time, from `first` to `last` (days of capture); raises SettingsError.

    A source with domains takes the pages of these; one without takes all, whoever they are of. One with a language takes that. An
    archive that several sources name is read once, for each language that they ask for.
    """
    for (stated, languages), outlets in _by_archive(sources).items():
        wanted = Wanted({} if _ALL in outlets else outlets, first, last, languages)
        for uri in _files(uris.absolute(uris.parse(stated)), wanted, opened):
            made = (
                _dumped(uri, wanted, columns, opened)
                if uri.endswith(_DUMP)
                else _referred(uri, wanted, opened)
            )
            put = {name: _put(landing, name, fill) for name, fill in made}
            yield Taken(uri, tuple(put), sum(put.values()))


def _by_archive(sources: Iterable[Source]) -> dict[tuple[str, frozenset[str]], dict[str, str]]:
    """The outlets by domain that are wanted of each stated place, so that it is read once for all that want one language."""
    found: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
    for source in sources:
        languages = frozenset({source.language[:2].lower()} if source.language else ())
        for stated in source.warcs:
            found.setdefault((stated, languages), {}).update(
                dict.fromkeys(domains_of(source) or [_ALL], source.outlet)
            )
    return found


def _files(uri: str, wanted: Wanted, opened: Opener) -> list[str]:
    """The files that a stated place means: itself, or those of a list that may hold what is wanted."""
    plain = uncompressed(uri.lower())
    if plain.endswith(_LIST):
        with _open(uri, opened) as stream:
            return warcs.within(warcs.paths_of(stream.read(), uri), wanted)
    if plain.endswith((_WARC, _DUMP)):
        return [uri]
    raise SettingsError(f"warc: {uri} is none of {_WARC}, {_DUMP} and {_LIST}, also with .gz behind")


def _referred(uri: str, wanted: Wanted, opened: Opener) -> Iterator[tuple[str, Fill]]:
    with _open(uri, opened) as stream:
        for name, content in warcs.reference_files(warcs.references_of(stream, uri, wanted)).items():
            yield name, filler(content)


def _dumped(uri: str, wanted: Wanted, columns: Columns, opened: Opener) -> Iterator[tuple[str, Fill]]:
    with _open(uri, opened) as stream:
        for group, tables in dumps.day_tables(stream, wanted, columns):
            for (day, outlet), table in tables.items():
                yield dumps.dump_file(uri, group, day, outlet), partial(dumps.write_table, table)


def _open(uri: str, opened: Opener) -> BinaryIO:
    try:
        return opened(uri)
    except (FileNotFoundError, IsADirectoryError):
        raise SettingsError(f"warc: {uri}: no such file") from None


def _put(landing: Storage, name: str, fill: Fill) -> bool:
    """Put a file there; False where one stands already."""
    if landing.version(name) != ABSENT:
        return False
    landing.replace(name, fill, ABSENT)
    return True
