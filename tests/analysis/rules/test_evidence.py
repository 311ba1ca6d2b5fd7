"""What applicants hand in: held already (EVD002, EVD003), confirmed by its issuer (EVD004), expiring (EVD005)."""

from __future__ import annotations

import pytest

import pubservice as ps
from planting import sketches
from pubservice.analysis.questions import questions
from pubservice.edits.application import apply
from written import applied, found, model, only, texts

ONCE = """
requirements: [id_card, birth_certificate, application_form, tax_number, site_plan]
procedure:
  steps:
    - {id: s1, asks: [id_card, birth_certificate]}
    - {id: s2, asks: [application_form, tax_number]}
    - {id: s3, asks: [application_form, site_plan]}
  flows: [{source: s1, target: s2}, {source: s2, target: s3}]
beside:
  - {id: civil_registry, outputs: [birth_certificate]}
  - {id: tax_office, outputs: [tax_number]}
"""


def test_evidence_that_other_services_issue_is_fetched() -> None:
    """
    Two of five pieces of evidence are the outputs of other services (oracle once-only-evidence).
    """
    birth, tax = found(ONCE, "EVD002")
    assert (birth.steps, birth.remedy) == (
        ("s1",),
        ps.FetchEvidence("s", "birth_certificate", "civil_registry"),
    )
    assert (tax.steps, tax.remedy) == (("s2",), ps.FetchEvidence("s", "tax_number", "tax_office"))
    assert str(tax.message) == "asks for tax_number, which tax_office issues"
    assert [f.steps for f in found(ONCE, "EVD001")] == [("s3",)]
    assert birth.remedy is not None
    assert tax.remedy is not None
    after = apply(apply(model(ONCE), birth.remedy), tax.remedy)
    assert not ps.check(after, select=["EVD002", "MOD005"])
    assert [step.asks for step in after.services[0].procedure.steps] == [
        ("id_card",),
        ("application_form",),
        ("application_form", "site_plan"),
    ]


def test_evidence_that_comes_with_the_application_is_fetched_too() -> None:
    """
    A requirement that no step asks for is found and fetched under its evidence's name; one's own output is not found.
    """
    text = """
    requirements: [{id: identity, evidence: [id-card]}, permit]
    outputs: [permit]
    procedure: {steps: [{id: a, needs: [identity]}]}
    beside: [{id: registry, outputs: [id-card]}]
    """
    one = only(text, "EVD002")
    assert one.text() == "EVD002 s: id-card has to be handed in, and registry issues it"
    assert one.remedy == ps.FetchEvidence("s", "id-card", "registry")
    (step,) = applied(text, one.remedy).services[0].procedure.steps
    assert step.needs == ("id-card",)


def test_who_has_other_evidence_is_not_shut_out() -> None:
    """
    Where another kind of evidence will do too, the finding has no remedy.
    """
    text = """
    requirements: [{id: identity, evidence: [passport, id-card]}]
    procedure: {steps: [{id: a, needs: [identity]}]}
    beside: [{id: registry, outputs: [id-card]}]
    """
    one = only(text, "EVD002")
    assert one.text() == "EVD002 s: id-card has to be handed in, and registry issues it"
    assert (one.remedy, one.proposal) == (None, None)


def test_the_law_that_demands_evidence_makes_fetching_it_a_proposal() -> None:
    """
    A legal basis of the requirement, or of the step that asks, may demand the paper itself.
    """
    asked = """
    procedure: {steps: [{id: a, asks: [id-card], legal_basis: [UU 24/2013]}, {id: b}], flows: [{source: a, target: b}]}
    beside: [{id: registry, outputs: [id-card]}]
    """
    one = only(asked, "EVD002")
    assert one.remedy is None
    assert one.proposal is not None
    assert one.proposal.provisions == ("UU 24/2013",)
    text = ONCE.replace(
        "birth_certificate, application_form,",
        "{id: birth_certificate, legal_basis: [UU 1/2020]}, application_form,",
        1,
    )
    assert [f.remedy is not None for f in found(text, "EVD002")] == [False, True]


