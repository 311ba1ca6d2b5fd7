"""BPMN: what its elements become, what is listed, and what is refused."""

from __future__ import annotations

import builtins
import contextlib
import csv
import time
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

import pubservice as ps
from pubservice.graph.soundness import soundness
from pubservice.io.bpmn_elements import NODES, duration_of, kind_of

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "bpmn").exists(), reason="the folder of real models is not beside the project"
)


def definitions(*parts: str) -> str:
    """Return a file with these elements in it, each on a line of its own, from line 2."""
    return "\n".join([f'<definitions xmlns="{MODEL}" xmlns:x="urn:x">', *parts, "</definitions>"])


def process(*parts: str) -> str:
    """Return a file with one process, whose elements begin in line 3."""
    return definitions('<process id="p">', *parts, "</process>")


def flow(source: str, target: str, **given: str) -> str:
    """Return a sequence flow; ``condition`` stands inside it, all else are attributes."""
    condition = given.pop("condition", "")
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    attributes = "".join(f' {name}="{value}"' for name, value in given.items())
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"{attributes}>{inside}</sequenceFlow>'


def chain(*ids: str) -> str:
    """Return flows from each node to the next."""
    return "".join(flow(source, target) for source, target in zip(ids, ids[1:], strict=False))


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Return the procedure in a text, and what is listed."""

    def procedure(text: str, **options: Any) -> tuple[ps.Procedure, str]:
        file = tmp_path / "model.bpmn"
        file.write_text(text)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = ps.read_bpmn(file, **options)
        assert len(caught) <= 1
        assert all(warning.category is ps.LossyImportWarning for warning in caught)
        assert all(warning.filename == __file__ for warning in caught)
        return found, "".join(str(warning.message) for warning in caught).partition(": left out: ")[2]

    return procedure


@pytest.fixture
def refusal(tmp_path: Path) -> Any:
    """Return what is said of a file that is refused, without its name."""

    def said(content: str | bytes, **options: Any) -> str:
        file = tmp_path / "model.bpmn"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(ps.InvalidFileError) as caught:
            ps.read_bpmn(file, **options)
        assert caught.value.text("id")
        return str(caught.value).replace(f"{file}:", "")

    return said


def flows(procedure: ps.Procedure) -> list[str]:
    """Return the flows, short."""
    return [f"{flow.source} {flow.target}" for flow in procedure.flows]


START, END = '<startEvent id="start"/>', '<endEvent id="end"/>'


def test_a_plain_process_is_read_completely(read: Any) -> None:
    """
    Tasks, gateways, ends, names and lanes have their places in a procedure, and nothing is listed.
    """
    procedure, listed = read(
        process(
            '<laneSet><lane name="Front Office"><flowNodeRef>intake</flowNodeRef><flowNodeRef>end</flowNodeRef></lane>',
            '<lane name="clerk"><flowNodeRef>assess</flowNodeRef></lane></laneSet>',
            '<startEvent id="start"><outgoing>f</outgoing></startEvent>',
            '<task id="intake" name="Take\n in"/>',
            '<exclusiveGateway id="complete" name="Complete?"/>',
            '<task id="assess"/>',
            '<endEvent id="granted" name="Granted"/>',
            '<endEvent id="refused"/>',
            chain("start", "intake", "complete"),
            flow("complete", "assess", name="yes"),
            flow("complete", "refused", name="no"),
            flow("assess", "granted"),
        )
    )
    expected = ps.Procedure(
        start="intake",
        steps=[
            ps.Step("intake", name="Take in", resource="front-office"),
            ps.Step("assess", resource="clerk"),
        ],
        gateways=[ps.Gateway("complete", name="Complete?", kind="exclusive")],
        ends=[ps.End("granted", name="Granted"), ps.End("refused")],
        flows=[
            ps.Flow("intake", "complete"),
            ps.Flow("complete", "assess", name="yes"),
            ps.Flow("complete", "refused", name="no"),
            ps.Flow("assess", "granted"),
        ],
    )
    assert expected == procedure
    assert listed == ""


def test_the_lanes_of_a_file_are_the_resources_of_its_steps(tmp_path: Path) -> None:
    """
    What `read_bpmn_lanes` gives is what the steps refer to, so that both make an organisation.
    """
    file = tmp_path / "model.bpmn"
    file.write_text(
        process(
            '<laneSet><lane id="l1" name="Front Office"><flowNodeRef>a</flowNodeRef></lane><lane id="l2"/>',
            '<lane id="l3" name="Front office"><flowNodeRef>b</flowNodeRef></lane></laneSet>',
            START, '<task id="a"/>', '<task id="b"/>', chain("start", "a", "b"),
        )
    )  # fmt: skip
    lanes = ps.read_bpmn_lanes(file)
    assert lanes == (
        ps.Resource("front-office", name="Front Office"),
        ps.Resource("front-office-2", name="Front office"),
    )
    permit = ps.PublicService("permit", procedure=ps.read_bpmn(file))
    office = ps.PublicOrganisation("office", resources=lanes, services=[permit])
    assert [step.resource for step in office.service("permit").procedure.steps] == [
        ("front-office",),
        ("front-office-2",),
    ]


@pytest.mark.parametrize(
    ("default", "conditions", "kind"),
    [
        ("", "", "parallel"),
        ("c", "", "parallel"),
        ("c", "b", "exclusive"),
        ("", "bc", "inclusive"),
        ("c", "bd", "inclusive"),
        ("c", "ac", "inclusive"),
        ("", "b", "inclusive"),
    ],
)
@pytest.mark.parametrize(
    "node", ['<task id="split" default="{}"/>', '<intermediateThrowEvent id="split" default="{}"/>']
)
def test_several_flows_out_of_a_task_or_event_become_a_gateway(
    read: Any, node: str, default: str, conditions: str, kind: Any
) -> None:
    """
    All flows are taken; under conditions any may be; one condition against a default is a choice.
    """
    targets = sorted({*"bc", *default, *conditions})
    procedure, _ = read(
        process(
            START,
            node.format(f"split-{default}"),
            *(f'<task id="{target}"/>' for target in targets),
            flow("start", "split"),
            *(
                flow("split", target, **({"condition": "x"} if target in conditions else {}))
                for target in targets
            ),
        )
    )
    assert procedure.gateways == (ps.Gateway("split-split", kind=kind),)
    assert flows(procedure) == [*(f"split-split {target}" for target in targets), "split split-split"]


def test_several_flows_into_a_task_are_a_merge(read: Any) -> None:
    """
    A task that several flows lead to begins with each of them: no gateway is put there.
    """
    procedure, _ = read(
        process(
            START, '<exclusiveGateway id="g"/>', '<task id="a"/>', '<task id="b"/>', END,
            chain("start", "g", "a", "b", "end"), flow("g", "b"),
        )
    )  # fmt: skip
    assert [gateway.id for gateway in procedure.gateways] == ["g"]
    assert flows(procedure) == ["g a", "a b", "b end", "g b"]


def test_two_flows_between_two_nodes_get_a_gateway_between(read: Any) -> None:
    """
    A second and a third flow between the same nodes each lead over a gateway of their own, and keep their names.
    """
    gateway = '<exclusiveGateway id="g"/>'
    same = '<sequenceFlow sourceRef="g" targetRef="a" name="{}"/>'
    procedure, _ = read(
        process(START, gateway, '<task id="a"/>', flow("start", "g"), *(same.format(n) for n in "123"))
    )
    assert [(f"{flow.source} {flow.target}", str(flow.name)) for flow in procedure.flows] == [
        ("g a", "1"),
        ("g g-between", "2"),
        ("g g-between-2", "3"),
        ("g-between a", ""),
        ("g-between-2 a", ""),
    ]


@pytest.mark.parametrize(
    ("element", "node", "listed"),
    [
        ('<task id="n" name="N"/>', ps.Step("n", name="N"), ""),
        ('<userTask id="n"/>', ps.Step("n"), "userTask, read as a step: n"),
        ('<sendTask id="n"/>', ps.Step("n"), "sendTask, read as a step: n"),
        ('<receiveTask id="n"/>', ps.Wait("n", cause="other", clock="elapsed"), "receiveTask, read as a wait: n"),
        (
            '<callActivity id="n" calledElement="q"/>',
            ps.Step("n"),
            "callActivity, read as a step: n; calledElement: n",
        ),
        ('<subProcess id="n"/>', ps.Step("n"), "subProcess, read as a step: n"),
        (
            '<adHocSubProcess id="n"><task id="m"><outgoing>f</outgoing></task><sequenceFlow id="f"/></adHocSubProcess>',
            ps.Step("n"),
            "adHocSubProcess, read as a step: n; task, not read: m; sequenceFlow, not read: f",
        ),
        ('<inclusiveGateway id="n"/>', ps.Gateway("n", kind="inclusive"), ""),
        ('<parallelGateway id="n"/>', ps.Gateway("n", kind="parallel"), ""),
        (
            '<eventBasedGateway id="n"/>',
            ps.Gateway("n", kind="exclusive"),
            "eventBasedGateway, read as exclusive: n",
        ),
        ('<complexGateway id="n"/>', ps.Gateway("n", kind="inclusive"), "complexGateway, read as inclusive: n"),
        (
            '<intermediateCatchEvent id="n"><messageEventDefinition/></intermediateCatchEvent>',
            ps.Wait("n", cause="other", clock="elapsed"),
            "",
        ),
        (
            '<intermediateCatchEvent id="n"><signalEventDefinition/></intermediateCatchEvent>',
            ps.Wait("n", cause="other", clock="elapsed"),
            "signalEventDefinition: n",
        ),
        (
            '<intermediateCatchEvent id="n"><eventDefinitionRef>d</eventDefinitionRef></intermediateCatchEvent>',
            ps.Wait("n", cause="other", clock="elapsed"),
            "eventDefinitionRef: n",
        ),
        (
            '<intermediateCatchEvent id="n"><timerEventDefinition><timeDuration> P3D </timeDuration>'
            "</timerEventDefinition></intermediateCatchEvent>",
            ps.Wait("n", cause="other", clock="elapsed", time="3 day"),
            "",
        ),
        (
            '<intermediateCatchEvent id="n"><timerEventDefinition><timeDate>2026-01-01</timeDate>'
            "</timerEventDefinition></intermediateCatchEvent>",
            ps.Wait("n", cause="other", clock="elapsed"),
            "timerEventDefinition: n",
        ),
        (
            '<intermediateCatchEvent id="n"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>'
            "<messageEventDefinition/></intermediateCatchEvent>",
            ps.Wait("n", cause="other", clock="elapsed"),
            "timerEventDefinition: n",
        ),
        ('<intermediateCatchEvent id="n"/>', ps.Wait("n", cause="other", clock="elapsed", time="0 s"), ""),
        (
            '<intermediateThrowEvent id="n" name="Sent"><messageEventDefinition/></intermediateThrowEvent>',
            ps.Wait("n", name="Sent", cause="other", clock="elapsed", time="0 s"),
            "messageEventDefinition: n",
        ),
        (
            '<endEvent id="n"><terminateEventDefinition/></endEvent>',
            ps.End("n"),
            "terminateEventDefinition: n",
        ),
        (
            '<task id="n" startQuantity="2"><documentation/><multiInstanceLoopCharacteristics id="m"/></task>',
            ps.Step("n"),
            "startQuantity: n; documentation: n; multiInstanceLoopCharacteristics: n",
        ),
        ('<task id="n"><extensionElements><x:a/><x:a/><b xmlns="urn:b"/></extensionElements></task>', ps.Step("n"),
         "x:a (2); b (1)"),
    ],
)  # fmt: skip
def test_an_element_becomes_a_node(read: Any, element: str, node: ps.Node, listed: str) -> None:
    """
    Each kind of element has its node, and what the node does not say is listed.
    """
    procedure, told = read(process(START, element, flow("start", "n")))
    assert procedure.nodes == (node,)
    assert told == listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT15M", "15 min"),
        ("P1M", "1 month"),
        ("P1Y2M", "14 month"),
        ("P2W", "2 week"),
        ("P1DT12H", "36 hour"),
        ("PT1.5H", "1.5 hour"),
        ("PT0S", "0 s"),
        ("P", "None"),
        ("PT", "None"),
        ("", "None"),
        ("-P1D", "None"),
        ("R3/PT10H", "None"),
        ("${later}", "None"),
        (f"P{'9' * 400}Y", "None"),
    ],
)
def test_durations_of_iso_8601_are_read(text: str, expected: str) -> None:
    """
    A duration comes in the smallest unit that it names; repetitions, expressions and absurd numbers are none.
    """
    assert str(duration_of(text)) == expected


def test_what_stands_beside_the_flow_is_listed(read: Any) -> None:
    """
    Every element of BPMN that says something is named; the drawing is not.
    """
    procedure, listed = read(
        definitions(
            '<import location="other.bpmn"/>',
            '<message id="m"/>',
            '<collaboration id="c"><participant id="pool" name="Town" processRef="p"/><messageFlow id="mf"/></collaboration>',
            '<process id="q"/>',
            '<process id="p"><documentation/><ioSpecification id="io"/>',
            '<startEvent id="start" name="Letter"><timerEventDefinition/></startEvent>',
            '<exclusiveGateway id="g" default="g-a"/><task id="a"/><dataObject id="d"/><textAnnotation id="t"><text/></textAnnotation>',
            '<laneSet><lane id="l"><documentation/><flowNodeRef>g</flowNodeRef></lane></laneSet>',
            flow("start", "g") + flow("g", "a") + flow("g", "g", condition="again"),
            "</process>",
            '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"/>',
            "<x:settings/>",
        )
    )
    assert flows(procedure) == ["g a", "g g"]
    assert listed.split("; ") == [
        "participant: pool",
        "messageFlow: mf",
        "process: q",
        "import: line 2",
        "message: m",
        "documentation: line 6, l",
        "ioSpecification: io",
        "dataObject: d",
        "textAnnotation: t",
        "timerEventDefinition: start",
        "name of startEvent: start",
        "default: g-a",
        "conditionExpression: g-g",
        "x:settings (1)",
    ]


def test_ids_become_slugs_and_keep_what_they_were(read: Any) -> None:
    """
    What is no id here is made one, collisions are numbered, and the old id is the name where there is none.
    """
    procedure, _ = read(
        process(
            START, '<task id="_a"/>', '<task id="-a" name="A"/>', '<task id="a"/>', '<task id="Überprüfen"/>',
            '<task id="検査"/>', "<task/>", '<task id="b.2_c-d"/>', chain("start", "_a", "-a", "a", "Überprüfen", "検査", "b.2_c-d"),
        )
    )  # fmt: skip
    assert [(step.id, str(step.name)) for step in procedure.steps] == [
        ("a", "_a"),
        ("a-2", "A"),
        ("a-3", "a"),
        ("Uberprufen", "Überprüfen"),
        ("task", "検査"),
        ("task-2", ""),
        ("b.2_c-d", ""),
    ]


# Where a process begins


def test_several_start_events_are_alternatives(read: Any) -> None:
    """
    In front of several start events stands a choice.
    """
    procedure, _ = read(
        process(START, '<startEvent id="late"/>', '<task id="a"/>', '<task id="b"/>', chain("start", "a", "b"), flow("late", "b"))
    )  # fmt: skip
    assert procedure.node(procedure.first) == ps.Gateway("start-2", kind="exclusive")
    assert flows(procedure) == ["a b", "start-2 a", "start-2 b"]


def test_without_a_start_event_all_begins_that_nothing_leads_to(read: Any) -> None:
    """
    A process without a start event begins at its free nodes, at once.
    """
    procedure, _ = read(
        process('<task id="a"/>', '<task id="b"/>', '<task id="c"/>', chain("a", "c"), flow("b", "c"))
    )
    assert procedure.node(procedure.first) == ps.Gateway("start", kind="parallel")
    assert flows(procedure) == ["a c", "b c", "start a", "start b"]
    single, _ = read(process('<task id="a"/>', '<task id="b"/>', chain("a", "b")))
    assert (single.first, flows(single)) == ("a", ["a b"])


def test_a_start_that_leads_nowhere_is_an_end(read: Any) -> None:
    """
    A start event alone is a procedure of one node; several flows out of it all begin.
    """
    alone, _ = read(process(START))
    assert alone.nodes == (ps.Gateway("start", kind="exclusive"),)
    several, _ = read(
        process(START, '<task id="a"/>', '<task id="b"/>', flow("start", "a"), flow("start", "b"))
    )
    assert several.node(several.first) == ps.Gateway("start-split", kind="parallel")


def test_the_name_of_a_flow_goes_with_it_or_is_listed(read: Any) -> None:
    """
    Where a node is left out, the flow to it takes the name of the flow behind; a name that has no place is listed.
    """
    procedure, listed = read(
        process(
            START, '<task id="a"/>', throw("t"), catch("c"), '<task id="b"/>', '<task id="d"/>',
            flow("start", "a", name="by post"), flow("a", "t"), flow("c", "b", name="approved"),
            flow("b", "t2", name="yes"), throw("t2", "M"), catch("c2", "M"), flow("c2", "d", name="no"),
        )
    )  # fmt: skip
    assert [(f"{flow.source} {flow.target}", str(flow.name)) for flow in procedure.flows] == [
        ("a b", "approved"),
        ("b d", "yes"),
    ]
    assert listed == "name of sequenceFlow: start-a, c2-d"


# Sub-processes, events at activities, links


def sub(*parts: str, kind: str = "subProcess") -> str:
    """Return a process in which a sub-process stands between the tasks a and b."""
    return process(
        START, '<task id="a"/>', f'<{kind} id="sub" name="Sub">', *parts, f"</{kind}>", '<task id="b"/>',
        chain("start", "a", "sub", "b"),
    )  # fmt: skip


def test_a_sub_process_is_replaced_by_what_is_in_it(read: Any) -> None:
    """
    Flows into a sub-process lead to what its start leads to; its ends lead on.
    """
    inside = ('<startEvent id="s" name="S"/>', '<task id="c"/>', '<endEvent id="e"/>', chain("s", "c", "e"))
    procedure, listed = read(sub(*inside))
    assert set(flows(procedure)) == {"a c", "c b"}
    assert listed == "subProcess, read as what is in it: sub; name of startEvent: s"
    nested, _ = read(sub('<transaction id="inner">', *inside, "</transaction>"))
    assert flows(nested) == flows(procedure)


def test_a_sub_process_waits_for_all_its_branches(read: Any) -> None:
    """
    Where branches end a sub-process apart, an inclusive gateway waits for those that began; alternatives just go on.
    """

    def inside(gateway: str) -> tuple[str, ...]:
        return (
            '<startEvent id="s"/>', gateway, '<task id="c"/>', '<endEvent id="e"/>', '<task id="d"/>',
            chain("s", "g", "c", "e"), flow("g", "d"),
        )  # fmt: skip

    waiting, _ = read(sub(*inside('<parallelGateway id="g"/>')))
    assert ps.Gateway("sub-end", kind="inclusive") in waiting.gateways
    assert set(flows(waiting)) == {"a g", "g c", "g d", "c sub-end", "d sub-end", "sub-end b"}
    implied, _ = read(sub(*inside('<task id="g"/>')))
    assert ps.Gateway("sub-end", kind="inclusive") in implied.gateways
    choosing, _ = read(sub(*inside('<exclusiveGateway id="g"/>')))
    assert set(flows(choosing)) == {"a g", "g c", "g d", "c b", "d b"}


def test_a_sub_process_begins_as_a_process_does(read: Any) -> None:
    """
    Its start events are alternatives; without any, all its free nodes begin, and what they begin is waited for.
    """
    alternatives, _ = read(
        sub('<startEvent id="s"/>', '<startEvent id="t"/>', '<task id="c"/>', flow("s", "c"), flow("t", "c"))
    )
    assert ps.Gateway("sub", name="Sub", kind="exclusive") in alternatives.gateways
    together, _ = read(sub('<task id="c"/>', '<task id="d"/>'))
    assert set(flows(together)) == {
        "a sub-split", "sub-split c", "sub-split d", "c sub-end", "d sub-end", "sub-end b",
    }  # fmt: skip
    assert {gateway.kind for gateway in together.gateways} == {"parallel", "inclusive"}


def test_steps_in_a_sub_process_stand_in_its_lane(read: Any) -> None:
    """
    A step takes its innermost lane, else that of the sub-process around it; a second lane beside is listed.
    """
    procedure, listed = read(
        process(
            '<laneSet><lane id="l" name="Office"><flowNodeRef>sub</flowNodeRef><flowNodeRef>d</flowNodeRef><childLaneSet>',
            '<lane id="m" name="Back office"><flowNodeRef>d</flowNodeRef></lane></childLaneSet></lane>',
            '<lane id="n" name="Other"><flowNodeRef>d</flowNodeRef></lane></laneSet>',
            START, '<subProcess id="sub"><task id="c"/></subProcess>', '<task id="d"/>', '<subProcess id="e"/>',
            chain("start", "sub", "d", "e"),
        )
    )  # fmt: skip
    assert [(step.id, step.resource) for step in procedure.steps] == [
        ("c", ("office",)),
        ("d", ("back-office",)),
        ("e", ()),
    ]
    assert "flowNodeRef to d, which is in another lane: n" in listed


def test_what_no_flow_leads_to_by_design_is_listed(read: Any) -> None:
    """
    Event sub-processes and activities for compensation are left out with all that is in them.
    """
    procedure, listed = read(
        process(
            START, '<task id="a"/>', flow("start", "a"), '<task id="undo" isForCompensation="true"/>',
            '<subProcess id="on" triggeredByEvent="true"><startEvent id="s"/><task id="c"/>', chain("s", "c"), "</subProcess>",
        )
    )  # fmt: skip
    assert procedure.nodes == (ps.Step("a"),)
    assert listed == (
        "task, for compensation and not read: undo; subProcess, begun by an event and not read: on; "
        "startEvent, not read: s; task, not read: c; sequenceFlow, not read: s-c"
    )


def test_events_at_an_activity_are_a_choice_behind_it(read: Any) -> None:
    """
    What interrupts is an alternative to going on; what does not may come beside it; both are listed.
    """
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    procedure, listed = read(
        process(
            START, '<task id="a"/>', '<task id="b"/>', '<task id="c"/>', '<task id="d"/>', chain("start", "a", "b"),
            f'<boundaryEvent id="late" attachedToRef="a">{timer}</boundaryEvent>', flow("late", "c"),
            '<boundaryEvent id="asked" attachedToRef="a" cancelActivity="false"/>', flow("asked", "d"),
        )
    )  # fmt: skip
    assert procedure.waits == tuple(
        ps.Wait(id, cause="other", clock="elapsed", time="0 s") for id in ("late", "asked")
    )
    assert procedure.gateways == (
        ps.Gateway("a-events", kind="exclusive"),
        ps.Gateway("a-events-2", kind="inclusive"),
    )
    assert set(flows(procedure)) == {
        "a a-events", "a-events late", "late c", "a-events a-events-2", "a-events-2 asked", "asked d", "a-events-2 b",
    }  # fmt: skip
    assert listed == (
        "timerEventDefinition: late; boundaryEvent, read as an exclusive choice behind its activity: late; "
        "boundaryEvent, read as an inclusive choice behind its activity: asked"
    )


def test_an_event_beside_makes_its_sub_process_wait(read: Any) -> None:
    """
    What an event begins beside an activity in a sub-process is one of the branches that it waits for.
    """
    procedure, _ = read(
        sub(
            '<task id="c"/>', '<task id="d"/>', '<boundaryEvent id="asked" attachedToRef="c" cancelActivity="false"/>',
            flow("asked", "d"),
        )
    )  # fmt: skip
    assert ps.Gateway("sub-end", kind="inclusive") in procedure.gateways


LINK = '<intermediate{}Event id="{}" name="{}"><linkEventDefinition{}/></intermediate{}Event>'


def throw(id: str, name: str = "L", link: str = "") -> str:
    """Return a link that is thrown."""
    return LINK.format("Throw", id, name, link, "Throw")


def catch(id: str, name: str = "L", link: str = "") -> str:
    """Return a link that is caught."""
    return LINK.format("Catch", id, name, link, "Catch")


def test_links_are_flows(read: Any) -> None:
    """
    Every link that is thrown leads to what follows the one that catches it, by the name of the link or of the event.
    """
    procedure, listed = read(
        process(
            START, '<exclusiveGateway id="g"/>', '<task id="a"/>', '<task id="b"/>',
            throw("t1"), throw("t2", "M", ' name="L"'), catch("c"), catch("never", "N"), '<task id="d"/>',
            chain("start", "g", "a", "t1"), chain("g", "b", "t2"), chain("c", "d"), chain("never", "d"),
        )
    )  # fmt: skip
    assert set(flows(procedure)) == {"g a", "g b", "a d", "b d"}
    assert listed == ""


def test_a_circle_of_links_stays_a_circle(read: Any) -> None:
    """
    Links that lead to each other and nowhere else end in a gateway that nobody leaves.
    """
    procedure, _ = read(
        process(START, '<task id="a"/>', throw("t"), catch("c"), chain("start", "a", "t"), chain("c", "t"))
    )
    assert [flow for flow in flows(procedure) if flow.startswith("a ")] == ["a t"]
    assert "t t" in flows(procedure)
    assert procedure.node("t") == ps.Gateway("t", name="L", kind="exclusive")


# Which process

TWO = definitions(
    '<collaboration><participant id="town" name="Town hall" processRef="x:p"/><participant id="you" processRef="q"/>'
    '<participant id="bank"/></collaboration>',
    '<process id="p"><task id="a"/></process>',
    '<process id="q" name="Applicant"><task id="b"/></process>',
    '<process id="r"/>',
    "<process><task/></process>",
)


@pytest.mark.parametrize(
    ("wanted", "step"),
    [("p", "a"), ("town", "a"), ("Town hall", "a"), ("q", "b"), ("Applicant", "b"), ("you", "b")],
)
def test_a_process_is_chosen_by_its_or_its_pools_id_or_name(read: Any, wanted: str, step: str) -> None:
    """
    A process answers to its id, its name, and those of its pool.
    """
    procedure, listed = read(TWO, process=wanted)
    assert [node.id for node in procedure.steps] == [step]
    assert "process: " in listed


def test_a_process_that_is_not_chosen_is_asked_for(refusal: Any, tmp_path: Path) -> None:
    """
    Several processes with steps are listed; one that does not exist, or has no steps, is refused.
    """
    assert refusal(TWO) == (
        "4: expected one process, found 3; name one as process=: p = town = Town hall; q = Applicant = you; line 6"
    )
    assert refusal(TWO, process="r") == "5: expected a process with steps, found none"
    with pytest.raises(ps.UnknownIdError, match="no process 'Town hal', did you mean 'Town hall'") as caught:
        ps.read_bpmn(tmp_path / "model.bpmn", process="Town hal")
    assert caught.value.text("id").startswith("tidak ada proses")
    many = definitions(*(f'<process id="p{i}"><task/></process>' for i in range(30)))
    assert refusal(many).endswith("p18; p19; ...")
    twice = definitions(*('<process id="p"><task/></process>' for _ in range(2)))
    assert refusal(twice, process="p") == "3: expected one process, found 2; name one as process=: p; p"


# What is refused


def test_all_faults_of_a_process_are_reported_together(refusal: Any) -> None:
    """
    Each fault says its line, its element, and what is wrong, in the order of the file.
    """
    text = process(
        '<startEvent id="start"/>',
        '<task id="intake"/>',
        '<task id="intake"/>',
        '<endEvent id="end"/>',
        '<boundaryEvent id="b1" attachedToRef="intak"/>',
        '<boundaryEvent id="b2" attachedToRef="end"/>',
        throw("t1"),
        throw("t2", "twice"),
        catch("c1", "twice") + catch("c2", "twice"),
        '<subProcess id="sub">',
        '<exclusiveGateway id="g"/>' + flow("g", "g"),
        "</subProcess>",
        flow("start", "intake"),
        flow("end", "intake"),
        flow("intake", "ende"),
        '<sequenceFlow id="f"/>',
    )
    assert refusal(text).splitlines() == [
        "5: task intake: 'intake' is the id of another node",
        "7: boundaryEvent b1: no node 'intak' as attachedToRef, did you mean 'intake'?",
        "8: boundaryEvent b2: 'end' is no activity",
        "9: intermediateThrowEvent t1: expected the link 'L' to be caught once, found 0",
        "10: intermediateThrowEvent t2: expected the link 'twice' to be caught once, found 2",
        "12: subProcess sub: every node has an incoming flow: nothing begins here",
        "16: sequenceFlow end-intake: 'end' is an end, nothing flows out of it",
        "17: sequenceFlow intake-ende: no node 'ende' as targetRef, did you mean 'end'?",
        "18: sequenceFlow f: missing field 'sourceRef'",
        "18: sequenceFlow f: missing field 'targetRef'",
    ]


BOMB = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 30))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "1: not XML: Document is empty"),
        ("<definitions>", "1: not XML: "),
        (b"<definitions>\xff</definitions>", "1: not XML: "),
        (b'<?xml version="1.0" encoding="utf-99"?><definitions/>', "1: not XML: "),
        (process(START).encode("utf-16")[2:], "not XML: "),
        ("<definitions/>", "1: expected definitions of BPMN 2.0, found 'definitions'"),
        (f'<process xmlns="{MODEL}"/>', "1: expected definitions of BPMN 2.0, found '{http"),
        (definitions(), "1: expected a process with steps, found none"),
        (
            process('<subProcess id="s" triggeredByEvent="true"><task/></subProcess>'),
            "2: process p: expected a process with steps, found none",
        ),
        ("<!DOCTYPE definitions>" + process(START), "1: expected no document type, found '<!DOCTYPE definitions>'"),
        (f'<!DOCTYPE d [<!ENTITY a0 "a">{BOMB}]>{process("&a29;")}', "1: not XML: "),
        (f'<!DOCTYPE d [<!ENTITY a0 "a">{BOMB}]>{process("<task id=" + chr(34) + "&a29;" + chr(34) + "/>")}', "not XML: "),
        (
            f'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>{process("<task>&f;</task>")}',
            "1: expected no document type",
        ),
        (process("&nbsp;"), "3: not XML: Entity 'nbsp' not defined"),
        (process("<subProcess>" * 300 + "</subProcess>" * 300), "3: not XML: "),
    ],
)  # fmt: skip
def test_what_is_no_bpmn_is_refused(refusal: Any, content: str | bytes, message: str) -> None:
    """
    Other texts, document types, entities, wrong encodings and depths that no process needs are refused with their line.
    """
    assert message in refusal(content)


def test_files_are_read_within_bounds(refusal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A file that is too large, or would be as a tree, is refused, and says how to read it.
    """
    text = process(*["<a/>"] * 100)  # five bytes each
    assert "larger than 100 bytes: raise max_bytes" in refusal(text, max_bytes=100)
    monkeypatch.setattr("pubservice.io.file._MOST_VALUES", 50)
    assert refusal(text, max_bytes=len(text)) == (
        f" more than {len(text) // 8} values: raise max_bytes (--max-bytes) to read it"
    )


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """
    A file that cannot be opened is named.
    """
    with pytest.raises(ps.InvalidFileError, match="cannot be read: No such file"):
        ps.read_bpmn(tmp_path / "none.bpmn")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_any_encoding_that_a_file_names_is_read(tmp_path: Path, encoding: str) -> None:
    """
    The encoding is that of the declaration or of the byte order mark.
    """
    file = tmp_path / "model.bpmn"
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>{process("<task id=" + chr(34) + "a" + chr(34) + " name=" + chr(34) + "Prüfen" + chr(34) + "/>")}'
    file.write_bytes(text.encode(encoding))
    assert str(ps.read_bpmn(file).node("a").name) == "Prüfen"


