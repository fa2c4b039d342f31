"""Time every regular expression of newsfold on twice the text: `python -m benchmarks.patterns [--show]`.

Each one is tried on the texts that its own repetitions can share out between them (`benchmarks.pumped_texts`), at two lengths. A pattern
that takes the square of a text is named with the text, and the exit code is 1. Some known ones are tried first: quadratic ones must be
told, linear ones must not. Only time shows what a pattern does. It is CPU time, the best of some tries, at lengths that lie far apart.
"""

import argparse
import math
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import compiled_patterns, pumped_texts
from benchmarks.compiled_patterns import Pattern
from pipeline.extract import authors
from pipeline.flows import credits as crediting

SHORT, LONG = 4_000, 32_000  # characters
MOST = 24  # times as long; 8 if linear, 64 if quadratic
QUICK_SECONDS = (
    0.06  # for a long text: a quadratic pattern takes 512,000,000 steps; a busy machine may count some ticks
)
LEAST_SECONDS = 0.001  # less can't be told from nothing
WINDOW_SECONDS = 0.1
TRIES = 5

# What is only looked for in so many characters at an end of a line, or in a line that has no more.
WINDOWS = {
    "clean/agency.py": 200,
    "extract/authors.py": authors._MAX_STATED_CHARS,
    "flows/credits.py": crediting._MAX_CHARS,
    "text/sentences.py:_LAST_WORD": 40,
    "extract/trim.py:_BROKEN_OFF": 20,
    "stories/figures.py:_WORD_BEFORE": 24,
    # Of what a library or a file of ours says, not of documents.
    "extract/name_tests.py": 300,
    "text/lexicon.py": 300,
}


class TooLongError(Exception):
    pass


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(pattern: Pattern, compiled: Any, text: pumped_texts.Text, length: int) -> float:
    """CPU time for a text of a length. Lines have one space between words, documents need not."""
    begin, pump, end = text
    written = (begin + pump * max(1, (length - len(begin)) // len(pump)))[:length] + end
    written = written if pattern.is_bytes else " ".join(written.split())
    sought: Any = written.encode() if pattern.is_bytes else written
    started = time.process_time()
    try:
        with stopped_after(1.0):
            if pattern.is_at_start:
                compiled.match(sought)
                compiled.fullmatch(sought)
            else:
                for _ in compiled.finditer(sought):
                    pass
    except TooLongError:  # a second for so little is too much, whatever the growth
        return math.inf
    return time.process_time() - started


def fault(pattern: Pattern) -> str | None:
    """A text that takes too long, and how long."""
    compiled = pattern.compile()
    window = min((n for where, n in WINDOWS.items() if _is_all_in(pattern, where)), default=None)
    for text in pumped_texts.texts(pattern.spelt, pattern.flags, pattern.library):
        most = WINDOW_SECONDS if window else QUICK_SECONDS
        if seconds(pattern, compiled, text, window or LONG) < most:
            continue
        long = min(seconds(pattern, compiled, text, window or LONG) for _ in range(TRIES))
        short = min(seconds(pattern, compiled, text, SHORT) for _ in range(TRIES)) if not window else 0.0
        if long >= most and (window or math.isinf(long) or long > MOST * max(short, LEAST_SECONDS)):
            return f"{pattern.places} on {text}: {long:.3f} s, {short:.4f} s for {SHORT} characters"
    return None


def _is_all_in(pattern: Pattern, where: str) -> bool:
    return all(place.partition(":")[0] == where or place == where for place in pattern.places)


QUADRATIC = (r"\w+@", r"(a+)+b", r"^\W*x?\W*$", r"<!--.*?-->", r"(?:\d+,?)+;", r"a.*b.*c")
LINEAR = (r"(?<!\w)\w+@", r"a+b?", r"(?:<|>)+", r"\d{1,3}(?:,\d{3})*")


def _known(spelt: str) -> Pattern:
    return Pattern(spelt, False, 0, "re", False, ["known"], ["known"])


def check_itself() -> list[str]:
    """What of the known patterns is told wrongly."""
    missed = [f"{spelt} takes the square and was not told" for spelt in QUADRATIC if not fault(_known(spelt))]
    return missed + [told for spelt in LINEAR if (told := fault(_known(spelt)))]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="name each pattern as it is tried")
    show = parser.parse_args().show
    wrong = check_itself()
    for line in wrong:
        print(line)
    found = compiled_patterns.patterns()
    slow = []
    for one in found:
        if show:
            print(f"{one.places[0]}  {one.spelt[:80]}", flush=True)
        if told := fault(one):
            slow.append(told)
            print(told, flush=True)
    print(f"{len(found)} patterns, {len(slow)} that take the square of a text")
    return 1 if wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
