"""Copies: speed beside peers, recall by kind of copy, labelled sets, scripts, scale.

    python benchmarks/copies.py peers [TOOL…] [--n 100000]   CPU, memory and F1 of newsfold and of each peer (all of them)
    python benchmarks/copies.py sets                         recall and precision on labelled near copies
    python benchmarks/copies.py reuters [--show 50]          accepted near links, drawn by a hash of their ids, to be read
    python benchmarks/copies.py scripts                      planted copies in eight scripts
    python benchmarks/copies.py scale [--n 1000000]          cost of an article in one day, and against a window as large

Data: $NEWSFOLD_DATA (default ../shared/data), and $NEWSFOLD_TOOLS (default ../shared/tools) for make_corpus.py, which
makes the corpora; they are kept in $NEWSFOLD_SCRATCH (default a folder of the system's temporary ones). What is not
there is skipped, and said so.

A peer runs in an environment of its own under the scratch folder: a folder `peer-TOOL` made by `python -m venv`, with
the packages of PEERS below (text-dedup wants Python 3.12 or later). `peers` says how to make one that is missing. So does
newsfold in `peer-newsfold`, where there is one with what pyproject.toml asks for, else in this one: pyarrow imports pandas
wherever it is installed, which is a quarter of a second.
CPU is user and system time of the whole process and its children, from reading the Parquet file to the labels.
"""

import argparse
import difflib
import gzip
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import apart
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from copy_stages import DAY, SCRATCH, articles_of, copy_groups, corpus, verifier

from pipeline.copies import candidates, groups
from pipeline.copies.signatures import sign
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model import own_process
from pipeline.model.internal_tables import CANDIDATES, SIGNATURES, TRACED
from pipeline.model.tables import MEMBERSHIPS
from pipeline.store import spill

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("NEWSFOLD_DATA", ROOT.parent / "shared" / "data"))
PEERS = {
    "datasketch": ("datasketch==2.0.0", "pyarrow"),
    "rensa": ("rensa==0.5.0", "pyarrow", "numpy"),
    "daft": ("daft==0.7.26", "pyarrow", "numpy", "scipy"),
    "gaoya": ("gaoya==0.2.2", "pyarrow", "numpy"),
    "fastsketchlsh": ("FastSketchLSH==1.0.1", "polars==2.1.0", "pyarrow", "numpy", "scipy"),
    "text-dedup": ("text-dedup==0.4.1", "pyarrow"),
    "datatrove": ("datatrove[processing,io]==0.10.1", "spacy"),
}
SLOW = {"text-dedup", "datatrove"}  # measured on the first tenth
SLICE = 100_000
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=sorted(COMMANDS))
    parser.add_argument("names", nargs="*")
    parser.add_argument("--n", type=int)
    parser.add_argument("--show", type=int, default=50)
    asked = parser.parse_args()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    COMMANDS[asked.what](asked)


# ---------------------------------------------------------------- peers


