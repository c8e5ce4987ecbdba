"""Luck: every random number is a pure function of what it is for.

There is no generator and no state. A number is named by the seed, the
replication, the entity (a task or a developer), an index and a purpose; asking
twice gives the same number, and asking for one leaves every other as it was.
"""

import hashlib
import math

import numba
import numpy as np

from sim.engine import compiled, inlined

# Purposes: what a number is for. One block of Philox gives a pair of numbers,
# so two that are always wanted together share a purpose.
TASK_KIND = 1  # (class, kind)
TASK_SIZE = 2  # (size, domain)
TASK_TRAIT = 3  # (task effect, by-hand noise)
ARRIVAL = 4  # (time since the task before, -)
SESSION = 5  # (outcome, hours noise)
HAND = 6  # (success, whether the tool is taken up)
SUBMISSION = 7  # (time to the reviewer's next look, defect)
REVIEW = 8  # (caught, delay until an escaped defect surfaces)
DEVELOPER = 9  # (developer effect, place in a range of levels)
PARAMETER = 10  # (an uncertain parameter, -)
REVIEW_HOURS = 12  # (noise on the hours of a review, fault that it sees)
OWN_CODE = 13  # (whether a task is on code its author knows, whether it needs no review)
DRIFT = 14  # (the level's step, what reverts), and the week after (jump, -)
TENURE = 11  # (time to fill a seat, time until its holder leaves)

_MASK = 0xFFFFFFFF
_SCALE = 2.0**-52


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words from a counter and a key.

    All arguments are integers in [0, 2**32). Products may wrap around at 64
    bits when compiled and do not when interpreted; masks make the two agree.

    Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy
    as 1, 2, 3"; tests/test_luck.py holds it against the published answers.

    Equation 27 of docs/model.md.
    """
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            ((p1 >> 32) ^ c1 ^ k0) & _MASK,
            p1 & _MASK,
            ((p0 >> 32) ^ c3 ^ k1) & _MASK,
            p0 & _MASK,
        )
        k0 += 0x9E3779B9
        k1 += 0xBB67AE85
    return c0, c1, c2, c3


@compiled
def pair(key, replication, entity, index, purpose):
    """Two numbers in the open interval (0, 1), a pure function of five names.

    key          int64 >= 0, from the seed (`key_of`)
    replication  int in [0, 2**32), which simulated world
    entity       int in [0, 2**56), the task or developer the luck belongs to
    index        int in [0, 2**32), which draw of this purpose for that entity
    purpose      int in [0, 256), one of the constants of this module

    Equation 27 of docs/model.md.
    """
    entity = int(entity)
    key = int(key)
    x0, x1, x2, x3 = philox(
        entity & _MASK,
        int(index) & _MASK,
        (int(purpose) << 24) | ((entity >> 32) & 0xFFFFFF),
        int(replication) & _MASK,
        key & _MASK,
        (key >> 32) & _MASK,
    )
    # 52 bits and a half: exact, never 0 and never 1, so logits and normals stay finite.
    u = ((x0 * 1048576 + (x1 >> 12)) + 0.5) * _SCALE
    v = ((x2 * 1048576 + (x3 >> 12)) + 0.5) * _SCALE
    return u, v


# Rows of a table of what has been drawn. One small enough for a core's nearest cache serves a world
# that asks twice; a world's luck of a quarter serves those that meet the same luck after it.
OWN, SHARED = 1 << 10, 1 << 14
MANY = 4  # worlds that meet the same luck, from which sharing it saves more than it costs


def rows_for(replication):
    """How many rows a table should have that serves worlds of these replications, an int array."""
    return SHARED if len(replication) >= MANY * len(np.unique(replication)) else OWN


# What has been drawn, and may be asked for again by another world that meets the same luck. The
# name of a pair is that of `pair`, but for its key, in two words.
LUCK_CACHE = np.dtype(
    [("name", np.int64), ("which", np.int64), ("x", np.float64), ("z", np.float64)]
)


def empty_cache(rows):
    """An empty table of LUCK_CACHE; rows : a power of 2."""
    table = np.zeros(rows, LUCK_CACHE)
    table["which"] = -1
    return table.view(np.recarray) if numba.config.DISABLE_JIT else table


@compiled
def forget(luck_cache):
    """Empty a table, before it serves another seed."""
    for i in range(len(luck_cache)):
        luck_cache[i].which = -1


@inlined
def place_of(task, index, purpose):
    """Where a table keeps a pair, but for its length: a task's traits beside its first sessions.

    index : for a SESSION, that of the piece and the attempt, as `tasks.session_index` has it
    """
    return task * 61 + (index >> 10) + (index & 1023) * 23 - ((SESSION - purpose) & 15)


@inlined
def kept(w, luck_cache, task, index, purpose):
    """The row of a table that holds a pair of numbers of a task; drawn first if it does not."""
    name, which = (task << 8) | purpose, (index << 32) | w.replication
    found = luck_cache[place_of(task, index, purpose) & (len(luck_cache) - 1)]
    if found.name != name or found.which != which:
        found.name, found.which = name, which
        found.x, found.z = pair(w.key, w.replication, task, index, purpose)
        if purpose == SESSION:
            found.x, found.z = logit(found.x), normal(found.z)
        elif purpose in (TASK_TRAIT, REVIEW_HOURS):
            found.x = normal(found.x)
    return found


@inlined
def of_task(w, luck_cache, task, index, purpose):
    """The pair of random numbers of a task for one purpose: always the same for a world's key.

    luck_cache : (2**m,) of LUCK_CACHE, pairs made before; it saves time and changes no number
    task : key of the task, in [0, 2**55)
    index : int in [0, 2**31)
    purpose : a constant of this module, but for a SESSION
    returns : (normal, uniform) for a TASK_TRAIT and REVIEW_HOURS, else uniform
    """
    found = kept(w, luck_cache, task, index, purpose)
    return found.x, found.z


@inlined
def session(w, luck_cache, task, index):
    """Luck of a session: log-odds for its outcome, and a factor of mean 1 for its hours.

    luck_cache, task, index : as `of_task` has them
    """
    found = kept(w, luck_cache, task, index, SESSION)
    return found.x, noise(found.z, w.session_noise_sd)


@compiled
def child_key(parent, count):
    """Key of the count-th fix that grows out of the task `parent`, in [2**40, 2**55).

    Named by its parent and not by its place in a list, so that an added task
    elsewhere leaves the luck of this one alone.
    """
    parent = int(parent)
    x0, x1, _, _ = philox(
        parent & _MASK, (parent >> 32) & _MASK, int(count) & _MASK, 0x66697865, 0, 0
    )
    return (((x0 << 23) ^ x1) & 0x7FFFFFFFFFFFFF) | 0x10000000000


@inlined
def part_key(whole, part):
    """Key of a part, in [1, 32), of the task `whole` of the stream, below 2**26.

    Neither another task's of the stream nor a fix's; the odd step keeps the parts of a task apart
    in a table of luck.
    """
    return whole + part * ((1 << 26) + 8191)


def key_of(seed):
    """Luck key of a seed: an int in [0, 2**63); any integer is a seed, 0 too."""
    digest = hashlib.blake2b(f"tiercurve seed {int(seed)}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def name_entity(name):
    """Entity of a named parameter: an int in [0, 2**56)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=7).digest(), "little")


