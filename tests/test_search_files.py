"""Where indexes stand, and which of them fits."""

from pathlib import Path

from pipeline.search import files
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import digest_of
from pipeline.store.storage import filler
from tests.world import DAYS


def put(storage: LocalStorage, day: object, made: str, digest: str = "ab") -> str:
    path = layout.search_index(day, made, digest)  # type: ignore[arg-type]  # a day
    storage.replace(path, filler(b"index"))
    return path


def test_an_index_fits_what_it_was_made_from(tmp_path: Path) -> None:
    storage, made = LocalStorage(tmp_path), files.made_from("a", "b")
    path = put(storage, DAYS[0], made)
    other = put(storage, DAYS[0], files.made_from("b", "a"))
    put(storage, DAYS[1], made)
    storage.replace(f"{layout.SEARCH}/stray", filler(b""))

    standing = files.standing(storage)
    assert DAYS[:2] == sorted(standing)
    assert [DAYS[0]] == list(files.standing(storage, [DAYS[0], DAYS[4]]))
    assert path == getattr(files.fitting(standing[DAYS[0]], made), "path", None)
    assert files.fitting(standing[DAYS[0]], files.made_from("a", "c")) is None

    files.drop(storage, DAYS[0], made)
    assert [path] == [entry.path for entry in files.standing(storage)[DAYS[0]]]
    assert storage.version(other) == ""
    files.drop(storage, DAYS[0])
    assert [DAYS[1]] == list(files.standing(storage))


def test_the_bytes_of_an_index_are_those_of_its_name(tmp_path: Path) -> None:
    storage, file = LocalStorage(tmp_path), tmp_path / "x"
    file.write_bytes(b"index")
    with file.open("rb") as source:
        path = put(storage, DAYS[0], "aa", digest_of(source))
    (entry,) = files.standing(storage)[DAYS[0]]

    assert files.is_whole(storage, entry)
    (tmp_path / path).write_bytes(b"indey")
    assert not files.is_whole(storage, entry)
