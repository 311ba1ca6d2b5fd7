"""
Our soundness of 582 real BPMN models against what others say of them: how often we agree, and each disagreement with why.

The models and the verdicts are in ``../shared/data/bpmn``: 21 verdicts are asserted by their sources, 256 are computed by
the model checker of Kräuter et al. (rust_bpmn_analyzer 2.0). Its definitions are not quite ours, and it plays messages; so that
a difference is explained by more than a guess, `token_game` plays its definitions on our reading. Where that agrees with
the checker, the definitions differ; where it does once messages are played too, messages are why; else the file was read.
"""

from __future__ import annotations

import csv
import tempfile
import warnings
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree
from token_game import PROPERTIES, Part, Verdict, play

import pubservice as ps
from pubservice.graph.soundness import soundness
from pubservice.io.bpmn_draft import Ids
from pubservice.io.bpmn_elements import BPMN, NODES, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
OURS = dict(
    zip(PROPERTIES, ("safe", "option_to_complete", "proper_completion", "no_dead_nodes"), strict=True)
)

# What a source asserts in words, as properties; a property that is not named is not asserted.
ASSERTED: dict[str, dict[str, bool]] = {
    "all four hold": dict.fromkeys(PROPERTIES, True),
    "all four hold (by construction)": dict.fromkeys(PROPERTIES, True),
    "safe": {"safe": True},
    "NOT safe": {"safe": False},
    "completes": {"option_to_complete": True},
    "option to complete": {"option_to_complete": True},
    "NOT option to complete": {"option_to_complete": False},
    "proper": {"proper_completion": True},
    "proper completion": {"proper_completion": True},
    "NOT proper completion": {"proper_completion": False},
    "no dead": {"no_dead_activities": True},
    "no dead activities": {"no_dead_activities": True},
    "NOT free of dead activities": {"no_dead_activities": False},
    "dead": {"no_dead_activities": False},
}


def asserted(words: str) -> dict[str, bool]:
    """Return the properties that the words of a source assert."""
    found: dict[str, bool] = {}
    for part in words.split(";"):
        plain = part.strip()
        if plain not in ASSERTED:
            plain = plain.partition(" (")[0].partition(":")[0]
        found |= ASSERTED[plain]
    return found


def ours(procedures: list[ps.Procedure]) -> Verdict:
    """Return our verdict on processes, each on its own: a property holds where it holds of each."""
    found = [soundness(procedure) for procedure in procedures]
    return every_of([{name: getattr(one, OURS[name]) for name in PROPERTIES} for one in found])


def every_of(verdicts: list[Verdict]) -> Verdict:
    """Return for each property whether it holds in all verdicts."""
    return {name: every([verdict[name] for verdict in verdicts]) for name in PROPERTIES}


def every(values: list[bool | None]) -> bool | None:
    """Return whether all hold; None where that hangs on one that is not known."""
    if any(value is False for value in values):
        return False
    return None if None in values else True


def parts(processes: list[Any], procedures: list[ps.Procedure]) -> list[Part]:
    """Return processes with what the checker sees of their messages."""
    sent: defaultdict[str, list[str]] = defaultdict(list)
    received: defaultdict[str, list[str]] = defaultdict(list)
    for flow in processes[0].getparent().iter(f"{BPMN}messageFlow"):
        sent[flow.get("sourceRef")].append(flow.get("id"))
        received[flow.get("targetRef")].append(flow.get("id"))
    found = []
    for process, procedure in zip(processes, procedures, strict=True):
        waits, sends, starts = {}, {}, []
        receivers, races = set(), set()
        for node in process.iterdescendants():
            kind, id = kind_of(node), node.get("id", "")
            if kind == "startEvent":
                starts.append(frozenset(received[id]) if _has_message(node) else None)
            elif kind == "receiveTask" or (kind == "intermediateCatchEvent" and _has_message(node)):
                waits[Ids().take(id, kind)] = frozenset(received[id])
            if kind == "receiveTask":
                receivers.add(Ids().take(id, kind))
            elif kind == "eventBasedGateway":
                races.add(Ids().take(id, kind))
            if kind in NODES and sent[id]:
                sends[Ids().take(id, kind)] = tuple(sent[id])
        messages = frozenset().union(*(one for one in starts if one is not None))
        begun_by = messages if starts and None not in starts else None
        found.append(Part(procedure, begun_by, waits, sends, frozenset(races), frozenset(receivers)))
    return found


def _has_message(event: Any) -> bool:
    """Return whether an event is about a message for the checker, which sees definitions only where nothing is in them."""
    return any(kind_of(child) == "messageEventDefinition" and not len(child) for child in event)


