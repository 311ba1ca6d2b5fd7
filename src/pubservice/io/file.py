"""Files: opened without waiting for ever, read within bounds, written whole or not at all."""

from __future__ import annotations

import io
import os
import secrets
import select
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pubservice.errors import InvalidFileError, Problem
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.io.place import Place

MAX_BYTES = 64 * 2**20
_CHUNK = 2**20
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # systems without it have no pipes with a path
_PATIENCE = 5_000  # milliseconds in which somebody has to begin to write to a pipe
_MOST_VALUES = MAX_BYTES // 8


def bound_values(count: int, *, max_bytes: int, line: int | None = None) -> None:
    """
    Refuse a text of too many values: a hostile one costs far more memory than its bytes.

    Raises:
        NotADocumentError: There are more than one for every eight bytes that are allowed, and more than eight million.
    """
    most = max(_MOST_VALUES, max_bytes // 8)
    if count > most:
        message = Message("more than {bound:,} values: raise max_bytes (--max-bytes) to read it", bound=most)
        raise NotADocumentError(message, line)


class NotADocumentError(Exception):
    """A text that is not in the format at all, so that nothing in it can be judged."""

    def __init__(self, message: Message, line: int | None = None, place: Place = ()) -> None:
        self.message = message
        self.line = line
        self.place = place
        super().__init__(message, line, place)


def read_text(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> str:
    """
    Return the text of a file, without a byte order mark.

    Args:
        path: The file, in UTF-8.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: It cannot be read, is larger than allowed, or is in another encoding.
    """
    content = read_bytes(path, max_bytes=max_bytes)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1  # the object is without the mark
        message = Message("expected UTF-8, found the byte {byte}", byte=f"0x{error.object[error.start]:02x}")
        raise InvalidFileError(os.fspath(path), [Problem("", message, line)]) from None


def read_bytes(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> bytes:
    """
    Return the content of a file.

    Raises:
        InvalidFileError: It cannot be read, or is larger than allowed.
    """
    with open_file(path, max_bytes=max_bytes) as file:
        return _content(file, os.fspath(path), max_bytes)


def open_file(path: str | os.PathLike[str], *, max_bytes: int) -> BinaryIO:
    """
    Return a file that is open for reading, at its beginning; it can be gone back to.

    What is no regular file, such as standard input, a pipe or what a shell makes of ``<(command)``, is read into memory
    first. A pipe is waited for as long as somebody writes to it; where nobody does within five seconds, it is refused.

    Args:
        path: The file.
        max_bytes: What is no regular file is refused where it is larger.

    Raises:
        InvalidFileError: It cannot be read.
    """
    name = os.fspath(path)
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except (OSError, ValueError) as error:  # a path with a null character is a ValueError
        raise _unreadable(name, _why(error)) from None
    mode = os.fstat(file.fileno()).st_mode
    if stat.S_ISREG(mode):
        return file
    with file:
        begun = _begun(file.fileno(), name) if stat.S_ISFIFO(mode) else b""
        if _NONBLOCK:
            os.set_blocking(file.fileno(), True)
        return io.BytesIO(_content(file, name, max_bytes, begun))


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | _NONBLOCK)


def _begun(pipe: int, name: str) -> bytes:
    """Wait until somebody writes to a pipe, but not for ever; return what was read of it meanwhile."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    if waiting.poll(_PATIENCE):  # something was written, or those who could have are gone
        return b""
    try:
        begun = os.read(pipe, _CHUNK)
    except BlockingIOError:  # somebody is there and takes time
        return b""
    if not begun:
        raise _unreadable(name, Message("nobody writes to this pipe"))
    return begun


def _content(file: BinaryIO, name: str, max_bytes: int, begun: bytes = b"") -> bytes:
    content = bytearray(begun)
    try:
        while len(content) <= max_bytes and (chunk := file.read(_CHUNK)):
            content += chunk
    except OSError as error:
        raise _unreadable(name, _why(error)) from None
    if len(content) > max_bytes:
        message = Message(
            "larger than {bound:,} bytes: raise max_bytes (--max-bytes) to read it", bound=max_bytes
        )
        raise InvalidFileError(name, [Problem("", message)])
    return bytes(content)


def _unreadable(name: str, why: str) -> InvalidFileError:
    return InvalidFileError(name, [Problem("", Message("cannot be read: {why}", why=why))])


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """
    Write a text to a file, whole or not at all: a failure leaves what was there before.

    Raises:
        InvalidFileError: The file cannot be written.
    """
    name = os.fspath(path)
    try:
        content = text.encode()
        target = Path(path).resolve()  # a link keeps pointing at what is written
        if target.exists() and not target.is_file():
            target.write_bytes(content)  # a device or a pipe is not replaced
        else:
            _replace(target, content)
    except (OSError, ValueError) as error:
        raise InvalidFileError(
            name, [Problem("", Message("cannot be written: {why}", why=_why(error)))]
        ) from None


def _replace(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