def measure_peers(asked: argparse.Namespace) -> None:
    n = asked.n or SLICE
    whole, tenth = corpus(n), corpus(n, n // 10)
    print(
        f"{'tool':12} {'articles':>8} {'CPU s':>7} {'peak MB':>8} {'ours, s':>8} {'ratio':>6}   P      R      F1"
    )
    for tool in asked.names or ["newsfold", *PEERS]:
        path = tenth if tool in SLOW else whole
        command = _command(tool)
        if not command:
            continue
        cpu, peak, labels = _measured([*command, path])
        own = cpu if tool == "newsfold" else _measured([*_command("newsfold"), path])[0]
        gold = pq.read_table(path, columns=["group", "kind"])
        p, r, f = _pairwise(labels, gold["group"].to_numpy())
        print(
            f"{tool:12} {len(labels):8,} {cpu:7.1f} {peak:8,.0f} {own:8.1f} {cpu / own:6.1f} {p:.4f} {r:.4f} {f:.4f}"
            f"   {_by_kind(labels, gold)}",
            flush=True,
        )


def _command(tool: str) -> list[Any]:
    if tool == "newsfold":
        own = SCRATCH / "peer-newsfold/bin/python"
        return [own if own.exists() else sys.executable, __file__, "stages"]
    python = SCRATCH / f"peer-{tool}/bin/python"
    if not python.exists():
        print(
            f"{tool:12} skipped: python -m venv {python.parents[1]}; {python} -m pip install {' '.join(PEERS[tool])}"
        )
        return []
    return [python, ROOT / "benchmarks/copy_peers.py", tool]


def _measured(command: Sequence[Any]) -> tuple[float, float, np.ndarray]:
    """CPU seconds and peak memory in MB (of the largest of its processes) of a command that writes labels."""
    with tempfile.TemporaryDirectory() as scratch:
        log, out = Path(scratch) / "log", Path(scratch) / "labels.npy"
        with log.open("wb") as sink:
            taken = apart.run([*map(str, command), str(out)], ROOT, sink)
        if taken.code:
            sys.exit(log.read_text(errors="replace")[-3000:])
        return taken.cpu_seconds, taken.peak_mb, np.load(out)


def _pairwise(labels: Iterable[Any], gold: Iterable[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs that stand in one group."""
    labels, gold = list(labels), list(gold)
    both, found, true = (
        sum(k * (k - 1) // 2 for k in Counter(x).values())
        for x in (zip(labels, gold, strict=True), labels, gold)
    )
    return both / max(found, 1), both / max(true, 1), 2 * both / max(found + true, 1)


def _by_kind(labels: np.ndarray, gold: pa.Table) -> str:
    """Of the copies of each kind: how many are in the group of the text that they were made from."""
    base = {g: x for g, k, x in zip(*_lists(gold), labels.tolist(), strict=True) if k in {"base", "followup"}}
    found: dict[str, list[bool]] = defaultdict(list)
    for group, kind, label in zip(*_lists(gold), labels.tolist(), strict=True):
        if kind not in {"base", "followup"} and group in base:
            found[kind].append(label == base[group])
    return " ".join(f"{kind} {np.mean(hits):.3f}" for kind, hits in sorted(found.items()))


def _lists(gold: pa.Table) -> tuple[list[int], list[str]]:
    return gold["group"].to_pylist(), gold["kind"].to_pylist()


# ---------------------------------------------------------------- our stages


def measure_stages(asked: argparse.Namespace) -> None:
    """What `peers` measures of us: Parquet in, labels out."""
    corpus, out = asked.names
    own_process.settle()
    rows = pq.ParquetFile(corpus).read(["text", "title"])
    placed, _ = copy_groups(articles_of(rows, DAY))
    number = pc.index_in(placed["copy_id"], value_set=pc.unique(placed["copy_id"]))
    order = pc.sort_indices(placed["article_id"])  # ids are numbered in the order of rows
    np.save(out, number.take(order).to_numpy())


# ---------------------------------------------------------------- labelled sets


def measure_sets(asked: argparse.Namespace) -> None:
    print("set                   pairs with j>=.5  recall  contained>=.8  recall   links  precision")
    total = np.zeros(6)
    for name in asked.names or SETS:
        rows = list(_lines(name))
        _, links = copy_groups(articles_of(_texts(rows), DAY))
        accepted = {
            frozenset(rows[int(i[8:], 16)]["id"] for i in pair)
            for pair in zip(*_sides(links.filter(links["accepted"])), strict=True)
        }
        near, contained = _labelled(name)
        counts = [len(near), len(near & accepted), len(contained), len(contained & accepted)]
        counts += [len(accepted), len(accepted & (near | contained))]
        total += counts
        _print_set(name, counts)
    _print_set("all", total)


def _print_set(name: str, counts: Sequence[float]) -> None:
    near, its, contained, their, links, right = counts
    print(
        f"{name:20} {near:17,.0f} {its / max(near, 1):7.4f} {contained:14,.0f} {their / max(contained, 1):7.4f}"
        f" {links:7,.0f} {right / max(links, 1):10.4f}",
        flush=True,
    )


def _labelled(name: str) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    near, contained = set(), set()
    lines = gzip.decompress((DATA / f"neardup/{name}.pairs.tsv.gz").read_bytes()).decode().splitlines()
    for line in lines[1:]:
        a, b, jaccard, containment, *_ = line.split("\t")
        near |= {frozenset((a, b))} if float(jaccard) >= 0.5 else set()
        contained |= {frozenset((a, b))} if float(containment) >= 0.8 else set()
    return near, contained


def _lines(name: str) -> Iterator[Row]:
    found = [p for f in ("neardup", "stories", "bulk") if (p := DATA / f"{f}/{name}.jsonl.gz").exists()]
    if not found:
        sys.exit(f"no {name} in {DATA}: set NEWSFOLD_DATA; skipped")
    with gzip.open(found[0], "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _texts(rows: Sequence[Row]) -> pa.Table:
    columns = {n: pa.array([row.get(n) or "" for row in rows], pa.string()) for n in ("title", "text")}
    return pa.table(columns)


def _sides(links: pa.Table) -> tuple[list[str], list[str]]:
    return links["article_id"].to_pylist(), links["other_id"].to_pylist()


def show_reuters(asked: argparse.Namespace) -> None:
    rows = list(_lines("reuters21578"))
    dates = pa.array(
        [row["date"] and datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) for row in rows]
    )
    texts = _texts(rows).append_column("published_at", dates.cast(pa.timestamp("us", "UTC")))
    _, links = copy_groups(articles_of(texts, DAY))
    print({str(r["values"]): r["counts"] for r in pc.value_counts(links["reason"]).to_pylist()})
    near = links.filter(pc.equal(links["kind"], "near")).to_pylist()
    drawn = sorted(near, key=lambda k: hashlib.blake2b((k["article_id"] + k["other_id"]).encode()).digest())
    print(f"{len(near)} near links, {asked.show} of them:")
    for link in drawn[: asked.show]:
        one, other = (rows[int(link[n][8:], 16)] for n in ("other_id", "article_id"))
        print(f"\n=== {one['id']} {other['id']} jaccard {link['jaccard']:.2f}: {link['reason']}")
        print(f"    {one.get('title')} | {other.get('title')}")
        print(_differences(one["text"].split(), other["text"].split()))


def _differences(one: list[str], other: list[str]) -> str:
    found = []
    for what, i, j, p, q in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            kept = one[i:j] if j - i <= 12 else [*one[i : i + 6], f"<{j - i - 12}>", *one[j - 6 : j]]
            found.append(" ".join(kept))
        else:
            found.append(f"[-{' '.join(one[i:j][:40])}-][+{' '.join(other[p:q][:40])}+]")
    return " ".join(found)[:1500]


# ---------------------------------------------------------------- scripts


def measure_scripts(asked: argparse.Namespace) -> None:
    from script_texts import WRITTEN, planted

    print("script     articles   P      R      F1")
    for script in asked.names or sorted(WRITTEN):
        rows = planted(WRITTEN[script], asked.n or 600, seed=1)
        placed, _ = copy_groups(articles_of(_texts(rows), DAY))
        group = dict(zip(placed["article_id"].to_pylist(), placed["copy_id"].to_pylist(), strict=True))
        labels = [group[f"{DAY:%Y%m%d}{i:024x}"] for i in range(len(rows))]
        p, r, f = _pairwise(labels, [row["group"] for row in rows])
        gold = pa.table({"group": [row["group"] for row in rows], "kind": [row["kind"] for row in rows]})
        print(
            f"{script:10} {len(rows):8,} {p:.4f} {r:.4f} {f:.4f}   {_by_kind(np.array(labels), gold)}",
            flush=True,
        )


# ---------------------------------------------------------------- scale


def measure_scale(asked: argparse.Namespace) -> None:
    """In processes of their own: a day of a tenth, the whole day, and the whole against a window as large."""
    n = asked.n or 10 * SLICE
    for seeds, past in ((1, 0), (n // SLICE, 0), (1, n // SLICE), (n // SLICE, n // SLICE)):
        for seed in range(1, 1 + seeds + past):
            corpus(SLICE, seed=seed)
        subprocess.run([sys.executable, __file__, "scaled", str(seeds), str(past)], cwd=ROOT, check=True)


def measure_scaled(asked: argparse.Namespace) -> None:
    """One day of so many slices of a corpus, against a window of so many more; the window's signatures are on disk, as in a run."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        _measure_scaled(*map(int, asked.names), Path(folder))


def _measure_scaled(n_slices: int, n_past: int, folder: Path) -> None:
    engine = EmbeddedEngine(1)
    earlier, window_texts = _window(engine, n_slices, n_past, folder)
    texts = pa.concat_tables([_slice(seed, DAY, (seed - 1) * SLICE) for seed in range(1, n_slices + 1)])
    begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signatures = engine.map(sign, texts.select(["article_id", "text"]), SIGNATURES)
    spill.give_back()
    own, found = candidates.Sketched.of(signatures), [CANDIDATES.empty()]
    parts = candidates.n_parts(texts.num_rows)
    for part in range(parts):
        buckets = own.buckets(part, parts)
        found.append(candidates.within(own, buckets))
        across = candidates.lookup(own, buckets, part, parts)
        found += [across(pq.read_table(path, schema=SIGNATURES.schema)) for path in sorted(folder.iterdir())]
        del buckets, across
        spill.give_back()
    wanted = candidates.distinct(pa.concat_tables(found))
    del signatures, own
    wanted = candidates.together(wanted)
    spill.give_back()
    verify = verifier(engine, pa.concat_tables([texts, *window_texts]))
    placed, links = groups.assign_copies(texts, wanted, earlier, TRACED.empty(), verify)
    n, cpu = texts.num_rows, time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = sum(t.nbytes for t in (texts, *window_texts))
    print(
        f"{n:,} new, {earlier.num_rows:,} in the window: {cpu:.1f} s CPU, {1e6 * cpu / n:.0f} us an article;"
        f" peak {peak / 1024:,.0f} MB, texts {held / 2**20:,.0f} MB, before {before / 1024:,.0f} MB;"
        f" {links.num_rows:,} pairs compared, {pc.sum(links['accepted']).as_py():,} accepted,"
        f" {placed.num_rows - len(pc.unique(placed['copy_id'])):,} copies",
        flush=True,
    )


def _window(
    engine: EmbeddedEngine, first: int, n_slices: int, folder: Path
) -> tuple[pa.Table, list[pa.Table]]:
    """Memberships and texts of a window, its signatures in files: every slice is dealt out to its 14 days; a day's copies are its own."""
    days = [DAY - timedelta(days=k) for k in range(14, 0, -1)] if n_slices else []
    memberships, texts = [MEMBERSHIPS.empty()], []
    for number, day in enumerate(days):
        step = SLICE // len(days)
        parts = [_slice(first + k, day, k * SLICE, number * step, step) for k in range(1, n_slices + 1)]
        texts.append(pa.concat_tables(parts))
        signed = engine.map(sign, texts[-1].select(["article_id", "text"]), SIGNATURES)
        pq.write_table(signed, folder / f"{day}.parquet", row_group_size=20_000)
        memberships.append(_origins(texts[-1]))
    return pa.concat_tables(memberships), texts


def _origins(articles: pa.Table) -> pa.Table:
    ids = articles["article_id"]
    columns = {"article_id": ids, "copy_id": ids, "story_id": ids, "ingest_date": articles["ingest_date"]}
    columns["kind"] = pa.array(["origin"] * len(ids))
    whole = [columns.get(f.name, pa.nulls(len(ids), f.type)) for f in MEMBERSHIPS.schema]
    return pa.table(whole, names=MEMBERSHIPS.names).cast(MEMBERSHIPS.schema)


def _slice(seed: int, day: date, first: int, start: int = 0, size: int = SLICE) -> pa.Table:
    rows = pq.ParquetFile(corpus(SLICE, seed=seed)).read(["text", "title"])
    if size < rows.num_rows:  # a slice would hold the memory of the whole
        rows = rows.take(pa.array(np.arange(start, start + size)))
    return articles_of(rows, day, first)


SETS = ("bbc2225", "mccormick_1000", "ecbplus", "news_cluster_g5w1h")
COMMANDS = {
    "peers": measure_peers,
    "stages": measure_stages,
    "sets": measure_sets,
    "reuters": show_reuters,
    "scripts": measure_scripts,
    "scale": measure_scale,
    "scaled": measure_scaled,
}

if __name__ == "__main__":
    main()
