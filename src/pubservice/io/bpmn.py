"""Procedures as BPMN 2.0."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

from pubservice.errors import InvalidFileError, LossyImportWarning, Problem, UnknownIdError
from pubservice.io.bpmn_elements import BPMN, NODES, kind_of, label_of, name_of, reference
from pubservice.io.bpmn_process import Reading, read_process
from pubservice.io.xml import MAX_BYTES, read_xml
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.model.procedure import Procedure
    from pubservice.model.resource import Resource

_EXTRA = "bpmn"
_NAMED = 20  # processes in a message


def read_bpmn(
    path: str | os.PathLike[str], *, process: str | None = None, max_bytes: int = MAX_BYTES
) -> Procedure:
    """
    Return the procedure in a BPMN 2.0 file.

    Tasks of every kind and call activities become steps, whose resource is the innermost lane they stand in
    (`read_bpmn_lanes` gives the resources themselves). Intermediate events become waits: a timer takes its duration,
    what catches something an unknown time, everything else no time. Start events become the start; several of them are
    alternatives. Sub-processes are replaced by what is in them, links by flows. Several flows out of a task or an event
    are all taken, so a parallel gateway is put there, or, where they have conditions, an inclusive or exclusive one.

    Ids are those of the file, as far as they are ids here; where one had to change and the element has no name, its old id
    becomes the name.

    Args:
        path: The file.
        process: The id or name of the process or of its pool; needed where several processes have a flow.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read, is no BPMN, declares a document type, has several processes with a flow
            and none is named, or a flow, event or lane refers to nothing; all faults of the process together.
        UnknownIdError: There is no such process.
        MissingExtraError: The extra ``bpmn`` is not installed.

    Warns:
        LossyImportWarning: The file says more than a procedure holds. The text names each element, under what was done
            with it; elements of other vocabularies are counted. The drawing is not mentioned.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("permit.bpmn").write_text('''
        ... <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
        ...   <process id="permit">
        ...     <task id="intake" name="Take in"/> <task id="decide" name="Decide"/>
        ...     <sequenceFlow id="f" sourceRef="intake" targetRef="decide"/>
        ...   </process>
        ... </definitions>''')
        >>> procedure = read_bpmn("permit.bpmn")
        >>> procedure.first, [str(step.name) for step in procedure.steps]
        ('intake', ['Take in', 'Decide'])

    Source:
        OMG, Business Process Model and Notation 2.0.2, ch. 10 and 13.
    """
    reading = _read(path, process, max_bytes)
    listed = reading.listed()
    if listed:
        warnings.warn(f"{os.fspath(path)}: left out: {listed}", LossyImportWarning, stacklevel=2)
    return reading.procedure


def read_bpmn_lanes(
    path: str | os.PathLike[str], *, process: str | None = None, max_bytes: int = MAX_BYTES
) -> tuple[Resource, ...]:
    """
    Return a resource for each lane of a BPMN file in which a step stands, with the ids that `read_bpmn` gives the steps.

    BPMN does not say how many work in a lane: each has the capacity of one until you say otherwise.

    Args:
        path: The file.
        process: As in `read_bpmn`.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: As in `read_bpmn`.
        UnknownIdError: There is no such process.
        MissingExtraError: The extra ``bpmn`` is not installed.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("permit.bpmn").write_text('''
        ... <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
        ...   <process id="permit">
        ...     <laneSet id="office"> <lane id="clerk" name="Clerk"><flowNodeRef>intake</flowNodeRef></lane> </laneSet>
        ...     <task id="intake"/>
        ...   </process>
        ... </definitions>''')
        >>> [(lane.id, str(lane.name), lane.capacity) for lane in read_bpmn_lanes("permit.bpmn")]
        [('clerk', 'Clerk', 1)]
    """
    return _read(path, process, max_bytes).resources


def _read(path: str | os.PathLike[str], wanted: str | None, max_bytes: int) -> Reading:
    """Return the process that is meant, read."""
    file = os.fspath(path)
    root = read_xml(path, extra=_EXTRA, max_bytes=max_bytes)
    if root.tag != f"{BPMN}definitions":
        message = Message("expected definitions of BPMN 2.0, found {found!r}", found=str(root.tag)[:80])
        raise InvalidFileError(file, [Problem("", message, root.sourceline)])
    processes = {element: _names(element) for element in root.iterchildren(f"{BPMN}process")}
    for pool in root.iterfind(f"{BPMN}collaboration/{BPMN}participant"):
        for element, names in processes.items():
            if reference(pool.get("processRef")) == element.get("id"):
                names.extend(_names(pool))
    chosen = [
        element
        for element, names in processes.items()
        if (wanted in names if wanted is not None else any(kind_of(child) in NODES for child in element))
    ]
    if wanted is not None and not chosen:
        raise UnknownIdError("process", wanted, [name for names in processes.values() for name in names])
    if len(chosen) > 1:
        listed = [" = ".join(processes[element]) or label_of(element) for element in chosen[:_NAMED]]
        message = Message(
            "expected one process, found {n}; name one as process=: {found}",
            n=len(chosen),
            found="; ".join(listed) + ("; ..." if len(chosen) > _NAMED else ""),
        )
        raise InvalidFileError(file, [Problem("", message, chosen[1].sourceline)])
    if not chosen or not any(kind_of(child) in NODES for child in chosen[0]):
        line = (chosen or [root])[0].sourceline
        raise InvalidFileError(
            file, [Problem("", Message("expected a process with steps, found none"), line)]
        )
    return read_process(file, chosen[0])


def _names(element: Any) -> list[str]:
    """Return what a process or pool may be called."""
    return [name for name in (element.get("id"), name_of(element)) if name]
