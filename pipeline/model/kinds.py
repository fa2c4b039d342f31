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


# Copies of another text. A refetch is none: it is the same page again, and no count of a story counts it.
COPIES = (Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED)


class Precision(StrEnum):
    """How exactly it is known when an article was published."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"  # no hour was written, or one of a zone that is not known


# A link's kind by number, as compiled code knows it: 0 is a refused link.
LINK_KINDS = (None, *COPIES, Kind.REFETCH)