def test_planted_evidence_of_another_service_is_found_and_look_alikes_are_not() -> None:
    """
    A step that asks for another service's output is found; one that needs it, or asks for something else, is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        fields: dict[str, list[str]] = ({"asks": ["card"]}, {"needs": ["card"]}, {"asks": ["cards"]})[n % 3]
        step = sketch.step(**fields)
        sketch.put(step)
        resources = [ps.Resource(id, capacity=1000) for id in sketch.resources]
        services = [sketch.service(), ps.PublicService("registry", outputs=["card"])]
        organisation = ps.PublicOrganisation("o", resources=resources, services=services)
        result = list(ps.check(organisation, select=["EVD002"]))
        assert [f.steps for f in result] == [(step.id,)] * (n % 3 == 0)
        for finding in result:
            assert finding.remedy is not None
            assert not ps.check(apply(organisation, finding.remedy), select=["EVD002", "MOD005"])


def test_questions_are_listed_once() -> None:
    """
    Requirements come first, each with the steps that ask for it under any name, then what else steps ask for.
    """
    text = """
    requirements: [form, {id: proof, evidence: [passport]}, {id: any, evidence: [x, y]}]
    procedure:
      steps: [{id: a, asks: [passport, photo]}, {id: b, asks: [proof, photo]}]
      flows: [{source: a, target: b}]
    """
    listed = [(q.name, q.names, q.steps) for q in questions(model(text).services[0])]
    assert listed == [
        ("form", ("form",), ()),
        ("proof", ("proof", "passport"), ("b", "a")),
        ("any", ("any",), ()),
        ("photo", ("photo",), ("a", "b")),
    ]


ACROSS = """
requirements: [number, tax-number]
procedure: {steps: [{id: accept, needs: [number], asks: [tax-number]}]}
beside: [{id: register, requirements: [tax-number], outputs: [number]}]
"""


def test_what_the_service_before_has_asked_for_is_found() -> None:
    """
    Whoever requires what another service issues comes from there, with what was handed in there.
    """
    one = only(ACROSS, "EVD003")
    assert (
        one.text() == "EVD003 s: accept: asks applicants for tax-number, which they hand in to register too"
    )
    assert not found(ACROSS.replace("outputs: [number]", "outputs: [other]"), "EVD003")
    assert not found(ACROSS.replace("requirements: [tax-number]", "requirements: [other]"), "EVD003")
    assert only(
        ACROSS.replace("needs: [number], ", "")
        .replace("[number, tax-number]", "[tax-number]")
        .replace("asks:", "checks: [number], asks:"),
        "EVD003",
    ).steps == ("accept",)


EVENT = """
life_events: [birth]
requirements: [{id: identity, evidence: [card]}]
procedure: {steps: [{id: a}]}
beside:
  - {id: second, life_events: [birth], requirements: [card, form]}
  - {id: third, business_events: [birth], requirements: [card]}
  - {id: other, life_events: [death], requirements: [card]}
"""


def test_services_of_one_event_ask_once() -> None:
    """
    Of services that share an event, all but the first in the document are told; evidence that is issued is not.
    """
    told = [f.text() for f in found(EVENT, "EVD003")]
    assert told == [
        "EVD003 second: asks applicants for card, which they hand in to s too",
        "EVD003 third: asks applicants for card, which they hand in to s too",
    ]
    assert not found(EVENT + "  - {id: registry, outputs: [card]}\n", "EVD003")


def test_two_services_are_told_of_each_other_once() -> None:
    """
    Services that share an event and of which the first needs what the second issues are one finding.
    """
    text = EVENT.replace("{id: second,", "{id: second, outputs: [certificate],").replace(
        "{id: a}", "{id: a, needs: [certificate]}"
    )
    assert [f.service for f in found(text, "EVD003")] == ["s", "third"]


def test_planted_questions_across_services_are_found_and_look_alikes_are_not() -> None:
    """
    Asked for by another service of the event: found; by one of another event, or needed only: not.
    """
    for n, sketch in enumerate(sketches(1000)):
        step = sketch.step(**({"needs": ["card"]} if n % 3 == 2 else {"asks": ["card"]}))
        sketch.put(step)
        first = ps.PublicService(
            "first", requirements=["card"], life_events=["death" if n % 3 == 1 else "birth"]
        )
        resources = [ps.Resource(id, capacity=1000) for id in sketch.resources]
        services = [first, sketch.service(life_events=["birth"])]
        organisation = ps.PublicOrganisation("o", resources=resources, services=services)
        result = list(ps.check(organisation, select=["EVD003"]))
        assert [f.steps for f in result] == [(step.id,)] * (n % 3 == 0)


TRUST = """
resources: [{id: clerk}, {id: link, kind: information-system}]
evidence: [{id: title, issuer: land office}, {id: form}]
requirements: [title, form]
procedure:
  steps:
    - {id: verify, resource: clerk, kind: check, checks: [{check: authentic, of: title}, {check: valid, of: title}]}
    - {id: assess, resource: clerk}
  flows: [{source: verify, target: assess}]