@inlined
def logit(u):
    """Log-odds of u in (0, 1)."""
    return math.log(u / (1.0 - u))


@inlined
def _polynomial(c, r):
    """Polynomial of degree 7 with coefficients c, highest power last, at r.

    In pairs (Estrin's scheme), since a processor works on them side by side.
    """
    square = r * r
    low = (c[0] + c[1] * r) + (c[2] + c[3] * r) * square
    high = (c[4] + c[5] * r) + (c[6] + c[7] * r) * square
    return low + high * (square * square)


_A = (
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
_B = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3,
)  # fmt: skip
_C = (
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
_D = (
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)  # fmt: skip
_E = (
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
_F = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)  # fmt: skip


@inlined
def normal(u):
    """Standard normal quantile of u in (0, 1): one number in, one out, monotone.

    Source: Wichura (1988), algorithm AS 241 (PPND16), accurate to about 1e-16.

    Equation 27 of docs/model.md.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(_A, r) / _polynomial(_B, r)
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    if r <= 5.0:
        z = _polynomial(_C, r - 1.6) / _polynomial(_D, r - 1.6)
    else:
        z = _polynomial(_E, r - 5.0) / _polynomial(_F, r - 5.0)
    return -z if q < 0 else z


@inlined
def noise(z, sd):
    """Lognormal factor of mean 1 from a standard normal z; `sd` is that of its logarithm.

    Equation 7 of docs/model.md.
    """
    return math.exp(sd * z - 0.5 * sd * sd)


@inlined
def exponential(u):
    """Exponential quantile of u in (0, 1), mean 1.

    Equation 27 of docs/model.md.
    """
    return -math.log(1.0 - u)


@compiled
def uniforms(key, entity, out):
    """Fill out[i] with the number of draw i of the named parameter `entity`."""
    for i in range(len(out)):
        out[i] = pair(key, i, entity, 0, PARAMETER)[0]
