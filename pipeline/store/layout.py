"""Where everything stands in a warehouse: every path is spelt here, relative to its root.

    <table>/day=YYYY-MM-DD/part-0.parquet               published: promised to consumers
    _meta/state/<table>/day=YYYY-MM-DD/part-0.parquet   internal: what the next days need
    _meta/state/extracted/day=YYYY-MM-DD/<key>.parquet  what documents say, by the landing files that a part covers
    _meta/manifests/<table>/day=YYYY-MM-DD.json         what stands in a partition and what it was made from
    _meta/begun/day=YYYY-MM-DD                          a run of the day began (store.notes)
    _meta/held/day=YYYY-MM-DD                           the day is held back, and why (store.notes)
    _meta/retired                                       the first day that keeps its texts (store.notes)
    _meta/landing.json                                  the landing zone that the warehouse is made from (store.notes)
    _meta/damaged.json                                  damaged state that a repair removes (store.notes)
    _meta/index/<kind>/YYYY-MM.parquet                  what small files of that month say, so that one request tells (store.index)
    _meta/search/day=YYYY-MM-DD/<made from>-<bytes>.db  the words of a day's articles, for full-text search (search.files)
    _meta/harvest/<hosts|outlets>/<name>.json.z         what the harvest remembers of a host, an outlet (harvest.state)
    _meta/removed.json, _meta/removed-copy.json         what was removed for good (store.removals)
    changes/from=NNNNNNNNNNNNNNNN/part-0.parquet        the feed of changes, a file a range of publications (store.feed)
    _meta/changes/                                      its newest number; what publishers are about to replace (store.telling)
    _meta/staging/                                      what is being written; `gc` removes what a killed run left
    _meta/locks/                                        one file for each lock
    _meta/set_aside/                                    what stood where a file or folder of ours belongs; nothing removes it
    _meta/reports/YYYY-MM-DD.md, YYYY-MM-DD.html        pages of an example of a consumer
    _meta/iceberg/                                      the exported catalog (upkeep.iceberg)

Nothing but partitions ever stands below a published table's folder: readers take whatever is there.
"""

import uuid
from datetime import date

from pipeline.model.changes_table import CHANGES
from pipeline.model.contract import Contract
from pipeline.model.days import folder_of
from pipeline.model.tables import JOURNALS

_META = "_meta"
STATE = f"{_META}/state"
EXTRACTED = f"{STATE}/extracted"
MANIFESTS = f"{_META}/manifests"
BEGUN, HELD = f"{_META}/begun", f"{_META}/held"
RETIRED, LANDING, DAMAGED = f"{_META}/retired", f"{_META}/landing.json", f"{_META}/damaged.json"
REMOVED, REMOVED_COPY = f"{_META}/removed.json", f"{_META}/removed-copy.json"
REMOVALS_LOCK = "run/removals"
STAGING, LOCKS = f"{_META}/staging", f"{_META}/locks"
SET_ASIDE = f"{_META}/set_aside"
INDEX = f"{_META}/index"
SEARCH = f"{_META}/search"
HARVEST = f"{_META}/harvest"
HARVEST_LOCK = "run/harvest"
RETIREMENT_LOCK = "run/retirement"
ICEBERG, REPORTS = f"{_META}/iceberg", f"{_META}/reports"
CHANGES_HEAD, CHANGES_PENDING = f"{_META}/changes/head.json", f"{_META}/changes/pending"
CHANGES_LOCK = "changes"
_PART = "part-0.parquet"


def table(contract: Contract) -> str:
    """The folder of a table."""
    return contract.name if contract.published else f"{STATE}/{contract.name}"


def partition_folder(contract: Contract, day: date) -> str:
    return in_day(table(contract), day)


def partition(contract: Contract, day: date) -> str:
    """The one file of a table's day."""
    return f"{partition_folder(contract, day)}/{_PART}"


def every_partition(contract: Contract) -> str:
    """The pattern by which readers find all days of a table."""
    return f"{table(contract)}/day=*/{_PART}"


def manifests(contract: Contract) -> str:
    """The folder of a table's manifests."""
    return f"{MANIFESTS}/{contract.name}"


def manifest(contract: Contract, day: date) -> str:
    return f"{in_day(manifests(contract), day)}.json"


def in_day(folder: str, day: date) -> str:
    """What a folder has for a day: a partition's folder, or a note."""
    return f"{folder}/{folder_of(day)}"


def extracted_part(day: date, key: str) -> str:
    """One part of a day's extracted documents."""
    return f"{in_day(EXTRACTED, day)}/{key}.parquet"


def index(kind: str, day: date) -> str:
    """The index of a month's files of one kind: MANIFESTS or EXTRACTED."""
    return f"{INDEX}/{kind.rpartition('/')[2]}/{day:%Y-%m}.parquet"


def search_index(day: date, made_from: str, digest: str) -> str:
    """A day's search index: what it was made from, and the digest of its bytes."""
    return f"{in_day(SEARCH, day)}/{made_from}-{digest}.db"


def changes(first: int) -> str:
    """The file of the feed of changes that begins with a publication."""
    return f"{CHANGES.name}/from={first:016d}/{_PART}"


def is_journal(path: str) -> bool:
    """Whether a file belongs to a journal: it depends on the order of runs and on the clock, so it is not compared with others."""
    return path.partition("/")[0] in {contract.name for contract in JOURNALS}


def report(day: date) -> str:
    return f"{REPORTS}/{day}.md"


def page(day: date) -> str:
    """The day as one HTML file."""
    return f"{REPORTS}/{day}.html"


# --- what is being written, and who holds it -------------------------------------------------------------------


def staged(name: str) -> str:
    """The place of something that is not published yet; the same name gives the same place."""
    return f"{STAGING}/{name}"


def new_staged(prefix: str = "") -> str:
    """A place in staging that nobody else has."""
    return staged(f"{prefix}{uuid.uuid4().hex}")


def new_set_aside(name: str) -> str:
    """A place that nobody else has for something of that name which stood in our way."""
    return f"{SET_ASIDE}/{uuid.uuid4().hex}-{name}"


def lock(name: str) -> str:
    """The file of a lock."""
    return f"{LOCKS}/{name}"


def run_lock(day: date) -> str:
    """The name of the lock that a run holds while it publishes a day."""
    return f"run/{day}"


def partition_lock(contract: Contract, day: date) -> str:
    """The name of the lock of one partition."""
    return f"{contract.name}/{day}"


def publisher_lock(name: str) -> str:
    """The name of the lock of a publisher that holds no other."""
    return f"publisher/{name}"
