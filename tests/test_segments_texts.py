"""What a published day's segments hold of its texts."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.day import extract, run, segments
from pipeline.day.desk import WorkDesk
from pipeline.landing.files import list_files
from pipeline.model.errors import NewsfoldError
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES
from pipeline.store import parquet, spill
from pipeline.upkeep import gc, verify
from tests import broken
from tests.removed_world import ORIGIN, OTHERS, deliver
from tests.world import DAYS, TODAY, World, be_quick

DAY = DAYS[0]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """One day that was published."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    deliver(world, DAY, OTHERS[0], ORIGIN)
    run.run_day(world.desk(), DAY)
    return world


def extracted(world: World) -> list[dict[str, Any]]:
    desk = world.desk()
    return extract.extract_day(desk, DAY, list_files(desk.landing, DAY)).to_pylist()


def kept(world: World) -> list[str]:
    """The texts that stand in the day's segments."""
    found = sorted((world.root / "warehouse/_meta/state/extracted").rglob("*.parquet"))
    return [text for path in found for text in pq.ParquetFile(path).read(["text"])["text"].to_pylist()]


def test_what_articles_have_is_not_kept_twice_and_nothing_is_parsed_again(world: World) -> None:
    assert set(kept(world)) == {""}
    world.fail(DAY, "a.jsonl", 10**9)

    assert all(row["text"] for row in extracted(world))
    assert [] == list(verify.verify(world.desk().warehouse))


def test_texts_come_back_into_segments_before_their_articles_go(world: World) -> None:
    """Whoever is killed between the two parses nothing again."""
    desk, before = world.desk(), extracted(world)
    storage = desk.warehouse.storage
    standing = desk.warehouse.read(ARTICLES, DAY)
    other = standing
    for name, value in (("text", "Another text."), ("text_digest", 32 * "0")):
        at = standing.schema.get_field_index(name)
        other = other.set_column(at, name, [[value, standing[name][1].as_py()]])
    segments.take_back_texts(storage, DAY, other)

    assert sum(text != "" for text in kept(world)) == 1
    assert before == extracted(world)
    segments.share_texts(storage, segments.without_texts(storage, DAY, standing))
    assert set(kept(world)) == {""}
    assert before == extracted(world)


def test_no_text_is_read_to_see_that_none_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour's articles come to those that are there: whose texts stay, their digests say."""
    asked: list[list[str] | None] = []
    real = parquet.read

    def read(source: Any, columns: list[str] | None = None, *more: Any) -> Any:
        asked.append(columns)
        return real(source, columns, *more)

    monkeypatch.setattr(parquet, "read", read)
    storage, articles = world.desk().warehouse.storage, world.desk().warehouse.read(ARTICLES, DAY)
    segments.take_back_texts(storage, DAY, articles)

    assert asked
    assert all(columns is not None and "text" not in columns for columns in asked)


def test_only_texts_that_go_are_read(world: World) -> None:
    """A file of a day's articles has every text, most of which stay."""
    texts = segments.Texts(world.desk().warehouse.storage, DAY)
    going = texts.articles.slice(1)

    assert 2 == texts.articles.num_rows
    assert going.equals(texts.of(going["raw_ref"].combine_chunks()))


