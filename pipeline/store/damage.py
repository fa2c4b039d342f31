"""Damage: a file of the warehouse that is cut short, has other bytes than were written, or is no file at all.

Damage stays until the file is made again, so a damaged file counts as missing. A store that does not answer, or a machine without
memory or file handles, may give the same file a moment later: that is no damage, and a run that meets it is broken.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

import pyarrow as pa

from pipeline.model.errors import (
    ContractError,
    DamagedError,
    MissingInputError,
    NewsfoldError,
    OvertakenError,
)
from pipeline.store.storage import Storage

# What a system answers for as long as the file stands there as it does. pyarrow's own OSError has no number, like a store's
# FileNotFoundError, which says something else.
_LASTING = frozenset(
    getattr(errno, name)
    for name in ("EISDIR", "ENOTDIR", "EACCES", "EPERM", "EIO", "ELOOP", "ENXIO", "EBADMSG", "EUCLEAN")
    if hasattr(errno, name)
)
T = TypeVar("T")

_MALFORMED = (pa.ArrowException, ValueError, LookupError)  # of a parser
_GONE = (FileNotFoundError, MissingInputError, ContractError, OvertakenError)


def is_damage(error: Exception) -> bool:
    """Whether an error of reading and parsing a file says that the file is damaged."""
    if isinstance(
        error, (MemoryError, NewsfoldError)
    ):  # what says itself what it is: a file was replaced meanwhile, say
        return False
    if isinstance(error, OSError):
        return type(error) is OSError if error.errno is None else error.errno in _LASTING
    return isinstance(error, _MALFORMED)


def is_lost(error: Exception) -> bool:
    """Whether an error of reading a file says that it is damaged, is not what it should be, or is not there any more. Any other error
    says nothing about the file: it may be whole.
    """
    return is_damage(error) or isinstance(error, _GONE)


def twice(read: Callable[[], T]) -> T:
    """What `read` gives. Where the system says that a file can't be read, it reads once more before that is believed: a file system over
    a network says so, too, when its server does not answer in time.
    """
    try:
        return read()
    except (OSError, DamagedError) as error:
        cause = error.__cause__ if isinstance(error, DamagedError) else error
        if not isinstance(cause, OSError) or not is_damage(cause):
            raise
        return read()


class skipped(AbstractContextManager[None]):  # noqa: N801 - used as `suppress` is
    """Pass over a file that is lost, after `tell` was called with the error. Any other error goes on."""

    def __init__(self, tell: Callable[[Exception], None] | None = None) -> None:
        self._tell = tell

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, Exception) or not is_lost(error):
            return False
        if self._tell:
            self._tell(error)
        return True


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
