"""A lease: who holds it, who waits for it, and what becomes of a holder that stood still. No test waits for a clock."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.model.errors import PublishError
from pipeline.store import lease
from pipeline.store.lease import Lease
from pipeline.store.local import LocalStorage
from pipeline.store.readonly import ReadOnly
from pipeline.store.storage import ABSENT, Storage, filler

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "_meta/locks/run/1.json"
SECONDS = 3_600.0  # so long that a holder of the tests does not renew it by itself


class Clock:
    """Stands in for `time`: it goes on only where somebody sleeps, and does then what else happens meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.meanwhile: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, _seconds: float) -> None:
        self.now += SECONDS / 4
        self.meanwhile()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(lease, "time", clock)
    return clock


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path)


def held(storage: Storage) -> Lease:
    """A lease whose holder stands still: it never renews it."""
    found = Lease(storage, PATH, SECONDS)
    found._acquire()
    return found


def test_a_lease_that_nobody_holds_is_taken_at_once(storage: Storage, clock: Clock) -> None:
    """Also one that was given back."""
    for _ in range(2):
        with Lease(storage, PATH, SECONDS).held():
            assert 0.0 == clock.now


def test_a_holder_that_stands_still_is_waited_for_until_its_lease_has_run_out(
    storage: Storage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Who waits says so once, and for whom."""
    held(storage)

    with Lease(storage, PATH, SECONDS).held():
        assert SECONDS < clock.now <= 2 * SECONDS

    (said,) = caplog.messages
    assert said.startswith(f"waiting for {PATH}, which process ")


def test_a_holder_that_renews_its_lease_keeps_it_however_long_others_wait(
    storage: Storage, clock: Clock
) -> None:
    holder, renewals = held(storage), iter(range(20))

    def renew() -> None:
        holder._write(free=next(renewals, None) is None)  # after twenty times it gives the lease back

    clock.meanwhile = renew
    with Lease(storage, PATH, SECONDS).held():
        assert clock.now > 5 * SECONDS

    assert None is next(renewals, None)


def test_a_lease_that_was_taken_over_does_not_let_its_old_holder_write(
    storage: Storage, clock: Clock
) -> None:
    """A holder that stood still for longer than its lease meets versions that it did not expect."""
    base = storage.replace("x", filler(b"before"))
    old = held(storage)
    with Lease(storage, PATH, SECONDS).held():
        storage.replace("x", filler(b"newer"), base)

        with pytest.raises(PublishError, match="replaced"):
            storage.replace("x", filler(b"older"), base)
        with pytest.raises(PublishError):
            old._write(free=True)
    assert storage.read("x") == b"newer"


def test_a_lease_that_nobody_holds_is_removed_and_one_that_is_held_stays(
    storage: Storage, clock: Clock
) -> None:
    with Lease(storage, PATH, SECONDS).held():
        Lease(storage, PATH, SECONDS).remove()
        assert storage.version(PATH) != ABSENT
    Lease(storage, PATH, SECONDS).remove()
    assert storage.version(PATH) == ABSENT
    Lease(storage, PATH, SECONDS).remove()

    with Lease(storage, PATH, SECONDS).held():
        assert 0.0 == clock.now


def test_a_lease_that_somebody_takes_while_it_is_removed_stays(storage: Storage, clock: Clock) -> None:
    """The remover holds it first, so whoever was faster keeps it."""
    with Lease(storage, PATH, SECONDS).held():
        pass
    remover = Lease(storage, PATH, SECONDS)
    look = remover._look

    def look_and_lose() -> tuple[str, str | None]:
        found = look()
        held(storage)
        return found

    remover._look = look_and_lose  # type: ignore[method-assign]
    remover.remove()

    assert storage.version(PATH) != ABSENT


def test_who_may_not_write_is_told_so_and_does_not_wait(tmp_path: Path, clock: Clock) -> None:
    with (
        pytest.raises(PublishError, match="to be read only"),
        Lease(ReadOnly(LocalStorage(tmp_path)), PATH, SECONDS).held(),
    ):
        pass
    assert 0.0 == clock.now
