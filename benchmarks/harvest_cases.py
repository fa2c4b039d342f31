"""The shared cases of the harvest, each with a web of its own on loopback: which pass?

    python -m benchmarks.harvest_cases --cases FOLDER [--only NN] [--verbose]

A case has polls; each is a run of its own that reads the state of the one before, with its clock set to the case's time.
"""

import argparse
import asyncio
import json
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.case_web import CaseWeb
from pipeline.harvest.client import Client, Limits
from pipeline.harvest.clock import Clock, read
from pipeline.harvest.journal import Journal
from pipeline.harvest.pages import Page, Pages
from pipeline.harvest.run import Harvest, Options, Report
from pipeline.harvest.sources import Source, parse_sources
from pipeline.harvest.state import State
from pipeline.harvest.visit import Budgets, Visit, Visitor
from pipeline.store.local import LocalStorage

_FIELDS = (
    "precision",
    "flags",
    "date_raw",
    "modified_at",
    "revision_of",
    "seen_in",
    "outlets",
    "discovered_at",
)


class NoArchive:
    """What was fetched is not looked at here."""

    recovered: tuple[str, ...] = ()

    def write(self, visit: Visit, page: Page | None, source: Source, kind: str) -> None:
        """Nothing is kept."""


class Played:
    """One case, played poll by poll."""

    def __init__(self, case: dict[str, Any], folder: Path) -> None:
        self.case, self._folder = case, folder
        self.reports: list[Report] = []
        self.pages: list[Page] = []
        self.seconds = 0.0

    async def play(self) -> CaseWeb:
        web = CaseWeb(self.case)
        await web.start()
        sources = parse_sources(web.sub(self.case["sources_toml"]), "sources.toml").sources
        for n, at in enumerate(self.case["polls_at"]):
            web.poll = n
            begun = time.monotonic()
            self.reports.append(await self._poll(sources, read(at)))
            self.seconds = max(self.seconds, time.monotonic() - begun)
        await web.stop()
        return web

    async def _poll(self, sources: tuple[Source, ...], at: datetime | None) -> Report:
        state = State(LocalStorage(str(self._folder)), Journal(self._folder / "journal"))
        clock = Clock(at)
        limits = Limits(request_seconds=self.case.get("limits", {}).get("request_deadline_s", 10))
        token = self.case.get("user_agent_token", "newsfold")
        async with Client(f"{token}/1.0 (+https://a.example/us)", clock.now, limits) as client:
            visitor = Visitor(client, state, clock, Budgets(), seed="case")
            harvest = Harvest(sources, state, visitor, NoArchive(), clock, Options(is_adaptive=False))
            report = await harvest.run()
        state.save()
        self.pages = Pages(state).recorded(["127.0.0.1", "127.0.0.2"])
        return report


def faults_of(played: Played, web: CaseWeb) -> list[str]:
    """What is not as the case expects it."""
    expect = played.case["expect"]
    found = [*_requests(expect, web), *_outcomes(expect, played, web), *_items(expect, played, web)]
    found += _headers(expect, web)
    if "skipped" in expect:
        titles = [item.title for report in played.reports for item in report.skipped]
        if titles != [one["title"] for one in expect["skipped"]]:
            found.append(f"skipped {titles}")
    if "new_items" in expect and expect["new_items"] != [report.n_new for report in played.reports]:
        found.append(f"new items {[report.n_new for report in played.reports]}")
    for address, words in expect.get("health_by_feed", {}).items():
        said = [report.health.get(web.sub(address)) for report in played.reports]
        if said != words:
            found.append(f"health of {address}: {said}")
    if "health" in expect:
        said = [min(report.health.values(), default="") for report in played.reports]
        found += [f"health {said}"] if said != expect["health"] else []
    most = played.case.get("limits", {}).get("run_wall_s_max")
    if most and played.seconds > most:
        found.append(f"took {played.seconds:.1f} s")
    return found


