"""Run damaged files of every format: `python -m benchmarks.hostile_files [--files 2000] [--first 0] [--seed 1]`.

Whole files of a few documents are made in every format that is read, then damaged as disks, crawlers and copying do it: bits
flipped, bytes overwritten, cut out, repeated, files cut short, joined or spliced with others of the same or of another format;
and as only what knows a format does it, with lengths, types and encodings that lie (`benchmarks.lying_files`). The same seed gives
the same files. Days of 200 files go through `newsfold run`. It must end well and without a traceback, within caps of CPU time and
memory, and every file must be accounted for: it gives articles or rejects, or it is empty; a whole one gives a row for each of its
documents. No document may break its parser, and no stage may raise. Prints what became of the documents of each format; exits 1
otherwise.
"""

import argparse
import gzip
import io
import json
import random
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import lying_files
from benchmarks.hostile import BROKEN
from pipeline.model.days import folder_of
from pipeline.model.raw_refs import path_of

FIRST = date(2026, 3, 5)
DAY_FILES = 200
FILE_DOCUMENTS = 4
# Ten times what they took. A run begins with its libraries; the largest process holds a day and the window.
FILE_CPU_SECONDS, START_CPU_SECONDS, MEMORY_MB = 0.5, 120, 2_000
PLACES = ("harbour", "school", "river", "market", "station", "council", "museum", "library")
CHARSETS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be")
NAMES = {"html": ("html", "content"), "text": ("text", "maintext", "body", "lyrics")}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    chosen = parser.parse_args()
    report = run(chosen.files, chosen.seed, chosen.first)
    print("\n".join(lines_of(report)))
    print("\n".join(report.faults[-20:]) or f"{chosen.files:,} files, each accounted for")
    sys.exit(bool(report.faults))


@dataclass
class Report:
    """What became of the documents, by the ending of their files; what should not have been; what it took."""

    n_files: Counter[str] = field(default_factory=Counter)
    found: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0

    @property
    def outcomes(self) -> Counter[str]:
        return sum(self.found.values(), Counter())


def run(n_files: int, seed: int, first: int = 0) -> Report:
    """Make and run so many files, from the one of number `first` on."""
    report = Report()
    with TemporaryDirectory() as folder:
        zone, warehouse = Path(folder, "landing"), Path(folder, "warehouse")
        made = {}
        for n in range(first, first + n_files):
            dice = random.Random(f"{seed} {n}")  # noqa: S311  # damage, not secrets
            file = damaged_file(dice, n)
            path = f"{folder_of(FIRST + timedelta(n // DAY_FILES))}/{file.name}"
            made[path] = file
            Path(zone, path).parent.mkdir(parents=True, exist_ok=True)
            Path(zone, path).write_bytes(file.content)
        told = run_days(zone, warehouse, report)
        rows = rows_of(warehouse)
        report.faults += [*stage_faults(warehouse), *told]
    for path, file in made.items():
        report.n_files[file.ending] += 1
        report.found[file.ending].update(rows[path])
        report.faults += file_faults(path, file, rows[path])
    if report.cpu_seconds > n_files * FILE_CPU_SECONDS + START_CPU_SECONDS or report.memory_mb > MEMORY_MB:
        report.faults.append(
            f"{report.cpu_seconds:.0f} s of CPU time and {report.memory_mb:.0f} MB are too much"
        )
    return report


def run_days(zone: Path, warehouse: Path, report: Report) -> list[str]:
    """`newsfold run` of all days; notes what it took, and returns what went wrong."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pipeline", "run", "--quiet"),
            *("--landing", str(zone), "--warehouse", str(warehouse)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report.cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report.memory_mb = after.ru_maxrss / 1_000  # of the largest process
    if done.returncode or "Traceback" in done.stdout + done.stderr:
        return [f"exit code {done.returncode}: {done.stderr[-2_000:]}"]
    return []


def rows_of(warehouse: Path) -> dict[str, Counter[str]]:
    """How many documents of each file became articles, or rejects of which reason."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for table in ("articles", "rejects"):
        for part in Path(warehouse, table).glob("day=*/part-0.parquet"):
            for row in pq.ParquetFile(part).read().to_pylist():
                found[path_of(row["raw_ref"])][row.get("reason") or "article"] += 1
    return found


