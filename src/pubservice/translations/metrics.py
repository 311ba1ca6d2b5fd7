"""Texts of metrics, measurements and charts."""

TEXTS: dict[str, str] = {
    # periods and measurements
    "expected a period such as 2026, 2026-Q1, 2026-03 or 2026-01-01..2026-03-31, got {value!r}": (
        "diharapkan periode seperti 2026, 2026-Q1, 2026-03 atau 2026-01-01..2026-03-31, diperoleh {value!r}"
    ),
    "expected a whole number of at least 0, got {value!r}": (
        "diharapkan bilangan bulat paling kecil 0, diperoleh {value!r}"
    ),
    "expected a value, or the reason why there is none": "diharapkan nilai, atau alasan mengapa tidak ada",
    "a value needs no reason, got {value!r}": "nilai tidak memerlukan alasan, diperoleh {value!r}",
    "an interval has two ends": "selang memiliki dua ujung",
    "an interval needs a value": "selang memerlukan nilai",
    "expected an interval in the unit of the value {value!r}, got {low!r} to {high!r}": (
        "diharapkan selang dalam satuan nilai {value!r}, diperoleh {low!r} sampai {high!r}"
    ),
    "expected low ≤ value ≤ high, got {low!r}, {value!r}, {high!r}": (
        "diharapkan low ≤ value ≤ high, diperoleh {low!r}, {value!r}, {high!r}"
    ),
    "the target": "sasaran",
    "expected {currency}, the currency of {where}, got {value!r}: they do not compare without a rate": (
        "diharapkan {currency}, mata uang {where}, diperoleh {value!r}: keduanya tidak dapat dibandingkan tanpa kurs"
    ),
    "the period {period} overlaps {other} of {where}, from the same source": (
        "periode {period} bertumpang tindih dengan {other} pada {where}, dari sumber yang sama"
    ),
}
