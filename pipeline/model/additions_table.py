"""The table of additions: what each report says that no article of its story says before it."""

import pyarrow as pa

from pipeline.model.contract import DATE, TEXT, TEXTS, Column, Contract

ADDITIONS = Contract(
    "additions",
    "one report, with what no earlier article of its story says",
    ("article_id",),
    (
        Column("article_id", TEXT, "The report."),
        Column("ingest_date", DATE, "Its day."),
        Column("story_id", TEXT, "Its story."),
        Column("n_sentences", pa.int32(), "Sentences of its text, without what the page puts around it."),
        Column(
            "n_new_sentences",
            pa.int32(),
            "Those with rare terms or numbers that no article of the window said before in the story; null where none of them is in"
            " its language.",
            nullable=True,
        ),
        Column("new_share", pa.float64(), "Their share of all; null where that is.", nullable=True),
        Column(
            "adds", TEXTS, "Up to three of them, those with the most that is new, in the order of the text."
        ),
        Column(
            "nothing_new", pa.bool_(), "Whether there is no such sentence; null where that is.", nullable=True
        ),
    ),
    published=True,
)
