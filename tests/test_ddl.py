"""The contract as statements: DuckDB takes them, and rows of every table go in."""

import duckdb

from pipeline.app.ddl import as_ddl
from pipeline.model.tables import PUBLISHED


def test_a_database_has_every_table_with_its_key_types_and_meanings() -> None:
    database = duckdb.connect()
    database.execute(as_ddl()).fetchall()

    for contract in PUBLISHED:
        database.register("rows", contract.empty())
        database.execute(f"insert into {contract.name} select *, current_date from rows").fetchall()  # noqa: S608 - our own tables
        told = database.execute(
            "select column_name, is_nullable, comment from duckdb_columns() where table_name = ?",
            [contract.name],
        ).fetchall()
        assert [(c.name, c.nullable, c.meaning) for c in contract.columns] == told[:-1]
        ((key,),) = database.execute(
            "select constraint_column_names from duckdb_constraints() where table_name = ? and constraint_type = 'PRIMARY KEY'",
            [contract.name],
        ).fetchall()
        assert [*contract.key, "day"] == key
