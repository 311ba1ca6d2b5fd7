"""Small Parquet files written by hand, so that each size in them can be stated wrongly."""

from __future__ import annotations

from typing import Any

import attrs

LOG = {"case": ["1", "1"], "activity": ["a", "b"], "time": ["2026-01-01", "2026-01-02"]}


class Int(int):
    """A number that Thrift writes as i32; plain ones are i64."""


def varint(n: int) -> bytes:
    """Return a number of up to 64 bits, seven of them in a byte."""
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes([*out, n])


def zigzag(n: int) -> bytes:
    """Return a number that may be negative."""
    return varint(n << 1 if n >= 0 else (-n << 1) - 1)


def thrift(value: Any) -> bytes:
    """Return a value in Thrift's compact protocol; a dict is a structure by field number."""
    if isinstance(value, dict):
        out, last = b"", 0
        for field, part in value.items():
            out += bytes([(field - last) << 4 | kind(part)]) + thrift(part)
            last = field
        return out + b"\0"
    if isinstance(value, list):
        head = len(value) << 4 if len(value) < 15 else 15 << 4
        size = varint(len(value)) if len(value) >= 15 else b""
        return bytes([head | kind(value[0]) if value else 12]) + size + b"".join(map(thrift, value))
    return varint(len(value)) + value if isinstance(value, bytes) else zigzag(value)


def kind(value: Any) -> int:
    """Return the type that Thrift writes before a value."""
    if isinstance(value, dict):
        return 12
    if isinstance(value, list):
        return 9
    return 8 if isinstance(value, bytes) else 5 if isinstance(value, Int) else 6


@attrs.define
class Stated:
    """What a file states; what is None is true."""

    rows: int | None = None
    group_rows: int | None = None
    chunk_values: int | None = None
    chunk_size: int | None = None
    chunk_offset: int | None = None
    dictionary_offset: int | None = None
    dictionary_values: int | None = None
    page_values: int | None = None
    page_size: int | None = None
    packed_size: int | None = None
    type_length: int | None = None
    children: int | None = None
    footer_length: int | None = None


def parquet_file(stated: Stated | None = None) -> bytes:
    """Return a log of two events in three columns of text, plain and not compressed, with what is stated of it."""
    said = stated or Stated()

    def true(value: int | None, otherwise: int) -> int:
        return otherwise if value is None else value

    file = b"PAR1"
    chunks = []
    for name, texts in LOG.items():
        body = b"".join(len(text).to_bytes(4, "little") + text.encode() for text in texts)
        header = {
            1: Int(0),
            2: Int(true(said.page_size, len(body))),
            3: Int(true(said.packed_size, len(body))),
            5: {1: Int(true(said.page_values, len(texts))), 2: Int(0), 3: Int(3), 4: Int(3)},
        }
        dictionary = b""
        if said.dictionary_values is not None:  # one empty text
            sizes = {1: Int(2), 2: Int(4), 3: Int(4), 7: {1: Int(said.dictionary_values), 2: Int(0)}}
            dictionary = thrift(sizes) + b"\0" * 4
        page = dictionary + thrift(header) + body
        column = {
            1: Int(6),
            2: [Int(0)],
            3: [name.encode()],
            4: Int(0),
            5: true(said.chunk_values, len(texts)),
            6: len(page),
            7: true(said.chunk_size, len(page)),
            9: true(said.chunk_offset, len(file) + len(dictionary)),
        }
        if said.dictionary_offset is not None or dictionary:
            column[11] = true(said.dictionary_offset, len(file))
        chunks.append({2: len(file), 3: column})
        file += page
    leaf: dict[int, Any] = {1: Int(6), 3: Int(0), 4: b"", 6: Int(0)}
    if said.type_length is not None:
        leaf = {1: Int(7), 2: Int(said.type_length), 3: Int(0), 4: b""}
    footer = thrift(
        {
            1: Int(1),
            2: [
                {4: b"schema", 5: Int(true(said.children, 3))},
                *({**leaf, 4: name.encode()} for name in LOG),
            ],
            3: true(said.rows, 2),
            4: [{1: chunks, 2: len(file), 3: true(said.group_rows, 2)}],
        }
    )
    return file + footer + true(said.footer_length, len(footer)).to_bytes(4, "little") + b"PAR1"