def test_without_the_articles_documents_are_parsed_again(world: World) -> None:
    before = extracted(world)
    (articles,) = (world.root / "warehouse/articles").rglob("*.parquet")
    articles.unlink()

    assert before == extracted(world)
    assert "" not in kept(world)


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_segment_that_was_changed_by_hand_is_not_written_again_as_if_it_were_whole(
    world: World, is_shared: bool
) -> None:
    """Else `verify` would not name it any more."""
    storage, articles = world.desk().warehouse.storage, world.desk().warehouse.read(ARTICLES, DAY)
    if not is_shared:
        segments.take_back_texts(storage, DAY, ARTICLES.empty())
    (path,) = (world.root / "warehouse/_meta/state/extracted").rglob("*.parquet")
    rows = pq.read_table(path, partitioning=None)
    titles = ["Changed.", *rows["title"].to_pylist()[1:]]
    pq.write_table(
        rows.set_column(rows.schema.get_field_index("title"), rows.schema.field("title"), [titles]), path
    )
    before = path.read_bytes()

    if is_shared:
        segments.take_back_texts(storage, DAY, ARTICLES.empty())
    else:
        segments.share_texts(storage, segments.without_texts(storage, DAY, articles))

    assert before == path.read_bytes()
    assert [path.name] == [Path(one.path).name for one in verify.verify(world.desk().warehouse)]


def test_a_segment_that_is_replaced_meanwhile_is_left_as_it_is(world: World) -> None:
    """What is left out of it is told in a thread, before the articles stand."""
    storage, articles = world.desk().warehouse.storage, world.desk().warehouse.read(ARTICLES, DAY)
    segments.take_back_texts(storage, DAY, ARTICLES.empty())
    shared = segments.without_texts(storage, DAY, articles)
    (path,) = (world.root / "warehouse/_meta/state/extracted").rglob("*.parquet")
    path.write_bytes(path.read_bytes() + b" ")

    segments.share_texts(storage, shared)

    assert 1 == len(shared)
    assert path.read_bytes().endswith(b" ")


def test_a_text_that_is_another_is_seen(world: World) -> None:
    """An article that somebody changed by hand gives no document another text."""
    desk, before = world.desk(), extracted(world)
    path = next((world.root / "warehouse/articles").rglob("*.parquet"))
    rows = desk.warehouse.read(ARTICLES, DAY)
    changed = rows.set_column(rows.schema.get_field_index("text"), "text", [["Changed."] * rows.num_rows])
    with path.open("wb") as sink:
        parquet.write(ARTICLES, ARTICLES.conform(changed), sink)

    assert before == extracted(world)


@pytest.mark.parametrize("number", broken.PASSING)
def test_what_a_store_may_give_a_moment_later_is_not_taken_for_lost(world: World, number: int) -> None:
    """Whatever operation meets it: removing breaks off, `gc` names no segment, and no text goes with its article."""
    before, removal = broken.texts_of(world), Removal(Target.ADDRESS, "https://nowhere.example/")

    def honour(desk: WorkDesk) -> None:
        segments.honour(desk.warehouse.storage, DAY, (removal,))

    def replace_all(desk: WorkDesk) -> None:
        segments.take_back_texts(desk.warehouse.storage, DAY, ARTICLES.empty())
        shutil.rmtree(world.root / "warehouse/articles")

    def clear(desk: WorkDesk) -> None:
        for one in list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, 0, TODAY)):
            one.remove()

    for act in (honour, clear, replace_all):  # the last one comes through in the end
        n_broken = len(list(broken.at_each_step(world, number, act)))
        assert n_broken
        assert before == broken.texts_of(world), act.__name__


def test_without_room_to_read_a_segment_nothing_is_taken_for_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full TMPDIR says nothing of the segment that was to be read."""
    storage, before = world.desk().warehouse.storage, kept(world)
    monkeypatch.setattr(spill, "LARGE_BYTES", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(world.root / "full"))

    with pytest.raises(NewsfoldError, match="no room to put a table aside"):
        segments.take_back_texts(storage, DAY, ARTICLES.empty())
    assert before == kept(world)


def test_a_damaged_segment_is_made_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """That is what a lost one is, and the log says so."""
    before = extracted(world)
    (path,) = (world.root / "warehouse/_meta/state/extracted").rglob("*.parquet")
    path.write_bytes(b"PAR1" + bytes(100))
    segments.take_back_texts(world.desk().warehouse.storage, DAY, ARTICLES.empty())

    assert before == extracted(world)
    assert "cannot be read and is made again" in caplog.text
