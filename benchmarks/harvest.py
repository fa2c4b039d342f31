"""What a harvest of many pages costs: pages a second beside what politeness allows, CPU for a page, peak memory.

    python -m benchmarks.harvest [--pages 1000 5000 10000] [--hosts 60] [--delay 1]

The hosts are in a process of their own, on loopback, and each harvest in another, so that its peak is its own. Each page has 30 KB of
text that does not pack well. Politeness allows each host one request in `--delay` seconds, robots.txt and its feed among them; with 0
the harvest is as fast as it can be.
"""

import argparse
import asyncio
import gzip
import multiprocessing
import random
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Measured:
    n_pages: int
    n_files: int
    wall_seconds: float
    cpu_seconds: float  # of the harvest's process, beyond parsing listings
    parsing_seconds: float
    before_mb: int  # peak memory with everything imported
    peaks_mb: list[int]  # after each quarter of the pages


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 5_000, 10_000])
    parser.add_argument("--hosts", type=int, default=60)
    parser.add_argument("--delay", type=float, default=1.0)
    asked = parser.parse_args()
    print("pages    pages/s  allowed  CPU ms/page  parsing ms/page  MB before  peak MB by quarter  files")
    for n_pages in asked.pages:
        found = _alone(n_pages // asked.hosts, asked.hosts, asked.delay)
        n_in_turn = n_pages // asked.hosts + 2
        allowed = found.n_pages / ((n_in_turn - 1) * asked.delay) if asked.delay else 0.0
        print(
            f"{found.n_pages:>6,} {found.n_pages / found.wall_seconds:>9.1f} {allowed:>8.1f} "
            f"{1000 * found.cpu_seconds / found.n_pages:>12.2f} {1000 * found.parsing_seconds / found.n_pages:>16.2f} "
            f"{found.before_mb:>10}  {found.peaks_mb!s:<18} {found.n_files:>6}",
            flush=True,
        )


def _alone(per_host: int, n_hosts: int, delay: float) -> Measured:
    """One harvest in a process of its own, of hosts in another."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    web = context.Process(target=_serve, args=(n_hosts, per_host, theirs), daemon=True)
    web.start()
    ports = ours.recv()
    try:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            return pool.submit(_measure, _sources(ports, delay), per_host * n_hosts).result()
    finally:
        web.terminate()
        web.join()


def _sources(ports: list[int], delay: float) -> str:
    return "".join(
        f"[[source]]\noutlet = 'Outlet {n}'\nfeed = 'http://127.0.1.{n + 1}:{port}/f'\n"
        f"allow_hosts = ['127.0.1.{n + 1}']\ndelay_seconds = {delay}\n"
        for n, port in enumerate(ports)
    )


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _measure(text: str, n_pages: int) -> Measured:
    parsing, peaks, n_seen = [0.0], list[int](), [0]
    read = run.read_listing

    def timed(*given: object) -> object:
        begun = time.thread_time()
        try:
            return read(*given)  # type: ignore[arg-type]
        finally:
            parsing[0] += time.thread_time() - begun

    def tell(*_: str) -> None:
        n_seen[0] += 1
        if n_seen[0] % (n_pages // 4) == 0:
            peaks.append(_peak_mb())

    run.read_listing = timed  # type: ignore[assignment]
    sources, before = parse_sources(text, "sources"), _peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(LocalStorage(str(Path(folder) / "warehouse")))
        landing = LocalStorage(str(Path(folder) / "landing"))
        bounds = Bounds(Options(budget=n_pages), budgets=lambda: Budgets(10 * n_pages, 10 * n_pages))
        cpu, begun = time.process_time(), time.monotonic()
        done = harvest_hour(sources, landing, warehouse, Clock(), bounds, tell)
        cpu, wall = time.process_time() - cpu - parsing[0], time.monotonic() - begun
    return Measured(done.report.n_new, len(done.files), wall, cpu, parsing[0], before, peaks)


if __name__ == "__main__":
    main()
