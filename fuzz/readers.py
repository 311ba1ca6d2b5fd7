"""
Feed damaged files to the readers: the answer is an organisation, a log, a procedure or an `InvalidFileError`.

Run it with ``pip install atheris`` and ``python fuzz/readers.py yaml -max_total_time=600``; instead of ``yaml`` also
``json``, ``csv``, ``xes``, ``parquet`` or ``bpmn``. It stops at the first other exception and writes the input beside itself.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import atheris
import polars as pl

with atheris.instrument_imports(include=["pubservice", "yaml", "cattrs"]):
    import pubservice as ps
    from pubservice.io import (
        bpmn,
        bpmn_draft,
        bpmn_elements,
        bpmn_process,
        csv,
        diagnosis,
        document,
        events,
        json,
        parquet,
        xes,
        xml,
        yaml,
    )

    modules = (
        *(bpmn, bpmn_draft, bpmn_elements, bpmn_process, xml),
        *(csv, diagnosis, document, events, json, parquet, xes, yaml),
    )

CSV = b"case,activity,start,end,resource\n1,intake,2026-01-05 08:00,2026-01-05 08:10,clerk\n"
XES = (
    b'<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="intake"/>'
    b'<date key="time:timestamp" value="2026-01-05T08:00:00+07:00"/></event></trace></log>'
)
BPMN = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"><laneSet><lane id="l" name="Clerk">'
    b'<flowNodeRef>a</flowNodeRef></lane></laneSet><startEvent id="s"/><task id="a"/><subProcess id="sub"><startEvent id="t"/>'
    b'<parallelGateway id="g"/><endEvent id="u"/><sequenceFlow sourceRef="t" targetRef="g"/><sequenceFlow sourceRef="g" '
    b'targetRef="u"/></subProcess><boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeDuration>P1D'
    b'</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="e"/><sequenceFlow sourceRef="s" targetRef="a"/>'
    b'<sequenceFlow sourceRef="a" targetRef="sub"/><sequenceFlow sourceRef="sub" targetRef="e"/><sequenceFlow sourceRef="b" '
    b'targetRef="e"/></process></definitions>'
)


def seeds(kind: str) -> list[bytes]:
    """Return right files to begin with."""
    if kind in ("yaml", "json"):
        write = ps.to_yaml if kind == "yaml" else ps.to_json
        return [write(ps.read_example(name)).encode() for name in ps.example_names()]
    if kind == "parquet":
        files = {packed: io.BytesIO() for packed in ("zstd", "snappy", "uncompressed")}
        for packed, file in files.items():
            pl.read_csv(CSV, try_parse_dates=True).write_parquet(file, compression=packed)
        return [file.getvalue() for file in files.values()]
    return [{"csv": CSV, "xes": XES, "bpmn": BPMN}[kind]]


def main() -> None:
    """Fuzz the reader that the first argument names."""
    kind = sys.argv.pop(1)
    read = {
        "yaml": ps.read_yaml,
        "json": ps.read_json,
        "csv": ps.read_csv,
        "xes": ps.read_xes,
        "parquet": ps.read_parquet,
        "bpmn": ps.read_bpmn,
    }[kind]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for i, content in enumerate(seeds(kind)):
            (corpus / str(i)).write_bytes(content)
        file = Path(folder, f"input.{kind}")

        def one(content: bytes) -> None:
            file.write_bytes(content)
            try:
                read(file)
            except ps.InvalidFileError as error:
                if not error.problems or not error.text("id"):
                    raise RuntimeError from error

        atheris.Setup([*sys.argv, "-max_len=20000", str(corpus)], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
