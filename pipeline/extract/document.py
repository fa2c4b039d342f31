"""One raw document: is it a page, how complex is it, what does it say about itself, and what is its text.

This module is loaded in the child processes in which documents are read.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import pyarrow as pa
from lxml import html

from pipeline.extract import body, plaintext, shown, standfirst
from pipeline.extract.batch import DECLARED, Caps, extract_with
from pipeline.extract.described import Description, describe_page
from pipeline.extract.joiners import StandIns
from pipeline.extract.links import Linked, without_linked
from pipeline.extract.sandbox import to_ipc
from pipeline.extract.stated import clean_text, read_stated
from pipeline.extract.torn import mended
from pipeline.extract.tree import RefusedError, parse, refuse_binary, refuse_data, refuse_large
from pipeline.model.contract import Row
from pipeline.model.kinds import Reject
from pipeline.text import charsets, furniture, language, markup

Tell = Callable[[str, str | None], str | None]  # a text and what its page declares -> its language


def read_document(
    job: Row, *, day: date, caps: Caps, extractor: str, tell: Tell | None = language.identify
) -> list[Row]:
    """For one body, a row of what was found, or of why nothing was, for each set of hints that came with it.

    Where nothing tells the language of a text, its row has what the page declares.
    """
    try:
        refuse_large(job["body"], caps.max_document_bytes)
        refuse_binary(job["body"])
        text = markup.without_unseen_spaces(charsets.decode(job["body"], job["charset"]))
        text = markup.without_files(text)
        if job["media"] == "html" or markup.is_page(text):
            text = markup.without_cdata(text)
            text = markup.without_escapes(text) if _ESCAPED_PAGE.match(text) else text
            refuse_data(text)
            if _MARKUP.search(text):
                return _read_page(text, job["hints"], day, caps, extractor, tell)
        return [_read_plain(text, hints, day, tell) for hints in job["hints"]]
    except RefusedError as error:
        return [_refused(error, hints, day, tell) for hints in job["hints"]]


def read_untold(job: Row, *, day: date, caps: Caps, extractor: str) -> list[Row]:
    """The same with the languages left to be told: of many texts at once they are told in a tenth of the time."""
    return read_document(job, day=day, caps=caps, extractor=extractor, tell=None)


def read_light(job: Row, *, day: date, caps: Caps, extractor: str) -> bytes:
    """A table of raw documents (RAW) to EXTRACTED, both as streams of Arrow's. Raises what reading one of them raises.

    The language of what declares none is left to be told.
    """
    return read_table(pa.ipc.open_stream(job["raw"]).read_all(), day=day, caps=caps, extractor=extractor)


def read_table(raw: pa.Table, *, day: date, caps: Caps, extractor: str) -> bytes:
    """The same of a table."""
    read_one = partial(read_document, day=day, caps=caps, extractor=extractor, tell=_as_declared)

    def read(jobs: pa.Table) -> list[list[Row]]:
        return list(map(read_one, jobs.to_pylist()))

    return to_ipc(extract_with(read, raw)).to_pybytes()


def _as_declared(text: str, declared: str | None) -> str | None:
    """The language of a text that declares one."""
    return language.identify(text, declared) if declared else None


def _refused(error: RefusedError, hints: Row, day: date, tell: Tell | None) -> Row:
    """The reason; but where a headline came with an empty page, that is the text."""
    if error.reason is Reject.NO_TEXT and hints["title"]:
        return _read_plain("", hints, day, tell)
    return {"reason": error.reason, "detail": str(error)}


def _read_plain(text: str, hints: Row, day: date, tell: Tell | None) -> Row:
    described, found = plaintext.read_text(text, hints, day)
    return _row(described, _with_headline(found, described.title), "text", tell=tell)


_BARE_CHARS = 1_000  # what stands around a headline that is alone; a longer text has a line of its own


def _with_headline(text: str, title: str | None) -> str:
    """The text, after its headline where it has no other line: feeds deliver headlines alone, or with a byline or a button."""
    if not title or len(text) > _BARE_CHARS:
        return text
    lines = list(filter(None, body.tidy(text).split("\n")))
    return text if furniture.strip(lines, title=title, with_headline=True).kept else f"{title}\n{text}"


_ESCAPED_PAGE = re.compile(r"\s*<[^<>]{1,200}>\s*(?:\\r)?\\n")  # a string of JSON, written so once too often
_MARKUP = re.compile(r"<[a-zA-Z!/?]")  # some crawlers deliver plain text as pages


def _read_page(
    text: str, all_hints: list[Row], day: date, caps: Caps, extractor: str, tell: Tell | None
) -> list[Row]:
    text = mended(text)
    tree, _held = parse(text, caps.max_nodes, caps.max_depth)
    is_changed = shown.show(tree)
    page = read_stated(tree)
    described = [describe_page(tree, page, hints, day) for hints in all_hints]
    links = Linked(tree)
    first = standfirst.find(tree) if described[0].is_news else []  # elsewhere it is for search engines
    joiners = StandIns(tree)
    joiners.put(tree)
    if joiners.is_needed:
        page = read_stated(tree)
    if is_changed or joiners.is_needed:
        text = html.tostring(tree, encoding="unicode")
    found = body.read(tree, page, text, extractor)  # it changes the tree: after all that is asked of it
    whole = joiners.back(found.whole)
    kept = without_linked(joiners.back(found.text), links)
    dropped = _left_out(whole.split("\n"), kept.split("\n"))
    kept = standfirst.put_before(kept, first)
    # The title of a page that has no text may be the site's; one that was delivered is the headline.
    texts = [_with_headline(kept, clean_text(hints["title"])) for hints in all_hints]
    return [
        _row(d, text, found.extractor, dropped, tell=tell) for d, text in zip(described, texts, strict=True)
    ]


def _left_out(lines: list[str], kept: list[str]) -> list[str]:
    """The lines that are not among those kept, which have the same order."""
    waiting = deque(kept)
    left_out = []
    for line in lines:
        if waiting and waiting[0] == line:
            waiting.popleft()
        else:
            left_out.append(line)
    return left_out


_DESCRIBED = (
    *("url", "canonical_url", "domain", "outlet", "site", "title", "authors"),
    *(
        "published_at",
        "published_at_source",
        "published_precision",
        "modified_at",
        "is_paywalled",
        "source_url",
    ),
)


def _row(
    described: Description,
    text: str,
    extractor: str,
    dropped: Sequence[str] = (),
    *,
    tell: Tell | None,
) -> Row:
    row = {name: _storable(getattr(described, name)) for name in _DESCRIBED}
    text = body.tidy(text)
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
