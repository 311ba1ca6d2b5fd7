"""What services cost those served, in one."""

from __future__ import annotations

import pytest

import pubservice as ps


@pytest.mark.parametrize("name", ps.example_names())
def test_the_parts_are_those_that_are_worked_out_alone(name: str) -> None:
    """
    Journey, administrative cost and frictions are the same as those of `journeys`, `administrative_cost`, `sludge_audit`.
    """
    office = ps.read_example(name)
    tariff = "20000 IDR/hour"
    found = ps.burden(office, tariff=tariff)
    assert len(found) == len(office.services)
    audits = ps.sludge_audit(office, tariff=tariff)
    for each in found:
        assert each.journey == ps.journeys(office).service(each.service)
        assert each.administrative_cost == ps.administrative_cost(office, service=each.service, tariff=tariff)
        assert each.sludge == audits.service(each.service)
        assert str(each).startswith(each.service)


def test_one_service_is_looked_at_by_its_id() -> None:
    """
    One service is looked at where it is named; another is not known.
    """
    office = ps.read_example("civil-registration")
    (found,) = ps.burden(office, service="identity-card")
    assert found.service == "identity-card"
    with pytest.raises(ps.UnknownIdError, match="no service 'identity', did you mean 'identity-card'"):
        ps.burden(office, service="identity")


def test_it_says_where_it_comes_from() -> None:
    """
    The result has the digest of the model, and the assumptions and sources of all three parts.
    """
    found = ps.burden(ps.read_example("civil-registration"))
    assert any("Standard Cost Model" in source for source in found.provenance.sources)
    assert any("Sludge" in source for source in found.provenance.sources)
    assert found.data()["provenance"]["digest"] == found.provenance.digest
    assert str(found).count("administrative cost: ") == 2


def test_no_services_are_said() -> None:
    """
    Of an organisation without services the text says that there are none.
    """
    assert str(ps.burden(ps.PublicOrganisation("o"))) == "there are no services"
