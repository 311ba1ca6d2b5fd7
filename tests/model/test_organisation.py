"""The organisation, and what it checks between its parts."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest

from pubservice.errors import InvalidModelError, UnknownIdError
from pubservice.model.metric import Metric, Target
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Procedure, Step
from pubservice.model.resource import Calendar, Resource
from pubservice.model.service import Evidence, PublicService
from pubservice.model.text import Text

OFFICE = Calendar("office", hours={"mon-fri": "08:00-16:00"})
NIGHT = Calendar("night", hours={"mon-sun": "20:00-24:00"})
CLERK = Resource("clerk", capacity=2)
HALL = PublicOrganisation(
    "city-hall",
    calendar="office",
    calendars=[OFFICE, NIGHT],
    resources=[
        CLERK,
        Resource("guard", calendar="night"),
        Resource("purse", kind="budget", amount="1e9 IDR"),
    ],
    evidence=[Evidence("id-card")],
    metrics=[Metric("smiles", unit="number", direction="higher", goal="satisfying")],
    services=[
        PublicService(
            "permit",
            arrival_rate="3 case/working_day",
            targets=[Target("smiles", value=80), Target("cycle-time", value="14 working_day", share=0.95)],
            procedure=Procedure(steps=[Step("intake", resource="clerk", staff=2)]),
        ),
        PublicService("patrol", calendar="night"),
    ],
)


def problems(**fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidModelError) as caught:
        PublicOrganisation("hall", **fields)
    return [(problem.path, str(problem.message)) for problem in caught.value.problems]


def service(*, resource: str = "clerk", staff: int = 1, **fields: Any) -> PublicService:
    return PublicService(
        "permit", procedure=Procedure(steps=[Step("a", resource=resource, staff=staff)]), **fields
    )


def test_organisation_finds_services_and_resources() -> None:
    """
    An organisation finds a service and a resource by id.
    """
    assert (HALL.service("permit").id, HALL.resource("clerk")) == ("permit", CLERK)


def test_organisation_does_not_find_what_is_not_there() -> None:
    """
    An unknown service or resource is an error with the nearest that is known.
    """
    with pytest.raises(UnknownIdError, match=r"no service 'permt', did you mean 'permit'\?"):
        HALL.service("permt")
    with pytest.raises(UnknownIdError, match=r"no resource 'clerc', did you mean 'clerk'\?"):
        HALL.resource("clerc")


def test_calendars_are_inherited() -> None:
    """
    A service and a resource run by their own calendar, else by the organisation's, else by none.
    """
    assert [HALL.calendar_of(x) for x in (None, *HALL.services, HALL.resource("guard"))] == [
        OFFICE,
        OFFICE,
        NIGHT,
        NIGHT,
    ]
    assert PublicOrganisation("hall").calendar_of() is None


def test_calendar_of_a_stranger() -> None:
    """
    A service of another organisation that names a calendar which is not here is an error, not a guess.
    """
    with pytest.raises(UnknownIdError, match="no calendar 'day'"):
        HALL.calendar_of(PublicService("x", calendar="day"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"resources": [CLERK, CLERK]}, ("resources[1].id", "'clerk' is there already")),
        ({"calendars": [OFFICE, OFFICE]}, ("calendars[1].id", "'office' is there already")),
        ({"evidence": [Evidence("a"), Evidence("a")]}, ("evidence[1].id", "'a' is there already")),
        ({"metrics": [HALL.metrics[0]] * 2}, ("metrics[1].id", "'smiles' is there already")),
        ({"services": [PublicService("a"), PublicService("a")]}, ("services[1].id", "'a' is there already")),
        ({"calendar": "office"}, ("calendar", "no calendar 'office'")),
        (
            {"calendars": [OFFICE], "resources": [Resource("r", calendar="ofice")]},
            ("resources[0].calendar", "no calendar 'ofice', did you mean 'office'?"),
        ),
        ({"services": [PublicService("a", calendar="day")]}, ("services[0].calendar", "no calendar 'day'")),
        (
            {"services": [service(resource="clerc")], "resources": [CLERK]},
            ("services[0].procedure.steps[0].resource", "no resource 'clerc', did you mean 'clerk'?"),
        ),
        (
            {"services": [service(resource="law")], "resources": [Resource("law", kind="mandate")]},
            ("services[0].procedure.steps[0].resource", "'law' is a mandate: cases do not queue for it"),
        ),
        (
            {"services": [service(staff=3)], "resources": [CLERK]},
            ("services[0].procedure.steps[0].staff", "'clerk' has capacity 2, the step takes 3 at once"),
        ),
        (
            {"services": [PublicService("a", targets=[Target("cycletime", value=1)])]},
            ("services[0].targets[0].metric", "no metric 'cycletime', did you mean 'cycle-time'?"),
        ),
        (
            {"services": [PublicService("a", targets=[Target("cycle-time", value=14)])]},
            ("services[0].targets[0].value", "expected a duration for 'cycle-time', got '14.0'"),
        ),
        (
            {"services": [PublicService("a", targets=[Target("on-time-share", value=95)])]},
            ("services[0].targets[0].value", "expected a fraction for 'on-time-share', got '95.0'"),
        ),
        (
            {"services": [PublicService("a", arrival_rate="3 case/working_day")]},
            ("services[0].arrival_rate", "a rate in working time needs a calendar, got '3 case/working_day'"),
        ),
        *(
            (
                {
                    "calendar": "office",
                    "calendars": [OFFICE],
                    "services": [PublicService("a", arrival_rate=f"3 case/{unit}")],
                },
                (
                    "services[0].arrival_rate",
                    "under a calendar, write the rate per working_hour, working_day, week, month or year, "
                    f"got '3 case/{unit}'",
                ),
            )
            for unit in ("s", "min", "hour", "day")
        ),
    ],
)
def test_organisation_says_what_is_wrong(fields: dict[str, Any], expected: tuple[str, str]) -> None:
    """
    An organisation names the place at fault, what it expected and what it found.
    """
    assert [expected] == problems(**fields)


@pytest.mark.parametrize("unit", ["working_hour", "working_day", "week", "month", "year"])
def test_rates_under_a_calendar(unit: str) -> None:
    """
    Under a calendar arrivals are counted per working time or per week and longer.
    """
    services = [PublicService("a", calendar="office", arrival_rate=f"3 case/{unit}")]
    assert PublicOrganisation("hall", calendars=[OFFICE], services=services).services


@pytest.mark.parametrize("unit", ["hour", "day", "week"])
def test_rates_without_a_calendar(unit: str) -> None:
    """
    Without a calendar arrivals are counted per elapsed time.
    """
    assert PublicOrganisation("hall", services=[PublicService("a", arrival_rate=f"3 case/{unit}")]).services


def test_all_faults_of_an_organisation_together() -> None:
    """
    All faults between the parts of an organisation are reported at once, in document order.
    """
    found = problems(
        calendar="day",
        resources=[CLERK, CLERK, Resource("r", calendar="dusk")],
        services=[service(resource="x", targets=[Target("y", value=1)]), service(staff=9, calendar="dawn")],
    )
    assert [path for path, _ in found] == [
        "resources[1].id",
        "services[1].id",
        "calendar",
        "resources[2].calendar",
        "services[0].procedure.steps[0].resource",
        "services[0].targets[0].metric",
        "services[1].calendar",
        "services[1].procedure.steps[0].staff",
    ]


@pytest.mark.parametrize("field", ["calendars", "resources", "evidence", "metrics", "services"])
@pytest.mark.parametrize("value", ["clerk", 3, ["clerk"], {"id": "clerk"}])
def test_parts_are_lists_of_their_kind(field: str, value: Any) -> None:
    """
    A collection is a list of its own kind.
    """
    ((_, message),) = problems(**{field: value})
    assert message.startswith("expected a ")


def test_organisation_is_frozen_hashable_and_pickles() -> None:
    """
    An organisation cannot be changed, and travels between processes with what it has looked up.
    """
    HALL.service("permit")
    copy = pickle.loads(pickle.dumps(HALL))
    assert ({copy}, copy.service("permit")) == ({HALL}, HALL.services[0])
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        copy.id = "x"


def test_one_commitment_may_be_written_without_a_list() -> None:
    """
    A text alone is a list of one.
    """
    assert PublicOrganisation("o", commitments="On time").commitments == (Text((("", "On time"),)),)
