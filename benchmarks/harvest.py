"""What a harvest costs us, where no host asks it to wait: CPU for a page and memory.

    python -m benchmarks.harvest [--pages 10000] [--hosts 60]

The hosts are in a process of their own, on loopback. Each page has 30 KB of text that does not pack well.
"""

import argparse
import asyncio
import gzip
import multiprocessing
import random
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.harvest import run
from pipeline.harvest.clock import Clock
from pipeline.harvest.hour import Bounds, harvest_hour
from pipeline.harvest.run import Options
from pipeline.harvest.sources import parse_sources
from pipeline.harvest.visit import Budgets
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

_PAGE_BYTES = 30_000


def _serve(n_hosts: int, n_pages: int, told: Connection) -> None:
    """Answer until this process is ended; `told` is given the port of each host."""
    drawn = random.Random(1)  # noqa: S311 - no secret
    words = " ".join(f"{drawn.getrandbits(40):x}" for _ in range(_PAGE_BYTES // 11))
    body = gzip.compress(f"<html><body><article><p>{words}</p></article></body></html>".encode())
    feed = "".join(f"<item><title>T {n}</title><link>/a/{n}</link></item>" for n in range(n_pages)).encode()
    feed = b"<rss version='2.0'><channel><title>T</title>" + feed + b"</channel></rss>"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1]
                status = b"404 Not Found" if path == b"/robots.txt" else b"200 OK"
                said = b"" if path == b"/robots.txt" else feed if path == b"/f" else body
                coded = b"Content-Encoding: gzip\r\n" if said is body else b""
                length = coded + b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(said)
                writer.write(b"HTTP/1.1 " + status + b"\r\n" + length + said)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def main() -> None:
        running = [await asyncio.start_server(talk, f"127.0.1.{n + 1}", 0) for n in range(n_hosts)]
        told.send([one.sockets[0].getsockname()[1] for one in running])
        await asyncio.Event().wait()

    asyncio.run(main())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=60)
    asked = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    per_host = asked.pages // asked.hosts
    web = multiprocessing.Process(target=_serve, args=(asked.hosts, per_host, theirs), daemon=True)
    web.start()
    text = "".join(
        f"[[source]]\noutlet = 'Outlet {n}'\nfeed = 'http://127.0.1.{n + 1}:{port}/f'\n"
        f"allow_hosts = ['127.0.1.{n + 1}']\ndelay_seconds = 0\n"
        for n, port in enumerate(ours.recv())
    )
    try:
        _measure(text, per_host * asked.hosts)
    finally:
        web.terminate()


def _measure(text: str, n_pages: int) -> None:
    parsing, peaks, n_seen = [0.0], [], [0]
    read = run.read_listing

    def timed(*given: object) -> object:
        begun = time.process_time()
        try:
            return read(*given)  # type: ignore[arg-type]
        finally:
            parsing[0] += time.process_time() - begun

    def tell(*_: str) -> None:
        n_seen[0] += 1
        if n_seen[0] % (n_pages // 4) == 0:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

    run.read_listing = timed  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(LocalStorage(str(Path(folder) / "warehouse")))
        landing = LocalStorage(str(Path(folder) / "landing"))
        bounds = Bounds(Options(budget=n_pages), budgets=lambda: Budgets(10 * n_pages, 10 * n_pages))
        cpu, begun = time.process_time(), time.monotonic()
        done = harvest_hour(parse_sources(text, "sources"), landing, warehouse, Clock(), bounds, tell)
        cpu, wall = time.process_time() - cpu - parsing[0], time.monotonic() - begun
    print(f"pages fetched           {done.report.n_new:>8,} (in files: {len(done.files)})")
    print(f"pages per second        {n_pages / wall:>8.0f}")
    print(f"CPU per page, ms        {1000 * cpu / n_pages:>8.2f} (beyond parsing listings)")
    print(f"peak memory by quarter, MB  {peaks}")


if __name__ == "__main__":
    main()
