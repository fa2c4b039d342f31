"""Values are compared as Python would compare them, floating numbers by their bits."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.alike import are_same

_numbers = st.none() | st.integers(0, 2)
_floats = st.none() | st.sampled_from([0.0, -0.0, 0.5, float("nan")])
_measured = st.none() | st.fixed_dictionaries({"share": _floats})
_structure = pa.struct([("n", pa.int32()), ("names", pa.list_(pa.string()))])
_structures = st.none() | st.fixed_dictionaries(
    {"n": _numbers, "names": st.none() | st.lists(st.none() | st.sampled_from(["", "a", "ab"]), max_size=2)}
)
KINDS = {
    "numbers": (pa.int32(), _numbers),
    "floating numbers": (pa.float64(), _floats),
    "short floating numbers": (pa.float32(), _floats),
    "lists of floating numbers": (pa.list_(pa.float32()), st.none() | st.lists(_floats, max_size=3)),
    "structures of floating numbers": (pa.struct([("share", pa.float64())]), _measured),
    "lists": (pa.list_(pa.int32()), st.none() | st.lists(_numbers, max_size=2)),
    "lists of one size": (
        pa.list_(pa.int32(), 2),
        st.none() | st.lists(_numbers, min_size=2, max_size=2),
    ),
    "lists of structures": (pa.list_(_structure), st.none() | st.lists(_structures, max_size=2)),
}


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_a_value_is_the_one_beside_it_if_python_says_so(name: str, data: Any) -> None:
    """Nulls are alike, wherever they stand, and in whatever chunks the columns are. So are floating numbers that are spelt alike, NaN too."""
    kind, values = KINDS[name]
    pairs = data.draw(st.lists(st.tuples(values, values) | values.map(lambda v: (v, v)), max_size=6))
    one, other = (pa.array([pair[side] for pair in pairs], kind) for side in (0, 1))
    cut = data.draw(st.integers(0, len(pairs)))
    in_chunks = pa.chunked_array([one[:cut], one[cut:]])

    assert [repr(a) == repr(b) for a, b in pairs] == are_same(in_chunks, pa.chunked_array([other])).tolist()


def test_floating_numbers_are_the_same_if_their_bits_are() -> None:
    """What says the same would be written as the same bytes: NaN is itself, and zero has another sign than minus zero."""
    one = pa.chunked_array([[float("nan"), 0.0, 0.0, None]], pa.float64())
    other = pa.chunked_array([[float("nan"), -0.0, 0.0, 0.0]], pa.float64())

    assert are_same(one, other).tolist() == [True, False, True, False]
