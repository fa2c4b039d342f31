"""docs/harvest.md: every command of it works as it is written, with a web on loopback for the addresses."""

import shlex
import tomllib
from pathlib import Path

import pytest

from pipeline.harvest.sources import parse_sources
from tests.command import ROOT, newsfold
from tests.newsweb import BROKEN, sources, web
from tests.web_server import HTML, Page, serving

PAGE = (ROOT / "docs/harvest.md").read_text()


def commands() -> list[list[str]]:
    """The words of each command, without comment."""
    found = [line.strip() for line in PAGE.splitlines() if line.startswith("    newsfold ")]
    return [shlex.split(line, comments=True)[1:] for line in found]


@pytest.mark.long
def test_a_new_user_follows_the_page(tmp_path: Path) -> None:
    home = b"<html><head><link rel='alternate' type='application/rss+xml' title='News' href='/listing'></head></html>"
    servers = web()[:-1]
    servers[0].pages["/"] = Page(home, headers=HTML)
    with serving(*servers):
        listed = sources([*servers, servers[-1]])
        (tmp_path / "sources.toml").write_text(listed[: listed.index(f"[[source]]\noutlet = '{BROKEN}'")])
        said = {}
        for words in commands():
            target = words.index(">") if ">" in words else len(words)
            asked = [servers[0].url if word == "https://www.example.org" else word for word in words[:target]]
            more = ["--allow-host", servers[0].ip] if "find" in asked else []  # a web of our own is inside
            done = newsfold(*asked, *more, cwd=tmp_path)
            assert 0 == done.returncode, (words, done.stderr)
            said[" ".join(asked[:2])] = done.stdout
            if target < len(words):
                (tmp_path / words[target + 1]).write_text(done.stdout)
    assert {"sources find", "sources check", "harvest --sources", "sources health", "sources outlets"} == set(
        said
    )
    found = parse_sources(said["sources find"], "what is printed")
    assert (f"{servers[0].url}/listing",) == found.sources[0].feeds
    assert (tmp_path / "outlets.csv").read_text().startswith("domain,outlet,")

    (folder,) = (tmp_path / "landing").glob("day=*")
    day = folder.name.removeprefix("day=")
    made = newsfold(
        "run", "--landing", "landing", "--warehouse", "warehouse", "--day", day, "--so-far", cwd=tmp_path
    )
    assert 0 == made.returncode, made.stderr
    archive = next(folder.glob("harvest-*.warc.gz"))
    (tmp_path / "sources.toml").write_text(f"[[source]]\noutlet = 'A'\nwarc = '{archive}'\n")
    (archives,) = {line for line in PAGE.split("`") if line.startswith("newsfold sources archives")}
    words = [day if word == "DAY" else word for word in archives.split()[1:]]
    taken = newsfold(*words, "--landing", "other", "--warehouse", "again", cwd=tmp_path)
    assert 0 == taken.returncode, taken.stderr
    assert list((tmp_path / "other").rglob("*.warc-ref.jsonl"))


def test_the_sources_file_of_the_page_is_one() -> None:
    text = PAGE.split("```toml")[1].split("```")[0]
    assert ["Morgen", "Abend"] == [one.outlet for one in parse_sources(text, "docs/harvest.md").sources]
    assert tomllib.loads(text)["contact"]


def test_every_key_of_a_source_is_on_the_page() -> None:
    from pipeline.harvest.sources import _OF_SOURCE, _TOP

    assert [] == [key for key in (*_OF_SOURCE, *_TOP) if f"`{key}`" not in PAGE and f"{key} =" not in PAGE]


def test_every_verdict_is_on_the_page() -> None:
    from pipeline.upkeep.source_health import _ORDER

    assert [] == [word for word in _ORDER if f"`{word}`" not in PAGE]
