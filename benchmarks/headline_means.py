"""The mean vectors of headlines, by language: makes `pipeline/stories/headline_means.npz`.

    python benchmarks/headline_means.py

A language with many labelled headlines has a mean of its own, drawn to that of all languages by as many of PRIOR: a mean
of few headlines is mostly what these few tell of. Data: NEWSFOLD_DATA (default ../shared/data).
"""

import gzip
import json
import os
from collections import defaultdict
from pathlib import Path

import numpy as np

from pipeline.stories.sentence_encoder import LANGUAGES, encoder

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("NEWSFOLD_DATA", ROOT.parent / "shared" / "data"))
STORIES = ("wmt21_news.dev", "allsides_full.dev", "news_cluster_g5w1h")
PAIRS = ("pairs_telegram_ru", "pairs_telegram_en")
LEAST = 50  # headlines of a language with a mean of its own
PRIOR = 100


def headlines() -> dict[str, list[str]]:
    """Those of the labelled sets by language, each once."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in STORIES:
        for row in read(f"stories/{name}.jsonl.gz"):
            found[row["lang"]].add(row["title"])
    for name in PAIRS:
        for row in read(f"stories/{name}.jsonl.gz"):
            found[row["lang"]] |= {row[side]["title"] for side in "ab"}
    for row in read("extraction/fundus/pages.jsonl.gz"):
        found[row["lang"]].add(row["gold_title"])
    return {
        language: sorted(filter(None, titles))
        for language, titles in sorted(found.items())
        if language in LANGUAGES
    }


def read(path: str) -> list[dict[str, str]]:
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def means(titles: dict[str, list[str]]) -> dict[str, np.ndarray]:
    own = {language: encoder().encode(known) for language, known in titles.items() if len(known) >= LEAST}
    everything = np.mean([rows.mean(axis=0) for rows in own.values()], axis=0)
    drawn = {
        language: (rows.sum(axis=0) + PRIOR * everything) / (len(rows) + PRIOR)
        for language, rows in own.items()
    }
    return {"other": everything} | drawn


if __name__ == "__main__":
    known = headlines()
    made = {name: np.rint(mean * 2.0**15).astype(np.int16) for name, mean in means(known).items()}
    np.savez(ROOT / "pipeline/stories/headline_means.npz", **made)
    print({language: len(titles) for language, titles in known.items()}, "means:", sorted(made))
