"""Every table of the project: what one row is, its columns, their types and meanings, its key.

This is the only place where a column is declared. The Parquet schemas, the checks at the seams, the data
dictionary (`newsfold schema`, `docs/tables.md`) and the tests' builders are made from it.

Types are those that Arrow, the common Parquet readers and Spark share: no unsigned integers, timestamps in
microseconds UTC, digests as fixed hex strings, signatures as fixed-size binary.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import ordering
from pipeline.errors import ContractError

VERSION = 2  # of all the contracts together; it stands in every published file's metadata

TEXT = pa.string()
DATE = pa.date32()
TIME = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.field("element", pa.string(), nullable=False))
SIGNATURE = pa.binary(512)  # 128 permutations of 32 bits, little-endian


class Reject(StrEnum):
    """Why a raw document gave no article."""

    UNREADABLE = "unreadable"  # the bytes of the file or record could not be decompressed or decoded
    TRUNCATED = "truncated"  # the file breaks off inside this record
    BAD_RECORD = "bad_record"  # a record without what every record must have
    OUTSIDE_LANDING = "outside_landing"  # a link that leads out of the landing zone
    UNKNOWN_FORMAT = "unknown_format"  # a file whose name has no known ending
    TOO_LARGE = "too_large"  # more bytes than a document may have
    TOO_COMPLEX = "too_complex"  # more nodes, or deeper, than a document may be
    REVISIT = "revisit"  # a WARC record that only refers to an earlier capture
    NOT_A_PAGE = "not_a_page"  # binary, a feed, a sitemap: nothing that is read
    NO_TEXT = "no_text"  # a page without an article's text
    TOO_SHORT = "too_short"  # a text too short to be told from another
    TIMEOUT = "timeout"  # the parser used more CPU time than a document may
    MEMORY = "memory"  # the parser used more memory than a document may
    CRASHED = (
        "crashed"  # the parser's process died of it, and again of the same when it had nothing else to read
    )
    EXTRACTOR_FAILED = "extractor_failed"  # the parser raised
    MACHINE_FAULT = (
        "machine_fault"  # the machine failed to give or to read it; the day is stale until a run reads it
    )
    REDELIVERED = "redelivered"  # the same document is already an article of this day


class Kind(StrEnum):
    """How an article came to its copy group and story."""

    ORIGIN = "origin"  # it joined nothing: the first of its copy group and of its story
    EXACT = "exact"  # the words of the origin, in the same order
    NEAR = "near"  # the origin with edits
    EXCERPT = "excerpt"  # a part of the origin
    EXPANDED = "expanded"  # the origin and more
    REFETCH = "refetch"  # the same URL with the same text, fetched again on a later day
    REPORT = "report"  # a text of its own that reports an existing story


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type and meaning in one sentence."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Contract:
    """What a table must be.

    `row` completes the sentence "one row is …"; rows are sorted by `key`, which is unique; `published` tables
    are promised to consumers, the others live under `_meta/state` or only in memory.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = False
    partition: str = "the ingestion day"

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema; field ids count from 1 in the declared order and are never given out twice."""
        fields = [
            pa.field(c.name, c.type, c.nullable, {"PARQUET:field_id": str(n), "meaning": c.meaning})
            for n, c in enumerate(self.columns, 1)
        ]
        return pa.schema(fields, {"newsfold.table": self.name, "newsfold.contract_version": str(VERSION)})

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]

    def empty(self) -> pa.Table:
        return self._empty

    @cached_property
    def _empty(self) -> pa.Table:
        return self.schema.empty_table()

    def table(self, rows: list[dict[str, object]]) -> pa.Table:
        """Rows as a table; a column that a row does not name is null, and null where it must not be is an error."""
        return self.conform(pa.Table.from_pylist(rows, schema=self.schema))

    def conform(self, table: pa.Table) -> pa.Table:
        """Return `table` with exactly the contract's columns, in its order.

        Raises ContractError with every difference: missing and surplus columns, other types, nulls where
        there must be none.
        """
        if table.schema.equals(self.schema, check_metadata=True) and not self._has_nulls(table):
            return table  # it conformed before; the faults below are for who has to mend one
        faults = [f"missing column {n!r}" for n in self.names if n not in table.column_names]
        faults += [f"surplus column {n!r}" for n in table.column_names if n not in self.names]
        present = [c for c in self.columns if c.name in table.column_names]
        faults += [f for c in present for f in _faults(c, table[c.name])]
        if faults:
            raise ContractError(f"table {self.name}: " + "; ".join(faults))
        return pa.table([_plain(table[c.name], c.type) for c in self.columns], schema=self.schema)

    def _has_nulls(self, table: pa.Table) -> bool:
        return any(table.column(n).null_count for n, c in enumerate(self.columns) if not c.nullable)

    def arrange(self, table: pa.Table) -> pa.Table:
        """Conform, sort by key, and refuse a key that stands twice. What is in order already is not copied."""
        table = self.conform(table)
        if not self.key or ordering.is_ordered(table, self.key):
            return table
        table = pa.concat_tables(ordering.slices(table, ordering.places(table, self.key)))
        if not ordering.is_ordered(table, self.key):
            repeated = table.num_rows - table.group_by(list(self.key)).aggregate([]).num_rows
            raise ContractError(f"table {self.name}: {repeated} rows repeat the key {', '.join(self.key)}")
        return table


def _faults(column: Column, values: pa.ChunkedArray) -> list[str]:
    faults = []
    if not _same_type(values.type, column.type):
        faults.append(f"column {column.name!r} is {values.type}, not {column.type}")
    if values.null_count and not column.nullable:
        faults.append(f"column {column.name!r} has {values.null_count} nulls")
    return faults


def _same_type(found: pa.DataType, declared: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):  # an engine may hand out repeated texts once
        return _same_type(found.value_type, declared)
    if pa.types.is_list(found) and pa.types.is_list(declared):  # the name of a list's element is not data
        return _same_type(found.value_type, declared.value_type)
    if pa.types.is_struct(found) and pa.types.is_struct(declared):
        return [f.name for f in found] == [f.name for f in declared] and all(
            _same_type(f.type, d.type) for f, d in zip(found, declared, strict=True)
        )
    return bool(found == declared)


def _plain(values: pa.ChunkedArray, declared: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type) or values.type == declared:
        return values if values.type == declared else pc.cast(values, declared)
    return pc.cast(values, declared)


_FIGURES = (
    Column("jaccard", pa.float64(), "Shared shingles over all shingles of the two texts.", nullable=True),
    Column(
        "containment", pa.float64(), "Share of this article's shingles that the other has.", nullable=True
    ),
)

ARTICLES = Contract(
    "articles",
    "one cleaned article",
    ("article_id",),
    (
        Column(
            "article_id", TEXT, "32 hex digits: the day (yyyymmdd), then a digest of URL or path, and text."
        ),
        Column("ingest_date", DATE, "The UTC day on which the raw document was delivered."),
        Column("url", TEXT, "The address as delivered, or as the page states it.", nullable=True),
        Column("canonical_url", TEXT, "The address that identifies the article.", nullable=True),
        Column("domain", TEXT, "The host of the canonical URL without www.", nullable=True),
        Column("outlet", TEXT, "The publisher (masthead); null when nothing names it.", nullable=True),
        Column("title", TEXT, "The headline without the site's name.", nullable=True),
        Column("lead", TEXT, "The first paragraph that is a sentence.", nullable=True),
        Column("text", TEXT, "The article's text without furniture, one paragraph a line."),
        Column("language", TEXT, "ISO 639-1 code; null when it cannot be told.", nullable=True),
        Column("authors", TEXTS, "Names in the byline, in its order."),
        Column("published_at", TIME, "When it says it was published; null when unknown.", nullable=True),
        Column("published_at_source", TEXT, "Where that was found: page, feed, url or text.", nullable=True),
        Column("fetched_at", TIME, "When the raw document was fetched, if delivered with it.", nullable=True),
        Column("word_count", pa.int32(), "Words of the text; in scripts without spaces, letters."),
        Column("text_digest", TEXT, "32 hex digits: BLAKE2b of the text."),
        Column(
            "furniture_removed",
            TEXTS,
            "The lines that were taken out: first what the page shows not to be its text, then furniture.",
        ),
        Column("is_stub", pa.bool_(), "A paywall teaser or another text that breaks off or is a shell."),
        Column("extractor", TEXT, "Name and version of what took the text out of the raw document."),
        Column("raw_ref", TEXT, "The raw document: path in the landing zone, #, number of the record."),
    ),
    published=True,
)

REJECTS = Contract(
    "rejects",
    "one raw document that gave no article",
    ("raw_ref",),
    (
        Column("raw_ref", TEXT, "The raw document: path in the landing zone, #, number of the record."),
        Column("ingest_date", DATE, "The UTC day on which it was delivered."),
        Column("stage", TEXT, "Where it ended: read, extract or clean."),
        Column(
            "reason",
            TEXT,
            "One of: "
            + ", ".join(Reject)
            + "; machine_fault says nothing about the document and goes when a run reads it.",
        ),
        Column("detail", TEXT, "What was found, for a person.", nullable=True),
    ),
    published=True,
)

MEMBERSHIPS = Contract(
    "memberships",
    "the place of one article: its copy group, its story, and the earlier article that put it there",
    ("article_id",),
    (
        Column("article_id", TEXT, "The article."),
        Column("ingest_date", DATE, "Its day."),
        Column("copy_id", TEXT, "The article_id of the origin of its copy group."),
        Column("story_id", TEXT, "The article_id of the origin of its story."),
        Column("kind", TEXT, "One of: " + ", ".join(Kind) + "."),
        Column(
            "matched_id", TEXT, "The earlier article that put it there; null for an origin.", nullable=True
        ),
        *_FIGURES,
        Column(
            "story_score", pa.float64(), "For a report: how near it is to the story, 0 to 1.", nullable=True
        ),
        Column(
            "continues_id", TEXT, "For an origin: the closed story that its story carries on.", nullable=True
        ),
    ),
    published=True,
)

LINKS = Contract(
    "links",
    "one compared pair, accepted or refused, and why",
    ("article_id", "other_id"),
    (
        Column("article_id", TEXT, "The later article."),
        Column("other_id", TEXT, "The earlier article."),
        Column("kind", TEXT, "exact, near, excerpt, expanded or refetch; null when refused.", nullable=True),
        Column("jaccard", pa.float64(), "Shared shingles over all shingles of the two texts."),
        Column("containment", pa.float64(), "Share of the later article's shingles that the other has."),
        Column("containment_other", pa.float64(), "Share of the other's shingles that the later has."),
        Column("accepted", pa.bool_(), "Whether the two are copies."),
        Column("reason", TEXT, "The rule that decided."),
        Column("rule_version", pa.int32(), "Version of the rules."),
    ),
    published=True,
    partition="the ingestion day of the later article",
)

STORIES = Contract(
    "stories",
    "one story, as known now",
    ("story_id",),
    (
        Column("story_id", TEXT, "The article_id of its origin; it never changes."),
        Column("first_date", DATE, "The ingestion day of its first article."),
        Column("last_date", DATE, "The ingestion day of its latest article."),
        Column("canonical_id", TEXT, "The article to read."),
        Column("canonical_url", TEXT, "Its address.", nullable=True),
        Column("canonical_reason", TEXT, "Why this one."),
        Column("title", TEXT, "Its headline.", nullable=True),
        Column("lead", TEXT, "Its first paragraph.", nullable=True),
        Column("languages", TEXTS, "The languages of its articles, sorted."),
        Column("n_articles", pa.int32(), "Articles, refetches not counted."),
        Column("n_copies", pa.int32(), "Articles that are copies of another member: reach."),
        Column("n_copy_groups", pa.int32(), "Texts written independently: confirmation."),
        Column(
            "n_outlets",
            pa.int32(),
            "Known publishers among its articles: outlets or, where none is named, hosts.",
        ),
        Column("first_published_at", TIME, "The earliest known publication.", nullable=True),
        Column("last_published_at", TIME, "The latest known publication.", nullable=True),
        Column("members", TEXTS, "article_ids in the order in which they joined, refetches left out."),
        Column("outlets", TEXTS, "The known publishers, sorted: outlet or, without one, host."),
        Column("keywords", TEXTS, "A few rare terms that its articles share, the strongest first."),
        Column(
            "mean_score", pa.float64(), "Mean story_score of its reports; null without one.", nullable=True
        ),
        Column("weakest_score", pa.float64(), "The lowest story_score of its reports.", nullable=True),
        Column("continues_id", TEXT, "The closed story that it carries on, if any.", nullable=True),
    ),
    published=True,
    partition="the day of its first article",
)


def _counts(**meanings: str) -> tuple[Column, ...]:
    return tuple(Column(name, pa.int64(), meaning) for name, meaning in meanings.items())


def _structs(*optional: str, **types: pa.DataType) -> pa.DataType:
    fields = [pa.field(name, type_, nullable=name in optional) for name, type_ in types.items()]
    return pa.list_(pa.field("element", pa.struct(fields), nullable=False))


RUNS = Contract(
    "runs",
    "one completed run of a day",
    ("ingest_date",),
    (
        Column("ingest_date", DATE, "The day."),
        *_counts(
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
            _structs(reason=TEXT, n=pa.int64()),
            "Rejects counted by reason, sorted by reason.",
        ),
        Column(
            "inputs",
            _structs(table=TEXT, day=TEXT, digest=TEXT),
            "What the run read: logical digests by table and day, 'missing' where there was none.",
        ),
        Column("settings_digest", TEXT, "Digest of the settings that change results."),
        Column(
            "versions", _structs(name=TEXT, version=TEXT), "Versions of the rules and libraries that matter."
        ),
        Column(
            "is_capped", pa.bool_(), "Whether a cap that depends on the machine struck (timeout, memory)."
        ),
        Column(
            "n_stage_faults",
            pa.int64(),
            "Entries of stage_faults; null in a day that contract version 1 wrote.",
            nullable=True,
        ),
        Column(
            "stage_faults",
            _structs("other_id", article_id=TEXT, other_id=TEXT, stage=TEXT, error=TEXT),
            "Documents of the day on which a stage after extraction raised, sorted: article_id, or raw_ref where the document"
            " gave no article; of a pair also the other_id; the stage; the kind of error. Each stayed alone there.",
            nullable=True,
        ),
    ),
    published=True,
)

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
        Column("n_articles", pa.int32(), "Different articles that have it, copies counted once."),
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
        *(Column(c.name, c.type, c.meaning, nullable=c.name != "raw_ref") for c in ARTICLES.columns),
        Column("stage", TEXT, "Where it ended, for a reject.", nullable=True),
        Column("reason", TEXT, "Why it is none.", nullable=True),
        Column("detail", TEXT, "What was found.", nullable=True),
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

_COMPARED = ("text", "title", "canonical_url", "outlet", "published_at", "fetched_at")
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
MEMBERS = Contract(
    "members",
    "one membership with what a story's summary needs of its article",
    ("article_id",),
    (
        *MEMBERSHIPS.columns,
        *(ARTICLES.columns[ARTICLES.names.index(n)] for n in _MEMBER),
        Column("keywords", TEXTS, "The article's keywords; empty for a copy."),
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

PUBLISHED = (ARTICLES, REJECTS, LINKS, MEMBERSHIPS, STORIES, RUNS)
INTERNAL = (
    RAW,
    EXTRACTED,
    OUTLINES,
    LINES,
    CLEANED,
    DELIVERIES,
    SIGNATURES,
    BUCKETS,
    CANDIDATES,
    SKETCHED,
    COMPARED,
    TERMS,
    MEMBERS,
    FAULTS,
)
BY_NAME = {c.name: c for c in PUBLISHED + INTERNAL}