def test_without_lxml_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The error says what to install.
    """
    whole = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "lxml":
            raise ImportError(name)
        return whole(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ps.MissingExtraError, match=r"pip install 'pubservice\[bpmn\]'"):
        ps.read_bpmn(tmp_path / "model.bpmn")


# Damaged files, and real ones

PARTS = [
    START, END, '<task id="a"/>', '<task id="b" default="a-b"/>', '<exclusiveGateway id="g"/>', '<parallelGateway id="h"/>',
    '<subProcess id="sub"><startEvent id="s"/><task id="c"/>', '<parallelGateway id="i"/><endEvent id="e"/></subProcess>',
    chain("s", "c", "i", "e"), flow("i", "i"), chain("start", "a", "g", "b", "end"), flow("a", "b", condition="x"),
    flow("g", "h"), flow("h", "sub"), flow("sub", "a"), flow("a", "a"), throw("t"), catch("u"), flow("b", "t"), flow("u", "h"),
    '<boundaryEvent id="late" attachedToRef="sub"/>', flow("late", "end"),
    '<boundaryEvent id="asked" attachedToRef="a" cancelActivity="false"/>', flow("asked", "b"),
    '<laneSet><lane id="l"><flowNodeRef>a</flowNodeRef></lane></laneSet>', flow("u", "t"), flow("e", "c"), flow("sub", "s"),
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a process of some of the parts, with a few stretches of bytes cut out, doubled or replaced."""
    content = process(*draw(st.lists(st.sampled_from(PARTS), max_size=30))).encode()
    for _ in range(draw(st.integers(0, 3))):
        first, last = sorted(draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=2)))
        middle: bytes = draw(st.binary(max_size=6) | st.just(content[first:last] * 2))
        content = content[:first] + middle + content[last:]
    return content


