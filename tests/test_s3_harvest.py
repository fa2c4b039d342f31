"""A harvest whose landing zone and warehouse are in a bucket: killed, taken up, made into stories; archives that are read from there."""

import dataclasses
import gzip
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import read
from pipeline.landing.columns import Columns
from pipeline.landing.warc import read_warc
from pipeline.model.days import days_among
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import filler
from tests.command import ROOT, newsfold, records
from tests.newsweb import NAMES, n_asked, sources, web
from tests.s3server import ENVIRONMENT, SeaweedFS
from tests.web_server import Page, Server, serving

pytestmark = [pytest.mark.services, pytest.mark.long]


@pytest.fixture
def uri(server: SeaweedFS, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A prefix of the bucket; what runs leave on this machine is in the test's folder, and locks of the dead are soon given up."""
    mine = {
        "AWS_ENDPOINT_URL": server.url,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "NEWSFOLD_LEASE_SECONDS": "1",
    }
    for name, value in (ENVIRONMENT | mine).items():
        monkeypatch.setenv(name, value)
    return f"s3://news/{tmp_path.name}"


def places(uri: str, landing: str = "landing", warehouse: str = "warehouse") -> list[str]:
    return ["--landing", f"{uri}/{landing}", "--warehouse", f"{uri}/{warehouse}"]


def landed(uri: str, folder: str = "landing") -> list[str]:
    return sorted(f"{uri}/{folder}/{entry.path}" for entry in S3Storage(f"{uri}/{folder}").walk(""))


def pages_of(files: Sequence[str]) -> Counter[str]:
    """The pages on record, by address."""
    found = Counter[str]()
    for folder, _, name in (file.rpartition("/") for file in files):
        with S3Storage(folder).open(name) as stream:
            rows = [row for row in read_warc(stream, name, 1 << 20, Columns()) if not row.get("reason")]
        found.update(str(row["url"]) for row in rows)
    return found


def kill_in_the_middle(command: Sequence[str], servers: Sequence[Server], until: int) -> None:
    """Start it, and kill it with -9 when the servers have seen so many requests."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and n_asked(servers) < until:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was at work still"


def slowly(servers: Sequence[Server]) -> None:
    for server in servers:
        for path, page in server.pages.items():
            assert isinstance(page, Page)
            server.pages[path] = dataclasses.replace(page, after=0.1)


def test_a_harvest_into_a_bucket_outlives_kills_and_becomes_stories(uri: str, tmp_path: Path) -> None:
    servers, file = web(), tmp_path / "sources.toml"
    slowly(servers)
    with serving(*servers):
        file.write_text(sources(servers))
        asked = ["harvest", "--sources", str(file), *places(uri)]
        for until in (8, 20):
            kill_in_the_middle(asked, servers, until)
        last = newsfold(*asked, "--json")
        assert 0 == last.returncode, last.stderr
        n = n_asked(servers)
        again = newsfold(*asked, "--json")
        assert 0 == again.returncode, again.stderr
    names = {f"{server.url}/a/{name}" for server in servers[: len(NAMES)] for name in ("ferry", "own")}
    counts = Counter((server.ip, one.path) for server in servers for one in server.asked if "/a/" in one.path)
    assert set(pages_of(landed(uri))) == names
    assert sum(counts.values()) - len(counts) <= 2 * len(servers), "at most what was in flight at two kills"
    assert n_asked(servers) <= n + 1, "of what is known only the listing that fails is asked again"

    (day,) = days_among({file.split("/")[-2] for file in landed(uri)})
    made = newsfold("run", *places(uri), "--day", str(day), "--so-far", "--quiet")
    assert 0 == made.returncode, made.stderr
    assert max(read.table("stories", f"{uri}/warehouse")["n_articles"].to_pylist()) == len(NAMES)
    assert 0 == newsfold("verify", "--warehouse", f"{uri}/warehouse").returncode
    assert [entry.path for entry in S3Storage(f"{uri}/warehouse").walk("_meta/harvest/outlets")]


def test_archives_in_a_bucket_are_referred_to_and_become_the_same_articles(uri: str, tmp_path: Path) -> None:
    """What a harvest has put there serves as the archive; its list of paths is packed, and only one outlet is wanted first."""
    servers, file = web(), tmp_path / "sources.toml"
    with serving(*servers):
        file.write_text(sources(servers))
        done = newsfold("harvest", "--sources", str(file), *places(uri), "--quiet")
        assert 0 == done.returncode, done.stderr
    archives = landed(uri)
    (day,) = days_among({name.split("/")[-2] for name in archives})
    listed = "\n".join(archives).encode()
    S3Storage(f"{uri}/lists").replace("warc.paths.gz", filler(gzip.compress(listed)))
    n = n_asked(servers)

    file.write_text(f"[[source]]\noutlet = 'All'\nwarc = '{uri}/lists/warc.paths.gz'\n")
    asked = ["sources", "archives", "--sources", str(file), *places(uri, "other", "again"), "--json"]
    taken = records(newsfold(*asked).stdout)
    assert [one["uri"] for one in taken] == archives
    assert all(name.endswith(".warc-ref.jsonl") for name in landed(uri, "other"))
    assert sum(one["n_new"] for one in taken) == len(landed(uri, "other")) > 0
    assert 0 == sum(one["n_new"] for one in records(newsfold(*asked).stdout)), "what stands is left"

    for zone in (places(uri), places(uri, "other", "again")):
        made = newsfold("run", *zone, "--day", str(day), "--so-far", "--quiet")
        assert 0 == made.returncode, made.stderr
    whole, referred = (read.table("articles", f"{uri}/{name}") for name in ("warehouse", "again"))
    columns = ["url", "title", "text"]
    assert sorted(whole.select(columns).to_pylist(), key=str) == sorted(
        referred.select(columns).to_pylist(), key=str
    )
    assert n == n_asked(servers)
