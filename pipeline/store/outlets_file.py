"""The file of outlets that a user keeps: a path on this machine or in S3."""

from pipeline.model.errors import SettingsError
from pipeline.store.uris import open_storage


def read(uri: str) -> bytes:
    """Its bytes; raises SettingsError where there is no such file."""
    folder, _, name = uri.rpartition("/")
    try:
        return open_storage(folder or ("/" if uri.startswith("/") else ".")).read(name)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise SettingsError(f"outlets: {uri}: no such file") from None
