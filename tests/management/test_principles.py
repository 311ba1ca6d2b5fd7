"""The twelve principles, each beside what the model shows."""

from __future__ import annotations

from hypothesis import given, settings

import pubservice as ps
from pubservice.management.principles import PRINCIPLES
from strategies import checkable
from written import model


def principle(id: str, text: str) -> ps.Principle:
    """Return one principle of the model that a text describes."""
    return ps.check_principles(model(text)).principle(id)


def test_there_are_twelve_in_the_order_of_the_law() -> None:
    """
    The principles are those of the law, with its letters.

    Source:
        UU 25/2009 art. 4, letters a to l.
    """
    found = ps.check_principles(ps.PublicOrganisation("o")).principles
    assert "".join(principle.letter for principle in found) == "abcdefghijkl"
    assert [principle.name.text("id") for principle in found][:3] == [
        "kepentingan umum",
        "kepastian hukum",
        "kesamaan hak",
    ]
    assert all(claims for _, claims in PRINCIPLES.values())


@settings(max_examples=40)
@given(checkable)
def test_nothing_is_met_without_a_fact(office: ps.PublicOrganisation) -> None:
    """
    A principle is met only where every fact under it holds, and contradicted only by one that does not.
    """
    for found in ps.check_principles(office).principles:
        held = [shown.holds for _, shown in found.facts]
        assert (found.state == "met") == (set(held) == {True})
        assert (found.state == "contradicted") == (False in held)
        assert (found.state == "not shown") == (set(held) == {None})
        assert len(found.why) == len(held)


def test_an_empty_model_shows_no_principle() -> None:
    """
    An organisation without services meets nothing and contradicts nothing.
    """
    found = ps.check_principles(ps.PublicOrganisation("o"))
    assert {principle.state for principle in found.principles} == {"not shown"}


def test_facts_decide() -> None:
    """
    A promise that is kept meets timeliness, one that is missed contradicts it with the code of the rule.
    """
    text = """
    standard: {{completion_time: {promise}}}
    procedure: {{steps: [{{id: a, processing_time: 1 hour}}]}}
    """
    kept = principle("timeliness", text.format(promise="1 day"))
    assert (kept.state, kept.codes) == ("met", ())
    missed = principle("timeliness", text.format(promise="5 min"))
    assert (missed.state, missed.codes) == ("contradicted", ("LEG003",))
    assert missed.why[0].startswith("every published completion time is kept on average: missed on average")
    assert missed.data()["facts"][1]["holds"] is False


def test_what_no_model_can_show_is_never_met() -> None:
    """
    Equal treatment and facilities for vulnerable groups are left to those who know, however full the model is.
    """
    for name in ps.example_names():
        found = ps.check_principles(ps.read_example(name))
        assert found.principle("equal-treatment").state == "not shown"
        assert found.principle("vulnerable-groups").state == "not shown"
        assert found.principle("equal-rights").state == "partly"


def test_it_prints_a_line_for_each() -> None:
    """
    The table has the letter, the name, the state and the fact that decides, in both languages.
    """
    found = ps.check_principles(ps.read_example("building-permit"))
    assert len(str(found).splitlines()) == 13
    assert "l       speed, ease and affordability" in str(found)
    assert "bertentangan" in found.text("id")
    assert found.data()["principles"][0]["letter"] == "a"
    assert found.data()["provenance"]["sources"]
