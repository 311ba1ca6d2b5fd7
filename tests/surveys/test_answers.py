"""Answers: which column answers what, what is missing, what is outside the scale, who answers twice."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.errors import InvalidModelError
from pubservice.surveys.answers import MOST_GROUPS
from pubservice.surveys.instrument import INSTRUMENTS, find_instrument

NINE = {f"U{n}": [3, 4] for n in range(1, 10)}


def faults(*arguments: Any, **options: Any) -> list[tuple[str, str]]:
    """Return what is wrong with a table."""
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.answers_from(*arguments, **options)
    return [(problem.path, str(problem.message)) for problem in caught.value.problems]


def numbers(answers: ps.Answers, item: str) -> list[int | None]:
    """Return the answers to an item that is asked once."""
    (column,) = answers.questions[item]
    return answers.frame.get_column(column).to_list()


@pytest.mark.parametrize(
    ("column", "item"),
    [
        ("U1", "requirements"),
        ("u8", "complaints"),
        ("Persyaratan", "requirements"),
        ("Sistem, Mekanisme dan Prosedur", "procedure"),
        ("completion_time", "completion-time"),
        ("Biaya/Tarif", "fee"),
        ("Handling of complaints, suggestions and input", "complaints"),
    ],
)
def test_columns_are_recognised_by_name_or_code(column: str, item: str) -> None:
    """
    A column is recognised by its id, its name in either language or its code, whatever its case and punctuation.
    """
    assert list(ps.answers_from({column: [4]}).questions) == [item]


def test_a_name_counts_more_than_a_code() -> None:
    """
    A form that prints facilities eighth and complaints ninth is read as it says, and nothing rests on the code.
    """
    answers = ps.answers_from({"U8. Sarana dan prasarana": [1], "U9 Pengaduan": [4]})
    assert numbers(answers, "facilities") == [1]
    assert numbers(answers, "complaints") == [4]
    assert answers.by_code == ()
    assert ps.answers_from({"U8": [1]}).by_code == ("complaints",)


def test_a_code_before_an_unknown_name_is_not_trusted() -> None:
    """
    A column whose code and words may disagree answers nothing, unless it is named.
    """
    answers = ps.answers_from({"U1": [1], "U8 ruang tunggu": [4], "X1 sarana": [2], "q7 b": [3]})
    assert list(answers.questions) == ["requirements"]
    named = ps.answers_from({"U8 ruang tunggu": [4]}, columns={"facilities": "U8 ruang tunggu"})
    assert numbers(named, "facilities") == [4]


@pytest.mark.parametrize(
    "columns",
    [
        ("U1a", "U1b"),
        ("U1.1", "U1.2"),
        ("persyaratan 1", "persyaratan 2"),
        ("U1 Persyaratan a", "U1 Persyaratan b"),
    ],
)
def test_several_questions_answer_one_item(columns: tuple[str, str]) -> None:
    """
    Columns with a number or letter behind an item's code or name are its questions.
    """
    answers = ps.answers_from({columns[0]: [4], columns[1]: [3]})
    assert answers.questions == {"requirements": columns}
    assert answers.columns == columns


def test_a_code_of_two_digits_is_no_question_of_one() -> None:
    """
    U11 is the eleventh element, not the first question of U1.
    """
    answers = ps.answers_from({"U1": [1], "U11": [2]}, instrument="skm-2004")
    assert answers.questions == {"procedure": ("U1",), "fee-certainty": ("U11",)}


def test_columns_can_be_named() -> None:
    """
    The caller names columns by the id, code or name of an item, several at once, and those of respondent and service.
    """
    table = {"a": [1], "b": [2], "c": [3], "who": ["x"], "U4": [4]}
    answers = ps.answers_from(
        table, columns={"fee": ["a", "b"], "Persyaratan": "c", "respondent": "who", "service": "U4"}
    )
    assert answers.questions == {"requirements": ("c",), "fee": ("a", "b")}
    assert answers.about == {"respondent": "who", "service": "U4"}
    other = ps.answers_from({"Q4": [1], "U4": [4]}, columns={"fee": "Q4"})
    assert numbers(other, "fee") == [1]


def test_usual_columns_of_the_respondent_are_found() -> None:
    """
    Respondent, service and period are recognised in both languages; other columns stay.
    """
    table = {"Responden": [1], "Jenis layanan": [" KTP "], "semester": [2], "sex": ["f"], "U1": [3]}
    answers = ps.answers_from(table)
    assert answers.about == {"respondent": "Responden", "service": "Jenis layanan", "period": "semester"}
    assert answers.frame.get_column("Jenis layanan").to_list() == ["KTP"]
    assert answers.column("service") == "Jenis layanan"
    assert answers.column("sex") == "sex"
    for unknown in ("seks", "U1"):
        with pytest.raises(ps.UnknownIdError, match="no column"):
            answers.column(unknown)


def test_what_columns_cannot_be_is_told_at_once() -> None:
    """
    Unknown items, columns that are not there, that stand twice or that are several where there can be one.
    """
    given = {
        "fees2": "U1",
        "fee": "U44",
        "product": "U1",
        "conduct": "U1",
        "service": ["U2", "U3"],
        "U7": "U2",
        "complaints": [],
    }
    found = faults({"U1": [1], "U2": [1], "U3": [1]}, columns=given)
    assert [text for _, text in found] == [
        "no item 'fees2' in 'skm', did you mean 'fee'?",
        "no column 'U44' for 'fee'",
        "the column 'U1' stands for 'product' already",
        "expected one column for 'service', got ('U2', 'U3')",
        "the column 'U2' stands for 'service' already",
        "'conduct' is named twice",
        "expected one column for 'complaints', got ()",
    ]


def test_two_columns_for_one_item_are_refused() -> None:
    """
    Where two columns answer an item without being its questions, the caller has to say which.
    """
    ((_, text),) = faults({"U8": [1], "pengaduan": [2]})
    assert text == (
        "2 columns answer 'complaints': U8, pengaduan; say in columns= which, or that all of them do"
    )
    both = ps.answers_from({"U8": [1], "pengaduan": [2]}, columns={"complaints": ["U8", "pengaduan"]})
    assert both.questions == {"complaints": ("U8", "pengaduan")}


def test_a_table_without_any_item_is_refused() -> None:
    """
    The error lists the columns that there are.
    """
    ((_, text),) = faults({"age": [1], "sex": ["f"]}, instrument="nps")
    assert text == "no column for any item of 'nps': name them in columns=; there are age, sex"


@pytest.mark.parametrize(
    ("instrument", "columns", "named"),
    [
        (
            "skm",
            [f"U{n}" for n in range(1, 15)],
            "U10, U11, U12, U13, U14 are of 'skm-2004', the others of 'skm'",
        ),
        (
            "skm",
            ["Persyaratan", "Kepastian jadwal pelayanan"],
            "Kepastian jadwal pelayanan are of 'skm-2004'",
        ),
        (
            "skm-2004",
            ["U1", "Perilaku pelaksana"],
            "Perilaku pelaksana are of 'skm', the others of 'skm-2004'",
        ),
    ],
)
def test_mixed_regimes_are_refused(instrument: str, columns: list[str], named: str) -> None:
    """
    Nine elements of 2017 and fourteen of 2004 in one table cannot be graded.
    """
    ((_, text),) = faults({column: [3] for column in columns}, instrument=instrument)
    assert text.startswith("mixed regimes: ")
    assert named in text


def test_missing_answers_are_nulls() -> None:
    """
    Nothing, NA and the codes of the caller are missing; numbers written with a point or a comma are numbers.
    """
    answers = ps.answers_from(
        {
            "U1": ["4", " 3 ", "2.0", "1,0", "", "NA", "n/a", None, "x"],
            "U2": [4.0, 3, float("nan"), None, 9, 1, 1, 1, 1],
        },
        missing=["X", 9],
    )
    assert numbers(answers, "requirements") == [4, 3, 2, 1, None, None, None, None]
    assert numbers(answers, "procedure") == [4, 3, None, None, 1, 1, 1, 1]
    assert answers.blank == 1
    assert answers.notes() == ("1 respondent answered nothing and is not counted",)


def test_integer_codes_are_missing_too() -> None:
    """
    A column of whole numbers may hold the code.
    """
    answers = ps.answers_from({"U1": [4, 9, 3], "U2": [9, 1, 2]}, missing=[9, "refused"])
    assert numbers(answers, "requirements") == [4, None, 3]
    assert answers.blank == 0


def test_answers_outside_the_scale_are_listed() -> None:
    """
    Each is named with its row and column, as the 5 in row 17 of a published sheet would be.
    """
    scores: list[object] = [4] * 17
    scores[16] = 5
    other = ["3"] * 16 + ["2.5"]
    assert faults({"U1": scores, "U2": other}) == [
        ("row 17, U1", "expected a whole number from 1 to 4, got '5'"),
        ("row 17, U2", "expected a whole number from 1 to 4, got '2.5'"),
    ]


def test_only_the_first_faults_are_listed() -> None:
    """
    A table full of faults names twenty, and counts the others.
    """
    found = faults({"U1": [5] * 117, "U2": [0] * 117})
    assert len(found) == 21
    assert found[0] == ("row 1, U1", "expected a whole number from 1 to 4, got '5'")
    assert found[-1] == ("", "and 214 more")


def test_answers_outside_the_scale_can_be_excluded() -> None:
    """
    The answer is left out, the others of the respondent stay, and what was left out is counted and listed.
    """
    answers = ps.answers_from({"U1": [5, 4], "U2": ["3", "-1"]}, invalid="exclude")
    assert numbers(answers, "requirements") == [None, 4]
    assert numbers(answers, "procedure") == [3, None]
    assert [one.data() for one in answers.excluded] == [
        {"row": 1, "column": "U1", "value": "5"},
        {"row": 2, "column": "U2", "value": "-1"},
    ]
    assert answers.excluded_count == 2
    assert answers.notes() == ("2 answers outside the scale are left out",)


def test_an_answer_twice_is_refused() -> None:
    """
    A respondent answers once for each service and period; the error names both rows, and counts what it does not name.
    """
    assert faults({"respondent": ["a", "b", "a", None, None], "U1": [1, 2, 3, 4, 4]}) == [
        ("row 3", "respondent 'a' has answered in row 1")
    ]
    ps.answers_from({"respondent": [1, 1], "service": ["x", "y"], "U1": [1, 2]})
    many = faults({"respondent": [1] * 30, "U1": [1] * 30})
    assert (len(many), many[-1]) == (21, ("", "and 9 more"))


@pytest.mark.parametrize(
    "column",
    [[True], [[1]], [b"1"], [__import__("datetime").date(2026, 1, 1)]],
    ids=["truth", "list", "bytes", "date"],
)
def test_other_kinds_of_columns_are_refused(column: list[object]) -> None:
    """
    A question is answered by numbers or texts.
    """
    ((path, text),) = faults(pl.DataFrame({"U1": column}))
    assert path == "U1"
    assert text.startswith("expected whole numbers, got ")


def test_columns_that_tell_nobody_apart_are_refused() -> None:
    """
    A service, or what is grouped by, is a text or a number, not a list or bytes.
    """
    frame = pl.DataFrame({"service": [[1]], "respondent": [b"\xff"], "U1": [5.0]})
    assert faults(frame) == [
        ("respondent", "expected text, got Binary"),
        ("service", "expected text, got List(Int64)"),
    ]
    answers = ps.answers_from(frame.rename({"service": "tags", "respondent": "key"}), invalid="exclude")
    with pytest.raises(ps.InvalidModelError, match="expected text, got List"):
        answers.parts("tags")


def test_tables_of_every_kind_are_read() -> None:
    """
    A frame of Polars or narwhals, columns, rows with or without every key, and numbers of any width.
    """
    frame = pl.DataFrame({"U1": [4, 3]})
    rows = [{"U1": 4}, {"U1": 3, "sex": "f"}]
    tables: list[Any] = [
        frame,
        nw.from_native(frame),
        {"U1": [4, 3]},
        {"U1": ["4", 3]},
        rows,
        tuple(rows),
        frame.with_columns(pl.col("U1").cast(pl.UInt64)),
        frame.with_columns(pl.col("U1").cast(pl.Decimal(5, 2))),
        frame.with_columns(pl.col("U1").cast(pl.String).cast(pl.Categorical)),
        {"U1": [Decimal(4), Decimal("3.0")]},
    ]
    for table in tables:
        assert numbers(ps.answers_from(table), "requirements") == [4, 3]


@pytest.mark.parametrize("table", [None, 3, [1, 2], {"U1": 3}, pl.LazyFrame({"U1": [1]})])
def test_what_is_no_table_is_refused(table: object) -> None:
    """
    The error says what was given instead.
    """
    ((_, text),) = faults(table)
    assert text.startswith("expected a table, got ")


def test_an_empty_table_has_no_respondents() -> None:
    """
    Columns without rows are answers of nobody.
    """
    for empty in (pl.DataFrame({"U1": []}), pl.DataFrame({"U1": []}, schema={"U1": pl.Int64})):
        assert ps.answers_from(empty).respondents == 0
    assert ps.answers_from({"U1": [None, "NA"]}).respondents == 0


def test_unknown_options_are_refused() -> None:
    """
    There are two ways with answers outside the scale, and seven instruments.
    """
    assert faults({"U1": [1]}, invalid="drop") == [("invalid", "expected 'refuse' or 'exclude', got 'drop'")]
    with pytest.raises(ps.UnknownIdError, match="no instrument 'skn', did you mean 'skm'"):
        ps.answers_from({"U1": [1]}, instrument="skn")


def test_answers_fall_into_parts() -> None:
    """
    The parts of a column hold all answers once, those without a value under None and last.
    """
    answers = ps.answers_from({"sex": ["m", "f", None, "f", " "], "U1": [1, 2, 3, 4, 1]})
    parts = answers.parts("sex")
    assert list(parts) == ["f", "m", None]
    assert {name: numbers(part, "requirements") for name, part in parts.items()} == {
        "f": [2, 4],
        "m": [1],
        None: [3, 1],
    }
    assert numbers(answers.part("sex", "m"), "requirements") == [1]


def test_too_many_parts_are_refused() -> None:
    """
    A column with a value for each respondent is no group.
    """
    n = MOST_GROUPS + 1
    answers = ps.answers_from({"id": [str(i) for i in range(n)], "U1": [1] * n})
    with pytest.raises(ps.InvalidModelError, match="'id' makes more than 1,000 groups"):
        answers.parts("id")


def test_instruments_check_themselves() -> None:
    """
    An instrument needs items, once each, and a scale; all faults are told together.
    """
    own = ps.Instrument(
        "parks", items=["lawns", ps.Item("paths", name={"en": "Paths", "id": "Jalan"})], low=0, high=10
    )
    assert numbers(ps.answers_from({"Jalan": [10], "lawns": [0]}, instrument=own), "paths") == [10]
    assert find_instrument(own) is own
    assert own.find("nothing") is None
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.Instrument("x", items=["a", "a"], low=4, high=4)
    assert [str(problem.message) for problem in caught.value.problems] == [
        "the id 'a' stands here twice",
        "expected a scale of whole numbers between 0 and 100, got 4 to 4",
    ]
    with pytest.raises(ps.InvalidModelError, match="expected at least one item"):
        ps.Instrument("x", items=[], low=1, high=1.5)  # type: ignore[arg-type]  # as a file may hold
    for items in ("ab", 3):
        with pytest.raises(ps.InvalidModelError, match="expected a list"):
            ps.Instrument("x", items=items, low=1, high=5)  # type: ignore[arg-type]  # idem


def test_every_item_is_found_by_each_of_its_names() -> None:
    """
    No name of an item stands for another of its instrument, and each has a name in both languages.
    """
    for instrument in INSTRUMENTS.values():
        for item in instrument.items:
            for label in (*item.labels, item.code or item.id):
                assert instrument.find(label) is item
            assert item.name.text("en")
            assert item.name.text("id")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without the engine the error says how to install it.
    """
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ps.MissingExtraError, match=r"pubservice\[logs\]"):
        ps.answers_from({"U1": [1]})


