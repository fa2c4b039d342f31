"""A warehouse and its landing zone: neither is guessed, the one remembers the other, and takes no other for it."""

import json
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from pipeline.app import tasks
from pipeline.day import landing_zone, run
from pipeline.model.errors import SettingsError
from pipeline.settings import load
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.uris import open_storage
from tests.command import newsfold
from tests.conftest import deliver, everything, make_desk, published
from tests.world import DAYS, World, be_quick

DAY = DAYS[0]
SENTENCE = "The bridge over the river Lenne at Altena was closed by the city on Monday for {}."


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """A day that was run, and a landing zone beside it that has the same day with another text."""
    be_quick(monkeypatch)
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path / "world")
    world.put(DAY, "a.jsonl", [0, 5])
    run.run_day(world.desk(), DAY)
    folder = world.root / "other" / f"day={DAY}"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(SENTENCE.format("repairs"))
    return world


def noted(warehouse: Path) -> str:
    return str(json.loads((warehouse / layout.LANDING).read_text())["landing"])


def resolved(landing: Any = None, warehouse: Any = None, **more: Any) -> str:
    """The landing zone that a command would read."""
    given = {name: str(value) for name, value in (("landing", landing), ("warehouse", warehouse)) if value}
    return landing_zone.resolve(load(**given), ["newsfold", "gc"], **more).landing


def test_a_repair_without_a_landing_zone_takes_the_one_that_the_days_were_made_from(tmp_path: Path) -> None:
    """The README's own commands: it took the samples, and replaced the day by theirs."""
    folder = tmp_path / "landing" / f"day={DAY}"
    folder.mkdir(parents=True)
    for n in range(6):
        (folder / f"{n}.txt").write_text(SENTENCE.format(f"reason {n}" * (n + 1)))
    place = ("--warehouse", "warehouse")
    made = newsfold("run", "-q", "--landing", "landing", *place, cwd=tmp_path)
    before = published(tmp_path / "warehouse")

    repaired = newsfold("repair", "--json", *place, cwd=tmp_path)

    assert (0, 0, "") == (made.returncode, repaired.returncode, repaired.stdout)
    assert before == published(tmp_path / "warehouse")
    assert folder.parent.as_uri() == noted(tmp_path / "warehouse")


def test_without_a_place_nothing_is_written_and_the_command_is_shown(tmp_path: Path) -> None:
    """No command has a default; each says what to type, and does not ask."""
    for command in ("run", "repair", "gc", "status", "stories", "retire", "export-iceberg"):
        found = newsfold(command, cwd=tmp_path)

        assert (2, "") == (found.returncode, found.stdout)
        assert f" {command} --warehouse URI\n" in found.stderr
    found = newsfold("run", "--warehouse", "w", cwd=tmp_path)
    assert (2, "") == (found.returncode, found.stdout)
    assert " run --warehouse w --landing URI\n" in found.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_mistyped_warehouse_is_said_not_to_be_there_before_its_landing_zone_is_asked_for(
    tmp_path: Path,
) -> None:
    """By each command but `run`, which makes one."""
    for command in ("repair", "gc", "status", "rejects"):
        found = newsfold(command, "--warehouse", "nosuch", cwd=tmp_path)

        assert (1, "") == (found.returncode, found.stdout)
        assert "nosuch: no warehouse there; give --warehouse" in found.stderr
        assert " run --landing URI --warehouse nosuch\n" in found.stderr
    assert [] == list(tmp_path.iterdir())


def test_another_landing_zone_is_refused_with_the_commands_that_go_on(world: World, tmp_path: Path) -> None:
    """By every command that reads it; the options that were typed stay as they were typed."""
    before = everything(world.root / "warehouse")
    own, other = str(world.root / "landing"), str(world.root / "other")
    place = ("--warehouse", str(world.root / "warehouse"))

    for command in ("run", "repair", "gc", "status"):
        found = newsfold(command, f"--landing={other}", *place, "--json", cwd=tmp_path)

        assert (2, "") == (found.returncode, found.stdout)
        typed = f"    {sys.executable} -m pipeline {command} {' '.join(place)} --json --landing"
        assert f"{typed} {own}\n" in found.stderr
        assert f"{typed} {other} --landing-moved\n" in found.stderr
    assert before == everything(world.root / "warehouse")


def test_the_environment_and_the_file_of_settings_can_name_a_wrong_one_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_LANDING", str(world.root / "other"))
    with pytest.raises(SettingsError, match="is made from"):
        resolved(warehouse=world.root / "warehouse")
    monkeypatch.delenv("NEWSFOLD_LANDING")
    Path("newsfold.toml").write_text(f"landing = '{world.root / 'other'}'")

    with pytest.raises(SettingsError, match="is made from"):
        resolved(warehouse=world.root / "warehouse")


