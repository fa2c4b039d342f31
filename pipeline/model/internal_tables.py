"""The tables between stages, and those that are kept as state for later days. No consumer reads them."""

import pyarrow as pa

from pipeline.model.contract import DATE, TEXT, TEXTS, TIME, VECTOR, Column, Contract, structs
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, PUBLISHED, REVISIONS

SIGNATURE = pa.binary(512)  # 128 permutations of 32 bits, little-endian

RAW = Contract(
    "raw",
    "one raw document as delivered",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "Path in the landing zone, #, number of the record."),
        Column("media", TEXT, "What the body is: html or text; null when there is a reason.", nullable=True),
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

PASSAGES = pa.list_(pa.field("element", pa.int64(), nullable=False))
SIGNATURES = Contract(
    "signatures",
    "the MinHash signature of one article that has at least one shingle",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column("signature", SIGNATURE, "datasketch affine32, seed 1: 128 little-endian 32-bit minima."),
        Column("words_hash", pa.int64(), "Hash of the whole sequence of tokens: equal for exact copies."),
        Column("n_shingles", pa.int32(), "Shingles, repeated ones too."),
        Column(
            "passages",
            PASSAGES,
            "Sampled shingles, in their order.",
        ),
    ),
)

BUCKETS = Contract(
    "buckets",
    "one article in one bucket",
    ("bucket", "article"),
    (
        Column(
            "bucket",
            pa.int64(),
            "Even: hash of a band and its slice of the signature, or of all words; odd: a passage.",
        ),
        Column("article", pa.binary(16), "The article's id: its 32 hex digits as bytes."),
        Column("context", pa.int64(), "Of a passage: which landmarks stand before and after it; else 0."),
    ),
)

CANDIDATES = Contract(
    "candidates",
    "two articles that share a bucket",
    ("article_id", "other_id"),
    (
        Column("article_id", TEXT, "The later article by (day, id)."),
        Column("other_id", TEXT, "The earlier one."),
    ),
)

SKETCHED = Contract(
    "sketched",
    "a candidate pair with what is kept of its texts",
    ("article_id", "other_id"),
    (
        *CANDIDATES.columns,
        *(SIGNATURES.columns[SIGNATURES.names.index(n)] for n in ("signature", "passages")),
        Column("other_signature", SIGNATURE, "Of the other."),
        Column("other_passages", PASSAGES, "Of the other."),
    ),
)

_COMPARED = ("text", "title", "canonical_url", "outlet", "published_at", "published_precision", "fetched_at")
COMPARED = Contract(
    "compared",
    "a candidate pair with what is needed to decide on it",
    ("article_id", "other_id"),
    (
        *CANDIDATES.columns,
        *(ARTICLES.columns[ARTICLES.names.index(n)] for n in _COMPARED),
        *(
            Column(f"other_{c.name}", c.type, "The earlier article's.", c.nullable)
            for c in (ARTICLES.columns[ARTICLES.names.index(n)] for n in _COMPARED)
        ),
    ),
)

_CAPTURED = (
    "canonical_url",
    "title",
    "text",
    "published_at",
    "published_precision",
    "fetched_at",
    "modified_at",
    "raw_ref",
)
PAGES = Contract(
    "pages",
    "one capture of a page that was captured more than once",
    ("article_id",),
    (
        Column("page", TEXT, "Which page: its site and number or, without one, its canonical address."),
        Column("article_id", TEXT, "The capture."),
        Column("ingest_date", DATE, "Its day."),
        *(ARTICLES.columns[ARTICLES.names.index(n)] for n in _CAPTURED),
        Column(
            "first_id", TEXT, "Of an earlier day's capture: the first that it is a version of.", nullable=True
        ),
        Column("capture", TEXT, "Of an earlier day's, what it was to the one before.", nullable=True),
    ),
)

_COMPARISON = ("jaccard", "containment", "containment_other", "reason")
TRACED = Contract(
    "traced",
    "one later capture of a page, by what it is to the one before it",
    ("article_id",),
    (
        Column("article_id", TEXT, "The capture."),
        Column("other_id", TEXT, "The one before it."),
        Column("first_id", TEXT, "The first one, in whose copy group and story it is."),
        Column("kind", TEXT, "refetch or revision."),
        Column("capture", TEXT, "What it is to the one before."),
        Column(
            "version",
            pa.int32(),
            "Revisions up to it; null where nothing orders the captures.",
            nullable=True,
        ),
        *(LINKS.columns[LINKS.names.index(n)] for n in _COMPARISON),
        *(c for c in REVISIONS.columns[REVISIONS.names.index("n_added") :] if c.name != "jaccard"),
    ),
)

