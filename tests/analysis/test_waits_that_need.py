"""What a wait says that whoever acts meanwhile must have."""

from __future__ import annotations

from typing import Any

import pytest

import pubservice as ps


def office(*, needs: Any = (), gives: Any = ("request", "note"), **beside: Any) -> ps.PublicOrganisation:
    """Return a service that asks another body for an opinion."""
    procedure = ps.Procedure(
        start="ask",
        steps=[
            ps.Step("ask", needs=["form"], gives=gives),
            ps.Step("decide", needs=["opinion"], gives=["permit"]),
        ],
        waits=[ps.Wait("fire", cause="other-body", clock="elapsed", needs=needs, gives=["opinion"])],
        flows=[ps.Flow("ask", "fire"), ps.Flow("fire", "decide")],
    )
    service = ps.PublicService("s", requirements=["form"], outputs=["permit"], procedure=procedure)
    return ps.PublicOrganisation("o", services=[service], **beside)


def said(model: ps.PublicOrganisation, code: str) -> list[str]:
    """Return what a rule says."""
    return [str(finding) for finding in ps.check(model, select=[code])]


def test_only_what_a_wait_needs_is_used_by_it() -> None:
    """
    Where a wait says what is sent out, that is used and other data are not; where it says nothing, all may be.
    """
    assert said(office(), "RED002") == []
    (found,) = ps.check(office(needs=["request"]), select=["RED002"])
    assert found.remedy == ps.DropOutputs("s", [("ask", "note")])
    assert said(office(needs=["request", "note"]), "RED002") == []


def test_what_a_wait_needs_must_be_there() -> None:
    """
    A wait that needs what nothing supplies is a finding, and an edit that takes it away is refused.
    """
    (found,) = said(office(needs=["letter"]), "MOD005")
    assert "fire: nothing supplies 'letter' before it" in found
    with pytest.raises(ps.InvalidEditError) as caught:
        ps.redesign(office(needs=["request"]), [ps.DropOutputs("s", [("ask", "request")])])
    assert str(caught.value) == "s: wait 'fire' needs 'request', which nothing would supply any more"


def test_what_a_wait_of_another_service_needs_is_wanted() -> None:
    """
    Data that only a wait of another service needs are not made in vain.
    """
    model = office(needs=["request"])
    opinion = ps.Wait("post", cause="other", clock="elapsed", needs=["note"])
    other = ps.PublicService("t", procedure=ps.Procedure(waits=[opinion]))
    joined = ps.PublicOrganisation("o", services=[*model.services, other])
    assert said(joined, "RED002") == []


def test_a_procedure_of_which_only_a_wait_reads_has_its_data_checked() -> None:
    """
    MOD005 looks at what waits need, also where no step reads anything.
    """
    wait = ps.Wait("post", cause="other", clock="elapsed", needs=["note"])
    model = ps.PublicOrganisation("o", services=[ps.PublicService("t", procedure=ps.Procedure(waits=[wait]))])
    assert len(said(model, "MOD005")) == 1
