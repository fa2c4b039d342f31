"""Names of authors in data: however an outlet's system writes them down."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.names import MAX_NAMES, names_stated

JANE, JOHN = {"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}
STATED: list[tuple[Any, list[str]]] = [
    ("Jane Doe", ["Jane Doe"]),
    (JANE, ["Jane Doe"]),
    ([JANE, JOHN], ["Jane Doe", "John Roe"]),
    ([JANE, "John Roe", JANE], ["Jane Doe", "John Roe"]),
    ({"@type": "Person", "name": JANE}, ["Jane Doe"]),
    ({"name": ["Jane Doe", "John Roe"]}, ["Jane Doe", "John Roe"]),
    ({"name": {"@value": "Jane Doe", "@language": "en"}}, ["Jane Doe"]),
    ({"givenName": "Jane", "familyName": "Doe"}, ["Jane Doe"]),
    ({"givenName": "Jane", "additionalName": "Q.", "familyName": "Doe"}, ["Jane Q. Doe"]),
    ({"first_name": "Jane", "last_name": "Doe"}, ["Jane Doe"]),
    ({"name": "", "givenName": ["Jane"], "familyName": "Doe"}, ["Jane Doe"]),
    ({"givenName": "太郎", "familyName": "山田"}, ["山田太郎"]),
    ({"familyName": "Doe"}, ["Doe"]),
    ({"name": "https://example.com/jane", "givenName": "Jane", "familyName": "Doe"}, ["Jane Doe"]),
    ({"name": "jane@example.com", "alternateName": "Jane Doe"}, ["Jane Doe"]),
    ({"name": {"en": "Jane Doe", "de": "Jane Doe"}}, ["Jane Doe"]),
    ({"@type": "Role", "author": JANE}, ["Jane Doe"]),
    ({"@list": [JANE, JOHN]}, ["Jane Doe", "John Roe"]),
    ({"@type": "ItemList", "itemListElement": [{"item": JANE}, {"item": JOHN}]}, ["Jane Doe", "John Roe"]),
    ({"0": JANE, "1": JOHN}, ["Jane Doe", "John Roe"]),
    ({"@id": "#jane"}, ["Jane Doe"]),
    (["#jane", {"@id": "#loop"}], ["Jane Doe"]),
    ({"name": "#jane"}, ["Jane Doe"]),
    ({"@id": "#nobody"}, []),
    ('[{"name": "Jane Doe"}, {"name": "John Roe"}]', ["Jane Doe", "John Roe"]),
    ('["Jane Doe"]', ["Jane Doe"]),
    ("[Jane Doe", ["[Jane Doe"]),
    ("{1: 'Jane Doe', 2: 'John Roe'}", ["Jane Doe", "John Roe"]),
    ("{'name': 'Jane Doe', 7: None}", ["Jane Doe"]),
    ({"@type": "Person", "jobTitle": "Reporter", "worksFor": {"name": "Bay Herald"}}, []),
    ([None, 7, True, "", {}, []], []),
    (None, []),
]
REFERRED = {"#jane": {"@id": "#jane", **JANE}, "#loop": {"@id": "#loop", "name": {"@id": "#loop"}}}


@pytest.mark.parametrize(("stated", "names"), STATED)
def test_the_names_are_found(stated: Any, names: list[str]) -> None:
    """In lists, in objects, in parts, behind a reference, as JSON in a text."""
    assert names == names_stated(stated, REFERRED)


def test_what_is_endless_ends() -> None:
    """Lists of thousands and objects in objects."""
    deep: Any = JANE
    for _ in range(1_000):
        deep = {"name": deep}

    assert names_stated(deep) == []
    assert len(names_stated([{"name": f"Jane {n}"} for n in range(10_000)])) == MAX_NAMES
    assert len(names_stated([[["x"] * 100] * 100] * 100)) <= MAX_NAMES


PARTS = st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=3) | st.text(max_size=9)
KEYS = PARTS | st.sampled_from(["name", "author", "@id", "@list", "givenName", "familyName", "en"])
VALUES = st.recursive(
    PARTS, lambda v: st.lists(v, max_size=3) | st.tuples(v) | st.dictionaries(KEYS, v, max_size=3)
)


@given(VALUES)
def test_whatever_python_prints_is_read_without_an_error(value: Any) -> None:
    assert all(isinstance(name, str) for name in names_stated(repr(value), REFERRED))