@given(
    st.lists(
        st.integers(-3, 12) | st.sampled_from(["", "NA", "x", "4", "11", "2.0", "3.5"]) | st.none(),
        max_size=30,
    )
)
def test_every_answer_is_kept_missing_or_excluded(column: list[object]) -> None:
    """
    Nothing is dropped in silence: what is no answer on the scale is missing or counted as excluded.
    """
    answers = ps.answers_from({"nps": column}, instrument="nps", invalid="exclude")
    good = {str(n) for n in range(11)} | {"2.0"}
    empty = sum(value in (None, "", "NA") for value in column)
    kept = answers.frame.get_column("nps").count()
    assert kept == sum(str(value) in good for value in column)
    assert kept + answers.excluded_count + empty == len(column)
    assert answers.respondents + answers.blank == len(column)


@pytest.mark.parametrize(
    ("instrument", "regimes", "rows"),
    [
        ("skm", [2017, 2004, 2017], ["row 2, regime"]),
        ("skm", ["Permenpan RB 14/2017", None, "KEP/25/M.PAN/2/2004"], ["row 3, regime"]),
        ("skm", [2017, 2017, 2017], []),
        ("nps", [2004, 2017, 2017], []),
    ],
)
def test_answers_of_two_regimes_are_not_mixed(instrument: str, regimes: list[Any], rows: list[str]) -> None:
    """
    Where a column says the regime of each answer, those of the other one are refused, with their rows.
    """
    table = [{"regime": regime, "U1": 3, "nps": 9} for regime in regimes]
    if not rows:
        assert ps.answers_from(table, instrument=instrument).respondents == 3
        return
    with pytest.raises(InvalidModelError) as caught:
        ps.answers_from(table, instrument=instrument)
    assert [problem.path for problem in caught.value.problems] == rows
    assert "mixed regimes: this answer is of 'skm-2004', not 'skm'" in str(caught.value)


