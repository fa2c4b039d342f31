"""The raw documents that gave no article, by reason, with what their bytes begin with."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.app import request
from pipeline.day.desk import Desk
from pipeline.explain.heads import heads_of, told
from pipeline.model.arrow import equals, texts
from pipeline.model.contract import Row
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.kinds import Reject
from pipeline.model.tables import REJECTS
from pipeline.store import notes

log = logging.getLogger(__name__)


def rejects(desk: Desk, days: Sequence[date], reason: str | None, limit: int) -> list[dict[str, Any]]:
    """One record a reason, the most frequent first: how many documents, and the first `limit` of them with the head of their bytes.

    Of all days when none are named. Raises MissingInputError where none or one of these was not published, SettingsError for a word that is no reason.
    """
    made = desk.warehouse.days(REJECTS)
    if not made:
        raise MissingInputError(f"{desk.warehouse.storage.uri}: no published rejects there; run a day first")
    request.refuse_unpublished(days, made, desk.warehouse.storage.uri)
    if gone := [day for day in days or made if day < notes.retired_before(desk.warehouse)]:
        log.warning("not counted, retired with the texts: rejects of %s to %s", min(gone), max(gone))
    counted, first = Counter[str](), dict[str, list[Row]]()
    for day in days or made:
        for table in desk.warehouse.scan(REJECTS, [day]):
            counted.update(texts(table["reason"]))
            for one in set(texts(table["reason"])):
                known = first.setdefault(one, [])
                rows = table.filter(equals(table["reason"], one)).slice(0, limit - len(known)).to_pylist()
                known += rows
    if reason not in {None, *Reject, *counted}:
        raise SettingsError(f"{reason!r} is no reason; known are {', '.join(Reject)}")
    chosen = {one: n for one, n in counted.items() if reason in {None, one}}
    heads = heads_of(desk, [row for one in chosen for row in first[one]])
    return [
        {"reason": one, "n": n, "stage": first[one][0]["stage"] if first[one] else None}
        | {"documents": [_about(row, heads) for row in first[one]]}
        for one, n in sorted(chosen.items(), key=lambda found: (-found[1], found[0]))
    ]


def _about(row: Row, heads: Mapping[str, bytes | None]) -> dict[str, Any]:
    head, note = told(heads, row)
    about = {"raw_ref": row["raw_ref"], "day": row["ingest_date"], "detail": row["detail"]}
    return about | {"head": head, "note": note}
