"""The agency that a document states: where agencies sign, in the forms of many countries, and nowhere else."""

import pytest

from pipeline.clean import agency
from pipeline.clean.agency import stated
from pipeline.text import agencies

BODY = "The council of Harrow Bridge voted on Monday to close the old ferry."
DATELINES = [
    ("LONDON (AP) — The council voted on Monday to close the ferry.", "AP"),
    ("ERIMO, Japan, Oct 19 (Reuters) - The council voted to close the ferry.", "Reuters"),
    ("(Reuters) - The council voted to close the ferry.", "Reuters"),
    ("Berlin (dpa) - Der Rat hat am Montag die Fähre eingestellt.", "dpa"),
    ("Berlin (dpa/bb) - Der Rat hat am Montag die Fähre eingestellt.", "dpa"),
    ("Wien (APA) – Der Rat hat am Montag die Fähre eingestellt.", "APA"),
    ("(ANSA) - ROMA, 03 GIU - Il consiglio ha deciso di chiudere il traghetto.", "ANSA"),
    ("ROMA, 3 GIU (ANSA) - Il consiglio ha deciso di chiudere il traghetto.", "ANSA"),
    ("Madrid, 3 mar (EFE).- El ayuntamiento votó el lunes el cierre del transbordador.", "EFE"),
    ("MADRID, 3 (EUROPA PRESS) El ayuntamiento votó el lunes el cierre.", "Europa Press"),
    ("BEIJING, March 3 (Xinhua) -- The council voted to close the ferry.", "Xinhua"),
    ("新华社北京3月3日电 市议会星期一投票决定关闭渡轮。", "Xinhua"),
    ("МОСКВА, 25 мая. /ТАСС/. Совет проголосовал за закрытие переправы.", "TASS"),
    ("ТБИЛИСИ, 17 ноя - РИА Новости. Совет проголосовал за закрытие переправы.", "RIA Novosti"),
    ("ТАСС, 17 мая. Совет проголосовал за закрытие переправы.", "TASS"),
    ("New Delhi, Mar 3 (PTI) The council voted on Monday to close the ferry.", "PTI"),
    ("New Delhi [India], March 3 (ANI): The council voted to close the ferry.", "ANI"),
    ("(서울=연합뉴스) 김철수 기자 = 시의회는 월요일 나루를 닫기로 했다.", "Yonhap"),
    ("OSLO (NTB): Bystyret vedtok mandag å legge ned fergen.", "NTB"),
    ("ANKARA (AA) - Meclis pazartesi günü feribotu kapatma kararı aldı.", "Anadolu"),
    ("(AP) The council voted on Monday to close the ferry.", "AP"),
    ("Bern (sda) Der Rat hat am Montag die Fähre eingestellt.", "SDA"),
    ("Berlin/Hamburg (dpa). Der Rat hat am Montag die Fähre eingestellt.", "dpa"),
    ("Berlin (dpa/tmn). Der Rat hat am Montag die Fähre eingestellt.", "dpa"),
    ("BERLIN taz/dpa | Der Rat hat am Montag die Fähre eingestellt.", "dpa"),
    ("Москва. 5 марта. INTERFAX.RU - Совет проголосовал за закрытие переправы.", "Interfax"),
    ("नई दिल्ली, पांच मार्च (भाषा) परिषद ने सोमवार को नौका बंद करने का फैसला किया।", "PTI"),
    ("Rio de Janeiro, 5 de marzo de 2026 (EFE).- El ayuntamiento votó el cierre.", "EFE"),
    ("【ロンドン時事】市議会は月曜日、渡し船の廃止を決めた。", "Jiji"),
    ("【3月5日 AFP】市議会は月曜日、渡し船の廃止を決めた。", "AFP"),
    ("［ロンドン ５日 ロイター］ - 市議会は月曜日、渡し船の廃止を決めた。", "Reuters"),
    ("（新华社）市议会星期一投票决定关闭渡轮。", "Xinhua"),
    ("PARIS, AFP - Le conseil a voté lundi la fermeture du bac.", "AFP"),
]
TAILS = [
    ("— AFP", "AFP"),
    ("(AFP)", "AFP"),
    ("Reuters", "Reuters"),
    ("Source: AP", "AP"),
    ("Quelle: dpa", "dpa"),
    ("Fuente: EFE", "EFE"),
    ("Kilde: NTB", "NTB"),
    ("jm/dm (AFP, dpa)", "AFP, dpa"),
    ("SDA/sep", "SDA"),
    ("© 2024 AFP", "AFP"),
    ("Copyright 2023 The Associated Press. All rights reserved.", "AP"),
    ("/ritzau/", "Ritzau"),
    ("Reuters - AP - Afp", "Reuters, AP, AFP"),
    ("Reuters - Ap - Afp", "Reuters, AP, AFP"),
    ("Source: Reuters - Ap - Afp", "Reuters, AP, AFP"),
    ("Quelle: harrow.de, jmi/dpa", "dpa"),
    ("autor: Jan Nowak (PAP)", "PAP"),
    ("© Copyright ANSA", "ANSA"),
    ("Riproduzione riservata © Copyright ANSA", "ANSA"),
    ("RIPRODUZIONE RISERVATA © Copyright Adnkronos", "Adnkronos"),
    ("Door: ANP", "ANP"),
    ("By The Associated Press", "AP"),
    ("Text: dpa", "dpa"),
    ("Par AFP", "AFP"),
    ("Por: EFE", "EFE"),
    ("Av NTB", "NTB"),
    ("This story was distributed by The Canadian Press", "CP"),
]
CREDITS = [
    ("This article was first published by Reuters.", "Reuters"),
    ("This story first appeared on Reuters on Monday.", "Reuters"),
    ("The report has been republished from The Associated Press with permission.", "AP"),
    ("Originally published by AFP and Reuters.", "AFP, Reuters"),
    ("Dieser Artikel wurde zuerst von der dpa veröffentlicht.", "dpa"),
    ("Dieser Beitrag erschien zuerst bei dpa.", "dpa"),
    ("Cet article a été initialement publié par l’AFP.", "AFP"),
    ("Este artículo fue publicado originalmente por EFE.", "EFE"),
    ("Questo articolo è stato pubblicato originariamente da ANSA.", "ANSA"),
    ("Este texto foi publicado originalmente pela Lusa.", "Lusa"),
    ("Dit artikel verscheen eerder bij ANP.", "ANP"),
    ("Artikeln publicerades först av TT.", "TT"),
    ("Saken ble først publisert av NTB.", "NTB"),
    ("Artiklen blev først bragt af Ritzau.", "Ritzau"),
    ("Artykuł ukazał się pierwotnie w PAP.", "PAP"),
    ("Статья впервые опубликована на сайте ТАСС.", "TASS"),
    ("本文原载于新华社。", "Xinhua"),
]
NOTHING = [
    "The allegations were first published by Reuters.",
    "The picture was first published by AFP.",
    "This article was first published by Reuters Institute fellows.",
    "This article is about a claim first published by Reuters.",
    "Die Vorwürfe wurden zuerst von Reuters veröffentlicht.",
    "The Associated Press contributed to this report.",
    "Contributing: The Associated Press",
    "“We had no choice,” the mayor told the AP.",
    "The ferry had run since 1911, according to Reuters.",
    "The Associated Press reports that nobody was hurt.",
    "The mayor at the pier on Monday. (AP Photo/Jane Doe)",
    "Photo: Reuters",
    "The French agency Agence France-Presse (AFP) said nobody was hurt.",
    "The agency (AFP), which has an office there, said nobody was hurt.",
    "Jane Doe / Reuters",
    "Jane Doe/AP Jane Doe/AP",
    "Image copyright AFP Image caption The pier on Monday",
    "Reuters was unable to confirm the report.",
    "© Jane Doe / AFP",
    "With inputs from PTI",
    "A dpa journalist saw the ferry on 5 March (dpa) and counted the cracks in it.",
    "The chargers, sold in March 2025 (AA), are - the maker says - safe.",
    "In 2025, the agency told the paper (Reuters) that the ferry was old.",
    "More pupils took advanced placement (AP) - a course for college - than before.",
    "Advanced Placement (AP) Exams begin on Monday in all schools of Harrow Bridge.",
    "Deutsche Presse-Agentur (dpa) Berlin was told on Monday.",
    "PITTSBURGH, PA — The council voted on Monday to close the ferry.",
    "Harrisburg, PA, March 5 - The council voted to close the ferry.",
    "（写真＝共同）",
    "【写真：時事】",
    "The pier on Monday (Jane Doe/Harrow Times via AP)",
]


