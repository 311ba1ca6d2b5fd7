"""Indonesian: errors, queueing and chains."""

TEXTS: dict[str, str] = {
    "{service}: no flow out of {node!r} is for case {case}, with {values}": (
        "{service}: tidak ada alur keluar dari {node!r} bagi permohonan {case}, dengan {values}"
    ),
    "utilisation is {utilisation:.2f}: {servers:g} servers cannot keep up": "utilisasi {utilisation:.2f}: {servers:g} petugas tidak sanggup melayani",
    "this needs {package}, which is not installed: pip install 'pubservice[{extra}]'": "ini memerlukan {package}, yang belum terpasang: pip install 'pubservice[{extra}]'",
    "expected a rate and a time that are not negative, got {rate}, {time}": "diharapkan laju dan waktu yang tidak negatif, diperoleh {rate}, {time}",
    "expected a load ≥ 0 and a limit from 0 to 1, got {load}, {limit}": "diharapkan beban ≥ 0 dan batas dari 0 sampai 1, diperoleh {load}, {limit}",
    "utilisation is {utilisation:.2f}: 1 server cannot keep up": "utilisasi {utilisation:.2f}: 1 petugas tidak sanggup melayani",
    "expected an arrival rate ≥ 0, a service rate > 0 and 1 to {most:,} servers, got {arrival}, {service}, {servers}": "diharapkan laju kedatangan ≥ 0, laju layanan > 0 dan 1 sampai {most:,} petugas, diperoleh {arrival}, {service}, {servers}",
    "expected an offered load ≥ 0 and 1 to {most:,} servers, got {load}, {servers}": "diharapkan beban ≥ 0 dan 1 sampai {most:,} petugas, diperoleh {load}, {servers}",
    "calendar": "kalender",
    "the result is larger than a number can be": "hasilnya lebih besar daripada bilangan yang dapat disimpan",
    "expected a squared coefficient of variation ≥ 0, got {value!r}": "diharapkan kuadrat koefisien variasi ≥ 0, diperoleh {value!r}",
    "no end is ever reached from {found}": "akhir tidak pernah tercapai dari {found}",
    "expected 1 to {bound:,} states, got {found:,}: raise max_states for more": "diharapkan 1 sampai {bound:,} keadaan, diperoleh {found:,}: naikkan max_states untuk lebih banyak",
    "expected {n} values, got {found}": "diharapkan {n} nilai, diperoleh {found}",
    "expected a probability from 0 to 1, got {value!r}": "diharapkan peluang dari 0 sampai 1, diperoleh {value!r}",
    "no {kind} {id!r}{hint}": "tidak ada {kind} {id!r}{hint}",
}
