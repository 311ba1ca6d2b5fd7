"""Parquet files that state wrong sizes: refused before any memory is reserved for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import pubservice as ps
from parquet_files import Int, Stated, parquet_file, thrift, varint
from pubservice.io.parquet_sizes import MAX_DEPTH, MAX_FOOTER

WRONG = "not Parquet: it states sizes that it does not have"


def refusal(content: bytes, folder: Path, **options: int) -> str:
    """Return what is said of a file that is refused."""
    file = folder / "log.parquet"
    file.write_bytes(content)
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_parquet(file, **options)  # type: ignore[arg-type]  # max_bytes
    return str(caught.value).removeprefix(f"{file}: ")


def test_the_right_file_is_right(tmp_path: Path) -> None:
    """
    What the other tests state wrongly can be read.
    """
    file = tmp_path / "log.parquet"
    file.write_bytes(parquet_file())
    assert ps.read_parquet(file).events == 2


@pytest.mark.parametrize(
    "stated",
    [
        *(
            Stated(**{field: value})
            for field in (
                "rows",
                "group_rows",
                "chunk_values",
                "chunk_size",
                "chunk_offset",
                "dictionary_offset",
            )
            for value in (2**61, 2**40, 9, -1)
        ),
        *(
            Stated(**{field: value})
            for field in ("page_values", "packed_size", "children")
            for value in (2**31 - 1, 7, -1)
        ),
        Stated(page_size=-1),
        Stated(type_length=-1),
        Stated(rows=2**61, group_rows=2**61, chunk_values=2**61),
        Stated(rows=1, group_rows=1, chunk_values=1),
        Stated(children=2),
    ],
    ids=repr,
)
def test_sizes_that_a_file_does_not_have_are_refused(stated: Stated, tmp_path: Path) -> None:
    """
    Rows, values, offsets, lengths and children have to be those of the file.
    """
    assert refusal(parquet_file(stated), tmp_path) == WRONG


@pytest.mark.parametrize(
    "stated",
    [
        Stated(page_size=2**31 - 1),
        Stated(type_length=2**31 - 1),
        Stated(rows=2**30, group_rows=2**30, chunk_values=2**30, page_values=2**30),
    ],
    ids=repr,
)
def test_what_unpacks_to_too_much_is_refused(stated: Stated, tmp_path: Path) -> None:
    """
    Pages that unpack to more than allowed, and values too many or too long, are refused with the bound.
    """
    assert refusal(parquet_file(stated), tmp_path).startswith(
        "larger than 4,294,967,296 bytes: raise max_bytes"
    )
    assert refusal(parquet_file(), tmp_path, max_bytes=40).startswith("larger than 40 bytes: raise max_bytes")


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    """
    Another beginning or end, a footer longer than the file, and an empty file are refused.
    """
    right = parquet_file()
    for content in (
        b"P",
        b"PAR1PAR1",
        right[:-1],
        b"x" + right[1:],
        right[:-1] + b"2",
        parquet_file(Stated(footer_length=2**31 - 1)),
        parquet_file(Stated(footer_length=len(right) - 9)),
    ):
        assert refusal(content, tmp_path) == "not Parquet: it does not begin and end like it"
    assert refusal(b"", tmp_path).startswith("cannot be read: ")
    with pytest.raises(ps.InvalidFileError, match="cannot be read"):
        ps.read_parquet("a\0b")
    long = b"PAR1" + b"\0" * MAX_FOOTER
    assert refusal(long + len(long).to_bytes(4, "little") + b"PAR1", tmp_path).startswith("not Parquet")
    assert refusal(long + MAX_FOOTER.to_bytes(4, "little") + b"PAR1", tmp_path).startswith(
        "larger than 16,777,216"
    )


def with_footer(footer: bytes) -> bytes:
    """Return a file that is all footer."""
    return b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"


SCHEMA = [{4: b"schema", 5: Int(0)}]
DEEP = [{4: b"x", 5: Int(1)}] * MAX_DEPTH + [{4: b"x"}]


@pytest.mark.parametrize(
    "footer",
    [
        b"",  # nothing
        b"\x1d",  # a type that Thrift has not
        b"\x05" + b"\xff" * 10,  # a field number that never ends
        b"\x18" + varint(2**40),  # text beyond the file
        b"\x19\xf8" + varint(2**40),  # a list beyond the file
        b"\x19\xf3" + varint(2**40),  # idem, of bytes
        b"\x1b" + varint(2**40) + b"\x33",  # a map beyond the file
        b"\x1c" * 1000,  # structures inside each other without end
        b"\x19\xf9" + varint(9) + b"\x19" * 1000,  # lists likewise
        thrift({3: 0}),  # no schema
        thrift({2: 5, 3: 0, 4: []}),  # a number as schema
        thrift({2: [5], 3: 0, 4: []}),  # a list of numbers
        thrift({2: [], 3: 0, 4: []}),  # no root
        thrift({2: DEEP, 3: 0, 4: []}),  # a schema too deep
        thrift({2: [*SCHEMA, *SCHEMA], 3: 0, 4: []}),  # two roots
        thrift({2: SCHEMA, 3: 0}),  # no row groups
        thrift({2: SCHEMA, 3: 2**61, 4: [{1: [], 3: 2**61}]}),  # rows without columns
        thrift({2: SCHEMA, 3: 0, 4: [{1: [{2: 4}], 3: 0}]}),  # a column that is described elsewhere
        thrift({2: SCHEMA, 3: 0, 4: [{1: [{2: 4, 3: 5}], 3: 0}]}),  # or by a number
    ],
)
def test_footers_that_are_none_are_refused(footer: bytes, tmp_path: Path) -> None:
    """
    Whatever stands in place of a footer is refused within its bounds, without recursion or waiting.
    """
    assert refusal(with_footer(footer), tmp_path) == WRONG


def test_a_footer_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    """
    More than a million structures are more than any log needs.
    """
    footer = b"\x29\xfc" + varint(2_000_000) + b"\0" * 2_000_000
    assert refusal(with_footer(footer), tmp_path) == WRONG


def test_fields_that_state_no_size_are_passed_over(tmp_path: Path) -> None:
    """
    Fields of every kind that Thrift has may stand between those that count.
    """
    odd = b"".join(
        [
            b"\x11\x12",  # true, false
            b"\x13\x07",  # a byte
            b"\x17" + b"\0" * 8,  # a double
            b"\x1a\x23\x01\x02",  # a set of two bytes
            b"\x1b\0",  # an empty map
            b"\x1b\x01\x38\x01\x01x",  # a map from a byte to a text
            b"\x1b\x01\x83\x01x\x01",  # and back
            b"\x1c\x15\x02\0",  # a structure
            b"\x1a\x2c\0\0",  # a set of structures
        ]
    )
    right = parquet_file()
    size = int.from_bytes(right[-8:-4], "little")
    footer = right[-8 - size : -9] + odd + b"\0"
    file = tmp_path / "log.parquet"
    file.write_bytes(right[: -8 - size] + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    assert ps.read_parquet(file).events == 2


def test_files_of_every_kind_that_polars_writes_are_read(tmp_path: Path) -> None:
    """
    Compressed or not, in many groups and pages, nested, null or empty: what is right passes.
    """
    n = 500
    frame = pl.DataFrame(
        {
            "case": [str(i // 4) for i in range(n)],
            "activity": ["abcd"[i % 4] for i in range(n)],
            "time": ["2026-01-01"] * n,
            "list": [[i, i] for i in range(n)],
            "struct": [{"a": {"b": i}} for i in range(n)],
            "null": [None] * n,
            "flag": [i % 3 == 0 for i in range(n)],
        }
    )
    file = tmp_path / "log.parquet"
    for compression in ("zstd", "snappy", "gzip", "brotli", "lz4", "uncompressed"):
        frame.write_parquet(file, compression=compression, row_group_size=200, data_page_size=256)
        assert ps.read_parquet(file).events == n
    frame.clear().write_parquet(file)
    with pytest.raises(ps.InvalidFileError, match="found no event"):
        ps.read_parquet(file)


def test_a_dictionary_of_more_values_than_bytes_is_refused(tmp_path: Path) -> None:
    """
    A dictionary is written out, so that it cannot have more values than bytes.
    """
    file = tmp_path / "log.parquet"
    file.write_bytes(parquet_file(Stated(dictionary_values=1)))
    assert ps.read_parquet(file).events == 2
    assert refusal(parquet_file(Stated(dictionary_values=5)), tmp_path) == WRONG


DAMAGE = """
import sys, pubservice as ps
file, content = sys.argv[1], open(sys.argv[1], "rb").read()
for at in range(4, 400):
    with open(file, "wb") as damaged:
        damaged.write(content[:at] + b"\\x7f" + content[at + 1 :])
    try:
        ps.read_parquet(file)
    except ps.InvalidFileError:
        pass
"""


def test_no_damaged_size_ends_the_process(tmp_path: Path) -> None:
    """
    Sizes in the headers of compressed pages at which Polars ends the process do not get to it.
    """
    file = tmp_path / "log.parquet"
    pl.DataFrame(
        {"case": ["1", "2"], "activity": ["a", "a"], "time": ["2026-01-05 08:00", "2026-01-06 08:00"]}
    ).write_parquet(file)
    done = subprocess.run([sys.executable, "-c", DAMAGE, str(file)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-500:]