"""


def test_checks_that_the_issuer_could_answer_are_automated() -> None:
    """
    A step that only asks whether what another body issued is genuine becomes a query.
    """
    one = only(TRUST, "EVD004")
    assert one.text() == (
        "EVD004 s: verify: checks what land office could confirm: authentic of title, valid of title"
    )
    assert one.remedy == ps.Automate("s", "verify", "0 min")
    assert not ps.check(applied(TRUST, one.remedy), select=["EVD004"])
    bound = only(TRUST.replace("kind: check", "kind: check, legal_basis: [UU 1/2020]"), "EVD004")
    assert bound.proposal == ps.Proposal(("UU 1/2020",), ps.Automate("s", "verify", "0 min"))


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("kind: check, ", "", 1),
        ("kind: check", "kind: check, contact: remote", 1),
        ("kind: check", "kind: check, gives: [note]", 1),
        ("kind: check", "kind: check, asks: [note]", 1),
        ("{check: valid, of: title}", "{check: valid, of: form}", 1),
        (
            "{source: verify, target: assess}",
            "{source: verify, target: assess}, {source: verify, target: b}",
            1,
        ),
        ("{check: authentic, of: title}, {check: valid, of: title}", "{check: inside-plan, of: title}", 0),
        ("{check: authentic, of: title}, {check: valid, of: title}", "{check: valid, of: other}", 0),
        ("issuer: land office", "issuer: o", 0),
        ("issuer: land office", "issuer: City hall", 0),
        ("resource: clerk, kind", "resource: link, kind", 0),
        ("resource: clerk, kind", "actor: other-body, kind", 0),
        (", {id: form}]", "]", 1),
        ("evidence: [{id: title, issuer: land office}, {id: form}]", "", 0),
        ("[{source: verify, target: assess}]", "[]\n  start: assess", 0),
    ],
)
def test_other_checks_are_left_to_the_office(old: str, new: str, count: int) -> None:
    """
    Where the step does more there is no edit; what the office judges, issues or has queried already is not found.
    """
    text = TRUST.replace(old, new)
    if "target: b" in new:
        text = text.replace("{id: assess, resource: clerk}", "{id: assess}\n    - {id: b}")
    if "City hall" in new:
        text += "beside: [{id: x, name: City hall}]\n"
    result = found(text, "EVD004")
    assert [f.remedy for f in result] == (
        [ps.Automate("s", "verify", "0 min")] if "{id: form}" in old and len(old) < 20 else [None]
    ) * count


def test_a_step_that_the_law_demands_and_that_does_more_is_left() -> None:
    """
    Witnesses heard by law are more than a look at paper.
    """
    assert not found(TRUST.replace("kind: check", "contact: in-person, legal_basis: [UU 1/2020]"), "EVD004")


def test_a_repeated_check_is_told_once() -> None:
    """
    What an earlier step has verified is the business of another rule.
    """
    text = TRUST.replace(
        "{id: assess, resource: clerk}", "{id: assess, resource: clerk, checks: [{check: valid, of: title}]}"
    )
    assert [f.steps for f in found(text, "EVD004")] == [("verify",)]


def test_planted_checks_of_what_others_issue_are_found_and_look_alikes_are_not() -> None:
    """
    Whether another body's paper is genuine is found; whether it fits, or whether one's own is genuine, is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        check = {"check": "conforms" if n % 3 == 1 else "authentic", "of": "own" if n % 3 == 2 else "title"}
        step = sketch.step(kind="check", checks=[check])
        seq = sketch.put(step)
        seq.items.append(sketch.step())
        resources = [ps.Resource(id, capacity=1000) for id in sketch.resources]
        evidence = [ps.Evidence("title", issuer="land office"), ps.Evidence("own", issuer="o")]
        organisation = ps.PublicOrganisation(
            "o",
            resources=resources,
            evidence=evidence,
            services=[sketch.service(requirements=["title", "own"])],
        )
        result = list(ps.check(organisation, select=["EVD004"]))
        assert [f.steps for f in result] == [(step.id,)] * (n % 3 == 0)
        for finding in result:
            if finding.remedy is not None:
                assert not ps.check(ps.redesign(organisation, [finding.remedy]), select=["EVD004"])


