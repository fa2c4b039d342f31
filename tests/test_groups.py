"""Copy groups: who joins whose, whatever the order, and what no chain joins."""

import difflib
import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies import groups
from pipeline.model.internal_tables import CANDIDATES, TRACED
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS
from pipeline.text import tokens
from tests.conftest import DAY
from tests.copied import LONG, OTHER, PLACES, THINGS, article, decided, placed, text


def test_a_brief_in_two_long_articles_does_not_make_them_one_text() -> None:
    """Whatever group the brief is in, the two that contain it are not in one."""
    brief = text(5, 60)
    long_ones = [f"{text(6, 350)} {brief}", f"{brief} {text(7, 350)}"]

    for order in ((1, 2, 3), (2, 1, 3), (3, 2, 1)):
        found = placed(
            article("brief", brief, order[0]),
            article("x", long_ones[0], order[1]),
            article("y", long_ones[1], order[2]),
        )

        assert found["x"][1] != found["y"][1]


def test_an_article_that_holds_two_wire_texts_does_not_join_them() -> None:
    """The two wire texts stay in two groups; only where it comes first are both its excerpts."""
    first, second = text(20, 200), text(21, 200)

    for order in ((1, 2, 3), (2, 1, 3), (1, 3, 2)):
        found = placed(
            article("x", first, order[0]),
            article("y", second, order[1]),
            article("both", f"{first} {second}", order[2]),
        )

        assert found["x"][1] != found["y"][1]


def test_an_excerpt_of_an_edited_copy_finds_the_group() -> None:
    """The origin is an edited version; a later copy has the agency's words, and an excerpt of these stands less than whole in the origin."""
    words, dice = text(25, 400).split(), random.Random(26)
    edited = [dice.choice(PLACES).lower() if dice.random() < 0.12 else word for word in words]

    found = placed(
        article("edited", " ".join(edited), 1),
        article("wire", " ".join(words), 2),
        article("part", " ".join(words[100:200]), 3),
    )

    assert "edited" == found["wire"][1] == found["part"][1]


def test_a_chain_of_small_edits_is_cut_where_its_ends_share_little() -> None:
    """Each version changes a tenth: the last is not a copy of the first, though each is of the one before."""
    words, rows = text(12, 300).split(), []
    for step in range(10):
        rows.append(article(f"v{step}", " ".join(words), step + 1))
        words[30 * step : 30 * step + 30] = text(100 + step, 30).split()

    found = placed(*rows)

    assert "v0" == found["v1"][1]
    assert "v0" != found["v9"][1]


def test_order_does_not_matter() -> None:
    """The same articles in any order are placed the same."""
    words = LONG.split()
    rows = [article(f"n{n}", " ".join(words[: 400 - 20 * n]), n) for n in range(8)] + [article("z", OTHER, 3)]
    expected = placed(*rows)

    for seed in range(5):
        shuffled = rows.copy()
        random.Random(seed).shuffle(shuffled)

        assert expected == placed(*shuffled)


