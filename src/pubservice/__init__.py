"""
An optimising compiler for the procedures of public services.

Every public name is here, and is resolved on first use, so that importing the package is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pubservice import queueing
    from pubservice.analysis.analyse import Analysis, analyse
    from pubservice.analysis.applicant import ApplicantTimes
    from pubservice.analysis.bottleneck_kinds import BottleneckKinds, HoldUp, bottleneck_kinds
    from pubservice.analysis.bottlenecks import Bottlenecks, find_bottlenecks
    from pubservice.analysis.causes import (
        NodeTimes,
        ResourceTimes,
        ServiceTimes,
        TimeByCause,
        time_by_cause,
    )
    from pubservice.analysis.check import check
    from pubservice.analysis.comparison import Comparison, compare
    from pubservice.analysis.critical import CriticalPath, Slack, critical_path
    from pubservice.analysis.cycle_times import CycleTimeDistribution, cycle_time_distribution
    from pubservice.analysis.discovery import discover
    from pubservice.analysis.findings import Finding, Findings, Proposal
    from pubservice.analysis.knowledge import Conflict, NodeData, ServiceData, data_flow
    from pubservice.analysis.lever import Effect, Lever
    from pubservice.analysis.load import ResourceLoad
    from pubservice.analysis.network import network_performance
    from pubservice.analysis.performance import Performance, performance
    from pubservice.analysis.promises import Promise
    from pubservice.analysis.register import Rule, find_rule, rule, rules
    from pubservice.analysis.savings import Saving, Savings, savings
    from pubservice.analysis.sensitivity import Sensitivities, sensitivity
    from pubservice.analysis.service_performance import ServicePerformance, StepPerformance, ValueTimes
    from pubservice.analysis.subject import Subject
    from pubservice.analysis.what_if import what_if
    from pubservice.confidence import ConfidenceInterval
    from pubservice.edits.application import apply
    from pubservice.edits.edit import (
        Automate,
        CaseType,
        ChangeChannel,
        DropAsk,
        DropBatch,
        DropCheck,
        DropOutputs,
        Edit,
        FetchEvidence,
        MergeSteps,
        Parallelise,
        Part,
        PoolResources,
        Reassign,
        RelocateCheck,
        RemoveFlow,
        RemoveStep,
        Reorder,
        SetCapacity,
        SplitStep,
        Triage,
    )
    from pubservice.errors import (
        InfeasiblePlanError,
        InvalidEditError,
        InvalidFileError,
        InvalidModelError,
        InvalidQuantityError,
        InvalidStudyError,
        LossyImportWarning,
        MissingExtraError,
        Problem,
        PubserviceError,
        UndefinedResultError,
        UnknownIdError,
        UnstableQueueError,
    )
    from pubservice.eventlog import EventLog
    from pubservice.graph.chain import AbsorbingChain, absorbing_chain
    from pubservice.graph.digraph import digraph, procedure_from
    from pubservice.graph.paths import implied_flows
    from pubservice.graph.relations import concurrent_pairs, dominators, exclusive_pairs, post_dominators
    from pubservice.graph.soundness import Fault, Soundness, soundness
    from pubservice.graph.structure import Fragment, structure
    from pubservice.io.answers import read_answers
    from pubservice.io.bpmn import read_bpmn, read_bpmn_lanes
    from pubservice.io.csv import read_csv
    from pubservice.io.example import example_names, read_example
    from pubservice.io.json import from_json, read_json, to_json, write_json
    from pubservice.io.measurements import append_measurements, read_measurements, write_measurements
    from pubservice.io.mermaid import to_mermaid
    from pubservice.io.parquet import read_parquet
    from pubservice.io.schema import schema
    from pubservice.io.xes import read_xes
    from pubservice.io.yaml import from_yaml, read_yaml, to_yaml, write_yaml
    from pubservice.management.administrative_cost import administrative_cost
    from pubservice.management.burden import Burden, ServiceBurden, burden
    from pubservice.management.claims import Claim
    from pubservice.management.coordination import Handover, Party
    from pubservice.management.division import Assignment
    from pubservice.management.journey import Journey, Journeys, Touchpoint, compare_journeys, journeys
    from pubservice.management.means import BudgetUse, Means
    from pubservice.management.measures import measure
    from pubservice.management.modelled import Modelled
    from pubservice.management.notice import MissingComponent, PublicNotice, public_notice
    from pubservice.management.plan import Control, ManagementPlan, ServiceDemand, Told, management_plan
    from pubservice.management.principles import Principle, Principles, check_principles
    from pubservice.management.satisfaction import satisfaction_measurement
    from pubservice.management.scorecard import Scorecard, ScorecardRow, scorecard
    from pubservice.management.showing import Showing
    from pubservice.management.sludge import Friction, SludgeAudit, SludgeAudits, sludge_audit
    from pubservice.management.standard import CheckedStandard, Standards, check_standards
    from pubservice.management.starting_business import CountedProcedure, StartingBusiness, starting_business
    from pubservice.management.trend import Trend
    from pubservice.management.triangle import Answered, Corner, ServiceTriangle, service_triangle
    from pubservice.management.verdict import Judgement, Promised
    from pubservice.messages import Message
    from pubservice.metrics import kpi
    from pubservice.metrics.control import ChartPoint, ControlChart, p_chart, u_chart, xmr_chart
    from pubservice.metrics.public_service_index import Aspect, PublicServiceIndex, public_service_index
    from pubservice.metrics.signals import Signal
    from pubservice.metrics.standard_cost import (
        AdministrativeActivity,
        AdministrativeCost,
        InformationObligation,
    )
    from pubservice.metrics.starting_business import (
        BusinessStart,
        ScoreComponent,
        StartingBusinessScore,
        starting_business_score,
        weighted_score,
    )
    from pubservice.model.arrivals import Appointments, Arrivals
    from pubservice.model.attribute import Attribute
    from pubservice.model.cause import CAUSES
    from pubservice.model.demand import Demand, HoursWeight, MonthWeight, WeekdayWeight, relative_rate
    from pubservice.model.distribution import (
        Distribution,
        Empirical,
        Exponential,
        Fixed,
        Gamma,
        Lognormal,
        Pert,
        Triangular,
        Uniform,
        Weibull,
    )
    from pubservice.model.measurement import Measurement
    from pubservice.model.metric import Metric, Target
    from pubservice.model.open_cases import OpenCases
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.period import Period
    from pubservice.model.procedure import (
        Batch,
        Check,
        End,
        Flow,
        Gateway,
        Node,
        Procedure,
        Step,
        Wait,
    )
    from pubservice.model.resource import Calendar, Closure, OpenHours, Resource
    from pubservice.model.service import (
        Channel,
        Event,
        Evidence,
        Fee,
        Output,
        PublicService,
        Requirement,
        ServiceStandard,
        Suppression,
    )
    from pubservice.model.text import Text
    from pubservice.model.vocabulary import METRICS
    from pubservice.planning.backlog import Backlog, ClearedResource, ClearedService, clear_backlog
    from pubservice.planning.budget import PlanBudget, ServiceCost, plan_budget
    from pubservice.planning.forecast import Forecast, ForecastInterval, forecast_demand
    from pubservice.planning.shifts import Shift, ShiftPlan, ShiftRules, plan_shifts
    from pubservice.planning.shortest import ShortestPromise, shortest_promise
    from pubservice.planning.staffed import PlannedTarget, StaffedInterval, StaffedResource, Staffing
    from pubservice.planning.staffing import staffing
    from pubservice.planning.target import LeftOut, PlanningTarget, planning_target
    from pubservice.redesigns.changes import changes
    from pubservice.redesigns.proof import Guarantee
    from pubservice.redesigns.proposal import Plan, Plans, propose
    from pubservice.redesigns.redesign import Redesign, redesign_for
    from pubservice.redesigns.sequence import redesign
    from pubservice.redesigns.simplification import Simplification, simplification
    from pubservice.redesigns.simulated import SimulatedSaving, SimulatedSavings, simulated
    from pubservice.redesigns.validation import Validation, validate
    from pubservice.simulation.intervals import Estimate
    from pubservice.simulation.scenario import Scenario, Simulated
    from pubservice.simulation.simulate import simulate
    from pubservice.simulation.single_run import simulated_log, write_simulated_log
    from pubservice.simulation.study import Difference, Precision, Study, WarmUp
    from pubservice.surveys.answers import Answers, ExcludedAnswer, answers_from
    from pubservice.surveys.grade import Grade, grade
    from pubservice.surveys.groups import Breakdown, RespondentGroup, breakdown
    from pubservice.surveys.instrument import Instrument, Item
    from pubservice.surveys.loyalty import (
        EffortScore,
        PromoterScore,
        SatisfactionShare,
        customer_effort,
        customer_satisfaction,
        net_promoter_score,
    )
    from pubservice.surveys.official import official_csv, official_table
    from pubservice.surveys.reliability import ItemStatistics, Reliability, cronbach_alpha
    from pubservice.surveys.sample_size import krejcie_morgan, sample_size
    from pubservice.surveys.satisfaction import (
        ElementScore,
        SatisfactionIndex,
        SatisfactionIndices,
        satisfaction_index,
        satisfaction_indices,
    )
    from pubservice.surveys.scaled_means import ScaledMean, ScaledMeans, scaled_means
    from pubservice.surveys.service_quality import (
        PerceivedQuality,
        QualityDimension,
        ServiceQuality,
        perceived_quality,
        service_quality,
    )
    from pubservice.units import CostRate, Duration, Money, Rate

    __version__: str
    ureg: Any

_HOMES = {
    "analysis.analyse": "Analysis analyse",
    "analysis.applicant": "ApplicantTimes",
    "analysis.bottleneck_kinds": "BottleneckKinds HoldUp bottleneck_kinds",
    "analysis.bottlenecks": "Bottlenecks find_bottlenecks",
    "analysis.causes": "NodeTimes ResourceTimes ServiceTimes TimeByCause time_by_cause",
    "analysis.comparison": "Comparison compare",
    "analysis.critical": "CriticalPath Slack critical_path",
    "analysis.cycle_times": "CycleTimeDistribution cycle_time_distribution",
    "analysis.discovery": "discover",
    "analysis.check": "check",
    "analysis.findings": "Finding Findings Proposal",
    "analysis.register": "Rule SkipRuleError find_rule rule rules",
    "analysis.sensitivity": "Sensitivities sensitivity",
    "analysis.service_performance": "ServicePerformance StepPerformance ValueTimes",
    "analysis.subject": "Subject",
    "analysis.what_if": "what_if",
    "analysis.knowledge": "Conflict NodeData ServiceData data_flow",
    "analysis.lever": "Effect Lever",
    "analysis.load": "ResourceLoad",
    "analysis.network": "network_performance",
    "analysis.performance": "Performance performance",
    "analysis.promises": "Promise",
    "analysis.savings": "Saving Savings savings",
    "edits.application": "apply",
    "edits.edit": "Automate CaseType ChangeChannel DropAsk DropBatch DropCheck DropOutputs Edit FetchEvidence MergeSteps Parallelise Part "
    "PoolResources Reassign RelocateCheck RemoveFlow RemoveStep Reorder SetCapacity SplitStep Triage",
    "errors": "InfeasiblePlanError InvalidEditError InvalidFileError InvalidModelError InvalidQuantityError InvalidStudyError LossyImportWarning "
    "MissingExtraError Problem PubserviceError UndefinedResultError UnknownIdError UnstableQueueError",
    "eventlog": "EventLog",
    "graph.chain": "AbsorbingChain absorbing_chain",
    "graph.digraph": "digraph procedure_from",
    "graph.paths": "implied_flows",
    "graph.relations": "concurrent_pairs dominators exclusive_pairs post_dominators",
    "graph.soundness": "Fault Soundness soundness",
    "graph.structure": "Fragment structure",
    "io.answers": "read_answers",
    "io.bpmn": "read_bpmn read_bpmn_lanes",
    "io.csv": "read_csv",
    "io.example": "example_names read_example",
    "io.json": "from_json read_json to_json write_json",
    "io.measurements": "append_measurements read_measurements write_measurements",
    "io.mermaid": "to_mermaid",
    "io.parquet": "read_parquet",
    "io.schema": "schema",
    "io.xes": "read_xes",
    "io.yaml": "from_yaml read_yaml to_yaml write_yaml",
    "management.claims": "Claim",
    "management.coordination": "Handover Party",
    "management.division": "Assignment",
    "management.means": "BudgetUse Means",
    "management.notice": "MissingComponent PublicNotice public_notice",
    "management.plan": "Control ManagementPlan ServiceDemand Told management_plan",
    "management.principles": "Principle Principles check_principles",
    "management.showing": "Showing",
    "management.standard": "CheckedStandard Standards check_standards",
    "management.triangle": "Answered Corner ServiceTriangle service_triangle",
    "messages": "Message",
    "metrics.public_service_index": "Aspect PublicServiceIndex public_service_index",
    "management.administrative_cost": "administrative_cost",
    "management.burden": "Burden ServiceBurden burden",
    "management.journey": "Journey Journeys Touchpoint compare_journeys journeys",
    "management.sludge": "Friction SludgeAudit SludgeAudits sludge_audit",
    "management.starting_business": "CountedProcedure StartingBusiness starting_business",
    "metrics.standard_cost": "AdministrativeActivity AdministrativeCost InformationObligation",
    "metrics.starting_business": "BusinessStart ScoreComponent StartingBusinessScore starting_business_score weighted_score",
    "management.measures": "measure",
    "management.modelled": "Modelled",
    "management.satisfaction": "satisfaction_measurement",
    "management.scorecard": "Scorecard ScorecardRow scorecard",
    "management.trend": "Trend",
    "management.verdict": "Judgement Promised",
    "metrics.control": "ChartPoint ControlChart p_chart u_chart xmr_chart",
    "metrics.signals": "Signal",
    "model.arrivals": "Appointments Arrivals",
    "model.attribute": "Attribute",
    "model.cause": "CAUSES",
    "model.demand": "Demand HoursWeight MonthWeight WeekdayWeight relative_rate",
    "model.distribution": "Distribution Empirical Exponential Fixed Gamma Lognormal Pert Triangular Uniform Weibull",
    "model.measurement": "Measurement",
    "model.metric": "Metric Target",
    "model.open_cases": "OpenCases",
    "model.organisation": "PublicOrganisation",
    "model.period": "Period",
    "model.procedure": "Batch Check End Flow Gateway Node Procedure Step Wait",
    "model.resource": "Calendar Closure OpenHours Resource",
    "model.service": "Channel Event Evidence Fee Output PublicService Requirement ServiceStandard Suppression",
    "model.text": "Text",
    "model.vocabulary": "METRICS",
    "planning.backlog": "Backlog ClearedResource ClearedService clear_backlog",
    "planning.budget": "PlanBudget ServiceCost plan_budget",
    "planning.forecast": "Forecast ForecastInterval forecast_demand",
    "planning.shifts": "Shift ShiftPlan ShiftRules plan_shifts",
    "planning.shortest": "ShortestPromise shortest_promise",
    "planning.staffed": "PlannedTarget StaffedInterval StaffedResource Staffing",
    "planning.staffing": "staffing",
    "planning.target": "LeftOut PlanningTarget planning_target",
    "redesigns.proposal": "Plan Plans propose",
    "redesigns.changes": "changes",
    "redesigns.redesign": "Redesign redesign_for",
    "redesigns.sequence": "redesign",
    "redesigns.simplification": "Simplification simplification",
    "redesigns.proof": "Guarantee",
    "redesigns.simulated": "SimulatedSaving SimulatedSavings simulated",
    "redesigns.validation": "Validation validate",
    "simulation.intervals": "Estimate",
    "simulation.simulate": "simulate",
    "simulation.scenario": "Scenario Simulated",
    "simulation.single_run": "simulated_log write_simulated_log",
    "simulation.study": "Difference Precision Study WarmUp",
    "surveys.answers": "Answers ExcludedAnswer answers_from",
    "surveys.grade": "Grade grade",
    "surveys.groups": "Breakdown RespondentGroup breakdown",
    "surveys.instrument": "Instrument Item",
    "confidence": "ConfidenceInterval",
    "surveys.loyalty": "EffortScore PromoterScore SatisfactionShare customer_effort customer_satisfaction net_promoter_score",
    "surveys.official": "official_csv official_table",
    "surveys.reliability": "ItemStatistics Reliability cronbach_alpha",
    "surveys.sample_size": "krejcie_morgan sample_size",
    "surveys.satisfaction": "ElementScore SatisfactionIndex SatisfactionIndices satisfaction_index satisfaction_indices",
    "surveys.scaled_means": "ScaledMean ScaledMeans scaled_means",
    "surveys.service_quality": "PerceivedQuality QualityDimension ServiceQuality perceived_quality service_quality",
    "units": "CostRate Duration Money Rate",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "CAUSES",
    "METRICS",
    "AbsorbingChain",
    "AdministrativeActivity",
    "AdministrativeCost",
    "Analysis",
    "Answered",
    "Answers",
    "ApplicantTimes",
    "Appointments",
    "Arrivals",
    "Aspect",
    "Assignment",
    "Attribute",
    "Automate",
    "Backlog",
    "Batch",
    "BottleneckKinds",
    "Bottlenecks",
    "Breakdown",
    "BudgetUse",
    "Burden",
    "BusinessStart",
    "Calendar",
    "CaseType",
    "ChangeChannel",
    "Channel",
    "ChartPoint",
    "Check",
    "CheckedStandard",
    "Claim",
    "ClearedResource",
    "ClearedService",
    "Closure",
    "Comparison",
    "ConfidenceInterval",
    "Conflict",
    "Control",
    "ControlChart",
    "Corner",
    "CostRate",
    "CountedProcedure",
    "CriticalPath",
    "CycleTimeDistribution",
    "Demand",
    "Difference",
    "Distribution",
    "DropAsk",
    "DropBatch",
    "DropCheck",
    "DropOutputs",
    "Duration",
    "Edit",
    "Effect",
    "EffortScore",
    "ElementScore",
    "Empirical",
    "End",
    "Estimate",
    "Event",
    "EventLog",
    "Evidence",
    "ExcludedAnswer",
    "Exponential",
    "Fault",
    "Fee",
    "FetchEvidence",
    "Finding",
    "Findings",
    "Fixed",
    "Flow",
    "Forecast",
    "ForecastInterval",
    "Fragment",
    "Friction",
    "Gamma",
    "Gateway",
    "Grade",
    "Guarantee",
    "Handover",
    "HoldUp",
    "HoursWeight",
    "InfeasiblePlanError",
    "InformationObligation",
    "Instrument",
    "InvalidEditError",
    "InvalidFileError",
    "InvalidModelError",
    "InvalidQuantityError",
    "InvalidStudyError",
    "Item",
    "ItemStatistics",
    "Journey",
    "Journeys",
    "Judgement",
    "LeftOut",
    "Lever",
    "Lognormal",
    "LossyImportWarning",
    "ManagementPlan",
    "Means",
    "Measurement",
    "MergeSteps",
    "Message",
    "Metric",
    "MissingComponent",
    "MissingExtraError",
    "Modelled",
    "Money",
    "MonthWeight",
    "Node",
    "NodeData",
    "NodeTimes",
    "OpenCases",
    "OpenHours",
    "Output",
    "Parallelise",
    "Part",
    "Party",
    "PerceivedQuality",
    "Performance",
    "Period",
    "Pert",
    "Plan",
    "PlanBudget",
    "PlannedTarget",
    "PlanningTarget",
    "Plans",
    "PoolResources",
    "Precision",
    "Principle",
    "Principles",
    "Problem",
    "Procedure",
    "Promise",
    "Promised",
    "PromoterScore",
    "Proposal",
    "PublicNotice",
    "PublicOrganisation",
    "PublicService",
    "PublicServiceIndex",
    "PubserviceError",
    "QualityDimension",
    "Rate",
    "Reassign",
    "Redesign",
    "Reliability",
    "RelocateCheck",
    "RemoveFlow",
    "RemoveStep",
    "Reorder",
    "Requirement",
    "Resource",
    "ResourceLoad",
    "ResourceTimes",
    "RespondentGroup",
    "Rule",
    "SatisfactionIndex",
    "SatisfactionIndices",
    "SatisfactionShare",
    "Saving",
    "Savings",
    "ScaledMean",
    "ScaledMeans",
    "Scenario",
    "ScoreComponent",
    "Scorecard",
    "ScorecardRow",
    "Sensitivities",
    "ServiceBurden",
    "ServiceCost",
    "ServiceData",
    "ServiceDemand",
    "ServicePerformance",
    "ServiceQuality",
    "ServiceStandard",
    "ServiceTimes",
    "ServiceTriangle",
    "SetCapacity",
    "Shift",
    "ShiftPlan",
    "ShiftRules",
    "ShortestPromise",
    "Showing",
    "Signal",
    "Simplification",
    "Simulated",
    "SimulatedSaving",
    "SimulatedSavings",
    "SkipRuleError",
    "Slack",
    "SludgeAudit",
    "SludgeAudits",
    "Soundness",
    "SplitStep",
    "StaffedInterval",
    "StaffedResource",
    "Staffing",
    "Standards",
    "StartingBusiness",
    "StartingBusinessScore",
    "Step",
    "StepPerformance",
    "Study",
    "Subject",
    "Suppression",
    "Target",
    "Text",
    "TimeByCause",
    "Told",
    "Touchpoint",
    "Trend",
    "Triage",
    "Triangular",
    "UndefinedResultError",
    "Uniform",
    "UnknownIdError",
    "UnstableQueueError",
    "Validation",
    "ValueTimes",
    "Wait",
    "WarmUp",
    "WeekdayWeight",
    "Weibull",
    "__version__",
    "absorbing_chain",
    "administrative_cost",
    "analyse",
    "answers_from",
    "append_measurements",
    "apply",
    "bottleneck_kinds",
    "breakdown",
    "burden",
    "changes",
    "check",
    "check_principles",
    "check_standards",
    "clear_backlog",
    "compare",
    "compare_journeys",
    "concurrent_pairs",
    "critical_path",
    "cronbach_alpha",
    "customer_effort",
    "customer_satisfaction",
    "cycle_time_distribution",
    "data_flow",
    "digraph",
    "discover",
    "dominators",
    "example_names",
    "exclusive_pairs",
    "find_bottlenecks",
    "find_rule",
    "forecast_demand",
    "from_json",
    "from_yaml",
    "grade",
    "implied_flows",
    "journeys",
    "kpi",
    "krejcie_morgan",
    "management_plan",
    "measure",
    "net_promoter_score",
    "network_performance",
    "official_csv",
    "official_table",
    "p_chart",
    "perceived_quality",
    "performance",
    "plan_budget",
    "plan_shifts",
    "planning_target",
    "post_dominators",
    "procedure_from",
    "propose",
    "public_notice",
    "public_service_index",
    "queueing",
    "read_answers",
    "read_bpmn",
    "read_bpmn_lanes",
    "read_csv",
    "read_example",
    "read_json",
    "read_measurements",
    "read_parquet",
    "read_xes",
    "read_yaml",
    "redesign",
    "redesign_for",
    "relative_rate",
    "rule",
    "rules",
    "sample_size",
    "satisfaction_index",
    "satisfaction_indices",
    "satisfaction_measurement",
    "savings",
    "scaled_means",
    "schema",
    "scorecard",
    "sensitivity",
    "service_quality",
    "service_triangle",
    "shortest_promise",
    "simplification",
    "simulate",
    "simulated",
    "simulated_log",
    "sludge_audit",
    "soundness",
    "staffing",
    "starting_business",
    "starting_business_score",
    "structure",
    "time_by_cause",
    "to_json",
    "to_mermaid",
    "to_yaml",
    "u_chart",
    "ureg",
    "validate",
    "weighted_score",
    "what_if",
    "write_json",
    "write_measurements",
    "write_simulated_log",
    "write_yaml",
    "xmr_chart",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    elif name == "queueing":
        value = import_module(f"{__name__}.queueing")
    elif name == "kpi":
        value = import_module(f"{__name__}.metrics.kpi")
    elif name == "ureg":
        from pubservice.units import registry

        value = registry()
    elif name == "__version__":
        from importlib.metadata import version

        value = version(__name__)
    else:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