def test_documents_that_have_moved_are_read_there_from_then_on(world: World) -> None:
    (world.root / "landing").rename(world.root / "moved")
    place = ("--warehouse", str(world.root / "warehouse"))
    lost = newsfold("repair", *place, cwd=world.root)
    to = ("--landing", str(world.root / "moved"), "--landing-moved", *place)
    dry = newsfold("repair", "--dry-run", *to, cwd=world.root)

    assert (1, (world.root / "landing").as_uri()) == (lost.returncode, noted(world.root / "warehouse"))
    assert "--landing-moved" in lost.stderr
    assert 3 == dry.returncode  # by other settings than the world's
    assert 0 == newsfold("repair", "-q", *to, cwd=world.root).returncode
    assert (world.root / "moved").as_uri() == noted(world.root / "warehouse")
    assert str(world.root / "moved") == resolved(warehouse=world.root / "warehouse")


def test_moved_without_saying_where_to_is_refused(world: World) -> None:
    with pytest.raises(SettingsError, match=r"newsfold gc --landing URI"):
        resolved(warehouse=world.root / "warehouse", moved=True)


@pytest.mark.parametrize("inside", ["", "day=2026-03-05"])
def test_nothing_moves_to_an_empty_folder(world: World, inside: str) -> None:
    """It is a mistyped name, or a disk that is not mounted; from then on every repair would look there."""
    (world.root / "empty" / inside).mkdir(parents=True)
    place = ("--warehouse", str(world.root / "warehouse"))
    moved = newsfold("repair", "--landing", str(world.root / "empty"), "--landing-moved", *place)

    assert 1 == moved.returncode
    assert "empty: it is empty, so nothing has moved there" in moved.stderr
    assert (world.root / "landing").as_uri() == noted(world.root / "warehouse")


def test_a_landing_zone_in_the_place_of_a_warehouse_is_refused_by_what_needs_no_landing_zone(
    world: World,
) -> None:
    for command in (("retire", "--keep-days", "90"), ("stories",)):
        found = newsfold(*command, "--warehouse", str(world.root / "landing"))

        assert 2 == found.returncode
        assert "it is a landing zone and no warehouse" in found.stderr


def test_nothing_moves_to_where_nothing_is(world: World) -> None:
    found = newsfold(
        *("run", "--landing-moved", "--landing", str(world.root / "typo"), "--empty", "--day", str(DAY)),
        *("--warehouse", str(world.root / "warehouse")),
    )

    assert 1 == found.returncode
    assert "typo: no such folder" in found.stderr
    assert (world.root / "landing").as_uri() == noted(world.root / "warehouse")


def test_a_warehouse_of_an_earlier_version_learns_it_from_the_first_that_writes(world: World) -> None:
    """A command that only looks writes nothing. The days are stale: they were made with other settings."""
    note = world.root / "warehouse" / layout.LANDING
    note.unlink()
    given = ("--landing", str(world.root / "landing"), "--warehouse", str(world.root / "warehouse"))

    assert 2 == newsfold("repair", *given[2:]).returncode
    assert 3 == newsfold("status", *given).returncode
    assert 3 == newsfold("repair", "--dry-run", *given).returncode
    assert 0 == newsfold("gc", "--dry-run", *given).returncode
    assert not note.exists()
    assert 0 == newsfold("gc", *given).returncode
    assert 3 == newsfold("status", *given[2:]).returncode
    assert (world.root / "landing").as_uri() == noted(world.root / "warehouse")


