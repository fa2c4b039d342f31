"""Which storage a URI names: a folder, or `s3://bucket/prefix`."""

from pipeline.model.errors import SettingsError
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage


def open_storage(uri: str) -> Storage:
    """The storage for a folder or `s3://bucket/prefix`; raises SettingsError for no place at all."""
    if not uri:  # as a path, it would be the working directory
        raise SettingsError("landing or warehouse: not given")
    if uri.startswith("s3://"):
        from pipeline.store.s3 import S3Storage

        return S3Storage(uri)
    return LocalStorage(uri)
