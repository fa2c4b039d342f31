"""Damage that knows a format: lengths, sizes, types and encodings that are not what they say, for `benchmarks.hostile_files`.

Each takes whole bytes of its format and gives others, in which one place lies: where chance alone hardly ever strikes.
"""

import gzip
import random
import re
import struct
import zlib
from collections.abc import Callable

Damage = Callable[[random.Random, bytes], bytes]

_NUMBERS = (0, 1, 7, 255, 2**16, 2**31 - 1, 2**32 - 1, 2**63 - 1)
_LENGTHS = (b"0", b"-1", b"1", b"7e3", b"99999999999999999999", b"0x10", b"", b"4096, 4096")
_VALUES = (
    *(b"null", b"[]", b"{}", b'""', b"NaN", b"-Infinity", b"1e999", b"-0", b"true", b"9" * 400, b'"\\ud83d"', b'"\\u0000"'),
    *(b"[" * 300 + b"]" * 300, b'{"a":' * 300 + b"1" + b"}" * 300, b'[{"text":"a"},7,null]', b'"\\x"', b'"\xff\xfe"', b"'a'"),
)  # fmt: skip
_NAMES = (
    b"text",
    b"html",
    b"title",
    b"url",
    b"authors",
    b"published_at",
    b"outlet",
    b"id",
    b"articles",
    b"_source",
)
_CODINGS = (b"gzip", b"br", b"deflate", b"zstd", b"chunked", b"identity", b"gzip, br", b"x-none")


def lie(dice: random.Random, content: bytes) -> bytes:
    """The content with one lie of its format."""
    return dice.choice(_lies_of(content))(dice, content) if content else content


