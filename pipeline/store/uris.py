"""Where a storage is: what a user writes, the one absolute URI for it, and the storage that it names.

A folder is `file:///…`, its symbolic links followed; a prefix of a bucket is `s3://bucket/prefix` without a slash at its end.
"""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

from pipeline.model.errors import SettingsError
from pipeline.store.lease import LEASE_SECONDS
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage

_S3, _FILE = "s3://", "file://"


def parse(uri: str) -> str:
    """A folder's path, or `s3://bucket/prefix`, of what a user wrote; raises ValueError, which says what to write."""
    if not uri.strip() or "\0" in uri:
        raise ValueError("no name of a place: write a folder or s3://bucket/prefix")
    if uri.startswith(_S3):
        if not uri.removeprefix(_S3).partition("/")[0]:
            raise ValueError("names no bucket: write s3://bucket/prefix")
        return uri
    if uri.startswith(_FILE):
        return _path(uri)
    if "://" in uri:
        raise ValueError("use a folder or s3://bucket/prefix")
    return uri


def open_storage(uri: str, lease_seconds: float = LEASE_SECONDS) -> Storage:
    """The storage for a folder or `s3://bucket/prefix`; raises SettingsError for an empty one.

    In a bucket, a lock whose holder shows no sign of life for `lease_seconds` is taken over.
    """
    if not uri:  # as a path, it would be the working directory
        raise SettingsError("landing or warehouse: not given")
    if uri.startswith(_S3):
        from pipeline.store.s3 import S3Storage

        return S3Storage(uri, lease_seconds)
    return LocalStorage(uri)


def absolute(uri: str) -> str:
    """The absolute URI of what `parse` returns."""
    if uri.startswith(_S3):
        bucket, _, prefix = uri.removeprefix(_S3).partition("/")
        return f"{_S3}{bucket}/{prefix.strip('/')}".rstrip("/")
    return Path(os.path.realpath(uri)).as_uri()


def are_same(uri: str, other: str) -> bool:
    """Whether two absolute URIs name one place: a folder may have two names, by a mount or in another case of letters."""
    return uri == other or (uri.startswith(_FILE) and other.startswith(_FILE) and _are_one(uri, other))


def is_within(uri: str, outer: str) -> bool:
    """Whether a place lies in another, or is it; both are absolute URIs."""
    if f"{uri}/".startswith(f"{outer.rstrip('/')}/"):
        return True
    if not uri.startswith(_FILE) or not outer.startswith(_FILE):
        return False
    path = Path(_path(uri))
    return any(_are_one(folder.as_uri(), outer) for folder in (path, *path.parents))


def _path(uri: str) -> str:
    host, slash, path = uri.removeprefix(_FILE).partition("/")
    if host not in {"", "localhost"} or not slash:
        raise ValueError("a file:// URI begins with file:///; or write the folder alone")
    return os.fsdecode(unquote_to_bytes(f"/{path}"))


def _are_one(uri: str, other: str) -> bool:
    with suppress(OSError):  # one of the two is not there
        return os.path.samefile(_path(uri), _path(other))  # noqa: PTH121 - a string is at hand
    return False
