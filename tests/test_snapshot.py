"""A warehouse at one moment: whole days, pinned files, and the same question asked again when something is replaced."""

import errno
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from pipeline.explorer.snapshot import Library, Snapshot
from pipeline.model.errors import InputChangedError
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS, STORIES
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.explored import FIRST, HOSTILE, SECOND, Explored

DAYS = [FIRST, SECOND, HOSTILE]


@pytest.fixture
def root(explored: Explored, tmp_path: Path) -> Path:
    """A warehouse of the test's own."""
    return Path(shutil.copytree(explored.world.root / "warehouse", tmp_path / "warehouse"))


@pytest.fixture
def library(root: Path) -> Library:
    return Library(Warehouse(LocalStorage(str(root))))


def writer(library: Library) -> Warehouse:
    """The same warehouse for a run: the library's is only read."""
    return Warehouse(LocalStorage(library.warehouse.storage.uri))


def replaced(library: Library) -> None:
    """Publish the day's articles anew with one row fewer, as a run would before it comes to the other tables."""
    rows = library.warehouse.read(ARTICLES, SECOND)
    writer(library).publish(ARTICLES, SECOND, rows.slice(1), {"raw/x": "other"})


def test_a_copied_warehouse_is_whole_though_its_files_have_other_versions(library: Library) -> None:
    assert DAYS == library.snapshot().days(RUNS)
    assert not library.snapshot().torn


def test_a_publication_has_a_name_that_changes_with_what_is_shown_and_with_nothing_else(
    explored: Explored, library: Library
) -> None:
    before = library.snapshot().publication

    assert explored.library.snapshot().publication == before
    replaced(library)
    assert library.snapshot(anew=True).publication != before


def test_a_day_of_which_one_table_is_of_another_run_is_left_out(library: Library) -> None:
    replaced(library)

    snapshot = library.snapshot()

    assert [SECOND] == list(snapshot.torn)
    assert "articles is not what" in snapshot.torn[SECOND] or "of another run" in snapshot.torn[SECOND]
    assert [FIRST, HOSTILE] == snapshot.days(ARTICLES)
    with pytest.raises(InputChangedError):
        snapshot.refuse_torn(SECOND)


def test_stories_that_wait_for_a_day_that_is_being_replaced_are_shown_as_they_were(library: Library) -> None:
    """The memberships of a later day are new, its stories are not yet: the day on which they began stays."""
    rows = library.warehouse.read(MEMBERSHIPS, SECOND)
    writer(library).publish(MEMBERSHIPS, SECOND, rows.slice(1), {"raw/x": "other"})

    snapshot = library.snapshot()

    assert [SECOND] == list(snapshot.torn)
    assert FIRST in snapshot.days(STORIES)


def test_a_file_that_is_replaced_while_it_is_read_is_never_mixed_with_the_others(library: Library) -> None:
    snapshot = library.snapshot()
    replaced(library)

    with pytest.raises(InputChangedError):
        snapshot.read(ARTICLES, SECOND)


def test_a_question_is_asked_again_of_the_next_snapshot(root: Path, library: Library) -> None:
    asked: list[str] = []

    def ask(snapshot: Snapshot) -> int:
        asked.append(snapshot.publication)
        if len(asked) == 1:  # somebody publishes after the snapshot was taken
            rows = library.warehouse.read(ARTICLES, SECOND)
            path = root / library.warehouse.path(ARTICLES, SECOND)
            path.write_bytes(path.read_bytes())
            assert rows.num_rows
        return snapshot.read(ARTICLES, SECOND).num_rows

    found = library.answer(ask)

    assert 2 == len(asked)
    assert library.warehouse.read(ARTICLES, SECOND).num_rows == found


