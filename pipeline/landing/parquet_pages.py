"""How large the pages of a Parquet file say they are, before anything is unpacked: a reader takes each page into memory whole.

A page's header is a struct in Thrift's compact protocol. Its third field, the size in the file, leads to the next one.
Sources: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift and
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pyarrow.parquet import ColumnChunkMetaData

_HEADER_BYTES = 1 << 16  # statistics may make it long
_UNPACKED, _PACKED = 2, 3  # the fields of a page's header
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12
_NUMBERS = (4, 5, 6)


def largest_page(stream: BinaryIO, chunk: "ColumnChunkMetaData") -> int:
    """The most bytes that a page of a column chunk (pyarrow's ColumnChunkMetaData) takes when it is unpacked.

    Raises ValueError where a header cannot be read.
    """
    at = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset is not None:
        at = min(at, chunk.dictionary_page_offset)
    end, most = at + chunk.total_compressed_size, 0
    while at < end:
        stream.seek(at)
        header = _Compact(stream.read(min(_HEADER_BYTES, end - at)))
        sizes = header.numbers()
        unpacked, packed = sizes.get(_UNPACKED, -1), sizes.get(_PACKED, -1)
        if unpacked < 0 or packed < 0:
            raise ValueError(f"no page at byte {at}")
        most, at = max(most, unpacked), at + header.n_read + packed
    return most


class _Compact:
    """A struct in the compact protocol."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    @property
    def n_read(self) -> int:
        return self._data.tell()

    def numbers(self) -> dict[int, int]:
        """The whole numbers of the struct, by field; the rest is passed over."""
        found: dict[int, int] = {}
        field = 0
        while (head := self._byte()) != _STOP:
            kind = head & 15
            field = field + (head >> 4) if head >> 4 else self._number()
            if kind in _NUMBERS:
                found[field] = self._number()
            elif kind not in {_TRUE, _FALSE}:
                self._pass_over(kind, 1)
        return found

    def _pass_over(self, kind: int, depth: int) -> None:
        if depth > 8:
            raise ValueError("a page's header is nested too deeply")
        if kind == _STRUCT:
            self.numbers()
        elif kind == _BINARY:
            self._data.seek(self._varint(), io.SEEK_CUR)
        elif kind in {_LIST, _SET}:
            head = self._byte()
            n_items = head >> 4 if head >> 4 < 15 else self._varint()
            for _ in range(min(n_items, _HEADER_BYTES)):
                self._pass_over(head & 15, depth + 1)
        elif kind in _NUMBERS:
            self._varint()
        elif kind in {_TRUE, _FALSE, _BYTE}:
            self._byte()
        elif kind == _DOUBLE:
            self._data.seek(8, io.SEEK_CUR)
        else:
            raise ValueError("no page's header")

    def _byte(self) -> int:
        found = self._data.read(1)
        if not found:
            raise ValueError("a page's header breaks off")
        return found[0]

    def _varint(self) -> int:
        value = shift = 0
        while shift < 64:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("no number in a page's header")

    def _number(self) -> int:
        zigzag = self._varint()
        return zigzag >> 1 ^ -(zigzag & 1)
