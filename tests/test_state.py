"""What the harvest remembers, and that it forgets nothing when it is killed."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.harvest.journal import Journal
from pipeline.harvest.state import State, host_shard, outlet_shard
from pipeline.model.errors import OvertakenError
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage
from tests.s3server import ENVIRONMENT, bucket

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


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """Where two machines store: a folder that both see, or a bucket of a real S3 server."""
    if request.param == "folder":
        return LocalStorage(str(tmp_path / "shared"))
    server = request.getfixturevalue("server")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    return bucket(tmp_path.name)


def test_two_runs_at_once_lose_nothing_of_each_other(place: Storage, tmp_path: Path) -> None:
    """As where a lock ran out: both read the same, and both store."""
    first, second = (State(place, Journal(tmp_path / name)) for name in ("one", "two"))
    for state, name in ((first, "first"), (second, "second")):
        assert {} == state.section(A, "known")
        state.put(A, "known", name, 1)
        state.put(A, "known", "both", name)
    first.save()
    second.save()
    for state in (second, State(place, Journal(tmp_path / "three"))):
        assert {"first": 1, "second": 1, "both": "first"} == state.section(A, "known")


def test_a_machine_that_comes_back_takes_nothing_back(place: Storage, tmp_path: Path) -> None:
    """Its run was killed, others have stored since: what they learnt stays, and what it alone has learnt is added."""
    first = State(place, Journal(tmp_path / "one"))
    for key in "abc":
        first.put(A, "known", key, 0)
    first.save()
    for key in "abd":
        first.put(A, "known", key, 1)
        first.put(A, "known", key, 2)
    first.put(A, "known", "c", None)
    first.commit()  # and it is killed

    second = State(place, Journal(tmp_path / "two"))
    second.put(A, "known", "a", 3)
    second.put(A, "known", "e", 3)
    second.save()

    again = State(place, Journal(tmp_path / "one"))
    assert {"a": 3, "b": 2, "d": 2, "e": 3} == again.section(A, "known")
    again.put(A, "known", "a", 4)
    again.commit()  # and is killed again
    last = State(place, Journal(tmp_path / "one"))
    last.save()
    assert {"a": 4, "b": 2, "d": 2, "e": 3} == State(place, Journal(tmp_path / "new")).section(A, "known")


def test_a_run_that_is_always_overtaken_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = open_state(tmp_path)
    state.put(A, "known", "x", 1)

    def overtaken(*_: object) -> str:
        raise OvertakenError("x")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStorage, "replace", overtaken)
        with pytest.raises(OvertakenError):
            state.save()
    assert 1 == open_state(tmp_path).get(A, "known", "x"), "and its journal stays"


KEYS = st.sampled_from("abc")
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["put", "commit", "save", "kill"]), KEYS, st.integers(0, 3)),
    max_size=25,
)


@settings(max_examples=300)
@given(STEPS)
def test_whatever_two_machines_do_a_value_that_only_one_puts_is_never_lost(
    steps: list[tuple[int, str, str, int]],
) -> None:
    """Each machine has keys of its own beside those that both put."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        storage = LocalStorage(str(folder))
        states = [State(storage, Journal(folder / str(n))) for n in (0, 1)]
        kept: list[dict[str, int]] = [{}, {}]
        unsure: list[dict[str, int]] = [{}, {}]
        for who, what, key, value in steps:
            if what == "put":
                states[who].put(A, "known", f"{who}{key}", value)
                states[who].put(A, "known", key, value)
                unsure[who][f"{who}{key}"] = value
            elif what == "kill":
                states[who] = State(storage, Journal(folder / str(who)))
                unsure[who].clear()
            else:
                getattr(states[who], what)()
                kept[who].update(unsure[who])
                unsure[who].clear()
        for who in (0, 1):
            State(storage, Journal(folder / str(who))).save()
        found = open_state(folder).section(A, "known")
        assert {**kept[0], **kept[1]} == {key: value for key, value in found.items() if len(key) == 2}


@given(st.text(), st.text())
def test_two_names_never_share_a_shard(one: str, other: str) -> None:
    assert (one == other) == (host_shard(one) == host_shard(other))
