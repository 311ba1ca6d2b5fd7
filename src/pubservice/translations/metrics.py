"""Texts of metrics, measurements and charts."""

TEXTS: dict[str, str] = {
    "{file}, measurement {n}": "{file}, pengukuran {n}",
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
    # key figures
    "{name}: expected a finite number of at least 0, got {value!r}": (
        "{name}: diharapkan bilangan berhingga paling kecil 0, diperoleh {value!r}"
    ),
    "{name}: expected numbers, got {value!r}": "{name}: diharapkan bilangan, diperoleh {value!r}",
    "{name}: expected a list, got {value!r}": "{name}: diharapkan daftar, diperoleh {value!r}",
    "expected shares by service, got {value!r}": "diharapkan bagian per layanan, diperoleh {value!r}",
    "expected numbers by aspect, got {value!r}": "diharapkan bilangan per aspek, diperoleh {value!r}",
    "{part}: {value:,.10g} is more than {whole}: {of:,.10g}": "{part}: {value:,.10g} melebihi {whole}: {of:,.10g}",
    "{name} is 0: there is nothing to divide by": "{name} adalah 0: tidak ada pembagi",
    "expected shares that sum to 1, got {total:.10g}": "diharapkan bagian yang berjumlah 1, diperoleh {total:.10g}",
    "no end of the procedure has the outcome {outcome!r}, so that nothing says whether a case is completed then{hint}": (
        "tidak ada akhir prosedur dengan hasil {outcome!r}, sehingga tidak diketahui apakah permohonan selesai{hint}"
    ),
    # control charts
    "no signal: nothing here is more than chance": "tidak ada sinyal: semuanya dapat dijelaskan oleh kebetulan",
    "point {n}: {count:,.10g} of {size:,.10g}": "titik {n}: {count:,.10g} dari {size:,.10g}",
    "point {n}: expected a number, got {value!r}": "titik {n}: diharapkan bilangan, diperoleh {value!r}",
    "point {n}: expected a count of at least 0 and a size above 0, got {count:g} and {size:g}": (
        "titik {n}: diharapkan jumlah paling kecil 0 dan ukuran di atas 0, diperoleh {count:g} dan {size:g}"
    ),
    "expected the rules {options}, got {value!r}": "diharapkan aturan {options}, diperoleh {value!r}",
    "expected as many sizes as counts, got {n} and {m}": (
        "diharapkan ukuran sebanyak jumlahnya, diperoleh {n} dan {m}"
    ),
    "expected as many labels as points, got {n} and {m}": (
        "diharapkan label sebanyak titiknya, diperoleh {n} dan {m}"
    ),
    "expected a baseline from 2 to {n} points, got {value!r}": (
        "diharapkan garis dasar dari 2 sampai {n} titik, diperoleh {value!r}"
    ),
    "a control chart needs at least 2 points, got {n}": "peta kendali memerlukan paling sedikit 2 titik, diperoleh {n}",
    "from {before} to {after} it changed by more than chance does": (
        "dari {before} ke {after} perubahannya lebih besar daripada kebetulan"
    ),
    "{point} is above the upper limit": "{point} di atas batas atas",
    "{point} is below the lower limit": "{point} di bawah batas bawah",
    "{n} points in a row above the centre, {first} to {last}": (
        "{n} titik berturut-turut di atas garis tengah, {first} sampai {last}"
    ),
    "{n} points in a row below the centre, {first} to {last}": (
        "{n} titik berturut-turut di bawah garis tengah, {first} sampai {last}"
    ),
    "{n} points in a row, each above the one before, {first} to {last}": (
        "{n} titik berturut-turut, masing-masing di atas titik sebelumnya, {first} sampai {last}"
    ),
    "{n} points in a row, each below the one before, {first} to {last}": (
        "{n} titik berturut-turut, masing-masing di bawah titik sebelumnya, {first} sampai {last}"
    ),
    "of {length} points in a row at least {count} are over {sigmas} × the standard deviation above the centre, {first} to {last}": (
        "dari {length} titik berturut-turut paling sedikit {count} berada lebih dari {sigmas} × simpangan baku di atas garis tengah,"
        " {first} sampai {last}"
    ),
    "of {length} points in a row at least {count} are over {sigmas} × the standard deviation below the centre, {first} to {last}": (
        "dari {length} titik berturut-turut paling sedikit {count} berada lebih dari {sigmas} × simpangan baku di bawah garis tengah,"
        " {first} sampai {last}"
    ),
    "{n} points in a row up and down by turns, {first} to {last}": (
        "{n} titik berturut-turut naik turun bergantian, {first} sampai {last}"
    ),
    "{n} points in a row within one standard deviation of the centre, {first} to {last}": (
        "{n} titik berturut-turut dalam satu simpangan baku dari garis tengah, {first} sampai {last}"
    ),
    "{n} points in a row on both sides, none within one standard deviation of the centre, {first} to {last}": (
        "{n} titik berturut-turut di kedua sisi, tidak satu pun dalam satu simpangan baku dari garis tengah,"
        " {first} sampai {last}"
    ),
    # columns
    "point": "titik",
    "lower limit": "batas bawah",
    "centre": "garis tengah",
    "upper limit": "batas atas",
    "signal": "sinyal",
    # what logs and models say
    "expected times within {bound:,} days, between the years 2 and 9998, got {n:,} days": (
        "diharapkan waktu dalam {bound:,} hari, antara tahun 2 dan 9998, diperoleh {n:,} hari"
    ),
    "expected times between the years 2 and 9998": "diharapkan waktu antara tahun 2 dan 9998",
    "no case was closed": "tidak ada permohonan yang selesai",
    "a working day has no hours without a calendar": "hari kerja tidak memiliki jam tanpa kalender",
    "the log holds only {covered} of it": "log hanya memuat {covered} darinya",
    "the calendar is closed all the time": "kalender tutup sepanjang waktu",
    "the model does not say": "model tidak menyatakannya",
    "fees in {currencies} do not add without a rate": "tarif dalam {currencies} tidak dapat dijumlahkan tanpa kurs",
    "no case needs a resource": "tidak ada permohonan yang memerlukan sumber daya",
    "a resource cannot keep up: there is no steady state": (
        "satu sumber daya tidak sanggup mengimbangi: tidak ada keadaan tunak"
    ),
    # scorecards
    "at risk": "berisiko",
    "missed": "tidak tercapai",
    "{value} for every case": "{value} untuk setiap permohonan",
    "{value} for {share:.4g}% of cases": "{value} untuk {share:.4g}% permohonan",
    "{value} and {promised} are on different clocks, elapsed and working time": (
        "{value} dan {promised} memakai jam yang berbeda, waktu berlalu dan waktu kerja"
    ),
    "{reason}": "{reason}",
    "neither more nor less of it is better": "lebih banyak atau lebih sedikit tidak berarti lebih baik",
    "the 95% interval, {low} to {high}, contains what is promised": (
        "selang 95%, {low} sampai {high}, memuat yang dijanjikan"
    ),
    "worse than promised": "lebih buruk dari yang dijanjikan",
    "kept, but it is getting worse: {signal}": "ditepati, tetapi memburuk: {signal}",
    "as good as promised, or better": "sebaik yang dijanjikan, atau lebih baik",
    "nothing is promised": "tidak ada yang dijanjikan",
    "not measured": "tidak diukur",
    "not measured; the model keeps it": "tidak diukur; model menepatinya",
    "not measured; the model does not keep it": "tidak diukur; model tidak menepatinya",
    "not measured: the share of cases within {value}": "tidak diukur: proporsi permohonan dalam {value}",
    "not measured: the share of cases within {value}; the model keeps it": (
        "tidak diukur: proporsi permohonan dalam {value}; model menepatinya"
    ),
    "not measured: the share of cases within {value}; the model does not keep it": (
        "tidak diukur: proporsi permohonan dalam {value}; model tidak menepatinya"
    ),
    "no metric measures what share of the cases reaches it": (
        "tidak ada ukuran untuk proporsi permohonan yang mencapainya"
    ),
    "measured as their sources say, and cases at exactly what is promised keep it": (
        "diukur sebagaimana dinyatakan sumbernya, dan permohonan yang tepat sama dengan janji menepatinya"
    ),
    "the published completion time is for every case, unless a target says for what share": (
        "jangka waktu yang diumumkan berlaku untuk setiap permohonan, kecuali sasaran menyatakan proporsinya"
    ),
    "a control chart takes at least {n} periods, there are {found}": (
        "peta kendali memerlukan paling sedikit {n} periode, ada {found}"
    ),
    "no control chart: values in {units}": "tidak ada peta kendali: nilai dalam {units}",
    "no control chart: periods of {least} to {most} days": (
        "tidak ada peta kendali: periode {least} sampai {most} hari"
    ),
    # files of measurements
    "line {line}": "baris {line}",
    "expected something, got nothing": "diharapkan isi, tidak diperoleh apa pun",
    "expected {n} columns, got {found}": "diharapkan {n} kolom, diperoleh {found}",
    "expected measurements, got nothing": "diharapkan hasil pengukuran, tidak diperoleh apa pun",
    "no column {title!r}{hint}": "tidak ada kolom {title!r}{hint}",
    "the column {title!r} stands here twice": "kolom {title!r} tertulis dua kali",
    "expected either a period, or its first and last day": (
        "diharapkan periode, atau hari pertama dan terakhirnya, bukan keduanya"
    ),
    "expected the columns {titles}: they are not there": "diharapkan kolom {titles}: tidak ada",
    "expected the id of the service that the log is of, got nothing": (
        "diharapkan pengenal layanan dari log ini, tidak diperoleh apa pun"
    ),
    "expected the period of the survey, such as 2026-Q1, got nothing": (
        "diharapkan periode survei, seperti 2026-Q1, tidak diperoleh apa pun"
    ),
    "expected a text such as {example}, got {value!r}": "diharapkan teks seperti {example}, diperoleh {value!r}",
    "period": "periode",
    "promised": "dijanjikan",
    "modelled": "menurut model",
    "measured": "terukur",
}
