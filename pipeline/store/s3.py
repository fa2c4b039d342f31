"""An S3-compatible bucket as a storage: `s3://bucket/prefix`.

Endpoint, region and keys come from where every AWS tool takes them: the environment (`AWS_ENDPOINT_URL`,
`AWS_ACCESS_KEY_ID`, …), `~/.aws/config` and `credentials`, or the machine's role. Nothing of it is logged.

An object is replaced by one conditional PUT, or by one conditional completion of a multipart upload: readers see
the old or the new, and of two writers that expect the same version one is refused. A version is an ETag.
"""

import io
import os
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from pipeline.model.errors import (
    InputChangedError,
    MissingInputError,
    OvertakenError,
    PublishError,
    SettingsError,
)
from pipeline.model.extras import install_command
from pipeline.store import layout
from pipeline.store.lease import LEASE_SECONDS, Lease
from pipeline.store.storage import ABSENT, Entry, Leftover

_PART_BYTES = 64 * 2**20  # of a multipart upload; smaller objects are one PUT. 10,000 parts allow 640 GB
_WHOLE_BYTES = 16 * 2**20  # smaller objects are read in one request
_READ_BYTES = 8 * 2**20  # read ahead of larger ones: a request costs as long as this takes to travel
# Of a request that meets 500, 503, slow-down or a lost connection: about a minute and a half in all.
_ATTEMPTS = 10
_TRIES = 4  # of one whose answer breaks off, or that met another writer of the same object
_FEW = (
    3  # versions asked for one by one; more are found in a listing: a request for a thousand days of a table
)
_TIMEOUT_SECONDS = 30
_TYPES = {".parquet": "application/vnd.apache.parquet", ".json": "application/json"}