@pytest.mark.parametrize(("line", "agency"), DATELINES)
def test_a_dateline_states_the_agency(line: str, agency: str) -> None:
    assert stated(f"{line}\n{BODY}", []) == agency


@pytest.mark.parametrize(("line", "agency"), TAILS)
def test_what_stands_after_the_text_states_it(line: str, agency: str) -> None:
    """Also where the first paragraph is long, behind which nothing is a byline."""
    assert stated(f"{BODY}\n{BODY} Again.\n{line}", []) == agency
    assert stated(f"{BODY} {BODY}\n{BODY} Again.\n{line}", []) == agency


@pytest.mark.parametrize(("line", "agency"), CREDITS)
def test_a_sentence_that_says_who_had_the_text_first_states_it(line: str, agency: str) -> None:
    """At either end."""
    assert stated(f"{BODY}\n{BODY} Again.\n{line}", []) == agency
    assert stated(f"{line}\n{BODY}\n{BODY} Again.", []) == agency


@pytest.mark.parametrize("sign", ["— AFP", "(AFP)", "[AFP]", "/AFP/"])
def test_a_sign_behind_the_last_sentence_states_it(sign: str) -> None:
    assert stated(f"{BODY}\n“It is over,” the mayor said. {sign}", []) == "AFP"


@pytest.mark.parametrize("line", NOTHING)
def test_mentions_pictures_and_contributions_state_nothing(line: str) -> None:
    assert stated(f"{BODY}\n{BODY} Again.\n{line}", []) is None
    assert stated(f"{line}\n{BODY}\n{BODY} Again.", []) is None


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("dpa", "dpa"),
        ("The Associated Press", "AP"),
        ("By The Associated Press", "AP"),
        ("Le Figaro et AFP", "AFP"),
        ("Le Monde avec AFP", "AFP"),
        ("AFP, MANILA", "AFP"),
        ("Anadolu Ajansı", "Anadolu"),
        ("Jane Doe, Associated Press", "AP"),
        ("Reuters - Ap - Afp", "Reuters, AP, AFP"),
        ("Reuters Staff", "Reuters"),
        ("By Reuters Staff", "Reuters"),
        ("Jane Doe (AFP)", "AFP"),
        ("Jane Doe for Reuters", "Reuters"),
        ("Jane Doe", None),
        ("Pa Doe", None),
        ("Efe Doe", None),
        ("Apa Doe", None),
    ],
)
def test_a_byline_states_it(author: str, agency: str | None) -> None:
    assert stated(BODY, ["Jane Roe", author]) == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Xinhua | Updated: 2017-09-15 17:52", "Xinhua"),
        ("AFP, Tuesday 2 Jul 2013", "AFP"),
        ("Reuters Sep 18, 2013, 02.16PM IST", "Reuters"),
        ("By Jane Doe, Associated Press", "AP"),
        ("Associated Press", "AP"),
        ("Reuters Staff", "Reuters"),
        ("By Jane Doe (AFP)", "AFP"),
        ("Reuters - Ap - Afp", "Reuters, AP, AFP"),
        ("Source: Xinhua | 2026-03-05 10:11:12", "Xinhua"),
        ("Source: Xinhua| 2026-03-05 10:11:12|Editor: huaxia", "Xinhua"),
        ("Harrisburg, PA, March 5", None),
        ("Reuters says no", None),
    ],
)
def test_a_line_under_the_headline_states_it(line: str, agency: str | None) -> None:
    assert stated(f"Council closes old ferry\n{line}\n{BODY}", []) == agency


