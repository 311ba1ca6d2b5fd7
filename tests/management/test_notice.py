"""The public notice: what it says, what it leaves open, and what a model cannot smuggle into it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.management import wording
from pubservice.messages import LANGUAGES
from pubservice.units import Duration, Money
from strategies import organisations
from written import model

PERMIT = """
evidence: [{id: passport, name: {en: Passport, id: Paspor}}, {id: permit, name: {en: The permit, id: Izin}}]
requirements: [form, {id: identity, name: {en: Proof of identity}, evidence: [passport, id-card]}, {id: photo, evidence: [picture]}]
outputs: [permit, {id: receipt, name: Receipt}]
channels: [{id: desk, name: {en: Counter, id: Loket}, kind: counter}]
fees:
  - {amount: 150000 IDR, at: pay, name: Levy, legal_basis: [UU 1/2022]}
  - {amount: 12.5 EUR}
standard: {completion_time: 1 working_day, complaints: {en: Ask at the desk, id: Tanyakan di loket}}
procedure:
  steps:
    - {id: intake, name: {en: Intake, id: Penerimaan}, contact: in-person, channel: desk, asks: [stamp]}
    - {id: call, contact: remote}
    - {id: pay, name: Pay, actor: applicant}
    - {id: test, actor: other-body, body: Laboratory}
    - {id: confirm, actor: other-body}
    - {id: issue}
    - {id: nowhere}
  flows:
    - {source: intake, target: call}
    - {source: call, target: pay}
    - {source: pay, target: test}
    - {source: test, target: confirm}
    - {source: confirm, target: issue}
    - {source: nowhere, target: issue}
  start: intake
