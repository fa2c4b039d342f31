"""A lease: who holds it, and what becomes of a holder that stood still."""

import threading

import pytest

from pipeline.model.errors import PublishError
from pipeline.store.lease import Lease
from pipeline.store.storage import filler
from tests.s3server import Proxy, bucket

pytestmark = pytest.mark.services


def test_a_lease_that_was_taken_over_does_not_let_its_old_holder_write(proxy: Proxy) -> None:
    """A holder that stood still for longer than its lease meets a version that it did not expect."""
    storage = bucket("zombie")
    base = storage.replace("x", filler(b"before"))
    taken = threading.Event()

    def take_over() -> None:
        with bucket("zombie").lock("run/1"):
            storage.replace("x", filler(b"newer"), base)
            taken.set()

    lease = Lease(storage, "_meta/locks/run/1.json", 1.0)
    lease._acquire()  # and never renewed: the process stands still
    thread = threading.Thread(target=take_over)
    thread.start()
    assert taken.wait(120)
    thread.join()

    with pytest.raises(PublishError, match="replaced by somebody else"):
        storage.replace("x", filler(b"older"), base)
    assert storage.read("x") == b"newer"
