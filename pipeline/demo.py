"""The sample articles that come with newsfold, in a landing zone and a warehouse of their own: never in anybody else's."""

from pathlib import Path

from pipeline.errors import MissingInputError
from pipeline.store.storage import ABSENT, Storage, filler

LANDING, WAREHOUSE = "demo/landing", "demo/warehouse"
_HERE = Path(__file__).parent
_PLACES = (_HERE / "seeds", _HERE.parent / "seeds")  # in an installed package, in a checkout


def deliver(landing: Storage) -> None:
    """Put the sample articles into a landing zone; what is there stays. Raises MissingInputError where there are no samples."""
    folder = next((place for place in _PLACES if place.is_dir()), None)
    if folder is None:
        raise MissingInputError(
            f"{_PLACES[0]}: the sample articles are not there; install newsfold again, or run this in a checkout"
        )
    for file in sorted(folder.glob("day=*/*")):
        path = file.relative_to(folder).as_posix()
        if landing.version(path) == ABSENT:
            landing.replace(path, filler(file.read_bytes()))
