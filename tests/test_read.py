"""What a consumer's helper reads."""

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasketch import MinHashLSH

from pipeline import read
from pipeline.day import reuse, run
from pipeline.day.desk import Desk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.internal_tables import SIGNATURES
from pipeline.model.tables import ARTICLES, STORIES
from pipeline.text import tokens
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("read"), EmbeddedEngine(1))
    deliver(desk, DAY, *POOL[:6])
    deliver(desk, DAY + timedelta(1), *POOL[6:])
    for day in (DAY, DAY + timedelta(1)):
        run.run_day(desk, day)
    return desk


def test_a_table_is_read_with_its_days(desk: Desk) -> None:
    """The helper reads what pyarrow reads, the partition's day included."""
    found = read.table("stories", desk.warehouse.storage.uri)

    plain = pq.read_table(f"{desk.warehouse.storage.uri}/stories")
    assert sorted(plain["story_id"].to_pylist()) == sorted(found["story_id"].to_pylist())
    assert [*STORIES.names, "day"] == found.column_names
    assert {str(d) for d in plain["day"].to_pylist()} == {str(d) for d in found["day"].to_pylist()}


def test_days_and_columns_can_be_chosen(desk: Desk) -> None:
    found = read.table(
        "articles", desk.warehouse.storage.uri, first=DAY + timedelta(1), columns=["article_id"]
    )

    assert found.column_names == ["article_id", "day"]
    assert {DAY + timedelta(1)} == set(found["day"].to_pylist())


def test_a_folder_that_a_killed_run_left_empty_is_passed_over(desk: Desk) -> None:
    uri = desk.warehouse.storage.uri
    before = read.table("rejects", uri)
    folder = Path(uri) / "rejects" / f"day={DAY + timedelta(9)}"
    folder.mkdir()

    assert before == read.table("rejects", uri)
    folder.rmdir()


def test_a_table_that_is_not_published_is_refused(desk: Desk) -> None:
    with pytest.raises(read.MissingError, match="no published table 'members'"):
        read.table("members", desk.warehouse.storage.uri)


def test_a_reader_that_fails_once_is_asked_again() -> None:
    answers = iter([OSError("replaced"), RuntimeError("again"), 7])

    def reader(extra: int) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer + extra

    assert read.retrying(reader, 1) == 8


def test_a_reader_that_always_fails_fails() -> None:
    with pytest.raises(OSError, match="never"):
        read.retrying(_never, attempts=2)


def _never() -> None:
    raise OSError("never")


def test_stored_signatures_are_datasketchs(desk: Desk) -> None:
    """An index of datasketch finds, by the stored signatures, the copy of an article."""
    signatures = read.signatures(desk.warehouse.storage.uri, DAY)
    index = MinHashLSH(threshold=0.9, num_perm=128)
    for article, signature in signatures.items():
        index.insert(article, signature)

    same = [a for a in signatures if len(index.query(signatures[a])) > 1]
    assert len(same) == 2
    assert signatures[same[0]].jaccard(signatures[same[1]]) == 1.0


def test_signatures_that_were_made_otherwise_are_not_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scheme, seed, permutations, shingles, normaliser and Unicode stand in the manifest: another one is never mixed in."""
    digest = desk.warehouse.standing(ARTICLES, DAY).digest
    wanted = reuse.state_inputs(SIGNATURES, {"articles": digest})
    assert "affine32, seed 1, 128 permutations" in wanted["sketches"]
    assert reuse.fitting(desk.warehouse, SIGNATURES, DAY, wanted)

    monkeypatch.setattr(tokens, "NORMALISER", "another")

    assert not reuse.fitting(
        desk.warehouse, SIGNATURES, DAY, reuse.state_inputs(SIGNATURES, {"articles": digest})
    )


def test_signatures_that_were_cleaned_away_are_computed(desk: Desk, tmp_path: Path) -> None:
    stored = read.signatures(desk.warehouse.storage.uri, DAY)
    desk.warehouse.storage.delete(desk.warehouse.path(SIGNATURES, DAY))

    assert stored == read.signatures(desk.warehouse.storage.uri, DAY)
