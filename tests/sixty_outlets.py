"""A web of sixty outlets on loopback, two hosts each kind and more: how each behaves, and what may be asked of it."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import zstandard

from tests.harvesting import article, item, rss, source
from tests.web_server import HTML, RSS, Asked, Page, Says, Server

N_PAGES = 3
Pages = dict[str, Says]


@dataclass
class Outlet:
    """One host of the web: its pages, what its source says, the outcomes that are right for its listing and for its pages."""

    name: str
    pages: Pages
    listing: str = "fetched"
    page: str = "fetched"
    keys: Mapping[str, object] = field(default_factory=dict)
    path: str = "/f"
    kind: str = "feed"
    forbidden: tuple[str, ...] = ()  # paths that must never be asked
    server: Server = field(init=False)

    def as_source(self) -> str:
        keys = {"delay_seconds": 0.05, self.kind: self.server.url + self.path, **self.keys}
        return source(self.name, **keys).replace("'127.0.0.1', '127.0.0.2'", repr(self.server.ip))


def _articles(n: int = N_PAGES) -> Pages:
    return {f"/a/{k}": Page(article(f"Page {k}"), headers=HTML) for k in range(n)}


def _feed(**headers: str) -> Page:
    return Page(
        rss(*(item(f"/a/{k}", f"Page {k}", f"g{k}") for k in range(N_PAGES))), headers={**RSS, **headers}
    )


def _packed(name: str, pack: Callable[[bytes], bytes]) -> Page:
    return Page(pack(_feed().body), headers={**RSS, "Content-Encoding": name})


def _bomb(name: str, pack: Callable[[bytes], bytes]) -> Page:
    return Page(pack(b"<rss>" + b" " * (60 << 20)), headers={**RSS, "Content-Encoding": name})


def _atom() -> Page:
    entries = "".join(
        f"<entry><title>Page {k}</title><id>{k}</id><link href='/a/{k}'/><updated>2026-03-10T09:00:00Z</updated></entry>"
        for k in range(N_PAGES)
    )
    return Page(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{entries}</feed>".encode())


def _json_feed() -> Page:
    items = ",".join(f'{{"id": "{k}", "url": "/a/{k}", "title": "Page {k}"}}' for k in range(N_PAGES))
    return Page(f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{items}]}}'.encode())


def _sitemap() -> bytes:
    urls = "".join(f"<url><loc>/a/{k}</loc><lastmod>2026-03-10</lastmod></url>" for k in range(N_PAGES))
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def _index() -> Pages:
    parts = "<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap><sitemap><loc>/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>"
    return {"/s": Page(parts.encode()), "/s1.xml.gz": Page(gzip.compress(_sitemap()))}


def _conditional(asked: Asked) -> Page:
    return Page(status=304) if asked.headers.get("if-none-match") == '"v"' else _feed(ETag='"v"')


def _latin() -> Page:
    return Page(
        rss(*(item(f"/a/{k}", "Grüße") for k in range(N_PAGES))).decode().encode("latin-1"),
        headers={"Content-Type": "text/xml; charset=iso-8859-1"},
    )


def _undated() -> Page:
    return Page(
        rss(*(f"<item><title>P</title><link>/a/{k}</link></item>" for k in reversed(range(N_PAGES)))),
        headers=RSS,
    )


_ROBOTS = Page(b"User-agent: *\nDisallow: /a/1\nDisallow: /private\nCrawl-delay: 0.2")
_MOVED = Page(status=301, headers={"Location": "/new"})


def _kinds() -> list[Outlet]:
    pages = _articles()
    return [
        Outlet("rss", {"/f": _feed(), **pages}),
        Outlet("atom", {"/f": _atom(), **pages}),
        Outlet("json-feed", {"/f": _json_feed(), **pages}),
        Outlet("sitemap", {"/s": Page(_sitemap()), **pages}, path="/s", kind="sitemap"),
        Outlet("index", {**_index(), **pages}, path="/s", kind="sitemap", forbidden=("/old.xml",)),
        Outlet("gzip", {"/f": _packed("gzip", gzip.compress), **pages}),
        Outlet("zstd", {"/f": _packed("zstd", zstandard.compress), **pages}),
        Outlet("deflate", {"/f": _packed("deflate", zlib.compress), **pages}),
        Outlet("chunked", {"/f": Page(_feed().body, headers=RSS, chunk=7), **pages}),
        Outlet("conditional", {"/f": _conditional, **pages}),
        Outlet("latin", {"/f": _latin(), **pages}),
        Outlet("undated", {"/f": _undated(), **pages}),
        Outlet("moved", {"/f": _MOVED, "/new": _feed(), **pages}),
        Outlet(
            "robots", {"/robots.txt": _ROBOTS, "/f": _feed(), **pages}, page="robots", forbidden=("/a/1",)
        ),
        Outlet(
            "closed",
            {"/robots.txt": Page(b"User-agent: *\nDisallow: /"), "/f": _feed()},
            "refused:robots",
            forbidden=("/f",),
        ),
        Outlet(
            "robots-down",
            {"/robots.txt": Page(status=503), "/f": _feed()},
            "refused:robots",
            forbidden=("/f",),
        ),
        Outlet("gone", {"/f": Page(status=410)}, "failed:410"),
        Outlet("missing", {}, "failed:404"),
        Outlet("broken", {"/f": Page(status=500)}, "failed:500"),
        Outlet("strained", {"/f": Page(status=429, headers={"Retry-After": "7200"})}, "failed:429"),
        Outlet("short", {"/f": Page(_feed().body, length=99_999)}, "failed:truncated"),
        Outlet("torn", {"/f": Page(_feed().body, chunk=50, is_broken=True)}, "failed:truncated"),
        Outlet("slow", {"/f": Page(_feed().body, drip=0.2)}, "failed:timeout"),
        Outlet("gzip-bomb", {"/f": _bomb("gzip", gzip.compress)}, "failed:too_large"),
        Outlet("zstd-bomb", {"/f": _bomb("zstd", zstandard.compress)}, "failed:too_large"),
        Outlet("huge", {"/f": Page(b"<rss>" + b" " * (11 << 20))}, "failed:too_large"),
        Outlet(
            "loop",
            {
                "/f": Page(status=302, headers={"Location": "/g"}),
                "/g": Page(status=302, headers={"Location": "/f"}),
            },
            "failed:redirects",
        ),
        Outlet(
            "inside",
            {"/f": Page(status=302, headers={"Location": "http://169.254.169.254/latest"})},
            "refused:safety",
        ),
        Outlet("html", {"/f": Page(article("No feed"), headers=HTML)}, "failed:not_a_feed"),
        Outlet(
            "entities",
            {"/f": Page(b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>")},
            "failed:unsafe_xml",
        ),
    ]


def sixty() -> list[Outlet]:
    """Two outlets of each of thirty kinds, each at a number of its own."""
    found = []
    for n in range(2):
        for k, outlet in enumerate(_kinds()):
            outlet.name = f"{outlet.name} {n}"
            outlet.server = Server(outlet.pages, f"127.0.{n + 2}.{k + 1}")
            found.append(outlet)
    return found