def test_columns_of_one_table_are_of_one_length() -> None:
    """
    Each column that is longer or shorter than the first is named, with its length.
    """
    assert faults({"nps": [1, 2], "age": [1, 2, 3], "sex": ["f"]}, instrument="nps") == [
        ("age", "expected as many values as in 'nps', 2, got 3"),
        ("sex", "expected as many values as in 'nps', 2, got 1"),
    ]


def test_options_of_the_wrong_kind_are_refused() -> None:
    """
    Columns are by what they hold, each a text or several, and codes are a list.
    """
    assert faults(NINE, columns=["U1"], missing="9") == [
        ("columns", "expected columns by what they hold, got ['U1']"),
        ("missing", "expected a list, got '9'"),
    ]
    assert faults(NINE, columns={"fee": 3, 4: "U4"}, missing=None) == [
        ("columns", "expected the column of 'fee', got 3"),
        ("columns", "expected the column of 4, got 'U4'"),
        ("missing", "expected a list, got None"),
    ]


@pytest.mark.parametrize(
    "compute",
    [
        ps.satisfaction_index,
        ps.satisfaction_indices,
        ps.service_quality,
        ps.perceived_quality,
        ps.net_promoter_score,
        ps.customer_satisfaction,
        ps.customer_effort,
        ps.cronbach_alpha,
        lambda answers: ps.breakdown(answers, "sex", ps.net_promoter_score),
    ],
)
@pytest.mark.parametrize("wrong", [None, "answers.csv", pl.DataFrame(NINE)])
def test_scores_are_of_answers(compute: Any, wrong: Any) -> None:
    """
    A table, or the name of a file, is no answers yet: the error says what makes them.
    """
    kind = type(wrong).__name__
    with pytest.raises(ps.InvalidModelError) as caught:
        compute(wrong)
    assert str(caught.value) == f"answers: expected what answers_from or read_answers returns, got {kind}"