@pytest.mark.parametrize("n_edits", [0, 4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_text_that_forty_outlets_print_is_one_group(n_edits: int, seed: int) -> None:
    """Of a bucket so full only some pairs are compared, whichever ids they have; the group is found anyway."""
    rng = random.Random(seed)
    names = [f"{rng.randrange(16**8):x}" for _ in range(40)]
    rows = []
    for n, name in enumerate(names):
        words = LONG.split()
        for place in rng.sample(range(len(words)), n_edits):
            words[place] = rng.choice(THINGS)
        rows.append(article(name, " ".join(words), n // 4))

    assert 1 == len({origin for _, origin in placed(*rows).values()})


def test_what_can_not_be_compared_any_more_is_no_copy() -> None:
    """The text of yesterday's origin went with a run that broke off: a copy of its copy begins a group of its own, and the
    placing ends.
    """
    gone, copy_id = (f"20260304{n:024x}" for n in (1, 2))
    earlier = MEMBERSHIPS.table(
        [
            {
                "article_id": i,
                "ingest_date": DAY - timedelta(days=1),
                "copy_id": gone,
                "story_id": gone,
                "kind": kind,
            }
            for i, kind in ((gone, "origin"), (copy_id, "near"))
        ]
    )
    today = ARTICLES.table([article("a", LONG, 1)])
    own = today["article_id"][0].as_py()
    asked: list[dict[str, str]] = []

    def verify(wanted: pa.Table) -> pa.Table:
        asked.extend(wanted.to_pylist())
        figures = {"jaccard": 0.9, "containment": 0.95, "containment_other": 0.95}
        link = {"kind": "near", "accepted": True, "reason": "shared shingles", "rule_version": 1} | figures
        return LINKS.table([pair | link for pair in wanted.to_pylist() if pair["other_id"] != gone])

    placed, links = groups.assign_copies(
        today, CANDIDATES.table([{"article_id": own, "other_id": copy_id}]), earlier, TRACED.empty(), verify
    )

    assert [{"article_id": own, "other_id": copy_id}, {"article_id": own, "other_id": gone}] == asked
    assert [(own, "origin")] == list(
        zip(placed["copy_id"].to_pylist(), placed["kind"].to_pylist(), strict=True)
    )
    assert 1 == links.num_rows


Corpus = list[
    tuple[int, float, int, int]
]  # of a base text: its seed, the share of words changed, what is cut off before and after


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.sampled_from([0, 0.01, 0.03, 0.2, 0.5]),
            st.integers(0, 90),
            st.integers(0, 90),
        ),
        min_size=2,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_links_and_groups_are_those_of_comparing_all_with_all(corpus: Corpus, dice: random.Random) -> None:
    """Whoever shares seven tenths of the shingles with an origin that is no younger is in its group or in that of an older
    one; nobody is whom its origin shares little with, neither shingles nor words in their order (brute force).
    """
    rows = [article(f"t{n}", _edited(*made, n), n % 20) for n, made in enumerate(corpus)]
    place = {row["article_id"]: n for n, row in enumerate(rows)}
    dice.shuffle(rows)

    found, links = decided(*rows)

    shingles = {row["article_id"]: set(tokens.shingles(row["text"])) for row in rows}
    words = {row["article_id"]: row["text"].split() for row in rows}
    group = dict(zip(found["article_id"].to_pylist(), found["copy_id"].to_pylist(), strict=True))
    origins = sorted(set(group.values()))
    for link in links.to_pylist():
        one, other = (shingles[link[name]] for name in ("article_id", "other_id"))
        assert pytest.approx(len(one & other) / len(one | other)) == link["jaccard"]
    for article_id, own in shingles.items():
        older = [o for o in origins if place[o] <= place[article_id]]
        likest = [o for o in older if len(own & shingles[o]) >= 0.7 * len(own | shingles[o])]
        shares = len(own & shingles[group[article_id]]) / min(len(own), len(shingles[group[article_id]]))
        assert place[group[article_id]] <= min((place[o] for o in likest), default=place[article_id])
        assert shares >= 0.25 or _in_order(words[article_id], words[group[article_id]]) >= 0.7


def _in_order(one: list[str], other: list[str]) -> float:
    """How much of the shorter stands in the longer, word by word in the same order: edits all over a text leave few shingles."""
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / min(len(one), len(other))


def _edited(seed: int, share: float, before: int, after: int, n: int) -> str:
    dice, words = random.Random(f"{seed} {share} {before} {after} {n}"), text(seed, 300).split()
    words = [f"{word}ish" if dice.random() < share else word for word in words]
    return " ".join(words[before : len(words) - after])


def test_a_date_without_an_hour_is_not_the_origin_of_what_was_published_that_day() -> None:
    """It counts as the end of its day; before the next day it comes first."""
    body = text(3, 150)
    day = {"published_at": datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC), "published_precision": "day"}

    same_day = placed(article("a", body, 0, **day), article("b", body, 23))
    next_day = placed(article("a", body, 0, **day), article("b", body, 25))

    assert {"a": ("exact", "b"), "b": ("origin", "b")} == same_day
    assert {"a": ("origin", "a"), "b": ("exact", "a")} == next_day
