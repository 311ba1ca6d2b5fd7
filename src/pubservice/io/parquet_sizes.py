"""
The sizes that a Parquet file states of itself, held against the file before an engine reserves memory for them.

Only the footer and the headers of pages are read, in Thrift's compact protocol, and of them the few numbers that state a
size. What is inside pages is left to the engine.

Source:
    Apache Parquet format, parquet.thrift; Apache Thrift, compact protocol specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from mmap import mmap

MAX_FOOTER = 2**24
MAX_PARTS = 1_000_000  # structures in the footer and headers of pages
MAX_DEPTH = 40
_MAGIC = b"PAR1"

# The fields that are kept, by number: of numbers None, of structures and lists of them the fields in turn.
Kept: TypeAlias = "Mapping[int, Kept | None]"
_COLUMN: Kept = {
    5: None,
    7: None,
    9: None,
    11: None,
}  # values, compressed size, offsets of data and dictionary
_FOOTER: Kept = {
    2: {2: None, 5: None},  # schema: length of a type, number of children
    3: None,  # rows
    4: {1: {3: _COLUMN}, 3: None},  # row groups: columns, rows
}
_PAGE: Kept = {
    2: None,
    3: None,
    5: {1: None},
    7: {1: None},
    8: {1: None},
}  # sizes; values of each kind of page


class WrongSizesError(Exception):
    """A file that states sizes which it cannot have, or larger ones than are allowed."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)


def check_sizes(file: mmap | bytes, *, max_bytes: int) -> None:
    """
    Refuse a file whose stated sizes do not fit it, or that unpacks to more than is allowed.

    Afterwards rows, values, pages and columns are as many as stated and all lie in the file; unpacked pages have at most
    ``max_bytes`` together, and so have its values at 8 bytes each or at the greatest fixed length of a type.

    Raises:
        WrongSizesError: The text says what is wrong.
    """
    footer = len(file) - 8 - int.from_bytes(file[-8:-4], "little")
    if file[:4] != _MAGIC or file[-4:] != _MAGIC or not len(_MAGIC) <= footer <= len(file) - 8:
        raise WrongSizesError(Message("not Parquet: it does not begin and end like it"))
    if len(file) - footer > MAX_FOOTER:
        raise _larger(MAX_FOOTER)
    thrift = _Thrift(file)
    described = thrift.structure_at(footer, len(file) - 8, _FOOTER)
    widest = _widest(_structures(described, 2))
    unpacked = values = rows = 0
    for group in _structures(described, 4):
        rows_here, columns = _number(group, 3), _structures(group, 1)
        rows += rows_here
        _hold(columns or not rows_here)
        for column in columns:
            found = _structure(column, 3)
            _hold(_number(found, 5) >= rows_here)
            size, n = _pages(thrift, found, footer)
            unpacked, values = unpacked + size, values + n
            if max(unpacked, values * widest) > max_bytes:
                raise _larger(max_bytes)
    _hold(rows == _number(described, 3))


def _larger(bound: int) -> WrongSizesError:
    return WrongSizesError(
        Message("larger than {bound:,} bytes: raise max_bytes (--max-bytes) to read it", bound=bound)
    )


def _hold(fact: object) -> None:
    """Refuse a file of which a fact that its sizes rest on does not hold."""
    if not fact:
        raise WrongSizesError(Message("not Parquet: it states sizes that it does not have"))


def _number(structure: dict[int, Any], field: int) -> int:
    value = structure.get(field)
    _hold(type(value) is int and value >= 0)
    assert isinstance(value, int)  # it holds
    return value


def _structure(structure: dict[int, Any], field: int) -> dict[int, Any]:
    value = structure.get(field)
    _hold(isinstance(value, dict))
    assert isinstance(value, dict)  # it holds
    return value


def _structures(structure: dict[int, Any], field: int) -> list[dict[int, Any]]:
    value = structure.get(field)
    _hold(isinstance(value, list) and all(isinstance(item, dict) for item in value))
    assert isinstance(value, list)  # it holds
    return value


def _widest(schema: Iterable[dict[int, Any]]) -> int:
    """Return the bytes that a value of fixed length takes at most; the schema has to be a whole tree."""
    widest = 8
    missing = [1]  # children of what is open
    for element in schema:
        while missing and not missing[-1]:
            missing.pop()
        _hold(missing)
        missing[-1] -= 1
        missing.append(_number({5: 0} | element, 5))
        _hold(len(missing) <= MAX_DEPTH)
        widest = max(widest, _number({2: 0} | element, 2))
    _hold(not any(missing))
    return widest


def _pages(thrift: _Thrift, column: dict[int, Any], footer: int) -> tuple[int, int]:
    """Return the unpacked bytes and the values of a column, after a walk over all its pages."""
    start = _number(column, 11 if 11 in column else 9)  # where Polars begins
    end = start + _number(column, 7)
    _hold(start <= end <= footer)
    unpacked = values = 0
    while start < end:
        page = thrift.structure_at(start, end, _PAGE)
        size = _number(page, 2)
        unpacked += size
        start = thrift.at + _number(page, 3)
        for kind in (5, 7, 8):
            if kind in page:
                n = _number(_structure(page, kind), 1)
                if kind == 7:
                    _hold(n <= size)  # a dictionary is written out
                else:
                    values += n
    _hold(start == end and values == _number(column, 5))
    return unpacked, values


class _Thrift:
    """Structures in a file, of which only what is asked for is kept."""

    def __init__(self, file: mmap | bytes) -> None:
        self._file = file
        self._parts = 0
        self._end = 0
        self.at = 0

    def structure_at(self, start: int, end: int, kept: Kept) -> dict[int, Any]:
        """Return the structure that begins at a place and ends before another."""
        self.at, self._end = start, end
        return self._structure(kept, 0)

    def _structure(self, kept: Kept, depth: int) -> dict[int, Any]:
        self._parts += 1
        _hold(self._parts <= MAX_PARTS)
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._signed()
            value = self._value(head & 15, kept.get(field) or {}, depth)
            if field in kept:
                found[field] = value
        return found

    def _value(self, kind: int, kept: Kept, depth: int) -> Any:
        _hold(depth <= MAX_DEPTH)
        match kind:
            case 1 | 2:  # true, false: the kind is the value
                return None
            case 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._signed()
            case 7:  # a double
                return self._skip(8)
            case 8:  # text
                return self._skip(self._unsigned())
            case 9 | 10:
                return self._list(kept, depth)
            case 11:
                return self._map(depth)
            case 12:
                return self._structure(kept, depth + 1)
        return _hold(fact=False)

    def _list(self, kept: Kept, depth: int) -> list[Any] | None:
        head = self._byte()
        count, kind = head >> 4, head & 15
        if count == 15:
            count = self._unsigned()
        if kind <= 3:  # one byte each
            self._skip(count)
            return None
        found = []
        for _ in range(count):
            value = self._value(kind, kept, depth + 1)
            if kept:
                found.append(value)
        return found

    def _map(self, depth: int) -> None:
        count = self._unsigned()
        kinds = self._byte() if count else 0
        for _ in range(count):
            for kind in (kinds >> 4, kinds & 15):
                if kind <= 3:
                    self._skip(1)
                else:
                    self._value(kind, {}, depth + 1)

    def _byte(self) -> int:
        self._skip(1)
        return self._file[self.at - 1]

    def _skip(self, count: int) -> None:
        self.at += count
        _hold(self.at <= self._end)

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            _hold(shift < 70)

    def _signed(self) -> int:
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)
