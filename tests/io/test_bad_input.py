"""Bad input: every fault named once, with line and path, and nothing else ever raised."""

from __future__ import annotations

import json
import pickle
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.io.diagnosis import diagnose
from pubservice.io.document import document
from pubservice.io.json import marks
from pubservice.io.place import shown
from pubservice.messages import Message
from pubservice.model.text import MOST_PROBLEMS
from strategies import organisations

GOOD = """\
pubservice: 1
id: city-hall
calendars:
  - {id: office, hours: {mon-fri: "08:00-12:00"}}
resources:
  - {id: clerk, capacity: 2}
  - {id: rules, kind: mandate}
services:
  - id: permit
    arrival_rate: 3 case/hour
    channels: [{id: desk}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 10 min, channel: desk}
        - {id: assess, processing_time: 5 min}
      waits:
        - {id: pause, cause: other, clock: elapsed}
      gateways:
        - {id: fork, kind: parallel}
        - {id: join, kind: parallel}
      ends: [{id: done}]
      flows:
        - {source: intake, target: fork}
        - {source: fork, target: assess}
        - {source: fork, target: pause}
        - {source: assess, target: join}
        - {source: pause, target: join}
        - {source: join, target: done}
"""
P = "services[0].procedure"
HEAD = "pubservice: 1\nid: o\n"


def refusal(text: str, read: Any = ps.from_yaml) -> str:
    """Return what is said of a text that is refused."""
    with pytest.raises(ps.InvalidFileError) as caught:
        read(text)
    return str(caught.value)


