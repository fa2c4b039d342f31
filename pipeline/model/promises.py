"""What the contract promises of rows beside types and keys: closed sets of values, bounds, what an id refers to, what adds up.

`newsfold verify --contract` checks each of them on what is published, under its `rule`, and `newsfold schema` tells each. A promise is about rows of
its contract version: a column that a file lacks is not asked about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.model.kinds import COPIES, Capture, Confidence, Kind, Precision, Reject

MAX_AGE_HOURS = (
    26  # a day is published within two hours of its end: until then the newest is up to 24 + 2 hours old
)
WINDOW_DAYS = 14  # the default of the setting: ids lead so far back, those of stories that go on further


@dataclass(frozen=True)
class OneOf:
    """A column has one of these values, or null where it may be null."""

    table: str
    column: str
    values: tuple[str, ...]
    is_open: bool = False  # a later version may bring more values

    @property
    def rule(self) -> str:
        return f"{self.column}: values"

    @property
    def sentence(self) -> str:
        return f"{self.column} is one of {', '.join(self.values)}."


@dataclass(frozen=True)
class Between:
    """A number is within these bounds, both included, or null where it may be null."""

    table: str
    column: str
    least: float
    most: float | None = None

    @property
    def rule(self) -> str:
        return f"{self.column}: bounds"

    @property
    def sentence(self) -> str:
        bound = f" and at most {self.most:g}" if self.most is not None else ""
        return f"{self.column} is at least {self.least:g}{bound}."


@dataclass(frozen=True)
class Pattern:
    """A text matches this regular expression as a whole (RE2), or is null where it may be null."""

    table: str
    column: str
    expression: str

    @property
    def rule(self) -> str:
        return f"{self.column}: pattern"

    @property
    def sentence(self) -> str:
        return f"{self.column} matches {self.expression}."


@dataclass(frozen=True)
class Refers:
    """Every id of a column is a key of another table; `column` may be a list, or a field of a list of structs (`newsrooms.article_id`).

    With `same_day`, in the partition of the same day; else in that of the day that the id names.
    """

    table: str
    column: str
    to: str
    same_day: bool = False

    @property
    def rule(self) -> str:
        return f"{self.column}: in {self.to}"

    @property
    def sentence(self) -> str:
        where = "on the same day" if self.same_day else "on the day that the id names"
        return f"{self.column} is {KEYS[self.to]} of {self.to} {where}."


@dataclass(frozen=True)
class Adds:
    """What only words say; the rule of that name in `pipeline.upkeep` checks it."""

    table: str
    name: str
    sentence: str

    @property
    def rule(self) -> str:
        return self.name


KEYS = {"articles": "article_id", "memberships": "article_id", "stories": "story_id"}

_ID = "[0-9]{8}[0-9a-f]{24}"
_LINKED = tuple(kind.value for kind in (*COPIES, Kind.REFETCH, Kind.REVISION))


def _names(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


VALUES = (
    OneOf("articles", "published_at_source", ("page", "feed", "url", "text")),
    OneOf("articles", "published_precision", _names(Precision)),
    OneOf("rejects", "stage", ("read", "extract", "clean")),
    OneOf("rejects", "reason", _names(Reject), is_open=True),
    OneOf("links", "kind", _LINKED),
    OneOf("memberships", "kind", _names(Kind)),
    OneOf("memberships", "capture", _names(Capture)),
    OneOf("memberships", "published_precision", _names(Precision)),
    OneOf("flows", "kind", _names(COPIES)),
    OneOf("flows", "from_kind", ("outlet", "agency")),
    OneOf("flows", "confidence", _names(Confidence)),
)
_SHARES = (
    *(("links", name) for name in ("jaccard", "containment", "containment_other")),
    *(("memberships", name) for name in ("jaccard", "containment")),
    ("revisions", "jaccard"),
    ("flows", "share"),
    ("additions", "new_share"),
)
_COUNTS = (
    ("articles", "word_count"),
    ("memberships", "version"),
    *(("revisions", name) for name in ("n_added", "n_removed", "n_changed")),
    *(("additions", name) for name in ("n_sentences", "n_new_sentences")),
    *(("stories", name) for name in ("n_copies", "n_outlets", "n_newsrooms", "n_agencies")),
)
BOUNDS = (
    *(Between(table, column, 0, 1) for table, column in _SHARES),
    *(Between(table, column, 0) for table, column in _COUNTS),
    Between("memberships", "story_score", 0, 1.55),  # the setting `languages` adds to it
    *(Between("stories", column, 0, 1.55) for column in ("mean_score", "weakest_score")),
    *(Between("stories", column, 1) for column in ("n_articles", "n_copy_groups", "n_sources")),
    Between("revisions", "number", 1),
)
PATTERNS = (
    Pattern("articles", "article_id", _ID),
    Pattern("articles", "text_digest", "[0-9a-f]{32}"),
    Pattern("articles", "language", "[a-z]{2,3}"),
    Pattern("stories", "story_id", _ID),
)
REFERENCES = (
    Refers("memberships", "article_id", "articles", same_day=True),
    Refers("memberships", "copy_id", "articles"),
    Refers("memberships", "matched_id", "articles"),
    Refers("memberships", "story_id", "stories"),
    Refers("links", "article_id", "articles", same_day=True),
    Refers("links", "other_id", "articles"),
    Refers("revisions", "article_id", "articles", same_day=True),
    Refers("revisions", "previous_id", "articles"),
    Refers("revisions", "first_id", "articles"),
    Refers("flows", "copy_id", "articles"),
    Refers("flows", "to_article_id", "articles"),
    Refers("flows", "from_article_id", "articles"),
    Refers("additions", "article_id", "articles", same_day=True),
    Refers("additions", "story_id", "stories"),
    Refers("stories", "story_id", "articles"),
    Refers("stories", "canonical_id", "articles"),
    Refers("stories", "title_from", "articles"),
    Refers("stories", "members", "articles"),
    Refers("stories", "newsrooms.article_id", "articles"),
)
SUMS = (
    Adds("articles", "precision", "published_precision is null exactly where published_at is."),
    Adds("memberships", "repeated", "outlet_id, published_at and published_precision are those of articles."),
    Adds("memberships", "every_article", "Every article of the day has one row."),
    Adds("memberships", "own_origin", "The origin of a copy group (article_id = copy_id) has kind origin or report, others never."),
    Adds("memberships", "in_its_story", "Every article but later captures is among the members of its story."),
    Adds("links", "kind_if_accepted", "kind is null exactly where accepted is false."),
    Adds("stories", "counted", "n_articles counts members, n_outlets counts outlets."),
    Adds("stories", "newsrooms_counted", "n_newsrooms counts newsrooms."),
    Adds("stories", "begins_with_itself", "story_id is among the members."),
    Adds("stories", "in_time", "first_date is not after last_date, first_published_at not after last_published_at."),
    Adds("runs", "conserved", "n_raw is n_articles + n_rejects."),
    Adds("runs", "counted", "Each count is that of the rows of the day's tables."),
    Adds("runs", "reasons", "rejects_by_reason counts the day's rejects by reason."),
)  # fmt: skip
EVERYWHERE = (
    Adds("", "readable", "Each day is one file that can be read, with the types of the contract."),
    Adds("", "there", "A completed day has every table; what was retired has lost its texts."),
    Adds("", "digest", "Rows and bytes are those of the manifest."),
    Adds("", "in_order", "Rows are sorted by the key."),
    Adds("", "key", "No key is there twice."),
    Adds("", "not_null", "A column is null only where it may be."),
    Adds("", "of_its_day", "ingest_date (stories: first_date) is the day of the partition, and so is the day in the id."),
)  # fmt: skip
Promise = OneOf | Between | Pattern | Refers | Adds
PROMISES: tuple[Promise, ...] = (*VALUES, *BOUNDS, *PATTERNS, *REFERENCES, *SUMS)


def of_table(name: str) -> list[Promise]:
    """The promises about one table, in the declared order."""
    return [promise for promise in PROMISES if promise.table == name]


def meaning(table: str, rule: str) -> str:
    """What a rule of a table says, by the name that `newsfold verify --contract` gives it: `conserved`, `jaccard: bounds`, `text: not_null`."""
    about = {one.rule: one.sentence for one in (*EVERYWHERE, *of_table(table))}
    return about.get(rule) or about[rule.rpartition(": ")[2]]
