"""Terms: what is a term, what it weighs, and that nothing but the article decides."""

import datetime as dt
import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.internal_tables import TERMS
from pipeline.model.tables import ARTICLES
from pipeline.stories import terms
from pipeline.stories.stems import stem
from tests import story_texts as texts

Row = dict[str, Any]
DAY = dt.date(2026, 3, 5)


def articles(*rows: Row) -> pa.Table:
    names = ("article_id", "ingest_date", "published_at", "published_precision", "language", "title", "text")
    schema = pa.schema([ARTICLES.schema.field(n) for n in names])
    full = [
        {
            "article_id": f"{n:032d}",
            "ingest_date": DAY,
            "language": "en",
            "title": None,
            "published_at": None,
            **row,
        }
        for n, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(full, schema=schema)


def weigh(text: str, title: str | None = None, language: str | None = "en") -> Row:
    return terms.weigh(articles({"text": text, "title": title, "language": language})).to_pylist()[0]


def named(text: str, title: str | None = None, language: str | None = "en") -> dict[str, float]:
    row, names = weigh(text, title, language), terms.name_terms(title, text, language)
    return {names[h].casefold(): w for h, w in zip(row["terms"], row["weights"], strict=True)}


def similarity(one: Row, two: Row) -> float:
    (a, b) = (dict(zip(r["terms"], r["weights"], strict=True)) for r in (one, two))
    return sum(w * b.get(h, 0.0) for h, w in a.items())


def test_weights_are_of_unit_length() -> None:
    """The weights of an article are of length one together, so that products are cosines."""
    row = weigh(texts.QUAKE_A1[1], texts.QUAKE_A1[0])

    assert math.isclose(1.0, sum(w * w for w in row["weights"]), rel_tol=1e-5)


def test_rare_words_weigh_more_than_common_ones() -> None:
    """A word weighs as much as it is rare in its language; stop words are no terms."""
    weights = named("The minister spoke about the estuary and the house.")

    assert weights["estuary"] > weights["house"]
    assert "the" not in weights


def test_title_counts_more_than_text() -> None:
    """A word of the headline weighs more than one of the text that is as rare."""
    title, body = (
        named("A word about granite.", title="Basalt"),
        named("A word about basalt.", title="Granite"),
    )

    assert title["basalt"] > title["granite"]
    assert body["granite"] > body["basalt"]


def test_names_and_numbers_are_terms_of_their_own() -> None:
    """Two capitalised words in a row are a term, and so is a number, whichever way it is set."""
    weights = named("Yesterday Ramon Salcedo put the damage at 1,250 houses and the depth at 6.8 kilometres.")

    assert {"ramon salcedo", "salcedo", "1250", "6.8"} <= weights.keys()


@pytest.mark.parametrize(("one", "two"), [("6,8", "6.8"), ("1.250", "1,250"), ("40.000", "40,000")])
def test_numbers_agree_across_notations(one: str, two: str) -> None:
    """Decimal comma and point, and both marks of thousands, give one term."""
    assert (
        weigh(f"Es waren {one} dort", language="de")["terms"]
        == weigh(f"Es waren {two} dort", language="de")["terms"]
    )


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("fr", "Il a gagné l’élection", "élection"),
        ("tr", "Dün Erdoğan'ın evinde", "erdoğan"),
        ("en", "In Peru's south", "peru"),
    ],
)
def test_what_hangs_on_an_apostrophe_is_cut_off(language: str | None, text: str, word: str) -> None:
    """Elisions, case endings and possessives do not make another word."""
    assert word in named(text, language=language)


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("ru", "землетрясение", "землетрясения"),
        ("de", "Überschwemmung", "Überschwemmungen"),
        ("es", "terremoto", "terremotos"),
    ],
)
def test_inflected_forms_are_one_term(language: str | None, one: str, two: str) -> None:
    """A word's forms are one term in a language with a stemmer."""
    assert weigh(one, language=language)["terms"] == weigh(two, language=language)["terms"]


