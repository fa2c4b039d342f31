"""A harvest that is killed with -9 and taken up: it loses nothing, and repeats at most what was in flight."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.landing.columns import Columns
from pipeline.landing.warc import read_warc
from tests.command import ROOT, newsfold
from tests.harvesting import article, item, rss, source
from tests.web_server import HTML, RSS, Page, Server, serving

N_PAGES = 60
IPS = ("127.0.0.1", "127.0.0.2")


def outlet(ip: str) -> Server:
    pages = {f"/a/{n}": Page(article(f"{ip} {n}"), headers=HTML, after=0.02) for n in range(N_PAGES)}
    return Server({"/f": Page(rss(*map(item, pages)), headers=RSS), **pages}, ip)


def start(folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pipeline", "harvest", *places(folder)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=quiet, stderr=quiet
    )


def places(folder: Path) -> list[str]:
    return [
        "--sources",
        str(folder / "s.toml"),
        "--landing",
        str(folder / "landing"),
        "--warehouse",
        str(folder / "warehouse"),
    ]


def urls(folder: Path) -> Counter[str]:
    found = Counter[str]()
    for path in (folder / "landing").rglob("harvest-*.warc.gz"):
        with path.open("rb") as stream:
            found.update(
                row["url"]
                for row in read_warc(stream, path.name, 1 << 20, Columns())
                if not row.get("reason")
            )
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_a_harvest_that_is_killed_again_and_again_gets_every_page(tmp_path: Path, seed: int) -> None:
    """Five kills each: twenty points, drawn by the number of requests that the servers have seen."""
    drawn, servers, n_kills = random.Random(seed), [outlet(ip) for ip in IPS], 5
    with serving(*servers):
        text = "".join(
            source(f"Outlet {n}", feed=one.url + "/f", delay_seconds=0) for n, one in enumerate(servers)
        )
        (tmp_path / "s.toml").write_text(text)
        for _ in range(n_kills):
            seen = sum(len(one.asked) for one in servers)
            until = seen + drawn.randint(0, 2 * N_PAGES // n_kills)
            process = start(tmp_path)
            while process.poll() is None and sum(len(one.asked) for one in servers) < until:
                time.sleep(0.001)
            os.kill(process.pid, signal.SIGKILL) if process.poll() is None else None
            process.wait()
        last = newsfold("harvest", *places(tmp_path))
        assert 0 == last.returncode, last.stderr
    counts = Counter((one.ip, asked.path) for one in servers for asked in one.asked)
    assert {f"{one.url}/a/{n}" for one in servers for n in range(N_PAGES)} == set(urls(tmp_path))
    repeated = sum(n - 1 for n in counts.values())
    assert repeated <= n_kills * len(servers), "at most what was in flight: one request a host and kill"
    assert sum(urls(tmp_path).values()) <= 2 * N_PAGES + repeated
