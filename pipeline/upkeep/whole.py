"""Whether the tables of a day are of one run, and the stories have the day's part: what is not whole shows half a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from pipeline.day import inputs
from pipeline.day.story_partitions import shares_of, unsettled_of
from pipeline.model.contract import Contract
from pipeline.model.tables import MEMBERSHIPS, STORIES
from pipeline.store.manifest import Manifest
from pipeline.store.storage import ABSENT
from pipeline.store.warehouse import MISSING
from pipeline.upkeep.reasons import Reason, Why


class Look(Protocol):
    """What is known of partitions at one moment, as `store.view.Glance` has it."""

    def version(self, contract: Contract, day: date) -> str: ...
    def manifest(self, contract: Contract, day: date) -> Manifest | None: ...
    def digest(self, contract: Contract, day: date) -> str: ...


def broken(look: Look, run: Manifest, day: date, tables: Iterable[Contract]) -> Iterator[Reason]:
    """Those of the tables, STORIES among them or not, that are not from the day's run, and stories that lack its share."""
    for contract in tables:
        manifest = look.manifest(contract, day)
        if not inputs.makes(run.inputs, contract):
            continue
        found, stands = look.digest(contract, day), look.version(contract, day) != ABSENT
        if stands and found == MISSING:
            yield Why.DAMAGED.of(contract.name)
        elif manifest is None and stands:
            yield Why.NO_MANIFEST.of(contract.name)
        elif manifest is None or manifest.digest != found:
            yield Why.NOT_ITS_MANIFEST.of(contract.name)
        elif contract is not STORIES and manifest.inputs != run.inputs:
            yield Why.OF_ANOTHER_RUN.of(contract.name)
    yield from _unsettled(look, day)


def _unsettled(look: Look, day: date) -> Iterator[Reason]:
    """Stories and memberships name the same shares, with digests: a lost update shows on both sides."""
    memberships, stories = look.manifest(MEMBERSHIPS, day), look.manifest(STORIES, day)
    for first in unsettled_of(memberships):
        yield Why.MAY_LACK.of(f"stories/{first}")
    for first, digest in shares_of(memberships).items():
        summed = look.manifest(STORIES, date.fromisoformat(first))
        if summed is None or summed.inputs.get(str(day)) != digest:
            yield Why.LACKS.of(f"stories/{first}")
    for other, digest in stories.inputs.items() if stories else ():
        if shares_of(look.manifest(MEMBERSHIPS, date.fromisoformat(other))).get(str(day)) != digest:
            yield Why.OLD_PART.of(f"stories/{day}", other)