def test_accents_do_not_part_a_name() -> None:
    """Outlets that drop the accents of a name mean the same name."""
    assert weigh("Erdoğan")["terms"] == weigh("Erdogan")["terms"]


@pytest.mark.parametrize(
    ("language", "one", "two", "other"),
    [
        (
            "zh",
            "秘鲁南部发生强烈地震，至少四人死亡",
            "秘鲁地震造成四人死亡，救援人员赶赴南部",
            "央行宣布下调利率，股市上涨",
        ),
        (
            "ja",
            "ペルー南部で強い地震、四人が死亡",
            "ペルーの地震で四人死亡、救助続く",
            "日銀が利上げを決定、円は上昇",
        ),
        ("th", "แผ่นดินไหวรุนแรงทางใต้ของเปรู เสียชีวิตสี่ราย", "เปรูแผ่นดินไหว เสียชีวิตสี่ราย", "ธนาคารกลางลดอัตราดอกเบี้ย"),
        (
            "ko",
            "페루 남부에서 강한 지진으로 네 명 사망",
            "페루 지진으로 네 명 숨져",
            "중앙은행이 기준금리를 인하했다",
        ),
        (
            "ka",
            "პერუში ძლიერი მიწისძვრა მოხდა ქალაქ არეკიპასთან",
            "მიწისძვრა პერუში ქალაქ არეკიპა",
            "ბანკმა განაკვეთი შეამცირა",
        ),
        (
            None,
            "Sterkur jarðskjálfti varð í Arequipa í Perú",
            "Jarðskjálfti í Perú nærri Arequipa",
            "Seðlabankinn lækkaði vexti",
        ),
    ],
)
def test_any_language_works(language: str | None, one: str, two: str, other: str) -> None:
    """With a list, without one, with spaces or without: two reports are nearer than a report and something else."""
    a, b, c = (weigh(text, language=language) for text in (one, two, other))

    assert similarity(a, b) > 0.15
    assert similarity(a, b) > 3 * similarity(a, c)


def test_only_the_beginning_is_read() -> None:
    """What stands after the first four hundred words changes nothing."""
    text = " ".join(["granite basalt"] * 200)

    assert weigh(text)["terms"] == weigh(text + " limestone estuary")["terms"]


@pytest.mark.parametrize("text", ["", "the of and", "—", "😀"])
def test_an_article_without_terms_is_a_row_all_the_same(text: str) -> None:
    """A text of stop words alone has no terms and no keywords, and stays a row."""
    row = weigh(text)

    assert ([], [], []) == (row["terms"], row["weights"], row["keywords"])


def test_keywords_are_readable() -> None:
    """Keywords keep their capitals; a name of two words stands for its parts; no number is one."""
    keywords = weigh(texts.MATCH_A1[1], texts.MATCH_A1[0])["keywords"]

    words = [word for keyword in keywords for word in keyword.casefold().split()]

    assert {"Harrow City", "Norwood"} & set(keywords)
    assert not any(k[0].isdigit() for k in keywords)
    assert len(set(words)) == len(words)


def test_keywords_without_spaces_are_words() -> None:
    """A pair of characters that ends one word and begins the next tells articles apart, and tells a reader nothing."""
    row = weigh("台风于星期二晚在浙江温州登陆，当地政府紧急转移数万名居民。", "台风登陆浙江温州", "zh")

    assert {"台风", "温州", "登陆"} <= set(row["keywords"])
    assert not {"名居", "二晚", "江温"} & set(row["keywords"])


def test_terms_carry_what_joining_needs() -> None:
    """Day and publication go along as they are; the table is as its contract says."""
    at = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    table = terms.weigh(articles({"text": "Granite.", "published_at": at}))

    assert [DAY] == table["ingest_date"].to_pylist()
    assert [at] == table["published_at"].to_pylist()
    assert TERMS.conform(table).num_rows == 1


def test_every_stored_term_can_be_named() -> None:
    """Each hash of an article is found again in its text."""
    row, names = weigh(*reversed(texts.ES1), language="es"), terms.name_terms(*texts.ES1, "es")

    assert set(row["terms"]) <= names.keys()


