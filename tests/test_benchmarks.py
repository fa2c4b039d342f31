"""The benchmarks can be started: each says what it measures."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
COMMANDS = sorted(path for path in FOLDER.glob("*.py") if "argparse" in path.read_text(encoding="utf-8"))
sys.path.append(str(FOLDER))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_benchmark_explains_itself(path: Path) -> None:
    """All that it imports is there, and `--help` teaches."""
    done = subprocess.run([sys.executable, path, "--help"], capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stderr)
    assert "usage" in done.stdout


def test_a_corpus_is_made_again_from_its_seed() -> None:
    """The same number, seed and days give the same articles; another seed gives others."""
    from corpus import generate

    assert list(generate(60, seed=3, days=2)) == list(generate(60, seed=3, days=2))
    assert list(generate(60, seed=3)) != list(generate(60, seed=4))


def test_a_corpus_holds_copies_and_reports() -> None:
    """A group is one text with its copies; an event may be reported in several."""
    from corpus import generate

    rows = list(generate(2_000, seed=1))

    assert {"base", "exact", "headline", "tail", "cut", "edited", "excerpt"} == {row["kind"] for row in rows}
    assert len({row["event"] for row in rows}) < len({row["group"] for row in rows}) < len(rows)


@pytest.mark.parametrize("language", ["hi", "ta", "te", "ml", "si", "my", "km", "lo", "fa", "he"])
def test_stories_are_the_events_in_every_script(language: str) -> None:
    """Two reports of an event join, whatever marks their words are written with; others are not alike at all."""
    from event_texts import EVENTS
    from stories import told_apart

    same, other, is_right = told_apart(language, EVENTS[language])

    assert is_right
    assert max(other) < 0.15
    assert min(same) > 0.35
