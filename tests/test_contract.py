"""Contracts: what a table must be."""

import pyarrow as pa
import pytest

from pipeline.model.contract import TEXT, Column, Contract
from pipeline.model.errors import ContractError
from pipeline.model.internal_tables import BY_NAME, CANDIDATES
from pipeline.model.tables import ARTICLES, LINKS, PUBLISHED
from tests.conftest import DAY


def link(**changes: object) -> dict[str, object]:
    given = {"article_id": "b", "other_id": "a", "jaccard": 0.5, "containment": 0.5, "containment_other": 0.5}
    return given | {"accepted": True, "reason": "jaccard", "rule_version": 1} | changes


def test_every_difference_is_named_at_once() -> None:
    """A table that breaks its contract is refused with all that is wrong with it."""
    table = pa.table({"article_id": ["a", None], "surplus": [1, 2]})

    with pytest.raises(ContractError) as refused:
        CANDIDATES.conform(table)

    assert "missing column 'other_id'" in str(refused.value)
    assert "surplus column 'surplus'" in str(refused.value)
    assert "'article_id' has 1 nulls" in str(refused.value)


def test_another_type_is_refused() -> None:
    """A number where a text must be is an error, not a conversion."""
    with pytest.raises(ContractError, match="'other_id' is int64, not string"):
        CANDIDATES.conform(pa.table({"article_id": ["a"], "other_id": [1]}))


def test_dictionary_encoded_texts_are_texts() -> None:
    """An engine may hand out repeated texts once; the contract gives them back plain."""
    texts = pa.array(["a", "b"]).dictionary_encode()

    plain = CANDIDATES.conform(pa.table({"article_id": texts, "other_id": texts}))

    assert pa.string() == plain.schema.field("article_id").type


def test_rows_are_sorted_by_key() -> None:
    """Arranged rows are in the order of the key, whatever order they came in."""
    table = LINKS.table([link(article_id="c"), link(article_id="b", other_id="b"), link(article_id="b")])

    arranged = LINKS.arrange(table)

    assert list(zip(arranged["article_id"].to_pylist(), arranged["other_id"].to_pylist(), strict=True)) == [
        ("b", "a"),
        ("b", "b"),
        ("c", "a"),
    ]


def test_a_repeated_key_is_refused() -> None:
    """Two rows with one key never reach a file."""
    with pytest.raises(ContractError, match="links: 1 rows repeat the key article_id, other_id"):
        LINKS.arrange(LINKS.table([link(), link(jaccard=0.7)]))


@pytest.mark.parametrize("contract", BY_NAME.values(), ids=lambda c: c.name)
def test_types_are_those_that_every_reader_shares(contract: Contract) -> None:
    """No unsigned integers, no time zone but UTC, no resolution but microseconds; every column says what it means."""
    types = [str(field.type) for field in contract.schema]

    assert [t for t in types if "uint" in t or ("timestamp" in t and t != "timestamp[us, tz=UTC]")] == []
    assert all(column.meaning.endswith(".") for column in contract.columns)
    assert set(contract.key) <= set(contract.names)


@pytest.mark.parametrize("contract", PUBLISHED, ids=lambda c: c.name)
def test_no_published_column_is_called_day(contract: Contract) -> None:
    """`day` is the partition's key; a column of that name would clash with it in pyarrow."""
    assert "day" not in contract.names


def test_a_builder_row_leaves_nullable_columns_out() -> None:
    """A row names what it has; what it does not name is null, and an error where null must not be."""
    with pytest.raises(ContractError, match="'text' has 1 nulls"):
        ARTICLES.table([{"article_id": "a", "ingest_date": DAY}])


def test_rows_that_an_earlier_version_stored_are_told_by_the_columns_that_they_had() -> None:
    """A column that came later and holds nothing tells nothing; with a value in one row it does."""
    table = Contract(
        "things", "a thing", ("id",), (Column("id", TEXT, "Its id."), Column("url", TEXT, "Its link.", nullable=True, since=2))
    )  # fmt: skip
    bare, linked = table.table([{"id": "a"}]), table.table([{"id": "a"}, {"id": "b", "url": "x"}])

    assert ["id"] == table.written(bare).column_names
    assert linked == table.written(linked)
