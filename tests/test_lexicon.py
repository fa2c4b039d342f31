"""The files of words: what they may say, and that a language is one of them."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

import pipeline
from pipeline.model.errors import LexiconError
from pipeline.text import dates, lexicon, lines
from pipeline.text.lexicon import Patterns, Templates, Words
from pipeline.text.line_kinds import LineKind

TEXTS = {
    file.stem: tomllib.loads(file.read_text("utf-8"))
    for file in Path(__file__).parent.glob("languages/*.toml")
}
LANGUAGES = sorted(set(lexicon.languages()) - {"any"})

MADE_UP = """
labels = ["ploon"]
teasers = ["zim ook"]
credits = ["flik"]
bylines = ["vum"]
months = [["wintel"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"], ["i"], ["j"], ["k"], ["l"]]
of_month = ["ob"]
before_names = ["vum"]
between_names = ["ep"]
date_fields = ["dag"]
title_fields = ["kop"]
outlets = ["Skriber bu NAME"]
live = ["nu levend"]
"""
LOOKS_AT_IT = """
import datetime, json
from pipeline.clean import articles
from pipeline.day import inputs
from pipeline.extract import authors, plaintext
from pipeline.text import dates, lines
said, _ = plaintext.read_text("Kop: Zo ist et\\nDag: 5 ob Wintel 2026\\n\\nZo ist et wol, sagt man hir.", {}, datetime.date(2026, 3, 5))
print(json.dumps([
    lines.look("Ploon").kind.name, lines.look("Zim ook: Da fer").kind.name, lines.look("Flik: Anna Berg").kind.name,
    lines.look("Vum Anna Berg").kind.name, str(dates.find("5 ob Wintel 2026 ")), authors.names_in("Vum Anna Berg ep Bo Dahl"),
    said.title, str(said.published_at), plaintext._outlet(["Flik: Skriber bu Foo Blad"]), bool(articles._LIVE.search("Nu levend: bal")),
    inputs.of_rules("clean"),
]))
"""


def seen(package: Path) -> list[object]:
    """What the code in a copy of the package says of lines in the made-up language."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKS_AT_IT], cwd=package.parent, capture_output=True, check=True, text=True
    )
    return list(json.loads(done.stdout))


def test_a_language_is_added_by_adding_its_file(tmp_path: Path) -> None:
    """No line of code changes; the rules do, so that days are stale."""
    package = tmp_path / "pipeline"
    shutil.copytree(Path(pipeline.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = seen(package)
    (package / "text" / "phrases" / "xx.toml").write_text(MADE_UP, "utf-8")
    after = seen(package)

    assert before[:-1] == [
        *["TEXT"] * 4,
        "None",
        ["Vum Anna Berg ep Bo Dahl"],
        "Kop: Zo ist et",
        "None",
        None,
        False,
    ]
    assert after[:4] == ["LABEL", "TEASER", "CREDIT", "BYLINE"]
    assert "datetime.datetime(2026, 1, 5" in str(after[4])
    assert after[5:-1] == [
        ["Anna Berg", "Bo Dahl"],
        "Zo ist et",
        "2026-01-05 00:00:00+00:00",
        "Foo Blad",
        True,
    ]
    assert before[-1] != after[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_texts(language: str) -> None:
    """What is furniture is known as such, a sentence is not, and a date is read."""
    texts = TEXTS[language]

    assert [line for line in texts["furniture"] if lines.look(line).kind is LineKind.TEXT] == []
    assert [line for line in texts["text"] if lines.look(line).kind is not LineKind.TEXT] == []
    written = dates.find(texts["dated"])
    assert written is not None
    assert f"{written.when:%Y-%m-%d}" == "2026-03-05"


def test_no_texts_are_left_of_a_language_that_is_gone() -> None:
    assert LANGUAGES == sorted(TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_words_of_furniture(language: str) -> None:
    words = lexicon.languages()[language]

    assert words.labels
    assert words.teasers
    assert words.endings
    assert words.credits


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("part", "whole"),
    [("plain_teasers", "teasers"), ("author_endings", "endings"), ("named_credits", "credits")],
)
def test_a_list_of_exceptions_names_what_there_is(language: str, part: str, whole: str) -> None:
    words = lexicon.languages()[language]

    assert getattr(words, part) <= getattr(words, whole)


@pytest.mark.parametrize("language", [*LANGUAGES, "any"])
def test_sign_offs_begin_with_whole_words(language: str) -> None:
    """They are looked for in lines that begin so."""
    words = lexicon.languages()[language]

    assert all(word.isalpha() for word in lexicon.first_words(words.sign_offs | words.named_sign_offs))


def test_no_heading_is_a_letter_of_a_text() -> None:
    """A phrase that is a single letter would match anything."""
    words = lexicon.words()
    for phrases in (words.labels, words.teasers, words.endings, words.pitches):
        assert all(len(p) > 1 or not p.isascii() for p in phrases)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ('lables = ["x y"]', "lables: no such key"),
        ('labels = "x y"', "labels: must be a list of texts"),
        ("labels = [1]", "labels: must be a list of texts"),
        ('labels = ["x y", "x y"]', "labels: 'x y' is there twice"),
        ('labels = ["X y"]', "labels: 'X y' is not in lower case"),
        ('labels = [""]', "labels: '' is empty"),
        ('labels = ["x  y"]', "labels: 'x  y' is empty, or has a space too many"),
        ('labels = ["x*"]', r"labels: 'x\*' has a sign that only patterns have"),
        ('counted = ["{x/y"]', "counted: '{x/y' has a brace without its other"),
        ('months = ["x"]', "months: must be twelve lists"),
        ('months = [["x", "x"], [], [], [], [], [], [], [], [], [], [], []]', "months: 'x' is there twice"),
        ("labels = [", r"Unclosed array|Invalid value"),
    ],
)
def test_a_file_that_says_what_it_must_not_is_refused(tmp_path: Path, said: str, complaint: str) -> None:
    """The message names the file and the key."""
    (tmp_path / "xx.toml").write_text(said, "utf-8")

    with pytest.raises(LexiconError, match=rf"phrases/xx\.toml: (?:{complaint})"):
        lexicon.read(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_bytes('labels = ["é"]'.encode("latin-1"))

    with pytest.raises(LexiconError, match=r"phrases/xx\.toml: 'utf-8' codec"):
        lexicon.read(tmp_path)


def test_no_name_means_two_months(tmp_path: Path) -> None:
    """The language of a date is not asked for."""
    (tmp_path / "xx.toml").write_text(f"months = {json.dumps([['x'], *[[]] * 11])}", "utf-8")
    (tmp_path / "yy.toml").write_text(f"months = {json.dumps([*[[]] * 11, ['x']])}", "utf-8")

    with pytest.raises(LexiconError, match="months: x would be two months"):
        lexicon.together(lexicon.read(tmp_path))


def test_the_digest_changes_with_a_word_and_not_with_a_comment(tmp_path: Path) -> None:
    digests = []
    for said in (
        'labels = ["x", "y"]',
        '# Words.\nlabels = [\n"y", "x"]',
        'labels = ["x", "z"]',
        'teasers = ["x", "y"]',
    ):
        (tmp_path / "xx.toml").write_text(said, "utf-8")
        digests.append(lexicon.digest_of(lexicon.read(tmp_path)))

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_words_are_read_once() -> None:
    assert lexicon.words() is lexicon.words()
    assert lexicon.languages() is lexicon.languages()


def test_the_longest_phrase_is_tried_first() -> None:
    found = re.match(lexicon.one_of({"by", "by the", "b"}), "by the way")

    assert found is not None
    assert found[0] == "by the"


def test_without_words_nothing_is_found() -> None:
    assert re.search(lexicon.one_of([]), "anything") is None
    assert re.search(lexicon.one_of(()), "") is None


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("view{s/}", ["view", "views"], ["viewed"]),
        ("sub{-/}head{ing/line/}", ["subhead", "sub-head", "sub-heading", "subheadline"], ["sub heading"]),
        ("комментари?*", ["комментарий", "комментариев"], ["комментари"]),
        ("mit agentur*", ["mit agentur", "mit agenturmaterial"], ["mit agentur material"]),
        ("{{a/b} /}c", ["a c", "b c", "c"], ["ab c", " c"]),
        ("a.b", ["a.b"], ["axb"]),
    ],
)
def test_a_pattern_stands_for_its_phrases(pattern: str, matching: list[str], others: list[str]) -> None:
    expression = re.compile(lexicon.expression(pattern))

    assert [text for text in matching + others if expression.fullmatch(text)] == matching


def test_patterns_begin_with_the_words_of_all_their_choices() -> None:
    assert lexicon.first_words(["{with /}{story/text} by", "avec {l'/}afp"]) == {
        "with",
        "story",
        "text",
        "avec",
    }


def test_every_key_is_used() -> None:
    """A word under a key that no module asks for would do nothing."""
    sources = "".join(
        file.read_text("utf-8")
        for file in Path(pipeline.__file__).parent.rglob("*.py")
        if file.name != "lexicon.py"
    )

    assert [
        f.name
        for f in fields(Words)
        if not re.search(rf"(?:_LEXICON|_FOLDED|words\(\))\.{f.name}\b", sources)
    ] == []
    assert {f.name for f in fields(Words) if f.type in {Patterns, Templates}} >= {"sign_offs", "outlets"}
