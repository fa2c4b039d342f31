"""Damage: a file of the warehouse that is cut short, has other bytes than were written, or is no file at all.

Damage stays until the file is made again, so a damaged file counts as missing. A store that does not answer, or a machine without
memory or file handles, may give the same file a moment later: that is no damage, and a run that meets it is broken.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from pipeline.model.errors import DamagedError, NewsfoldError
from pipeline.store.storage import Storage

# What a system answers for as long as the file stands there as it does. pyarrow's own OSError has no number, like a store's
# FileNotFoundError, which says something else.
_LASTING = frozenset(
    getattr(errno, name)
    for name in ("EISDIR", "ENOTDIR", "EACCES", "EPERM", "EIO", "ELOOP", "ENXIO", "EBADMSG", "EUCLEAN")
    if hasattr(errno, name)
)
_MALFORMED = (pa.ArrowException, ValueError, LookupError)  # of a parser


def is_damage(error: Exception) -> bool:
    """Whether an error of reading and parsing a file says that the file is damaged."""
    if isinstance(
        error, (MemoryError, NewsfoldError)
    ):  # what says itself what it is: a file was replaced meanwhile, say
        return False
    if isinstance(error, OSError):
        return type(error) is OSError if error.errno is None else error.errno in _LASTING
    return isinstance(error, _MALFORMED)


@contextmanager
def named(storage: Storage, path: str) -> Iterator[None]:
    """Raise DamagedError, with the path, for what reading or parsing a damaged file raises."""
    try:
        yield
    except Exception as error:
        if not is_damage(error):
            raise
        what = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedError(
            f"{storage.uri}: {path} is damaged: {what}; newsfold repair makes it again"
        ) from error