EXPIRE = """
evidence: [{id: letter, validity: 7 day}]
requirements: [letter]
procedure:
  steps: [{id: a, processing_time: 2 hour}, {id: b, needs: [letter]}, {id: c}]
  waits: [{id: w, cause: statutory, clock: elapsed, time: 7 day}]
  flows: [{source: a, target: w}, {source: w, target: b}, {source: b, target: c}]
"""


def test_evidence_that_is_used_too_late_is_told() -> None:
    """
    Valid for a week, handed in at the start, used after two hours and a week.
    """
    assert texts(EXPIRE, "EVD005") == ["b: letter is valid for 7 day, and b uses it after 7.083 day or more"]
    assert not found(EXPIRE.replace("2 hour", "0 min"), "EVD005")
    assert not found(EXPIRE.replace("validity: 7 day", "validity: 8 day"), "EVD005")
    assert not found(EXPIRE.replace("{id: c}", "{id: c, gives: [letter]}"), "EVD005")
    assert not found(EXPIRE.replace("needs: [letter]", "needs: []"), "EVD005")
    assert not found(EXPIRE.replace("{id: b,", "{id: b, asks: [letter],"), "EVD005")
    assert [f.steps for f in found(EXPIRE.replace("{id: a,", "{id: a, asks: [letter],"), "EVD005")] == [
        ("a", "b")
    ]
    assert not found(EXPIRE.replace("requirements: [letter]", ""), "EVD005")
    assert not found(EXPIRE.replace(", validity: 7 day", ""), "EVD005")
    assert not found("evidence: [{id: letter, validity: 7 day}]\nrequirements: [letter]", "EVD005")


def test_the_last_use_counts_and_lost_steps_do_not() -> None:
    """
    Of several uses the last is told; a step that no case reaches neither asks nor uses.
    """
    text = EXPIRE.replace("{id: c}", "{id: c, checks: [letter]}, {id: lost, needs: [letter], asks: [letter]}")
    text = text.replace("procedure:", "procedure:\n  start: a")
    assert [f.steps for f in found(text, "EVD005")] == [("lost", "c")]
    early = EXPIRE.replace("{id: a,", "{id: c2, needs: [letter]}, {id: a,").replace("source: c2", "")
    early = early.replace("flows: [", "flows: [{source: c2, target: a}, ")
    assert [f.steps for f in found(early, "EVD005")] == [("b",)]


def test_validity_in_working_days_runs_by_the_calendar() -> None:
    """
    Seven working days of eight hours outlast a working week; without a calendar nothing is claimed.
    """
    text = EXPIRE.replace("7 day}]\nrequirements", "4 working_day}]\nrequirements").replace(
        "cause: statutory, clock: elapsed, time: 7 day",
        "cause: statutory, clock: working, time: 5 working_day",
    )
    assert not found(text, "EVD005")
    calendar = 'calendars: [{id: office, hours: {mon-fri: "08:00-16:00"}}]\ncalendar: office\n'
    assert texts(calendar + text.strip(), "EVD005") == [
        "b: letter is valid for 4 working_day, and b uses it after 5.25 working_day or more"
    ]


