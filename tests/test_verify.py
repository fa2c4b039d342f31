"""Verify reads every file again: what is not as it was written is named, and nothing else."""

import io
import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.day import landing_zone, segments
from pipeline.day.run import run_day
from pipeline.model.errors import DamagedError, MissingInputError, PublishError, SettingsError
from pipeline.store import notes, parquet
from pipeline.store.local import LocalStorage
from pipeline.upkeep import gc, repair, status
from pipeline.upkeep.retention import texts_before
from pipeline.upkeep.status import State
from pipeline.upkeep.verify import Fault, Finding, verify
from tests.command import newsfold
from tests.conftest import published
from tests.damaged import DAMAGES, PLACES, D, copied, place_of, quick, three_days
from tests.world import DAYS, Stage, World


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        quick(patched)
        return three_days(tmp_path_factory.mktemp("made")).root


@pytest.fixture
def world(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    quick(monkeypatch)
    return copied(made, tmp_path)


def verified(world: World, *days: Any) -> dict[str, Fault]:
    """The paths that are named, each with what is wrong."""
    return {one.path: one.fault for one in verify(world.desk().warehouse, days)}


def test_of_a_warehouse_as_it_was_written_nothing_is_named(world: World) -> None:
    told: list[tuple[int, int]] = []
    assert [] == list(verify(world.desk().warehouse, (), lambda n, of: told.append((n, of))))

    files = (world.root / "warehouse").rglob("*.parquet")
    n_tables = len([path for path in files if not {"index", "changes"} & {*path.parts}])
    assert [(n, n_tables) for n in range(1, n_tables + 1)] == told


FILES = [name for name in PLACES if not name.startswith(("manifest", "lock", "mark", "held", "search"))]
MANIFESTS = [name for name in PLACES if name.startswith("manifest")]


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("names", [FILES, MANIFESTS], ids=["files", "manifests"])
def test_every_damaged_place_is_named_and_a_repair_makes_all_of_them_again(
    world: World, names: list[str], kind: str
) -> None:
    """All of them at once; a repair gives the bytes that were there, and verify then finds nothing."""
    before = published(world.root / "warehouse")
    paths = [place_of(world, name) for name in names]
    for path in paths:
        DAMAGES[kind](path)

    expected = {path.relative_to(world.root / "warehouse").as_posix(): Fault.DAMAGED for path in paths}
    assert expected == verified(world)
    list(repair.repair(world.desk(), DAYS[:3]))
    assert {} == verified(world)
    assert before == published(world.root / "warehouse")
    assert {State.FRESH} == {one.state for one in status.status(world.desk())}


@pytest.mark.parametrize(
    "name", [n for n in PLACES if n.startswith(("table", "state lines", "state members"))]
)
def test_what_is_missing_is_named_with_or_without_its_manifest(world: World, name: str) -> None:
    """State that runs compute again, signatures and terms, may be missing."""
    path = place_of(world, name)
    relative = path.relative_to(world.root / "warehouse").as_posix()
    path.unlink()
    assert {relative: Fault.MISSING} == verified(world)

    if name != "table runs":  # that says that there was a run
        place_of(world, name.replace("table", "manifest").replace("state", "manifest")).unlink()
        assert {relative: Fault.MISSING} == verified(world)
    list(repair.repair(world.desk(), DAYS[:3]))
    assert {} == verified(world)


def test_a_table_without_its_manifest_and_one_with_other_rows_are_told_apart(world: World) -> None:
    warehouse = world.root / "warehouse"
    shutil.copy(
        warehouse / f"links/day={DAYS[1]}/part-0.parquet", warehouse / f"links/day={D}/part-0.parquet"
    )
    (warehouse / f"_meta/manifests/flows/day={D}.json").unlink()

    assert {
        f"links/day={D}/part-0.parquet": Fault.DIFFERS,
        f"_meta/manifests/flows/day={D}.json": Fault.MISSING,
    } == verified(world)


def test_what_gc_and_retirement_removed_is_not_missed(world: World) -> None:
    desk = world.desk()
    for one in list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, 0)):
        one.remove()
    notes.mark(desk.warehouse, DAYS[1])
    for one in list(texts_before(desk.warehouse, DAYS[1], desk.settings.window_days)):
        one.remove()

    assert {} == verified(world)
    place_of(world, "table memberships").unlink()  # those stay
    assert {f"memberships/day={D}/part-0.parquet": Fault.MISSING} == verified(world)


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_search_index_is_removed_and_no_finding(
    world: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It follows from what is published, so nothing is lost; search goes through the texts until it is built again."""
    path = place_of(world, "search index")
    DAMAGES[kind](path)

    assert {} == verified(world)
    assert path.name in caplog.text
    assert "is damaged (only an index" in caplog.text
    assert not any(one.is_file() for one in path.parent.rglob("*"))


def test_a_damaged_mark_of_retirement_is_named_and_the_next_retirement_writes_it_again(world: World) -> None:
    warehouse = world.desk().warehouse
    notes.mark(warehouse, DAYS[1])
    for one in list(texts_before(warehouse, DAYS[1], 1)):
        one.remove()
    (world.root / "warehouse/_meta/retired").write_bytes(b"2026-0")
    assert {"_meta/retired": Fault.DAMAGED} == verified(world)

    notes.mark(warehouse, DAYS[1])
    assert {} == verified(world)
    assert DAYS[1] == notes.retired_before(warehouse)


def test_a_damaged_note_of_the_landing_zone_is_named_until_somebody_says_where_it_is(world: World) -> None:
    note, desk = world.root / "warehouse/_meta/landing.json", world.desk()
    for damage in DAMAGES.values():
        damage(note)
        assert {"_meta/landing.json": Fault.DAMAGED} == verified(world)
        with pytest.raises(SettingsError, match="can't be read"):
            landing_zone.claim(desk.warehouse.storage, desk.landing)
        assert {State.FRESH} == {one.state for one in status.status(desk)}

        landing_zone.claim(desk.warehouse.storage, desk.landing, moved=True)
        assert {} == verified(world)


def _kept(path: Path, data: bytes) -> None:
    """Write the bytes, and let the file look as it did: size, time and inode are those that the manifest names."""
    standing = path.stat()
    with path.open("r+b") as handle:
        handle.write(data)
    os.utime(path, ns=(standing.st_atime_ns, standing.st_mtime_ns))


def test_any_bit_that_flips_in_any_table_is_found_though_no_time_shows_it(world: World) -> None:
    top = world.root / "warehouse"
    files = sorted(p for p in top.rglob("*.parquet") if not {"extracted", "index", "changes"} & {*p.parts})

    @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(files), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
    def flipped(path: Path, where: float, bit: int) -> None:
        data = path.read_bytes()
        changed = bytearray(data)
        changed[int(where * len(data))] ^= 1 << bit
        _kept(path, bytes(changed))
        assert [path.relative_to(top).as_posix()] == list(verified(world))
        _kept(path, data)
        assert {} == verified(world)

    flipped()


def test_no_bit_that_flips_in_extracted_documents_changes_what_is_read_of_them(world: World) -> None:
    """Readers of tables never see these files; a bit that no reading depends on, of a statistic, say, may flip."""
    path = place_of(world, "extracted")
    data, warehouse = path.read_bytes(), world.desk().warehouse
    was = parquet.read(io.BytesIO(data))

    @settings(max_examples=300, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(data) - 1), st.integers(0, 7))
    def flipped(at: int, bit: int) -> None:
        changed = bytearray(data)
        changed[at] ^= 1 << bit
        path.write_bytes(bytes(changed))
        segment = next(s for s in segments.segments_of(warehouse.storage, D) if s.path.endswith(path.name))
        try:
            segments.refuse_damaged(warehouse.storage, D, segment)
        except DamagedError:
            return
        assert was.equals(parquet.read(io.BytesIO(bytes(changed))))

    flipped()


def test_what_rotted_is_made_again_by_a_repair_after_verify_has_seen_it(world: World) -> None:
    """Before, `status` trusts the manifest: nothing shows that the file has changed."""
    before = published(world.root / "warehouse")
    path = place_of(world, "table articles")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    _kept(path, bytes(data))
    assert {State.FRESH} == {one.state for one in status.status(world.desk())}

    verified(world)
    assert [State.INCOMPLETE] == [one.state for one in status.status(world.desk(), [D])]
    list(repair.repair(world.desk(), DAYS[:3]))
    assert before == published(world.root / "warehouse")


def test_only_days_that_were_asked_for_are_read_and_one_that_is_not_there_is_an_error(world: World) -> None:
    place_of(world, "table links").write_bytes(b"")
    assert {} == verified(world, DAYS[1], DAYS[2])
    assert {f"links/day={D}/part-0.parquet": Fault.DAMAGED} == verified(world, D, DAYS[1])
    with pytest.raises(MissingInputError, match=f"nothing of {DAYS[4]} is there"):
        verified(world, D, DAYS[4])


@pytest.mark.parametrize("n", range(1, 201, 25))
def test_a_publication_beside_it_is_no_damage(world: World, n: int) -> None:
    """A table is replaced before its manifest: verify waits for the run to end, and looks again."""
    world.put(D, "b.jsonl", [1, 6])
    found: list[Finding] = []
    reader = world.desk().warehouse
    stage = reader.storage
    assert isinstance(stage, Stage)

    def read() -> None:
        try:
            found.extend(verify(reader))
        finally:
            stage.blocked.set()

    beside = threading.Thread(target=read)

    def begin() -> None:
        beside.start()
        stage.blocked.wait(60)

    run_day(world.desk(n, begin), D)
    beside.join(60)

    assert not beside.is_alive()
    assert beside.ident is not None, "the run has so many steps"
    assert [] == found


def test_a_copy_is_read_once_and_then_known(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status after it opens no table, though every inode is another."""
    quick(monkeypatch)
    world = World(tmp_path)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    assert {} == verified(world)

    opened: list[str] = []
    real = LocalStorage.open
    monkeypatch.setattr(
        LocalStorage,
        "open",
        lambda self, path, version=None: opened.append(path) or real(self, path, version),
    )
    status.status(world.desk(), DAYS[:3])
    assert [] == [path for path in opened if path.endswith(".parquet") and "/index/" not in path]


def test_who_may_only_read_is_told_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise PublishError("read only")

    for name in ("table links", "extracted", "state terms"):
        place_of(world, name).write_bytes(b"")
    expected = {
        place_of(world, n).relative_to(world.root / "warehouse").as_posix()
        for n in ("table links", "extracted", "state terms")
    }
    monkeypatch.setattr(LocalStorage, "replace", refuse)
    monkeypatch.setattr(LocalStorage, "lock", refuse)

    assert expected == set(verified(world))


def test_the_command_says_what_is_wrong_a_line_each_and_exits_with_5(world: World) -> None:
    place = ("--warehouse", str(world.root / "warehouse"))
    whole = newsfold("verify", *place)
    assert 0 == whole.returncode, whole.stderr
    assert "files read: all are whole" in whole.stdout

    place_of(world, "table links").write_bytes(b"")
    place_of(world, "table flows").unlink()
    found = newsfold("verify", *place, "--day", str(D), "--day", str(DAYS[1]))
    assert 5 == found.returncode
    assert f"damaged  links of {D}: links/day={D}/part-0.parquet" in found.stdout
    assert f"missing  flows of {D}: flows/day={D}/part-0.parquet" in found.stdout
    assert "2 not as written; newsfold repair makes them again" in found.stdout

    found = newsfold("verify", *place, "--json")
    assert 5 == found.returncode
    assert [("damaged", "links"), ("missing", "flows")] == [
        (row["fault"], row["table"]) for row in map(json.loads, found.stdout.splitlines())
    ]


@pytest.mark.parametrize("table", ["signatures", "terms"])
@pytest.mark.parametrize("damaged", [True, False])
def test_state_without_a_readable_manifest_is_gone_after_a_repair(
    world: World, table: str, damaged: bool
) -> None:
    """Runs compute it again where they need it; nothing may stay that verify names for ever."""
    manifest = world.root / "warehouse" / "_meta" / "manifests" / table / f"day={DAYS[0]}.json"
    manifest.write_bytes(b"{") if damaged else manifest.unlink()

    assert verified(world)
    list(repair.repair(world.desk(), DAYS))

    assert {} == verified(world)
