"""The tables promised to consumers: what one row is, its columns, their types and meanings, its key.

This, `additions_table.py` and `runs_table.py` are the only places where a published column is declared. The Parquet schemas, the checks at the seams, the data
dictionary (`newsfold schema`, `docs/tables.md`) and the tests' builders are made from it.
"""

import pyarrow as pa

from pipeline.model.additions_table import ADDITIONS
from pipeline.model.changes_table import CHANGES
from pipeline.model.contract import DATE, HEADLINE_VECTOR, TEXT, TEXTS, TIME, Column, Contract, structs
from pipeline.model.harvest_table import HARVEST
from pipeline.model.kinds import Capture, Confidence, Kind, Reject
from pipeline.model.runs_table import RUNS

__all__ = [
    "ADDITIONS",
    "ARTICLES",
    "FLOWS",
    "HARVEST",
    "JOURNALS",
    "LINKS",
    "MEMBERSHIPS",
    "OF_ARTICLE",
    "PUBLISHED",
    "REJECTS",
    "REVISIONS",
    "RUNS",
    "STORIES",
]

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
        Column(
            "url",
            TEXT,
            "The address as delivered; where none was, the one that the page states.",
            nullable=True,
        ),
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
        Column(
            "published_precision",
            TEXT,
            "How exactly that is known: second, minute or day. A day is stored as 00:00 UTC of the written date and counts as"
            " its end in every order. Null exactly where published_at is.",
            nullable=True,
            since=2,
        ),
        Column(
            "modified_at",
            TIME,
            "When it says it was last changed; null when unknown, or known by the day alone.",
            nullable=True,
            since=2,
        ),
        Column(
            "outlet_id",
            TEXT,
            "The outlet of the outlets' file, else the registrable domain, else a slug of the named outlet.",
            nullable=True,
            since=2,
        ),
        Column(
            "agency",
            TEXT,
            "The wire service that this document states as the supplier of its text, two with a comma between; null on its own"
            " pages.",
            nullable=True,
            since=2,
        ),
        Column(
            "source_url",
            TEXT,
            "The article of another site that it names as its own.",
            nullable=True,
            since=2,
        ),
        Column(
            "headline_vector",
            HEADLINE_VECTOR,
            "What the headline says, in any language of the setting languages: near headlines have a cosine near 1. Null without"
            " the setting.",
            nullable=True,
            since=2,
        ),
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

OF_ARTICLE = ("outlet_id", "published_at", "published_precision")  # what most queries join for


def _of_article(name: str) -> Column:
    """A column of `articles` that `memberships` repeats."""
    column = ARTICLES.columns[ARTICLES.names.index(name)]
    return Column(name, column.type, f"{name} of its article.", nullable=True, since=2)


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
            "story_score",
            pa.float64(),
            "For a report: how near it is to the story, 0 to 1; with the setting languages up to 1.55.",
            nullable=True,
        ),
        Column(
            "continues_id", TEXT, "For an origin: the closed story that its story carries on.", nullable=True
        ),
        Column(
            "capture",
            TEXT,
            "For a refetch or revision, what it is to the capture before it: " + ", ".join(Capture) + ".",
            nullable=True,
            since=2,
        ),
        Column(
            "version",
            pa.int32(),
            "For a refetch or revision: revisions of its page up to it, itself counted; null where nothing orders the captures"
            " of a day.",
            nullable=True,
            since=2,
        ),
        Column(
            "agency",
            TEXT,
            "The wire service that supplied its text: stated by it, or by a text of its copy group that has most of its words.",
            nullable=True,
            since=2,
        ),
        Column("saga_id", TEXT, "Its story's saga, by the saga's first story.", nullable=True, since=2),
        *(_of_article(name) for name in OF_ARTICLE),
    ),
    published=True,
)

REVISIONS = Contract(
    "revisions",
    "one later capture of a page with another text, and what changed",
    ("article_id",),
    (
        Column("article_id", TEXT, "The revision."),
        Column("ingest_date", DATE, "Its day."),
        Column("previous_id", TEXT, "The capture before it, with which it is compared."),
        Column(
            "first_id",
            TEXT,
            "The first capture of the page in the window, whose copy group and story it is in.",
        ),
        Column(
            "number",
            pa.int32(),
            "1 for the first revision of a page, and so on; null where nothing orders the captures of a day.",
            nullable=True,
        ),
        Column("n_added", pa.int32(), "Sentences that only this version has."),
        Column("n_removed", pa.int32(), "Sentences that only the one before has."),
        Column(
            "n_changed",
            pa.int32(),
            "Sentences of which at least half of the words of both stand in both in one order.",
        ),
        Column("added", TEXTS, "The added sentences, in their order."),
        Column("removed", TEXTS, "The removed sentences, in their order."),
        Column("changed_from", TEXTS, "The changed sentences as they were, in the order of this version."),
        Column("changed_to", TEXTS, "The same sentences as they are now."),
        Column(
            "numbers_from", TEXTS, "Numbers of changed sentences that are gone; empty where one only came."
        ),
        Column("numbers_to", TEXTS, "The numbers in their place; empty where one only went."),
        Column(
            "names_from",
            TEXTS,
            "Words with a capital inside changed sentences that are gone; empty where one only came.",
        ),
        Column("names_to", TEXTS, "Those in their place; empty where one only went."),
        Column("is_correction", pa.bool_(), "Whether it came with a note that the article was corrected."),
        Column("correction", TEXT, "The sentence of that note.", nullable=True),
        Column("is_minor", pa.bool_(), "Whether only case, spaces and signs differ."),
        Column("is_rewritten", pa.bool_(), "Whether under a fifth of its words is in the one before."),
        Column("jaccard", pa.float64(), "Shared shingles over all shingles of the two texts."),
    ),
    published=True,
)

