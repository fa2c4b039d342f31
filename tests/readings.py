"""Texts read by compiled code, for its tests."""

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from pipeline.kernels import reading
from pipeline.kernels.reading import Reading
from pipeline.kernels.texts import normalised, strings
from pipeline.text import tokens

WORDS = [
    "river",
    "Lenne",
    "12",
    "3",
    "Altena",
    "bridge",
    "“",
    "”",
    '"',
    ".",
    "\n",
    "東京は大雨",
    "（",
    "ข่าว",
    "straße",
    "ﬁre",
    "É",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


def read(*texts: str) -> Reading:
    """As normalised texts, which the kernel reads whatever they hold."""
    again = normalised(pa.array(texts, pa.string()), np.arange(len(texts)))
    return reading.read(strings(again), np.arange(len(texts)), tokens.tables(), True)