def why_read_apart(processes: list[Any]) -> str:
    """Return what the checker does not read as we do, besides messages."""
    nodes = [node for process in processes for node in process.iterdescendants() if kind_of(node) in NODES]
    kinds = {kind_of(node) for node in nodes}
    if any(not any(kind_of(node) == "startEvent" for node in process) for process in processes):
        return "no start event: the checker begins nowhere, we at what no flow leads to"
    for node in nodes:
        triggers = {kind_of(child) for child in node}
        if kind_of(node) == "intermediateCatchEvent" and "terminateEventDefinition" in triggers:
            return "an event that catches a termination: the checker never gets past it"
        if kind_of(node) == "endEvent" and "terminateEventDefinition" in triggers:
            return "an end that terminates all else: we list it, and read it as any end"
    if "subProcess" in kinds:
        return "a sub-process: one task to the checker, and what is in it begins by itself"
    if "boundaryEvent" in kinds:
        return "an event at an activity: the checker does not see it"
    return ""


def why_defined_apart(name: str) -> str:
    """Return how our definition of a property differs from the checker's."""
    return {
        "safe": "we count tokens at nodes too, the checker on flows",
        "option_to_complete": "a run that goes on for ever: the checker looks for runs that stop",
        "proper_completion": "a case that ends before all is done, or at several ends: the checker minds only the same end twice",
        "no_dead_activities": "an event, a gateway or an end that no run reaches: the checker looks at activities",
    }[name]


class Comparison(NamedTuple):
    """
    One property of one model, judged by us and by another.

    Attributes:
        group: Who judged what.
        file: The model.
        name: The property.
        our: Our verdict; None where we do not know.
        other: The other verdict.
        played: What the checker's definitions say of our reading, messages included.
        why: Why they differ; empty where they do not.
    """

    group: str
    file: str
    name: str
    our: bool | None
    other: bool
    played: bool | None
    why: str

    @property
    def outcome(self) -> str:
        """Whether we agree."""
        return "unknown" if self.our is None else "agree" if self.our == self.other else "differ"


def judged(file: str, folder: str) -> tuple[list[Any], list[ps.Procedure]]:
    """Return the processes of a model that have steps, and how we read them."""
    archive, _, member = file.partition("!")
    path = DATA / archive
    if member:
        with zipfile.ZipFile(path) as packed:
            path = Path(packed.extract(member, folder))
    processes = [
        process
        for process in etree.parse(path).getroot().iterchildren(f"{BPMN}process")
        if any(kind_of(node) in NODES for node in process)
    ]
    return processes, [ps.read_bpmn(path, process=process.get("id")) for process in processes]


def compare() -> Iterator[Comparison]:
    """Yield each property of each model on which there is another verdict."""
    with tempfile.TemporaryDirectory() as folder, (DATA / "bpmn" / "SOUNDNESS.csv").open() as table:
        for line in csv.DictReader(table):
            if line["decided"] != "yes":
                continue
            processes, procedures = judged(line["file"], folder)
            if not procedures:
                continue
            our = ours(procedures)
            judged_by = parts(processes, procedures)
            apart = every_of([play([Part(part.procedure, receivers=part.receivers)]) for part in judged_by])
            together = play(judged_by)
            published = asserted(line["published_verdict"]) if line["published_verdict"] else {}
            computed = {name: line[name] == "true" for name in PROPERTIES}
            one = len(processes) == 1
            for group, other in (
                ("asserted by its source", published),
                (f"computed, {'one process' if one else 'several processes, each on its own'}", computed),
            ):
                for name, value in other.items():
                    why = ""
                    if our[name] is not None and our[name] != value:
                        if apart[name] == value:
                            why = why_defined_apart(name)
                        elif together[name] == value:
                            why = "messages: the checker waits for each, for ever where nobody sends it; we let them come"
                        else:
                            why = why_read_apart(processes) or "not explained"
                    yield Comparison(group, line["file"], name, our[name], value, together[name], why)


def main() -> None:
    """Compare, and print the counts and every disagreement."""
    if not DATA.exists():
        print(f"nothing to compare with: there is no {DATA}")
        return
    warnings.simplefilter("ignore", ps.LossyImportWarning)
    found = list(compare())
    for group in sorted({one.group for one in found}):
        models = {one.file for one in found if one.group == group}
        print(f"\n{group}: {len(models)} models")
        for name in PROPERTIES:
            counts = Counter(one.outcome for one in found if (one.group, one.name) == (group, name))
            print(f"  {name:20} {', '.join(f'{n} {outcome}' for outcome, n in sorted(counts.items()))}")
    computed = [one for one in found if one.group.startswith("computed")]
    same = sum(one.played == one.other for one in computed)
    print(
        f"\nthe checker's definitions, played on our reading with messages: {same} of {len(computed)} agree"
    )
    for one in computed:
        if one.played != one.other:
            print(f"  {one.name}: {one.played}, not {one.other}: {one.file}")
    apart = [one for one in found if one.outcome == "differ"]
    for why in dict.fromkeys(one.why for one in apart):
        print(f"\n{why}")
        for one in apart:
            if one.why == why:
                print(
                    f"  {one.name}: {'yes' if one.our else 'no'}, not {'yes' if one.other else 'no'}: {one.file} ({one.group})"
                )


if __name__ == "__main__":
    main()
