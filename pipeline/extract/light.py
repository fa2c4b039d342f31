"""What is no page, read without what reads pages: trafilatura and the others take half of the time that a child process takes to start.

This module is loaded in the child processes in which texts are handed over together.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import pyarrow as pa

from pipeline.extract import plaintext
from pipeline.extract.batch import DECLARED, Caps, extract_with
from pipeline.extract.described import Description
from pipeline.extract.sandbox import to_ipc
from pipeline.extract.tidy import tidy
from pipeline.extract.tree import RefusedError, refuse_binary, refuse_data, refuse_large
from pipeline.model.contract import Row
from pipeline.model.kinds import Reject
from pipeline.text import charsets, furniture, language, markup

Tell = Callable[[str, str | None], str | None]  # a text and what its page declares -> its language


def read_light(job: Row, *, day: date, caps: Caps, extractor: str) -> bytes:
    """A table of raw documents (RAW) to EXTRACTED, both as streams of Arrow's. Raises what reading one of them raises.

    The language of what declares none is left to be told.
    """
    return read_table(pa.ipc.open_stream(job["raw"]).read_all(), day=day, caps=caps, extractor=extractor)


def read_table(raw: pa.Table, *, day: date, caps: Caps, extractor: str) -> bytes:
    """The same of a table of RAW."""
    read_one = partial(_read, day=day, caps=caps, extractor=extractor)

    def read(jobs: pa.Table) -> list[list[Row]]:
        return list(map(read_one, jobs.to_pylist()))

    return to_ipc(extract_with(read, raw)).to_pybytes()


def _read(job: Row, *, day: date, caps: Caps, extractor: str) -> list[Row]:
    """What `read_document` finds, with the languages that pages declare."""
    try:
        text, is_page = opened(job, caps)
        if not is_page:
            return [read_plain(text, hints, day, _as_declared) for hints in job["hints"]]
    except RefusedError as error:
        return [refused(error, hints, day, _as_declared) for hints in job["hints"]]
    from pipeline.extract.document import read_document  # a page among texts

    return read_document(job, day=day, caps=caps, extractor=extractor, tell=_as_declared)


def _as_declared(text: str, declared: str | None) -> str | None:
    """The language of a text that declares one."""
    return language.identify(text, declared) if declared else None


_ESCAPED_PAGE = re.compile(r"\s*<[^<>]{1,200}>\s*(?:\\r)?\\n")  # a string of JSON, written so once too often
_MARKUP = re.compile(r"<[a-zA-Z!/?]")  # some crawlers deliver plain text as pages


def opened(job: Row, caps: Caps) -> tuple[str, bool]:
    """The text of a body, and whether it is that of a page. Raises RefusedError where it is too large or data of another kind."""
    refuse_large(job["body"], caps.max_document_bytes)
    refuse_binary(job["body"])
    text = markup.without_unseen_spaces(charsets.decode(job["body"], job["charset"]))
    text = markup.without_files(text)
    if job["media"] != "html" and not markup.is_page(text):
        return text, False
    text = markup.without_cdata(text)
    text = markup.without_escapes(text) if _ESCAPED_PAGE.match(text) else text
    refuse_data(text)
    return text, _MARKUP.search(text) is not None


def refused(error: RefusedError, hints: Row, day: date, tell: Tell | None) -> Row:
    """A row with the reason; but where a headline came with an empty page, that is the text."""
    if error.reason is Reject.NO_TEXT and hints["title"]:
        return read_plain("", hints, day, tell)
    return {"reason": error.reason, "detail": str(error)}


def read_plain(text: str, hints: Row, day: date, tell: Tell | None) -> Row:
    """A row of what a text and what was delivered with it say."""
    described, found = plaintext.read_text(text, hints, day)
    return row_of(described, with_headline(found, described.title), "text", tell=tell)


_BARE_CHARS = 1_000  # what stands around a headline that is alone; a longer text has a line of its own


def with_headline(text: str, title: str | None) -> str:
    """The text, after its headline where it has no other line: feeds deliver headlines alone, or with a byline or a button."""
    if not title or len(text) > _BARE_CHARS:
        return text
    lines = list(filter(None, tidy(text).split("\n")))
    return text if furniture.strip(lines, title=title, with_headline=True).kept else f"{title}\n{text}"


_DESCRIBED = (
    *("url", "canonical_url", "domain", "outlet", "site", "title", "authors"),
    *("published_at", "published_at_source", "published_precision", "modified_at"),
    *("is_paywalled", "source_url"),
)


def row_of(
    described: Description,
    text: str,
    extractor: str,
    dropped: Sequence[str] = (),
    *,
    tell: Tell | None,
) -> Row:
    """What was found of one document, for EXTRACTED. Where nothing tells languages, `DECLARED` has what the page declares."""
    row = {name: _storable(getattr(described, name)) for name in _DESCRIBED}
    text = tidy(text)
    if not text:
        return {**row, "reason": Reject.NO_TEXT, "detail": "no text found"}
    declared = described.declared_language
    tongue = {"language": tell(text, declared)} if tell else {DECLARED: declared}
    return {**row, **tongue, "text": text, "dropped": list(dropped), "extractor": extractor}


def _storable(value: object) -> object:
    """Without halves of surrogate pairs, which linked data may spell and UTF-8 cannot."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "ignore").decode()
    return [_storable(part) for part in value] if isinstance(value, tuple) else value