FLOWS = Contract(
    "flows",
    "one outlet that took a text, per day and copy group",
    ("copy_id", "to_outlet"),
    (
        Column("copy_id", TEXT, "The copy group."),
        Column("to_outlet", TEXT, "The outlet that took the text: outlet or, without one, host."),
        Column(
            "ingest_date", DATE, "The day of its article or, if that came later, of the source's article."
        ),
        Column("to_article_id", TEXT, "Its article, the earliest one."),
        Column("from_name", TEXT, "Whom it took it from: outlet, host or agency."),
        Column("from_kind", TEXT, "What that is: outlet or agency."),
        Column("from_article_id", TEXT, "Its article; null where the window has none.", nullable=True),
        Column("kind", TEXT, "exact, near, excerpt or expanded; null without that.", nullable=True),
        Column("share", pa.float64(), "Share of the taken article's shingles in the other.", nullable=True),
        Column(
            "lag_minutes", pa.int64(), "Whole minutes between; null if a time is not known.", nullable=True
        ),
        Column("confidence", TEXT, "One of: " + ", ".join(Confidence) + "."),
        Column("to_outlet_id", TEXT, "The outlet that took it, as in articles.", nullable=True),
        Column(
            "from_outlet_id",
            TEXT,
            "The outlet that it is from, as in articles; null for an agency, and where only a name is known.",
            nullable=True,
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
        Column(
            "kind",
            TEXT,
            "exact, near, excerpt, expanded, refetch or revision; null when refused.",
            nullable=True,
        ),
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
        Column(
            "canonical_id", TEXT, "The article to read; it may be a revision, which is not among the members."
        ),
        Column("canonical_url", TEXT, "Its address.", nullable=True),
        Column("canonical_reason", TEXT, "Why this one."),
        Column(
            "title",
            TEXT,
            "Its headline or, if it has none, the best one of the story (title_from); null if no member has one.",
            nullable=True,
        ),
        Column("lead", TEXT, "The first sentence of its lead.", nullable=True),
        Column("languages", TEXTS, "The languages of its articles, sorted."),
        Column("n_articles", pa.int32(), "Articles; later captures of a page are not counted."),
        Column("n_copies", pa.int32(), "Articles that are copies of another member: reach."),
        Column("n_copy_groups", pa.int32(), "Texts written independently: confirmation."),
        Column("n_outlets", pa.int32(), "Known publishers: outlets or, where none is named, hosts."),
        Column(
            "first_published_at",
            TIME,
            "The earliest known publication; a date without an hour counts as its end.",
            nullable=True,
        ),
        Column("last_published_at", TIME, "The latest known publication.", nullable=True),
        Column("members", TEXTS, "article_ids as they joined; later captures of a page are left out."),
        Column("outlets", TEXTS, "The known publishers, sorted: outlet or, without one, host."),
        Column(
            "keywords",
            TEXTS,
            "A few rare terms that its articles share, as most spell them, the strongest first.",
        ),
        Column(
            "mean_score", pa.float64(), "Mean story_score of its reports; null without one.", nullable=True
        ),
        Column("weakest_score", pa.float64(), "The lowest story_score of its reports.", nullable=True),
        Column("continues_id", TEXT, "The closed story that it carries on, if any.", nullable=True),
        Column(
            "url", TEXT, "The canonical article's address as delivered, to link to.", nullable=True, since=2
        ),
        Column(
            "title_from", TEXT, "The article that the title is from, if there is one.", nullable=True, since=2
        ),
        Column(
            "label",
            TEXT,
            "What it is about in three to six words, where its texts have so many.",
            nullable=True,
            since=2,
        ),
        Column(
            "n_newsrooms",
            pa.int32(),
            "Owner families with a text of their own; null in a day that contract version 1 wrote.",
            nullable=True,
            since=2,
        ),
        Column("n_agencies", pa.int32(), "Agencies whose text it holds.", nullable=True, since=2),
        Column(
            "n_sources",
            pa.int32(),
            "Newsrooms, agencies, and texts whose source is not known; at least 1.",
            nullable=True,
            since=2,
        ),
        Column(
            "newsrooms",
            structs(newsroom=TEXT, article_id=TEXT),
            "Each newsroom with the article that is the evidence, sorted by newsroom.",
            nullable=True,
            since=2,
        ),
        Column("saga_id", TEXT, "Its saga, by the saga's first story.", nullable=True, since=2),
    ),
    published=True,
    partition="the day of its first article",
)


PUBLISHED = (ARTICLES, REJECTS, LINKS, MEMBERSHIPS, REVISIONS, FLOWS, ADDITIONS, STORIES, RUNS)
JOURNALS = (
    CHANGES,
    HARVEST,
)  # published, too, by whoever keeps them: no day is made of them, and none can be made again
