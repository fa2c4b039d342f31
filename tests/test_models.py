"""What answers are made of: every part is of bounded size, whatever an article says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline.explorer.models import Count, Member, Values, cut

LINE, LIST = 2_000, 200
values = st.recursive(
    st.text(max_size=3) | st.integers() | st.none() | st.just("w" * 5_000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


def parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value, *(part for one in value.values() for part in parts(one))]
    return [value, *(part for one in value for part in parts(one))] if isinstance(value, list) else [value]


@given(values)
def test_a_value_is_cut_and_one_that_is_short_stays(value: Any) -> None:
    found = cut(value)

    assert all(len(one) <= LINE for one in parts(found) if isinstance(one, str))
    assert found == cut(found)
    if not any(isinstance(one, str) and len(one) > LINE for one in parts(value)):
        assert value == found


def test_a_list_of_ten_thousand_keeps_its_first() -> None:
    assert [str(n) for n in range(LIST)] == cut([str(n) for n in range(10_000)])


def test_names_headlines_and_addresses_of_answers_are_cut() -> None:
    assert LINE == len(Count(name="n" * 10_000, n=1).name)
    assert LINE == len(TypeAdapter(Values).validate_python({"url": "u" * 10_000})["url"])
    given_ = dict.fromkeys(Member.model_fields) | {
        "article_id": "a",
        "day": "2026-03-05",
        "title": "t" * 10_000,
        "adds": ["s"] * 1_000,
        "is_weakest": False,
        "is_canonical": False,
    }
    member = Member.model_validate(given_)
    assert (LINE, LIST) == (len(member.title or ""), len(member.adds))