@settings(max_examples=500)
@given(damaged() | st.binary(max_size=40))
@example(process(*PARTS).encode())
def test_no_file_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """
    Whatever is in a file, there is a procedure in it or it is said what is wrong.
    """
    file = tmp_path_factory.getbasetemp() / "damaged.bpmn"
    file.write_bytes(content)
    with contextlib.suppress(ps.InvalidFileError), warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.LossyImportWarning)
        ps.read_bpmn(file)


@given(st.lists(st.sampled_from(PARTS), unique=True).map(lambda parts: process(*parts)))
def test_every_node_of_a_file_is_a_node_or_listed(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """
    Tasks and gateways that are read are all in the procedure, with their ids.
    """
    file = tmp_path_factory.getbasetemp() / "parts.bpmn"
    file.write_text(text)
    with contextlib.suppress(ps.InvalidFileError), warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.LossyImportWarning)
        procedure = ps.read_bpmn(file)
        ids = {node.id for node in procedure.nodes}
        assert {id for id in ("a", "b", "c", "g", "h", "i", "end") if f' id="{id}"' in text} <= ids


def test_long_files_are_read_in_one_pass(read: Any) -> None:
    """
    Thousands of links in a row, of flows between two nodes and of equal ids take no more than their number.
    """
    size = 2_000
    passes = "".join(
        throw(f"t{i}", f"L{i}") + catch(f"c{i}", f"L{i}") + flow(f"c{i}", f"t{i + 1}") for i in range(size)
    )
    many = '<sequenceFlow sourceRef="g" targetRef="t0"/>' * size
    same = "".join(f'<task id="{"_" * i}a"/>' for i in range(0, 1000, 5))
    begun = time.process_time()
    procedure, _ = read(
        process(
            START, '<exclusiveGateway id="g"/>', flow("start", "g"), passes, throw(f"t{size}", "end"), catch("last", "end"),
            '<task id="done"/>', flow("last", "done"), many, same,
        )
    )  # fmt: skip
    assert time.process_time() - begun < 5
    assert sum(flow.target == "done" for flow in procedure.flows) == size
    assert len(procedure.gateways) == size