def stage_faults(warehouse: Path) -> list[str]:
    parts = Path(warehouse, "runs").glob("day=*/part-0.parquet")
    rows = [row for part in parts for row in pq.ParquetFile(part).read().to_pylist()]
    return [f"{row['day']}: {fault}" for row in rows for fault in row["stage_faults"] or ()]


def file_faults(path: str, file: "File", rows: Counter[str]) -> list[str]:
    broken = [f"{path}: {reason}" for reason in rows if reason in BROKEN]
    if file.content and not rows:
        return [*broken, f"{path}: no row"]
    if file.n_documents is not None and rows.total() != file.n_documents:
        return [*broken, f"{path}: {rows.total()} rows of {file.n_documents} documents"]
    return broken


def lines_of(report: Report) -> Iterator[str]:
    """A table: a line a format, a column an outcome."""
    names = [name for name, _ in report.outcomes.most_common()]
    yield f"{'':10}  {'files':>6}  " + "  ".join(f"{name:>9}" for name in names)
    for ending, n_files in sorted(report.n_files.items()):
        counts = "  ".join(f"{report.found[ending][name]:{max(9, len(name))},}" for name in names)
        yield f"{ending:10}  {n_files:6,}  {counts}"
    yield f"{report.cpu_seconds:.1f} s of CPU time, {report.memory_mb:.0f} MB in the largest process"


# --- the files -----------------------------------------------------------------------------------------------


class File(NamedTuple):
    """A file, its name and format; of a whole one also the number of its documents."""

    name: str
    ending: str
    content: bytes
    n_documents: int | None


def damaged_file(dice: random.Random, number: int) -> File:
    ending = dice.choice(list(FORMATS))
    texts = written_texts(dice)
    content = FORMATS[ending](dice, texts)
    n_damages = dice.choice([0, 1, 1, 1, 2, 5])
    for _ in range(n_damages):
        content = dice.choice([*DAMAGES, *[lying_files.lie] * len(DAMAGES)])(dice, content)
    is_spliced = dice.random() < 0.1
    if is_spliced:
        content = spliced(dice, content, FORMATS[dice.choice([ending, *FORMATS])](dice, written_texts(dice)))
    is_whole = not n_damages and not is_spliced and not ending.startswith(".warc")  # whose lengths lie anyway
    n_documents = (
        (len(texts) if ".json" in ending or ending in (".ndjson", ".parquet") else 1) if is_whole else None
    )
    return File(f"{number}{ending}", ending, content, n_documents)


def written_texts(dice: random.Random) -> list[str]:
    return [written(dice) for _ in range(dice.randint(1, FILE_DOCUMENTS))]


def written(dice: random.Random) -> str:
    number, places = dice.randrange(10**6), dice.choices(PLACES, k=3)
    lines = (
        f"The {place} of quarter {number} was closed for the night, and opens again." for place in places
    )
    return "\n".join(f"{line} Nobody was hurt in house {dice.randrange(1000)}." for line in lines)


def page(text: str) -> str:
    return f"<html><body><article><p>{text.replace(chr(10), '</p><p>')}</p></article></body></html>"


def json_lines(dice: random.Random, texts: list[str], end: str = "") -> bytes:
    charset = dice.choice(CHARSETS)
    lines = [json.dumps(fields(dice, text), ensure_ascii=False) for text in texts]
    return ("\n".join(lines) + end).encode(charset)


def json_list(dice: random.Random, texts: list[str]) -> bytes:
    found = [fields(dice, text) for text in texts]
    value = dice.choice([found, {"status": "ok", "articles": found}])
    return json.dumps(value, ensure_ascii=False, indent=dice.choice([None, 1])).encode(dice.choice(CHARSETS))


