"""Rules of the contract that a row breaks by itself: each says which rows of a piece of a table do."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import list_lengths
from pipeline.model.contract import Contract
from pipeline.model.ids import prefix_of
from pipeline.model.kinds import Kind
from pipeline.model.promises import Adds, Between, OneOf, Pattern, Promise, of_table

Mask = Any  # a boolean array or chunked array: which rows break the rule; null is no
Broken = tuple[str, Mask]  # the rule as `column: rule` or the name of the rule, and the rows


def broken(contract: Contract, piece: pa.Table, day: date) -> Iterator[Broken]:
    """The rules that rows of a piece break. Of a column that the piece lacks nothing is said."""
    for column in contract.columns:
        if column.name in piece.column_names and not column.nullable and piece[column.name].null_count:
            yield f"{column.name}: not_null", pc.is_null(piece[column.name])
    yield from _of_its_day(contract, piece, day)
    for promise in of_table(contract.name):
        yield from _of_promise(promise, piece)


def _of_its_day(contract: Contract, piece: pa.Table, day: date) -> Iterator[Broken]:
    for name in ("ingest_date", "first_date"):
        if name in piece.column_names:
            yield f"{name}: of_its_day", pc.not_equal(piece[name], pa.scalar(day))
    first = contract.key[0]
    if first in {"article_id", "story_id"} and first in piece.column_names:
        yield f"{first}: of_its_day", pc.invert(pc.starts_with(piece[first], prefix_of(day)))


def _of_promise(promise: Promise, piece: pa.Table) -> Iterator[Broken]:
    if isinstance(promise, Adds):
        columns, rule = _SUMS.get((promise.table, promise.name), ((), None))
        if rule is not None and set(columns) <= set(piece.column_names):
            yield promise.rule, rule(*(piece[name] for name in columns))
        return
    values = piece[promise.column] if promise.column in piece.column_names else None
    if values is None:
        return
    if isinstance(promise, OneOf):
        is_known = pc.is_in(values, value_set=pa.array(promise.values, pa.string()))
        yield promise.rule, pc.and_(pc.is_valid(values), pc.invert(is_known))
    elif isinstance(promise, Between):
        yield promise.rule, _outside(values, promise)
    elif isinstance(promise, Pattern):
        whole = f"^(?:{promise.expression})$"
        yield promise.rule, pc.invert(pc.match_substring_regex(values, whole))


def _outside(values: Any, promise: Between) -> Mask:
    """Also what is no number."""
    is_odd = pc.is_nan(values) if pa.types.is_floating(values.type) else pa.scalar(False)
    outside = pc.or_(is_odd, pc.less(values, pa.scalar(promise.least)))
    return outside if promise.most is None else pc.or_(outside, pc.greater(values, pa.scalar(promise.most)))


def _one_without_the_other(one: Any, other: Any) -> Mask:
    return pc.xor(pc.is_null(one), pc.is_null(other))


def _begins_otherwise(article_id: Any, copy_id: Any, kind: Any) -> Mask:
    """An origin of a copy group is an origin or report, and nothing else is; of a later capture both may be said."""
    begins = pc.is_in(kind, value_set=pa.array([Kind.ORIGIN.value, Kind.REPORT.value]))
    return pc.xor(pc.equal(article_id, copy_id), begins)


def _miscounted(n_articles: Any, members: Any, n_outlets: Any, outlets: Any) -> Mask:
    articles, names = list_lengths(members), list_lengths(outlets)
    return pc.or_(pc.not_equal(n_articles, articles), pc.not_equal(n_outlets, names))


def _without_itself(story_id: Any, members: Any) -> Mask:
    is_there = [story in ids for story, ids in zip(story_id.to_pylist(), members.to_pylist(), strict=True)]
    return pc.invert(pa.array(is_there, pa.bool_()))


def _out_of_time(first: Any, last: Any, published: Any, at_last: Any) -> Mask:
    return pc.or_kleene(pc.greater(first, last), pc.greater(published, at_last))


_SUMS: dict[tuple[str, str], tuple[tuple[str, ...], Callable[..., Mask]]] = {
    ("articles", "precision"): (("published_at", "published_precision"), _one_without_the_other),
    ("memberships", "own_origin"): (("article_id", "copy_id", "kind"), _begins_otherwise),
    ("links", "kind_if_accepted"): (
        ("kind", "accepted"),
        lambda kind, accepted: pc.xor(pc.is_valid(kind), accepted),
    ),
    ("stories", "counted"): (("n_articles", "members", "n_outlets", "outlets"), _miscounted),
    ("stories", "newsrooms_counted"): (
        ("n_newsrooms", "newsrooms"),
        lambda n, listed: pc.not_equal(n, list_lengths(listed)),
    ),
    ("stories", "begins_with_itself"): (("story_id", "members"), _without_itself),
    ("stories", "in_time"): (
        ("first_date", "last_date", "first_published_at", "last_published_at"),
        _out_of_time,
    ),
    ("runs", "conserved"): (
        ("n_raw", "n_articles", "n_rejects"),
        lambda n_raw, *parts: pc.not_equal(n_raw, pc.add(*parts)),
    ),
}
