"""What became of the rows of a partition."""

import datetime as dt
import hashlib
import struct
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.contract import DATE, TEXT, TEXTS, TIME, Column, Contract, structs
from pipeline.model.tables import ARTICLES, PUBLISHED
from pipeline.store import difference as differing
from pipeline.store.difference import columns_of, difference

_VECTOR = pa.list_(pa.field("element", pa.int8(), nullable=False), 2)
_KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "words": (TEXT, st.text("a\x1f-1", max_size=2)),
    "n": (pa.int64(), st.sampled_from([0, 1, -1, 2**40])),
    "share": (pa.float64(), st.sampled_from([0.0, 0.1, 0.2])),
    "at": (TIME, st.sampled_from([dt.datetime(2026, 3, 5, n, tzinfo=dt.UTC) for n in (1, 2)])),
    "on": (DATE, st.sampled_from([dt.date(2026, 3, 5), dt.date(2026, 3, 6)])),
    "is_so": (pa.bool_(), st.booleans()),
    "names": (TEXTS, st.lists(st.text("a\x1f", max_size=2), max_size=2)),
    "vector": (_VECTOR, st.lists(st.integers(-2, 2), min_size=2, max_size=2)),
    "pairs": (
        structs("other", one=TEXT, other=TEXT),
        st.lists(
            st.fixed_dictionaries({"one": st.sampled_from("ab"), "other": st.sampled_from(["a", None])}),
            max_size=2,
        ),
    ),
}
_EVERY = Contract(
    "every",
    "one row of every type",
    ("id", "second"),
    (
        Column("id", TEXT, "-"),
        Column("second", TEXT, "-"),
        *(Column(name, type_, "-", nullable=True) for name, (type_, _) in _KINDS.items()),
    ),
)
_rows = st.fixed_dictionaries(
    {"second": st.just("x"), **{name: st.none() | values for name, (_, values) in _KINDS.items()}}
)
_tables = st.dictionaries(st.sampled_from("abcdefgh"), _rows, max_size=8)


@given(_tables, _tables)
def test_it_names_each_row_that_came_went_or_changed_and_no_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = (
        _EVERY.arrange(_EVERY.table([{"id": i, **row} for i, row in rows.items()]))
        for rows in (before, after)
    )
    expected = {(f"{i}|x", "insert") for i in after.keys() - before.keys()}
    expected |= {(f"{i}|x", "delete") for i in before.keys() - after.keys()}
    expected |= {(f"{i}|x", "update") for i in before.keys() & after.keys() if before[i] != after[i]}
    found = difference(_EVERY, old, new)

    if 2 * len(expected) > max(len(before), len(after)):
        assert found is None
    else:
        assert found is not None
        assert expected == {(row["key"], row["op"]) for row in found.to_pylist()}


@given(_rows, _rows)
def test_rows_have_one_digest_exactly_where_they_are_alike(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = (_digest(row) for row in (one, other))

    assert (one == other) == (first == second)


@given(_tables, _tables)
def test_its_digests_are_those_of_rows_that_are_spelt_one_by_one(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Value by value, as a plain reader would: so a faster way to compare or to digest changes nothing of the feed."""
    rows = [{i: {"id": i, **row} for i, row in table.items()} for table in (before, after)]
    old, new = (_EVERY.arrange(_EVERY.table(list(table.values()))) for table in rows)
    found = difference(_EVERY, old, new)

    for told in [] if found is None else found.to_pylist():
        was, now = (table.get(told["key"][0]) for table in rows)
        assert (_by_hand(was), _by_hand(now)) == (told["old_digest"], told["new_digest"])


def _by_hand(row: dict[str, Any] | None) -> str | None:
    if row is None:
        return None
    spelt = [piece for column in _EVERY.columns for piece in _spelt(row[column.name], column.type)]
    return hashlib.blake2b(b"\x1f".join(spelt), digest_size=16).hexdigest()


def _spelt(value: Any, kind: pa.DataType) -> list[bytes]:
    if pa.types.is_fixed_size_list(kind):
        value, kind = None if value is None else bytes(n % 256 for n in value), pa.binary()
    if pa.types.is_list(kind):
        return _spelt_list(value, kind.value_type)
    if pa.types.is_struct(kind):
        return [piece for field in kind for piece in _spelt(value and value[field.name], field.type)]
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        data = value.encode() if isinstance(value, str) else value or b""
        return [b"-" if value is None else str(len(data)).encode(), data]
    if value is None:
        return [b"-"]
    if pa.types.is_floating(kind):
        value = struct.unpack("<q", struct.pack("<d", value))[0]
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, dt.datetime):
        value = (value - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
    elif isinstance(value, dt.date):
        value = (value - dt.date(1970, 1, 1)).days
    return [str(value).encode()]


def _spelt_list(value: list[Any] | None, kind: pa.DataType) -> list[bytes]:
    """How many elements; then each piece of them, one after the other."""
    n_pieces = len(_spelt(None, kind))
    pieces = [_spelt(element, kind) for element in value or []]
    joined = [b"\x1f".join(piece[n] for piece in pieces) for n in range(n_pieces)]
    return [b"-" if value is None else str(len(value)).encode(), *joined]


def _digest(row: dict[str, Any]) -> str:
    """The digest with which a row is told that came to others."""
    others = [{"id": i, **dict.fromkeys(_KINDS), "second": "x"} for i in "ab"]
    old, new = (_EVERY.arrange(_EVERY.table(rows)) for rows in (others, [*others, {"id": "c", **row}]))
    found = difference(_EVERY, old, new)
    assert found is not None
    return str(found["new_digest"][0])


def test_the_digest_of_a_row_does_not_depend_on_the_rows_beside_it(monkeypatch: Any) -> None:
    rows = [{"id": f"{n:03}", "second": "x", **dict.fromkeys(_KINDS), "n": n} for n in range(40)]
    old, new = (
        _EVERY.table(rows),
        _EVERY.table([{**row, "share": 0.5} if row["n"] % 3 else row for row in rows]),
    )
    monkeypatch.setattr(differing, "_MOST", 1)
    whole = difference(_EVERY, old, new)
    monkeypatch.setattr(differing, "SLICE_ROWS", 7)

    assert whole is not None
    assert 26 == whole.num_rows
    assert whole.equals(difference(_EVERY, old, new) or whole.slice(1))


def test_a_text_is_told_by_its_digest() -> None:
    """It is most of an article, and its digest stands beside it."""
    assert "text" not in columns_of(ARTICLES)
    assert all(c.names == columns_of(c) for c in PUBLISHED if c is not ARTICLES)