BLOCKS = """
evidence: [{{id: letter, validity: 1 hour}}]
requirements: [letter]
procedure:
  steps:
    - {{id: a, processing_time: 10 min{a}}}
    - {{id: b, processing_time: 40 min{b}}}
    - {{id: c, processing_time: 90 min{c}}}
    - {{id: d, processing_time: 5 min{d}}}
    - {{id: e, processing_time: 5 min{e}}}
  gateways: [{{id: f, kind: {kind}}}, {{id: j, kind: {kind}}}]
  flows:
    - {{source: a, target: f}}
    - {{source: f, target: b{p}}}
    - {{source: f, target: c{p}}}
    - {{source: b, target: d}}
    - {{source: d, target: j}}
    - {{source: c, target: j}}
    - {{source: j, target: e}}
"""


@pytest.mark.parametrize(
    ("asks", "uses", "kind", "time"),
    [
        ("a", "e", "parallel", "1.667 hour"),
        ("a", "e", "inclusive", None),
        ("a", "d", "parallel", None),
        ("c", "e", "parallel", "1.5 hour"),
        ("b", "e", "parallel", None),
        ("c", "d", "parallel", None),
        ("", "e", "parallel", "1.667 hour"),
    ],
)
def test_blocks_last_as_long_as_what_every_case_passes(
    asks: str, uses: str, kind: str, time: str | None
) -> None:
    """
    Of parallel branches the longest counts, of inclusive ones the shortest; side by side nothing lies between.
    """
    fields = dict.fromkeys("abcde", "")
    if asks:
        fields[asks] += ", asks: [letter]"
    fields[uses] += ", needs: [letter]"
    p = ", probability: 0.5" if kind == "inclusive" else ""
    told = texts(BLOCKS.format(**fields, kind=kind, p=p), "EVD005")
    assert [t.split(" after ")[1] for t in told] == ([f"{time} or more"] if time else [])


def test_what_another_way_avoids_does_not_count() -> None:
    """
    Where a case may come to the use without the wait, it does not last that long; nor before it is handed in.
    """
    text = EXPIRE.replace("flows: [", "flows: [{source: a, target: b}, ")
    assert not found(text, "EVD005")
    back = EXPIRE.replace("{id: c}", "{id: c, asks: [letter]}")
    assert not found(back, "EVD005")


def test_blocks_that_do_not_close_and_too_many_dates_are_said() -> None:
    """
    The rule says why it does not run.
    """
    open_ = EXPIRE.replace(
        "flows: [",
        "gateways: [{id: g, kind: parallel}]\n  flows: [{source: g, target: c}, {source: g, target: a}, ",
    )
    assert "not checked" in str(ps.check(model(open_), select=["EVD005"]))
    ids = [f"d{n}" for n in range(101)]
    service = ps.PublicService("s", requirements=ids, procedure=ps.Procedure(steps=[ps.Step("a", needs=ids)]))
    many = ps.PublicOrganisation(
        "o", evidence=[ps.Evidence(id, validity="1 day") for id in ids], services=[service]
    )
    assert "more than 100 kinds of evidence have a validity" in str(ps.check(many, select=["EVD005"]))


def test_planted_expiry_is_found_and_look_alikes_are_not() -> None:
    """
    Used behind a wait longer than it is valid: found; used before it, or valid longer: not.
    """
    for n, sketch in enumerate(sketches(1000)):
        wait = ps.Wait("hold", cause="statutory", clock="elapsed", time="30 day")
        use = sketch.step(needs=["letter"])
        sketch.put_in_order(*((use, wait) if n % 3 == 1 else (wait, use)))
        evidence = [ps.Evidence("letter", validity="900 day" if n % 3 == 2 else "10 day")]
        resources = [ps.Resource(id, capacity=1000) for id in sketch.resources]
        service = sketch.service(requirements=["letter"])
        organisation = ps.PublicOrganisation("o", resources=resources, evidence=evidence, services=[service])
        assert [f.steps for f in ps.check(organisation, select=["EVD005"])] == [(use.id,)] * (n % 3 == 0)
