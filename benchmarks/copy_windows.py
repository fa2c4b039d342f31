"""What finding the copies of a day costs as its window grows: the steps of a run against a warehouse, each size in a process of its own.

    python benchmarks/copy_windows.py                                        # 20,000 articles against 0, 20,000, 100,000 and 200,000
    python benchmarks/copy_windows.py --new 100000 --window 0 1000000        # other sizes
    python benchmarks/copy_windows.py --before ../earlier                    # each size also with another checkout, in turn

The articles are those of make_corpus.py, with planted copies (`copy_stages.py` says where it is looked for, and where corpora are kept).
The window has its days' articles, memberships and signatures, published as runs do, and none of its texts is in memory. CPU is user
and system time of the process, by step: load (of compiled kernels), sign, pair (which reads the window's signatures), verify (which reads the texts of
pairs), assign. Links and copy groups have a digest, so that two trees can be seen to give the same.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from copy_stages import DAY, SCRATCH, articles_of, corpus

from pipeline.copies.signatures import sign
from pipeline.day import copies, inputs, reuse
from pipeline.day.desk import WorkDesk, open_desk
from pipeline.day.result import Day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.contract import Contract
from pipeline.model.internal_tables import SIGNATURES
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.settings import Settings

ROOT = Path(__file__).parents[1]
WINDOW_DAYS = 10
SLICE = 100_000  # articles of a corpus
STEPS = ("load", "sign", "pair", "verify", "assign")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--new", type=int, default=20_000, help="articles of the day (20,000)")
    parser.add_argument("--window", type=int, nargs="+", default=[0, 20_000, 100_000, 200_000])
    parser.add_argument("--before", type=Path, help="another checkout, measured in the same run")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--prepare", action="store_true", help="only make the warehouses")
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measured:
        print(json.dumps(_measure(asked.measured, asked.new, asked.workers)))
        return
    for size in asked.window:
        warehouse = prepared(size)
        for root in () if asked.prepare else filter(None, (asked.before, ROOT)):
            _show(root, size, asked.new, measured(root, warehouse, asked.new, asked.workers))


def measured(root: Path, warehouse: Path, new: int, workers: int) -> dict[str, float]:
    """Seconds of CPU by step, and what else was counted, in a process of that checkout's."""
    command = [
        sys.executable,
        __file__,
        "--measured",
        warehouse,
        "--new",
        str(new),
        "--workers",
        str(workers),
    ]
    path = os.pathsep.join(map(str, (root.resolve(), ROOT / "benchmarks")))
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _show(root: Path, size: int, new: int, found: dict[str, float]) -> None:
    steps = ", ".join(f"{step} {1e6 * found[step] / new:.0f}" for step in STEPS)
    every = sum(found[step] for step in STEPS)
    print(
        f"{root.resolve().name:10} {new:,} against {size:,}: {1e6 * every / new:.0f} us an article ({steps});"
        f" peak {found['peak']:,.0f} MB, texts {found['texts']:,.0f}, before {found['begun']:,.0f};"
        f" {found['candidates']:,} candidates, {found['links']:,} links, {found['accepted']:,} accepted; {found['digest']}",
        flush=True,
    )


# ---------------------------------------------------------------- the window


def prepared(size: int) -> Path:
    """A warehouse with a window of so many articles, made where it is missing."""
    warehouse = SCRATCH / f"window-{size}"
    if not (warehouse / "made").exists():
        warehouse.mkdir(parents=True, exist_ok=True)
        desk = _desk(warehouse)
        for number in range(WINDOW_DAYS):
            _publish_day(desk, DAY - timedelta(days=WINDOW_DAYS - number), number, size)
        (warehouse / "made").touch()
    return warehouse


