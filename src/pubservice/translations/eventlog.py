"""Indonesian: event logs and discovery."""

TEXTS: dict[str, str] = {
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
}