def changed(*changes: tuple[str, str]) -> str:
    """Return the good file with parts replaced."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_good_file_is_good() -> None:
    """
    What the other tests damage can be read.
    """
    assert ps.from_yaml(GOOD).service("permit").procedure.first == "intake"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10 min", "15 kg", f"14: {P}.steps[0].processing_time: expected a duration such as '15 min', got '15 kg'"),
        (
            "10 min",
            "-10 min",
            f"14: {P}.steps[0].processing_time: expected a duration that is not negative, got '-10 min'",
        ),
        (
            "10 min",
            "nan min",
            f"14: {P}.steps[0].processing_time: expected a duration such as '15 min', got 'nan min'",
        ),
        ("10 min", ".nan", f"14: {P}.steps[0].processing_time: expected a duration such as '15 min', got nan"),
        (
            "{source: intake, target: fork}",
            "{source: intake, target: fork, probability: 0.4}",
            f"23: {P}.flows[0].probability: probabilities out of 'intake' sum to 0.4, expected 1",
        ),
        ("resource: clerk", "resource: clark", f"14: {P}.steps[0].resource: no resource 'clark', did you mean 'clerk'?"),
        (
            "resource: clerk",
            "resource: [clerk, rules]",
            f"14: {P}.steps[0].resource: 'rules' is a mandate: cases do not queue for it",
        ),
        ("target: done", "target: don", f"28: {P}.flows[5].target: no node 'don', did you mean 'done'?"),
        ("{id: done}", "{id: join}", f"21: {P}.ends[0].id: 'join' is the id of another node\n"
         f"<text>:28: {P}.flows[5].target: no node 'done'"),
        ("{id: rules,", "{id: clerk,", "7: resources[1].id: 'clerk' is there already"),
        (
            "ends: [{id: done}]",
            "ends: [{id: done}, {id: lost}]",
            f"12: {P}.start: ambiguous: intake, lost have no incoming flow: name the first node as start",
        ),
        (
            "        - {source: join",
            "        - {source: assess, target: intake}\n        - {source: join",
            f"12: {P}.start: every node has an incoming flow: name the first node as start",
        ),
        (
            "{source: fork, target: assess}",
            "{source: fork, target: assess, probability: 0.5}",
            f"24: {P}.flows[1].probability: every flow out of the parallel gateway 'fork' is taken: no probability",
        ),
        (
            "    arrival_rate",
            "    calendar: office\n    arrival_rate",
            "11: services[0].arrival_rate: under a calendar, write the rate per working_hour, working_day, week, month "
            "or year, got '3 case/hour'",
        ),
        ("3 case/hour", "3 case/working_day", "10: services[0].arrival_rate: a rate in working time needs a calendar, "
         "got '3 case/working_day'"),
        ("pubservice: 1", "pubservice: 2", "1: pubservice: this file is version 2; this pubservice reads version 1"),
        (
            "pubservice: 1",
            "pubservice: '1'",
            "1: pubservice: expected the version of the format, such as 1, got '1'",
        ),
        (
            "pubservice: 1",
            "pubservice: true",
            "1: pubservice: expected the version of the format, such as 1, got true",
        ),
        ("pubservice: 1\n", "", " expected 'pubservice: 1' at the top: the version of the format"),
        ("capacity: 2", "capacity: 0", "6: resources[0].capacity: expected a whole number of at least 1, got 0"),
        ("resource: clerk", "resourc: clerk", f"14: {P}.steps[0]: unknown field 'resourc', did you mean 'resource'?"),
        ("id: city-hall\n", "id: city-hall\nid: town\n", "3: the key 'id' stands here twice"),
        ("id: city-hall\n", "", "1: missing field 'id'"),
        ("id: city-hall\n", "id: &a city-hall\nname: *a\n", "2: anchors, aliases and tags are not part of the format: "
         "write it out"),
        ("id: city-hall\n", "id: city-hall\nname: *a\n", "3: anchors, aliases and tags are not part of the format: "
         "write it out"),
        ("calendars:\n", "calendars: !!seq\n", "3: anchors, aliases and tags are not part of the format: write it out"),
        ("id: city-hall\n", "id: !!python/name:os.system city-hall\n", "2: anchors, aliases and tags are not part of "
         "the format: write it out"),
        ("id: city-hall\n", "1: city-hall\n", "2: expected the name of a field"),
        ("id: city-hall\n", "? {id: x}\n: city-hall\n", "2: expected the name of a field"),
        ("id: city-hall\n", "id: 'city-hall\n", "29: not YAML: while scanning a quoted scalar (line 2): found unexpected "
         "end of stream"),
        ("id: city-hall\n", "id: \x01\n", "2: not YAML: control characters are not allowed: U+0001"),
        ("id: city-hall\n", "id: \ud800\n", "2: not YAML: surrogates not allowed"),
        ("id: city-hall\n", "id: city-hall\n---\n", "3: expected one document, got another"),
        ("id: city-hall\n", "id: city-hall\nlegal_basis:\n", "3: legal_basis: expected a text or a list of texts, got "
         "null"),
        (
            "id: city-hall\n",
            "id: city-hall\nname: " + "x" * 500 + ": y\n",
            "3: not YAML: mapping values are not allowed in this context",
        ),
        (
            "id: city-hall\n",
            "id: city-hall\nname: [" + "x" * 500 + "]\n",
            '3: name: expected a text, or a text per language, got ["' + "x" * 78 + "…",
        ),
        ("10 min", "x" * 500, f"14: {P}.steps[0].processing_time: expected a duration such as '15 min', got "
         f"'{'x' * 80}…'"),
        ("08:00-12:00", "12:00-08:00", "4: calendars[0].hours: expected hours such as {mon-fri: '08:00-12:00, "
         '13:00-16:00\'}, got {"mon-fri": "12:00-08:00"}'),
        ("channel: desk", "channel: disk", f"14: {P}.steps[0].channel: no channel 'disk', did you mean 'desk'?"),
        ("{id: assess,", "{id: assess, body: x,", f"15: {P}.steps[1].body: only a step of an other-body names it, got "
         "actor 'office'"),
        ("{id: assess,", "{id: assess, batch: {},", f"15: {P}.steps[1].batch: expected a batch by size or by period, "
         "one of them"),
        ("{id: pause,", "{id: pause, time: 1 working_day,", f"17: {P}.waits[0].time: working time passes on the working "
         "clock, got '1 working_day' and clock 'elapsed'"),
    ],
)  # fmt: skip
def test_one_fault_is_one_line(old: str, new: str, message: str) -> None:
    """
    A fault says file, line, path, what was expected and what was found, once.
    """
    assert f"<text>:{message}" == refusal(changed((old, new)))


def test_several_faults_are_reported_together() -> None:
    """
    One run names every fault, in the order of the file.
    """
    text = changed(
        ("capacity: 2", "capacity: two"),
        ("3 case/hour", "often"),
        ("10 min", "15 kg"),
        ("id: assess, processing_time", "id: assess, proccessing_time"),
        ("clock: elapsed", "clock: broken"),
        ("{id: done}", "done"),
        ("target: pause", "target: paus"),
    )

    assert refusal(text).replace("<text>:", "").splitlines() == [
        "6: resources[0].capacity: expected a whole number of at least 1, got 'two'",
        "10: services[0].arrival_rate: expected a rate such as '3 case/hour', got 'often'",
        f"14: {P}.steps[0].processing_time: expected a duration such as '15 min', got '15 kg'",
        f"15: {P}.steps[1]: unknown field 'proccessing_time', did you mean 'processing_time'?",
        f"17: {P}.waits[0].clock: expected one of elapsed, working, got 'broken'",
        f"21: {P}.ends[0]: expected the fields of a End, got 'done'",
    ]


FOLLOW_ONS = [
    (("id: intake,", "id: [intake],"), f"14: {P}.steps[0].id: expected an id of letters, digits, '.', '_' and '-', got "
     '["intake"]'),
    (("id: intake,", "id: in take,"), f"14: {P}.steps[0].id: expected an id of letters, digits, '.', '_' and '-', got "
     "'in take'"),
    (("id: intake, ", ""), f"14: {P}.steps[0]: missing field 'id'"),
    (("id: intake,", "idd: intake,"), f"14: {P}.steps[0]: unknown field 'idd', did you mean 'id'?"),
    (("      steps:", "      stepz:"), f"13: {P}: unknown field 'stepz', did you mean 'steps'?"),
    (("      steps:", "      steps: 5\n      step2:"), f"13: {P}.steps: expected a list, got 5\n"
     f"<text>:14: {P}: unknown field 'step2', did you mean 'steps'?"),
    (("{source: intake, target: fork}", "{source: intak, target: fork}"),
     f"23: {P}.flows[0].source: no node 'intak', did you mean 'intake'?"),
    (("{source: intake, target: fork}", "{target: fork, probability: 0.5}"), f"23: {P}.flows[0]: missing field 'source'"),
    (("{source: intake, target: fork}", "{source: intake, target: 5}"), f"23: {P}.flows[0].target: expected a text, got "
     "5"),
    (("{source: intake, target: fork}", "nothing"), f"23: {P}.flows[0]: expected the fields of a Flow, got 'nothing'"),
    (("{source: intake, target: fork}", "{source: intake, target: fork, probability: 1.5}"),
     f"23: {P}.flows[0].probability: expected a number from 0 to 1 such as 0.25 or 1/4, got 1.5"),
    (("{source: join, target: done}", "{source: done, target: intake, probability: 0.5}"),
     f"28: {P}.flows[5].source: 'done' is an end, nothing flows out of it"),
    (("      flows:", "      flow:"), f"22: {P}: unknown field 'flow', did you mean 'flows'?"),
    (("      flows:", "      arrows:"), f"22: {P}: unknown field 'arrows'"),
    (("{id: fork, kind: parallel}", "{id: fork, kind: paralel}"), f"19: {P}.gateways[0].kind: expected one of exclusive, "
     "parallel, inclusive, got 'paralel', did you mean 'parallel'?"),
    (("{id: rules, kind: mandate}", "{id: rules, kind: budgt, amount: 5 IDR}"), "7: resources[1].kind: expected one of "
     "staff, facility, information-system, budget, mandate, got 'budgt', did you mean 'budget'?"),
    (("capacity: 2", "capacity: -2"), "6: resources[0].capacity: expected a whole number of at least 1, got -2"),
    (("{id: clerk, capacity: 2}", "{capacity: 2}"), "6: resources[0]: missing field 'id'"),
    (("{id: clerk, capacity: 2}", "clerk"), "6: resources[0]: expected the fields of a Resource, got 'clerk'"),
    (("[{id: desk}]", "[desk]"), "11: services[0].channels[0]: expected the fields of a Channel, got 'desk'"),
    (("{id: assess,", "{id: assess, actor: aplicant, resource: clerk,"), f"15: {P}.steps[1].actor: expected one of "
     "office, applicant, other-body, got 'aplicant', did you mean 'applicant'?"),
    (("{id: assess,", "{id: assess, batch: {size: 0},"), f"15: {P}.steps[1].batch.size: expected a whole number of at "
     "least 1, got 0"),
    (("{id: assess,", "{id: assess, batch: 5,"), f"15: {P}.steps[1].batch: expected the fields of a Batch, got 5"),
    (("{id: assess,", "{id: assess, resource: 5, staff: 9,"), f"15: {P}.steps[1].resource: expected a text or a list of "
     "texts, got 5"),
    (("{id: pause, cause: other, clock: elapsed}", "{id: pause, cause: other, time: 1 working_day}"),
     f"17: {P}.waits[0]: missing field 'clock'"),
    (('hours: {mon-fri: "08:00-12:00"}', "hours: 5"), "4: calendars[0].hours: expected hours such as {mon-fri: "
     "'08:00-12:00, 13:00-16:00'}, got 5"),
    (('hours: {mon-fri: "08:00-12:00"}', "closures: []"), "4: calendars[0]: missing field 'hours'"),
    (("    procedure:", "    procedure: 5\n    prozedur:"), "12: services[0].procedure: expected the fields of a "
     "Procedure, got 5\n<text>:13: services[0]: unknown field 'prozedur', did you mean 'procedure'?"),
    (("    channels:", "    fees: [{amount: 1 IDR, at: intak}]\n    channels:"), "11: services[0].fees[0].at: no node "
     "'intak', did you mean 'intake'?"),
    (("    channels:", "    targets: [{metric: cycle-time, value: soon}]\n    channels:"), "11: "
     "services[0].targets[0].value: expected a duration, an amount, a rate or a number, got 'soon'"),
    (("services:", "metrics: [{id: m, unit: metre, direction: higher, goal: smooth}]\nservices:"), "8: metrics[0].unit: "
     "expected one of duration, money, rate, fraction, number, got 'metre'"),
    (("    channels:", "    requirements: [{id: a, evidence: [b c, d]}, 5, a, {idd: x}]\n    channels:"),
     "11: services[0].requirements[0].evidence[0]: expected an id of letters, digits, '.', '_' and '-', got 'b c'\n"
     "<text>:11: services[0].requirements[1]: expected the fields of a Requirement, got 5\n"
     "<text>:11: services[0].requirements[2].id: 'a' is there already\n"
     "<text>:11: services[0].requirements[3]: unknown field 'idd', did you mean 'id'?"),
    (("id: assess,", "id: assess, checks: [a, {check: b}, 'c d'], legal_basis: [UU, 5], asks: {x: y},"),
     f'15: {P}.steps[1].checks[1]: expected a check such as {{check: valid, of: id-card}}, got {{"check": "b"}}\n'
     f"<text>:15: {P}.steps[1].checks[2]: expected an id of letters, digits, '.', '_' and '-', got 'c d'\n"
     f"<text>:15: {P}.steps[1].legal_basis[1]: expected a text, got 5\n"
     f'<text>:15: {P}.steps[1].asks: expected a text or a list of texts, got {{"x": "y"}}'),
    (("id: assess,", "id: assess, checks: [{check: 5, of: {a: b}}, a, {check: b, of: [c, 6]}, {check: d, of: []}],"),
     f"15: {P}.steps[1].checks[0].check: expected an id of letters, digits, '.', '_' and '-', got 5\n"
     f"<text>:15: {P}.steps[1].checks[0].of: expected an id of letters, digits, '.', '_' and '-', got {{\"a\": \"b\"}}\n"
     f"<text>:15: {P}.steps[1].checks[2].of[1]: expected an id of letters, digits, '.', '_' and '-', got 6\n"
     f"<text>:15: {P}.steps[1].checks[3].of: expected at least one datum, got []"),
    (("id: assess,", "id: assess, checks: {check: 5, of: a},"), f"15: {P}.steps[1].checks.check: expected an id of "
     "letters, digits, '.', '_' and '-', got 5"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), FOLLOW_ONS)
def test_what_follows_from_a_fault_is_not_told(change: tuple[str, str], message: str) -> None:
    """
    A part that cannot be read gives no second message, here or where other parts rely on it.
    """
    assert sorted(f"<text>:{message}".splitlines()) == sorted(refusal(changed(change)).splitlines())


def test_a_fault_at_the_top_hides_none_between_parts() -> None:
    """
    An organisation without a right id is still checked for what its parts name.
    """
    text = "pubservice: 1\nid: []\ncalendar: office\n"
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_yaml(text)
    assert [problem.path for problem in caught.value.problems] == ["id", "calendar"]


def test_a_lost_metric_is_not_missed() -> None:
    """
    A target is not judged by a metric that cannot be read.
    """
    text = changed(
        ("services:", "metrics: [{id: m, unit: metre, direction: higher, goal: smooth}]\nservices:"),
        ("    channels:", "    targets: [{metric: m, value: 5 IDR}]\n    channels:"),
    )

    assert refusal(text) == (
        "<text>:8: metrics[0].unit: expected one of duration, money, rate, fraction, number, got 'metre'"
    )


def test_the_same_fault_elsewhere_is_told() -> None:
    """
    What is lost in one service says nothing of another.
    """
    broken = "{id: a, procedure: {steps: 5, flows: [{source: x, target: y}]}}"
    other = "{id: b, procedure: {steps: [{id: x}], flows: [{source: x, target: y}]}}"

    assert refusal(f"{HEAD}services: [{broken}, {other}]") == (
        "<text>:3: services[0].procedure.steps: expected a list, got 5\n"
        "<text>:3: services[1].procedure.flows[0].target: no node 'y'"
    )


def test_a_lost_flow_may_explain_too_little_but_not_too_much() -> None:
    """
    Where a flow comes from nowhere, only probabilities above 1 are told besides.
    """

    def text(chance: float) -> str:
        flows = (
            f"[{{source: a, target: b, probability: {chance}}}, {{source: a, target: c, probability: 0.6}}, "
        )
        flows += "{source: x, target: c, probability: 0.5}]"
        return f"{HEAD}services: [{{id: s, procedure: {{start: a, steps: [{{id: a}}, {{id: b}}, {{id: c}}], flows: {flows}}}}}]"

    assert "sum" not in refusal(text(0.2))
    assert "probabilities out of 'a' sum to 1.1, expected 1" in refusal(text(0.5))


def test_there_is_an_end_to_faults() -> None:
    """
    Of a file that is wrong throughout, the first thousand faults are told.
    """
    begun = time.process_time()
    steps = ", ".join(f"{{id: s{i}, staff: 0}}" for i in range(3000))
    flows = ", ".join(f"{{source: s{i}x, target: t{i}}}" for i in range(3000))

    lines = refusal(
        f"{HEAD}services: [{{id: s, procedure: {{steps: [{steps}], flows: [{flows}]}}}}]"
    ).splitlines()

    assert (len(lines), lines[-1]) == (MOST_PROBLEMS + 1, "<text>: only the first 1,000 faults are shown")
    assert time.process_time() - begun < 10


def test_a_model_too_has_an_end_to_its_faults() -> None:
    """
    An object that is built wrong throughout tells its first thousand faults.
    """
    flows = [ps.Flow(f"a{i}", f"b{i}") for i in range(2000)]

    with pytest.raises(ps.InvalidModelError) as caught:
        ps.Procedure(flows=flows)

    assert len(caught.value.problems) == MOST_PROBLEMS


def test_an_error_speaks_indonesian_and_travels() -> None:
    """
    The error keeps its facts: it can be said in Indonesian, and sent to another process.
    """
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_yaml(changed(("resource: clerk", "resourc: clerk"), ("kind: mandate", "kind: " + "x" * 100)))
    error = pickle.loads(pickle.dumps(caught.value))

    assert (error.file, error.problems, str(error)) == ("<text>", caught.value.problems, str(caught.value))
    assert error.text("id").splitlines()[1] == (
        f"<text>:14: {P}.steps[0]: isian 'resourc' tidak dikenal, maksud Anda 'resource'?"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("x", "'x'"),
        (1.5, "1.5"),
        (10**79, "1" + "0" * 79),
        (10**90, "1" + "0" * 79 + "…"),
        ({"a": [1, "é"]}, '{"a": [1, "é"]}'),
        (
            list(range(100)),
            "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 2…",
        ),
        (("a", object), '["a", "<class \'object\'>"]'),
    ],
)
def test_values_are_shown_as_the_file_says_them(value: object, text: str) -> None:
    """
    A message shows null, true and lists as a file has them, and no more of a value than can be read.
    """
    assert text == repr(shown(value))
    assert Message("x {y!r}", y=shown(value)) == shown(Message("x {y!r}", y=value))


# Files


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """
    A file that is missing, none, empty, too large or in another encoding is refused with the reason.
    """
    file = tmp_path / "f.yaml"
    cases = [
        (b"", ": expected a description of an organisation, got nothing"),
        (b"# only a comment\n", ": expected a description of an organisation, got nothing"),
        (b"pubservice: 1\nid: caf\xe9\n", ":2: expected UTF-8, found the byte 0xe9"),
        (b"\xef\xbb\xbfpubservice: 1\n\n\xff", ":3: expected UTF-8, found the byte 0xff"),
        ("pubservice: 1".encode("utf-16"), ":1: expected UTF-8, found the byte 0xff"),
        (b"hello", ":1: expected a description of an organisation, got 'hello'"),
    ]
    for content, message in cases:
        file.write_bytes(content)
        assert f"{file}{message}" == refusal(str(file), ps.read_yaml)
    file.write_bytes(b"x" * 101)
    for read in (ps.read_yaml, ps.read_json):
        with pytest.raises(ps.InvalidFileError) as caught:
            read(file, max_bytes=100)
        assert str(caught.value) == f"{file}: larger than 100 bytes: raise max_bytes (--max-bytes) to read it"
        assert "cannot be read: No such file or directory" in refusal(str(tmp_path / "none"), read)
        assert "cannot be read: Is a directory" in refusal(str(tmp_path), read)
        assert "cannot be read: " in refusal("a\0b", read)


# Hostile files


@pytest.mark.parametrize("read", [ps.read_yaml, ps.read_json])
def test_a_hundred_megabytes_of_nesting_are_refused_at_once(read: Any, tmp_path: Path) -> None:
    """
    A file of brackets is refused by its size, and by its depth or number of values where the size is allowed.
    """
    file = tmp_path / "deep"
    file.write_bytes(b"[" * 100_000_000)
    begun = time.process_time()

    assert "larger than 67,108,864 bytes" in refusal(str(file), read)
    said = refusal(str(file), lambda path: read(path, max_bytes=2**40))

    assert said == f"{file}:1: nested deeper than 64 levels, which no organisation needs"
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("opening", ["{a: ", "- ", "{a: [", "- a:\n"])
def test_any_nesting_is_refused(opening: str) -> None:
    """
    Mappings and lists in either style are bounded in depth.
    """
    text = opening * 1000
    if opening.endswith("\n"):
        text = "".join("  " * i + "- a:\n" for i in range(100))

    assert "nested deeper than 64 levels" in refusal(text)


def test_an_alias_bomb_is_refused_at_the_first_anchor() -> None:
    """
    Nine lists that would unfold to a billion items are not unfolded.
    """
    bomb = HEAD + "a: &a [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghi"))

    assert refusal(bomb) == "<text>:3: anchors, aliases and tags are not part of the format: write it out"


def test_more_values_than_a_file_can_need_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Many small values cost more memory than their bytes, so their number is bounded too.
    """
    monkeypatch.setattr("pubservice.io.file._MOST_VALUES", 5000)
    text = '{"pubservice": 1, "id": "o", "x": [' + "[], " * 6000 + "[]]}"
    message = "more than 5,000 values: raise max_bytes (--max-bytes) to read it"

    assert refusal(text, lambda t: ps.from_json(t, max_bytes=100)) == f"<text>: {message}"
    assert refusal(text, lambda t: ps.from_yaml(t, max_bytes=100)) == f"<text>:1: {message}"
    assert "unknown field 'x'" in refusal(text, lambda t: ps.from_yaml(t, max_bytes=10**6))


