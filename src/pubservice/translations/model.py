"""Indonesian: units and models."""

TEXTS: dict[str, str] = {
    "expected a name of letters, digits, '_' and '-', a letter first, got {value!r}": (
        "diharapkan nama dari huruf, angka, '_' dan '-', diawali huruf, diperoleh {value!r}"
    ),
    "{value!r} is a word of conditions": "{value!r} adalah kata yang dipakai dalam syarat",
    "{value!r} of a case is its service in event logs": (
        "{value!r} dari sebuah permohonan adalah layanannya dalam log kejadian"
    ),
    "expected a number of at least 0, or a distribution of numbers such as 'lognormal(mean=5, sd=2)', got {value!r}": (
        "diharapkan bilangan paling kecil 0, atau sebaran bilangan seperti 'lognormal(mean=5, sd=2)', diperoleh {value!r}"
    ),
    "expected a word without '\"', got {value!r}": "diharapkan kata tanpa '\"', diperoleh {value!r}",
    "shares sum to {total:.10g}, expected 1": "jumlah bagian adalah {total:.10g}, diharapkan 1",
    "expected each word once, got {value!r}": "diharapkan setiap kata satu kali, diperoleh {value!r}",
    "expected a number or words with shares, one of them": (
        "diharapkan bilangan atau kata dengan bagiannya, salah satu"
    ),
    "expected attributes such as {{kind: {{new: 0.7, renewal: 0.3}}}}, got {value!r}": (
        "diharapkan atribut seperti {{kind: {{new: 0.7, renewal: 0.3}}}}, diperoleh {value!r}"
    ),
    "expected a condition such as 'amount > 5', got {value!r}": (
        "diharapkan syarat seperti 'amount > 5', diperoleh {value!r}"
    ),
    "expected a condition of at most {most:,} characters, got {found:,}": (
        "diharapkan syarat dengan paling banyak {most:,} karakter, diperoleh {found:,}"
    ),
    "cannot read the condition {text!r} at character {place}: {found!r} does not fit there": (
        "syarat {text!r} tidak dapat dibaca pada karakter ke-{place}: {found!r} tidak cocok di sana"
    ),
    "the condition {text!r} ends too early": "syarat {text!r} berakhir terlalu cepat",
    "the condition is nested more than {most} deep": "syarat bertingkat lebih dari {most} tingkat",
    "no flow out of {id!r} is for a case with {values}: leave one without condition": (
        "tidak ada alur keluar dari {id!r} bagi permohonan dengan {values}: biarkan satu alur tanpa syarat"
    ),
    "no attribute {id!r}{hint}": "tidak ada atribut {id!r}{hint}",
    "{id!r} is a number, and cannot be compared with {value!r}": (
        "{id!r} adalah bilangan, dan tidak dapat dibandingkan dengan {value!r}"
    ),
    "{id!r} is a word, and cannot be compared with {value:g}": (
        "{id!r} adalah kata, dan tidak dapat dibandingkan dengan {value:g}"
    ),
    "{id!r} is never {value!r}{hint}": "{id!r} tidak pernah {value!r}{hint}",
    "{id!r} is a word: compare it by == or !=, not by {sign}": (
        "{id!r} adalah kata: bandingkan dengan == atau !=, bukan dengan {sign}"
    ),
    "every flow out of the parallel gateway {id!r} is taken: no condition": (
        "setiap alur keluar dari gerbang paralel {id!r} ditempuh: tanpa syarat"
    ),
    "the only flow out of {id!r} is always taken: no condition": (
        "satu-satunya alur keluar dari {id!r} selalu ditempuh: tanpa syarat"
    ),
    "a second flow without condition out of {id!r}: one is for all other cases": (
        "alur kedua tanpa syarat keluar dari {id!r}: satu alur adalah bagi semua permohonan lain"
    ),
    "expected hours such as '08:00-10:00', got {value!r}": "diharapkan jam seperti '08:00-10:00', diperoleh {value!r}",
    "hours overlap: {first} and {second}": "jam bertumpang-tindih: {first} dan {second}",
    "expected weights such as {{mon: 1.5}}, got {value!r}": (
        "diharapkan bobot seperti {{mon: 1.5}}, diperoleh {value!r}"
    ),
    "expected the growth of a year, above -1, at most {most}, such as 0.05, got {value!r}": (
        "diharapkan pertumbuhan setahun, di atas -1, paling besar {most}, seperti 0.05, diperoleh {value!r}"
    ),
    "expected a weight above 0 somewhere, got none: no case would ever come": (
        "diharapkan setidaknya satu bobot di atas 0, tidak ada: tidak akan pernah ada permohonan masuk"
    ),
    "expected a weight above 0 in an open hour of {calendar!r}, got none": (
        "diharapkan bobot di atas 0 pada jam buka {calendar!r}, tidak ada"
    ),
    "no case comes in open hours: the weights of demand are 0 there": (
        "tidak ada permohonan masuk pada jam buka: bobot permintaan di sana 0"
    ),
    "expected at most {bound:,} cases, got more": "diharapkan paling banyak {bound:,} permohonan, diperoleh lebih",
    "no step or wait {id!r}{hint}": "tidak ada langkah atau masa tunggu {id!r}{hint}",
    "expected a duration such as '15 min', got {value!r}": "diharapkan jangka waktu seperti '15 min', diperoleh {value!r}",
    "expected a finite number, got {value!r}": "diharapkan bilangan berhingga, diperoleh {value!r}",
    "expected a number within ±1.8e308, got {value!r}": (
        "diharapkan bilangan dalam batas ±1.8e308, diperoleh {value!r}"
    ),
    "expected a duration that is not negative, got {value!r}": (
        "diharapkan jangka waktu yang tidak negatif, diperoleh {value!r}"
    ),
    "expected a rate such as '3 case/hour', got {value!r}": "diharapkan laju seperti '3 case/hour', diperoleh {value!r}",
    "expected a rate above zero, got {value!r}": "diharapkan laju di atas nol, diperoleh {value!r}",
    "expected a finite rate of at least 0, got {value!r}": (
        "diharapkan laju berhingga paling kecil 0, diperoleh {value!r}"
    ),
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
    "expected a text or a list of texts, got {value!r}": (
        "diharapkan teks atau daftar teks, diperoleh {value!r}"
    ),
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
    "a {kind} serves no cases, got {value!r}": "{kind} tidak melayani permohonan, diperoleh {value!r}",
    "expected at most {bound:,} cases at once, got more": "diharapkan paling banyak {bound:,} permohonan sekaligus, diperoleh lebih",
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
    "expected times between cases above zero, got {value!r}": "diharapkan waktu antarpermohonan di atas nol, diperoleh {value!r}",
    "expected a slot of at least a second, got {value!r}": "diharapkan panjang slot sekurangnya satu detik, diperoleh {value!r}",
    "expected a share below 1 of those who do not come, got {value!r}": (
        "diharapkan bagian di bawah 1 dari yang tidak datang, diperoleh {value!r}"
    ),
    "people are early or late in elapsed time, such as '5 min', got {value!r}": (
        "orang datang lebih awal atau terlambat dalam waktu kalender, misalnya '5 min', diperoleh {value!r}"
    ),
    "expected how early at most, such as 'uniform(0, 10) min', up to a day, got {value!r}": (
        "diharapkan seberapa awal paling banyak, misalnya 'uniform(0, 10) min', sampai satu hari, diperoleh {value!r}"
    ),
    "expected how late, such as 'exponential(5) min', on average up to a day, got {value!r}": (
        "diharapkan seberapa terlambat, misalnya 'exponential(5) min', rata-rata sampai satu hari, diperoleh {value!r}"
    ),
    "expected an interval or appointments, one of them": "diharapkan selang waktu atau janji temu, salah satunya",
    "cannot be compared with what arrivals says, {most}: leave it out, or write it per {unit}": (
        "tidak dapat dibandingkan dengan yang dikatakan arrivals, {most}: hilangkan, atau tulislah per {unit}"
    ),
    "arrivals says {most}, got {value!r}: leave one out": "arrivals mengatakan {most}, diperoleh {value!r}: hilangkan salah satu",
    "at most {most} can come by appointment, got {value!r}": (
        "paling banyak {most} dapat datang dengan janji temu, diperoleh {value!r}"
    ),
    "under a calendar, write it in working_min, working_hour, working_day, week, month or year, got {value!r}": (
        "dengan kalender, tulislah dalam working_min, working_hour, working_day, week, month atau year, diperoleh {value!r}"
    ),
    "working time needs a calendar, got {value!r}": "waktu kerja memerlukan kalender, diperoleh {value!r}",
    "under a calendar, write the rate per working_hour, working_day, week, month or year, got {value!r}": (
        "dengan kalender, tulislah laju per working_hour, working_day, week, month atau year, diperoleh {value!r}"
    ),
    "a rate in working time needs a calendar, got {value!r}": (
        "laju dalam waktu kerja memerlukan kalender, diperoleh {value!r}"
    ),
    "expected a number, got {value!r}": "diharapkan bilangan, diperoleh {value!r}",
    "expected a number from 0 to 1, got {value!r}": "diharapkan bilangan dari 0 sampai 1, diperoleh {value!r}",
    "expected no bound of a {unit}: it is at least 0": "diharapkan tanpa batas untuk {unit}: nilainya paling sedikit 0",
    "expected low < high, got {low} and {high}": "diharapkan low < high, diperoleh {low} dan {high}",
    "expected at most {high:.15g} for {metric!r}, got {value}{hint}": (
        "diharapkan paling banyak {high:.15g} untuk {metric!r}, diperoleh {value}{hint}"
    ),
    "expected at least {low:.15g} for {metric!r}, got {value}{hint}": (
        "diharapkan paling sedikit {low:.15g} untuk {metric!r}, diperoleh {value}{hint}"
    ),
    "expected {low:.15g} to {high:.15g} for {metric!r}, got {value}{hint}": (
        "diharapkan {low:.15g} sampai {high:.15g} untuk {metric!r}, diperoleh {value}{hint}"
    ),
    "; did you mean {value:.4g}?": "; apakah maksudnya {value:.4g}?",
    "expected at least 1 case behind {value!r}, got 0": "diharapkan paling sedikit 1 permohonan di balik {value!r}, diperoleh 0",
    "expected a {unit} for {metric!r}, got {value!r}": "diharapkan {unit} untuk {metric!r}, diperoleh {value!r}",
    "expected a duration, an amount, a rate or a number, got {value!r}": (
        "diharapkan jangka waktu, jumlah uang, laju atau bilangan, diperoleh {value!r}"
    ),
    "expected a capacity of at most {bound:,}, got more": "diharapkan kapasitas paling banyak {bound:,}, diperoleh lebih",
    "expected something else, got {value!r}": "diharapkan yang lain, diperoleh {value!r}",
    "expected a text that says why, got {value!r}": "diharapkan teks yang menyatakan alasannya, diperoleh {value!r}",
}