"""
FORMULA = "apabila tidak menepati janji ini, kami siap menerima sanksi sesuai peraturan perundang-undangan yang berlaku."


def lines(text: str, language: str = "en") -> list[str]:
    """Return the lines of the notice of the service that a text describes."""
    return ps.public_notice(model(text)).text(language).splitlines()  # type: ignore[arg-type]


def test_a_notice_has_the_statement_in_both_languages() -> None:
    """
    Promise, improvement and sanction are declared, in the formula that Indonesian agencies use.
    """
    notice = ps.public_notice(ps.read_example("civil-registration"))
    assert FORMULA in notice.text("id")
    assert "perbaikan secara terus-menerus" in notice.text("id")
    assert "we are ready to accept sanctions under the laws and regulations in force." in notice.text("en")
    assert str(notice) == notice.text("id")
    assert notice.text("id").startswith("MAKLUMAT PELAYANAN\n")
    assert "- Dokumen kependudukan tidak dipungut biaya" in notice.text("id").splitlines()


def test_components_are_filled_from_what_the_model_states() -> None:
    """
    Requirements with what proves them, steps that a case can reach with who acts, time, fees, outputs and complaints.
    """
    found = lines(PERMIT)
    for line in (
        "- form",
        "- Proof of identity, proven by any of: Passport, id-card",
        "- photo, proven by picture",
        "- stamp",
        "1. Intake (with you: Counter)",
        "2. call (with you)",
        "3. Pay (by you)",
        "4. test (by Laboratory)",
        "5. confirm (by another body)",
        "6. issue",
        "1 working day",
        "- Levy: 150,000 IDR, due at: Pay (UU 1/2022)",
        "- 12.5 EUR",
        "- The permit",
        "- Receipt",
        "Ask at the desk",
    ):
        assert line in found
    assert not any("nowhere" in line for line in found)
    indonesian = lines(PERMIT, "id")
    assert "1. Penerimaan (bersama pemohon: Loket)" in indonesian
    assert "5. confirm (oleh lembaga lain)" in indonesian
    assert "- Levy: Rp150.000, dibayar pada: Pay (UU 1/2022)" in indonesian
    assert "1 hari kerja" in indonesian


def test_what_is_not_stated_is_marked_and_not_made_up() -> None:
    """
    A service that says nothing gets six marks and a draft line; a time that could be computed is not promised.
    """
    notice = ps.public_notice(model("procedure: {steps: [{id: a, processing_time: 5 min}]}"))
    assert [missing.component for missing in notice.missing] == [
        *("requirements", "completion_time", "fee", "product", "complaints"),
    ]
    assert "Draft; components that are not stated: 5" in notice.text("en")
    assert "[not stated: fee]" in notice.text("en")
    assert "[belum dinyatakan: tarif]" in notice.text("id")
    assert "**\\[not stated: fee\\]**" in notice.markdown("en")
    assert "5 min" not in notice.text("en")
    assert "Draft" not in ps.public_notice(ps.read_example("civil-registration")).text("en")


def test_place_date_and_signature_stand_at_the_end() -> None:
    """
    What is given is written, with the month in words; what is not is a line to fill in.
    """
    office = ps.PublicOrganisation("o")
    signed = ps.public_notice(
        office, place="Bandung", date=dt.date(2026, 8, 17), signatory="A. Wijaya", position="Head"
    )
    assert signed.text("id").splitlines()[-3:] == ["Bandung, 17 Agustus 2026", "Head", "A. Wijaya"]
    assert signed.text("en").splitlines()[-3] == "Bandung, 17 August 2026"
    assert set(ps.public_notice(office).text("en").splitlines()[-1]) == {"."}
    assert "Our commitments" not in signed.text("en")


def test_services_can_be_chosen() -> None:
    """
    Only the services that are named stand in the notice; one that is not there is refused.
    """
    office = ps.read_example("building-permit")
    notice = ps.public_notice(office, services=["zoning-advice"])
    assert "## Confirmation of land use" in notice.markdown("en")
    assert "Building permit\n" not in notice.markdown("en")
    with pytest.raises(ps.UnknownIdError):
        ps.public_notice(office, services=["zoning"])


def test_data_holds_the_document_and_what_it_lacks() -> None:
    """
    JSON has the notice as text and as Markdown, and the components that are missing.
    """
    data = ps.public_notice(model("outputs: [permit]")).data("en")
    assert (data["organisation"], data["language"]) == ("o", "en")
    assert {"service": "s", "component": "fee"} in data["missing"]
    assert data["markdown"].startswith("# Public service notice\n")
    assert data["text"].startswith("PUBLIC SERVICE NOTICE\n")


HOSTILE = "# Head\n\n<script>alert(1)</script> [x](http://e.vil) **b** `c` | t\u202e"


def test_text_from_a_model_stays_text() -> None:
    """
    Line breaks, tags, links, headings and emphasis of a model are shown as they are written, on one line.
    """
    office = ps.PublicOrganisation("o", name=HOSTILE, commitments=["- nested", "1. list", "+ more"])
    notice = ps.public_notice(office)
    markdown = notice.markdown("en").splitlines()
    assert (
        "\\# Head \\<script\\>alert(1)\\</script\\> \\[x\\](http://e.vil) \\*\\*b\\*\\* \\`c\\` \\| t"
        in markdown
    )
    assert "- \\- nested" in markdown
    assert "- 1\\. list" in markdown
    assert "- \\+ more" in markdown
    assert (
        "# Head <script>alert(1)</script> [x](http://e.vil) **b** `c` | t" in notice.text("en").splitlines()
    )


@settings(max_examples=50)
@given(organisations(), st.sampled_from(LANGUAGES))
def test_structure_is_ours_whatever_a_model_says(
    office: ps.PublicOrganisation, language: ps.messages.Language
) -> None:
    """
    Whatever stands in a model, the notice has one title, one heading a service and six components of each.
    """
    found = ps.public_notice(office).markdown(language).splitlines()
    assert sum(line.startswith("# ") for line in found) == 1
    assert sum(line.startswith("## ") for line in found) == len(office.services)
    commitments = 1 if office.commitments else 0
    assert sum(line.startswith("### ") for line in found) == 6 * len(office.services) + commitments
    assert all(line.isprintable() for line in found)
    assert not re.search(r"(?<!\\)<", "\n".join(found))


@pytest.mark.parametrize(
    "unit", ["s", "min", "hour", "day", "week", "month", "year", "working_min", "working_hour", "working_day"]
)
def test_every_unit_has_words(unit: str) -> None:
    """
    One of a unit and several of it are said in English, and alike in Indonesian.
    """
    one, two = Duration(1, unit), Duration(2.5, unit)
    assert wording.length(two, "en") == f"2.5{wording.length(one, 'en')[1:]}s"
    assert wording.length(two, "id") == f"2,5{wording.length(one, 'id')[1:]}"


def test_every_month_has_an_indonesian_name() -> None:
    """
    Dates are said with the month in words.
    """
    said = [wording.day(dt.date(2026, month, 1), "id").split()[1] for month in range(1, 13)]
    assert said[:5] == ["Januari", "Februari", "Maret", "April", "Mei"]
    assert len(set(said)) == 12


def test_numbers_are_grouped_as_the_language_does() -> None:
    """
    Thousands and decimals change places between English and Indonesian; zero is a number.
    """
    assert wording.number(1234567.5, "en") == "1,234,567.5"
    assert wording.number(1234567.5, "id") == "1.234.567,5"
    assert wording.amount(Money(0, "IDR"), "id") == "Rp0"
