"""Digests of what a run reads: of its raw documents, of a folder's listing, of a set of other digests."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache

import pyarrow as pa

from pipeline import lexicon, versions
from pipeline.store import parquet
from pipeline.store.storage import Entry


def of_documents(extracted: pa.Table) -> str:
    """Digest of a day's raw documents: which there are, and their bytes."""
    return parquet.digest(extracted.select(["raw_ref", "raw_digest"]).sort_by("raw_ref"))


def of_listing(files: Iterable[Entry]) -> str:
    """Digest of names and versions of files: it changes with every delivery, without a file being read."""
    return of_mapping({file.path: f"{file.size_bytes} {file.version}" for file in files})


def of_mapping(values: Mapping[str, str]) -> str:
    """Digest of names and values, whatever their order."""
    return hashlib.blake2b(json.dumps(dict(values), sort_keys=True).encode(), digest_size=16).hexdigest()


# Stages that look words up: what a document says of itself, which lines are furniture, which text is an agency's. One
# digest of all languages' files for each: words change seldom, and which stage reads which key need not be kept.
_READ_WORDS = frozenset({"extract", "clean", "stories"})


def of_rules(stage: str) -> str:
    """The rules of a stage in words: its number, its libraries' versions, and a digest of the words it looks up."""
    rules = _rules(stage, versions.RULES[stage])
    return f"{rules}, words {lexicon.digest()}" if stage in _READ_WORDS else rules


@cache
def _rules(stage: str, _number: int) -> str:
    return versions.rules(stage)  # it reads the metadata of every library; a status asks a thousand times
