"""The promise of the feed of changes under random sequences: how many of so many pass.

    python -m benchmarks.change_sequences [--sequences 2000] [--seed 1]

Days of a small world are delivered, run, killed, repaired, retired, removed, published by two at once; in every other sequence also
damaged, lost and restored, the files of the feed among them. After each action somebody loads the tables and follows the feed from there
on. At the end each of them must have the tables, row for row. A sequence that fails is printed, and the others go on. The same seed
gives the same sequences. Each takes about two seconds.
"""

import argparse
import sys
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.actions import delivered
from tests.test_change_sequences import ANYTHING, PUBLISHING, be_fast, follow
from tests.test_repair_sequences import delivered_to, scratch
from tests.world import DAYS

_EVERY = 20  # sequences between two lines that say how far it is


class Tally:
    """How many sequences passed, and how many readers followed in them."""

    def __init__(self) -> None:
        self.n, self.n_failed, self.n_readers, self._begun = 0, 0, 0, time.monotonic()

    def tell(self) -> None:
        took = time.monotonic() - self._begun
        print(
            f"{self.n} sequences, {self.n - self.n_failed} passed, {self.n_failed} failed, "
            f"{self.n_readers} readers followed, {took:.0f} s",
            flush=True,
        )


def try_sequences(n: int, seed_: int, *, is_whole: bool, tally: Tally) -> None:
    """Try so many sequences of one kind: with `is_whole`, of what newsfold itself does, after which nobody may have to load again."""

    @seed(seed_)
    @settings(
        max_examples=n,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.tuples(*[delivered] * len(DAYS)), PUBLISHING if is_whole else ANYTHING)
    def sequence(at_first: tuple[list[int], ...], todo: list[tuple[Any, ...]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            be_fast(patch)
            try:
                tally.n_readers += follow(delivered_to(root, at_first), todo, is_whole=is_whole)
            except Exception as error:  # noqa: BLE001 - it is counted and printed
                tally.n_failed += 1
                print(f"FAILED ({error!r:.300}): is_whole={is_whole} {at_first} {todo}", flush=True)
        tally.n += 1
        if tally.n % _EVERY == 0:
            tally.tell()

    with scratch(f"sequences-{is_whole}") as root:
        sequence()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sequences", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked, tally = parser.parse_args(), Tally()
    for is_whole in (True, False):
        try_sequences(asked.sequences // 2, asked.seed, is_whole=is_whole, tally=tally)
    tally.tell()
    sys.exit(tally.n_failed > 0)


if __name__ == "__main__":
    main()
