"""A real S3 server on the loopback, from its wheel: started, killed and restarted by the tests, ended by its process id."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pipeline.store.s3 import S3Storage

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
WEED = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


class SeaweedFS:
    """`weed mini` with a bucket `news`, its data in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = _free_ports(9)
        self.url = f"http://127.0.0.1:{self.ports[0]}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        names = [
            "s3.port",
            "s3.port.grpc",
            "master.port",
            "master.port.grpc",
            "volume.port",
            "volume.port.grpc",
        ]
        names += ["filer.port", "filer.port.grpc", "s3.port.iceberg"]
        options = [f"-{name}={port}" for name, port in zip(names, self.ports, strict=True)]
        options += [
            "-s3.port.lance=0",
            "-admin.ui=false",
            "-webdav=false",
            "-master.telemetry=false",
            "-bucket=news",
        ]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [str(WEED), "mini", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *options],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
            cwd=self.folder,
        )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, (self.folder / "log").read_text()[-2000:]
            try:
                connection = HTTPConnection("127.0.0.1", self.ports[0], timeout=2)
                connection.request("GET", "/news?list-type=2&max-keys=1")
                if connection.getresponse().status in {200, 403}:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError("the S3 server does not answer")

    def kill(self) -> None:
        """As a crash does."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def running(folder: Path) -> Iterator[SeaweedFS]:
    server = SeaweedFS(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def bucket(name: str) -> S3Storage:
    """A prefix of the bucket, whose locks are given up one second after their holder was heard of."""
    return S3Storage(f"s3://news/{name}", lease_seconds=1.0)


class Proxy:
    """Stands before a server and lets it look ill: the next requests get an error, no answer, or a slow one.

    Reading an object whose name is in `broken` gets the fault that stands there, each time.
    """

    def __init__(self, target: SeaweedFS) -> None:
        self.faults: list[str] = []
        self.broken: dict[str, str] = {}
        self.n_faults = 0
        handler = type("Handler", (_Handler,), {"proxy": self, "port": target.ports[0]})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy
    port: int

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.proxy.faults.pop(0) if self.proxy.faults else ""
        if self.command == "GET":
            fault = self.proxy.broken.get(self.path.partition("?")[0].rpartition("/")[2], fault)
        self.proxy.n_faults += bool(fault)
        if fault.isdigit():
            self._answer(int(fault), {}, b"")
            return
        if fault == "slow":
            time.sleep(1.0)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in {"connection", "expect"}}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        if fault == "lost":  # it was done, but the answer never arrives
            self.close_connection = True
            return
        if fault == "torn":
            self._answer(answer.status, dict(answer.getheaders()), data, len(data) // 2)
            self.close_connection = True
            return
        if fault == "short":  # as if that were all
            data = data[: len(data) // 2]
        self._answer(answer.status, dict(answer.getheaders()), data)

    def _answer(self, status: int, headers: dict[str, str], data: bytes, n_bytes: int | None = None) -> None:
        self.send_response(status)
        length = headers.get("Content-Length", len(data)) if self.command == "HEAD" else len(data)
        for name, value in headers.items():
            if name.lower() not in {"transfer-encoding", "content-length", "connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[:n_bytes])

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - the names are the library's

    def log_message(self, *_: Any) -> None:
        pass


def _free_ports(n: int) -> list[int]:
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