WORDS = st.lists(
    st.sampled_from(["Granite", "basalt", "the", "6.8", "Ramon Salcedo", "地震", "l'eau", "é", "\n"]),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, st.sampled_from(["en", "fr", "zh", "xx", None])), min_size=1, max_size=5))
def test_rows_do_not_depend_on_each_other(drawn: list[tuple[list[str], str | None]]) -> None:
    """A batch gives the rows that its articles give one by one: nothing else that was read matters."""
    rows = [{"text": " ".join(words), "language": language} for words, language in drawn]
    together = terms.weigh(articles(*rows)).drop_columns(["article_id"]).to_pylist()

    assert [
        terms.weigh(articles(row)).drop_columns(["article_id"]).to_pylist()[0] for row in rows
    ] == together


@pytest.mark.parametrize(
    ("title", "text", "language", "expected"),
    [
        ("Harbour Fire In Lindau", "A fire broke out in Lindau.", "en", {"lindau"}),
        ("Fire in Lindau harbour on Sunday", "A fire broke out.", "en", {"lindau"}),
        ("FIRE IN LINDAU", "A fire broke out.", "en", set()),
        ("Пожар в Заречинске", "В городе Заречинск сгорел склад.", "ru", {"заречинск"}),
        ("17 dead", "17 people died.", "en", set()),
    ],
    ids=["capitals everywhere", "a sentence", "upper case", "inflected", "number"],
)
def test_a_headline_names_what_it_is_about(title: str, text: str, language: str, expected: set[str]) -> None:
    """Names that the text writes with a capital inside a sentence; where the headline is a sentence, its own as well."""
    row, names = weigh(text, title, language), terms.name_terms(title, text, language)

    assert expected == {stem(names[h].casefold(), language) for h in row["names"]}


@pytest.mark.parametrize(
    ("language", "one", "two", "other"),
    [
        (
            "fr",
            "Un incendie a ravagé l’entrepôt de Morlaix dans la nuit de lundi, sans faire de victime.",
            "L'entrepôt de Morlaix détruit par un incendie : aucune victime, selon les pompiers.",
            "La banque centrale a relevé ses taux et l’euro a reculé face au dollar.",
        ),
        (
            "it",
            "Un violento terremoto ha colpito la provincia di Benevento, crollate alcune case.",
            "Terremoto nel Beneventano: case crollate in provincia di Benevento, paura tra gli abitanti.",
            "La squadra ha vinto il campionato con tre giornate di anticipo.",
        ),
        (
            "pt",
            "A ministra Helena Prates demitiu-se depois das denúncias sobre contratos de hospitais.",
            "Helena Prates deixa o ministério após denúncias de contratos irregulares nos hospitais.",
            "Chuvas fortes alagaram ruas de Curitiba e fecharam escolas.",
        ),
        (
            "tr",
            "Gölbahçe'de çıkan orman yangını söndürüldü, iki köy boşaltıldı.",
            "Orman yangını Gölbahçe’ye sıçradı: köyler boşaltılıyor, ekipler söndürmeye çalışıyor.",
            "Merkez bankası faizleri değiştirmedi, lira değer kazandı.",
        ),
        (
            "ar",
            "استقال وزير المالية سامي الدروبي بعد خلاف حول الموازنة",
            "خلاف الموازنة يدفع وزير المالية سامي الدروبي إلى الاستقالة",
            "فاز المنتخب بالمباراة الودية بثلاثة أهداف",
        ),
        (
            "ru",
            "В Заречинске загорелся склад с удобрениями, жителей эвакуируют.",
            "Пожар на складе удобрений в Заречинске: жителям предложили эвакуироваться.",
            "Центробанк повысил ставку, рубль укрепился к доллару.",
        ),
    ],
)
def test_reports_in_other_words_are_near_in_every_language(
    language: str, one: str, two: str, other: str
) -> None:
    """Inflection, elision and case endings do not part two reports of one event."""
    a, b, c = (weigh(text, language=language) for text in (one, two, other))

    assert similarity(a, b) > 0.3
    assert similarity(a, c) < 0.1
