"""Records within an object: what interfaces answer with, `{"status": "ok", "articles": [ … ]}`."""

from collections.abc import Mapping

# What holds the records, or the object that holds them.
LIST_NAMES = frozenset(
    {
        *("articles", "items", "results", "data", "records", "documents", "docs", "entries", "news", "posts", "stories"),
        *("hits", "rows", "response", "value", "feed", "channel", "item", "entry", "payload"),
    }
)  # fmt: skip
_BODIES = ("html", "text", "content", "body", "maintext", "plaintext", "raw_html", "articleBody", "full_text")
_MAX_LEVELS = 3


def records_in(fields: Mapping[str, object], levels: int = _MAX_LEVELS) -> list[Mapping[str, object]]:
    """The records of an object's list; the object itself, where it has no list of records or a body of its own."""
    source = fields.get("_source")  # of Elasticsearch
    if isinstance(source, Mapping):
        return [source]
    if any(isinstance(fields.get(name), str) for name in _BODIES) or not levels:
        return [fields]
    for name, value in fields.items():
        if name.lower() not in LIST_NAMES:
            continue
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            return [record for one in value for record in records_in(one, 1)]
        if isinstance(value, Mapping) and (inner := records_in(value, levels - 1)) != [value]:
            return inner
    return [fields]
