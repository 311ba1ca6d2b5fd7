"""The public notice of an organisation (maklumat pelayanan): what it promises, written from what the model states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from pubservice.analysis.components import COMPONENTS, places
from pubservice.analysis.questions import questions
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.paths import from_start
from pubservice.management import wording
from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.model.service import DELIVERY_COMPONENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pubservice.analysis.questions import Question
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import Evidence, Fee, PublicService
    from pubservice.model.text import Text


class _Block(NamedTuple):
    """A piece of the notice; its text may hold anything that a model does."""

    kind: Literal["title", "service", "component", "words", "item", "step", "missing", "line"]
    text: str


@attrs.frozen
class MissingComponent:
    """
    A component of delivery that a service does not state, and that its notice lacks.

    Attributes:
        service: Its id.
        component: ``requirements``, ``procedure``, ``completion_time``, ``fee``, ``product`` or ``complaints``.
    """

    service: str
    component: str


@attrs.frozen
class PublicNotice:
    """
    The public notice of an organisation, in Indonesian or English. What the model does not state is marked, never filled in.

    Attributes:
        organisation: Who promises.
        services: Of which services.
        place: Where it is signed; a line to fill in where left out.
        date: When it is signed; likewise.
        signatory: Who signs; likewise.
        position: In which office; likewise.
    """

    organisation: PublicOrganisation
    services: tuple[PublicService, ...]
    place: str | None = attrs.field(default=None, kw_only=True)
    date: date | None = attrs.field(default=None, kw_only=True)
    signatory: str | None = attrs.field(default=None, kw_only=True)
    position: str | None = attrs.field(default=None, kw_only=True)

    @property
    def missing(self) -> tuple[MissingComponent, ...]:
        """What services do not state of the six components that have to be published."""
        return tuple(
            MissingComponent(service.id, component)
            for service in self.services
            for component, place in places(service).items()
            if place is None and component in DELIVERY_COMPONENTS
        )

    def markdown(self, language: Language = "id") -> str:
        """Return the notice as Markdown; text from the model is escaped."""
        return _joined(self._blocks(language), _as_markdown)

    def text(self, language: Language = "id") -> str:
        """Return the notice as plain text."""
        return _joined(self._blocks(language), _as_text)

    def data(self, language: Language = "id") -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "organisation": self.organisation.id,
            "language": language,
            "missing": [attrs.asdict(missing) for missing in self.missing],
            "markdown": self.markdown(language),
            "text": self.text(language),
        }

    def __str__(self) -> str:
        return self.text()

    def _blocks(self, language: Language) -> Iterator[_Block]:
        organisation = self.organisation
        yield _Block("title", Message("Public service notice").text(language))
        yield _Block("words", organisation.name.text(language) or organisation.id)
        if self.missing:
            draft = Message("Draft; components that are not stated: {count}", count=len(self.missing))
            yield _Block("missing", draft.text(language))
        yield _Block(
            "words",
            Message(
                "We hereby declare that we are able to provide our services according to the service standard that has been set, "
                "and if we do not keep this promise, we are ready to accept sanctions under the laws and regulations in force."
            ).text(language),
        )
        yield _Block(
            "words", Message("We serve as it is our duty and will keep improving what we do.").text(language)
        )
        if organisation.commitments:
            yield _Block("component", Message("Our commitments").text(language))
            yield from (_Block("item", commitment.text(language)) for commitment in organisation.commitments)
        evidence = {item.id: item for item in organisation.evidence}
        for service in self.services:
            yield _Block("service", _called(service.name, service.id, language))
            for component in DELIVERY_COMPONENTS:
                words = COMPONENTS[component]
                yield _Block("component", _titled(words, language))
                stated = list(_component(component, service, evidence, language))
                if not stated:
                    blank = Message("[not stated: {component}]", component=words)
                    stated = [_Block("missing", blank.text(language))]
                yield from stated
        yield from self._signature(language)

    def _signature(self, language: Language) -> Iterator[_Block]:
        when = _BLANK if self.date is None else wording.day(self.date, language)
        yield _Block("line", f"{self.place or _BLANK}, {when}")
        yield _Block("line", self.position or _BLANK)
        yield _Block("line", self.signatory or _BLANK)


_BLANK = "...................."


def _titled(words: Message, language: Language) -> str:
    """Return words as a heading, the first letter capital."""
    text = words.text(language)
    return text[:1].upper() + text[1:]


def _called(name: Text, id: str, language: Language) -> str:
    return name.text(language) or id


def _component(
    component: str, service: PublicService, evidence: dict[str, Evidence], language: Language
) -> Iterator[_Block]:
    """Yield what a service states of one component: its text first, then what the model holds."""
    standard = service.standard
    if component == "completion_time":
        if standard.completion_time is not None:
            yield _Block("words", wording.length(standard.completion_time, language))
        return
    words: Text = getattr(standard, component)
    if words:
        yield _Block("words", words.text(language))
    match component:
        case "requirements":
            for question in questions(service):
                yield _Block("item", _asked(question, evidence, language))
        case "procedure":
            yield from (_Block("step", step) for step in _steps(service, language))
        case "fee":
            nodes = {node.id: node for node in service.procedure.nodes}
            yield from (_Block("item", _fee(fee, nodes, language)) for fee in service.fees)
        case "product":
            for output in service.outputs:
                known = evidence.get(output.id)
                name = output.name or (known.name if known is not None else output.name)
                yield _Block("item", _called(name, output.id, language))


def _asked(question: Question, evidence: dict[str, Evidence], language: Language) -> str:
    """Return what has to be handed in, by its name, and what proves it where that has another."""
    names = [
        _called(evidence[datum].name, datum, language) if datum in evidence else datum
        for datum in question.data
    ]
    requirement = question.requirement
    if requirement is None:
        return names[0]
    own = requirement.name.text(language) or names[0]
    proofs = [name for datum, name in zip(question.data, names, strict=True) if datum in requirement.evidence]
    if requirement.evidence == (requirement.id,):
        return own
    if len(proofs) == 1:
        return Message("{what}, proven by {proof}", what=own, proof=proofs[0]).text(language)
    return Message("{what}, proven by any of: {proofs}", what=own, proofs=", ".join(proofs)).text(language)


def _steps(service: PublicService, language: Language) -> Iterator[str]:
    """Yield the steps that a case can come to, in document order, with who acts or whether the applicant does."""
    graph = flowgraph(service.procedure)
    reached = from_start(graph)
    channels = {channel.id: _called(channel.name, channel.id, language) for channel in service.channels}
    for i, step in enumerate(graph.nodes):
        if not isinstance(step, Step) or not reached[i]:
            continue
        name = _called(step.name, step.id, language)
        if step.actor == "applicant":
            said = Message("{step} (by you)", step=name)
        elif step.actor == "other-body":
            said = Message("{step} (by {body})", step=name, body=step.body or Message("another body"))
        elif step.contact != "none" and step.channel is not None:
            said = Message("{step} (with you: {channel})", step=name, channel=channels[step.channel])
        elif step.contact != "none":
            said = Message("{step} (with you)", step=name)
        else:
            said = Message("{step}", step=name)
        yield said.text(language)


def _fee(fee: Fee, nodes: dict[str, Node], language: Language) -> str:
    due = wording.amount(fee.amount, language)
    if fee.at is not None:
        node = nodes[fee.at]
        due = Message(
            "{amount}, due at: {step}", amount=due, step=_called(node.name, node.id, language)
        ).text(language)
    name = fee.name.text(language)
    basis = f" ({', '.join(fee.legal_basis)})" if fee.legal_basis else ""
    return f"{name}: {due}{basis}" if name else f"{due}{basis}"


def _joined(blocks: Iterable[_Block], show: Any) -> str:
    """Return blocks one below another, lists close together, everything else with a line between."""
    lines: list[str] = []
    before = ""
    position = 0
    for block in blocks:
        position = position + 1 if block.kind == before else 1
        close = block.kind == before and block.kind in ("item", "step", "line")
        if lines and not close:
            lines.append("")
        lines.append(show(block, position))
        before = block.kind
    return "\n".join(lines)


def _one_line(text: str) -> str:
    """Return a text on one line: what does not print becomes a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _as_text(block: _Block, position: int) -> str:
    text = _one_line(block.text)
    match block.kind:
        case "title":
            return f"{text.upper()}\n{'=' * len(text)}"
        case "service":
            return f"{text}\n{'-' * len(text)}"
        case "component":
            return f"{text}:"
        case "item":
            return f"- {text}"
        case "step":
            return f"{position}. {text}"
        case _:
            return text


