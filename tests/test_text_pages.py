"""Which page an address names."""

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.text.pages import may_be_of, page_of, runs_of

UUID = "3fae21bc-abcd-4def-89ab-0123456789AB"
NUMBERS = st.sampled_from(
    ["471123", "ab12345", "A1b2C3d4E5", UUID, "2026", "20260105", "17", "é5123", "\u212a99999"]
)
WORDS = st.sampled_from(
    ["flood", "12-dead", "news", "Grüße", "b_c", "", "a b", "\n", "index.html", "x.html\n"]
)
SIGNS = st.sampled_from(["/", "-", "_", ".", ",", "?id=", "&p=", "?story_id=", "#", " "])
SITES = st.sampled_from(["https://post.example/", "https://echo.example/", "post.example/", "//", ""])
addresses = st.builds(
    lambda site, parts: site + "".join(a + b for a, b in parts),
    SITES,
    st.lists(st.tuples(NUMBERS | WORDS, SIGNS | st.just("")), max_size=5),
)


@given(st.lists(addresses, min_size=1, max_size=30), st.lists(addresses, max_size=5))
@example(["https://a.example/X-471123.html"], ["https://a.example/y/471123"])
@example(["https://a.example/x?ID=a-7_B"], ["https://a.example/y?p=A-7_b"])
@example([f"https://a.example/x{UUID}y"], [f"https://a.example/{UUID.lower()}"])
def test_no_address_of_a_page_is_left_out(before: list[str], own: list[str]) -> None:
    pages = pa.array(sorted(set(map(page_of, own))), pa.string())

    may_be = may_be_of(pa.array(before, pa.string()), pages, runs_of(pages))

    assert all(
        may for may, one in zip(may_be.to_pylist(), before, strict=True) if page_of(one) in pages.to_pylist()
    )


def test_other_addresses_of_the_same_site_are_none() -> None:
    pages = pa.array(["https://a.example/flood", "a.example 471123"])
    before = ["https://a.example/471124", "https://a.example/flood/2", None, "https://a.example/flood"]

    assert [False, False, None, True] == may_be_of(pa.array(before), pages, runs_of(pages)).to_pylist()