class S3Storage:
    """Objects of a bucket below a prefix."""

    def __init__(self, uri: str, lease_seconds: float = LEASE_SECONDS) -> None:
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        self.uri = uri.rstrip("/")
        self._bucket, self._prefix = bucket, prefix.strip("/") + "/" if prefix.strip("/") else ""
        self._lease_seconds = lease_seconds
        self._s3 = _client()

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.__dict__.items() if name != "_s3"
        }  # a client stays in its process

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._s3 = _client()

    def walk(self, folder: str) -> Iterator[Entry]:
        for page in self._pages(self._top(folder)):
            for item in page.get("Contents", ()):
                if not item["Key"].endswith("/"):  # what consoles make to show a folder
                    path = item["Key"].removeprefix(self._prefix)
                    yield Entry(path, item["Size"], item["ETag"].strip('"'))

    def folders(self, folder: str) -> list[str]:
        top = self._top(folder)
        pages = self._pages(top, Delimiter="/")
        return sorted(
            p["Prefix"].removeprefix(top).rstrip("/")
            for page in pages
            for p in page.get("CommonPrefixes", ())
        )

    def version(self, path: str) -> str:
        head = self._head(path)
        return head["ETag"].strip('"') if head else ABSENT

    def versions(self, paths: Collection[str]) -> dict[str, str]:
        if len(paths) <= _FEW:
            return {path: self.version(path) for path in paths}
        standing = {entry.path: entry.version for entry in self.walk(os.path.commonpath(paths))}
        return {path: standing.get(path, ABSENT) for path in paths}

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        found = self._get(path, version, limit=_WHOLE_BYTES)
        if found.data is not None:
            return io.BytesIO(found.data)
        return io.BufferedReader(
            _Object(lambda start, end: self._get_range(path, found.etag, start, end), found.size_bytes),
            _READ_BYTES,
        )

    def read(self, path: str) -> bytes:
        return self._get(path).data or b""

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        with SpooledTemporaryFile(max_size=_PART_BYTES) as body:
            try:
                fill(body)  # type: ignore[arg-type]  # a file in all but name
            except OSError as error:
                raise PublishError(
                    f"{self.uri}: cannot write {path}: no room for it on this machine: {error}"
                ) from error
            size = body.tell()
            body.seek(0)
            put = self._put_parts if size > _PART_BYTES else self._put
            return put(path, body, expected)  # type: ignore[arg-type]

    def delete(self, path: str) -> None:
        self._call(path, self._s3.delete_object, Key=self._key(path))

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        with Lease(self, f"{layout.lock(name)}.json", self._lease_seconds).held():
            yield

    def leftovers(self, min_age_seconds: float) -> Iterator[Leftover]:
        before = datetime.now(UTC) - timedelta(seconds=min_age_seconds)
        for folder, remove in ((layout.STAGING, self.delete), (layout.LOCKS, self._remove_lock)):
            for page in self._pages(f"{self._prefix}{folder}/"):
                for item in page.get("Contents", ()):
                    if item["LastModified"] <= before:
                        path = item["Key"].removeprefix(self._prefix)
                        yield Leftover(path, item["Size"], partial(remove, path))
        yield from self._uploads(before)

    def _remove_lock(self, path: str) -> None:
        Lease(self, path, self._lease_seconds).remove()

    # --- requests ---

    def _uploads(self, before: datetime) -> Iterator[Leftover]:
        pages = self._s3.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._bucket, Prefix=self._prefix
        )
        for page in pages:
            for item in page.get("Uploads", ()):
                if item["Initiated"] <= before:
                    named = {"Key": item["Key"], "UploadId": item["UploadId"]}
                    what = f"unfinished upload of {item['Key'].removeprefix(self._prefix)}"
                    yield Leftover(what, 0, lambda named=named: self._abort(named))  # type: ignore[misc]

    def _top(self, folder: str) -> str:
        """What the keys of a folder begin with; of a whole bucket, nothing."""
        return f"{self._key(folder)}/" if folder else self._prefix

    def _key(self, path: str) -> str:
        return f"{self._prefix}{path}".rstrip("/")

    def _pages(self, prefix: str, **more: str) -> Iterator[dict[str, Any]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix, **more)
        try:
            yield from pages
        except _errors() as error:
            raise self._failure(prefix, error) from error

    def _head(self, path: str) -> dict[str, Any] | None:
        try:
            return dict(self._call(path, self._s3.head_object, Key=self._key(path)))
        except FileNotFoundError:
            return None

    def _get(self, path: str, etag: str | None = None, limit: int | None = None) -> "_Got":
        """An object and its version, of the version asked for if one is; without its bytes when they are more than `limit`."""
        named = {"Key": self._key(path)} | ({"IfMatch": f'"{etag}"'} if etag else {})

        def fetch(**request: Any) -> _Got:
            answer = self._s3.get_object(**request)
            is_large = limit is not None and answer["ContentLength"] > limit
            with closing(answer["Body"]) as body:
                data = None if is_large else body.read()
            return _Got(answer["ETag"].strip('"'), answer["ContentLength"], data)

        return self._call(path, fetch, **named)  # type: ignore[no-any-return]

    def _get_range(self, path: str, etag: str, start: int, end: int) -> bytes:
        def fetch(**request: Any) -> bytes:
            with closing(self._s3.get_object(**request)["Body"]) as body:
                data: bytes = body.read()
            _refuse_short(data, end - start)
            return data

        asked = {"IfMatch": f'"{etag}"', "Range": f"bytes={start}-{end - 1}"}
        return self._call(path, fetch, Key=self._key(path), **asked)  # type: ignore[no-any-return]

    def _put(self, path: str, body: BinaryIO, expected: str | None) -> str:
        mark = uuid.uuid4().hex
        request = self._request(path, mark) | {"Body": body.read()} | _condition(expected)
        try:
            return self._call(path, self._s3.put_object, **request)["ETag"].strip('"')  # type: ignore[no-any-return]
        except (InputChangedError, FileNotFoundError):  # AWS answers 404 where there is nothing to match
            return self._mine_or_refused(path, mark)

    def _put_parts(self, path: str, body: BinaryIO, expected: str | None) -> str:
        mark = uuid.uuid4().hex
        begun = self._call(path, self._s3.create_multipart_upload, **self._request(path, mark))
        named = {"Key": self._key(path), "UploadId": begun["UploadId"]}
        try:
            parts = []
            for number, data in enumerate(iter(lambda: body.read(_PART_BYTES), b""), 1):
                sent = self._call(path, self._s3.upload_part, PartNumber=number, Body=data, **named)
                parts.append({"PartNumber": number, "ETag": sent["ETag"]})
            done = self._call(
                path,
                self._s3.complete_multipart_upload,
                MultipartUpload={"Parts": parts},
                **named,
                **_condition(expected),
            )
            return done["ETag"].strip('"')  # type: ignore[no-any-return]
        except (InputChangedError, FileNotFoundError):  # refused, or done by an attempt whose answer was lost
            self._abort(named)
            return self._mine_or_refused(path, mark)
        except BaseException:
            self._abort(named)
            raise

    def _request(self, path: str, mark: str) -> dict[str, Any]:
        # Without a content type, SeaweedFS 4.48 leaves an empty object when the writer dies after the headers.
        kind = next((t for ending, t in _TYPES.items() if path.endswith(ending)), "application/octet-stream")
        return {"Key": self._key(path), "ContentType": kind, "Metadata": {"newsfold-put": mark}}

    def _mine_or_refused(self, path: str, mark: str) -> str:
        """After a refusal: the version, if what stands there is what we put in an attempt whose answer was lost."""
        head = self._head(path)
        if head and head.get("Metadata", {}).get("newsfold-put") == mark:
            return head["ETag"].strip('"')  # type: ignore[no-any-return]
        raise OvertakenError(f"{self.uri}: {path} was replaced by somebody else meanwhile; run it again")

    def _abort(self, named: dict[str, str]) -> None:
        with suppress(*_errors()):  # `gc` takes away what stays
            self._s3.abort_multipart_upload(Bucket=self._bucket, **named)

    def _call(self, path: str, method: Callable[..., Any], **request: Any) -> Any:
        """One request. The client itself tries again what meets 5xx, slow-down or no connection, but not what breaks off."""
        for attempt in range(_TRIES):
            try:
                return method(Bucket=self._bucket, **request)
            except _errors() as error:
                if attempt + 1 == _TRIES or not _is_passing(error):
                    raise self._failure(path, error) from error
            time.sleep(0.2 * 2**attempt)
        raise AssertionError  # the last attempt returned or raised

    def _failure(self, path: str, error: Exception) -> Exception:
        """The exception of ours for one of the client's; the client's own words name neither keys nor headers."""
        code, status = _code(error)
        if status == 404 and code != "NoSuchBucket":
            return FileNotFoundError(f"{self.uri}/{path}")
        if status in {409, 412} or code in {"PreconditionFailed", "ConditionalRequestConflict"}:
            return InputChangedError(f"{self.uri}: {path} was replaced meanwhile")
        if code == "NoSuchBucket":
            return MissingInputError(f"{self.uri}: there is no bucket {self._bucket!r}")
        if status in {401, 403} or "Credentials" in code:
            return PublishError(
                f"{self.uri}: no right to {path} ({code}); check the AWS settings of this process"
            )
        return PublishError(f"{self.uri}: the store does not answer for {path}: {code}; run it again")


