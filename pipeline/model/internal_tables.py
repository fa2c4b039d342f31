"""The tables between stages, and those that are kept as state for later days. No consumer reads them."""

import pyarrow as pa

from pipeline.model.contract import DATE, TEXT, TEXTS, TIME, VECTOR, Column, Contract, structs
from pipeline.model.page_tables import CLEANED, DELIVERIES, EXTRACTED, LINES, OUTLINES, RAW, WHOSE
from pipeline.model.tables import ARTICLES, JOURNALS, LINKS, MEMBERSHIPS, OF_ARTICLE, PUBLISHED, REVISIONS

__all__ = [
    "BUCKETS",
    "BY_NAME",
    "CANDIDATES",
    "CLEANED",
    "COMPARED",
    "CREDITED",
    "DELIVERIES",
    "EXTRACTED",
    "FAULTS",
    "INDEX",
    "INTERNAL",
    "LEADS",
    "LINES",
    "MEMBERS",
    "OUTLINES",
    "PAGES",
    "PASSAGES",
    "RAW",
    "SAID",
    "SIGNATURE",
    "SIGNATURES",
    "SKETCHED",
    "TAKEN",
    "TERMS",
    "TRACED",
    "VECTORS",
    "WHOSE",
]

SIGNATURE = pa.binary(512)  # 128 permutations of 32 bits, little-endian

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

_KNOWN = ("outlet_id", "newsroom", "agency")
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

LEADS = Contract(
    "leads",
    "what a story can show of the lead of one article",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column("lead", TEXT, "Its first sentence, or all of it.", nullable=True),
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
        Column("outlet", TEXT, "The name of the outlet or, without one, the host.", nullable=True),
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
        Column("credits", CREDITED.schema.field("credits").type, "Whom it credits, if known.", nullable=True),
    ),
)

SAID = Contract(
    "said",
    "one article of a story that the day adds a report to, with what it says",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        *(
            MEMBERSHIPS.columns[MEMBERSHIPS.names.index(n)]
            for n in ("story_id", "copy_id", "kind", "ingest_date")
        ),
        *(
            ARTICLES.columns[ARTICLES.names.index(n)]
            for n in ("published_at", "published_precision", "language", "title", "text")
        ),
        Column("is_new", pa.bool_(), "Whether it is of the day that is made."),
        Column("is_known", pa.bool_(), "Whether the last run's row of additions holds for it."),
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
    layout=2,
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
# All that a story can show of it, also when its articles were retired.
_LEAD = Column("lead", TEXT, "The first sentence of its first paragraph.", nullable=True)
MEMBERS = Contract(
    "members",
    "one membership with what a story's summary needs of its article",
    ("article_id",),
    (
        *(c for c in MEMBERSHIPS.columns if c.name not in OF_ARTICLE),  # these have their places below
        *(_LEAD if n == "lead" else ARTICLES.columns[ARTICLES.names.index(n)] for n in _MEMBER),
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
INDEX = Contract(
    "index",
    "a small file of the warehouse as it was in one version",
    ("path",),
    (
        Column("path", TEXT, "The file."),
        Column("version", TEXT, "The version of its content."),
        Column("said", pa.binary(), "Its bytes, or those of them that are asked for."),
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
    SAID,
    TERMS,
    CREDITED,
    LEADS,
    VECTORS,
    MEMBERS,
    FAULTS,
    INDEX,
)
BY_NAME = {c.name: c for c in PUBLISHED + JOURNALS + INTERNAL}
