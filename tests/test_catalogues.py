"""Real catalogues of services through the metrics that their columns allow; the pages of the docs tell what was found."""

from __future__ import annotations

import csv
import gzip
import io
import statistics
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import pubservice as ps
from pubservice import kpi

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "catalogues"
needs_data = pytest.mark.skipif(
    not DATA.exists(), reason="the folder of real catalogues is not beside the project"
)
YEARS = [f"{y}-Q{q}" for y in range(2012, 2018) for q in range(1, 5) if (y, q) >= (2012, 4)]
MONTHS = {"Jan - Mar": 1, "Apr - Jun": 2, "Jul - Sep": 3, "Oct - Dec": 4}


def rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file, plain or gzipped."""
    content = (DATA / path).read_bytes()
    text = (gzip.decompress(content) if path.endswith(".gz") else content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@cache
def transactions() -> list[dict[str, str]]:
    """Return the 734 transactional services of the United Kingdom."""
    return rows("uk-transactional-services.csv.gz")


def number(text: str) -> float | None:
    """Return the number in a cell, with commas between thousands; None where there is none."""
    bare = text.strip().replace(",", "")
    return None if bare in ("", "-") else float(bare)


class TakeUp(NamedTuple):
    """The share of transactions that were digital, or why there is none."""

    service: str
    period: str
    value: float | None
    reason: str
    transactions: float


def take_up(service: str, period: str, every: str, digital: str) -> TakeUp | None:
    """Return the digital take-up of two cells; None where either is empty."""
    total, part = number(every), number(digital)
    if total is None or part is None:
        return None
    try:
        return TakeUp(
            service, period, kpi.digital_take_up_2013(digital=part, assisted=0, other=total - part), "", total
        )
    except ps.UndefinedResultError:
        return TakeUp(service, period, None, "undefined", total)
    except ps.InvalidQuantityError:
        return TakeUp(service, period, None, "impossible", total)


@cache
def yearly() -> list[TakeUp]:
    """Return the take-up of each service in each rolling year."""
    found = [
        take_up(row["Slug"], year, row[f"{year} Vol."], row[f"{year} Digital vol."])
        for row in transactions()
        for year in YEARS
    ]
    return [one for one in found if one is not None]


@cache
def quarterly() -> list[TakeUp]:
    """Return the take-up of each service in each quarter."""
    titles = [title for title in transactions()[0] if title.startswith("Total transactions\n")]
    found = []
    for row in transactions():
        for title in titles:
            months, year = title.split("\n")[1].rsplit(" ", 1)
            digital = title.replace("Total", "Digital")
            found.append(take_up(row["Slug"], f"{year}-Q{MONTHS[months]}", row[title], row[digital]))
    return [one for one in found if one is not None]


@needs_data
def test_the_take_up_of_734_services_in_21_years() -> None:
    """
    Of 7,281 pairs of volumes 7,007 are a share, 268 are of no transaction, and 6 have more digital ones than all.
    """
    assert len(transactions()) == 734
    assert Counter(one.reason for one in yearly()) == {"": 7007, "undefined": 268, "impossible": 6}
    assert all(0 <= one.value <= 1 for one in yearly() if one.value is not None)


@needs_data
@pytest.mark.parametrize(
    ("year", "services", "median", "together"),
    [("2012-Q4", 126, 0.296, None), ("2013-Q4", 322, 0.033, 0.716), ("2017-Q4", 350, 0.287, 0.816)],
)
def test_the_middle_service_is_not_the_country(
    year: str, services: int, median: float, together: float | None
) -> None:
    """
    The median of the services' shares, and the share of all their transactions, tell different stories.
    """
    found = [one for one in yearly() if one.period == year and one.value is not None]
    assert len(found) == services
    assert statistics.median(one.value or 0 for one in found) == pytest.approx(median, abs=5e-4)
    if together is not None:
        digital = sum((one.value or 0) * one.transactions for one in found)
        assert digital / sum(one.transactions for one in found) == pytest.approx(together, abs=5e-4)


@needs_data
def test_the_cost_per_transaction_of_238_services() -> None:
    """
    Of 2,083 published costs 2,041 belong to transactions, 2 to none, and 40 to an unknown number of them.
    """
    outcomes: Counter[str] = Counter()
    services = set()
    for row in transactions():
        for year in YEARS:
            published, volume = number(row[f"{year} CPT (£)"]), number(row[f"{year} Vol."])
            if published is None:
                continue
            services.add(row["Slug"])
            if volume is None:
                outcomes["no volume"] += 1
                continue
            try:
                found = kpi.cost_per_transaction(cost=published * volume, completed=volume)
            except ps.UndefinedResultError:
                outcomes["undefined"] += 1
            else:
                assert found == pytest.approx(published)
                outcomes[""] += 1
    assert outcomes == {"": 2041, "no volume": 40, "undefined": 2}
    assert len(services) == 238


@needs_data
def test_nothing_is_told_of_completion_and_satisfaction() -> None:
    """
    The columns of the two other key figures hold five cells each, all of one service and all 0.
    """
    for measure in ("Completion rate", "User satisfaction"):
        columns = [f"{year} {measure}" for year in YEARS if f"{year} {measure}" in transactions()[0]]
        cells = [(row["Slug"], row[column]) for row in transactions() for column in columns if row[column]]
        assert len(cells) == 5
        assert len(set(cells)) == 1
        assert cells[0][1] == "0"


@needs_data
def test_quarters_go_through_a_scorecard() -> None:
    """
    8,768 quarters of 734 services are one scorecard; of 554 services that were measured twice, 442 have a control chart.
    """
    counted = Counter(one.reason for one in quarterly())
    assert counted == {"": 8058, "undefined": 710, "impossible": 22}
    measured = [
        ps.Measurement(
            "digital-take-up-2013",
            value=one.value,
            period=one.period,
            service=one.service,
            population=int(one.transactions),
            obtained="report",
            reason="" if one.value is not None else "no transaction",
        )
        for one in quarterly()
        if one.reason != "impossible"
    ]
    country = ps.PublicOrganisation("uk", services=[ps.PublicService(row["Slug"]) for row in transactions()])
    card = ps.scorecard(country, measured)
    assert len(card.every) == 8768
    assert {row.verdict for row in card.every} == {"unknown"}
    assert len(card.trends) == 554
    charts = [trend.chart for trend in card.trends if trend.chart is not None]
    assert (len(charts), sum(bool(chart.signals) for chart in charts)) == (442, 180)


@needs_data
def test_a_rolling_year_is_the_sum_of_its_quarters() -> None:
    """
    Of 9,575 yearly volumes whose four quarters are known, 284 are another number than their sum.
    """
    titles = [title for title in transactions()[0] if title.startswith("Total transactions\n")]
    equal = 0
    different = 0
    for row in transactions():
        quarters = [number(row[title]) for title in titles]
        for end, year in enumerate(YEARS):
            four, total = quarters[max(0, end - 3) : end + 1], number(row[f"{year} Vol."])
            if len(four) == 4 and total is not None and None not in four:
                same = abs(sum(quarter or 0 for quarter in four) - total) <= 0.5
                equal, different = equal + same, different + (not same)
    assert (equal, different) == (9291, 284)


@needs_data
def test_the_catalogue_marks_some_of_what_is_impossible() -> None:
    """
    Its own checks mark 4 services whose digital quarters exceed all, and 5 whose years do; costs go from 0.02 to 6,500.
    """
    marks = [
        Counter(row[f"Digital exceeds all ({of})"] for row in transactions())["error"]
        for of in ("quarters", "years")
    ]
    assert marks == [4, 5]
    costs = [cost for row in transactions() if (cost := number(row["2016-Q4 CPT (£)"])) is not None]
    assert (len(costs), min(costs), statistics.median(costs), max(costs)) == (94, 0.02, 2.505, 6500)


@needs_data
def test_rolling_years_are_refused_as_overlapping() -> None:
    """
    The yearly columns are sums of four quarters, so that neighbours share three of them: a scorecard does not take both.
    """
    years = ["2015-Q4..2016-Q3", "2016-Q1..2016-Q4"]
    measured = [ps.Measurement("nps", value=1, period=year, obtained="report") for year in years]
    with pytest.raises(ps.InvalidModelError, match=r"measurements\[1\].period: .* overlaps"):
        ps.scorecard(ps.PublicOrganisation("uk"), measured)


@cache
def kenya() -> list[dict[str, str]]:
    """Return the 5,489 services of eCitizen Kenya."""
    return rows("kenya-ecitizen/services.csv.gz")


@needs_data
def test_a_catalogue_of_names_has_no_standard() -> None:
    """
    No service of 5,489 states a requirement or a description, and 117 names stand for several services.
    """
    assert len(kenya()) == 5489
    assert not any(row["service_description"] or row["requirements"] for row in kenya())
    names = Counter(row["service_name"].strip().lower() for row in kenya())
    assert sum(times > 1 for times in names.values()) == 117
    addresses = Counter(row["service_url"] for row in kenya())
    assert (len(addresses), max(addresses.values())) == (729, 689)
    assert sum(row["service_url"].startswith("http://") for row in kenya()) == 742


@needs_data
def test_the_coverage_of_a_catalogue_by_ministry() -> None:
    """
    26 ministries list at most the services that they say they have, 5,489 of 6,864 in all; one lists more, which is refused.
    """
    ministries = rows("kenya-ecitizen/ministries.csv")
    listed = Counter(row["ministry_id"] for row in kenya())
    found, refused = [], []
    for row in ministries:
        reported = int(row["reported_service_count"])
        try:
            found.append(kpi.coverage(eligible=reported, eligible_served=listed[row["ministry_id"]]))
        except ps.InvalidQuantityError as error:
            refused.append(str(error))
    assert (len(found), refused) == (26, ["eligible_served: 74 is more than eligible: 69"])
    assert min(found) == pytest.approx(1196 / 2034)
    together = kpi.coverage(
        eligible=sum(int(row["reported_service_count"]) for row in ministries), eligible_served=len(kenya())
    )
    assert together == pytest.approx(0.7997, abs=5e-5)


@needs_data
def test_a_whole_catalogue_is_one_scorecard() -> None:
    """
    5,489 services with a target each are held against what is measured of them; none has a component of its standard.
    """
    services = [
        ps.PublicService(row["service_id"], name=row["service_name"], targets=[ps.Target("ikm", value=76.61)])
        for row in kenya()
    ]
    measured = [
        ps.Measurement(
            "ikm", value=60 + i % 40, period="2026-Q1", service=row["service_id"], obtained="survey"
        )
        for i, row in enumerate(kenya())
    ]
    complete = [
        ps.Measurement(
            "standard-completeness",
            value=0,
            period="2026-02-14",
            service=row["service_id"],
            obtained="register",
        )
        for row in kenya()
    ]
    card = ps.scorecard(ps.PublicOrganisation("kenya", services=services), [*measured, *complete])
    assert len(card.latest) == 2 * 5489
    assert len(card.missed) == sum(60 + i % 40 < 76.61 for i in range(5489))
    assert {row.modelled.value for row in card.latest if row.metric.id == "standard-completeness"} == {0.0}
