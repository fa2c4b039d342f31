"""A document on which a stage raises costs a day that document alone, whichever stage it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from pipeline import read
from pipeline.app.cli import app
from pipeline.clean import articles as cleaning
from pipeline.clean import habits
from pipeline.copies import candidates, signatures, verdict
from pipeline.copies import groups as grouping
from pipeline.day.desk import Desk
from pipeline.day.run import run_day
from pipeline.engines import embedded
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.explain.explain import explain
from pipeline.flows import credits as credits_of_texts
from pipeline.flows import follow as following
from pipeline.model.errors import StageError
from pipeline.model.internal_tables import SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, RUNS, STORIES
from pipeline.stories import similarity, spelling, summary
from pipeline.text import lines
from pipeline.upkeep import status
from pipeline.upkeep.status import State
from tests.conftest import make_desk, published
from tests.faulty import BadLuckError
from tests.sharded import ShardedEngine
from tests.world import DAYS, POOL, be_quick

POISONED = POOL[8]["text"].replace("Astronomers", "Zalophus")
POISON = (
    POOL[8]
    | {
        "text": POISONED,
        "url": "https://zalophus.example/comet",
        "outlet": "The Sea Lion",
        "published_at": "2026-03-05T07:59:00Z",  # before its twin, so that it begins their group and takes part in all stages
    }
)
OTHERS = [POOL[n] for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13)]


class Poison(NamedTuple):
    """Where a stage is made to raise, and on which of its arguments."""

    stage: str
    module: Any
    function: str
    strikes: Callable[..., bool]
    is_of_pairs: bool = False
    is_of_days: bool = (
        False  # whether one machine does the stage for whole days at once, and goes by rows where that raises
    )


def _has(column: Any) -> bool:
    return any("Zalophus" in (text or "") for text in column.to_pylist())


def _line_of(document: Any) -> bool:
    return lines.line_hash("The Sea Lion", POISONED.split("\n")[0]) in document.lines


def _is(*columns: Any) -> bool:
    return any(poisoned_id() in column.to_pylist() for column in columns)


_known: dict[str, str] = {}


def poisoned_id() -> str:
    """The article_id of the poisoned document on the first day."""
    if not _known:
        where = "https://zalophus.example/comet"
        said = dict.fromkeys(cleaning._Document._fields) | {"canonical_url": where, "text": POISONED}
        document = cleaning._Document(**said)
        _known["id"] = cleaning._article_id(document, DAYS[0])
    return _known["id"]


POISONS = [
    Poison("outline", habits, "_telling_lines", lambda *values: "Zalophus" in values[1]),
    Poison("count_lines", habits, "_same_article", lambda document, *_: _line_of(document)),
    Poison("clean", cleaning, "_article", lambda document, *_: "Zalophus" in document.text),
    Poison("sign", signatures, "_sign", lambda *values: _has(values[1])),
    Poison("band", signatures, "pack", _is, is_of_days=True),
    Poison(
        "pair",
        candidates,
        "_coded",
        lambda ids: bytes.fromhex(poisoned_id()) in ids.to_pylist(),
        is_of_days=True,
    ),
    Poison(
        "sift",
        candidates,
        "_sketches",
        lambda batch, _: _is(batch["article_id"], batch["other_id"]),
        is_of_pairs=True,
        is_of_days=True,
    ),
    Poison(
        "verify",
        verdict,
        "measure",
        lambda compared, _: _has(compared["text"]) or _has(compared["other_text"]),
        is_of_pairs=True,
    ),
    Poison("assign_copies", grouping, "in_order", lambda articles: _is(articles["article_id"])),
    Poison("weigh", spelling, "cut", lambda texts, _: any("Zalophus" in text for text in texts)),
    Poison("credit", credits_of_texts, "stated_credits", lambda page, _: "Zalophus" in page.text),
    Poison("follow", following, "_member", lambda row, _: "Zalophus" in row["text"]),
    Poison("assign_stories", similarity, "align", lambda tables: _is(tables[0]["article_id"])),
    Poison(
        "summarise", summary, "_story", lambda rows, _: "Zalophus" in "".join(r["lead"] or "" for r in rows)
    ),
]


def put(monkeypatch: pytest.MonkeyPatch, poison: Poison) -> None:
    _raise_in(monkeypatch, poison.module, poison.function, poison.strikes)
    if poison.is_of_days:
        _raise_in(monkeypatch, candidates.Sketched, "of", lambda signatures: _is(signatures["article_id"]))


def _raise_in(
    monkeypatch: pytest.MonkeyPatch, where: Any, function: str, strikes: Callable[..., bool]
) -> None:
    real = getattr(where, function)

    def raising(*values: Any, **named: Any) -> Any:
        if strikes(*values):
            raise BadLuckError
        return real(*values, **named)

    monkeypatch.setattr(where, function, raising)


def deliver(root: Path, day: Any, documents: list[dict[str, Any]]) -> None:
    folder = root / "landing" / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, documents)))


def run(root: Path, engine: Any, documents: list[dict[str, Any]], day: Any = DAYS[0]) -> Desk:
    deliver(root, day, documents)
    desk = make_desk(root, engine, min_words=4)
    run_day(desk, day)
    return desk


def others(desk: Desk) -> dict[str, list[Any]]:
    """Every published row of the first day that is not about the poisoned document, nor about the place of its twin."""
    rows = {
        contract.name: desk.warehouse.read(contract, DAYS[0]).to_pylist()
        for contract in (ARTICLES, LINKS, MEMBERSHIPS, STORIES)
    }
    its, both = poisoned_id(), {poisoned_id(), twin(desk)}
    return {
        "articles": [r for r in rows["articles"] if r["article_id"] != its],
        "links": [r for r in rows["links"] if its not in {r["article_id"], r["other_id"]}],
        "memberships": [r for r in rows["memberships"] if r["article_id"] not in both],
        "stories": [r for r in rows["stories"] if not both & set(r["members"])],
    }


def twin(desk: Desk) -> str:
    """The other article with the same text but for a word: its story may have the poisoned one in it."""
    rows = desk.warehouse.read(ARTICLES, DAYS[0]).to_pylist()
    (found,) = [r["article_id"] for r in rows if r["text"].startswith("Astronomers in Chile")]
    return str(found)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    be_quick(monkeypatch)
    return monkeypatch


@pytest.mark.parametrize("poison", POISONS, ids=lambda p: p.stage)
def test_a_day_is_not_lost_to_one_document(
    tmp_path: Path, quick: pytest.MonkeyPatch, engine: Any, poison: Poison
) -> None:
    """All other rows are those of the day without it; it is an article with a membership; the fault is listed."""
    without = run(tmp_path / "without", engine, OTHERS)
    with quick.context() as patch:
        put(patch, poison)
        desk = run(tmp_path / "with", engine, [*OTHERS, POISON])

    assert others(without) == others(desk)
    mine = [r for r in desk.warehouse.read(ARTICLES, DAYS[0]).to_pylist() if "Zalophus" in r["text"]]
    assert [poisoned_id()] == [r["article_id"] for r in mine]
    (row,) = desk.warehouse.read(RUNS, DAYS[0]).to_pylist()
    assert {(poison.stage, "BadLuckError")} == {(f["stage"], f["error"]) for f in row["stage_faults"]}
    assert len(row["stage_faults"]) == row["n_stage_faults"]
    for fault in row["stage_faults"]:
        assert poisoned_id() in {fault["article_id"], fault["other_id"]}
        assert poison.is_of_pairs == (fault["other_id"] is not None)


@pytest.mark.parametrize("poison", POISONS, ids=lambda p: p.stage)
def test_the_outcome_depends_neither_on_engine_nor_on_batches(
    tmp_path: Path, quick: pytest.MonkeyPatch, poison: Poison
) -> None:
    """The same bytes; and the day that is run again finds its faults again, or takes them from where they stand."""
    put(quick, poison)
    documents = [*OTHERS[:5], POISON, *OTHERS[5:]]
    desk = run(tmp_path / "embedded", EmbeddedEngine(2), documents)
    run(tmp_path / "sharded", ShardedEngine(), documents)
    with quick.context() as patch:
        patch.setattr(embedded, "PIECE_ROWS", 2)
        run(tmp_path / "small", EmbeddedEngine(1), documents)
    first = published(tmp_path / "embedded" / "warehouse")

    assert first == published(tmp_path / "sharded" / "warehouse")
    assert first == published(tmp_path / "small" / "warehouse")
    assert () == run_day(desk, DAYS[0]).changed
    assert [State.FRESH] == [s.state for s in status.status(desk)]


@pytest.mark.parametrize("poison", POISONS, ids=lambda p: p.stage)
def test_a_day_is_not_lost_to_a_document_of_an_earlier_day(
    tmp_path: Path, quick: pytest.MonkeyPatch, engine: Any, poison: Poison
) -> None:
    """Whether the state of that day is still stored or not; what was its own fault then is not listed again."""
    put(quick, poison)
    desk = run(tmp_path, engine, [*OTHERS, POISON])
    deliver(tmp_path, DAYS[1], [POOL[9], POOL[12], POOL[8] | {"url": "https://late.example/comet"}])
    run_day(desk, DAYS[1])
    first = published(tmp_path / "warehouse")
    for contract in (SIGNATURES, TERMS):
        desk.warehouse.storage.delete(desk.warehouse.path(contract, DAYS[0]))

    run_day(desk, DAYS[1])

    assert first == published(tmp_path / "warehouse")
    (row,) = desk.warehouse.read(RUNS, DAYS[1]).to_pylist()
    assert poison.is_of_pairs or [] == row["stage_faults"]


def test_a_document_that_cleaning_raises_on_keeps_its_text(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    put(quick, next(p for p in POISONS if p.stage == "clean"))

    desk = run(tmp_path, EmbeddedEngine(1), [*OTHERS, POISON])

    (row,) = [
        r for r in desk.warehouse.read(ARTICLES, DAYS[0]).to_pylist() if r["article_id"] == poisoned_id()
    ]
    assert (POISONED, [], None) == (row["text"], row["furniture_removed"], row["lead"])
    assert (POISON["title"], "The Sea Lion") == (row["title"], row["outlet"])


def test_a_story_that_summarising_raises_on_is_read_from_its_other_members(
    tmp_path: Path, quick: pytest.MonkeyPatch
) -> None:
    """All its members count; what the others say is said."""
    put(quick, next(p for p in POISONS if p.stage == "summarise"))

    desk = run(tmp_path, EmbeddedEngine(1), [*OTHERS, POISON])

    (story,) = [s for s in desk.warehouse.read(STORIES, DAYS[0]).to_pylist() if poisoned_id() in s["members"]]
    assert 2 == story["n_articles"]
    assert story["canonical_id"] != poisoned_id()
    assert "Water found on comet" == story["title"]


def test_a_document_without_an_article_is_listed_by_its_raw_ref(
    tmp_path: Path, quick: pytest.MonkeyPatch
) -> None:
    """As one that is too short, whose lines could not be read either."""
    put(quick, next(p for p in POISONS if p.stage == "outline"))

    desk = run(tmp_path, EmbeddedEngine(1), [POOL[0], {"text": "Zalophus", "outlet": "The Sea Lion"}])

    (row,) = desk.warehouse.read(RUNS, DAYS[0]).to_pylist()
    assert [f"day={DAYS[0]}/a.jsonl#1"] == [f["article_id"] for f in row["stage_faults"]]


def test_a_stage_that_raises_on_most_of_a_day_publishes_nothing(
    tmp_path: Path, quick: pytest.MonkeyPatch
) -> None:
    put(quick, Poison("sign", signatures, "_sign", lambda _, texts: len(texts) > 0))

    with pytest.raises(StageError, match=r"day 2026-03-05: sign raised on .* of 12 documents"):
        run(tmp_path, EmbeddedEngine(1), OTHERS[:10] + OTHERS[11:])

    assert {} == published(tmp_path / "warehouse")


def test_the_report_and_the_log_say_how_many(
    tmp_path: Path, quick: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The day is published and the command ends well."""
    put(quick, next(p for p in POISONS if p.stage == "weigh"))
    deliver(tmp_path, DAYS[0], [*OTHERS, POISON | {"text": POISONED.replace("water", "nothing")}])
    places = ["--landing", str(tmp_path / "landing"), "--warehouse", str(tmp_path / "warehouse")]

    done = CliRunner().invoke(app, ["run", "-v", *places, "--day", str(DAYS[0])])
    again = CliRunner().invoke(app, ["run", *places, "--day", str(DAYS[0])])

    assert (0, 0) == (done.exit_code, again.exit_code), done.output
    assert "1  faults of stages (1 weigh)" in done.output
    assert "1 faults of stages (-v names them)" in again.output
    assert "stage_faults=1 weigh:BadLuckError=1" in caplog.text


def test_readers_do_without_what_a_stage_raised_on(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    """`explain` says so, and signatures that must be made again are made of the other articles."""
    with quick.context() as patch:
        put(patch, next(p for p in POISONS if p.stage == "weigh"))
        put(patch, next(p for p in POISONS if p.stage == "sign"))
        desk = run(tmp_path, EmbeddedEngine(1), [*OTHERS, POISON])
        desk.warehouse.storage.delete(desk.warehouse.path(SIGNATURES, DAYS[0]))

        found = read.signatures(str(tmp_path / "warehouse"), DAYS[0])
        told = explain(desk.warehouse, desk.settings, poisoned_id())

    assert poisoned_id() not in found
    assert twin(desk) in found
    assert "stage_faults" in told["story"]["note"]
