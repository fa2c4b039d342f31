"""The file of a day's index: an SQLite database that says which words stand where in which article, and has what is shown of it.

The words are cut before (`words`) and given to FTS5 with spaces between. Its tokeniser `ascii` takes every character beyond ASCII as a part
of a word, so it parts at these spaces and nowhere else, whatever version of Unicode it knows.

FTS5 keeps no text. Texts stand beside it in blocks, compressed: in a bucket, a look into the published table costs megabytes for each of
the few articles that an answer shows.

Articles come in order of id, segments are merged into one and pages put in order: the same rows give the same bytes, with one version of
SQLite and of Arrow.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.model.contract import Row
from pipeline.model.errors import NewsfoldError
from pipeline.search.words import words

SHOWN = ("title", "text", "outlet", "domain", "url", "published_at", "published_precision", "language")
INDEXED = ["article_id", *SHOWN]
BLOCK = 16  # articles: alone they take half as much again, in larger blocks little less
_AT_ONCE = BLOCK * 64  # articles whose texts are in memory as Python has them
_PAGE_BYTES = 8192
_HASH_BYTES = (
    64 << 20
)  # of words that are kept before they are written: a day of 20,000 articles is one segment
_SETTINGS = {"automerge": 0, "crisismerge": 1999, "hashsize": _HASH_BYTES, "pgsz": 8100}
_TABLES = """
CREATE TABLE articles (
  n INTEGER PRIMARY KEY, article_id BLOB NOT NULL, story_id BLOB NOT NULL, outlet TEXT, domain TEXT, language TEXT
);
CREATE TABLE blocks (n INTEGER PRIMARY KEY, size INTEGER NOT NULL, packed BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='ascii');
"""


def write(articles: pa.Table, folder: Path) -> Path:
    """Write the index of INDEXED and `story_id`, in order of article_id, in a folder; returns its path.

    Raises NewsfoldError where SQLite can't write it: the disk is full, or SQLite was built without FTS5.
    """
    try:
        return _write(articles, folder / "raw.db", folder / "index.db")
    except sqlite3.Error as error:
        raise NewsfoldError(f"{folder}: SQLite can't write a search index there: {error}") from error


def _write(articles: pa.Table, raw: Path, path: Path) -> Path:
    with closing(sqlite3.connect(raw, isolation_level=None)) as database:
        for pragma in (f"page_size = {_PAGE_BYTES}", "journal_mode = OFF", "synchronous = OFF"):
            database.execute(f"PRAGMA {pragma}")
        database.executescript(_TABLES)
        for setting, value in _SETTINGS.items():
            database.execute("INSERT INTO words (words, rank) VALUES (?, ?)", (setting, value))
        database.execute("BEGIN")
        for batch in articles.combine_chunks().to_batches(max_chunksize=_AT_ONCE):
            _add(database, batch.to_pylist())
        database.execute("CREATE UNIQUE INDEX by_id ON articles (article_id)")
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.execute("COMMIT")
        database.execute("VACUUM INTO ?", (str(path),))
    raw.unlink()
    return path


def _add(database: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for row in rows:
        ids = (bytes.fromhex(row[name]) for name in ("article_id", "story_id"))
        about = (lower(row[name]) for name in ("outlet", "domain", "language"))
        database.execute(
            "INSERT INTO articles (article_id, story_id, outlet, domain, language) VALUES (?, ?, ?, ?, ?)",
            (*ids, *about),
        )
        said = (" ".join(words(row[name] or "")) for name in ("title", "text"))
        database.execute(
            "INSERT INTO words (rowid, title, text) VALUES (last_insert_rowid(), ?, ?)", tuple(said)
        )
    for start in range(0, len(rows), BLOCK):
        data = pack(rows[start : start + BLOCK])
        packed = pa.compress(data, codec="zstd", asbytes=True)
        database.execute("INSERT INTO blocks (size, packed) VALUES (?, ?)", (len(data), packed))


def pack(rows: Sequence[Row]) -> bytes:
    """What is shown of some articles."""
    return json.dumps([[_plain(row[name]) for name in SHOWN] for row in rows], ensure_ascii=False).encode()


def unpack(data: bytes) -> list[Row]:
    """As `pack` was given it; times are text, as ISO 8601 writes them. Raises ValueError for what it did not make."""
    return [dict(zip(SHOWN, values, strict=True)) for values in json.loads(data)]


def _plain(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value.isoformat())


def lower(text: str | None) -> str | None:
    """A name as filters compare it."""
    return None if text is None else text.encode("utf-8", "replace").decode().casefold()
