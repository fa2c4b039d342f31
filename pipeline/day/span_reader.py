"""What reads a span of a landing file, in a child process. It is loaded there alone, with all that a reader of texts needs."""

from datetime import date

from pipeline.extract import light
from pipeline.extract.batch import Caps
from pipeline.landing.columns import parse as columns_of
from pipeline.landing.spans import UnfitError, rows_of
from pipeline.model.contract import Row
from pipeline.model.internal_tables import RAW


def read_span(job: Row, *, day: date, caps: Caps, extractor: str, columns: str) -> bytes | None:
    """A span to EXTRACTED without languages, as a stream of Arrow's; None where it is to be read record by record. Raises what
    reading one of its documents raises.
    """
    try:
        rows = rows_of(job["raw_ref"], job["body"], caps.max_document_bytes, columns_of(columns))
    except UnfitError:
        return None
    return light.read_table(RAW.table(rows), day=day, caps=caps, extractor=extractor)