@pytest.mark.parametrize(
    ("landing", "warehouse", "says"),
    [
        ("here", "here", "one place"),
        ("here", "here/", "one place"),
        ("here", "there/../here", "one place"),
        ("link", "here", "one place"),
        ("here", "file://{}/here", "one place"),
        ("here", "here/tables", "one inside the other"),
        ("here/documents", "here", "one inside the other"),
        ("link/documents", "here", "one inside the other"),
        ("here", "link/tables", "one inside the other"),
        (".", "here", "one inside the other"),
        ("s3://news/a", "s3://news/a/", "one place"),
        ("s3://news/a", "s3://news/a/b", "one inside the other"),
        ("s3://news", "s3://news/a", "one inside the other"),
    ],
)
def test_two_places_that_are_not_apart_are_refused(
    landing: str, warehouse: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("here")
    # A store that is not there would be asked for the note before.
    monkeypatch.setattr(landing_zone, "open_storage", lambda _uri: LocalStorage(tmp_path / "none"))

    with pytest.raises(SettingsError, match=says):
        resolved(landing, warehouse.format(tmp_path))


def test_names_that_only_begin_alike_are_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert "news" == resolved("news", "news-tables")


def test_places_the_wrong_way_round_are_refused(world: World) -> None:
    """Tables among raw documents would be deliveries to the next command."""
    desk = world.desk()
    before = everything(world.root / "landing")

    with pytest.raises(SettingsError, match="wrong way round"):
        landing_zone.claim(desk.landing, open_storage(str(world.root / "other")))
    assert before == everything(world.root / "landing")


@pytest.mark.parametrize("damage", [b"", b'{"landing": "fil', b"\xff\xfe", b"null", b"[]", b'{"landing": 3}'])
def test_a_damaged_note_is_named_and_can_be_said_again(world: World, damage: bytes) -> None:
    """What it said is not guessed: not even a landing zone that is given is taken for it unasked."""
    (world.root / "warehouse" / layout.LANDING).write_bytes(damage)
    landing, warehouse = world.root / "landing", world.root / "warehouse"

    for given in (None, landing):
        with pytest.raises(
            SettingsError, match=r"landing\.json can't be read[^$]*newsfold gc .*--landing-moved"
        ):
            resolved(given, warehouse)
    with pytest.raises(SettingsError, match=r"landing\.json can't be read"):
        run.run_day(world.desk(), DAY)
    landing_zone.claim(open_storage(str(warehouse)), open_storage(str(landing)), moved=True)
    assert landing.as_uri() == noted(warehouse)


def test_no_published_byte_depends_on_where_the_documents_are(world: World) -> None:
    shutil.copytree(world.root / "landing", world.root / "elsewhere" / "landing")
    desk = make_desk(world.root / "elsewhere", world.engine, **world.settings)
    run.run_day(desk, DAY)

    assert published(world.root / "warehouse") == published(world.root / "elsewhere" / "warehouse")
    assert noted(world.root / "warehouse") != noted(world.root / "elsewhere" / "warehouse")
    manifests = [p.read_text() for p in (world.root / "warehouse/_meta/manifests").rglob("*.json")]
    assert [] == [text for text in manifests if str(world.root) in text]


def test_of_two_first_runs_one_is_noted_and_the_other_compares(world: World) -> None:
    """Both have seen that there is no note when the first of them writes it."""
    met = threading.Barrier(2, timeout=60)

    class Late(LocalStorage):
        def replace(self, path: str, *given: Any, **more: Any) -> str:
            met.wait()
            return super().replace(path, *given, **more)

    def claim(name: str) -> None:
        try:
            landing_zone.claim(Late(world.root / "new"), open_storage(str(world.root / name)))
            done.append(name)
        except SettingsError:
            refused.append(name)

    for second, n_refused in (("other", 1), ("landing", 0)):
        done: list[str] = []
        refused: list[str] = []
        threads = [threading.Thread(target=claim, args=(name,)) for name in ("landing", second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert (2 - n_refused, n_refused) == (len(done), len(refused))
        assert (world.root / done[0]).as_uri() == noted(world.root / "new")
        shutil.rmtree(world.root / "new")


def test_a_landing_zone_that_is_not_there_is_not_remembered(tmp_path: Path) -> None:
    """A name mistyped at first would be the one to keep."""
    found = newsfold("run", "--landing", "typo", "--warehouse", "w", "--day", "2026-03-05", cwd=tmp_path)

    assert 1 == found.returncode
    assert not (tmp_path / "w").exists()


def test_a_task_refuses_another_landing_zone_and_takes_the_one_that_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a scheduler the message has the command for whoever reads the log."""
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(world.root / "warehouse"))
    monkeypatch.setenv("NEWSFOLD_LANDING", str(world.root / "other"))
    before = everything(world.root / "warehouse")

    for step in (
        lambda: tasks.begin(str(DAY)),
        lambda: tasks.plan_batches(str(DAY), 4),
        lambda: tasks.clean_batch(str(DAY), 0, 1),
        lambda: tasks.cluster(str(DAY)),
        lambda: tasks.publish(str(DAY), "key"),
        lambda: tasks.repair([], today=str(DAYS[-1])),
        lambda: tasks.clean_up(24, str(DAYS[-1])),
    ):
        with pytest.raises(
            SettingsError, match=r"newsfold repair --warehouse .* --landing .*other --landing-moved"
        ):
            step()
    assert before == everything(world.root / "warehouse")
    monkeypatch.delenv("NEWSFOLD_LANDING")
    assert str(world.root / "landing") == tasks.landing_uri()


def test_the_first_task_of_a_day_notes_the_landing_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    desk = make_desk(tmp_path, engine)
    deliver(desk, DAY, {"text": SENTENCE.format("repairs")})
    monkeypatch.setenv("NEWSFOLD_LANDING", desk.settings.landing)
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", desk.settings.warehouse)

    tasks.begin(str(DAY))

    assert (tmp_path / "landing").as_uri() == noted(tmp_path / "warehouse")
