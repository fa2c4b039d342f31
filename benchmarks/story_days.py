"""Placing a weighed table day by day, as runs do, and made-up articles to place."""

import datetime as dt
import resource
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from pipeline.model.internal_tables import TERMS
from pipeline.settings import Settings
from pipeline.stories import assign

ONE_DAY = dt.date(2026, 3, 5)
WINDOW_DAYS = Settings.model_fields["window_days"].default


def made_up(per_day: int, n_days: int) -> Iterator[pa.Table]:
    """Articles of 120 terms by Zipf's law; one in five tells of an event of its day, which share 20 rare terms."""
    rng = np.random.default_rng(1)
    for n in range(n_days):
        date = ONE_DAY + dt.timedelta(days=n)
        rows = []
        for i in range(per_day):
            own = (np.exp(rng.random(120) * np.log(400_000))).astype(np.int64)
            event = np.arange(20) + 10**9 + 20 * (n * per_day + int(rng.integers(per_day // 25)))
            found = np.unique(np.concatenate([own, event[rng.random(20) < 0.7]] if i % 5 == 0 else [own]))
            weights = np.log(found + 1.0).astype(np.float32)
            weights /= np.sqrt((weights**2).sum())
            rows.append(
                {
                    "article_id": f"{date:%Y%m%d}{i:08d}",
                    "ingest_date": date,
                    "terms": found,
                    "weights": weights,
                }
            )
        yield TERMS.table([row | {"keywords": [], "names": []} for row in rows])


def run_days(weighed: pa.Table, threshold: float, *, report: bool = False) -> dict[str, str]:
    """Place a table day by day, as runs do; article_id -> story_id."""
    rows_of: dict[dt.date, list[int]] = {}
    for n, date in enumerate(weighed["ingest_date"].to_pylist()):
        rows_of.setdefault(date, []).append(n)
    story_of: dict[str, str] = {}
    saga_of: dict[str, str] = {}
    costs = []
    for day, rows in sorted(rows_of.items()):
        window = weighed.take(_rows_between(rows_of, day, 1, WINDOW_DAYS))
        memory = weighed.take(_rows_between(rows_of, day, WINDOW_DAYS + 1, 2 * WINDOW_DAYS))
        known = pa.chunked_array(window["article_id"].chunks + memory["article_id"].chunks, pa.string())
        places = {"article_id": known}
        places |= {
            name: pa.array([of[i] for i in known.to_pylist()], pa.string())
            for name, of in (("story_id", story_of), ("saga_id", saga_of))
        }
        begun = time.process_time()
        placed = assign.assign_stories(
            weighed.take(pa.array(rows)),
            window,
            memory,
            pa.table(places),
            day=day,
            threshold=threshold,
            window_days=WINDOW_DAYS,
        )
        for name, of in (("story_id", story_of), ("saga_id", saga_of)):
            of |= dict(zip(placed["article_id"].to_pylist(), placed[name].to_pylist(), strict=True))
        costs.append((len(rows), len(window), time.process_time() - begun, peak_mb()))
        if report:
            print("{} {:6} articles, window {:7}: {:6.2f} s CPU, peak {} MB".format(day, *costs[-1]))
    if report:
        print_slope(costs)
    return story_of


def print_slope(costs: list[tuple[int, int, float, int]]) -> None:
    """How the cost of an article grows with the window, and with the days once the window is full."""
    each = [1000 * seconds / n for n, _, seconds, _ in costs]
    per_window = np.polyfit([window for _, window, _, _ in costs], each, 1)[0]
    print(f"{10_000 * per_window:+.3f} ms an article for each 10,000 articles in the window")
    if len(costs) > 2 * WINDOW_DAYS - 4:
        full = each[WINDOW_DAYS:]
        print(f"{np.polyfit(range(len(full)), full, 1)[0]:+.4f} ms an article a day once the window is full")


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _rows_between(rows_of: dict[dt.date, list[int]], day: dt.date, nearest: int, farthest: int) -> pa.Array:
    found = [
        n for back in range(farthest, nearest - 1, -1) for n in rows_of.get(day - dt.timedelta(days=back), [])
    ]
    return pa.array(found, pa.int64())
