"""
Elapsed times of cases that wait while the office is closed, against simulations: the table of docs/background/accuracy.md.

Every office is played for ten years, eight times. Run it by ``uv run python benchmarks/elapsed_accuracy.py``.
"""

from __future__ import annotations

from pubservice.analysis.cycle_times import cycle_time_distribution
from pubservice.analysis.performance import performance
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Flow, Procedure, Step, Wait
from pubservice.model.resource import Calendar, Resource
from pubservice.model.service import PublicService
from pubservice.simulation.simulate import simulate

WAITS = ("30 min", "24 hour", "lognormal(mean=3 day, sd=2 day)", "7 day")
RATES = {
    "0.4 case/working_day": 5,
    "4 case/working_day": 50,
}  # and how many percent of the time the clerk is busy


def office(wait: str, rate: str) -> PublicOrganisation:
    """Return an office of one clerk who works on each case before and after a wait."""
    procedure = Procedure(
        steps=[
            Step("before", resource="clerk", processing_time="30 min"),
            Step("after", resource="clerk", processing_time="exponential(mean=30 min)"),
        ],
        waits=[Wait("post", cause="applicant", clock="elapsed", time=wait)],
        flows=[Flow("before", "post"), Flow("post", "after")],
    )
    return PublicOrganisation(
        "office",
        calendar="week",
        calendars=[Calendar("week", hours={"mon-fri": "08:00-16:00"})],
        resources=[Resource("clerk", capacity=1)],
        services=[PublicService("s", arrival_rate=rate, procedure=procedure)],
    )


def row(wait: str, rate: str, busy: int) -> str:
    """Return computed / simulated - 1 of means and elapsed quantiles, as a row of a table."""
    model = office(wait, rate)
    study = simulate(model, horizon="10 year", warm_up="60 day", replications=8, seed=3)
    found, service = cycle_time_distribution(model, "s"), performance(model).services[0]
    pairs = [
        (service.cycle_time_s, "cycle_time_working"),
        (service.cycle_time_elapsed_s, "cycle_time"),
        (found.quantile_s(0.5, clock="elapsed"), "cycle_time_median"),
        (found.quantile_s(0.95, clock="elapsed"), "cycle_time_p95"),
    ]
    errors = []
    for computed, measure in pairs:
        simulated = study.estimate("office", measure).mean
        assert computed is not None
        assert simulated is not None
        errors.append(f"{computed / simulated - 1:+.1%}")
    return f"| {wait} | {busy}% | " + " | ".join(errors) + " |"


def main() -> None:
    """Print the table."""
    print("| Wait | Clerk busy | Mean, working | Mean, elapsed | 50%, elapsed | 95%, elapsed |")
    print("|---|---:|---:|---:|---:|---:|")
    for rate, busy in RATES.items():
        for wait in WAITS:
            print(row(wait, rate, busy))


if __name__ == "__main__":
    main()
