"""The stages of a run that find copies, without a run around them, and the corpora that they are measured with."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.copies import candidates, groups, verdict
from pipeline.copies.signatures import band, sign
from pipeline.day.copies import COMPARED_COLUMNS
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.internal_tables import BUCKETS, CANDIDATES, COMPARED, SIGNATURES, SKETCHED, TRACED
from pipeline.model.tables import LINKS, MEMBERSHIPS

ROOT = Path(__file__).parents[1]
TOOLS = Path(os.environ.get("NEWSFOLD_TOOLS", ROOT.parent / "shared" / "tools"))
SCRATCH = Path(os.environ.get("NEWSFOLD_SCRATCH", Path(tempfile.gettempdir()) / "newsfold-benchmarks"))
DAY, THRESHOLD = date(2026, 3, 5), 0.5


def articles_of(rows: pa.Table, day: date, first: int = 0) -> pa.Table:
    """What the stages read of articles; the number of the row is the id, so that rows are in the order of time."""
    n = rows.num_rows
    ids = _numbered(day, first, n)
    nothing = pa.nulls(n, pa.timestamp("us", "UTC"))
    published = rows["published_at"] if "published_at" in rows.column_names else nothing
    columns = {
        "article_id": ids,
        "ingest_date": pa.repeat(pa.scalar(day, pa.date32()), n),
        "title": rows["title"],
        "text": rows["text"],
        "canonical_url": pc.binary_join_element_wise("https://a.example/", ids, ""),
        "outlet": pa.nulls(n, pa.string()),
        "published_at": published,
        "published_precision": pa.nulls(n, pa.string()),
        "fetched_at": nothing,
    }
    return pa.table(columns)


def _numbered(day: date, first: int, n: int) -> pa.Array:
    """Ids of a day with the number of the row in their last 16 digits."""
    digits = np.frombuffer("".join(f"{b:02x}" for b in range(256)).encode(), "S2")
    numbers = np.arange(first, first + n).astype(">u8").view(np.uint8).reshape(n, 8)
    last = pa.array(np.ascontiguousarray(digits[numbers]).view("S16").ravel().astype(str), pa.string())
    return pc.binary_join_element_wise(f"{day:%Y%m%d}{0:08x}", last, "")


def copy_groups(articles: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Text to verified copy groups of one day, by the stages of a run: (placed, links)."""
    engine = EmbeddedEngine(1)
    signatures = engine.map(sign, articles.select(["article_id", "text"]), SIGNATURES)
    met = candidates.pair(engine.map(band, signatures, BUCKETS), DAY)
    wanted = candidates.together(sifted(engine, met, signatures))
    return groups.assign_copies(
        articles, wanted, MEMBERSHIPS.empty(), TRACED.empty(), verifier(engine, articles)
    )


def verifier(engine: EmbeddedEngine, texts: pa.Table) -> Callable[[pa.Table], pa.Table]:
    def verify(wanted: pa.Table) -> pa.Table:
        compared = engine.attach(wanted, texts, COMPARED_COLUMNS, COMPARED)
        return engine.map(_verify, compared, LINKS)

    return verify


def sifted(engine: EmbeddedEngine, met: pa.Table, signatures: pa.Table) -> pa.Table:
    sketched = engine.attach(met, signatures, ["signature", "passages"], SKETCHED)
    return engine.map(candidates.sift, sketched, CANDIDATES)


def _verify(compared: pa.Table) -> pa.Table:
    return verdict.verify(compared, THRESHOLD)


def corpus(n: int, first: int | None = None, seed: int = 1) -> Path:
    """A corpus of make_corpus.py, or its first rows, made where it is missing."""
    path = SCRATCH / f"corpus-{n}-{seed}.parquet"
    if not path.exists():
        tool = TOOLS / "make_corpus.py"
        if not tool.exists():
            sys.exit(f"no {tool}: set NEWSFOLD_TOOLS; skipped")
        subprocess.run([sys.executable, tool, str(n), str(seed), path], check=True)
    if first is None:
        return path
    part = SCRATCH / f"corpus-{n}-{seed}-first{first}.parquet"
    if not part.exists():
        pq.write_table(pq.read_table(path).slice(0, first), part)
    return part
