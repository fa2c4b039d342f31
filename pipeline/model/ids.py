"""Ids: what they are made of, how they are written, and the order in which articles are taken.

An id has 32 hex digits: eight that write the day (yyyymmdd), then 24 of a digest. It tells its day without a lookup, and
sorts by it. A copy group and a story have the `article_id` of their first article.

Kernels read ids as two numbers of 64 bits, most significant first. The upper half of the first one is the day: its digits
read as hexadecimal, so that they compare as days do.
"""

from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.model.arrow import Array, ChunkedArray, Values, ascending, buffer_of, memory, texts
from pipeline.model.errors import ContractError, SettingsError
from pipeline.model.sorting import last_fetched, last_moments

DIGITS, DAY_DIGITS = 32, 8
_N_BYTES = DIGITS // 2
_DIGEST_BYTES = (DIGITS - DAY_DIGITS) // 2
_HEX = "".join(f"{n:02x}" for n in range(256)).encode()  # each byte's two digits

Halves = NDArray[np.uint64]  # a row an id: (upper, lower)


def article_id(day: date, where: str, text: str) -> str:
    """The id of a text that was delivered on `day` from a place: a URL, or the path of its file."""
    digest = blake2b(f"{where}\n{text}\n{day}".encode(), digest_size=_DIGEST_BYTES)
    return f"{prefix_of(day)}{digest.hexdigest()}"


def document_digest(where: str, text: str) -> str:
    """24 hex digits of a text and its place, whatever the day."""
    return blake2b(f"{where}\n{text}".encode(), digest_size=_DIGEST_BYTES).hexdigest()


def prefix_of(day: date) -> str:
    """The digits that every id of the day begins with."""
    return f"{day:%Y%m%d}"


def prefixes(identifiers: Values) -> Values:
    """The digits of each id that write its day: what `prefix_of` gives for that day."""
    return pc.utf8_slice_codeunits(identifiers, 0, DAY_DIGITS)


def day_of(identifier: str) -> date:
    """The day of an id, or of its first eight digits; raises ValueError where they are no day."""
    return date(int(identifier[:4]), int(identifier[4:6]), int(identifier[6:DAY_DIGITS]))


def asked_day(identifier: str) -> date:
    """The day of an id, or of its first digits, that a person gave; raises SettingsError where it is none."""
    try:
        return day_of(identifier)
    except ValueError:
        raise SettingsError(
            f"{identifier!r} is no article_id: an article_id is the day as yyyymmdd, then hex digits"
        ) from None


def is_of(identifiers: ChunkedArray, day: date) -> ChunkedArray:
    """Which ids are of the day."""
    return cast("ChunkedArray", pc.starts_with(identifiers, prefix_of(day)))


def begins(column: str, digits: str) -> pc.Expression:
    """The filter of a column of ids that begin with some digits."""
    return pc.starts_with(pc.field(column), digits)


# --- as bytes ------------------------------------------------------------------------------------------------


def pack(identifiers: ChunkedArray) -> NDArray[np.void]:
    """Ids as 16 bytes each; raises ContractError for one that is not 32 hex digits."""
    joined = "".join(texts(identifiers))
    try:
        packed = bytes.fromhex(joined)
    except ValueError:
        packed = b""
    if len(packed) != _N_BYTES * len(identifiers):
        raise ContractError(f"an article_id is not {DIGITS} hex digits")
    return np.frombuffer(packed, f"V{_N_BYTES}")


def unpack(packed: bytes) -> str:
    """The id that 16 bytes stand for."""
    return packed.hex()


def halves(packed: Array) -> Halves:
    """Ids of 16 bytes (fixed-size binary, without an offset) as two numbers each."""
    return (
        np.frombuffer(memory(packed.buffers()[1]), ">u8")[: 2 * len(packed)].astype(np.uint64).reshape(-1, 2)
    )


def hexadecimal(identifiers: Halves) -> Array:
    """Ids of two numbers each as texts."""
    digits = np.frombuffer(_HEX, np.uint16)
    text = digits[identifiers.astype(">u8").view(np.uint8)].tobytes()
    offsets = np.arange(len(identifiers) + 1, dtype=np.int32) * DIGITS
    return pa.StringArray.from_buffers(len(identifiers), buffer_of(offsets), pa.py_buffer(text))


def days_of(identifiers: Halves) -> NDArray[np.int64]:
    """The day of each id, as `number_of` writes it."""
    return (identifiers[:, 0] >> np.uint64(32)).astype(np.int64)


def number_of(day: date) -> np.int64:
    """A day as the number that its digits are in hexadecimal: equal and ordered as days are, no count of days."""
    return np.int64(int(prefix_of(day), 16))


# --- the order in which articles are taken ---------------------------------------------------------------------

_ORDERED_BY = ("article_id", "published_at", "published_precision", "fetched_at")
_END = pa.scalar(datetime(9999, 1, 1, tzinfo=UTC), pa.timestamp("us", "UTC"))  # unknown times come last


def order_keys(
    identifiers: ChunkedArray,
    published_at: ChunkedArray,
    precision: ChunkedArray,
    fetched_at: ChunkedArray,
) -> tuple[ChunkedArray, ChunkedArray, ChunkedArray]:
    """What the order goes by: the day, then when an article was published or, if unknown, fetched, then the id.

    A date without an hour counts as its end. An article of unknown time comes at the end of its day. Copies and their groups
    follow this order.
    """
    days = prefixes(identifiers)
    times: ChunkedArray = pc.call_function(
        "coalesce", [last_moments(published_at, precision), last_fetched(fetched_at), _END]
    )
    return days, times, identifiers


def in_order(articles: pa.Table) -> ChunkedArray:
    """The ids of (article_id, published_at, published_precision, fetched_at) in the order in which articles are taken."""
    keys = order_keys(*(articles[name] for name in _ORDERED_BY))
    table = pa.table(list(keys), names=["day", "time", "id"])
    return table.sort_by(ascending(table.column_names))["id"]


def are_later(pairs: pa.Table) -> NDArray[np.bool_]:
    """Whether the article of each pair comes after the other, whose columns are `other_id`, `other_published_at`, …"""
    one = order_keys(*(pairs[name] for name in _ORDERED_BY))
    other = order_keys(pairs["other_id"], *(pairs[f"other_{name}"] for name in _ORDERED_BY[1:]))
    later: Any = pa.scalar(False)
    tied: Any = pa.scalar(True)
    for mine, its in zip(one, other, strict=True):
        later = pc.or_(later, pc.and_(tied, pc.greater(mine, its)))
        tied = pc.and_(tied, pc.equal(mine, its))
    return np.asarray(later, bool)
