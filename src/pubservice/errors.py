"""Everything pubservice raises or warns about on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pubservice.messages import Message, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.messages import Language


class Problem(NamedTuple):
    """
    One fault of a model or a file.

    Attributes:
        path: Where, as in ``services[0].procedure.flows[2].target``; empty for the whole.
        message: What was expected and what was found.
        line: The line in the file, from 1; None where there is no file or no such place.
    """

    path: str
    message: Message
    line: int | None = None

    def text(self, language: Language = "en") -> str:
        """Return ``path: message``."""
        return f"{self.path}: {self.message.text(language)}" if self.path else self.message.text(language)


class PubserviceError(Exception):
    """The base of every error that pubservice raises on purpose."""

    def text(self, language: Language = "en") -> str:
        """Return what went wrong, in a language."""
        return "\n".join(arg.text(language) if isinstance(arg, Message) else str(arg) for arg in self.args)

    def __str__(self) -> str:
        return self.text()


class InvalidQuantityError(PubserviceError, ValueError):
    """A duration, rate, amount of money or distribution cannot be read."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)


class InvalidModelError(PubserviceError, ValueError):
    """
    A model breaks its own rules.

    Attributes:
        problems: One per fault, in document order.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def text(self, language: Language = "en") -> str:
        """Return one line per fault."""
        return "\n".join(problem.text(language) for problem in self.problems)


class InvalidFileError(InvalidModelError):
    """
    A file cannot be read, or what it describes breaks the rules of the model.

    Attributes:
        file: The name of the file, or ``<text>``.
        problems: One per fault, in document order, with lines.
    """

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        self.file = file
        self.args = (file, self.problems)

    def text(self, language: Language = "en") -> str:
        """Return ``file:line: path: what was expected, what was found``, one line per fault."""
        return "\n".join(
            f"{self.file}:{'' if p.line is None else f'{p.line}:'} {p.text(language)}" for p in self.problems
        )


class UnknownIdError(PubserviceError, LookupError):
    """
    Nothing has the id that was asked for.

    Attributes:
        kind: What was looked for: ``service``, ``resource``, ``node``, ``rule``, ...
        id: The id that was asked for.
        known: The ids there are.
    """

    def __init__(self, kind: str, id: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.id = id
        self.known = tuple(known)
        super().__init__(kind, id, self.known)

    def text(self, language: Language = "en") -> str:
        """Return what is not known, and the nearest that is."""
        hint = did_you_mean(self.id, self.known)
        return Message("no {kind} {id!r}{hint}", kind=Message(self.kind), id=self.id, hint=hint).text(
            language
        )


class InvalidEditError(PubserviceError, ValueError):
    """An edit cannot be applied to this organisation."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)


class InvalidStudyError(PubserviceError, ValueError):
    """A simulation study cannot be made, or asked, in this way."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)


class UnstableQueueError(PubserviceError, ValueError):
    """
    More work arrives than the servers can do, so there is no steady state.

    Attributes:
        arrival_rate: λ, in cases per time unit.
        service_rate: μ of one server, in cases per time unit.
        servers: c.
        station: Which queue of a network it is; None where there is one alone.
    """

    def __init__(
        self, arrival_rate: float, service_rate: float, servers: float, station: str | None = None
    ) -> None:
        self.arrival_rate = arrival_rate
        self.service_rate = service_rate
        self.servers = servers
        self.station = station
        super().__init__(arrival_rate, service_rate, servers, station)

    def text(self, language: Language = "en") -> str:
        """Return the utilisation, and what it would take."""
        return ("" if self.station is None else f"{self.station}: ") + self._overload(language)

    def _overload(self, language: Language) -> str:
        utilisation = self.arrival_rate / (self.service_rate * self.servers)
        if self.servers == 1:
            return Message(
                "utilisation is {utilisation:.2f}: 1 server cannot keep up", utilisation=utilisation
            ).text(language)
        return Message(
            "utilisation is {utilisation:.2f}: {servers:g} servers cannot keep up",
            utilisation=utilisation,
            servers=self.servers,
        ).text(language)


class UndefinedResultError(PubserviceError, ValueError):
    """A number does not exist for this procedure; the text says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)


class DeadlockError(PubserviceError, ValueError):
    """
    In a simulation a case waits at a join for branches that cannot come.

    Attributes:
        service: Id of the service.
        case: Number of the case, in order of arrival, from 0.
        node: Id of the join.
    """

    def __init__(self, service: str, case: int, node: str) -> None:
        self.service = service
        self.case = case
        self.node = node
        super().__init__(service, case, node)

    def text(self, language: Language = "en") -> str:
        """Return which case waits where."""
        return Message(
            "{service}: case {case} waits for ever at {node!r}, for a branch that does not come",
            service=self.service,
            case=self.case,
            node=self.node,
        ).text(language)


class NoFlowError(PubserviceError, ValueError):
    """
    In a simulation a case comes to a choice where no condition holds for it, and no flow is without.

    Attributes:
        service: Id of the service.
        case: Number of the case, in order of arrival, from 0.
        node: Id of the node where it chooses.
        values: The attributes of the case.
    """

    def __init__(self, service: str, case: int, node: str, values: Mapping[str, float | str]) -> None:
        self.service = service
        self.case = case
        self.node = node
        self.values = dict(values)
        super().__init__(service, case, node, self.values)

    def text(self, language: Language = "en") -> str:
        """Return which case goes nowhere, and what it is."""
        return Message(
            "{service}: no flow out of {node!r} is for case {case}, with {values}",
            service=self.service,
            node=self.node,
            case=self.case,
            values=", ".join(f"{id} == {value!r}" for id, value in self.values.items()),
        ).text(language)


class InfeasiblePlanError(PubserviceError, ValueError):
    """
    No plan reaches every target.

    Attributes:
        reasons: Why, a sentence for each target that cannot be reached, or each interval that cannot be covered.
    """

    def __init__(self, reasons: Iterable[Message]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(self.reasons)

    def text(self, language: Language = "en") -> str:
        """Return the reasons, one in each line."""
        return "\n".join(reason.text(language) for reason in self.reasons)


class MissingExtraError(PubserviceError, ImportError):
    """
    An optional library is not installed.

    Attributes:
        package: The library that is missing.
        extra: The extra of pubservice that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(package, extra)

    def text(self, language: Language = "en") -> str:
        """Return the command that installs it."""
        return Message(
            "this needs {package}, which is not installed: pip install 'pubservice[{extra}]'",
            package=self.package,
            extra=self.extra,
        ).text(language)


class LossyImportWarning(UserWarning):
    """An importer left out what pubservice cannot represent; the text names each element."""