def _publish_day(desk: WorkDesk, day: date, number: int, size: int) -> None:
    """Its share of the corpora that the window needs: a day's copies are its own."""
    parts = []
    for k in range(-(-size // SLICE)):
        of_slice = min(SLICE, size - k * SLICE) // WINDOW_DAYS
        rows = pq.read_table(corpus(SLICE, seed=2 + k), columns=["text", "title"])
        parts.append(articles_of(rows.slice(number * of_slice, of_slice).combine_chunks(), day, k * SLICE))
    if not parts:
        return
    articles = pa.concat_tables(parts)
    digests = {}
    for contract, table in ((ARTICLES, articles), (MEMBERSHIPS, _origins(articles))):
        digests[contract.name] = desk.warehouse.publish(contract, day, _whole(contract, table)).digest
    signed = desk.engine.collect(desk.engine.map(sign, articles.select(["article_id", "text"]), SIGNATURES))
    desk.warehouse.publish(SIGNATURES, day, signed, reuse.state_inputs(SIGNATURES, digests))


def _origins(articles: pa.Table) -> pa.Table:
    names = articles["article_id"]
    columns = {"article_id": names, "copy_id": names, "story_id": names}
    columns |= {"ingest_date": articles["ingest_date"], "kind": pa.array(["origin"] * len(names))}
    return pa.table(columns)


def _whole(contract: Contract, table: pa.Table) -> pa.Table:
    """With the columns that it lacks: nothing in them, or what stands for nothing."""
    columns = [
        table[f.name] if f.name in table.column_names else _nothing(f, len(table)) for f in contract.schema
    ]
    return pa.table([c.cast(f.type) for c, f in zip(columns, contract.schema, strict=True)], contract.schema)


def _nothing(field: pa.Field, n: int) -> pa.Array:
    if pa.types.is_fixed_size_list(field.type):  # its elements can't be null
        values = pa.array(np.zeros(n * field.type.list_size, np.int8)).cast(field.type.value_type)
        return pa.FixedSizeListArray.from_arrays(values, type=field.type, mask=pa.repeat(True, n))
    if field.nullable:
        return pa.nulls(n, field.type)
    if pa.types.is_list(field.type):
        return pa.array(n * [[]], field.type)
    return pa.repeat(pa.scalar("" if pa.types.is_string(field.type) else 0).cast(field.type), n)


def _desk(warehouse: Path, workers: int = 1) -> WorkDesk:
    chosen = Settings(landing=str(warehouse / "landing"), warehouse=str(warehouse), window_days=WINDOW_DAYS)
    return open_desk(chosen, EmbeddedEngine(workers))


# ---------------------------------------------------------------- the day


def _measure(warehouse: Path, new: int, workers: int) -> dict[str, float | str]:
    """The steps of a run that find copies, as `day.run` calls them."""
    desk, made = _desk(warehouse, workers), Day(DAY, "")
    texts = pq.read_table(corpus(SLICE, seed=1), columns=["text", "title"]).slice(0, new).combine_chunks()
    made.tables.articles = _whole(ARTICLES, articles_of(texts, DAY))
    found: dict[str, float | str] = {"texts": texts.nbytes / 2**20, "begun": _peak()}
    spent: dict[str, float] = dict.fromkeys(STEPS, 0.0)
    view = inputs.view(desk.warehouse, desk.settings, DAY)
    with _timed(spent, "load"):
        sign(made.tables.articles.slice(0, 1))
    with _timed(spent, "sign"):
        copies.sign_day(desk, made)
    with _timed(spent, "pair"):
        candidates = copies.pair_day(desk, view, made)
    made.shelve()
    within, copies._verify = copies._verify, _told(copies._verify, spent)  # noqa: SLF001 - to tell it from what is around it
    with _timed(spent, "assign"):
        placed = copies.place_copies(desk, view, made, candidates)
    copies._verify = within  # noqa: SLF001 - as it was
    spent["assign"] -= spent["verify"]
    links = made.tables.links
    found |= {"candidates": candidates.num_rows, "links": links.num_rows, "peak": _peak()}
    found |= {"accepted": int(np.sum(links["accepted"].to_numpy())), "digest": _digest(links, placed)}
    return found | spent


def _told(verify, spent):  # noqa: ANN001, ANN202 - a function in place of another
    def told(*asked):  # noqa: ANN002, ANN202
        with _timed(spent, "verify"):
            return verify(*asked)

    return told


@contextmanager
def _timed(spent: dict[str, float], step: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    spent[step] += time.process_time() - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _digest(*tables: pa.Table) -> str:
    """Of the rows, whatever their order."""
    hashed = hashlib.blake2b(digest_size=8)
    for table in tables:
        columns = [n for n in table.column_names if not pa.types.is_nested(table.schema.field(n).type)]
        ordered = table.select(columns).sort_by([(n, "ascending") for n in columns[:2]]).combine_chunks()
        with pa.ipc.new_stream(sink := pa.BufferOutputStream(), ordered.schema) as writer:
            writer.write_table(ordered)
        hashed.update(sink.getvalue())
    return hashed.hexdigest()


if __name__ == "__main__":
    main()
