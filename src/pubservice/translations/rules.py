"""Indonesian: findings and rules."""

TEXTS: dict[str, str] = {
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
    "{code} {service}: {steps}: ignored: {reason}": "{code} {service}: {steps}: diabaikan: {reason}",
    "{code} {service}: nothing to ignore: {reason}": "{code} {service}: tidak ada yang perlu diabaikan: {reason}",
    "no rule {id!r}{hint}": "tidak ada aturan {id!r}{hint}",
    "{edit} (if {provisions} changed)": "{edit} (bila {provisions} diubah)",
}
