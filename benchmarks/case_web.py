"""The web of one case: hosts A and B, a canary C that nobody may reach, and D, another port of A's host."""

import asyncio
import base64
from collections import Counter
from typing import Any

_HOSTS = (("{A}", "127.0.0.1"), ("{B}", "127.0.0.2"), ("{C}", "127.0.0.3"), ("{D}", "127.0.0.1"))
_PAGE = (
    "<html><head><title>{0}</title></head><body><article><p>Short text of {0}.</p></article></body></html>"
)


class CaseWeb:
    """Says what the case's poll says; remembers every request with its poll, host, path and fields."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._case = case
        self.poll = self.n_canary = 0
        self.log: list[tuple[int, str, str, dict[str, str]]] = []
        self._names: dict[str, str] = {}
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        for host, ip in _HOSTS:
            server = await asyncio.start_server(lambda r, w, host=host: self._talk(host, r, w), ip, 0)
            port = server.sockets[0].getsockname()[1]
            self._servers.append(server)
            stem = host[:2]
            self._names |= {host: f"http://{ip}:{port}", f"{stem}_HOST}}": f"{ip}:{port}"}
            self._names |= {f"{stem}_PORT}}": str(port), f"{stem}_NAME}}": ip}

    async def stop(self) -> None:
        for server in self._servers:
            server.close()

    def sub(self, text: str) -> str:
        """The text with the hosts in the places that the case leaves for them."""
        for name, value in self._names.items():
            text = text.replace(name, value)
        return text

    def counts(self) -> Counter[str]:
        """Requests by path, of other hosts than A by address."""
        return Counter(path if host == "{A}" else self._names[host] + path for _, host, path, _ in self.log)

    async def _talk(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.n_canary += host == "{C}"
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            line, *fields = head.decode("latin-1").split("\r\n")
            path = line.split()[1]
            named = {name.lower(): value for name, _, value in (one.partition(": ") for one in fields if one)}
            self.log.append((self.poll, host, path, named))
            await self._say(self._answer(host, path, named), writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, host: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
        poll: dict[str, Any] = self._case["polls"][self.poll]
        before = "" if host == "{A}" else host
        said = poll.get(before + path) or poll.get(before + path.partition("?")[0])
        if said is None:
            plain = path.partition("?")[0]
            if plain.startswith("/a/"):
                return {"status": 200, "headers": {"Content-Type": "text/html"}, "body": _PAGE.format(plain)}
            return {"status": 404, "headers": {}, "body": ""}
        if "on_conditional" in said and {"if-none-match", "if-modified-since"} & set(fields):
            return {**said["on_conditional"], "body": ""}
        return dict(said)

    async def _say(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        body, how = self._body(said), said.get("transport", {})
        fields = [f"HTTP/1.1 {said['status']} X", "Connection: close"]
        fields += [f"{name}: {self.sub(value)}" for name, value in said["headers"].items()]
        if how.get("chunked"):
            fields.append("Transfer-Encoding: chunked")
        elif "drip" not in how and said["status"] not in {204, 304}:
            fields.append(f"Content-Length: {how.get('content_length', len(body))}")
        writer.write(("\r\n".join(fields) + "\r\n\r\n").encode())
        if how.get("chunked"):
            _in_chunks(body, how, writer)
        else:
            writer.write(body)
        await writer.drain()
        for _ in range(_n_drops(how)):
            writer.write(b" " * how["drip"]["bytes"])
            await writer.drain()
            await asyncio.sleep(how["drip"]["every_s"])

    def _body(self, said: dict[str, Any]) -> bytes:
        if "body_b64" in said:
            return base64.b64decode(said["body_b64"])
        if "body_parts" in said:
            return "".join(self.sub(part["text"]) * part["times"] for part in said["body_parts"]).encode()
        return self.sub(said.get("body", "")).encode()


def _in_chunks(body: bytes, how: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    size = how.get("chunk", 512)
    for at in range(0, len(body), size):
        piece = body[at : at + size]
        writer.write((how.get("bad_chunk_size") or f"{len(piece):x}").encode() + b"\r\n" + piece + b"\r\n")
    if not how.get("omit_last_chunk"):
        writer.write(b"0\r\n\r\n")


def _n_drops(how: dict[str, Any]) -> int:
    return int(how["drip"]["for_s"] / how["drip"]["every_s"]) if "drip" in how else 0
