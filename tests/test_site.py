"""Of which site a page is that has neither an address nor an outlet."""

import json

import pytest

from tests.extracted import PITCH, body
from tests.extracted import run as cleaned
from tests.pages import run

TOPICS = ("bridge", "ferry", "tunnel")
LINKS = (
    "<nav>"
    + "".join(f"<a href=https://www.kestrel.example/{s}>{s}</a> " for s in ("news", "sport", "money"))
    + "</nav>"
)
PUBLISHER = json.dumps({"@type": "WebSite", "name": "Kestrel Courier"})


def page(topic: str, head: str = "", before: str = "", after: str = "", title: str = "") -> bytes:
    lines = [*body(topic), PITCH]
    return (
        f"<html lang=en><head><title>{title or topic}</title>{head}</head><body>{before}<article><h1>The {topic}</h1>"
        f"{''.join(f'<p>{line}</p>' for line in lines)}</article>{after}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    "said",
    [
        {"before": LINKS},
        {"head": "<base href=https://kestrel.example/>"},
        {"head": "<link rel=alternate type=application/rss+xml href=https://kestrel.example/feed>"},
        {"head": "<link rel=amphtml href=https://kestrel.example/amp/x>"},
        {"head": "<meta name=twitter:site content=@kestrel>"},
        {"head": "<meta property=fb:pages content=1234567>"},
        {"head": "<meta name=apple-mobile-web-app-title content='Kestrel Courier'>"},
        {"head": f"<script type=application/ld+json>{PUBLISHER}</script>"},
        {"title": "The {topic} | Kestrel Courier"},
        {"title": "The {topic} - Kestrel Courier"},
        {"after": "<footer>© 2026 Kestrel Courier. All rights reserved.</footer>"},
    ],
    ids=str,
)
def test_lines_that_pages_of_one_site_repeat_are_found_without_an_address(said: dict[str, str]) -> None:
    rows = run(*({"body": page(t, **{k: v.replace("{topic}", t) for k, v in said.items()})} for t in TOPICS))
    found = cleaned(rows)

    assert {(row["outlet"], row["domain"]) for row in rows} == {(None, None)}
    assert [row["text"].split("\n") for row in found.values()] == [body(t) for t in TOPICS]


def test_pages_of_different_sites_have_no_habit_in_common() -> None:
    sites = {t: f"<link rel=alternate href=https://{t}.example/feed>" for t in TOPICS}
    found = cleaned(run(*({"body": page(t, head=head)} for t, head in sites.items())))

    assert all(PITCH in row["text"] for row in found.values())


def test_links_to_networks_and_to_many_places_name_no_site() -> None:
    shares = "<a href=https://facebook.com/a>f</a><a href=https://facebook.com/b>f</a><a href=https://facebook.com/c>f</a>"
    others = "".join(f"<a href=https://place{n}.example/x>x</a>" for n in range(9))
    found = cleaned(run(*({"body": page(t, before=shares + others)} for t in TOPICS)))

    assert all(PITCH in row["text"] for row in found.values())
