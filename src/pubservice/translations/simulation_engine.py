"""Indonesian texts about what is simulated, and about what must hold of every run."""

TEXTS = {
    "{service}: case {case} waits for ever at {node!r}, for a branch that does not come": "{service}: permohonan {case} "
    "menunggu selamanya di {node!r}, pada cabang yang tidak datang",
    "no service describes a procedure": "tidak ada layanan yang menguraikan prosedur",
    "a case that conditions send back to {id!r} goes round for ever: leave rework to probabilities": (
        "permohonan yang dikembalikan ke {id!r} oleh syarat berputar selamanya: serahkan pengerjaan ulang pada peluang"
    ),
    "without an arrival rate no case arrives": "tanpa laju kedatangan tidak ada permohonan yang datang",
    "a case cannot begin at a gateway that joins": "permohonan tidak dapat dimulai pada gerbang yang menggabungkan",
    "no end can be reached from {id!r}": "tidak ada akhir yang dapat dicapai dari {id!r}",
    "the calendar is never open": "kalender tidak pernah buka",
    "what step {id!r} uses is never open together": "yang dipakai langkah {id!r} tidak pernah buka bersamaan",
    "expected a horizon or a number of cases, one of them": "diharapkan cakrawala waktu atau jumlah permohonan, salah "
    "satunya",
    "expected a horizon above zero, got {value!r}": "diharapkan cakrawala waktu di atas nol, diperoleh {value!r}",
    "expected a moment before the end of the run, got {value!r}": "diharapkan saat sebelum akhir simulasi, diperoleh "
    "{value!r}",
    "more than {most:,} branches of one case at once": "lebih dari {most:,} cabang satu permohonan sekaligus",
    "cases go round here without any time passing": "permohonan berputar di sini tanpa waktu berlalu",
    "{resource} serves by due date, and the service promises no completion time": "{resource} melayani menurut tenggat, "
    "dan layanan tidak menjanjikan waktu penyelesaian",
    "patience ends while it is closed too: expected elapsed time, got {value!r}": "kesabaran juga habis ketika tutup: "
    "diharapkan waktu kalender, diperoleh {value!r}",
    "a branch of a case cannot give up waiting: {id!r}": "cabang sebuah permohonan tidak dapat berhenti menunggu: {id!r}",
    "{value!r} is working days, and there is no calendar": "{value!r} adalah hari kerja, dan tidak ada kalender",
    "where else a case at {id!r} is, cannot be told": "di mana lagi permohonan di {id!r} berada, tidak dapat "
    "ditentukan",
    "the run kept no events: ask for its log": "simulasi tidak menyimpan peristiwa: mintalah lognya",
    "cases are not in order of arrival": "permohonan tidak berurutan menurut kedatangan",
    "a case ends before it arrives, or after the run": "sebuah permohonan berakhir sebelum datang, atau setelah simulasi",
    "a case has an end and no outcome, or an outcome and no end": "sebuah permohonan punya akhir tanpa hasil, atau hasil "
    "tanpa akhir",
    "the causes of a case do not sum to its time": "penyebab sebuah permohonan tidak berjumlah waktunya",
    "a cause is negative": "sebuah penyebab bernilai negatif",
    "cases wait longer than {resource} has a queue": "permohonan menunggu lebih lama daripada antrean {resource}",
    "a resource works longer than it is open": "sebuah sumber daya bekerja lebih lama daripada jam bukanya",
    "work begins before the case has come, or ends before it begins": "pekerjaan dimulai sebelum permohonan datang, atau "
    "berakhir sebelum dimulai",
    "a case does not end with its last work": "sebuah permohonan tidak berakhir bersama pekerjaan terakhirnya",
    "work begins outside opening hours": "pekerjaan dimulai di luar jam buka",
    "who came later is served earlier": "yang datang kemudian dilayani lebih dahulu",
    "{resource} is used beyond its capacity": "{resource} dipakai melebihi kapasitasnya",
    "{resource} works less than its cases are worked on": "{resource} bekerja kurang dari pengerjaan permohonannya",
}
