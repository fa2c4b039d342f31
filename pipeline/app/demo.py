"""The sample articles that come with newsfold, in a landing zone and a warehouse of their own: never in anybody else's."""

from pathlib import Path

from pipeline.model.errors import MissingInputError
from pipeline.store.storage import ABSENT, Storage, filler

LANDING, WAREHOUSE = "demo/landing", "demo/warehouse"
_SEEDS = Path(__file__).parent.parent / "seeds"  # in a checkout, a link to the folder beside the package


def deliver(landing: Storage) -> None:
    """Put the sample articles into a landing zone; what is there stays. Raises MissingInputError where there are no samples."""
    if not _SEEDS.is_dir():
        raise MissingInputError(f"{_SEEDS}: the sample articles are not there; install newsfold again")
    for file in sorted(_SEEDS.glob("day=*/*")):
        path = file.relative_to(_SEEDS).as_posix()
        if landing.version(path) == ABSENT:
            landing.replace(path, filler(file.read_bytes()))
