"""The rule that decides from whom a text is."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.flows.credits import Credit
from pipeline.flows.source import (
    AGENCY,
    OUTLET,
    Member,
    confidence,
    credited,
    lag_minutes,
    source_of,
    stated_sources,
)
from pipeline.model.kinds import Confidence, Precision

NINE = dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC)
DAY = NINE.replace(hour=0)


def member(
    outlet: str | None,
    at: dt.datetime | None = NINE,
    precision: str | None = "minute",
    *,
    said: tuple[Credit, ...] = (),
    agency: str | None = None,
    n_words: int = 100,
) -> Member:
    domain = f"{outlet.lower()}.example" if outlet else None
    return Member(f"id of {outlet}", outlet, domain, agency, at, precision if at else None, n_words, said)


def minutes(n: int) -> dt.datetime:
    return NINE + dt.timedelta(minutes=n)


def sure(name: str) -> tuple[Credit, ...]:
    return (Credit(name, is_sure=True),)


def test_whom_the_copies_credit_is_the_source_though_it_was_seen_later() -> None:
    found = source_of([member("Echo", said=sure("The Post")), member("Post", minutes(90))])

    assert ("Post", OUTLET, "id of Post") == (
        found.name,
        found.kind,
        found.article and found.article.article_id,
    )


def test_in_a_chain_of_credits_the_first_is_the_source_and_each_took_it_from_whom_it_credits() -> None:
    group = [member("Post"), member("Echo", said=sure("Post")), member("Globe", said=sure("Echo"))]

    assert "Post" == source_of(group).name
    assert ["Post", "Echo"] == [found.name for one in group[1:] if (found := credited(one, group))]


def test_who_passed_a_text_on_is_the_source_of_those_alone_who_say_so() -> None:
    """Echo, which one credits, was published after Post, which credits nobody."""
    group = [member("Post"), member("Echo", minutes(9)), member("Globe", minutes(20), said=sure("Echo"))]
    found = credited(group[-1], group)

    assert ("Post", "Echo") == (source_of(group).name, found and found.name)


def test_a_credited_article_without_a_time_is_the_source_if_most_credit_it() -> None:
    group = [member("Post"), member("Echo", None), member("Globe", minutes(20), said=sure("Echo"))]
    more = [member(f"Star{n}", minutes(30), said=sure("Echo")) for n in range(2)]

    assert "Post" == source_of(group).name
    assert "Echo" == source_of([*group, *more]).name


def test_a_credit_names_one_of_two_that_tie_and_is_not_clear_for_others() -> None:
    late = member("Star", minutes(30))
    source = source_of(
        [member("Post"), member("Echo"), member("Globe", minutes(20), said=sure("Post")), late]
    )

    assert ("Post", Confidence.UNCLEAR) == (source.name, confidence(late, source))


def test_a_host_names_the_outlet_whose_it_is() -> None:
    group = [member("Post"), member("Echo", said=sure("post.example"))]

    assert "Post" == source_of(group).name


def test_a_host_may_have_the_article_of_the_name_or_not() -> None:
    for outlet in ("The Harbour", "Le Port"):
        article, name = outlet.lower().split()
        for host in (f"{article}{name}.test", f"{name}.test"):
            one, other = member(outlet), member("Bay", said=(Credit(host, is_sure=True),))
            assert credited(other, [one, other]).article is one, host  # type: ignore[union-attr]  # it credits somebody


def test_an_outlet_is_one_source_under_all_its_spellings() -> None:
    """By its id; a host and a name that is spelled alike are one without a file, too."""
    three = [Credit(name, True, "Harrow") for name in ("harrowpost.example", "The Harrow Post", "Harrow")]
    three_by_name = [
        Credit("harrow-post.test", True, "harrow-post.test"),
        *sure("The Harrow Post"),
        *sure("Harrow Post"),
    ]
    bay = [*sure("Bay"), *sure("Bay")]
    for said, shown in ((three, "Harrow"), (three_by_name, "Harrow Post")):
        group = [member(f"E{n}", said=(one,)) for n, one in enumerate([*said, *bay])]
        for members in (group, group[::-1]):
            assert shown == source_of(members).name
            assert {shown, "Bay"} == {source.name for source in stated_sources(members).values()}


def test_an_outlet_is_shown_under_the_name_that_most_copies_give_it() -> None:
    names = ("Post", "The Harrow Post", "The Harrow Post")
    group = [member(f"E{n}", said=(Credit(name, True, "x"),)) for n, name in enumerate(names)]

    assert "The Harrow Post" == source_of(group).name


def test_who_credits_another_is_no_source_under_any_spelling() -> None:
    echo = replace(member("Echo Online", said=sure("Post")), outlet_id="echo")
    group = [echo, *(member(f"E{n}", said=(Credit("The Echo", True, "echo"),)) for n in range(2))]

    assert "Post" == source_of(group).name


def test_a_label_counts_only_where_somebody_knows_the_name() -> None:
    """The Office of Statistics is the source of a figure; an agency, or an outlet of the group, is that of the text."""
    told = [(Credit(name, is_sure=False),) for name in ("Office of Statistics", "Post")]
    told.insert(1, (Credit("Reuters", is_sure=False, agency="Reuters"),))
    group = [member("Post"), *(member(f"E{n}", said=one) for n, one in enumerate(told))]

    assert [None, (AGENCY, "Reuters"), (OUTLET, "Post")] == [
        found and (found.kind, found.name) for found in (credited(one, group) for one in group[1:])
    ]


def test_nobody_credits_itself() -> None:
    assert credited(member("Post", said=sure("The Post")), []) is None
    assert credited(member("Reuters", agency="Reuters"), []) is None


def test_an_agency_that_the_copies_state_is_the_source() -> None:
    found = source_of(
        [member("Echo", minutes(-60)), member("Post", agency="AFP"), member("Globe", agency="AFP")]
    )

    assert ("AFP", AGENCY, None) == tuple(found)[:3]


def test_a_credit_comes_before_an_agency() -> None:
    assert "Post" == source_of([member("Echo", said=sure("Post")), member("Globe", agency="AFP")]).name


def test_without_credits_the_earliest_is_the_source_and_an_unknown_time_comes_last() -> None:
    group = [member("Echo", None), member("Globe", minutes(5)), member("Post", minutes(3))]

    assert "Post" == source_of(group).name


def test_a_date_without_an_hour_is_the_end_of_its_day() -> None:
    assert "Post" == source_of([member("Echo", DAY, "day"), member("Post", minutes(600))]).name


def test_of_those_whose_times_tie_the_whole_text_comes_before_a_part() -> None:
    assert "Post" == source_of([member("Echo", n_words=40), member("Post", n_words=400)]).name


def test_times_that_tie_are_never_clear() -> None:
    """Within the precision of one of them, two times tie."""
    source = source_of([member("Post")])
    same_minute = member("Echo", NINE + dt.timedelta(seconds=30), "second")
    tied = [member("Echo"), same_minute, member("Echo", DAY, "day"), member("Echo", None)]

    assert [Confidence.UNCLEAR] * 4 == [confidence(one, source) for one in tied]
    assert Confidence.EARLIER == confidence(member("Echo", minutes(1)), source)
    by_day = source_of([member("Post", DAY, "day")])
    assert Confidence.UNCLEAR == confidence(member("Echo", minutes(600)), by_day)
    assert Confidence.EARLIER == confidence(member("Echo", DAY + dt.timedelta(days=1), "day"), by_day)


def test_where_two_may_have_been_first_nobody_clearly_took_it_from_one_of_them() -> None:
    late, by_day = member("Globe", minutes(9)), member("Star", DAY, "day")

    assert Confidence.UNCLEAR == confidence(late, source_of([member("Post"), member("Echo"), late]))
    assert Confidence.EARLIER == confidence(late, source_of([member("Post"), by_day, late]))


def test_a_lag_is_known_where_both_hours_are() -> None:
    source = source_of([member("Post")])

    assert 61 == lag_minutes(member("Echo", minutes(61)), source)
    assert lag_minutes(member("Echo", DAY + dt.timedelta(days=1), "day"), source) is None
    assert lag_minutes(member("Echo", None), source) is None


MEMBERS = st.lists(
    st.builds(
        lambda n, at, precision, agency: member(
            f"O{n}", None if at is None else minutes(at), precision, agency=agency
        ),
        st.integers(0, 9),
        st.none() | st.integers(-3, 3),
        st.sampled_from([*Precision, None]),
        st.sampled_from([None, "AFP"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.article_id,
)


@given(MEMBERS, st.randoms())
def test_the_order_of_the_members_says_nothing(members: list[Member], random: object) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis types its random numbers as objects

    assert source_of(members) == source_of(shuffled)


@given(MEMBERS)
def test_nobody_is_clearly_later_than_who_may_have_been_later_himself(members: list[Member]) -> None:
    source = source_of(members)
    for one in members:
        if confidence(one, source) is Confidence.EARLIER:
            assert source.article
            assert source.article.published_at
            assert one.published_at
            assert source.article.last_moment < one.published_at <= one.last_moment


def test_a_date_at_the_end_of_all_dates_has_a_last_moment() -> None:
    """As documents without a date say it in other languages."""
    last = dt.datetime.max.replace(tzinfo=dt.UTC)

    assert member("Echo", NINE).last_moment < member("Post", last, "day").last_moment


def test_an_outlet_and_an_agency_of_one_name_are_two_sources() -> None:
    """Whatever the order: a paper called Bay is credited, while some copies state the agency Bay."""
    by_agency = [member(f"A{n}", agency="Bay") for n in range(2)]
    by_name = [member(f"B{n}", said=sure("Bay")) for n in range(2)]
    for group in ([*by_agency, *by_name], [*by_name, *by_agency]):
        stated = stated_sources(group)

        assert (OUTLET, "Bay") == (source_of(group).kind, source_of(group).name)
        assert [AGENCY, AGENCY, OUTLET, OUTLET] == [
            stated[one.article_id].kind for one in (*by_agency, *by_name)
        ]
