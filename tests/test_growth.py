"""All work on one document's lines grows as its length does: twice the lines, twice the steps.

Steps are counted, not timed: the interpreter's own, in every function of newsfold. What a loop of C does (a pattern, a slice) is not seen
by that.
"""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import pipeline
from pipeline.clean import agency
from pipeline.extract import plaintext, trim
from pipeline.flows import credits as crediting
from pipeline.revisions import differences, judge, sentences
from pipeline.stories import figures, novelty, terms
from pipeline.stories.vocabulary import Book
from pipeline.text import dates, furniture, language, markup, scripts, stamps, tokens

ROOT = Path(pipeline.__path__[0])
LANGUAGES = Path(__file__).parent / "languages"

# --- rules: steps are counted ----------------------------------------------------------------------------------

N_LINES = 32
MOST = 2.6  # for twice the lines; a quadratic one has 4

Lines = list[str]
SENTENCE = "The council of Marlow closed the northern bridge on Tuesday after cracks were found in it."


FAMILIES: dict[str, Callable[[int], Lines]] = {
    "one heading again and again": lambda n: ["More from Politics"] * n,
    "headings that differ": lambda n: [f"Harbour fees rise {i}" for i in range(n)],
    "headings under headings": lambda n: ["More from Politics", "Harbour fees to rise again"] * (n // 2),
    "sentences": lambda n: [f"{SENTENCE[:-1]} {i}." for i in range(n)],
    "one sentence": lambda n: [SENTENCE] * n,
    "buttons": lambda n: ["Read more"] * n,
    "buttons after sentences": lambda n: [SENTENCE, "Read more"] * (n // 2),
    "teasers": lambda n: [f"Read more: Harbour fees rise {i}" for i in range(n)],
    "comments": lambda n: ["3 comments", "walker1", "I cross it each day.", "Reply"] * (n // 4),
    "names": lambda n: ["Ann Doe", "Ann Doe is a reporter."] * (n // 2),
    "bylines": lambda n: [f"By Ann Doe and Joe Roe, March {i % 28 + 1}, 2026" for i in range(n)],
    "credits": lambda n: [f"Photo: Ann Doe / Agency {i}" for i in range(n)],
    "agencies": lambda n: ["(AFP, dpa)", "Source: Reuters", "LONDON (Reuters) - It rained."] * (n // 3),
    "short lines": lambda n: ["x"] * n,
    "signs": lambda n: ["* * *"] * n,
    "figures": lambda n: [f"{i}" for i in range(n)],
    "stamps": lambda n: [f"Updated 12:{i % 60:02} | 5 March 2026" for i in range(n)],
    "contacts": lambda n: ["Contact", "Phone: +44 20 7946 0000", "news@herald.example"] * (n // 3),
    "other scripts": lambda n: ["橋は火曜日に閉鎖された。", "続きを読む"] * (n // 2),
}
_FURNITURE = [
    line for path in sorted(LANGUAGES.glob("*.toml")) for line in tomllib.loads(path.read_text())["furniture"]
]
for _first in range(0, len(_FURNITURE), 8):
    FAMILIES[f"furniture of languages, {_first}"] = lambda n, few=_FURNITURE[_first : _first + 8]: (few * n)[
        :n
    ]


def _version(lines: Lines) -> judge.Version:
    return judge.Version("https://herald.example/harbour", "Harbour fees", "\n".join(lines), None, None)


def _weigh(lines: Lines) -> list[float]:
    book = Book("en")
    found = [novelty.words(book, line) for line in lines]
    novelty.weigh_words("en", found)
    return novelty.new_weights(found, set())


RULES: dict[str, Callable[[Lines], object]] = {
    "furniture": lambda lines: furniture.strip(
        lines,
        title="Harbour fees rise again in Marlow",
        authors=("Ann Doe",),
        outlet="Bay Herald",
        is_recurring=lambda line, beside: beside and len(line) < 5,
    ),
    "agency": lambda lines: agency.stated("\n".join(lines), ["Ann Doe", "dpa"]),
    "credits": lambda lines: crediting.credits_of("\n".join(lines), lines),
    "sentences": lambda lines: sentences.sentences_of("\n".join(lines)),
    "differences": lambda lines: differences.compare(lines, [*lines[1::2], *lines[::2]]),
    "paragraphs": lambda lines: plaintext.paragraphs("\n".join(lines)),
    "links": lambda lines: trim.without_link_lists(lines, set(lines[::2])),
    "stamps": lambda lines: [stamps.without_stamps(line) for line in lines],
    "tokens": lambda lines: tokens.shingles(" ".join(lines)),
    # What stages after these do with the text of one document.
    "terms": lambda lines: terms.name_terms(None, "\n".join(lines), "en"),
    "figures": lambda lines: figures.blank("\n".join(lines), "en"),
    "judging captures": lambda lines: judge.judge(_version(lines), _version([*lines[1:], SENTENCE])),
    "novelty": _weigh,
    "language": lambda lines: language.identify("\n".join(lines), None),
    "markup": lambda lines: markup.without_markup("<br>".join(lines)),
    "dates": lambda lines: dates.find("\n".join(lines)),
}


def steps(rule: Callable[[Lines], object], lines: Lines) -> int:
    """How many instructions of newsfold's functions the interpreter executes."""
    counted = 0

    def watch(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal counted
        if not frame.f_code.co_filename.startswith(str(ROOT)):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        counted += event == "opcode"
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        rule(lines)
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("name", RULES)
def test_twice_the_lines_are_twice_the_steps(name: str) -> None:
    """Of every rule, for every kind of line that one of them has a case for, in every language."""
    rule, bad = RULES[name], {}
    for family, make in FAMILIES.items():
        for n in (4 * N_LINES, 2 * N_LINES):
            rule(make(n))  # what is kept of lines that were looked at is kept for both
        less, more = (steps(rule, make(n)) for n in (2 * N_LINES, 4 * N_LINES))
        if more > MOST * less + 2_000:
            bad[family] = less, more

    assert {} == bad


def test_a_rule_that_compares_each_line_with_each_is_told() -> None:
    """Or the test above could not fail."""

    def quadratic(lines: Lines) -> list[str]:
        return [scripts.letters(one) for one in lines for _ in lines]

    less, more = (steps(quadratic, ["x"] * n) for n in (2 * N_LINES, 4 * N_LINES))
    assert more > MOST * less + 2_000