_MARKED = re.compile(r"[\\`*_{}\[\]<>#|~&!$]")
_BEGINS = re.compile(r"^([-+=]|\d+(?=[.)]))")


def _as_markdown(block: _Block, position: int) -> str:
    text = _MARKED.sub(r"\\\g<0>", _one_line(block.text))
    text = _BEGINS.sub(lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", text)
    match block.kind:
        case "title":
            return f"# {text}"
        case "service":
            return f"## {text}"
        case "component":
            return f"### {text}"
        case "item":
            return f"- {text}"
        case "step":
            return f"{position}. {text}"
        case "missing":
            return f"**{text}**"
        case "line":
            return f"{text}  "
        case _:
            return text


def public_notice(
    organisation: PublicOrganisation,
    *,
    services: Iterable[str] | None = None,
    place: str | None = None,
    date: date | None = None,
    signatory: str | None = None,
    position: str | None = None,
) -> PublicNotice:
    """
    Return the public notice of an organisation: its statement, and of each service the six components of delivery.

    Each component is filled from the text of the standard and from what the model holds: requirements, steps, published
    completion time, fees, outputs. A component without either is marked as not stated; nothing is computed or made up.

    Args:
        organisation: Who promises.
        services: Ids; all services where left out.
        place: Where it is signed.
        date: When it is signed.
        signatory: Who signs.
        position: In which office.

    Raises:
        UnknownIdError: There is no such service.

    Example:
        >>> notice = public_notice(city_hall, place="Bandung", signatory="A. Wijaya")
        >>> print(notice.text("en").splitlines()[-2:])
        ['....................', 'A. Wijaya']
        >>> [missing.component for missing in notice.missing]
        ['completion_time', 'fee', 'product', 'complaints']

    Source:
        UU 25/2009 art. 22 and Permenpan RB 15/2014 (the three statements: promise, improvement, sanction), by the notices
        that agencies publish; not verified against the text of the regulation.
    """
    chosen = organisation.services if services is None else tuple(organisation.service(id) for id in services)
    return PublicNotice(organisation, chosen, place=place, date=date, signatory=signatory, position=position)
