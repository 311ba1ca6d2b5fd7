"""Indonesian: plans of staff, shifts, money and dates."""

TEXTS: dict[str, str] = {
    "expected a share such as '20 %', 0.2 or 1/5, got {value!r}": "diharapkan bagian seperti '20 %', 0.2 atau 1/5, diperoleh {value!r}",
    "at most 0 would leave nobody: expected at least 1, got {value!r}": "paling banyak 0 berarti tidak ada siapa pun: diharapkan sekurang-kurangnya 1, diperoleh {value!r}",
    (
        "a plan finds by itself how many it takes at least: say what they shall reach, or at most how many there "
        "may be, such as 'registrar: at most 3', got {value!r}"
    ): (
        "rencana menemukan sendiri jumlah paling sedikit yang diperlukan: sebutkan apa yang harus dicapai, atau paling "
        "banyak berapa yang boleh ada, seperti 'registrar: at most 3', diperoleh {value!r}"
    ),
    "{target}: however many there are, it is {value}: the batch of step {step!r} takes {time} on average to fill": (
        "{target}: berapa pun jumlahnya, hasilnya {value}: himpunan langkah {step!r} rata-rata memerlukan {time} untuk penuh"
    ),
    (
        "{target}: as long as the work itself: reached only if nobody ever queues, which no number of staff makes "
        "sure; ask for more than {value}"
    ): (
        "{target}: sama lama dengan pekerjaannya sendiri: tercapai hanya jika tidak pernah ada antrean, yang tidak dapat "
        "dijamin oleh jumlah petugas berapa pun; mintalah lebih dari {value}"
    ),
    "between {earliest} and {latest} there is no room for a shift of {length} min": (
        "antara {earliest} dan {latest} tidak ada ruang untuk giliran kerja selama {length} min"
    ),
    "a pause of {pause} min leaves no work in a shift of {length} min": (
        "istirahat {pause} min tidak menyisakan pekerjaan dalam giliran kerja selama {length} min"
    ),
    "nothing to plan: no case needs a resource": "tidak ada yang direncanakan: tidak ada permohonan yang memerlukan sumber daya",
    "expected a number of years, got {value!r}": "diharapkan jumlah tahun, diperoleh {value!r}",
    # targets
    "at most {count}": "paling banyak {count}",
    "utilisation {limit}": "utilisasi {limit}",
    "{share} within {length}": "{share} dalam {length}",
    "{of}: {asked}": "{of}: {asked}",
    "mean wait {length}": "rata-rata tunggu {length}",
    "mean {length}": "rata-rata {length}",
    "expected a share above 0 %, at most 99.9999 %, got {value!r}": (
        "diharapkan proporsi di atas 0 %, paling besar 99.9999 %, diperoleh {value!r}"
    ),
    "expected a utilisation above 0, at most 1, got {value!r}": (
        "diharapkan utilisasi di atas 0, paling besar 1, diperoleh {value!r}"
    ),
    (
        "expected a target such as 'counter: 90% within 15 min', 'permit: 95% within 14 working_day', "
        "'clerk: mean wait 5 min', 'utilisation 0.85' or 'registrar: at most 1', got {value!r}"
    ): (
        "diharapkan sasaran seperti 'counter: 90% within 15 min', 'permit: 95% within 14 working_day', "
        "'clerk: mean wait 5 min', 'utilisation 0.85' atau 'registrar: at most 1', diperoleh {value!r}"
    ),
    "say whose wait: a resource, a step or a service, got {value!r}": (
        "sebutkan tunggu milik siapa: sumber daya, langkah, atau layanan, diperoleh {value!r}"
    ),
    "no resource or service {id!r}{hint}": "tidak ada sumber daya atau layanan {id!r}{hint}",
    "no step {id!r} that a resource does in service {service!r}{hint}": (
        "tidak ada langkah {id!r} yang dikerjakan sumber daya dalam layanan {service!r}{hint}"
    ),
    "{id!r} is both a resource and a service: name a step of the service, or rename one": (
        "{id!r} adalah sumber daya sekaligus layanan: sebutkan langkah layanannya, atau ubah salah satu namanya"
    ),
    "a metric of the organisation's own": "ukuran milik organisasi sendiri",
    "no capacity is enough for all cases, or for none": (
        "tidak ada kapasitas yang cukup untuk semua permohonan, atau untuk tidak satu pun"
    ),
    "only the mean of all waits is worked out": "hanya rata-rata dari semua tunggu yang dihitung",
    "no capacity changes it": "tidak diubah oleh kapasitas berapa pun",
    # demand
    "expected a month from jan to dec, got {value!r}": "diharapkan bulan dari jan sampai dec, diperoleh {value!r}",
    "{service}: no case comes in {month}": "{service}: tidak ada permohonan masuk pada {month}",
    "expected an interval that divides a day, such as '30 min', at least 5 min, got {value!r}": (
        "diharapkan selang yang membagi habis satu hari, seperti '30 min', paling singkat 5 min, diperoleh {value!r}"
    ),
    "calendar {id!r} is never open in {year}": "kalender {id!r} tidak pernah buka pada {year}",
    "no arrival rate": "tanpa laju kedatangan",
    "no procedure": "tanpa prosedur",
    "{service}: not planned: {why}": "{service}: tidak direncanakan: {why}",
    "nothing to plan: none of {count} services has an arrival rate": (
        "tidak ada yang direncanakan: tidak satu pun dari {count} layanan memiliki laju kedatangan"
    ),
    # staffing
    "expected a shrinkage below 1, got {value!r}": "diharapkan penyusutan di bawah 1, diperoleh {value!r}",
    "cases arrive independently of each other (Poisson)": (
        "permohonan masuk tidak bergantung satu sama lain (Poisson)"
    ),
    (
        "each interval is in a steady state of its own (stationary, independent, period by period), with the load that work "
        "begun before still is"
    ): (
        "setiap selang berada dalam keadaan tunak tersendiri (stasioner, bebas, selang demi selang), dengan beban dari "
        "pekerjaan yang sudah dimulai sebelumnya"
    ),
    "a case comes to all its steps in the interval in which it arrives": (
        "permohonan menjalani semua langkahnya dalam selang waktu ia masuk"
    ),
    "the work itself": "pekerjaan itu sendiri",
    "the demand": "permintaan",
    "cannot keep up": "tidak terkejar",
    (
        "{target}: shorter than the work itself: if nobody queued, {attained} would be done by then, and {share} "
        "within {time}"
    ): (
        "{target}: lebih singkat daripada pekerjaannya sendiri: tanpa antrean pun hanya {attained} selesai saat itu, "
        "dan {share} dalam {time}"
    ),
    "{target}: shorter than the work itself: if nobody queued, it would be {value}": (
        "{target}: lebih singkat daripada pekerjaannya sendiri: tanpa antrean pun {value}"
    ),
    "{target}: however many there are, it is {value}": "{target}: berapa pun jumlahnya, hasilnya {value}",
    "{target} contradicts {others}: {staff} are needed for a load of {load:.3g}{when}": (
        "{target} bertentangan dengan {others}: diperlukan {staff} untuk beban {load:.3g}{when}"
    ),
    " on {day} {hours}": " pada {day} {hours}",
    "the fewest of all resources are planned, not the cheapest: {ids} have no cost": (
        "yang direncanakan adalah jumlah paling sedikit, bukan biaya paling murah: {ids} tanpa biaya"
    ),
    "the fewest of all resources are planned, not the cheapest: costs are in several currencies": (
        "yang direncanakan adalah jumlah paling sedikit, bukan biaya paling murah: biaya dalam beberapa mata uang"
    ),
    "{resource}: taken as it is, at {count}: no staff, and without a cost": (
        "{resource}: diambil apa adanya, {count}: bukan pegawai, dan tanpa biaya"
    ),
    # shifts
    "expected whole minutes, got {value!r}": "diharapkan menit bulat, diperoleh {value!r}",
    "expected shifts of at most a day, got {value!r}": (
        "diharapkan giliran kerja paling lama satu hari, diperoleh {value!r}"
    ),
    "expected a time such as '08:00', got {value!r}": "diharapkan waktu seperti '08:00', diperoleh {value!r}",
    "expected from 0 to 6 days off in a week, got {value!r}": (
        "diharapkan 0 sampai 6 hari libur seminggu, diperoleh {value!r}"
    ),
    (
        "{resource}: {day} {hours} takes {count}, and no shift covers it: shifts of {lengths} hours lie between "
        "{earliest} and {latest}, with at most {part} hours before and after a pause of {pause} min"
    ): (
        "{resource}: {day} {hours} memerlukan {count}, dan tidak ada giliran yang mencakupnya: giliran {lengths} jam "
        "berada antara {earliest} dan {latest}, dengan paling lama {part} jam sebelum dan sesudah jeda {pause} menit"
    ),
    (
        "{resource}: {day} {hours} takes {count}, and {employees} employees with {days} days off and at most "
        "{most} hours in a week leave {on_duty}"
    ): (
        "{resource}: {day} {hours} memerlukan {count}, dan {employees} pegawai dengan {days} hari libur dan paling "
        "lama {most} jam seminggu menyisakan {on_duty}"
    ),
    "no plan of {count:,} possible shifts was found in {seconds:g} s: allow fewer lengths, or longer intervals": (
        "tidak ada rencana dari {count:,} giliran yang mungkin ditemukan dalam {seconds:g} s: izinkan lebih sedikit "
        "panjang giliran, atau selang yang lebih panjang"
    ),
    # money
    "cost of a year": "biaya setahun",
    "{budgets}: {amount}, {excess} too little": "{budgets}: {amount}, kurang {excess}",
    "{budgets}: {amount}, {excess} left": "{budgets}: {amount}, sisa {excess}",
    # promises
    "{service}: {length} can be promised: {kept} of cases take no longer": (
        "{service}: {length} dapat dijanjikan: {kept} permohonan tidak lebih lama"
    ),
    "{service}: {length} is published: {kept} of cases take no longer": (
        "{service}: {length} dipublikasikan: {kept} permohonan tidak lebih lama"
    ),
    # backlog
    "expected a day from {since} on, got {by}": "diharapkan hari sejak {since}, diperoleh {by}",
    "expected a day such as 2026-03-20, got {value!r}": "diharapkan hari seperti 2026-03-20, diperoleh {value!r}",
    "no open cases are stated for any of {count} services": (
        "tidak ada permohonan terbuka yang dinyatakan untuk satu pun dari {count} layanan"
    ),
    "never cleared: new cases alone keep {load:.3g} busy, and there are {capacity}": (
        "tidak pernah selesai: permohonan baru saja menyibukkan {load:.3g}, dan yang ada {capacity}"
    ),
    "not cleared within {days:,} days": "tidak selesai dalam {days:,} hari",
    "it is not open from {since} to {by}": "tidak buka dari {since} sampai {by}",
    # titles
    "needed": "diperlukan",
    "employed": "dipekerjakan",
    "bound by": "ditentukan oleh",
    "met today": "tercapai hari ini",
    "planned": "rencana",
    "binding": "menentukan",
    "staff for it": "pegawai untuknya",
    "offered load": "beban",
    "staff": "pegawai",
    "expenses": "pengeluaran",
    "transactions": "transaksi",
    "per transaction": "per transaksi",
    "shift": "giliran kerja",
    "pause": "jeda",
    "employees": "pegawai",
    "hours worked in a week": "jam kerja seminggu",
    "of which idle": "di antaranya menganggur",
    "open cases": "permohonan terbuka",
    "late": "terlambat",
    "cleared on": "selesai pada",
    "cleared in / hour": "selesai dalam / jam",
    "open work / hour": "pekerjaan terbuka / jam",
    "new work": "pekerjaan baru",
    "by": "oleh",
    "kept": "ditepati",
    "kept today": "ditepati hari ini",
    "published": "dipublikasikan",
}
