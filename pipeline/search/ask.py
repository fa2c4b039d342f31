"""Ask the index of one day."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from pipeline.model.contract import Row
from pipeline.model.errors import DamagedError
from pipeline.search.file import BLOCK, lower, unpack
from pipeline.search.hits import MOST_HITS, MOST_RANKED, TITLE_WEIGHT, Hit, Tally, Wanted
from pipeline.search.query import Query

_CACHE_KIB = 512  # of pages of one file: several hundred files may be open
_COUNT = "SELECT count(*) FROM words WHERE words MATCH ?"
_FILTERED = """FROM words CROSS JOIN articles AS a ON a.n = words.rowid WHERE words MATCH :words
AND (:outlet IS NULL OR a.outlet = :outlet OR a.domain = :outlet) AND (:language IS NULL OR a.language = :language)"""
_COUNT_FILTERED = f"SELECT count(*) {_FILTERED}"
_RANKED = f"""SELECT a.article_id, a.story_id, -bm25(words, {TITLE_WEIGHT}, 1.0) AS rank {_FILTERED}
ORDER BY rank DESC, a.n LIMIT :most"""
_UNRANKED = f"SELECT a.article_id, a.story_id, 0.0 {_FILTERED} ORDER BY a.n LIMIT :most"


class DayIndex:
    """An open index; safe for many threads, one after another. Every method raises DamagedError where the file is damaged."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        try:
            # Nobody changes a file that stands: nothing has to be locked, or looked for beside it.
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
            self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._n_articles = int(self._one("SELECT count(*) FROM articles"))
        except (sqlite3.Error, ValueError) as error:  # a damaged schema need not be UTF-8
            self._refuse(error)

    def __del__(self) -> None:
        if database := getattr(self, "_database", None):
            database.close()

    def tally(self, query: Query, wanted: Wanted) -> Tally:
        """How many articles there are, have each phrase, and are found."""
        by_phrase = tuple(int(self._one(_COUNT, (phrase.match(),))) for phrase in query.phrases)
        if not all(by_phrase):
            return Tally(self._n_articles, by_phrase, 0)
        if len(by_phrase) == 1 and wanted == Wanted():
            return Tally(self._n_articles, by_phrase, by_phrase[0])
        return Tally(
            self._n_articles, by_phrase, int(self._one(_COUNT_FILTERED, _asked(query.match(), wanted)))
        )

    def hits(self, query: Query, wanted: Wanted, *, wide: bool = False) -> list[Hit]:
        """The articles in order of rank, then of id, at most MOST_RANKED.

        A `wide` query finds too many to rank each: those that have the words in their headline come first, then the others as they are, at
        most MOST_HITS.
        """
        if not wide:
            return self._hits(_RANKED, query.match(), wanted, MOST_RANKED)
        titled = self._hits(_RANKED, f"title : ({query.match()})", wanted, MOST_HITS)
        known = {hit.article_id for hit in titled}
        others = self._hits(_UNRANKED, query.match(), wanted, MOST_HITS) if len(titled) < MOST_HITS else []
        return [*titled, *(hit for hit in others if hit.article_id not in known)][:MOST_HITS]

    def shown(self, article_id: str) -> Row | None:
        """What is shown of an article (file.SHOWN)."""
        of_id, of_block = (
            "SELECT n FROM articles WHERE article_id = ?",
            "SELECT size, packed FROM blocks WHERE n = ?",
        )
        for (found,) in self._rows(of_id, (bytes.fromhex(article_id),)):
            block, place = divmod(int(found) - 1, BLOCK)
            for size, packed in self._rows(of_block, (block + 1,)):
                return self._unpacked(size, packed)[place]
        return None

    def _unpacked(self, size: int, packed: bytes) -> list[Row]:
        try:
            return unpack(pa.decompress(packed, decompressed_size=size, codec="zstd", asbytes=True))
        except (pa.ArrowException, OSError, ValueError, TypeError) as error:
            self._refuse(error)

    def _hits(self, asked: str, match: str, wanted: Wanted, most: int) -> list[Hit]:
        rows = self._rows(asked, {**_asked(match, wanted), "most": most})
        try:
            return [Hit(article.hex(), story.hex(), float(rank)) for article, story, rank in rows]
        except (AttributeError, TypeError) as error:  # other values than were written
            self._refuse(error)

    def _one(self, asked: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        return self._rows(asked, values)[0][0]

    def _rows(self, asked: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._database.execute(asked, values).fetchall()
        except (sqlite3.Error, ValueError) as error:
            self._refuse(error)

    def _refuse(self, error: Exception) -> NoReturn:
        raise DamagedError(f"{self._path}: the search index is damaged: {error}") from error


def _asked(match: str, wanted: Wanted) -> dict[str, str | None]:
    return {"words": match, "outlet": lower(wanted.outlet), "language": lower(wanted.language)}
