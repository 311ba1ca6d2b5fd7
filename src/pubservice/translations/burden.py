"""Texts of what a service costs those served."""

TEXTS: dict[str, str] = {
    # journeys
    "an applicant obtains a document once, of alternatives the one that is there soonest": (
        "pemohon mengurus sebuah dokumen satu kali, dari beberapa pilihan yang paling cepat diperoleh"
    ),
    "the way to the office and back is counted at each step at which the applicant appears": (
        "perjalanan pulang pergi ke kantor dihitung pada setiap langkah yang dihadiri pemohon"
    ),
    "a document of which no time or cost is stated takes none": (
        "dokumen yang waktu atau biayanya tidak disebutkan dianggap tidak memerlukannya"
    ),
    "from afar": "jarak jauh",
    "in person": "tatap muka",
    "before the application": "sebelum permohonan",
    "channel": "saluran",
    "contact": "kontak",
    "times": "kali",
    "visits to the office": "kunjungan ke kantor",
    "contacts in person": "kontak tatap muka",
    "contacts from afar": "kontak jarak jauh",
    "documents from elsewhere": "dokumen dari tempat lain",
    "documents asked again": "dokumen yang diminta lagi",
    "payments": "pembayaran",
    "obtaining documents / hour": "mengurus dokumen / jam",
    "own work / hour": "pekerjaan sendiri / jam",
    "travel / hour": "perjalanan / jam",
    "queueing / hour": "mengantre / jam",
    "being served / hour": "dilayani / jam",
    "time / min": "waktu / menit",
    "paid": "dibayar",
    "paid / {currency}": "dibayar / {currency}",
    "cost of documents": "biaya dokumen",
    "no time to obtain is stated for {data}": "waktu untuk memperoleh {data} tidak disebutkan",
    # standard cost model
    "administrative cost": "biaya administratif",
    "obligation": "kewajiban informasi",
    "price": "harga",
    "times a year": "kali per tahun",
    "hours a year": "jam per tahun",
    "paid to others a year": "dibayar kepada pihak lain per tahun",
    "cost a year": "biaya per tahun",
    "burden a year": "beban per tahun",
    "steps that ask for no document": "langkah yang tidak meminta dokumen",
    "obtain {document}": "mengurus {document}",
    "how many cases there are in a year is not known": "jumlah permohonan dalam setahun tidak diketahui",
    "without a tariff, time is not put into money": "tanpa nilai waktu, waktu tidak dinyatakan dalam uang",
    "nothing of it costs money": "tidak ada bagiannya yang memerlukan biaya",
    "the time of {activity!r} is not known": "waktu untuk {activity!r} tidak diketahui",
    "{what}: {why}": "{what}: {why}",
    "expected a number that is not negative, got {value!r}": (
        "diharapkan bilangan yang tidak negatif, diperoleh {value!r}"
    ),
    "expected a number above zero, got {value!r}": "diharapkan bilangan di atas nol, diperoleh {value!r}",
    "expected an amount above zero, got {value!r}": "diharapkan jumlah uang di atas nol, diperoleh {value!r}",
    # frictions
    "friction": "hambatan",
    "frictions": "hambatan",
    "type of friction": "jenis hambatan",
    "delay / hour": "keterlambatan / jam",
    "time worth a year": "nilai waktu per tahun",
    "paid a year": "dibayar per tahun",
    "at": "pada",
    "findings": "temuan",
    "{first} and {more} more": "{first} dan {more} lainnya",
    "unclear-channel": "saluran tidak jelas",
    "form": "formulir",
    "evidence": "bukti",
    "asked-again": "diminta lagi",
    "certified-copy": "salinan legalisasi",
    "travel": "perjalanan",
    "queue": "antrean",
    "counter": "loket",
    "payment": "pembayaran wajib",
    "correction": "perbaikan berkas",
    "waiting": "menunggu",
    "the published standard leaves open what applicants have to know": (
        "standar yang dipublikasikan tidak memuat apa yang perlu diketahui pemohon"
    ),
    "applicants have to be in touch, and nothing says by which channel": (
        "pemohon harus menghubungi kantor, tetapi salurannya tidak disebutkan"
    ),
    "the applicant fills in, prepares or carries something": "pemohon mengisi, menyiapkan, atau membawa sesuatu",
    "a document has to be obtained and handed in": "sebuah dokumen harus diurus dan diserahkan",
    "a document is asked for again": "sebuah dokumen diminta lagi",
    "a copy has to be certified or legalised": "sebuah salinan harus disahkan atau dilegalisasi",
    "the applicant has to come to the office": "pemohon harus datang ke kantor",
    "the applicant queues at the office": "pemohon mengantre di kantor",
    "the applicant is served at the office": "pemohon dilayani di kantor",
    "the applicant has to pay": "pemohon harus membayar",
    "the applicant does again what was done already": "pemohon mengulang apa yang sudah dilakukan",
    "the case waits, and the applicant with it": "permohonan menunggu, dan pemohon ikut menunggu",
    "each second of the applicant's time belongs to one friction": (
        "setiap detik waktu pemohon termasuk dalam satu hambatan"
    ),
    "waits of parallel branches are added": "penantian pada cabang paralel dijumlahkan",
    "what a step takes after its first visit is correction": (
        "waktu sebuah langkah setelah kunjungan pertamanya adalah perbaikan"
    ),
    # starting a business
    "procedure": "prosedur",
    "procedures": "jumlah prosedur",
    "kind": "jenis",
    "document": "dokumen luar",
    "online": "daring",
    "component": "komponen",
    "time / days": "waktu / hari",
    "cost, of income per capita": "biaya, dari pendapatan per kapita",
    "minimum capital, of income per capita": "modal minimum, dari pendapatan per kapita",
    "score: {score:.1f} of 100": "skor: {score:.1f} dari 100",
    "counted so": "dihitung demikian",
    "a procedure is each contact of the founders with others, and each document obtained elsewhere": (
        "prosedur adalah setiap kontak pendiri dengan pihak lain dan setiap dokumen yang diurus di tempat lain"
    ),
    "what at least half of the cases come to is counted, once": (
        "yang dihitung, satu kali, adalah yang dialami sekurang-kurangnya separuh permohonan"
    ),
    "a procedure takes a day at least, online half a day, and each begins on a day of its own": (
        "prosedur memakan waktu sekurang-kurangnya sehari, daring setengah hari, dan masing-masing dimulai pada hari tersendiri"
    ),
    "documents are obtained at the same time, before the application": (
        "dokumen diurus bersamaan, sebelum permohonan"
    ),
    "cost is fees and what documents cost, for each case on average": (
        "biaya adalah tarif dan biaya dokumen, rata-rata per permohonan"
    ),
    "expected weights that sum to 1, got {value}": "diharapkan bobot yang berjumlah 1, diperoleh {value}",
    "Doing Business was discontinued on 16 September 2021, after irregularities in its data of 2018 and 2020": (
        "Doing Business dihentikan pada 16 September 2021, setelah ditemukan penyimpangan dalam datanya tahun 2018 dan 2020"
    ),
}