def test_a_published_day_shows_without_a_restart(root: Path, explored: Explored) -> None:
    clock = [0.0]
    away = root.parent / "away"
    library = Library(Warehouse(LocalStorage(str(root))), lambda: clock[0])
    runs = root / library.warehouse.path(RUNS, HOSTILE)
    shutil.move(runs, away)
    assert HOSTILE not in library.snapshot().days(RUNS)
    shutil.move(away, runs)

    assert HOSTILE not in library.snapshot().days(RUNS), "the snapshot is kept for a second"
    clock[0] += 1.5
    assert HOSTILE in library.snapshot().days(RUNS)


def test_what_did_not_change_is_read_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    first = library.snapshot().slim(ARTICLES, FIRST, ["article_id"])

    assert library.snapshot(anew=True).slim(ARTICLES, FIRST, ["article_id"]) is first


def test_columns_of_a_file_that_was_replaced_are_not_kept(library: Library) -> None:
    """Nor taken from what was read for something else; those of other files are."""
    before = library.snapshot()
    first, _ = (before.slim(ARTICLES, day, ["title"]) for day in (FIRST, SECOND))
    replaced(library)
    library.snapshot(anew=True)

    with pytest.raises(InputChangedError):
        before.slim(ARTICLES, SECOND, ["title"])
    assert before.slim(ARTICLES, FIRST, ["title"]) is first


def test_an_answer_is_made_once_for_a_publication_and_kept_no_longer(library: Library) -> None:
    made: list[str] = []

    def remembered(snapshot: Snapshot) -> int:
        return library.remembered(snapshot, ("n",), lambda: made.append(snapshot.publication) or len(made))  # type: ignore[func-returns-value]

    before = library.snapshot()
    assert [1, 1] == [remembered(before), remembered(library.snapshot(anew=True))]
    replaced(library)
    after = library.snapshot(anew=True)

    assert [2, 2, 3, 4] == [remembered(one) for one in (after, after, before, before)]


def test_rows_are_found_by_their_ids_and_others_are_not(library: Library) -> None:
    snapshot = library.snapshot()
    ids = [
        *snapshot.read(ARTICLES, FIRST)["article_id"].to_pylist(),
        *snapshot.read(ARTICLES, SECOND)["article_id"].to_pylist(),
    ]

    found = snapshot.rows(ARTICLES, [*ids, f"{FIRST:%Y%m%d}{'0' * 24}"], ["title"])

    assert set(ids) == set(found)


class Rotting(LocalStorage):
    """A folder of which some files are damaged under the version that they had."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.rotten: set[str] = set()

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        return io.BytesIO(b"PAR1 was a table PAR1") if path in self.rotten else super().open(path, version)


def test_a_day_of_which_a_file_proves_to_be_damaged_is_left_out_and_the_others_are_shown(root: Path) -> None:
    """And nothing is written: what a run keeps of damage, only a run notes."""
    storage = Rotting(str(root))
    library = Library(Warehouse(storage))
    library.snapshot()
    storage.rotten = {library.warehouse.path(MEMBERSHIPS, SECOND)}
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}

    days = library.answer(lambda s: [day for day in s.days(MEMBERSHIPS) if s.read(MEMBERSHIPS, day).num_rows])

    assert [FIRST, HOSTILE] == days
    assert "memberships" in library.snapshot().torn[SECOND]
    assert before == {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("asked", ["/manifests/", "part-0.parquet"])
def test_what_a_store_may_give_a_moment_later_leaves_no_day_out(
    root: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question fails, and the next one has the answer."""
    library = Library(Warehouse(LocalStorage(str(root))))  # a copy, whose digests are read from its files
    with monkeypatch.context() as busy:
        for name in ("read", "open"):
            busy.setattr(LocalStorage, name, _lacking_handles(asked, getattr(LocalStorage, name)))
        with pytest.raises(OSError, match="too many open files"):
            library.snapshot()

    assert DAYS == library.snapshot().days(RUNS)
    assert not library.snapshot().torn


def _lacking_handles(asked: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def give(storage: LocalStorage, path: str, *more: Any) -> Any:
        if asked in path:
            raise OSError(errno.EMFILE, "too many open files")
        return real(storage, path, *more)

    return give
