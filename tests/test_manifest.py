"""What a manifest says of one partition, and how it shows that it is as it was written."""

import io
import json
from dataclasses import replace
from datetime import date

import pytest

from pipeline.model.tables import ARTICLES, LINKS
from pipeline.store.manifest import Hashed, Manifest, digest_of, parse, refuse_other_bytes, spelt
from tests.conftest import DAY

MADE = Manifest("articles", str(DAY), "d" * 32, 3, "12-34-56", inputs={"settings": "a"}, notes={"n": 1})


def test_what_is_spelt_is_parsed() -> None:
    assert MADE == parse(ARTICLES, DAY, spelt(MADE))


@pytest.mark.parametrize("bit", [1, 2, 4])
def test_a_bit_that_flipped_in_any_value_is_refused(bit: int) -> None:
    """It may be a digit of a digest: later days would then be made from something that never was."""
    data = spelt(MADE)
    for value in (MADE.digest, MADE.version, '"n": 1'):
        at = data.index(value.encode()) + len(value) - 1
        changed = bytearray(data)
        changed[at] ^= bit
        with pytest.raises(ValueError):  # noqa: PT011 - of whichever parser meets it
            parse(ARTICLES, DAY, bytes(changed))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'"x"', b"{}", b"\xff\xfe", b'{"table": "articles"}'])
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whichever parser meets it
        parse(ARTICLES, DAY, data)


def test_a_manifest_of_another_partition_is_refused() -> None:
    """A restored file in the wrong place."""
    with pytest.raises(ValueError, match="it is that of articles"):
        parse(LINKS, DAY, spelt(MADE))
    with pytest.raises(ValueError, match="it is that of articles"):
        parse(ARTICLES, date(2026, 3, 6), spelt(MADE))


def test_a_manifest_of_an_earlier_version_has_no_check_and_is_read() -> None:
    said = json.loads(spelt(MADE))
    del said["check"], said["bytes_digest"]

    assert replace(MADE, bytes_digest="") == parse(ARTICLES, DAY, json.dumps(said).encode())


def test_the_digest_of_what_is_written_is_that_of_what_is_read() -> None:
    sink, hashed = io.BytesIO(), Hashed(lambda out: out.writelines([b"one", b"two"]))
    hashed.fill(sink)

    assert hashed.digest == digest_of(io.BytesIO(b"onetwo"))
    refuse_other_bytes(sink, hashed.digest)
    with pytest.raises(ValueError, match="its bytes are not"):
        refuse_other_bytes(io.BytesIO(b"onetwp"), hashed.digest)
