"""What is a copy and of what: from texts to links to copy groups, on cases made for the point."""

import difflib
import random
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies import candidates, groups, verdict
from pipeline.copies.signatures import band, sign
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.internal_tables import BUCKETS, CANDIDATES, COMPARED, SKETCHED
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS
from pipeline.text import tokens
from tests.conftest import DAY

THRESHOLD = 0.5
COLUMNS = [n for n in COMPARED.names if n in ARTICLES.names and n not in CANDIDATES.names]
SUBJECTS = [
    "council",
    "engineer",
    "minister",
    "farmer",
    "driver",
    "nurse",
    "judge",
    "teacher",
    "sailor",
    "baker",
    "miner",
    "painter",
]
VERBS = [
    "opened",
    "closed",
    "repaired",
    "measured",
    "visited",
    "sold",
    "painted",
    "crossed",
    "counted",
    "defended",
    "described",
    "rejected",
]
THINGS = [
    "bridge",
    "harbour",
    "school",
    "tunnel",
    "orchard",
    "station",
    "library",
    "museum",
    "hospital",
    "reservoir",
    "theatre",
    "market",
]
PLACES = [
    "Altena",
    "Hagen",
    "Siegen",
    "Lund",
    "Tartu",
    "Riga",
    "Porto",
    "Vigo",
    "Split",
    "Zadar",
    "Brno",
    "Gera",
]


def text(seed: int, n_words: int) -> str:
    """Made-up reporting of about `n_words` words; another seed, another text."""
    dice = random.Random(seed)
    words: list[str] = []
    while len(words) < n_words:
        parts = (dice.choice(SUBJECTS), dice.choice(VERBS), dice.choice(THINGS), dice.choice(PLACES))
        number = dice.randrange(2, 900)
        words += f"The {parts[0]} {parts[1]} {number} times the old {parts[2]} near {parts[3]} before {dice.choice(VERBS)} it.".split()
    return " ".join(words[:n_words])


def article(name: str, body: str, hour: int, **changes: Any) -> dict[str, Any]:
    article_id = f"{DAY:%Y%m%d}{name.encode().hex():0>24}"
    at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(hours=hour)
    row = {
        "article_id": article_id,
        "ingest_date": DAY,
        "text": body,
        "title": name,
        "published_at": at,
        "authors": [],
    }
    row |= {
        "canonical_url": f"https://{name}.example/x",
        "outlet": name,
        "word_count": len(body.split()),
        "text_digest": body[:32],
    }
    return row | {"furniture_removed": [], "is_stub": False, "extractor": "text", "raw_ref": name} | changes


