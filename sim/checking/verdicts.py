"""How a number made again compares with the one recorded, and what has changed since then.

What may have changed: versions, evidence, curves, engine and platform.
"""

import math
import platform
import re
from dataclasses import dataclass
from importlib import metadata

from sim.engine import source_hash
from sim.errors import short
from sim.records import provenance
from sim.records.claims import Claim
from sim.scenario.calendar_days import date_numbers

IDENTICAL, CLOSE, NOISE, DIFFERENT = VERDICTS = (
    "identical", "within 1e-9", "within simulation error", "different",
)  # fmt: skip
ROUNDING = 1e-9  # relative
ERRORS = 4  # numerical standard errors that two runs may be apart by chance
END = 2.7  # standard error of an end of a 95% interval over that of the mean, for normal values
PRINTED = 0.01  # of the largest of three numbers, to whose third figure all are printed at most
# What a sentence claims, whatever its wording: its numbers, and which way they go.
_CLAIMED = re.compile(r"[−+-]?\d[\d,]*(?:\.\d+)?%?|\b(?:more|less|sooner|later|never|not?)\b")


@dataclass(frozen=True)
class Number:
    """One number of a record, and what became of it.

    was      Claim, as recorded
    now      Claim, as made again; None where it is made no more
    verdict  one of VERDICTS
    """

    was: Claim
    now: Claim | None
    verdict: str

    def row(self):
        """Claim, verdict, and what it was and is now, as printed: dict."""
        return {
            "claim": self.was.id,
            "verdict": self.verdict,
            "was": self.was.form("full"),
            "now": self.now.form("full") if self.now else None,
        }

    def __str__(self):
        words = f"{self.verdict}: {self.was.id}: {self.was.form('full')}"
        if self.verdict == IDENTICAL:
            return words
        if self.now is None:
            return f"{words}; not made any more"
        form = "full" if self.now.form("full") != self.was.form("full") else "sentence"
        if self.verdict == DIFFERENT and self.now.form(form) != self.was.form(form):
            return f"{words}; now {self.now.form(form)}"
        return f"{words}; now {self.now.value!r}, then {self.was.value!r}"


def verdict(was, now, chance, worded=False):
    """How a number made again compares with the one recorded: one of VERDICTS.

    chance : whether other worlds may have been simulated, since the engine, a package or the
        platform is another; where nothing is, the worlds are the same to the last bit
    worded : whether the words around it may be others, since another commit made them
    """
    if _equal(was, now, ROUNDING):
        if _printed(was, worded) != _printed(now, worded):  # nothing but a hand changes it
            return DIFFERENT
        return IDENTICAL if _equal(was, now, 0.0) else CLOSE
    return NOISE if chance and _near(was, now) and _is_printed(was, now) else DIFFERENT


def _printed(claim, worded):
    sentence = () if worded else claim.sentence
    return printed_numbers(claim), claim.shown_unit, claim.unit, claim.interval, sentence


def printed_numbers(claim):
    """What a claim prints, whatever its wording: its numbers, and which way they go."""
    return claim.shown, _claimed(claim)


def _claimed(claim):
    """Numbers and direction words of a sentence; dates as numbers, which earlier versions wrote."""
    return tuple(_CLAIMED.findall(date_numbers(claim.sentence)))


def _is_printed(was, now):
    """Whether the printed numbers are those of a claim; words must be those of the other."""
    numbers = (was.value, was.low, was.high)
    room = PRINTED * max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
    room = max(room, was.error) if was.error > 0 else room  # half a step, or more, of what is told
    for text, number, words in zip(was.shown, numbers, now.shown, strict=True):
        printed = number_of(text)
        scales = (1, 100) if was.unit == "share" else (1,)
        if math.isnan(printed):
            if text != words:
                return False
        elif all(abs(printed - scale * number) > scale * room for scale in scales):
            return False
    return was.unit == now.unit and len(_claimed(was)) == len(_claimed(now))


def number_of(text):
    """A printed number as a number; NaN where it is words."""
    try:
        return float(text.replace(",", "").replace("−", "-").rstrip("%"))
    except ValueError:
        return math.nan


def _numbers(was, now):
    return zip((was.value, was.low, was.high), (now.value, now.low, now.high), strict=True)


def _equal(was, now, relative):
    """Whether value, low and high agree, each within a share of the largest of the three."""
    finite = [abs(x) for x in (was.value, was.low, was.high) if math.isfinite(x)]
    room = relative * max(finite, default=0.0)
    return all(_same(a, b) or abs(a - b) <= room for a, b in _numbers(was, now))


def _near(was, now):
    """Whether value, low and high agree within the numerical error of two independent runs."""
    error = math.sqrt(2) * ERRORS * max(was.error, now.error)  # NaN, not known: never near
    room = (error, END * error, END * error)
    pairs = zip(_numbers(was, now), room, strict=True)
    return all(_same(a, b) or abs(a - b) <= r for (a, b), r in pairs)


def _same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


# ---- what a run rested on, then and now --------------------------------------------------------

COMMIT = {"git": "commit"}
WORDS = {
    "version": "Tiercurve", "engine_sources": "engine sources",
    "evidence_sha256": "evidence and register", "python": "Python", "platform": "platform",
}  # fmt: skip
SHOWN = 12  # letters of a hash


def differences(record, claims):
    """Lines that say what has changed since a RunRecord was made: versions, evidence, packages.

    claims : dict, id -> Claim, its claims made again
    """
    then = next(iter(record.provenance.values()))
    return [*_stated(then, COMMIT), *_moved(then), *_curves(record, claims)]


def moved(record):
    """Whether something changed since that may change which worlds are simulated."""
    return any(_moved(next(iter(record.provenance.values()))))


def reworded(record):
    """Whether the record is of another commit, whose sentences may be worded otherwise."""
    then = next(iter(record.provenance.values()))
    return any(_stated(then, COMMIT | {"version": WORDS["version"]}))


def _moved(then):
    yield from _stated(then, WORDS)
    packages = then.get("packages")
    for name in provenance.PACKAGES:
        was = packages.get(name) if isinstance(packages, dict) else None
        if was != metadata.version(name):
            yield _line(name, was, metadata.version(name))


def _stated(then, words):
    now = {
        "version": provenance.version(),
        "engine_sources": source_hash(),
        "evidence_sha256": provenance.evidence_sha256(),
        "git": provenance.git(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for key, word in words.items():
        if then.get(key) != now[key]:
            yield _line(word, then.get(key), now[key])


def _curves(record, claims):
    for was in record.claims:
        now = claims.get(was.id)
        both = zip(was.scenarios, was.curves, now.curves if now else (), strict=False)
        for label, then, today in both:
            if then.rpartition(" ")[2] != today.rpartition(" ")[2]:  # the hash
                yield _line(f"curve set of {label}", then, today)


def _line(what, then, now):
    return f"{what}: {_shown(then)} then, {_shown(now)} now"


def _shown(value):
    if value is None:
        return "not known"
    text = str(value)
    return text[:SHOWN] if len(text) == 64 else short(text, 60)
