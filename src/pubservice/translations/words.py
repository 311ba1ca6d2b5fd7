"""Indonesian: words of tables, columns and suggestions."""

TEXTS: dict[str, str] = {
    # words of tables
    "utilisation": "utilisasi",
    # suggestions
    ", did you mean {near!r}?": ", maksud Anda {near!r}?",
    # findings
    "repeats the check of {of}": "mengulang pemeriksaan atas {of}",
    "checked": "diperiksa",
    "held": "tersedia",
    "reads": "membaca",
    "unused": "tidak terpakai",
    "conflicts": "benturan",
    "written twice": "ditulis dua kali",
    "read while written": "dibaca selagi ditulis",
    "hours": "jam",
    "information": "informasi",
    "days": "hari",
    "value": "nilai",
    "score": "skor",
    "unknown": "tidak diketahui",
    "met": "terpenuhi",
    "verdict": "penilaian",
    "metric": "ukuran",
    "another body": "lembaga lain",
    "standard deviation": "simpangan baku",
}