def fields(dice: random.Random, text: str) -> dict[str, object]:
    kind = dice.choice(list(NAMES))
    body = page(text) if kind == "html" else text
    known: dict[str, object] = {"url": f"https://x.example/{dice.randrange(10**6)}", "id": dice.randrange(9)}
    known |= {"date": dice.choice(["2026-03-05", "0000-00-00", None]), "outlet": dice.choice(["X", None])}
    return {dice.choice(NAMES[kind]): body} | dict(dice.sample(list(known.items()), 2))


def records(dice: random.Random, texts: list[str]) -> list[bytes]:
    found = []
    for text in texts:
        body = page(text).encode()
        coding = dice.choice([b"", b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n"])
        body = gzip.compress(body) if b"gzip" in coding and dice.random() < 0.8 else body
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if b"chunked" in coding else body
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + coding + b"\r\n" + body
        length = max(0, len(block) + dice.choice([0, 0, 0, -7, 9, 10**6]))
        found.append(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/%d\r\n"
            % dice.randrange(10**6)
            + b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % length
            + block
            + b"\r\n\r\n"
        )
    return found


def frames(name: str, pieces: list[bytes]) -> bytes:
    from fastwarc import stream_io

    sink = io.BytesIO()
    writer = getattr(stream_io, name)(sink)
    for piece in pieces:
        writer.write(piece)
        writer.finish()
    writer.flush()
    return sink.getvalue()


def table(dice: random.Random, texts: list[str]) -> bytes:
    sink = pa.BufferOutputStream()
    rows = [fields(dice, text) | {"text": text} for text in texts]
    names = sorted({name for row in rows for name in row})
    columns = pa.table({name: [row.get(name) for row in rows] for name in names})
    compression = dice.choice(["none", "snappy", "zstd", "gzip"])
    pq.write_table(columns, sink, compression=compression, row_group_size=dice.choice([1, 100]))
    return sink.getvalue().to_pybytes()


FORMATS: dict[str, Callable[[random.Random, list[str]], bytes]] = {
    ".html": lambda _, texts: page(texts[0]).encode(),
    ".txt": lambda dice, texts: texts[0].encode(dice.choice(CHARSETS)),
    ".html.gz": lambda _, texts: gzip.compress(page(texts[0]).encode()),
    ".jsonl": json_lines,
    ".jsonl.gz": lambda dice, texts: b"".join(gzip.compress(json_lines(dice, [t], "\n")) for t in texts),
    ".ndjson": json_lines,
    ".json": json_list,
    ".json.zst": lambda dice, texts: frames("ZstdWriter", [json_list(dice, texts)]),
    ".warc": lambda dice, texts: b"".join(records(dice, texts)),
    ".warc.gz": lambda dice, texts: b"".join(map(gzip.compress, records(dice, texts))),
    ".warc.zst": lambda dice, texts: frames("ZstdWriter", records(dice, texts)),
    ".warc.lz4": lambda dice, texts: frames("Lz4Writer", records(dice, texts)),
    ".parquet": table,
}


# --- the damage ----------------------------------------------------------------------------------------------


def flipped(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def overwritten(dice: random.Random, content: bytes) -> bytes:
    begin, end = stretch(dice, content)
    return content[:begin] + dice.choice([bytes(end - begin), dice.randbytes(end - begin)]) + content[end:]


def cut_out(dice: random.Random, content: bytes) -> bytes:
    begin, end = stretch(dice, content)
    return content[:begin] + content[end:]


def repeated(dice: random.Random, content: bytes) -> bytes:
    begin, end = stretch(dice, content)
    return content[:end] + content[begin:]


def cut_short(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randint(0, len(content))]


def spliced(dice: random.Random, content: bytes, other: bytes) -> bytes:
    """The beginning of one and the end of another, or both, one after the other."""
    at, after = dice.choice([(len(content), 0), (dice.randint(0, len(content)), dice.randint(0, len(other)))])
    return content[:at] + other[after:]


def stretch(dice: random.Random, content: bytes) -> tuple[int, int]:
    begin = dice.randint(0, len(content))
    return begin, min(len(content), begin + dice.choice([1, 4, 50, 1_000]))


DAMAGES = (flipped, overwritten, cut_out, repeated, cut_short)


if __name__ == "__main__":
    main()
