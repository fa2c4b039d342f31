"""How large the pages of a Parquet file say they are."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.parquet_pages import largest_page


def written(values: list[Any], **options: Any) -> tuple[io.BytesIO, Any]:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": values}), sink, **options)
    return sink, pq.read_metadata(sink).row_group(0).column(0)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "brotli", "lz4"])
@pytest.mark.parametrize("use_dictionary", [True, False])
@pytest.mark.parametrize("n_rows", [1, 10, 5_000])
def test_the_sizes_of_all_pages_are_found(
    version: str, compression: str, use_dictionary: bool, n_rows: int
) -> None:
    """What they add up to is what the file says, without their headers."""
    options: dict[str, Any] = {"compression": compression, "use_dictionary": use_dictionary}
    values = [f"{n} " * (n % 50 + 1) for n in range(n_rows)]
    sink, chunk = written(
        values, data_page_version=version, data_page_size=2_000, write_page_checksum=True, **options
    )

    most = largest_page(sink, chunk)

    plain = sum(len(value) + 4 for value in values)
    assert min(plain, 300) // 2 <= most <= chunk.total_uncompressed_size
    assert use_dictionary or n_rows < 5_000 or most < 0.3 * chunk.total_uncompressed_size


@given(st.binary(max_size=200), st.integers(0, 300))
def test_damaged_headers_are_an_error_or_a_size(noise: bytes, at: int) -> None:
    sink, chunk = written(["text"] * 50, compression="none", use_dictionary=False)
    content = sink.getvalue()

    try:
        found = largest_page(io.BytesIO(content[:at] + noise + content[at + len(noise) :]), chunk)
    except ValueError:
        return
    assert 0 <= found < 2**63
