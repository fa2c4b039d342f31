"""Where a warehouse stands: a folder, or a bucket. A place lists the partitions of a table and opens one file of one version."""

import errno
import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from .errors import MissingError

_DAY, _FILE = "day=", "part-0.parquet"
_READ_BYTES = 1 << 20  # one request of a bucket: the pages of a column that stand side by side


class Place(Protocol):
    """What holds the tables of a warehouse."""

    def partitions(self, table: str) -> list[str]:
        """The names of a table's partitions that have a file, such as `day=2026-03-05`, sorted."""

    def open(self, path: str) -> BinaryIO | None:
        """A file as it is now, throughout; None where there is none. The path is relative to the warehouse."""


def partition(table: str, name: str) -> str:
    """The one file of a partition."""
    return f"{table}/{name}/{_FILE}"


def of_day(table: str, day: date) -> str:
    """The one file of a table's day."""
    return partition(table, f"{_DAY}{day}")


def place_of(uri: str) -> Place:
    """The place of a folder or of `s3://bucket/prefix`; raises MissingError for a folder that is not there."""
    if uri.startswith("s3://"):
        return Bucket(uri)
    if not Path(uri).is_dir():
        raise MissingError(f"{uri}: no such folder")
    return Folder(Path(uri))


def days_of(place: Place, table: str) -> list[date]:
    """The days that a table has, oldest first."""
    days = []
    for name in place.partitions(table):
        if name.startswith(_DAY):
            try:
                days.append(date.fromisoformat(name.removeprefix(_DAY)))
            except ValueError:
                continue
    return sorted(days)


class Folder:
    """A warehouse in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def partitions(self, table: str) -> list[str]:
        # Not by `glob`, which passes over what it may not list: whoever keeps a copy would take those rows out of it.
        top = self._root / table
        folders = top.iterdir() if _is_there(top) else ()
        return sorted(one.name for one in folders if _is_there(one / _FILE))  # a killed run leaves a folder

    def open(self, path: str) -> BinaryIO | None:
        whole = self._root / path
        if os.path.lexists(whole) and not whole.is_file():  # a pipe would be waited for
            raise IsADirectoryError(errno.EISDIR, "a file belongs here", str(whole))
        try:
            return whole.open("rb")
        except FileNotFoundError:
            return None


def _is_there(path: Path) -> bool:
    """Whether something stands there; raises OSError where that can't be told."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


class Bucket:
    """A warehouse below a prefix of an S3 bucket."""

    def __init__(self, uri: str) -> None:
        try:
            import boto3
        except ModuleNotFoundError as error:
            raise MissingError(f"{uri}: to read from S3, pip install 'newsfold-read[s3]'") from error
        self._bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._s3 = boto3.client("s3")

    def partitions(self, table: str) -> list[str]:
        top = f"{self._prefix}{table}/"
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=top, Delimiter="/"
        )
        try:
            found = [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", ())]
        except self._s3.exceptions.NoSuchBucket as error:
            raise MissingError(f"s3://{self._bucket}: no such bucket") from error
        return sorted(name.removeprefix(top).rstrip("/") for name in found)

    def open(self, path: str) -> BinaryIO | None:
        key = f"{self._prefix}{path}"
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=key)
        except self._s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
                return None
            raise

        def read(start: int, end: int) -> bytes:
            # `IfMatch`: every piece is of one version, or the read fails and is tried again.
            asked = {"Bucket": self._bucket, "Key": key, "IfMatch": head["ETag"]}
            data: bytes = self._s3.get_object(**asked, Range=f"bytes={start}-{end - 1}")["Body"].read()
            return data

        return io.BufferedReader(_Object(read, head["ContentLength"]), _READ_BYTES)


class _Object(io.RawIOBase):
    """An object of a bucket, read in pieces."""

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        self._read, self._size, self._at = read, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._size)
        if end <= self._at:
            return 0
        data = self._read(self._at, end)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