def _requests(expect: dict[str, Any], web: CaseWeb) -> list[str]:
    counts = web.counts()
    found = [] if not web.n_canary else [f"{web.n_canary} connections to the canary"]
    wanted = {web.sub(path): n for path, n in expect["requests"].items() if path != "{C}/*"}
    for path in {*wanted, *counts}:
        least, most = n if isinstance(n := wanted.get(path, 0), list) else (n, n)
        if not least <= counts.get(path, 0) <= most:
            found.append(f"{path}: {counts.get(path, 0)} requests, not {wanted.get(path, 0)}")
    return found


def _outcomes(expect: dict[str, Any], played: Played, web: CaseWeb) -> list[str]:
    found = []
    for n, (wanted, report) in enumerate(zip(expect["outcomes"], played.reports, strict=True)):
        right = {web.sub(address): outcome for address, outcome in wanted.items()}
        free = {web.sub(path) for path, n in expect["requests"].items() if isinstance(n, list)}
        met = {*right, *report.outcomes} - (free - set(right))  # whether these are asked again is left open
        wrong = [one for one in met if right.get(one) != report.outcomes.get(one)]
        found += [f"poll {n + 1}: {one}: {report.outcomes.get(one)}, not {right.get(one)}" for one in wrong]
    return found


def _items(expect: dict[str, Any], played: Played, web: CaseWeb) -> list[str]:
    found, pages = [], {page.url: page for page in played.pages}
    wanted = {web.sub(item["url"]): item for item in expect["items"]}
    if set(pages) != set(wanted):
        found.append(f"items {sorted(pages)}, not {sorted(wanted)}")
    for url, item in wanted.items():
        if page := pages.get(url):
            found += _differences(item, page, web)
    return found


def _differences(item: dict[str, Any], page: Page, web: CaseWeb) -> list[str]:
    found = []
    titles = item.get("title_any", [item["title"]])
    if item["title"] is not None and page.title not in titles:
        found.append(f"{page.url}: title {page.title!r}, not {titles}")
    if page.published_at != item["published_at"]:
        found.append(f"{page.url}: {page.published_at}, not {item['published_at']}")
    for name in _FIELDS:
        if name in item:
            right, said = json.loads(web.sub(json.dumps(item[name]))), getattr(page, name)
            said = list(said) if isinstance(said, tuple) else said
            is_moment = isinstance(right, str) and name == "modified_at"
            if said != right and not (is_moment and str(said).startswith(right)):
                found.append(f"{page.url}: {name} {said}, not {right}")
    return found


def _headers(expect: dict[str, Any], web: CaseWeb) -> list[str]:
    found = []
    for rule in expect.get("request_headers", []):
        path = web.sub(rule["path"])
        for fields in [fields for n, _, said, fields in web.log if n == rule["poll"] - 1 and said == path]:
            sent = [name for name in rule.get("absent", []) if name.lower() in fields]
            found += [f"poll {rule['poll']}: {path}: {name} was sent" for name in sent]
            for name, value in rule.items():
                if name not in {"poll", "path", "absent"} and fields.get(name.lower()) != value:
                    found.append(f"poll {rule['poll']}: {path}: {name} was {fields.get(name.lower())}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    n_passed, files = 0, sorted(asked.cases.glob(f"{asked.only}*.json"))
    for file in files:
        case = json.loads(file.read_text())
        if case.get("note_only"):  # no machine part yet: tests of the client have what it says
            n_passed += 1
            print("note", file.stem)
            continue
        with tempfile.TemporaryDirectory() as folder:
            played = Played(case, Path(folder))
            faults = faults_of(played, asyncio.run(played.play()))
        n_passed += not faults
        print("ok  " if not faults else "FAIL", file.stem)
        for fault in faults:
            print("      ", fault)
    print(f"{n_passed} of {len(files)} pass")


if __name__ == "__main__":
    main()
