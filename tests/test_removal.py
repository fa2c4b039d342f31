"""A list of removals has one digest, whatever its order, and each removal a key."""

from pipeline.model.removal import Removal, Target, days_of, digest_of

ARTICLE = Removal(Target.ARTICLE, "20260305" + 24 * "a", "b" * 24)
DAY = Removal(Target.DAY, "2026-03-05")


def test_the_digest_of_a_list_does_not_depend_on_its_order_and_that_of_none_is_empty() -> None:
    assert digest_of([ARTICLE, DAY]) == digest_of((DAY, ARTICLE)) != digest_of([DAY])
    assert "" == digest_of([])


def test_the_digest_tells_removals_apart_that_name_an_article_with_and_without_its_text() -> None:
    assert digest_of([ARTICLE]) != digest_of([Removal(Target.ARTICLE, ARTICLE.value)])


def test_a_key_says_nothing_of_what_it_stands_for() -> None:
    one, other = Removal(Target.ADDRESS, "https://a.example/x"), Removal(Target.OUTLET, "https://a.example/x")

    assert one.key != other.key
    assert 12 == len(one.key)
    assert one.key.isalnum()


def test_the_days_of_a_list_are_those_that_were_removed_whole() -> None:
    assert {"2026-03-05"} == days_of([ARTICLE, DAY])
