"""On the terminal: what a harvest did, and what listings give."""

import pytest

from pipeline.app.harvest_tables import checked, harvested
from pipeline.harvest.checking import Checked
from pipeline.harvest.hour import Hour
from pipeline.harvest.run import Report
from tests.harvesting import NOW


def test_a_harvest_is_told_by_source_and_in_sum(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("n_fetched", "n_not_modified", "n_duplicate", "n_refused", "n_deferred", "n_failed")
    row: dict[str, object] = {
        "outlet": "A paper",
        "ingest_date": NOW.date(),
        "health": "silent",
        **dict.fromkeys(names, 7),
    }
    harvested(Hour(Report({"x": "fetched"}, n_new=1, n_bytes=2048), ["f"], [row]))
    said = capsys.readouterr().out
    assert "A paper" in said
    assert "silent" in said
    assert "This run: addresses 1, new pages 1, bytes 2,048, files 1" in said
    assert f"{NOW.date()}, all runs so far" in said


def test_a_listing_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    checked([Checked("A", "feed", "http://a.example/f", "failed:404")])
    assert "failed:404" in capsys.readouterr().out
