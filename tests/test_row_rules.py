"""Rules that a row breaks by itself; each kind of breach on a whole warehouse is in test_breaches."""

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.tables import LINKS, MEMBERSHIPS
from pipeline.upkeep.row_rules import broken
from tests.conftest import DAY
from tests.memberships import rows

ID = "20260305" + "0" * 24


def named(contract: object, piece: pa.Table) -> dict[str, list[int]]:
    found = broken(contract, piece, DAY)  # type: ignore[arg-type]
    masks = {rule: pc.fill_null(mask, False) for rule, mask in found}
    return {rule: hits for rule, mask in masks.items() if (hits := pc.indices_nonzero(mask).to_pylist())}


def test_rows_that_break_a_rule_are_pointed_at() -> None:
    piece = MEMBERSHIPS.table([*rows(ID), *rows(ID[:-1] + "1"), *rows("20260306" + "0" * 24)])
    kinds = pa.array(["origin", "twin", "near"])
    piece = piece.set_column(piece.column_names.index("kind"), "kind", kinds)

    assert {"article_id: of_its_day": [2], "kind: values": [1], "own_origin": [1, 2]} == named(
        MEMBERSHIPS, piece
    )


def test_of_a_column_that_a_piece_lacks_nothing_is_said() -> None:
    link = {"article_id": ID, "other_id": ID, "jaccard": 2.0, "containment": 1.0, "containment_other": -0.5}
    piece = LINKS.table([{**link, "accepted": True, "kind": "near", "reason": "x", "rule_version": 1}])

    assert {"jaccard: bounds": [0], "containment_other: bounds": [0]} == named(LINKS, piece)
    assert {"jaccard: bounds": [0]} == named(LINKS, piece.drop_columns(["containment_other", "kind"]))
