"""The same bytes on every Python: `python -m tests.same_bytes [PYTHON …]` runs one landing zone on each, and compares what they publish.

Without arguments it looks for Python 3.11 to 3.13 on this machine, says which it found, and installs what `requirements.lock` names into a
folder of each. The documents have every character on which the interpreters' own tables of Unicode disagree: in addresses, headlines,
names, bodies, in every format.
"""

import hashlib
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13")
_JOURNALS = {"changes", "harvest"}  # they depend on the clock
_AT_ONCE = 40  # characters of a document
_DAYS = ("2026-03-05", "2026-03-06")
_CATEGORIES = "import unicodedata as u; print(' '.join(u.category(chr(n)) for n in range(0x110000)))"


def interpreters() -> dict[str, str]:
    """The Pythons of this machine, by version: on the path, or kept by pyenv or uv."""
    found = {}
    for version in VERSIONS:
        for candidate in _candidates(version):
            asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
            if done.stdout.strip() == version:
                found[version] = candidate
                break
    return found


def _candidates(version: str) -> Iterator[str]:
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == version:
        yield sys.executable
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    for command in (["uv", "python", "find", "--no-python-downloads", version], ["pyenv", "prefix", version]):
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            for line in done.stdout.split():
                yield line if command[0] == "uv" else f"{line}/bin/python"


def environment(python: str, folder: Path) -> str:
    """The Python of an environment with what the lock names; it is made if it is not there."""
    own = folder / "bin" / "python"
    if not own.exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        install = [str(own), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*install, "-r", str(ROOT / "requirements.lock")], check=True)
    return str(own)


def disputed(pythons: list[str]) -> list[str]:
    """The characters that have not the same class in all of them."""
    tables = [
        subprocess.run([python, "-c", _CATEGORIES], capture_output=True, text=True, check=True).stdout.split()
        for python in pythons
    ]
    return [chr(n) for n, classes in enumerate(zip(*tables, strict=True)) if len(set(classes)) > 1]


def deliver(folder: Path, characters: list[str]) -> None:
    """A landing zone of two days; each document has a few of the characters, on the second day in another form."""
    pieces = ["".join(characters[n : n + _AT_ONCE]) for n in range(0, len(characters), _AT_ONCE)] or [""]
    for day in _DAYS:
        where = folder / f"day={day}"
        where.mkdir(parents=True)
        rows = [_record(n, piece, day) for n, piece in enumerate(pieces)]
        (where / "records.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
        for n, piece in enumerate(pieces[:: 1 if day == _DAYS[0] else 3]):
            (where / f"page-{n}.html").write_text(_page(n, piece, day), encoding="utf-8")
            (where / f"text-{n}.txt").write_text("\n".join(_lines(n, piece[::-1], day)), encoding="utf-8")


def _record(n: int, piece: str, day: str) -> dict[str, object]:
    a, b, c = piece[:8], piece[8:16], piece[16:24]
    return {
        "url": f"https://{'news' if n % 2 else a}.example/{b}/{day[-2:] if n % 3 else 'a'}-{n}?q={c}",
        "title": f"{piece[:3]} The harbour {piece[3:6]}of Marlow{piece[6:9]} closes {piece[9:]}",
        "outlet": f"The {a} Herald {b}",
        "authors": [f"Jane {c} Doe{a}", f"{b}"],
        "published_at": f"{day}T0{n % 10}:00:00Z",
        "text": "\n".join(_lines(n, piece, day)),
    }


def _lines(n: int, piece: str, day: str) -> list[str]:
    spread = [piece[i : i + 5] for i in range(0, len(piece), 5)] or [""]
    told = [
        f"The council of Marlow {part} closed bridge number {n} on Tuesday{part} after {part}cracks were found near pier {i}."
        for i, part in enumerate(spread)
    ]
    return [
        *told,
        piece,
        f"By {spread[0]} Doe",
        f"Read more {spread[-1]}",
        f"{spread[-1]}",
        f"Copyright {day[:4]} {spread[0]}",
    ]


def _page(n: int, piece: str, day: str) -> str:
    data = {
        "@type": "NewsArticle",
        "headline": f"{piece[:9]} Bridge closed {n}",
        "author": {"name": f"Joe {piece[9:15]}"},
    }
    said = html.escape(piece)
    return (
        f"<html><head><title>{said} | Bay {piece[:2]}</title><meta name='author' content='{said[:20]}'>"
        f"<link rel='canonical' href='https://bay.example/{said[:5]}/{n}'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head><body><h1>{said[:9]} Bridge closed</h1><article>"
        + "".join(f"<p>{html.escape(line)}</p>" for line in _lines(n, piece, day))
        + f"</article><footer>{said}</footer></body></html>"
    )


def published(python: str, landing: Path, warehouse: Path) -> dict[str, str]:
    """The digest of every file that a Python publishes."""
    command = [
        python,
        "-m",
        "pipeline",
        "run",
        "-q",
        "--landing",
        str(landing),
        "--warehouse",
        str(warehouse),
    ]
    subprocess.run(
        command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )
    files = (
        path for path in sorted(warehouse.rglob("*.parquet")) if not {"_meta", *_JOURNALS} & set(path.parts)
    )
    return {str(p.relative_to(warehouse)): hashlib.blake2b(p.read_bytes()).hexdigest() for p in files}


def compare(pythons: list[str], root: Path) -> list[str]:
    """The files that are not the same on all of them."""
    deliver(root / "landing", disputed(pythons))
    found = [published(python, root / "landing", root / f"warehouse-{n}") for n, python in enumerate(pythons)]
    names = sorted(set().union(*found))
    return [name for name in names if len({one.get(name) for one in found}) > 1]


def main() -> None:
    """Exits with 1 where two of the Pythons publish different bytes."""
    chosen = sys.argv[1:]
    if not chosen:
        found = interpreters()
        for version in VERSIONS:
            print(f"Python {version}: {found.get(version, 'not on this machine')}", flush=True)
        chosen = [environment(python, ROOT / f".venv-{version}") for version, python in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        differ = compare(chosen, Path(folder))
    print("\n".join(differ) if differ else f"the same bytes on {len(chosen)} Pythons")
    sys.exit(bool(differ))


if __name__ == "__main__":
    main()
