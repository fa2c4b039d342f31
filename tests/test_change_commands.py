"""newsfold changes: what changed in the published tables."""

from pathlib import Path

import pytest

from pipeline.model.tables import MEMBERSHIPS
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.command import newsfold, records
from tests.conftest import DAY
from tests.memberships import rows


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


def _publish(root: Path, *names: str) -> None:
    Warehouse(LocalStorage(root)).publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows(*names)))


def test_it_lists_what_changed_and_how_to_go_on(root: Path) -> None:
    _publish(root, *"abcdefgh")
    first = records(newsfold("changes", "--warehouse", str(root), "--json").stdout)
    (load, cursor) = first
    _publish(root, *"bcdefgh")
    then = records(
        newsfold("changes", "--warehouse", str(root), "--since", str(cursor["cursor"]), "--json").stdout
    )

    assert ("memberships", "", "load") == (load["table"], load["key"], load["op"])
    assert ("memberships", "a", "delete") == (then[0]["table"], then[0]["key"], then[0]["op"])
    assert then[-1]["cursor"] > cursor["cursor"]


def test_without_changes_a_script_gets_nothing_and_a_person_a_word(root: Path) -> None:
    _publish(root, "a")
    cursor = str(records(newsfold("changes", "--warehouse", str(root), "--json").stdout)[-1]["cursor"])

    assert "" == newsfold("changes", "--warehouse", str(root), "--since", cursor, "--json").stdout
    assert "nothing changed" in newsfold("changes", "--warehouse", str(root), "--since", cursor).stdout


def test_a_number_that_the_feed_does_not_know_has_an_exit_code_of_its_own(root: Path) -> None:
    _publish(root, "a")
    done = newsfold("changes", "--warehouse", str(root), "--since", "7")

    assert 6 == done.returncode
    assert "does not go back to 7: load every table again, from 0 on" in done.stderr
