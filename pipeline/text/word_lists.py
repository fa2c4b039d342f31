"""Words of languages by how often they are met: the frozen lists of `wordfreq`, read without the package.

Its modules take a tenth of a second to load, twice as long as a list takes to read: they know the names of all languages.
"""

import gzip
import importlib.util
from functools import cache
from pathlib import Path

import msgpack

_PACKAGE, _FOLDER = "wordfreq", "data"
_ENDING = ".msgpack.gz"
_FORM = {"format": "cB", "version": 1}
SMALL, LARGE = "small", "large"


def words_by_rarity(language: str, sizes: tuple[str, ...] = (LARGE, SMALL)) -> list[list[str]]:
    """The words of a language in its first list of these sizes, those of list n with a frequency of 10 ** (-n / 100); none where there
    is no list. Raises ValueError for a list of another form.
    """
    path = next((_files()[n] for size in sizes if (n := f"{size}_{language}") in _files()), None)
    if path is None:
        return []
    words: list[list[str]]
    with gzip.open(path) as file:
        head, *words = msgpack.load(file)
    if {name: head.get(name) for name in _FORM} != _FORM:
        raise ValueError(f"{path}: another form of list: {head}")
    return words


@cache
def _files() -> dict[str, Path]:
    """The files of lists by size and language, as in `large_en`. Without any, all words would count as rare: raises FileNotFoundError."""
    spec = importlib.util.find_spec(_PACKAGE)
    folders = (Path(folder, _FOLDER) for folder in (spec and spec.submodule_search_locations) or ())
    found = [path for folder in folders for path in folder.glob(f"*{_ENDING}")]
    if not found:
        raise FileNotFoundError(f"{_PACKAGE} is not installed, or without its lists of words")
    return {path.name.removesuffix(_ENDING): path for path in found}
