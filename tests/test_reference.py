"""The reference names everything that is public, and what it says of it is so."""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from click.testing import CliRunner

import pages
import pubservice as ps
from offices import call_centre, town_hall
from pubservice.cli import main
from pubservice.io.document import CLASSES
from pubservice.io.example import example_text
from pubservice.io.yaml import MAX_BYTES, _parse
from pubservice.model.distribution import KINDS
from pubservice.translations import INDONESIAN
from pubservice.units import UNIT_WORDS, duration

DOCS = Path(__file__).parents[1] / "docs"
SCHEMA = ps.schema()


def page(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


@cache
def made(name: str) -> str:
    """Return a page as it is built."""
    return pages.fill_in(f"reference/{name}", page(f"{name}.md"))


@cache
def section(text: str, title: str, level: int = 2) -> str:
    """Return what stands below a heading."""
    mark = "#" * level
    (found,) = re.findall(
        rf"^{mark} {re.escape(title)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL
    )
    return str(found)


def first_column(text: str) -> list[str]:
    """Return the code in the first cell of each row of the tables."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_every_public_name_is_in_the_reference() -> None:
    """
    Each name of the package has its place in the reference, and nothing else has.
    """
    told = set(re.findall(r"auto(?:class|function):: [\w.]+\.(\w+)$", page("names.md"), re.MULTILINE))
    assert told == set(ps.__all__) - {
        "CAUSES",
        "METRICS",
        "Distribution",
        "Edit",
        "Node",
        "__version__",
        "kpi",
        "queueing",
        "ureg",
    }


FIELDS = [
    pytest.param(kind, field, id=f"{kind.__name__}.{field.name}")
    for kind in CLASSES
    for field in attrs.fields(kind)
]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_every_key_is_described(kind: type, field: attrs.Attribute[Any]) -> None:
    """
    Each key has a row with its meaning, type, default and an example; what holds mappings leads to their section.
    """
    (row,) = re.findall(rf"^\| `{field.name}` \|.*$", section(made("format"), kind.__name__, 3), re.MULTILINE)
    _, _, meaning, what, default, example, _ = re.split(r"(?<!\\)\|", row)
    assert all(cell.strip() for cell in (meaning, what, default))
    links = re.findall(r"\(#(\w+)\)", what)
    assert links or example.strip()
    assert set(links) <= {kind.__name__.lower() for kind in CLASSES}


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_every_example_is_accepted(kind: type, field: attrs.Attribute[Any]) -> None:
    """
    The example of each key is what the format takes there.
    """
    found = SCHEMA if kind is ps.PublicOrganisation else SCHEMA["$defs"][kind.__name__]
    properties = (found["anyOf"][1] if "anyOf" in found else found)["properties"]
    example = pages.example(kind, field)
    if example:
        value = _parse(f"value: {example}", MAX_BYTES)["value"]
        jsonschema.Draft202012Validator({"$defs": SCHEMA["$defs"], **properties[field.name]}).validate(value)


def test_required_keys_are_called_so() -> None:
    """
    A key is required on the page where it is in the schema.
    """
    for kind in CLASSES:
        found = SCHEMA if kind is ps.PublicOrganisation else SCHEMA["$defs"][kind.__name__]
        wanted = (found["anyOf"][1] if "anyOf" in found else found)["required"]
        told = re.findall(r"^\| `(\w+)` .*\| required \|", pages.fields_of(kind), re.MULTILINE)
        assert told == [name for name in wanted if name != "pubservice"]


@pytest.mark.parametrize("name", [name for name in ps.__all__ if inspect.isfunction(getattr(ps, name))])
def test_every_function_has_an_example(name: str) -> None:
    """
    The docstring of every public function shows it at work, and what is shown there is run by the tests.
    """
    _, _, shown = (getattr(ps, name).__doc__ or "").partition("Example:\n")
    assert re.search(rf"^ +(>>>|\.\.\.) .*\b{name}\(", shown, re.MULTILINE)


def test_every_unit_and_distribution_is_there() -> None:
    """
    The page of the format knows each unit in each spelling but plurals, and each distribution by an example.
    """
    durations = section(page("format.md"), "Durations", 3)
    units = set(re.findall(r"`([a-z_ ]+)`", durations))
    assert units | {f"{unit}s" for unit in units} >= set(UNIT_WORDS)
    shown = re.findall(r"^\| `(\w+)\(", durations, re.MULTILINE)
    assert {"fixed", *shown} == set(KINDS)
    for text in re.findall(r"^\| `(\w+\(.*?)` \|", durations, re.MULTILINE):
        assert ps.Step("a", processing_time=text).processing_time is not None


@pytest.mark.parametrize(("word", "hours"), [("week", 168), ("month", 730.5), ("year", 8766), ("day", 24)])
def test_units_are_as_long_as_the_page_says(word: str, hours: float) -> None:
    """
    A day has 24 hours, a week 7 days, a month 30.4375 and a year 365.25.
    """
    assert duration(f"1 {word}").seconds() == hours * 3600


def test_every_metric_is_listed() -> None:
    """
    The metrics that every organisation can use stand on the page of the format.
    """
    assert all(f"\n{id} " in section(page("format.md"), "Every metric") for id in ps.METRICS)


def test_every_command_and_option_is_there() -> None:
    """
    The page of the command line knows each command with its arguments and options.
    """
    for name, command in main.commands.items():
        words = first_column(section(made("command-line"), f"pubservice {name}", 3))
        assert words == [
            p.opts[0] if p.opts[0].startswith("-") else p.human_readable_name for p in command.params
        ]


def test_every_rule_has_its_page() -> None:
    """
    The page of rules has a section for each, with its words, both examples and its title in Indonesian; families too.
    """
    for rule in ps.rules():
        text = section(made("rules"), f"{rule.code} {rule.name}")
        assert str(rule.title) in text
        assert rule.title.text("id") in text
        assert text.count("```yaml") == 2
        assert "**Known limits.**" in text
    assert {rule.code[:3] for rule in ps.rules()} <= set(first_column(made("rules")))


def test_pages_without_a_place_stay_as_they_are() -> None:
    """
    Only the pages that the code fills in are changed.
    """
    assert pages.fill_in("reference/json", pages.PLACE) == pages.PLACE
    assert all(
        pages.PLACE in (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in pages.made_pages()
    )


def output(*arguments: str) -> Any:
    return json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).stdout)


def test_keys_of_analyse_are_those_of_the_page() -> None:
    """
    The JSON of analyse has the keys that the page describes, all the way down, and no other.
    """
    told, data = section(page("json.md"), "analyse"), output("demo")
    service, finding = data["services"][0], next(f for f in data["findings"] if f["saving"])
    for title, found in {
        "The result": data,
        "provenance": data["provenance"],
        "services": service,
        "cost": service["cost"],
        "outcomes": service["outcomes"][0],
        "steps": service["steps"][0],
        "causes": service["causes"][0],
        "distribution": service["distribution"],
        "quantiles": service["distribution"]["quantiles"][0],
        "resources": data["resources"][0],
        "findings": finding,
        "saving": finding["saving"],
        "per_case": finding["saving"]["per_case"],
    }.items():
        assert set(first_column(section(told, title, 3))) == set(found)
    assert set(finding["saving"]["per_year"]) == set(finding["saving"]["per_case"])
    assert set(service["cost"]["office"]) == {"amount", "currency"}
    causes = re.search(r"\| `cause` \| (.*) \|", section(told, "causes", 3))
    assert causes is not None
    assert set(re.findall("`([^`]+)`", causes[1])) == {line["cause"] for line in service["causes"]}
    assert set(service["method"]["cycle_time_s"]) == {"kind", "name"}


def test_keys_of_sensitivity_are_those_of_the_page() -> None:
    """
    So has the JSON of what moves the waiting, which is there where it is asked for.
    """
    told, found = section(page("json.md"), "analyse"), output("demo", "--sensitivity")["sensitivity"]
    assert set(first_column(section(told, "sensitivity", 3))) == set(found)
    assert set(first_column(section(told, "levers", 3))) == set(found["levers"][0])
    assert set(found["bottlenecks"]) == {"capacity", "delay", "leverage"}
    assert set(found["bottlenecks"]["delay"][0]) == {"at", "value"}
    assert "sensitivity" not in output("demo")


def test_keys_of_check_and_rules_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So have the JSON of check and that of rules.
    """
    file = tmp_path / "o.yaml"
    file.write_text("pubservice: 1\nid: o\nservices: [{id: s, procedure: {steps: [{id: a, needs: [b]}]}}]\n")
    (checked,) = output("check", str(file))
    told = section(page("json.md"), "check")
    assert set(first_column(section(told, "A file", 3))) == set(checked)
    assert set(first_column(section(told, "skipped", 3))) == set(checked["skipped"][0])
    finding = set(first_column(section(section(page("json.md"), "analyse"), "findings", 3)))
    assert set(checked["findings"][0]) == finding - {"saving"}
    assert set(first_column(section(page("json.md"), "rules"))) == set(output("rules")[0])


def test_keys_of_redesign_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So have the JSON of a redesign, of its search and of the plans, and what a file says to ignore.
    """
    file = tmp_path / "office.yaml"
    example = example_text("building-permit").replace(
        "    requirements:\n", "    ignore: [{code: RED001, reason: known}]\n    requirements:\n", 1
    )
    file.write_text(example, encoding="utf-8")
    found = output("redesign", str(file), "--goal", "cycle_time")
    told = section(page("json.md"), "redesign")
    assert set(first_column(section(told, "The object", 3))) == set(found)
    assert set(first_column(section(told, "search", 3))) == set(found["search"])
    assert set(first_column(section(told, "plans", 3))) == set(found["search"]["plans"][0])
    (checked,) = output("check", str(file))
    unused = section(section(page("json.md"), "check"), "unused", 3)
    assert {tuple(first_column(unused))} | {tuple(entry) for entry in checked["unused"]} == {
        ("service", "code", "step", "reason")
    }


def test_keys_of_a_simulation_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So have the JSON of a study, of its scenarios, estimates and differences, and of simulated savings.
    """
    file, other = tmp_path / "office.yaml", tmp_path / "other.yaml"
    for each in (file, other):
        each.write_text(example_text("building-permit"), encoding="utf-8")
    options = ("--cases", "20", "--replications", "2", "--precision", "50 %")
    found = output("simulate", str(file), str(other), *options)
    told = section(page("json.md"), "simulate")
    assert set(first_column(section(told, "The study", 3))) == set(found)
    assert set(first_column(section(told, "scenarios", 3))) == set(found["scenarios"][0])
    estimate = found["scenarios"][0]["services"][0]["measures"]["cycle_time"]
    keys = set(first_column(section(told, "estimates", 3)))
    assert keys == set(estimate)
    difference = set(first_column(section(told, "differences", 3)))
    assert difference == set(found["differences"][0]) - keys
    saved = output("redesign", str(file), "--select", "RED001", "--simulate", "30 day")["simulated"]
    assert set(first_column(section(section(page("json.md"), "redesign"), "simulated", 3))) == set(saved)
    guide = section((DOCS / "guides" / "simulate.md").read_text(encoding="utf-8"), "What is measured")
    names = set(re.findall(r"`(\w+)`", guide))
    scenario = found["scenarios"][0]
    for each in (*scenario["services"], *scenario["resources"]):
        assert {m for m in each["measures"] if not m.startswith(("time_", "cost_", "outcome_"))} <= names


def test_keys_of_standard_and_its_notice_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So have the JSON of the standards, of a promise and of the notice.
    """
    file = tmp_path / "office.yaml"
    file.write_text(example_text("building-permit"), encoding="utf-8")
    told, data = section(page("json.md"), "standard"), output("standard", str(file))
    notice = output("standard", str(file), "--notice", "id")
    for title, found in {
        "The standards": data,
        "A standard": data["services"][0],
        "promise": data["services"][0]["promise"],
        "The notice": notice,
    }.items():
        assert set(first_column(section(told, title, 3))) == set(found)


def test_keys_of_manage_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So have the JSON of the plan with its parts, of the triangle and of the principles.
    """
    file = tmp_path / "office.yaml"
    file.write_text(example_text("building-permit"), encoding="utf-8")
    told, data = section(page("json.md"), "manage"), output("manage", str(file))
    plan, corner = data["plan"], data["triangle"]["corners"][0]
    for title, found in {
        "plan": plan,
        "assignments": plan["assignments"][0],
        "handovers": plan["handovers"][0],
        "budgets": plan["budgets"][0],
        "triangle": data["triangle"],
        "corners": corner,
        "questions": corner["questions"][0],
        "principles": data["principles"],
    }.items():
        assert set(first_column(section(told, title, 3))) == set(found)


def test_keys_of_plan_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So has the JSON of a plan, with its targets, budgets and backlog.
    """
    file = tmp_path / "office.yaml"
    ps.write_yaml(town_hall(open_cases=[ps.OpenCases(at="sign", cases=3)]), file)
    data = output("plan", str(file), "--target", "clerk: 90% within 15 min", "--since", "2026-01-05")
    told, plan, budget, backlog = (
        section(page("json.md"), "plan"),
        *(data[k] for k in ("plan", "budgets", "backlog")),
    )
    for title, found in {
        "Staff": plan,
        "Staffed resources": plan["resources"][0],
        "Staffed intervals": plan["resources"][0]["intervals"][0],
        "A budget": budget[0],
        "Service costs": budget[0]["services"][0],
        "A backlog": backlog,
        "Cleared resources": backlog["resources"][0],
    }.items():
        assert set(first_column(section(told, title, 3))) == set(found)
    assert set(first_column(section(told, "Planned targets", 3))) == set(plan["targets"][0])
    shifts = ps.plan_shifts(ps.staffing(town_hall()), "clerk").data()
    promise = ps.shortest_promise(call_centre(), "advice").data()
    for key in (*shifts, *promise, *ps.forecast_demand(town_hall()).data()):
        assert f"`{key}`" in told


def test_keys_of_burden_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So has the JSON of burden.
    """
    file = tmp_path / "office.yaml"
    file.write_text(example_text("building-permit"), encoding="utf-8")
    (found,) = output("burden", str(file), "--service", "building-permit")["services"]
    told = section(page("json.md"), "burden")
    for title, data in {
        "The services": found,
        "journey": found["journey"],
        "touchpoints": found["journey"]["touchpoints"][0],
        "administrative_cost": found["administrative_cost"],
        "obligations": found["administrative_cost"]["obligations"][0],
        "sludge": found["sludge"],
        "frictions": found["sludge"]["frictions"][0],
    }.items():
        assert set(first_column(section(told, title, 3))) == set(data)


def test_keys_of_scorecard_are_those_of_the_page(tmp_path: Path) -> None:
    """
    So has the JSON of a scorecard, all the way down.
    """
    model, measured = tmp_path / "office.yaml", tmp_path / "measured.csv"
    model.write_text(
        "pubservice: 1\nid: o\nservices: [{id: s, targets: [{metric: ikm, value: 80}, {metric: cycle-time, value: 3 day}]}]\n"
    )
    months = "".join(f"ikm,s,2026-{n:02d},{80 + 9 * (n == 9)},survey\n" for n in range(1, 10))
    measured.write_text(f"metric,service,period,value,obtained\n{months}")
    data = output("scorecard", str(model), "--measurements", str(measured))
    told = section(page("json.md"), "scorecard")
    row, trend = data["rows"][0], data["trends"][0]
    for title, found in {
        "A scorecard": data,
        "rows": row,
        "promised": row["promised"],
        "modelled": row["modelled"],
        "measured": row["measured"],
        "trends": trend,
        "chart": trend["chart"],
    }.items():
        assert set(first_column(section(told, title, 3))) == set(found)
    assert data["rows"][-1]["promised"]["value"].keys() == {"magnitude", "unit"}
    assert set(trend["chart"]["points"][0]) == {"label", "value", "lower", "upper", "sigma"}
    assert set(trend["chart"]["signals"][0]) == {"rule", "first", "since", "last", "side", "message"}


TERMS = """
    service, provider, channel, requirement, evidence, output, cost, fee, procedure, step, flow, gateway, case, event,
    resource, capacity, arrival rate, processing time, waiting time, cycle time, cycle time efficiency, utilisation,
    throughput, work in progress, bottleneck, rework, handover, finding, rule, remedy, edit, redesign
""".replace("\n", " ").split(",")


def test_the_glossary_speaks_as_the_results_do() -> None:
    """
    Each term has an Indonesian counterpart, which is the one that tables and texts use.
    """
    rows = re.findall(r"^\| ([^|`]+?) \| ([^|]*?) \| ([^|]+) \|", page("glossary.md"), re.MULTILINE)
    terms = {term: indonesian for term, indonesian, _ in rows if term not in ("Term", "---")}
    assert {term.strip() for term in TERMS} <= set(terms)
    assert all(terms.values())
    assert {term: INDONESIAN[term] for term in terms if term in INDONESIAN} == {
        term: indonesian for term, indonesian in terms.items() if term in INDONESIAN
    }