def test_an_agency_supplies_nothing_to_its_own_page() -> None:
    assert stated(f"LONDON (AP) — {BODY}", ["Associated Press"], own="AP") is None


def test_an_agency_that_only_the_file_knows_is_stated_like_the_others() -> None:
    assert stated(f"{BODY}\n(Norlandia Wire)", []) is None
    assert stated(f"{BODY}\n(Norlandia Wire)", [], more=("Norlandia Wire",)) == "Norlandia Wire"


def test_every_name_is_found_by_the_word_that_lines_are_looked_through_for() -> None:
    """However an agency writes its name, in whatever case."""
    names = {name for name, (others, _) in agencies.known().items() for name in (name, *others)}
    written = {form for name in names for form in (name, name.upper(), name.lower()) if len(name) > 2}
    bylines = [form for form in sorted(written) if stated("x", [form])]

    assert len(bylines) > 1.9 * len(names)
    assert [] == [form for form in bylines if not (stated(form, []) or stated(f"({form})", []))]


def test_a_run_of_spaces_costs_what_one_space_does() -> None:
    """In a byline and in a line; a million of them would take days."""
    gap = " " * 1_000_000

    assert "AFP, dpa" == stated(f"By{gap}AFP{gap}/{gap}dpa\n{gap}Rain fell.", [f"AFP{gap}/{gap}dpa"])


@pytest.mark.parametrize(
    "line", ["to Reuters_said", "_dpa_", "(Reuters)", "the ferry", "TASS", "АП", "A.P", "told the AP"]
)
def test_a_name_is_looked_for_where_a_word_of_one_stands(line: str) -> None:
    names, folded = agency._Names.of(()), agencies.key_of(line)
    is_native = not line.isascii() and any(name in folded for name in names._native)
    assert names._may_name(line) == (is_native or not names._telling.isdisjoint(agency._WORD.findall(folded)))


def test_a_text_without_an_agency_needs_no_pattern_of_where_one_stands() -> None:
    """They take longer to compile than a hundred texts take to clean."""
    names = agency._Names(())
    lines = [
        "By Ann Weaver",
        "LONDON, March 5 - The reservoir is full.",
        "She told the press of Apathy, an islet.",
    ]

    assert [] == [*names.in_head(lines), *names.in_tail(lines)]
    assert {"_datelines", "_credits", "_tails"}.isdisjoint(vars(names))
    assert ["Reuters"] == [*names.in_tail([*lines, "(Reuters)"])]
