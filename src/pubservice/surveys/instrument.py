"""What a survey asks: instruments, their items, and the scale of the answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.messages import Message
from pubservice.model.text import EMPTY, Text, check_id, check_text, duplicates, fault, names, text

if TYPE_CHECKING:
    from collections.abc import Iterable

HIGHEST = 100  # no scale goes further, so that an answer fits one byte


@attrs.frozen
class Item:
    """
    One thing that is asked for: an element, a statement, a question.

    Attributes:
        id: What refers to it.
        name: For people.
        code: What the forms call it, as ``U4``; empty where they do not.
        other_names: By which columns may call it too.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    code: str = attrs.field(default="", kw_only=True, validator=check_text)
    other_names: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every name it has but its code."""
        return (self.id, *(name for _, name in self.name.translations), *self.other_names)


def _items(value: Iterable[Item | str]) -> tuple[Item, ...]:
    given: Any = value  # whatever its annotation promises
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise fault("items", Message("expected a list, got {value!r}", value=given))
    return tuple(item if isinstance(item, Item) else Item(item) for item in given)


@attrs.frozen
class Instrument:
    """
    A questionnaire: what it asks, and the whole numbers that answer it.

    Attributes:
        id: What refers to it.
        items: What it asks; texts become items of that id.
        low: The lowest answer.
        high: The highest answer, at most 100.
        name: For people.

    Raises:
        InvalidModelError: There is no item, two have one id, or the scale is none.

    Example:
        >>> Instrument("parks", items=["lawns", "paths"], low=1, high=5).items[1].id
        'paths'
    """

    id: str = attrs.field(validator=check_id)
    items: tuple[Item, ...] = attrs.field(converter=_items, kw_only=True)
    low: int = attrs.field(kw_only=True)
    high: int = attrs.field(kw_only=True)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = [
            Problem(f"items[{position}]", Message("the id {id!r} stands here twice", id=id))
            for id, position in duplicates(item.id for item in self.items).items()
        ]
        if not self.items:
            problems.append(Problem("items", Message("expected at least one item, got none")))
        whole = all(type(bound) is int for bound in (self.low, self.high))
        if not whole or not 0 <= self.low < self.high <= HIGHEST:
            scale = Message(
                "expected a scale of whole numbers between 0 and {most}, got {low!r} to {high!r}",
                most=HIGHEST,
                low=self.low,
                high=self.high,
            )
            problems.append(Problem("", scale))
        if problems:
            raise InvalidModelError(problems)

    def find(self, name: str) -> Item | None:
        """Return the item of an id, code or name in either language, or None."""
        label_of = {plain(label): item for item in reversed(self.items) for label in item.labels}
        code_of = {plain(item.code): item for item in self.items if item.code}
        return (label_of | code_of).get(plain(name))


def plain(name: str) -> str:
    """
    Return a name in small letters, its words apart by one space, without anything else.

    Example:
        >>> plain("U8. Sarana_dan  Prasarana")
        'u8 sarana dan prasarana'
    """
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


def _elements(*rows: tuple[str, str, str, tuple[str, ...]]) -> tuple[Item, ...]:
    return tuple(
        Item(id, name={"en": english, "id": indonesian}, code=f"U{n}", other_names=other)
        for n, (id, english, indonesian, other) in enumerate(rows, 1)
    )


# Permenpan RB 14/2017 lists complaints before facilities, so U8 and U9 are these; agencies print either order.
SKM = Instrument(
    "skm",
    name={"en": "Public satisfaction survey", "id": "Survei Kepuasan Masyarakat"},
    low=1,
    high=4,
    items=_elements(
        ("requirements", "Requirements", "Persyaratan", ("persyaratan pelayanan", "syarat", "requirement")),
        (
            "procedure",
            "System, mechanism and procedure",
            "Sistem, mekanisme, dan prosedur",
            ("prosedur", "prosedur pelayanan", "sistem mekanisme prosedur", "procedures"),
        ),
        ("completion-time", "Completion time", "Waktu penyelesaian", ("waktu", "waktu pelayanan", "time")),
        ("fee", "Fee", "Biaya/tarif", ("biaya", "tarif", "biaya atau tarif", "fees", "cost")),
        (
            "product",
            "Product specification",
            "Produk spesifikasi jenis pelayanan",
            ("produk", "produk layanan", "produk pelayanan", "spesifikasi produk"),
        ),
        ("competence", "Competence of staff", "Kompetensi pelaksana", ("kompetensi", "kompetensi petugas")),
        ("conduct", "Conduct of staff", "Perilaku pelaksana", ("perilaku", "perilaku petugas", "behaviour")),
        (
            "complaints",
            "Handling of complaints, suggestions and input",
            "Penanganan pengaduan, saran, dan masukan",
            ("pengaduan", "penanganan pengaduan", "complaint handling", "handling of complaints"),
        ),
        (
            "facilities",
            "Facilities and infrastructure",
            "Sarana dan prasarana",
            ("sarana", "prasarana", "sarana prasarana", "infrastructure"),
        ),
    ),
)
SKM_2004 = Instrument(
    "skm-2004",
    name={"en": "Public satisfaction index of 2004", "id": "Indeks Kepuasan Masyarakat 2004"},
    low=1,
    high=4,
    items=_elements(
        ("procedure", "Procedure", "Prosedur pelayanan", ("prosedur",)),
        ("requirements", "Requirements", "Persyaratan pelayanan", ("persyaratan",)),
        ("staff-clarity", "Clarity of who serves", "Kejelasan petugas pelayanan", ("kejelasan petugas",)),
        (
            "staff-discipline",
            "Discipline of staff",
            "Kedisiplinan petugas pelayanan",
            ("kedisiplinan petugas",),
        ),
        (
            "staff-responsibility",
            "Responsibility of staff",
            "Tanggung jawab petugas pelayanan",
            ("tanggung jawab petugas",),
        ),
        ("staff-ability", "Ability of staff", "Kemampuan petugas pelayanan", ("kemampuan petugas",)),
        ("speed", "Speed", "Kecepatan pelayanan", ("kecepatan",)),
        (
            "fairness",
            "Fairness of service",
            "Keadilan mendapatkan pelayanan",
            ("keadilan", "keadilan pelayanan"),
        ),
        ("courtesy", "Courtesy of staff", "Kesopanan dan keramahan petugas", ("kesopanan dan keramahan",)),
        ("fee-fairness", "Reasonableness of the fee", "Kewajaran biaya pelayanan", ("kewajaran biaya",)),
        ("fee-certainty", "Certainty of the fee", "Kepastian biaya pelayanan", ("kepastian biaya",)),
        (
            "schedule-certainty",
            "Certainty of the schedule",
            "Kepastian jadwal pelayanan",
            ("kepastian jadwal",),
        ),
        ("comfort", "Comfort of the surroundings", "Kenyamanan lingkungan", ("kenyamanan",)),
        ("security", "Security of the service", "Keamanan pelayanan", ("keamanan",)),
    ),
)


def _statements(letter: str, english: str, indonesian: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{english}-{n}",
            name={"en": f"{english.capitalize()} {n}", "id": f"{indonesian.capitalize()} {n}"},
            code=f"{letter}{n}",
        )
        for n in range(1, 23)
    )


EXPECTATIONS = _statements("E", "expectation", "harapan")
PERCEPTIONS = _statements("P", "perception", "persepsi")
SERVQUAL = Instrument("servqual", name="SERVQUAL", low=1, high=7, items=(*EXPECTATIONS, *PERCEPTIONS))
SERVPERF = Instrument("servperf", name="SERVPERF", low=1, high=7, items=PERCEPTIONS)
NPS = Instrument(
    "nps",
    name="Net Promoter Score",
    low=0,
    high=10,
    items=[
        Item(
            "recommendation",
            name={"en": "Would recommend", "id": "Akan merekomendasikan"},
            other_names=("nps", "score", "recommend", "rekomendasi"),
        )
    ],
)
CSAT = Instrument(
    "csat",
    name={"en": "Customer satisfaction", "id": "Kepuasan pelanggan"},
    low=1,
    high=5,
    items=[
        Item(
            "satisfaction",
            name={"en": "Satisfied", "id": "Puas"},
            other_names=("csat", "score", "kepuasan"),
        )
    ],
)
CES = Instrument(
    "ces",
    name={"en": "Customer Effort Score", "id": "Skor upaya pelanggan"},
    low=1,
    high=7,
    items=[
        Item("ease", name={"en": "Easy", "id": "Mudah"}, other_names=("ces", "score", "effort", "kemudahan"))
    ],
)
INSTRUMENTS = {
    instrument.id: instrument for instrument in (SKM, SKM_2004, SERVQUAL, SERVPERF, NPS, CSAT, CES)
}


def find_instrument(instrument: Instrument | str) -> Instrument:
    """
    Return an instrument by its id; an instrument is returned as it is.

    Raises:
        UnknownIdError: There is none.
    """
    if isinstance(instrument, Instrument):
        return instrument
    if instrument not in INSTRUMENTS:
        raise UnknownIdError("instrument", str(instrument), INSTRUMENTS)
    return INSTRUMENTS[instrument]
