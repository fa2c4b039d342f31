"""Copies on made-up syndication: which copies of one text are found, which forms that are filled in twice are told apart.

    python -m benchmarks.syndication [FAMILY…] [--n 20] [--show 3] [--seed 1]

Families, and the languages they are in, stand in `syndication_texts.py`. Each pair is judged four times: with headlines and
without, with times of publication and without. No data is needed; wordfreq gives the words.
"""

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.copies import verdict
from pipeline.model.internal_tables import COMPARED

sys.path.append(str(Path(__file__).parent))
from syndication_texts import COPIES, FORMS, Article, Pair, pairs

THRESHOLD = 0.5
VIEWS = [(titled, timed) for titled in (True, False) for timed in (True, False)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("families", nargs="*", metavar="FAMILY", choices=[[], *COPIES, *FORMS])
    parser.add_argument("--n", type=int, default=20, help="pairs of a family in a language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many pairs that are decided wrongly")
    asked = parser.parse_args()
    made = [
        pair for pair in pairs(asked.n, asked.seed) if not asked.families or pair.family in asked.families
    ]
    decided = [judge(made, *view) for view in VIEWS]
    _print(made, decided)
    _show(made, decided, asked.show)


@dataclass
class Decided:
    """How each pair is decided in one view."""

    accepted: np.ndarray
    reasons: list[str] = field(default_factory=list)


def judge(made: list[Pair], titled: bool, timed: bool) -> Decided:
    """The verdict on each pair."""
    rows = [_row(number, pair, titled, timed) for number, pair in enumerate(made)]
    links = verdict.verify(pa.Table.from_pylist(rows, schema=COMPARED.schema), THRESHOLD)
    return Decided(links["accepted"].to_numpy(), links["reason"].to_pylist())


def _row(number: int, pair: Pair, titled: bool, timed: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "article_id": f"20260305{2 * number + 1:024x}",
        "other_id": f"20260305{2 * number:024x}",
    }
    for prefix, article, outlet in (("", pair.other, "b"), ("other_", pair.one, "a")):
        row |= {f"{prefix}{name}": value for name, value in _article(article, outlet, titled, timed).items()}
    return row


def _article(article: Article, outlet: str, titled: bool, timed: bool) -> dict[str, object]:
    return {
        "text": article.text,
        "title": article.title if titled else None,
        "canonical_url": f"https://{outlet}.example/",
        "outlet": outlet,
        "published_at": article.at.replace(tzinfo=UTC) if timed else None,
    }


def _print(made: list[Pair], decided: list[Decided]) -> None:
    """Of each family the share that is decided rightly in each view, then precision and recall."""
    print(f"{'family':22} {'is':6} pairs  title+time  title   time  neither")
    families = defaultdict[str, list[int]](list)
    for number, pair in enumerate(made):
        families[pair.family].append(number)
    for family, at in families.items():
        is_copy = made[at[0]].is_copy
        shares = [np.mean(found.accepted[at] == is_copy) for found in decided]
        print(
            f"{family:22} {'copy' if is_copy else 'form':6} {len(at):5} {'':5}"
            + "".join(f"{s:7.3f}" for s in shares)
        )
    gold = np.array([pair.is_copy for pair in made])
    for (titled, timed), found in zip(VIEWS, decided, strict=True):
        right = np.sum(found.accepted & gold)
        print(
            f"{'with' if titled else 'no'} titles, {'with' if timed else 'no'} times: precision"
            f" {right / max(np.sum(found.accepted), 1):.4f}, recall {right / max(np.sum(gold), 1):.4f}"
        )


def _show(made: list[Pair], decided: list[Decided], n: int) -> None:
    for view, found in zip(VIEWS, decided, strict=True):
        wrong = [i for i, pair in enumerate(made) if found.accepted[i] != pair.is_copy]
        for i in wrong[:n]:
            pair = made[i]
            print(f"\n--- {view} {pair.family} {pair.language}: {found.reasons[i]}")
            print(f"{pair.one.title}: {pair.one.text}\n...\n{pair.other.title}: {pair.other.text}")


if __name__ == "__main__":
    main()