TAKEN = Contract(
    "taken",
    "one article of a copy group that the day has a part in, with what says where it is from",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column("copy_id", TEXT, "Its copy group."),
        Column("ingest_date", DATE, "Its day."),
        Column("outlet_id", TEXT, "The outlet or, without one, the host.", nullable=True),
        Column("domain", TEXT, "The host.", nullable=True),
        Column("source_url", TEXT, "The article of another site that it names as its own.", nullable=True),
        Column("agency", TEXT, "The agency that it states.", nullable=True),
        *(
            ARTICLES.columns[ARTICLES.names.index(n)]
            for n in (
                "published_at",
                "published_precision",
                "word_count",
                "text",
                "furniture_removed",
                "authors",
            )
        ),
        Column("is_new", pa.bool_(), "Whether it is of the day that is made."),
    ),
)

TERMS = Contract(
    "terms",
    "the weighted terms of one article that begins a copy group",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column("ingest_date", DATE, "Its day."),
        Column("published_at", TIME, "Publication; null when unknown.", nullable=True),
        Column("language", TEXT, "Its language.", nullable=True),
        Column("terms", pa.list_(pa.field("element", pa.int64(), nullable=False)), "Hashes, sorted."),
        Column(
            "weights", pa.list_(pa.field("element", pa.float32(), nullable=False)), "Of unit length together."
        ),
        Column(
            "names",
            pa.list_(pa.field("element", pa.int64(), nullable=False)),
            "Those in its headline that name.",
        ),
        Column("keywords", TEXTS, "Its weightiest terms in readable case, the strongest first."),
        Column("published_precision", TEXT, "second, minute or day.", nullable=True, since=2),
        Column("vector", VECTOR, "Its headline as signed bytes.", nullable=True, since=2),
    ),
)

VECTORS = Contract(
    "vectors",
    "the headline of one article as a vector",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column(
            "vector", VECTOR, "Signed bytes; null in languages that the model does not know.", nullable=True
        ),
    ),
)

_KNOWN = ("outlet_id", "newsroom", "agency")
_MEMBER = (
    "canonical_url",
    "outlet",
    "title",
    "lead",
    "language",
    "authors",
    "published_at",
    "word_count",
    "is_stub",
)
CREDITED = Contract(
    "credited",
    "whom one article credits for its text",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column(
            "credits",
            structs(*_KNOWN, name=TEXT, is_sure=pa.bool_(), **dict.fromkeys(_KNOWN, TEXT)),
            "Names or hosts, what is sure first; of each what the outlets' file, or its address, tells.",
        ),
    ),
)

MEMBERS = Contract(
    "members",
    "one membership with what a story's summary needs of its article",
    ("article_id",),
    (
        *MEMBERSHIPS.columns,
        *(ARTICLES.columns[ARTICLES.names.index(n)] for n in _MEMBER),
        Column("keywords", TEXTS, "The article's keywords; empty for a copy."),
        Column("url", TEXT, "The address as delivered.", nullable=True, since=2),
        Column("published_precision", TEXT, "second, minute or day.", nullable=True, since=2),
        Column("outlet_id", TEXT, "Its outlet.", nullable=True, since=2),
        Column("newsroom", TEXT, "The family that a text of its own counts for.", nullable=True, since=2),
        Column("supplier", TEXT, "The agency that it states, or whose page it is.", nullable=True, since=2),
        Column("credits", CREDITED.schema.field("credits").type, "Whom it credits.", nullable=True, since=2),
    ),
)

FAULTS = Contract(
    "faults",
    "one document, or pair of documents, on which a stage raised",
    (),
    (
        Column("article_id", TEXT, "The article or, where there is none yet, the raw document's raw_ref."),
        Column("other_id", TEXT, "Of a pair: the earlier article.", nullable=True),
        Column("stage", TEXT, "The verb of the stage."),
        Column("error", TEXT, "The kind of the exception."),
    ),
)
INTERNAL = (
    RAW,
    EXTRACTED,
    OUTLINES,
    LINES,
    CLEANED,
    WHOSE,
    DELIVERIES,
    SIGNATURES,
    BUCKETS,
    CANDIDATES,
    SKETCHED,
    COMPARED,
    PAGES,
    TRACED,
    TAKEN,
    TERMS,
    CREDITED,
    VECTORS,
    MEMBERS,
    FAULTS,
)
BY_NAME = {c.name: c for c in PUBLISHED + INTERNAL}
