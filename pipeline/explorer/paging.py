"""Cursors: where the next page of a list begins.

A cursor holds the sort key of the last row that was shown, so that nothing is skipped or shown twice when rows come in between.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from pipeline.explorer.bounds import CURSOR_CHARACTERS
from pipeline.model.errors import SettingsError

_HUGE = 2**62  # what a column of numbers does not hold


def spell(key: Sequence[int | float | str]) -> str:
    """The cursor after a row with this key."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def parse(cursor: str | None, kinds: Sequence[type]) -> list[int | float | str] | None:
    """The key that a cursor holds; None without one. Raises SettingsError for what is no cursor of this list."""
    if not cursor:
        return None
    try:
        padded = cursor[:CURSOR_CHARACTERS] + "=" * (-len(cursor) % 4)
        key: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != len(kinds):
        raise SettingsError("cursor: it is not one of this list; leave it out to begin at the top")
    for value, kind in zip(key, kinds, strict=True):
        is_huge = isinstance(value, int) and abs(value) >= _HUGE
        is_torn = isinstance(value, str) and value.encode("utf-8", "ignore").decode() != value
        if type(value) is not kind or is_huge or is_torn:
            raise SettingsError("cursor: it is not one of this list; leave it out to begin at the top")
    return key
