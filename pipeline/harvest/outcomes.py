"""How an address that was seen ends: one word, or a word and a reason."""

FETCHED, NOT_MODIFIED, DUPLICATE = "fetched", "not_modified", "duplicate"
REFUSED_ROBOTS, REFUSED_SAFETY, REFUSED_GONE = "refused:robots", "refused:safety", "refused:gone"
BUDGET = "refused:budget"
DEFERRED_RETRY_AFTER, DEFERRED_BACKOFF = "deferred:retry_after", "deferred:backoff"
CRAWL_DELAY, OUT_OF_TIME = "deferred:crawl_delay", "deferred:time"


def failed(reason: object) -> str:
    """A reason is a word, or the status that was answered."""
    return f"failed:{reason}"


def kind_of(outcome: str) -> str:
    """An outcome without its reason."""
    return outcome.partition(":")[0]


def waits(outcome: str) -> bool:
    """Whether a page is asked for again in a later run though nothing names it any more."""
    return kind_of(outcome) in {"failed", "deferred"} or outcome == BUDGET
