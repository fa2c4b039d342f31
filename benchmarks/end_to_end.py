"""The main job on real and on large input, through the command that users run.

    python benchmarks/end_to_end.py pages            258 news pages as one day: funnel, body F1 beside trafilatura alone
    python benchmarks/end_to_end.py copies [SET…]    labelled near copies: recall and precision of links
    python benchmarks/end_to_end.py bulk [N]         N generated articles (100,000): articles a second and peak memory

Labelled stories go through the same command in benchmarks/stories.py. Labelled data is read from $NEWSFOLD_DATA
(default ../shared/data); where it is not, the benchmark says so and ends.
"""

import argparse
import contextlib
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("NEWSFOLD_DATA", ROOT.parent / "shared" / "data"))
ONE_DAY = date(2026, 3, 5)
COPY_SETS = ("bbc2225", "mccormick_1000", "ecbplus", "news_cluster_g5w1h")
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("pages", "copies", "bulk"))
    parser.add_argument("which", nargs="*")
    asked = parser.parse_args()
    if asked.what != "bulk" and not DATA.is_dir():
        sys.exit(f"no labelled data in {DATA}: set NEWSFOLD_DATA; skipped")
    with tempfile.TemporaryDirectory() as scratch:
        {"pages": pages, "copies": copies, "bulk": bulk}[asked.what](Path(scratch), asked.which)


def pages(scratch: Path, _: list[str]) -> None:
    gold = {row["id"]: row for row in _lines(DATA / "extraction/fundus/pages.jsonl.gz")}
    folder = scratch / f"landing/day={ONE_DAY}"
    folder.mkdir(parents=True)
    (folder / "pages.warc").write_bytes(b"".join(_warc_record(row) for row in gold.values()))
    _funnel(_run(scratch))
    articles = _table(scratch, "articles", ["raw_ref", "text"])
    texts = {row["raw_ref"].split("#")[1]: row["text"] for row in articles}
    ours = [_f1(texts.get(str(n), ""), row["gold_text"]) for n, row in enumerate(gold.values())]
    print("body, mean of the pages      P     R     F1    empty")
    _print_scores("newsfold", ours)
    _print_scores("trafilatura default", [_f1(_trafilatura(row), row["gold_text"]) for row in gold.values()])


def copies(scratch: Path, chosen: list[str]) -> None:
    print("set                   pairs with j>=.5  recall  contained>=.8  recall   links  precision")
    for name in chosen or COPY_SETS:
        folder = "neardup" if (DATA / f"neardup/{name}.jsonl.gz").exists() else "stories"
        rows = list(_lines(DATA / f"{folder}/{name}.jsonl.gz"))
        _deliver(scratch / name, [row | {"date": None} for row in rows])
        _run(scratch / name)
        _copy_scores(name, scratch / name, rows)


def bulk(scratch: Path, chosen: list[str]) -> None:
    n = int(chosen[0]) if chosen else 100_000
    deliver = [sys.executable, str(ROOT / "benchmarks/corpus.py"), str(n), str(scratch / "landing")]
    subprocess.run(deliver, check=True)
    begun = time.perf_counter()
    with Watch() as watch:
        made = _run(scratch)
    seconds = time.perf_counter() - begun
    _funnel(made)
    (row,) = made
    print("stage        seconds  articles/s   MB of the process by its end")
    for stage, took in row["seconds"].items():
        print(f"{stage:12} {took:7.1f} {n / max(took, 0.001):11,.0f} {row['peak_mb'][stage]:9,.0f}")
    cpu = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    print(
        f"{n:,} articles in {seconds:.1f} s: {n / seconds:,.0f} a second, at most {watch.peak_mb:,.0f} MB in one process"
    )
    print(f"CPU {cpu:.0f} s, with making the articles")


