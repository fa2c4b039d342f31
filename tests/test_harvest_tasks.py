"""What a scheduler calls to harvest."""

from pathlib import Path

import pytest

from pipeline.app import harvest_tasks
from pipeline.model.errors import SettingsError
from tests.harvesting import article, item, rss, source
from tests.web_server import HTML, RSS, Page, Server, serving


def test_a_task_harvests_what_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("landing", "warehouse"):
        monkeypatch.setenv(f"NEWSFOLD_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("NEWSFOLD_SOURCES", str(tmp_path / "sources.toml"))
    feed = Page(rss(item("/a/1")), headers=RSS)
    with serving(server := Server({"/f": feed, "/a/1": Page(article("One"), headers=HTML)})):
        sources = source("A", feed=server.url + "/f", delay_seconds=0) + source(
            "B", feed=server.url + "/none", delay_seconds=0
        )
        (tmp_path / "sources.toml").write_text(sources)
        done = harvest_tasks.harvest()
    assert {"fetched": 2, "failed": 1, "new": 1} == done["counts"]
    assert {"B": "failing"} == {outlet: said["health"] for outlet, said in done["unwell"].items()}
    assert "failed:404 1×" in done["unwell"]["B"]["why"]
    first, second = done["summary"].splitlines()
    assert "1 new page of 2 sources in 1 file; 1 not well" == first
    assert second.startswith("- B: failing, a listing can't be read")
    assert 1 == len(done["files"])


def test_a_sources_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("landing", "warehouse"):
        monkeypatch.setenv(f"NEWSFOLD_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("NEWSFOLD_SOURCES", str(tmp_path / "sources.toml"))
    with pytest.raises(SettingsError, match=r"sources\.toml: no such file"):
        harvest_tasks.harvest()
    monkeypatch.delenv("NEWSFOLD_SOURCES")
    assert harvest_tasks.sources_file() is None
    assert harvest_tasks.is_harvested("2026-03-05")
