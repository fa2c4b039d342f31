"""The name of a raw document, and the file that it leads back to."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.raw_refs import path_of, paths_of, raw_ref, spelt

# Names of files are bytes: Python spells those that are no UTF-8 with surrogates.
_PATHS = st.binary(min_size=1).map(lambda name: f"day=2026-03-05/{name.decode('utf-8', 'surrogateescape')}")


@given(st.lists(st.tuples(_PATHS, st.integers(0, 10**6)), max_size=5))
def test_a_raw_ref_leads_back_to_the_path_of_its_file_alone_and_in_a_column(
    documents: list[tuple[str, int]],
) -> None:
    """Whatever the path has in it: the mark before the record, newlines, bytes that are no text."""
    paths = [spelt(path) for path, _ in documents]
    refs = [raw_ref(path, record) for path, record in documents]

    assert paths == [path_of(ref) for ref in refs]
    assert paths == paths_of(pa.chunked_array([refs], pa.string())).to_pylist()


def test_a_path_that_is_no_text_is_spelt_out() -> None:
    assert raw_ref("day=2026-03-05/caf\udce9#1.html", 0) == "day=2026-03-05/caf\\xe9#1.html#0"


def test_two_names_that_would_be_spelt_alike_are_told_apart() -> None:
    """One has a byte that is no text, the other the four characters that spell it; and so on."""
    names = [
        "caf\udce9",
        "caf\\xe9",
        "caf\\x5cxe9",
        "caf\\x5c\udce9",
        "caf\\\\xe9",
        "caf\\",
        "caf\\x5",
        "caf\\x41",
    ]

    assert len(names) == len(set(map(spelt, names)))
    assert ["caf\\x41", "caf\\x5", "caf\\"] == [spelt(name) for name in names[:-4:-1]]


@given(st.lists(st.text("\\x5ce9\udce9\udc80", max_size=9), min_size=2, max_size=2, unique=True))
def test_no_two_paths_are_spelt_alike(paths: list[str]) -> None:
    assert spelt(paths[0]) != spelt(paths[1])
