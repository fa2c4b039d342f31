"""What 1, 10 and 100 million articles a day take on a cluster: straight lines through what `spark.py stages` measured."""

import math
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

PRICE = 0.0408  # dollars a core and hour: m7g.large (2 cores, 8 GB) on demand in us-east-1 was 0.0816 in June 2026
# Of a raw page on one core, from HTML to its article; the corpus is text, which takes next to none.
PAGE_SECONDS = 0.028
GB_A_CORE = 4  # of that machine: a Python worker with a partition, a parser beside it, a share of the JVM
WINDOW_DAYS = 14
# That `stories` reads: open stories have members of the window, which joined in the one before it.
WINDOWS = 2
SPREAD = 1.3  # how much longer tasks of unequal length take on a cluster than their seconds over its cores
# Of the driver: the largest machine that is common, and of a day's 24 hours those that it may take alone.
DRIVER_GB, ALONE_HOURS = 256, 6


@dataclass(frozen=True)
class Costs:
    """Bytes of the driver before any article; and of an article: seconds of a core, seconds on the driver alone, bytes shuffled, bytes
    of the driver for one of the day and of its window.
    """

    base: float
    parallel: float
    serial: float
    shuffled: float
    own: float
    window: float


def table(measured: list[dict[str, Any]]) -> None:
    """Print the slopes, and what they say of larger days."""
    if len(measured) < 3:
        sys.exit(
            "two slopes and a beginning do not follow from fewer than three days: measure more in one run"
        )
    costs, last = _costs(measured), measured[-1]
    print(
        f"{len(measured)} days to {last['day']}, {last['articles']:,} articles in the last: {1000 * costs.parallel:.1f} ms of a core an article, "
        f"{1000 * costs.serial:.2f} ms on the driver alone, {costs.shuffled:,.0f} bytes shuffled; of the driver's memory "
        f"{costs.base / 1e6:,.0f} MB, {costs.own:,.0f} bytes an article of the day and {costs.window:,.0f} of its window"
    )
    print(
        "articles a day   cores  hours  of them the driver  cluster   dollars  shuffled    driver  next bottleneck"
    )
    for million in (1, 10, 100):
        _row(million * 1_000_000, costs)


def _costs(measured: list[dict[str, Any]]) -> Costs:
    """Memory by least squares over all days; the rest from the last day."""
    last = measured[-1]
    n = last["articles"]
    known = [[1.0, float(day["articles"]), float(day["window"])] for day in measured]
    peaks = [1e6 * day["peak"]["anonymous"] for day in measured]
    base, own, window = np.linalg.lstsq(np.array(known), np.array(peaks))[0].tolist()
    shuffled = sum(stage["shuffled"] for stage in last["told"].values()) / n
    parallel, serial = last["cpu"]["workers"] / n + PAGE_SECONDS, last["cpu"]["driver"] / n
    return Costs(base, parallel, serial, shuffled, own, window)


def _row(articles: int, costs: Costs) -> None:
    cores = 16 * math.ceil(articles * costs.parallel * SPREAD / (16 * 3600))
    alone = articles * costs.serial / 3600
    hours = articles * costs.parallel * SPREAD / cores / 3600 + alone
    driver = (costs.base + articles * (costs.own + WINDOWS * WINDOW_DAYS * costs.window)) / 1e9
    shares = {"the driver's memory": driver / DRIVER_GB, "the driver's core": alone / ALONE_HOURS}
    name = max(shares, key=lambda one: shares[one])
    ends = articles / 1e6 / shares[name]
    print(
        f"{articles:14,}  {cores:6,.0f}  {hours:5.1f}  {alone:18.1f}  {cores * GB_A_CORE:5,.0f} GB  {cores * hours * PRICE:8,.2f}  "
        f"{articles * costs.shuffled / 1e9:5,.0f} GB  {driver:5,.0f} GB  {name}, at {ends:.1f} million"
    )
