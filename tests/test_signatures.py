"""Signatures and buckets: datasketch's, bit for bit."""

import random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies import candidates, signatures, verdict
from pipeline.model.internal_tables import BUCKETS, COMPARED
from pipeline.text import scripts, tokens
from tests.conftest import DAY

WORDS = st.sampled_from(
    [
        "the",
        "river",
        "bank",
        "flood",
        "Lenne",
        "12",
        "3,4",
        "Ünlü",
        "straße",
        "ﬁre",
        "don't",
        "naïve",
        "Ǆ",
        "МОСКВА",
        "мир",
        "東京",
        "は",
        "大雨",
        "ข่าว",
        "วันนี้",
        "หน้า",
        "هنا",
        "كتاب",
        "हिन्दी",
        "समाचार",
        "한국",
        "뉴스",
        "كَتَبَ",
        "می\u200cشود",
        "הַגֶּשֶׁר",
        "İzmir",
        "i\u0307zmir",
        "東京（とうきょう）",
        "《はし》",
        "(ｶﾅ)",
        "र\u200d्",
        "e\u200d\u0301",
        "´",
        "\u0301",
        "မြန်မာ",
        "ខ្មែរ",
        "𠮷々",
    ]
)
# Letters and marks of one block with those of another, and what moves, composes or vanishes beside them
BLOCKS = [(0x20, 0x250), (0x300, 0x370), (0x590, 0x700), (0x900, 0xE00), (0xE00, 0x1100), (0x1100, 0x1200)]
BLOCKS += [(0x1780, 0x17FF), (0x2000, 0x2070), (0x3000, 0x3100), (0xFB00, 0xFFF0), (0x11000, 0x11400)]
MIXED = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3).flatmap(
    lambda blocks: st.text(st.one_of(*[st.characters(min_codepoint=a, max_codepoint=b) for a, b in blocks]))
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(WORDS, max_size=12).map("".join),
    MIXED,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
)


def signed(texts: list[str]) -> pa.Table:
    ids = [f"{DAY:%Y%m%d}{n:024x}" for n in range(len(texts))]
    return signatures.sign(
        pa.table({"article_id": pa.array(ids, pa.string()), "text": pa.array(texts, pa.string())})
    )


def reference(text: str) -> MinHash:
    sketch = MinHash(num_perm=128, seed=1, hashfunc=tokens.shingle_hash, scheme="affine32")
    sketch.update_batch(tokens.shingles(text))
    return sketch


@settings(deadline=None, max_examples=400)
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_signatures_are_those_of_datasketch(texts: list[str]) -> None:
    """The kernel's minima equal datasketch's over the same shingles, in every script; a text without a token has no row."""
    table = signed(texts)
    found = dict(zip(table["article_id"].to_pylist(), table["signature"].to_pylist(), strict=True))

    for n, text in enumerate(texts):
        article_id = f"{DAY:%Y%m%d}{n:024x}"
        assert bool(tokens.shingles(text)) == (article_id in found)
        if article_id in found:
            assert reference(text).hashvalues.tolist() == np.frombuffer(found[article_id], "<u4").tolist()


def test_every_character_is_cut_as_the_definition_says() -> None:
    """Between two letters, at the start and at the end of a word: the tables hold what `scripts` says of each."""
    points = [p for p in range(scripts.END + 0x100) if not 0xD800 <= p < 0xE000]
    texts = [f"a{chr(p)}b {chr(p)}c{chr(p)}" for p in points]
    table = signed(texts)
    found = dict(zip(table["article_id"].to_pylist(), table["words_hash"].to_pylist(), strict=True))

    for n, text in enumerate(texts):
        assert words_hash(tokens.tokenise(text)) == found[f"{DAY:%Y%m%d}{n:024x}"], hex(points[n])


def words_hash(cut: list[str]) -> int:
    state = len(cut)
    for token in cut:
        state = (state * tokens.SHINGLE_FACTOR + tokens._token_hash(token)) & tokens.MASK
    state = tokens._mix(state) | 1
    return state - (1 << 64) if state >> 63 else state


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كَتَبَ الوَلَدُ الدَّرْسَ فِي المَدْرَسَةِ", "كتب الولد الدرس في المدرسة"),
        ("הַגֶּשֶׁר הַיָּשָׁן בִּכְפַר סְנוּנִית קָרַס", "הגשר הישן בכפר סנונית קרס"),
        ("پل سنبل‌آباد فرو می‌ریزد", "پل سنبلآباد فرو میریزد"),
        ("İzmir'de i̇ki köprü açıldı", "izmir'de iki köprü açıldı"),
        ("東京都（とうきょうと）の橋が流された", "東京都の橋が流された"),
    ],
)
def test_texts_that_differ_by_what_is_left_out_have_one_signature(one: str, other: str) -> None:
    """Points, half-spaces, a dot, readings: they are exact copies."""
    first, second = signed([one, other]).drop_columns("article_id").to_pylist()

    assert first == second


def test_permutations_are_those_of_datasketch() -> None:
    """They are drawn without importing it, from the same generator in the same way."""
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32").permutations

    assert [list(map(int, p)) for p in theirs] == [p.tolist() for p in signatures.permutations()]


