"""Indonesian: event logs and discovery."""

TEXTS: dict[str, str] = {
    "expected whole microseconds or a time, got {kind}": "diharapkan mikrodetik bulat atau waktu, diperoleh {kind}",
    "expected text, got {kind}": "diharapkan teks, diperoleh {kind}",
    "expected a time, got {kind}": "diharapkan waktu, diperoleh {kind}",
    "mixed time zones: values of the {part} with an offset: {zoned:,}, values of the {other} without: {naive:,}": "zona waktu bercampur: nilai {part} dengan selisih zona: {zoned:,}, nilai {other} tanpa: {naive:,}",
    "the clocks of {zone} skip {value!r}; values of the {part} that they skip: {n:,}": "jam di {zone} melewati {value!r}; nilai {part} yang dilewati: {n:,}",
    "expected one ASCII character between columns, got {value!r}": "diharapkan satu karakter ASCII di antara kolom, diperoleh {value!r}",
    "more than {bound:,} different attributes: raise max_attributes to read it": "lebih dari {bound:,} atribut yang berbeda: naikkan max_attributes untuk membacanya",
    "{activity!r} has two outcomes": "{activity!r} memiliki dua hasil akhir",
    "All cases begin at the same moment: there is no arrival rate.": "Semua kasus dimulai pada saat yang sama: tidak ada laju kedatangan.",
    "Activities that take no time that the log shows: {n:,} ({which}). Their processing time is 0, all of it is waiting.": "Aktivitas yang tidak memakan waktu dalam log: {n:,} ({which}). Waktu prosesnya 0, seluruhnya waktu tunggu.",
    "Activities that begin before the one before is complete: {n:,} ({which}). Here they stand one after the other.": "Aktivitas yang dimulai sebelum aktivitas sebelumnya selesai: {n:,} ({which}). Di sini semuanya berurutan.",
    "Nobody is named in {pools}: the capacity is the most work in hand at once.": "Tidak ada petugas yang disebut di {pools}: kapasitasnya adalah pekerjaan terbanyak yang ditangani sekaligus.",
    "The names in {pools} stand for more than one at work: the capacity is the most work in hand at once.": "Nama di {pools} mewakili lebih dari satu petugas: kapasitasnya adalah pekerjaan terbanyak yang ditangani sekaligus.",
    "The queues computed for {pools} are longer than the log shows: the cycle time is too long by that.": "Antrean yang dihitung untuk {pools} lebih panjang daripada yang terlihat dalam log: waktu siklus terlalu panjang sebesar itu.",
}
