"""One delivered record: its body, what came with it, or why there is no document in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import BinaryIO, TypeVar

from pipeline.landing.columns import NO_COLUMNS, Columns, Delivered
from pipeline.model.kinds import Reject
from pipeline.text import charsets, dates, scripts, urls, zones
from pipeline.text.markup import address, is_page, without_controls
from pipeline.text.names import names_stated

Row = dict[str, object]
_Made = TypeVar("_Made")
Reader = Callable[[BinaryIO, str, int, Columns], Iterator[Row]]

# Of an address or a headline that comes with a document; a longer one is dropped.
_MAX_DELIVERED_CHARS = 65_536
_HEAD_BYTES = 500  # within which a page says that it is one


# A page, a text or a headline takes more bytes of a file, packed or not; fewer are records that say nothing.
_FREE_RECORDS, _RECORD_BYTES = 10_000, 8


class UnreadableError(Exception):
    """The rest of a file cannot be read, and that is the file's own fault."""

    def __init__(self, reason: Reject, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def as_document(record: int, media: str, body: bytes, **delivered: object) -> Row:
    return {"record": record, "media": media, "body": body, **delivered}


def as_reject(record: int, reason: Reject, detail: str) -> Row:
    return {"record": record, "body": None, "reason": reason, "detail": detail[:500]}


def or_reject(record: int, read: Callable[[], _Made]) -> _Made | Row:
    """What a reader makes of one record; what it raises there is a reject of that record, unless it is for want of memory."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a parser raises about broken bytes is the reason of one row
        return as_reject(record, Reject.UNREADABLE, described(error))


def described(error: Exception) -> str:
    """Kind and cause, without the path of this machine that an OSError brings."""
    return f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"


def as_too_large(record: int, max_bytes: int) -> Row:
    return as_reject(record, Reject.TOO_LARGE, f"more than {max_bytes} bytes")


def refuse_very_many(n_records: int, n_bytes: int) -> None:
    """Raise UnreadableError where a file of `n_bytes` has so many records that hardly any can be a document."""
    most = _FREE_RECORDS + n_bytes // _RECORD_BYTES
    if n_records > most:
        raise UnreadableError(Reject.TOO_COMPLEX, f"more than {most} records in {n_bytes} bytes")


# --- fields of a record --------------------------------------------------------------------------------------


def from_fields(
    record: int, fields: Mapping[str, object], max_bytes: int, columns: Columns = NO_COLUMNS
) -> Row:
    """The document of a record: its page, else its text, else its headline."""
    delivered = Delivered(fields, columns)
    own = _own_body(delivered)
    known = _known(delivered, own[0] if own else None)
    headline = known["title"]
    found = own or _crawlers_body(delivered) or (("text", headline) if isinstance(headline, str) else None)
    if found is None:
        return as_reject(record, Reject.BAD_RECORD, f"no html, text or title, but {_named(fields)}")
    media, body = found
    charset = "utf-8" if isinstance(body, str) else None
    content = body.encode("utf-8", "ignore") if isinstance(body, str) else body  # surrogates are no text
    if len(content) > max_bytes:
        return as_too_large(record, max_bytes)
    return as_document(record, media, content, charset=charset, **known)


def _own_body(delivered: Delivered) -> tuple[str, str | bytes] | None:
    for media in ("html", "text"):
        body = _first_body(delivered.values(media, by_crawlers=False), _page)
        if body is not None:
            return media, body
    return None


def _crawlers_body(delivered: Delivered) -> tuple[str, str | bytes] | None:
    """What stands under the names that crawlers write; a whole page may stand where others have a text."""
    page = _first_body(delivered.values("html", by_crawlers=True), _page)
    if page is not None:
        return "html", page
    body = _first_body(delivered.values("text", by_crawlers=True), _paragraphs)
    return None if body is None else ("html" if _is_page(body) else "text", body)


def _known(delivered: Delivered, media: str | None) -> Row:
    """What came with a document of its own name, or with one of another. A page says more itself than a name that may mean it."""
    by_crawlers = media != "html"

    def first(name: str, read: Callable[[object], object]) -> object:
        asks_all = by_crawlers and (media is None or name != "title")
        return _first(delivered.values(name, by_crawlers=asks_all), read)

    url = first("url", _address_of)
    countries = zones.countries_of(urls.domain_of(url if isinstance(url, str) else None))
    published = first("published_at", partial(dates.moment, countries=countries))
    at, precision = published if isinstance(published, dates.Moment) else (None, None)
    return {
        "url": url,
        "title": first("title", text_of),
        "outlet": first("outlet", text_of),
        "published_at": at,
        "published_precision": precision,
        "fetched_at": first("fetched_at", dates.fetched),
        "authors": first("authors", _authors_of),
        "given_id": first("id", _identity_of),
    }


def _first(values: Iterable[object], read: Callable[[object], object]) -> object:
    return next(filter(lambda found: found is not None, map(read, values)), None)


def _first_body(values: Iterable[object], read: Callable[[object], object]) -> str | bytes | None:
    found = _first(values, read)
    return found if isinstance(found, str | bytes) else None


def _page(value: object) -> str | bytes | None:
    return value if isinstance(value, str | bytes) and value.strip() else None


def _paragraphs(value: object) -> str | bytes | None:
    """A text, or the texts of a list or an object, a line each, as some write their paragraphs."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        value = "\n".join(part for one in value if isinstance(part := _paragraphs(one), str))
    return _page(value)


def _is_page(body: str | bytes) -> bool:
    return is_page(body if isinstance(body, str) else charsets.decode(body[:_HEAD_BYTES]))


def _named(fields: Mapping[str, object]) -> str:
    """The names that a record has, for a user who must tell us what they mean."""
    names = [scripts.spelled_out(name) for name in fields]
    return f"the columns {', '.join(names)}" if names else "nothing"


def _identity_of(value: object) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text_of(value)


def _authors_of(value: object) -> list[str] | None:
    return list(filter(None, map(text_of, names_stated(value)))) or None


def _address_of(value: object) -> str | None:
    whole = _whole(value)
    return address(whole) or None if whole else None


def text_of(value: object) -> str | None:
    """A text that comes with a document; some write a publisher as an object with a name."""
    whole = _whole(value.get("name") if isinstance(value, Mapping) else value)
    return without_controls(whole).strip() or None if whole else None


def _whole(value: object) -> str | None:
    """A delivered text without halves of surrogate pairs, which are no text."""
    if not isinstance(value, str) or len(value) > _MAX_DELIVERED_CHARS:
        return None
    return value.encode("utf-8", "ignore").decode()