class Watch:
    """Looks, five times a second, at the memory of every process that this one started, and of theirs."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.2):
            for folder in _descendants(os.getpid()):
                with contextlib.suppress(OSError):
                    fields = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
                    self.peak_mb = max(self.peak_mb, int(fields.get("VmHWM", "0 kB").split()[0]) / 1024)


def _descendants(process: int) -> Iterator[Path]:
    for folder in Path("/proc").glob(f"{process}/task/*/children"):
        for child in folder.read_text().split():
            yield Path("/proc") / child
            yield from _descendants(int(child))


def _run(root: Path) -> list[Row]:
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "--json",
        "--landing",
        root / "landing",
        "--warehouse",
        root / "warehouse",
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _funnel(made: list[Row]) -> None:
    for row in made:
        print("  ".join(f"{name[2:]} {value:,}" for name, value in row.items() if name.startswith("n_")))
        print("  ".join(f"{r['reason']} {r['n']}" for r in row["rejects_by_reason"]) or "no rejects")
        print("  ".join(f"{stage} {seconds:.1f} s" for stage, seconds in row["seconds"].items()))


def _deliver(root: Path, rows: Iterable[Row]) -> None:
    """Each row into the folder of its date. A set most of whose articles are undated is one day's delivery; else the undated come first."""
    rows = list(rows)
    dates = sorted(row["date"][:10] for row in rows if row.get("date"))
    one_day = len(dates) < len(rows) / 2
    files: dict[str, Any] = {}
    for n, row in enumerate(rows):
        day = str(ONE_DAY) if one_day else (row["date"] or dates[0])[:10]
        if day not in files:
            folder = root / f"landing/day={day}"
            folder.mkdir(parents=True)
            files[day] = (folder / "articles.jsonl").open("w", encoding="utf-8")
        document = {
            "url": f"https://{row.get('source') or 'unknown'}.example/{n}",
            "title": row.get("title"),
            "text": row["text"],
        }
        document |= {"published_at": row.get("date"), "outlet": row.get("source")}
        files[day].write(json.dumps(document | {"text": row["text"] or "-"}) + "\n")
    for file in files.values():
        file.close()


def _copy_scores(name: str, root: Path, rows: list[Row]) -> None:
    ids = {
        row["article_id"]: rows[int(row["url"].rsplit("/", 1)[1])]["id"]
        for row in _table(root, "articles", ["article_id", "url"])
    }
    links = _table(root, "links", ["article_id", "other_id", "accepted"])
    accepted = {frozenset((ids[k["article_id"]], ids[k["other_id"]])) for k in links if k["accepted"]}
    groups = _table(root, "memberships", ["article_id", "copy_id"])
    group = {ids[row["article_id"]]: row["copy_id"] for row in groups}
    near, contained = set(), set()
    for line in (
        gzip.decompress((DATA / f"neardup/{name}.pairs.tsv.gz").read_bytes()).decode().splitlines()[1:]
    ):
        a, b, jaccard, containment, *_ = line.split("\t")
        near |= {frozenset((a, b))} if float(jaccard) >= 0.5 else set()
        contained |= {frozenset((a, b))} if float(containment) >= 0.8 else set()
    together = {p for p in near | contained if len({group.get(i, i) for i in p}) == 1}
    found = [_share(near, together), _share(contained, together), _share(accepted, near | contained)]
    print(
        f"{name:20} {len(near):17} {found[0]:7.3f} {len(contained):14} {found[1]:7.3f} {len(accepted):7} {found[2]:10.3f}",
        flush=True,
    )


def _share(some: set[frozenset[str]], others: set[frozenset[str]]) -> float:
    return len(some & others) / len(some) if some else 1.0


def _table(root: Path, name: str, columns: list[str]) -> list[Row]:
    return pq.read_table(root / "warehouse" / name, columns=columns).to_pylist()  # type: ignore[no-any-return]


def _lines(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _warc_record(row: Row) -> bytes:
    body = gzip.decompress((DATA / "extraction/fundus" / row["html_path"]).read_bytes())
    fetched = (row.get("crawl_date") or "2026-11-01T00:00:00")[:19]
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {row['url']}\r\nWARC-Date: {datetime.fromisoformat(fetched):%Y-%m-%dT%H:%M:%SZ}\r\n"
    return (
        f"{head}Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n".encode()
        + http
        + b"\r\n\r\n"
    )


def _trafilatura(row: Row) -> str:
    import trafilatura

    return (
        trafilatura.extract(gzip.decompress((DATA / "extraction/fundus" / row["html_path"]).read_bytes()))
        or ""
    )


def _f1(found: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of multisets of four words in a row."""
    a, b = (Counter(zip(w, w[1:], w[2:], w[3:], strict=False)) for w in (found.split(), gold.split()))
    both = (a & b).total()
    p, r = both / (a.total() or 1), both / (b.total() or 1)
    return p, r, 2 * p * r / (p + r) if both else 0.0


def _print_scores(name: str, scores: list[tuple[float, float, float]]) -> None:
    p, r, f = (statistics.mean(column) for column in zip(*scores, strict=True))
    print(f"{name:25} {p:.3f} {r:.3f} {f:.3f} {sum(not s[2] for s in scores):5}")


if __name__ == "__main__":
    main()
