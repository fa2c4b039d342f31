"""The sample articles that come with newsfold, and the landing zone and warehouse that they have to themselves."""

from pathlib import Path

from pipeline.model.errors import MissingInputError
from pipeline.store.storage import ABSENT, Storage, filler

LANDING, WAREHOUSE = "demo/landing", "demo/warehouse"
_SEEDS = Path(__file__).parent.parent / "seeds"  # in a checkout, a link to the folder beside the package


def deliver(landing: Storage) -> None:
    """Put the sample articles into a landing zone; files that are there stay. Raises MissingInputError when the samples are missing."""
    if not _SEEDS.is_dir():
        raise MissingInputError(f"{_SEEDS}: the sample articles are missing; install newsfold again")
    for file in sorted(_SEEDS.glob("day=*/*")):
        path = file.relative_to(_SEEDS).as_posix()
        if landing.version(path) == ABSENT:
            landing.replace(path, filler(file.read_bytes()))
