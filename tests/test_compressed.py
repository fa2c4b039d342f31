"""The content of a file, decompressed piece by piece."""

import gzip
import io
import random
from collections.abc import Callable

import pytest
from fastwarc.stream_io import Lz4Writer, ZstdWriter, zstd_train_dictionary_from_samples
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.compressed import CHUNK_BYTES, Damage, pieces_of
from pipeline.model.kinds import Reject


def packed(writer: type, *contents: bytes, **options: object) -> bytes:
    sink = io.BytesIO()
    coder = writer(sink, **options)
    for content in contents:
        left = content
        while left:
            left = left[coder.write(left) :]
        coder.finish()
    coder.flush()
    return sink.getvalue()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": lambda content: packed(ZstdWriter, content),
    "lz4": lambda content: packed(Lz4Writer, content),
}


def read(content: bytes) -> list[bytes | Damage]:
    return list(pieces_of(io.BytesIO(content)))


def joined(pieces: list[bytes | Damage]) -> bytes:
    return b"".join(piece for piece in pieces if isinstance(piece, bytes))


@pytest.mark.parametrize("form", FORMS)
@given(contents=st.lists(st.binary(max_size=2_000), min_size=1, max_size=4), times=st.integers(1, 500))
def test_whole_files_are_read_whole(form: str, contents: list[bytes], times: int) -> None:
    repeated = [content * times for content in contents]
    whole = b"".join(repeated)
    if form == "plain" and whole[:4] != b"":
        repeated = [b"<" + content for content in repeated]

    pieces = read(b"".join(map(FORMS[form], repeated)))

    assert b"".join(repeated) == joined(pieces)
    assert all(isinstance(piece, bytes) and 0 < len(piece) <= CHUNK_BYTES for piece in pieces)


@pytest.mark.parametrize("form", ["gzip", "zstd", "lz4"])
def test_a_bomb_comes_in_pieces(form: str) -> None:
    pieces = pieces_of(io.BytesIO(FORMS[form](bytes(60_000_000))))

    assert 60_000_000 == sum(len(piece) for piece in pieces if len(piece) <= CHUNK_BYTES)


@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_nothing_before_a_damage_and_nothing_after_the_next_member_is_lost(form: str) -> None:
    """However the members lie in the pieces that are read."""
    dice = random.Random(form)
    texts = [dice.randbytes(dice.choice([10, 3_000, 90_000])).hex().encode() for _ in range(30)]
    members = [FORMS[form](text) for text in texts]
    bad = {n for n in range(30) if n % 4 == 1}
    for n in bad:
        members[n] = members[n][:-4] + bytes(byte ^ 255 for byte in members[n][-4:])

    found = joined(read(b"".join(members)))

    at = 0
    for n, text in enumerate(texts):
        if n not in bad:
            at = found.find(text, at) + len(text)
            assert at >= len(text), n


def test_what_decodes_before_the_damage_is_given_to_the_last_byte() -> None:
    text = random.Random(1).randbytes(50_000).hex().encode()
    whole = gzip.compress(text)
    for at in (20, 1_000, 30_000, len(whole) - 9):
        *pieces, damage = read(whole[:at] + b"\xff" * 300)
        found = joined(pieces)
        assert isinstance(damage, Damage)
        assert len(found) == damage.n_torn
        assert text.startswith(found[: int((at - 100) * 1.7)])
        assert len(found) > 1.7 * (at - 100)


def test_a_file_that_breaks_off_says_so_last() -> None:
    whole = gzip.compress(random.Random(1).randbytes(50_000))

    *pieces, damage = read(whole[:30_000])

    assert isinstance(damage, Damage)
    assert Reject.TRUNCATED == damage.reason
    assert 29_000 < len(joined(pieces)) < 30_000


@pytest.mark.parametrize("is_compressed", [False, True])
def test_the_dictionary_of_a_file_serves_the_frames_after_a_damage(is_compressed: bool) -> None:
    """As archives of the web write them: the first frame has it, and other readers skip it."""
    samples = [f"<p>The harbour of Northbridge, berth {n}, ship {n * 7}</p>".encode() for n in range(2_000)]
    dictionary = zstd_train_dictionary_from_samples(samples, 2_000)
    texts = [b"".join(samples[n : n + 9]) for n in (5, 50, 500)]
    options = {"dictionary": dictionary, "compress_dictionary_frame": is_compressed}
    whole = bytearray(packed(ZstdWriter, *texts, **options))
    second = [at for at in range(len(whole)) if whole[at : at + 4] == b"\x28\xb5\x2f\xfd"][-2]
    whole[second + 12 : second + 16] = b"\0\0\0\0"

    found = joined(read(bytes(whole)))

    assert found.startswith(texts[0])
    assert found.endswith(texts[2])
