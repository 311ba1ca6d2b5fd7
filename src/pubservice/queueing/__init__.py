"""
Queueing theory on plain floats: how long cases wait, and why.

Times are in the time unit of the rates. A queue without a steady state raises `UnstableQueueError`; nothing ever
returns infinity or a negative time.
"""

from pubservice.queueing.batches import (
    waiting_time_bulk,
    waiting_time_full_batches,
    waiting_time_periodic,
    waiting_time_to_fill,
)
from pubservice.queueing.constant import waiting_time_cosmetatos, waiting_time_mdc
from pubservice.queueing.decomposition import qna
from pubservice.queueing.finite_room import blocking_probability, throughput_limited, waiting_time_limited
from pubservice.queueing.flows import departure_scv, splitting_scv, superposition_scv
from pubservice.queueing.general import (
    service_level_allen_cunneen,
    waiting_time_allen_cunneen,
    waiting_time_kingman,
    waiting_time_kraemer,
    waiting_time_mg1,
    waiting_time_quantile_allen_cunneen,
    waiting_time_sakasegawa,
    waiting_time_two_moments,
    waiting_time_variance_mg1,
)
from pubservice.queueing.impatience import (
    abandonment_probability,
    service_level_impatient,
    waiting_time_impatient,
)
from pubservice.queueing.little import queue_length, work_in_progress
from pubservice.queueing.markovian import (
    erlang_b,
    erlang_c,
    erlang_c_slope,
    servers_needed,
    service_level,
    utilisation,
    waiting_time,
    waiting_time_quantile,
)
from pubservice.queueing.networks import NetworkPerformance, Station, StationPerformance, jackson
from pubservice.queueing.priorities import (
    priority_factors,
    waiting_times_nonpreemptive,
    waiting_times_nonpreemptive_mg1,
    waiting_times_preemptive_mg1,
)

__all__ = [
    "NetworkPerformance",
    "Station",
    "StationPerformance",
    "abandonment_probability",
    "blocking_probability",
    "departure_scv",
    "erlang_b",
    "erlang_c",
    "erlang_c_slope",
    "jackson",
    "priority_factors",
    "qna",
    "queue_length",
    "servers_needed",
    "service_level",
    "service_level_allen_cunneen",
    "service_level_impatient",
    "splitting_scv",
    "superposition_scv",
    "throughput_limited",
    "utilisation",
    "waiting_time",
    "waiting_time_allen_cunneen",
    "waiting_time_bulk",
    "waiting_time_cosmetatos",
    "waiting_time_full_batches",
    "waiting_time_impatient",
    "waiting_time_kingman",
    "waiting_time_kraemer",
    "waiting_time_limited",
    "waiting_time_mdc",
    "waiting_time_mg1",
    "waiting_time_periodic",
    "waiting_time_quantile",
    "waiting_time_quantile_allen_cunneen",
    "waiting_time_sakasegawa",
    "waiting_time_to_fill",
    "waiting_time_two_moments",
    "waiting_time_variance_mg1",
    "waiting_times_nonpreemptive",
    "waiting_times_nonpreemptive_mg1",
    "waiting_times_preemptive_mg1",
    "work_in_progress",
]
