"""`raw_ref`, the name of a raw document: the path of its file in the landing zone, #, and the number of its record."""

import re

import pyarrow.compute as pc

from pipeline.model.arrow import ChunkedArray

# A backslash of a name that could be taken for the spelling of a byte, or for the spelling of such a backslash.
_SPELT = re.compile(r"\\(?=x(?:[89a-f][0-9a-f]|5c))")
_MARK = "#"  # a path may have one, too: the last one counts


def raw_ref(path: str, record: object) -> str:
    """The name of a record of a file."""
    return numbered(spelt(path), record)


def numbered(path: str, record: object) -> str:
    """The name of a record of a file whose path is spelt so."""
    return f"{path}{_MARK}{record}"


def spelt(path: str) -> str:
    """A path as `raw_ref` spells it: file names are bytes, and not always UTF-8. No two paths are spelt alike."""
    plain = _SPELT.sub(r"\\x5c", path)
    return plain.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def path_of(ref: str) -> str:
    """The path of the document's file, as `spelt` writes it."""
    return ref.rpartition(_MARK)[0] or ref


def paths_of(refs: ChunkedArray) -> ChunkedArray:
    """`path_of` each."""
    return pc.replace_substring_regex(refs, rf"{_MARK}[^{_MARK}]*$", "")
