"""Indonesian: what moves the waiting."""

TEXTS: dict[str, str] = {
    "probability": "peluang",
    "wait": "penantian",
    "expected a factor above 0, got {value!r}": "diharapkan faktor di atas 0, ditemukan {value!r}",
    "what a tenth better buys, per case": "hasil perbaikan sepersepuluh, per permohonan",
    "... and {n} that move less": "... dan {n} lainnya yang pengaruhnya lebih kecil",
    "lever": "tuas",
    "in time / %": "tepat waktu / %",
    "{n:.3g} an hour": "{n:.3g} per jam",
    "all cases take equally long": "semua permohonan berlangsung sama lama",
    "expected an offered load > 0, got {load!r}": "diharapkan beban > 0, ditemukan {load!r}",
    "capacity: the busiest": "kapasitas: yang paling sibuk",
    "delay: most of the cycle time": "keterlambatan: bagian terbesar waktu siklus",
    "leverage: a tenth better buys most": "daya ungkit: perbaikan sepersepuluh paling terasa",
    "how much": "seberapa besar",
    "utilisation {value:.2f}": "utilisasi {value:.2f}",
    "{share:.0%} of the cycle time": "{share:.0%} dari waktu siklus",
    "{time} less": "berkurang {time}",
    "{what} of {where}": "{what} {where}",
    "joins of {service}": "penggabungan cabang {service}",
    "cost / {currency}": "biaya / {currency}",
}
