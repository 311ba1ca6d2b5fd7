"""The satisfaction index: numbers of agencies, exact arithmetic, what is undefined, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.errors import InvalidModelError
from pubservice.surveys.grade import rounded

CODES = [f"U{n}" for n in range(1, 10)]
NAMES = [item.id for item in ps.answers_from({"U1": [1]}).instrument.items]


def survey(*rows: Sequence[int | None], **options: Any) -> ps.SatisfactionIndex:
    """Return the index of rows of nine answers."""
    return ps.satisfaction_index(
        ps.answers_from([dict(zip(CODES, row, strict=True)) for row in rows]), **options
    )


def of_sums(*sums: int, **options: Any) -> ps.SatisfactionIndex:
    """Return the index of twenty respondents with these sums of the first elements; the others do not apply."""
    columns = {}
    for code, total in zip(CODES, sums, strict=False):
        low, more = divmod(total, 20)
        columns[code] = [low + 1] * more + [low] * (20 - more)
    return ps.satisfaction_index(ps.answers_from(columns), not_applicable=NAMES[len(sums) :], **options)


def refused(answers: ps.Answers, **options: Any) -> list[tuple[str, str]]:
    """Return what is wrong with options."""
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.satisfaction_index(answers, **options)
    return [(problem.path, str(problem.message)) for problem in caught.value.problems]


def test_skm_lab_reliability() -> None:
    """
    Oracle skm-lab-reliability: a laboratory's sheet of 20 respondents prints 86.63, B, with the rounded weight 0.33.
    """
    result = of_sums(74, 76, 60, weights="0.33")
    assert [element.nrr for element in result.elements] == [Fraction("3.7"), Fraction("3.8"), 3]
    assert result.index == Fraction("3.465")
    assert result.ikm == Fraction("86.625")
    assert rounded(result.ikm) == Decimal("86.63")
    assert result.grade
    assert result.grade.letter == "B"
    assert of_sums(74, 76, 60, weights="rounded").index == result.index
    assert of_sums(74, 76, 60).ikm == Fraction("87.5")


def test_skm_lab_assurance() -> None:
    """
    Oracle skm-lab-assurance: two questions of the same laboratory, 85.00, B.
    """
    result = of_sums(65, 71)
    assert [element.nrr for element in result.elements] == [Fraction("3.25"), Fraction("3.55")]
    assert (result.index, result.ikm) == (Fraction("3.4"), Fraction(85))
    assert result.grade
    assert str(result.grade.performance) == "good"


def test_skm_all_fours() -> None:
    """
    Oracle skm-all-fours: one respondent, all 4, is 100, A, as an agency prints; with the weight 0.111 it is 99.9.
    """
    result = survey([4] * 9)
    assert result.ikm == 100
    assert result.grade
    assert result.grade.letter == "A"
    assert [element.nrr for element in result.elements] == [4] * 9
    assert survey([4] * 9, weights="0.111").ikm == Fraction("99.9")
    assert survey([4] * 9, weights="rounded").ikm == 99


@pytest.mark.parametrize(
    ("ikm", "letter"),
    list(zip(["25.0", 64.99, 65.0, 76.6, 76.61, 88.3, 88.31, 100], "DDCCBBAA", strict=True)),
)
def test_skm_grade_bounds(ikm: float | str, letter: str) -> None:
    """
    Oracle skm-grade-bounds: the conversion table of Permenpan RB 14/2017.
    """
    assert ps.grade(ikm).letter == letter


@pytest.mark.parametrize(
    ("ikm", "letter"), list(zip([64.995, 76.604, 76.605, 88.304, 88.305], "CCBBA", strict=True))
)
def test_skm_grade_gap(ikm: float, letter: str) -> None:
    """
    Oracle skm-grade-gap: between printed intervals two decimals decide, halves up, in decimal arithmetic.
    """
    assert ps.grade(ikm).letter == letter
    assert ps.grade(Decimal(str(ikm))).letter == letter
    assert ps.grade(Fraction(str(ikm))).letter == letter


@pytest.mark.parametrize(
    ("ikm", "letter"), list(zip([25, 43.75, 43.76, 62.5, 62.51, 81.25, 81.26, 100], "DDCCBBAA", strict=True))
)
def test_ikm_2004_bounds(ikm: float, letter: str) -> None:
    """
    Oracle ikm-2004-bounds: the table of Kepmenpan 25/2004.
    """
    assert ps.grade(ikm, regime="2004").letter == letter


@pytest.mark.parametrize("ikm", [24.99, 100.01, "x", float("nan"), float("inf"), True, None])
def test_what_is_no_ikm_has_no_grade(ikm: Any) -> None:
    """
    An IKM is from 25 to 100; anything else is refused, as is another regime.
    """
    with pytest.raises(ps.InvalidQuantityError, match="expected an IKM from 25 to 100"):
        ps.grade(ikm)
    with pytest.raises(ps.InvalidQuantityError, match="expected the regime '2017' or '2004', got '2010'"):
        ps.grade(80, regime="2010")  # type: ignore[arg-type]  # as a caller may do


def test_rounding_is_away_from_zero_at_halves() -> None:
    """
    Decimals are cut as people do it, on either side of zero.
    """
    assert rounded(Fraction(-25, 1000)) == Decimal("-0.03")
    assert str(rounded(Fraction(5, 2), 0)) == "3"


def test_no_answers_have_no_index() -> None:
    """
    An empty survey is undefined with its reason, never 0.
    """
    result = ps.satisfaction_index(ps.answers_from({code: [] for code in CODES}))
    assert (result.ikm, result.value, result.grade, result.interval, result.lowest) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert result.undefined == {"index": "nobody answered"}
    assert result.text().startswith("no index: nobody answered\n")
    data: Any = result.data()
    assert (data["ikm"], data["grade"], data["interval"]) == (None, None, None)
    assert data["undefined"] == {"index": "nobody answered", "interval": "nobody answered"}


def test_an_element_nobody_answered_leaves_no_index() -> None:
    """
    The elements that were answered keep their means.
    """
    result = survey([4] * 8 + [None], [3] * 7 + [None, None])
    assert result.undefined == {"index": "nobody answered U9"}
    assert result.elements[0].nrr == Fraction(7, 2)
    assert result.elements[8].weighted is None
    assert (result.data()["elements"][8]["nrr"], result.rows()[8]["NRR"]) == (None, None)  # type: ignore[index]  # a list


def test_each_element_has_its_own_denominator() -> None:
    """
    A missing answer is no answer of 0: the mean is over those who answered.
    """
    result = survey([4] * 9, [2] * 8 + [None])
    assert [element.answers for element in result.elements] == [2] * 8 + [1]
    assert [element.nrr for element in result.elements] == [3] * 8 + [4]
    assert result.index == Fraction(28, 9)


def test_a_service_without_fee_has_eight_elements() -> None:
    """
    An element that does not apply is dropped, answered or not, and the others weigh more.
    """
    result = survey([4, 4, 4, 1, 4, 4, 4, 4, 4], not_applicable=["fee"])
    assert (result.ikm, result.weight, len(result.elements)) == (Fraction(100), Fraction(1, 8), 8)
    assert "not applicable: U4; the others weigh 1/8" in result.notes
    assert survey([4, 4, 4, 1, 4, 4, 4, 4, 4], not_applicable="Biaya/tarif").ikm == 100


def test_several_questions_are_averaged_within_a_respondent() -> None:
    """
    Who leaves one question of an element open counts with the other.
    """
    rows = [
        {"U1a": 4, "U1b": 3, "U1c": 2} | dict.fromkeys(CODES[1:], 3),
        {"U1a": 1, "U1b": None, "U1c": 2} | dict.fromkeys(CODES[1:], 3),
        {"U1a": None, "U1b": None, "U1c": None} | dict.fromkeys(CODES[1:], 3),
    ]
    result = ps.satisfaction_index(ps.answers_from(rows))
    assert (result.elements[0].total, result.elements[0].answers) == (3 + Fraction(3, 2), 2)
    assert str(result.rows()[0]["sum"]) == "4.500"
    assert result.interval


def test_the_lowest_elements_are_all_told() -> None:
    """
    Ties are reported.
    """
    assert [element.id for element in survey([4, 2, 3, 4, 4, 2, 4, 4, 4]).lowest] == [
        "procedure",
        "competence",
    ]


def test_u8_and_u9_by_code_are_noted() -> None:
    """
    Which of the two elements is meant cannot be known from the code; where names say it there is no note.
    """
    assert any(note.startswith("U8 was read as complaints") for note in survey([4] * 9).notes)
    named = {name: [4] for name in NAMES}
    assert ps.satisfaction_index(ps.answers_from(named)).notes == ()
    assert not any(
        note.startswith("U8") for note in survey([4] * 9, not_applicable=["complaints", "facilities"]).notes
    )


def test_the_regime_of_2004_has_fourteen_elements() -> None:
    """
    Its weight is printed as 0.071, and its bounds are lower.
    """
    answers = ps.answers_from({f"U{n}": [3, 2] for n in range(1, 15)}, instrument="skm-2004")
    result = ps.satisfaction_index(answers, regime="2004")
    assert result.grade
    assert (result.ikm, result.grade.letter, result.regime) == (Fraction("62.5"), "C", "2004")
    assert ps.satisfaction_index(answers, weights="rounded").weight == Fraction("0.071")


def test_rounded_weights_can_leave_no_grade() -> None:
    """
    All ones with the weight 0.11 are 24.75, which no table grades.
    """
    result = survey([1] * 9, weights="rounded")
    assert (result.ikm, result.grade) == (Fraction("24.75"), None)
    assert result.undefined == {"grade": "no grade: rounded weights put the IKM below 25"}
    assert "IKM 24.75 (-), 1 respondent\n" in result.text()
    assert result.text().endswith("no grade: rounded weights put the IKM below 25")


def test_respondents_are_held_against_the_population() -> None:
    """
    The sample size is that of Krejcie and Morgan for those served.
    """
    result = survey(*([4] * 9 for _ in range(10)), population=10)
    assert (result.sample_size, result.adequate) == (10, True)
    larger = survey(*([4] * 9 for _ in range(10)), population=100)
    assert (larger.sample_size, larger.adequate) == (80, False)
    assert "sample: 10 of the 80 respondents that 100 served ask for" in larger.text()
    assert survey([4] * 9).adequate is None


def test_options_are_checked_together() -> None:
    """
    All faults of a call are told at once.
    """
    answers = ps.answers_from({code: [4] for code in CODES[:8]} | {"fasilities": [3]})
    found = refused(
        answers,
        regime="2004",
        weights="0.2",
        not_applicable=["fees2"],
        population=0,
        confidence=1,
        resamples=0,
    )
    assert found == [
        ("regime", "answers to 'skm' are of the regime 2017, not 2004"),
        ("not_applicable", "no item 'fees2' in 'skm', did you mean 'fee'?"),
        (
            "",
            "no column for the element 'facilities' (U9): name it in columns=, or in not_applicable="
            ", did you mean 'fasilities'?",
        ),
        ("weights", "expected 'exact', 'rounded' or the rounded weight of 9 elements, got '0.2'"),
        ("population", "expected a whole number of at least 1, got 0"),
        ("confidence", "expected a confidence between 0 and 1, got 1"),
        ("resamples", "expected a whole number of at least 1, got 0"),
    ]


def test_an_element_has_to_apply() -> None:
    """
    A survey whose every element does not apply measures nothing, and a weight is a number.
    """
    answers = ps.answers_from({"U1": [4]})
    assert refused(answers, not_applicable=NAMES) == [
        ("not_applicable", "expected an element that applies, got none")
    ]
    for weight in ("x", "inf", "nan"):
        ((path, _),) = refused(answers, not_applicable=NAMES[1:], weights=weight)
        assert path == "weights"


def test_other_instruments_have_no_satisfaction_index() -> None:
    """
    Only the two surveys of the regulations are graded.
    """
    ((_, text),) = refused(ps.answers_from({"nps": [9]}, instrument="nps"))
    assert text == "expected answers to 'skm' or 'skm-2004', got 'nps'"


def test_services_and_their_organisation() -> None:
    """
    The organisation's index is told by both rules, which differ where services have different numbers of respondents.
    """
    rows = [
        *({"service": "b", **dict.fromkeys(CODES, 4)} for _ in range(3)),
        {"service": "a", **dict.fromkeys(CODES, 2)},
        {"service": None, **dict.fromkeys(CODES, 1)},
    ]
    result = ps.satisfaction_indices(ps.answers_from(rows), at_least=1, population=100)
    assert [(name, index.value, index.respondents) for name, index in result.services] == [
        ("a", 50.0, 1),
        ("b", 100.0, 3),
        (None, 25.0, 1),
    ]
    assert result.services[1][1].answers.respondents == 3
    assert result.mean_of_services == 75
    assert result.pooled.ikm == 75
    assert result.value == 75.0
    assert result.pooled.population == 100
    assert result.services[0][1].population is None
    assert result.services[1][1].interval is None
    assert "mean of the services: 75.00 (C)" in str(result)
    assert "all respondents together:\nIKM 75.00 (C, fair), 5 respondents" in str(result)
    assert [row["grade"] for row in result.rows()] == ["D", "A", "D"]
    data: Any = result.data()
    assert (data["mean_of_services"], data["pooled"]["ikm"], data["services"][0]["service"]) == (
        75.0,
        75.0,
        "a",
    )


def test_services_of_nobody() -> None:
    """
    Without respondents there are no services, no mean and no index; one below the scale has no letter.
    """
    empty = ps.satisfaction_indices(
        ps.answers_from({"service": [], **{code: [] for code in CODES}}), at_least=1
    )
    assert (empty.services, empty.mean_of_services, empty.value) == ((), None, None)
    assert str(empty).startswith("all respondents together:\nno index: nobody answered")
    low = ps.answers_from([{"service": "a", **dict.fromkeys(CODES, 1)}])
    assert "mean of the services: 24.75 (-)" in str(
        ps.satisfaction_indices(low, at_least=1, weights="rounded")
    )
    silent = ps.answers_from([{"service": "a", "U1": 4, **dict.fromkeys(CODES[1:])}])
    assert ps.satisfaction_indices(silent, at_least=1).rows() == [
        {"service": "a", "respondents": 1, "IKM": None, "grade": None, "lowest": "Requirements"}
    ]


def test_services_without_an_index_are_named() -> None:
    """
    A service that has no index is not in the mean, and is told with its reason.
    """
    rows = [{"service": "a", **dict.fromkeys(CODES, 4)}, {"service": "b", **dict.fromkeys(CODES[1:], 2)}]
    result = ps.satisfaction_indices(ps.answers_from(rows), at_least=1)
    assert result.mean_of_services == 100
    assert [(name, str(why)) for name, why in result.undefined.items()] == [("b", "nobody answered U1")]
    assert "b: no index: nobody answered U1" in str(result)
    assert "mean of the services that have an index, 1 of 2: 100.00 (A)" in str(result)


def test_some_services_have_no_fee() -> None:
    """
    Elements that a service does not have weigh nothing there, and what was answered to them counts nowhere.
    """
    fee = CODES[3]
    rows = [
        {"service": "a", **dict.fromkeys(CODES, 4)},
        {"service": "b", **dict.fromkeys(CODES, 2), fee: 1},
    ]
    answers = ps.answers_from(rows)
    result = ps.satisfaction_indices(answers, at_least=1, not_applicable={"b": "fee"})
    assert [(name, index.value, len(index.elements)) for name, index in result.services] == [
        ("a", 100.0, 9),
        ("b", 50.0, 8),
    ]
    assert (len(result.pooled.elements), result.pooled.elements[3].answers) == (9, 1)
    both = ps.satisfaction_indices(answers, at_least=1, not_applicable={"a": ["fee"], "b": ["U4"]})
    assert (len(both.pooled.elements), both.pooled.value) == (8, 75.0)
    assert ps.satisfaction_indices(answers, at_least=1, not_applicable=["fee"]).pooled.value == 75.0
    with pytest.raises(InvalidModelError, match="not_applicable: no service 'c'"):
        ps.satisfaction_indices(answers, at_least=1, not_applicable={"c": ["fee"]})
    with pytest.raises(InvalidModelError, match="no item 'tariff'"):
        ps.satisfaction_indices(answers, at_least=1, not_applicable={"b": ["tariff"]})


def test_small_services_can_be_kept_back() -> None:
    """
    Services of few respondents are kept back as groups are, and there is no mean from which theirs could be had.
    """
    rows = [{"service": "abc"[i % 12 % 5 % 3], **dict.fromkeys(CODES, 1 + i % 4)} for i in range(24)]
    sizes = {
        name: index.respondents
        for name, index in ps.satisfaction_indices(ps.answers_from(rows), at_least=1).services
    }
    assert sizes == {"a": 10, "b": 10, "c": 4}
    result = ps.satisfaction_indices(ps.answers_from(rows), at_least=5)
    assert ([name for name, _ in result.services], result.hidden, result.mean_of_services) == (
        ["b"],
        ("a", "c"),
        None,
    )
    assert "2 groups are kept back" in str(result)
    with pytest.raises(InvalidModelError, match="at_least: expected a whole number of at least 1, got 0"):
        ps.satisfaction_indices(ps.answers_from(rows), at_least=0)


def test_no_more_answer_than_were_served() -> None:
    """
    A population below the number of respondents is refused.
    """
    with pytest.raises(InvalidModelError) as caught:
        survey([4] * 9, [3] * 9, population=1)
    assert str(caught.value) == "population: expected at least the 2 who answered, got 1"


def test_both_languages_say_the_same() -> None:
    """
    The text in Indonesian has the same numbers, under the names of the regulation.
    """
    result = survey([4] * 9, [3] * 9, population=2)
    english, indonesian = result.text(), result.text("id")
    assert english.splitlines()[0] == "IKM 87.50 (B, good), 2 respondents"
    assert indonesian.splitlines()[0] == "IKM 87.50 (B, baik), 2 responden"
    assert "U8    Penanganan pengaduan, saran, dan masukan" in indonesian
    assert str(result) == english


scores = st.lists(st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=1, max_size=12)


@given(scores)
def test_the_index_is_the_mean_of_all_answers(rows: list[list[int]]) -> None:
    """
    With every answer there, the IKM is 25 times the plain mean, exactly, and within its bounds.
    """
    result = survey(*rows)
    assert result.ikm == 25 * Fraction(sum(map(sum, rows)), 9 * len(rows))
    assert 25 <= result.ikm <= 100
    assert result.grade == ps.grade(result.ikm)


@given(scores, st.permutations(list(range(9))))
def test_the_order_of_columns_and_respondents_does_not_matter(
    rows: list[list[int]], order: list[int]
) -> None:
    """
    Elements are found by name, and respondents are equal.
    """
    table = [dict(zip(NAMES, row, strict=True)) for row in rows]
    shuffled = [{NAMES[i]: row[NAMES[i]] for i in order} for row in reversed(table)]
    assert ps.satisfaction_index(ps.answers_from(shuffled)) == ps.satisfaction_index(ps.answers_from(table))


def test_a_seed_is_not_negative() -> None:
    """
    The generator takes none below 0, and the error says so.
    """
    answers = ps.answers_from(
        {f"U{i}": [3, 4, 2] if i == 1 else [3, 4, 3] for i in range(1, 10)}, instrument="skm"
    )
    with pytest.raises(ps.InvalidModelError, match="^seed: expected a seed of at least 0, got -1"):
        ps.satisfaction_index(answers, seed=-1)


def test_options_of_the_wrong_kind_are_refused() -> None:
    """
    Elements are texts, the confidence is a number and the seed a whole one: all faults together.
    """
    answers, wrong = ps.answers_from({f"U{n}": [3, 4] for n in range(1, 10)}), cast("Any", None)
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.satisfaction_index(answers, not_applicable=wrong, confidence=wrong, resamples=wrong, seed=wrong)
    assert str(caught.value).splitlines() == [
        "not_applicable: expected a text or a list of texts, got None",
        "confidence: expected a confidence between 0 and 1, got None",
        "resamples: expected a whole number of at least 1, got None",
        "seed: expected a seed of at least 0, got None",
    ]
    permit = ps.answers_from({"service": ["permit"] * 2, **{f"U{n}": [3, 4] for n in range(1, 10)}})
    with pytest.raises(ps.InvalidModelError, match="^not_applicable: expected a text, got 4"):
        ps.satisfaction_indices(permit, at_least=1, not_applicable={"permit": cast("Any", [4])})
