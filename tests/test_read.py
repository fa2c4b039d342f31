"""What a consumer's helper reads."""

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasketch import MinHashLSH

from pipeline import jobs, read
from pipeline.contracts import SIGNATURES, STORIES
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.errors import MissingInputError
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> jobs.Desk:
    desk = make_desk(tmp_path_factory.mktemp("read"), EmbeddedEngine(1))
    deliver(desk, DAY, *POOL[:6])
    deliver(desk, DAY + timedelta(1), *POOL[6:])
    for day in (DAY, DAY + timedelta(1)):
        jobs.run_day(desk, day)
    return desk


def test_a_table_is_read_with_its_days(desk: jobs.Desk) -> None:
    """The helper reads what pyarrow reads, the partition's day included."""
    found = read.table("stories", desk.warehouse.storage.uri)

    plain = pq.read_table(f"{desk.warehouse.storage.uri}/stories")
    assert sorted(plain["story_id"].to_pylist()) == sorted(found["story_id"].to_pylist())
    assert [*STORIES.names, "day"] == found.column_names
    assert {str(d) for d in plain["day"].to_pylist()} == {str(d) for d in found["day"].to_pylist()}


def test_days_and_columns_can_be_chosen(desk: jobs.Desk) -> None:
    found = read.table(
        "articles", desk.warehouse.storage.uri, first=DAY + timedelta(1), columns=["article_id"]
    )

    assert found.column_names == ["article_id", "day"]
    assert {DAY + timedelta(1)} == set(found["day"].to_pylist())


def test_a_table_that_is_not_published_is_refused(desk: jobs.Desk) -> None:
    with pytest.raises(MissingInputError, match="no published table 'members'"):
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


def test_stored_signatures_are_datasketchs(desk: jobs.Desk) -> None:
    """An index of datasketch finds, by the stored signatures, the copy of an article."""
    signatures = read.signatures(desk.warehouse.storage.uri, DAY)
    index = MinHashLSH(threshold=0.9, num_perm=128)
    for article, signature in signatures.items():
        index.insert(article, signature)

    same = [a for a in signatures if len(index.query(signatures[a])) > 1]
    assert len(same) == 2
    assert signatures[same[0]].jaccard(signatures[same[1]]) == 1.0


def test_signatures_that_were_cleaned_away_are_computed(desk: jobs.Desk, tmp_path: Path) -> None:
    stored = read.signatures(desk.warehouse.storage.uri, DAY)
    desk.warehouse.storage.delete(desk.warehouse.path(SIGNATURES, DAY))

    assert stored == read.signatures(desk.warehouse.storage.uri, DAY)