def placed(*rows: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The kind and origin (by title) of each article, by its title."""
    found, _ = decided(*rows)
    title = {row["article_id"]: row["title"] for row in rows}
    return {title[row["article_id"]]: (row["kind"], title[row["copy_id"]]) for row in found.to_pylist()}


def decided(*rows: dict[str, Any]) -> tuple[pa.Table, pa.Table]:
    """Where each article is placed, and every link that was looked at, by the stages of a run."""
    table, engine = ARTICLES.table(list(rows)), EmbeddedEngine(1)
    signatures = sign(table)
    buckets = band(signatures)
    met = candidates.pair(BUCKETS.arrange(buckets), DAY)
    sketched = engine.attach(met, signatures, ["signature", "passages"], SKETCHED)
    wanted = engine.map(candidates.sift, sketched, CANDIDATES)

    def verify(some: pa.Table) -> pa.Table:
        compared = engine.attach(some, table, COLUMNS, COMPARED)
        return engine.map(partial(verdict.verify, near_threshold=THRESHOLD), compared, LINKS)

    return groups.assign_copies(table, wanted, MEMBERSHIPS.empty(), verify)


LONG, OTHER = text(1, 400), text(2, 400)


def test_the_same_words_are_an_exact_copy() -> None:
    """Case, punctuation and spacing are not the text."""
    found = placed(article("a", LONG, 1), article("b", LONG.upper().replace(".", " ;"), 2))

    assert {"a": ("origin", "a"), "b": ("exact", "a")} == found


def test_a_headline_alone_is_an_exact_copy_whatever_its_signs() -> None:
    """Feeds deliver no more than that, each in its own spelling; under other headlines so few words prove nothing."""
    headline = "Northern bridge in Aldmoor closes after cracks were found"
    spelled = "“Northern bridge” in Aldmoor closes — after cracks were found!"

    found = placed(
        article("a", headline, 1, title=headline),
        article("b", spelled, 2, title=spelled),
        article("c", headline, 3, title="Photos"),
    )

    assert found == {
        headline: ("origin", headline),
        spelled: ("exact", headline),
        "Photos": ("origin", "Photos"),
    }


def test_an_edited_text_is_a_near_copy_of_the_first() -> None:
    words = LONG.split()
    words[50], words[200], words[350] = "tram", "Monday", "quickly"

    found = placed(article("late", " ".join(words), 9), article("early", LONG, 1))

    assert {"early": ("origin", "early"), "late": ("near", "early")} == found


def test_different_texts_are_not_copies() -> None:
    assert {"a": ("origin", "a"), "b": ("origin", "b")} == placed(
        article("a", LONG, 1), article("b", OTHER, 2)
    )


def test_a_hundred_words_of_a_thousand_are_an_excerpt() -> None:
    """Whole signatures do not see it; shared passages do."""
    whole = text(3, 1000)

    found = placed(article("whole", whole, 1), article("part", " ".join(whole.split()[420:520]), 2))

    assert ("excerpt", "whole") == found["part"]


def test_a_full_text_after_its_excerpt_is_expanded() -> None:
    whole = text(4, 500)

    found = placed(article("part", " ".join(whole.split()[:150]), 1), article("whole", whole, 2))

    assert {"part": ("origin", "part"), "whole": ("expanded", "part")} == found


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


def test_a_shared_quotation_is_not_a_copy() -> None:
    """Two reports that quote one statement of forty words are two texts."""
    statement = "“" + text(8, 40) + "”"

    found = placed(
        article("a", f"{text(9, 200)} {statement} {text(10, 60)}", 1),
        article("b", f"{text(11, 230)} {statement}", 2),
    )

    assert ("origin", "b") == found["b"]


def test_one_template_with_other_numbers_and_names_is_not_a_copy() -> None:
    """Two match reports from one frame tell of two matches."""
    frame = (
        "{a} beat {b} {x}-{y} in the {place} district league on Saturday. {a} took the lead in the {m} minute through {p}, "
        "who scored from {d} metres after a corner. {b} levelled shortly before the break, but {q} made it {x}-{y} with {n} minutes "
        "left to play. {t} spectators watched the match. {a} are now {r}th in the table with {k} points, {b} are {s}th with {l}."
    )
    first = frame.format(
        a="Altena",
        b="Hagen",
        x=2,
        y=1,
        place="northern",
        m=12,
        p="Weber",
        d=18,
        q="Kurz",
        n=7,
        t=412,
        r=3,
        k=41,
        s=9,
        l=22,
    )
    second = frame.format(
        a="Lund",
        b="Tartu",
        x=3,
        y=2,
        place="coastal",
        m=31,
        p="Berg",
        d=25,
        q="Saar",
        n=4,
        t=958,
        r=6,
        k=33,
        s=4,
        l=38,
    )

    found = placed(article("a", first, 1), article("b", second, 2))

    assert ("origin", "b") == found["b"]


WEATHER = (
    "{day} will begin {sky} over {place}, with fog in the valleys until {hour} o'clock. In the afternoon temperatures rise to {high} degrees, "
    "on the heights around {peak} to {low}. The wind blows weakly from the {side}, in gusts at up to {gust} kilometres an hour. "
    "At night it cools down to {night} degrees, and {rain} millimetres of rain may fall by the morning. The pollen count stays {pollen}. "
    "Sunrise is at {rise}, sunset at {down}. The outlook for the coming days: little change, more clouds from the {other}."
)
MARKET = (
    "Shares in {place} closed {way} on {day}, led by {one}. The {index} index ended at {level} points, a change of {points} points or {share} percent. "
    "Of the {all} stocks in it {up} rose and {fell} fell. {one} gained {gain} percent after its results, {two} lost {loss} percent. "
    "Turnover was {turn} million, after {before} million the day before. The currency was quoted at {rate} to the dollar in late trading, "
    "and the yield of ten-year bonds stood at {bond} percent. Dealers said that investors were waiting for the figures on prices."
)
TEMPLATES = {
    "weather": (
        WEATHER,
        {
            "day": "Monday",
            "sky": "cloudy",
            "place": "Altena",
            "hour": 9,
            "high": 17,
            "peak": "Kohlberg",
            "low": 12,
            "side": "west",
        }
        | {
            "gust": 34,
            "night": 6,
            "rain": 3,
            "pollen": "low",
            "rise": "6.12",
            "down": "19.48",
            "other": "north",
        },
        {
            "day": "Friday",
            "sky": "clear",
            "place": "Siegen",
            "hour": 10,
            "high": 24,
            "peak": "Riemen",
            "low": 19,
            "side": "south",
        }
        | {
            "gust": 21,
            "night": 11,
            "rain": 8,
            "pollen": "high",
            "rise": "5.37",
            "down": "20.31",
            "other": "east",
        },
    ),
    "market": (
        MARKET,
        {
            "place": "Lund",
            "way": "higher",
            "day": "Tuesday",
            "one": "Varvet",
            "two": "Kraft",
            "index": "LSX",
            "level": 1834,
            "points": 21,
        }
        | {
            "share": 1.2,
            "all": 40,
            "up": 27,
            "fell": 13,
            "gain": 4.1,
            "loss": 2.3,
            "turn": 512,
            "before": 488,
            "rate": 9.31,
            "bond": 2.9,
        },
        {
            "place": "Porto",
            "way": "lower",
            "day": "Thursday",
            "one": "Douro",
            "two": "Ribeira",
            "index": "PGX",
            "level": 977,
            "points": 35,
        }
        | {
            "share": 3.5,
            "all": 25,
            "up": 6,
            "fell": 19,
            "gain": 1.7,
            "loss": 6.8,
            "turn": 143,
            "before": 207,
            "rate": 1.12,
            "bond": 3.4,
        },
    ),
}


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_two_bulletins_from_one_template_are_not_copies(template: str) -> None:
    frame, one, other = TEMPLATES[template]

    found = placed(article("a", frame.format(**one), 1), article("b", frame.format(**other), 2))

    assert ("origin", "b") == found["b"]


def test_a_corrected_bulletin_is_a_copy() -> None:
    """One figure put right in one text is a correction, not another bulletin."""
    frame, figures, _ = TEMPLATES["market"]

    found = placed(
        article("a", frame.format(**figures), 1), article("b", frame.format(**figures | {"turn": 521}), 2)
    )

    assert ("near", "a") == found["b"]


FIXING = (
    "The central bank entered the money market in {place} to arrange {sum} million of repurchase agreements, a spokeswoman said. "
    "Dealers said that overnight money was trading at {rate} percent when the bank began its temporary supply of reserves."
)


def test_the_next_bulletin_of_a_daily_form_is_not_a_copy() -> None:
    """A day later one other number is news; within hours the same change is a correction."""
    first, second = (FIXING.format(place="Lund", sum=number, rate=4) for number in (350, 420))

    assert ("origin", "b") == placed(article("a", first, 1), article("b", second, 26))["b"]
    assert ("near", "a") == placed(article("a", first, 1), article("b", second, 3))["b"]


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


def test_a_shared_list_of_names_is_not_a_copy() -> None:
    """Two reports that end with one squad list are two texts."""
    dice = random.Random(22)
    names = [
        f"{dice.choice(PLACES)}{dice.choice('abcdef')} {dice.choice(THINGS).title()}{n}" for n in range(30)
    ]
    squad = ", ".join(names)

    found = placed(article("a", f"{text(23, 80)} {squad}", 1), article("b", f"{squad} {text(24, 20)}", 2))

    assert ("origin", "b") == found["b"]


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


def test_headlines_alone_are_not_copies_of_longer_texts() -> None:
    found = placed(
        article("item", "Bridge near Altena closed", 1),
        article("report", f"Bridge near Altena closed. {LONG}", 2),
    )

    assert ("origin", "report") == found["report"]


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
    """Of a bucket so full only some pairs are compared, whichever ids they have; the group is found all the same."""
    rng = random.Random(seed)
    names = [f"{rng.randrange(16**8):x}" for _ in range(40)]
    rows = []
    for n, name in enumerate(names):
        words = LONG.split()
        for place in rng.sample(range(len(words)), n_edits):
            words[place] = rng.choice(THINGS)
        rows.append(article(name, " ".join(words), n // 4))

    assert 1 == len({origin for _, origin in placed(*rows).values()})


SCRIPTS = {
    "Arabic": (
        "قال",
        "المجلس البلدي وافق على بناء جسر جديد فوق النهر بعد نقاش طويل حول التكلفة والموعد المحدد لانتهاء العمل في المدينة القديمة",
    ),
    "Chinese": (
        "说",
        "市议会周二晚上投票通过了一项新的预算案计划在未来三年内修建两座桥梁并且改善旧城区的供水系统居民代表对此表示欢迎但是担心费用",
    ),
    "Hindi": (
        "कहा",
        "नगर परिषद ने मंगलवार को नए पुल के लिए बजट पारित किया और अगले तीन वर्षों में पुराने शहर की जल व्यवस्था सुधारने की योजना बनाई",
    ),
    "Japanese": (
        "と",
        "市議会は火曜日の夜に新しい予算案を可決し今後三年間で二つの橋を建設するとともに旧市街の水道設備を改善する計画を明らかにした",
    ),
    "Korean": (
        "말했다",
        "시의회는 화요일 밤 새로운 예산안을 통과시키고 앞으로 삼 년 동안 두 개의 다리를 건설하며 구시가지의 수도 시설을 개선하기로 했다",
    ),
    "Russian": (
        "сказал",
        "городской совет во вторник принял новый бюджет и решил построить два моста через реку и обновить водопровод в старом городе",
    ),
    "Thai": (
        "กล่าว",
        "สภาเมืองลงมติเมื่อคืนวันอังคารให้ผ่านงบประมาณใหม่เพื่อสร้างสะพานสองแห่งและปรับปรุงระบบประปาในเขตเมืองเก่าภายในสามปีข้างหน้า",
    ),
}


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_copies_are_found_in_every_script(script: str) -> None:
    """An edited copy and a text of other words from the same characters are told apart."""
    added, sentence = SCRIPTS[script]
    units = sentence.split() if " " in sentence else [sentence[n : n + 4] for n in range(0, len(sentence), 4)]
    joiner = " " if " " in sentence else ""

    def made(seed: int) -> list[str]:
        dice = random.Random(seed)
        return [dice.choice(units) for _ in range(120)]

    base = made(1)
    copy = [*base[:60], added, *base[60:]]
    rows = [
        article("base", joiner.join(base), 1),
        article("copy", joiner.join(copy), 2),
        article("else", joiner.join(made(2)), 3),
    ]

    assert {"base": ("origin", "base"), "copy": ("near", "base"), "else": ("origin", "else")} == placed(*rows)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_figures_are_those_of_the_sets(seed: int, n_edits: int) -> None:
    """Jaccard and containment are those of the plain sets of shingles (brute force)."""
    dice, words = random.Random(seed), text(seed, 200).split()
    for _ in range(n_edits):
        words[dice.randrange(len(words))] = f"x{dice.randrange(50)}"
    one, two = text(seed, 200), " ".join(words)
    row = {
        "text": one,
        "other_text": two,
        "title": "t",
        "other_title": "u",
        "article_id": "b" * 32,
        "other_id": "a" * 32,
    }

    (link,) = verdict.verify(COMPARED.table([row]), THRESHOLD).to_pylist()

    a, b = set(tokens.shingles(one)), set(tokens.shingles(two))
    assert pytest.approx(len(a & b) / len(a | b)) == link["jaccard"]
    assert sorted([len(a & b) / len(a), len(a & b) / len(b)]) == pytest.approx(
        sorted([link["containment"], link["containment_other"]])
    )


# Landmarks of a passage: before it, the same after it, which at a glance look alike, others, and none.
CONTEXTS = (0x030201, 0x030201 << 32, 0x060504, 0)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 11)),
        st.sampled_from(CONTEXTS),
        min_size=20,
        max_size=100,
    ),
    st.integers(2, 4),
    st.booleans(),
)
def test_a_bucket_alone_decides_which_of_its_members_meet(
    members: dict[tuple[int, int], int], n_parts: int, within: bool
) -> None:
    """However buckets are dealt out to machines, the same pairs are found: also where an article meets some of a passage's
    articles in other buckets, too.
    """
    days = ("20260305", "20260304")  # DAY, and the day before
    rows = _in_buckets(members, days)
    table = BUCKETS.table(rows)
    part_of = pa.array([row["bucket"] // 2 % n_parts for row in rows])

    def found(buckets: pa.Table) -> set[tuple[str, str]]:
        met = candidates.pair(BUCKETS.arrange(buckets), DAY, within=within)
        return set(zip(*(met[name].to_pylist() for name in CANDIDATES.names), strict=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "PARTNERS", 2)
        patch.setattr(candidates, "BAND_LIMIT", 4)
        patch.setattr(candidates, "PASSAGE_LIMIT", 6)
        apart = [found(table.filter(pc.equal(part_of, n))) for n in range(n_parts)]

        assert found(table) == set().union(*apart)


def _in_buckets(members: dict[tuple[int, int], int], days: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of BUCKETS by (bucket, article), the articles dealt out to the days; only a passage has a context."""
    return [
        {
            "bucket": bucket,
            "article": bytes.fromhex(f"{days[who % len(days)]}{who:024x}"),
            "context": bucket % 2 * context,
        }
        for (bucket, who), context in members.items()
    ]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 23)),
        st.sampled_from(CONTEXTS),
        min_size=20,
        max_size=120,
    )
)
def test_days_of_a_window_that_come_together_meet_the_day_as_each_would_alone(
    members: dict[tuple[int, int], int],
) -> None:
    """How many days of a window are in memory at once changes no pair, though their texts share buckets."""
    days = ("20260305", "20260304", "20260303", "20260228")  # DAY, and three of its window
    rows = _in_buckets(members, days)
    its_day = [row["article"].hex()[:8] for row in rows]

    def found(*some: str) -> set[tuple[str, str]]:
        part = BUCKETS.table([row for row, day in zip(rows, its_day, strict=True) if day in some])
        met = candidates.pair(BUCKETS.arrange(part), DAY, within=False)
        return set(zip(*(met[name].to_pylist() for name in CANDIDATES.names), strict=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "PARTNERS", 2)
        patch.setattr(candidates, "BAND_LIMIT", 4)
        patch.setattr(candidates, "PASSAGE_LIMIT", 6)

        assert set().union(*(found(days[0], day) for day in days[1:])) == found(*days)


def test_more_pairs_than_are_put_by_at_once_are_all_found_once() -> None:
    """Each of 50,000 buckets has eight of 3,000 articles: a million pairs and more, few of them twice."""
    dice = np.random.default_rng(1)
    who = np.sort(dice.integers(0, 3_000, (50_000, 8)), axis=1)
    ids = pa.array([bytes.fromhex(f"{DAY:%Y%m%d}{n:024x}") for n in range(3_000)], pa.binary(16))
    buckets = pa.table(
        [
            pa.array(np.repeat(np.arange(len(who)) * 2, 8)),
            ids.take(pa.array(who.ravel())),
            pa.array(np.zeros(who.size, np.int64)),
        ],
        schema=BUCKETS.schema,
    )
    one, other = (
        who[:, at].ravel() for at in zip(*[(i, j) for i in range(8) for j in range(i)], strict=True)
    )

    met = candidates.pair(buckets, DAY)

    expected = {(int(a), int(b)) for a, b in zip(one, other, strict=True) if a != b}
    found = [
        tuple(int(i[8:], 16) for i in pair)
        for pair in zip(*(met[n].to_pylist() for n in met.column_names), strict=True)
    ]
    assert len(found) == len(expected)
    assert expected == set(found)


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
        today, CANDIDATES.table([{"article_id": own, "other_id": copy_id}]), earlier, verify
    )

    assert [{"article_id": own, "other_id": copy_id}, {"article_id": own, "other_id": gone}] == asked
    assert [(own, "origin")] == list(
        zip(placed["copy_id"].to_pylist(), placed["kind"].to_pylist(), strict=True)
    )
    assert 1 == links.num_rows


def test_pairs_of_one_text_are_compared_close_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few texts are read twice, though chance neighbours make one connected part of all; no pair is lost or turned."""
    monkeypatch.setattr(candidates, "ONE_PIECE", 100)
    dice, n_groups, size = random.Random(1), 100, 8
    members = [[f"{group * size + n:032d}" for n in range(size)] for group in range(n_groups)]
    met = [(one, other) for group in members for n, one in enumerate(group) for other in group[:n]]
    met += [(members[n + 1][0], members[n][-1]) for n in range(n_groups - 1)]
    dice.shuffle(met)

    found = candidates.together(CANDIDATES.table([{"article_id": a, "other_id": b} for a, b in met]))

    ordered = list(zip(found["article_id"].to_pylist(), found["other_id"].to_pylist(), strict=True))
    n_read = sum(len({i for pair in ordered[n : n + 100] for i in pair}) for n in range(0, len(ordered), 100))
    assert sorted(met) == sorted(ordered)
    assert n_read < 1.5 * n_groups * size


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
