"""
Random numbers by counting: each is a hash of what it is for, so that nothing else shifts it.

A number belongs to the seed, the replication, the service, the number of the case, the node, the visit of that node and
the purpose. A step that is taken away, or one more clerk, leaves all other numbers as they are: scenarios share them case
by case. The functions run as they are and compiled; compiled, the constants stand for unsigned words of 64 bits.

What a number is for is one word: that of the case, with the bits changed that are set in the word of node, purpose and
visit. The number is made of a hash of that word, in one round of xxHash: little, and enough for words that are hashes
themselves. Where one word follows another in a sequence, each is mixed first.

Times are drawn by inversion, one number each, but for gamma and PERT: their quantiles have no closed form, so they are
drawn by rejection from a sequence of numbers of their own (exact, without a table).

Source:
    Steele, Lea & Flood (2014), OOPSLA, 453-472, for mixing (SplitMix); Collet (2014), xxHash, for hashing, as CPython does
    it since 3.8; Wichura (1988), Applied Statistics 37(3),
    477-484 (AS 241, relative error about 1e-16), for the normal quantile; Marsaglia & Tsang (2000), ACM TOMS 26(3),
    363-372, for gamma.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any, assert_never

from pubservice.model.distribution import (
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Pert,
    Triangular,
    Uniform,
    Weibull,
)

if TYPE_CHECKING:
    from pubservice.model.distribution import Distribution

MASK = 2**60 - 1  # words of 60 bits, which hash to themselves
NEXT = 0x9E3_779B_97F4_A7C1  # from one word of a sequence to the next; odd
FIRST_FACTOR = 0xBF58_476D_1CE4_E5B9
SECOND_FACTOR = 0x94D0_49BB_1331_11EB
BITS_27 = 27
BITS_30 = 30
BITS_31 = 31

WIDE = 2**64 - 1  # hashes of 64 bits
WIDE_1 = 11400714785074694791
WIDE_2 = 14029467366897019727
WIDE_5 = 2870177450012600261
WIDE_LAST = 1 ^ (WIDE_5 ^ 3527539)
WIDE_NONE = 1546275796  # what stands for a hash of -1
WIDE_TOP = 2**63
BITS_12 = 12
BITS_33 = 33
WORDS = tuple(name for name, value in vars().items() if isinstance(value, int) and name.isupper())
_MIDDLE_OF_FIRST = 2.0**-53

FIXED, UNIFORM, TRIANGULAR, EXPONENTIAL, LOGNORMAL, WEIBULL, EMPIRICAL, GAMMA, PERT = range(9)


def word(text: str) -> int:
    """Return a hash of a text as a word, the same everywhere."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") & MASK


def mixed(z: Any) -> Any:
    """Return a word that depends on all bits of another."""
    z = ((z ^ (z >> BITS_30)) * FIRST_FACTOR) & MASK
    z = ((z ^ (z >> BITS_27)) * SECOND_FACTOR) & MASK
    return z ^ (z >> BITS_31)


def uniform_of_word(z: Any) -> float:
    """Return a number between 0 and 1, neither of them, from a word: its hash as a tuple of one, worked out."""
    z = (WIDE_5 + z * WIDE_2) & WIDE
    z = (((z << BITS_31) & WIDE) | (z >> BITS_33)) * WIDE_1 & WIDE
    z = (z + WIDE_LAST) & WIDE
    if z == WIDE:
        z = WIDE_NONE
    return ((z ^ WIDE_TOP) >> BITS_12) * 2.0**-52 + _MIDDLE_OF_FIRST  # type: ignore[no-any-return]  # a word is an int


def uniform_of_hash(z: Any) -> float:
    """Return the same, by the interpreter itself, which is three times as fast."""
    return (hash((z,)) >> 12) * 2.0**-52 + (0.5 + _MIDDLE_OF_FIRST)


uniform = uniform_of_hash if uniform_of_hash(NEXT) == uniform_of_word(NEXT) else uniform_of_word


