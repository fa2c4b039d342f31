"""A text is kept once: a document gets its text back from its article, to the letter."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.day import kept_texts
from pipeline.model.internal_tables import EXTRACTED
from tests.extracted import document

lines = st.lists(st.sampled_from(["a", "b", "", "c d"]), min_size=1, max_size=6)


def articles(**texts: str) -> pa.Table:
    return pa.table({"raw_ref": pa.array(texts, pa.string()), "text": pa.array(texts.values(), pa.string())})


def documents(**texts: str | None) -> pa.Table:
    rows: list[dict[str, Any]] = [document(ref, [], text=text) for ref, text in texts.items()]
    return EXTRACTED.table(rows)


@given(st.dictionaries(st.sampled_from("pqrst"), st.tuples(lines, lines, st.booleans()), max_size=5))
def test_whatever_the_articles_are_documents_come_back_as_they_were(
    given_: dict[str, tuple[list[str], list[str], bool]],
) -> None:
    """The article has some of the lines, as cleaning leaves them, or others altogether."""
    rows = documents(**{ref: "\n".join(own) for ref, (own, _, _) in given_.items()})
    theirs = articles(
        **{
            ref: "\n".join([line for line in own if line in other] if is_of_it else other)
            for ref, (own, other, is_of_it) in given_.items()
        }
    )
    stored = kept_texts.shared(rows, theirs)

    assert kept_texts.restored(stored, theirs).select(EXTRACTED.names).equals(rows)
    assert kept_texts.shared(stored, theirs).equals(stored)


def test_only_the_lines_that_an_article_lacks_are_kept() -> None:
    rows = documents(p="Head\nText.\nFoot", q="Text.", r="Other.", s=None)
    stored = kept_texts.shared(rows, articles(p="Text.", q="Text.", r="Another."))

    assert stored["text"].to_pylist() == ["Head\nFoot", "", "Other.", None]
    assert stored[kept_texts.PLACES].to_pylist() == [[0, 2], [], None, None]
    assert kept_texts.n_shared(stored) == 2


def test_chosen_documents_get_their_texts_and_others_wait() -> None:
    theirs = articles(p="Text.", q="Text.")
    stored = kept_texts.shared(documents(p="Head\nText.", q="Text."), theirs)
    made = kept_texts.restored(stored, theirs, pa.array(["p"]))

    assert made["text"].to_pylist() == ["Head\nText.", ""]
    assert kept_texts.n_shared(made) == 1
    assert kept_texts.shared(made, theirs).equals(stored)


def test_without_its_article_a_document_has_no_text() -> None:
    stored = kept_texts.shared(documents(p="Text."), articles(p="Text."))

    with pytest.raises(ValueError, match="is not there"):
        kept_texts.restored(stored, articles(q="Text."))
