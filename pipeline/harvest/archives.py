"""The archives of a sources' file (`warc`) into the landing zone: references into WARC files, the rows of dumps.

What stands in the landing zone already is left as it is: an archive does not change, and neither does what follows from it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import BinaryIO

from pipeline.harvest import dumps, warcs
from pipeline.harvest.dumps import Whose
from pipeline.harvest.languages import code_of
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
_LIST, _WARC, _PARQUET, _LINES = ".paths", ".warc", ".parquet", ".jsonl"

Opener = Callable[[str], BinaryIO]
Fill = Callable[[BinaryIO], None]


@dataclass(frozen=True)
class Taken:
    """One file of an archive that was read, and the files of the landing zone that follow from it; `n_new` were not there.

    Of a dump, `n_undated` rows that were wanted name no day to which they could go.
    """

    uri: str
    files: tuple[str, ...]
    n_new: int
    n_undated: int = 0


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
            yield _taken(uri, wanted, landing, columns, opened)


def _taken(uri: str, wanted: Wanted, landing: Storage, columns: Columns, opened: Opener) -> Taken:
    form, is_new, n_undated = _form(uri), dict[str, bool](), 0
    if form == _WARC:
        is_new = {name: _put(landing, name, fill) for name, fill in _referred(uri, wanted, opened)}
    else:
        for whose, group, n_rows, fill in _dumped(uri, wanted, columns, opened):
            if whose.day is None:
                n_undated += n_rows
                continue
            name = dumps.dump_file(wanted.key(uri, whose.domain), group, whose.day, form)
            is_new[name] = _put(landing, name, fill)
    return Taken(uri, tuple(is_new), sum(is_new.values()), n_undated)


def _by_archive(sources: Iterable[Source]) -> dict[tuple[str, frozenset[str]], dict[str, str]]:
    """The outlets by domain that are wanted of each stated place, so that it is read once for all that want one language."""
    found: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
    for source in sources:
        languages = frozenset(filter(None, [code_of(source.language)]))
        for stated in source.warcs:
            found.setdefault((stated, languages), {}).update(
                dict.fromkeys(domains_of(source) or [_ALL], source.outlet)
            )
    return found


def _files(uri: str, wanted: Wanted, opened: Opener) -> list[str]:
    """The files that a stated place means: itself, or those of a list that may hold what is wanted."""
    if _form(uri) != _LIST:
        return [uri]
    with _open(uri, opened) as stream:
        return warcs.within(warcs.paths_of(stream.read(), uri), wanted)


def _form(uri: str) -> str:
    plain, forms = uncompressed(uri.lower()), (_WARC, _PARQUET, _LINES, _LIST)
    form = next((form for form in forms if plain.endswith(form)), None)
    if form is None:
        raise SettingsError(f"warc: {uri} must end in one of {', '.join(forms)}, perhaps followed by .gz")
    return form


def _referred(uri: str, wanted: Wanted, opened: Opener) -> Iterator[tuple[str, Fill]]:
    with _open(uri, opened) as stream:
        for name, content in warcs.reference_files(warcs.references_of(stream, uri, wanted)).items():
            yield name, filler(content)


def _dumped(
    uri: str, wanted: Wanted, columns: Columns, opened: Opener
) -> Iterator[tuple[Whose, int, int, Fill]]:
    """Where rows of a dump go, the number of their group, how many they are, and what writes them."""
    with _open(uri, opened) as stream:
        if _form(uri) == _PARQUET:
            for group, tables in dumps.day_tables(stream, wanted, columns):
                for whose, table in tables.items():
                    yield whose, group, table.num_rows, partial(dumps.write_table, table)
        else:
            for group, found in dumps.day_lines(stream, wanted, columns):
                for whose, lines in found.items():
                    yield whose, group, len(lines), partial(dumps.write_lines, lines)


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