# Wichura's PPND16: numerators and denominators near the middle, in the tails, and far out.
_MIDDLE = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080,
)
_UNDER_MIDDLE = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_TAIL = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258,
    3.64784832476320460504,
    5.76949722146069140550,
    4.63033784615654529590,
    1.42343711074968357734,
)
_UNDER_TAIL = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940,
    2.05319162663775882187,
    1.0,
)
_FAR = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580,
    5.46378491116411436990,
    6.65790464350110377720,
)
_UNDER_FAR = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """Return the value at x, coefficients from the highest power down."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def normal_quantile(u: float) -> float:
    """
    Return the standard normal quantile of u, between 0 and 1.

    Example:
        >>> round(normal_quantile(0.975), 6)
        1.959964
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(_MIDDLE, r) / polynomial(_UNDER_MIDDLE, r)
    r = math.sqrt(-math.log(u if q < 0 else 1 - u))
    if r <= 5.0:
        x = polynomial(_TAIL, r - 1.6) / polynomial(_UNDER_TAIL, r - 1.6)
    else:
        x = polynomial(_FAR, r - 5.0) / polynomial(_UNDER_FAR, r - 5.0)
    return -x if q < 0 else x


def gamma(shape: float, z: Any) -> float:
    """Return a gamma number of scale 1 from the sequence of words that begins behind z."""
    boost = 1.0
    if shape < 1.0:
        z = mixed((z + NEXT) & MASK)
        boost = math.exp(math.log(uniform(z)) / shape)
        shape = shape + 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        z = mixed((z + NEXT) & MASK)
        x = normal_quantile(uniform(z))
        z = mixed((z + NEXT) & MASK)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            if math.log(uniform(z)) < 0.5 * x * x + d - d * v + d * math.log(v):
                return d * v * boost


def drawn(law: int, a: float, b: float, c: float, values: Any, z: Any) -> float:
    """
    Return a random time of a law from a word.

    Args:
        law: Its number, as `law_of` returns it.
        a: Its parameters, likewise.
        b: Likewise.
        c: Likewise.
        values: Those of all empirical laws.
        z: What it is for.
    """
    if law == FIXED:
        return a
    if law == EXPONENTIAL:
        return -a * math.log(uniform(z))
    if law == LOGNORMAL:
        return math.exp(a + b * normal_quantile(uniform(z)))
    if law == TRIANGULAR:
        u = uniform(z)
        if u * (c - a) < b - a:
            return a + math.sqrt(u * (c - a) * (b - a))
        return c - math.sqrt((1.0 - u) * (c - a) * (c - b))
    if law == UNIFORM:
        return a + (b - a) * uniform(z)
    if law == WEIBULL:
        return b * math.exp(math.log(-math.log(uniform(z))) / a)
    if law == EMPIRICAL:
        return values[int(a + b * uniform(z))]  # type: ignore[no-any-return]  # a number of a list or an array
    if law == GAMMA:
        return b * gamma(a, z)
    # PERT: a beta number from two of gamma, the second behind another word
    rise = gamma(1.0 + 4.0 * (b - a) / (c - a), z)
    fall = gamma(1.0 + 4.0 * (c - b) / (c - a), mixed(z))
    return a + (c - a) * rise / (rise + fall)


def law_of(time: Distribution, seconds: float, values: list[float]) -> tuple[int, float, float, float]:
    """
    Return the number and the parameters of the law by which a distribution is drawn.

    Args:
        time: The distribution.
        seconds: Of one of its unit.
        values: What was observed, of all that are empirical; grows.
    """
    match time:
        case Fixed(value=value):
            return FIXED, value * seconds, 0.0, 0.0
        case Uniform(low=low, high=high):
            return UNIFORM, low * seconds, high * seconds, 0.0
        case Triangular(low=low, mode=mode, high=high):
            kind = FIXED if low == high else TRIANGULAR
            return kind, low * seconds, mode * seconds, high * seconds
        case Pert(low=low, mode=mode, high=high):
            kind = FIXED if low == high else PERT
            return kind, low * seconds, mode * seconds, high * seconds
        case Exponential():
            return EXPONENTIAL, time.mean_in_unit * seconds, 0.0, 0.0
        case Lognormal(mean_value=mean, sd=sd):
            squared = math.log1p((sd / mean) ** 2)
            return LOGNORMAL, math.log(mean * seconds) - squared / 2, math.sqrt(squared), 0.0
        case Gamma(mean_value=mean, sd=sd):
            if sd < 1e-9 * mean:
                return FIXED, mean * seconds, 0.0, 0.0
            return GAMMA, (mean / sd) ** 2, sd * (sd / mean) * seconds, 0.0
        case Weibull(shape=shape, scale=scale):
            return WEIBULL, shape, scale * seconds, 0.0
        case Empirical(values=observed):
            values += [value * seconds for value in observed]
            return EMPIRICAL, float(len(values) - len(observed)), float(len(observed)), 0.0
        case _:
            assert_never(time)
