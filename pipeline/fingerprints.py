"""Digests of what a run reads: of its raw documents, of a folder's listing, of a set of other digests."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache

import pyarrow as pa

from pipeline import versions
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


def of_rules(stage: str) -> str:
    """The rules of a stage in words: its number and its libraries' versions."""
    return _rules(stage, versions.RULES[stage])


@cache
def _rules(stage: str, _number: int) -> str:
    return versions.rules(stage)  # it reads the metadata of every library; a status asks a thousand times