def _lies_of(content: bytes) -> tuple[Damage, ...]:
    if content.startswith(b"\x1f\x8b"):
        return _gzip_header, _gzip_end, _within_gzip
    if content.startswith((b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")):
        return (_frame_header, _swapped_magic)
    if content.startswith(b"PAR1"):
        return _footer_length, _footer, _page_header, _footer_moved
    if content.startswith(b"WARC/"):
        return _warc_length, _warc_field, _warc_version, _coding, _chunk_size
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe \n")[:1] in (b"{", b"["):
        return _json_value, _json_name, _json_mark, _other_charset
    return _charset, _other_charset, _nested, _entity


# --- packed --------------------------------------------------------------------------------------------------


def _put(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at + len(piece) :]


def _gzip_header(dice: random.Random, content: bytes) -> bytes:
    """Method, flags: a name, a comment or an extra field that is not there."""
    return _put(content, dice.choice([2, 3, 3, 3, 8, 9]), bytes([dice.choice([0, 1, 2, 4, 8, 16, 31, 255])]))


def _gzip_end(dice: random.Random, content: bytes) -> bytes:
    """Checksum or size."""
    return content[: -dice.choice([4, 8])] + struct.pack("<I", dice.choice(_NUMBERS) & 0xFFFFFFFF)


def _within_gzip(dice: random.Random, content: bytes) -> bytes:
    try:
        return gzip.compress(lie(dice, gzip.decompress(content)))
    except (OSError, EOFError, ValueError, zlib.error):
        return content


def _frame_header(dice: random.Random, content: bytes) -> bytes:
    """Descriptor, window, declared size of a frame, and the size of its first block."""
    return _put(content, dice.randint(4, 16), bytes([dice.choice([0, 1, 0x80, 0xE0, 0xFF])]))


def _swapped_magic(dice: random.Random, content: bytes) -> bytes:
    return (
        dice.choice([b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x50\x2a\x4d\x18", b"\x5d\x2a\x4d\x18"])
        + content[4:]
    )


# --- Parquet -------------------------------------------------------------------------------------------------


def _footer_length(dice: random.Random, content: bytes) -> bytes:
    return content[:-8] + struct.pack("<I", dice.choice(_NUMBERS) & 0xFFFFFFFF) + b"PAR1"


def _footer_at(content: bytes) -> int:
    return max(4, len(content) - 8 - int.from_bytes(content[-8:-4], "little"))


def _footer(dice: random.Random, content: bytes) -> bytes:
    """Types, counts, offsets, names and encodings of columns: all are bytes of up to 127, or of a number that goes on."""
    at = dice.randint(_footer_at(content), max(_footer_at(content), len(content) - 9))
    return _put(
        content, at, dice.choice([b"\x00", b"\x7f", b"\xff\xff\xff\xff\x0f", bytes([dice.randrange(256)])])
    )


def _page_header(dice: random.Random, content: bytes) -> bytes:
    """Kind, sizes and number of values of the first page."""
    return _put(
        content, 4 + dice.randint(0, 20), dice.choice([b"\x00", b"\x7e", b"\xfe\xff\xff\xff\x0f", b"\x01"])
    )


def _footer_moved(dice: random.Random, content: bytes) -> bytes:
    at = _footer_at(content)
    return content[:4] + dice.randbytes(dice.randint(1, 99)) + content[4:at] + content[at:]


# --- WARC ----------------------------------------------------------------------------------------------------


def _one(dice: random.Random, pattern: bytes, content: bytes, piece: bytes) -> bytes:
    """With a piece for one match of a pattern."""
    found = list(re.finditer(pattern, content))
    if not found:
        return content
    begin, end = dice.choice(found).span()
    return content[:begin] + piece + content[end:]


def _warc_length(dice: random.Random, content: bytes) -> bytes:
    return _one(dice, rb"(?<=Content-Length: )\d+", content, dice.choice(_LENGTHS))


def _warc_version(dice: random.Random, content: bytes) -> bytes:
    return _one(
        dice,
        rb"WARC/1\.0",
        content,
        dice.choice([b"WARC/1.1", b"WARC/9.9", b"WARC/", b"WARC/1.0 x", b"warc/1.0"]),
    )


def _warc_field(dice: random.Random, content: bytes) -> bytes:
    field = dice.choice(
        [b"WARC-Type: revisit", b"WARC-Type: conversion", b"X" * 40_000, b": x", b"WARC-Truncated: length"]
    )
    return _one(dice, rb"WARC-T[^\r\n]*", content, field)


def _coding(dice: random.Random, content: bytes) -> bytes:
    fields = b"Content-Type: text/html\r\nContent-Encoding: " + dice.choice(_CODINGS)
    return _one(dice, rb"Content-Type: text/html", content, fields)


def _chunk_size(dice: random.Random, content: bytes) -> bytes:
    return _one(
        dice,
        rb"(?<=\n)[0-9a-f]+(?=\r\n[<0\r])",
        content,
        dice.choice([b"0", b"ffffffff", b"-5", b"zz", b"1;a=b"]),
    )


# --- JSON ----------------------------------------------------------------------------------------------------


def _json_value(dice: random.Random, content: bytes) -> bytes:
    return _one(dice, rb'(?<=: )(?:"[^"]*"|\d+|null)', content, dice.choice(_VALUES))


def _json_name(dice: random.Random, content: bytes) -> bytes:
    return _one(dice, rb'"\w+"(?=:)', content, b'"' + dice.choice(_NAMES) + b'"')


def _json_mark(dice: random.Random, content: bytes) -> bytes:
    return _one(
        dice, rb'[\[\]{},:"]', content, dice.choice([b"", b"[", b"]", b"{", b"}", b",", b'"', b"\n", b"\\"])
    )


# --- pages and texts -----------------------------------------------------------------------------------------


def _other_charset(dice: random.Random, content: bytes) -> bytes:
    """The same text in another encoding than it says, or in two."""
    half = dice.randint(0, len(content))
    other = content[half:].decode("utf-8", "replace")
    return content[:half] + other.encode(
        dice.choice(["utf-16", "utf-32-be", "cp1251", "shift_jis", "utf-7"]), "replace"
    )


def _charset(dice: random.Random, content: bytes) -> bytes:
    label = dice.choice(
        [b"utf-16", b"utf-7", b"iso-2022-jp", b"x-user-defined", b"base64", b"", b"a" * 5_000, b"\xff"]
    )
    return b"<meta charset=" + label + b">" + content


def _nested(dice: random.Random, content: bytes) -> bytes:
    tag = dice.choice(
        [b"<div>", b"<table>", b"<b>", b"<svg>", b"<script ", b"<!--", b"<template>", b"<p a='", b"</p>"]
    )
    return _one(dice, rb"<p>|\n", content, tag * dice.choice([1, 50, 3_000]))


def _entity(dice: random.Random, content: bytes) -> bytes:
    entity = dice.choice(
        [b"&#0;", b"&#xD800;", b"&#x110000;", b"&#" + b"9" * 5_000 + b";", b"&nosuch;", b"&" * 3_000]
    )
    return _one(dice, rb" ", content, entity)