@settings(deadline=None, max_examples=50)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(0, 8))
def test_signatures_do_not_depend_on_batches(texts: list[str], cut: int) -> None:
    """Slices, chunks and dictionary-free offsets of the same texts give the same rows."""
    whole = signed(texts)
    ids = pa.array([f"{DAY:%Y%m%d}{n:024x}" for n in range(len(texts))])
    table = pa.table({"article_id": ids, "text": pa.array(texts, pa.string())})
    parts = pa.concat_tables([signatures.sign(table.slice(0, cut)), signatures.sign(table.slice(cut))])

    assert whole.sort_by("article_id").to_pylist() == parts.sort_by("article_id").to_pylist()


def test_short_texts_share_no_empty_signature() -> None:
    """Texts shorter than a shingle are compared by what is there."""
    table = signed(["Fire in Altena", "Flood in Hagen", "", "!!!"])

    assert 2 == table.num_rows
    assert 2 == len(set(table["signature"].to_pylist()))


def edited(text: str, n: int) -> str:
    words = text.split()
    words[n % len(words)] = f"edit{n}"
    return " ".join(words)


def test_candidates_are_those_of_a_datasketch_index() -> None:
    """Pairs that share a band in our buckets are the pairs that `MinHashLSH` finds with the same bands."""
    base = [" ".join(f"w{(7 * n + 13 * m) % 997}" for m in range(120)) for n in range(12)]
    texts = [edited(edited(base[n % 12], n), 3 * n) for n in range(36)]
    table = signed(texts)
    index = MinHashLSH(num_perm=128, params=(signatures.BANDS, signatures.ROWS))
    sketches = {i: reference(t) for i, t in zip(table["article_id"].to_pylist(), texts, strict=True)}
    for name, sketch in sketches.items():
        index.insert(name, sketch)
    theirs = {(max(a, b), min(a, b)) for a, s in sketches.items() for b in index.query(s) if a != b}

    buckets = signatures.band(table)
    bands = buckets.filter(pa.array(np.asarray(buckets["bucket"].to_numpy()) % 2 == 0))
    found = candidates.pair(BUCKETS.arrange(bands), DAY)

    assert theirs
    assert theirs == set(zip(found["article_id"].to_pylist(), found["other_id"].to_pylist(), strict=True))


def test_parts_hold_every_bucket_once_and_about_as_many_each() -> None:
    """Bands and passages alike: a passage was sampled by its highest bits, which must not say where it goes."""
    dice = random.Random(1)
    table = signed([" ".join(f"w{dice.randrange(5000)}" for _ in range(2000)) for _ in range(12)])
    sketched = candidates.Sketched.of(table)
    whole, *parts = (sketched.buckets(*dealt) for dealt in [(0, 1), *((part, 4) for part in range(4))])

    rows = [list(zip(*(column.tolist() for column in buckets), strict=True)) for buckets in (whole, *parts)]
    assert sorted(rows[0]) == sorted(row for part in rows[1:] for row in part)
    for odd in (0, 1):
        sizes = [int((part.keys % 2 == odd).sum()) for part in parts]
        assert min(sizes) > 0.15 * sum(sizes)


@pytest.mark.parametrize(("jaccard", "least"), [(0.5, 0.99), (0.3, 0.65)])
def test_bands_are_chosen_for_recall(jaccard: float, least: float) -> None:
    """What the texts decide on must be proposed first."""
    assert least < signatures.recall(jaccard)


def test_bands_follow_from_the_recall_that_is_wanted() -> None:
    """The longest rows that still propose 99 of 100 pairs of texts that share half their shingles."""
    assert (signatures.BANDS, signatures.ROWS) == signatures.bands_for()
    assert signatures.RECALL <= signatures.recall(signatures.SIMILARITY)
    assert signatures.RECALL > signatures.recall(signatures.SIMILARITY, 32, 4)
    with pytest.raises(ValueError, match="do not reach"):
        signatures.bands_for(0.01)


ODD = [
    "",
    " ",
    "a",
    "7",
    "7 8 9",
    "東",
    "東京は大雨",
    "ข่าว",
    "\u0301",
    "ﷺ" * 40,
    "word " * 20_000,
    "x" * 200_000,
    "１２３ ٤٥٦",
]


def test_odd_texts_are_signed_alone_and_compared_with_each_other() -> None:
    """Empty, one token, one character, only digits, only marks, huge: each as the definition says, in any company."""
    every = signed(ODD)

    for n, text in enumerate(ODD):
        alone = signed([text])
        assert bool(tokens.shingles(text)) == bool(alone.num_rows)
        if alone.num_rows:
            article_id = f"{DAY:%Y%m%d}{n:024x}"
            row = every.filter(pc.equal(every["article_id"], article_id))
            assert alone["signature"].to_pylist() == row["signature"].to_pylist()
    rows = [
        {
            "article_id": f"{n:032x}",
            "other_id": f"{m:032x}",
            "text": a,
            "other_text": b,
            "title": str(n),
            "other_title": str(m),
        }
        for n, a in enumerate(ODD)
        for m, b in enumerate(ODD)
        if n > m
    ]
    links = verdict.verify(COMPARED.table(rows), 0.5)
    assert len(rows) == links.num_rows
    assert not any(links["accepted"].to_pylist())
