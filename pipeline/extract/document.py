"""One raw document: is it a page, how complex is it, what does it say about itself, and what is its text.

This module is loaded in the child processes in which documents are read.
"""

from collections import deque
from datetime import date
from typing import Any

from lxml import html

from pipeline.extract import body, shown, standfirst
from pipeline.extract.batch import Caps
from pipeline.extract.described import describe_page
from pipeline.extract.joiners import StandIns
from pipeline.extract.light import Tell, opened, read_plain, refused, row_of, with_headline
from pipeline.extract.links import Linked, without_linked
from pipeline.extract.stated import clean_text, read_stated
from pipeline.extract.torn import mended
from pipeline.extract.tree import RefusedError, parse
from pipeline.model.contract import Row
from pipeline.text import language


def read_document(
    job: Row, *, day: date, caps: Caps, extractor: str, tell: Tell | None = language.identify
) -> list[Row]:
    """For one body, a row of what was found, or of why nothing was, for each set of hints that came with it.

    `tell` tells the language of a text. Without it, the row has what the page declares instead, under `DECLARED` (`batch.py`).
    """
    try:
        text, is_page = opened(job, caps)
        if is_page:
            return _read_page(text, job["hints"], day, caps, extractor, tell)
        return [read_plain(text, hints, day, tell) for hints in job["hints"]]
    except RefusedError as error:
        return [refused(error, hints, day, tell) for hints in job["hints"]]


def read_untold(job: Row, *, day: date, caps: Caps, extractor: str) -> list[Row]:
    """The same with the languages left to be told: of many texts at once they are told in a tenth of the time."""
    return read_document(job, day=day, caps=caps, extractor=extractor, tell=None)


def _read_page(
    text: str, all_hints: list[Row], day: date, caps: Caps, extractor: str, tell: Tell | None
) -> list[Row]:
    text = mended(text)
    tree, _held = parse(text, caps.max_nodes, caps.max_depth)  # its elements, so that they are not made again
    is_changed = shown.show(tree)
    page = read_stated(tree)
    described = [describe_page(tree, page, hints, day) for hints in all_hints]
    links = Linked(tree)
    first = standfirst.find(tree) if described[0].is_news else []  # elsewhere it is for search engines
    joiners = StandIns(tree)
    joiners.put(tree)
    if joiners.is_needed:
        page = read_stated(tree)

    def parse_again() -> Any:
        again, _ = parse(text, caps.max_nodes, caps.max_depth)
        shown.show(again)
        joiners.put(again)
        return again

    written = html.tostring(tree, encoding="unicode") if is_changed or joiners.is_needed else text
    source = body.Source(written, parse_again)
    found = body.read(tree, page, source, extractor)  # it changes the tree: after all that is asked of it
    whole = joiners.back(found.whole)
    kept = without_linked(joiners.back(found.text), links)
    dropped = _left_out(whole.split("\n"), kept.split("\n"))
    kept = standfirst.put_before(kept, first)
    # The title of a page that has no text may be the site's; one that was delivered is the headline.
    texts = [with_headline(kept, clean_text(hints["title"])) for hints in all_hints]
    return [
        row_of(d, text, found.extractor, dropped, tell=tell) for d, text in zip(described, texts, strict=True)
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
