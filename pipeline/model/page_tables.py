"""The tables between stages that are about documents, from delivery to the cleaned article. No consumer reads them."""

import pyarrow as pa

from pipeline.model.contract import TEXT, TEXTS, TIME, Column, Contract
from pipeline.model.tables import ARTICLES

RAW = Contract(
    "raw",
    "one raw document as delivered",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "Path in the landing zone, #, number of the record."),
        Column(
            "media",
            TEXT,
            "What the body is: html or text, or lines of records; null when there is a reason.",
            nullable=True,
        ),
        Column("body", pa.binary(), "The bytes; null when there is a reason.", nullable=True),
        Column("charset", TEXT, "The character set that came with the bytes.", nullable=True),
        Column("url", TEXT, "The address that came with it.", nullable=True),
        Column("title", TEXT, "The headline that came with it (a feed's).", nullable=True),
        Column("outlet", TEXT, "The publisher that came with it.", nullable=True),
        Column("published_at", TIME, "The date that came with it.", nullable=True),
        Column("fetched_at", TIME, "When it was fetched.", nullable=True),
        Column("reason", TEXT, "Why it cannot be used, if so.", nullable=True),
        Column("detail", TEXT, "What was found.", nullable=True),
        Column("published_precision", TEXT, "How exactly that date is known.", nullable=True, since=2),
        Column("authors", TEXTS, "The names that came with it as its authors'.", nullable=True),
        Column("is_cut", pa.bool_(), "True where the crawler has only the beginning of it.", nullable=True),
        Column("given_id", TEXT, "The id that came with it.", nullable=True),
    ),
)

EXTRACTED = Contract(
    "extracted",
    "what one raw document says, whatever stands around it: a function of its bytes alone",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "The raw document."),
        Column("raw_digest", TEXT, "32 hex digits: digest of the body and of what came with it."),
        Column("url", TEXT, "The address delivered or stated by the page.", nullable=True),
        Column("canonical_url", TEXT, "The address that identifies it.", nullable=True),
        Column("domain", TEXT, "The host of the canonical URL without www.", nullable=True),
        Column("outlet", TEXT, "The publisher as delivered or as the page states it.", nullable=True),
        Column("title", TEXT, "The headline.", nullable=True),
        Column("authors", TEXTS, "Names in the byline."),
        Column("language", TEXT, "ISO 639-1 code.", nullable=True),
        Column("published_at", TIME, "Publication, UTC.", nullable=True),
        Column("published_at_source", TEXT, "page, feed, url or text.", nullable=True),
        Column("fetched_at", TIME, "When it was fetched.", nullable=True),
        Column(
            "text",
            TEXT,
            "The text with its furniture, one paragraph a line; null for a reject.",
            nullable=True,
        ),
        Column(
            "dropped",
            TEXTS,
            "Lines that are not in the text, since the page itself shows that they are not part of it.",
        ),
        Column("is_paywalled", pa.bool_(), "The page says that it is not free."),
        Column("extractor", TEXT, "Name and version.", nullable=True),
        Column("stage", TEXT, "Where it ended, for a reject.", nullable=True),
        Column("reason", TEXT, "Why it gives no article, if so.", nullable=True),
        Column("detail", TEXT, "What was found.", nullable=True),
        Column("published_precision", TEXT, "second, minute or day.", nullable=True, since=2),
        Column("is_cut", pa.bool_(), "True where only its beginning was delivered.", nullable=True),
        Column("record_key", TEXT, "The id and the outlet that came with it, if any did.", nullable=True),
        Column("modified_at", TIME, "When it says it was last changed.", nullable=True, since=2),
        Column(
            "site", TEXT, "What tells pages of one site where neither outlet nor domain does.", nullable=True
        ),
        Column("source_url", TEXT, "The article of another site that it names as its own.", nullable=True),
    ),
)

OUTLINES = Contract(
    "outlines",
    "the lines of one document whose outlet or domain is known",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "The raw document."),
        Column("source", TEXT, "The outlet or, without one, the domain."),
        Column(
            "lines",
            pa.list_(pa.field("element", pa.int64(), nullable=False)),
            "Hashes of its different lines in their order, without those that are furniture by what they say.",
        ),
        Column("n_words", pa.list_(pa.field("element", pa.int32(), nullable=False)), "Their words."),
        Column("page", pa.int64(), "Hash of source and page.", nullable=True),
    ),
)

LINES = Contract(
    "lines",
    "one line that an outlet used on a day",
    ("source", "line"),
    (
        Column("source", TEXT, "The outlet or, without one, the domain."),
        Column(
            "line", pa.int64(), "Hash of source and line; that of the empty line stands for every article."
        ),
        Column(
            "n_articles",
            pa.int32(),
            "Different articles that have it, copies counted once; 0 where it is no line but a page.",
        ),
        Column(
            "articles",
            pa.list_(pa.field("element", pa.int64(), nullable=False)),
            "Up to three of them, each by the hash of its longest line, so that one filed again on another day is known.",
        ),
    ),
)

CLEANED = Contract(
    "cleaned",
    "an article, or the reason why a raw document is none",
    ("raw_ref",),
    (
        *(
            Column(c.name, c.type, c.meaning, nullable=c.name != "raw_ref")
            for c in ARTICLES.columns
            if c.name != "headline_vector"
        ),
        Column("stage", TEXT, "Where it ended, for a reject.", nullable=True),
        Column("reason", TEXT, "Why it is none.", nullable=True),
        Column("detail", TEXT, "What was found.", nullable=True),
    ),
)

WHOSE = Contract(
    "whose",
    "what the outlets' file has a say in, of one document",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "The raw document."),
        *(ARTICLES.columns[ARTICLES.names.index(n)] for n in ("outlet_id", "agency")),
    ),
)

DELIVERIES = Contract(
    "deliveries",
    "one raw document that gave an article",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "The raw document."),
        Column("article_id", TEXT, "The article; several documents may be one."),
    ),
)
