"""Days and the folders that stand for them."""

from datetime import date

from pipeline.model import days


def test_a_folder_meant_for_a_day_is_told_from_other_folders() -> None:
    """What is not named day=YYYY-MM-DD is passed over, so its owner must hear of it."""
    folders = [
        "day=2026-03-05",
        "day=2026-3-7",
        "day=20260307",
        "day=2026-02-30",
        "day=2026-W10-4",
        "day=0001-01-01",
        "day=1899-12-31",
        "day=2101-01-01",
        "day=9999-12-31",
        "2026-03-07",
        "dt=2026-03-07",
        "archive",
        "_meta",
    ]

    assert [date(2026, 3, 5)] == days.days_among(folders)
    odd = [
        "2026-03-07",
        "day=0001-01-01",
        "day=1899-12-31",
        "day=2026-02-30",
        "day=2026-3-7",
        "day=2026-W10-4",
        "day=20260307",
        "day=2101-01-01",
        "day=9999-12-31",
        "dt=2026-03-07",
    ]
    assert odd == days.misnamed(folders)
