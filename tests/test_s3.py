"""A bucket that is large, ill or gone, as a real S3 server behind a proxy that lets it look so."""

import logging
import os
import pickle
from typing import Any

import pytest

from pipeline.model.errors import (
    MissingInputError,
    OvertakenError,
    PublishError,
)
from pipeline.store import s3
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import ABSENT, filler
from tests.s3server import ENVIRONMENT, Proxy, bucket

pytestmark = pytest.mark.services


@pytest.mark.parametrize("fault", ["500", "503", "slow", "lost", "torn"])
def test_an_ill_store_is_asked_again(proxy: Proxy, fault: str) -> None:
    """Errors, slowness and answers that never arrive or break off lose nothing and let nobody believe to be refused."""
    storage = bucket(f"ill-{fault}")
    storage.replace("x", filler(b"1" * 5000), ABSENT)
    for act in (
        lambda: storage.replace("y", filler(b"2" * 5000), ABSENT),
        lambda: storage.replace("x", filler(b"3" * 5000), storage.version("x")),
        lambda: storage.read("x"),
        lambda: list(storage.walk("")),
    ):
        proxy.faults += [fault]
        act()

    assert proxy.n_faults == 4
    assert (storage.read("x"), storage.read("y")) == (b"3" * 5000, b"2" * 5000)


def test_a_whole_bucket_is_walked_as_a_prefix_is(proxy: Proxy) -> None:
    bucket("rooted").replace("day=2026-03-05/a.txt", filler(b"x"))
    whole = S3Storage("s3://news")

    assert "rooted/day=2026-03-05/a.txt" in {entry.path for entry in whole.walk("")}
    assert "rooted" in whole.folders("")


def test_replacing_what_is_not_there_any_more_is_refused_as_overtaken(proxy: Proxy) -> None:
    """Some stores answer 412 to a version that was deleted, others, AWS among them, 404."""
    storage = bucket("gone")
    version = storage.replace("x", filler(b"1"), ABSENT)
    storage.delete("x")

    with pytest.raises(OvertakenError):
        storage.replace("x", filler(b"2"), version)

    proxy.faults += ["404"]
    with pytest.raises(OvertakenError):
        storage.replace("x", filler(b"2"), version)


def test_a_large_object_goes_up_in_parts_under_the_same_conditions(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two who put 12 MB in parts where nothing stands one is refused; it is read in ranges; no upload is left."""
    monkeypatch.setattr(s3, "_PART_BYTES", 5 * 2**20)
    monkeypatch.setattr(s3, "_WHOLE_BYTES", 2**20)
    storage, data = bucket("large"), os.urandom(12 * 2**20)
    storage.replace("x", filler(data), ABSENT)

    with pytest.raises(PublishError, match="x was replaced by somebody else"):
        storage.replace("x", filler(b"n" * 12 * 2**20), ABSENT)

    with storage.open("x") as source:
        source.seek(5_000_000)
        assert data[5_000_000:5_000_100] == source.read(100)
        source.seek(-10, 2)
        assert data[-10:] == source.read()
    assert list(storage.leftovers(0)) == []


def test_an_unfinished_upload_is_found_and_taken_away(proxy: Proxy) -> None:
    storage = bucket("unfinished")
    storage._s3.create_multipart_upload(Bucket="news", Key="unfinished/stories/x")

    (left,) = storage.leftovers(0)
    assert left.what == "unfinished upload of stories/x"
    left.remove()

    assert list(storage.leftovers(0)) == []
    assert list(storage.leftovers(3600)) == []


def test_a_lock_that_nobody_holds_is_taken_away(proxy: Proxy) -> None:
    storage = bucket("locked")
    with storage.lock("run/1"):
        for one in list(storage.leftovers(0)):
            one.remove()
        assert ["_meta/locks/run/1.json"] == [entry.path for entry in storage.walk("_meta")]
    for one in list(storage.leftovers(0)):
        one.remove()

    assert [] == list(storage.walk("_meta"))


def test_a_bucket_that_is_not_there_is_named(proxy: Proxy) -> None:
    with pytest.raises((MissingInputError, PublishError), match="nowhere"):
        S3Storage("s3://nowhere/x").replace("x", filler(b""))


def test_keys_are_never_logged(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-very-secret-key")
    with caplog.at_level(logging.INFO):
        storage = bucket("secret")
        storage.replace("x", filler(b"1"))
        with pytest.raises(PublishError) as refused:
            storage.replace("x", filler(b"2"), ABSENT)

    assert "a-very-secret-key" not in caplog.text + str(refused.value) + repr(storage.__dict__)


def test_a_range_that_comes_short_is_asked_for_again(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is not taken for the end of the object."""
    monkeypatch.setattr(s3, "_WHOLE_BYTES", 1000)
    storage, data = bucket("ranges"), os.urandom(50_000)
    storage.replace("x", filler(data))
    with storage.open("x") as source:
        proxy.faults += ["short", "short"]
        assert data == source.read()


def test_a_storage_travels_to_a_process_that_has_its_own_keys(proxy: Proxy) -> None:

    storage = pickle.loads(pickle.dumps(bucket("pickled")))  # noqa: S301 - our own
    storage.replace("x", filler(b"1"))

    assert storage.read("x") == b"1"


def test_nothing_is_asked_of_the_store_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage can be made where nothing answers; the first request says what is wrong."""
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)

    storage: Any = S3Storage("s3://news/x")

    assert storage.uri == "s3://news/x"
