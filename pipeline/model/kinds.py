"""The closed sets of values: why a document gave no article, how an article came to its copy group, how exactly a time is known."""

from enum import StrEnum


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
    # The parser's process died of it, and again of the same when it had nothing else to read.
    CRASHED = "crashed"
    EXTRACTOR_FAILED = "extractor_failed"  # the parser raised
    # The machine failed to give or to read it; the day is stale until a run reads it.
    MACHINE_FAULT = "machine_fault"
    REDELIVERED = "redelivered"  # the same document is already an article of this day
    REMOVED = "removed"  # somebody had it removed for good


class Kind(StrEnum):
    """How an article came to its copy group and story."""

    ORIGIN = "origin"  # it joined nothing: the first of its copy group and of its story
    EXACT = "exact"  # the words of the origin, in the same order
    NEAR = "near"  # the origin with edits
    EXCERPT = "excerpt"  # a part of the origin
    EXPANDED = "expanded"  # the origin and more
    REFETCH = "refetch"  # a later capture of the same page with the same text, or a part of it
    REPORT = "report"  # a text of its own that reports an existing story
    REVISION = "revision"  # a later capture of the same page with another text


# Copies of another text. A later capture of the same page is none.
COPIES = (Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED)


class Reason(StrEnum):
    """The rule that decided on a compared pair."""

    SAME_WORDS = "same words"
    SHINGLES = "shared shingles"
    ALIGNED = "same words throughout, with edits"
    CONTAINED = "one contains the other"
    LITTLE = "too little in common"
    SHORT = "too short to tell"
    QUOTATION = "shared quotation or list"
    NUMBERS = "same frame, other numbers"
    NAMES = "same frame, other names"
    RERUN = "same frame, days later"


class Precision(StrEnum):
    """How exactly it is known when an article was published."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"  # no hour was written, or one of a zone that is not known


class Capture(StrEnum):
    """What a later capture of a page is to the one before it."""

    UNCHANGED = "unchanged"  # the same text
    TITLE_CHANGED = "title_changed"  # the same text under a new headline
    PARTIAL = "partial"  # the head or another run of its sentences, and no more
    REVISED = "revised"  # sentences were added, removed or changed
    FULLER = "fuller"  # sentences were added, and nothing else
    REWRITTEN = "rewritten"  # under a fifth of it is in the one before


class Confidence(StrEnum):
    """How sure it is that one outlet took a text from another."""

    STATED = "stated"  # the text credits it
    EARLIER = "earlier"  # it does not, and the other was clearly published before
    UNCLEAR = "unclear"  # the times tie, or one of them is not known


# Captures that count nowhere: a page does not confirm itself.
CAPTURES = frozenset({Kind.REFETCH, Kind.REVISION})
# What makes a later capture a version of its own.
REVISED = frozenset({Capture.REVISED, Capture.FULLER, Capture.REWRITTEN})

# The kind of a copy's link by number, as compiled code knows it: 0 is a refused link.
LINK_KINDS = (None, *COPIES)