@dataclass(frozen=True)
class _Got:
    """An object in one version, with or without its bytes."""

    etag: str
    size_bytes: int
    data: bytes | None


class _Object(io.RawIOBase):
    """One version of an object, read in ranges."""

    def __init__(self, get: Callable[[int, int], bytes], size: int) -> None:
        self._get, self._size, self._at = get, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._size)
        if end <= self._at:
            return 0
        data = self._get(self._at, end)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _client() -> Any:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise SettingsError(f"s3:// needs boto3: {install_command('s3')}") from None
    try:
        return boto3.client(
            "s3",
            config=Config(
                retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
                connect_timeout=_TIMEOUT_SECONDS,
                read_timeout=_TIMEOUT_SECONDS,
                max_pool_connections=64,
                # Stores other than Amazon's do not all know the newer checksums; TLS and the ETag check the way.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
    except (BotoCoreError, ValueError) as error:
        raise SettingsError(f"S3: {error}") from error


def _refuse_short(data: bytes, n_bytes: int) -> None:
    """A proxy that loses the rest of a range must not be taken for the end of the object."""
    from botocore.exceptions import IncompleteReadError

    if len(data) != n_bytes:
        raise IncompleteReadError(actual_bytes=len(data), expected_bytes=n_bytes)


def _is_passing(error: Exception) -> bool:
    from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

    broke_off = isinstance(error, IncompleteReadError | ReadTimeoutError | ResponseStreamingError)
    return broke_off or _code(error)[0] == "ConditionalRequestConflict"


def _errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from urllib3.exceptions import HTTPError

    return BotoCoreError, ClientError, HTTPClientError, HTTPError


def _code(error: Exception) -> tuple[str, int]:
    response: dict[str, Any] = getattr(error, "response", None) or {}
    code = str(response.get("Error", {}).get("Code", type(error).__name__))
    return code, int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _condition(expected: str | None) -> dict[str, str]:
    if expected is None:
        return {}
    return {"IfMatch": f'"{expected}"'} if expected else {"IfNoneMatch": "*"}
