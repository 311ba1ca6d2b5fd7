"""The Indonesian texts, each under its English template. Imports nothing of ours."""

INDONESIAN: dict[str, str] = {
    # words of tables
    "utilisation": "utilisasi",
    # suggestions
    ", did you mean {near!r}?": ", maksud Anda {near!r}?",
    # findings
    "repeats the check of {of}": "mengulang pemeriksaan atas {of}",
    # --- units and model
    "expected a duration such as '15 min', got {value!r}": "diharapkan jangka waktu seperti '15 min', diperoleh {value!r}",
    "expected a duration that is not negative, got {value!r}": (
        "diharapkan jangka waktu yang tidak negatif, diperoleh {value!r}"
    ),
    "expected a rate such as '3 case/hour', got {value!r}": "diharapkan laju seperti '3 case/hour', diperoleh {value!r}",
    "expected a rate above zero, got {value!r}": "diharapkan laju di atas nol, diperoleh {value!r}",
    "expected an amount such as '60000 IDR', got {value!r}": (
        "diharapkan jumlah uang seperti '60000 IDR', diperoleh {value!r}"
    ),
    "expected an amount that is not negative, got {value!r}": (
        "diharapkan jumlah uang yang tidak negatif, diperoleh {value!r}"
    ),
    "expected a cost such as '60000 IDR/hour', got {value!r}": (
        "diharapkan biaya seperti '60000 IDR/hour', diperoleh {value!r}"
    ),
    "expected a number from 0 to 1 such as 0.25 or 1/4, got {value!r}": (
        "diharapkan bilangan dari 0 sampai 1 seperti 0.25 atau 1/4, diperoleh {value!r}"
    ),
    "expected a text, got {value!r}": "diharapkan teks, diperoleh {value!r}",
    "expected a text, or a text per language, got {value!r}": (
        "diharapkan teks, atau teks untuk setiap bahasa, diperoleh {value!r}"
    ),
    "expected a list, got {value!r}": "diharapkan daftar, diperoleh {value!r}",
    "expected one text per language, got {value!r}": "diharapkan satu teks untuk setiap bahasa, diperoleh {value!r}",
    "expected an id of letters, digits, '.', '_' and '-', got {value!r}": (
        "diharapkan pengenal dari huruf, angka, '.', '_' dan '-', diperoleh {value!r}"
    ),
    "expected one of {options}, got {value!r}{hint}": "diharapkan salah satu dari {options}, diperoleh {value!r}{hint}",
    "expected a whole number of at least 1, got {value!r}": (
        "diharapkan bilangan bulat paling sedikit 1, diperoleh {value!r}"
    ),
    "expected true or false, got {value!r}": "diharapkan true atau false, diperoleh {value!r}",
    "expected a {kind}, got {value!r}": "diharapkan {kind}, diperoleh {value!r}",
    "expected a finite number of at least 0 in each parameter, got {value!r}": (
        "diharapkan bilangan berhingga paling kecil 0 pada setiap parameter, diperoleh {value!r}"
    ),
    "expected parameters with a finite mean and variance, got {value!r}": (
        "diharapkan parameter dengan rata-rata dan varians berhingga, diperoleh {value!r}"
    ),
    "expected a unit of time such as 'min', got {unit!r}": "diharapkan satuan waktu seperti 'min', diperoleh {unit!r}",
    "expected a unit of time after {value!r}, such as {better!r}": (
        "diharapkan satuan waktu setelah {value!r}, seperti {better!r}"
    ),
    "expected a duration such as 'triangular(5, 10, 20) min', got {value!r}": (
        "diharapkan jangka waktu seperti 'triangular(5, 10, 20) min', diperoleh {value!r}"
    ),
    "expected {name}({parameters}) with a unit of time, got {value!r}": (
        "diharapkan {name}({parameters}) dengan satuan waktu, diperoleh {value!r}"
    ),
    "expected low ≤ high, got {value!r}": "diharapkan low ≤ high, diperoleh {value!r}",
    "expected low ≤ mode ≤ high, got {value!r}": "diharapkan low ≤ mode ≤ high, diperoleh {value!r}",
    "expected a mean above zero, got {value!r}": "diharapkan rata-rata di atas nol, diperoleh {value!r}",
    "expected a shape above zero, got {value!r}": "diharapkan parameter shape di atas nol, diperoleh {value!r}",
    "expected a list of numbers, got {value!r}": "diharapkan daftar bilangan, diperoleh {value!r}",
    "expected at least one value, got {value!r}": "diharapkan paling sedikit satu nilai, diperoleh {value!r}",
    "expected a number in {value!r}, got {part!r}": "diharapkan bilangan di dalam {value!r}, diperoleh {part!r}",
    "working time and other units do not mix without a calendar, got {value!r}": (
        "waktu kerja dan satuan lain tidak dapat dicampur tanpa kalender, diperoleh {value!r}"
    ),
    "expected hours such as {{mon-fri: '08:00-12:00, 13:00-16:00'}}, got {value!r}": (
        "diharapkan jam buka seperti {{mon-fri: '08:00-12:00, 13:00-16:00'}}, diperoleh {value!r}"
    ),
    "hours of {day} overlap: {first} and {second}": "jam buka hari {day} tumpang tindih: {first} dan {second}",
    "expected a day such as 2026-03-20 or 2026-03-20..2026-03-27, got {value!r}": (
        "diharapkan tanggal seperti 2026-03-20 atau 2026-03-20..2026-03-27, diperoleh {value!r}"
    ),
    "expected a time zone such as 'Asia/Jakarta', got {value!r}": (
        "diharapkan zona waktu seperti 'Asia/Jakarta', diperoleh {value!r}"
    ),
    "expected at least one stretch of open hours, got none": (
        "diharapkan paling sedikit satu rentang jam buka, tidak ada satu pun"
    ),
    "expected the year whose holidays and closures count, such as 2026": (
        "diharapkan tahun yang hari libur dan penutupannya diperhitungkan, seperti 2026"
    ),
    "expected a year such as 2026, got {value!r}": "diharapkan tahun seperti 2026, diperoleh {value!r}",
    "expected a country code such as 'ID', got {value!r}": "diharapkan kode negara seperti 'ID', diperoleh {value!r}",
    "no holidays are known for {country!r}{hint}": "hari libur untuk {country!r} tidak dikenal{hint}",
    "a {kind} has no capacity, got {value!r}": "{kind} tidak memiliki kapasitas, diperoleh {value!r}",
    "only a budget has an amount, got {value!r}": "hanya budget yang memiliki jumlah uang, diperoleh {value!r}",
    "expected at least one datum, got {value!r}": "diharapkan paling sedikit satu data, diperoleh {value!r}",
    "expected a check such as {{check: valid, of: id-card}}, got {value!r}": (
        "diharapkan pemeriksaan seperti {{check: valid, of: id-card}}, diperoleh {value!r}"
    ),
    "expected a batch by size or by period, one of them": (
        "diharapkan penghimpunan menurut size atau menurut period, salah satu saja"
    ),
    "only a step of the office uses resources, got actor {actor!r}": (
        "hanya langkah kantor yang menggunakan sumber daya, pelakunya {actor!r}"
    ),
    "only a step of the office has staff, got actor {actor!r}": (
        "hanya langkah kantor yang memiliki petugas, pelakunya {actor!r}"
    ),
    "only a step of an other-body names it, got actor {actor!r}": (
        "hanya langkah other-body yang menyebut lembaga lain, pelakunya {actor!r}"
    ),
    "working time passes on the working clock, got {value!r} and clock 'elapsed'": (
        "waktu kerja dihitung dengan clock 'working', diperoleh {value!r} dan clock 'elapsed'"
    ),
    "{id!r} is the id of another node": "{id!r} adalah pengenal simpul lain",
    "{id!r} is there already": "{id!r} sudah ada",
    "{id!r} is an end, nothing flows out of it": "{id!r} adalah akhir, tidak ada alur keluar darinya",
    "a second flow from {source!r} to {target!r}: put a gateway between": (
        "alur kedua dari {source!r} ke {target!r}: letakkan gateway di antaranya"
    ),
    "every node has an incoming flow: name the first node as start": (
        "setiap simpul memiliki alur masuk: sebutkan simpul pertama pada start"
    ),
    "ambiguous: {found} have no incoming flow: name the first node as start": (
        "tidak jelas: {found} tidak memiliki alur masuk: sebutkan simpul pertama pada start"
    ),
    "every flow out of the parallel gateway {id!r} is taken: no probability": (
        "setiap alur keluar dari gateway paralel {id!r} ditempuh: tanpa peluang"
    ),
    "expected a probability on all flows out of {id!r} or on none": (
        "diharapkan peluang pada semua alur keluar dari {id!r} atau tidak sama sekali"
    ),
    "no flow out of the inclusive gateway {id!r} can be taken": (
        "tidak ada alur keluar dari gateway inklusif {id!r} yang dapat ditempuh"
    ),
    "probabilities out of {id!r} sum to {total:.10g}, expected 1": (
        "jumlah peluang keluar dari {id!r} adalah {total:.10g}, seharusnya 1"
    ),
    "no node {id!r}{hint}": "tidak ada simpul {id!r}{hint}",
    "no channel {id!r}{hint}": "tidak ada saluran {id!r}{hint}",
    "no resource {id!r}{hint}": "tidak ada sumber daya {id!r}{hint}",
    "no calendar {id!r}{hint}": "tidak ada kalender {id!r}{hint}",
    "no metric {id!r}{hint}": "tidak ada metrik {id!r}{hint}",
    "{id!r} is a {kind}: cases do not queue for it": "{id!r} adalah {kind}: permohonan tidak mengantre untuknya",
    "{id!r} has capacity {capacity}, the step takes {staff} at once": (
        "kapasitas {id!r} adalah {capacity}, langkah ini memerlukan {staff} sekaligus"
    ),
    "under a calendar, write the rate per working_hour, working_day, week, month or year, got {value!r}": (
        "dengan kalender, tulislah laju per working_hour, working_day, week, month atau year, diperoleh {value!r}"
    ),
    "a rate in working time needs a calendar, got {value!r}": (
        "laju dalam waktu kerja memerlukan kalender, diperoleh {value!r}"
    ),
    "expected a {unit} for {metric!r}, got {value!r}": "diharapkan {unit} untuk {metric!r}, diperoleh {value!r}",
    "expected a duration, an amount or a number, got {value!r}": (
        "diharapkan jangka waktu, jumlah uang atau bilangan, diperoleh {value!r}"
    ),
    # --- end of units and model
    # --- errors and queueing
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
    "no {kind} {id!r}{hint}": "tidak ada {kind} {id!r}{hint}",
    # --- graph, edits, redesign
    "cases never leave the loop of {found}": "permohonan tidak pernah keluar dari putaran {found}",
    "a case reaches an end {times:.4g} times, expected once": "sebuah permohonan mencapai akhir {times:.4g} kali, seharusnya sekali",
    "branches do not arrive equally often at the parallel gateway {id!r}": "cabang-cabang tidak sama sering tiba di gateway paralel {id!r}",
    "the flows out of {id!r} have no probabilities": "alur keluar dari {id!r} tidak memiliki peluang",
    "the gateway {id!r} joins what no gateway of its kind has split": "gateway {id!r} menggabungkan apa yang tidak dipecah oleh gateway sejenis",
    "expected the node {id!r}, got {value!r}": "diharapkan simpul {id!r}, diperoleh {value!r}",
    "the branches of gateway {id!r} are not closed by one gateway of its kind": "cabang-cabang gateway {id!r} tidak ditutup oleh satu gateway sejenis",
    "{id!r} is entered from inside and from outside a parallel branch": "{id!r} dimasuki dari dalam dan dari luar cabang paralel",
    "a branch of gateway {split!r} ends at {id!r}, before its branches join": "satu cabang gateway {split!r} berakhir di {id!r}, sebelum cabang-cabangnya bergabung",
    "the service owes {datum!r}, which nothing would make any more": "layanan wajib menghasilkan {datum!r}, yang tidak lagi dibuat oleh apa pun",
    "step {step!r} needs {datum!r}, which nothing would supply any more": "langkah {step!r} memerlukan {datum!r}, yang tidak lagi disediakan oleh apa pun",
    "{service}: {step} no longer checks {check} of {of}": "{service}: {step} tidak lagi memeriksa {check} dari {of}",
    "{service}: {step} no longer asks for {datum}": "{service}: {step} tidak lagi meminta {datum}",
    "{service}: {dropped} no longer made, {steps} removed": "{service}: {dropped} tidak lagi dibuat, {steps} dihapus",
    "{service}: {step} removed": "{service}: {step} dihapus",
    "{service}: flow from {source} to {target} removed": "{service}: alur dari {source} ke {target} dihapus",
    "{service}: {steps} done by {resource}": "{service}: {steps} dikerjakan oleh {resource}",
    "{resource}: capacity {capacity}": "{resource}: kapasitas {capacity}",
    "{service}: {dropped} no longer made": "{service}: {dropped} tidak lagi dibuat",
    "only a flow between parallel gateways is implied by others, got {source!r} to {target!r}": "hanya alur antara gateway paralel yang tersirat oleh alur lain, diperoleh {source!r} ke {target!r}",
    "no step {id!r} in service {service!r}{hint}": "tidak ada langkah {id!r} dalam layanan {service!r}{hint}",
    "{node!r} does not give {datum!r}": "{node!r} tidak menghasilkan {datum!r}",
    "step {id!r} is demanded by {basis}": "langkah {id!r} diwajibkan oleh {basis}",
    "step {id!r} decides where the case goes on": "langkah {id!r} menentukan ke mana permohonan berlanjut",
    "step {id!r} is all there is": "langkah {id!r} adalah satu-satunya yang ada",
    "no flow from {source!r} to {target!r}": "tidak ada alur dari {source!r} ke {target!r}",
    "the capacity of {resource!r} concerns no single service": "kapasitas {resource!r} tidak menyangkut satu layanan saja",
    "step {step!r} does not check {fact}": "langkah {step!r} tidak memeriksa {fact}",
    "step {step!r} does not ask for {datum!r}": "langkah {step!r} tidak meminta {datum!r}",
    # --- files and logs
    "{cases:,} cases, {events:,} events, {activities} activities": "{cases:,} kasus, {events:,} peristiwa, {activities} aktivitas",
    "no such column; there are {columns}": "kolom ini tidak ada; yang ada {columns}",
    "expected a log of XES, found {found!r}": "diharapkan log XES, ditemukan {found!r}",
    "larger than {bound:,} bytes: raise max_bytes (--max-bytes) to read it": "lebih besar dari {bound:,} bita: naikkan max_bytes (--max-bytes) untuk membacanya",
    "not XML: {why}": "bukan XML: {why}",
    "expected an event log, found no event": "diharapkan log peristiwa, tidak ditemukan satu peristiwa pun",
    "cannot be read: {why}": "tidak dapat dibaca: {why}",
    "expected the fields of a {kind}, got {value!r}": "diharapkan isian {kind}, diperoleh {value!r}",
    "unknown field {key!r}{hint}": "isian {key!r} tidak dikenal{hint}",
    "expected a description of an organisation, got {value!r}": "diharapkan uraian sebuah organisasi, diperoleh {value!r}",
    "expected 'pubservice: 1' at the top: the version of the format": "diharapkan 'pubservice: 1' di awal: versi format",
    "this file is version {found}; this pubservice reads version {known}": "berkas ini versi {found}; pubservice ini membaca versi {known}",
    "missing field {name!r}": "isian {name!r} tidak ada",
    "expected the version of the format, such as 1, got {value!r}": "diharapkan versi format, seperti 1, diperoleh {value!r}",
    "more than {bound:,} values: raise max_bytes (--max-bytes) to read it": "lebih dari {bound:,} nilai: naikkan max_bytes (--max-bytes) untuk membacanya",
    "only the first {bound:,} faults are shown": "hanya {bound:,} kesalahan pertama yang ditampilkan",
    "{n} values of the {part} are no ISO 8601 time such as 2026-01-05T09:30:00+07:00; the first is {value!r}": "{n} nilai {part} bukan waktu ISO 8601 seperti 2026-01-05T09:30:00+07:00; yang pertama {value!r}",
    "mixed time zones: {zoned} values of the {part} have an offset, {naive} have none": "zona waktu bercampur: {zoned} nilai {part} memiliki selisih zona, {naive} tidak",
    "{n} events end before they start": "{n} peristiwa berakhir sebelum mulai",
    "{n} events have no {part}": "{n} peristiwa tidak memiliki {part}",
    "not CSV: {why}": "bukan CSV: {why}",
    "expected an event log, got nothing": "diharapkan log peristiwa, tidak ada isinya",
    "no column for the {part}: name it as {part}=; there are {columns}": "tidak ada kolom untuk {part}: sebutkan sebagai {part}=; yang ada {columns}",
    "no column {column!r} for the {part}; there are {columns}": "tidak ada kolom {column!r} untuk {part}; yang ada {columns}",
    "not Parquet: {why}": "bukan Parquet: {why}",
    "anchors, aliases and tags are not part of the format: write it out": "jangkar, alias, dan tag bukan bagian format: tuliskan lengkap",
    "expected UTF-8, found the byte {byte}": "diharapkan UTF-8, ditemukan bita {byte}",
    "cannot be written: {why}": "tidak dapat ditulis: {why}",
    "expected the name of a field": "diharapkan nama isian",
    "not YAML: {why}": "bukan YAML: {why}",
    "expected a description of an organisation, got nothing": "diharapkan uraian sebuah organisasi, tidak ada isinya",
    "nested deeper than {bound} levels, which no organisation needs": "bersarang lebih dari {bound} tingkat, yang tidak diperlukan organisasi mana pun",
    "the key {key!r} stands here twice": "kunci {key!r} tertulis dua kali di sini",
    "expected one document, got another": "diharapkan satu dokumen, ada dokumen lain",
    "not JSON: {why}": "bukan JSON: {why}",
    "Discovered from an event log of {cases} cases and {events} events.": "Ditemukan dari log peristiwa berisi {cases} kasus dan {events} peristiwa.",
    "Time is elapsed: no calendar was taken from the log, so utilisation is over day and night.": "Waktu adalah waktu berlalu: tidak ada kalender yang diambil dari log, sehingga utilisasi dihitung siang dan malam.",
    "{n} events have no start: it is estimated as the later of the case's and the resource's previous event, on the same day.": "{n} peristiwa tidak memiliki waktu mulai: diperkirakan dari peristiwa sebelumnya pada kasus atau petugas yang sama, yang paling akhir, pada hari yang sama.",
    "{n} events name no resource: they wait for none.": "{n} peristiwa tidak menyebut petugas: tidak ada yang ditunggu.",
    # --- analysis
    "bottleneck": "leher botol",
    "what each remedy saves by itself": "penghematan setiap perbaikan secara tersendiri",
    "no findings": "tidak ada temuan",
    "{code} {service}: not checked: {reason}": "{code} {service}: tidak diperiksa: {reason}",
    "arrivals at every resource are Poisson": "kedatangan pada setiap sumber daya mengikuti Poisson",
    "cases are served first come, first served": "permohonan dilayani menurut urutan kedatangan",
    "processing times are independent of each other and of the load": "waktu pengerjaan saling bebas dan tidak bergantung pada beban",
    "the service describes no procedure": "layanan tidak menguraikan prosedur",
    "the processing time of step {id!r} is unknown": "waktu pengerjaan langkah {id!r} tidak diketahui",
    "the time of the wait {id!r} is unknown": "lama penantian {id!r} tidak diketahui",
    "{id!r} lasts working days, and there is no calendar": "{id!r} berlangsung dalam hari kerja, dan tidak ada kalender",
    "how long the batch of {id!r} collects is unknown without an arrival rate": "lama penghimpunan {id!r} tidak diketahui tanpa laju kedatangan",
    "{service}: {why}": "{service}: {why}",
    "{resource}: {why}": "{resource}: {why}",
    "no case needs it": "tidak ada permohonan yang memerlukannya",
    "a service that uses it has no arrival rate": "sebuah layanan yang menggunakannya tidak memiliki laju kedatangan",
    "its steps take no time": "langkah-langkahnya tidak memakan waktu",
    "utilisation {utilisation:.2f}: capacity {capacity} cannot keep up with {load:.3g}": "utilisasi {utilisation:.2f}: kapasitas {capacity} tidak sanggup melayani {load:.3g}",
    "the service has no arrival rate": "layanan tidak memiliki laju kedatangan",
    "no step and no resource it uses has a cost": "tidak ada langkah maupun sumber daya yang memiliki biaya",
    "costs in {currencies} do not add without a rate": "biaya dalam {currencies} tidak dapat dijumlahkan tanpa kurs",
    "the cycle time is 0": "waktu siklus adalah 0",
    "outcome": "hasil",
    "undefined": "tidak terdefinisi",
    "no case can reach it from the start": "tidak ada permohonan yang dapat mencapainya dari awal",
    "nothing supplies {datum!r} before it{hint}": "tidak ada yang menyediakan {datum!r} sebelumnya{hint}",
    "{resource}: utilisation {utilisation:.2f}: capacity {capacity} cannot keep up with {load:.3g}": "{resource}: utilisasi {utilisation:.2f}: kapasitas {capacity} tidak sanggup melayani {load:.3g}",
    "the service declares no outputs": "layanan tidak menyatakan keluaran",
    "nobody uses {data}; {basis} would have to change": "tidak ada yang menggunakan {data}; {basis} perlu diubah",
    "nobody uses {data}; {steps} serves nothing else": "tidak ada yang menggunakan {data}; {steps} tidak berguna untuk hal lain",
    "nobody uses {data}; {steps} serve nothing else": "tidak ada yang menggunakan {data}; {steps} tidak berguna untuk hal lain",
    "nobody uses {data}": "tidak ada yang menggunakan {data}",
    "repeats the check of {fact}; {basis} would have to change": "mengulang pemeriksaan {fact}; {basis} perlu diubah",
    "repeats the check of {fact}": "mengulang pemeriksaan {fact}",
    "no case that starts here can ever end": "permohonan yang mulai di sini tidak pernah dapat berakhir",
    "asks again for {datum}; {basis} would have to change": "meminta lagi {datum}; {basis} perlu diubah",
    "asks again for {datum}, which the office holds": "meminta lagi {datum}, yang sudah ada di kantor",
    "cases that come here never reach an end": "permohonan yang tiba di sini tidak pernah mencapai akhir",
    "the flows out of it have no probabilities": "alur keluar darinya tidak memiliki peluang",
    "goes from {owner} to {other} and back to {owner}": "berpindah dari {owner} ke {other} dan kembali ke {owner}",
    "the flow between them is implied by another way": "alur di antaranya tersirat oleh jalan lain",
    "cycle time": "waktu siklus",
    "of which waiting": "di antaranya menunggu",
    "processing time": "waktu pengerjaan",
    "theoretical cycle time": "waktu siklus teoretis",
    "cycle time efficiency": "efisiensi waktu siklus",
    "cost to the office": "biaya bagi kantor",
    "fee": "tarif",
    "applicant's time": "waktu pemohon",
    "step": "langkah",
    "visits": "kunjungan",
    "processing time / min": "waktu pengerjaan / menit",
    "waiting time / min": "waktu tunggu / menit",
    "cost": "biaya",
    "on every path": "di setiap jalur",
    "resource": "sumber daya",
    "service": "layanan",
    "cycle time / hour": "waktu siklus / jam",
    "waiting time / hour": "waktu tunggu / jam",
    "processing time / hour": "waktu pengerjaan / jam",
    "applicant's time / hour": "waktu pemohon / jam",
    "office cost": "biaya kantor",
    "code": "kode",
    "remedy": "perbaikan",
    "cycle time / min": "waktu siklus / menit",
    "work / min": "kerja / menit",
    "applicant / min": "pemohon / menit",
    "work per year / hour": "kerja per tahun / jam",
    "cost per year": "biaya per tahun",
    "of": "untuk",
    "measure": "ukuran",
    "before": "sebelum",
    "after": "sesudah",
    "difference": "selisih",
    "yes": "ya",
    "no": "tidak",
    "node": "simpul",
    "rule": "aturan",
    "example": "contoh",
    "activity": "aktivitas",
    "events": "peristiwa",
    "cases": "kasus",
    "cases with rework": "kasus dengan pengerjaan ulang",
    "Find nodes that no case can reach from the start.": "Menemukan simpul yang tidak dapat dicapai permohonan mana pun dari awal.",
    "Find nodes that cases reach and from which they never get to an end.": "Menemukan simpul yang dicapai permohonan tetapi tidak pernah membawanya ke akhir.",
    "Find procedures in which no case can ever end.": "Menemukan prosedur yang tidak pernah dapat berakhir.",
    "Find choices whose flows have no probabilities.": "Menemukan pilihan yang alurnya tidak memiliki peluang.",
    "Find data that a step needs or checks and that come from nowhere.": "Menemukan data yang diperlukan atau diperiksa sebuah langkah tetapi tidak berasal dari mana pun.",
    "Find steps that verify what has been verified on every path to them, or is verified beside them in every case.": "Menemukan langkah yang memeriksa apa yang sudah diperiksa di setiap jalur, atau selalu diperiksa di sampingnya.",
    "Find data that a step makes, that nobody reads and that are owed to nobody, with everything that falls with them.": "Menemukan data yang dibuat sebuah langkah, tidak dibaca dan tidak diwajibkan bagi siapa pun, beserta semua yang ikut gugur.",
    "Find flows between parallel gateways that another way between them implies.": "Menemukan alur antara gateway paralel yang tersirat oleh jalan lain.",
    "Find steps that ask the applicant for what the office holds on every path to them, in its present version.": "Menemukan langkah yang meminta dari pemohon apa yang sudah ada di kantor.",
    "Find steps that one resource does between two steps of another: the case goes there and back.": "Menemukan langkah satu sumber daya di antara dua langkah sumber daya lain: permohonan pergi dan kembali.",
    "Find resources that more work reaches than they can do. Reported once, for the service that brings them most.": "Menemukan sumber daya yang menerima pekerjaan lebih dari kesanggupannya. Dilaporkan sekali, pada layanan yang paling membebaninya.",
    # --- findings and rules
    "the rule failed: {error}": "aturan gagal dijalankan: {error}",
    "{check} of {of}": "{check} atas {of}",
    "asks for {datum}, as {step} does beside it: ask before they begin": "meminta {datum}, sama seperti {step} yang berjalan di sampingnya: mintalah sebelum keduanya mulai",
    "only steps that serve nothing use {data}; {basis} would have to change": "hanya langkah yang tidak berguna yang menggunakan {data}; {basis} perlu diubah",
    "goes from {owner} to {other} and back to {owner}; {reason}": "berpindah dari {owner} ke {other} dan kembali ke {owner}; {reason}",
    "several together have the case": "permohonan dipegang beberapa pihak bersama",
    "{basis} would have to change": "{basis} perlu diubah",
    "{step} is for other eyes": "{step} harus dilakukan oleh pihak lain",
    "{step} takes several resources": "{step} memakai beberapa sumber daya",
    "other work runs beside it": "pekerjaan lain berjalan di sampingnya",
    "{owner} lacks {competences}": "{owner} tidak memiliki kompetensi {competences}",
    "{owner} could not keep up": "{owner} tidak akan sanggup melayani",
    # --- end of findings and rules
    # --- event log
    "expected whole microseconds or a time, got {kind}": "diharapkan mikrodetik bulat atau waktu, diperoleh {kind}",
    "expected text, got {kind}": "diharapkan teks, diperoleh {kind}",
    "expected a time, got {kind}": "diharapkan waktu, diperoleh {kind}",
    "mixed time zones: {zoned} values of the {part} have an offset, {naive} values of the {other} have none": "zona waktu bercampur: {zoned} nilai {part} memiliki selisih zona, {naive} nilai {other} tidak",
    "{n} values of the {part} are times that {zone} skips; the first is {value!r}": "{n} nilai {part} adalah waktu yang dilewati oleh {zone}; yang pertama {value!r}",
    "expected one ASCII character between columns, got {value!r}": "diharapkan satu karakter ASCII di antara kolom, diperoleh {value!r}",
    "more than {bound:,} different attributes: raise max_attributes to read it": "lebih dari {bound:,} atribut yang berbeda: naikkan max_attributes untuk membacanya",
    "{activity!r} has two outcomes": "{activity!r} memiliki dua hasil akhir",
    "All cases begin at the same moment: there is no arrival rate.": "Semua kasus dimulai pada saat yang sama: tidak ada laju kedatangan.",
    "{n} activities take no time that the log shows: their processing time is 0, all of it is waiting ({which}).": "{n} aktivitas tidak memakan waktu yang terlihat dalam log: waktu prosesnya 0, seluruhnya waktu tunggu ({which}).",
    "{n} activities begin before the one before is complete; here they stand one after the other ({which}).": "{n} aktivitas dimulai sebelum yang sebelumnya selesai; di sini keduanya berurutan ({which}).",
    "Nobody is named in {pools}: the capacity is the most work in hand at once.": "Tidak ada petugas yang disebut di {pools}: kapasitasnya adalah pekerjaan terbanyak yang ditangani sekaligus.",
    "The names in {pools} stand for more than one at work: the capacity is the most work in hand at once.": "Nama di {pools} mewakili lebih dari satu petugas: kapasitasnya adalah pekerjaan terbanyak yang ditangani sekaligus.",
    "The queues computed for {pools} are longer than the log shows: the cycle time is too long by that.": "Antrean yang dihitung untuk {pools} lebih panjang daripada yang terlihat dalam log: waktu siklus terlalu panjang sebesar itu.",
    # --- end of event log
    "expected a capacity of at most {bound:,}, got more": "diharapkan kapasitas paling banyak {bound:,}, diperoleh lebih",
    "expected something else, got {value!r}": "diharapkan yang lain, diperoleh {value!r}",
}
