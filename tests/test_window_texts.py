"""Texts of the window are read once for the stages that ask for them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.day.run import run_day
from pipeline.day.window_texts import WindowTexts
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.contract import Contract
from pipeline.model.tables import ARTICLES
from pipeline.store.view import View
from tests.conftest import DAY, deliver, make_desk
from tests.test_judge import COMET, FLOOD

COLUMNS = ["article_id", "text"]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each reading of texts of the window lets through."""
    found, read = list[int](), View.read

    def noted(self: View, contract: Contract, *args: Any, **how: Any) -> pa.Table:
        table = read(self, contract, *args, **how)
        if contract is ARTICLES and "text" in table.column_names:
            found.append(table.num_rows)
        return table

    monkeypatch.setattr(View, "read", noted)
    return found


def test_what_later_stages_need_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    deliver(
        desk,
        DAY,
        *({"url": f"https://a.example/{n}", "text": text} for n, text in enumerate((*FLOOD, *COMET))),
    )
    run_day(desk, DAY)
    view = View(desk.warehouse, [(ARTICLES, DAY)])
    every = view.read(ARTICLES, DAY, COLUMNS)
    ids, asked, texts = every["article_id"].combine_chunks(), counted(monkeypatch), WindowTexts()

    found = [texts.read(view, DAY, COLUMNS, ids[:2], ids[:4]), texts.read(view, DAY, COLUMNS, ids[2:4])]

    assert [4] == asked
    assert every.slice(0, 4).equals(pa.concat_tables(found).combine_chunks())
    assert every.slice(3, 2).equals(texts.read(view, DAY, COLUMNS, ids[3:5], ids[4:]))
    assert [4, 2] == asked


def test_a_day_reads_the_texts_of_its_window_once_for_links_and_flows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    flood = "\n".join(FLOOD)
    for n, name in enumerate(("post", "echo")):
        deliver(desk, DAY + timedelta(n), {"url": f"https://{name}.example/a", "text": flood, "outlet": name})
    run_day(desk, DAY)
    asked = counted(monkeypatch)

    row = run_day(desk, DAY + timedelta(1)).row

    assert (1, [1]) == (row["n_exact"], asked)
