"""What a pair of texts is: each kind of copy, and what is none, on cases made for the point."""

import random
import sys
from pathlib import Path

import pytest

from tests.copied import LONG, OTHER, PLACES, THINGS, article, placed, text

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))


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


def test_a_shared_quotation_is_not_a_copy() -> None:
    """Two reports that quote one statement of forty words are two texts."""
    statement = "“" + text(8, 40) + "”"

    found = placed(
        article("a", f"{text(9, 200)} {statement} {text(10, 60)}", 1),
        article("b", f"{text(11, 230)} {statement}", 2),
    )

    assert ("origin", "b") == found["b"]


def test_a_shared_list_of_names_is_not_a_copy() -> None:
    """Two reports that end with one squad list are two texts."""
    dice = random.Random(22)
    names = [
        f"{dice.choice(PLACES)}{dice.choice('abcdef')} {dice.choice(THINGS).title()}{n}" for n in range(30)
    ]
    squad = ", ".join(names)

    found = placed(article("a", f"{text(23, 80)} {squad}", 1), article("b", f"{squad} {text(24, 20)}", 2))

    assert ("origin", "b") == found["b"]


STATEMENT = f"“{text(8, 45)}”"
REPORTED = "The minister had opened the talks on the harbour with a word to the sailors who came by train."


@pytest.mark.parametrize("own", ["", " Our readers write to us about it every day."])
def test_an_article_that_quotes_an_agency_text_and_adds_little_is_an_excerpt(own: str) -> None:
    """Most of it is what somebody said, but the agency's words around it are there, too."""
    wire = f"{text(9, 150)} {REPORTED} {STATEMENT} {text(10, 120)}"

    found = placed(article("wire", wire, 1), article("part", f"{REPORTED} {STATEMENT}{own}", 2))

    assert ("excerpt", "wire") == found["part"]


def test_a_statement_alone_is_an_excerpt_of_the_report_that_quotes_it() -> None:
    found = placed(article("a", f"{text(9, 150)} {STATEMENT} {text(10, 120)}", 1), article("b", STATEMENT, 2))

    assert ("excerpt", "a") == found["b"]


def test_a_statement_with_a_few_own_words_is_not_a_copy() -> None:
    found = placed(
        article("a", f"{text(9, 150)} {STATEMENT} {text(10, 120)}", 1),
        article("b", f"So we were told today, and it is this: {STATEMENT}", 2),
    )

    assert ("origin", "b") == found["b"]


def test_an_excerpt_is_nearly_word_for_word() -> None:
    """Where one word in eight is another, two reports may have used one agency's lines."""
    words = LONG.split()[100:220]
    words[4::8] = [f"word{n}" for n in range(len(words[4::8]))]

    found = placed(article("whole", LONG, 1), article("part", " ".join(words), 2))

    assert ("origin", "part") == found["part"]


@pytest.mark.parametrize("titled", [True, False])
def test_a_pair_is_decided_the_same_whichever_of_the_two_is_given_first(titled: bool) -> None:
    """Of made-up syndication, copies and forms."""
    from syndication import judge
    from syndication_texts import Pair, pairs

    made = list(pairs(2, seed=5))
    turned = [Pair(p.family, p.language, p.is_copy, one=p.other, other=p.one) for p in made]

    one, other = (judge(some, titled, True) for some in (made, turned))

    assert one.reasons == other.reasons
    assert len(set(one.reasons)) > 3


def test_headlines_alone_are_not_copies_of_longer_texts() -> None:
    found = placed(
        article("item", "Bridge near Altena closed", 1),
        article("report", f"Bridge near Altena closed. {LONG}", 2),
    )

    assert ("origin", "report") == found["report"]


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
