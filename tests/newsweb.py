"""A small web of news on loopback: outlets that list the same event in every form, and one that is broken."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tests.harvesting import item, rss
from tests.web_server import HTML, RSS, Page, Server

EVENT = (
    "The ferry Aurora ran aground off the island of Brenn on Tuesday morning with 214 passengers on board.",
    "Rescue boats from the harbour of Kelm reached the ship within forty minutes, the coast guard said.",
    "Nobody was hurt, but two passengers were taken to the hospital in Kelm for observation.",
    "The captain reported that the steering had failed shortly after the ship had left the harbour.",
    "The company Brennlinie cancelled all crossings until Thursday and promised to refund all tickets.",
    "An inquiry by the maritime authority in Kelm is to begin as soon as the ship has been towed free.",
)
_ONLY = (
    "The {0} choir sang {0} songs in the {0} hall, and the {0} mayor of the {0} quarter listened for an hour."
)
_PATHS = ("/a/ferry", "/a/own")
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")
BROKEN = "Gorse"


def web() -> list[Server]:
    """A server for each of NAMES, then that of BROKEN, whose feed is not there."""
    listings = (_rss, _atom, _json_feed, _sitemap, _wordpress, _moved)
    return [*map(_outlet, range(len(NAMES)), listings), Server({}, _ip(len(NAMES)))]


def sources(servers: Sequence[Server]) -> str:
    """The sources' file of a web that runs."""
    keys = ("feed", "feed", "feed", "sitemap", "list", "feed", "feed")
    named = zip((*NAMES, BROKEN), keys, servers, strict=True)
    return "contact = 'desk@news.example'\n" + "".join(_table(*one) for one in named)


def n_asked(servers: Sequence[Server]) -> int:
    return sum(len(server.asked) for server in servers)


def _table(name: str, key: str, server: Server) -> str:
    known = f"outlet = '{name}'\ncountry = 'GB'\nowner = '{name} House'\ndelay_seconds = 0\n"
    return f"[[source]]\n{known}allow_hosts = ['{server.ip}']\n{key} = '{server.url}/listing'\n\n"


def _ip(n: int) -> str:
    return f"127.0.0.{n + 1}"


def _outlet(n: int, listing: "_Listing") -> Server:
    shared = EVENT if n % 2 else EVENT[:-1]
    texts = (
        (*shared, f"{NAMES[n]} was on the pier."),
        [_ONLY.format(f"{NAMES[n].lower()}{i}") for i in range(8)],
    )
    titles = ("Ferry runs aground off Brenn", f"A choir in {NAMES[n]}")
    server = Server(
        {path: _article(title, text) for path, title, text in zip(_PATHS, titles, texts, strict=True)}, _ip(n)
    )
    server.pages |= listing(dict(zip(_PATHS, titles, strict=True)))
    return server


def _article(title: str, text: Sequence[str]) -> Page:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in text)
    head = f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    return Page(f"{head}{paragraphs}</article></body></html>".encode(), headers=HTML)


# --- listings: of the titles by path, the pages that list them ---------------------------------------------------------

_Listing = Callable[[Mapping[str, str]], dict[str, Page]]


def _when() -> datetime:
    return datetime.now(UTC) - timedelta(hours=2)


def _rss(titles: Mapping[str, str]) -> dict[str, Page]:
    """Packed, and with an item that has no page."""
    items = [item(path, title, date=f"{_when():%a, %d %b %Y %H:%M:%S GMT}") for path, title in titles.items()]
    packed = gzip.compress(rss(*items, "<item><title>An advertisement</title></item>"))
    return {"/listing": Page(packed, headers=RSS | {"Content-Encoding": "gzip"})}


def _atom(titles: Mapping[str, str]) -> dict[str, Page]:
    at = f"{_when():%Y-%m-%dT%H:%M:%SZ}"
    entries = "".join(
        f"<entry><title>{title}</title><link href='{path}'/><id>urn:x{path}</id><updated>{at}</updated></entry>"
        for path, title in titles.items()
    )
    return {
        "/listing": Page(
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{entries}</feed>".encode()
        )
    }


def _json_feed(titles: Mapping[str, str]) -> dict[str, Page]:
    at = f"{_when():%Y-%m-%dT%H:%M:%SZ}"
    items = [
        {"id": path, "url": path, "title": title, "date_published": at} for path, title in titles.items()
    ]
    return {
        "/listing": Page(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode())
    }


def _sitemap(titles: Mapping[str, str]) -> dict[str, Page]:
    """An index, and its one part as a packed file."""
    at, space = f"{_when():%Y-%m-%dT%H:%M:%SZ}", "http://www.sitemaps.org/schemas/sitemap/0.9"
    urls = "".join(f"<url><loc>{path}</loc><lastmod>{at}</lastmod></url>" for path in titles)
    part = f"<sitemap><loc>/part.xml.gz</loc><lastmod>{at}</lastmod></sitemap>"
    return {
        "/listing": Page(f"<sitemapindex xmlns='{space}'>{part}</sitemapindex>".encode()),
        "/part.xml.gz": Page(gzip.compress(f"<urlset xmlns='{space}'>{urls}</urlset>".encode())),
    }


def _wordpress(titles: Mapping[str, str]) -> dict[str, Page]:
    posts = [
        {"id": n, "link": path, "title": {"rendered": title}, "date_gmt": f"{_when():%Y-%m-%dT%H:%M:%S}"}
        for n, (path, title) in enumerate(titles.items())
    ]
    return {"/listing": Page(json.dumps(posts).encode(), headers={"Content-Type": "application/json"})}


def _moved(titles: Mapping[str, str]) -> dict[str, Page]:
    """A feed that is elsewhere for good."""
    return {"/listing": Page(status=301, headers={"Location": "/new"}), "/new": _atom(titles)["/listing"]}