# Whatever comes


scalars = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    st.sampled_from(
        ["15 min", "5 IDR", "a", "1/3", "2 case/day", "office", "staff", "2026-01-01", 10**400, -1, ""]
    ),
)
anything = st.recursive(
    scalars,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Return each container with each of its keys or positions."""
    found: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        found = [(data, key) for key in data]
    elif isinstance(data, list):
        found = [(data, i) for i in range(len(data))]
    return found + [place for part, key in found for place in places(part[key])]


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Return the document of a model with a few parts replaced, dropped, renamed, moved or doubled."""
    source = draw(organisations() | st.sampled_from([ps.from_yaml(GOOD), ps.read_example("building-permit")]))
    data = json.loads(ps.to_json(source))
    for _ in range(draw(st.integers(1, 4))):
        container, key = draw(st.sampled_from(places(data)))
        match draw(st.sampled_from(["replace", "drop", "rename", "copy", "double"])):
            case "replace":
                container[key] = draw(anything)
            case "drop":
                del container[key]
            case "rename" if isinstance(container, dict):
                container[str(key)[1:] + draw(st.sampled_from(["", "x", "\n"]))] = container.pop(key)
            case "double" if isinstance(container, list):
                container.append(json.loads(json.dumps(container[key])))
            case _:
                other, place = draw(st.sampled_from(places(data)))
                container[key] = json.loads(json.dumps(other[place]))
        if not data:
            break
    return data


def outcome(read: Any, text: str) -> Any:
    """Return the model, or the faults without their lines."""
    try:
        return read(text)
    except ps.InvalidFileError as error:
        problems = error.problems
        assert problems
        assert len({(p.path, p.message) for p in problems}) == len(problems) or "thousand" in str(error)
        assert error.text("id")
        return [(p.path, str(p.message)) for p in problems]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(damaged())
def test_damaged_documents_are_refused_alike(data: Any) -> None:
    """
    A damaged document is read, or refused with faults, each once; YAML and JSON agree, whatever was damaged.
    """
    text = "".join(filter(str.isprintable, json.dumps(data, ensure_ascii=False)))
    text = text.replace("NaN", "7").replace("Infinity", "8")

    assert outcome(ps.from_json, text) == outcome(ps.from_yaml, text)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(organisations())
def test_the_slow_walk_finds_nothing_wrong_with_a_model(model: ps.PublicOrganisation) -> None:
    """
    What can be read has no faults: both ways of reading agree.
    """
    content = {key: value for key, value in document(model).items() if key != "pubservice"}

    assert diagnose(content, lambda: marks("{}")) == []


@settings(max_examples=300, deadline=None)
@given(
    st.text()
    | st.text("{}[]:,-?&*!|>'\"%@`#\n\t 0aé\x00\x85\u2028")
    | st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=8)).map(
        lambda t: GOOD[: t[0]] + t[2] + GOOD[t[0] + t[1] :]
    )
)
def test_no_text_raises_anything_else(text: str) -> None:
    """
    Arbitrary and damaged text is read, or refused with the one error for it.
    """
    outcome(ps.from_yaml, text)
    outcome(ps.from_json, text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=4)).map(
    lambda t: GOOD.encode()[: t[0]] + t[1] + GOOD.encode()[t[0] :]
))  # fmt: skip
def test_no_file_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """
    Arbitrary bytes are read, or refused with the one error for them.
    """
    file = tmp_path_factory.getbasetemp() / "bytes"
    file.write_bytes(content)

    outcome(ps.read_yaml, str(file))
    outcome(ps.read_json, str(file))