def test_digits_of_other_scripts_are_no_answers() -> None:
    """
    An answer is written in the digits 0 to 9; others are told as what they are.
    """
    with pytest.raises(InvalidModelError, match="expected a whole number from 1 to 4, got '٤'"):
        ps.answers_from([{"U1": "٤"}, {"U1": "4"}])


def test_columns_that_look_like_questions_are_told() -> None:
    """
    A column of nothing but numbers on the scale that answers no item is not counted, and that is said.
    """
    rows = [
        {"U1": 3, "Kesopanan": 4, "U2": 2, "age": 40, "name": "Ani", "class": "3", "when": None, "mixed": "2"}
    ]
    rows += [
        {"U1": 3, "Kesopanan": 1, "U2": 2, "age": 3, "name": "2", "class": "4", "when": None, "mixed": "x"}
    ]
    answers = ps.answers_from(rows)
    assert answers.unread == ("Kesopanan", "class")
    assert "not counted, though all of it is on the scale: Kesopanan, class" in [
        str(n) for n in answers.notes()
    ]


@pytest.mark.parametrize("column", ["id", "NIK", "No. Responden", "respondent"])
def test_respondents_are_told_apart(column: str) -> None:
    """
    The usual names of the column of the respondent are known, so that nobody answers twice.
    """
    with pytest.raises(InvalidModelError, match="has answered in row 1"):
        ps.answers_from([{column: "7", "U1": 3}, {column: "7", "U1": 4}])
