"""Files that are none: pipes with and without somebody who writes to them, and what cannot be read."""

from __future__ import annotations

import gzip
import io
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import pubservice as ps
from pubservice.io.file import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CSV = b"case;activity;time\n1;intake;2026-01-05T08:00:00\n"
XES = (
    b'<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="intake"/>'
    b'<date key="time:timestamp" value="2026-01-05T08:00:00Z"/></event></trace></log>'
)
BPMN = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"><task id="intake"/>'
    b"</process></definitions>"
)


def parquet() -> bytes:
    """Return the log of the others as Parquet."""
    file = io.BytesIO()
    pl.read_csv(CSV, separator=";").write_parquet(file)
    return file.getvalue()


FORMATS: list[tuple[Callable[..., Any], bytes]] = [
    (ps.read_yaml, b"pubservice: 1\nid: office\n"),
    (ps.read_json, b'{"pubservice": 1, "id": "office"}'),
    (ps.read_bpmn, BPMN),
    (ps.read_csv, CSV),
    (ps.read_csv, gzip.compress(CSV)),
    (ps.read_xes, XES),
    (ps.read_xes, gzip.compress(XES)),
    (ps.read_parquet, parquet()),
]
every_format = pytest.mark.parametrize(("read", "content"), FORMATS)


def plain(found: Any) -> Any:
    """Return what can be compared."""
    return found.frame.to_native().rows() if isinstance(found, ps.EventLog) else found


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """Return a pipe with a name."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.fixture
def written(pipe: Path) -> Iterator[Callable[..., None]]:
    """Return what writes to the pipe, from another thread, a while after it was opened."""
    writers = []

    def write(content: bytes, after: float = 0.0) -> None:
        def work() -> None:
            with pipe.open("wb") as file:
                time.sleep(after)
                file.write(content)

        writers.append(threading.Thread(target=work))
        writers[-1].start()

    yield write
    for writer in writers:
        writer.join()


@every_format
def test_a_pipe_to_which_nobody_writes_is_refused(
    read: Callable[..., Any], content: bytes, pipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    No reader waits for ever: a pipe without a writer is refused, in every format and both languages.
    """
    assert content
    monkeypatch.setattr("pubservice.io.file._PATIENCE", 20)
    with pytest.raises(ps.InvalidFileError) as caught:
        read(pipe)
    assert str(caught.value) == f"{pipe}: cannot be read: nobody writes to this pipe"
    assert caught.value.text("id") == f"{pipe}: tidak dapat dibaca: tidak ada yang menulis ke pipa ini"


@every_format
def test_what_is_written_to_a_pipe_is_read_like_a_file(
    read: Callable[..., Any], content: bytes, pipe: Path, written: Callable[..., None]
) -> None:
    """
    A pipe gives what a file with the same content does.
    """
    file = pipe.with_name("file")
    file.write_bytes(content)
    written(content)
    assert plain(read(pipe)) == plain(read(file))


def test_somebody_may_take_time(
    pipe: Path, written: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Whoever has the pipe open is waited for, longer than for somebody who has not.
    """
    monkeypatch.setattr("pubservice.io.file._PATIENCE", 20)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # so that the writer need not wait for one
    written(b"late", after=0.3)
    time.sleep(0.1)
    assert read_bytes(pipe) == b"late"
    os.close(reader)


def test_what_comes_at_the_last_moment_is_kept(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What is written just when nobody was seen to write is part of the content.
    """

    class TooEarly:
        def register(self, *_: object) -> None: ...

        def poll(self, _: int) -> list[Any]:
            self.writer = os.open(pipe, os.O_WRONLY)
            os.write(self.writer, b"at last")
            os.set_blocking(self.writer, False)
            threading.Timer(0.1, os.close, [self.writer]).start()
            return []

    monkeypatch.setattr("select.poll", TooEarly)
    assert read_bytes(pipe) == b"at last"


@every_format
def test_a_pipe_without_a_name_is_read(read: Callable[..., Any], content: bytes, tmp_path: Path) -> None:
    """
    What a shell makes of ``<(command)`` is read, also where the command is done already.
    """
    file = tmp_path / "file"
    file.write_bytes(content)
    out, into = os.pipe()
    os.write(into, content)
    os.close(into)
    assert plain(read(f"/dev/fd/{out}")) == plain(read(file))
    os.close(out)


def test_a_pipe_that_ends_at_once_holds_nothing() -> None:
    """
    A command that prints nothing is no pipe without a writer: its content is empty, and that is told.
    """
    out, into = os.pipe()
    os.close(into)
    with pytest.raises(ps.InvalidFileError, match="expected an event log, got nothing"):
        ps.read_csv(f"/dev/fd/{out}")
    os.close(out)


@every_format
def test_a_pipe_is_bounded_too(
    read: Callable[..., Any], content: bytes, pipe: Path, written: Callable[..., None]
) -> None:
    """
    No more is read of a pipe than of a file.
    """
    written(content)
    with pytest.raises(ps.InvalidFileError, match="larger than 20 bytes"):
        read(pipe, max_bytes=20)


@pytest.mark.parametrize("nonblocking", [os.O_NONBLOCK, 0], ids=["posix", "elsewhere"])
def test_a_device_is_read(nonblocking: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A device is read like a file, also on systems that cannot open one without waiting.
    """
    monkeypatch.setattr("pubservice.io.file._NONBLOCK", nonblocking)
    assert read_bytes(os.devnull) == b""


def test_what_fails_while_it_is_read_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    A disk that fails in the middle of a file is told like a file that is not there.
    """

    class Broken(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("pubservice.io.file.open_file", lambda *_, **__: Broken())
    with pytest.raises(ps.InvalidFileError, match="x: cannot be read: Input/output error"):
        read_bytes(tmp_path / "x")