def test_nothing_in_place_of_a_part_is_no_fault() -> None:
    """
    A part that may be left out may be null, beside a fault elsewhere.
    """
    text = changed(("channel: desk}", "channel: desk, batch: null}"), ("5 min", "5 kg"))
    assert refusal(text).count("\n") == 0
    assert "got '5 kg'" in refusal(text)


def test_a_fault_of_ours_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where a right file cannot be turned into a model, the error is raised as it is.
    """

    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("pubservice.io.document._hook", lambda _: broken)
    with pytest.raises(ZeroDivisionError):
        ps.from_yaml(GOOD)


def test_targets_beside_metrics_of_ones_own() -> None:
    """
    A wrong target is named whatever else the metrics of the organisation are, and so are bounds that are none.
    """
    head = HEAD + "metrics:\n  - {id: q, unit: number, direction: lower, goal: smooth, low: 1, high: 9}\n"
    wrong = "services: [{id: s, targets: [{metric: q, value: 99}, {metric: ikm, value: 80 IDR}, {metric: ikm, value: 180}]}]"
    assert refusal(head + wrong).replace("<text>:", "").splitlines() == [
        "5: services[0].targets[0].value: expected 1 to 9 for 'q', got 99",
        "5: services[0].targets[1].value: expected a number for 'ikm', got '80 IDR'",
        "5: services[0].targets[2].value: expected 24.75 to 100 for 'ikm', got 180",
    ]
    crossed = head.replace("low: 1", "low: 10") + wrong
    assert (
        refusal(crossed).splitlines()[0] == "<text>:4: metrics[0].low: expected low < high, got 10.0 and 9.0"
    )
    assert "targets[0]" not in refusal(crossed)
