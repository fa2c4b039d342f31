"""Run damaged files of every format: `python -m benchmarks.hostile_files [--files 2000] [--seed 1]`.

Whole files of a few documents are made in every format that is read, then damaged as disks, crawlers and copying do it: bits
flipped, bytes overwritten, cut out, repeated, files cut short, joined or spliced with others of the same or of another format. The
same seed gives the same files. Days of 200 files go through `newsfold run`. It must end well and without a traceback, and every
file must be accounted for: it gives articles or rejects, or it is empty. Prints what became of the documents; exits 1 otherwise.
"""

import argparse
import gzip
import io
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.model.days import folder_of
from pipeline.model.raw_refs import path_of

FIRST = date(2026, 3, 5)
DAY_FILES = 200
FILE_DOCUMENTS = 4
PLACES = ("harbour", "school", "river", "market", "station", "council", "museum", "library")
CHARSETS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be")
NAMES = {"html": ("html", "content"), "text": ("text", "maintext", "body", "lyrics")}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found, faults = run(chosen.files, chosen.seed)
    for outcome, n in found.most_common():
        print(f"{n:9,}  {outcome}")
    print("\n".join(faults[-20:]) or f"{chosen.files:9,}  files, each accounted for")
    sys.exit(bool(faults))


def run(n_files: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of the documents of so many files, and what should not have been."""
    with TemporaryDirectory() as folder:
        zone, warehouse = Path(folder, "landing"), Path(folder, "warehouse")
        made = {}
        for n in range(n_files):
            dice = random.Random(f"{seed} {n}")  # noqa: S311  # damage, not secrets
            name, content = damaged_file(dice, n)
            path = f"{folder_of(FIRST + timedelta(n // DAY_FILES))}/{name}"
            made[path] = content
            Path(zone, path).parent.mkdir(parents=True, exist_ok=True)
            Path(zone, path).write_bytes(content)
        places = ["--landing", str(zone), "--warehouse", str(warehouse)]
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "run", *places, "--quiet"],
            capture_output=True,
            text=True,
            check=False,
        )
        found, seen = outcomes(warehouse)
    faults = [f"{path}: no row" for path, content in made.items() if content and path not in seen]
    if done.returncode or "Traceback" in done.stdout + done.stderr:
        faults.append(f"exit code {done.returncode}: {done.stderr[-2_000:]}")
    return found, faults


def outcomes(warehouse: Path) -> tuple[Counter[str], set[str]]:
    """How many documents became articles or rejects of which reason, and of which files they are."""
    found: Counter[str] = Counter()
    seen: set[str] = set()
    for table in ("articles", "rejects"):
        for part in Path(warehouse, table).glob("day=*/part-0.parquet"):
            rows = pq.ParquetFile(part).read().to_pylist()
            found += Counter(row.get("reason") or "article" for row in rows)
            seen |= {path_of(row["raw_ref"]) for row in rows}
    return found, seen


# --- the files -----------------------------------------------------------------------------------------------


def damaged_file(dice: random.Random, number: int) -> tuple[str, bytes]:
    """A name and its bytes."""
    ending = dice.choice(list(FORMATS))
    content = whole_file(dice, ending)
    for _ in range(dice.choice([0, 1, 1, 1, 2, 5])):
        content = dice.choice(DAMAGES)(dice, content)
    if dice.random() < 0.1:
        content = spliced(dice, content, whole_file(dice, dice.choice([ending, *FORMATS])))
    return f"{number}{ending}", content


def whole_file(dice: random.Random, ending: str) -> bytes:
    return FORMATS[ending](dice, [written(dice) for _ in range(dice.randint(1, FILE_DOCUMENTS))])


def written(dice: random.Random) -> str:
    number, places = dice.randrange(10**6), dice.choices(PLACES, k=3)
    lines = (
        f"The {place} of quarter {number} was closed for the night, and opens again." for place in places
    )
    return "\n".join(f"{line} Nobody was hurt in house {dice.randrange(1000)}." for line in lines)


def page(text: str) -> str:
    return f"<html><body><article><p>{text.replace(chr(10), '</p><p>')}</p></article></body></html>"


def json_lines(dice: random.Random, texts: list[str]) -> bytes:
    charset = dice.choice(CHARSETS)
    return "\n".join(json.dumps(fields(dice, text), ensure_ascii=False) for text in texts).encode(charset)


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
    ".jsonl.gz": lambda dice, texts: b"".join(gzip.compress(json_lines(dice, [t]) + b"\n") for t in texts),
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
