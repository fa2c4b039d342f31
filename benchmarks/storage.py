"""What an article takes on disk: bytes per table and column, as the files say.

    python benchmarks/storage.py WAREHOUSE                    # bytes an article, per table; and the largest columns
    python benchmarks/storage.py WAREHOUSE --columns 200      # every column
    python benchmarks/storage.py WAREHOUSE --before EARLIER   # beside another warehouse of the same days

Each figure is divided by the rows of `articles`. A column's bytes are those of its compressed pages and dictionaries; what a table
has beyond its columns (footer, page indexes, Bloom filters) is in the line `beside columns`. Columns that came with version 2 of
the contracts are marked, and summed apart.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.model import internal_tables

Column = tuple[str, str]
BESIDE = "beside columns"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--before", type=Path, help="another warehouse of the same days")
    parser.add_argument("--columns", type=int, default=25, help="how many columns to print (25)")
    asked = parser.parse_args()
    places = [place for place in (asked.before, asked.warehouse) if place]
    for place in places:
        if not (place / "articles").is_dir():
            parser.error(f"{place}: no articles are there")
    show([measure(place) for place in places], asked.columns)


def measure(warehouse: Path) -> dict[Column, float]:
    """Bytes an article by table and column."""
    sizes: Counter[Column] = Counter()
    for path in files(warehouse):
        table, parts = table_of(warehouse, path), column_bytes(path)
        sizes.update({(table, column): n for column, n in parts.items()})
        sizes[table, BESIDE] += path.stat().st_size - sum(parts.values())
    n = sum(pq.read_metadata(path).num_rows for path in (warehouse / "articles").rglob("*.parquet"))
    return {column: size / n for column, size in sizes.items()}


def files(warehouse: Path) -> Iterator[Path]:
    """Every Parquet file of the published tables and of the state."""
    for path in sorted(warehouse.rglob("*.parquet")):
        kept = path.relative_to(warehouse).parts
        if kept[0] != "_meta" or kept[1] == "state":
            yield path


def table_of(warehouse: Path, path: Path) -> str:
    """The table's name; what is under `_meta/state` is named with a star."""
    first, *rest = path.relative_to(warehouse).parts
    return f"*{rest[1]}" if first == "_meta" else first


def column_bytes(path: Path) -> Counter[str]:
    """The compressed bytes of each column of a file, nested ones by their top."""
    found: Counter[str] = Counter()
    about = pq.read_metadata(path)
    for group in map(about.row_group, range(about.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            found[chunk.path_in_schema.split(".")[0]] += chunk.total_compressed_size
    return found


def is_later(column: Column) -> bool:
    """Whether the column, or its whole table, came after version 1 of the contracts."""
    contract = internal_tables.BY_NAME.get(column[0].lstrip("*"))
    declared = {c.name: c.since for c in contract.columns} if contract else {}
    return column[0] in LATER_TABLES or declared.get(column[1], 1) > 1


LATER_TABLES = ("revisions", "flows", "additions", "changes", "harvest")


def show(sizes: list[dict[Column, float]], n_columns: int) -> None:
    """Print sums, then tables, then the largest columns."""
    named = ["before", "after"] if len(sizes) > 1 else ["bytes"]
    print(f"{'bytes an article':<44}" + "".join(f"{name:>10}" for name in named))
    line("all", [sum(s.values()) for s in sizes])
    line("  of columns of version 1", [sum(n for c, n in s.items() if not is_later(c)) for s in sizes])
    line("  of later columns and tables", [sum(n for c, n in s.items() if is_later(c)) for s in sizes])
    print()
    last = sizes[-1]
    tables = Counter[str]()
    for (table, _), n in last.items():
        tables[table] += n
    for table, _ in tables.most_common():
        line(table, [sum(n for c, n in s.items() if c[0] == table) for s in sizes])
    print()
    for column in sorted(last, key=lambda c: -last[c])[:n_columns]:
        line(".".join(column) + (" (later)" if is_later(column) else ""), [s.get(column, 0.0) for s in sizes])


def line(name: str, figures: list[float]) -> None:
    """One line of the table."""
    print(f"{name:<44}" + "".join(f"{figure:10,.1f}" for figure in figures))


if __name__ == "__main__":
    main()
