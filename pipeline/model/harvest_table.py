"""The journal of harvests: what came of each source on a day. Nothing is made from it, and it can't be made again."""

import pyarrow as pa

from pipeline.model.contract import DATE, TEXT, TIME, Column, Contract, counts, structs

HEALTH = ("ok", "silent", "moved", "failing", "other_content", "gone")


HARVEST = Contract(
    "harvest",
    "one source and day, as far as it was harvested",
    ("outlet",),
    (
        Column("ingest_date", DATE, "The UTC day of fetching."),
        Column("outlet", TEXT, "The source's outlet, as the sources' file names it."),
        *counts(
            n_fetched="Addresses that gave something: listings and pages.",
            n_not_modified="Addresses that had nothing new to us.",
            n_duplicate="Addresses that were known, or led to one that was asked already.",
            n_refused="Addresses that were not asked in a run: by robots.txt, by a budget, for safety, or because they are gone.",
            n_deferred="Addresses whose time had not come.",
            n_failed="Addresses that gave no whole answer, or an error.",
            n_no_page="Items of listings that name no page.",
            n_outside_window="Pages of sitemaps that were changed before the days that are wanted.",
            n_pages="Pages that were listed for the first time.",
            n_bytes="Bytes of answers that gave something, as sent.",
        ),
        Column(
            "outcomes",
            structs(outcome=TEXT, n=pa.int64()),
            "Addresses counted by outcome with its reason, sorted.",
        ),
        Column(
            "last_success_at", TIME, "When an address last gave something or had nothing new.", nullable=True
        ),
        Column("last_new_at", TIME, "When a page was last fetched for the first time.", nullable=True),
        Column(
            "median_lag_seconds",
            pa.int64(),
            "Between publication and fetch of the day's new pages that say when they were published.",
            nullable=True,
        ),
        Column(
            "health",
            TEXT,
            "The worst verdict of its listings: gone, other_content (no feed any more), failing, silent (nothing new for long), moved, ok.",
        ),
    ),
    published=True,
)