def test_many_faults_are_told_in_one_pass(refusal: Any) -> None:
    """
    Of thousands of flows to nowhere the first thousand are told, without a search for each of the others.
    """
    size = 5_000
    begun = time.process_time()
    said = refusal(process(*(f'<task id="a{i}"/>' + flow(f"a{i}", f"b{i}") for i in range(size))))
    assert time.process_time() - begun < 10
    assert len(said.splitlines()) == 1000


@pytest.mark.parametrize(
    ("file", "tasks", "ends", "kinds"),
    [
        ("A.1.0", 3, 1, []),
        ("A.2.0", 4, 1, ["exclusive", "exclusive"]),
        ("C.1.1", 5, 2, ["exclusive", "exclusive"]),
    ],
)
@needs_data
def test_reference_models_have_their_counts(file: str, tasks: int, ends: int, kinds: list[str]) -> None:
    """
    The reference models of the BPMN Model Interchange Working Group have as many tasks, ends and gateways as stated there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.LossyImportWarning)
        procedure = ps.read_bpmn(DATA / "bpmn" / "miwg-reference" / f"{file}.bpmn")
    assert len(procedure.steps) == tasks
    assert len(procedure.ends) == ends
    assert [gateway.kind for gateway in procedure.gateways] == kinds


@needs_data
def test_no_real_file_raises_anything_else(tmp_path: Path) -> None:
    """
    Each process of 582 real files is read, but for 79 that have flows from or to nowhere, or nothing but event sub-processes.
    """
    files = sorted((DATA / "bpmn").rglob("*.bpmn"))
    with zipfile.ZipFile(DATA / "bpmn/camunda-for-research/german-results-sample.zip") as packed:
        packed.extractall(tmp_path)
    files += sorted(tmp_path.rglob("*.bpmn"))
    read, refused = 0, Counter[str]()
    for file in files:
        for element in etree.parse(file).getroot().iterchildren(f"{{{MODEL}}}process"):
            if any(kind_of(node) in NODES for node in element):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", ps.LossyImportWarning)
                    try:
                        ps.read_bpmn(file, process=element.get("id"))
                    except ps.InvalidFileError as error:
                        refused[error.problems[0].message.template] += 1
                    else:
                        read += 1
    assert len(files) == 582
    assert (read, dict(refused)) == (
        892,
        {
            "missing field {name!r}": 69,
            "no node {id!r} as {attribute}{hint}": 9,
            "expected a process with steps, found none": 1,
        },
    )


@needs_data
@pytest.mark.parametrize(("model", "counts"), [("A.1.0", (3, 0, 1)), ("A.2.0", (4, 2, 1))])
def test_exports_of_other_tools_have_the_counts_of_their_model(
    model: str, counts: tuple[int, int, int]
) -> None:
    """
    What sixteen tools export of a reference model has its steps, gateways and ends, whatever else they write.
    """
    files = sorted((DATA / "bpmn" / "miwg-vendor-exports").glob(f"*/{model}-export.bpmn"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.LossyImportWarning)
        read = [ps.read_bpmn(file) for file in files]
    assert [(len(one.steps), len(one.gateways), len(one.ends)) for one in read] == [counts] * 16


HOLDS = {"safe": True, "option_to_complete": True, "proper_completion": True, "no_dead_nodes": True}
BRANCHES = "bpm2024/parallel-branches/p{}"
ANALYZER = "rust-bpmn-analyzer/"
PUBLISHED: dict[str, dict[str, bool]] = {
    **{BRANCHES.format(n): HOLDS for n in ("03x10", "03x20", "05x01", "05x05", "10x01", "15x01", "17x01")},
    "bpm2024/realistic-models/camunda-adopted/self-service-restaurant": HOLDS,
    "bpmn-analyzer-js/unsafe-gateways": {**HOLDS, "safe": False, "proper_completion": False},
    ANALYZER + "integration/e020": HOLDS,
    ANALYZER + "integration/p2": HOLDS,
    ANALYZER + "integration/p6_stuck": {"option_to_complete": False, "no_dead_nodes": False},
    ANALYZER + "integration/pools-message-flows": HOLDS,
    ANALYZER + "unit/properties/no_dead_activities/dead-activities": {"no_dead_nodes": False},
    ANALYZER + "unit/properties/no_dead_activities/no-dead-activities": {"no_dead_nodes": True},
    ANALYZER + "unit/properties/option_to_complete/no-option-to-complete-1": {"option_to_complete": False},
    ANALYZER + "unit/properties/proper_completion/no-proper-completion-1": {"proper_completion": False},
    ANALYZER + "unit/properties/proper_completion/no-proper-completion-3-unsafe": {
        "proper_completion": False
    },
    ANALYZER + "unit/properties/proper_completion/proper-completion-1": {"proper_completion": True},
    ANALYZER + "unit/properties/safeness/unsafe": {"safe": False},
    ANALYZER + "unit/semantics/pg": {"safe": True, "option_to_complete": True},
}


@needs_data
@pytest.mark.parametrize("file", PUBLISHED)
def test_soundness_is_what_the_sources_of_models_assert(file: str) -> None:
    """
    Kräuter et al. and the tests of their checker assert 59 properties of 21 models; we find the same.

    Where pools exchange messages, each process is judged on its own: a property holds if it holds of each.
    """
    path = DATA / "bpmn" / "soundness" / f"{file}.bpmn"
    found: list[Any] = []
    for element in etree.parse(path).getroot().iterchildren(f"{{{MODEL}}}process"):
        if any(kind_of(node) in NODES for node in element):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ps.LossyImportWarning)
                found.append(soundness(ps.read_bpmn(path, process=element.get("id"))))
    assert {name: all(getattr(one, name) for one in found) for name in PUBLISHED[file]} == PUBLISHED[file]
    assert all(getattr(one, name) is not None for one in found for name in PUBLISHED[file])


@needs_data
def test_the_published_verdicts_are_those_of_the_table() -> None:
    """
    The models judged above are all that the table of verdicts lists as asserted by their source.
    """
    with (DATA / "bpmn" / "SOUNDNESS.csv").open(encoding="utf-8") as table:
        listed = {line["file"] for line in csv.DictReader(table) if line["published_verdict"]}
    assert {f"bpmn/soundness/{file}.bpmn" for file in PUBLISHED} == listed
    assert sum(map(len, PUBLISHED.values())) == 59
