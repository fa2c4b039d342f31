"""What the harvest remembers, and that it forgets nothing when it is killed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.journal import Journal
from pipeline.harvest.state import State, host_shard, outlet_shard
from pipeline.model.errors import OvertakenError
from pipeline.store.local import LocalStorage

A, B = host_shard("a.example"), outlet_shard("A paper")


def open_state(folder: Path) -> State:
    return State(LocalStorage(str(folder)), Journal(folder / "journal"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.z")}


def test_what_was_saved_is_there_in_the_next_run(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    state.put(A, "known", "x", {"n": 1})
    state.put(B, "days", "y", [1, "ü"])
    state.put(B, "days", "z", 1)
    state.put(B, "days", "z", None)
    state.save()

    again = open_state(tmp_path)
    again.load([A, B])
    assert {"n": 1} == again.get(A, "known", "x")
    assert {"y": [1, "ü"]} == again.section(B, "days")
    assert again.get(A, "known", "other") is None


def test_what_was_committed_outlives_a_kill_and_what_was_not_is_as_if_it_never_was(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    state.put(A, "known", "x", 1)
    state.commit()
    state.put(A, "known", "y", 2)

    again = open_state(tmp_path)
    assert {"x": 1} == again.section(A, "known")
    again.save()
    assert not (tmp_path / "journal").exists()
    assert {"x": 1} == open_state(tmp_path).section(A, "known")


def test_a_kill_between_storing_and_forgetting_changes_nothing(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    state.put(A, "known", "x", 1)
    state.commit()
    journal = (tmp_path / "journal").read_bytes()
    state.save()
    stored = files(tmp_path)
    (tmp_path / "journal").write_bytes(journal)

    open_state(tmp_path).save()
    assert stored == files(tmp_path)


def test_only_shards_that_changed_are_written(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    state.put(A, "known", "x", 1)
    state.put(B, "days", "x", 1)
    state.save()
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*.z")}
    again = open_state(tmp_path)
    assert 1 == again.get(A, "known", "x")
    again.put(B, "days", "x", 2)
    again.save()
    changed = [path for path, inode in before.items() if path.stat().st_ino != inode]
    assert ["outlets"] == [path.parent.name for path in changed]


def test_a_damaged_shard_counts_as_empty_and_is_written_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = open_state(tmp_path)
    state.put(A, "known", "x", 1)
    state.save()
    (path,) = tmp_path.rglob("*.z")
    for damage in (b"", b"none", path.read_bytes()[:-3]):
        path.write_bytes(damage)
        again = open_state(tmp_path)
        assert {} == again.section(A, "known")
        assert "is damaged" in caplog.text
        again.put(A, "known", "x", 2)
        again.save()
        assert 2 == open_state(tmp_path).get(A, "known", "x")


def test_two_runs_do_not_overwrite_each_other(tmp_path: Path) -> None:
    first, second = open_state(tmp_path), State(LocalStorage(str(tmp_path)), Journal(tmp_path / "other"))
    for state in (first, second):
        state.put(A, "known", "x", 1)
    first.save()
    with pytest.raises(OvertakenError):
        second.save()


@given(st.text(), st.text())
def test_two_names_never_share_a_shard(one: str, other: str) -> None:
    assert (one == other) == (host_shard(one) == host_shard(other))
