"""Texts that are read together: as each would be by itself, and without what only pages need."""

import subprocess
import sys
from datetime import date

import pyarrow as pa

from pipeline.extract.batch import extract_with, with_languages
from pipeline.extract.document import read_document
from pipeline.extract.light import read_table
from pipeline.model.internal_tables import RAW
from tests.pages import CAPS, STORY, page, raw

DAY = date(2026, 3, 5)


def test_texts_and_a_page_among_them_are_read_as_one_by_one() -> None:
    text = "\n\n".join(STORY)
    rows = raw(
        {"body": text.encode(), "media": "text", "title": "A headline"},
        {"body": page(STORY), "media": "text"},
        {"body": b"\x00\x01\x02\x03", "media": "text"},
        {"body": b"", "media": "html", "title": "A headline alone"},
    )

    def alone(jobs: pa.Table) -> list[object]:
        return [read_document(job, day=DAY, caps=CAPS, extractor="trafilatura") for job in jobs.to_pylist()]

    made = with_languages(read_table(rows, day=DAY, caps=CAPS, extractor="trafilatura"))

    assert made is not None
    assert made.equals(extract_with(alone, RAW.conform(rows)))
    assert 3 == sum(row["reason"] is None for row in made.to_pylist())


def test_texts_need_nothing_that_reads_pages() -> None:
    code = "import sys, pipeline.extract.light; print({'trafilatura', 'resiliparse', 'htmldate'} & {*sys.modules})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "set()\n" == found.stdout
