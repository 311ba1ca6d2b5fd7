"""Indonesian: studies by simulation."""

TEXTS: dict[str, str] = {
    "no case of any replication has ended": "tidak ada permohonan yang selesai di satu ulangan pun",
    "one replication alone says nothing of how sure its mean is: give two or more": "satu ulangan saja tidak menunjukkan seberapa pasti reratanya: berikan dua atau lebih",
    "expected a probability between 0 and 1, got {value!r}": "diharapkan peluang antara 0 dan 1, diperoleh {value!r}",
    "Student's t, {n} replications": "t Student, {n} ulangan",
    "Clopper-Pearson, {n:,.0f} cases taken as independent": "Clopper-Pearson, {n:,.0f} permohonan dianggap saling bebas",
    "expected a precision between 0 and 1 such as '2 %', got {value!r}": "diharapkan ketelitian antara 0 dan 1 seperti '2 %', diperoleh {value!r}",
}
