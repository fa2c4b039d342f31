"""The feed of changes in a bucket: two publishers at once, one that is killed, and who follows them."""

import threading
from pathlib import Path

import pytest

from pipeline.model.tables import MEMBERSHIPS
from pipeline.store.s3 import S3Storage
from pipeline.store.warehouse import Warehouse
from tests.consumer import Consumer, tables
from tests.memberships import rows
from tests.s3server import ENVIRONMENT, SeaweedFS
from tests.world import DAYS

pytestmark = pytest.mark.services


@pytest.fixture
def uri(server: SeaweedFS, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    return f"s3://news/{tmp_path.name}"


def _publish(uri: str, n: int, *names: str) -> None:
    Warehouse(S3Storage(uri)).publish(MEMBERSHIPS, DAYS[n], MEMBERSHIPS.table(rows(*names)))


def test_who_follows_two_publishers_at_once_has_the_tables(uri: str) -> None:
    """Each takes numbers of its own, and none is lost."""
    for n in (0, 1):
        _publish(uri, n, *"abcdefgh")
    consumer = Consumer(uri)
    consumer.catch_up()

    def change(n: int) -> None:
        for i in range(6):
            _publish(uri, n, *"abcdefg", f"{n}-{i}")

    threads = [threading.Thread(target=change, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        consumer.catch_up()
    consumer.catch_up()

    feed = Warehouse(S3Storage(uri)).teller.feed
    told = [
        number for first in feed.firsts() for number in feed.read_range(first).rows["publication"].to_pylist()
    ]
    assert 2 + 2 * 6 == len(set(told))
    assert sorted(told) == told
    assert (1, tables(uri)) == (consumer.n_loads, consumer.have)
