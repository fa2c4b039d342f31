"""What gave no article: by reason, document by document; and what the bytes of one begin with."""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.explorer import paging
from pipeline.explorer.models import RejectLine, RejectPage, Rejects
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.stories import counted
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.kinds import Reject
from pipeline.model.tables import REJECTS

MEANINGS = {
    Reject.UNREADABLE: "The bytes could not be decompressed or decoded.",
    Reject.TRUNCATED: "The file breaks off inside this record.",
    Reject.BAD_RECORD: "The record lacks what every record must have.",
    Reject.OUTSIDE_LANDING: "It is a link that leads out of the landing zone.",
    Reject.UNKNOWN_FORMAT: "The name of the file has no known ending.",
    Reject.TOO_LARGE: "It has more bytes than a document may have.",
    Reject.TOO_COMPLEX: "It has more nodes, or is deeper, than a document may be.",
    Reject.REVISIT: "The record only refers to an earlier capture.",
    Reject.NOT_A_PAGE: "It is binary, a feed or a sitemap: no page.",
    Reject.NO_TEXT: "It is a page without an article's text.",
    Reject.TOO_SHORT: "Its text is too short to be told from another.",
    Reject.TIMEOUT: "The parser used more CPU time than a document may.",
    Reject.MEMORY: "The parser used more memory than a document may.",
    Reject.CRASHED: "The parser's process died of it, twice.",
    Reject.EXTRACTOR_FAILED: "The parser raised an error.",
    Reject.MACHINE_FAULT: "The machine failed to read it; the next run tries again.",
    Reject.REMOVED: "Somebody had it removed for good.",
    Reject.REDELIVERED: "The same document is already an article of this day.",
}


def meaning(reason: str) -> str:
    """What a reason says, as a sentence."""
    known = {str(one): said for one, said in MEANINGS.items()}
    return known.get(reason, "A reason of another version.")


def rejects(
    snapshot: Snapshot, days: list[date], reason: str | None, limit: int, cursor: str | None = None
) -> Rejects:
    """A page of the rejects of some days, of all when none are named, in the order of day and raw_ref."""
    table = matching(snapshot, days, None)
    reasons = counted(table["reason"], len(Reject) + 10)
    wanted = table.filter(pc.field("reason") == reason) if reason else table
    after = paging.parse(cursor, (str, str))
    rest = wanted if after is None else wanted.filter(_is_after(str(after[0]), str(after[1])))
    rows = rest.slice(0, limit).to_pylist()
    more = rest.num_rows > limit
    return Rejects(
        publication=snapshot.publication,
        items=[_line(row) for row in rows],
        reasons=reasons,
        left_out=sorted(snapshot.torn),
        total=wanted.num_rows,
        next_cursor=paging.spell((str(rows[-1]["ingest_date"]), rows[-1]["raw_ref"])) if more else None,
    )


def matching(snapshot: Snapshot, days: list[date], reason: str | None) -> pa.Table:
    """REJECTS of these days, of all when none are named, by day and raw_ref."""
    tables = snapshot.scan(REJECTS, days or snapshot.days(REJECTS), REJECTS.names)
    found = pa.concat_tables([REJECTS.empty(), *tables])
    return found.filter(pc.field("reason") == reason) if reason else found


def find(snapshot: Snapshot, day: date, raw_ref: str) -> RejectLine:
    """Raises MissingInputError where the day has no such reject."""
    snapshot.refuse_torn(day)
    rows = snapshot.read(REJECTS, day, where=pc.field("raw_ref") == raw_ref).to_pylist()
    if not rows:
        raise MissingInputError(f"no such document among the rejects of {day}")
    return _line(rows[0])


def reject_page(snapshot: Snapshot, found: RejectLine, head: str | None, note: str | None) -> RejectPage:
    return RejectPage(
        publication=snapshot.publication,
        reject=found,
        meaning=meaning(found.reason),
        head=head,
        note=note,
    )


def _is_after(day: str, raw_ref: str) -> pc.Expression:
    try:
        at = date.fromisoformat(day)
    except ValueError:
        raise SettingsError("cursor: it is not one of this list; leave it out to begin at the top") from None
    is_later = pc.field("ingest_date") > at
    return is_later | ((pc.field("ingest_date") == at) & (pc.field("raw_ref") > raw_ref))


def _line(row: dict[str, Any]) -> RejectLine:
    return RejectLine(
        raw_ref=row["raw_ref"],
        day=row["ingest_date"],
        **{name: row[name] for name in ("stage", "reason", "detail")},
    )
