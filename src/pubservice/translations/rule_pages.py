"""Indonesian: the pages of rules, each paragraph on one line under its English one."""

TEXTS: dict[str, str] = {
    "Find steps that verify what another step has verified on some of the ways to them, with the share of their visits.": "Menemukan langkah yang memeriksa apa yang pada sebagian jalan sudah diperiksa langkah lain, beserta porsi kunjungannya.",
    "Those who come that way wait twice for one answer.": "Mereka yang melalui jalan itu menunggu dua kali untuk satu jawaban.",
    "Look before checking again: keep the result with the case, and skip the check where it is there.": "Lihat dahulu sebelum memeriksa lagi: simpan hasilnya bersama permohonan, dan lewati pemeriksaan bila hasilnya sudah ada.",
    "What a step itself has verified before, in a loop, does not count. Where steps that check or change the same datum run side by side, no share is known and nothing is claimed. Not reported without probabilities.": "Apa yang sudah diperiksa langkah itu sendiri dalam putaran tidak dihitung. Bila langkah yang memeriksa atau mengubah data yang sama berjalan berdampingan, porsinya tidak diketahui dan tidak ada yang dinyatakan. Tidak dilaporkan tanpa peluang.",
    "Find steps that ask the applicant for what the office holds on some of the ways to them, with the share of visits.": "Menemukan langkah yang meminta dari pemohon apa yang pada sebagian jalan sudah ada di kantor, beserta porsi kunjungannya.",
    "Those who come that way bring the same thing again.": "Mereka yang melalui jalan itu membawa hal yang sama sekali lagi.",
    "Look before asking again: where the datum is with the case, do not ask.": "Lihat dahulu sebelum meminta lagi: bila data sudah ada bersama permohonan, jangan meminta.",
    "A step in a loop that asks each time is counted too: what changed goes by a new version, which is no question. Where steps that bring the datum run side by side, no share is known and nothing is claimed. Not reported without probabilities.": "Langkah dalam putaran yang meminta setiap kali juga dihitung: apa yang berubah datang sebagai versi baru, bukan permintaan. Bila langkah yang membawa data itu berjalan berdampingan, porsinya tidak diketahui dan tidak ada yang dinyatakan. Tidak dilaporkan tanpa peluang.",
}
