"""What a scheduler calls: one function a task, plain values in and out.

Each is safe to run again and beside itself. Where the data is comes from the settings (`NEWSFOLD_LANDING`,
`NEWSFOLD_WAREHOUSE`, …); what comes out is small: counts, digests and paths, never articles.
"""

import logging
from collections import Counter
from datetime import date
from typing import Any

from pipeline import fingerprints, freshness, jobs, landing, quality, settings, staging
from pipeline.contracts import ARTICLES, LINKS, MEMBERSHIPS, PUBLISHED, REJECTS, RUNS, Kind
from pipeline.days import window
from pipeline.engines import open_engine
from pipeline.errors import MissingInputError
from pipeline.freshness import State

log = logging.getLogger(__name__)

_BATCH_BYTES = 64 * 2**20  # a batch is worth a task of its own from about 10 seconds of work


def unsettled(day: str) -> list[dict[str, str]]:
    """The days of the window that the landing zone or the warehouse knows but that are not fresh, with their state."""
    desk, when = _desk(), date.fromisoformat(day)
    known = set(freshness.days_known(desk.landing, desk.warehouse))
    earlier = [d for d in window(when, desk.settings.window_days) if d in known]
    states = [freshness.check(desk.landing, desk.warehouse, desk.settings, d) for d in earlier]
    return [{"day": str(s.day), "state": s.state} for s in states if s.state != State.FRESH]


def plan_batches(day: str, max_batches: int) -> list[dict[str, int]]:
    """At most `max_batches` equal shares of the day's landing files; none for an empty day."""
    files = landing.list_files(_desk().landing, date.fromisoformat(day))
    total = sum(f.size_bytes for f in files)
    n = min(max_batches, len(files), 1 + total // _BATCH_BYTES)
    log.info("planned day=%s files=%d bytes=%d batches=%d", day, len(files), total, n)
    return [{"batch": i, "of": n} for i in range(n)]


def clean_batch(day: str, batch: int, of: int) -> dict[str, int]:
    """Extract one share of the day's landing files and keep the result for `cluster`."""
    desk, when = _desk(), date.fromisoformat(day)
    files = landing.pack(landing.list_files(desk.landing, when), of)[batch]
    extracted = jobs.extract_day(desk, when, files)
    return {"files": len(files), "raw": extracted.num_rows}


def cluster(day: str) -> dict[str, Any]:
    """Make every table of the day and stage them; returns the key to publish them by, and the day's counts."""
    desk = _desk()
    made = jobs.cluster_day(desk, date.fromisoformat(day))
    key = staging.put_down(desk.warehouse.storage, made)
    return {"key": key, "counts": _counts(made)}


def judge(day: str, counts: dict[str, int]) -> list[str]:
    """What is unusual about a day with these counts, in sentences; empty when nothing is."""
    earlier = _desk().warehouse.scan(RUNS, window(date.fromisoformat(day), quality.HISTORY_DAYS))
    rows = [row for table in earlier for row in table.to_pylist()]
    return [str(finding) for finding in quality.judge(counts, rows)]


def publish(day: str, key: str) -> dict[str, Any]:
    """Publish a staged day; returns its counts, what changed, and the digest and path of each published table.

    When it is no longer staged, another run has published it, which the day's state shows; else it is made anew.
    """
    desk, when = _desk(), date.fromisoformat(day)
    try:
        report = jobs.publish_day(desk, staging.pick_up(desk.warehouse.storage, key))
        changed = list(report.changed)
        staging.clear(desk.warehouse.storage, key)
    except MissingInputError:
        fresh = freshness.check(desk.landing, desk.warehouse, desk.settings, when).state == State.FRESH
        log.info("no longer staged day=%s %s", day, "published meanwhile" if fresh else "made anew")
        changed = [] if fresh else list(jobs.run_day(desk, when).changed)
    return {"changed": changed, **describe(desk, when)}


def describe(desk: jobs.Desk, day: date) -> dict[str, Any]:
    """A published day for its readers: counts, and the path and digest of each table.

    `digest` is over the tables that only a run of the day itself replaces: a later day that adds to one of its
    stories leaves it as it is.
    """
    tables = {
        contract.name: {
            "path": f"{desk.warehouse.storage.uri}/{desk.warehouse.path(contract, day)}",
            "digest": desk.warehouse.digest(contract, day),
        }
        for contract in PUBLISHED
    }
    own = {c.name: tables[c.name]["digest"] for c in (ARTICLES, REJECTS, LINKS, MEMBERSHIPS, RUNS)}
    row = desk.warehouse.read(RUNS, day).to_pylist()[0]
    counts = {name: value for name, value in row.items() if name.startswith("n_")}
    return {"day": str(day), "digest": fingerprints.of_mapping(own)[:16], "counts": counts, "tables": tables}


def landing_uri() -> str:
    """Where raw documents are read."""
    return settings.load().landing


def table_uris() -> list[str]:
    """Where the published tables are."""
    return [f"{settings.load().warehouse}/{contract.name}" for contract in PUBLISHED]


def _counts(made: jobs.Day) -> dict[str, int]:
    rows = {name: table.num_rows for name, table in made.tables.items()}
    kinds = Counter(made.tables["memberships"]["kind"].to_pylist())
    copies = {f"n_{kind}": kinds[kind] for kind in (Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED)}
    read = {
        "n_raw": rows["articles"] + rows["rejects"],
        "n_rejects": rows["rejects"],
        "n_articles": rows["articles"],
    }
    return read | copies


def _desk() -> jobs.Desk:
    chosen = settings.load()
    return jobs.open_desk(chosen, open_engine(chosen))
