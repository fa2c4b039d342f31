"""The file of a day's index: the same bytes for the same rows, no text that can be read, what is shown of an article."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.model.errors import NewsfoldError
from pipeline.search import file
from pipeline.search.file import BLOCK, SHOWN, lower, pack, unpack
from tests.searched import SCRIPTS, article, identifier, indexed, table

ROWS = [
    article(n, f"{text} {n}", f"Title {n}", outlet="The Herald", domain="herald.example")
    for n, (text, _, _) in enumerate(list(SCRIPTS.values()) * 3)
]


def test_the_same_rows_give_the_same_bytes_however_they_are_cut(tmp_path: Path) -> None:
    whole = table(ROWS)
    pieces = table(ROWS[:5]).to_batches() + table(ROWS[5:]).to_batches()
    written = []
    for n, rows in enumerate((whole, whole.from_batches(pieces))):
        (folder := tmp_path / str(n)).mkdir()
        written.append(file.write(rows, folder).read_bytes())

    assert written[0] == written[1]
    assert ["index.db"] == [path.name for path in folder.iterdir()]


def test_other_rows_give_other_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one = file.write(table(ROWS), tmp_path / "one").read_bytes()
    other = file.write(
        table([*ROWS[:-1], ROWS[-1] | {"story_id": identifier(0)}]), tmp_path / "other"
    ).read_bytes()

    assert one != other


def test_what_is_shown_of_each_article_comes_back_as_it_was(tmp_path: Path) -> None:
    at = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
    rows = [
        *ROWS,
        article(99, "last", published_at=at, published_precision="minute", url="https://x.example/?a='\""),
    ]
    index = indexed(tmp_path, rows)

    assert len(rows) > 2 * BLOCK
    for row in rows:
        expected = {name: row.get(name) for name in SHOWN}
        expected["published_at"] = row.get("published_at") and at.isoformat()
        assert expected == index.shown(row["article_id"])
    assert index.shown(identifier(10**6)) is None


def test_a_block_that_was_not_packed_here_is_refused() -> None:
    row = dict.fromkeys(SHOWN) | {"text": "a"}
    assert [row] == unpack(pack([row]))
    for data in (b"", b"[[1]]", b'{"a": 1}', b"\xff"):
        with pytest.raises((ValueError, TypeError)):
            unpack(data)


def test_a_day_without_articles_has_an_index(tmp_path: Path) -> None:
    assert indexed(tmp_path, []).shown(identifier(1)) is None


def test_names_are_compared_in_any_case() -> None:
    assert "straße".casefold() == lower("STRASSE")
    assert lower(None) is None


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NewsfoldError, match="SQLite can't write a search index there"):
        file.write(table(ROWS), tmp_path / "absent")
