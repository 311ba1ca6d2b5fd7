"""The metrics that every organisation can use: one vocabulary for models, logs, surveys and registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.model.metric import Metric

if TYPE_CHECKING:
    from pubservice.model.metric import Direction, Goal, Unit

_DUMAS = "Dumas et al. (2018), Fundamentals of Business Process Management, 2nd ed., ch. 7"
_LAGUNA = "Laguna & Marklund (2018), Business Process Modeling, Simulation and Design, 3rd ed., ch. 5"
_MANUAL = "UK Government Service Design Manual (2013-2016)"
_SERVICE_MANUAL = "GOV.UK Service Manual"
_LAW = "UU 25/2009 art. 21; Permenpan RB 15/2014"
_TARGETING = "Cornia & Stewart (1993), Two errors of targeting, Journal of International Development 5(5)"
_OWN = "pubservice"


def _metric(
    id: str,
    unit: Unit,
    direction: Direction,
    goal: Goal,
    names: tuple[str, str],
    formulas: tuple[str, str],
    source: str,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Metric:
    """Return a metric from texts in English and Indonesian."""
    return Metric(
        id,
        name=dict(zip(("en", "id"), names, strict=True)),
        unit=unit,
        direction=direction,
        goal=goal,
        formula=dict(zip(("en", "id"), formulas, strict=True)),
        source=source,
        low=low,
        high=high,
    )


_SMOOTH = (
    _metric(
        *("cycle-time", "duration", "lower", "smooth"),
        ("Cycle time", "Waktu siklus"),
        (
            "mean time of a case from arrival to end",
            "rata-rata waktu satu permohonan dari masuk sampai selesai",
        ),
        _DUMAS,
    ),
    _metric(
        *("waiting-time", "duration", "lower", "smooth"),
        ("Waiting time", "Waktu tunggu"),
        (
            "cycle time − cycle time if nothing ever waited",
            "waktu siklus − waktu siklus tanpa menunggu sama sekali",
        ),
        _DUMAS,
    ),
    _metric(
        *("processing-time", "duration", "lower", "smooth"),
        ("Processing time", "Waktu pengerjaan"),
        (
            "mean work on a case, all steps added",
            "rata-rata kerja atas satu permohonan, semua langkah dijumlahkan",
        ),
        _DUMAS,
    ),
    _metric(
        *("cycle-time-efficiency", "fraction", "higher", "smooth"),
        ("Cycle time efficiency", "Efisiensi waktu siklus"),
        ("cycle time if nothing ever waited / cycle time", "waktu siklus tanpa menunggu / waktu siklus"),
        _LAGUNA,
    ),
    _metric(
        *("value-added-ratio", "fraction", "higher", "smooth"),
        ("Value-added ratio", "Rasio nilai tambah"),
        (
            "cycle time of the value-adding work alone / cycle time",
            "waktu siklus kerja bernilai tambah saja / waktu siklus",
        ),
        "Dumas et al. (2018), §6.1",
    ),
    _metric(
        *("on-time-share", "fraction", "higher", "smooth"),
        ("Share on time", "Proporsi tepat waktu"),
        (
            "cases closed within the promised time / closed cases; exactly the promised time is within it",
            "permohonan selesai dalam waktu yang dijanjikan / permohonan selesai; tepat pada batas waktu dihitung tepat waktu",
        ),
        "service level agreements, as commonly defined",
    ),
    _metric(
        *("on-time-share-with-open", "fraction", "higher", "smooth"),
        (
            "Share on time, late open cases counted",
            "Proporsi tepat waktu, termasuk permohonan terbuka yang terlambat",
        ),
        (
            "cases closed within the promised time / (closed cases + open cases older than the promised time)",
            "selesai dalam waktu yang dijanjikan / (semua yang selesai + yang masih terbuka dan melewati waktu itu)",
        ),
        "service level agreements, as commonly defined",
    ),
    _metric(
        *("throughput", "rate", "higher", "smooth"),
        ("Throughput", "Laju penyelesaian"),
        ("closed cases / time", "permohonan selesai / waktu"),
        _LAGUNA,
    ),
    _metric(
        *("arrival-rate", "rate", "neither", "smooth"),
        ("Arrival rate", "Laju kedatangan"),
        ("new cases / time", "permohonan masuk / waktu"),
        _LAGUNA,
    ),
    _metric(
        *("work-in-progress", "number", "lower", "smooth"),
        ("Work in progress", "Permohonan dalam proses"),
        (
            "mean cases inside: arrival rate × cycle time",
            "rata-rata permohonan di dalam: laju kedatangan × waktu siklus",
        ),
        "Little (1961), A proof for the queuing formula L = λW, Operations Research 9(3)",
        low=0,
    ),
    _metric(
        *("utilisation", "number", "lower", "smooth"),
        ("Highest utilisation", "Utilisasi tertinggi"),
        (
            "work demanded / work available, of the busiest resource that the service uses",
            "kerja yang diminta / kerja yang tersedia, dari sumber daya tersibuk yang dipakai layanan",
        ),
        _LAGUNA,
        low=0,
        high=10,
    ),
    _metric(
        *("handovers", "number", "lower", "smooth"),
        ("Handovers", "Serah terima"),
        (
            "mean times per case that the next step is another resource's",
            "rata-rata berapa kali per permohonan langkah berikutnya dikerjakan sumber daya lain",
        ),
        "Reijers & Liman Mansar (2005), Omega 33(4)",
        low=0,
    ),
    _metric(
        *("office-cost", "money", "lower", "smooth"),
        ("Cost to the office per case", "Biaya instansi per permohonan"),
        (
            "Σ visits × (work × cost of the resource + expenses of the step)",
            "Σ kunjungan × (kerja × biaya sumber daya + pengeluaran langkah)",
        ),
        _DUMAS,
    ),
    _metric(
        *("cost-per-transaction", "money", "lower", "smooth"),
        ("Cost per transaction", "Biaya per transaksi"),
        (
            "total cost of providing the service, its share of shared costs included / completed transactions",
            "biaya total penyelenggaraan layanan, termasuk bagiannya atas biaya bersama / transaksi selesai",
        ),
        _MANUAL,
    ),
    _metric(
        *("cost-recovery", "number", "neither", "smooth"),
        ("Cost recovery", "Pemulihan biaya"),
        (
            "fees received / total cost; above 1 applicants pay more than the service costs",
            "tarif yang diterima / biaya total; di atas 1 pemohon membayar lebih dari biaya layanan",
        ),
        "HM Treasury, Managing Public Money, ch. 6",
        low=0,
    ),
    _metric(
        *("digital-take-up", "fraction", "higher", "smooth"),
        ("Digital take-up", "Pemanfaatan kanal digital"),
        (
            "completed digital transactions, assisted ones included / completed transactions of all channels",
            "transaksi digital selesai, termasuk yang dibantu / transaksi selesai dari semua kanal",
        ),
        _SERVICE_MANUAL,
    ),
    _metric(
        *("digital-take-up-2013", "fraction", "higher", "smooth"),
        ("Digital take-up, rule of 2013", "Pemanfaatan kanal digital, aturan 2013"),
        (
            "completed digital transactions, assisted ones not included / completed transactions of all channels",
            "transaksi digital selesai, tidak termasuk yang dibantu / transaksi selesai dari semua kanal",
        ),
        _MANUAL,
    ),
)
_ON_TARGET = (
    _metric(
        *("completion-rate", "fraction", "higher", "on-target"),
        ("Completion rate", "Tingkat penyelesaian"),
        (
            "completed transactions, correct refusals included / transactions begun",
            "transaksi selesai, termasuk penolakan yang benar / transaksi yang dimulai",
        ),
        _SERVICE_MANUAL,
    ),
    _metric(
        *("first-time-right", "fraction", "higher", "on-target"),
        ("First time right", "Benar sejak pertama"),
        ("cases without any step done again / cases", "permohonan tanpa langkah yang diulang / permohonan"),
        "Six Sigma practice: first time yield",
    ),
    _metric(
        *("coverage", "fraction", "higher", "on-target"),
        ("Coverage", "Cakupan"),
        ("eligible who are served / eligible", "yang berhak dan terlayani / yang berhak"),
        _TARGETING,
    ),
    _metric(
        *("exclusion-error", "fraction", "lower", "on-target"),
        ("Exclusion error", "Galat eksklusi"),
        ("eligible who are not served / eligible", "yang berhak tetapi tidak terlayani / yang berhak"),
        _TARGETING,
    ),
    _metric(
        *("inclusion-error", "fraction", "lower", "on-target"),
        ("Inclusion error", "Galat inklusi"),
        ("served who are not eligible / served", "yang terlayani tetapi tidak berhak / yang terlayani"),
        _TARGETING,
    ),
)
_SATISFYING = (
    _metric(
        *("applicant-time", "duration", "lower", "satisfying"),
        ("Applicant's time", "Waktu pemohon"),
        (
            "mean time that a case takes of the applicant: own steps, appearances, travel, obtaining evidence",
            "rata-rata waktu yang tersita dari pemohon: langkah sendiri, kehadiran, perjalanan, mengurus bukti",
        ),
        _OWN,
    ),
    _metric(
        *("fee", "money", "lower", "satisfying"),
        ("Fee", "Tarif"),
        (
            "what an applicant pays for a case on average",
            "yang dibayar pemohon untuk satu permohonan secara rata-rata",
        ),
        _OWN,
    ),
    _metric(
        *("satisfaction", "number", "higher", "satisfying"),
        ("Satisfaction", "Kepuasan"),
        (
            "the index of a survey of the organisation's own, on its own scale",
            "indeks survei milik organisasi sendiri, dengan skalanya sendiri",
        ),
        _OWN,
    ),
    _metric(
        *("ikm", "number", "higher", "satisfying"),
        ("Public satisfaction index", "Indeks Kepuasan Masyarakat (IKM)"),
        (
            "25 × the sum of the mean answers to the elements × their weight, 25 to 100",
            "25 × jumlah nilai rata-rata unsur × bobotnya, 25 sampai 100",
        ),
        "Permenpan RB 14/2017",
        low=24.75,  # rounded weights put all ones at 24.75
        high=100,
    ),
    _metric(
        *("user-satisfaction", "fraction", "higher", "satisfying"),
        ("User satisfaction", "Kepuasan pengguna"),
        (
            "answers satisfied or very satisfied / answers, neutral ones included",
            "jawaban puas atau sangat puas / jawaban, termasuk yang netral",
        ),
        _MANUAL,
    ),
    _metric(
        *("user-satisfaction-mean", "fraction", "higher", "satisfying"),
        ("User satisfaction, scaled mean", "Kepuasan pengguna, rata-rata berskala"),
        (
            "mean answer, where very dissatisfied is 0, neither 0.5 and very satisfied 1",
            "rata-rata jawaban: sangat tidak puas 0, netral 0,5, sangat puas 1",
        ),
        "GOV.UK Performance Platform, as remembered; not verified",
    ),
    _metric(
        *("servqual-gap", "number", "higher", "satisfying"),
        ("SERVQUAL gap", "Kesenjangan SERVQUAL"),
        (
            "mean over the dimensions of perception − expectation, −6 to 6",
            "rata-rata persepsi − harapan atas semua dimensi, −6 sampai 6",
        ),
        "Parasuraman, Zeithaml & Berry (1988), SERVQUAL, Journal of Retailing 64(1)",
        low=-6,
        high=6,
    ),
    _metric(
        *("nps", "number", "higher", "satisfying"),
        ("Net Promoter Score", "Net Promoter Score"),
        (
            "percentage answering 9 or 10 − percentage answering 0 to 6, −100 to 100",
            "persentase jawaban 9 atau 10 − persentase jawaban 0 sampai 6, −100 sampai 100",
        ),
        "Reichheld (2003), The one number you need to grow, Harvard Business Review 81(12)",
        low=-100,
        high=100,
    ),
    _metric(
        *("csat", "fraction", "higher", "satisfying"),
        ("Customer satisfaction score", "Skor kepuasan pelanggan"),
        ("answers 4 or 5 of 5 / answers", "jawaban 4 atau 5 dari 5 / jawaban"),
        "as commonly defined",
    ),
    _metric(
        *("ces", "number", "higher", "satisfying"),
        ("Customer effort score", "Skor upaya pelanggan"),
        ("mean answer to how easy it was, 1 to 7", "rata-rata jawaban atas kemudahan, 1 sampai 7"),
        "Dixon, Freeman & Toman (2010), Harvard Business Review 88(7-8); scale of version 2.0",
        low=1,
        high=7,
    ),
    _metric(
        *("complaints-per-1000", "number", "lower", "satisfying"),
        ("Complaints per 1,000 cases", "Pengaduan per 1.000 permohonan"),
        ("1,000 × complaints / cases", "1.000 × pengaduan / permohonan"),
        _OWN,
        low=0,
    ),
)
_ORDERLY = (
    _metric(
        *("standard-completeness", "fraction", "higher", "orderly"),
        ("Completeness of the service standard", "Kelengkapan standar pelayanan"),
        ("components that are there / 14", "komponen yang ada / 14"),
        _LAW,
    ),
    _metric(
        *("soundness", "fraction", "higher", "orderly"),
        ("Soundness", "Keterandalan alur"),
        (
            "procedures in which every case can finish, properly / procedures",
            "prosedur yang setiap permohonannya dapat selesai dengan benar / prosedur",
        ),
        "van der Aalst (1998), The application of Petri nets to workflow management",
    ),
    _metric(
        *("conformance", "fraction", "higher", "orderly"),
        ("Conformance", "Kesesuaian dengan prosedur"),
        ("cases that follow the procedure / cases", "permohonan yang mengikuti prosedur / permohonan"),
        "van der Aalst (2016), Process Mining, 2nd ed., ch. 8",
    ),
)
METRICS = {metric.id: metric for metric in (*_SMOOTH, *_ON_TARGET, *_SATISFYING, *_ORDERLY)}
