"""Judgements of pairs, as a labelled file: what a benchmark of one's own reads."""

import json
from collections.abc import Iterable

from pipeline.explorer.story import refuse_malformed
from pipeline.model.errors import SettingsError

LABELS = {"same": "one text", "other": "two texts"}


def as_lines(judged: Iterable[str]) -> bytes:
    """JSON lines of what a form sends: `label.article_id.other_id`, where no label is no judgement.

    Raises SettingsError for anything else.
    """
    return "".join(f"{json.dumps(line)}\n" for one in judged if (line := _line(one))).encode()


def _line(judged: str) -> dict[str, str | bool] | None:
    label, _, ids = judged.partition(".")
    article_id, _, other_id = ids.partition(".")
    for one in (article_id, other_id):
        refuse_malformed(one)
    if label and label not in LABELS:
        raise SettingsError(f"{label[:20]!r} is no judgement; known are {', '.join(LABELS)}")
    return {"article_id": article_id, "other_id": other_id, "are_copies": label == "same"} if label else None
