"""The table of runs: what a day's run read, counted and left out."""

import pyarrow as pa

from pipeline.model.contract import DATE, TEXT, Column, Contract, counts, structs

RUNS = Contract(
    "runs",
    "one completed run of a day",
    ("ingest_date",),
    (
        Column("ingest_date", DATE, "The day."),
        *counts(
            n_raw="Raw documents read.",
            n_rejects="Raw documents that gave no article.",
            n_articles="Articles.",
            n_compared="Pairs compared on their texts.",
            n_accepted="Pairs accepted as copies.",
            n_exact="Articles that are exact copies.",
            n_near="Articles that are near copies.",
            n_excerpt="Articles that are excerpts.",
            n_expanded="Articles that contain an earlier one.",
            n_refetch="Articles fetched again.",
            n_copy_groups="Copy groups that began on this day.",
            n_reports="Copy groups that joined an existing story.",
            n_stories="Stories that began on this day.",
        ),
        Column(
            "rejects_by_reason",
            structs(reason=TEXT, n=pa.int64()),
            "Rejects counted by reason, sorted by reason.",
        ),
        Column(
            "inputs",
            structs(table=TEXT, day=TEXT, digest=TEXT),
            "What the run read: logical digests by table and day, 'missing' where there was none; with `removed`, which documents somebody had removed.",
        ),
        Column("settings_digest", TEXT, "Digest of the settings that change results, but the outlets' file."),
        Column(
            "versions",
            structs(name=TEXT, version=TEXT),
            "Versions of the rules and libraries that matter; digests of the words and of the outlets' file.",
        ),
        Column(
            "is_capped", pa.bool_(), "Whether a cap that depends on the machine struck (timeout, memory)."
        ),
        Column(
            "n_stage_faults",
            pa.int64(),
            "Entries of stage_faults; null in a day that contract version 1 wrote.",
            nullable=True,
            since=2,
        ),
        Column(
            "stage_faults",
            structs("other_id", article_id=TEXT, other_id=TEXT, stage=TEXT, error=TEXT),
            "Documents of the day on which a stage after extraction raised, sorted: article_id, or raw_ref where the document"
            " gave no article; of a pair also the other_id; the stage; the kind of error. Each stayed alone there.",
            nullable=True,
            since=2,
        ),
        Column(
            "n_revisions",
            pa.int64(),
            "Articles that are revisions; null in a day that was made before they were looked for.",
            nullable=True,
            since=2,
        ),
        Column(
            "n_flows", pa.int64(), "Rows of flows; null in a day made before them.", nullable=True, since=2
        ),
        Column(
            "is_complete",
            pa.bool_(),
            "False while the day was published so far, with documents still to come: all but article_id is provisional; null in a"
            " day made before this was said.",
            nullable=True,
            since=2,
        ),
    ),
    published=True,
)
