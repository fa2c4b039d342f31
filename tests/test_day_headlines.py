"""Days with headlines compared across languages, and days without: on both engines, and never mixed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import inputs
from pipeline.day.run import run_day
from pipeline.model.internal_tables import TERMS
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.stories.headline_vectors import described
from pipeline.upkeep.status import State, check
from tests.conftest import DAY, deliver, make_desk

REPORTS = {
    "en": (
        "Passenger ferry runs aground off the northern coast",
        "A ferry with two hundred travellers ran onto rocks this morning. Nobody was hurt, the coast guard said, and all were taken off by lifeboats.",
    ),
    "de": (
        "Passagierfähre läuft vor der Nordküste auf Grund",
        "Ein Schiff mit zweihundert Reisenden ist am Morgen auf Felsen gefahren. Verletzt wurde niemand, teilte die Küstenwache mit; alle wurden mit Rettungsbooten geholt.",
    ),
    "ja": (
        "北部沿岸で旅客フェリーが座礁",
        "けさ、二百人の乗客を乗せた船が岩に乗り上げた。沿岸警備隊によるとけが人はなく、全員が救命艇で救助された。",
    ),
    "ru": (
        "Пассажирский паром сел на мель у северного побережья",
        "Судно с двумя сотнями путешественников утром налетело на скалы. По данным береговой охраны, никто не пострадал, всех сняли спасательные шлюпки.",
    ),
}
LATER = DAY + timedelta(1)


def put(desk: Any, day: Any, *languages: str) -> None:
    documents = [
        {"url": f"https://{language}.example/1", "title": REPORTS[language][0], "text": REPORTS[language][1]}
        for language in languages
    ]
    deliver(desk, day, *documents)


def stories(desk: Any, day: Any) -> list[str]:
    found: list[str] = desk.warehouse.read(MEMBERSHIPS, day)["story_id"].to_pylist()
    return found


def vectors(desk: Any, day: Any) -> list[Any]:
    found: list[Any] = desk.warehouse.read(ARTICLES, day)["headline_vector"].to_pylist()
    return found


@pytest.fixture
def desks(tmp_path: Path, engine: Any) -> Any:
    return {on: make_desk(tmp_path, engine, languages=on) for on in (False, True)}


def test_reports_in_four_languages_are_one_story_with_the_setting_and_four_without(desks: Any) -> None:
    put(desks[True], DAY, *REPORTS)
    run_day(desks[False], DAY)
    assert (4, [None] * 4) == (len(set(stories(desks[False], DAY))), vectors(desks[False], DAY))

    run_day(desks[True], DAY)

    assert 1 == len(set(stories(desks[True], DAY)))
    assert all(len(vector) == 512 for vector in vectors(desks[True], DAY))


def test_a_day_made_with_the_setting_and_one_made_without_are_stale_for_each_other(desks: Any) -> None:
    put(desks[True], DAY, "en")
    for one, other in ((True, False), (False, True)):
        run_day(desks[one], DAY)
        fresh, stale = (check(d.landing, d.warehouse, d.settings, DAY) for d in (desks[one], desks[other]))

        assert State.FRESH is fresh.state
        assert (State.STALE, "settings") == (stale.state, str(stale.reasons[0]))
    assert described() == inputs.recipe(desks[True].settings)["model/headlines"]
    assert "model/headlines" not in inputs.recipe(desks[False].settings)


def test_a_window_that_was_made_without_vectors_is_compared_with_them(desks: Any) -> None:
    """What comes out is what comes out after a repair of the window."""
    put(desks[True], DAY, "en", "ru")
    put(desks[True], LATER, "ja", "de")
    run_day(desks[False], DAY)
    run_day(desks[True], LATER)
    found = desks[True].warehouse.read(MEMBERSHIPS, LATER).select(["article_id", "story_id", "story_score"])
    before = {*stories(desks[True], DAY)}

    run_day(desks[True], DAY)
    run_day(desks[True], LATER)

    assert found["story_id"].to_pylist()[0] in before
    assert len({*stories(desks[True], DAY)}) == 1
    assert found["article_id"] == desks[True].warehouse.read(MEMBERSHIPS, LATER)["article_id"]


def test_a_window_that_was_made_with_vectors_is_compared_without_them(desks: Any) -> None:
    put(desks[True], DAY, "en")
    put(desks[True], LATER, "ja")
    run_day(desks[True], DAY)

    run_day(desks[False], LATER)

    assert {*stories(desks[True], DAY)}.isdisjoint(stories(desks[True], LATER))
    assert 1 == desks[True].warehouse.read(TERMS, LATER)["vector"].null_count


def test_an_article_without_a_headline_has_the_vector_of_its_first_words(desks: Any) -> None:
    title, text = REPORTS["en"]
    deliver(desks[True], DAY, {"url": "https://a.example/1", "text": f"{title}. {text}"})

    run_day(desks[True], DAY)

    assert [False] == [vector is None for vector in vectors(desks[True], DAY)]
